//! The shapes that are in responses.

use std::collections::BTreeSet;

use drawplate_model::model::{Model, Service, ShapeId};

/// The shapes that outputs and errors of a service contain, and these themselves.
pub(super) fn responses(model: &Model, service: &Service) -> BTreeSet<ShapeId> {
    let operations = service.operations.iter().map(|id| &model.operations[*id]);
    let roots = operations.flat_map(|operation| {
        std::iter::once(operation.output).chain(operation.errors.iter().copied())
    });
    let mut wanted = roots.collect::<Vec<_>>();
    let mut reached = BTreeSet::new();
    while let Some(id) = wanted.pop() {
        if reached.insert(id) {
            wanted.extend(model.shapes[id].kind.members().map(|member| member.target));
        }
    }
    reached
}
