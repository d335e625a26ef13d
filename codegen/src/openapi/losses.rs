//! Warnings of what a document lacks although the model has it.
//!
//! What OpenAPI has no notion of at all (signatures, pagination, checksums, compression) is left
//! out without a warning.

use std::fmt::Display;

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{
    AuthScheme, Binding, Constraints, Kind, Map, Member, Operation, Segment, Shape, ShapeId,
};
use drawplate_model::source::Location;
use drawplate_model::traits::TraitId;

use super::protocol::{Routes, Values};
use super::{Cx, constraints, node, parameters, pattern, security};
use crate::OpenApiVersion;

/// Reports something of the model that the document lacks.
pub(super) fn warn(report: &mut Report, message: String, shape: impl Display, at: &Location) {
    let diagnostic = Diagnostic::new(Code::NotInOpenApi, message, at.clone());
    report.push(diagnostic.name().shape(shape));
}

/// Reports what the document of a service lacks besides parts of its operations.
pub(super) fn service(cx: Cx<'_>, report: &mut Report) {
    let schemes = cx.service.auth_schemes.iter();
    for scheme in schemes.filter(|it| !security::is_known(it)) {
        let id = scheme.id();
        let message = format!("the OpenAPI document only names the authentication scheme `{id}`");
        warn(report, message, &cx.service.name, &cx.service.location);
    }
    for scheme in &cx.service.auth_schemes {
        if let AuthScheme::ApiKey(position) = scheme
            && let Some(lost) = security::lost_scheme(position)
        {
            let message =
                format!("the OpenAPI document lacks the scheme `{lost}` in front of API keys");
            warn(report, message, &cx.service.name, &cx.service.location);
        }
    }
    for id in &cx.service.shapes {
        shape(cx, *id, report);
    }
}

/// Reports what the document lacks of an operation that it has.
pub(super) fn operation(cx: Cx<'_>, operation: &Operation, report: &mut Report) {
    let name = operation.name.name();
    let mut lost = |what: String| {
        let message = format!("the OpenAPI document lacks {what} of `{name}`");
        warn(report, message, &operation.name, &operation.location);
    };
    if operation.host_prefix.is_some() {
        lost("the host prefix".into());
    }
    let http = operation
        .http
        .iter()
        .filter(|_| cx.protocol.routes == Routes::Http);
    for segment in http.flat_map(|http| &http.uri.segments) {
        if let Segment::Greedy(_, label) = segment {
            lost(format!("the slashes in values of the label `{label}`"));
        }
    }
    let messages = [(operation.input, true), (operation.output, false)].into_iter();
    let errors = operation.errors.iter().map(|id| (*id, false));
    for (id, is_input) in messages.chain(errors) {
        let shape = &cx.model.shapes[id];
        for member in shape.kind.members() {
            if let Some(what) = lost_binding(cx, member, is_input) {
                let id = format!("{}${}", shape.name, member.name);
                let message = format!("the OpenAPI document lacks the {what} of `{id}`");
                warn(report, message, id, &member.location);
            }
        }
    }
}

/// What a document lacks of a member of a message.
fn lost_binding(cx: Cx<'_>, member: &Member, is_input: bool) -> Option<&'static str> {
    if member.streams_events(cx.model) {
        return Some("events");
    }
    if cx.protocol.routes != Routes::Http {
        return None;
    }
    match &member.binding {
        Binding::PrefixHeaders(_) => Some("headers"),
        Binding::StatusCode => Some("status codes"),
        Binding::Header(name) => {
            let name = name.to_ascii_lowercase();
            let is_lost = if is_input {
                parameters::IGNORED_PARAMETERS.contains(&&*name)
            } else {
                name == parameters::IGNORED_HEADER
            };
            is_lost.then_some("header")
        }
        Binding::QueryParams => match &cx.model.shapes[member.target].kind {
            // An exploded object has one value for each name.
            Kind::Map(map) if matches!(cx.model.shapes[map.value.target].kind, Kind::List(_)) => {
                Some("repeated query parameters")
            }
            _ => None,
        },
        Binding::Document | Binding::Label | Binding::Query(_) | Binding::Payload => None,
    }
}

fn shape(cx: Cx<'_>, id: ShapeId, report: &mut Report) {
    let shape = &cx.model.shapes[id];
    let at = |trait_id| shape.traits.location(trait_id, &shape.location);
    self::constraints(
        cx,
        &shape.constraints,
        shape,
        shape.name.as_str(),
        at,
        report,
    );
    for member in shape.kind.members() {
        let target = &cx.model.shapes[member.target];
        if member.constraints != target.constraints {
            let id = format!("{}${}", shape.name, member.name);
            let at = |trait_id| member.traits.location(trait_id, &member.location);
            self::constraints(cx, &member.constraints, target, &id, at, report);
        }
    }
    if let Kind::Map(Map { key, .. }) = &shape.kind
        && cx.version == OpenApiVersion::V3_0
        && cx.protocol.values != Values::Xml
    {
        let target = &cx.model.shapes[key.target];
        let is_free = key.constraints == Constraints::default();
        if !is_free || matches!(target.kind, Kind::Enum(_)) {
            let name = &shape.name;
            let message = format!(
                "the OpenAPI document lacks the constraints on the keys of `{name}`, which need \
                 OpenAPI 3.1"
            );
            warn(report, message, name, &key.location);
        }
    }
}

/// Reports constraints that a schema cannot have.
fn constraints(
    cx: Cx<'_>,
    constraints: &Constraints,
    target: &Shape,
    id: &str,
    at: impl Fn(TraitId) -> Location,
    report: &mut Report,
) {
    if let Some(Err(why)) = constraints.pattern.as_deref().map(pattern::rewrite) {
        let message = format!("the OpenAPI document lacks the pattern of `{id}`: {why}");
        warn(report, message, id, &at(TraitId::Pattern));
    }
    if let Some(range) = &constraints.range {
        let bounds = [&range.min, &range.max].into_iter().flatten();
        let is_lost = constraints::is_text(cx, target);
        if is_lost
            || bounds
                .into_iter()
                .any(|bound| node::number(bound).is_none())
        {
            let message = format!("the OpenAPI document lacks the range of `{id}`");
            warn(report, message, id, &at(TraitId::Range));
        }
    }
}
