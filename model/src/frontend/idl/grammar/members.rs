//! What is in the braces of a shape, and what is between its name and the braces.

use crate::ast::ShapeType;
use crate::diagnostic::Code;
use crate::frontend::idl::parser::{Parsed, Parser};
use crate::frontend::idl::token::TokenKind;
use crate::frontend::idl::tree::NodeKind;

impl Parser<'_, '_> {
    /// `for Resource`, if it is there.
    pub(super) fn resource(&mut self) -> Parsed {
        self.skip_spaces();
        if !self.is_word("for") {
            return Ok(());
        }
        self.node(NodeKind::For, |it| {
            let help = "the resource follows `for`: `structure City for CityResource {}`";
            it.bump();
            it.space(help)?;
            it.shape_id(help)
        })
    }

    /// `with [..]`, if it is there.
    pub(super) fn mixins(&mut self) -> Parsed {
        self.skip_spaces();
        if !self.is_word("with") {
            return Ok(());
        }
        self.node(NodeKind::Mixins, |it| {
            let help = "the mixins follow `with` in brackets: `with [Tagged]`";
            it.bump();
            it.skip_all();
            it.take(TokenKind::OpenBracket, "`[`", help)?;
            it.skip_all();
            loop {
                it.shape_id(help)?;
                it.skip_all();
                if it.is(TokenKind::CloseBracket) {
                    it.bump();
                    return Ok(());
                }
            }
        })
    }

    /// The members of a shape in braces.
    pub(super) fn members(&mut self, kind: ShapeType) -> Parsed {
        self.skip_all();
        let help = if self.is_word("for") {
            "write `for` and its resource before `with` and the mixins"
        } else {
            "the members follow in braces"
        };
        self.expect(TokenKind::OpenBrace, "`{`", help)?;
        self.node(NodeKind::Members, |it| {
            it.bump();
            it.skip_whitespace();
            while !it.is_end() && !it.is(TokenKind::CloseBrace) {
                let start = it.at;
                if it.member(kind).is_err() {
                    it.recover_member(start)?;
                }
                it.skip_whitespace();
            }
            let help = "the members end with `}`";
            it.take(TokenKind::CloseBrace, "a member or `}`", help)
        })
    }

    fn member(&mut self, kind: ShapeType) -> Parsed {
        let node = self.tree.open(NodeKind::Member, self.at);
        let parsed = self.member_inside(kind, node);
        if parsed.is_err() {
            self.tree.set_kind(node, NodeKind::Broken);
        }
        let end = self.at;
        self.tree.close(node, end);
        parsed
    }

    fn member_inside(&mut self, kind: ShapeType, node: u32) -> Parsed {
        let lead = self.docs_and_traits()?;
        if self.is(TokenKind::CloseBrace) && !lead.has_traits {
            // What documents nothing is a comment.
            self.tree.set_kind(node, NodeKind::Broken);
            self.stray.extend(lead.docs);
            return Ok(());
        }
        if self.is_statement() && self.is_shape_keyword() && self.is_name_next() {
            return Err(self.expected("a member or `}`", "the braces are not closed"));
        }
        let is_enum = matches!(kind, ShapeType::Enum | ShapeType::IntEnum);
        if self.is(TokenKind::Dollar) && !is_enum {
            self.tree.set_kind(node, NodeKind::ElidedMember);
            self.bump();
            let help = "the name of a member of a mixin or resource follows `$`";
            self.token(NodeKind::Name, TokenKind::Identifier, "a name", help)?;
        } else {
            let help = if is_enum {
                "members look like `NAME` or `NAME = \"value\"`"
            } else {
                "members look like `name: Type`"
            };
            self.token(NodeKind::Name, TokenKind::Identifier, "a member", help)?;
            if !is_enum {
                self.skip_spaces();
                self.take(TokenKind::Colon, "`:`", help)?;
                self.skip_spaces();
                self.shape_id("the id of a shape follows the name of a member: `name: Type`")?;
            }
        }
        let end = self.at;
        self.skip_spaces();
        if !self.is(TokenKind::Equal) {
            self.at = end;
            return Ok(());
        }
        self.bump();
        self.skip_spaces();
        self.value()?;
        self.skip_spaces();
        if self.is(TokenKind::Comma) {
            self.bump();
        }
        self.line_break("the next member follows in a line of its own")
    }

    /// Whether a space and a name follow the current token.
    fn is_name_next(&self) -> bool {
        let rest = &self.tree.tokens[self.at as usize + 1..];
        matches!(
            rest,
            [space, name, ..]
                if space.kind == TokenKind::Space && name.kind == TokenKind::Identifier
        )
    }

    /// The properties of an operation in braces.
    pub(super) fn operation(&mut self) -> Parsed {
        self.skip_all();
        let help = "an operation looks like `operation GetCity { input: GetCityInput }`";
        self.expect(TokenKind::OpenBrace, "`{`", help)?;
        self.node(NodeKind::OperationBody, |it| {
            it.bump();
            it.skip_all();
            let mut seen = Vec::new();
            while !it.is_end() && !it.is(TokenKind::CloseBrace) {
                let start = it.at;
                if it.property(&mut seen).is_err() {
                    it.recover_member(start)?;
                }
                it.skip_all();
            }
            it.take(
                TokenKind::CloseBrace,
                "`input`, `output`, `errors` or `}`",
                help,
            )
        })
    }

    /// `input`, `output` or `errors`. `seen` has the names of those before it.
    fn property(&mut self, seen: &mut Vec<String>) -> Parsed {
        self.node(NodeKind::Property, |it| {
            let expected = "`input`, `output` or `errors`";
            let known = ["input", "output", "errors"];
            let name = it.text();
            let at = it.tree.token_range(it.at);
            if it.is(TokenKind::Identifier) && !known.contains(&name) {
                let message = format!("an operation has no property `{name}`");
                let help = "the properties of an operation are `input`, `output` and `errors`";
                it.report(Code::BrokenIdl, message, at, |it| {
                    it.label(format!("expected {expected}")).help(help)
                });
                return Err(crate::frontend::idl::parser::Stop);
            }
            it.token(NodeKind::Name, TokenKind::Identifier, expected, "")?;
            if seen.iter().any(|before| before == name) {
                let message = format!("the operation has `{name}` more than once");
                it.report(Code::BrokenIdl, message, at, |it| {
                    it.label("repeated here").help("remove all but one")
                });
            }
            seen.push(name.to_owned());
            it.skip_all();
            if name == "errors" {
                let help = "the errors of an operation look like `errors: [NotFound]`";
                it.take(TokenKind::Colon, "`:`", help)?;
                it.skip_all();
                return it.ids();
            }
            if it.is(TokenKind::Walrus) {
                return it.inline();
            }
            let help = "write `input: Type`, or `input := { .. }` for a structure that only this \
                        operation has";
            it.take(TokenKind::Colon, "`:` or `:=`", help)?;
            it.skip_all();
            it.shape_id(help)
        })
    }

    /// A structure after `:=`.
    fn inline(&mut self) -> Parsed {
        self.node(NodeKind::Inline, |it| {
            it.bump();
            it.docs_and_traits()?;
            it.resource()?;
            it.mixins()?;
            it.members(ShapeType::Structure)
        })
    }

    /// Shape ids in brackets.
    fn ids(&mut self) -> Parsed {
        let help = "write the ids of shapes in brackets: `[NotFound, Busy]`";
        self.expect(TokenKind::OpenBracket, "`[`", help)?;
        self.node(NodeKind::Ids, |it| {
            it.bump();
            it.skip_all();
            while !it.is(TokenKind::CloseBracket) {
                if !it.is(TokenKind::Identifier) {
                    return Err(it.expected("a shape id or `]`", help));
                }
                it.shape_id(help)?;
                it.skip_all();
            }
            it.bump();
            Ok(())
        })
    }
}
