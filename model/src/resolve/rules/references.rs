//! References to shapes that not every shape may refer to.

use std::collections::{BTreeMap, BTreeSet};

use super::super::applied::AppliedTrait;
use super::super::mixins::FlatShape;
use super::graph::{Graph, Vertex, all_shapes};
use crate::ast::{ItemPath, Property, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::prelude;
use crate::traits::TraitId;

/// Checks every reference of the model.
pub(super) fn check(graph: &Graph<'_, '_>, report: &mut Report) {
    let mut restricted = Restricted::new(graph);
    for shape in all_shapes(graph.index.by_kind) {
        if shape.path.source.is_none() || shape.synthetic {
            continue;
        }
        for index in 0..shape.members.len() {
            let vertex = Vertex {
                shape,
                member: Some(index),
            };
            restricted.member(vertex, graph.target(vertex), report);
        }
        for link in &shape.links {
            restricted.link(shape, link.property, link.target, link.path, report);
        }
    }
    restricted.several_uses(report);
}

/// The shapes that not every shape may refer to.
struct Restricted<'x, 'a> {
    private: BTreeSet<&'x str>,
    /// The structures with the trait `input`, and the operations that have them as input.
    inputs: Messages<'x, 'a>,
    /// The structures with the trait `output`, and the operations that have them as output.
    outputs: Messages<'x, 'a>,
}

struct Messages<'x, 'a> {
    id: TraitId,
    property: Property,
    uses: BTreeMap<&'x str, (&'x FlatShape<'a>, BTreeSet<&'x str>)>,
}

impl<'x, 'a> Messages<'x, 'a> {
    fn new(graph: &Graph<'x, 'a>, id: TraitId, property: Property) -> Self {
        let shapes = graph.index.by_kind.shapes.iter();
        let shapes = shapes.filter(|shape| shape.traits.has(id));
        Self {
            id,
            property,
            uses: shapes.map(|it| (&*it.id, (it, BTreeSet::new()))).collect(),
        }
    }
}

impl<'x, 'a> Restricted<'x, 'a> {
    fn new(graph: &Graph<'x, 'a>) -> Self {
        let is_private =
            |shape: &&FlatShape<'_>| shape.traits.iter().any(|it| it.id == prelude::PRIVATE);
        let private = all_shapes(graph.index.by_kind).filter(is_private);
        Self {
            private: private.map(|shape| &*shape.id).collect(),
            inputs: Messages::new(graph, TraitId::Input, Property::Input),
            outputs: Messages::new(graph, TraitId::Output, Property::Output),
        }
    }

    fn member(&self, vertex: Vertex<'_, '_>, target: Option<&FlatShape<'_>>, report: &mut Report) {
        // A missing target has been reported.
        let (Some(member), Some(target)) = (vertex.member(), target) else {
            return;
        };
        let shape = vertex.shape;
        self.private_shape(&shape.id, member.target, member.path, report);
        for messages in [&self.inputs, &self.outputs] {
            if target.traits.has(messages.id) {
                let message = format!(
                    "`{}` targets `{}`, which has the trait `{}`",
                    member.path.id(),
                    target.id,
                    messages.id.short()
                );
                report.push(
                    misused(message, member.path, messages.id)
                        .related_name(target.path.location(), "defined here"),
                );
            }
        }
        let has_unit = matches!(
            shape.kind,
            ShapeType::Union | ShapeType::Enum | ShapeType::IntEnum
        );
        if member.target == prelude::UNIT && !has_unit {
            let message = format!("`{}` targets `{}`", member.path.id(), prelude::UNIT);
            report.push(
                Diagnostic::new(Code::WrongTarget, message, member.path.target())
                    .label("only members of unions may target it")
                    .shape(member.path.id())
                    .help("target an empty structure, or remove the member"),
            );
        }
    }

    fn link(
        &mut self,
        shape: &'x FlatShape<'a>,
        property: Property,
        target: &'x str,
        path: ItemPath<'x>,
        report: &mut Report,
    ) {
        self.private_shape(&shape.id, target, path, report);
        for messages in [&mut self.inputs, &mut self.outputs] {
            let Some((structure, operations)) = messages.uses.get_mut(target) else {
                continue;
            };
            if messages.property == property {
                operations.insert(&shape.id);
            } else if matches!(property, Property::Input | Property::Output) {
                let message = format!(
                    "the {} of `{}` is `{target}`, which has the trait `{}`",
                    property.name(),
                    shape.id,
                    messages.id.short()
                );
                report.push(
                    misused(message, path, messages.id)
                        .related_name(structure.path.location(), "defined here"),
                );
            }
        }
    }

    fn private_shape(&self, from: &str, target: &str, path: ItemPath<'_>, report: &mut Report) {
        let namespace = |id: &str| {
            id.split_once('#')
                .map(|(namespace, _)| namespace.to_owned())
        };
        if !self.private.contains(target) || namespace(from) == namespace(target) {
            return;
        }
        let message = format!(
            "`{}` refers to `{target}`, which is private to its namespace",
            path.id()
        );
        report.push(
            Diagnostic::new(Code::PrivateShape, message, path.target())
                .shape(path.id())
                .help("refer to another shape, or remove the trait `smithy.api#private`"),
        );
    }

    /// Reports structures for one operation that several have.
    fn several_uses(&self, report: &mut Report) {
        for messages in [&self.inputs, &self.outputs] {
            for (structure, operations) in messages.uses.values() {
                let mut operations = operations.iter();
                let (Some(first), Some(second)) = (operations.next(), operations.next()) else {
                    continue;
                };
                let message = format!(
                    "`{first}` and `{second}` have the same {}, `{}`",
                    messages.property.name(),
                    structure.id
                );
                let applied = structure.traits.get(messages.id);
                let location =
                    applied.map_or_else(|| structure.path.location(), AppliedTrait::location);
                report.push(
                    Diagnostic::new(Code::MisusedMessage, message, location)
                        .name()
                        .shape(&structure.id)
                        .help(help(messages.id)),
                );
            }
        }
    }
}

fn misused(message: String, path: ItemPath<'_>, id: TraitId) -> Diagnostic {
    Diagnostic::new(Code::MisusedMessage, message, path.target())
        .shape(path.id())
        .help(help(id))
}

fn help(id: TraitId) -> String {
    format!(
        "a structure with the trait `{0}` is the {0} of one operation and nothing else; copy the \
         structure, or remove the trait",
        id.short()
    )
}
