//! Runs futures that do not wait.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The output of a future that is ready at once.
///
/// # Panics
/// If the future waits: then the bench would measure something else.
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
