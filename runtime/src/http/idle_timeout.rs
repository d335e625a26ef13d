//! Bodies that must not stall.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::body::{BodyError, BoxError};

/// A body whose next piece comes in time while it is waited for, or which breaks off with [`BodyError::Stalled`].
pub(crate) struct Timed<B> {
    body: Pin<Box<B>>,
    timeout: Duration,
    patience: Patience,
    /// Runs while nothing comes.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl<B> Timed<B> {
    pub(crate) fn new(body: B, timeout: Duration) -> Self {
        Self {
            body: Box::pin(body),
            timeout,
            patience: Patience::default(),
            sleep: None,
        }
    }

    /// A body that may stall once `patience` has become endless.
    #[cfg_attr(
        not(feature = "serve"),
        expect(dead_code, reason = "a listener does not know what comes")
    )]
    pub(crate) fn unless(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }
}

/// Whether a body may stall as long as it likes: events come when something happens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patience(Arc<AtomicBool>);

impl Patience {
    #[cfg(feature = "serve")]
    pub(crate) fn make_endless(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_endless(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<B> HttpBody for Timed<B>
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
        if self.patience.is_endless() {
            return Poll::Pending;
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
