//! The checksum of a body (Smithy 2.0, "httpChecksumRequired trait"; RFC 1864).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use md5::{Digest as _, Md5};

#[cfg(feature = "checksums")]
use crate::http::checksum::{self, ChecksumAlgorithm};
use crate::http::held::HeldBytes;
use crate::http::verified::{self, Verify};
use crate::http::{Body, BoxError};
use crate::protocol::service::Operation;

use super::rejection::Rejection;

const CONTENT_MD5: &str = "content-md5";
/// The prefix of checksums with other algorithms, which newer clients send instead.
const OTHERS: &str = "x-amz-checksum-";

/// The checksum in `Content-MD5`, of an operation that requires one. It covers the bytes without
/// chunks, before they are decompressed.
///
/// A body without a checksum is rejected. Another one than MD5 suffices, in a header or behind the
/// body, which `trailer` reports. `some` is whether the request has a body.
pub(super) fn expected(
    operation: &Operation,
    headers: &HeaderMap,
    some: bool,
    trailer: bool,
) -> Result<Option<ContentMd5>, Rejection> {
    if !operation.traits.checksum_required {
        return Ok(None);
    }
    let mut given = headers.get_all(CONTENT_MD5).iter();
    match (given.next(), given.next()) {
        (Some(digest), None) => {
            let digest = STANDARD.decode(digest).ok();
            let digest = digest.and_then(|digest| digest.try_into().ok());
            let digest: [u8; 16] = digest.ok_or(Rejection::Digest(
                "content-md5 must be the base64 of 16 bytes",
            ))?;
            Ok(Some(ContentMd5 {
                digest: Md5::new(),
                expected: digest,
            }))
        }
        (Some(_), Some(_)) => Err(Rejection::Digest("content-md5 occurs more than once")),
        (None, _) => {
            let others = || headers.keys().any(|name| name.as_str().starts_with(OTHERS));
            if !some || trailer || others() {
                Ok(None)
            } else {
                Err(Rejection::Digest(
                    "the operation requires a checksum: send content-md5",
                ))
            }
        }
    }
}

/// Verifies a body, which has no chunks, against the digest and against the checksum in a header
/// that AWS defines: the returned body ends with [`Mismatch`] or one of
/// [`http::checksum`](crate::http::checksum) if they differ.
#[cfg_attr(
    not(feature = "checksums"),
    expect(unused_variables, reason = "other checksums are not verified")
)]
pub(super) fn verified(
    operation: &Operation,
    headers: &HeaderMap,
    digest: Option<ContentMd5>,
    body: Body,
    memory: &HeldBytes,
) -> Body {
    let body = match digest {
        Some(digest) => verified::verified(body, digest, memory),
        None => body,
    };
    #[cfg(feature = "checksums")]
    if operation.traits.checksum.is_some() {
        let algorithms = ChecksumAlgorithm::ALL.map(ChecksumAlgorithm::name);
        return checksum::verified(&algorithms, headers, body, memory);
    }
    body
}

/// The body does not match its checksum.
#[derive(Debug)]
pub(super) struct Mismatch;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body does not match content-md5")
    }
}

impl std::error::Error for Mismatch {}

/// The digest of a body and the value that it must have.
pub(super) struct ContentMd5 {
    digest: Md5,
    expected: [u8; 16],
}

impl Verify for ContentMd5 {
    fn update(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
    }

    fn finish(self) -> Result<(), BoxError> {
        if self.digest.finalize()[..] == self.expected {
            Ok(())
        } else {
            Err(Mismatch.into())
        }
    }
}
