//! The checksum of a body (Smithy 2.0, "httpChecksumRequired trait"; RFC 1864).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http_body::Body as HttpBody;
use md5::{Digest as _, Md5};

use crate::http::verified::{self, Verify};
use crate::http::{Body, BoxError};
use crate::protocol::service::Operation;

use super::rejection::Rejection;

const CONTENT_MD5: &str = "content-md5";
/// The prefix of checksums with other algorithms, which newer clients send instead.
const OTHERS: &str = "x-amz-checksum-";

/// Verifies the body against `Content-MD5`: the returned body ends with [`Mismatch`] if the digests
/// differ. The digest covers the bytes as sent, before they are decompressed.
///
/// A body without a checksum is rejected where the operation requires one. Checksums other than MD5
/// are left to the implementation, which receives the headers.
pub(super) fn verified(
    operation: &Operation,
    headers: &HeaderMap,
    body: Body,
) -> Result<Body, Rejection> {
    if !operation.traits.checksum_required {
        return Ok(body);
    }
    let mut given = headers.get_all(CONTENT_MD5).iter();
    match (given.next(), given.next()) {
        (Some(digest), None) => {
            let digest = STANDARD.decode(digest).ok();
            let digest = digest.and_then(|digest| digest.try_into().ok());
            let digest: [u8; 16] = digest.ok_or(Rejection::Digest(
                "content-md5 must be the base64 of 16 bytes",
            ))?;
            let sum = ContentMd5 {
                digest: Md5::new(),
                expected: digest,
            };
            Ok(verified::verified(body, sum))
        }
        (Some(_), Some(_)) => Err(Rejection::Digest("content-md5 occurs more than once")),
        (None, _) => {
            let others = || headers.keys().any(|name| name.as_str().starts_with(OTHERS));
            if HttpBody::is_end_stream(&body) || others() {
                Ok(body)
            } else {
                Err(Rejection::Digest(
                    "the operation requires a checksum: send content-md5",
                ))
            }
        }
    }
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
struct ContentMd5 {
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
