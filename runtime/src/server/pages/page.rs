//! A resource of fixed bytes.

use std::fmt::Write as _;
#[cfg(feature = "gzip")]
use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use md5::{Digest as _, Md5};

use crate::http::Body;

/// A resource of fixed bytes, which clients may keep until they change.
#[derive(Clone)]
pub(in crate::server) struct Page {
    content_type: &'static str,
    /// The `Content-Security-Policy`, for a page.
    policy: Option<&'static str>,
    /// Its bytes; `None` if there are only compressed ones.
    plain: Option<Bytes>,
    /// The same, compressed for the first client that accepts that.
    #[cfg(feature = "gzip")]
    gzip: OnceLock<Bytes>,
    /// The hash of the bytes.
    hash: Box<str>,
}

impl Page {
    pub(in crate::server) fn new(content_type: &'static str, body: Bytes) -> Self {
        Self {
            content_type,
            policy: None,
            hash: hash(&body),
            plain: Some(body),
            #[cfg(feature = "gzip")]
            gzip: OnceLock::new(),
        }
    }

    /// A resource that is compressed already.
    #[cfg(feature = "console")]
    pub(in crate::server) fn compressed(content_type: &'static str, gzip: Bytes) -> Self {
        Self {
            content_type,
            policy: None,
            hash: hash(&gzip),
            plain: None,
            gzip: gzip.into(),
        }
    }

    #[cfg(feature = "console")]
    pub(in crate::server) fn policy(self, policy: &'static str) -> Self {
        let policy = Some(policy);
        Self { policy, ..self }
    }

    /// The response to a `GET` request.
    pub(in crate::server) fn respond(&self, headers: &HeaderMap) -> Response<Body> {
        let gzip = self.gzip(headers);
        // Each encoding has a tag of its own (RFC 9110 section 8.8.3.3).
        let suffix = if gzip.is_some() { "-gzip" } else { "" };
        let tag = format!("\"{}{suffix}\"", self.hash);
        let is_known = headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .any(|tags| matches(tags.as_bytes(), tag.as_bytes()));
        let mut response = Response::new(Body::empty());
        let fields = response.headers_mut();
        let mut set = |name, value| drop(fields.insert(name, value));
        if let Ok(tag) = HeaderValue::try_from(tag) {
            set(header::ETAG, tag);
        }
        set(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if cfg!(feature = "gzip") {
            set(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(policy) = self.policy {
            set(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(policy),
            );
        }
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        set(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        set(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        if gzip.is_some() {
            set(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        *response.body_mut() = gzip.map_or_else(|| self.plain(), Body::from);
        response
    }

    /// The compressed bytes, if the client accepts them.
    #[cfg(feature = "gzip")]
    fn gzip(&self, headers: &HeaderMap) -> Option<Bytes> {
        if !crate::server::negotiate::accepts_gzip(headers) {
            return None;
        }
        let gzip = self.gzip.get_or_init(|| {
            let plain = self.plain.as_deref().unwrap_or_default();
            crate::http::gzip::compressed_bytes(plain).into()
        });
        Some(gzip.clone())
    }

    #[cfg(not(feature = "gzip"))]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    fn gzip(&self, _: &HeaderMap) -> Option<Bytes> {
        None
    }

    /// The bytes without compression.
    fn plain(&self) -> Body {
        match &self.plain {
            Some(plain) => plain.clone().into(),
            #[cfg(feature = "gzip")]
            None => {
                let gzip = self.gzip.get().cloned().unwrap_or_default();
                crate::http::gzip::decompressed(gzip.into())
            }
            #[cfg(not(feature = "gzip"))]
            None => Body::empty(),
        }
    }
}

/// Whether a list of entity tags has one that is equal to `tag` but for weakness (RFC 9110 section
/// 13.1.2).
fn matches(tags: &[u8], tag: &[u8]) -> bool {
    let tags = tags.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let tags = tags.map(|tag| tag.strip_prefix(b"W/").unwrap_or(tag));
    tags.into_iter().any(|known| known == b"*" || known == tag)
}

fn hash(bytes: &[u8]) -> Box<str> {
    let digest = Md5::digest(bytes);
    digest
        .iter()
        .fold(String::with_capacity(32), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string does not fail");
            text
        })
        .into()
}
