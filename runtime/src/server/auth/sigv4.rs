//! Verifies signatures of requests (AWS, "Create a signed AWS API request").

use std::fmt;
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::super::context::RequestContext;
use super::body::{BodyCheck, StatedHash};
use super::signature::{MISMATCH, SigV4Verifier, SignatureFault};
use super::verifier::Verifier;
use super::verify::{Verified, Verify};
use super::{AuthFuture, VerifyError};
use crate::auth::are_equal;
use crate::aws::sigv4::received::{ContentHash, ReceivedSignature};
use crate::aws::sigv4::{EVENTS, UNSIGNED_PAYLOAD};
use crate::protocol::service::{AuthScheme, Service, Signing};

/// By how much clocks may differ.
const MAX_SKEW: Duration = Duration::from_secs(15 * 60);

/// The ID of an access key, as a request states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKeyId(String);

impl AccessKeyId {
    /// The ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An access key of a caller with the identity `I`.
pub struct AccessKey<I> {
    secret: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    identity: I,
}

impl<I> AccessKey<I> {
    /// An access key with this secret part.
    pub fn new(secret_access_key: impl Into<String>, identity: I) -> Self {
        Self {
            secret: Zeroizing::new(secret_access_key.into()),
            session_token: None,
            identity,
        }
    }

    /// Sets the session token, which requests must have if the key is a temporary one.
    #[must_use]
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.session_token = Some(Zeroizing::new(token.into()));
        self
    }
}

/// Does not show the secrets.
impl<I> fmt::Debug for AccessKey<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessKey")
    }
}

pub(super) struct Settings<I> {
    keys: Verifier<AccessKeyId, AccessKey<I>>,
    region: Option<String>,
    max_skew: Duration,
    clock: Box<dyn Fn() -> SystemTime + Send + Sync>,
}

impl<I: Send + 'static> SigV4Verifier<I> {
    /// Verifies signatures by the access keys that `keys` finds. A key that it finds
    /// [invalid](VerifyError::invalid) is unknown.
    pub fn new(keys: impl Verify<AccessKeyId, AccessKey<I>>) -> Self {
        Self::with_keys(Verifier::new(keys))
    }

    /// Like [`new`](Self::new), by a function.
    pub fn from_fn<F, R>(find: F) -> Self
    where
        F: Fn(AccessKeyId) -> R + Send + Sync + 'static,
        R: Future<Output = Result<AccessKey<I>, VerifyError>> + Send + 'static,
    {
        Self::with_keys(Verifier::from_fn(find))
    }

    fn with_keys(keys: Verifier<AccessKeyId, AccessKey<I>>) -> Self {
        Self {
            settings: Settings {
                keys,
                region: None,
                max_skew: MAX_SKEW,
                clock: Box::new(SystemTime::now),
            },
        }
    }

    /// Accepts signatures for this region only. The default is any region.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = Some(region.into());
        self
    }

    /// Sets by how much the clocks of callers may differ. The default is 15 minutes.
    #[must_use]
    pub fn max_skew(mut self, skew: Duration) -> Self {
        self.settings.max_skew = skew;
        self
    }

    /// Replaces the system time. This is useful in tests.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.settings.clock = Box::new(now);
        self
    }
}

impl<I: Send + 'static> Settings<I> {
    pub(super) fn verify<'a>(
        &'a self,
        scheme: AuthScheme,
        service: &'static Service,
        cx: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
        if scheme != AuthScheme::SigV4 {
            return None;
        }
        let signing = service.signing?;
        let received = ReceivedSignature::find(cx.headers(), cx.uri())?;
        Some(Box::pin(async move {
            let received = received.map_err(SignatureFault::Incomplete)?;
            self.verified(&received, signing, cx).await
        }))
    }

    async fn verified(
        &self,
        received: &ReceivedSignature<'_>,
        signing: Signing,
        cx: &RequestContext,
    ) -> Result<Verified<I>, VerifyError> {
        received
            .check_scope(signing.name, self.region.as_deref())
            .and_then(|()| received.check_time((self.clock)(), self.max_skew))
            .and_then(|()| received.check_headers())
            .map_err(SignatureFault::Mismatch)?;
        let id = AccessKeyId(received.access_key_id.clone());
        let AccessKey {
            secret,
            session_token,
            identity,
        } = self
            .keys
            .verify(id, cx)
            .await
            .map_err(VerifyError::of_key)?;
        let is_valid = match (&session_token, &received.session_token) {
            (Some(expected), Some(token)) => are_equal(expected, token),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !is_valid {
            return Err(SignatureFault::UnknownKey.into());
        }
        let unsigned_payload = cx.operation().traits.unsigned_payload;
        let hash = received
            .content_hash(signing, unsigned_payload)
            .map_err(SignatureFault::Incomplete)?;
        let unverified = received.unverified(cx.method(), signing, &secret);
        let verify = |hash: &str| {
            if unverified.is_signature_of(hash) {
                Ok(())
            } else {
                Err(SignatureFault::Mismatch(MISMATCH))
            }
        };
        let body = match hash {
            ContentHash::Unsigned => {
                verify(UNSIGNED_PAYLOAD)?;
                None
            }
            ContentHash::Events if cx.operation().input.events().is_none() => {
                let why = "the operation has no events that can be signed";
                return Err(SignatureFault::Unsupported(why).into());
            }
            ContentHash::Events => {
                verify(EVENTS)?;
                Some(BodyCheck::Events(received.events(secret)))
            }
            #[cfg(feature = "checksums")]
            ContentHash::Chunks(text) => {
                let are_signed = chunks_are_signed(text).map_err(SignatureFault::Unsupported)?;
                verify(text)?;
                are_signed.then(|| BodyCheck::Chunks(unverified.chunks()))
            }
            #[cfg(not(feature = "checksums"))]
            ContentHash::Chunks(_) => {
                let why = "bodies in chunks are not supported";
                return Err(SignatureFault::Unsupported(why).into());
            }
            ContentHash::Stated { text, hash } => {
                verify(text)?;
                Some(BodyCheck::Streamed(StatedHash::new(hash)))
            }
            ContentHash::Missing => Some(BodyCheck::Buffered(unverified)),
        };
        Ok(Verified { identity, body })
    }
}

/// Whether a body has signed chunks, by what the request states in place of its hash.
#[cfg(feature = "checksums")]
fn chunks_are_signed(stated: &str) -> Result<bool, &'static str> {
    use crate::http::checksum as stating;

    match stated {
        stating::SIGNED_CHUNKS | stating::SIGNED_CHUNKS_WITH_TRAILER => Ok(true),
        stating::UNSIGNED_CHUNKS_WITH_TRAILER => Ok(false),
        _ => Err("x-amz-content-sha256 must be a hash, UNSIGNED-PAYLOAD, \
             STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or \
             STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
    }
}
