//! The properties of services and resources.

use super::Lower;
use crate::ast::{Definition, Link, Property};
use crate::diagnostic::Code;
use crate::frontend::idl::lower::{key_of, text_of};
use crate::frontend::idl::tree::{Node as Syntax, NodeKind};
use crate::model::ShapeName;
use crate::node::Text;
use crate::suggest::did_you_mean;
use crate::words::quoted_list;

impl<'a> Lower<'_, 'a> {
    /// The properties of a service or resource.
    pub(super) fn properties(
        &mut self,
        definition: &mut Definition<'a>,
        properties: Syntax<'_, 'a>,
    ) {
        let known = definition.kind.properties();
        let mut seen: Vec<(String, _)> = Vec::new();
        for entry in properties.children() {
            let mut children = entry.children();
            let (Some(key), Some(value)) = (children.next(), children.next()) else {
                continue;
            };
            let name = key_of(key);
            if let Some((_, first)) = seen.iter().find(|(before, _)| *before == name) {
                let first = *first;
                self.repeated_key(&name, Some(first), key.range());
                continue;
            }
            seen.push((name.to_string(), key.range()));
            if !known.contains(&&*name) {
                let kind = definition.kind.phrase();
                // Smithy reads `type`, and ignores it.
                if &*name != "type" {
                    let message = format!("{kind} has no property `{name}`; it is ignored");
                    let help = did_you_mean(&name, known.iter().copied())
                        .unwrap_or_else(|| format!("the properties are {}", quoted_list(known)));
                    self.push(Code::UnknownKey, message, key.range(), |it| it.help(help));
                }
                continue;
            }
            match &*name {
                "version" => {
                    if let Some(text) = text_of(value) {
                        definition.service_version = Some(Text::from(text).at(value.range()));
                    } else {
                        self.wrong_type(value, "`version`", "a string");
                    }
                }
                "rename" => self.renames(definition, value),
                "identifiers" => definition.identifiers = self.named_targets(value, &name),
                "properties" => {
                    self.since_version_2("properties of resources", key.range());
                    definition.properties = self.named_targets(value, &name);
                }
                _ => {
                    let property = Property::ALL.iter().find(|it| it.name() == name);
                    let property = *property.expect("the other properties are matched");
                    self.links(definition, property, value);
                }
            }
        }
    }

    fn links(
        &mut self,
        definition: &mut Definition<'a>,
        property: Property,
        value: Syntax<'_, 'a>,
    ) {
        let what = format!("`{}`", property.name());
        if !property.is_list() {
            if let Some(target) = self.target(value, &what) {
                definition.links.push(Link {
                    property,
                    index: None,
                    target,
                });
            }
            return;
        }
        if value.kind() != NodeKind::Array {
            self.wrong_type(value, &what, "a list of shape ids");
            return;
        }
        for (index, item) in value.children().enumerate() {
            if let Some(target) = self.target(item, "an element of the list") {
                definition.links.push(Link {
                    property,
                    index: Some(index),
                    target,
                });
            }
        }
    }

    /// The identifiers or properties of a resource.
    fn named_targets(
        &mut self,
        value: Syntax<'_, 'a>,
        property: &str,
    ) -> Vec<(Text<'a>, Text<'a>)> {
        let mut targets: Vec<(Text<'a>, Text<'a>)> = Vec::new();
        if value.kind() != NodeKind::Object {
            self.wrong_type(value, &format!("`{property}`"), "an object");
            return targets;
        }
        for entry in value.children() {
            let mut children = entry.children();
            let (Some(key), Some(value)) = (children.next(), children.next()) else {
                continue;
            };
            let name = Text::from(key_of(key)).at(key.range());
            if let Some((first, _)) = targets
                .iter()
                .find(|(before, _)| *before.text == *name.text)
            {
                self.repeated_key(&name, first.range, key.range());
            } else if let Some(target) = self.target(value, "the target") {
                targets.push((name, target));
            }
        }
        targets
    }

    /// The `rename` of a service. Its keys are absolute ids in quotes.
    fn renames(&mut self, definition: &mut Definition<'a>, value: Syntax<'_, 'a>) {
        if value.kind() != NodeKind::Object {
            self.wrong_type(value, "`rename`", "an object");
            return;
        }
        for entry in value.children() {
            let mut children = entry.children();
            let (Some(key), Some(value)) = (children.next(), children.next()) else {
                continue;
            };
            let id = Text::from(key_of(key)).at(key.range());
            let Some(name) = text_of(value) else {
                self.wrong_type(value, "a new name", "a string");
                continue;
            };
            if ShapeName::parse(&id).is_none() {
                let message = format!("`{id}` is not an absolute shape id");
                let help = "write the namespace too, in quotes: `\"example.weather#City\"`";
                self.push(Code::InvalidShapeId, message, key.range(), |it| {
                    it.help(help)
                });
            } else if ShapeName::parse(&format!("a#{name}")).is_none() {
                let message = format!("`{name}` is not a valid shape name");
                let help = "use letters, digits and `_`, and start with a letter";
                self.push(Code::InvalidShapeId, message, value.range(), |it| {
                    it.help(help)
                });
            } else if let Some((first, _)) = definition
                .renames
                .iter()
                .find(|(before, _)| *before.text == *id.text)
            {
                self.repeated_key(&id, first.range, key.range());
            } else {
                let name = Text::from(name).at(value.range());
                definition.renames.push((id, name));
            }
        }
    }

    /// A shape id, which may be in quotes.
    fn target(&mut self, value: Syntax<'_, 'a>, what: &str) -> Option<Text<'a>> {
        let keyword = matches!(value.text(), "true" | "false" | "null");
        let id = match value.kind() {
            NodeKind::ShapeId if !keyword => self.scope.resolve(value.text(), value.range()),
            _ => match text_of(value) {
                Some(text) => self.scope.absolute(text).at(value.range()),
                None => {
                    self.wrong_type(value, what, "a shape id");
                    return None;
                }
            },
        };
        if ShapeName::parse(&id).is_none() {
            let message = format!("`{id}` is not the id of a shape");
            let help = "a shape id looks like `City` or `example.weather#City`";
            self.push(Code::InvalidShapeId, message, value.range(), |it| {
                it.help(help)
            });
            return None;
        }
        Some(id)
    }

    fn wrong_type(&mut self, value: Syntax<'_, 'a>, what: &str, expected: &str) {
        let found = match value.kind() {
            NodeKind::Object => "an object",
            NodeKind::Array => "a list",
            NodeKind::Number => "a number",
            NodeKind::String | NodeKind::TextBlock => "a string",
            _ => "a shape id",
        };
        let message = format!("{what} is {found}, not {expected}");
        self.push(Code::WrongJsonType, message, value.range(), |it| {
            it.label(format!("expected {expected}"))
        });
    }
}
