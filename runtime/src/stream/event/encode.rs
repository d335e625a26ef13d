//! An event as a message (Smithy 2.0, "Event message serialization"; Amazon Event Stream Specification, "Amazon Event Semantics").

use bytes::Bytes;

use super::header::HeaderValue;
use super::message::Message;
use super::{
    CONTENT_TYPE, ERROR_CODE, ERROR_MESSAGE, EVENT_TYPE, EXCEPTION_TYPE, JSON, MESSAGE_TYPE,
};
use crate::error::EncodeError;
use crate::protocol::bind::document::{self, Alone, Root, Which};
use crate::schema::{EventBinding, Kind, Member, Schema};
use crate::service_error::UnmodeledError;
use crate::shape::Structure;
use crate::shape::visitor::{Sink, Value};
use crate::value::Document;

/// The message of an event, which is the member of a union.
pub(super) fn event(union: &dyn Structure) -> Result<Message, EncodeError> {
    let mut event = Event(None);
    union.encode_members(&mut event)?;
    event
        .0
        .ok_or_else(|| EncodeError::new("the event is none: no member of the union is set"))
}

/// The message that begins a stream under a protocol without HTTP bindings: the members beside the stream.
pub(crate) fn initial(
    event_type: &str,
    structure: &dyn Structure,
    tokens: document::Tokens<'_>,
) -> Result<Message, EncodeError> {
    let document = document::write(structure, Which::Initial, tokens)?;
    Ok(Message::new(document)
        .header(MESSAGE_TYPE, "event")
        .header(EVENT_TYPE, event_type)
        .header(CONTENT_TYPE, JSON))
}

/// The message of an error that the model does not know, which ends a stream.
pub(crate) fn unmodeled(error: &UnmodeledError) -> Message {
    let UnmodeledError { code, message, .. } = error;
    Message::default()
        .header(MESSAGE_TYPE, "error")
        .header(ERROR_CODE, code.as_deref().unwrap_or("InternalFailure"))
        .header(ERROR_MESSAGE, message.as_deref().unwrap_or_default())
}

/// The schema of the error that is set, if it is one.
pub(super) fn error(union: &dyn Structure) -> Option<&'static Schema> {
    let mut error = Error(None);
    // Nothing is written.
    let _ = union.encode_members(&mut error);
    error.0
}

struct Error(Option<&'static Schema>);

impl Sink for Error {
    fn value(&mut self, member: &'static Member, _: Value<'_>) -> Result<(), EncodeError> {
        self.0 = member.target.error.map(|_| member.target);
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Takes the member that is set.
struct Event(Option<Message>);

impl Sink for Event {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        let Value::Structure(structure) = value else {
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
        let mut binder = Binder { message };
        structure.encode_members(&mut binder)?;
        self.0 = Some(binder.finish(structure)?);
        Ok(())
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        let payload = document::to_json(&Alone(value))?;
        let message = Message::new(payload)
            .header(MESSAGE_TYPE, "event")
            .header(EVENT_TYPE, name)
            .header(CONTENT_TYPE, JSON);
        self.0 = Some(message);
        Ok(())
    }
}

/// Puts each member of an event where it is bound to.
struct Binder {
    message: Message,
}

impl Binder {
    /// Members that are bound nowhere are a document.
    fn finish(mut self, structure: &dyn Structure) -> Result<Message, EncodeError> {
        if Which::Event.any(structure.schema()) {
            let document = document::write(structure, Which::Event, &String::new)?;
            self.payload(document.into(), JSON);
        }
        Ok(self.message)
    }

    fn payload(&mut self, payload: Bytes, media_type: &str) {
        self.message.set_header(CONTENT_TYPE, media_type.into());
        self.message.set_payload(payload);
    }
}

impl Sink for Binder {
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError> {
        match (member.event, value) {
            (None, _) | (_, Value::None) => {}
            (Some(EventBinding::Header), value) => {
                let value = header(member, value)?;
                self.message.set_header(member.name, value);
            }
            (Some(EventBinding::Payload), Value::Blob(bytes)) => {
                let media_type = member.media_type.unwrap_or("application/octet-stream");
                self.payload(Bytes::copy_from_slice(bytes), media_type);
            }
            (Some(EventBinding::Payload), Value::String(text)) => {
                let media_type = member.media_type.unwrap_or("text/plain");
                self.payload(Bytes::copy_from_slice(text.as_bytes()), media_type);
            }
            (Some(EventBinding::Payload), Value::Structure(structure)) => {
                let document = document::to_json(&Root(structure))?;
                self.payload(document.into(), JSON);
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

/// The value of a header, of the type that the member's has.
fn header(member: &Member, value: Value<'_>) -> Result<HeaderValue, EncodeError> {
    let too_large = || EncodeError::new(format!("`{}` is too large for its type", member.name));
    Ok(match (value, member.target.kind) {
        (Value::Boolean(value), _) => HeaderValue::Boolean(value),
        (Value::Integer(value), Kind::Byte) => {
            HeaderValue::Byte(value.try_into().map_err(|_| too_large())?)
        }
        (Value::Integer(value), Kind::Short) => {
            HeaderValue::Short(value.try_into().map_err(|_| too_large())?)
        }
        (Value::Integer(value), Kind::Integer | Kind::IntEnum) => {
            HeaderValue::Integer(value.try_into().map_err(|_| too_large())?)
        }
        (Value::Integer(value), _) => HeaderValue::Long(value),
        (Value::Blob(bytes), _) => HeaderValue::Bytes(Bytes::copy_from_slice(bytes)),
        (Value::String(text), _) => HeaderValue::String(text.to_owned()),
        (Value::Timestamp(value), _) => HeaderValue::Timestamp(value.as_millis()),
        _ => {
            return Err(EncodeError::new(format!(
                "`{}` cannot be a header of an event",
                member.name
            )));
        }
    })
}
