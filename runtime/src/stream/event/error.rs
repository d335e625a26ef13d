//! The errors of event streams.

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

/// An error that ends an event stream. `T` is the union of the events.
#[non_exhaustive]
pub enum StreamError<T> {
    /// The peer sent a modeled error: a member of the union that is an error.
    Service(T),
    /// The peer sent an unmodeled error.
    Unmodeled(UnmodeledError),
    /// A message is not an event, or an event does not match the model.
    Event(InvalidEvent),
    /// The stream is corrupt.
    Frame(FrameError),
    /// The stream broke off.
    Broken(BoxError),
}

/// A message that is not an event, or an event that does not match the model.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidEvent {
    event: Option<&'static str>,
    reason: Cow<'static, str>,
    source: Option<DecodeError>,
}

impl InvalidEvent {
    /// A message that is not an event.
    pub(super) fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            event: None,
            reason: reason.into(),
            source: None,
        }
    }

    /// An event whose values do not match its schema.
    pub(super) fn values(event: &'static str, source: DecodeError) -> Self {
        Self {
            event: Some(event),
            reason: "it does not match the model".into(),
            source: Some(source),
        }
    }

    /// The member of the union, if it is known.
    pub fn event(&self) -> Option<&'static str> {
        self.event
    }

    /// The violations, if the event is known.
    pub fn violations(&self) -> Option<&DecodeError> {
        self.source.as_ref()
    }
}

crate::error::debug_as_display!(InvalidEvent);

impl fmt::Display for InvalidEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            event,
            reason,
            source,
        } = self;
        match event {
            Some(event) => write!(f, "the event `{event}`: {reason}")?,
            None => write!(f, "a message is not an event: {reason}")?,
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
    /// The modeled error that the peer sent.
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
                let ErrorSummary { name, message } = ErrorSummary::of(error);
                match message {
                    Some(message) => write!(f, "{name}: {message}"),
                    None => f.write_str(name),
                }
            }
            Self::Unmodeled(error) => error.fmt(f),
            Self::Event(error) => error.fmt(f),
            Self::Frame(error) => error.fmt(f),
            Self::Broken(error) => write!(f, "the event stream broke off: {error}"),
        }
    }
}

/// The same as `Display`, on one line.
impl<T: Structure> fmt::Debug for StreamError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: Structure> Error for StreamError<T> {
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

/// The error of an operation that fails because the client's event stream did:
/// `events.event().await.map_err(UnmodeledError::from)?`.
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

/// The name and the message of a modeled error in a union.
struct ErrorSummary {
    name: &'static str,
    message: Option<String>,
}

impl ErrorSummary {
    fn of(union: &dyn EncodeMembers) -> Self {
        let mut summary = Self {
            name: "an error of the stream",
            message: None,
        };
        // Members that cannot be encoded are left out.
        let _ = union.encode_members(&mut summary);
        summary
    }
}

impl ValueVisitor for ErrorSummary {
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
