//! Structures for operations whose input or output is missing or `Unit`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::applied::AppliedTraits;
use super::mixins::FlatShape;
use crate::ast::{Property, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::prelude;
use crate::traits::TraitId;

/// The shapes, sorted by id, with `<Operation>Input` and `<Operation>Output` for operations without
/// an input or output.
pub(super) fn complete<'a>(
    flat: BTreeMap<&'a str, FlatShape<'a>>,
    report: &mut Report,
) -> impl Iterator<Item = FlatShape<'a>> {
    let mut made: BTreeMap<Cow<'a, str>, FlatShape<'a>> = BTreeMap::new();
    for operation in flat.values().filter(|shape| is_operation(shape)) {
        for property in [Property::Input, Property::Output] {
            if is_given(operation, property) {
                continue;
            }
            let id = id(operation, property);
            let name = property.name();
            if let Some(clash) = flat.get(&*id) {
                let message = format!(
                    "`{}` has no {name}, and the name of the structure to generate for it, `{id}`, is taken",
                    operation.id
                );
                report.push(
                    Diagnostic::new(Code::SyntheticClash, message, operation.path.location())
                        .name()
                        .shape(&operation.id)
                        .related_name(clash.path.location(), "the shape with this name")
                        .help(format!("make `{id}` the {name}, or rename it")),
                );
                continue;
            }
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

/// The id of the structure that is added for an operation.
pub(super) fn id(operation: &FlatShape<'_>, property: Property) -> String {
    let suffix = match property {
        Property::Output => "Output",
        _ => "Input",
    };
    format!("{}{suffix}", operation.id)
}
