//! Why a stream of events ends before its time.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use super::message::FrameError;
use crate::error::{DecodeError, EncodeError};
use crate::http::BoxError;
use crate::schema::Member;
use crate::service_error::UnmodeledError;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{EncodeMembers, Structure};
use crate::value::Document;

/// Why a stream of events ends before its time. `T` is the union of the events.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError<T> {
    /// The other side sent an error of the model: a member of the union that is an error.
    Service(T),
    /// The other side sent an error that the model does not know.
    Unmodeled(UnmodeledError),
    /// A message came that is no event, or an event that is not what the model says.
    Event(InvalidEvent),
    /// The stream is corrupt.
    Frame(FrameError),
    /// The stream broke off.
    Broken(BoxError),
}

/// A message that is no event, or an event that is not what the model says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidEvent {
    event: Option<&'static str>,
    what: Cow<'static, str>,
    source: Option<DecodeError>,
}

impl InvalidEvent {
    /// A message that is no event.
    pub(super) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            event: None,
            what: what.into(),
            source: None,
        }
    }

    /// An event with other values than its schema says.
    pub(super) fn values(event: &'static str, source: DecodeError) -> Self {
        Self {
            event: Some(event),
            what: "it is not what the model says".into(),
            source: Some(source),
        }
    }

    /// The member of the union that it is, where that is known.
    pub fn event(&self) -> Option<&'static str> {
        self.event
    }

    /// Which values are wrong, where it is known which event it is.
    pub fn violations(&self) -> Option<&DecodeError> {
        self.source.as_ref()
    }
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            event,
            what,
            source,
        } = self;
        match event {
            Some(event) => write!(f, "the event `{event}`: {what}")?,
            None => write!(f, "a message that is no event: {what}")?,
        }
        match source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for InvalidEvent {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_ref()
            .map(|error| error as &(dyn Error + 'static))
    }
}

impl<T> StreamError<T> {
    /// The error of the model that the other side sent.
    pub fn as_service_error(&self) -> Option<&T> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}

impl<T: Structure> fmt::Display for StreamError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => {
                let Told { name, message } = Told::of(error);
                match message {
                    Some(message) => write!(f, "{name}: {message}"),
                    None => f.write_str(name),
                }
            }
            Self::Unmodeled(error) => error.fmt(f),
            Self::Event(error) => error.fmt(f),
            Self::Frame(error) => error.fmt(f),
            Self::Broken(error) => write!(f, "the stream of events broke off: {error}"),
        }
    }
}

impl<T: Structure + fmt::Debug> Error for StreamError<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Service(_) => None,
            Self::Unmodeled(error) => Some(error),
            Self::Event(error) => error.source(),
            Self::Frame(error) => Some(error),
            Self::Broken(error) => Some(&**error),
        }
    }
}

/// What a service answers that fails because the stream of its caller did: `events.event().await.map_err(UnmodeledError::from)?`.
impl<T: Structure> From<StreamError<T>> for UnmodeledError {
    fn from(error: StreamError<T>) -> Self {
        let (status, code) = match &error {
            StreamError::Unmodeled(_) | StreamError::Service(_) => (400, "EventStreamError"),
            StreamError::Event(_) | StreamError::Frame(_) => (400, "SerializationException"),
            StreamError::Broken(_) => (400, "RequestBrokenException"),
        };
        Self::new(status).code(code).message(error.to_string())
    }
}

/// What an error in a union tells of itself.
struct Told {
    name: &'static str,
    message: Option<String>,
}

impl Told {
    fn of(union: &dyn EncodeMembers) -> Self {
        let mut told = Self {
            name: "an error of the stream",
            message: None,
        };
        // What cannot be told is left out.
        let _ = union.encode_members(&mut told);
        told
    }
}

impl ValueVisitor for Told {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        match value {
            ValueRef::Structure(error) if member.target.error.is_some() => {
                self.name = member.target.name();
                error.encode_members(self)
            }
            ValueRef::String(text)
                if !member.sensitive && member.name.eq_ignore_ascii_case("message") =>
            {
                self.message = Some(text.to_owned());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}
