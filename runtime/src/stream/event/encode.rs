//! Encodes events as messages (Smithy 2.0, "Event message serialization"; Amazon Event Stream
//! Specification, "Amazon Event Semantics").

use bytes::Bytes;

use super::header::HeaderValue;
use super::message::Message;
use super::{CONTENT_TYPE, ERROR_CODE, ERROR_MESSAGE, EVENT_TYPE, EXCEPTION_TYPE, MESSAGE_TYPE};
use crate::codec::members::{self, MemberFilter, RootStructure, Tokens};
use crate::codec::{Codec, ROOT};
use crate::error::EncodeError;
use crate::schema::{EventBinding, Kind, Member, Schema};
use crate::service_error::UnmodeledError;
use crate::shape::EncodeMembers;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::value::{Document, timestamp};

/// The message of an event, which is a member of a union.
pub(super) fn event(codec: &dyn Codec, union: &dyn EncodeMembers) -> Result<Message, EncodeError> {
    let mut event = Event {
        codec,
        message: None,
    };
    union.encode_members(&mut event)?;
    event
        .message
        .ok_or_else(|| EncodeError::new("the event union has no member set"))
}

/// The first message of a stream in a protocol without HTTP bindings: the members beside the
/// stream.
pub(crate) fn initial(
    codec: &dyn Codec,
    event_type: &str,
    structure: &dyn EncodeMembers,
    tokens: Tokens<'_>,
) -> Result<Message, EncodeError> {
    let document = members::encode(codec, structure, MemberFilter::BesideStream, tokens)?;
    Ok(Message::new(document)
        .header(MESSAGE_TYPE, "event")
        .header(EVENT_TYPE, event_type)
        .header(CONTENT_TYPE, codec.media_type()))
}

/// The message of an unmodeled error, which ends a stream.
pub(crate) fn unmodeled(error: &UnmodeledError) -> Message {
    let UnmodeledError { code, message, .. } = error;
    Message::default()
        .header(MESSAGE_TYPE, "error")
        .header(ERROR_CODE, code.as_deref().unwrap_or("InternalFailure"))
        .header(ERROR_MESSAGE, message.as_deref().unwrap_or_default())
}

/// The schema of the member that is set, if it is an error.
pub(super) fn error(union: &dyn EncodeMembers) -> Option<&'static Schema> {
    let mut error = Error(None);
    // The visitor writes nothing and cannot fail.
    let _ = union.encode_members(&mut error);
    error.0
}

struct Error(Option<&'static Schema>);

impl ValueVisitor for Error {
    fn value(&mut self, member: &'static Member, _: ValueRef<'_>) -> Result<(), EncodeError> {
        self.0 = member.target.error.map(|_| member.target);
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Encodes the member that is set.
struct Event<'c> {
    codec: &'c dyn Codec,
    message: Option<Message>,
}

impl ValueVisitor for Event<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let ValueRef::Structure(structure) = value else {
            return Err(EncodeError::new(format!(
                "the event `{}` is not a structure",
                member.name
            )));
        };
        let (message_type, name) = match member.target.error {
            Some(_) => ("exception", EXCEPTION_TYPE),
            None => ("event", EVENT_TYPE),
        };
        let message = Message::default()
            .header(MESSAGE_TYPE, message_type)
            .header(name, member.name);
        let codec = self.codec;
        let mut binder = Binder { codec, message };
        structure.encode_members(&mut binder)?;
        self.message = Some(binder.finish(structure)?);
        Ok(())
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        let payload = self.codec.encode(&ROOT, &ValueRef::Document(value))?;
        let message = Message::new(payload)
            .header(MESSAGE_TYPE, "event")
            .header(EVENT_TYPE, name)
            .header(CONTENT_TYPE, self.codec.media_type());
        self.message = Some(message);
        Ok(())
    }
}

/// Writes each member of an event to the part of the message that it is bound to.
struct Binder<'c> {
    codec: &'c dyn Codec,
    message: Message,
}

impl Binder<'_> {
    /// Encodes the members without a binding as a document.
    fn finish(mut self, structure: &dyn EncodeMembers) -> Result<Message, EncodeError> {
        if structure.schema().layout.in_event_document {
            let filter = MemberFilter::Event;
            let document = members::encode(self.codec, structure, filter, &String::new)?;
            self.payload(document.into(), self.codec.media_type());
        }
        Ok(self.message)
    }

    fn payload(&mut self, payload: Bytes, media_type: &str) {
        self.message.set_header(CONTENT_TYPE, media_type.into());
        self.message.set_payload(payload);
    }
}

impl ValueVisitor for Binder<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        match (member.event, value) {
            (None, _) | (_, ValueRef::None) => {}
            (Some(EventBinding::Header), value) => {
                let value = header(member, value)?;
                self.message.set_header(member.name, value);
            }
            (Some(EventBinding::Payload), ValueRef::Blob(bytes)) => {
                let media_type = member.media_type.unwrap_or("application/octet-stream");
                self.payload(Bytes::copy_from_slice(bytes), media_type);
            }
            (Some(EventBinding::Payload), ValueRef::String(text)) => {
                let media_type = member.media_type.unwrap_or("text/plain");
                self.payload(Bytes::copy_from_slice(text.as_bytes()), media_type);
            }
            (Some(EventBinding::Payload), ValueRef::Structure(structure)) => {
                let document = self.codec.encode(member, &RootStructure(structure))?;
                self.payload(document.into(), self.codec.media_type());
            }
            (Some(EventBinding::Payload), _) => {
                return Err(EncodeError::new(format!(
                    "`{}` cannot be the payload of an event",
                    member.name
                )));
            }
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// The value of a header, with the type of the member.
fn header(member: &Member, value: ValueRef<'_>) -> Result<HeaderValue, EncodeError> {
    let too_large = || EncodeError::new(format!("`{}` is too large for its type", member.name));
    Ok(match (value, member.target.kind) {
        (ValueRef::Boolean(value), _) => HeaderValue::Boolean(value),
        (ValueRef::Integer(value), Kind::Byte) => {
            HeaderValue::Byte(value.try_into().map_err(|_| too_large())?)
        }
        (ValueRef::Integer(value), Kind::Short) => {
            HeaderValue::Short(value.try_into().map_err(|_| too_large())?)
        }
        (ValueRef::Integer(value), Kind::Integer | Kind::IntEnum) => {
            HeaderValue::Integer(value.try_into().map_err(|_| too_large())?)
        }
        (ValueRef::Integer(value), _) => HeaderValue::Long(value),
        (ValueRef::Blob(bytes), _) => HeaderValue::Bytes(Bytes::copy_from_slice(bytes)),
        (ValueRef::String(text), _) => HeaderValue::String(text.to_owned()),
        (ValueRef::Timestamp(value), _) => {
            HeaderValue::Timestamp(timestamp::encodable(value)?.as_millis())
        }
        _ => {
            return Err(EncodeError::new(format!(
                "`{}` cannot be a header of an event",
                member.name
            )));
        }
    })
}
