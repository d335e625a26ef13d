//! Bodies with an idle timeout.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::body::{BodyError, BoxError};

/// A body that fails with [`BodyError::Stalled`] when a read waits too long for the next frame.
pub(crate) struct IdleTimeoutBody<B> {
    body: Pin<Box<B>>,
    timeout: Duration,
    /// Runs while a read waits.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl<B> IdleTimeoutBody<B> {
    pub(crate) fn new(body: B, timeout: Duration) -> Self {
        Self {
            body: Box::pin(body),
            timeout,
            sleep: None,
        }
    }
}

impl<B> HttpBody for IdleTimeoutBody<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.body.is_end_stream() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(frame) = self.body.as_mut().poll_frame(cx) {
            self.sleep = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let timeout = self.timeout;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(timeout)));
        sleep
            .as_mut()
            .poll(cx)
            .map(|()| Some(Err(BodyError::Stalled { timeout }.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
