//! Several files to one set of shapes (Smithy 2.0, "Merging model files"), and `apply`.

use std::collections::BTreeMap;

use super::traits::{Path, Site, Traits};
use crate::ast::{Ast, Definition, Link, MemberDefinition};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::suggest::Budget;

/// A shape with everything that is said of it itself, mixins aside.
pub(super) struct Merged<'a> {
    pub(super) definition: &'a Definition<'a>,
    pub(super) site: Site<'a>,
    pub(super) traits: Traits<'a>,
    /// The traits of its own members, in their order.
    pub(super) member_traits: Vec<Traits<'a>>,
    /// Traits that are applied to members that it does not define itself: a mixin's, if all is well.
    pub(super) applied: BTreeMap<&'a str, Traits<'a>>,
}

impl<'a> Merged<'a> {
    fn new(definition: &'a Definition<'a>) -> Self {
        let site = Site::of_shape(definition.source, &definition.id);
        let member = |member: &'a MemberDefinition<'a>| {
            Traits::new(&member.traits, member_site(definition, &member.name))
        };
        Self {
            definition,
            site,
            traits: Traits::new(&definition.traits, site),
            member_traits: definition.members.iter().map(member).collect(),
            applied: BTreeMap::new(),
        }
    }
}

/// Where a member of a definition stands.
pub(super) fn member_site<'a>(definition: &'a Definition<'a>, name: &'a str) -> Site<'a> {
    let path = if definition.kind.has_members() {
        Path::Member(name)
    } else {
        Path::Part(name)
    };
    Site {
        source: definition.source,
        shape: &definition.id,
        path,
    }
}

/// The shapes by id.
pub(super) fn merge<'a>(
    ast: &'a Ast<'a>,
    suggestions: &Budget,
    report: &mut Report,
) -> BTreeMap<&'a str, Merged<'a>> {
    let mut shapes: BTreeMap<&str, Merged<'_>> = BTreeMap::new();
    for definition in &ast.definitions {
        let again = Merged::new(definition);
        match shapes.get_mut(&*definition.id) {
            None => drop(shapes.insert(&definition.id, again)),
            Some(first) => unite(first, again, report),
        }
    }
    for application in &ast.applications {
        let site = Site::of_shape(application.source, &application.id);
        let traits = Traits::new(&application.traits, site);
        let (id, member) = match application.id.split_once('$') {
            Some((id, member)) => (id, Some(member)),
            None => (&*application.id, None),
        };
        let Some(shape) = shapes.get_mut(id) else {
            let message = format!("traits are applied to `{id}`, which is not in the model");
            let mut diagnostic = Diagnostic::new(Code::DanglingApply, message, site.at()).key();
            diagnostic.help = suggestions.did_you_mean(id, shapes.keys().copied());
            report.push(diagnostic.shape(&application.id));
            continue;
        };
        match member {
            None => shape.traits.join(traits, report),
            Some(name) => {
                let own = shape
                    .definition
                    .members
                    .iter()
                    .position(|member| member.name == name);
                match own {
                    Some(index) => shape.member_traits[index].join(traits, report),
                    None => shape.applied.entry(name).or_default().join(traits, report),
                }
            }
        }
    }
    shapes
}

/// Adds another definition of the same shape: they must say the same but for traits, which are joined. What the prelude says
/// gives way to a file that says it too.
fn unite<'a>(first: &mut Merged<'a>, mut again: Merged<'a>, report: &mut Report) {
    if first.definition.kind == again.definition.kind && first.definition.source.is_none() {
        let prelude = std::mem::take(&mut first.traits);
        for applied in prelude {
            if !again.traits.has(applied.id) {
                again.traits.supersede([applied]);
            }
        }
        *first = again;
        return;
    }
    if let Some(difference) = difference(first.definition, again.definition) {
        let id = &again.definition.id;
        let mut diagnostic = Diagnostic::new(
            Code::ConflictingShapes,
            format!("`{id}` is defined twice, and the definitions differ: {difference}"),
            again.site.at(),
        )
        .key()
        .label("defined differently here")
        .shape(id);
        if first.site.source.is_some() {
            diagnostic = diagnostic.other_key(first.site.at(), "first defined here");
        }
        report.push(diagnostic.help("keep one of them, or make them the same but for traits"));
        return;
    }
    first.traits.join(again.traits, report);
    for (member, traits) in again.definition.members.iter().zip(again.member_traits) {
        let members = &first.definition.members;
        let index = members.iter().position(|first| first.name == member.name);
        let index = index.expect("definitions without a difference have the same members");
        first.member_traits[index].join(traits, report);
    }
}

/// What differs between two definitions of a shape, traits aside.
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
        let only = |x: &[(&'static str, String)], y: &[(&'static str, String)]| {
            x.iter()
                .find(|link| !y.contains(link))
                .map(|(property, _)| *property)
        };
        let property = only(&ours, &theirs)
            .or_else(|| only(&theirs, &ours))
            .unwrap_or("links");
        return Some(format!("`{property}` differs"));
    }
    if a.mixins != b.mixins {
        return Some("they have different mixins".into());
    }
    if a.service_version != b.service_version {
        return Some("`version` differs".into());
    }
    let renames = |shape: &Definition<'_>| -> BTreeMap<String, String> {
        shape
            .renames
            .iter()
            .map(|(id, name)| (id.to_string(), name.to_string()))
            .collect()
    };
    (renames(a) != renames(b)).then(|| "`rename` differs".into())
}
