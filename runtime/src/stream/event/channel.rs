//! An event stream whose events are sent one by one.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;

use crate::service_error::UnmodeledError;

/// Sends the events of a stream; see [`EventStream::channel`](super::EventStream::channel). The
/// stream ends when the last clone is dropped.
pub struct EventSender<T>(mpsc::Sender<Result<T, UnmodeledError>>);

/// The other end of the channel.
pub(super) struct Receiver<T>(mpsc::Receiver<Result<T, UnmodeledError>>);

pub(super) fn channel<T>(capacity: usize) -> (EventSender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel(capacity.max(1));
    (EventSender(sender), Receiver(receiver))
}

impl<T> EventSender<T> {
    /// Sends an event, and waits while the channel is full. An event that is an error ends the
    /// stream.
    ///
    /// # Errors
    ///
    /// If the receiver is gone because the call has ended, was cancelled or broke off. The error
    /// contains the event.
    pub async fn send(&self, event: T) -> Result<(), Closed<T>> {
        let sent = self.0.send(Ok(event)).await;
        sent.map_err(|mpsc::error::SendError(event)| Closed(event.ok()))
    }

    /// Ends the stream with an unmodeled error.
    ///
    /// # Errors
    ///
    /// If the receiver is gone.
    pub async fn fail(self, error: UnmodeledError) -> Result<(), Closed<T>> {
        let sent = self.0.send(Err(error)).await;
        sent.map_err(|_| Closed(None))
    }

    /// Waits until the receiver is gone.
    pub async fn closed(&self) {
        self.0.closed().await;
    }

    /// Whether the receiver is gone.
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }
}

impl<T> Clone for EventSender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for EventSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSender")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

impl<T> Stream for Receiver<T> {
    type Item = Result<T, UnmodeledError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}

/// The receiver of the events is gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Closed<T>(Option<T>);

impl<T> Closed<T> {
    /// The event that was not sent.
    pub fn into_event(self) -> Option<T> {
        self.0
    }
}

/// Does not show the event, which may be sensitive.
impl<T> fmt::Debug for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closed")
    }
}

impl<T> fmt::Display for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the receiver of this event stream is gone")
    }
}

impl<T> Error for Closed<T> {}
