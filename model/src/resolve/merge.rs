//! Several files to one set of shapes (Smithy 2.0, "Merging model files"), and `apply`.

use std::collections::BTreeMap;

use super::applied::{AppliedTrait, AppliedTraits};
use crate::ast::{Ast, Definition, ItemPath, Link, MemberDefinition, Metadata, Part, Property};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::library;
use crate::node::{Text, Value};
use crate::prelude;
use crate::source::{Location, Span};
use crate::suggest::SuggestionLimit;
use crate::traits::TraitId;

/// A shape with the traits of all its definitions and applications, without its mixins.
pub(crate) struct Merged<'a> {
    pub(crate) definition: &'a Definition<'a>,
    pub(crate) path: ItemPath<'a>,
    pub(crate) traits: AppliedTraits<'a>,
    /// The traits of its members, in their order.
    pub(crate) member_traits: Vec<AppliedTraits<'a>>,
    /// The traits that are applied to members that it does not define; they may be those of a
    /// mixin.
    pub(crate) applied: BTreeMap<&'a str, AppliedTraits<'a>>,
}

impl<'a> Merged<'a> {
    pub(super) fn new(definition: &'a Definition<'a>) -> Self {
        let path = ItemPath::shape(definition.source, &definition.id, definition.id.range);
        let member = |member: &'a MemberDefinition<'a>| {
            AppliedTraits::new(&member.traits, member_path(definition, member))
        };
        Self {
            definition,
            path,
            traits: AppliedTraits::new(&definition.traits, path),
            member_traits: definition.members.iter().map(member).collect(),
            applied: BTreeMap::new(),
        }
    }
}

/// The path of a member of a definition.
pub(super) fn member_path<'a>(
    definition: &'a Definition<'a>,
    member: &'a MemberDefinition<'a>,
) -> ItemPath<'a> {
    let part = if definition.kind.has_named_members() {
        Part::NamedMember(&member.name)
    } else {
        Part::FixedMember(&member.name)
    };
    let span = member.name.range.map(|name| Span {
        name,
        value: member.target.range.unwrap_or(name),
    });
    ItemPath::shape(definition.source, &definition.id, None).part(part, span)
}

/// The shapes by id.
pub(crate) fn merge<'a>(
    ast: &'a Ast<'a>,
    suggestions: &SuggestionLimit,
    report: &mut Report,
) -> BTreeMap<&'a str, Merged<'a>> {
    let mut shapes: BTreeMap<&str, Merged<'_>> = BTreeMap::new();
    for definition in prelude::definitions().iter().chain(&ast.definitions) {
        let again = Merged::new(definition);
        match shapes.get_mut(&*definition.id) {
            None => drop(shapes.insert(&definition.id, again)),
            Some(first) => unite(first, again, report),
        }
    }
    report_metadata(ast, report);
    for application in &ast.applications {
        let id = &application.id;
        let path = ItemPath::shape(application.source, id, id.range);
        let traits = AppliedTraits::new(&application.traits, path);
        let (id, member) = match id.split_once('$') {
            Some((id, member)) => (id, Some(member)),
            None => (&**id, None),
        };
        let Some(shape) = shapes.get_mut(id) else {
            let message = format!("traits are applied to `{id}`, which is not in the model");
            let mut diagnostic =
                Diagnostic::new(Code::DanglingApply, message, path.location()).name();
            diagnostic.help = suggestions.did_you_mean(id, shapes.keys().copied());
            report.push(diagnostic.shape(path.id()));
            continue;
        };
        if id.starts_with(prelude::NAMESPACE) {
            report_applied_to_prelude(&traits, report);
            continue;
        }
        match member {
            None => shape.traits.join(traits, report),
            Some(name) => {
                let own = shape
                    .definition
                    .members
                    .iter()
                    .position(|member| *member.name == *name);
                match own {
                    Some(index) => shape.member_traits[index].join(traits, report),
                    None => shape.applied.entry(name).or_default().join(traits, report),
                }
            }
        }
    }
    shapes
}

/// Reports metadata that has two values, other than equal ones and lists, which are joined.
fn report_metadata(ast: &Ast<'_>, report: &mut Report) {
    let mut first: BTreeMap<&str, &Metadata<'_>> = BTreeMap::new();
    let location = |entry: &Metadata<'_>| match (entry.source, entry.key.range, entry.value.range) {
        (Some(_), Some(name), Some(value)) => Location::span(entry.source, Span { name, value }),
        _ => Location::json(entry.source, ["metadata", &*entry.key]),
    };
    for entry in &ast.metadata {
        let Some(before) = first.get(&*entry.key) else {
            first.insert(&entry.key, entry);
            continue;
        };
        let are_lists = matches!(
            (&before.value.value, &entry.value.value),
            (Value::Array(_), Value::Array(_))
        );
        if are_lists || before.value == entry.value {
            continue;
        }
        let message = format!("the metadata `{}` has two different values", entry.key);
        report.push(
            Diagnostic::new(Code::ConflictingMetadata, message, location(entry))
                .label("one value")
                .related(location(before), "the other value")
                .help("remove one of them, or make them equal"),
        );
    }
}

/// Adds the shapes of trait libraries that the shapes refer to and that no file defines.
pub(super) fn add_library_shapes(shapes: &mut BTreeMap<&str, Merged<'_>>) {
    let is_public = |id: &str| {
        let definition = library::may_have(id)
            .then(|| library::definition(id))
            .flatten();
        definition.filter(|it| {
            let has = |id| it.traits.get(id).is_some();
            !has(TraitId::Trait.id()) && !has(prelude::PRIVATE)
        })
    };
    let missing = |definition: &Definition<'_>| {
        let targets = definition.members.iter().map(|member| &member.target);
        let targets = targets.chain(definition.links.iter().map(|link| &link.target));
        targets.filter_map(|id| is_public(id)).collect::<Vec<_>>()
    };
    let mut open: Vec<&Definition<'static>> = shapes
        .values()
        .flat_map(|shape| missing(shape.definition))
        .collect();
    while let Some(definition) = open.pop() {
        if !shapes.contains_key(&*definition.id) {
            shapes.insert(&definition.id, Merged::new(definition));
            open.extend(missing(definition));
        }
    }
}

/// Adds another definition of the same shape. The definitions must be the same except for traits,
/// which are joined. The definition of a file replaces that of the prelude.
fn unite<'a>(first: &mut Merged<'a>, mut again: Merged<'a>, report: &mut Report) {
    if first.definition.kind == again.definition.kind && first.definition.source.is_none() {
        let is_own = first.definition.id.starts_with(prelude::NAMESPACE);
        let same = |it: &AppliedTrait<'_>, own: &AppliedTrait<'_>| {
            it.id == own.id && *it.value == *own.value
        };
        let others = again.traits.iter().filter(|it| {
            let is_of_prelude = first.traits.iter().any(|own| same(it, own));
            is_own && !is_of_prelude && it.known.is_some_and(|id| !id.is_documentation())
        });
        let others = others.cloned().collect();
        report_applied_to_prelude(&others, report);
        again.traits.complete(std::mem::take(&mut first.traits));
        *first = again;
        return;
    }
    if let Some(difference) = difference(first.definition, again.definition) {
        let id = &*again.definition.id;
        let mut diagnostic = Diagnostic::new(
            Code::ConflictingShapes,
            format!("`{id}` is defined twice with a difference: {difference}"),
            again.path.location(),
        )
        .name()
        .label("defined differently here")
        .shape(id);
        if first.path.source.is_some() {
            diagnostic = diagnostic.related_name(first.path.location(), "first defined here");
        }
        report.push(
            diagnostic.help("remove one of the definitions, or make them equal except for traits"),
        );
        return;
    }
    first.traits.join(again.traits, report);
    for (member, traits) in again.definition.members.iter().zip(again.member_traits) {
        let members = &first.definition.members;
        let index = members.iter().position(|first| *first.name == *member.name);
        let index = index.expect("definitions without a difference have the same members");
        first.member_traits[index].join(traits, report);
    }
}

/// Traits of shapes in the prelude would change every model.
fn report_applied_to_prelude(traits: &AppliedTraits<'_>, report: &mut Report) {
    for applied in traits.iter() {
        let message = format!(
            "the trait `{}` is applied to `{}`, which every model shares",
            applied.id,
            applied.owner.id()
        );
        report.push(
            Diagnostic::new(Code::AppliedToPrelude, message, applied.location())
                .name()
                .shape(applied.owner.id())
                .help("define a shape of your own with this trait, and target that"),
        );
    }
}

/// The first difference between two definitions of a shape, except in traits.
fn difference(a: &Definition<'_>, b: &Definition<'_>) -> Option<String> {
    if a.kind != b.kind {
        return Some(format!(
            "one is {}, the other {}",
            a.kind.phrase(),
            b.kind.phrase()
        ));
    }
    let members = |shape: &Definition<'_>| -> BTreeMap<String, String> {
        let pair =
            |member: &MemberDefinition<'_>| (member.name.to_string(), member.target.to_string());
        shape.members.iter().map(pair).collect()
    };
    let (ours, theirs) = (members(a), members(b));
    if let Some(name) = ours.keys().find(|name| !theirs.contains_key(*name)) {
        return Some(format!("only one has the member `{name}`"));
    }
    if let Some(name) = theirs.keys().find(|name| !ours.contains_key(*name)) {
        return Some(format!("only one has the member `{name}`"));
    }
    if let Some((name, _)) = ours.iter().find(|(name, target)| theirs[*name] != **target) {
        return Some(format!("the member `{name}` has different targets"));
    }
    let links = |shape: &Definition<'_>| {
        let pair = |link: &Link<'_>| (link.property, link.target.to_string());
        let mut links: Vec<_> = shape.links.iter().map(pair).collect();
        links.sort();
        links
    };
    let (ours, theirs) = (links(a), links(b));
    if ours != theirs {
        let only = |x: &[(Property, String)], y: &[(Property, String)]| {
            x.iter()
                .find(|link| !y.contains(link))
                .map(|(property, _)| *property)
        };
        let property = only(&ours, &theirs)
            .or_else(|| only(&theirs, &ours))
            .map_or("links", Property::name);
        return Some(format!("`{property}` differs"));
    }
    let mixins = |shape: &Definition<'_>| -> Vec<String> {
        shape.mixins.iter().map(ToString::to_string).collect()
    };
    if mixins(a) != mixins(b) {
        return Some("they have different mixins".into());
    }
    if a.service_version.as_deref() != b.service_version.as_deref() {
        return Some("`version` differs".into());
    }
    let renames = |shape: &Definition<'_>| -> BTreeMap<String, String> {
        shape
            .renames
            .iter()
            .map(|(id, name)| (id.to_string(), name.to_string()))
            .collect()
    };
    if renames(a) != renames(b) {
        return Some("`rename` differs".into());
    }
    let named = |targets: &[(Text<'_>, Text<'_>)]| -> BTreeMap<String, String> {
        let targets = targets.iter();
        targets
            .map(|(name, target)| (name.to_string(), target.to_string()))
            .collect()
    };
    if named(&a.identifiers) != named(&b.identifiers) {
        return Some("`identifiers` differs".into());
    }
    (named(&a.properties) != named(&b.properties)).then(|| "`properties` differs".into())
}
