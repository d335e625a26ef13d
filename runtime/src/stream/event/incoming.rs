//! Incoming event streams.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream as _;

use super::decode::{self, MessageKind};
use super::error::{InvalidEvent, StreamError};
use super::message::{FrameError, Limits, Message, MessageDecoder};
use super::outgoing::Prefixed;
use crate::codec::{Codec, Mode};
use crate::error::DecodeError;
use crate::http::held::{Held, HeldBytes};
use crate::http::{Body, BoxError};
use crate::service_error::UnmodeledError;
use crate::shape::{DecodeMembers, Decoder};
use crate::stream::ByteStream;

/// The bytes of an event stream and its reader.
#[derive(Clone)]
pub struct Incoming {
    bytes: ByteStream,
    reader: Reader,
    /// The document with the members beside the stream, if it was read.
    initial: Option<Bytes>,
}

/// Reads events from messages.
#[derive(Clone)]
pub(crate) struct Reader {
    /// The codec of the documents in events.
    pub(crate) codec: &'static dyn Codec,
    pub(crate) mode: Mode,
    pub(crate) limits: Limits,
    /// Validates events beyond their types.
    pub(crate) guard: Option<Arc<dyn Guard>>,
    pub(crate) memory: HeldBytes,
}

/// Validates events while they are decoded.
pub(crate) trait Guard: Send + Sync {
    /// Decodes the event at `index` of the union from `event`.
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

    /// Reads the members beside the stream, if the stream starts with them.
    pub(crate) async fn begin(&mut self) -> Result<(), BoxError> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut frames = Frames::new(&self.reader);
        let first = std::future::poll_fn(|cx| frames.poll_message(&mut bytes, cx)).await;
        let Some(message) = first.map_err(|fault| match fault {
            ReadError::Unmodeled(error) => BoxError::from(error),
            ReadError::Event(error) => error.into(),
            ReadError::Frame(error) => error.into(),
            ReadError::Broken(error) => error,
        })?
        else {
            return Ok(());
        };
        let mut read = Bytes::new();
        match decode::classify(self.reader.codec, &message, &[]) {
            Ok(MessageKind::Initial) => self.initial = Some(message.payload().clone()),
            // They are missing: put the first event back.
            _ => read = message.encode()?,
        }
        let rest = [read, frames.decoder.into_rest()].concat();
        self.bytes = ByteStream::new(Prefixed::new(rest.into(), Body::from(bytes)));
        Ok(())
    }

    /// The document with the members beside the stream, unless it is missing or empty.
    pub(crate) fn initial(&self) -> Option<&[u8]> {
        self.initial
            .as_deref()
            .filter(|document| !document.is_empty())
    }

    /// The bytes of the stream, without decoding them.
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

/// An event stream that is being read.
pub(super) struct Received {
    bytes: ByteStream,
    reader: Reader,
    frames: Frames,
}

/// A message that was read. The event itself is in the union that it was read into.
pub(super) enum ReadEvent {
    Event,
    Service,
    Failed(ReadError),
}

/// Why a stream ends early.
pub(super) enum ReadError {
    Unmodeled(UnmodeledError),
    Event(InvalidEvent),
    Frame(FrameError),
    Broken(BoxError),
}

impl ReadEvent {
    pub(super) fn into_result<T>(self, event: T) -> Result<T, StreamError<T>> {
        match self {
            Self::Event => Ok(event),
            Self::Service => Err(StreamError::Service(event)),
            Self::Failed(ReadError::Unmodeled(error)) => Err(StreamError::Unmodeled(error)),
            Self::Failed(ReadError::Event(error)) => Err(StreamError::Event(error)),
            Self::Failed(ReadError::Frame(error)) => Err(StreamError::Frame(error)),
            Self::Failed(ReadError::Broken(error)) => Err(StreamError::Broken(error)),
        }
    }
}

impl Received {
    pub(super) fn new(Incoming { bytes, reader, .. }: Incoming) -> Self {
        let frames = Frames::new(&reader);
        Self {
            bytes,
            reader,
            frames,
        }
    }

    /// Reads the next event into `union`. Only an event may be followed by another one.
    pub(super) fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
        union: &mut dyn DecodeMembers,
    ) -> Poll<Option<ReadEvent>> {
        loop {
            let message = match ready!(self.frames.poll_message(&mut self.bytes, cx)) {
                Ok(Some(message)) => message,
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(ReadEvent::Failed(error))),
            };
            match self.reader.read(&message, union) {
                Ok(None) => {}
                Ok(event) => return Poll::Ready(event),
                Err(error) => return Poll::Ready(Some(ReadEvent::Failed(ReadError::Event(error)))),
            }
        }
    }
}

impl Reader {
    /// Reads a message into `union`; `None` if the message is skipped.
    fn read(
        &self,
        message: &Message,
        union: &mut dyn DecodeMembers,
    ) -> Result<Option<ReadEvent>, InvalidEvent> {
        let members = union.schema().members;
        let kind = decode::classify(self.codec, message, members)
            .map_err(|decode::UnknownKind(reason)| InvalidEvent::new(reason))?;
        let (index, read) = match kind {
            // A service may add this message later (Smithy 2.0, "Initial message client and server
            // behavior").
            MessageKind::Initial => return Ok(None),
            MessageKind::Unmodeled(error) => {
                return Ok(Some(ReadEvent::Failed(ReadError::Unmodeled(error))));
            }
            MessageKind::Unknown(name) if self.mode == Mode::Strict => {
                let reason = format!("the service has no event `{name}`");
                return Err(InvalidEvent::new(reason));
            }
            MessageKind::Unknown(name) => {
                union.decode_unknown(&name, decode::unknown(self.codec, message));
                return Ok(Some(ReadEvent::Event));
            }
            MessageKind::Event(index) => (index, ReadEvent::Event),
            MessageKind::Exception(index) => (index, ReadEvent::Service),
        };
        let mut event = decode::Event {
            codec: self.codec,
            message,
            mode: self.mode,
        };
        let result = match &self.guard {
            Some(guard) => guard.decode(union, index, &mut event),
            None => union.decode_member(index, &mut event),
        };
        result.map_err(|error| InvalidEvent::values(members[index].name, error))?;
        Ok(Some(read))
    }
}

/// The messages in the bytes of a stream.
struct Frames {
    decoder: MessageDecoder,
    held: Held,
}

impl Frames {
    fn new(reader: &Reader) -> Self {
        Self {
            decoder: MessageDecoder::new(reader.limits),
            held: reader.memory.part(),
        }
    }

    /// The next message of the stream with these bytes; `None` at its end.
    fn poll_message(
        &mut self,
        bytes: &mut ByteStream,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Message>, ReadError>> {
        let Self { decoder, held } = self;
        loop {
            if let Some(message) = decoder.next_message().map_err(ReadError::Frame)? {
                return Poll::Ready(Ok(Some(message)));
            }
            held.set(decoder.buffered());
            match ready!(Pin::new(&mut *bytes).poll_next(cx)) {
                Some(Ok(chunk)) => decoder.push(&chunk),
                Some(Err(error)) => return Poll::Ready(Err(ReadError::Broken(error))),
                None => {
                    let end = decoder.finish().map(|()| None);
                    return Poll::Ready(end.map_err(ReadError::Frame));
                }
            }
        }
    }
}
