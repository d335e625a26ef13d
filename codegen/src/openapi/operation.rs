//! Operations: parameters, bodies and responses.

use drawplate_model::diagnostic::Report;
use drawplate_model::model::{
    Binding, Http, Kind, Member, Operation, Segment, Shape, ShapeId, Simple, TimestampFormat,
};
use serde_json::{Map, Value, json};

use super::schema::{self, describe, reference};
use super::{Cx, warn};

/// The operation object, with warnings for what it lacks.
pub(super) fn operation(
    cx: Cx<'_>,
    operation: &Operation,
    http: &Http,
    report: &mut Report,
) -> Value {
    let input = &cx.model.shapes[operation.input];
    let output = &cx.model.shapes[operation.output];
    warn_of_losses(cx, operation, http, report);
    let parameters = input
        .kind
        .members()
        .filter_map(|member| parameter(cx, member));
    let mut success = json!({ "description": "Success" });
    let headers = output
        .kind
        .members()
        .filter_map(|member| header(cx, member))
        .collect::<Map<_, _>>();
    if !headers.is_empty() {
        success["headers"] = Value::Object(headers);
    }
    if let Some(content) = content(cx, operation.output, output) {
        success["content"] = content;
    }
    // Not `default`: some generators take that for a success as well.
    let failure = json!({
        "description": "Failure",
        "content": media("application/json", &reference(&cx.names.error)),
    });
    let mut value = json!({ "operationId": operation.name.name() });
    describe(&mut value, &operation.docs);
    value["parameters"] = parameters.collect();
    if let Some(content) = content(cx, operation.input, input) {
        let mut members = input.kind.members();
        let required = members.any(|member| member.required && in_body(member));
        value["requestBody"] = json!({ "required": required, "content": content });
    }
    value["responses"] = json!({
        (http.code.to_string()): success,
        "4XX": failure,
        "5XX": failure,
    });
    value
}

/// Warns of the parts of an operation that an operation object cannot express.
fn warn_of_losses(cx: Cx<'_>, operation: &Operation, http: &Http, report: &mut Report) {
    let name = operation.name.name();
    let mut lost = |what: String| {
        let message = format!("the OpenAPI document lacks {what} of `{name}`");
        warn(report, message, &operation.name, &operation.location);
    };
    if operation.host_prefix.is_some() {
        lost("the host prefix".into());
    }
    for segment in &http.uri.segments {
        if let Segment::Greedy(_, label) = segment {
            lost(format!("the slashes in values of the label `{label}`"));
        }
    }
    if !http.uri.query.is_empty() {
        lost("the literals in the query".into());
    }
    for id in [operation.input, operation.output] {
        let shape = &cx.model.shapes[id];
        for member in shape.kind.members() {
            let what = match &member.binding {
                Binding::QueryParams => "query parameters",
                Binding::PrefixHeaders(_) => "headers",
                Binding::StatusCode => "status codes",
                _ if member.streams_events(cx.model) => "events",
                _ => continue,
            };
            let shape = format!("{}${}", shape.name, member.name);
            let message = format!("the OpenAPI document lacks the {what} of `{shape}`");
            warn(report, message, shape, &member.location);
        }
    }
}

/// Whether a member is part of the body.
pub(super) fn in_body(member: &Member) -> bool {
    matches!(member.binding, Binding::Document | Binding::Payload)
}

/// The content of a message, if it has a body.
fn content(cx: Cx<'_>, id: ShapeId, shape: &Shape) -> Option<Value> {
    let mut members = shape.kind.members();
    let payload = members.find(|member| member.binding == Binding::Payload);
    if let Some(member) = payload {
        if member.streams_events(cx.model) {
            return Some(json!({ "application/vnd.amazon.eventstream": {} }));
        }
        let (media_type, schema) = match &cx.model.shapes[member.target].kind {
            Kind::Simple(Simple::Blob) => (
                "application/octet-stream",
                json!({ "type": "string", "format": "binary" }),
            ),
            Kind::Simple(Simple::String) | Kind::Enum(_) => {
                ("text/plain", schema::schema(cx, member.target, None))
            }
            _ => ("application/json", schema::schema(cx, member.target, None)),
        };
        let media_type = member.media_type.as_deref().unwrap_or(media_type);
        return Some(media(media_type, &schema));
    }
    let mut members = shape.kind.members();
    let any = members.any(in_body);
    any.then(|| media("application/json", &reference(cx.name(id))))
}

fn media(media_type: &str, schema: &Value) -> Value {
    json!({ (media_type): { "schema": schema } })
}

/// A value in the path, query or headers of a request. Their timestamps have formats of their own
/// (Smithy 2.0, "HTTP bindings").
fn parameter(cx: Cx<'_>, member: &Member) -> Option<Value> {
    let (place, name, format) = match &member.binding {
        Binding::Label => ("path", &*member.name, TimestampFormat::DateTime),
        Binding::Query(name) => ("query", &**name, TimestampFormat::DateTime),
        Binding::Header(name) => ("header", &**name, TimestampFormat::HttpDate),
        Binding::Document
        | Binding::QueryParams
        | Binding::PrefixHeaders(_)
        | Binding::Payload
        | Binding::StatusCode => return None,
    };
    let mut value = json!({
        "name": name,
        "in": place,
        "required": member.required || place == "path",
    });
    describe(&mut value, &member.docs);
    value["schema"] = schema::value(cx, member, format);
    Some(value)
}

/// A header of a response, by name.
fn header(cx: Cx<'_>, member: &Member) -> Option<(String, Value)> {
    let Binding::Header(name) = &member.binding else {
        return None;
    };
    let mut value = json!({ "required": member.required });
    describe(&mut value, &member.docs);
    value["schema"] = schema::value(cx, member, TimestampFormat::HttpDate);
    Some((name.to_string(), value))
}
