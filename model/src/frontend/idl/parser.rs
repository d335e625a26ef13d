//! The machinery of the parser: a cursor over tokens, expectations, errors and recovery.

use std::ops::Range;

use super::token::{TokenKind, tokens};
use super::tree::{NodeKind, Tree};
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{Location, SourceId};

/// How deep values may be nested. Smithy's own reader has the same limit.
const MAX_DEPTH: usize = 64;

/// The number of syntax errors after which a file is not read further.
const MAX_ERRORS: usize = 200;

/// The parser of one file. The methods for the productions are in `grammar`.
pub(super) struct Parser<'t, 'r> {
    pub(super) tree: Tree<'t>,
    /// The index of the current token.
    pub(super) at: u32,
    source: SourceId,
    report: &'r mut Report,
    errors: usize,
    depth: usize,
    /// The documentation comments that document nothing.
    pub(super) stray: Vec<Range<usize>>,
}

/// A production ends early: an error has been reported.
#[derive(Debug)]
pub(super) struct Stop;

/// The result of a production.
pub(super) type Parsed<T = ()> = Result<T, Stop>;

impl<'t, 'r> Parser<'t, 'r> {
    pub(super) fn new(text: &'t str, source: SourceId, report: &'r mut Report) -> Self {
        Self {
            tree: Tree::new(text, tokens(text)),
            at: 0,
            source,
            report,
            errors: 0,
            depth: 0,
            stray: Vec::new(),
        }
    }

    /// The kind of the current token.
    pub(super) fn peek(&self) -> TokenKind {
        self.tree.tokens[self.at as usize].kind
    }

    pub(super) fn is(&self, kind: TokenKind) -> bool {
        self.peek() == kind
    }

    pub(super) fn is_end(&self) -> bool {
        self.is(TokenKind::End)
    }

    /// The text of the current token.
    pub(super) fn text(&self) -> &'t str {
        let range = self.tree.token_range(self.at);
        &self.tree.text[range]
    }

    /// Whether the current token is this word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is(TokenKind::Identifier) && self.text() == word
    }

    /// Goes to the next token.
    pub(super) fn bump(&mut self) {
        if !self.is_end() {
            self.at += 1;
        }
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.is(TokenKind::Space) {
            self.at += 1;
        }
    }

    /// Skips whitespace up to a documentation comment.
    pub(super) fn skip_whitespace(&mut self) {
        while self.peek().is_whitespace() {
            self.at += 1;
        }
    }

    /// Skips whitespace and documentation comments, which document nothing here.
    pub(super) fn skip_all(&mut self) {
        loop {
            self.skip_whitespace();
            if !self.is(TokenKind::DocComment) {
                return;
            }
            self.stray_docs();
        }
    }

    /// Skips a documentation comment that documents nothing.
    pub(super) fn stray_docs(&mut self) {
        self.stray.push(self.tree.token_range(self.at));
        self.at += 1;
    }

    /// Parses a node. If it ends early, it is marked as broken.
    pub(super) fn node<T>(
        &mut self,
        kind: NodeKind,
        parse: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let index = self.tree.open(kind, self.at);
        let parsed = parse(self);
        if parsed.is_err() {
            self.tree.set_kind(index, NodeKind::Broken);
        }
        self.tree.close(index, self.at);
        parsed
    }

    /// Parses a value that may contain values. Beyond the limit of depth it is an error.
    pub(super) fn nested<T>(
        &mut self,
        kind: NodeKind,
        parse: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("the value is nested more than {MAX_DEPTH} levels deep");
            let at = self.tree.token_range(self.at);
            self.report(Code::TooDeep, message, at, |it| it);
            return Err(Stop);
        }
        self.depth += 1;
        let parsed = self.node(kind, parse);
        self.depth -= 1;
        parsed
    }

    /// A node of one token of this kind.
    pub(super) fn token(
        &mut self,
        node: NodeKind,
        kind: TokenKind,
        expected: &str,
        help: &str,
    ) -> Parsed {
        self.expect(kind, expected, help)?;
        self.node(node, |it| {
            it.bump();
            Ok(())
        })
    }

    /// Reports a current token of another kind.
    pub(super) fn expect(&mut self, kind: TokenKind, expected: &str, help: &str) -> Parsed {
        if self.is(kind) {
            Ok(())
        } else {
            Err(self.expected(expected, help))
        }
    }

    /// Skips a token of this kind and reports any other.
    pub(super) fn take(&mut self, kind: TokenKind, expected: &str, help: &str) -> Parsed {
        self.expect(kind, expected, help)?;
        self.bump();
        Ok(())
    }

    /// Skips at least one space.
    pub(super) fn space(&mut self, help: &str) -> Parsed {
        self.take(TokenKind::Space, "a space", help)?;
        self.skip_spaces();
        Ok(())
    }

    /// Skips the line break at the end of a statement, and the whitespace after it.
    pub(super) fn line_break(&mut self, help: &str) -> Parsed {
        self.skip_spaces();
        match self.peek() {
            TokenKind::Newline | TokenKind::Comment => self.bump(),
            TokenKind::DocComment => self.stray_docs(),
            TokenKind::End => return Ok(()),
            _ => return Err(self.expected("a line break", help)),
        }
        self.skip_whitespace();
        Ok(())
    }

    /// Reports that the current token is not the expected one.
    pub(super) fn expected(&mut self, expected: &str, help: &str) -> Stop {
        if let Some(stop) = self.broken_token() {
            return stop;
        }
        let found = match self.peek().name() {
            Some(name) => name.to_owned(),
            None => format!("`{}`", excerpt(self.text())),
        };
        let message = format!("expected {expected}, but found {found}");
        let label = format!("expected {expected}");
        let at = self.tree.token_range(self.at);
        self.report(Code::BrokenIdl, message, at, |it| {
            let it = it.label(label);
            if help.is_empty() { it } else { it.help(help) }
        });
        Stop
    }

    /// Reports the current token if it is broken itself.
    fn broken_token(&mut self) -> Option<Stop> {
        let at = self.tree.token_range(self.at);
        let text = self.text();
        match self.peek() {
            TokenKind::OpenString | TokenKind::OpenTextBlock => {
                let quotes = if self.is(TokenKind::OpenString) {
                    "\""
                } else {
                    "\"\"\""
                };
                let message = format!("the file ends in a string: `{quotes}` is missing");
                let start = Location::range(self.source, at.start..at.start + quotes.len());
                let label = format!("expected `{quotes}`");
                self.report(Code::BrokenIdl, message, at.end..at.end, |it| {
                    it.label(label)
                        .related(start, "the string starts here")
                        .help(format!("add `{quotes}` at the end of the string"))
                });
            }
            TokenKind::BrokenNumber => {
                let message = format!("`{text}` is not a number");
                let help = "a digit follows `-`, `.`, `e`, `+`";
                self.report(Code::BrokenIdl, message, at, |it| {
                    it.label("expected a number").help(help)
                });
            }
            TokenKind::BrokenIdentifier => {
                let message = format!("`{text}` is not a name");
                let help = "a letter or digit follows the underscores at the start of a name";
                self.report(Code::BrokenIdl, message, at.end..at.end, |it| {
                    it.label("expected a letter or digit").help(help)
                });
            }
            TokenKind::Slash => {
                let help = "comments start with `//`";
                self.report(Code::BrokenIdl, "unexpected `/`", at, |it| it.help(help));
            }
            TokenKind::Unknown => {
                let message = format!("unexpected character `{}`", text.escape_debug());
                let help = match text {
                    "'" | "`" | "\u{201c}" | "\u{201d}" => "write strings in double quotes",
                    ";" => "statements end with a line break",
                    _ => "names have letters, digits and `_`; write other text in double quotes",
                };
                self.report(Code::BrokenIdl, message, at, |it| it.help(help));
            }
            _ => return None,
        }
        Some(Stop)
    }

    /// Reports a syntax error.
    pub(super) fn report(
        &mut self,
        code: Code,
        message: impl Into<String>,
        at: Range<usize>,
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.errors += 1;
        if self.errors <= MAX_ERRORS {
            let location = Location::range(self.source, at);
            self.report
                .push(with(Diagnostic::new(code, message, location)));
        }
    }

    /// A location in the file.
    pub(super) fn location(&self, at: Range<usize>) -> Location {
        Location::range(self.source, at)
    }

    /// Whether the file has so many errors that it is not read further.
    pub(super) fn has_too_many_errors(&self) -> bool {
        self.errors > MAX_ERRORS
    }

    /// Whether a statement may start at the current token: it is the first one of its line.
    pub(super) fn is_statement(&self) -> bool {
        let is_start = matches!(
            self.peek(),
            TokenKind::Identifier | TokenKind::DocComment | TokenKind::At | TokenKind::Dollar
        );
        is_start && self.is_first_of_line()
    }

    fn is_first_of_line(&self) -> bool {
        let before = (self.at as usize).checked_sub(1);
        before.is_none_or(|before| self.tree.tokens[before].kind.ends_line())
    }

    /// Skips tokens up to one that may start a statement, after an error in the statement that
    /// starts at a token.
    pub(super) fn recover_statement(&mut self, start: u32) {
        if self.at == start {
            self.bump();
        }
        while !self.is_end() && !self.is_statement() {
            self.bump();
        }
    }

    /// Skips the rest of a member after an error in it. If the block seems to be left unclosed,
    /// the error ends the block.
    pub(super) fn recover_member(&mut self, start: u32) -> Parsed {
        if self.at == start && !matches!(self.peek(), TokenKind::CloseBrace | TokenKind::End) {
            self.bump();
        }
        let mut open = 0_usize;
        loop {
            if self.has_too_many_errors() || (self.is_statement() && self.is_shape_keyword()) {
                return Err(Stop);
            }
            match self.peek() {
                TokenKind::End => return Ok(()),
                TokenKind::CloseBrace | TokenKind::Newline | TokenKind::Comment if open == 0 => {
                    return Ok(());
                }
                TokenKind::OpenBrace | TokenKind::OpenBracket | TokenKind::OpenParen => open += 1,
                TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::CloseParen => {
                    open = open.saturating_sub(1);
                }
                _ => {}
            }
            self.bump();
        }
    }

    /// Whether the current token starts a statement with a shape or `apply`.
    pub(super) fn is_shape_keyword(&self) -> bool {
        self.is(TokenKind::Identifier)
            && (self.text() == "apply" || ShapeType::parse(self.text()).is_some())
    }
}

/// The start of a token, with control characters escaped.
fn excerpt(token: &str) -> String {
    const MAX: usize = 40;
    let mut excerpt = String::new();
    for (count, c) in token.chars().enumerate() {
        match c {
            _ if count == MAX => {
                excerpt.push_str("..");
                break;
            }
            c if c.is_control() => excerpt.extend(c.escape_default()),
            c => excerpt.push(c),
        }
    }
    excerpt
}
