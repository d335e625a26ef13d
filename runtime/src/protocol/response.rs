//! Answers: the output or error of an operation on its way back.

use http::StatusCode;
use http::header::HeaderName;
use http::response::Parts;

use super::bind::decode;
use crate::codec::json::Mode;
use crate::error::DecodeError;
use crate::http::Content;
use crate::protocol::service::{Operation, Service};
use crate::shape::Structure;

/// Whether an answer with this status is the operation's output.
pub(crate) fn is_success(operation: &Operation, status: StatusCode) -> bool {
    status.is_success()
        || operation
            .route
            .is_some_and(|route| route.status == status.as_u16())
}

/// Fills an output or error from an answer, as leniently as clients are.
pub(crate) fn read(
    service: &Service,
    parts: &Parts,
    body: &Content,
    structure: &mut dyn Structure,
) -> Result<(), DecodeError> {
    let status = Some(parts.status.as_u16());
    let parts = decode::Parts {
        labels: &[],
        query: &[],
        headers: &parts.headers,
        status,
        body,
    };
    decode::fill(service.protocol, &parts, structure, Mode::Lenient)
}

/// The id that the service gave the request; `None` where no header holds one.
pub(crate) fn request_id(headers: &http::HeaderMap) -> Option<&str> {
    const NAMES: [HeaderName; 5] = [
        HeaderName::from_static("x-amzn-requestid"),
        HeaderName::from_static("x-amzn-request-id"),
        HeaderName::from_static("x-amz-request-id"),
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("apigw-requestid"),
    ];
    NAMES
        .iter()
        .find_map(|name| headers.get(name)?.to_str().ok())
        .filter(|id| !id.is_empty())
}
