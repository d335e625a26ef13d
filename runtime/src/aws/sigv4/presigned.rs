//! Requests with a signature in the query (AWS, "Create a signed AWS API request", "Authentication
//! in the query string").

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Uri};
use percent_encoding::percent_encode;

use super::canonical::{CanonicalRequest, Parameters};
use super::time::SigningTime;
use super::{ALGORITHM, OPTIONAL, Payload, Signer, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN, host};
use crate::auth::Identity as _;
use crate::aws::credentials::Credentials;
use crate::codec::percent::RESERVED;
use crate::http::BoxError;

/// How long a signature can be valid: seven days.
pub(super) const MAX_EXPIRY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A request that is signed in its URI, so that anyone can send it until it expires, without
/// credentials.
///
/// [`Call::presign`](crate::client::Call::presign) creates it. Send it with the method, the URI and
/// all of the headers, and with the body if there is one. The URI is as secret as what it gives
/// access to: `Debug` does not print its query.
#[derive(Clone)]
pub struct PresignedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Option<Bytes>,
    expires_at: SystemTime,
}

impl PresignedRequest {
    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URI, which contains the signature.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The headers that the signature covers, besides `host`. Other headers may be added.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body to send. It may be empty. `None` if the operation has a streaming body, which the
    /// signature does not cover: the sender chooses it.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// When the request expires: at the end of its own time, or with temporary credentials if that
    /// is earlier.
    pub fn expires_at(&self) -> SystemTime {
        self.expires_at
    }
}

/// Does not show the query of the URI, the values of headers and the body.
impl fmt::Debug for PresignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            uri,
            headers,
            body: _,
            expires_at,
        } = self;
        let host = uri.authority().map(http::uri::Authority::as_str);
        f.debug_struct("PresignedRequest")
            .field("method", method)
            .field("host", &host.unwrap_or_default())
            .field("path", &uri.path())
            .field("headers", &headers.keys().collect::<Vec<_>>())
            .field("expires_at", expires_at)
            .finish_non_exhaustive()
    }
}

/// An empty body if the operation has a streaming one.
impl From<PresignedRequest> for Request<Bytes> {
    fn from(presigned: PresignedRequest) -> Self {
        let mut request = Request::new(presigned.body.unwrap_or_default());
        *request.method_mut() = presigned.method;
        *request.uri_mut() = presigned.uri;
        *request.headers_mut() = presigned.headers;
        request
    }
}

impl Signer {
    /// Signs a request in its query. A body of `None` is not covered.
    pub(crate) fn presign(
        &self,
        request: Request<Option<Bytes>>,
        payload: Payload<'_>,
        expires_in: Duration,
        credentials: &Credentials,
        now: SystemTime,
    ) -> Result<PresignedRequest, BoxError> {
        if !(Duration::from_secs(1)..=MAX_EXPIRY).contains(&expires_in) {
            let message = "a presigned request is valid for at least a second and at most 7 days";
            return Err(format!("{message}, not for {expires_in:?}").into());
        }
        let time = SigningTime::new(now)?;
        let scope = self.scope(&time);
        let payload = match payload {
            Payload::Bytes(_) if self.signing.unsigned_presigned => Payload::Unsigned,
            payload => payload,
        };
        let (mut parts, body) = request.into_parts();
        for name in [&X_AMZ_DATE, &X_AMZ_SECURITY_TOKEN] {
            parts.headers.remove(name);
        }
        let query = parts.uri.query().unwrap_or_default();
        let mut canonical = CanonicalRequest {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            path_form: self.path,
            parameters: Parameters::parse(query),
            headers: &parts.headers,
            host: host(&parts.uri)?,
            payload_hash: &payload.hash(),
        };
        let mut signed_headers = canonical.header_names();
        signed_headers.retain(|name| !OPTIONAL.contains(name));

        let seconds = expires_in.as_secs();
        let mut added = vec![
            ("X-Amz-Algorithm", ALGORITHM.to_owned()),
            (
                "X-Amz-Credential",
                format!("{}/{scope}", credentials.access_key_id()),
            ),
            ("X-Amz-Date", time.text.clone()),
            ("X-Amz-Expires", seconds.to_string()),
            ("X-Amz-SignedHeaders", signed_headers.join(";")),
        ];
        if let Some(token) = credentials.token() {
            added.push(("X-Amz-Security-Token", token.to_owned()));
        }
        let mut signed_query = query.to_owned();
        for (name, value) in &added {
            canonical.parameters.push(name, value);
            push_parameter(&mut signed_query, name, value);
        }
        let text = canonical.text(&signed_headers);
        let signature = self.signature(credentials, &time, &text);
        push_parameter(&mut signed_query, "X-Amz-Signature", &signature);

        let target = format!("{}?{signed_query}", parts.uri.path());
        let mut uri = parts.uri.clone().into_parts();
        uri.path_and_query = Some(target.try_into()?);
        let headers = parts.headers.iter();
        let headers = headers.filter(|(name, _)| signed_headers.contains(&name.as_str()));
        let headers = headers
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let expires_at = now.checked_add(Duration::from_secs(seconds)).unwrap_or(now);
        Ok(PresignedRequest {
            method: parts.method,
            uri: Uri::from_parts(uri)?,
            headers,
            body,
            expires_at: credentials
                .expiry()
                .map_or(expires_at, |expiry| expiry.min(expires_at)),
        })
    }
}

fn push_parameter(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.extend(percent_encode(value.as_bytes(), RESERVED));
}
