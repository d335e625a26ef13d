//! A call, from the method that makes it to the output.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Uri;
use http::header::{HeaderName, HeaderValue};

use super::core::{Options, Shared, run};
use super::error::{Class, Error, Failure};
use super::reply::{Metadata, Reply};
use super::retry::Retries;
use crate::protocol::request::Prepared;
use crate::protocol::service::Operation;
use crate::service_error::OperationError;
use crate::shape::Structure;

/// A call of an operation: await it to get the output.
///
/// What the client decides for all calls can be decided otherwise for this one, before it is awaited.
/// Dropping it cancels the request.
#[must_use = "nothing is sent before a call is awaited"]
pub struct Call<O, E> {
    raw: RawCall,
    types: PhantomData<fn() -> (O, E)>,
}

/// A call that gives what came along with the output too.
#[must_use = "nothing is sent before a call is awaited"]
pub struct WithMetadata<O, E>(Call<O, E>);

/// A call without the types of its output and error.
pub(super) struct RawCall(Stage);

enum Stage {
    Pending(Box<Pending>),
    /// The call cannot be made.
    Failed(Failure),
    Running(Pin<Box<dyn Future<Output = Outcome> + Send>>),
    Done,
}

/// What becomes of a call. Both are boxed: they pass through many hands.
pub(super) type Outcome = Result<Box<Reply>, Failure>;

/// A call that was not begun.
pub(super) struct Pending {
    pub(super) shared: Arc<Shared>,
    pub(super) operation: &'static Operation,
    pub(super) uri: Uri,
    pub(super) request: Prepared,
    pub(super) options: Options,
}

impl RawCall {
    pub(super) fn new(pending: Result<Box<Pending>, Failure>) -> Self {
        Self(match pending {
            Ok(pending) => Stage::Pending(pending),
            Err(failure) => Stage::Failed(failure),
        })
    }

    fn pending(&mut self) -> Option<&mut Pending> {
        match &mut self.0 {
            Stage::Pending(pending) => Some(pending),
            Stage::Failed(_) | Stage::Running(_) | Stage::Done => None,
        }
    }

    fn header(&mut self, name: &str, value: &str) {
        let Some(pending) = self.pending() else {
            return;
        };
        let pair = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_str(value).ok());
        if let Some((name, value)) = pair {
            pending.request.headers.insert(name, value);
        } else {
            let what = format!("`{name}` and its value are no header");
            let failure = Failure::new(Class::Request, pending.operation.name, what);
            self.0 = Stage::Failed(failure);
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        loop {
            match std::mem::replace(&mut self.0, Stage::Done) {
                Stage::Pending(pending) => self.0 = Stage::Running(Box::pin(run(pending))),
                Stage::Failed(failure) => return Poll::Ready(Err(failure)),
                Stage::Running(mut running) => match running.as_mut().poll(cx) {
                    Poll::Ready(outcome) => return Poll::Ready(outcome),
                    Poll::Pending => {
                        self.0 = Stage::Running(running);
                        return Poll::Pending;
                    }
                },
                Stage::Done => panic!("a call is not polled again once it is ready"),
            }
        }
    }
}

impl<O, E> Call<O, E> {
    pub(super) fn new(raw: RawCall) -> Self {
        Self {
            raw,
            types: PhantomData,
        }
    }

    fn set(mut self, set: impl FnOnce(&mut Pending)) -> Self {
        if let Some(pending) = self.raw.pending() {
            set(pending);
        }
        self
    }

    /// The time for the whole call, waits and further attempts included; of streams, what [`Builder::attempt_timeout`](super::Builder::attempt_timeout) says.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|pending| pending.options.call_timeout = Some(timeout))
    }

    /// The time for one attempt, from the first byte sent to the last one received; of streams, what
    /// [`Builder::attempt_timeout`](super::Builder::attempt_timeout) says.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.set(|pending| pending.options.attempt_timeout = Some(timeout))
    }

    /// How often the call is tried.
    pub fn retries(self, retries: Retries) -> Self {
        self.set(|pending| pending.options.retries = retries)
    }

    /// Adds a header to the request; it is signed with the rest and replaces one of the same name.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.raw.header(name, value);
        self
    }

    /// Gives status, headers and request id along with the output.
    pub fn with_metadata(self) -> WithMetadata<O, E> {
        WithMetadata(self)
    }
}

impl<O: Structure, E: OperationError> Future for Call<O, E> {
    type Output = Result<O, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.raw.poll(cx)) {
            Ok(reply) => reply.read(),
            Err(failure) => Err(failure.into()),
        })
    }
}

impl<O: Structure, E: OperationError> Future for WithMetadata<O, E> {
    type Output = Result<(O, Metadata), Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.0.raw.poll(cx)) {
            Ok(reply) => reply.read().map(|output| (output, reply.into_metadata())),
            Err(failure) => Err(failure.into()),
        })
    }
}
