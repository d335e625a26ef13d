//! Operations.

use drawplate_model::model::{OperationId, Presence};
use serde_json::{Value, json};

use super::components::Component;
use super::content::{self, Content};
use super::examples::{Examples, Message};
use super::sides::Side;
use super::{Cx, Object, docs, parameters, responses, security};

/// The operation object. `labels` are the names that its path has for labels.
pub(super) fn operation(cx: Cx<'_>, id: OperationId, labels: &[(String, String)]) -> Object {
    let operation = &cx.model.operations[id];
    let examples = Examples::new(operation);
    let mut object = Object::from_iter([("operationId".to_owned(), json!(operation.name.name()))]);
    docs::describe(&mut object, &operation.docs);
    docs::link(&mut object, &operation.docs);
    let tags = super::tags_of(&operation.traits);
    if !tags.is_empty() {
        object.insert("tags".into(), json!(tags));
    }
    let parameters = parameters::parameters(cx.on(Side::Request), operation, labels, &examples);
    if !parameters.is_empty() {
        object.insert("parameters".into(), Value::Array(parameters));
    }
    if let Some(body) = request_body(cx.on(Side::Request), id, &examples) {
        object.insert("requestBody".into(), Value::Object(body));
    }
    let responses = responses::responses(cx.on(Side::Response), id, &examples);
    object.insert("responses".into(), Value::Object(responses));
    if let Some(security) = security::of_operation(cx, operation) {
        object.insert("security".into(), security);
    }
    cx.extensions.add(&mut object, &operation.traits);
    object
}

fn request_body(cx: Cx<'_>, id: OperationId, examples: &Examples<'_>) -> Option<Object> {
    let operation = &cx.model.operations[id];
    let input = &cx.model.shapes[operation.input];
    let Content { media_type, schema } =
        content::content(cx, operation.input, Component::Request(id))?;
    let mut media = Object::from_iter([("schema".to_owned(), Value::Object(schema))]);
    examples.add_bodies(cx, &mut media, Message::Input, input);
    let mut body = Object::from_iter([("content".to_owned(), json!({ (media_type): media }))]);
    let mut members = input
        .kind
        .members()
        .filter(|member| content::in_body(cx, member));
    let is_required = members
        .any(|member| member.required && !matches!(member.presence, Presence::Optional(Some(_))));
    if is_required {
        body.insert("required".into(), json!(true));
    }
    Some(body)
}
