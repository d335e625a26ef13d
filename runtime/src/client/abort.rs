//! Aborts the event stream of a request when its call ends.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::oneshot;

use crate::http::{Body, BoxError};
use crate::protocol::service::Operation;

/// Aborts the body of a request when it is dropped.
pub(super) struct AbortOnDrop {
    _alive: oneshot::Sender<Infallible>,
}

/// Makes the events of a request abortable. Once the call has ended or was cancelled nobody needs
/// them, but the connection would keep the stream open.
pub(super) fn abort_on_drop(
    operation: &Operation,
    request: &mut Request<Body>,
) -> Option<AbortOnDrop> {
    operation.input.events()?;
    let (alive, dropped) = oneshot::channel();
    let body = std::mem::take(request.body_mut());
    if body.is_end_stream() {
        return None;
    }
    *request.body_mut() = Body::new(AbortableBody {
        body: Some(body),
        dropped,
    });
    Some(AbortOnDrop { _alive: alive })
}

/// Keeps the events of the request alive for as long as the events of the response.
pub(super) fn keep_until_end(
    operation: &Operation,
    response: Response<Body>,
    guard: &mut Option<AbortOnDrop>,
) -> Response<Body> {
    match guard.take_if(|_| operation.output.events().is_some()) {
        Some(guard) => response.map(|body| {
            Body::new(GuardedBody {
                body,
                _guard: guard,
            })
        }),
        None => response,
    }
}

/// A body that breaks off when its [`AbortOnDrop`] is dropped.
struct AbortableBody {
    /// `None` once it has ended.
    body: Option<Body>,
    dropped: oneshot::Receiver<Infallible>,
}

impl HttpBody for AbortableBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Self { body, dropped } = &mut *self;
        let Some(open) = body else {
            return Poll::Ready(None);
        };
        if Pin::new(dropped).poll(cx).is_ready() {
            *body = None;
            return Poll::Ready(Some(Err("the call has ended".into())));
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

/// The body of a response, which keeps that of the request alive.
struct GuardedBody {
    body: Body,
    _guard: AbortOnDrop,
}

impl HttpBody for GuardedBody {
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
