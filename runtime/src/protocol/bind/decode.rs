//! Decodes a structure from the parts of a message: an output from a response in a client, an input
//! from a request in a server.

use std::borrow::Cow;

use http::HeaderMap;

use super::header;
use super::text::{Entries, TextPosition, Texts};
use crate::codec::payload::RawPayload;
use crate::codec::{Codec, MemoryLimit, Mode};
use crate::error::DecodeError;
use crate::protocol::Protocol;
use crate::protocol::content::{Content, StreamPayload};
use crate::schema::{Binding, Kind, Member};
use crate::shape::DecodeMembers;

/// The parts of a received message. Parts that a message does not have are empty.
pub struct ReceivedParts<'m> {
    /// The decoded texts of labels, by the index of their member; `None` if one is not UTF-8.
    pub(crate) labels: &'m [(usize, Option<Cow<'m, str>>)],
    /// The decoded names and values of the query, in order.
    pub(crate) query: &'m [(Cow<'m, str>, Cow<'m, str>)],
    /// The headers.
    pub(crate) headers: &'m HeaderMap,
    /// The status of a response; `None` for a request.
    pub(crate) status: Option<u16>,
    /// The content.
    pub(crate) body: &'m Content,
    /// The limit of the memory for the values in the document.
    pub(crate) memory: MemoryLimit,
}

impl ReceivedParts<'_> {
    /// Whether the message is a request, which has no status.
    fn is_request(&self) -> bool {
        self.status.is_none()
    }
}

/// Decodes a member that is not bound to the body.
pub(crate) fn bound(
    index: usize,
    member: &'static Member,
    parts: &ReceivedParts<'_>,
    structure: &mut dyn DecodeMembers,
) -> Result<(), DecodeError> {
    let mut take = |texts: &[Cow<'_, str>], position| {
        let mut texts = Texts::new(texts, position).strict(parts.is_request());
        structure.decode_member(index, &mut texts)
    };
    match member.binding {
        Binding::Document | Binding::Payload => Ok(()),
        Binding::Label => match parts.labels.iter().find(|(label, _)| *label == index) {
            Some((_, Some(text))) => take(std::slice::from_ref(text), TextPosition::Label),
            Some((_, None)) => Err(DecodeError::mismatch("UTF-8 text", "other bytes")),
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
                take(&texts, TextPosition::Query)
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
            map(index, &entries, TextPosition::Query, parts, structure)
        }
        Binding::Header(name) => match header_text(parts.headers, name)? {
            Some(text) => {
                let element = member.target.members.first();
                let element =
                    element.filter(|_| matches!(member.target.kind, Kind::List | Kind::SparseList));
                match element {
                    // Some services send an empty header for a missing value.
                    None if !parts.is_request() && !has_empty_text(member) && text.is_empty() => {
                        Ok(())
                    }
                    Some(element) => {
                        let texts = header::split(element, &text);
                        let texts = texts.ok_or_else(|| {
                            DecodeError::mismatch("a list whose quotes match", "another text")
                        })?;
                        take(&texts, TextPosition::Header)
                    }
                    None => take(&[text], TextPosition::Header),
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
            map(index, &entries, TextPosition::Header, parts, structure)
        }
        Binding::StatusCode => match parts.status {
            Some(status) => take(&[Cow::Owned(status.to_string())], TextPosition::Body),
            None => Ok(()),
        },
    }
}

/// Whether the text of a value in a header may be empty.
fn has_empty_text(member: &Member) -> bool {
    matches!(
        member.target.kind,
        Kind::String | Kind::Enum | Kind::Blob | Kind::Document
    )
}

/// Received header names are in lower case.
fn strip_prefix<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let start = name.get(..prefix.len())?;
    start
        .eq_ignore_ascii_case(prefix)
        .then(|| &name[prefix.len()..])
}

fn map(
    index: usize,
    entries: &[(Cow<'_, str>, Vec<Cow<'_, str>>)],
    position: TextPosition,
    parts: &ReceivedParts<'_>,
    structure: &mut dyn DecodeMembers,
) -> Result<(), DecodeError> {
    if entries.is_empty() {
        return Ok(());
    }
    let strict = parts.is_request();
    let mut entries = Entries {
        pairs: entries,
        position,
        strict,
    };
    structure.decode_member(index, &mut entries)
}

/// The value of a header. Several lines are joined (RFC 9110 section 5.3).
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

/// Decodes the member that is the body. An empty body is no value, except for a stream; neither is
/// a document that represents a missing value.
pub(crate) fn payload(
    protocol: &dyn Protocol,
    index: usize,
    member: &'static Member,
    parts: &ReceivedParts<'_>,
    structure: &mut dyn DecodeMembers,
    mode: Mode,
) -> Result<(), DecodeError> {
    if member.streaming {
        return structure.decode_member(index, &mut StreamPayload(parts.body));
    }
    let (codec, body) = (protocol.codec(), parts.body.bytes());
    if body.is_empty() || is_absent(codec, member, parts) {
        return Ok(());
    }
    let is_document = protocol.messages().has_document_payloads();
    match member.target.kind {
        kind if is_document || matches!(kind, Kind::Structure | Kind::Union | Kind::Document) => {
            codec.decode(body, mode.within(parts.memory), &mut |decoder| {
                structure.decode_member(index, decoder)
            })
        }
        Kind::Blob | Kind::String | Kind::Enum => {
            structure.decode_member(index, &mut RawPayload(body))
        }
        _ => {
            let text = std::str::from_utf8(body)
                .map_err(|_| DecodeError::mismatch("UTF-8 text", "other bytes"))?;
            let texts = [Cow::Borrowed(text)];
            structure.decode_member(index, &mut Texts::new(&texts, TextPosition::Body))
        }
    }
}

/// Whether a payload is missing. A request with a missing structure has the document of an empty
/// structure (Smithy's protocol tests, `RestJsonHttpWithEmptyStructurePayload`). In a response that
/// document means a missing structure only if the structure cannot be empty.
fn is_absent(codec: &dyn Codec, member: &Member, parts: &ReceivedParts<'_>) -> bool {
    let needed = |member: &Member| member.required && member.default.is_none();
    member.target.kind == Kind::Structure
        && !member.required
        && codec.is_empty_structure(parts.body.bytes())
        && (parts.is_request() || member.target.members.iter().any(needed))
}
