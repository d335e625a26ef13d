//! Rules about shapes as they are written, mixins and definitions of traits included, which do not
//! become part of the Model.

mod combinations;
mod graph;
mod members;
mod places;
mod references;
mod resources;
mod selector;
mod traits;
mod values;

use super::links::Links;
use crate::diagnostic::{Code, Report};
use graph::Graph;
use values::Values;

/// Checks every rule.
pub(super) fn check(linked: &Links<'_, '_>, report: &mut Report) {
    let graph = Graph::new(linked);
    let values = Values::new(&graph);
    let mut found = Report::new();
    references::check(&graph, &mut found);
    // What contains itself is also bound twice.
    if !report.has(Code::ResourceCycle) {
        resources::bound_once(&graph, &mut found);
    }
    resources::lifecycles(&graph, &mut found);
    resources::output_streams(&graph, &mut found);
    members::check(&graph, &mut found);
    resources::identifiers(&graph, &mut found);
    combinations::examples(&graph, &values, &mut found);
    combinations::trait_validators(&graph, &mut found);
    combinations::status_codes(&graph, &mut found);
    combinations::api_keys(&graph, &mut found);
    combinations::compression(&graph, &mut found);
    traits::check(&graph, &values, report);
    report.merge(found);
}
