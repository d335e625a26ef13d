//! Answers: outputs and errors on their way back.

use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body::Body as HttpBody;
use serde_json::{Map, Value};

use crate::error::EncodeError;
use crate::http::{Body, Content};
use crate::protocol::bind::encode;
use crate::protocol::service::{Operation, Protocol, Service};
use crate::schema::{Binding, Fault};
use crate::service_error::{ModeledError, UnmodeledError};
use crate::shape::Structure;

use super::rejection::Rejection;

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
/// The member of awsJson documents that names an error.
const TYPE: &str = "__type";

/// The answer that brings an output.
pub(super) fn output(
    service: &Service,
    operation: &Operation,
    output: &dyn Structure,
) -> Result<Response<Body>, EncodeError> {
    let mut parts = encode::parts(service.protocol, output, &String::new)?;
    super::events::send(&mut parts, service.protocol, output)?;
    let modeled = operation.route.map_or(200, |route| route.status);
    let status = parts.status.unwrap_or(modeled);
    let status = StatusCode::from_u16(status)
        .map_err(|_| EncodeError::new(format!("{status} is not a status")))?;
    if operation.traits.no_output {
        parts.body = None;
        if service.protocol.binds() {
            parts.headers.remove(CONTENT_TYPE);
        }
    }
    let payload = output
        .schema()
        .members
        .iter()
        .any(|member| member.binding == Binding::Payload);
    let document = !operation.traits.no_output && !payload;
    Ok(assemble(service.protocol, status, parts, document))
}

/// The answer that brings an error of the model.
pub(super) fn modeled(
    service: &Service,
    error: &dyn ModeledError,
) -> Result<Response<Body>, EncodeError> {
    let schema = error.schema();
    let mut parts = encode::parts(service.protocol, error, &String::new)?;
    let traits = error.error_schema();
    let status = parts.status.unwrap_or(traits.status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let name = schema.name();
    match service.protocol {
        Protocol::RestJson1 => {
            parts
                .headers
                .insert(ERROR_TYPE, HeaderValue::from_static(name));
        }
        Protocol::AwsJson1_0 => parts.body = Some(typed(schema.id, parts.body.as_ref())),
        Protocol::AwsJson1_1 => parts.body = Some(typed(name, parts.body.as_ref())),
    }
    if service.query_compatible {
        let fault = match traits.fault {
            Fault::Client => "Sender",
            Fault::Server => "Receiver",
        };
        let code = schema.query_code.unwrap_or(name);
        if let Ok(value) = HeaderValue::try_from(format!("{code};{fault}")) {
            parts.headers.insert(QUERY_ERROR, value);
        }
    }
    let payload = schema
        .members
        .iter()
        .any(|member| member.binding == Binding::Payload);
    Ok(assemble(service.protocol, status, parts, !payload))
}

/// A document with its type in front.
fn typed(name: &str, document: Option<&Content>) -> Content {
    let members = document
        .map(|document| &**document.bytes())
        .and_then(|document| document.strip_prefix(b"{"))
        .unwrap_or(b"}");
    let mut typed = Vec::with_capacity(members.len() + name.len() + 16);
    typed.extend_from_slice(b"{\"");
    typed.extend_from_slice(TYPE.as_bytes());
    typed.extend_from_slice(b"\":\"");
    // The names of shapes need no escape.
    typed.extend_from_slice(name.as_bytes());
    typed.extend_from_slice(if members == b"}" { b"\"" } else { b"\"," });
    typed.extend_from_slice(members);
    Content::Bytes(typed.into())
}

/// The answer that brings an error which the model does not know.
pub(super) fn unmodeled(service: &Service, error: &UnmodeledError) -> Response<Body> {
    let UnmodeledError {
        status,
        code,
        message,
        body,
        ..
    } = error;
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let status = status
        .filter(|status| status.as_u16() >= 200)
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut members = Map::new();
    if let Some(message) = message {
        members.insert("message".to_owned(), message.clone().into());
    }
    let mut response = error_response(service, status, code.as_deref(), members);
    if !body.is_empty() {
        *response.body_mut() = Body::from(body.clone());
        if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() {
            response.headers_mut().remove(CONTENT_TYPE);
        }
    }
    response
}

/// The answer to a request that is refused.
pub(super) fn refused(service: &Service, refusal: Rejection) -> Response<Body> {
    let allow = match &refusal {
        Rejection::Method { allow } => HeaderValue::try_from(allow.as_str()).ok(),
        _ => None,
    };
    let said = refusal.said(service);
    let mut response = error_response(service, said.status, Some(&said.code), said.body);
    if let Some(allow) = allow {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

fn error_response(
    service: &Service,
    status: StatusCode,
    code: Option<&str>,
    mut members: Map<String, Value>,
) -> Response<Body> {
    if let Some(code) = code.filter(|_| !service.protocol.binds()) {
        members.insert(TYPE.to_owned(), code.into());
    }
    let mut response = Response::new(Body::from(Value::Object(members).to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(service.protocol.content_type()),
    );
    let code = code.and_then(|code| HeaderValue::try_from(code).ok());
    if let Some(code) = code.filter(|_| service.protocol.binds()) {
        headers.insert(ERROR_TYPE, code);
    }
    response
}

/// Puts an answer together. `document` is whether there is one even where it has no members.
fn assemble(
    protocol: Protocol,
    status: StatusCode,
    parts: encode::Parts,
    document: bool,
) -> Response<Body> {
    // Answers with these statuses have no content (RFC 9110 sections 15.3.5 and 15.4.5).
    let without = matches!(
        status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED | StatusCode::RESET_CONTENT
    );
    let body = match parts.body {
        Some(body) => body.into_body(),
        None if document => Body::from("{}"),
        None => Body::empty(),
    };
    let mut response = Response::new(if without { Body::empty() } else { body });
    *response.status_mut() = status;
    *response.headers_mut() = parts.headers;
    if !without {
        let length = HttpBody::size_hint(response.body())
            .exact()
            .map(HeaderValue::from);
        response
            .headers_mut()
            .extend(length.map(|length| (CONTENT_LENGTH, length)));
    }
    if document && !without {
        let json = HeaderValue::from_static(protocol.content_type());
        response.headers_mut().entry(CONTENT_TYPE).or_insert(json);
    }
    response
}
