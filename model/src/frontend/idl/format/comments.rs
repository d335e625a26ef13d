//! The comments of a file, and on which lines tokens are.

use std::ops::Range;

use crate::frontend::idl::token::TokenKind;
use crate::frontend::idl::tree::{Node, Tree};

/// A comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'a> {
    /// With its slashes, without its line break.
    text: &'a str,
    /// The line, from 0.
    pub(super) line: usize,
    /// Whether it has three slashes or more.
    pub(super) is_doc: bool,
}

impl Comment<'_> {
    /// Whether it is a line of slashes, possibly with a title.
    pub(super) fn is_banner(self) -> bool {
        self.text.starts_with("////")
    }

    /// The same as a comment that is no documentation.
    pub(super) fn demoted(self) -> Self {
        let text = match self.text.strip_prefix('/') {
            Some(rest) if self.is_doc && !self.is_banner() => rest,
            _ => self.text,
        };
        Self {
            text,
            is_doc: false,
            ..self
        }
    }

    /// The comment with a space after the slashes.
    pub(super) fn print(self) -> String {
        let text = if self.is_doc {
            self.text
        } else {
            self.text.trim_end()
        };
        let (prefix, content) = text.split_at(if self.is_doc { 3 } else { 2 }.min(text.len()));
        let is_separate = content.is_empty()
            || content.starts_with([' ', '\t'])
            || (self.is_doc && content.starts_with('/'));
        let space = if is_separate { "" } else { " " };
        format!("{prefix}{space}{content}")
    }
}

/// The tokens of a tree with their lines.
pub(super) struct Lines<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    /// The line on which each token starts, from 0.
    lines: Vec<usize>,
}

impl<'t, 'a> Lines<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>) -> Self {
        let mut lines = Vec::with_capacity(tree.tokens.len());
        let mut line = 0;
        for index in 0..count(tree) {
            lines.push(line);
            let text = &tree.text[tree.token_range(index)];
            line += breaks(text);
        }
        Self { tree, lines }
    }

    /// The line on which a token starts.
    pub(super) fn line(&self, token: u32) -> usize {
        self.lines[token as usize]
    }

    /// The line on which a node ends.
    pub(super) fn end_line(&self, node: Node<'t, 'a>) -> usize {
        let last = node.tokens().end - 1;
        self.line(last) + breaks(&self.tree.text[self.tree.token_range(last)])
    }

    /// The comments among tokens.
    pub(super) fn comments(&self, tokens: Range<u32>) -> Vec<Comment<'a>> {
        let found = tokens.filter_map(|index| {
            let kind = self.tree.tokens[index as usize].kind;
            let is_doc = kind == TokenKind::DocComment;
            (is_doc || kind == TokenKind::Comment).then(|| Comment {
                text: match &self.tree.text[self.tree.token_range(index)] {
                    // Spaces at the end of a line are a part of the documentation.
                    text if is_doc => text.trim_end_matches(['\n', '\r']),
                    text => text.trim_end(),
                },
                line: self.line(index),
                is_doc,
            })
        });
        found.collect()
    }

    /// The comments directly in a node, from a token on.
    pub(super) fn direct(&self, node: Node<'t, 'a>, from: u32) -> Vec<Comment<'a>> {
        let mut found = Vec::new();
        let mut at = from;
        for child in node.children() {
            let tokens = child.tokens();
            found.extend(self.comments(at..tokens.start.max(at)));
            at = tokens.end.max(at);
        }
        found.extend(self.comments(at..node.tokens().end.max(at)));
        found
    }

    /// The first token of a kind in a node, outside of the nodes in it.
    pub(super) fn find(&self, node: Node<'t, 'a>, kind: TokenKind) -> Option<u32> {
        let mut tokens = node.tokens();
        tokens.find(|index| self.tree.tokens[*index as usize].kind == kind)
    }
}

fn count(tree: &Tree<'_>) -> u32 {
    u32::try_from(tree.tokens.len()).expect("a token has a byte, of which there are fewer")
}

/// The number of line breaks in a text.
fn breaks(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
