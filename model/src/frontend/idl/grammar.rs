//! The productions of the grammar (Smithy 2.0, "Smithy IDL ABNF"), for both versions.
//!
//! What a version does not have is parsed nevertheless; `lower` reports it.

mod members;
mod values;

use super::parser::{Parsed, Parser, Stop};
use super::token::TokenKind;
use super::tree::{NodeKind, Tree};
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Report};
use crate::source::SourceId;
use crate::suggest::did_you_mean;

use std::ops::Range;

/// The help where a statement does not end with its line.
const ONE_PER_LINE: &str = "a statement ends with its line: start the next one on a new line";

/// Parses a file. The second value is the documentation comments that document nothing.
pub(super) fn parse<'t>(
    text: &'t str,
    source: SourceId,
    report: &mut Report,
) -> (Tree<'t>, Vec<Range<usize>>) {
    let mut parser = Parser::new(text, source, report);
    let file = parser.tree.open(NodeKind::File, 0);
    parser.file();
    let end = parser.at;
    parser.tree.close(file, end);
    (parser.tree, parser.stray)
}

/// Parses a text that is one value.
pub(super) fn parse_value<'t>(
    text: &'t str,
    source: SourceId,
    report: &mut Report,
) -> (Tree<'t>, Vec<Range<usize>>) {
    let mut parser = Parser::new(text, source, report);
    let file = parser.tree.open(NodeKind::File, 0);
    parser.skip_all();
    if parser.value().is_ok() {
        parser.skip_all();
        if !parser.is_end() {
            parser.expected("the end of the file", "");
        }
    }
    let end = parser.at;
    parser.tree.close(file, end);
    (parser.tree, parser.stray)
}

impl Parser<'_, '_> {
    fn file(&mut self) {
        self.skip_all();
        while self.is(TokenKind::Dollar) {
            self.statement_or_recover(Self::control);
            self.skip_all();
        }
        while self.is_word("metadata") {
            self.statement_or_recover(Self::metadata);
            self.skip_all();
        }
        let mut has_namespace = false;
        while !self.is_end() && !has_namespace && !self.has_too_many_errors() {
            self.statement_or_recover(|it| {
                has_namespace = it.is_word("namespace");
                if has_namespace {
                    it.namespace()
                } else {
                    Err(it.out_of_order())
                }
            });
            self.skip_to_shape();
        }
        while self.is_word("use") {
            self.statement_or_recover(Self::import);
            self.skip_to_shape();
        }
        while !self.is_end() && !self.has_too_many_errors() {
            self.statement_or_recover(Self::shape);
        }
    }

    /// Parses a statement, and skips what is left of it after an error.
    fn statement_or_recover(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) {
        let start = self.at;
        if parse(self).is_err() {
            self.recover_statement(start);
        }
    }

    /// Skips whitespace in front of a `use` statement or shape. Documentation comments in front of
    /// a shape remain.
    fn skip_to_shape(&mut self) {
        let start = self.at;
        let strays = self.stray.len();
        self.skip_all();
        if !self.is_word("use") {
            self.at = start;
            self.stray.truncate(strays);
        }
    }

    /// Reports a statement in front of which there is no namespace.
    fn out_of_order(&mut self) -> Stop {
        let help = match self.text() {
            "metadata" => "metadata follows the control statements",
            "$" => "control statements such as `$version` are the first statements of a file",
            _ => {
                "a file has control statements, then metadata, then a namespace, then imports, \
                 then shapes: add a line such as `namespace example.weather`"
            }
        };
        self.expected("a namespace", help)
    }

    fn control(&mut self) -> Parsed {
        let help = "a control statement looks like `$version: \"2\"`";
        self.node(NodeKind::Control, |it| {
            it.bump();
            it.key(NodeKind::Key, "the name of a control statement", help)?;
            it.skip_spaces();
            it.take(TokenKind::Colon, "`:`", help)?;
            it.skip_spaces();
            it.value()?;
            it.line_break(ONE_PER_LINE)
        })
    }

    fn metadata(&mut self) -> Parsed {
        let help = "metadata looks like `metadata key = \"value\"`";
        self.node(NodeKind::Metadata, |it| {
            it.bump();
            it.space(help)?;
            it.key(NodeKind::Key, "a key", help)?;
            it.skip_spaces();
            it.take(TokenKind::Equal, "`=`", help)?;
            it.skip_spaces();
            it.value()?;
            it.line_break(ONE_PER_LINE)
        })
    }

    fn namespace(&mut self) -> Parsed {
        let help = "a namespace looks like `namespace example.weather`";
        self.node(NodeKind::Namespace, |it| {
            it.bump();
            it.space(help)?;
            it.node(NodeKind::Name, |it| it.dotted(help))?;
            it.line_break(ONE_PER_LINE)
        })
    }

    /// Names with dots between them.
    pub(super) fn dotted(&mut self, help: &str) -> Parsed {
        self.take(TokenKind::Identifier, "a name", help)?;
        while self.is(TokenKind::Dot) {
            self.bump();
            self.take(TokenKind::Identifier, "a name", help)?;
        }
        Ok(())
    }

    fn import(&mut self) -> Parsed {
        let help = "an import looks like `use example.weather#City`";
        self.node(NodeKind::Use, |it| {
            it.bump();
            it.space(help)?;
            it.node(NodeKind::ShapeId, |it| {
                it.dotted(help)?;
                it.take(TokenKind::Pound, "`#`", help)?;
                it.take(TokenKind::Identifier, "the name of a shape", help)?;
                if it.is(TokenKind::Dollar) {
                    let help = "remove the member: import the shape";
                    return Err(it.expected("a line break", help));
                }
                Ok(())
            })?;
            it.line_break(ONE_PER_LINE)
        })
    }

    /// A shape or `apply`, with documentation and traits.
    fn shape(&mut self) -> Parsed {
        let statement = self.tree.open(NodeKind::Shape, self.at);
        let parsed = self.shape_inside(statement);
        if parsed.is_err() {
            self.tree.set_kind(statement, NodeKind::Broken);
        }
        let end = self.at;
        self.tree.close(statement, end);
        parsed
    }

    fn shape_inside(&mut self, statement: u32) -> Parsed {
        let strays = self.stray.len();
        let traits = self.docs_and_traits()?;
        if self.is_end() && !traits.has_traits {
            // What documents nothing is a comment.
            self.tree.set_kind(statement, NodeKind::Broken);
            self.stray.truncate(strays);
            self.stray.extend(traits.docs);
            return Ok(());
        }
        self.expect(
            TokenKind::Identifier,
            "a shape",
            "the type of a shape and its name follow, for example `structure City {}`",
        )?;
        if self.text() == "apply" {
            self.tree.set_kind(statement, NodeKind::Apply);
            if traits.has_traits {
                let help = "put the traits after the shape id: `apply City @sensitive`";
                return Err(self.expected("a shape", help));
            }
            self.stray.extend(traits.docs);
            return self.apply();
        }
        let Some(kind) = ShapeType::parse(self.text()) else {
            return Err(self.unknown_keyword());
        };
        self.node(NodeKind::Keyword, |it| {
            it.bump();
            Ok(())
        })?;
        let help = format!("the name follows the type: `{} Name`", kind.name());
        self.space(&help)?;
        self.token(
            NodeKind::Name,
            TokenKind::Identifier,
            "the name of the shape",
            &help,
        )?;
        match kind {
            ShapeType::Simple(_) => self.mixins()?,
            ShapeType::Enum | ShapeType::IntEnum => {
                self.mixins()?;
                self.members(kind)?;
            }
            ShapeType::List
            | ShapeType::Set
            | ShapeType::Map
            | ShapeType::Structure
            | ShapeType::Union => {
                self.resource()?;
                self.mixins()?;
                self.members(kind)?;
            }
            ShapeType::Service | ShapeType::Resource => {
                self.mixins()?;
                self.skip_all();
                self.expect(
                    TokenKind::OpenBrace,
                    "`{`",
                    "its properties follow in braces",
                )?;
                self.value()?;
            }
            ShapeType::Operation => {
                self.mixins()?;
                self.operation()?;
            }
        }
        self.line_break(ONE_PER_LINE)
    }

    fn unknown_keyword(&mut self) -> Stop {
        let text = self.text();
        let message = format!("`{text}` is not a type of shape");
        let names = ShapeType::ALL.iter().map(|(name, _)| *name);
        let help = match text {
            "use" => "imports come before the first shape of a file".to_owned(),
            "metadata" => "metadata comes before the namespace".to_owned(),
            "namespace" => {
                "a file has one namespace: put these shapes into a file of their own".to_owned()
            }
            "with" | "for" => "write this in the line of the name of the shape".to_owned(),
            _ => did_you_mean(text, names.chain(["apply"])).unwrap_or_else(|| {
                "shapes look like `structure City {}`, `string Name` or `operation GetCity {}`"
                    .to_owned()
            }),
        };
        let at = self.tree.token_range(self.at);
        self.report(Code::BrokenIdl, message, at, |it| {
            it.label("expected a type of shape").help(help)
        });
        Stop
    }

    fn apply(&mut self) -> Parsed {
        let help = "traits are applied with `apply City @sensitive`";
        self.bump();
        self.whitespace(help)?;
        self.shape_id(help)?;
        self.whitespace(help)?;
        match self.peek() {
            TokenKind::At => self.application()?,
            TokenKind::OpenBrace => {
                self.bump();
                self.skip_all();
                self.traits()?;
                self.take(TokenKind::CloseBrace, "a trait or `}`", help)?;
            }
            _ => return Err(self.expected("`@` or `{`", help)),
        }
        self.line_break(ONE_PER_LINE)
    }

    /// Skips at least one token of whitespace.
    fn whitespace(&mut self, help: &str) -> Parsed {
        if !self.peek().is_whitespace() {
            return Err(self.expected("a space", help));
        }
        self.skip_all();
        Ok(())
    }
}
