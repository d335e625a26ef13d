//! [`Ast`] to [`Model`]: merge, mix in, allot ids, link, compute facts.
//!
//! Everything that is needed to compute a fact is found wrong here; rules between facts that stand are `check`'s.
//!
//! **Invariant:** nothing is looked up by name after this stage.

mod applied;
mod cases;
mod defaults;
mod docs;
mod enums;
mod http;
mod index;
mod links;
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

#[cfg(test)]
mod tests;

use crate::ast::{Ast, ShapeType};
use crate::diagnostic::Report;
use crate::model::Model;
use crate::suggest::SuggestionLimit;
use crate::traits::TraitId;

use index::Index;
use mixins::FlatShape;

/// Makes the model of an AST. The report of a success has warnings only, those of `load` included.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a stage consumes what the stage before it made"
)]
pub fn resolve(ast: Ast<'_>) -> Result<(Model, Report), Report> {
    let mut report = ast.warnings.clone();
    let suggestions = SuggestionLimit::new();
    let merged = merge::merge(&ast, &suggestions, &mut report);
    let flat = mixins::flatten(&merged, &suggestions, &mut report);
    let by_kind = ShapesByKind::new(synthetic::complete(flat, &mut report));
    let index = Index::new(&by_kind, ast.sources, &suggestions);
    let linked = links::link(&index, &mut report);

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
struct ShapesByKind<'a> {
    shapes: Vec<FlatShape<'a>>,
    operations: Vec<FlatShape<'a>>,
    resources: Vec<FlatShape<'a>>,
    services: Vec<FlatShape<'a>>,
    mixins: Vec<FlatShape<'a>>,
    traits: Vec<FlatShape<'a>>,
}

impl<'a> ShapesByKind<'a> {
    /// Takes shapes that are sorted by id.
    fn new(flat: impl IntoIterator<Item = FlatShape<'a>>) -> Self {
        let mut parts = Self::default();
        for shape in flat {
            let part = if shape.traits.has(TraitId::Mixin) {
                &mut parts.mixins
            } else if shape.traits.has(TraitId::Trait) {
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
