//! Decodes messages as events. Its counterpart is `encode`.

use std::borrow::Cow;

use super::header::HeaderValue;
use super::message::Message;
use super::{CONTENT_TYPE, ERROR_CODE, ERROR_MESSAGE, EVENT_TYPE, EXCEPTION_TYPE, MESSAGE_TYPE};
use crate::codec::members::{self, MemberFilter};
use crate::codec::payload::{RawPayload, mismatches};
use crate::codec::{Codec, Mode, ROOT};
use crate::error::{DecodeError, Problem, both};
use crate::schema::{EventBinding, Kind, Member};
use crate::service_error::UnmodeledError;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder};
use crate::value::{Blob, Document, Timestamp, timestamp};

/// The kind of a message.
#[derive(Debug)]
pub(super) enum MessageKind {
    /// The event at this index of the union.
    Event(usize),
    /// The modeled error at this index of the union.
    Exception(usize),
    /// An event that is not in the union.
    Unknown(String),
    /// The members beside the stream.
    Initial,
    /// An unmodeled error.
    Unmodeled(UnmodeledError),
}

/// Why the headers of a message do not say what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnknownKind(pub(super) Cow<'static, str>);

/// Classifies a message by its headers and the members of a union.
pub(super) fn classify(
    codec: &dyn Codec,
    message: &Message,
    members: &'static [Member],
) -> Result<MessageKind, UnknownKind> {
    let position = |name: &str| members.iter().position(|member| member.name == name);
    match text(message, MESSAGE_TYPE)? {
        "event" => {
            let name = text(message, EVENT_TYPE)?;
            Ok(match position(name) {
                Some(index) if members[index].target.error.is_some() => {
                    MessageKind::Exception(index)
                }
                Some(index) => MessageKind::Event(index),
                None if matches!(name, "initial-request" | "initial-response") => {
                    MessageKind::Initial
                }
                None => MessageKind::Unknown(name.to_owned()),
            })
        }
        "exception" => {
            let name = text(message, EXCEPTION_TYPE)?;
            Ok(match position(name) {
                Some(index) => MessageKind::Exception(index),
                None => MessageKind::Unmodeled(exception(codec, name, message)),
            })
        }
        "error" => {
            let text = |name| message.get(name).and_then(HeaderValue::as_str);
            let mut error = UnmodeledError::new(None);
            error.code = text(ERROR_CODE).map(str::to_owned);
            error.message = text(ERROR_MESSAGE).map(str::to_owned);
            Ok(MessageKind::Unmodeled(
                error.body(message.payload().clone()),
            ))
        }
        _ => Err(UnknownKind(
            "`:message-type` must be event, exception or error".into(),
        )),
    }
}

fn text<'m>(message: &'m Message, name: &str) -> Result<&'m str, UnknownKind> {
    match message.get(name) {
        Some(HeaderValue::String(text)) => Ok(text),
        Some(other) => Err(UnknownKind(
            format!(
                "the header `{name}` must be a string, not a {}",
                other.type_name()
            )
            .into(),
        )),
        None => Err(UnknownKind(
            format!("the header `{name}` is missing").into(),
        )),
    }
}

/// An error that is not in the union. Its message is the member `message` of the document.
fn exception(codec: &dyn Codec, name: &str, message: &Message) -> UnmodeledError {
    let mut error = UnmodeledError::new(None).code(name);
    if let Some(document) = document(codec, message.payload()) {
        let text = ["message", "Message"]
            .iter()
            .find_map(|name| document.get(name)?.as_str());
        error.message = text.map(str::to_owned);
    }
    error.body(message.payload().clone())
}

/// A payload as a document, if it is well-formed.
fn document(codec: &dyn Codec, payload: &[u8]) -> Option<Document> {
    let mut document = None;
    let read = codec.decode(payload, Mode::Lenient.into(), &mut |decoder| {
        document = Some(decoder.document(&ROOT)?);
        Ok(())
    });
    read.ok()?;
    document
}

/// The payload of an unknown event, as a document or as text.
pub(super) fn unknown(codec: &dyn Codec, message: &Message) -> Document {
    let payload = message.payload();
    let is_document = message
        .get(CONTENT_TYPE)
        .and_then(HeaderValue::as_str)
        .is_none_or(|media_type| codec.reads(media_type));
    let document = is_document.then(|| document(codec, payload));
    let text = || std::str::from_utf8(payload).ok().map(Document::from);
    document.flatten().or_else(text).unwrap_or(Document::Null)
}

/// Decodes an event, which is a structure, from a message.
pub(super) struct Event<'m> {
    pub(super) codec: &'m dyn Codec,
    pub(super) message: &'m Message,
    pub(super) mode: Mode,
}

impl Event<'_> {
    fn fill(&self, structure: &mut dyn DecodeMembers) -> Result<(), DecodeError> {
        let members = structure.schema().members;
        let mut result = Ok(());
        for (index, member) in members.iter().enumerate() {
            let found = match member.event {
                None => continue,
                Some(EventBinding::Header) => self.header(index, member, structure),
                Some(EventBinding::Payload) => self.payload(index, member, structure),
            };
            result = both(result, found.map_err(|error| error.inside(member.name)));
        }
        if structure.schema().layout.in_event_document {
            let document = match &**self.message.payload() {
                b"" => self.codec.empty_structure(),
                payload => payload,
            };
            let (codec, filter) = (self.codec, MemberFilter::Event);
            let document = members::decode(codec, document, structure, filter, self.mode.into());
            result = both(result, document);
        }
        result
    }

    /// Checks a missing member: it is an error if it is required, except in a client.
    fn missing(&self, member: &Member) -> Result<(), DecodeError> {
        if self.mode == Mode::Strict && member.required && member.default.is_none() {
            Err(DecodeError::new(Problem::Missing))
        } else {
            Ok(())
        }
    }

    fn header(
        &self,
        index: usize,
        member: &Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        match self.message.get(member.name) {
            Some(value) => structure.decode_member(
                index,
                &mut Header {
                    value,
                    mode: self.mode,
                },
            ),
            None => self.missing(member),
        }
    }

    fn payload(
        &self,
        index: usize,
        member: &Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        let payload = self.message.payload();
        match member.target.kind {
            // An empty payload is a value, too. Without a payload, the message has no content type
            // either.
            Kind::Blob | Kind::String | Kind::Enum => {
                let absent = payload.is_empty() && self.message.get(CONTENT_TYPE).is_none();
                if absent && !member.required {
                    return Ok(());
                }
                structure.decode_member(index, &mut RawPayload(payload))
            }
            _ if payload.is_empty() => self.missing(member),
            _ => self
                .codec
                .decode(payload, self.mode.into(), &mut |decoder| {
                    structure.decode_member(index, decoder)
                }),
        }
    }
}

impl Decoder for Event<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn structure(
        &mut self,
        _: &'static Member,
        structure: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        self.fill(structure)
    }

    mismatches! {
        "a value", "an event":
        boolean() -> bool;
        integer() -> i64;
        double() -> f64;
        number() -> String;
        text(take: &mut dyn FnMut(&str)) -> ();
        blob() -> Blob;
        timestamp() -> Timestamp;
        document() -> Document;
        list(list: &mut dyn DecodeList) -> ();
        map(map: &mut dyn DecodeMap) -> ();
    }
}

/// Decodes the value of a header.
struct Header<'m> {
    value: &'m HeaderValue,
    mode: Mode,
}

impl Header<'_> {
    fn is_not<T>(&self, expected: &'static str) -> Result<T, DecodeError> {
        let found = format!("a header of type {}", self.value.type_name());
        Err(DecodeError::mismatch(expected, found))
    }
}

impl Decoder for Header<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn boolean(&mut self, _: &'static Member) -> Result<bool, DecodeError> {
        match self.value {
            HeaderValue::Boolean(value) => Ok(*value),
            _ => self.is_not("a boolean"),
        }
    }

    /// Clients accept an integer of another size if its value fits.
    fn integer(&mut self, member: &'static Member) -> Result<i64, DecodeError> {
        let (value, of) = match self.value {
            HeaderValue::Byte(value) => (i64::from(*value), Kind::Byte),
            HeaderValue::Short(value) => (i64::from(*value), Kind::Short),
            HeaderValue::Integer(value) => (i64::from(*value), Kind::Integer),
            HeaderValue::Long(value) => (*value, Kind::Long),
            _ => return self.is_not("an integer"),
        };
        let kind = match member.target.kind {
            Kind::IntEnum => Kind::Integer,
            kind => kind,
        };
        let (expected, fits) = match kind {
            Kind::Byte => ("a header of type byte", i8::try_from(value).is_ok()),
            Kind::Short => ("a header of type short", i16::try_from(value).is_ok()),
            Kind::Integer => ("a header of type integer", i32::try_from(value).is_ok()),
            _ => ("a header of type long", true),
        };
        if of == kind || (fits && self.mode == Mode::Lenient) {
            Ok(value)
        } else {
            self.is_not(expected)
        }
    }

    fn text(&mut self, _: &'static Member, take: &mut dyn FnMut(&str)) -> Result<(), DecodeError> {
        match self.value {
            HeaderValue::String(text) => {
                take(text);
                Ok(())
            }
            _ => self.is_not("a string"),
        }
    }

    fn blob(&mut self, _: &'static Member) -> Result<Blob, DecodeError> {
        match self.value {
            HeaderValue::Bytes(bytes) => Ok(Blob::new(bytes.clone())),
            _ => self.is_not("a byte array"),
        }
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Timestamp, DecodeError> {
        let HeaderValue::Timestamp(milliseconds) = self.value else {
            return self.is_not("a timestamp");
        };
        let value = Timestamp::from_millis(*milliseconds).ok();
        value.and_then(timestamp::in_messages).ok_or_else(|| {
            let found = format!("{milliseconds} milliseconds since 1970");
            DecodeError::mismatch("a timestamp in the years 0001 to 9999", member.shown(found))
        })
    }

    mismatches! {
        "a value", "a header":
        double() -> f64;
        number() -> String;
        document() -> Document;
        list(list: &mut dyn DecodeList) -> ();
        map(map: &mut dyn DecodeMap) -> ();
        structure(structure: &mut dyn DecodeMembers) -> ();
    }
}
