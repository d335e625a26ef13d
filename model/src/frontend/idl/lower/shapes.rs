//! Shapes and their members.

use std::collections::HashMap;

use super::Lower;
use crate::ast::{Definition, Link, MemberDefinition, Property, ShapeType};
use crate::diagnostic::Code;
use crate::frontend::idl::elide::Elided;
use crate::frontend::idl::names::Import;
use crate::frontend::idl::token::TokenKind;
use crate::frontend::idl::tree::{Node as Syntax, NodeKind};
use crate::node::{Node, Text, Value};
use crate::prelude;
use crate::source::{Location, TextRange};
use crate::traits::TraitId;
use crate::words::quoted_list;

impl<'a> Lower<'_, 'a> {
    /// A shape, and the structures in it.
    pub(super) fn shape(
        &mut self,
        statement: Syntax<'_, 'a>,
        imports: &HashMap<&'a str, Import<'a>>,
    ) {
        let (Some(keyword), Some(name), Some(namespace)) = (
            statement.child(NodeKind::Keyword),
            statement.child(NodeKind::Name),
            self.scope.namespace,
        ) else {
            return;
        };
        let kind = ShapeType::parse(keyword.text()).expect("the parser has checked the keyword");
        let id = Text::from(format!("{namespace}#{}", name.text())).at(name.range());
        let outer = self.enter(id.to_string());
        if let Some(import) = imports.get(name.text()) {
            let at = Location::range(self.source, import.range);
            let message = format!(
                "`{}` cannot be defined: its name is that of the import `{}`",
                name.text(),
                import.id
            );
            self.push(Code::ConflictingImport, message, name.range(), |it| {
                it.related(at, "imported here")
                    .help("remove the import and write the absolute shape id instead")
            });
        }
        match kind {
            ShapeType::Enum | ShapeType::IntEnum => {
                self.since_version_2(&format!("`{}`", kind.name()), keyword.range());
            }
            ShapeType::Set => {
                let help = "use a `list` with the trait `uniqueItems`";
                self.until_version_2("`set`", keyword.range(), help);
            }
            _ => {}
        }
        let mut definition = self.definition(id, kind, statement);
        match kind {
            ShapeType::Service | ShapeType::Resource => {
                if let Some(properties) = statement.child(NodeKind::Object) {
                    self.properties(&mut definition, properties);
                }
            }
            ShapeType::Operation => {
                if let Some(body) = statement.child(NodeKind::OperationBody) {
                    self.operation(&mut definition, namespace, name.text(), body);
                }
            }
            _ => {}
        }
        self.add(definition, statement);
        self.subject = outer;
    }

    /// A definition with its traits and mixins.
    fn definition(
        &mut self,
        id: Text<'a>,
        kind: ShapeType,
        node: Syntax<'_, 'a>,
    ) -> Definition<'a> {
        let mut definition = Definition::new(self.source, id, kind);
        definition.version = self.version;
        definition.traits = self.traits(node);
        if let Some(mixins) = node.child(NodeKind::Mixins) {
            self.since_version_2("mixins", mixins.range());
            let mixins = mixins.children();
            definition.mixins = mixins
                .map(|mixin| self.scope.resolve(mixin.text(), mixin.range()))
                .collect();
        }
        definition
    }

    /// Adds a definition, with the members of its node.
    fn add(&mut self, mut definition: Definition<'a>, node: Syntax<'_, 'a>) {
        let resource = node.child(NodeKind::For).and_then(|it| {
            self.since_version_2("`for` in shapes", it.range());
            let id = it.child(NodeKind::ShapeId)?;
            Some(self.scope.resolve(id.text(), id.range()))
        });
        let mut elided = Vec::new();
        if let Some(members) = node.child(NodeKind::Members) {
            self.members(&mut definition, members, &mut elided);
        }
        if self.is_complete && elided.is_empty() {
            self.report_missing_members(&definition);
        }
        if !elided.is_empty() || resource.is_some() {
            self.elided.push(Elided {
                definition: self.ast.definitions.len(),
                members: elided,
                resource,
            });
        }
        self.ast.definitions.push(definition);
    }

    /// The members of a shape. `elided` gets the indexes of those without a target.
    fn members(
        &mut self,
        definition: &mut Definition<'a>,
        members: Syntax<'_, 'a>,
        elided: &mut Vec<usize>,
    ) {
        let kind = definition.kind;
        let mut seen: HashMap<&'a str, TextRange> = HashMap::new();
        let syntax = members.children();
        let is_member =
            |it: &Syntax<'_, '_>| matches!(it.kind(), NodeKind::Member | NodeKind::ElidedMember);
        for member in syntax.filter(is_member) {
            let Some(name) = member.child(NodeKind::Name) else {
                continue;
            };
            if let Some(first) = seen.insert(name.text(), name.range()) {
                self.repeated(name.text(), Some(first), name.range());
                continue;
            }
            let known: &[&str] = match kind {
                ShapeType::List | ShapeType::Set => &["member"],
                ShapeType::Map => &["key", "value"],
                _ => &[],
            };
            if !known.is_empty() && !known.contains(&name.text()) {
                let message = format!("{} has no member `{}`", kind.phrase(), name.text());
                let help = format!(
                    "the members of {} are {}",
                    kind.phrase(),
                    quoted_list(known)
                );
                self.push(Code::InvalidMemberName, message, name.range(), |it| {
                    it.help(help)
                });
                continue;
            }
            if member.kind() == NodeKind::ElidedMember {
                elided.push(definition.members.len());
            }
            let id = format!("{}${}", definition.id, name.text());
            let outer = self.enter(id);
            let member = self.member(kind, member, name);
            self.subject = outer;
            definition.members.push(member);
        }
    }

    fn member(
        &mut self,
        kind: ShapeType,
        member: Syntax<'_, 'a>,
        name: Syntax<'_, 'a>,
    ) -> MemberDefinition<'a> {
        let mut traits = self.traits(member);
        let after_name = member
            .children()
            .skip_while(|it| it.kind() != NodeKind::Name)
            .skip(1);
        let mut after_name = after_name.peekable();
        let is_enum = matches!(kind, ShapeType::Enum | ShapeType::IntEnum);
        let target = if is_enum {
            Text::from(prelude::UNIT).at(name.range())
        } else if member.kind() == NodeKind::ElidedMember {
            self.since_version_2("members without a target", name.range());
            Text::from("").at(name.range())
        } else {
            let target = after_name
                .next()
                .expect("the parser has checked the target");
            self.scope.resolve(target.text(), target.range())
        };
        if let Some(syntax) = after_name.next() {
            let value = self.value(syntax);
            let trait_id = if is_enum {
                self.check_enum_value(kind, &value, syntax.range());
                TraitId::EnumValue
            } else {
                self.since_version_2("default values", syntax.after(TokenKind::Equal));
                TraitId::Default
            };
            let trait_id = Text::from(trait_id.id()).at(syntax.range());
            self.add_trait(&mut traits, trait_id, value);
        }
        MemberDefinition {
            name: Text::from(name.text()).at(name.range()),
            target,
            traits,
        }
    }

    fn check_enum_value(&mut self, kind: ShapeType, value: &Node<'a>, range: TextRange) {
        let (is_right, expected) = match (kind, &value.value) {
            (ShapeType::Enum, Value::String(_)) => (true, ""),
            (ShapeType::Enum, _) => (false, "a string"),
            (_, Value::Number(number)) => {
                let integer = number.as_i64().and_then(|it| i32::try_from(it).ok());
                let is_written_whole = !number.as_str().contains(['.', 'e', 'E']);
                (
                    integer.is_some() && is_written_whole,
                    "a whole number of 32 bits",
                )
            }
            _ => (false, "a whole number of 32 bits"),
        };
        if !is_right {
            let message = format!(
                "the value of a member of {} must be {expected}",
                kind.phrase()
            );
            self.push(Code::MalformedTrait, message, range, |it| {
                it.label(format!("expected {expected}"))
            });
        }
    }

    /// Reports a list without `member` and a map without `key` or `value`, unless a mixin may
    /// provide them.
    fn report_missing_members(&mut self, definition: &Definition<'a>) {
        let needed: &[&str] = match definition.kind {
            ShapeType::List | ShapeType::Set => &["member"],
            ShapeType::Map => &["key", "value"],
            _ => return,
        };
        let has = |name: &str| {
            definition
                .members
                .iter()
                .any(|member| *member.name == *name)
        };
        let missing: Vec<&str> = needed.iter().copied().filter(|name| !has(name)).collect();
        if missing.is_empty() || !definition.mixins.is_empty() {
            return;
        }
        let kind = definition.kind.name();
        let message = format!("{kind} `{}` lacks {}", definition.id, quoted_list(&missing));
        let help = format!("add `{}: String`", missing[0]);
        let range = definition
            .id
            .range
            .expect("ids of this front end have a range");
        self.push(Code::MissingProperty, message, range, |it| it.help(help));
    }

    fn operation(
        &mut self,
        definition: &mut Definition<'a>,
        namespace: &'a str,
        operation: &'a str,
        body: Syntax<'_, 'a>,
    ) {
        for node in body.children() {
            let mut children = node.children();
            let (NodeKind::Property, Some(name), Some(value)) =
                (node.kind(), children.next(), children.next())
            else {
                continue;
            };
            let property = match name.text() {
                "input" => Property::Input,
                "output" => Property::Output,
                _ => Property::Errors,
            };
            let mut link = |index, target| {
                definition.links.push(Link {
                    property,
                    index,
                    target,
                });
            };
            match value.kind() {
                NodeKind::ShapeId => {
                    link(None, self.scope.resolve(value.text(), value.range()));
                }
                NodeKind::Ids => {
                    for (index, id) in value.children().enumerate() {
                        link(Some(index), self.scope.resolve(id.text(), id.range()));
                    }
                }
                NodeKind::Inline => {
                    let inline = self.suffixes.inline_name(operation, node);
                    let inline = inline.expect("a property has a name");
                    let id = Text::from(format!("{namespace}#{inline}")).at(name.range());
                    link(None, id.clone());
                    self.inline(id, property, value);
                }
                _ => {}
            }
        }
    }

    fn inline(&mut self, id: Text<'a>, property: Property, inline: Syntax<'_, 'a>) {
        let range = id.range.expect("ids of this front end have a range");
        self.since_version_2("inline input and output", range);
        let outer = self.enter(id.to_string());
        let mut definition = self.definition(id, ShapeType::Structure, inline);
        let role = match property {
            Property::Input => TraitId::Input,
            _ => TraitId::Output,
        };
        let role = Text::from(role.id()).at(range);
        self.add_trait(&mut definition.traits, role, Node::empty().at(range));
        self.add(definition, inline);
        self.subject = outer;
    }
}
