//! Shapes with their mixins copied into them (Smithy 2.0, "Mixins").

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::applied::{AppliedTrait, AppliedTraits};
use super::merge::{Merged, member_path};
use crate::ast::{Definition, ItemPath, Part, Property, ShapeType, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{Location, Span, TextRange};
use crate::suggest::{SuggestionLimit, did_you_mean};
use crate::traits::TraitId;

/// A shape without mixins.
#[derive(Clone, Debug)]
pub(crate) struct FlatShape<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) kind: ShapeType,
    pub(crate) version: Version,
    pub(crate) path: ItemPath<'a>,
    pub(crate) traits: AppliedTraits<'a>,
    pub(crate) members: Vec<FlatMember<'a>>,
    pub(crate) links: Vec<FlatLink<'a>>,
    pub(crate) service_version: Option<&'a str>,
    /// The renamed id, the new name, and the path of the entry.
    pub(crate) renames: Vec<(&'a str, &'a str, ItemPath<'a>)>,
    /// The identifiers of a resource: names and ids of targets.
    pub(crate) identifiers: Vec<(&'a str, &'a str)>,
    /// The names of the properties of a resource.
    pub(crate) properties: Vec<&'a str>,
    /// Whether [`synthetic`](super::synthetic) added it.
    pub(crate) synthetic: bool,
}

/// A member of the shape or of a mixin.
#[derive(Clone, Debug)]
pub(crate) struct FlatMember<'a> {
    pub(crate) name: &'a str,
    pub(crate) target: &'a str,
    pub(crate) traits: AppliedTraits<'a>,
    pub(crate) path: ItemPath<'a>,
}

/// A reference of a service, resource or operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlatLink<'a> {
    pub(crate) property: Property,
    pub(crate) target: &'a str,
    pub(crate) path: ItemPath<'a>,
}

impl FlatMember<'_> {
    /// The resource identifier that it is, which labels of URI patterns may name (Smithy 2.0,
    /// "resourceIdentifier trait").
    pub(crate) fn identifier(&self) -> Option<&str> {
        self.traits.get(TraitId::ResourceIdentifier)?.value.as_str()
    }
}

impl<'a> FlatShape<'a> {
    /// A shape without mixins as it is defined.
    pub(super) fn without_mixins(definition: &'a Definition<'a>) -> Self {
        mix(
            Merged::new(definition),
            &BTreeMap::new(),
            &mut Report::new(),
        )
    }

    /// The references of a property.
    pub(crate) fn links<'s>(
        &'s self,
        property: Property,
    ) -> impl Iterator<Item = FlatLink<'a>> + 's {
        self.links
            .iter()
            .copied()
            .filter(move |link| link.property == property)
    }
}

/// Copies mixins into the shapes that use them.
pub(crate) fn flatten<'a>(
    mut merged: BTreeMap<&'a str, Merged<'a>>,
    suggestions: &SuggestionLimit,
    report: &mut Report,
) -> BTreeMap<&'a str, FlatShape<'a>> {
    report_dangling(&merged, suggestions, report);
    let mut flat = BTreeMap::new();
    for id in order(&merged, report) {
        if let Some(shape) = merged.remove(id) {
            let shape = mix(shape, &flat, report);
            flat.insert(id, shape);
        }
    }
    flat
}

/// The shapes, with mixins before the shapes that use them. A cycle is reported and broken.
fn order<'a>(merged: &BTreeMap<&'a str, Merged<'a>>, report: &mut Report) -> Vec<&'a str> {
    let mixins = |id: &str| {
        merged[id]
            .definition
            .mixins
            .iter()
            .filter_map(|mixin| merged.get_key_value(&**mixin))
    };
    let mut ordered = Vec::with_capacity(merged.len());
    let mut entered = BTreeSet::new();
    let mut left = BTreeSet::new();
    for id in merged.keys().copied() {
        // Depth first, with an explicit stack: a chain of mixins may be as long as the file.
        let mut stack = vec![(id, mixins(id))];
        if !entered.insert(id) {
            continue;
        }
        while let Some((id, rest)) = stack.last_mut() {
            let id = *id;
            let Some((mixin, _)) = rest.next() else {
                left.insert(id);
                ordered.push(id);
                stack.pop();
                continue;
            };
            if entered.insert(mixin) {
                stack.push((mixin, mixins(mixin)));
            } else if !left.contains(mixin) {
                let from = stack
                    .iter()
                    .position(|(open, _)| open == mixin)
                    .unwrap_or(0);
                let names: Vec<&str> = stack[from..].iter().map(|(open, _)| *open).collect();
                report.push(cycle(&merged[id], mixin, &names));
            }
        }
    }
    ordered
}

fn cycle(shape: &Merged<'_>, mixin: &str, names: &[&str]) -> Diagnostic {
    let index = shape
        .definition
        .mixins
        .iter()
        .position(|name| **name == *mixin)
        .unwrap_or(0);
    let path: Vec<String> = names
        .iter()
        .chain([&mixin])
        .map(|name| format!("`{name}`"))
        .collect();
    let message = format!("mixin `{mixin}` contains itself: {}", chain(&path, "uses"));
    Diagnostic::new(Code::MixinCycle, message, mixin_location(shape, index))
        .shape(&shape.definition.id)
        .help("remove one of these mixins")
}

/// `a uses b, which uses c`.
pub(super) fn chain(names: &[String], verb: &str) -> String {
    match names {
        [first, rest @ ..] => format!("{first} {verb} {}", rest.join(&format!(", which {verb} "))),
        [] => String::new(),
    }
}

/// Where a shape refers to a mixin.
fn mixin_location(shape: &Merged<'_>, index: usize) -> Location {
    let range = shape.definition.mixins[index].range;
    let path = shape.path.part(Part::Mixin(index), span(range, range));
    path.target()
}

/// The span of an item, if the front end gives one.
fn span(name: Option<TextRange>, value: Option<TextRange>) -> Option<Span> {
    let name = name?;
    let value = value.unwrap_or(name);
    Some(Span { name, value })
}

fn mix<'a>(
    shape: Merged<'a>,
    flat: &BTreeMap<&'a str, FlatShape<'a>>,
    report: &mut Report,
) -> FlatShape<'a> {
    let definition = shape.definition;
    let mut mixed = FlatShape {
        id: Cow::Borrowed(&definition.id),
        kind: definition.kind,
        version: definition.version,
        path: shape.path,
        traits: AppliedTraits::default(),
        members: Vec::with_capacity(definition.members.len()),
        links: Vec::new(),
        service_version: None,
        renames: Vec::new(),
        identifiers: Vec::new(),
        properties: Vec::new(),
        synthetic: false,
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (index, id) in definition.mixins.iter().enumerate() {
        // A mixin that does not exist or is part of a cycle has been reported.
        let Some(mixin) = flat.get(&**id) else {
            continue;
        };
        if let Some(diagnostic) = not_a_mixin(&shape, index, mixin) {
            report.push(diagnostic);
            continue;
        }
        inherit(&mut mixed, mixin, &mut places, report);
    }
    mixed.traits.supersede(shape.traits);
    for (member, traits) in definition.members.iter().zip(shape.member_traits) {
        let member = FlatMember {
            name: &member.name,
            target: &member.target,
            traits,
            path: member_path(definition, member),
        };
        if definition.mixins.is_empty() {
            mixed.members.push(member);
        } else {
            add(&mut mixed, member, &mut places, report);
        }
    }
    for (name, traits) in shape.applied {
        match mixed.members.iter_mut().find(|member| member.name == name) {
            Some(member) => member.traits.supersede(traits),
            None => report.push(no_such_member(&mixed, name, &traits)),
        }
    }
    for link in &definition.links {
        // The shape's own reference replaces that of a mixin in a property with one reference.
        if link.index.is_none() {
            mixed.links.retain(|other| other.property != link.property);
        }
        let part = Part::Link(link.property, link.index);
        let range = link.target.range;
        mixed.links.push(FlatLink {
            property: link.property,
            target: &link.target,
            path: shape.path.part(part, span(range, range)),
        });
    }
    if let Some(version) = &definition.service_version {
        mixed.service_version = Some(version);
    }
    for (id, name) in &definition.renames {
        mixed.renames.retain(|(other, _, _)| *other != &**id);
        let path = shape
            .path
            .part(Part::Rename(id), span(id.range, name.range));
        mixed.renames.push((id, name, path));
    }
    for (name, target) in &definition.identifiers {
        mixed.identifiers.retain(|(other, _)| *other != &**name);
        mixed.identifiers.push((name, target));
    }
    let properties = definition.properties.iter();
    mixed.properties.extend(properties.map(|(name, _)| &**name));
    incomplete(&mixed, report);
    mixed
}

/// Copies a mixin, which has no mixins itself at this point.
fn inherit<'a>(
    mixed: &mut FlatShape<'a>,
    mixin: &FlatShape<'a>,
    places: &mut HashMap<&'a str, usize>,
    report: &mut Report,
) {
    let local = mixin.traits.fields(TraitId::Mixin, report);
    let local = local
        .and_then(|fields| fields.strings("localTraits", report))
        .unwrap_or_default();
    let is_inherited = |applied: &&AppliedTrait<'_>| {
        applied.known != Some(TraitId::Mixin) && !local.contains(&applied.id)
    };
    let inherited = mixin.traits.iter().filter(is_inherited);
    mixed.traits.supersede(inherited.cloned());
    for member in &mixin.members {
        add(mixed, member.clone(), places, report);
    }
    mixed.links.extend(&mixin.links);
    mixed.service_version = mixin.service_version.or(mixed.service_version);
    for identifier in &mixin.identifiers {
        mixed.identifiers.retain(|(name, _)| *name != identifier.0);
        mixed.identifiers.push(*identifier);
    }
    mixed.properties.extend(&mixin.properties);
    for rename in &mixin.renames {
        mixed.renames.retain(|(id, _, _)| *id != rename.0);
        mixed.renames.push(*rename);
    }
}

/// Adds a member, or merges it into the member with the same name.
fn add<'a>(
    mixed: &mut FlatShape<'a>,
    member: FlatMember<'a>,
    places: &mut HashMap<&'a str, usize>,
    report: &mut Report,
) {
    let Some(&index) = places.get(member.name) else {
        places.insert(member.name, mixed.members.len());
        mixed.members.push(member);
        return;
    };
    let inherited = &mut mixed.members[index];
    if inherited.target != member.target {
        let message = format!(
            "`{}${}` targets `{}`, but a mixin gives it the target `{}`",
            mixed.id, member.name, member.target, inherited.target
        );
        report.push(
            Diagnostic::new(Code::MixinConflict, message, member.path.target())
                .shape(format!("{}${}", mixed.id, member.name))
                .related(inherited.path.target(), "the mixin's target")
                .help("use the same target, or rename the member"),
        );
        return;
    }
    inherited.path = member.path;
    inherited.traits.supersede(member.traits);
}

fn not_a_mixin(shape: &Merged<'_>, index: usize, mixin: &FlatShape<'_>) -> Option<Diagnostic> {
    let (id, kind) = (&shape.definition.id, shape.definition.kind);
    let (message, help) = if !mixin.traits.has(TraitId::Mixin) {
        let message = format!(
            "`{id}` uses `{}` as a mixin, but it lacks the trait `mixin`",
            mixin.id
        );
        (message, "add the trait `smithy.api#mixin` to it".to_owned())
    } else if mixin.kind != kind {
        let (theirs, ours) = (mixin.kind.phrase(), kind.phrase());
        let message = format!("`{id}`, {ours}, uses the mixin `{}`, {theirs}", mixin.id);
        (message, format!("use a mixin that is {ours} too"))
    } else {
        return None;
    };
    let diagnostic = Diagnostic::new(Code::NotAMixin, message, mixin_location(shape, index));
    Some(
        diagnostic
            .shape(id)
            .related_name(mixin.path.location(), "defined here")
            .help(help),
    )
}

fn report_dangling(
    merged: &BTreeMap<&str, Merged<'_>>,
    suggestions: &SuggestionLimit,
    report: &mut Report,
) {
    for (shape_id, shape) in merged {
        for (index, id) in shape.definition.mixins.iter().enumerate() {
            if merged.contains_key(&**id) {
                continue;
            }
            let message = format!("`{shape_id}` uses the mixin `{id}`, which is not in the model");
            let at = mixin_location(shape, index);
            let mut diagnostic = Diagnostic::new(Code::DanglingTarget, message, at);
            let ids = merged.keys().copied();
            diagnostic.help = if id.range.is_some() {
                suggestions.did_you_mean_or_import(id, ids)
            } else {
                suggestions.did_you_mean(id, ids)
            };
            report.push(diagnostic.shape(shape_id));
        }
    }
}

fn no_such_member(shape: &FlatShape<'_>, name: &str, traits: &AppliedTraits<'_>) -> Diagnostic {
    let message = format!(
        "traits are applied to `{}${name}`, which is not in the model",
        shape.id
    );
    let path = traits
        .iter()
        .next()
        .map_or(shape.path, |applied| applied.owner);
    let mut diagnostic = Diagnostic::new(Code::DanglingApply, message, path.location())
        .name()
        .shape(format!("{}${name}", shape.id))
        .related_name(shape.path.location(), "the shape is defined here");
    let names = shape.members.iter().map(|member| member.name);
    diagnostic.help = did_you_mean(name, names);
    diagnostic
}

/// Reports a list or map that lacks a member that its mixins do not provide.
fn incomplete(shape: &FlatShape<'_>, report: &mut Report) {
    let needed: &[&str] = match shape.kind {
        ShapeType::List | ShapeType::Set => &["member"],
        ShapeType::Map => &["key", "value"],
        _ => return,
    };
    for name in needed {
        if !shape.members.iter().any(|member| member.name == *name) {
            let message = format!(
                "`{}` lacks `{name}`, and its mixins do not provide it",
                shape.id
            );
            report.push(
                Diagnostic::new(Code::MissingProperty, message, shape.path.location())
                    .name()
                    .shape(&shape.id)
                    .help(format!("add `{name}` to the shape or to a mixin")),
            );
        }
    }
}
