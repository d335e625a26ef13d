//! The patterns of `http` and `endpoint` (Smithy 2.0, "HTTP bindings" and "Endpoint traits").

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::applied::Fields;
use super::mixins::{FlatMember, FlatShape};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{HostPart, HostPrefix, Http, Segment, UriPattern};
use crate::source::Location;
use crate::suggest::did_you_mean;
use crate::traits::TraitId;

/// `smithy.api#http` of an operation.
pub(super) fn http(
    operation: &FlatShape<'_>,
    input: &FlatShape<'_>,
    report: &mut Report,
) -> Option<Http> {
    let fields = operation.traits.fields(TraitId::Http, report)?;
    let method = fields.required_string("method", report);
    let code = fields.get("code").map_or(200, |node| {
        let code = node.as_unsigned().and_then(|code| u16::try_from(code).ok());
        code.unwrap_or_else(|| {
            fields.applied.malformed(&["code"], "a status code", report);
            200
        })
    });
    let uri = fields.required_string("uri", report)?;
    let uri = uri_pattern(
        uri,
        Labels {
            fields,
            key: "uri",
            operation,
            input,
        },
        report,
    )?;
    Some(Http {
        method: method?.into(),
        uri,
        code,
    })
}

/// `smithy.api#endpoint` of an operation.
pub(super) fn host_prefix(
    operation: &FlatShape<'_>,
    input: &FlatShape<'_>,
    report: &mut Report,
) -> Option<HostPrefix> {
    let fields = operation.traits.fields(TraitId::Endpoint, report)?;
    let prefix = fields.required_string("hostPrefix", report)?;
    let labels = Labels {
        fields,
        key: "hostPrefix",
        operation,
        input,
    };
    let pieces = pieces(prefix).filter(|pieces| !pieces.is_empty());
    let Some(pieces) = pieces else {
        let what = if prefix.is_empty() {
            "it is empty"
        } else {
            "its braces do not match"
        };
        labels.malformed(Code::MalformedHostPrefix, "host prefix", what, report);
        return None;
    };
    let mut parts = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match piece {
            Piece::Literal(text) => {
                let host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
                if let Some(wrong) = text.chars().find(|c| !host(*c)) {
                    let what = format!("it contains {wrong:?}, which a host name cannot have");
                    labels.malformed(Code::MalformedHostPrefix, "host prefix", &what, report);
                    return None;
                }
                parts.push(HostPart::Literal(text.into()));
            }
            Piece::Label(name) => parts.push(HostPart::Label(labels.member(name, report)?)),
        }
    }
    // A label has at least one character.
    let stub = |part: &HostPart| match part {
        HostPart::Literal(text) => text.to_string(),
        HostPart::Label(_) => "x".to_owned(),
    };
    let stub: String = parts.iter().map(stub).collect();
    if let Some(problem) = host_problem(&stub) {
        labels.malformed(Code::MalformedHostPrefix, "host prefix", problem, report);
        return None;
    }
    Some(HostPrefix { parts })
}

/// Why a text is not the start of a host name (RFC 1123, section 2.1; RFC 1035, section 2.3.4).
pub(super) fn host_problem(text: &str) -> Option<&'static str> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let mut labels = text.strip_suffix('.').unwrap_or(text).split('.');
    if text.is_empty() {
        Some("it is empty")
    } else if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        Some("it must start with a letter or digit")
    } else if text.len() > 253 {
        Some("it is longer than the 253 characters of a host name")
    } else if labels.clone().any(str::is_empty) {
        Some("it has two dots in a row")
    } else if labels.clone().any(|label| label.len() > 63) {
        Some("it has more than 63 characters between dots")
    } else if !labels.all(|label| label.bytes().all(is_part)) {
        Some("it has characters that a host name cannot have")
    } else {
        None
    }
}

/// The members that labels may name, and the trait that has the pattern.
#[derive(Clone, Copy)]
struct Labels<'l, 'a> {
    fields: Fields<'l, 'a>,
    key: &'static str,
    operation: &'l FlatShape<'a>,
    input: &'l FlatShape<'a>,
}

impl Labels<'_, '_> {
    /// The index of the member with this name. A name that the input does not have is reported.
    fn member(&self, name: &str, report: &mut Report) -> Option<usize> {
        let members = &self.input.members;
        // Older models name the member even if it is a resource identifier.
        let by_identifier = |member: &FlatMember<'_>| member.identifier() == Some(name);
        let identified = members.iter().position(by_identifier);
        let index = identified
            .filter(|_| self.key == "uri")
            .or_else(|| members.iter().position(|member| member.name == name));
        if index.is_none() {
            let message = format!(
                "the label `{{{name}}}` of `{}` does not name a member of its input `{}`",
                self.operation.id, self.input.id
            );
            let mut diagnostic = Diagnostic::new(Code::UnknownLabel, message, self.location())
                .label(format!("the input has no member `{name}`"))
                .shape(&self.operation.id)
                .related_name(self.input.path.location(), "the input");
            if self.input.synthetic {
                diagnostic.related.clear();
                diagnostic.label = "the operation has no input".into();
            }
            let names = self.input.members.iter().map(|member| member.name);
            diagnostic.help = did_you_mean(name, names).or_else(|| {
                let add =
                    format!("add a required string `{name}` with the trait `smithy.api#httpLabel`");
                (self.key == "uri").then_some(add)
            });
            report.push(diagnostic);
        }
        index
    }

    fn location(&self) -> Location {
        self.fields.applied.part(&[self.key])
    }

    fn malformed(&self, code: Code, what: &str, why: &str, report: &mut Report) {
        let message = format!("the {what} of `{}` is invalid: {why}", self.operation.id);
        report.push(
            Diagnostic::new(code, message, self.location())
                .label(why)
                .shape(&self.operation.id),
        );
    }
}

enum Piece<'t> {
    Literal(&'t str),
    Label(&'t str),
}

/// Literals and labels, in order; `None` if the braces do not match.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(open) = rest.strip_prefix('{') {
            let (label, after) = open.split_once('}')?;
            if label.is_empty() || label.contains('{') {
                return None;
            }
            pieces.push(Piece::Label(label));
            rest = after;
        } else {
            let end = rest.find(['{', '}']).unwrap_or(rest.len());
            if rest[end..].starts_with('}') {
                return None;
            }
            pieces.push(Piece::Literal(&rest[..end]));
            rest = &rest[end..];
        }
    }
    Some(pieces)
}

/// The problem of a URI pattern that [`decode`] rejects.
const NOT_ENCODED: &str = "each `%` must be followed by two digits of a UTF-8 text";

/// A literal without percent-encoding; `None` if it is not encoded UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    let mut encoded = text.split('%').skip(1);
    let digits = |text: &str| {
        let digits = text.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_encoded = encoded.all(digits);
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.ok().filter(|_| is_encoded)
}

/// A URI pattern. A slash at its end has no meaning and is dropped.
fn uri_pattern(uri: &str, labels: Labels<'_, '_>, report: &mut Report) -> Option<UriPattern> {
    let mut malformed = |why: &str| {
        labels.malformed(Code::MalformedUri, "URI pattern", why, report);
        None
    };
    let (path, query) = match uri.split_once('?') {
        Some((_, "")) => return malformed("it must not end with `?`"),
        Some((path, query)) => (path, query),
        None => (uri, ""),
    };
    if uri.contains('#') {
        return malformed("it must not contain `#`");
    }
    if let Some(wrong) = uri
        .chars()
        .find(|c| c.is_whitespace() || c.is_control() || !c.is_ascii())
    {
        return malformed(&format!("it must not contain {wrong:?}; percent-encode it"));
    }
    let Some(path) = path.strip_prefix('/') else {
        return malformed("it must start with `/`");
    };
    if query.contains(['{', '}']) {
        return malformed(
            "the query must not contain labels; bind a member with `httpQuery` instead",
        );
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut written = Vec::new();
    for segment in path.split('/').filter(|_| !path.is_empty()) {
        let Some(decoded) = decode(segment) else {
            return malformed(NOT_ENCODED);
        };
        match &*decoded {
            "" => return malformed("it has an empty segment, `//`"),
            "." | ".." => return malformed("it must not contain the segments `.` and `..`"),
            _ => {}
        }
        match pieces(segment).as_deref() {
            Some([Piece::Literal(_)]) => written.push((false, decoded)),
            Some([Piece::Label(label)]) => written.push((true, Cow::Borrowed(*label))),
            Some(_) => return malformed("a label must be a whole segment, between slashes"),
            None => return malformed("its braces do not match"),
        }
    }
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decode(name)?.into(), decode(value)?.into()))
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let Some(query) = pairs.map(pair).collect() else {
        return malformed(NOT_ENCODED);
    };
    let mut segments = Vec::with_capacity(written.len());
    let mut complete = true;
    for (is_label, text) in written {
        if !is_label {
            segments.push(Segment::Literal(text.into()));
            continue;
        }
        let name = text.strip_suffix('+').unwrap_or(&text);
        match labels.member(name, report) {
            Some(index) => {
                let member = labels.input.members[index].name.into();
                segments.push(if name.len() < text.len() {
                    Segment::Greedy(index, member)
                } else {
                    Segment::Label(index, member)
                });
            }
            None => complete = false,
        }
    }
    complete.then_some(UriPattern { segments, query })
}
