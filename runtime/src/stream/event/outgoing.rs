//! Outgoing event streams: bodies whose chunks are messages.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream as _;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::encode;
use super::error::StreamError;
use super::stream::EventStream;
use crate::codec::Codec;
use crate::http::{Body, BoxError};
use crate::service_error::UnmodeledError;
use crate::shape::Structure;

/// The messages of a stream. An event that cannot be encoded ends the stream with an error.
pub(super) struct Outgoing<T> {
    events: EventStream<T>,
    codec: &'static dyn Codec,
    ended: bool,
}

impl<T> Outgoing<T> {
    pub(super) fn new(events: EventStream<T>, codec: &'static dyn Codec) -> Self {
        Self {
            events,
            codec,
            ended: false,
        }
    }
}

impl<T: Structure> HttpBody for Outgoing<T> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let Some(event) = ready!(Pin::new(&mut self.events).poll_next(cx)) else {
            self.ended = true;
            return Poll::Ready(None);
        };
        let message = match event {
            Ok(event) => encode::event(self.codec, &event),
            Err(error) => {
                self.ended = true;
                last(self.codec, error)
            }
        };
        let frame = message.and_then(|message| message.encode());
        self.ended |= frame.is_err();
        Poll::Ready(Some(frame.map(Frame::data).map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}

/// The message for the error that ends a stream. An error from another event stream is passed on as
/// text.
fn last<T: Structure>(
    codec: &dyn Codec,
    error: StreamError<T>,
) -> Result<super::Message, crate::EncodeError> {
    match error {
        StreamError::Service(event) => encode::event(codec, &event),
        StreamError::Unmodeled(error) => Ok(encode::unmodeled(&error)),
        other => Ok(encode::unmodeled(&UnmodeledError::from(other))),
    }
}

/// A body with a message in front of it.
pub(crate) struct Prefixed {
    first: Option<Bytes>,
    body: Body,
}

impl Prefixed {
    pub(crate) fn new(first: Bytes, body: Body) -> Self {
        Self {
            first: Some(first),
            body,
        }
    }
}

impl HttpBody for Prefixed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Pin::new(&mut self.body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
