//! One entry of `shapes`.

use super::Reader;
use crate::ast::{Application, Definition, Link, MemberDefinition, Property, ShapeType, Version};
use crate::diagnostic::Code;
use crate::model::ShapeName;
use crate::node::{Node, Object, Text};
use crate::prelude;
use crate::suggest::did_you_mean;
use crate::traits::TraitId;
use crate::words::quoted_list;

/// The keys that every shape may have.
const COMMON: &[&str] = &["type", "traits", "mixins"];

impl<'a> Reader<'_, 'a> {
    /// One entry of `shapes`: a definition or an application of traits.
    pub(super) fn shape(&mut self, id: Text<'a>, json: Node<'a>) {
        let Some(mut shape) = self.object(json, &["shapes", &id], "a shape") else {
            return;
        };
        let Some(kind) = take(&mut shape, "type") else {
            let message = format!("shape `{}` has no type", &*id);
            let help = "add `\"type\"`, for example `\"type\": \"structure\"`";
            let path = ["shapes", &*id];
            self.push(Code::MissingProperty, message, &path, |it| {
                it.name().help(help)
            });
            return;
        };
        let Some(kind) = self.string(kind, &["shapes", &id, "type"], "`type`") else {
            return;
        };
        match ShapeType::parse(&kind) {
            Some(kind) => self.definition(id, kind, shape),
            None if &*kind == "apply" => {
                let (target, member) = match id.split_once('$') {
                    Some((target, member)) => (target, Some(member)),
                    None => (&*id, None),
                };
                let valid = self.shape_id(target, &["shapes", &id], true)
                    && member.is_none_or(|member| self.member_name(&id, member, &[]));
                let traits = take(&mut shape, "traits");
                let traits = traits.map(|traits| self.traits(traits, &["shapes", &id, "traits"]));
                self.unknown_keys(&id, &[], &shape, "an `apply`", &["type", "traits"]);
                if valid {
                    let traits = traits.unwrap_or_default();
                    let source = Some(self.source);
                    self.ast
                        .applications
                        .push(Application { source, id, traits });
                }
            }
            None => {
                let message = format!("`{}` is not a type of shape", &*kind);
                let names: Vec<&str> = ShapeType::ALL.iter().map(|(name, _)| *name).collect();
                let help = did_you_mean(&kind, names.iter().copied().chain(["apply"]))
                    .unwrap_or_else(|| format!("the types are {}", quoted_list(&names)));
                let path = ["shapes", &*id, "type"];
                self.push(Code::UnknownShapeType, message, &path, |it| it.help(help));
            }
        }
    }

    fn definition(&mut self, id: Text<'a>, kind: ShapeType, shape: Object<'a>) {
        let valid = self.shape_id(&id, &["shapes", &id], true);
        let path = ["shapes", &*id, "type"];
        if matches!(kind, ShapeType::Enum | ShapeType::IntEnum) {
            self.since_version_2(kind.name(), &path);
        }
        let mut definition = Definition::new(self.source, id, kind);
        definition.version = self.version;
        for (key, value) in shape.entries {
            let id = definition.id.clone();
            let path = ["shapes", &*id, &*key];
            match &*key {
                "traits" => definition.traits = self.traits(value, &path),
                "mixins" => {
                    self.since_version_2("mixins", &path);
                    let mixins = self.references(value, "`mixins`", &path);
                    definition.mixins = mixins.into_iter().map(|(_, mixin)| mixin).collect();
                }
                key if !kind.properties().contains(&key) => {
                    let known: Vec<&str> =
                        COMMON.iter().chain(kind.properties()).copied().collect();
                    self.unknown_key(key, &path[..2], &kind.phrase(), &known);
                }
                "members" => definition.members = self.members(value, &id),
                "member" | "key" | "value" if !kind.has_named_members() => {
                    let member = self.member(key.clone(), value, &path);
                    definition.members.extend(member);
                }
                "version" => definition.service_version = self.string(value, &path, "`version`"),
                "rename" => definition.renames = self.renames(value, &path),
                "identifiers" => definition.identifiers = self.named_targets(value, &path),
                "properties" => definition.properties = self.named_targets(value, &path),
                key => {
                    let property = Property::ALL.iter().find(|it| it.name() == key);
                    let property = *property.expect("the other keys of these types are matched");
                    definition.links.extend(self.links(value, property, &path));
                }
            }
        }
        if valid && self.complete(&definition) {
            self.ast.definitions.push(definition);
        }
    }

    /// Reports a list without `member` and a map without `key` or `value`, unless a mixin may
    /// provide them.
    fn complete(&mut self, definition: &Definition<'a>) -> bool {
        let needed: &[&str] = match definition.kind {
            ShapeType::List | ShapeType::Set => &["member"],
            ShapeType::Map => &["key", "value"],
            _ => &[],
        };
        let has = |name: &&&str| {
            !definition
                .members
                .iter()
                .any(|member| *member.name == ***name)
        };
        let missing: Vec<&str> = needed.iter().filter(has).copied().collect();
        if missing.is_empty() || !definition.mixins.is_empty() {
            return true;
        }
        let message = format!(
            "{} `{}` lacks {}",
            definition.kind.name(),
            definition.id,
            quoted_list(&missing)
        );
        let help = format!(
            "add `\"{}\": {{\"target\": \"{}\"}}`",
            missing[0],
            prelude::STRING
        );
        let path = ["shapes", &*definition.id];
        self.push(Code::MissingProperty, message, &path, |it| {
            it.name().help(help)
        });
        false
    }

    fn members(&mut self, json: Node<'a>, id: &str) -> Vec<MemberDefinition<'a>> {
        let path = ["shapes", id, "members"];
        let Some(members) = self.object(json, &path, "`members`") else {
            return Vec::new();
        };
        let mut loaded = Vec::with_capacity(members.entries.len());
        for (name, member) in members.entries {
            let valid = self.member_name(id, &name, &["members", &name]);
            let path = ["shapes", id, "members", &*name];
            let member = self.member(name.clone(), member, &path);
            loaded.extend(member.filter(|_| valid));
        }
        loaded
    }

    fn member(
        &mut self,
        name: Text<'a>,
        json: Node<'a>,
        path: &[&str],
    ) -> Option<MemberDefinition<'a>> {
        let mut member = self.object(json, path, "a member")?;
        let traits_path: Vec<&str> = path.iter().copied().chain(["traits"]).collect();
        let traits = take(&mut member, "traits");
        let traits = traits
            .map(|traits| self.traits(traits, &traits_path))
            .unwrap_or_default();
        let target = self.target(&mut member, path, "a member", &["target", "traits"])?;
        Some(MemberDefinition {
            name,
            target,
            traits,
        })
    }

    /// A property of a service, resource or operation that refers to one shape or to several.
    fn links(&mut self, json: Node<'a>, property: Property, path: &[&str]) -> Vec<Link<'a>> {
        if property.is_list() {
            let references = self.references(json, &format!("`{}`", property.name()), path);
            let link = |(index, target)| Link {
                property,
                index: Some(index),
                target,
            };
            return references.into_iter().map(link).collect();
        }
        let Some(mut link) = self.object(json, path, "a reference") else {
            return Vec::new();
        };
        let target = self.target(&mut link, path, "a reference", &["target"]);
        let link = |target| Link {
            property,
            index: None,
            target,
        };
        target.map(link).into_iter().collect()
    }

    /// A list of references: the targets with their indexes.
    fn references(&mut self, json: Node<'a>, what: &str, path: &[&str]) -> Vec<(usize, Text<'a>)> {
        let items = self.array(json, path, what).unwrap_or_default();
        let mut references = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let token = index.to_string();
            let path: Vec<&str> = path.iter().copied().chain([&*token]).collect();
            let Some(mut reference) = self.object(item, &path, "a reference") else {
                continue;
            };
            let target = self.target(&mut reference, &path, "a reference", &["target"]);
            references.extend(target.map(|target| (index, target)));
        }
        references
    }

    /// Takes `target` out of a member or reference; the keys that are left are unknown.
    fn target(
        &mut self,
        object: &mut Object<'a>,
        path: &[&str],
        what: &str,
        known: &[&str],
    ) -> Option<Text<'a>> {
        let target = take(object, "target");
        for (key, _) in object.iter() {
            self.unknown_key(key, path, what, known);
        }
        let Some(target) = target else {
            let message = format!("{what} lacks `target`");
            let help = "add `\"target\"` with a shape id";
            self.push(Code::MissingProperty, message, path, |it| it.help(help));
            return None;
        };
        let path: Vec<&str> = path.iter().copied().chain(["target"]).collect();
        let target = self.string(target, &path, "`target`")?;
        self.shape_id(&target, &path, false).then_some(target)
    }

    /// The identifiers or properties of a resource: names and the ids of their targets.
    fn named_targets(&mut self, json: Node<'a>, path: &[&str]) -> Vec<(Text<'a>, Text<'a>)> {
        let named = self.object(json, path, "this property").unwrap_or_default();
        let mut loaded = Vec::with_capacity(named.entries.len());
        for (name, reference) in named.entries {
            let path: Vec<&str> = path.iter().copied().chain([&*name]).collect();
            let Some(mut reference) = self.object(reference, &path, "a reference") else {
                continue;
            };
            let target = self.target(&mut reference, &path, "a reference", &["target"]);
            loaded.extend(target.map(|target| (name.clone(), target)));
        }
        loaded
    }

    fn renames(&mut self, json: Node<'a>, path: &[&str]) -> Vec<(Text<'a>, Text<'a>)> {
        let renames = self.object(json, path, "`rename`").unwrap_or_default();
        let mut loaded = Vec::with_capacity(renames.entries.len());
        for (id, name) in renames.entries {
            let path: Vec<&str> = path.iter().copied().chain([&*id]).collect();
            let Some(name) = self.string(name, &path, "a new name") else {
                continue;
            };
            let valid = self.shape_id(&id, &path, true);
            if ShapeName::parse(&format!("a#{name}")).is_none() {
                let message = format!("`{}` is not a valid shape name", &*name);
                let help = "use letters, digits and `_`, and start with a letter";
                self.push(Code::InvalidShapeId, message, &path, |it| it.help(help));
            } else if valid {
                loaded.push((id.clone(), name));
            }
        }
        loaded
    }

    fn traits(&mut self, json: Node<'a>, path: &[&str]) -> Object<'a> {
        let traits = self.object(json, path, "`traits`").unwrap_or_default();
        for (id, _) in traits.iter() {
            if ShapeName::parse(id).is_none() {
                let path: Vec<&str> = path.iter().copied().chain([id]).collect();
                self.shape_id(id, &path, true);
            }
            if matches!(
                TraitId::find(id),
                Some(TraitId::Default | TraitId::Mixin | TraitId::EnumValue)
            ) {
                let path: Vec<&str> = path.iter().copied().chain([id]).collect();
                self.since_version_2(id, &path);
            }
        }
        traits
    }

    /// Reports what Smithy 1.0 does not have, in a file of that version.
    fn since_version_2(&mut self, what: &str, path: &[&str]) {
        if self.version == Version::V1 {
            let message = format!("`{what}` does not exist in Smithy 1.0");
            let help = "write the file in Smithy 2.0: `\"smithy\": \"2.0\"`; numbers and booleans \
                        have no implied default there";
            self.push(Code::SinceVersion2, message, path, |it| {
                it.name().help(help)
            });
        }
    }

    fn unknown_keys(
        &mut self,
        id: &str,
        path: &[&str],
        object: &Object<'a>,
        what: &str,
        known: &[&str],
    ) {
        let path: Vec<&str> = ["shapes", id]
            .into_iter()
            .chain(path.iter().copied())
            .collect();
        for (key, _) in object.iter().filter(|(key, _)| !known.contains(key)) {
            self.unknown_key(key, &path, what, known);
        }
    }

    /// Whether `id` is an absolute shape id without a member. Any other id is reported.
    fn shape_id(&mut self, id: &str, path: &[&str], is_key: bool) -> bool {
        if ShapeName::parse(id).is_some() {
            return true;
        }
        let (message, help) = if let Some((shape, _)) = id.split_once('$') {
            let message = format!("`{id}` is the id of a member, not of a shape");
            (message, format!("did you mean `{shape}`?"))
        } else if id.contains('#') {
            let message = format!("`{id}` is not a valid shape id");
            let help = "a shape id looks like `namespace#Name`, with letters, digits, `_` and, in the \
                        namespace, `.`";
            (message, help.to_owned())
        } else {
            let message = format!("`{id}` is not an absolute shape id");
            let help = format!("add the namespace, for example `example.weather#{id}`");
            (message, help)
        };
        self.push(Code::InvalidShapeId, message, path, |it| {
            if is_key {
                it.name().help(help)
            } else {
                it.help(help)
            }
        });
        false
    }

    /// Whether `name` is an identifier. Any other name is reported.
    fn member_name(&mut self, id: &str, name: &str, path: &[&str]) -> bool {
        if ShapeName::parse(&format!("a#{name}")).is_some() {
            return true;
        }
        let message = format!("`{name}` is not a valid member name");
        let help = "use letters, digits and `_`, and start with a letter or with `_` and a letter or \
                    digit; the trait `smithy.api#jsonName` gives the member another name in JSON";
        let path: Vec<&str> = ["shapes", id]
            .into_iter()
            .chain(path.iter().copied())
            .collect();
        self.push(Code::InvalidMemberName, message, &path, |it| {
            it.name().help(help)
        });
        false
    }
}

/// Takes the value of `key` out of an object.
fn take<'a>(object: &mut Object<'a>, key: &str) -> Option<Node<'a>> {
    let index = object.entries.iter().position(|(name, _)| **name == *key)?;
    Some(object.entries.remove(index).1)
}
