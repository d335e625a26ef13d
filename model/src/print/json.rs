//! The JSON AST of a model (Smithy 2.0, "JSON AST"), with one entry for each shape of all files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{Ast, Definition, Property, ShapeType};
use crate::diagnostic::Report;
use crate::node::{Node, Object, Text, Value};
use crate::prelude;
use crate::resolve::{AppliedTraits, FlatShape, Merged, flatten, merge};
use crate::suggest::SuggestionLimit;
use crate::traits::TraitId;

use super::upgrade::{Upgrade, add};

/// What becomes of mixins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixins {
    /// Shapes refer to their mixins.
    Keep,
    /// Shapes have the members and traits of their mixins, and the mixins are left out.
    Flatten,
}

/// The JSON AST of all files of a model, in Smithy 2.0: shapes by id, traits by id, members as
/// written. `Display` prints it on one line, [`Node::pretty`] on several.
pub fn json_ast(ast: &Ast<'_>, mixins: Mixins) -> Result<Node<'static>, Report> {
    let mut report = Report::new();
    let suggestions = SuggestionLimit::new();
    let merged = merge(ast, &suggestions, &mut report);
    let metadata = metadata(ast);
    let resources = resources(&merged);
    let upgrade = Upgrade::new(&merged);
    let shapes = match mixins {
        Mixins::Keep => kept(&merged, &upgrade),
        Mixins::Flatten => {
            let flat = flatten(merged, &suggestions, &mut report);
            flattened(flat, &resources, &upgrade)
        }
    };
    report.barrier()?;
    let mut root = Builder::default();
    root.add("smithy", Node::from("2.0"));
    if !metadata.is_empty() {
        root.add("metadata", object(metadata));
    }
    root.add("shapes", object(shapes));
    Ok(root.build().to_static())
}

/// An object under construction.
#[derive(Default)]
struct Builder<'a>(Object<'a>);

impl<'a> Builder<'a> {
    fn add(&mut self, key: impl Into<Text<'a>>, value: Node<'a>) {
        self.0.entries.push((key.into(), value));
    }

    fn add_some(&mut self, key: &'static str, value: Node<'a>) {
        let is_empty = match &value.value {
            Value::Array(items) => items.is_empty(),
            Value::Object(object) => object.is_empty(),
            _ => false,
        };
        if !is_empty {
            self.add(key, value);
        }
    }

    fn build(self) -> Node<'a> {
        self.0.into()
    }
}

fn object<'a, K: Into<Text<'a>>>(entries: impl IntoIterator<Item = (K, Node<'a>)>) -> Node<'a> {
    let entries = entries.into_iter();
    let entries = entries.map(|(key, value)| (key.into(), value));
    Node::from(entries.collect::<Object<'_>>())
}

fn string<'a>(text: impl Into<Cow<'a, str>>) -> Node<'a> {
    Node::new(Value::String(text.into()))
}

fn array<'a>(items: impl IntoIterator<Item = Node<'a>>) -> Node<'a> {
    Node::new(Value::Array(items.into_iter().collect()))
}

fn reference<'a>(target: impl Into<Cow<'a, str>>) -> Node<'a> {
    object([("target", string(target))])
}

/// The merged metadata, sorted by key. Conflicts have been reported by `merge`.
fn metadata<'a>(ast: &'a Ast<'_>) -> BTreeMap<&'a str, Node<'a>> {
    let mut merged: BTreeMap<&str, Node<'_>> = BTreeMap::new();
    for entry in &ast.metadata {
        match merged.get_mut(&*entry.key) {
            None => drop(merged.insert(&entry.key, entry.value.clone())),
            Some(before) => {
                if let (Value::Array(items), Value::Array(more)) =
                    (&mut before.value, &entry.value.value)
                {
                    items.extend(more.iter().cloned());
                }
            }
        }
    }
    for value in merged.values_mut() {
        sort_keys(value);
    }
    merged
}

fn sort_keys(node: &mut Node<'_>) {
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(sort_keys),
        Value::Object(object) => {
            object.entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
            object
                .entries
                .iter_mut()
                .for_each(|(_, value)| sort_keys(value));
        }
        _ => {}
    }
}

fn member<'a>(target: &'a str, mut traits: Object<'a>, enum_value: Option<Node<'a>>) -> Node<'a> {
    if let Some(value) = enum_value {
        add(&mut traits, TraitId::EnumValue.id(), value);
    }
    let mut member = Builder::default();
    member.add("target", string(target));
    member.add_some("traits", traits.into());
    member.build()
}

/// The value of a member of an enum that has none: its name.
fn enum_value<'a>(kind: ShapeType, name: &'a str, applied: &AppliedTraits<'a>) -> Option<Node<'a>> {
    let is_missing = kind == ShapeType::Enum && !applied.has(TraitId::EnumValue);
    is_missing.then(|| Node::from(name))
}

/// The entries of shapes with their mixins, and the `apply` entries for members of mixins.
fn kept<'a>(
    merged: &BTreeMap<&'a str, Merged<'a>>,
    upgrade: &Upgrade<'a>,
) -> BTreeMap<String, Node<'a>> {
    let mut shapes = BTreeMap::new();
    for (id, shape) in merged {
        let definition = shape.definition;
        if definition.source.is_none() {
            continue;
        }
        let inherited = inherited_members(definition, merged);
        let mut introduced: BTreeMap<&str, AppliedTraits<'a>> = shape.applied.clone();
        let mut own = Vec::new();
        for (written, applied) in definition.members.iter().zip(&shape.member_traits) {
            if inherited.contains(&*written.name.text) {
                let traits = introduced.entry(&written.name).or_default();
                traits.complete(applied.iter().cloned());
            } else {
                let value = enum_value(definition.kind, &written.name, applied);
                let (version, kind) = (definition.version, definition.kind);
                let traits = upgrade.member(version, kind, &written.target, applied);
                own.push((&*written.name.text, member(&written.target, traits, value)));
            }
        }
        let mut entry = Builder::default();
        // Smithy 2.0 has no sets.
        let kind = match definition.kind {
            ShapeType::Set => ShapeType::List,
            kind => kind,
        };
        entry.add("type", Node::from(kind.name()));
        entry.add_some(
            "mixins",
            array(definition.mixins.iter().map(|it| reference(&*it.text))),
        );
        add_members(&mut entry, definition.kind, own);
        let links = definition
            .links
            .iter()
            .map(|link| (link.property, &*link.target.text));
        let named: (Named<'_>, Named<'_>) = (&definition.identifiers, &definition.properties);
        let renames = definition
            .renames
            .iter()
            .map(|(id, name)| (&*id.text, &*name.text));
        let version = definition.service_version.as_deref();
        add_links(
            &mut entry,
            definition.kind,
            version,
            &links.collect::<Vec<_>>(),
            named,
            renames.collect(),
        );
        let traits = Upgrade::shape(definition.version, definition.kind, &shape.traits);
        entry.add_some("traits", traits.into());
        shapes.insert((*id).to_owned(), entry.build());
        for (name, applied) in introduced {
            let mut entry = Builder::default();
            entry.add("type", Node::from("apply"));
            let traits = upgrade.member(definition.version, definition.kind, "", &applied);
            entry.add_some("traits", traits.into());
            if entry.0.entries.len() > 1 {
                shapes.insert(format!("{id}${name}"), entry.build());
            }
        }
    }
    shapes
}

/// The names of the members that a shape gets from its mixins.
fn inherited_members<'a>(
    definition: &'a Definition<'a>,
    merged: &BTreeMap<&'a str, Merged<'a>>,
) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&'a str> = definition.mixins.iter().map(|it| &*it.text).collect();
    while let Some(id) = waiting.pop() {
        if let Some(mixin) = merged.get(id)
            && seen.insert(id)
        {
            names.extend(mixin.definition.members.iter().map(|it| &*it.name.text));
            waiting.extend(mixin.definition.mixins.iter().map(|it| &*it.text));
        }
    }
    names
}

fn add_members<'a>(entry: &mut Builder<'a>, kind: ShapeType, members: Vec<(&'a str, Node<'a>)>) {
    if kind.has_named_members() {
        entry.add("members", object(members));
    } else {
        for (name, member) in members {
            entry.add(name, member);
        }
    }
}

/// Names and ids of targets.
type Named<'a> = &'a [(Text<'a>, Text<'a>)];

/// Adds what a service, resource or operation has.
fn add_links<'a>(
    entry: &mut Builder<'a>,
    kind: ShapeType,
    version: Option<&'a str>,
    links: &[(Property, &'a str)],
    (identifiers, properties): (Named<'a>, Named<'a>),
    renames: Vec<(&'a str, &'a str)>,
) {
    let one = |property| {
        let mut targets = links.iter().filter(|(of, _)| *of == property);
        targets.next().map(|(_, target)| *target)
    };
    let several = |property| {
        let mut seen = BTreeSet::new();
        let targets = links
            .iter()
            .filter(|(of, target)| *of == property && seen.insert(*target));
        array(
            targets
                .map(|(_, target)| reference(*target))
                .collect::<Vec<_>>(),
        )
    };
    let named = |named: Named<'a>| {
        object(
            named
                .iter()
                .map(|(name, target)| (&*name.text, reference(&*target.text))),
        )
    };
    match kind {
        ShapeType::Operation => {
            for property in [Property::Input, Property::Output] {
                let target = one(property).unwrap_or(prelude::UNIT);
                entry.add(property.name(), reference(target));
            }
            entry.add_some("errors", several(Property::Errors));
        }
        ShapeType::Service => {
            if let Some(version) = version.filter(|version| !version.is_empty()) {
                entry.add("version", string(version));
            }
            for property in [Property::Operations, Property::Resources, Property::Errors] {
                entry.add_some(property.name(), several(property));
            }
            let renames = renames.into_iter().collect::<BTreeMap<_, _>>();
            let renames = renames.into_iter().map(|(id, name)| (id, string(name)));
            entry.add_some("rename", object(renames));
        }
        ShapeType::Resource => {
            entry.add_some("identifiers", named(identifiers));
            entry.add_some("properties", named(properties));
            for property in [
                Property::Put,
                Property::Create,
                Property::Read,
                Property::Update,
                Property::Delete,
                Property::List,
            ] {
                if let Some(target) = one(property) {
                    entry.add(property.name(), reference(target));
                }
            }
            for property in [
                Property::Operations,
                Property::CollectionOperations,
                Property::Resources,
            ] {
                entry.add_some(property.name(), several(property));
            }
        }
        _ => {}
    }
}

/// The identifiers and properties of a resource, with those of its mixins.
#[derive(Default)]
struct Resource<'a> {
    identifiers: Vec<(Text<'a>, Text<'a>)>,
    properties: Vec<(Text<'a>, Text<'a>)>,
}

fn resources<'a>(merged: &BTreeMap<&'a str, Merged<'a>>) -> BTreeMap<String, Resource<'a>> {
    let mut resources = BTreeMap::new();
    for (id, shape) in merged {
        if shape.definition.kind != ShapeType::Resource {
            continue;
        }
        let mut resource = Resource::default();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![*id];
        while let Some(id) = waiting.pop() {
            let Some(shape) = merged.get(id).filter(|_| seen.insert(id)) else {
                continue;
            };
            let definition = shape.definition;
            let add = |to: &mut Vec<(Text<'a>, Text<'a>)>, from: &'a [(Text<'a>, Text<'a>)]| {
                for (name, target) in from {
                    if !to.iter().any(|(before, _)| *before.text == *name.text) {
                        to.push((name.clone(), target.clone()));
                    }
                }
            };
            add(&mut resource.identifiers, &definition.identifiers);
            add(&mut resource.properties, &definition.properties);
            waiting.extend(definition.mixins.iter().rev().map(|it| &*it.text));
        }
        resources.insert((*id).to_owned(), resource);
    }
    resources
}

/// The entries of shapes with the members of their mixins.
fn flattened<'a>(
    flat: BTreeMap<&'a str, FlatShape<'a>>,
    resources: &'a BTreeMap<String, Resource<'a>>,
    upgrade: &Upgrade<'a>,
) -> BTreeMap<String, Node<'a>> {
    let mut shapes = BTreeMap::new();
    for (id, shape) in flat {
        if shape.path.source.is_none() || shape.traits.has(TraitId::Mixin) {
            continue;
        }
        let mut entry = Builder::default();
        let kind = match shape.kind {
            ShapeType::Set => ShapeType::List,
            kind => kind,
        };
        entry.add("type", Node::from(kind.name()));
        let members = shape.members.iter().map(|it| {
            let value = enum_value(shape.kind, it.name, &it.traits);
            let traits = upgrade.member(shape.version, shape.kind, it.target, &it.traits);
            (it.name, member(it.target, traits, value))
        });
        add_members(&mut entry, shape.kind, members.collect());
        let links = shape.links.iter().map(|link| (link.property, link.target));
        let none: (Named<'_>, Named<'_>) = (&[], &[]);
        let named = resources
            .get(id)
            .map_or(none, |it| (&*it.identifiers, &*it.properties));
        let renames = shape.renames.iter().map(|(id, name, _)| (*id, *name));
        let version = shape.service_version;
        add_links(
            &mut entry,
            shape.kind,
            version,
            &links.collect::<Vec<_>>(),
            named,
            renames.collect(),
        );
        let traits = Upgrade::shape(shape.version, shape.kind, &shape.traits);
        entry.add_some("traits", traits.into());
        shapes.insert(id.to_owned(), entry.build().to_static());
    }
    shapes
}
