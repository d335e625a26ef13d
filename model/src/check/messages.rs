//! The structures that are sent as HTTP messages.

use std::collections::BTreeSet;

use crate::model::{Kind, Member, Model, Operation, Service, Shape, ShapeId};
use crate::protocol::Bindings;

/// A structure that is sent as an HTTP message, by a protocol with HTTP bindings.
pub(super) struct Message<'a> {
    pub(super) shape: &'a Shape,
    pub(super) members: &'a [Member],
    pub(super) direction: Direction,
}

/// The message of a call that a structure is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    Request,
    Response,
    Error,
}

impl Direction {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Error => "error",
        }
    }
}

/// The services with a protocol that reads the HTTP binding traits, and their operations.
pub(super) fn services(
    model: &Model,
) -> impl Iterator<Item = (&Service, impl Iterator<Item = &Operation> + Clone)> {
    let is_bound = |service: &&Service| {
        let mut protocols = service.protocols.iter();
        protocols.any(|protocol| protocol.spec().bindings == Bindings::Http)
    };
    let services = model.services.values().filter(is_bound);
    services.map(|service| (service, model.operations_of(service)))
}

/// The operations of these services, each once.
pub(super) fn operations(model: &Model) -> Vec<&Operation> {
    operations_of(model, services(model).map(|(service, _)| service))
}

/// The operations of some services, each once.
pub(super) fn operations_of<'a>(
    model: &'a Model,
    services: impl Iterator<Item = &'a Service>,
) -> Vec<&'a Operation> {
    let ids: BTreeSet<_> = services
        .flat_map(|service| service.operations.iter().copied())
        .collect();
    ids.into_iter().map(|id| &model.operations[id]).collect()
}

/// The inputs, outputs and errors of these operations, each once.
pub(super) fn messages(model: &Model) -> Vec<Message<'_>> {
    messages_of(model, operations(model))
}

/// The inputs, outputs and errors of some operations, each once.
pub(super) fn messages_of<'a>(
    model: &'a Model,
    operations: impl IntoIterator<Item = &'a Operation>,
) -> Vec<Message<'a>> {
    let mut ids: BTreeSet<(ShapeId, Direction)> = BTreeSet::new();
    for operation in operations {
        ids.insert((operation.input, Direction::Request));
        ids.insert((operation.output, Direction::Response));
        ids.extend(
            operation
                .errors
                .iter()
                .map(|error| (*error, Direction::Error)),
        );
    }
    ids.into_iter()
        .map(|(id, direction)| {
            let shape = &model.shapes[id];
            Message {
                shape,
                members: members(shape),
                direction,
            }
        })
        .collect()
}

/// The members of a structure; empty for other shapes.
pub(super) fn members(shape: &Shape) -> &[Member] {
    match &shape.kind {
        Kind::Structure(structure) => &structure.members,
        _ => &[],
    }
}
