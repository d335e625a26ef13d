//! The type of event stream members.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::channel::{self, EventSender};
use super::error::StreamError;
use super::incoming::{Incoming, Received};
use super::outgoing::Outgoing;
use crate::codec::Codec;
use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::service_error::UnmodeledError;
use crate::shape::{
    Decode, Decoder, Encode, EncodeMembers, EncodeStream, Encoder, StreamHandle, Structure,
};
use crate::stream::ByteStream;

/// An event stream. `T` is the union whose members are the events.
///
/// To send, create it from a stream of events with [`new`](Self::new) or
/// [`try_new`](Self::try_new), from a list with `collect` or `From<Vec<_>>`, or event by event with
/// [`channel`](Self::channel). An event that is an error ends it.
///
/// To receive, read it as a `Stream`, or with [`event`](Self::event). A stream that was created
/// locally can be read in the same way, so that tests need no service. Dropping a stream stops its
/// sender.
///
/// A clone is another handle of the same stream: events that one handle reads or sends are gone for
/// the others, and sending a stream twice is an error. Two values are equal if they are handles of
/// one stream.
pub struct EventStream<T>(Arc<Mutex<State<T>>>);

enum State<T> {
    /// Events that were created locally.
    Local(Pin<Box<dyn Stream<Item = Result<T, UnmodeledError>> + Send>>),
    /// Events from the peer.
    Received(Received),
    /// The end of the stream.
    Ended,
    /// The stream was sent.
    Sent,
}

/// The error of a stream that is sent twice.
const ALREADY_SENT: &str = "the event stream was already sent; a stream can be consumed only once";

impl<T> EventStream<T> {
    fn of(state: State<T>) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream without events.
    pub fn empty() -> Self {
        Self::of(State::Ended)
    }

    /// A stream of the events in `stream`.
    pub fn new<S>(stream: S) -> Self
    where
        S: Stream<Item = T> + Send + 'static,
        T: 'static,
    {
        Self::of(State::Local(Box::pin(Certain(Box::pin(stream)))))
    }

    /// A stream of the events in `stream` up to its first error, whose code and message are sent to
    /// the peer.
    pub fn try_new<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        E: Into<UnmodeledError> + 'static,
        T: 'static,
    {
        Self::of(State::Local(Box::pin(Fallible(Box::pin(stream)))))
    }

    /// A stream of the events that a sender sends. The channel holds up to `capacity` of them.
    pub fn channel(capacity: usize) -> (EventSender<T>, Self)
    where
        T: Send + 'static,
    {
        let (sender, receiver) = channel::channel(capacity);
        (sender, Self::of(State::Local(Box::pin(receiver))))
    }
}

impl<T: Structure> EventStream<T> {
    /// The next event; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the peer sent an error or an invalid event, or if the stream broke off. The stream ends
    /// after an error.
    pub async fn event(&mut self) -> Result<Option<T>, StreamError<T>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx))
            .await
            .transpose()
    }
}

impl<T: Structure> Stream for EventStream<T> {
    type Item = Result<T, StreamError<T>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.state();
        let next = match &mut *state {
            State::Local(stream) => match ready!(stream.as_mut().poll_next(cx)) {
                Some(Ok(event)) if is_error(&event) => Some(Err(StreamError::Service(event))),
                Some(Ok(event)) => Some(Ok(event)),
                Some(Err(error)) => Some(Err(StreamError::Unmodeled(error))),
                None => None,
            },
            State::Received(received) => {
                let mut event = T::empty();
                ready!(received.poll_event(cx, &mut event)).map(|read| read.into_result(event))
            }
            State::Ended => None,
            State::Sent => Some(Err(StreamError::Broken(ALREADY_SENT.into()))),
        };
        if !matches!(next, Some(Ok(_))) {
            *state = State::Ended;
        }
        Poll::Ready(next)
    }
}

/// Whether the member that is set is an error.
fn is_error(union: &dyn EncodeMembers) -> bool {
    super::encode::error(union).is_some()
}

impl<T> Clone for EventStream<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for EventStream<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Default for EventStream<T> {
    fn default() -> Self {
        Self::empty()
    }
}

/// Does not show the events, which may be sensitive.
impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream")
    }
}

impl<T: Send + 'static> FromIterator<T> for EventStream<T> {
    fn from_iter<I: IntoIterator<Item = T>>(events: I) -> Self {
        Self::from(events.into_iter().collect::<Vec<_>>())
    }
}

impl<T: Send + 'static> From<Vec<T>> for EventStream<T> {
    fn from(events: Vec<T>) -> Self {
        Self::of(State::Local(Box::pin(Buffered(events.into_iter()))))
    }
}

impl<T: Structure + Send + 'static> EncodeStream for EventStream<T> {
    fn take(&self) -> Result<StreamHandle, EncodeError> {
        let mut state = self.state();
        match std::mem::replace(&mut *state, State::Sent) {
            State::Sent => Err(EncodeError::new(ALREADY_SENT)),
            events => {
                let source: Box<dyn EventSource> = Box::new(Self::of(events));
                Ok(StreamHandle::new(source))
            }
        }
    }
}

impl<T: Structure + Send + 'static> Encode for EventStream<T> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.stream(member, self)
    }
}

impl<T: Structure> Decode for EventStream<T> {
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let incoming = decoder
            .stream(member)?
            .and_then(|stream| stream.downcast::<Incoming>().ok())
            .ok_or_else(|| DecodeError::mismatch("a stream of events", "another value"))?;
        Ok(Self::of(State::Received(Received::new(incoming))))
    }

    fn empty() -> Self {
        Self::empty()
    }
}

/// An event stream to send, of any type.
pub(crate) trait EventSource: Send {
    /// Encodes the events as messages. `codec` encodes their documents.
    fn into_messages(self: Box<Self>, codec: &'static dyn Codec) -> ByteStream;
}

impl<T: Structure + Send + 'static> EventSource for EventStream<T> {
    fn into_messages(self: Box<Self>, codec: &'static dyn Codec) -> ByteStream {
        ByteStream::new(Outgoing::new(*self, codec))
    }
}

/// A stream that cannot fail.
struct Certain<S>(Pin<Box<S>>);

impl<S: Stream> Stream for Certain<S> {
    type Item = Result<S::Item, UnmodeledError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|event| event.map(Ok))
    }
}

/// A stream that can fail.
struct Fallible<S>(Pin<Box<S>>);

impl<S, T, E> Stream for Fallible<S>
where
    S: Stream<Item = Result<T, E>>,
    E: Into<UnmodeledError>,
{
    type Item = Result<T, UnmodeledError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(cx);
        next.map(|event| event.map(|event| event.map_err(Into::into)))
    }
}

/// Buffered events.
struct Buffered<T>(std::vec::IntoIter<T>);

/// Nothing is pinned.
impl<T> Unpin for Buffered<T> {}

impl<T> Stream for Buffered<T> {
    type Item = Result<T, UnmodeledError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}
