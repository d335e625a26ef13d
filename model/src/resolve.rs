//! [`Ast`] to [`Model`]: merge, mix in, allot ids, link, compute facts.
//!
//! Everything that is needed to compute a fact is found wrong here; rules between facts that stand are `check`'s.
//!
//! **Invariant:** nothing is looked up by name after this stage.

mod cases;
mod defaults;
mod enums;
mod http;
mod index;
mod members;
mod merge;
mod mixins;
mod operations;
mod paginated;
mod protocols;
mod recursion;
mod resources;
mod services;
mod shapes;
mod synthetic;
mod traits;
mod usage;

#[cfg(test)]
mod tests;

use crate::ast::{Ast, ShapeType};
use crate::diagnostic::Report;
use crate::model::Model;
use crate::suggest::Budget;

use index::Index;
use mixins::Flat;

/// Makes the model of an AST. The report of a success has warnings only, those of `load` included.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a stage consumes what the stage before it made"
)]
pub fn resolve(ast: Ast<'_>) -> Result<(Model, Report), Report> {
    let mut report = ast.warnings.clone();
    let suggestions = Budget::new();
    let merged = merge::merge(&ast, &suggestions, &mut report);
    let flat = mixins::flatten(&merged, &suggestions, &mut report);
    let parts = Parts::new(synthetic::complete(flat, &mut report));
    let index = Index::new(&parts, ast.sources, &suggestions);
    let linked = usage::link(&index, &mut report);

    let mut model = Model {
        shapes: shapes::all(&linked, &mut report),
        ..Model::default()
    };
    recursion::box_members(&mut model.shapes);
    model.patterns = shapes::patterns(&model.shapes);
    model.operations = operations::all(&linked, &mut report);
    model.services = services::all(&linked, &model, &mut report);
    model.cases = cases::all(&linked, &mut report);
    protocols::report_unsupported(&linked, &model, &mut report);
    report.barrier().map(|warnings| (model, warnings))
}

/// The shapes by what they become, each sorted by id. Mixins and traits become nothing.
#[derive(Default)]
struct Parts<'a> {
    shapes: Vec<Flat<'a>>,
    operations: Vec<Flat<'a>>,
    resources: Vec<Flat<'a>>,
    services: Vec<Flat<'a>>,
    mixins: Vec<Flat<'a>>,
    traits: Vec<Flat<'a>>,
}

impl<'a> Parts<'a> {
    /// Takes shapes that are sorted by id.
    fn new(flat: impl IntoIterator<Item = Flat<'a>>) -> Self {
        let mut parts = Self::default();
        for shape in flat {
            let part = if shape.traits.has("smithy.api#mixin") {
                &mut parts.mixins
            } else if shape.traits.has("smithy.api#trait") {
                &mut parts.traits
            } else {
                match shape.kind {
                    ShapeType::Operation => &mut parts.operations,
                    ShapeType::Resource => &mut parts.resources,
                    ShapeType::Service => &mut parts.services,
                    _ => &mut parts.shapes,
                }
            };
            part.push(shape);
        }
        parts
    }
}
