//! The operations and resources of services and resources.

use std::collections::BTreeMap;

use super::super::mixins::{FlatLink, FlatShape};
use super::graph::{Graph, Vertex};
use crate::ast::{Property, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
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
