//! What the signature of a request leaves to check about its body.

use http::Extensions;
use sha2::{Digest as _, Sha256};

use super::super::chunked::Coding;
use super::super::incoming;
use super::super::rejection::Rejection;
use super::signature::{MISMATCH, SignatureFault};
#[cfg(feature = "checksums")]
use crate::aws::sigv4::ReceivedChunks;
use crate::aws::sigv4::received::Unverified;
use crate::aws::sigv4::{ReceivedEvents, sha256};
use crate::http::held::HeldBytes;
use crate::http::verified::{self, Verify};
use crate::http::{Body, BoxError};
use crate::stream::event;

/// A check of a body, and when it takes place.
pub(in crate::server) enum BodyCheck {
    /// The request states the hash of the body, which is compared while the body is read.
    Streamed(StatedHash),
    /// The request does not: nothing may be done with the body before the signature is verified.
    Buffered(Unverified),
    /// The body has signed events, which are verified while they are read.
    Events(ReceivedEvents),
    /// The body has signed chunks, which are verified while they are decoded.
    #[cfg(feature = "checksums")]
    Chunks(ReceivedChunks),
}

impl BodyCheck {
    /// Applies the check to the body of a request with these extensions. `limit` is the maximum
    /// length of one that is buffered. The coding of a body in signed chunks gets what verifies
    /// them.
    #[cfg_attr(
        not(feature = "checksums"),
        expect(unused_variables, reason = "no body has chunks")
    )]
    pub(in crate::server) async fn apply(
        self,
        extensions: &Extensions,
        memory: &HeldBytes,
        body: Body,
        limit: usize,
        coding: &mut Option<Coding>,
    ) -> Result<Body, Rejection> {
        match self {
            Self::Streamed(hash) => Ok(verified::verified(body, hash, memory)),
            Self::Buffered(unverified) => {
                let bytes = incoming::collect(extensions, body, limit, false).await?;
                if unverified.is_signature_of(&sha256(&bytes)) {
                    Ok(bytes.into())
                } else {
                    Err(Rejection::Signature(SignatureFault::Mismatch(MISMATCH)))
                }
            }
            Self::Events(events) => {
                let signatures = Some(Box::new(events) as _);
                Ok(event::unwrapped(body, limit, signatures, memory))
            }
            #[cfg(feature = "checksums")]
            Self::Chunks(chunks) => match coding {
                Some(coding) => {
                    coding.verify(chunks);
                    Ok(body)
                }
                // The same header states the signatures and the coding.
                None => Err(Rejection::Internal),
            },
        }
    }
}

/// Compares the hash of a body with the one that a request states.
pub(in crate::server) struct StatedHash {
    sum: Sha256,
    expected: [u8; 32],
}

impl StatedHash {
    pub(super) fn new(expected: [u8; 32]) -> Self {
        let sum = Sha256::new();
        Self { sum, expected }
    }
}

impl Verify for StatedHash {
    fn update(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
    }

    fn finish(self) -> Result<(), BoxError> {
        if self.sum.finalize()[..] == self.expected {
            Ok(())
        } else {
            Err(SignatureFault::Payload.into())
        }
    }
}
