//! The structures that travel as HTTP messages.

use std::collections::BTreeSet;

use crate::model::{Kind, Member, Model, Operation, Service, Shape, ShapeId};
use crate::protocol::Bindings;

/// A structure that travels as an HTTP message of a protocol with HTTP bindings.
pub(super) struct Message<'a> {
    pub(super) shape: &'a Shape,
    pub(super) members: &'a [Member],
    pub(super) direction: Direction,
}

/// Which message of a call it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    Request,
    Response,
    Error,
}

impl Direction {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Request => "a request",
            Self::Response => "a response",
            Self::Error => "an error",
        }
    }
}

/// The services whose protocol reads the `http` traits, each with its operations.
pub(super) fn services(
    model: &Model,
) -> impl Iterator<Item = (&Service, impl Iterator<Item = &Operation>)> {
    let is_bound = |service: &&Service| {
        let mut protocols = service.protocols.iter();
        protocols.any(|protocol| protocol.spec().bindings == Bindings::Http)
    };
    model.services.values().filter(is_bound).map(|service| {
        (
            service,
            service
                .operations
                .iter()
                .map(|operation| &model.operations[*operation]),
        )
    })
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

/// Inputs, outputs and errors of these operations, each once.
pub(super) fn messages(model: &Model) -> Vec<Message<'_>> {
    let mut ids: BTreeSet<(ShapeId, Direction)> = BTreeSet::new();
    for operation in operations(model) {
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

/// The members of a structure; none of anything else.
pub(super) fn members(shape: &Shape) -> &[Member] {
    match &shape.kind {
        Kind::Structure(structure) => &structure.members,
        _ => &[],
    }
}
