//! Authentication schemes.

use std::collections::BTreeMap;

use drawplate_model::model::{Model, Operation, Service};
use drawplate_model::node::{Node, Value as NodeValue};
use drawplate_model::traits::Traits;
use serde_json::{Value, json};

use super::{Cx, Object};

/// The trait that marks the definition of an authentication scheme.
const DEFINITION: &str = "smithy.api#authDefinition";

/// The values of the schemes of a service, by the shape ids of their traits.
pub(super) type Schemes<'m> = BTreeMap<&'m str, &'m Node<'static>>;

/// The schemes of a service.
pub(super) fn schemes<'m>(model: &Model, service: &'m Service) -> Schemes<'m> {
    let defined = |id: &str| {
        let mut definitions = model.trait_definitions.iter();
        let found = definitions.find(|definition| definition.name.as_str() == id);
        found.is_some_and(|found| found.traits.get(DEFINITION).is_some())
    };
    let traits = service.traits.iter();
    let schemes = traits.filter(|applied| is_known(applied.id()) || defined(applied.id()));
    schemes
        .map(|applied| (applied.id(), applied.value()))
        .collect()
}

/// Whether OpenAPI can express a scheme.
pub(super) fn is_known(id: &str) -> bool {
    matches!(
        id,
        "aws.auth#cognitoUserPools"
            | "aws.auth#sigv4"
            | "aws.auth#sigv4a"
            | "smithy.api#httpApiKeyAuth"
            | "smithy.api#httpBasicAuth"
            | "smithy.api#httpBearerAuth"
            | "smithy.api#httpDigestAuth"
    )
}

/// The security schemes of a document.
pub(super) fn components(cx: Cx<'_>) -> Object {
    let schemes = cx.schemes.iter();
    schemes
        .map(|(id, value)| (key(id), scheme(id, value)))
        .collect()
}

/// The name of a scheme in a document.
fn key(id: &str) -> String {
    id.replace('#', ".")
}

fn scheme(id: &str, value: &Node<'_>) -> Value {
    let text = |key| value.get(key).and_then(Node::as_str).unwrap_or_default();
    let http = |scheme: &str, name: &str| {
        let description = format!("HTTP {name} authentication");
        json!({ "type": "http", "description": description, "scheme": scheme })
    };
    // Amazon API Gateway reads the extension.
    let header = |description: &str, kind: Option<&str>| {
        let mut scheme = json!({
            "type": "apiKey",
            "description": description,
            "name": "Authorization",
            "in": "header",
        });
        if let Some(kind) = kind {
            scheme["x-amazon-apigateway-authtype"] = json!(kind);
        }
        scheme
    };
    match id {
        "smithy.api#httpBasicAuth" => http("Basic", "Basic"),
        "smithy.api#httpBearerAuth" => http("Bearer", "Bearer"),
        "smithy.api#httpDigestAuth" => http("Digest", "Digest"),
        "smithy.api#httpApiKeyAuth" => {
            let (name, place) = (text("name"), text("in"));
            let place_name = if place == "query" {
                "query parameter"
            } else {
                place
            };
            let description = format!("API key authentication via the '{name}' {place_name}");
            match value.get("scheme").and_then(Node::as_str) {
                // The key follows the scheme in the header `Authorization`.
                Some(scheme) => {
                    json!({ "type": "http", "description": description, "scheme": scheme })
                }
                None => json!({
                    "type": "apiKey", "description": description, "name": name, "in": place,
                }),
            }
        }
        "aws.auth#sigv4" => header("AWS Signature Version 4 authentication", Some("awsSigv4")),
        "aws.auth#sigv4a" => header("AWS Signature Version 4A authentication", Some("awsSigv4")),
        "aws.auth#cognitoUserPools" => {
            header("Amazon Cognito user pools", Some("cognito_user_pools"))
        }
        other => header(&format!("Authentication by `{other}`"), None),
    }
}

/// The alternatives of the whole service, if it has schemes.
pub(super) fn of_service(cx: Cx<'_>) -> Option<Value> {
    let alternatives = alternatives(cx, None, false);
    (!alternatives.is_empty()).then_some(Value::Array(alternatives))
}

/// The alternatives of an operation, if they differ from those of the service.
pub(super) fn of_operation(cx: Cx<'_>, operation: &Operation) -> Option<Value> {
    let optional = operation.traits.get("smithy.api#optionalAuth").is_some();
    let own = alternatives(cx, Some(&operation.traits), optional);
    (own != alternatives(cx, None, false)).then_some(Value::Array(own))
}

/// The schemes in order of preference: those of the trait `auth` of the operation or service,
/// otherwise all of the service by id (Smithy 2.0, "auth trait").
fn alternatives(cx: Cx<'_>, operation: Option<&Traits>, optional: bool) -> Vec<Value> {
    let listed = |traits: &Traits| match &traits.get("smithy.api#auth")?.value {
        NodeValue::Array(ids) => {
            let ids = ids.iter().filter_map(Node::as_str);
            Some(ids.map(str::to_owned).collect::<Vec<_>>())
        }
        _ => None,
    };
    let chosen = operation
        .and_then(listed)
        .or_else(|| listed(&cx.service.traits));
    let all = || cx.schemes.keys().map(|id| (*id).to_owned()).collect();
    let chosen = chosen.unwrap_or_else(all);
    let mut alternatives = chosen
        .iter()
        .filter(|id| cx.schemes.contains_key(&***id))
        .map(|id| json!({ (key(id)): [] }))
        .collect::<Vec<_>>();
    if optional && !alternatives.is_empty() {
        alternatives.push(json!({}));
    }
    alternatives
}
