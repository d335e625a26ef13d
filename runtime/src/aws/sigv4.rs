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

/// Credentials are fetched anew so long before they expire.
const EARLY: Duration = Duration::from_mins(1);
/// Credentials that do not expire are fetched anew after so long: what gives them may have others by then.
const KEPT: Duration = Duration::from_mins(15);

/// Signs requests. It never shows credentials.
pub(crate) struct Signer {
    provider: SharedCredentialsProvider,
    region: String,
    name: &'static str,
    kept: Mutex<Option<Kept>>,
}

/// What a signature says of the body.
#[derive(Clone, Copy)]
pub(crate) enum Payload<'b> {
    /// It is of these bytes.
    Bytes(&'b Bytes),
    /// Nothing.
    Unsigned,
    /// Each message of it has a signature of its own.
    Events,
}

/// The signature of a request, and whose it is.
pub(crate) struct Signed {
    identity: Identity,
    signature: String,
}

/// Credentials, and until when they are used.
struct Kept {
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
            kept: Mutex::new(None),
        }
    }

    /// Credentials for now. Calls that come while they are fetched wait for them.
    async fn identity(&self, now: SystemTime) -> Result<Identity, BoxError> {
        let mut kept = self.kept.lock().await;
        if let Some(Kept {
            identity,
            from,
            until,
        }) = &*kept
            && (*from..*until).contains(&now)
        {
            return Ok(identity.clone());
        }
        let credentials = self.provider.provide_credentials().await?;
        let until = credentials
            .expiry()
            .and_then(|expiry| expiry.checked_sub(EARLY))
            .unwrap_or(now + KEPT);
        let identity = Identity::from(credentials);
        *kept = Some(Kept {
            identity: identity.clone(),
            from: now,
            until,
        });
        Ok(identity)
    }

    /// Adds the headers of a signature.
    pub(crate) async fn sign(
        &self,
        request: &mut Request<Body>,
        body: Payload<'_>,
        now: SystemTime,
    ) -> Result<Signed, BoxError> {
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
            std::str::from_utf8(value.as_bytes()).map(|value| (name.as_str(), spaced(value)))
        });
        let headers = headers.collect::<Result<Vec<_>, _>>()?;
        let headers = headers.iter().map(|(name, value)| (*name, &**value));
        let signable = SignableRequest::new(request.method().as_str(), &*uri, headers, body)?;
        let (instructions, signature) = quietly(|| sign(signable, &params))?.into_parts();
        instructions.apply_to_request_http1x(request);
        if let Some(value) = request.headers_mut().get_mut(AUTHORIZATION) {
            value.set_sensitive(true);
        }
        Ok(Signed {
            identity,
            signature,
        })
    }
}

/// The value of a header without its tabs: `aws-sigv4` takes only spaces for white space, whoever reads headers (RFC 9110 section 5.6.3) tabs too.
fn spaced(value: &str) -> Cow<'_, str> {
    if value.contains('\t') {
        Cow::Owned(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(value)
    }
}

/// Runs `signing` without a subscriber: `aws-sigv4` traces requests as they are, session token and body included.
fn quietly<T>(signing: impl FnOnce() -> T) -> T {
    if LevelFilter::current() == LevelFilter::TRACE {
        dispatcher::with_default(&Dispatch::none(), signing)
    } else {
        signing()
    }
}
