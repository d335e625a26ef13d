//! Structures for operations whose input or output is missing or `Unit`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::applied::AppliedTraits;
use super::mixins::FlatShape;
use crate::ast::{Property, ShapeType};
use crate::prelude;
use crate::traits::TraitId;

/// The shapes, sorted by id, with `<Operation>Input` and `<Operation>Output` for operations without
/// an input or output.
pub(super) fn complete<'a>(
    flat: BTreeMap<&'a str, FlatShape<'a>>,
) -> impl Iterator<Item = FlatShape<'a>> {
    let mut made: BTreeMap<Cow<'a, str>, FlatShape<'a>> = BTreeMap::new();
    for operation in flat.values().filter(|shape| is_operation(shape)) {
        for property in [Property::Input, Property::Output] {
            if is_given(operation, property) {
                continue;
            }
            let id = ids(operation, property).find(|id| !flat.contains_key(&**id));
            let id = id.expect("a longer id can always be made");
            let structure = FlatShape {
                id: Cow::Owned(id.clone()),
                kind: ShapeType::Structure,
                traits: AppliedTraits::default(),
                members: Vec::new(),
                links: Vec::new(),
                renames: Vec::new(),
                synthetic: true,
                ..operation.clone()
            };
            made.insert(Cow::Owned(id), structure);
        }
    }
    made.extend(
        flat.into_iter()
            .map(|(id, shape)| (Cow::Borrowed(id), shape)),
    );
    made.into_values()
}

fn is_operation(shape: &FlatShape<'_>) -> bool {
    shape.kind == ShapeType::Operation && !shape.traits.has(TraitId::Mixin)
}

/// Whether an operation has an input or output.
pub(super) fn is_given(operation: &FlatShape<'_>, property: Property) -> bool {
    operation
        .links(property)
        .any(|link| link.target != prelude::UNIT)
}

/// The ids that the structure of an operation may have: the first one that is not the id of a shape
/// of the model.
pub(super) fn ids(operation: &FlatShape<'_>, property: Property) -> impl Iterator<Item = String> {
    let suffix = match property {
        Property::Output => "Output",
        _ => "Input",
    };
    let id = format!("{}{suffix}", operation.id);
    std::iter::successors(Some(id), |id| Some(format!("{id}_")))
}
