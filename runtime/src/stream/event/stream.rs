//! The type of members that are streams of events.

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

/// A stream of events: `T` is the union that has them as members.
///
/// It is made of any stream of events by [`new`](Self::new) or [`try_new`](Self::try_new), of events at hand by `collect` or `From<Vec<_>>`, and of what is sent
/// one by one by [`channel`](Self::channel). An event that is an error ends it.
///
/// It is read as a `Stream`, or with [`event`](Self::event). What was made is read as it was made, so that no service is needed for tests. Dropping it tells the
/// sender to stop.
///
/// A clone is another handle of the same stream: what is read or sent by one is gone for the other, and sending a stream that was sent already is an
/// error. Two are equal when they are handles of one stream.
pub struct EventStream<T>(Arc<Mutex<State<T>>>);

enum State<T> {
    /// Events of this side.
    Made(Pin<Box<dyn Stream<Item = Result<T, UnmodeledError>> + Send>>),
    /// Events of the other side.
    Received(Received),
    /// Nothing comes any more.
    Ended,
    /// It was sent.
    Taken,
}

/// Why a stream cannot be sent.
const TAKEN: &str = "the stream of events was sent before, and streams are read once";

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

    /// A stream of the events that `stream` gives.
    pub fn new<S>(stream: S) -> Self
    where
        S: Stream<Item = T> + Send + 'static,
        T: 'static,
    {
        Self::of(State::Made(Box::pin(Certain(Box::pin(stream)))))
    }

    /// A stream of the events that `stream` gives, until it fails: then the other side is told code and message.
    pub fn try_new<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        E: Into<UnmodeledError> + 'static,
        T: 'static,
    {
        Self::of(State::Made(Box::pin(Fallible(Box::pin(stream)))))
    }

    /// A stream of the events that are sent; `capacity` of them wait before the sender has to.
    pub fn channel(capacity: usize) -> (EventSender<T>, Self)
    where
        T: Send + 'static,
    {
        let (sender, receiver) = channel::channel(capacity);
        (sender, Self::of(State::Made(Box::pin(receiver))))
    }
}

impl<T: Structure> EventStream<T> {
    /// The next event; `None` at the end.
    ///
    /// # Errors
    /// The other side sent an error, or something that is no event; or the stream broke off. There is no event after an error.
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
            State::Made(stream) => match ready!(stream.as_mut().poll_next(cx)) {
                Some(Ok(event)) if is_error(&event) => Some(Err(StreamError::Service(event))),
                Some(Ok(event)) => Some(Ok(event)),
                Some(Err(error)) => Some(Err(StreamError::Unmodeled(error))),
                None => None,
            },
            State::Received(received) => {
                let mut event = T::empty();
                ready!(received.poll_event(cx, &mut event)).map(|what| what.of(event))
            }
            State::Ended => None,
            State::Taken => Some(Err(StreamError::Broken(TAKEN.into()))),
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

/// Events may be sensitive and are not shown.
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
        Self::of(State::Made(Box::pin(AtHand(events.into_iter()))))
    }
}

impl<T: Structure + Send + 'static> EncodeStream for EventStream<T> {
    fn take(&self) -> Result<StreamHandle, EncodeError> {
        let mut state = self.state();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Taken => Err(EncodeError::new(TAKEN)),
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

/// A stream of events that is sent, whatever its type.
pub(crate) trait EventSource: Send {
    /// The events as messages. Their documents are written by `codec`.
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

/// Events at hand.
struct AtHand<T>(std::vec::IntoIter<T>);

/// Nothing is pinned.
impl<T> Unpin for AtHand<T> {}

impl<T> Stream for AtHand<T> {
    type Item = Result<T, UnmodeledError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}
