//! Signatures of requests that a server receives.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

#[cfg(feature = "checksums")]
use super::ReceivedChunks;
use super::canonical::{CanonicalPath, CanonicalRequest, Parameters};
use super::key::{self, Scope, SigningKey};
use super::presigned::MAX_EXPIRY;
use super::time::SigningTime;
use super::{
    ALGORITHM, EVENTS, OPTIONAL, ReceivedEvents, UNSIGNED_PAYLOAD, X_AMZ_CONTENT_SHA256,
    X_AMZ_DATE, X_AMZ_SECURITY_TOKEN, host, sha256,
};
use crate::protocol::service::Signing;

const PREFIX: &str = "x-amz-";

/// The signature of a request, as it was received.
pub(crate) struct ReceivedSignature<'r> {
    pub(crate) access_key_id: String,
    pub(crate) session_token: Option<Cow<'r, str>>,
    date: String,
    region: String,
    name: String,
    time: SigningTime,
    signed_headers: Vec<String>,
    signature: [u8; 32],
    /// For how long a signature in the query is valid.
    expires_in: Option<Duration>,
    headers: &'r HeaderMap,
    uri: &'r Uri,
}

/// What the signature of a request says about its body.
pub(crate) enum ContentHash<'r> {
    /// The signature does not cover it, but [`UNSIGNED_PAYLOAD`] in place of its hash.
    Unsigned,
    /// It has events with signatures of their own.
    Events,
    /// It has chunks, which may have signatures of their own, or a trailer. The text is signed in
    /// place of its hash.
    #[cfg_attr(
        not(feature = "checksums"),
        expect(dead_code, reason = "no body has chunks")
    )]
    Chunks(&'r str),
    /// Its hash is in a header.
    Stated {
        /// The hash as it is signed.
        text: &'r str,
        hash: [u8; 32],
    },
    /// Its hash is signed and not in the request.
    Missing,
}

/// What is wrong, in a form for callers.
type Problem = &'static str;

impl<'r> ReceivedSignature<'r> {
    /// The signature of a request; `None` if it is not signed.
    pub(crate) fn find(headers: &'r HeaderMap, uri: &'r Uri) -> Option<Result<Self, Problem>> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let in_header = values.find(|value| value.as_bytes().starts_with(ALGORITHM.as_bytes()));
        let query = QueryParts::new(uri);
        let in_query = query.get("X-Amz-Algorithm").is_some();
        match (in_header, in_query) {
            (None, false) => None,
            (Some(_), true) => Some(Err(
                "a request has its signature in a header or in the query",
            )),
            (Some(value), false) => {
                let parts = value
                    .to_str()
                    .map_err(|_| "the header authorization is malformed");
                Some(parts.and_then(|value| Self::in_header(value, headers, uri)))
            }
            (None, true) => Some(Self::in_query(&query, headers, uri)),
        }
    }

    fn in_header(value: &'r str, headers: &'r HeaderMap, uri: &'r Uri) -> Result<Self, Problem> {
        const MALFORMED: &str =
            "the header authorization must have Credential, SignedHeaders and Signature, once each";
        if headers.get_all(AUTHORIZATION).iter().count() > 1 {
            return Err("the header authorization occurs more than once");
        }
        let parts = value.strip_prefix(ALGORITHM).ok_or(MALFORMED)?;
        let parts = parts.strip_prefix(' ').ok_or(MALFORMED)?;
        let [mut credential, mut signed_headers, mut signature] = [None; 3];
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or(MALFORMED)?;
            let slot = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(MALFORMED),
            };
            if slot.replace(value).is_some() {
                return Err(MALFORMED);
            }
        }
        let date = single(headers, X_AMZ_DATE.as_str())?;
        let token = single(headers, X_AMZ_SECURITY_TOKEN.as_str())?;
        Self::new(
            Parts {
                credential: Cow::Borrowed(credential.ok_or(MALFORMED)?),
                signed_headers: Cow::Borrowed(signed_headers.ok_or(MALFORMED)?),
                signature: Cow::Borrowed(signature.ok_or(MALFORMED)?),
                time: Cow::Borrowed(date.ok_or("the header x-amz-date is missing")?),
                session_token: token.map(Cow::Borrowed),
                expires_in: None,
            },
            headers,
            uri,
        )
    }

    fn in_query(
        query: &QueryParts<'r>,
        headers: &'r HeaderMap,
        uri: &'r Uri,
    ) -> Result<Self, Problem> {
        const MISSING: &str = "the query must have X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, \
                               X-Amz-Expires, X-Amz-SignedHeaders and X-Amz-Signature, once each";
        let required = |name| query.single(name).and_then(|value| value.ok_or(MISSING));
        if required("X-Amz-Algorithm")? != ALGORITHM {
            return Err("the algorithm of the signature must be AWS4-HMAC-SHA256");
        }
        let expires_in = required("X-Amz-Expires")?.parse().map(Duration::from_secs);
        let expires_in = expires_in.ok().filter(|it| *it <= MAX_EXPIRY);
        Self::new(
            Parts {
                credential: required("X-Amz-Credential")?,
                signed_headers: required("X-Amz-SignedHeaders")?,
                signature: required("X-Amz-Signature")?,
                time: required("X-Amz-Date")?,
                session_token: query.single("X-Amz-Security-Token")?,
                expires_in: Some(
                    expires_in
                        .ok_or("X-Amz-Expires must be a number of seconds, at most 604800")?,
                ),
            },
            headers,
            uri,
        )
    }

    fn new(parts: Parts<'r>, headers: &'r HeaderMap, uri: &'r Uri) -> Result<Self, Problem> {
        let Parts {
            credential,
            signed_headers,
            signature,
            time,
            session_token,
            expires_in,
        } = parts;
        let scope = "the credential must be ACCESS_KEY_ID/DATE/REGION/SERVICE/aws4_request";
        let parts = credential.rsplitn(5, '/').map(str::to_owned);
        let parts = parts.collect::<Vec<_>>();
        let [end, name, region, date, access_key_id] = parts.try_into().map_err(|_| scope)?;
        if end != "aws4_request" || access_key_id.is_empty() {
            return Err(scope);
        }
        let signed_headers = signed_headers.split(';').map(str::to_owned);
        let signed_headers = signed_headers.collect::<Vec<_>>();
        if !signed_headers.is_sorted_by(|a, b| a < b) {
            return Err("the signed headers must be sorted, and each occur once");
        }
        Ok(Self {
            access_key_id,
            session_token,
            date,
            region,
            name,
            time: SigningTime::parse(&time)
                .ok_or("the time of the signature must look like 20150830T123600Z")?,
            signed_headers,
            signature: bytes_of(&signature)
                .ok_or("the signature must have 64 hexadecimal digits")?,
            expires_in,
            headers,
            uri,
        })
    }

    /// Checks the service, region and day that the key is for.
    pub(crate) fn check_scope(&self, name: &str, region: Option<&str>) -> Result<(), Problem> {
        if self.name != name {
            return Err("the credential is for another service");
        }
        if region.is_some_and(|region| self.region != region) {
            return Err("the credential is for another region");
        }
        if self.date != self.time.date() {
            return Err("the credential is for another day than the signature");
        }
        Ok(())
    }

    /// Checks that the signature is valid at the time `now`.
    pub(crate) fn check_time(&self, now: SystemTime, max_skew: Duration) -> Result<(), Problem> {
        let signed = self.time.clock().ok_or("the signature has expired")?;
        let later = |time: SystemTime, by| time.checked_add(by).unwrap_or(time);
        if signed > later(now, max_skew) {
            return Err("the signature is not valid yet: check the clock");
        }
        let valid_for = self.expires_in.unwrap_or(max_skew);
        if now > later(signed, valid_for) {
            return Err("the signature has expired: check the clock");
        }
        Ok(())
    }

    /// Checks that the signature covers the headers that it must cover, which are in the request.
    pub(crate) fn check_headers(&self) -> Result<(), Problem> {
        let is_signed = |name: &str| self.signed_headers.iter().any(|signed| signed == name);
        if !is_signed(HOST.as_str()) {
            return Err("the signature must cover the header host");
        }
        // The signature covers the header, and routing follows the URI.
        if let (Some(authority), Some(host)) = (self.uri.authority(), self.headers.get(HOST))
            && !host
                .as_bytes()
                .eq_ignore_ascii_case(authority.as_str().as_bytes())
        {
            return Err("the header host and the URI name different hosts");
        }
        let names = self.headers.keys().map(http::HeaderName::as_str);
        let mut required =
            names.filter(|name| name.starts_with(PREFIX) && !OPTIONAL.contains(name));
        if !required.all(is_signed) {
            return Err("the signature must cover all headers that start with x-amz-");
        }
        let mut signed = self.signed_headers.iter();
        if !signed.all(|name| name == HOST.as_str() || self.headers.contains_key(name)) {
            return Err("a signed header is missing");
        }
        Ok(())
    }

    /// What the signature says about the body.
    pub(crate) fn content_hash(
        &self,
        signing: Signing,
        unsigned_payload: bool,
    ) -> Result<ContentHash<'r>, Problem> {
        let is_presigned = self.expires_in.is_some();
        let stated = single(self.headers, X_AMZ_CONTENT_SHA256.as_str())?;
        Ok(match stated {
            None if is_presigned && signing.unsigned_presigned => ContentHash::Unsigned,
            None if unsigned_payload => ContentHash::Unsigned,
            None => ContentHash::Missing,
            Some(UNSIGNED_PAYLOAD) => ContentHash::Unsigned,
            Some(EVENTS) => ContentHash::Events,
            Some(text) if text.starts_with("STREAMING-") => ContentHash::Chunks(text),
            Some(text) => {
                let expected = "x-amz-content-sha256 must have 64 hexadecimal digits";
                let hash = bytes_of(text).ok_or(expected)?;
                ContentHash::Stated { text, hash }
            }
        })
    }

    /// What verifies the events of the body, once this signature is verified.
    pub(crate) fn events(&self, secret_access_key: Zeroizing<String>) -> ReceivedEvents {
        ReceivedEvents::new(
            secret_access_key,
            self.region.clone(),
            self.name.clone(),
            &self.signature,
        )
    }

    /// The text that the signature covers up to the hash of the body, and the key for it.
    pub(crate) fn unverified(
        &self,
        method: &Method,
        signing: Signing,
        secret_access_key: &str,
    ) -> Unverified {
        let mut parameters = Parameters::parse(self.uri.query().unwrap_or_default());
        if self.expires_in.is_some() {
            parameters.remove("X-Amz-Signature");
        }
        let canonical = CanonicalRequest {
            method: method.as_str(),
            path: self.uri.path(),
            path_form: CanonicalPath::new(signing),
            parameters,
            headers: self.headers,
            host: host(self.uri).unwrap_or_default(),
            payload_hash: "",
        };
        let names = self.signed_headers.iter().map(String::as_str);
        let scope = Scope {
            date: &self.date,
            region: &self.region,
            name: &self.name,
        };
        Unverified {
            canonical: canonical.text(&names.collect::<Vec<_>>()),
            time: self.time.text.clone(),
            scope: scope.to_string(),
            key: key::derive(secret_access_key, scope),
            signature: self.signature,
        }
    }
}

/// A signature whose request is known but for the hash of its body.
pub(crate) struct Unverified {
    /// The canonical request up to the hash of the body, which ends it.
    canonical: Vec<u8>,
    time: String,
    scope: String,
    key: SigningKey,
    signature: [u8; 32],
}

impl Unverified {
    /// Whether it is the signature of the request with this hash of the body.
    pub(crate) fn is_signature_of(&self, payload_hash: &str) -> bool {
        let canonical = [&*self.canonical, payload_hash.as_bytes()].concat();
        let Self { time, scope, .. } = self;
        let text = format!("{ALGORITHM}\n{time}\n{scope}\n{}", sha256(&canonical));
        key::verify(&*self.key, text.as_bytes(), &self.signature)
    }

    /// What verifies the chunks of the body, once this signature is verified.
    #[cfg(feature = "checksums")]
    pub(crate) fn chunks(self) -> ReceivedChunks {
        ReceivedChunks::new(self.key, self.time, self.scope, &self.signature)
    }
}

/// The parts of a signature as they are sent.
struct Parts<'r> {
    credential: Cow<'r, str>,
    signed_headers: Cow<'r, str>,
    signature: Cow<'r, str>,
    time: Cow<'r, str>,
    session_token: Option<Cow<'r, str>>,
    expires_in: Option<Duration>,
}

/// The parameters of a query.
struct QueryParts<'r>(Vec<(Cow<'r, str>, &'r str)>);

impl<'r> QueryParts<'r> {
    fn new(uri: &'r Uri) -> Self {
        let pairs = uri.query().unwrap_or_default().split('&');
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let decoded = |name| percent_decode_str(name).decode_utf8_lossy();
        Self(pairs.map(|(name, value)| (decoded(name), value)).collect())
    }

    fn get(&self, name: &str) -> Option<&'r str> {
        let (_, value) = self.0.iter().find(|(key, _)| *key == name)?;
        Some(value)
    }

    /// The value of a parameter that occurs at most once.
    fn single(&self, name: &str) -> Result<Option<Cow<'r, str>>, Problem> {
        if self.0.iter().filter(|(key, _)| *key == name).count() > 1 {
            return Err("a parameter of the signature occurs more than once");
        }
        let value = self
            .get(name)
            .map(|value| percent_decode_str(value).decode_utf8());
        value
            .transpose()
            .map_err(|_| "a parameter of the signature is not text")
    }
}

/// The value of a header that occurs at most once.
fn single<'r>(headers: &'r HeaderMap, name: &str) -> Result<Option<&'r str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err("a header of the signature occurs more than once");
    }
    let text = first.map(|value| value.to_str().map(str::trim));
    text.transpose()
        .map_err(|_| "a header of the signature is not text")
}

/// The bytes of 64 hexadecimal digits.
pub(super) fn bytes_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}
