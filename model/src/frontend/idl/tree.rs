//! The syntax tree of a file: its tokens, and the nodes that they form.
//!
//! A tree is two arrays. Nodes are in the order in which they start; the nodes inside a node follow
//! it directly. Tokens that belong to no inner node, such as punctuation and comments, belong to
//! the node around them.

use super::token::{Token, TokenKind};
use crate::source::TextRange;

/// A syntax tree without loss: its tokens are the whole text.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: Vec<Token>,
    nodes: Vec<NodeData>,
}

#[derive(Clone, Copy, Debug)]
struct NodeData {
    kind: NodeKind,
    /// The first token.
    first: u32,
    /// The token after the last one.
    end: u32,
    /// The node after the last one inside this node.
    next: u32,
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// The whole file: statements.
    File,
    /// `$key: value`: key and value.
    Control,
    /// `metadata key = value`: key and value.
    Metadata,
    /// `namespace a.b`: name.
    Namespace,
    /// `use a.b#C`: shape id.
    Use,
    /// A shape: documentation, traits, keyword, name, and what its type has.
    Shape,
    /// `apply`: shape id and traits.
    Apply,
    /// Lines of a documentation comment in front of what they document.
    Docs,
    /// `@id(..)`: shape id, and a value or [`NodeKind::TraitBody`].
    Trait,
    /// `key: value ..` in a trait: entries.
    TraitBody,
    /// The keyword of a shape.
    Keyword,
    /// The name of a shape, member, property or namespace.
    Name,
    /// `for Resource`: shape id.
    For,
    /// `with [..]`: shape ids.
    Mixins,
    /// `{ .. }` with members.
    Members,
    /// A member: documentation, traits, name, shape id, value.
    Member,
    /// `$member`: the same without a shape id.
    ElidedMember,
    /// `{ .. }` with properties.
    OperationBody,
    /// `input`, `output` or `errors`: name, and shape id, [`NodeKind::Inline`] or
    /// [`NodeKind::Ids`].
    Property,
    /// `:= ..`: documentation, traits, resource, mixins, members.
    Inline,
    /// `[..]` with shape ids.
    Ids,
    /// `{..}`: entries.
    Object,
    /// `key: value`.
    Entry,
    /// The key of an entry or statement.
    Key,
    /// `[..]`: values.
    Array,
    /// A string.
    String,
    /// A text block.
    TextBlock,
    /// A number.
    Number,
    /// A shape id, or `true`, `false` or `null`.
    ShapeId,
    /// A node with a syntax error, which has been reported.
    Broken,
}

/// A node of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t, 'a> {
    tree: &'t Tree<'a>,
    index: u32,
}

impl<'a> Tree<'a> {
    pub(super) fn new(text: &'a str, tokens: Vec<Token>) -> Self {
        Self {
            text,
            tokens,
            nodes: Vec::with_capacity(text.len() / 12 + 1),
        }
    }

    /// Starts a node at a token.
    pub(super) fn open(&mut self, kind: NodeKind, first: u32) -> u32 {
        let index = u32::try_from(self.nodes.len()).expect("each node has a token of its own");
        self.nodes.push(NodeData {
            kind,
            first,
            end: first,
            next: index,
        });
        index
    }

    /// Ends a node before a token. Whitespace in front of the token is not a part of it.
    pub(super) fn close(&mut self, index: u32, end: u32) {
        let next = u32::try_from(self.nodes.len()).expect("it was checked when a node was opened");
        let node = &mut self.nodes[index as usize];
        let tokens = &self.tokens[node.first as usize..end as usize];
        let is_outside =
            |token: &&Token| token.kind.is_whitespace() || token.kind == TokenKind::DocComment;
        let outside = if node.kind == NodeKind::File {
            0
        } else {
            tokens.iter().rev().take_while(is_outside).count()
        };
        node.end = end - u32::try_from(outside).expect("it is a number of tokens");
        node.next = next;
    }

    /// Ends a documentation comment before a token.
    pub(super) fn close_docs(&mut self, index: u32, end: u32) {
        let node = &mut self.nodes[index as usize];
        node.end = end;
        node.next = index + 1;
    }

    pub(super) fn set_kind(&mut self, index: u32, kind: NodeKind) {
        self.nodes[index as usize].kind = kind;
    }

    /// The root.
    pub(crate) fn root(&self) -> Node<'_, 'a> {
        Node {
            tree: self,
            index: 0,
        }
    }

    /// The bytes of a token.
    pub(crate) fn token_range(&self, index: u32) -> std::ops::Range<usize> {
        let index = index as usize;
        let start = self.tokens[index].start as usize;
        let end = self.tokens.get(index + 1);
        start..end.map_or(self.text.len(), |next| next.start as usize)
    }
}

impl<'t, 'a> Node<'t, 'a> {
    fn data(self) -> NodeData {
        self.tree.nodes[self.index as usize]
    }

    pub(crate) fn kind(self) -> NodeKind {
        self.data().kind
    }

    /// The nodes directly inside it.
    pub(crate) fn children(self) -> Children<'t, 'a> {
        Children {
            tree: self.tree,
            index: self.index + 1,
            end: self.data().next,
        }
    }

    /// The first node of a kind directly inside it.
    pub(crate) fn child(self, kind: NodeKind) -> Option<Node<'t, 'a>> {
        self.children().find(|child| child.kind() == kind)
    }

    /// The indexes of its tokens.
    pub(crate) fn tokens(self) -> std::ops::Range<u32> {
        let data = self.data();
        data.first..data.end
    }

    /// Its bytes.
    pub(crate) fn bytes(self) -> std::ops::Range<usize> {
        let NodeData { first, end, .. } = self.data();
        let tokens = &self.tree.tokens;
        tokens[first as usize].start as usize..tokens[end as usize].start as usize
    }

    /// Its bytes, for a location.
    pub(crate) fn range(self) -> TextRange {
        self.bytes().into()
    }

    /// The bytes of the last token of a kind in front of the node; those of the node if there is
    /// none.
    pub(crate) fn after(self, kind: TokenKind) -> TextRange {
        let before = (0..self.data().first).rev();
        let mut found = before.filter(|index| self.tree.tokens[*index as usize].kind == kind);
        match found.next() {
            Some(index) => self.tree.token_range(index).into(),
            None => self.range(),
        }
    }

    /// The documentation comment that it is: the lines, joined.
    pub(crate) fn doc_lines(self) -> impl Iterator<Item = &'a str> {
        let tree = self.tree;
        self.tokens().filter_map(move |index| {
            let is_doc = tree.tokens[index as usize].kind == TokenKind::DocComment;
            is_doc.then(|| &tree.text[tree.token_range(index)])
        })
    }

    /// Whether a node of one of these kinds is inside it.
    pub(crate) fn contains(self, is_found: impl Fn(Node<'t, 'a>) -> bool) -> bool {
        let inside = self.index + 1..self.data().next;
        let mut inside = inside.map(|index| Node {
            tree: self.tree,
            index,
        });
        inside.any(is_found)
    }

    /// Its text.
    pub(crate) fn text(self) -> &'a str {
        &self.tree.text[self.bytes()]
    }
}

/// The nodes directly inside a node.
#[derive(Clone, Debug)]
pub(crate) struct Children<'t, 'a> {
    tree: &'t Tree<'a>,
    index: u32,
    end: u32,
}

impl<'t, 'a> Iterator for Children<'t, 'a> {
    type Item = Node<'t, 'a>;

    fn next(&mut self) -> Option<Node<'t, 'a>> {
        if self.index >= self.end {
            return None;
        }
        let node = Node {
            tree: self.tree,
            index: self.index,
        };
        self.index = node.data().next;
        Some(node)
    }
}
