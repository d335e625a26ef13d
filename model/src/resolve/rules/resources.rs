//! The operations and resources of services and resources.

use std::collections::BTreeMap;

use super::super::mixins::{FlatLink, FlatShape};
use super::graph::{Graph, Vertex, all_shapes};
use crate::ast::{Property, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::Simple;
use crate::traits::TraitId;

/// In a service, one shape binds an operation or resource.
pub(super) fn bound_once(graph: &Graph<'_, '_>, report: &mut Report) {
    for service in &graph.index.by_kind.services {
        let mut bound: BTreeMap<&str, (&FlatShape<'_>, FlatLink<'_>)> = BTreeMap::new();
        let mut open = vec![service];
        while let Some(holder) = open.pop() {
            for link in holder
                .links
                .iter()
                .filter(|it| it.property != Property::Errors)
            {
                let Some((first, first_link)) = bound.get(link.target) else {
                    bound.insert(link.target, (holder, *link));
                    let target = graph.index.any(link.target);
                    open.extend(target.filter(|it| it.kind == ShapeType::Resource));
                    continue;
                };
                // A resource may name an operation in several properties.
                if first.id == holder.id {
                    continue;
                }
                let message = format!(
                    "service `{}` has `{}` twice: `{}` and `{}` bind it",
                    service.id, link.target, first.id, holder.id
                );
                report.push(
                    Diagnostic::new(Code::BoundTwice, message, link.path.target())
                        .shape(link.target)
                        .related(first_link.path.target(), "also bound here")
                        .help("remove one of the two references"),
                );
            }
        }
    }
}

/// The operations of a lifecycle are readonly or idempotent, as what they do demands (Smithy 2.0,
/// "Resource lifecycle operations").
pub(super) fn lifecycles(graph: &Graph<'_, '_>, report: &mut Report) {
    let resources = graph.index.by_kind.resources.iter();
    for link in resources.flat_map(|resource| &resource.links) {
        let (is_readonly, is_idempotent) = match link.property {
            Property::Read | Property::List => (true, false),
            Property::Put | Property::Delete => (false, true),
            Property::Create | Property::Update => (false, false),
            _ => continue,
        };
        let Some(operation) = graph.index.any(link.target) else {
            continue;
        };
        if operation.kind != ShapeType::Operation {
            continue;
        }
        let has = |id| operation.traits.has(id);
        let wrong = if has(TraitId::Readonly) != is_readonly {
            let must = if is_readonly { "must" } else { "must not" };
            Some((must, TraitId::Readonly))
        } else if is_idempotent && !has(TraitId::Idempotent) {
            Some(("must", TraitId::Idempotent))
        } else {
            None
        };
        let Some((must, id)) = wrong else { continue };
        let property = link.property.name();
        let message = format!(
            "`{}`, the `{property}` of `{}`, {must} have the trait `{}`",
            link.target,
            link.path.shape,
            id.short()
        );
        let help = if must == "must" {
            "add the trait"
        } else {
            "remove the trait"
        };
        report.push(
            Diagnostic::new(Code::LifecycleTraits, message, link.path.target())
                .shape(link.path.shape)
                .related_name(operation.path.location(), "defined here")
                .help(format!("{help}, or move the operation to `operations`")),
        );
    }
}

/// Identifiers are strings, those of a resource are also those of the resources in it, and the
/// operations on one instance have all of them in their input (Smithy 2.0, "Resource identifiers").
pub(super) fn identifiers(graph: &Graph<'_, '_>, report: &mut Report) {
    let reporter = &mut Identifiers { report };
    let mut parents: BTreeMap<&str, Vec<&FlatShape<'_>>> = BTreeMap::new();
    for parent in &graph.index.by_kind.resources {
        for link in parent.links(Property::Resources) {
            let parents = parents.entry(link.target).or_default();
            // A resource may list another one twice.
            if !parents
                .last()
                .is_some_and(|last| std::ptr::eq(*last, parent))
            {
                parents.push(parent);
            }
        }
    }
    for resource in &graph.index.by_kind.resources {
        for (name, target) in &resource.identifiers {
            let shape = graph.shape(target);
            let is_string = |shape: &FlatShape<'_>| {
                matches!(
                    shape.kind,
                    ShapeType::Simple(Simple::String) | ShapeType::Enum
                )
            };
            if !shape.is_some_and(is_string) {
                let why = format!("the identifier `{name}` targets `{target}`, not a string");
                reporter.wrong(resource, &why, "target a string");
            }
            let mut properties = resource.properties.iter();
            if properties.any(|property| property.eq_ignore_ascii_case(name)) {
                let why = format!("`{name}` is an identifier and a property");
                reporter.wrong(resource, &why, "remove one of them");
            }
        }
        for link in resource.links(Property::Resources) {
            let child = graph.index.any(link.target);
            let child = child.filter(|it| it.kind == ShapeType::Resource);
            for (name, target) in &resource.identifiers {
                let Some(child) = child else { continue };
                let own = child.identifiers.iter().find(|(own, _)| own == name);
                if own.is_none_or(|(_, own)| own != target) {
                    let parent = &resource.id;
                    let why = format!("the resource is in `{parent}` and lacks its `{name}`");
                    let help = format!("add the identifier `{name}` with the target `{target}`");
                    reporter.wrong(child, &why, &help);
                }
            }
        }
        bound(graph, resource, resource, reporter);
        for parent in parents.get(&*resource.id).into_iter().flatten() {
            bound(graph, parent, resource, reporter);
        }
    }
    for shape in all_shapes(graph.index.by_kind) {
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        for member in &shape.members {
            let Some(name) = member.identifier() else {
                continue;
            };
            if let Some(other) = first.insert(name, member.name) {
                let why = format!(
                    "`{other}` and `{}` are both the identifier `{name}`",
                    member.name
                );
                reporter.wrong(
                    shape,
                    &why,
                    "remove the trait `resourceIdentifier` from one of them",
                );
            }
        }
    }
}

/// Whether the operations of a resource bind the identifiers of the resource itself, or of the one
/// that it is in.
fn bound(
    graph: &Graph<'_, '_>,
    owner: &FlatShape<'_>,
    resource: &FlatShape<'_>,
    reporter: &mut Identifiers<'_>,
) {
    let is_own = owner.id == resource.id;
    for link in &resource.links {
        let is_collection = match link.property {
            Property::Create | Property::List | Property::CollectionOperations => true,
            Property::Resources | Property::Errors => continue,
            _ => false,
        };
        let operation = graph.index.any(link.target);
        let Some(operation) = operation.filter(|it| it.kind == ShapeType::Operation) else {
            continue;
        };
        let input = operation.links(Property::Input).next();
        let input = input.and_then(|link| graph.shape(link.target));
        let members = input.map(|input| &*input.members).unwrap_or_default();
        let is_bound = |(name, target): &(&str, &str)| {
            members.iter().any(|member| match member.identifier() {
                Some(bound) => bound == *name,
                None => {
                    member.name == *name
                        && member.target == *target
                        && member.traits.has(TraitId::Required)
                }
            })
        };
        // The members for the identifiers of a parent are those of the resource's own.
        let missing = owner.identifiers.iter().find(|identifier| {
            let own = resource
                .identifiers
                .iter()
                .find(|own| own.0 == identifier.0);
            !is_bound(own.unwrap_or(identifier))
        });
        match missing {
            Some((name, target)) if !is_own || !is_collection => {
                let why = format!(
                    "the operation is bound to `{}` and its input lacks the identifier `{name}`",
                    resource.id
                );
                let help = format!("add a required member `{name}` with the target `{target}`");
                reporter.wrong(operation, &why, &help);
            }
            None if is_own && is_collection && !owner.identifiers.is_empty() => {
                let why = format!(
                    "the operation is about all instances of `{}` and has all its identifiers",
                    resource.id
                );
                let help = "move it to `put`, `read` or `operations`, or remove a member";
                reporter.wrong(operation, &why, help);
            }
            _ => {}
        }
    }
}

struct Identifiers<'r> {
    report: &'r mut Report,
}

impl Identifiers<'_> {
    fn wrong(&mut self, shape: &FlatShape<'_>, why: &str, help: &str) {
        let message = format!("`{}` has the wrong identifiers: {why}", shape.id);
        self.report.push(
            Diagnostic::new(Code::ResourceIdentifiers, message, shape.path.location())
                .name()
                .shape(&shape.id)
                .help(help),
        );
    }
}

/// Lengths of streams are known only to the caller that sends them.
pub(super) fn output_streams(graph: &Graph<'_, '_>, report: &mut Report) {
    let operations = graph.index.by_kind.operations.iter();
    for link in operations.flat_map(|it| it.links(Property::Output)) {
        let Some(output) = graph.shape(link.target) else {
            continue;
        };
        for index in 0..output.members.len() {
            let vertex = Vertex {
                shape: output,
                member: Some(index),
            };
            let Some(member) = vertex.member() else {
                continue;
            };
            let target = graph.shape(member.target);
            if target.is_some_and(|it| it.traits.has(TraitId::RequiresLength)) {
                let message = format!(
                    "`{}` targets `{}`, which has the trait `requiresLength`, in an output",
                    member.path.id(),
                    member.target
                );
                report.push(
                    Diagnostic::new(Code::MisplacedStream, message, member.path.target())
                        .shape(member.path.id())
                        .related(link.path.target(), "the output")
                        .help("target a stream without the trait; it is for inputs"),
                );
            }
        }
    }
}
