//! The shared body behind a `ByteStream`, and its conversion from and to HTTP bodies.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{ByteStream, Repr};
use crate::http::body::BodyError;
use crate::http::length::Measured;
use crate::http::{Body, BoxError};

/// The error of a stream that is sent twice.
pub(super) const ALREADY_CONSUMED: &str =
    "the stream was already sent or read; a stream can be consumed only once";

/// A body that several handles share. The first that takes it consumes it.
#[derive(Clone)]
pub(super) struct SharedBody(Arc<Mutex<State>>);

struct State {
    /// `None` once it has been taken.
    body: Option<Body>,
    /// The number of chunks that were read.
    chunks: u64,
}

impl SharedBody {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the body away from all handles.
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
        let State { body, chunks } = &mut *self.state();
        let Some(body) = body else {
            return Poll::Ready(Some(Err(BodyError::AlreadyConsumed.into())));
        };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        *chunks += 1;
        Poll::Ready(frame)
    }
}

impl From<Body> for ByteStream {
    fn from(body: Body) -> Self {
        match body.into_bytes() {
            Ok(bytes) => Self::from(bytes),
            Err(body) => Self(Repr::Shared(SharedBody(Arc::new(Mutex::new(State {
                body: Some(body),
                chunks: 0,
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
    /// A stream over any body.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::from(Body::new(body))
    }

    /// A stream of chunks. Its length is unknown unless [`with_length`](Self::with_length) sets it.
    pub fn from_stream<S, D, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<D, E>> + Send + 'static,
        D: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::new(Chunks(Box::pin(stream)))
    }

    /// Sets the number of bytes in the stream. A stream that is longer or shorter fails with an
    /// error.
    #[must_use]
    pub fn with_length(self, bytes: u64) -> Self {
        Self::new(Measured::exactly(self.into_body(), bytes))
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the stream breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, BoxError> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx))
            .await
            .transpose()
    }

    /// Reads all bytes, without a limit.
    ///
    /// # Errors
    ///
    /// If the stream breaks off.
    pub async fn collect(self) -> Result<Bytes, BodyError> {
        self.collect_within(usize::MAX).await
    }

    /// Reads all bytes, up to `limit`.
    ///
    /// # Errors
    ///
    /// If the stream breaks off or is longer than `limit`.
    pub async fn collect_within(self, limit: usize) -> Result<Bytes, BodyError> {
        self.into_body().collect(limit).await
    }

    /// Converts the stream to a body, and takes it away from all other handles.
    pub fn into_body(self) -> Body {
        match self.0 {
            Repr::Bytes(bytes) => Body::from(bytes),
            Repr::Shared(shared) => match shared.take() {
                Some(body) => body,
                // Reading it returns the error.
                None => Body::new(Self(Repr::Shared(shared))),
            },
        }
    }

    /// Rewinds the stream and takes it away from all other handles, unless part of it was read.
    /// Returns whether the stream can be sent again.
    pub(crate) fn rewind(&mut self) -> bool {
        let Repr::Shared(shared) = &self.0 else {
            return true;
        };
        let body = {
            let mut state = shared.state();
            if state.chunks > 0 {
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

    /// The number of chunks that were read; always 0 for buffered bytes.
    #[cfg(feature = "client")]
    pub(crate) fn chunks(&self) -> u64 {
        match &self.0 {
            Repr::Bytes(_) => 0,
            Repr::Shared(shared) => shared.state().chunks,
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
            Repr::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Repr::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Repr::Shared(shared) => shared.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Repr::Bytes(bytes) => bytes.is_empty(),
            Repr::Shared(shared) => {
                let state = shared.state();
                state.body.as_ref().is_some_and(HttpBody::is_end_stream)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Repr::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Repr::Shared(shared) => {
                let state = shared.state();
                state
                    .body
                    .as_ref()
                    .map_or_else(SizeHint::default, HttpBody::size_hint)
            }
        }
    }
}

/// The chunks, without the trailers of the body.
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

/// A stream of chunks as a body.
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
        let chunk = self.0.as_mut().poll_next(cx);
        chunk.map(|chunk| {
            chunk.map(|chunk| {
                chunk
                    .map(|data| Frame::data(data.into()))
                    .map_err(Into::into)
            })
        })
    }
}
