//! The canonical form of a request (AWS, "Create a signed AWS API request", "Create a canonical
//! request").

use std::borrow::Cow;

use http::HeaderMap;
use percent_encoding::{AsciiSet, percent_decode, percent_encode};

use crate::codec::percent::RESERVED;
use crate::protocol::service::Signing;

const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Headers that signatures do not cover: the signature itself, and what transports and proxies add
/// or change.
const UNSIGNED: [&str; 12] = [
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

const HOST: &str = "host";

/// How a path is signed.
#[derive(Clone, Copy)]
pub(super) struct CanonicalPath {
    /// Without empty and dot segments.
    pub(super) normalized: bool,
    /// Encoded once more.
    pub(super) encoded: bool,
}

impl CanonicalPath {
    /// How the paths of a service are signed.
    pub(super) fn new(signing: Signing) -> Self {
        Self {
            normalized: !signing.raw_path,
            encoded: !signing.raw_path,
        }
    }

    fn write(self, path: &str, text: &mut Vec<u8>) {
        let path = if self.normalized {
            normalized(path)
        } else {
            Cow::Borrowed(path)
        };
        if self.encoded {
            for piece in percent_encode(path.as_bytes(), RESERVED_IN_PATH) {
                text.extend_from_slice(piece.as_bytes());
            }
        } else {
            text.extend_from_slice(path.as_bytes());
        }
    }
}

/// The parts of a request that a signature covers.
pub(super) struct CanonicalRequest<'r> {
    pub(super) method: &'r str,
    /// The path as it is sent.
    pub(super) path: &'r str,
    pub(super) path_form: CanonicalPath,
    pub(super) parameters: Parameters<'r>,
    pub(super) headers: &'r HeaderMap,
    /// The value of the header `host`, unless `headers` has it.
    pub(super) host: &'r str,
    pub(super) payload_hash: &'r str,
}

impl<'r> CanonicalRequest<'r> {
    /// The names of the headers to sign, in order.
    pub(super) fn header_names(&self) -> Vec<&'r str> {
        let mut names = Vec::with_capacity(self.headers.keys_len() + 1);
        for name in self.headers.keys() {
            if !UNSIGNED.contains(&name.as_str()) {
                names.push(name.as_str());
            }
        }
        if !self.headers.contains_key(HOST) {
            names.push(HOST);
        }
        names.sort_unstable();
        names
    }

    /// The canonical request with these headers.
    pub(super) fn text(&self, header_names: &[&str]) -> Vec<u8> {
        let mut text = Vec::with_capacity(1024);
        text.extend_from_slice(self.method.as_bytes());
        text.push(b'\n');
        self.path_form.write(self.path, &mut text);
        text.push(b'\n');
        self.parameters.write(&mut text);
        text.push(b'\n');
        for name in header_names {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            self.write_values(name, &mut text);
            text.push(b'\n');
        }
        text.push(b'\n');
        text.extend_from_slice(header_names.join(";").as_bytes());
        text.push(b'\n');
        text.extend_from_slice(self.payload_hash.as_bytes());
        text
    }

    fn write_values(&self, name: &str, text: &mut Vec<u8>) {
        let mut values = self.headers.get_all(name).iter();
        match values.next() {
            Some(first) => write_value(first.as_bytes(), text),
            None => text.extend_from_slice(self.host.as_bytes()),
        }
        for value in values {
            text.push(b',');
            write_value(value.as_bytes(), text);
        }
    }
}

/// Writes the value of a header without white space at its ends, and with one space in place of
/// any other white space. Tabs are white space too (RFC 9110 section 5.6.3).
fn write_value(value: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    let mut after_space = false;
    for byte in value {
        if matches!(byte, b' ' | b'\t') {
            after_space = text.len() > start;
        } else {
            if std::mem::take(&mut after_space) {
                text.push(b' ');
            }
            text.push(*byte);
        }
    }
}

/// The path without empty and dot segments (RFC 3986 section 5.2.4).
fn normalized(path: &str) -> Cow<'_, str> {
    if path.starts_with('/') && !path.contains("//") && !path.contains("/.") {
        return Cow::Borrowed(path);
    }
    let mut segments = Vec::new();
    let mut ends_in_folder = true;
    for segment in path.split('/') {
        ends_in_folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let mut normalized = String::with_capacity(path.len() + 1);
    for segment in &segments {
        normalized.push('/');
        normalized.push_str(segment);
    }
    if ends_in_folder {
        normalized.push('/');
    }
    Cow::Owned(normalized)
}

/// Encoded query parameters.
#[derive(Default)]
pub(super) struct Parameters<'q>(Vec<(Cow<'q, str>, Cow<'q, str>)>);

impl<'q> Parameters<'q> {
    /// Parses a query and encodes its parameters anew, so that each has one spelling.
    pub(super) fn parse(query: &'q str) -> Self {
        let mut pairs = Vec::new();
        for pair in query.split('&') {
            if !pair.is_empty() {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                pairs.push((encoded_anew(name), encoded_anew(value)));
            }
        }
        Self(pairs)
    }

    /// Adds a parameter that is not encoded.
    pub(super) fn push(&mut self, name: &'q str, value: &str) {
        let value = percent_encode(value.as_bytes(), RESERVED).to_string();
        self.0.push((Cow::Borrowed(name), Cow::Owned(value)));
    }

    /// Removes those with a name that needs no encoding.
    #[cfg(feature = "server")]
    pub(super) fn remove(&mut self, name: &str) {
        self.0.retain(|(key, _)| key != name);
    }

    /// Writes them in order, by name and then by value.
    fn write(&self, text: &mut Vec<u8>) {
        let mut pairs = self.0.iter().collect::<Vec<_>>();
        pairs.sort_unstable();
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            let separator = if index == 0 { "" } else { "&" };
            for part in [separator, name, "=", value] {
                text.extend_from_slice(part.as_bytes());
            }
        }
    }
}

/// Decodes the name or value of a parameter, in which `+` is a space, and encodes it.
fn encoded_anew(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return percent_encode(text.as_bytes(), RESERVED).into();
    }
    let text = text.replace('+', " ");
    let decoded = percent_decode(text.as_bytes()).collect::<Vec<_>>();
    Cow::Owned(percent_encode(&decoded, RESERVED).to_string())
}
