//! Bodies in the coding `aws-chunked`, as services of AWS receive them: with signed chunks, with a
//! checksum in a trailer, or with both.

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};

use super::auth::SignatureFault;
use super::negotiate;
use super::rejection::Rejection;
use crate::http::checksum::{
    self, AWS_CHUNKED, ChecksumAlgorithm, DECODED_LENGTH, SIGNED_CHUNKS,
    SIGNED_CHUNKS_WITH_TRAILER, TRAILER, UNSIGNED_CHUNKS_WITH_TRAILER,
};
#[cfg(feature = "sigv4")]
use crate::http::chunked::VerifyChunks;
use crate::http::chunked::{self, ChunkError};
use crate::http::held::HeldBytes;
use crate::http::{Body, BoxError, length};
use crate::protocol::service::{Operation, Service};

const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// The coding of a body in chunks.
pub(super) struct Coding(chunked::Coding);

/// What is wrong with a body in chunks.
#[derive(Debug)]
pub(super) struct CodingFault {
    status: u16,
    code: &'static str,
    message: String,
}

impl CodingFault {
    /// The status, code and message of the response, which are those of S3.
    pub(super) fn info(self) -> (u16, &'static str, String) {
        (self.status, self.code, self.message)
    }
}

/// The rejection of a request whose headers contradict its coding.
fn invalid(message: impl Into<String>) -> Rejection {
    Rejection::Coding(CodingFault {
        status: 400,
        code: "InvalidRequest",
        message: message.into(),
    })
}

/// The coding of the body of a request; `None` if it has no chunks.
///
/// Only operations with checksums, and those of services that are signed, take bodies in chunks.
/// A request has one if it states so in place of the hash of its body, or in `Content-Encoding`:
/// some clients omit the latter, and those that do not sign the former.
pub(super) fn coding(
    service: &Service,
    operation: &Operation,
    headers: &HeaderMap,
) -> Result<Option<Coding>, Rejection> {
    if service.signing.is_none() && operation.traits.checksum.is_none() {
        return Ok(None);
    }
    let stated = headers.get(CONTENT_SHA256).map(HeaderValue::as_bytes);
    let with_trailer = match stated.map(<[u8]>::trim_ascii).map(str::from_utf8) {
        Some(Ok(SIGNED_CHUNKS)) => Some(false),
        Some(Ok(SIGNED_CHUNKS_WITH_TRAILER | UNSIGNED_CHUNKS_WITH_TRAILER)) => Some(true),
        _ if negotiate::has_coding(headers, AWS_CHUNKED) => None,
        _ => return Ok(None),
    };
    let trailer = trailer(headers)?;
    match (with_trailer, trailer) {
        (Some(true), None) => Err(invalid(
            "x-amz-content-sha256 states a trailer, which x-amz-trailer must name",
        )),
        (Some(false), Some(_)) => Err(invalid(
            "x-amz-trailer names a trailer, which x-amz-content-sha256 must state",
        )),
        _ => Ok(Some(Coding(chunked::Coding {
            length: decoded_length(headers)?,
            trailer,
            signatures: None,
            memory: HeldBytes::default(),
        }))),
    }
}

/// The checksum that follows the body.
fn trailer(headers: &HeaderMap) -> Result<Option<ChecksumAlgorithm>, Rejection> {
    let mut names = headers.get_all(TRAILER).iter();
    let (Some(name), other) = (names.next(), names.next()) else {
        return Ok(None);
    };
    let name = name.to_str().unwrap_or_default().trim();
    match ChecksumAlgorithm::of_header(&name.to_ascii_lowercase()) {
        Some(algorithm) if other.is_none() => Ok(Some(algorithm)),
        _ => Err(invalid(format!(
            "x-amz-trailer must name one header x-amz-checksum-.. of {}",
            ChecksumAlgorithm::names()
        ))),
    }
}

fn decoded_length(headers: &HeaderMap) -> Result<u64, Rejection> {
    let mut values = headers.get_all(DECODED_LENGTH).iter();
    let (Some(value), other) = (values.next(), values.next()) else {
        return Err(Rejection::Coding(CodingFault {
            status: 411,
            code: "MissingContentLength",
            message: "a body in chunks needs its length in x-amz-decoded-content-length".to_owned(),
        }));
    };
    let digits = value.to_str().unwrap_or_default().trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(length) if is_number && other.is_none() => Ok(length),
        _ => Err(invalid(
            "x-amz-decoded-content-length must be one number of bytes",
        )),
    }
}

impl Coding {
    /// Whether the decoded body has any bytes.
    pub(super) fn has_bytes(&self) -> bool {
        self.0.length > 0
    }

    /// Whether a checksum follows the body.
    pub(super) fn has_checksum(&self) -> bool {
        self.0.trailer.is_some()
    }

    /// Sets what verifies the signatures of the chunks.
    #[cfg(feature = "sigv4")]
    pub(super) fn verify(&mut self, signatures: impl VerifyChunks + 'static) {
        self.0.signatures = Some(Box::new(signatures));
    }

    /// Decodes the body of a request, and changes its headers to those of the decoded body.
    pub(super) fn decoded(self, body: Body, headers: &mut HeaderMap, memory: &HeldBytes) -> Body {
        let Self(mut coding) = self;
        coding.memory = memory.clone();
        negotiate::remove_coding(headers, AWS_CHUNKED);
        headers.insert(CONTENT_LENGTH, length::value(coding.length));
        chunked::decoded(body, coding)
    }
}

/// The rejection for an error of a body in chunks; `None` for other errors.
pub(super) fn rejection(error: &BoxError) -> Option<Rejection> {
    let message = error.to_string();
    let (status, code) = if error.is::<checksum::Mismatch>() {
        (400, "BadDigest")
    } else {
        match error.downcast_ref::<ChunkError>()? {
            ChunkError::Malformed(_) | ChunkError::Incomplete | ChunkError::Length => {
                (400, "IncompleteBody")
            }
            ChunkError::TooLong => (413, "RequestTooLargeException"),
            ChunkError::Signature => {
                let why = "the signature of a chunk or trailer does not match it";
                return Some(Rejection::Signature(SignatureFault::Mismatch(why)));
            }
            ChunkError::Trailer(_) => (400, "MalformedTrailerError"),
            ChunkError::Checksum(_) => (400, "InvalidRequest"),
        }
    };
    Some(Rejection::Coding(CodingFault {
        status,
        code,
        message,
    }))
}
