//! Receives the response of an attempt: in full, unless the output is a stream.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use http::{Method, Response};

use super::config::Config;
use super::error::{CallError, ErrorClass};
use super::reply::Reply;
use crate::error::SingleLine;
use crate::http::idle_timeout::IdleTimeoutBody;
use crate::http::length::Measured;
use crate::http::{Body, BodyError, BoxError};
#[cfg(feature = "checksums")]
use crate::http::{checksum, held::HeldBytes};
use crate::protocol::content::Content;
use crate::protocol::response::{has_no_content, is_success, request_id};
use crate::protocol::service::Operation;
use crate::schema::{Binding, Kind};
use crate::service_error::ResponseInfo;
use crate::stream::ByteStream;

/// The result of a call or an attempt. Both sides are boxed because they are moved often.
pub(super) type CallResult = Result<Box<Reply>, CallError>;

/// Receives the response to attempt `number`.
///
/// An output with a stream is complete with the head of the response. Its body is neither collected
/// nor limited; later failures are errors of the stream, including an idle timeout.
pub(super) fn receive(
    config: &Config,
    operation: &'static Operation,
    method: &Method,
    response: Response<Body>,
    number: u32,
    idle_timeout: Option<Duration>,
) -> impl Future<Output = CallResult> {
    // Not in an async function, whose future would hold the response and its parts.
    let (parts, body) = response.into_parts();
    async move {
        tracing::debug!(
            attempt = number,
            status = parts.status.as_u16(),
            request_id =
                request_id(&parts.headers).map(|id| tracing::field::display(SingleLine::name(id))),
            "received a response"
        );
        // The length may be that of a body which is not sent (RFC 9110 section 8.6).
        let has_body = *method != Method::HEAD && !has_no_content(parts.status);
        let expected = content_length(&parts.headers).filter(|_| has_body);
        #[cfg(feature = "checksums")]
        let body = match &operation.traits.response_checksum {
            Some(checksum) if has_body && is_success(operation, parts.status) => {
                let nothing = HeldBytes::default();
                checksum::verified(checksum.algorithms, &parts.headers, body, &nothing)
            }
            _ => body,
        };
        let encoding = encoding(operation, &parts.headers);
        let stream = operation.output.stream();
        let stream = stream.filter(|_| is_success(operation, parts.status));
        let content = if let Some((_, member)) = stream {
            // Any time may pass between events.
            let idle_timeout = idle_timeout.filter(|_| member.target.kind == Kind::Blob);
            match self::stream(operation, body, expected, encoding.as_deref(), idle_timeout) {
                // Boxed, since few calls have a stream.
                Ok(stream) => Box::pin(streamed(config, operation, stream)).await,
                Err(error) => Err(error),
            }
        } else {
            let limit = config.max_response_bytes;
            collect(operation, body, expected, encoding.as_deref(), limit)
                .await
                .map(Content::Bytes)
        };
        match content {
            Ok(content) => {
                let reply = Reply::new(config, operation, parts, content, number);
                Ok(Box::new(reply))
            }
            Err(error) => Err(error.with_response(ResponseInfo {
                operation: operation.name,
                status: parts.status.as_u16(),
                code: None,
                message: None,
                request_id: request_id(&parts.headers).map(str::to_owned),
                attempts: number,
                retryable: false,
            })),
        }
    }
}

/// The error of a response that cannot be decoded or exceeds a limit.
fn invalid(operation: &Operation, message: impl Into<String>) -> CallError {
    CallError::new(ErrorClass::Response, operation.name, message)
}

/// The error of a connection that broke.
fn broken(operation: &Operation, message: impl Into<String>) -> CallError {
    CallError::new(ErrorClass::Transport, operation.name, message)
}

/// Collects a body and decompresses it.
async fn collect(
    operation: &Operation,
    body: Body,
    expected: Option<u64>,
    encoding: Option<&str>,
    limit: usize,
) -> Result<Bytes, CallError> {
    let body = match body.collect(limit).await {
        Ok(body) => body,
        Err(BodyError::TooLarge { limit }) => {
            return Err(invalid(operation, too_large(limit)));
        }
        Err(error) => {
            let cause = match error {
                BodyError::Broken(cause) => cause,
                other => other.into(),
            };
            let message = if is_damaged(&cause) {
                "the response is damaged"
            } else {
                "the connection broke during the response"
            };
            return Err(broken(operation, message).with_source(cause));
        }
    };
    let length = body.len() as u64;
    match expected {
        Some(expected) if length < expected => {
            let message = format!("the response ended after {length} of {expected} bytes");
            return Err(broken(operation, message));
        }
        // The transport delimits the body, so that another attempt has the same result.
        Some(expected) if length > expected => {
            let message = format!(
                "the response has {length} bytes, although its content-length is {expected}: \
                 check the transport for layers that change bodies and not headers"
            );
            return Err(invalid(operation, message));
        }
        _ => {}
    }
    match encoding {
        Some(encoding) if !body.is_empty() => {
            decompress(encoding, &body, limit).map_err(|message| invalid(operation, message))
        }
        _ => Ok(body),
    }
}

/// Whether a body does not match its checksum.
#[cfg(feature = "checksums")]
fn is_damaged(cause: &BoxError) -> bool {
    cause.is::<checksum::Mismatch>()
}

/// Responses have no checksums.
#[cfg(not(feature = "checksums"))]
fn is_damaged(_: &BoxError) -> bool {
    false
}

/// Decompresses a body while it arrives.
fn stream(
    operation: &Operation,
    body: Body,
    expected: Option<u64>,
    encoding: Option<&str>,
    idle_timeout: Option<Duration>,
) -> Result<ByteStream, CallError> {
    let body = match (body.into_bytes(), idle_timeout) {
        (Ok(bytes), _) => Body::from(bytes),
        (Err(body), Some(timeout)) => Body::new(IdleTimeoutBody::new(body, timeout)),
        (Err(body), None) => body,
    };
    let body = match expected {
        Some(expected) => Body::new(Measured::exactly(body, expected)),
        None => body,
    };
    let body = match encoding {
        Some(encoding) => {
            decompressed(encoding, body).map_err(|message| invalid(operation, message))?
        }
        None => body,
    };
    Ok(body.into())
}

/// The content of an output with a stream. Under a protocol without bindings the other members come
/// first.
async fn streamed(
    config: &Config,
    operation: &Operation,
    stream: ByteStream,
) -> Result<Content, CallError> {
    use crate::http::held::HeldBytes;
    use crate::stream::event::{Incoming, Limits, Reader};

    if operation.output.events().is_none() {
        return Ok(Content::Stream(stream));
    }
    let reader = Reader {
        codec: config.protocol.codec(),
        mode: crate::codec::Mode::Lenient,
        limits: Limits::bytes(config.max_response_bytes),
        guard: None,
        memory: HeldBytes::default(),
    };
    let mut events = Incoming::new(stream, reader);
    let messages = config.protocol.messages();
    if messages.has_initial_message() && operation.output.members.len() > 1 {
        let message = "the response ended before its first event";
        let begun = events.begin().await;
        begun.map_err(|error| broken(operation, message).with_source(error))?;
    }
    Ok(Content::Events(events))
}

/// The compression of the body; `None` if the model binds the header to a member of the output.
fn encoding(operation: &Operation, headers: &HeaderMap) -> Option<String> {
    let codings = headers.get_all(CONTENT_ENCODING).into_iter();
    let codings = codings.filter_map(|value| value.to_str().ok());
    let codings = codings.flat_map(|value| value.split(',')).map(str::trim);
    let codings = codings.filter(|coding| {
        // Empty elements of the list are ignored (RFC 9110 section 5.6.1.2).
        !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")
    });
    let encoding = codings.collect::<Vec<_>>().join(", ").to_ascii_lowercase();
    let modeled = operation.output.members.iter().any(|member| {
        matches!(member.binding, Binding::Header(name) if name.eq_ignore_ascii_case(CONTENT_ENCODING.as_str()))
    });
    (!encoding.is_empty() && !modeled).then_some(encoding)
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The message for a response that exceeds `max_response_bytes`.
fn too_large(limit: usize) -> String {
    format!("the response exceeds the limit of {limit} bytes: raise `max_response_bytes`")
}

/// Rejects unknown encodings. The client does not ask for compression; some proxies compress all
/// the same.
#[cfg(feature = "gzip")]
fn check(encoding: &str) -> Result<(), String> {
    if encoding == "gzip" || encoding == "x-gzip" {
        return Ok(());
    }
    Err(format!(
        "the response has the content encoding `{encoding}`, which is not supported"
    ))
}

/// Rejects all encodings, because the feature `gzip` is off.
#[cfg(not(feature = "gzip"))]
fn check(encoding: &str) -> Result<(), String> {
    let fix = if encoding == "gzip" {
        ": enable the feature `gzip`"
    } else {
        ""
    };
    Err(format!(
        "the response has the content encoding `{encoding}`, which is not supported{fix}"
    ))
}

#[cfg(feature = "gzip")]
fn decompress(encoding: &str, body: &Bytes, limit: usize) -> Result<Bytes, String> {
    use std::io::Read as _;

    check(encoding)?;
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&**body)
        .take(limit as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| format!("the response is not valid gzip: {error}"))?;
    if plain.len() > limit {
        return Err(too_large(limit));
    }
    Ok(plain.into())
}

#[cfg(not(feature = "gzip"))]
fn decompress(encoding: &str, body: &Bytes, _: usize) -> Result<Bytes, String> {
    check(encoding).map(|()| body.clone())
}

#[cfg(feature = "gzip")]
fn decompressed(encoding: &str, body: Body) -> Result<Body, String> {
    check(encoding).map(|()| crate::http::gzip::decompressed(body))
}

#[cfg(not(feature = "gzip"))]
fn decompressed(encoding: &str, body: Body) -> Result<Body, String> {
    check(encoding).map(|()| body)
}
