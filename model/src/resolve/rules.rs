//! Rules about shapes as they are written, mixins and definitions of traits included, which do not
//! become part of the Model.

mod graph;
mod places;
mod selector;
mod traits;
mod values;

use super::index::Index;
use crate::diagnostic::Report;
use graph::Graph;

/// Checks every rule.
pub(super) fn check(index: &Index<'_, '_>, report: &mut Report) {
    let graph = Graph::new(index);
    traits::check(&graph, report);
}
