//! From [`Ast`] to [`Model`]: merges files, copies mixins, assigns ids, links references and
//! computes facts.
//!
//! This stage reports what prevents a fact from being computed. Rules about facts are in `check`.
//!
//! **Invariant:** nothing is looked up by name after this stage.

mod applied;
mod auth;
mod cases;
mod defaults;
mod docs;
mod endpoints;
mod enums;
mod http;
mod http_versions;
mod index;
mod links;
mod members;
mod merge;
mod mixins;
mod operations;
mod paginated;
mod part;
mod protocols;
mod recursion;
mod resources;
mod rules;
mod services;
mod shapes;
mod synthetic;
mod waiters;
mod xml;

#[cfg(test)]
mod tests;

use crate::ast::{Ast, ShapeType};
use crate::diagnostic::Report;
use crate::model::Model;
use crate::suggest::SuggestionLimit;
use crate::traits::TraitId;

use index::Index;

pub(crate) use applied::AppliedTraits;
pub(crate) use merge::{Merged, merge};
pub(crate) use mixins::{FlatShape, flatten};

/// Builds the model of an AST. The report of a success has only warnings, including those of the
/// AST.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a stage consumes the result of the stage before it"
)]
pub fn resolve(ast: Ast<'_>) -> Result<(Model, Report), Report> {
    let mut report = ast.warnings.clone();
    let suggestions = SuggestionLimit::new();
    let mut merged = merge(&ast, &suggestions, &mut report);
    merge::add_library_shapes(&mut merged);
    let flat = flatten(merged, &suggestions, &mut report);
    let by_kind = ShapesByKind::new(synthetic::complete(flat));
    let index = Index::new(&by_kind, &suggestions);
    let linked = links::link(&index, &mut report);

    let mut model = Model {
        shapes: shapes::all(&linked, &mut report),
        ..Model::default()
    };
    recursion::box_members(&mut model.shapes);
    model.patterns = shapes::patterns(&model.shapes);
    model.operations = operations::all(&linked, &mut report);
    model.services = services::all(&linked, &model, &mut report);
    model.trait_definitions = shapes::trait_definitions(&by_kind.traits);
    model.cases = cases::all(&linked, &mut report);
    protocols::report_unsupported(&linked, &model, &mut report);
    rules::check(&linked, &mut report);
    report.barrier().map(|warnings| (model, warnings))
}

/// The shapes by their kind, each sorted by id. Mixins and definitions of traits do not become part
/// of the model.
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
        let mut by_kind = Self::default();
        for shape in flat {
            let kind = if shape.traits.has(TraitId::Mixin) {
                &mut by_kind.mixins
            } else if shape.traits.has(TraitId::Trait) {
                &mut by_kind.traits
            } else {
                match shape.kind {
                    ShapeType::Operation => &mut by_kind.operations,
                    ShapeType::Resource => &mut by_kind.resources,
                    ShapeType::Service => &mut by_kind.services,
                    _ => &mut by_kind.shapes,
                }
            };
            kind.push(shape);
        }
        by_kind
    }
}
