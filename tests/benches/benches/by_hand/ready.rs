//! Futures that do not wait.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a future is ready with at once.
///
/// # Panics
/// When it waits: then something else than the code at hand would be measured.
pub(crate) fn ready<F: IntoFuture>(future: F) -> F::Output {
    let mut future = pin!(future.into_future());
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("in memory nothing waits"),
    }
}
