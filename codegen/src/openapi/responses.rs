//! Responses, by status.

use std::collections::BTreeMap;

use drawplate_model::model::{Operation, OperationId, Shape, ShapeId};
use serde_json::{Value, json};

use super::components::Component;
use super::content::{self, Content};
use super::examples::{Examples, Message};
use super::protocol::{ErrorName, Routes};
use super::{Cx, Object, docs, enums, parameters};

/// A message that a response with some status may be.
struct Outcome<'a> {
    shape: &'a Shape,
    id: ShapeId,
    component: Component,
    is_error: bool,
}

impl<'a> Outcome<'a> {
    fn message(&self) -> Message<'a> {
        if self.is_error {
            Message::Error(self.shape)
        } else {
            Message::Output
        }
    }
}

/// The responses of an operation.
pub(super) fn responses(cx: Cx<'_>, id: OperationId, examples: &Examples<'_>) -> Object {
    let operation = &cx.model.operations[id];
    let mut outcomes = BTreeMap::<u16, Vec<_>>::new();
    let http = operation
        .http
        .as_ref()
        .filter(|_| cx.protocol.routes == Routes::Http);
    let success = Outcome {
        shape: &cx.model.shapes[operation.output],
        id: operation.output,
        component: Component::Response(id),
        is_error: false,
    };
    outcomes
        .entry(http.map_or(200, |http| http.code))
        .or_default()
        .push(success);
    for id in &operation.errors {
        let shape = &cx.model.shapes[*id];
        let Some(error) = shape.kind.error() else {
            continue;
        };
        let outcome = Outcome {
            shape,
            id: *id,
            component: Component::Error(*id),
            is_error: true,
        };
        outcomes.entry(error.status).or_default().push(outcome);
    }
    let has_body = http.is_none_or(|http| !http.method.eq_ignore_ascii_case("HEAD"));
    let responses = outcomes.iter().map(|(status, outcomes)| {
        let response = response(cx, operation, *status, outcomes, examples, has_body);
        (status.to_string(), Value::Object(response))
    });
    let mut responses = responses.collect::<Object>();
    // Not `default`: some generators take that for a success as well.
    for (range, name, _) in OTHERS {
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        responses.insert(range.into(), reference);
    }
    responses
}

/// The ranges of statuses with responses that no operation has in the model: those of the protocol
/// to invalid requests and failures.
const OTHERS: [(&str, &str, &str); 2] = [
    ("4XX", "ClientError", "The request is rejected."),
    ("5XX", "ServerError", "The service has failed."),
];

/// The responses that operations share.
pub(super) fn shared(cx: Cx<'_>) -> Object {
    let media_type = cx.protocol.media_type;
    let responses = OTHERS.map(|(_, name, description)| {
        let mut response = Object::from_iter([("description".to_owned(), json!(description))]);
        let headers = protocol_headers(cx, Some(Vec::new()));
        if !headers.is_empty() {
            response.insert("headers".into(), Value::Object(headers));
        }
        let content = json!({ (media_type): { "schema": content::other_error(cx) } });
        response.insert("content".into(), content);
        (name.to_owned(), Value::Object(response))
    });
    responses.into_iter().collect()
}

fn response(
    cx: Cx<'_>,
    operation: &Operation,
    status: u16,
    outcomes: &[Outcome<'_>],
    examples: &Examples<'_>,
    has_body: bool,
) -> Object {
    let description = description(operation, status, outcomes);
    let mut response = Object::from_iter([("description".to_owned(), json!(description))]);
    let headers = headers(cx, outcomes, examples);
    if !headers.is_empty() {
        response.insert("headers".into(), Value::Object(headers));
    }
    let content = content(cx, outcomes, examples);
    if has_body && !content.is_empty() {
        response.insert("content".into(), Value::Object(content));
    }
    response
}

/// The documentation of the outcomes.
fn description(operation: &Operation, status: u16, outcomes: &[Outcome<'_>]) -> String {
    let texts = outcomes.iter().map(|outcome| {
        let name = if outcome.is_error {
            outcome.shape.name.name()
        } else {
            operation.name.name()
        };
        let text = outcome
            .is_error
            .then(|| docs::description(&outcome.shape.docs))
            .flatten();
        match text {
            Some(text) if outcomes.len() == 1 => text,
            Some(text) => format!("`{name}`: {text}"),
            None => format!("{name} {status} response"),
        }
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// The headers of all outcomes. Those that only some have are not required.
fn headers(cx: Cx<'_>, outcomes: &[Outcome<'_>], examples: &Examples<'_>) -> Object {
    let mut headers = Object::new();
    let mut counts = BTreeMap::<String, usize>::new();
    for outcome in outcomes {
        for (member, name, header) in parameters::headers(cx, outcome.shape.kind.members()) {
            *counts.entry(name.clone()).or_default() += 1;
            let known = headers.entry(name).or_insert(Value::Object(header));
            if let Value::Object(header) = known {
                let place = parameters::place(&member.binding);
                examples.add_values(cx, header, outcome.message(), member, place);
            }
        }
    }
    for (name, count) in counts {
        if count < outcomes.len()
            && let Some(Value::Object(header)) = headers.get_mut(&name)
        {
            header.remove("required");
        }
    }
    let errors = outcomes.iter().filter(|outcome| outcome.is_error);
    let errors = errors
        .map(|outcome| json!(outcome.shape.name.name()))
        .collect::<Vec<_>>();
    for (name, header) in protocol_headers(cx, (!errors.is_empty()).then_some(errors)) {
        headers.entry(name).or_insert(header);
    }
    headers
}

/// The headers that the protocol adds to a response, which is one of these errors.
fn protocol_headers(cx: Cx<'_>, errors: Option<Vec<Value>>) -> Object {
    let mut headers = Object::new();
    if let Routes::Rpc(name, value) = cx.protocol.routes {
        let schema = json!({ "type": "string", "enum": [value] });
        headers.insert(name.into(), json!({ "required": true, "schema": schema }));
    }
    if let (ErrorName::Header(name), Some(errors)) = (cx.protocol.errors, errors) {
        let text = Object::from_iter([("type".to_owned(), json!("string"))]);
        // The protocol has errors of its own with these statuses.
        let schema = if errors.is_empty() {
            text
        } else {
            enums::open(&text, errors, Object::new())
        };
        let description = "The name of the error.";
        headers.insert(
            name.into(),
            json!({ "description": description, "schema": schema }),
        );
    }
    headers
}

/// The bodies of all outcomes, by media type.
fn content(cx: Cx<'_>, outcomes: &[Outcome<'_>], examples: &Examples<'_>) -> Object {
    let mut schemas = BTreeMap::<String, Vec<Value>>::new();
    let mut media = BTreeMap::<String, Object>::new();
    for outcome in outcomes {
        let Some(content) = content::content(cx, outcome.id, outcome.component) else {
            continue;
        };
        let Content { media_type, schema } = content;
        schemas
            .entry(media_type.clone())
            .or_default()
            .push(Value::Object(schema));
        let object = media.entry(media_type).or_default();
        examples.add_bodies(cx, object, outcome.message(), outcome.shape);
    }
    let content = schemas.into_iter().map(|(media_type, mut schemas)| {
        let schema = if schemas.len() == 1 {
            schemas.remove(0)
        } else {
            json!({ (alternatives(cx)): schemas })
        };
        let mut object = Object::from_iter([("schema".to_owned(), schema)]);
        object.extend(media.remove(&media_type).unwrap_or_default());
        (media_type, Value::Object(object))
    });
    content.collect()
}

/// The keyword for several errors. Where only a header tells them apart, one body may have the
/// schemas of several, for which `oneOf` would reject it.
fn alternatives(cx: Cx<'_>) -> &'static str {
    match cx.protocol.errors {
        ErrorName::Header(_) => "anyOf",
        ErrorName::Member(_) | ErrorName::Xml => "oneOf",
    }
}
