//! Shapes with their mixins copied into them (Smithy 2.0, "Mixins").

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::merge::{Merged, member_site};
use super::traits::{Path, Site, Traits};
use crate::ast::{ShapeType, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::At;
use crate::suggest::{Budget, did_you_mean};

/// A shape without mixins.
#[derive(Clone, Debug)]
pub(super) struct Flat<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) kind: ShapeType,
    pub(super) version: Version,
    pub(super) site: Site<'a>,
    pub(super) traits: Traits<'a>,
    pub(super) members: Vec<FlatMember<'a>>,
    pub(super) links: Vec<FlatLink<'a>>,
    pub(super) service_version: Option<&'a str>,
    /// The id that is renamed, the new name, and where it stands.
    pub(super) renames: Vec<(&'a str, &'a str, Site<'a>)>,
    /// Made by [`synthetic`](super::synthetic).
    pub(super) synthetic: bool,
}

/// A member, its own or a mixin's.
#[derive(Clone, Debug)]
pub(super) struct FlatMember<'a> {
    pub(super) name: &'a str,
    pub(super) target: &'a str,
    pub(super) traits: Traits<'a>,
    pub(super) site: Site<'a>,
}

/// A reference of a service, resource or operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct FlatLink<'a> {
    pub(super) property: &'static str,
    pub(super) target: &'a str,
    pub(super) site: Site<'a>,
}

impl<'a> Flat<'a> {
    /// The references of a property.
    pub(super) fn links<'s>(
        &'s self,
        property: &'s str,
    ) -> impl Iterator<Item = FlatLink<'a>> + 's {
        self.links
            .iter()
            .copied()
            .filter(move |link| link.property == property)
    }
}

/// Copies mixins into the shapes that name them.
pub(super) fn flatten<'a>(
    merged: &BTreeMap<&'a str, Merged<'a>>,
    suggestions: &Budget,
    report: &mut Report,
) -> BTreeMap<&'a str, Flat<'a>> {
    report_dangling(merged, suggestions, report);
    let mut flat = BTreeMap::new();
    for id in order(merged, report) {
        let shape = mix(&merged[id], &flat, report);
        flat.insert(id, shape);
    }
    flat
}

/// The shapes, mixins before those that name them. A cycle is reported and broken.
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
        // Depth first with a stack of its own: a chain of mixins may be as long as the file.
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
        .position(|name| name == mixin)
        .unwrap_or(0);
    let path: Vec<String> = names
        .iter()
        .chain([&mixin])
        .map(|name| format!("`{name}`"))
        .collect();
    let message = format!("`{mixin}` is mixed into itself: {}", path.join(" has "));
    Diagnostic::new(Code::MixinCycle, message, mixin_at(shape, index))
        .shape(&shape.definition.id)
        .help("remove one of these mixins")
}

fn mixin_at(shape: &Merged<'_>, index: usize) -> At {
    shape
        .site
        .at()
        .join("mixins")
        .join(&index.to_string())
        .join("target")
}

fn mix<'a>(
    shape: &Merged<'a>,
    flat: &BTreeMap<&'a str, Flat<'a>>,
    report: &mut Report,
) -> Flat<'a> {
    let definition = shape.definition;
    let mut mixed = Flat {
        id: Cow::Borrowed(&definition.id),
        kind: definition.kind,
        version: definition.version,
        site: shape.site,
        traits: Traits::default(),
        members: Vec::with_capacity(definition.members.len()),
        links: Vec::new(),
        service_version: None,
        renames: Vec::new(),
        synthetic: false,
    };
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (index, id) in definition.mixins.iter().enumerate() {
        // One that is not there, or is part of a cycle, is reported.
        let Some(mixin) = flat.get(&**id) else {
            continue;
        };
        if let Some(diagnostic) = not_a_mixin(shape, index, mixin) {
            report.push(diagnostic);
            continue;
        }
        inherit(&mut mixed, mixin, &mut places, report);
    }
    mixed.traits.supersede(shape.traits.clone());
    for (member, traits) in definition.members.iter().zip(&shape.member_traits) {
        let member = FlatMember {
            name: &member.name,
            target: &member.target,
            traits: traits.clone(),
            site: member_site(definition, &member.name),
        };
        if definition.mixins.is_empty() {
            mixed.members.push(member);
        } else {
            add(&mut mixed, member, &mut places, report);
        }
    }
    for (name, traits) in &shape.applied {
        match mixed.members.iter_mut().find(|member| member.name == *name) {
            Some(member) => member.traits.supersede(traits.clone()),
            None => report.push(no_such_member(&mixed, name, traits)),
        }
    }
    for link in &definition.links {
        let path = Path::Link(link.property, link.index);
        let link = FlatLink {
            property: link.property,
            target: &link.target,
            site: Site { path, ..shape.site },
        };
        // `input`, `output` and the lifecycle operations are one each: the shape's own wins over a mixin's.
        if matches!(link.site.path, Path::Link(_, None)) {
            mixed.links.retain(|other| other.property != link.property);
        }
        mixed.links.push(link);
    }
    if let Some(version) = &definition.service_version {
        mixed.service_version = Some(version);
    }
    for (id, name) in &definition.renames {
        mixed.renames.retain(|(other, _, _)| *other != &**id);
        mixed.renames.push((
            id,
            name,
            Site {
                path: Path::Rename(id),
                ..shape.site
            },
        ));
    }
    incomplete(&mixed, report);
    mixed
}

/// Copies a mixin that has none itself any more.
fn inherit<'a>(
    mixed: &mut Flat<'a>,
    mixin: &Flat<'a>,
    places: &mut HashMap<&'a str, usize>,
    report: &mut Report,
) {
    let local = mixin.traits.fields("smithy.api#mixin", report);
    let local = local
        .and_then(|fields| fields.strings("localTraits", report))
        .unwrap_or_default();
    let inherited = |id: &str| id != "smithy.api#mixin" && !local.contains(&id);
    mixed.traits.supersede(
        mixin
            .traits
            .iter()
            .filter(|applied| inherited(applied.id))
            .cloned(),
    );
    for member in &mixin.members {
        add(mixed, member.clone(), places, report);
    }
    mixed.links.extend(&mixin.links);
    mixed.service_version = mixin.service_version.or(mixed.service_version);
    for rename in &mixin.renames {
        mixed.renames.retain(|(id, _, _)| *id != rename.0);
        mixed.renames.push(*rename);
    }
}

/// Adds a member, or lays it over one of the same name.
fn add<'a>(
    mixed: &mut Flat<'a>,
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
            "`{}${}` targets `{}`, and `{}` in a mixin",
            mixed.id, member.name, member.target, inherited.target
        );
        report.push(
            Diagnostic::new(
                Code::MixinConflict,
                message,
                member.site.at().join("target"),
            )
            .shape(format!("{}${}", mixed.id, member.name))
            .other(inherited.site.at().join("target"), "the mixin's target")
            .help("a member may be repeated only with the same target"),
        );
        return;
    }
    inherited.site = member.site;
    inherited.traits.supersede(member.traits);
}

fn not_a_mixin(shape: &Merged<'_>, index: usize, mixin: &Flat<'_>) -> Option<Diagnostic> {
    let (id, kind) = (&shape.definition.id, shape.definition.kind);
    let (message, help) = if !mixin.traits.has("smithy.api#mixin") {
        let message = format!("`{}` is mixed into `{id}`, but it is not a mixin", mixin.id);
        (message, "give it the trait `smithy.api#mixin`".to_owned())
    } else if mixin.kind != kind {
        let (theirs, ours) = (mixin.kind.phrase(), kind.phrase());
        let message = format!("`{}`, {theirs}, is mixed into `{id}`, {ours}", mixin.id);
        (message, format!("only {ours} can be mixed into {ours}"))
    } else {
        return None;
    };
    let diagnostic = Diagnostic::new(Code::NotAMixin, message, mixin_at(shape, index));
    Some(
        diagnostic
            .shape(id)
            .other_key(mixin.site.at(), "defined here")
            .help(help),
    )
}

fn report_dangling(merged: &BTreeMap<&str, Merged<'_>>, suggestions: &Budget, report: &mut Report) {
    for (shape_id, shape) in merged {
        for (index, id) in shape.definition.mixins.iter().enumerate() {
            if merged.contains_key(&**id) {
                continue;
            }
            let message = format!("`{shape_id}` mixes in `{id}`, which is not in the model");
            let at = mixin_at(shape, index);
            let mut diagnostic = Diagnostic::new(Code::DanglingTarget, message, at);
            diagnostic.help = suggestions.did_you_mean(id, merged.keys().copied());
            report.push(diagnostic.shape(shape_id));
        }
    }
}

fn no_such_member(shape: &Flat<'_>, name: &str, traits: &Traits<'_>) -> Diagnostic {
    let message = format!(
        "traits are applied to `{}${name}`, which is not in the model",
        shape.id
    );
    let site = traits
        .iter()
        .next()
        .map_or(shape.site, |applied| applied.site);
    let mut diagnostic = Diagnostic::new(Code::DanglingApply, message, site.at())
        .key()
        .shape(format!("{}${name}", shape.id))
        .other_key(shape.site.at(), "the shape is defined here");
    let names = shape.members.iter().map(|member| member.name);
    diagnostic.help = did_you_mean(name, names);
    diagnostic
}

/// A list or map whose mixins do not bring what it lacks itself.
fn incomplete(shape: &Flat<'_>, report: &mut Report) {
    let needed: &[&str] = match shape.kind {
        ShapeType::List | ShapeType::Set => &["member"],
        ShapeType::Map => &["key", "value"],
        _ => return,
    };
    for name in needed {
        if !shape.members.iter().any(|member| member.name == *name) {
            let message = format!("neither `{}` nor a mixin of it has `{name}`", shape.id);
            report.push(
                Diagnostic::new(Code::MissingProperty, message, shape.site.at())
                    .key()
                    .shape(&shape.id),
            );
        }
    }
}
