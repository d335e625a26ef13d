//! The checksum of a body (Smithy 2.0, "httpChecksumRequired trait"; RFC 1864).

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use md5::{Digest as _, Md5};

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
            Ok(Body::new(Verified {
                body,
                sum: Some((Md5::new(), digest)),
            }))
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

/// A body whose digest is compared when it ends.
struct Verified {
    body: Body,
    /// The digest so far and the expected one; `None` after the comparison.
    sum: Option<(Md5, [u8; 16])>,
}

impl HttpBody for Verified {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let poll = Pin::new(&mut self.body).poll_frame(cx);
        match &poll {
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(data), Some((digest, _))) = (frame.data_ref(), &mut self.sum) {
                    digest.update(data);
                }
            }
            Poll::Ready(None) => {
                if let Some((digest, expected)) = self.sum.take()
                    && digest.finalize()[..] != expected
                {
                    return Poll::Ready(Some(Err(Mismatch.into())));
                }
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        poll
    }

    /// False until the digest has been compared, since a reader stops at the end of the stream.
    fn is_end_stream(&self) -> bool {
        self.sum.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
