//! The messages of protocols with HTTP bindings (Smithy 2.0, "HTTP bindings"): members are bound to
//! the path, the query, headers and the body.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, Response, StatusCode};

use super::Protocol;
use super::bind::decode::{self, ReceivedParts};
use super::bind::encode::{self, MessageParts};
use super::bind::path;
use super::messages::{ContentType, Recognition, RequestHead, RequestInput};
use super::request::{self, RequestParts, label};
use super::response::{add_empty_document, assemble, has_no_content};
use super::service::{Operation, Route, Segment, Service};
use crate::codec::members::{self, MemberFilter, Tokens};
use crate::codec::{Codec, Mode};
use crate::error::{DecodeError, EncodeError, Problem, both};
use crate::http::Body;
use crate::schema::{Binding, Kind, Member, Schema};
use crate::service_error::ModeledError;
use crate::shape::{DecodeMembers, EncodeMembers};
use crate::stream::event;

/// See [`Messages::encode_request`](super::Messages::encode_request).
pub(super) fn encode_request(
    protocol: &dyn Protocol,
    service: &Service,
    operation: &Operation,
    input: &dyn EncodeMembers,
    tokens: Tokens<'_>,
) -> Result<RequestParts, EncodeError> {
    let route = operation
        .route
        .ok_or_else(|| EncodeError::new(format!("`{}` has no HTTP binding", operation.name)))?;
    let method = Method::from_bytes(route.method.as_bytes())
        .map_err(|_| EncodeError::new(format!("`{}` is not an HTTP method", route.method)))?;
    let mut parts = parts(protocol, input, MemberFilter::Request, tokens)?;
    if operation.traits.no_input {
        parts.body = None;
    }
    // In JSON, a request whose payload is a structure has a document even if the structure is
    // missing; a response has not (Smithy's protocol tests, `RestJsonHttpWithEmptyStructurePayload`
    // and `RestJsonHttpPayloadWithStructureAndEmptyResponseBody`).
    let payload = operation.input.payload();
    let is_structure = payload.is_some_and(|(_, member)| member.target.kind == Kind::Structure);
    let absent = protocol.codec().absent_structure();
    if let (true, None, Some(document)) = (is_structure, &parts.body, absent) {
        parts.set_document(document.to_vec(), protocol.media_type());
    }
    let raw_path = service.signing.is_some_and(|signing| signing.raw_path);
    let target = target(operation, route, raw_path, &parts)?;
    let MessageParts {
        labels,
        headers,
        length,
        body,
        ..
    } = parts;
    request::finish(operation, method, target, &labels, headers, body, length)
}

/// The parts of a message with the document of the members that `filter` selects.
fn parts(
    protocol: &dyn Protocol,
    structure: &dyn EncodeMembers,
    filter: MemberFilter,
    tokens: Tokens<'_>,
) -> Result<MessageParts, EncodeError> {
    let layout = &structure.schema().layout;
    let mut parts = encode::parts(protocol, structure, filter, tokens)?;
    let inside = match filter {
        MemberFilter::Response => layout.in_response,
        _ => layout.in_request,
    };
    if layout.payload.is_none() && inside {
        let document = members::encode(protocol.codec(), structure, filter, tokens)?;
        parts.set_document(document, protocol.media_type());
    }
    Ok(parts)
}

/// Rejects segments that are removed with the one before them wherever a path is normalized (RFC
/// 3986 section 6.2.2.3).
fn check_segments(member: &Member, segments: &[&str]) -> Result<(), EncodeError> {
    match segments.iter().find(|text| matches!(**text, "." | "..")) {
        Some(text) if segments.len() == 1 => Err(EncodeError::new(format!(
            "`{}` is `{text}`, which servers and proxies resolve to another path",
            member.name
        ))),
        Some(text) => Err(EncodeError::new(format!(
            "`{}` has the segment `{text}`, which servers and proxies resolve to another path",
            member.name
        ))),
        None => Ok(()),
    }
}

/// The path and the query. A service that takes paths as they are sent (`raw_path`) has resources
/// whose names contain the segments `.` and `..`.
fn target(
    operation: &Operation,
    route: &Route,
    raw_path: bool,
    parts: &MessageParts,
) -> Result<String, EncodeError> {
    let mut target = String::with_capacity(64);
    for segment in route.path {
        target.push('/');
        match *segment {
            Segment::Literal(text) => path::push_literal(&mut target, text),
            Segment::Label(index) => {
                let (member, text) = label(operation, &parts.labels, index)?;
                check_segments(member, &[text])?;
                path::push_encoded(&mut target, text);
            }
            Segment::Greedy(index) => {
                let (member, text) = label(operation, &parts.labels, index)?;
                if !raw_path {
                    check_segments(member, &text.split('/').collect::<Vec<_>>())?;
                }
                path::push_segments(&mut target, text);
            }
        }
    }
    if target.is_empty() {
        target.push('/');
    }
    let mut first = true;
    for (name, value) in route.query {
        path::push_query_literal(&mut target, &mut first, name, value);
    }
    for (name, value) in &parts.query {
        if route.query.iter().all(|(literal, _)| literal != name) {
            path::push_pair(&mut target, &mut first, name, value);
        }
    }
    Ok(target)
}

/// See [`Messages::decode_response`](super::Messages::decode_response). An empty body is decoded as
/// an empty document.
pub(super) fn decode_response(
    protocol: &dyn Protocol,
    codec: &dyn Codec,
    parts: &ReceivedParts<'_>,
    output: &mut dyn DecodeMembers,
) -> Result<(), DecodeError> {
    let schema = output.schema();
    if schema.layout.outside_response {
        for (index, member) in schema.members.iter().enumerate() {
            match member.binding {
                binding if binding.is_in_response_document() => {}
                Binding::Payload => {
                    decode::payload(protocol, index, member, parts, output, Mode::Lenient)?;
                }
                _ => decode::bound(index, member, parts, output)
                    .map_err(|error| error.inside(member.name))?,
            }
        }
    }
    let body = parts.body.bytes();
    if schema.layout.payload.is_some() || !schema.layout.in_response || body.is_empty() {
        return Ok(());
    }
    let options = Mode::Lenient.within(parts.memory);
    members::decode(codec, body, output, MemberFilter::Response, options)
}

/// See [`ServerProtocol::decode_request`](super::ServerProtocol::decode_request). An empty body is
/// decoded as the document of an empty structure.
pub(super) fn decode_request(
    protocol: &dyn Protocol,
    parts: &ReceivedParts<'_>,
    input: &mut dyn RequestInput,
) -> Result<(), DecodeError> {
    let codec = protocol.codec();
    let schema = input.schema();
    let mut result = Ok(());
    if schema.layout.outside_request {
        for (index, member) in schema.members.iter().enumerate() {
            let found = match member.binding {
                binding if binding.is_in_request_document() => continue,
                Binding::Payload => {
                    decode::payload(protocol, index, member, parts, input, Mode::Strict)
                }
                _ => decode::bound(index, member, parts, input),
            };
            // An empty payload is a valid blob or string, unless payloads are documents.
            let empty_is_valid = member.binding == Binding::Payload
                && !protocol.messages().has_document_payloads()
                && matches!(member.target.kind, Kind::Blob | Kind::String);
            let needed = member.required && member.default.is_none() && !empty_is_valid;
            let found = match found {
                Ok(()) if needed && input.is_absent(index) => {
                    Err(DecodeError::new(Problem::Missing))
                }
                found => found,
            };
            let found = found.map_err(|error| {
                let error = if member.is_secret() {
                    error.redacted()
                } else {
                    error
                };
                error.inside(member.name)
            });
            result = both(result, found);
        }
    }
    if schema.layout.payload.is_some() || !schema.layout.in_request {
        return result;
    }
    let body = match &**parts.body.bytes() {
        b"" => codec.empty_structure(),
        body => body,
    };
    let options = Mode::Strict.within(parts.memory);
    let document = members::decode(codec, body, input, MemberFilter::Request, options);
    both(result, document)
}

/// See [`ServerProtocol::encode_response`](super::ServerProtocol::encode_response).
pub(super) fn encode_response(
    protocol: &dyn Protocol,
    operation: &Operation,
    output: &dyn EncodeMembers,
) -> Result<Response<Body>, EncodeError> {
    let mut parts = parts(protocol, output, MemberFilter::Response, &String::new)?;
    let modeled = operation.route.map_or(200, |route| route.status);
    let status = parts.status.unwrap_or(modeled);
    let status = StatusCode::from_u16(status)
        .map_err(|_| EncodeError::new(format!("{status} is not an HTTP status")))?;
    if operation.traits.no_output {
        parts.body = None;
        parts.headers.remove(CONTENT_TYPE);
    } else if output.schema().layout.payload.is_none() {
        add_empty_document(&mut parts, status, protocol);
    }
    Ok(assemble(status, parts))
}

/// The response with a modeled error. `document` encodes the members that are not bound to another
/// part.
pub(super) fn encode_error(
    protocol: &dyn Protocol,
    error: &dyn ModeledError,
    document: &dyn Fn() -> Result<Vec<u8>, EncodeError>,
) -> Result<Response<Body>, EncodeError> {
    let mut parts = encode::parts(protocol, error, MemberFilter::Response, &String::new)?;
    let status = parts.status.unwrap_or(error.error_schema().status);
    let status = StatusCode::from_u16(status)
        .map_err(|_| EncodeError::new(format!("{status} is not an HTTP status")))?;
    if error.schema().layout.payload.is_none() && !has_no_content(status) {
        parts.set_document(document()?, protocol.media_type());
    }
    Ok(assemble(status, parts))
}

/// Whether a request may be in a protocol with documents in the format of a codec. The path
/// identifies the operation in all protocols with HTTP bindings. A request is in another one if its
/// content type, or else the type that it accepts, is that of documents in another format.
pub(super) fn recognizes(codec: &dyn Codec, head: &RequestHead<'_>) -> Recognition {
    const FORMATS: [&str; 3] = ["json", "xml", "cbor"];
    let names = [CONTENT_TYPE, ACCEPT];
    let mut values = names.iter().filter_map(|name| head.headers.get(name));
    let media_type = values.next().and_then(|value| value.to_str().ok());
    let in_another = |media_type: &str| {
        !codec.reads(media_type) && FORMATS.iter().any(|format| media_type.contains(format))
    };
    match media_type {
        Some(media_type) if in_another(media_type) => Recognition::No,
        _ => Recognition::Possible,
    }
}

/// See [`ServerProtocol::binds_header`](super::ServerProtocol::binds_header).
pub(super) fn binds_header(schema: &Schema, name: &str) -> bool {
    schema
        .members
        .iter()
        .any(|member| matches!(member.binding, Binding::Header(other) if other.eq_ignore_ascii_case(name)))
}

/// See [`ServerProtocol::content_type`](super::ServerProtocol::content_type).
pub(super) fn content_type(
    protocol: &dyn Protocol,
    schema: &'static Schema,
    has_document: bool,
) -> ContentType {
    if schema.events().is_some() {
        return ContentType::Type(event::MEDIA_TYPE);
    }
    match schema.payload() {
        Some(_) if schema.layout.content_type => ContentType::Any,
        Some(_) if protocol.messages().has_document_payloads() => {
            ContentType::Type(protocol.media_type())
        }
        Some((_, member)) => match (member.media_type, member.target.kind) {
            (_, Kind::Structure | Kind::Union | Kind::Document) => {
                ContentType::Type(protocol.media_type())
            }
            (Some(media_type), _) => ContentType::Type(media_type),
            (None, Kind::Blob) => ContentType::Any,
            (None, _) => ContentType::Type("text/plain"),
        },
        None if has_document => ContentType::Type(protocol.media_type()),
        None => ContentType::None,
    }
}
