//! Structures for operations whose input or output is `smithy.api#Unit` or not given.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::mixins::Flat;
use super::traits::Traits;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};

/// The shapes, sorted by id, with `<Operation>Input` and `<Operation>Output` for each operation that has none.
pub(super) fn complete<'a>(
    flat: BTreeMap<&'a str, Flat<'a>>,
    report: &mut Report,
) -> impl Iterator<Item = Flat<'a>> {
    let mut made: BTreeMap<Cow<'a, str>, Flat<'a>> = BTreeMap::new();
    for operation in flat.values().filter(|shape| is_operation(shape)) {
        for (property, suffix) in [("input", "Input"), ("output", "Output")] {
            if is_given(operation, property) {
                continue;
            }
            let id = id(operation, suffix);
            if let Some(clash) = flat.get(&*id) {
                let message = format!(
                    "`{}` has no {property}, and the structure that is made for it, `{id}`, exists already",
                    operation.id
                );
                report.push(
                    Diagnostic::new(Code::SyntheticClash, message, operation.site.at())
                        .key()
                        .shape(&operation.id)
                        .other_key(clash.site.at(), "this shape has the name")
                        .help(format!("make `{id}` the {property}, or rename it")),
                );
                continue;
            }
            let structure = Flat {
                id: Cow::Owned(id.clone()),
                kind: ShapeType::Structure,
                traits: Traits::default(),
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

fn is_operation(shape: &Flat<'_>) -> bool {
    shape.kind == ShapeType::Operation && !shape.traits.has("smithy.api#mixin")
}

/// Whether an operation has an input or output of its own.
pub(super) fn is_given(operation: &Flat<'_>, property: &str) -> bool {
    operation
        .links(property)
        .any(|link| link.target != "smithy.api#Unit")
}

/// The id of the structure that is made for an operation.
pub(super) fn id(operation: &Flat<'_>, suffix: &str) -> String {
    format!("{}{suffix}", operation.id)
}
