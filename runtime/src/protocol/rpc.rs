//! The messages of protocols without HTTP bindings: the body has all members of the input or
//! output.

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};

use super::Protocol;
use super::bind::decode::ReceivedParts;
use super::bind::encode::{self, MessageParts};
use super::content::{Content, StreamPayload};
use super::messages::{ContentType, RequestInput};
use super::request::{self, RequestParts};
use super::response::{self, assemble};
use super::service::{Operation, Service};
use crate::codec::members::{self, MemberFilter, Tokens};
use crate::codec::{DecodeOptions, Mode};
use crate::error::{DecodeError, EncodeError, both};
use crate::http::Body;
use crate::schema::Schema;
use crate::shape::{DecodeMembers, EncodeMembers};
use crate::stream::event;

/// Asks a service that was one of awsQuery for the codes that its errors had (Smithy,
/// "awsQueryCompatible trait").
pub(super) fn add_query_mode(service: &Service, headers: &mut HeaderMap) {
    const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
    if service.query_compatible {
        headers.insert(QUERY_MODE, HeaderValue::from_static("true"));
    }
}

/// See [`Messages::encode_request`](super::Messages::encode_request). `path` and `headers` do not
/// depend on the input.
pub(super) fn encode_request(
    protocol: &dyn Protocol,
    operation: &Operation,
    input: &dyn EncodeMembers,
    tokens: Tokens<'_>,
    path: &str,
    headers: HeaderMap,
) -> Result<RequestParts, EncodeError> {
    let mut parts = message(protocol, input, "initial-request", tokens)?;
    parts.headers.extend(headers);
    let labels = encode::host_labels(input)?;
    let MessageParts { headers, body, .. } = parts;
    request::finish(
        operation,
        Method::POST,
        path.to_owned(),
        &labels,
        headers,
        body,
        None,
    )
}

/// The message with all members: a document, or events after the other members.
fn message(
    protocol: &dyn Protocol,
    structure: &dyn EncodeMembers,
    event_type: &str,
    tokens: Tokens<'_>,
) -> Result<MessageParts, EncodeError> {
    let mut parts = MessageParts::default();
    match encode::events(protocol, structure, event_type, tokens)? {
        Some(events) => {
            parts.body = Some(events);
            let media_type = HeaderValue::from_static(event::MEDIA_TYPE);
            parts.headers.insert(CONTENT_TYPE, media_type);
        }
        None => {
            let codec = protocol.codec();
            let document = members::encode(codec, structure, MemberFilter::All, tokens)?;
            parts.set_document(document, protocol.media_type());
        }
    }
    Ok(parts)
}

/// See [`Messages::decode_response`](super::Messages::decode_response). An empty body is decoded as
/// an empty document.
pub(super) fn decode_response(
    protocol: &dyn Protocol,
    parts: &ReceivedParts<'_>,
    output: &mut dyn DecodeMembers,
) -> Result<(), DecodeError> {
    if let Content::Events(_) = parts.body {
        let options = Mode::Lenient.within(parts.memory);
        return decode_events(protocol, parts.body, output, options);
    }
    let body = parts.body.bytes();
    if body.is_empty() || output.schema().members.is_empty() {
        return Ok(());
    }
    members::decode(
        protocol.codec(),
        body,
        output,
        MemberFilter::All,
        Mode::Lenient.within(parts.memory),
    )
}

/// See [`ServerProtocol::decode_request`](super::ServerProtocol::decode_request). An empty body is
/// decoded as the document of an empty structure.
pub(super) fn decode_request(
    protocol: &dyn Protocol,
    parts: &ReceivedParts<'_>,
    input: &mut dyn RequestInput,
) -> Result<(), DecodeError> {
    if let Content::Events(_) = parts.body {
        let options = Mode::Strict.within(parts.memory);
        return decode_events(protocol, parts.body, input, options);
    }
    if input.schema().members.is_empty() {
        return Ok(());
    }
    let codec = protocol.codec();
    let body = match &**parts.body.bytes() {
        b"" => codec.empty_structure(),
        body => body,
    };
    let options = Mode::Strict.within(parts.memory);
    members::decode(codec, body, input, MemberFilter::All, options)
}

/// Decodes the members beside an event stream, and the stream.
fn decode_events(
    protocol: &dyn Protocol,
    content: &Content,
    structure: &mut dyn DecodeMembers,
    options: DecodeOptions,
) -> Result<(), DecodeError> {
    let Content::Events(events) = content else {
        return Ok(());
    };
    let codec = protocol.codec();
    let document = events.initial().unwrap_or(codec.empty_structure());
    let filter = MemberFilter::BesideStream;
    let mut result = members::decode(codec, document, structure, filter, options);
    if let Some((index, member)) = structure.schema().events() {
        let stream = structure.decode_member(index, &mut StreamPayload(content));
        result = both(result, stream.map_err(|error| error.inside(member.name)));
    }
    result
}

/// See [`ServerProtocol::encode_response`](super::ServerProtocol::encode_response). `status` is
/// that of a successful call.
pub(super) fn encode_response(
    protocol: &dyn Protocol,
    operation: &Operation,
    output: &dyn EncodeMembers,
    status: u16,
) -> Result<Response<Body>, EncodeError> {
    let mut parts = message(protocol, output, "initial-response", &String::new)?;
    if operation.traits.no_output {
        parts.body = None;
    }
    let status = StatusCode::from_u16(status)
        .map_err(|_| EncodeError::new(format!("{status} is not an HTTP status")))?;
    Ok(assemble(status, parts))
}

/// See [`ServerProtocol::encode_error`](super::ServerProtocol::encode_error). In the document, the
/// code precedes the members.
pub(super) fn encode_error(
    protocol: &dyn Protocol,
    status: StatusCode,
    code: Option<&str>,
    members: &dyn EncodeMembers,
) -> Result<Response<Body>, EncodeError> {
    let document = match code {
        Some(code) => members::encode_error(protocol.codec(), code, members)?,
        None => response::document(protocol, members)?,
    };
    Ok(response::with_document(status, protocol, document))
}

/// See [`ServerProtocol::content_type`](super::ServerProtocol::content_type).
pub(super) fn content_type(protocol: &dyn Protocol, schema: &'static Schema) -> ContentType {
    ContentType::Type(match schema.events() {
        Some(_) => event::MEDIA_TYPE,
        None => protocol.media_type(),
    })
}
