//! The expected response to a request, by the model alone.
//!
//! The oracle implements protocols, HTTP bindings, JSON, CBOR, XML, routes and constraints by
//! Smithy's specification and the table in the documentation of the server, and uses neither the
//! generated schemas nor the code that reads them.

mod alloy;
mod bound;
mod cbor_value;
mod document;
mod json_value;
mod messages;
mod text;
mod xml_value;

pub(crate) use alloy::{NO_MEMBER, can_be};
pub(crate) use json_value::as_read;
pub(crate) use messages::{
    inside, integers, mismatch, missing, says_format, says_length, says_pattern, says_range,
    says_values, shown,
};

use std::cell::RefCell;
use std::collections::BTreeMap;

use drawplate_model::model::{
    Binding, Constraints, Kind, Member, Number, Operation, Segment, ShapeId, Simple,
};
use regex::Regex;

use crate::json::Json;
use crate::protocols::{Format, Routing, Wire};
use crate::raw::{Raw, is_in_request_document, is_in_response_document};
use crate::services::Peer;
use crate::valid::lengths;

/// The expected response to a request.
#[derive(Clone, Debug)]
pub(crate) struct Verdict<'m> {
    /// The protocol of the request and its response.
    pub(crate) wire: &'static Wire,
    /// The operation; `None` if the request is rejected before it is routed.
    pub(crate) operation: Option<&'m Operation>,
    /// Statuses of a rejection that does not depend on the input; one of them, if there are any.
    pub(crate) statuses: Vec<u16>,
    /// All violations of its input.
    pub(crate) violations: Vec<Violation>,
    /// Why there is no verdict.
    pub(crate) unsure: Option<&'static str>,
}

/// A value that violates the model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    pub(crate) pointer: String,
    /// The length, if that is the violation.
    pub(crate) length: Option<usize>,
    /// The constraint.
    pub(crate) says: String,
}

impl Violation {
    pub(crate) fn new(pointer: &str, says: impl Into<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            length: None,
            says: says.into(),
        }
    }

    /// Whether the value has its type, but breaks a constraint of the model or is missing.
    pub(crate) fn is_constraint(&self) -> bool {
        !self.says.contains(", found ") && !self.says.ends_with("occur twice")
    }

    /// The message, as in Smithy's servers.
    pub(crate) fn sentence(&self) -> String {
        let length = self
            .length
            .map_or(String::new(), |length| format!(" with length {length}"));
        let pointer = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        format!(
            "Value{length} at '{pointer}' failed to satisfy constraint: {}",
            self.says
        )
    }
}

impl Verdict<'_> {
    fn new(wire: &'static Wire) -> Self {
        Self {
            wire,
            operation: None,
            statuses: Vec::new(),
            violations: Vec::new(),
            unsure: None,
        }
    }

    /// The name of a member in documents.
    fn name<'n>(&self, member: &'n Member) -> &'n str {
        self.wire.name(member)
    }

    fn refuse(&mut self, status: u16) {
        self.statuses.push(status);
    }

    fn unsure(&mut self, why: &'static str) {
        self.unsure.get_or_insert(why);
    }
}

/// An oracle for the requests to a service.
pub(crate) struct Oracle<'m> {
    pub(crate) peer: &'m Peer,
    regexes: RefCell<BTreeMap<String, Regex>>,
}

impl<'m> Oracle<'m> {
    pub(crate) fn new(peer: &'m Peer) -> Self {
        Self {
            peer,
            regexes: RefCell::default(),
        }
    }

    pub(crate) fn judge(&self, raw: &Raw) -> Verdict<'m> {
        let mut verdict = Verdict::new(self.wire(raw));
        let length = raw.path.len() + raw.query.as_ref().map_or(0, |query| query.len() + 1);
        if length > 8 << 10 {
            verdict.refuse(414);
        }
        let headers = raw.headers.iter();
        if headers
            .map(|(name, value)| name.len() + value.len())
            .sum::<usize>()
            > 64 << 10
        {
            verdict.refuse(431);
        }
        let Some(path) = text::segments(&raw.path) else {
            verdict.refuse(400);
            return verdict;
        };
        let base = self.peer.modeled().base_path.as_deref().unwrap_or_default();
        let base = text::segments(base).expect("a base path is a path");
        let Some(path) = path.strip_prefix(&*base) else {
            verdict.refuse(404);
            return verdict;
        };
        match verdict.wire.routing {
            Routing::Http => self.judge_bound(raw, path, verdict),
            Routing::Form => panic!("a server has no forms"),
            Routing::Target => self.judge_target(raw, path, verdict),
            Routing::Path(name) => self.judge_rpc_v2(raw, name, path, verdict),
        }
    }

    /// The protocol of a request: the first that it names, or else the first that it may be in.
    fn wire(&self, raw: &Raw) -> &'static Wire {
        let wires = &self.peer.wires;
        if let [single] = **wires {
            return single;
        }
        let mut names = raw.all_headers("smithy-protocol");
        let name = names.next().map(|name| (name, names.next().is_none()));
        let target = raw.first_header("x-amz-target").is_some();
        let announces = |header: &str| {
            let mut announced = raw.all_headers("access-control-request-headers");
            raw.method == "OPTIONS"
                && announced.any(|names| {
                    let mut names = names.split(|byte| *byte == b',');
                    names.any(|name| name.trim_ascii().eq_ignore_ascii_case(header.as_bytes()))
                })
        };
        let content_type = raw.first_header("content-type").map(text::essence);
        let other_version = |wire: &Wire| {
            content_type.as_ref().is_some_and(|given| {
                given.starts_with("application/x-amz-json-") && given != wire.media_type
            })
        };
        // Whether the request names a protocol, or `None` if it uses another one.
        let certain = |wire: &Wire| match wire.routing {
            Routing::Path(own) => match name {
                Some((name, true)) if name == own.as_bytes() => Some(true),
                _ if announces("smithy-protocol") => Some(true),
                Some(_) => Some(false),
                None => None,
            },
            Routing::Target if target || announces("x-amz-target") => Some(!other_version(wire)),
            Routing::Target | Routing::Form => None,
            // The type of a document in another format excludes the protocol.
            Routing::Http => {
                let mut types = ["content-type", "accept"].into_iter();
                let given = types.find_map(|name| raw.first_header(name));
                let given = given.and_then(|value| std::str::from_utf8(value).ok());
                let formats = ["json", "xml", "cbor"].into_iter();
                let mut given =
                    formats.filter(|format| given.is_some_and(|it| it.contains(format)));
                let own = |format: &str| wire.media_type.ends_with(format);
                (given.clone().any(own) || given.next().is_none()).then_some(false)
            }
        };
        let first = |wanted| wires.iter().find(|wire| certain(wire) == Some(wanted));
        let last = wires.last().expect("a service has a protocol");
        first(true).or_else(|| first(false)).unwrap_or(last)
    }

    /// A request of a protocol with HTTP bindings.
    fn judge_bound(&self, raw: &Raw, path: &[Vec<u8>], mut verdict: Verdict<'m>) -> Verdict<'m> {
        let Some(query) = text::query(raw.query.as_deref().unwrap_or_default()) else {
            verdict.refuse(400);
            return verdict;
        };
        let Some(operation) = self.operation(&raw.method, path, &query) else {
            verdict.statuses.extend([404, 405]);
            if raw.method == "OPTIONS" && self.peer.modeled().cors.is_some() {
                verdict.refuse(204);
            }
            return verdict;
        };
        verdict.operation = Some(operation);
        self.negotiate(raw, operation, &mut verdict);
        if raw.body.len() > 1 << 20 {
            verdict.refuse(413);
        }
        self.bound_members(raw, operation, path, &query, &mut verdict);
        verdict
    }

    /// A request of an awsJson protocol (Smithy, "AWS JSON protocols").
    fn judge_target(&self, raw: &Raw, path: &[Vec<u8>], mut verdict: Verdict<'m>) -> Verdict<'m> {
        if !path.is_empty() {
            verdict.refuse(404);
        }
        if raw.method != "POST" {
            self.refuse_method(raw, &mut verdict);
        }
        let service = self.peer.modeled().name.name();
        let operation = self.peer.all_operations().find(|operation| {
            let target = format!("{service}.{}", operation.name.name());
            raw.first_header("x-amz-target") == Some(target.as_bytes())
        });
        let Some(operation) = operation else {
            verdict.refuse(400);
            return verdict;
        };
        self.judge_document(raw, operation, verdict)
    }

    /// A request of an RPC v2 protocol (Smithy, "RPC v2 CBOR protocol", "Requests").
    fn judge_rpc_v2(
        &self,
        raw: &Raw,
        protocol: &str,
        path: &[Vec<u8>],
        mut verdict: Verdict<'m>,
    ) -> Verdict<'m> {
        let id = &self.peer.modeled().name;
        let mut names = vec![id.name().to_owned()];
        if verdict.wire.format == Format::Cbor {
            names.push(id.to_string().replace('#', "."));
        }
        let operation = match path {
            [.., first, service, third, operation]
                if first == b"service"
                    && third == b"operation"
                    && names.iter().any(|name| name.as_bytes() == service) =>
            {
                let mut operations = self.peer.all_operations();
                operations.find(|known| known.name.name().as_bytes() == operation)
            }
            _ => None,
        };
        let Some(operation) = operation else {
            verdict.refuse(404);
            return verdict;
        };
        if raw.method != "POST" {
            self.refuse_method(raw, &mut verdict);
        }
        let given = raw.all_headers("smithy-protocol").collect::<Vec<_>>();
        if given != [protocol.as_bytes()] {
            verdict.refuse(400);
        }
        for other in ["x-amz-target", "x-amzn-target"] {
            if raw.first_header(other).is_some() {
                verdict.refuse(400);
            }
        }
        accept(raw, verdict.wire.media_type, &mut verdict);
        self.judge_document(raw, operation, verdict)
    }

    fn refuse_method(&self, raw: &Raw, verdict: &mut Verdict<'_>) {
        verdict.refuse(405);
        if raw.method == "OPTIONS" && self.peer.modeled().cors.is_some() {
            verdict.refuse(204);
        }
    }

    /// A request whose document has all members.
    fn judge_document(
        &self,
        raw: &Raw,
        operation: &'m Operation,
        mut verdict: Verdict<'m>,
    ) -> Verdict<'m> {
        verdict.operation = Some(operation);
        let needed = verdict.wire.media_type;
        match raw.first_header("content-type") {
            Some(given) if text::essence(given) != needed => verdict.refuse(415),
            Some(_) if !text::is_utf_8(raw) => verdict.refuse(415),
            None if !raw.body.is_empty() => verdict.refuse(415),
            _ => {}
        }
        encoding(raw, &mut verdict);
        if raw.body.len() > 1 << 20 {
            verdict.refuse(413);
        }
        // A body without members is not read.
        if self.members(operation).next().is_some() {
            self.document(raw, operation, |_| true, &mut verdict);
        }
        verdict
    }

    /// The operation with the most specific route that matches (Smithy 2.0, "Specificity routing").
    fn operation(
        &self,
        method: &str,
        path: &[Vec<u8>],
        query: &[(String, String)],
    ) -> Option<&'m Operation> {
        let find = |method: &str| {
            let ids = self.peer.modeled().operations.iter();
            let operations = ids.map(|id| &self.peer.model.operations[*id]);
            let fitting = operations.filter(|operation| {
                operation.http.as_ref().is_some_and(|http| {
                    &*http.method == method
                        && text::fits(&http.uri.segments, path)
                        && has_literals(&http.uri.query, query)
                })
            });
            fitting.min_by_key(|operation| {
                let http = operation.http.as_ref();
                let uri = http.map(|http| &http.uri);
                let ranks = uri.map(|uri| uri.segments.iter().map(rank).collect::<Vec<_>>());
                let length = uri.map_or(0, |uri| uri.segments.len());
                let literals = uri.map_or(0, |uri| uri.query.len());
                (ranks, usize::MAX - length, usize::MAX - literals)
            })
        };
        find(method).or_else(|| (method == "HEAD").then(|| find("GET")).flatten())
    }

    /// Judges content types and encodings (RFC 9110 sections 8.3, 8.4 and 12.5.1).
    fn negotiate(&self, raw: &Raw, operation: &Operation, verdict: &mut Verdict<'_>) {
        let given = raw.first_header("content-type").map(text::essence);
        match self.content(verdict.wire, operation.input, is_in_request_document) {
            Content::Type(needed) => match given {
                Some(given) if !text::is_media_type(&given, &needed) => verdict.refuse(415),
                Some(_) if self.is_text(operation) && !text::is_utf_8(raw) => verdict.refuse(415),
                None if !raw.body.is_empty() && verdict.wire.requires_content_type() => {
                    verdict.refuse(415);
                }
                _ => {}
            },
            Content::None if !raw.body.is_empty() && given.is_some() => {
                let input = &self.peer.model.shapes[operation.input].kind;
                let own = |given| text::is_media_type(given, verdict.wire.media_type);
                let document = given.as_deref().is_some_and(own);
                if !(input.members().count() == 0 && !input.is_synthetic() && document) {
                    verdict.refuse(415);
                }
            }
            Content::None | Content::Any => {}
        }
        if let Content::Type(offered) =
            self.content(verdict.wire, operation.output, is_in_response_document)
        {
            accept(raw, &offered, verdict);
        }
        encoding(raw, verdict);
    }

    /// Whether the body of a request is decoded as text.
    fn is_text(&self, operation: &Operation) -> bool {
        let mut members = self.members(operation);
        let payload = members.find(|member| member.binding == Binding::Payload);
        let is_blob = |member: &Member| {
            let kind = &self.peer.model.shapes[member.target].kind;
            matches!(kind, Kind::Simple(Simple::Blob))
        };
        !payload.is_some_and(is_blob)
    }

    /// The content type of a structure's body.
    fn content(
        &self,
        wire: &Wire,
        shape: ShapeId,
        is_in_document: fn(&Binding) -> bool,
    ) -> Content {
        let members = || self.peer.model.shapes[shape].kind.members();
        let payload = members().find(|member| member.binding == Binding::Payload);
        let names_type = |member: &Member| matches!(&member.binding, Binding::Header(name) if name.eq_ignore_ascii_case("content-type"));
        let Some(payload) = payload else {
            return if members().any(|member| is_in_document(&member.binding)) {
                Content::Type(wire.media_type.to_owned())
            } else {
                Content::None
            };
        };
        match &self.peer.model.shapes[payload.target].kind {
            _ if members().any(names_type) => Content::Any,
            _ if wire.has_document_payloads() => Content::Type(wire.media_type.to_owned()),
            Kind::Structure(_) | Kind::Union(_) | Kind::Simple(Simple::Document) => {
                Content::Type(wire.media_type.to_owned())
            }
            kind => match (&payload.media_type, kind) {
                (Some(media_type), _) => Content::Type(media_type.to_string()),
                (None, Kind::Simple(Simple::Blob)) => Content::Any,
                (None, _) => Content::Type("text/plain".to_owned()),
            },
        }
    }

    /// Whether a pattern of the model matches anywhere in a text (Smithy 2.0, "pattern trait").
    fn matches(&self, written: &str, text: &str) -> bool {
        let mut regexes = self.regexes.borrow_mut();
        if !regexes.contains_key(written) {
            let expression = self.peer.model.regex(written).expect("it is a pattern");
            let regex = Regex::new(expression).expect("the generator has looked at it");
            regexes.insert(written.to_owned(), regex);
        }
        regexes[written].is_match(text)
    }

    /// Adds the violations of a length.
    fn length(constraints: &Constraints, found: usize, pointer: &str, verdict: &mut Verdict<'_>) {
        let Some(length) = constraints.length else {
            return;
        };
        let (min, max) = lengths(Some(length));
        if found < min || max.is_some_and(|max| found > max) {
            verdict.violations.push(Violation {
                length: Some(found),
                ..Violation::new(pointer, says_length(constraints))
            });
        }
    }

    /// Adds the violations of a text.
    fn string(&self, member: &Member, text: &str, pointer: &str, verdict: &mut Verdict<'_>) {
        let constraints = &member.constraints;
        Self::length(constraints, text.chars().count(), pointer, verdict);
        if let Some(pattern) = &constraints.pattern
            && !self.matches(pattern, text)
        {
            verdict
                .violations
                .push(Violation::new(pointer, says_pattern(constraints)));
        }
        alloy::format(constraints, text, pointer, verdict);
        let target = &self.peer.model.shapes[member.target];
        let kind = &target.kind;
        if let Kind::Enum(values) = kind
            && !target.is_open_enum()
            && !values.iter().any(|value| &*value.value == text)
        {
            verdict
                .violations
                .push(Violation::new(pointer, says_values(kind)));
        }
    }

    /// Adds the violations of a number.
    fn range(&self, member: &Member, value: f64, pointer: &str, verdict: &mut Verdict<'_>) {
        let target = &self.peer.model.shapes[member.target];
        let kind = &target.kind;
        if let Kind::IntEnum(values) = kind
            && !target.is_open_enum()
            && !values
                .iter()
                .any(|known| (f64::from(known.value) - value).abs() < 0.5)
        {
            verdict
                .violations
                .push(Violation::new(pointer, says_values(kind)));
        }
        let Some(range) = &member.constraints.range else {
            return;
        };
        let min = range.min.as_ref().map(Number::to_f64);
        let max = range.max.as_ref().map(Number::to_f64);
        let within = min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max);
        if !within {
            verdict
                .violations
                .push(Violation::new(pointer, says_range(&member.constraints)));
        }
    }
}

enum Content {
    None,
    Type(String),
    Any,
}

/// The client accepts the type of the response (RFC 9110 section 12.5.1).
fn accept(raw: &Raw, offered: &str, verdict: &mut Verdict<'_>) {
    let lines = raw.all_headers("accept").collect::<Vec<_>>();
    if !lines.is_empty() && !text::accepts(&lines.join(&b","[..]), offered) {
        verdict.refuse(406);
    }
}

/// The server decompresses gzip, and nothing else.
fn encoding(raw: &Raw, verdict: &mut Verdict<'_>) {
    let values = raw
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let codings = values.flat_map(|(_, value)| value.split(|byte| *byte == b','));
    let mut codings = codings
        .map(<[u8]>::trim_ascii)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"));
    match (codings.next(), codings.next()) {
        (None, _) => {}
        (Some(coding), None) if coding.eq_ignore_ascii_case(b"gzip") => {
            verdict.unsure("a body that is compressed");
        }
        _ => verdict.refuse(415),
    }
}

fn rank(segment: &Segment) -> u8 {
    match segment {
        Segment::Literal(_) => 0,
        Segment::Label(..) => 1,
        Segment::Greedy(..) => 2,
    }
}

fn has_literals(literals: &[(Box<str>, Box<str>)], query: &[(String, String)]) -> bool {
    literals.iter().all(|(name, value)| {
        let mut values = query.iter().filter(|(other, _)| **other == **name);
        values.any(|(_, other)| value.is_empty() || **other == **value)
    })
}

impl Oracle<'_> {
    /// Reads a body as JSON; `None` if it is invalid.
    fn json(body: &[u8], verdict: &mut Verdict<'_>) -> Option<Json> {
        use crate::json::NotJson;
        match Json::parse(body) {
            Ok(json) => {
                if json.depth() > 120 {
                    verdict.unsure(
                        "nesting near or beyond the limit, which what is read past has not",
                    );
                }
                Some(json)
            }
            Err(NotJson::Grammar) => {
                verdict.refuse(400);
                None
            }
            Err(NotJson::Surrogate) => {
                verdict.unsure("half a character, which nobody looks at in what is read past");
                None
            }
        }
    }
}
