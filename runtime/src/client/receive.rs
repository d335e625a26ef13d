//! What comes back from an attempt: collected, but for what the operation's output has as a stream.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use http::{Method, Response};

use super::call::Outcome;
use super::core::Shared;
use super::error::{Class, Failure};
use super::reply::Reply;
use crate::http::idle_timeout::IdleTimeoutBody;
use crate::http::length::Measured;
use crate::http::{Body, BodyError, Content};
use crate::protocol::response::{is_success, request_id};
use crate::protocol::service::Operation;
use crate::schema::{Binding, Kind};
use crate::service_error::Answer;
use crate::stream::ByteStream;

/// Receives the answer to attempt `number`.
///
/// An output with a stream is there with the head: its body is neither collected nor limited, and what goes wrong with it later is an error of the
/// stream, as it is when nothing comes for as long as `patience`.
pub(super) async fn receive(
    shared: &Shared,
    operation: &'static Operation,
    method: &Method,
    response: Response<Body>,
    number: u32,
    patience: Option<Duration>,
) -> Outcome {
    let (parts, body) = response.into_parts();
    let answer = Answer {
        operation: operation.name,
        status: parts.status.as_u16(),
        code: None,
        request_id: request_id(&parts.headers).map(str::to_owned),
        attempts: number,
    };
    tracing::debug!(
        attempt = number,
        status = answer.status,
        request_id = answer.request_id,
        "answered"
    );
    let expected = content_length(&parts.headers).filter(|_| *method != Method::HEAD);
    let encoding = encoding(operation, &parts.headers);
    let stream = operation.output.stream();
    let stream = stream.filter(|_| is_success(operation, parts.status));
    let content = if let Some((_, member)) = stream {
        // Events come when something happens.
        let patience = patience.filter(|_| member.target.kind == Kind::Blob);
        match self::stream(body, expected, encoding.as_deref(), patience) {
            Ok(stream) => streamed(shared, operation, stream).await,
            Err(problem) => Err(problem),
        }
    } else {
        let limit = shared.max_response_bytes;
        collect(body, expected, encoding.as_deref(), limit)
            .await
            .map(Content::Bytes)
    };
    match content {
        Ok(content) => {
            let reply = Reply::new(shared.service, operation, parts, content, number);
            Ok(Box::new(reply))
        }
        Err((class, what, cause)) => {
            let failure = Failure::new(class, operation.name, what).answered(answer);
            Err(match cause {
                Some(cause) => failure.because(cause),
                None => failure,
            })
        }
    }
}

/// Which failure it is, what is said of it, and its cause.
type Problem = (Class, String, Option<crate::http::BoxError>);

/// All of a body, decompressed.
async fn collect(
    body: Body,
    expected: Option<u64>,
    encoding: Option<&str>,
    limit: usize,
) -> Result<Bytes, Problem> {
    let body = match body.collect(limit).await {
        Ok(body) => body,
        Err(BodyError::TooLarge { limit }) => {
            let what = format!("the answer is longer than the limit of {limit} bytes");
            return Err((Class::Response, what, None));
        }
        Err(error) => {
            let what = "the connection broke within the answer".to_owned();
            let cause = match error {
                BodyError::Broken(cause) => cause,
                other => other.into(),
            };
            return Err((Class::Transport, what, Some(cause)));
        }
    };
    if let Some(expected) = expected.filter(|expected| *expected != body.len() as u64) {
        let what = format!("the answer ended after {} of {expected} bytes", body.len());
        return Err((Class::Transport, what, None));
    }
    match encoding {
        Some(encoding) if !body.is_empty() => {
            decompress(encoding, &body, limit).map_err(|what| (Class::Response, what, None))
        }
        _ => Ok(body),
    }
}

/// A body while it comes, decompressed.
fn stream(
    body: Body,
    expected: Option<u64>,
    encoding: Option<&str>,
    patience: Option<Duration>,
) -> Result<ByteStream, Problem> {
    let at_hand = body.into_bytes();
    let body = match (at_hand, patience) {
        (Ok(bytes), _) => Body::from(bytes),
        (Err(body), Some(patience)) => Body::new(IdleTimeoutBody::new(body, patience)),
        (Err(body), None) => body,
    };
    let body = match expected {
        Some(expected) => Body::new(Measured::exactly(body, expected)),
        None => body,
    };
    let body = match encoding {
        Some(encoding) => {
            decompressed(encoding, body).map_err(|what| (Class::Response, what, None))?
        }
        None => body,
    };
    Ok(body.into())
}

/// What an operation's output reads when it comes. Under a protocol without bindings the other members come first.
async fn streamed(
    shared: &Shared,
    operation: &Operation,
    stream: ByteStream,
) -> Result<Content, Problem> {
    use crate::stream::event::{Incoming, Limits, Reader};

    if operation.output.events().is_none() {
        return Ok(Content::Stream(stream));
    }
    let reader = Reader {
        mode: crate::codec::json::Mode::Lenient,
        limits: Limits::bytes(shared.max_response_bytes),
        guard: None,
    };
    let mut events = Incoming::new(stream, reader);
    if !shared.service.protocol.binds() && operation.output.members.len() > 1 {
        let what = "the answer broke off before its first event";
        let begun = events.begin().await;
        begun.map_err(|error| (Class::Transport, what.to_owned(), Some(error)))?;
    }
    Ok(Content::Events(events))
}

/// How the body is compressed, unless the model says that the encoding is a part of the output.
fn encoding(operation: &Operation, headers: &HeaderMap) -> Option<String> {
    let encoding = headers
        .get(CONTENT_ENCODING)?
        .to_str()
        .ok()?
        .trim()
        .to_ascii_lowercase();
    let modeled = operation.output.members.iter().any(|member| {
        matches!(member.binding, Binding::Header(name) if name.eq_ignore_ascii_case(CONTENT_ENCODING.as_str()))
    });
    (!encoding.is_empty() && encoding != "identity" && !modeled).then_some(encoding)
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The encodings that are understood. Nothing that this client sends asks for compression: some proxies do it all the same.
#[cfg(feature = "gzip")]
fn known(encoding: &str) -> Result<(), String> {
    if encoding == "gzip" || encoding == "x-gzip" {
        return Ok(());
    }
    Err(format!(
        "the answer is compressed by `{encoding}`, which nobody asked for"
    ))
}

/// Without the feature `gzip` what is compressed cannot be read.
#[cfg(not(feature = "gzip"))]
fn known(encoding: &str) -> Result<(), String> {
    let help = if encoding == "gzip" {
        "; the feature `gzip` reads it"
    } else {
        ""
    };
    Err(format!(
        "the answer is compressed by `{encoding}`, which nobody asked for{help}"
    ))
}

#[cfg(feature = "gzip")]
fn decompress(encoding: &str, body: &Bytes, limit: usize) -> Result<Bytes, String> {
    use std::io::Read as _;

    known(encoding)?;
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&**body)
        .take(limit as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|error| {
            format!("the answer is said to be compressed by gzip and is not: {error}")
        })?;
    if plain.len() > limit {
        return Err(format!(
            "the answer is longer than the limit of {limit} bytes"
        ));
    }
    Ok(plain.into())
}

#[cfg(not(feature = "gzip"))]
fn decompress(encoding: &str, body: &Bytes, _: usize) -> Result<Bytes, String> {
    known(encoding).map(|()| body.clone())
}

#[cfg(feature = "gzip")]
fn decompressed(encoding: &str, body: Body) -> Result<Body, String> {
    known(encoding).map(|()| crate::http::gzip::decompressed(body))
}

#[cfg(not(feature = "gzip"))]
fn decompressed(encoding: &str, body: Body) -> Result<Body, String> {
    known(encoding).map(|()| body)
}
