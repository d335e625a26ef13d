//! Members beside their targets.

use super::super::mixins::{FlatMember, FlatShape};
use super::graph::{Graph, Vertex, all_shapes};
use crate::ast::{ShapeType, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::Value;
use crate::traits::TraitId;

/// Checks the members of every structure. The defaults of Smithy 1.0 follow from the targets.
pub(super) fn check(graph: &Graph<'_, '_>, report: &mut Report) {
    let shapes = all_shapes(graph.index.by_kind);
    let shapes = shapes.filter(|it| it.kind == ShapeType::Structure && it.version == Version::V2);
    for shape in shapes {
        for (index, member) in shape.members.iter().enumerate() {
            let vertex = Vertex {
                shape,
                member: Some(index),
            };
            let target = graph.target(vertex);
            report.extend(target.and_then(|target| other_default(member, target)));
        }
    }
}

/// A member has the default of its target or null (Smithy 2.0, "default trait").
fn other_default(member: &FlatMember<'_>, target: &FlatShape<'_>) -> Option<Diagnostic> {
    let default = &target.traits.get(TraitId::Default)?.value;
    let own = member.traits.get(TraitId::Default);
    let (message, location) = match own {
        None => {
            let message = format!(
                "`{}` has no default, but its target, `{}`, has the default `{}`",
                member.path.id(),
                member.target,
                **default
            );
            (message, member.path.target())
        }
        Some(own) if own.value.value == Value::Null || *own.value == **default => return None,
        Some(own) => {
            let message = format!(
                "`{}` has the default `{}`, but its target, `{}`, has the default `{}`",
                member.path.id(),
                *own.value,
                member.target,
                **default
            );
            (message, own.location())
        }
    };
    Some(
        Diagnostic::new(Code::OtherDefault, message, location)
            .shape(member.path.id())
            .help("give the member the same default, or null for none; or use another target"),
    )
}
