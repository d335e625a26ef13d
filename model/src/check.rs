//! The rules of Smithy's validators that generation depends on.
//!
//! Each check is one function that reads the [`Model`] and adds to the [`Report`]. Checks rely on a
//! successful `resolve` and not on one another, so that one run reports all errors.

mod alloy;
mod auth;
mod bindings;
mod cases;
mod constraints;
mod defaults;
mod depth;
mod endpoints;
mod http;
mod messages;
mod operations;
mod recursion;
mod routes;
mod services;
mod shapes;
mod streams;
mod waiters;
mod wire_names;

use crate::model::{Kind, Member, Model, Shape, Simple};
use crate::source::SpanKind;
use crate::traits::{Form, TraitId};
use crate::words::with_article;
use crate::{Code, Diagnostic, Location, Report};

/// Checks the whole model. The report of a success has warnings only.
pub fn check(model: &Model) -> Result<Report, Report> {
    let mut report = Report::new();
    for check in CHECKS {
        check(model, &mut report);
    }
    report.barrier()
}

const CHECKS: &[fn(&Model, &mut Report)] = &[
    http::has_http,
    http::method,
    http::status,
    http::error_statuses,
    http::repeated_labels,
    http::greedy_labels,
    http::labels,
    http::query_literals,
    http::bodies,
    bindings::queries,
    bindings::headers,
    bindings::prefix_headers,
    bindings::query_params,
    bindings::status_codes,
    bindings::payloads,
    bindings::payload_targets,
    routes::ambiguous,
    operations::paginated,
    operations::host_labels,
    auth::schemes,
    auth::unknown_schemes,
    shapes::enum_values,
    shapes::json_names,
    shapes::media_types,
    shapes::empty_unions,
    constraints::lengths,
    constraints::ranges,
    constraints::patterns,
    constraints::unique_items,
    defaults::within_constraints,
    recursion::collections,
    recursion::values,
    depth::nesting,
    wire_names::repeated,
    services::names,
    services::renames,
    services::validation_error,
    services::rejections,
    streams::events,
    streams::event_bindings,
    streams::places,
    streams::required,
    streams::payloads,
    alloy::discriminators,
    alloy::untagged,
    alloy::places,
    waiters::names,
    waiters::acceptors,
    endpoints::bindings,
    cases::ids,
    cases::values,
];

/// The id of a member, `namespace#Shape$member`.
fn member_id(shape: &Shape, member: &Member) -> String {
    format!("{}${}", shape.name, member.name)
}

/// Where a trait of a member is written, and which part of it to mark; the name of the member if
/// the trait is not its own.
fn trait_location(member: &Member, id: TraitId) -> (Location, SpanKind) {
    let value = member.traits.has(id) && id.spec().form != Form::Annotation;
    (
        member.traits.location(id, &member.location),
        if value {
            SpanKind::Value
        } else {
            SpanKind::Name
        },
    )
}

/// A diagnostic at a trait of a member.
fn at_trait(
    code: Code,
    message: impl Into<String>,
    shape: &Shape,
    member: &Member,
    id: TraitId,
) -> Diagnostic {
    let (location, span) = trait_location(member, id);
    Diagnostic::new(code, message, location)
        .span(span)
        .shape(member_id(shape, member))
}

/// Adds a trait of another member as a related place.
fn related_trait(diagnostic: Diagnostic, member: &Member, id: TraitId, label: &str) -> Diagnostic {
    let (location, span) = trait_location(member, id);
    diagnostic.related_span(location, span, label)
}

/// A diagnostic at the name of a member.
fn at_member(code: Code, message: impl Into<String>, shape: &Shape, member: &Member) -> Diagnostic {
    Diagnostic::new(code, message, member.location.clone())
        .name()
        .shape(member_id(shape, member))
}

/// Where the target of a member is written.
fn target_location(member: &Member) -> Location {
    member.location.join("target")
}

/// The target of a member, in words: `` `ns#Name`, a list ``.
fn target_phrase(model: &Model, member: &Member) -> String {
    let target = &model.shapes[member.target];
    format!("`{}`, {}", target.name, with_article(target.kind.noun()))
}

/// Whether the shape is a string or an enum.
fn is_string(kind: &Kind) -> bool {
    matches!(kind, Kind::Simple(Simple::String) | Kind::Enum(_))
}

/// Whether a value can be written as text in a path segment, query parameter or header (Smithy 2.0,
/// "httpLabel trait").
fn is_plain(kind: &Kind) -> bool {
    match kind {
        Kind::Simple(simple) => !matches!(simple, Simple::Blob | Simple::Document),
        Kind::Enum(_) | Kind::IntEnum(_) => true,
        Kind::List(_) | Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => false,
    }
}

/// Whether the shape is a list of values that [`is_plain`] accepts.
fn is_plain_list(model: &Model, kind: &Kind) -> bool {
    matches!(kind, Kind::List(list) if is_plain(&model.shapes[list.member.target].kind))
}

#[cfg(test)]
mod tests;
