//! A call, from the method that makes it to the output.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Uri;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::core::{Options, Shared, run};
use super::error::{Class, Error, Failure};
use super::reply::{Metadata, Reply};
use super::retry::Retries;
use crate::error::OperationError;
use crate::http::request::Prepared;
use crate::service::Operation;
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
    Running(Pin<Box<dyn Future<Output = Result<Reply, Failure>> + Send>>),
    Done,
}

/// A call that was not begun.
pub(super) struct Pending {
    pub(super) shared: Arc<Shared>,
    pub(super) operation: &'static Operation,
    pub(super) request: Result<(Uri, Prepared), Failure>,
    /// Headers that the caller adds.
    pub(super) headers: Option<Result<HeaderMap, Failure>>,
    pub(super) options: Options,
}

impl RawCall {
    pub(super) fn new(pending: Pending) -> Self {
        Self(Stage::Pending(Box::new(pending)))
    }

    fn pending(&mut self) -> Option<&mut Pending> {
        match &mut self.0 {
            Stage::Pending(pending) => Some(pending),
            Stage::Running(_) | Stage::Done => None,
        }
    }

    fn header(&mut self, name: &str, value: &str) {
        let Some(pending) = self.pending() else {
            return;
        };
        let pair = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_str(value).ok());
        match (pair, &mut pending.headers) {
            (_, Some(Err(_))) => {}
            (Some((name, value)), headers) => {
                if let Ok(headers) = headers.get_or_insert_with(|| Ok(HeaderMap::new())) {
                    headers.insert(name, value);
                }
            }
            (None, headers) => {
                let what = format!("`{name}` and its value are no header");
                *headers = Some(Err(Failure::new(
                    Class::Request,
                    pending.operation.name,
                    what,
                )));
            }
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Reply, Failure>> {
        if let Stage::Pending(_) = self.0 {
            let Stage::Pending(pending) = std::mem::replace(&mut self.0, Stage::Done) else {
                unreachable!("it was looked at just now")
            };
            self.0 = Stage::Running(Box::pin(run(pending)));
        }
        let Stage::Running(running) = &mut self.0 else {
            panic!("a call is not polled again once it is ready")
        };
        let reply = ready!(running.as_mut().poll(cx));
        self.0 = Stage::Done;
        Poll::Ready(reply)
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

    /// The time for the whole call, waits and further attempts included.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|pending| pending.options.call_timeout = Some(timeout))
    }

    /// The time for one attempt, from the first byte sent to the last one received.
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
            Ok(reply) => reply.into_result().map(|(output, _)| output),
            Err(failure) => Err(failure.into()),
        })
    }
}

impl<O: Structure, E: OperationError> Future for WithMetadata<O, E> {
    type Output = Result<(O, Metadata), Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.0.raw.poll(cx)) {
            Ok(reply) => reply.into_result(),
            Err(failure) => Err(failure.into()),
        })
    }
}
