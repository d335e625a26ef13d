//! Streams of events, from the side of the caller.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::oneshot;

use crate::http::{Body, BoxError};
use crate::protocol::service::Operation;

/// Lasts as long as anybody waits for an answer, or for its events.
pub(super) struct Tie {
    _to: oneshot::Sender<Infallible>,
}

/// Ends the events that are sent when the call is over or cancelled: nobody hears them, and a connection would hold the stream open otherwise.
pub(super) fn tie(operation: &Operation, request: &mut Request<Body>) -> Option<Tie> {
    operation.input.events()?;
    let (to, gone) = oneshot::channel();
    let body = std::mem::take(request.body_mut());
    if body.is_end_stream() {
        return None;
    }
    *request.body_mut() = Body::new(Tied {
        body: Some(body),
        gone,
    });
    Some(Tie { _to: to })
}

/// Lets the events that are sent last as long as those that are received.
pub(super) fn hold(
    operation: &Operation,
    response: Response<Body>,
    tie: &mut Option<Tie>,
) -> Response<Body> {
    match tie.take_if(|_| operation.output.events().is_some()) {
        Some(tie) => response.map(|body| Body::new(Holding { body, _tie: tie })),
        None => response,
    }
}

/// A body that ends when nobody waits any more.
struct Tied {
    /// `None` once it has ended.
    body: Option<Body>,
    gone: oneshot::Receiver<Infallible>,
}

impl HttpBody for Tied {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Self { body, gone } = &mut *self;
        let Some(open) = body else {
            return Poll::Ready(None);
        };
        if Pin::new(gone).poll(cx).is_ready() {
            *body = None;
            return Poll::Ready(Some(Err("the call is over".into())));
        }
        let frame = ready!(Pin::new(open).poll_frame(cx));
        if frame.is_none() {
            *body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}

struct Holding {
    body: Body,
    _tie: Tie,
}

impl HttpBody for Holding {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
