//! Requests: the input of an operation on its way to the service.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use md5::{Digest as _, Md5};

use super::bind::document::Tokens;
use super::bind::{encode, path};
use crate::error::EncodeError;
use crate::http::Content;
use crate::protocol::service::{HostPart, Operation, Segment, Service};
use crate::schema::{Binding, Kind, Member};
use crate::shape::Structure;
use crate::stream::ByteStream;

/// A request but for where it goes to.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) method: Method,
    /// Path below the base path, and query.
    pub(crate) target: String,
    /// What stands before the endpoint's host.
    pub(crate) host_prefix: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Content,
    /// An idempotency token goes along: the service knows a request that it has seen.
    pub(crate) has_token: bool,
}

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");

/// The request that calls `operation` with `input`.
pub(crate) fn encode(
    service: &Service,
    operation: &Operation,
    input: &dyn Structure,
    tokens: Tokens<'_>,
) -> Result<Prepared, EncodeError> {
    let has_token = input
        .schema()
        .members
        .iter()
        .any(|member| member.idempotency_token);
    let mut parts = encode::parts(service.protocol, input, tokens)?;
    if operation.traits.no_input && service.protocol.binds() {
        parts.body = None;
    }
    empty_document(service, operation, &mut parts);
    encode::begin_events(
        &mut parts,
        service.protocol,
        input,
        "initial-request",
        tokens,
    )?;
    let host_prefix = host_prefix(operation, &parts)?;
    let (method, target) = match operation.route.filter(|_| service.protocol.binds()) {
        Some(route) => {
            let method = Method::from_bytes(route.method.as_bytes())
                .map_err(|_| EncodeError::new(format!("`{}` is not a method", route.method)))?;
            (method, target(operation, route, &parts)?)
        }
        // The awsJson protocols have one resource (Smithy, "AWS JSON protocols").
        None => (Method::POST, "/".to_owned()),
    };
    let encode::Parts {
        mut headers, body, ..
    } = parts;
    if !service.protocol.binds() {
        headers.insert(
            TARGET,
            header(format!("{}.{}", service.name(), operation.name))?,
        );
        if service.query_compatible {
            headers.insert(QUERY_MODE, HeaderValue::from_static("true"));
        }
    }
    let mut body = body;
    match &mut body {
        Some(Content::Bytes(bytes)) => {
            compress(operation, bytes, &mut headers)?;
            if operation.traits.checksum_required {
                headers
                    .entry(CONTENT_MD5)
                    .or_insert(header(STANDARD.encode(Md5::digest(&*bytes)))?);
            }
            headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        }
        Some(Content::Events(_)) => {}
        Some(Content::Stream(stream)) => {
            if operation.traits.checksum_required && !headers.contains_key(CONTENT_MD5) {
                return Err(EncodeError::new(
                    "the operation needs a checksum of the body before it is sent: give bytes instead of a stream",
                ));
            }
            compress_stream(operation, stream, &mut headers)?;
            if let Some(length) = stream.length() {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            }
        }
        // Where a body is usual its absence is said (RFC 9110 section 8.6): there are servers that answer 411 otherwise.
        None if [Method::POST, Method::PUT, Method::PATCH].contains(&method) => {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        None => {}
    }
    Ok(Prepared {
        method,
        target,
        host_prefix,
        headers,
        body: body.unwrap_or(Content::Bytes(Bytes::new())),
        has_token,
    })
}

/// A request whose payload is a structure has a document, whether or not the structure is there; an answer has none without it (Smithy's protocol
/// tests, `RestJsonHttpWithEmptyStructurePayload` and `RestJsonHttpPayloadWithStructureAndEmptyResponseBody`).
fn empty_document(service: &Service, operation: &Operation, parts: &mut encode::Parts) {
    let structure = |member: &Member| {
        member.binding == Binding::Payload && member.target.kind == Kind::Structure
    };
    if parts.body.is_none()
        && service.protocol.binds()
        && operation.input.members.iter().any(structure)
    {
        parts.body = Some(Content::Bytes(Bytes::from_static(b"{}")));
        parts
            .headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static(service.protocol.content_type()));
    }
}

fn header(text: String) -> Result<HeaderValue, EncodeError> {
    HeaderValue::try_from(text)
        .map_err(|_| EncodeError::new("a header has characters that it cannot hold"))
}

/// Path and query.
fn target(
    operation: &Operation,
    route: &crate::protocol::service::Route,
    parts: &encode::Parts,
) -> Result<String, EncodeError> {
    let mut target = String::with_capacity(64);
    for segment in route.path {
        target.push('/');
        match *segment {
            Segment::Literal(text) => target.push_str(text),
            Segment::Label(index) => {
                let (member, text) = label(operation, parts, index)?;
                if text == "." || text == ".." {
                    return Err(EncodeError::new(format!(
                        "`{}` is `{text}`, which means another path wherever it is read",
                        member.name
                    )));
                }
                path::push_encoded(&mut target, text, b"");
            }
            Segment::Greedy(index) => {
                let (_, text) = label(operation, parts, index)?;
                path::push_encoded(&mut target, text, b"/");
            }
        }
    }
    if target.is_empty() {
        target.push('/');
    }
    let mut first = true;
    for (name, value) in route.query {
        target.push(if std::mem::take(&mut first) { '?' } else { '&' });
        target.push_str(name);
        if !value.is_empty() {
            target.push('=');
            target.push_str(value);
        }
    }
    for (name, value) in &parts.query {
        if route.query.iter().all(|(literal, _)| literal != name) {
            path::push_pair(&mut target, &mut first, name, value);
        }
    }
    Ok(target)
}

/// The text of a label, which is not empty: another resource would answer (Smithy 2.0, "httpLabel trait").
fn label<'p>(
    operation: &Operation,
    parts: &'p encode::Parts,
    index: usize,
) -> Result<(&'static Member, &'p str), EncodeError> {
    let member = operation.input.members.get(index);
    let member = member
        .ok_or_else(|| EncodeError::new("the path names a member that the input does not have"))?;
    match parts.label(member) {
        Some(text) if !text.is_empty() => Ok((member, text)),
        _ => Err(EncodeError::new(format!(
            "`{}` is empty, and it is a part of the path",
            member.name
        ))),
    }
}

/// Smithy 2.0, "endpoint trait".
fn host_prefix(
    operation: &Operation,
    parts: &encode::Parts,
) -> Result<Option<String>, EncodeError> {
    let mut prefix = String::new();
    for part in operation.traits.host_prefix {
        match *part {
            HostPart::Literal(text) => prefix.push_str(text),
            HostPart::Label(index) => {
                let (member, text) = label(operation, parts, index)?;
                let valid = text.len() <= 63
                    && !text.starts_with('-')
                    && !text.ends_with('-')
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                if !valid {
                    return Err(EncodeError::new(format!(
                        "`{}` is a part of the host's name: 1 to 63 letters, digits and inner hyphens",
                        member.name
                    )));
                }
                prefix.push_str(text);
            }
        }
    }
    Ok((!prefix.is_empty()).then_some(prefix))
}

/// Compresses a body that is worth it (Smithy 2.0, "requestCompression trait"). Without the feature `gzip` bodies go as they are, which every
/// service takes.
#[cfg(feature = "gzip")]
fn compress(
    operation: &Operation,
    body: &mut Bytes,
    headers: &mut HeaderMap,
) -> Result<(), EncodeError> {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    /// Below it the time is worth more than the bytes: what AWS tools agree on.
    const LEAST: usize = 10_240;
    if body.len() < LEAST || !operation.traits.request_compression.contains(&"gzip") {
        return Ok(());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let compressed = encoder.write_all(body).and_then(|()| encoder.finish());
    *body = compressed
        .map_err(|error| EncodeError::new(format!("cannot compress the body: {error}")))?
        .into();
    say_compressed(headers)
}

/// Compresses a stream while it is sent, however long it is, unless its length must be known (Smithy 2.0, "requestCompression trait").
#[cfg(feature = "gzip")]
fn compress_stream(
    operation: &Operation,
    stream: &mut ByteStream,
    headers: &mut HeaderMap,
) -> Result<(), EncodeError> {
    let measured = operation
        .input
        .stream()
        .is_some_and(|(_, member)| member.requires_length);
    // Events are sent one by one, and signed so.
    let events = operation.input.events().is_some();
    if measured || events || !operation.traits.request_compression.contains(&"gzip") {
        return Ok(());
    }
    let plain = std::mem::take(stream).into_body();
    *stream = ByteStream::from(crate::http::gzip::compressed(plain));
    say_compressed(headers)
}

#[cfg(feature = "gzip")]
fn say_compressed(headers: &mut HeaderMap) -> Result<(), EncodeError> {
    use http::header::CONTENT_ENCODING;

    let encodings = match headers
        .get(CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
    {
        Some(others) if !others.is_empty() => format!("{others}, gzip"),
        _ => "gzip".to_owned(),
    };
    headers.insert(CONTENT_ENCODING, header(encodings)?);
    Ok(())
}

#[cfg(not(feature = "gzip"))]
#[expect(clippy::unnecessary_wraps, reason = "compression can fail")]
fn compress(_: &Operation, _: &mut Bytes, _: &mut HeaderMap) -> Result<(), EncodeError> {
    Ok(())
}

#[cfg(not(feature = "gzip"))]
#[expect(clippy::unnecessary_wraps, reason = "compression can fail")]
fn compress_stream(
    _: &Operation,
    _: &mut ByteStream,
    _: &mut HeaderMap,
) -> Result<(), EncodeError> {
    Ok(())
}
