//! AWS Signature Version 4 (AWS, "Create a signed AWS API request").

mod canonical;
#[cfg(feature = "checksums")]
mod chunks;
mod events;
mod key;
mod presigned;
#[cfg(feature = "server")]
pub(crate) mod received;
#[cfg(test)]
mod tests;
mod time;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use http::{Request, Uri};
use sha2::{Digest as _, Sha256};

use self::canonical::{CanonicalPath, CanonicalRequest, Parameters};
use self::key::{KeyCache, Scope, hmac};
use self::time::SigningTime;
use super::credentials::Credentials;
use crate::auth::{CachedIdentity, IdentitySource, secret_header};
use crate::http::{Body, BoxError};
use crate::protocol::service::Signing;

#[cfg(feature = "checksums")]
use crate::http::checksum::{SIGNED_CHUNKS_WITH_TRAILER, UNSIGNED_CHUNKS_WITH_TRAILER};

#[cfg(all(feature = "checksums", feature = "server"))]
pub(crate) use self::chunks::ReceivedChunks;
#[cfg(feature = "checksums")]
pub(crate) use self::chunks::sign_chunks;
#[cfg(feature = "server")]
pub(crate) use self::events::ReceivedEvents;
pub(crate) use self::events::sign_events;
pub use self::presigned::PresignedRequest;

/// What requests state in place of the hash of a body that is not signed.
pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The same for a body of signed events.
pub(crate) const EVENTS: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";

/// Headers of AWS that signatures may leave out.
const OPTIONAL: [&str; 2] = ["x-amz-checksum-mode", "x-amz-user-agent"];

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Signs requests. `Debug` does not print credentials.
pub(crate) struct Signer {
    secrets: Arc<Secrets>,
    region: String,
    /// The name of the service.
    name: Cow<'static, str>,
    path: CanonicalPath,
    signing: Signing,
}

/// The credentials of a client, and the keys that are derived from them.
struct Secrets {
    credentials: CachedIdentity<Credentials>,
    keys: KeyCache,
}

/// What an endpoint decides about the signatures of calls.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EndpointSigning {
    pub(crate) region: Option<String>,
    /// The name of the service.
    pub(crate) name: Option<String>,
    /// The path is not encoded once more.
    pub(crate) disable_double_encoding: bool,
    pub(crate) disable_normalize_path: bool,
}

/// The body that a signature covers.
#[derive(Clone, Copy)]
pub(crate) enum Payload<'b> {
    /// These bytes.
    Bytes(&'b Bytes),
    /// None.
    Unsigned,
    /// None, and a checksum follows the body.
    #[cfg(feature = "checksums")]
    UnsignedWithTrailer,
    /// Chunks and a checksum after them, each with a signature of its own.
    #[cfg(feature = "checksums")]
    ChunksWithTrailer,
    /// A stream of messages, each with a signature of its own.
    Events,
}

impl Payload<'_> {
    /// The last line of the canonical request.
    fn hash(self) -> String {
        match self {
            Self::Bytes(bytes) => sha256(bytes),
            Self::Unsigned => UNSIGNED_PAYLOAD.to_owned(),
            #[cfg(feature = "checksums")]
            Self::UnsignedWithTrailer => UNSIGNED_CHUNKS_WITH_TRAILER.to_owned(),
            #[cfg(feature = "checksums")]
            Self::ChunksWithTrailer => SIGNED_CHUNKS_WITH_TRAILER.to_owned(),
            Self::Events => EVENTS.to_owned(),
        }
    }
}

/// The signature of a request, and the credentials that signed it.
pub(crate) struct RequestSignature {
    credentials: Credentials,
    signature: String,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("region", &self.region)
            .field("name", &self.name)
            .field("signing", &self.signing)
            .finish_non_exhaustive()
    }
}

impl Signer {
    pub(crate) fn new(
        source: Box<dyn IdentitySource<Credentials>>,
        region: String,
        signing: Signing,
    ) -> Self {
        Self {
            secrets: Arc::new(Secrets {
                credentials: CachedIdentity::new(source),
                keys: KeyCache::default(),
            }),
            region,
            name: Cow::Borrowed(signing.name),
            path: CanonicalPath::new(signing),
            signing,
        }
    }

    /// A signer for the calls of an endpoint, with the same credentials.
    pub(crate) fn for_endpoint(self: &Arc<Self>, endpoint: Option<&EndpointSigning>) -> Arc<Self> {
        let Some(endpoint) = endpoint else {
            return Arc::clone(self);
        };
        let name = endpoint.name.clone().map(Cow::Owned);
        Arc::new(Self {
            secrets: Arc::clone(&self.secrets),
            region: endpoint.region.as_ref().unwrap_or(&self.region).clone(),
            name: name.unwrap_or_else(|| self.name.clone()),
            path: CanonicalPath {
                normalized: self.path.normalized && !endpoint.disable_normalize_path,
                encoded: self.path.encoded && !endpoint.disable_double_encoding,
            },
            signing: self.signing,
        })
    }

    /// Returns the credentials at a time.
    pub(crate) async fn credentials(&self, now: SystemTime) -> Result<Credentials, BoxError> {
        self.secrets.credentials.get(now).await
    }

    /// Replaces credentials that the service has rejected. Returns whether there are others.
    pub(crate) async fn replace_credentials(
        &self,
        rejected: &Credentials,
        now: SystemTime,
    ) -> Result<bool, BoxError> {
        let replaced = self.secrets.credentials.replace(now, rejected).await?;
        Ok(replaced.is_some())
    }

    /// The scope of the signatures of a day.
    fn scope<'s>(&'s self, time: &'s SigningTime) -> Scope<'s> {
        Scope {
            date: time.date(),
            region: &self.region,
            name: &self.name,
        }
    }

    /// The signature of a canonical request.
    fn signature(&self, credentials: &Credentials, time: &SigningTime, canonical: &[u8]) -> String {
        let scope = self.scope(time);
        let hash = sha256(canonical);
        let text = format!("{ALGORITHM}\n{}\n{scope}\n{hash}", time.text);
        let key = self
            .secrets
            .keys
            .key(credentials.secret_access_key(), scope);
        hexadecimal(&hmac(&*key, text.as_bytes()))
    }

    /// Adds the headers of a signature to a request.
    pub(crate) fn sign(
        &self,
        request: &mut Request<Body>,
        payload: Payload<'_>,
        credentials: Credentials,
        now: SystemTime,
    ) -> Result<RequestSignature, BoxError> {
        let time = SigningTime::new(now)?;
        let scope = self.scope(&time);
        let payload_hash = payload.hash();
        let host = host(request.uri())?.to_owned();

        let headers = request.headers_mut();
        headers.remove(AUTHORIZATION);
        headers.insert(X_AMZ_DATE, HeaderValue::from_str(&time.text)?);
        if let Some(token) = credentials.token() {
            headers.insert(X_AMZ_SECURITY_TOKEN, secret_header(token, "session token")?);
        }
        if self.signing.payload_header || !matches!(payload, Payload::Bytes(_)) {
            headers.insert(X_AMZ_CONTENT_SHA256, HeaderValue::from_str(&payload_hash)?);
        }

        let canonical = CanonicalRequest {
            method: request.method().as_str(),
            path: request.uri().path(),
            path_form: self.path,
            parameters: Parameters::parse(request.uri().query().unwrap_or_default()),
            headers: request.headers(),
            host: &host,
            payload_hash: &payload_hash,
        };
        let signed_headers = canonical.header_names();
        let text = canonical.text(&signed_headers);
        let signature = self.signature(&credentials, &time, &text);
        let authorization = format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={}, Signature={signature}",
            credentials.access_key_id(),
            signed_headers.join(";"),
        );
        let authorization = secret_header(&authorization, "access key ID or the region")?;
        request.headers_mut().insert(AUTHORIZATION, authorization);
        Ok(RequestSignature {
            credentials,
            signature,
        })
    }
}

/// The value of the header `host`, in which transports omit the default port (RFC 9110 section
/// 7.2).
fn host(uri: &Uri) -> Result<&str, BoxError> {
    let authority = uri
        .authority()
        .ok_or("the URI of the request has no host")?;
    let is_default = matches!(
        (uri.scheme_str(), authority.port_u16()),
        (Some("http"), Some(80)) | (Some("https"), Some(443))
    );
    Ok(if is_default {
        authority.host()
    } else {
        authority.as_str()
    })
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
