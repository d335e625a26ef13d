//! Node values, shape ids and traits.

use std::ops::Range;

use crate::frontend::idl::parser::{Parsed, Parser};
use crate::frontend::idl::string::{StringError, string, text_block};
use crate::frontend::idl::token::TokenKind;
use crate::frontend::idl::tree::NodeKind;

use crate::diagnostic::Code;

/// What is in front of a shape or member.
pub(super) struct Lead {
    /// The documentation comment, by its tokens.
    pub(super) docs: Vec<Range<usize>>,
    pub(super) has_traits: bool,
}

impl Parser<'_, '_> {
    /// A documentation comment and traits, each of which may be missing.
    pub(super) fn docs_and_traits(&mut self) -> Parsed<Lead> {
        self.skip_whitespace();
        let mut docs = Vec::new();
        if self.is(TokenKind::DocComment) {
            let node = self.tree.open(NodeKind::Docs, self.at);
            let mut end = self.at;
            while self.is(TokenKind::DocComment) {
                docs.push(self.tree.token_range(self.at));
                self.bump();
                end = self.at;
                self.skip_whitespace();
            }
            self.tree.close_docs(node, end);
        }
        self.skip_all();
        let has_traits = self.is(TokenKind::At);
        self.traits()?;
        Ok(Lead { docs, has_traits })
    }

    /// Traits, and the whitespace after them.
    pub(super) fn traits(&mut self) -> Parsed {
        while self.is(TokenKind::At) {
            self.application()?;
            self.skip_all();
        }
        Ok(())
    }

    /// A trait and its value.
    pub(super) fn application(&mut self) -> Parsed {
        self.node(NodeKind::Trait, |it| {
            it.bump();
            it.shape_id("the name of the trait follows `@`")?;
            if !it.is(TokenKind::OpenParen) {
                return Ok(());
            }
            it.bump();
            it.skip_all();
            if !it.is(TokenKind::CloseParen) {
                it.trait_value()?;
                it.skip_all();
            }
            let help = "the value of a trait ends with `)`";
            it.take(TokenKind::CloseParen, "`)`", help)
        })
    }

    fn trait_value(&mut self) -> Parsed {
        let is_body = match self.peek() {
            TokenKind::String => self.is_before_colon(1),
            TokenKind::Identifier => {
                // A shape id is a value, but a name alone may be a key.
                self.is_before_colon(1)
            }
            _ => false,
        };
        if is_body {
            self.nested(NodeKind::TraitBody, |it| {
                while !it.is(TokenKind::CloseParen) {
                    it.entry("a member of the trait or `)`")?;
                    it.skip_all();
                }
                Ok(())
            })
        } else {
            let is_name = self.is(TokenKind::Identifier);
            let start = self.at;
            self.value()?;
            let length = self.at - start;
            self.skip_all();
            // A name that is not followed by the end of the trait was meant as a key.
            if is_name && length == 1 && !self.is(TokenKind::CloseParen) {
                let help = "write the members of a trait as `name: value`";
                return Err(self.expected("`:` or `)`", help));
            }
            Ok(())
        }
    }

    /// Whether a colon follows the token at a distance, possibly after whitespace.
    fn is_before_colon(&self, distance: usize) -> bool {
        let rest = &self.tree.tokens[self.at as usize + distance..];
        let is_skipped = |kind: TokenKind| kind.is_whitespace() || kind == TokenKind::DocComment;
        let next = rest.iter().find(|token| !is_skipped(token.kind));
        next.is_some_and(|token| token.kind == TokenKind::Colon)
    }

    /// A key: a string or a name.
    pub(super) fn key(&mut self, node: NodeKind, expected: &str, help: &str) -> Parsed {
        if !matches!(self.peek(), TokenKind::Identifier | TokenKind::String) {
            return Err(self.expected(expected, help));
        }
        self.check_string();
        self.node(node, |it| {
            it.bump();
            Ok(())
        })
    }

    /// `key: value`.
    fn entry(&mut self, expected: &str) -> Parsed {
        self.node(NodeKind::Entry, |it| {
            let help = "entries look like `key: value`";
            it.key(NodeKind::Key, expected, help)?;
            it.skip_all();
            it.take(TokenKind::Colon, "`:`", help)?;
            it.skip_all();
            it.value()
        })
    }

    /// A node value.
    pub(super) fn value(&mut self) -> Parsed {
        match self.peek() {
            TokenKind::OpenBrace => self.nested(NodeKind::Object, |it| {
                it.bump();
                it.skip_all();
                while !it.is(TokenKind::CloseBrace) {
                    it.entry("a key or `}`")?;
                    it.skip_all();
                }
                it.bump();
                Ok(())
            }),
            TokenKind::OpenBracket => self.nested(NodeKind::Array, |it| {
                it.bump();
                it.skip_all();
                while !it.is(TokenKind::CloseBracket) {
                    it.value()?;
                    it.skip_all();
                }
                it.bump();
                Ok(())
            }),
            TokenKind::Identifier => self.shape_id(""),
            kind @ (TokenKind::String | TokenKind::TextBlock | TokenKind::Number) => {
                self.check_string();
                let node = match kind {
                    TokenKind::String => NodeKind::String,
                    TokenKind::TextBlock => NodeKind::TextBlock,
                    _ => NodeKind::Number,
                };
                if kind == TokenKind::Number && has_leading_zero(self.text()) {
                    let help = "a number starts with 0 only if it is below 1; write text in quotes";
                    return Err(self.expected("a number without leading zeros", help));
                }
                self.node(node, |it| {
                    it.bump();
                    Ok(())
                })
            }
            _ => {
                let help = "a value is a string in double quotes, a number, `true`, `false`, \
                            `null`, a shape id, `[..]` or `{..}`";
                Err(self.expected("a value", help))
            }
        }
    }

    /// Reports what is wrong inside the current token if it is a string. The string remains one,
    /// so that the rest is parsed as usual.
    fn check_string(&mut self) {
        let text = self.text();
        let wrong = match self.peek() {
            TokenKind::String if text.contains(['\\', '\r']) || has_control(text) => {
                string(text).err()
            }
            TokenKind::TextBlock => text_block(text).err(),
            _ => None,
        };
        let Some(StringError { at, message }) = wrong else {
            return;
        };
        let token = self.tree.token_range(self.at);
        let at = token.start + at.start..token.start + at.end;
        let help = "the escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t`, \
                    `\\u` with four hexadecimal digits, and `\\` at the end of a line";
        let mark = self.location(at.clone());
        self.report(Code::BrokenIdl, message, token.clone(), |it| {
            let it = it.label("in this string").help(help);
            if at.start == token.start {
                it
            } else {
                it.related(mark, "at this place")
            }
        });
    }

    /// A shape id, absolute or relative.
    pub(super) fn shape_id(&mut self, help: &str) -> Parsed {
        let help = if help.is_empty() {
            "a shape id looks like `City`, `City$name` or `example.weather#City`"
        } else {
            help
        };
        self.node(NodeKind::ShapeId, |it| {
            let start = it.at;
            it.dotted(help)?;
            let is_dotted = it.at - start > 1;
            if it.is(TokenKind::Pound) {
                it.bump();
                it.take(TokenKind::Identifier, "the name of a shape", help)?;
            } else if is_dotted {
                let help = "a `#` follows the namespace of a shape id, for example \
                            `example.weather#City`; write text in quotes";
                return Err(it.expected("`#`", help));
            }
            if it.is(TokenKind::Dollar) {
                it.bump();
                it.take(TokenKind::Identifier, "the name of a member", help)?;
            }
            Ok(())
        })
    }
}

/// Whether a number has a zero in front of other digits, which the grammar does not allow.
fn has_leading_zero(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let mut bytes = digits.bytes();
    bytes.next() == Some(b'0') && bytes.next().is_some_and(|next| next.is_ascii_digit())
}

fn has_control(text: &str) -> bool {
    text.bytes()
        .any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n'))
}
