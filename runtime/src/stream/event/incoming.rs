//! A stream of events on its way in.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream as _;

use super::decode::{self, Meaning};
use super::error::{InvalidEvent, StreamError};
use super::message::{FrameError, Limits, Message, MessageDecoder};
use super::outgoing::Prefixed;
use crate::codec::{Codec, Mode};
use crate::error::DecodeError;
use crate::http::{Body, BoxError};
use crate::service_error::UnmodeledError;
use crate::shape::{DecodeMembers, Decoder};
use crate::stream::ByteStream;

/// The bytes of a stream of events, and how they are read.
#[derive(Clone)]
pub struct Incoming {
    bytes: ByteStream,
    reader: Reader,
    /// The document with the members beside the stream, where one was looked for.
    initial: Option<Bytes>,
}

/// How events are read.
#[derive(Clone)]
pub(crate) struct Reader {
    /// The codec of the documents in events.
    pub(crate) codec: &'static dyn Codec,
    pub(crate) mode: Mode,
    pub(crate) limits: Limits,
    /// What checks events beside their types.
    pub(crate) guard: Option<Arc<dyn Guard>>,
}

/// Stands between an event and what reads it.
pub(crate) trait Guard: Send + Sync {
    /// Takes the event at `index` of the union from `event`.
    fn decode(
        &self,
        union: &mut dyn DecodeMembers,
        index: usize,
        event: &mut dyn Decoder,
    ) -> Result<(), DecodeError>;
}

impl Incoming {
    pub(crate) fn new(bytes: ByteStream, reader: Reader) -> Self {
        Self {
            bytes,
            reader,
            initial: None,
        }
    }

    /// Looks whether the stream begins with the members beside it.
    pub(crate) async fn begin(&mut self) -> Result<(), BoxError> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut frames = MessageDecoder::new(self.reader.limits);
        let first = std::future::poll_fn(|cx| poll_message(&mut bytes, &mut frames, cx)).await;
        let Some(message) = first.map_err(|fault| match fault {
            Fault::Unmodeled(error) => BoxError::from(error),
            Fault::Event(error) => error.into(),
            Fault::Frame(error) => error.into(),
            Fault::Broken(error) => error,
        })?
        else {
            return Ok(());
        };
        let mut read = Bytes::new();
        match decode::meaning(self.reader.codec, &message, &[]) {
            Ok(Meaning::Initial) => self.initial = Some(message.payload().clone()),
            // There is none: the first event is read again.
            _ => read = message.encode()?,
        }
        let rest = [read, frames.into_rest()].concat();
        self.bytes = ByteStream::new(Prefixed::new(rest.into(), Body::from(bytes)));
        Ok(())
    }

    /// The document with the members beside the stream, unless it is missing or empty.
    pub(crate) fn initial(&self) -> Option<&[u8]> {
        self.initial
            .as_deref()
            .filter(|document| !document.is_empty())
    }

    /// The bytes, whatever they are.
    pub(crate) fn into_bytes(self) -> ByteStream {
        self.bytes
    }
}

impl PartialEq for Incoming {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Incoming")
    }
}

/// A stream of events that is being read.
pub(super) struct Received {
    bytes: ByteStream,
    reader: Reader,
    frames: MessageDecoder,
}

/// What comes out of a stream of events, but for the union.
pub(super) enum What {
    Event,
    Service,
    Fault(Fault),
}

/// What is wrong with a stream.
pub(super) enum Fault {
    Unmodeled(UnmodeledError),
    Event(InvalidEvent),
    Frame(FrameError),
    Broken(BoxError),
}

impl What {
    pub(super) fn of<T>(self, event: T) -> Result<T, StreamError<T>> {
        match self {
            Self::Event => Ok(event),
            Self::Service => Err(StreamError::Service(event)),
            Self::Fault(Fault::Unmodeled(error)) => Err(StreamError::Unmodeled(error)),
            Self::Fault(Fault::Event(error)) => Err(StreamError::Event(error)),
            Self::Fault(Fault::Frame(error)) => Err(StreamError::Frame(error)),
            Self::Fault(Fault::Broken(error)) => Err(StreamError::Broken(error)),
        }
    }
}

impl Received {
    pub(super) fn new(Incoming { bytes, reader, .. }: Incoming) -> Self {
        let frames = MessageDecoder::new(reader.limits);
        Self {
            bytes,
            reader,
            frames,
        }
    }

    /// Reads the next event into `union`. Nothing is to be read after anything but an event.
    pub(super) fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
        union: &mut dyn DecodeMembers,
    ) -> Poll<Option<What>> {
        loop {
            let message = match ready!(poll_message(&mut self.bytes, &mut self.frames, cx)) {
                Ok(Some(message)) => message,
                Ok(None) => return Poll::Ready(None),
                Err(fault) => return Poll::Ready(Some(What::Fault(fault))),
            };
            match self.reader.read(&message, union) {
                Ok(None) => {}
                Ok(what) => return Poll::Ready(what),
                Err(error) => return Poll::Ready(Some(What::Fault(Fault::Event(error)))),
            }
        }
    }
}

impl Reader {
    /// Reads a message into `union`; `None` where it is passed over.
    fn read(
        &self,
        message: &Message,
        union: &mut dyn DecodeMembers,
    ) -> Result<Option<What>, InvalidEvent> {
        let members = union.schema().members;
        let meaning = decode::meaning(self.codec, message, members)
            .map_err(|decode::Meaningless(what)| InvalidEvent::new(what))?;
        let (index, what) = match meaning {
            // It is compatible to add one later (Smithy 2.0, "Initial message client and server behavior").
            Meaning::Initial => return Ok(None),
            Meaning::Unmodeled(error) => {
                return Ok(Some(What::Fault(Fault::Unmodeled(error))));
            }
            Meaning::Unknown(name) if self.mode == Mode::Strict => {
                let what = format!("the service has no event `{name}`");
                return Err(InvalidEvent::new(what));
            }
            Meaning::Unknown(name) => {
                union.decode_unknown(&name, decode::unknown(self.codec, message));
                return Ok(Some(What::Event));
            }
            Meaning::Event(index) => (index, What::Event),
            Meaning::Exception(index) => (index, What::Service),
        };
        let mut event = decode::Event {
            codec: self.codec,
            message,
            mode: self.mode,
        };
        let read = match &self.guard {
            Some(guard) => guard.decode(union, index, &mut event),
            None => union.decode_member(index, &mut event),
        };
        read.map_err(|error| InvalidEvent::values(members[index].name, error))?;
        Ok(Some(what))
    }
}

fn poll_message(
    bytes: &mut ByteStream,
    frames: &mut MessageDecoder,
    cx: &mut Context<'_>,
) -> Poll<Result<Option<Message>, Fault>> {
    loop {
        if let Some(message) = frames.next_message().map_err(Fault::Frame)? {
            return Poll::Ready(Ok(Some(message)));
        }
        match ready!(Pin::new(&mut *bytes).poll_next(cx)) {
            Some(Ok(piece)) => frames.push(&piece),
            Some(Err(error)) => return Poll::Ready(Err(Fault::Broken(error))),
            None => return Poll::Ready(frames.finish().map(|()| None).map_err(Fault::Frame)),
        }
    }
}
