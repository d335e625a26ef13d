//! What Smithy's validators check, as far as generation depends on it.
//!
//! Each check is one function that reads the [`Model`] and adds to the [`Report`]. None depends on another, so that all of
//! what is wrong is told at once; what they may rely on is that `resolve` passed.

mod bindings;
mod cases;
mod constraints;
mod defaults;
mod http;
mod messages;
mod operations;
mod recursion;
mod routes;
mod services;
mod shapes;
mod streams;

use crate::model::{Kind, Member, Model, Shape, Simple};
use crate::source::SpanKind;
use crate::traits::{Form, TraitId};
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
    bindings::several,
    bindings::exclusive,
    bindings::payloads,
    routes::ambiguous,
    operations::error_statuses,
    operations::paginated,
    operations::host_labels,
    shapes::misplaced_traits,
    shapes::enum_values,
    shapes::json_names,
    shapes::empty_unions,
    constraints::lengths,
    constraints::ranges,
    constraints::patterns,
    constraints::unique_items,
    defaults::within_constraints,
    recursion::collections,
    recursion::values,
    services::names,
    services::renames,
    services::validation_error,
    streams::events,
    streams::event_bindings,
    streams::places,
    streams::required,
    streams::payloads,
    cases::ids,
    cases::values,
];

/// The id of a member, `namespace#Shape$member`.
fn member_id(shape: &Shape, member: &Member) -> String {
    format!("{}${}", shape.name, member.name)
}

/// Where a trait of a member stands, and what is marked there; the member itself where the trait is not its own.
fn place(member: &Member, id: TraitId) -> (Location, SpanKind) {
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

/// A finding at a trait of a member.
fn at_trait(
    code: Code,
    message: impl Into<String>,
    shape: &Shape,
    member: &Member,
    id: TraitId,
) -> Diagnostic {
    let (at, mark) = place(member, id);
    Diagnostic::new(code, message, at)
        .span(mark)
        .shape(member_id(shape, member))
}

/// Adds the place of a trait of another member.
fn other_trait(diagnostic: Diagnostic, member: &Member, id: TraitId, label: &str) -> Diagnostic {
    let (at, mark) = place(member, id);
    diagnostic.related_span(at, mark, label)
}

/// A finding at a member.
fn at_member(code: Code, message: impl Into<String>, shape: &Shape, member: &Member) -> Diagnostic {
    Diagnostic::new(code, message, member.location.clone())
        .name()
        .shape(member_id(shape, member))
}

/// Where the target of a member is written.
fn target_of(member: &Member) -> Location {
    member.location.join("target")
}

/// What a member targets, in words: `` `ns#Name`, a list ``.
fn target_words(model: &Model, member: &Member) -> String {
    let target = &model.shapes[member.target];
    format!("`{}`, {}", target.name, with_article(target.kind.noun()))
}

/// `a list`, `an enum`.
fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// `` `a`, `b` and `c` ``.
fn list_words<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| format!("`{item}`")).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Strings, enums included.
fn is_string(kind: &Kind) -> bool {
    matches!(kind, Kind::Simple(Simple::String) | Kind::Enum(_))
}

/// What can be written as one plain text: in a path segment, a query parameter or a header (Smithy 2.0, "httpLabel trait").
fn is_plain(kind: &Kind) -> bool {
    match kind {
        Kind::Simple(simple) => !matches!(simple, Simple::Blob | Simple::Document),
        Kind::Enum(_) | Kind::IntEnum(_) => true,
        Kind::List(_) | Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => false,
    }
}

/// A list of what [`is_plain`].
fn is_plain_list(model: &Model, kind: &Kind) -> bool {
    matches!(kind, Kind::List(list) if is_plain(&model.shapes[list.member.target].kind))
}

#[cfg(test)]
mod tests;
