//! Puts a structure together from the parts of a message: what a client does with an answer and a server with a request.

use std::borrow::Cow;

use http::HeaderMap;

use super::document::{self, Which};
use super::header;
use super::text::{Entries, Place, Texts, Whole};
use crate::codec::json::{self, Mode};
use crate::error::DecodeError;
use crate::http::Content;
use crate::protocol::service::Protocol;
use crate::schema::{Binding, Kind, Member};
use crate::shape::Structure;

/// The parts of a message that members are taken from; what a kind of message does not have is empty.
pub(crate) struct Parts<'m> {
    /// The texts of labels by the index of their member, decoded.
    pub(crate) labels: &'m [(usize, Cow<'m, str>)],
    /// Names and values of the query, decoded, in their order.
    pub(crate) query: &'m [(Cow<'m, str>, Cow<'m, str>)],
    pub(crate) headers: &'m HeaderMap,
    /// Of an answer.
    pub(crate) status: Option<u16>,
    pub(crate) body: &'m Content,
}

impl Parts<'_> {
    /// The message goes to a service: only answers have a status.
    fn is_request(&self) -> bool {
        self.status.is_none()
    }
}

/// Fills `structure`. Lenient reading takes an empty body for an empty document.
pub(crate) fn fill(
    protocol: Protocol,
    parts: &Parts<'_>,
    structure: &mut dyn Structure,
    mode: Mode,
) -> Result<(), DecodeError> {
    let which = Which::of(protocol);
    let schema = structure.schema();
    let mut payload = false;
    if protocol.binds() {
        for (index, member) in schema.members.iter().enumerate() {
            match member.binding {
                Binding::Document => {}
                Binding::Payload => {
                    payload = true;
                    self::payload(index, member, parts, structure, mode)?;
                }
                _ => bound(index, member, parts, structure)
                    .map_err(|error| error.inside(member.name))?,
            }
        }
    }
    if let (crate::http::Content::Events(events), false) = (parts.body, protocol.binds()) {
        return document::read_events(structure, parts.body, events, mode);
    }
    let body = parts.body.bytes();
    let skipped = payload || !which.any(schema) || (mode == Mode::Lenient && body.is_empty());
    if skipped {
        Ok(())
    } else {
        document::read(structure, which, body, mode)
    }
}

/// A member that is bound to anything but the body.
pub(crate) fn bound(
    index: usize,
    member: &'static Member,
    parts: &Parts<'_>,
    structure: &mut dyn Structure,
) -> Result<(), DecodeError> {
    let mut take = |texts: &[Cow<'_, str>], place| {
        let mut texts = Texts::new(texts, place).strict(parts.is_request());
        structure.decode_member(index, &mut texts)
    };
    match member.binding {
        Binding::Document | Binding::Payload => Ok(()),
        Binding::Label => match parts.labels.iter().find(|(label, _)| *label == index) {
            Some((_, text)) => take(std::slice::from_ref(text), Place::Label),
            None => Ok(()),
        },
        Binding::Query(name) => {
            let values = parts.query.iter().filter(|(other, _)| other == name);
            let texts = values
                .map(|(_, value)| Cow::Borrowed(&**value))
                .collect::<Vec<_>>();
            if texts.is_empty() {
                Ok(())
            } else {
                take(&texts, Place::Query)
            }
        }
        Binding::QueryParams => {
            let mut entries = Vec::<(Cow<'_, str>, Vec<Cow<'_, str>>)>::new();
            for (name, value) in parts.query {
                let value = Cow::Borrowed(&**value);
                match entries.iter_mut().find(|(other, _)| other == name) {
                    Some((_, values)) => values.push(value),
                    None => entries.push((Cow::Borrowed(&**name), vec![value])),
                }
            }
            map(index, &entries, Place::Query, parts, structure)
        }
        Binding::Header(name) => match header_text(parts.headers, name)? {
            Some(text) => {
                let element = member.target.members.first();
                match element
                    .filter(|_| matches!(member.target.kind, Kind::List | Kind::SparseList))
                {
                    Some(_) if text.trim().is_empty() => take(&[], Place::Header),
                    Some(element) => {
                        let texts = header::split(element, &text);
                        let texts = texts.ok_or_else(|| {
                            DecodeError::mismatch("a list whose quotes match", "another text")
                        })?;
                        take(&texts, Place::Header)
                    }
                    None => take(&[text], Place::Header),
                }
            }
            None => Ok(()),
        },
        Binding::PrefixHeaders(prefix) => {
            let mut entries = Vec::new();
            for name in parts.headers.keys() {
                let Some(rest) = strip_prefix(name.as_str(), prefix) else {
                    continue;
                };
                let text = header_text(parts.headers, name.as_str())?;
                entries.push((Cow::Borrowed(rest), text.into_iter().collect()));
            }
            map(index, &entries, Place::Header, parts, structure)
        }
        Binding::StatusCode => match parts.status {
            Some(status) => take(&[Cow::Owned(status.to_string())], Place::Whole),
            None => Ok(()),
        },
    }
}

/// Header names are in lower case once they are read.
fn strip_prefix<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let start = name.get(..prefix.len())?;
    start
        .eq_ignore_ascii_case(prefix)
        .then(|| &name[prefix.len()..])
}

fn map(
    index: usize,
    entries: &[(Cow<'_, str>, Vec<Cow<'_, str>>)],
    place: Place,
    parts: &Parts<'_>,
    structure: &mut dyn Structure,
) -> Result<(), DecodeError> {
    if entries.is_empty() {
        return Ok(());
    }
    let strict = parts.is_request();
    let mut entries = Entries {
        pairs: entries,
        place,
        strict,
    };
    structure.decode_member(index, &mut entries)
}

/// The value of a header, several lines of it as one (RFC 9110 section 5.3).
fn header_text<'h>(
    headers: &'h HeaderMap,
    name: &str,
) -> Result<Option<Cow<'h, str>>, DecodeError> {
    let mut whole = None::<Cow<'h, str>>;
    for value in headers.get_all(name) {
        let text = std::str::from_utf8(value.as_bytes())
            .map_err(|_| DecodeError::mismatch("UTF-8 text", "other bytes"))?;
        whole = Some(match whole {
            None => Cow::Borrowed(text),
            Some(before) => Cow::Owned(format!("{before}, {text}")),
        });
    }
    Ok(whole)
}

/// The member that is the body. An empty body is no value, but of a stream, nor is what stands for none.
pub(crate) fn payload(
    index: usize,
    member: &'static Member,
    parts: &Parts<'_>,
    structure: &mut dyn Structure,
    mode: Mode,
) -> Result<(), DecodeError> {
    if member.streaming {
        let content = parts.body;
        return structure.decode_member(index, &mut Whole { content });
    }
    let body = parts.body.bytes();
    if body.is_empty() || stands_for_none(member, parts) {
        return Ok(());
    }
    match member.target.kind {
        Kind::Structure | Kind::Union | Kind::Document => json::read(body, mode, &mut |decoder| {
            structure.decode_member(index, decoder)
        }),
        Kind::Blob | Kind::String | Kind::Enum => structure.decode_member(
            index,
            &mut Whole {
                content: parts.body,
            },
        ),
        _ => {
            let text = std::str::from_utf8(body)
                .map_err(|_| DecodeError::mismatch("UTF-8 text", "other bytes"))?;
            structure.decode_member(index, &mut Texts::new(&[Cow::Borrowed(text)], Place::Whole))
        }
    }
}

/// In a request an empty object is written where a structure is left out, and is read so (Smithy's protocol tests,
/// `RestJsonHttpWithEmptyStructurePayload`). In an answer it can only be meant so where the structure cannot be empty.
fn stands_for_none(member: &Member, parts: &Parts<'_>) -> bool {
    let inner = parts.body.bytes().trim_ascii().strip_prefix(b"{");
    let inner = inner.and_then(|body| body.strip_suffix(b"}"));
    let needed = |member: &Member| member.required && member.default.is_none();
    member.target.kind == Kind::Structure
        && !member.required
        && inner.is_some_and(|inner| inner.trim_ascii().is_empty())
        && (parts.is_request() || member.target.members.iter().any(needed))
}
