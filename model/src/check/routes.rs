//! Routes that cannot be told apart (Smithy 2.0, "Pattern Validation and Conflict Avoidance").
//!
//! Two patterns of one method are equivalent if they have the same literals and labels in the same
//! places and the same query literals. A literal and a label in the same place do not conflict: the
//! more specific route wins.

use std::collections::BTreeMap;

use super::messages::services;
use crate::model::{HostPart, Http, Model, Operation, Segment};
use crate::traits::TraitId;
use crate::{Code, Diagnostic, Report};

/// The requests that an operation matches.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Route<'a> {
    method: &'a str,
    host: Vec<Part<'a>>,
    path: Vec<Part<'a>>,
    query: BTreeMap<&'a str, &'a str>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Literal(&'a str),
    Label,
    Greedy,
}

/// No two operations of a service have the same route.
pub(super) fn ambiguous(model: &Model, report: &mut Report) {
    for (_, operations) in services(model) {
        let mut routes: BTreeMap<Route, (&Operation, &Http)> = BTreeMap::new();
        for operation in operations {
            let Some(http) = &operation.http else {
                continue;
            };
            let Some((first, first_http)) =
                routes.insert(route(operation, http), (operation, http))
            else {
                continue;
            };
            let message = format!(
                "`{} {}` of `{}` and `{}` of `{}` match the same requests",
                http.method,
                http.uri,
                operation.name.name(),
                first_http.uri,
                first.name.name()
            );
            let uri = |operation: &Operation| {
                let location = &operation.location;
                operation.traits.part(TraitId::Http, location, "uri")
            };
            report.push(
                Diagnostic::new(Code::AmbiguousRoutes, message, uri(operation))
                    .shape(&operation.name)
                    .related(uri(first), format!("the URI of `{}`", first.name.name()))
                    .help("give one of them another method, path or query literal"),
            );
        }
    }
}

fn route<'a>(operation: &'a Operation, http: &'a Http) -> Route<'a> {
    let host = operation
        .host_prefix
        .iter()
        .flat_map(|prefix| &prefix.parts)
        .map(|part| match part {
            HostPart::Literal(text) => Part::Literal(text),
            HostPart::Label(_) => Part::Label,
        });
    let path = http.uri.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => Part::Literal(text),
        Segment::Label(..) => Part::Label,
        Segment::Greedy(..) => Part::Greedy,
    });
    let query = http
        .uri
        .query
        .iter()
        .map(|(name, value)| (&**name, &**value));
    Route {
        method: &http.method,
        host: host.collect(),
        path: path.collect(),
        query: query.collect(),
    }
}
