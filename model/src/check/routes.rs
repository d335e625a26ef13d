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

/// The requests that an operation matches, whatever their host.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Route<'a> {
    method: &'a str,
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
        let mut routes: BTreeMap<Route, Vec<(&Operation, &Http)>> = BTreeMap::new();
        for operation in operations {
            let Some(http) = &operation.http else {
                continue;
            };
            let same = routes.entry(route(http)).or_default();
            if let Some((first, first_http)) = same
                .iter()
                .find(|(first, _)| hosts_are_ambiguous(operation, first))
            {
                report.push(diagnostic(operation, http, first, first_http));
            }
            same.push((operation, http));
        }
    }
}

fn diagnostic(
    operation: &Operation,
    http: &Http,
    first: &Operation,
    first_http: &Http,
) -> Diagnostic {
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
    let help = if operation.host_prefix.is_some() || first.host_prefix.is_some() {
        "give one of them another method, path or query literal; host prefixes tell operations \
         apart only by letters and digits outside labels"
    } else {
        "give one of them another method, path or query literal"
    };
    Diagnostic::new(Code::AmbiguousRoutes, message, uri(operation))
        .shape(&operation.name)
        .related(uri(first), format!("the URI of `{}`", first.name.name()))
        .help(help)
}

fn route(http: &Http) -> Route<'_> {
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
        path: path.collect(),
        query: query.collect(),
    }
}

/// Whether the host of a request does not show which of two operations it is for. Labels match any
/// text, and a server does not know the host that prefixes are added to, so a prefix counts only if
/// it has literal text other than dots and hyphens.
fn hosts_are_ambiguous(a: &Operation, b: &Operation) -> bool {
    let (a, b) = (host(a), host(b));
    let is_distinct = |host: &[Option<String>]| {
        let mut literals = host.iter().flatten();
        literals.any(|text| text.contains(|c: char| c.is_ascii_alphanumeric()))
    };
    a == b || (!is_distinct(&a) && !is_distinct(&b))
}

/// The literals of a host prefix, which ignore case, and `None` for each label.
fn host(operation: &Operation) -> Vec<Option<String>> {
    let prefix = operation.host_prefix.iter();
    prefix
        .flat_map(|prefix| &prefix.parts)
        .map(|part| match part {
            HostPart::Literal(text) => Some(text.to_ascii_lowercase()),
            HostPart::Label(_) => None,
        })
        .collect()
}
