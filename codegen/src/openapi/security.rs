//! Authentication schemes.

use drawplate_model::model::{ApiKeyPosition, AuthScheme, Operation};
use serde_json::{Value, json};

use super::{Cx, Object};

/// Schemes that OpenAPI can express and generated code cannot use.
const DIGEST: &str = "smithy.api#httpDigestAuth";
const SIGV4A: &str = "aws.auth#sigv4a";
const COGNITO: &str = "aws.auth#cognitoUserPools";

/// Whether OpenAPI can express a scheme.
pub(super) fn is_known(scheme: &AuthScheme) -> bool {
    scheme.is_supported() || [DIGEST, SIGV4A, COGNITO].contains(&scheme.id())
}

/// The security schemes of a document.
pub(super) fn components(cx: Cx<'_>) -> Object {
    let schemes = cx.service.auth_schemes.iter();
    schemes.map(|it| (key(it), scheme(it))).collect()
}

/// The name of a scheme in a document.
fn key(scheme: &AuthScheme) -> String {
    scheme.id().replace('#', ".")
}

fn scheme(scheme: &AuthScheme) -> Value {
    match scheme {
        AuthScheme::Basic => http("Basic", "HTTP Basic authentication"),
        AuthScheme::Bearer => http("Bearer", "HTTP Bearer authentication"),
        AuthScheme::ApiKey(position) => api_key(position),
        AuthScheme::SigV4 => header("AWS Signature Version 4 authentication", Some("awsSigv4")),
        AuthScheme::Unsupported(id) => match &**id {
            DIGEST => http("Digest", "HTTP Digest authentication"),
            SIGV4A => header("AWS Signature Version 4A authentication", Some("awsSigv4")),
            COGNITO => header("Amazon Cognito user pools", Some("cognito_user_pools")),
            other => header(&format!("Authentication by `{other}`"), None),
        },
    }
}

/// A scheme of the header `Authorization`.
fn http(scheme: &str, description: &str) -> Value {
    json!({ "type": "http", "description": description, "scheme": scheme })
}

/// Any other content of the header `Authorization`. Amazon API Gateway reads the extension.
fn header(description: &str, kind: Option<&str>) -> Value {
    let mut scheme = key_in("header", "Authorization", description);
    if let Some(kind) = kind {
        scheme["x-amazon-apigateway-authtype"] = json!(kind);
    }
    scheme
}

fn api_key(position: &ApiKeyPosition) -> Value {
    let described = |name, place| format!("API key authentication via the '{name}' {place}");
    match position {
        ApiKeyPosition::Header { name, scheme } => {
            let description = described(name, "header");
            match (scheme, lost_scheme(position)) {
                (_, Some(scheme)) => {
                    let description = format!("{description}, after the scheme '{scheme}'");
                    key_in("header", name, &description)
                }
                (Some(scheme), None) => http(scheme, &description),
                (None, None) => key_in("header", name, &description),
            }
        }
        ApiKeyPosition::Query(name) => key_in("query", name, &described(name, "query parameter")),
    }
}

/// The scheme in front of a key, if it is one that OpenAPI cannot express: schemes of type `http`
/// are those of the header `Authorization` (OpenAPI 3.1, "Security Scheme Object").
pub(super) fn lost_scheme(position: &ApiKeyPosition) -> Option<&str> {
    match position {
        ApiKeyPosition::Header { name, scheme } if !name.eq_ignore_ascii_case("authorization") => {
            scheme.as_deref()
        }
        ApiKeyPosition::Header { .. } | ApiKeyPosition::Query(_) => None,
    }
}

fn key_in(place: &str, name: &str, description: &str) -> Value {
    json!({ "type": "apiKey", "description": description, "name": name, "in": place })
}

/// The alternatives of the whole service, if it has schemes.
pub(super) fn of_service(cx: Cx<'_>) -> Option<Value> {
    let alternatives = alternatives(&cx.service.default_auth(), false);
    (!alternatives.is_empty()).then_some(Value::Array(alternatives))
}

/// The alternatives of an operation, if they differ from those of the service.
pub(super) fn of_operation(cx: Cx<'_>, operation: &Operation) -> Option<Value> {
    let is_optional = operation.optional_auth && !cx.service.is_public(operation);
    let own = alternatives(&cx.service.auth_of(operation), is_optional);
    let default = alternatives(&cx.service.default_auth(), false);
    (own != default).then_some(Value::Array(own))
}

/// The schemes, the preferred one first, and no scheme if authentication is optional.
fn alternatives(schemes: &[&AuthScheme], optional: bool) -> Vec<Value> {
    let schemes = schemes.iter();
    let mut alternatives = schemes
        .map(|scheme| json!({ (key(scheme)): [] }))
        .collect::<Vec<_>>();
    if optional {
        alternatives.push(json!({}));
    }
    alternatives
}
