//! Requests: encoded inputs of operations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};
use md5::{Digest as _, Md5};

#[cfg(feature = "checksums")]
use super::checksum;
use super::content::Content;
use super::service::{HostPart, Operation};
use crate::error::EncodeError;
use crate::http::length;
use crate::schema::Member;
use crate::stream::ByteStream;

/// A request without the endpoint.
#[derive(Clone, Debug)]
pub struct RequestParts {
    /// The method.
    pub(crate) method: Method,
    /// The path below the base path, and the query.
    pub(crate) target: String,
    /// The labels in front of the endpoint's host name.
    pub(crate) host_prefix: Option<String>,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The content.
    pub(crate) body: Content,
    /// Whether the request has an idempotency token, by which the service recognizes repeated
    /// requests.
    pub(crate) has_token: bool,
    /// The checksums that were added.
    #[cfg(feature = "checksums")]
    pub(crate) checksums: checksum::Added,
}

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Adds the checksum, the compression and the length of the body. A stated length is that of a
/// stream whose length is unknown.
pub(crate) fn finish(
    operation: &Operation,
    method: Method,
    target: String,
    labels: &[(&'static Member, String)],
    mut headers: HeaderMap,
    mut body: Option<Content>,
    stated: Option<u64>,
) -> Result<RequestParts, EncodeError> {
    if let Some(Content::Bytes(bytes)) = &mut body {
        compress(operation, bytes, &mut headers)?;
    }
    #[cfg(feature = "checksums")]
    let checksums = checksum::add(&operation.traits, body.as_ref(), &mut headers)?;
    match &mut body {
        Some(Content::Bytes(bytes)) => {
            if operation.traits.checksum_required {
                headers
                    .entry(CONTENT_MD5)
                    .or_insert(header(STANDARD.encode(Md5::digest(&*bytes)))?);
            }
            headers.insert(CONTENT_LENGTH, length::value(bytes.len() as u64));
        }
        Some(Content::Stream(stream)) => {
            if operation.traits.checksum_required && !headers.contains_key(CONTENT_MD5) {
                return Err(EncodeError::new(
                    "the operation needs a checksum of the body before it is sent: give bytes \
                     instead of a stream",
                ));
            }
            let compressed = compress_stream(operation, stream, &mut headers)?;
            let stated = stated.filter(|_| !compressed);
            if let Some(length) = stream.length().or(stated) {
                headers.insert(CONTENT_LENGTH, length::value(length));
            }
            #[cfg(feature = "checksums")]
            if let Some(algorithm) = checksums.trailer {
                checksum::add_trailer(algorithm, &mut headers);
            }
        }
        // Methods that usually have a body state that it is empty (RFC 9110 section 8.6): some
        // servers otherwise respond with 411.
        None if [Method::POST, Method::PUT, Method::PATCH].contains(&method) => {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
        }
        None | Some(Content::Events(_)) => {}
    }
    Ok(RequestParts {
        method,
        target,
        host_prefix: host_prefix(operation, labels)?,
        headers,
        body: body.unwrap_or(Content::Bytes(Bytes::new())),
        has_token: operation.input.layout.idempotency_token,
        #[cfg(feature = "checksums")]
        checksums,
    })
}

fn header(text: String) -> Result<HeaderValue, EncodeError> {
    HeaderValue::try_from(text).map_err(|_| {
        EncodeError::new("the value of a header contains characters that are invalid there")
    })
}

/// The text of a label. It must not be empty, since the path would name another resource (Smithy
/// 2.0, "httpLabel trait").
pub(crate) fn label<'l>(
    operation: &Operation,
    labels: &'l [(&'static Member, String)],
    index: usize,
) -> Result<(&'static Member, &'l str), EncodeError> {
    let member = operation.input.members.get(index);
    let member = member.ok_or_else(|| {
        EncodeError::new("the path has a label that is not a member of the input")
    })?;
    let text = labels
        .iter()
        .find(|(label, _)| std::ptr::eq(*label, member))
        .map(|(_, text)| text.as_str());
    match text {
        Some(text) if !text.is_empty() => Ok((member, text)),
        _ => Err(EncodeError::new(format!(
            "`{}` must not be empty: it is part of the path",
            member.name
        ))),
    }
}

/// Smithy 2.0, "endpoint trait".
fn host_prefix(
    operation: &Operation,
    labels: &[(&'static Member, String)],
) -> Result<Option<String>, EncodeError> {
    let mut prefix = String::new();
    for part in operation.traits.host_prefix {
        match *part {
            HostPart::Literal(text) => prefix.push_str(text),
            HostPart::Label(index) => {
                let (member, text) = label(operation, labels, index)?;
                let valid = text.len() <= 63
                    && !text.starts_with('-')
                    && !text.ends_with('-')
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                if !valid {
                    return Err(EncodeError::new(format!(
                        "`{}` is a part of the host name: it must be 1 to 63 letters, digits and \
                         inner hyphens",
                        member.name
                    )));
                }
                prefix.push_str(text);
            }
        }
    }
    Ok((!prefix.is_empty()).then_some(prefix))
}

/// Compresses a body of sufficient length (Smithy 2.0, "requestCompression trait"). Without the
/// feature `gzip`, bodies are not compressed, which every service accepts.
#[cfg(feature = "gzip")]
fn compress(
    operation: &Operation,
    body: &mut Bytes,
    headers: &mut HeaderMap,
) -> Result<(), EncodeError> {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    /// The minimum length that AWS tools compress.
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

/// Compresses a stream of any length while it is sent, unless its length is required (Smithy 2.0,
/// "requestCompression trait"). Returns whether it is compressed.
#[cfg(feature = "gzip")]
fn compress_stream(
    operation: &Operation,
    stream: &mut ByteStream,
    headers: &mut HeaderMap,
) -> Result<bool, EncodeError> {
    let measured = operation
        .input
        .stream()
        .is_some_and(|(_, member)| member.requires_length);
    // Events are sent and signed one by one.
    let events = operation.input.events().is_some();
    if measured || events || !operation.traits.request_compression.contains(&"gzip") {
        return Ok(false);
    }
    let plain = std::mem::take(stream).into_body();
    *stream = ByteStream::from(crate::http::gzip::compressed(plain));
    say_compressed(headers)?;
    Ok(true)
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
) -> Result<bool, EncodeError> {
    Ok(false)
}
