//! Requests as they are sent: made from a value by the model, or by hand.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{Binding, Kind, Member, Operation, Segment, Simple, TimestampFormat};
use drawplate_runtime::server::{Body, Router};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use tower_service::Service as _;

use crate::json::Json;
use crate::protocols::{Routing, Wire};
use crate::services::{Peer, wait};
use crate::valid::MOMENTS;
use crate::wire;

/// A request that may be invalid.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// Whether a member with a binding is in the document of a request: a status is that of a response.
pub(crate) fn is_in_request_document(binding: &Binding) -> bool {
    matches!(binding, Binding::Document | Binding::StatusCode)
}

/// Whether a member with a binding is in the document of a response, which has neither a path nor a
/// query.
pub(crate) fn is_in_response_document(binding: &Binding) -> bool {
    matches!(
        binding,
        Binding::Document | Binding::Label | Binding::Query(_) | Binding::QueryParams
    )
}

/// A response whose body was read.
#[derive(Debug)]
pub(crate) struct BufferedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    /// The request that calls an operation with an input.
    pub(crate) fn new(peer: &Peer, wire: &Wire, operation: &Operation, input: &Json) -> Self {
        let mut raw = Self {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: None,
            headers: Vec::new(),
            body: Vec::new(),
        };
        let (service, name) = (peer.modeled().name.name(), operation.name.name());
        let base = peer.modeled().base_path.as_deref().unwrap_or_default();
        match wire.routing {
            Routing::Http => {
                raw.bind(peer, wire, operation, input);
                return raw;
            }
            Routing::Form => panic!("the tests make no forms"),
            Routing::Target => {
                raw.path = format!("{base}/");
                raw.header("x-amz-target", format!("{service}.{name}"));
            }
            Routing::Path(protocol) => {
                raw.path = format!("{base}/service/{service}/operation/{name}");
                raw.header("smithy-protocol", protocol);
            }
        }
        raw.header("content-type", wire.media_type);
        let members = peer.model.shapes[operation.input].kind.members();
        raw.body = wire::document(&peer.model, wire, &members.collect::<Vec<_>>(), input);
        raw
    }

    pub(crate) fn header(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        self.headers.push((name.to_owned(), value.into()));
    }

    pub(crate) fn first_header(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.headers.iter();
        headers
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }

    /// The values of the headers with a name.
    pub(crate) fn all_headers<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h [u8]> {
        let headers = self.headers.iter();
        headers
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }

    /// Puts members into the parts that they are bound to (Smithy 2.0, "HTTP bindings").
    fn bind(&mut self, peer: &Peer, wire: &Wire, operation: &Operation, input: &Json) {
        let http = operation
            .http
            .as_ref()
            .expect("the protocol binds operations");
        let members = peer.model.shapes[operation.input]
            .kind
            .members()
            .collect::<Vec<_>>();
        let value = |index: usize| input.get(&members[index].json_name);
        http.method.as_ref().clone_into(&mut self.method);
        self.path = String::from(peer.modeled().base_path.as_deref().unwrap_or_default());
        for segment in &http.uri.segments {
            self.path.push('/');
            match segment {
                Segment::Literal(text) => self.path.push_str(text),
                Segment::Label(index, _) => {
                    let text = value(*index).map(|value| text(peer, members[*index], value, 0));
                    encode(&mut self.path, &text.unwrap_or_default(), b"");
                }
                Segment::Greedy(index, _) => {
                    let text = value(*index).map(|value| text(peer, members[*index], value, 0));
                    encode(&mut self.path, &text.unwrap_or_default(), b"/");
                }
            }
        }
        if self.path.is_empty() {
            self.path.push('/');
        }
        let mut query = Vec::new();
        for (name, value) in &http.uri.query {
            query.push((name.to_string(), value.to_string()));
        }
        for member in &members {
            if let Some(value) = input.get(&member.json_name) {
                self.bind_member(peer, wire, member, value, &mut query);
            }
        }
        if !query.is_empty() {
            let mut text = String::new();
            for (index, (name, value)) in query.iter().enumerate() {
                text.push_str(if index > 0 { "&" } else { "" });
                encode(&mut text, name, b"");
                text.push('=');
                encode(&mut text, value, b"");
            }
            self.query = Some(text);
        }
        let document = members
            .iter()
            .filter(|member| is_in_request_document(&member.binding));
        let document = document.copied().collect::<Vec<_>>();
        if let (false, Json::Object(entries)) = (document.is_empty(), input) {
            // As they are in the document, including duplicates.
            let entries = entries.iter().filter(|(name, _)| {
                let mut members = document.iter();
                members.any(|member| *member.json_name == **name)
            });
            self.header("content-type", wire.media_type);
            let entries = Json::Object(entries.cloned().collect());
            self.body = wire::document(&peer.model, wire, &document, &entries);
        }
    }

    fn bind_member(
        &mut self,
        peer: &Peer,
        wire: &Wire,
        member: &Member,
        value: &Json,
        query: &mut Vec<(String, String)>,
    ) {
        match (&member.binding, value) {
            (Binding::Query(name), value) => {
                for text in texts(peer, member, value, 0) {
                    query.push((name.to_string(), text));
                }
            }
            (Binding::QueryParams, Json::Object(entries)) => {
                for (name, value) in entries {
                    for text in texts(peer, member, value, 0) {
                        query.push((name.clone(), text));
                    }
                }
            }
            (Binding::Header(name), value) => {
                let texts = texts(peer, member, value, 1).join(", ");
                self.header(name, texts);
            }
            (Binding::PrefixHeaders(prefix), Json::Object(entries)) => {
                for (name, value) in entries {
                    self.header(&format!("{prefix}{name}"), text(peer, member, value, 1));
                }
            }
            // Members in the document and in the path are already there.
            (
                Binding::Document
                | Binding::Label
                | Binding::StatusCode
                | Binding::QueryParams
                | Binding::PrefixHeaders(_),
                _,
            ) => {}
            (Binding::Payload, value) => self.payload(peer, wire, member, value),
        }
    }

    fn payload(&mut self, peer: &Peer, wire: &Wire, member: &Member, value: &Json) {
        let kind = &peer.model.shapes[member.target].kind;
        let media_type = member.media_type.as_deref();
        match (kind, value) {
            (Kind::Simple(_) | Kind::Enum(_), value) if wire.has_document_payloads() => {
                self.body = value.to_string().into_bytes();
                self.header("content-type", wire.media_type);
            }
            (Kind::Simple(Simple::Blob), Json::String(text)) => {
                self.body = STANDARD.decode(text).expect("it was made of bytes");
                self.header(
                    "content-type",
                    media_type.unwrap_or("application/octet-stream"),
                );
            }
            (Kind::Simple(Simple::String) | Kind::Enum(_), Json::String(text)) => {
                self.body = text.clone().into_bytes();
                self.header("content-type", media_type.unwrap_or("text/plain"));
            }
            (kind, value) => {
                let members = kind.members().collect::<Vec<_>>();
                self.body = wire::document(&peer.model, wire, &members, value);
                self.header("content-type", wire.media_type);
            }
        }
    }

    /// The request, or `None` if the types of HTTP cannot represent it, so that no server sees it.
    pub(crate) fn request(&self) -> Option<Request<Body>> {
        let mut target = self.path.clone();
        if let Some(query) = &self.query {
            // Writing to a string does not fail.
            let _ = write!(target, "?{query}");
        }
        let uri = target.parse::<Uri>().ok()?;
        // If http reads the target differently, the request is another one.
        if uri.path() != self.path || uri.query() != self.query.as_deref() {
            return None;
        }
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = Method::from_bytes(self.method.as_bytes()).ok()?;
        *request.uri_mut() = uri;
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            request
                .headers_mut()
                .append(name, HeaderValue::from_bytes(value).ok()?);
        }
        Some(request)
    }

    /// The request as text, to be sent again.
    pub(crate) fn shown(&self) -> String {
        let mut text = format!("{} {}", self.method, self.path);
        if let Some(query) = &self.query {
            let _ = write!(text, "?{query}");
        }
        for (name, value) in &self.headers {
            let _ = write!(text, "\n{name}: {}", value.escape_ascii());
        }
        match std::str::from_utf8(&self.body) {
            Ok(body) if body.len() < 4000 => text + "\n\n" + body,
            _ => {
                let start = &self.body[..self.body.len().min(4000)];
                format!(
                    "{text}\n\n{} ({} bytes)",
                    start.escape_ascii(),
                    self.body.len()
                )
            }
        }
    }
}

pub(crate) fn send(router: &Router, request: Request<Body>) -> BufferedResponse {
    let mut router = router.clone();
    wait(async move {
        let (parts, body) = router
            .call(request)
            .await
            .expect("a router does not fail")
            .into_parts();
        let body = body.collect(1 << 24).await.expect("the body is at hand");
        BufferedResponse {
            status: parts.status,
            headers: parts.headers,
            body: body.to_vec(),
        }
    })
}

/// The text of a value. A timestamp without a format is a `date-time`, or in a header (`form` 1) an
/// `http-date`.
fn text(peer: &Peer, member: &Member, value: &Json, form: usize) -> String {
    let kind = &peer.model.shapes[member.target].kind;
    let member = match kind {
        Kind::List(list) => &list.member,
        Kind::Map(map) => &map.value,
        _ => member,
    };
    let moment = matches!(
        peer.model.shapes[member.target].kind,
        Kind::Simple(Simple::Timestamp)
    );
    match value {
        Json::Number(digits)
            if moment && member.timestamp_format != Some(TimestampFormat::EpochSeconds) =>
        {
            let texts = MOMENTS.iter().find(|texts| texts[0] == digits);
            texts.map_or(digits.clone(), |texts| texts[1 + form].to_owned())
        }
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn texts(peer: &Peer, member: &Member, value: &Json, form: usize) -> Vec<String> {
    match value {
        Json::Array(elements) => elements
            .iter()
            .map(|element| text(peer, member, element, form))
            .collect(),
        value => vec![text(peer, member, value, form)],
    }
}

/// Escapes everything except unreserved characters (RFC 3986 section 2.3) and `kept`.
pub(crate) fn encode(out: &mut String, text: &str, kept: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
