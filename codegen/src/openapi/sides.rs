//! The sides of calls.
//!
//! Servers reject values of enums and members of unions that the model lacks, so that both are
//! closed in requests. Responses may have those of a later model. A shape that is on both sides,
//! and is or contains an enum or a union, therefore has two schemas.

use std::collections::BTreeSet;

use drawplate_model::model::{Kind, Model, Service, Shape, ShapeId, UnionForm};

/// A side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The request.
    Request,
    /// The response.
    Response,
}

/// The shapes of a service by the sides that they are on.
#[derive(Debug)]
pub(super) struct Sides {
    /// Those that are in responses.
    responses: BTreeSet<ShapeId>,
    /// Those that are in requests as well, with another schema there.
    divided: BTreeSet<ShapeId>,
}

impl Sides {
    pub(super) fn new(model: &Model, service: &Service) -> Self {
        let operations = || model.operations_of(service);
        let requests = reach(model, operations().map(|operation| operation.input));
        let results = operations().flat_map(|operation| {
            std::iter::once(operation.output).chain(operation.errors.iter().copied())
        });
        let responses = reach(model, results);
        let both = requests.intersection(&responses).copied();
        let divided = differing(model, both.collect());
        Self { responses, divided }
    }

    /// The side whose schema a shape has on this side.
    pub(super) fn of(&self, id: ShapeId, side: Side) -> Side {
        if self.is_divided(id) {
            side
        } else if self.responses.contains(&id) {
            Side::Response
        } else {
            Side::Request
        }
    }

    /// Whether a shape has a schema for each side.
    pub(super) fn is_divided(&self, id: ShapeId) -> bool {
        self.divided.contains(&id)
    }
}

/// The shapes that messages contain. The messages themselves, and the events of a stream, are no
/// schemas that others refer to.
fn reach(model: &Model, messages: impl Iterator<Item = ShapeId>) -> BTreeSet<ShapeId> {
    let mut wanted = messages.collect::<Vec<_>>();
    let mut reached = BTreeSet::new();
    while let Some(id) = wanted.pop() {
        let members = model.shapes[id].kind.members();
        let members = members.filter(|member| !member.streams_events(model));
        let targets = members.map(|member| member.target);
        wanted.extend(targets.filter(|target| reached.insert(*target)));
    }
    reached
}

/// Those of the candidates whose schemas differ: shapes that are closed in requests, and what
/// contains them. What a candidate contains is a candidate.
fn differing(model: &Model, mut candidates: BTreeSet<ShapeId>) -> BTreeSet<ShapeId> {
    let mut differing = BTreeSet::new();
    loop {
        let (found, others) = candidates.into_iter().partition::<BTreeSet<_>, _>(|id| {
            let shape = &model.shapes[*id];
            let mut targets = shape.kind.members().map(|member| member.target);
            is_closed(shape) || targets.any(|target| differing.contains(&target))
        });
        if found.is_empty() {
            return differing;
        }
        differing.extend(found);
        candidates = others;
    }
}

/// Whether servers reject values of an enum, or members of a union, that the model lacks.
pub(super) fn is_closed(shape: &Shape) -> bool {
    match &shape.kind {
        Kind::Enum(_) | Kind::IntEnum(_) => !shape.is_open_enum(),
        Kind::Union(union) => {
            let mut members = union.members.iter();
            union.form == UnionForm::Tagged && !members.any(|member| member.json_unknown)
        }
        _ => false,
    }
}
