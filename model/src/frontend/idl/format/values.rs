//! Values, traits and lists in brackets.

use super::Formatter;
use super::comments::Comment;
use super::layout::Doc;
use crate::frontend::idl::string::block_content;
use crate::frontend::idl::tree::{Node, NodeKind};
use crate::syntax::is_identifier;

/// Something in brackets.
pub(super) struct Brackets<'a> {
    open: &'static str,
    close: &'static str,
    items: Vec<Doc<'a>>,
}

impl<'a> Brackets<'a> {
    pub(super) fn new(open: &'static str, close: &'static str, items: Vec<Doc<'a>>) -> Self {
        Self { open, close, items }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Each item on a line of its own.
    pub(super) fn block(self) -> Doc<'a> {
        block(
            Doc::text(self.open),
            self.close,
            Doc::join(self.items, &Doc::Line),
        )
    }

    /// All items on one line if they fit.
    pub(super) fn group(self, is_indented: bool) -> Doc<'a> {
        let line = if self.items.is_empty() {
            Doc::empty()
        } else if self.open == "{" {
            Doc::LineOr(" ")
        } else if self.items.len() > 1 {
            Doc::LineOr("")
        } else {
            Doc::empty()
        };
        let items = Doc::join(self.items, &Doc::LineOr(", "));
        let inside = Doc::Concat(vec![line.clone(), items]);
        let inside = if is_indented { inside.indent() } else { inside };
        Doc::Concat(vec![
            Doc::text(self.open),
            inside,
            line,
            Doc::text(self.close),
        ])
        .group()
    }

    /// The first form if it must be, or if the items do not fit into a line of their own.
    fn block_if(self, is_block: bool, width: usize) -> Doc<'a> {
        if is_block {
            return self.block();
        }
        let Self { open, close, items } = self;
        let is_empty = items.is_empty();
        let group = Self::new(open, close, items.clone()).group(true);
        if !is_empty && group.render(usize::MAX).chars().count() > width {
            return Self::new(open, close, items).block();
        }
        group
    }
}

/// Content on lines of its own between brackets.
pub(super) fn block<'a>(open: Doc<'a>, close: &'static str, content: Doc<'a>) -> Doc<'a> {
    let content = Doc::Concat(vec![Doc::Line, content]).indent();
    Doc::Concat(vec![open, content, Doc::Line, Doc::text(close)])
}

impl<'t, 'a> Formatter<'t, 'a> {
    /// Comments, each with a line break after it.
    pub(super) fn hoisted(comments: Vec<Comment<'a>>) -> Doc<'a> {
        let lines = comments
            .into_iter()
            .flat_map(|it| [Doc::text(it.print()), Doc::Line]);
        Doc::Concat(lines.collect())
    }

    /// The nodes inside a node, and the comments between them, in order. Comments are no
    /// documentation there.
    fn items(
        &self,
        node: Node<'t, 'a>,
        print: impl Fn(&Self, Node<'t, 'a>) -> Doc<'a>,
    ) -> Vec<Doc<'a>> {
        let mut items = Vec::new();
        let mut at = node.tokens().start;
        let add = |items: &mut Vec<Doc<'a>>, tokens| {
            let comments = self.lines.comments(tokens).into_iter();
            items.extend(comments.map(|it| Doc::text(it.demoted().print())));
        };
        for child in node.children() {
            add(&mut items, at..child.tokens().start);
            items.push(print(self, child));
            at = child.tokens().end;
        }
        add(&mut items, at..node.tokens().end);
        items
    }

    /// Whether something in a node has to be on lines of its own.
    fn has_lines(&self, node: Node<'t, 'a>) -> bool {
        let is_long = |inside: Node<'t, 'a>| match inside.kind() {
            NodeKind::TextBlock | NodeKind::Array | NodeKind::Object => true,
            NodeKind::String => inside.text().contains('\n'),
            _ => false,
        };
        node.contains(is_long) || !self.lines.comments(node.tokens()).is_empty()
    }

    pub(super) fn value(&self, value: Node<'t, 'a>, is_in_array: bool) -> Doc<'a> {
        match value.kind() {
            NodeKind::Array => {
                let items = self.items(value, |it, child| it.value(child, true));
                let is_block = self.has_lines(value);
                Brackets::new("[", "]", items).block_if(is_block, self.width)
            }
            NodeKind::Object => {
                let items = self.items(value, Self::entry);
                let is_block = (is_in_array && !items.is_empty()) || self.has_lines(value);
                Brackets::new("{", "}", items).block_if(is_block, self.width)
            }
            NodeKind::TextBlock => text_block(value.text()),
            _ => Doc::text(value.text()),
        }
    }

    /// `key: value`, after the comments in it.
    fn entry(&self, entry: Node<'t, 'a>) -> Doc<'a> {
        self.entry_with(entry, |it, value| it.value(value, false))
    }

    fn entry_with(
        &self,
        entry: Node<'t, 'a>,
        print: impl Fn(&Self, Node<'t, 'a>) -> Doc<'a>,
    ) -> Doc<'a> {
        let comments = self.lines.direct(entry, entry.tokens().start);
        let comments = comments.into_iter().map(Comment::demoted).collect();
        let mut children = entry.children();
        let key = children.next().expect("an entry has a key");
        let value = children.next().expect("an entry has a value");
        let printed = print(self, value);
        let printed = if value.kind() == NodeKind::TextBlock {
            printed.indent()
        } else {
            printed
        };
        Doc::Concat(vec![
            Self::hoisted(comments),
            key_text(key),
            Doc::text(": "),
            printed,
        ])
    }

    /// The properties of a service or resource. Those that refer to shapes are on several lines.
    pub(super) fn properties(&self, object: Node<'t, 'a>) -> Doc<'a> {
        let items = self.items(object, |it, entry| {
            let key = entry.children().next().map(Node::text);
            let (kind, open, close) = match key {
                Some("resources" | "operations" | "collectionOperations" | "errors") => {
                    (NodeKind::Array, "[", "]")
                }
                Some("identifiers" | "properties" | "rename") => (NodeKind::Object, "{", "}"),
                _ => return it.entry(entry),
            };
            it.entry_with(entry, |it, value| {
                if value.kind() != kind {
                    return it.value(value, false);
                }
                let items = it.items(value, |it, child| match child.kind() {
                    NodeKind::Entry => it.entry(child),
                    _ => it.value(child, true),
                });
                let brackets = Brackets::new(open, close, items);
                if brackets.is_empty() {
                    brackets.group(true)
                } else {
                    brackets.block()
                }
            })
        });
        let brackets = Brackets::new("{", "}", items);
        if self.has_lines(object) {
            brackets.block()
        } else {
            brackets.group(true)
        }
    }

    /// `@id(..)`.
    pub(super) fn application(&self, application: Node<'t, 'a>) -> Doc<'a> {
        let mut children = application.children();
        let id = children.next().expect("a trait has an id");
        let name = Doc::Concat(vec![Doc::text("@"), Doc::text(id.text())]);
        let (start, end) = (id.tokens().end, application.tokens().end);
        let comments = |tokens| {
            let comments = self.lines.comments(tokens).into_iter();
            comments
                .map(|it| Doc::text(it.demoted().print()))
                .collect::<Vec<_>>()
        };
        let Some(value) = children.next() else {
            let comments = comments(start..end);
            if comments.is_empty() {
                return name;
            }
            let body = Brackets::new("(", ")", comments).block();
            return Doc::Concat(vec![name, body]);
        };
        let mut items = comments(start..value.tokens().start);
        let after = comments(value.tokens().end..end);
        let is_body = value.kind() == NodeKind::TraitBody;
        let has_comments = !items.is_empty() || !after.is_empty();
        if is_body {
            items.extend(self.items(value, Self::entry));
        } else {
            items.push(self.value(value, false));
        }
        items.extend(after);
        let brackets = Brackets::new("(", ")", items);
        let body = if is_body {
            brackets.block_if(has_comments || self.has_lines(value), self.width)
        } else if has_comments {
            brackets.block()
        } else if matches!(value.kind(), NodeKind::Array | NodeKind::Object) {
            brackets.group(false)
        } else if value.kind() == NodeKind::TextBlock || value.text().contains('\n') {
            brackets.block()
        } else {
            brackets.group(true)
        };
        Doc::Concat(vec![name, body])
    }

    /// `with [..]`.
    pub(super) fn mixins(&self, mixins: Node<'t, 'a>) -> Doc<'a> {
        let items = self.items(mixins, |_, id| Doc::text(id.text()));
        let brackets = Brackets::new("[", "]", items);
        let ids = if self.has_lines(mixins) {
            brackets.block()
        } else {
            brackets.group(true)
        };
        Doc::Concat(vec![Doc::text("with "), ids])
    }

    /// The errors of an operation.
    pub(super) fn ids(&self, ids: Node<'t, 'a>) -> Doc<'a> {
        let items = self.items(ids, |_, id| Doc::text(id.text()));
        Brackets::new("[", "]", items).block()
    }
}

/// A key, without quotes if it needs none.
pub(super) fn key_text<'a>(key: Node<'_, 'a>) -> Doc<'a> {
    let text = key.text();
    let inside = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match inside.filter(|inside| is_identifier(inside)) {
        Some(inside) => Doc::text(inside),
        None => Doc::text(text),
    }
}

/// A text block, indented like what is around it.
fn text_block(text: &str) -> Doc<'_> {
    let Ok(content) = block_content(text) else {
        return Doc::text(text);
    };
    let mut lines = vec!["\"\"\"".to_owned()];
    lines.extend(content.split('\n').map(|line| line.trim_end().to_owned()));
    let last = lines.last_mut().expect("there is one line at least");
    // A space at the end of a line is no part of the text.
    last.push_str(if last.ends_with('"') {
        " \"\"\""
    } else {
        "\"\"\""
    });
    Doc::join(lines.into_iter().map(Doc::text).collect(), &Doc::Line)
}
