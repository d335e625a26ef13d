//! Responses: the encoded outputs and errors of calls.

use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};

use crate::codec::{Mode, ROOT};
use crate::error::EncodeError;
use crate::http::Body;
use crate::protocol::ServerProtocol;
use crate::protocol::error::{QUERY_ERROR, fault};
use crate::protocol::service::{Operation, Service};
use crate::schema::Fault;
use crate::service_error::{ModeledError, UnmodeledError};
use crate::shape::EncodeMembers;

use super::events;
use super::rejection::{Rejection, RejectionBody, RejectionInfo};

/// The response with an output.
pub(super) fn output(
    protocol: &dyn ServerProtocol,
    operation: &Operation,
    output: &dyn EncodeMembers,
) -> Result<Response<Body>, EncodeError> {
    let mut response = protocol.encode_response(operation, output)?;
    if output.schema().events().is_some() {
        events::report_faults(&mut response);
    }
    Ok(response)
}

/// The response with an error of the model.
pub(super) fn modeled(
    service: &Service,
    protocol: &dyn ServerProtocol,
    error: &dyn ModeledError,
    request_id: &str,
) -> Result<Response<Body>, EncodeError> {
    let mut response = protocol.encode_modeled_error(error, request_id)?;
    let schema = error.schema();
    let code = schema.query_code.unwrap_or(schema.name());
    add_query_error(service, &mut response, code, error.error_schema().fault);
    Ok(response)
}

/// Adds the code by which clients of awsQuery knew an error (Smithy, "awsQueryCompatible trait").
fn add_query_error(service: &Service, response: &mut Response<Body>, code: &str, fault: Fault) {
    if !service.query_compatible {
        return;
    }
    let fault = match fault {
        Fault::Client => "Sender",
        Fault::Server => "Receiver",
    };
    if let Ok(value) = HeaderValue::try_from(format!("{code};{fault}")) {
        response.headers_mut().insert(QUERY_ERROR, value);
    }
}

/// The response with an error that is not in the model.
pub(super) fn unmodeled(
    service: &Service,
    protocol: &dyn ServerProtocol,
    error: &UnmodeledError,
    request_id: &str,
) -> Response<Body> {
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
    let members = RejectionBody::new(message.clone());
    let mut response = error_response(protocol, status, code.as_deref(), &members, request_id);
    if let Some(code) = code {
        add_query_error(service, &mut response, code, fault(status));
    }
    if !body.is_empty() {
        *response.body_mut() = Body::from(body.clone());
        response.headers_mut().remove(http::header::CONTENT_LENGTH);
        let document = protocol
            .codec()
            .decode(body, Mode::Lenient.into(), &mut |decoder| {
                decoder.document(&ROOT).map(drop)
            });
        if document.is_err() {
            response.headers_mut().remove(CONTENT_TYPE);
        }
    }
    response
}

/// The response to a rejected request.
pub(super) fn rejected(
    service: &Service,
    protocol: &dyn ServerProtocol,
    rejection: Rejection,
    request_id: &str,
) -> Response<Body> {
    let allow = match &rejection {
        Rejection::Method { allow } => HeaderValue::try_from(allow.as_str()).ok(),
        _ => None,
    };
    let challenges = match &rejection {
        Rejection::Unauthorized(caller) | Rejection::Forbidden(caller) => caller.challenges.clone(),
        _ => Vec::new(),
    };
    let RejectionInfo {
        status,
        code,
        query_code,
        body,
    } = rejection.info(service);
    let schema = body.schema;
    let (name, query_code) = match schema.error {
        Some(_) if *code == *schema.name() => (
            protocol.error_name(schema),
            schema.query_code.unwrap_or(&code),
        ),
        _ => match query_code {
            Some(query_code) if protocol.has_query_codes() => (query_code, query_code),
            _ => (&*code, query_code.unwrap_or(&code)),
        },
    };
    let mut response = error_response(protocol, status, Some(name), &body, request_id);
    add_query_error(service, &mut response, query_code, fault(status));
    if let Some(allow) = allow {
        response.headers_mut().insert(ALLOW, allow);
    }
    for challenge in challenges {
        response.headers_mut().append(WWW_AUTHENTICATE, challenge);
    }
    response
}

fn error_response(
    protocol: &dyn ServerProtocol,
    status: StatusCode,
    code: Option<&str>,
    members: &dyn EncodeMembers,
    request_id: &str,
) -> Response<Body> {
    let response = protocol.encode_error(status, code, members, request_id);
    response.unwrap_or_else(|error| {
        tracing::error!(%error, "the error response cannot be encoded");
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    })
}
