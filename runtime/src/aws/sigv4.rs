//! AWS Signature Version 4.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use tokio::sync::Mutex;
use tracing::dispatcher::{self, Dispatch};
use tracing::level_filters::LevelFilter;

use crate::http::{Body, BoxError};

mod events;

pub(crate) use self::events::sign_events;

/// How long before their expiry credentials are fetched again.
const EXPIRY_MARGIN: Duration = Duration::from_secs(60);
/// How long credentials without an expiry are cached. The provider may have others by then.
const CACHE_TIME: Duration = Duration::from_secs(900);

/// Signs requests. `Debug` does not print credentials.
pub(crate) struct Signer {
    provider: SharedCredentialsProvider,
    region: String,
    name: &'static str,
    cached: Mutex<Option<Cached>>,
}

/// The body that a signature covers.
#[derive(Clone, Copy)]
pub(crate) enum Payload<'b> {
    /// These bytes.
    Bytes(&'b Bytes),
    /// None.
    Unsigned,
    /// A stream of messages, each with a signature of its own.
    Events,
}

/// The signature of a request, and the identity that signed it.
pub(crate) struct RequestSignature {
    identity: Identity,
    signature: String,
}

/// Credentials, and the times between which they are used.
struct Cached {
    identity: Identity,
    from: SystemTime,
    until: SystemTime,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("region", &self.region)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Signer {
    pub(crate) fn new(
        provider: SharedCredentialsProvider,
        region: String,
        name: &'static str,
    ) -> Self {
        Self {
            provider,
            region,
            name,
            cached: Mutex::new(None),
        }
    }

    /// Returns the current credentials. Concurrent calls wait while they are fetched.
    async fn identity(&self, now: SystemTime) -> Result<Identity, BoxError> {
        let mut cached = self.cached.lock().await;
        if let Some(Cached {
            identity,
            from,
            until,
        }) = &*cached
            && (*from..*until).contains(&now)
        {
            return Ok(identity.clone());
        }
        let credentials = self.provider.provide_credentials().await?;
        let until = credentials
            .expiry()
            .and_then(|expiry| expiry.checked_sub(EXPIRY_MARGIN))
            .unwrap_or(now + CACHE_TIME);
        let identity = Identity::from(credentials);
        *cached = Some(Cached {
            identity: identity.clone(),
            from: now,
            until,
        });
        Ok(identity)
    }

    /// Adds the headers of a signature to a request.
    pub(crate) async fn sign(
        &self,
        request: &mut Request<Body>,
        body: Payload<'_>,
        now: SystemTime,
    ) -> Result<RequestSignature, BoxError> {
        let identity = self.identity(now).await?;
        let mut settings = SigningSettings::default();
        let body = match body {
            Payload::Bytes(body) => SignableBody::Bytes(body),
            Payload::Unsigned => {
                settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
                SignableBody::UnsignedPayload
            }
            Payload::Events => {
                settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
                SignableBody::Precomputed("STREAMING-AWS4-HMAC-SHA256-EVENTS".to_owned())
            }
        };
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(self.name)
            .time(now)
            .settings(settings)
            .build()?
            .into();
        let uri = request.uri().to_string();
        let headers = request.headers().iter().map(|(name, value)| {
            std::str::from_utf8(value.as_bytes())
                .map(|value| (name.as_str(), tabs_to_spaces(value)))
        });
        let headers = headers.collect::<Result<Vec<_>, _>>()?;
        let headers = headers.iter().map(|(name, value)| (*name, &**value));
        let signable = SignableRequest::new(request.method().as_str(), &*uri, headers, body)?;
        let (instructions, signature) = without_tracing(|| sign(signable, &params))?.into_parts();
        instructions.apply_to_request_http1x(request);
        if let Some(value) = request.headers_mut().get_mut(AUTHORIZATION) {
            value.set_sensitive(true);
        }
        Ok(RequestSignature {
            identity,
            signature,
        })
    }
}

/// Replaces the tabs in the value of a header. `aws-sigv4` trims spaces only, but tabs are white
/// space too (RFC 9110 section 5.6.3).
fn tabs_to_spaces(value: &str) -> Cow<'_, str> {
    if value.contains('\t') {
        Cow::Owned(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(value)
    }
}

/// Runs `signing` without a subscriber, because `aws-sigv4` traces whole requests, including the
/// session token and the body.
fn without_tracing<T>(signing: impl FnOnce() -> T) -> T {
    if LevelFilter::current() == LevelFilter::TRACE {
        dispatcher::with_default(&Dispatch::none(), signing)
    } else {
        signing()
    }
}
