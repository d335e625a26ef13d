//! Responses: encoded outputs and errors of operations.

use http::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body::Body as HttpBody;

use super::Protocol;
use super::bind::encode::MessageParts;
use super::service::Operation;
use crate::codec::ROOT;
use crate::codec::members::RootStructure;
use crate::error::EncodeError;
use crate::http::length::Measured;
use crate::http::{Body, length};
use crate::schema::{Binding, Member};
use crate::service_error::ModeledError;
use crate::shape::EncodeMembers;

/// Whether a response with this status is the operation's output. An output that has the status as
/// a member has any status that is not one of errors.
pub(crate) fn is_success(operation: &Operation, status: StatusCode) -> bool {
    let has_status = |member: &Member| member.binding == Binding::StatusCode;
    status.is_success()
        || status.as_u16() < 400 && operation.output.members.iter().any(has_status)
        || operation
            .route
            .is_some_and(|route| route.status == status.as_u16())
}

/// Whether a content type is `expected`, with any parameters.
pub(crate) fn is_media_type(value: &HeaderValue, expected: &str) -> bool {
    let essence = value.as_bytes().split(|byte| *byte == b';').next();
    is_same_type(essence.unwrap_or_default().trim_ascii(), expected)
}

/// Whether a media type without parameters is `expected`. `text/xml` is an alias of
/// `application/xml` (RFC 7303 section 9.2).
pub(crate) fn is_same_type(essence: &[u8], expected: &str) -> bool {
    essence.eq_ignore_ascii_case(expected.as_bytes())
        || expected == "application/xml" && essence.eq_ignore_ascii_case(b"text/xml")
}

/// The status of a modeled error.
pub(crate) fn error_status(error: &dyn ModeledError) -> StatusCode {
    let status = StatusCode::from_u16(error.error_schema().status);
    status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The document of a structure.
pub(crate) fn document(
    protocol: &dyn Protocol,
    members: &dyn EncodeMembers,
) -> Result<Vec<u8>, EncodeError> {
    protocol.codec().encode(&ROOT, &RootStructure(members))
}

/// A response with a document.
pub(crate) fn with_document(
    status: StatusCode,
    protocol: &dyn Protocol,
    document: Vec<u8>,
) -> Response<Body> {
    let mut parts = MessageParts::default();
    parts.set_document(document, protocol.media_type());
    assemble(status, parts)
}

/// The length of a body that the output states, for responses to `HEAD`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StatedLength(pub(crate) u64);

/// Creates a response and sets its length: that of the body, or the stated one if the body is a
/// stream of unknown length, which must then have it.
pub(crate) fn assemble(status: StatusCode, parts: MessageParts) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    *response.headers_mut() = parts.headers;
    if has_no_content(status) {
        return response;
    }
    if let Some(length) = parts.length {
        response.extensions_mut().insert(StatedLength(length));
    }
    if let Some(content) = parts.body {
        let body = content.into_body();
        let unknown = HttpBody::size_hint(&body).exact().is_none();
        *response.body_mut() = match parts.length.filter(|_| unknown) {
            Some(length) => Body::new(Measured::exactly(body, length)),
            None => body,
        };
    }
    if let Some(length) = HttpBody::size_hint(response.body()).exact() {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, length::value(length));
    }
    response
}

/// Responses with these statuses have no content (RFC 9110 sections 15.3.5 and 15.4.5).
pub(crate) fn has_no_content(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED | StatusCode::RESET_CONTENT
    )
}

/// Adds the document of an empty structure if there is no other content.
pub(crate) fn add_empty_document(
    parts: &mut MessageParts,
    status: StatusCode,
    protocol: &dyn Protocol,
) {
    if has_no_content(status) {
        return;
    }
    if let (None, Some(document)) = (&parts.body, protocol.codec().absent_structure()) {
        parts.set_document(document.to_vec(), protocol.media_type());
    }
}

/// The headers in which services send the ID of a request. Gateways and proxies have others.
pub(crate) const SERVICE_REQUEST_IDS: [HeaderName; 3] = [
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("x-amzn-request-id"),
    HeaderName::from_static("x-amz-request-id"),
];

/// The request ID that the service assigned; `None` if no header has one.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    const OTHERS: [HeaderName; 2] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("apigw-requestid"),
    ];
    SERVICE_REQUEST_IDS
        .iter()
        .chain(&OTHERS)
        .find_map(|name| headers.get(name)?.to_str().ok())
        .filter(|id| !id.is_empty())
}
