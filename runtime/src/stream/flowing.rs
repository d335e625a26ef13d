//! Streams that come and go with HTTP messages.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{ByteStream, Kind};
use crate::http::body::BodyError;
use crate::http::length::Measured;
use crate::http::{Body, BoxError};

/// Why a stream cannot be sent.
pub(super) const TAKEN: &str = "the stream was sent or read before, and streams are read once";

/// A stream that several handles share.
#[derive(Clone)]
pub(super) struct Flow(Arc<Mutex<State>>);

struct State {
    /// `None` once it was taken.
    body: Option<Body>,
    /// How many pieces were read.
    pieces: u64,
}

impl Flow {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the stream away from all handles.
    pub(super) fn take(&self) -> Option<Body> {
        self.state().body.take()
    }

    pub(super) fn length(&self) -> Option<u64> {
        let state = self.state();
        HttpBody::size_hint(state.body.as_ref()?).exact()
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn poll_frame(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let State { body, pieces } = &mut *self.state();
        let Some(body) = body else {
            return Poll::Ready(Some(Err(BodyError::Taken.into())));
        };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        *pieces += 1;
        Poll::Ready(frame)
    }
}

impl From<Body> for ByteStream {
    fn from(body: Body) -> Self {
        match body.into_bytes() {
            Ok(bytes) => Self::from(bytes),
            Err(body) => Self(Kind::Flow(Flow(Arc::new(Mutex::new(State {
                body: Some(body),
                pieces: 0,
            }))))),
        }
    }
}

impl From<ByteStream> for Body {
    fn from(stream: ByteStream) -> Self {
        stream.into_body()
    }
}

impl ByteStream {
    /// A stream of any body.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::from(Body::new(body))
    }

    /// A stream of pieces, whose length nobody knows: [`with_length`](Self::with_length) says it.
    pub fn from_stream<S, D, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<D, E>> + Send + 'static,
        D: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::new(Chunks(Box::pin(stream)))
    }

    /// The same stream, of which it is known how many bytes are to come. One that brings more or less breaks off with an error.
    #[must_use]
    pub fn with_length(self, bytes: u64) -> Self {
        Self::new(Measured::exactly(self.into_body(), bytes))
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the stream breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, BoxError> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx))
            .await
            .transpose()
    }

    /// All bytes, however many there are.
    ///
    /// # Errors
    /// When the stream breaks off.
    pub async fn collect(self) -> Result<Bytes, BodyError> {
        self.collect_within(usize::MAX).await
    }

    /// All bytes, if they are no more than `limit`.
    ///
    /// # Errors
    /// When the stream breaks off or is longer.
    pub async fn collect_within(self, limit: usize) -> Result<Bytes, BodyError> {
        self.into_body().collect(limit).await
    }

    /// The stream as a body, which is taken away from all other handles.
    pub fn into_body(self) -> Body {
        match self.0 {
            Kind::Bytes(bytes) => Body::from(bytes),
            Kind::Flow(flow) => match flow.take() {
                Some(body) => body,
                // What reads it is told.
                None => Body::new(Self(Kind::Flow(flow))),
            },
        }
    }

    /// Takes the stream away from all other handles, unless some of it was read.
    pub(crate) fn rewind(&mut self) -> bool {
        let Kind::Flow(flow) = &self.0 else {
            return true;
        };
        let body = {
            let mut state = flow.state();
            if state.pieces > 0 {
                None
            } else {
                state.body.take()
            }
        };
        let rewound = body.is_some();
        if let Some(body) = body {
            *self = Self::from(body);
        }
        rewound
    }

    /// How many pieces were read; bytes at hand stay as they are.
    #[cfg(feature = "client")]
    pub(crate) fn pieces(&self) -> u64 {
        match &self.0 {
            Kind::Bytes(_) => 0,
            Kind::Flow(flow) => flow.state().pieces,
        }
    }
}

impl HttpBody for ByteStream {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Kind::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Flow(flow) => flow.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Bytes(bytes) => bytes.is_empty(),
            Kind::Flow(flow) => {
                let state = flow.state();
                state.body.as_ref().is_some_and(HttpBody::is_end_stream)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Flow(flow) => {
                let state = flow.state();
                state
                    .body
                    .as_ref()
                    .map_or_else(SizeHint::default, HttpBody::size_hint)
            }
        }
    }
}

/// The pieces; what trails a body is left out.
impl Stream for ByteStream {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(frame) = ready!(self.as_mut().poll_frame(cx)) else {
                return Poll::Ready(None);
            };
            if let Ok(data) = frame?.into_data() {
                return Poll::Ready(Some(Ok(data)));
            }
        }
    }
}

/// The pieces of a stream as a body.
struct Chunks<S>(Pin<Box<S>>);

impl<S, D, E> HttpBody for Chunks<S>
where
    S: Stream<Item = Result<D, E>>,
    D: Into<Bytes>,
    E: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let piece = self.0.as_mut().poll_next(cx);
        piece.map(|piece| {
            piece.map(|piece| {
                piece
                    .map(|data| Frame::data(data.into()))
                    .map_err(Into::into)
            })
        })
    }
}
