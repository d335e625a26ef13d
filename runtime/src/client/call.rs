//! A call: the future that a method of a client returns.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use super::attempt::{self, PreparedCall};
use super::error::{CallError, Error, ErrorClass};
#[cfg(feature = "sigv4")]
use super::presign;
use super::receive::CallResult;
use super::reply::Metadata;
use super::retry::RetryPolicy;
#[cfg(feature = "sigv4")]
use crate::aws::sigv4::PresignedRequest;
use crate::service_error::OperationError;
use crate::shape::Structure;

/// A call of an operation. Await it to send the request and get the output.
///
/// The methods override settings of the client for this call. Dropping a call cancels it.
#[must_use = "a call sends nothing until it is awaited"]
pub struct Call<O, E> {
    raw: RawCall,
    types: PhantomData<fn() -> (O, E)>,
}

/// A call that returns the [`Metadata`] of the response along with the output.
#[must_use = "a call sends nothing until it is awaited"]
pub struct WithMetadata<O, E>(Call<O, E>);

/// A call without the types of its output and error.
enum RawCall {
    Prepared(Box<PreparedCall>),
    /// The request could not be built.
    Failed(CallError),
    Running(Pin<Box<dyn Future<Output = CallResult> + Send>>),
    Done,
}

impl RawCall {
    fn prepared(&mut self) -> Option<&mut PreparedCall> {
        match self {
            Self::Prepared(call) => Some(call),
            Self::Failed(_) | Self::Running(_) | Self::Done => None,
        }
    }

    fn header(&mut self, name: &str, value: &str) {
        let Some(call) = self.prepared() else {
            return;
        };
        let pair = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_str(value).ok());
        if let Some((name, value)) = pair {
            call.request.headers.insert(name, value);
        } else {
            let message = format!("the header `{name}` has an invalid name or value");
            let error = CallError::new(ErrorClass::Request, call.operation.name, message);
            *self = Self::Failed(error);
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<CallResult> {
        loop {
            match std::mem::replace(self, Self::Done) {
                Self::Prepared(call) => *self = Self::Running(Box::pin(attempt::run(call))),
                Self::Failed(error) => return Poll::Ready(Err(error)),
                Self::Running(mut running) => match running.as_mut().poll(cx) {
                    Poll::Ready(result) => return Poll::Ready(result),
                    Poll::Pending => {
                        *self = Self::Running(running);
                        return Poll::Pending;
                    }
                },
                Self::Done => panic!("a call was polled after it had completed"),
            }
        }
    }
}

impl<O, E> Call<O, E> {
    pub(super) fn new(prepared: Result<Box<PreparedCall>, CallError>) -> Self {
        Self {
            raw: match prepared {
                Ok(call) => RawCall::Prepared(call),
                Err(error) => RawCall::Failed(error),
            },
            types: PhantomData,
        }
    }

    fn set(mut self, set: impl FnOnce(&mut PreparedCall)) -> Self {
        if let Some(call) = self.raw.prepared() {
            set(call);
        }
        self
    }

    /// Sets the timeout of the call, including further attempts and the delays between them; see
    /// [`Builder::timeout`](super::Builder::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|call| call.options.call_timeout = Some(timeout))
    }

    /// Sets the timeout of each attempt; see
    /// [`Builder::attempt_timeout`](super::Builder::attempt_timeout).
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.set(|call| call.options.attempt_timeout = Some(timeout))
    }

    /// Sets the retry policy, for example a [`RetryConfig`](super::RetryConfig).
    pub fn retries(self, policy: impl RetryPolicy) -> Self {
        self.set(|call| call.options.retries = Arc::new(policy))
    }

    /// Keeps the first label of the path out of the host, or moves it there if it is valid; see
    /// [`Builder::force_path_style`](super::Builder::force_path_style).
    #[cfg(feature = "customizations")]
    pub fn force_path_style(mut self, force: bool) -> Self {
        if let Some(call) = self.raw.prepared()
            && let Err(error) = call.force_path_style(force)
        {
            self.raw = RawCall::Failed(error);
        }
        self
    }

    /// Adds a header to the request, or replaces the one of the same name. It is signed as well.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.raw.header(name, value);
        self
    }

    /// Signs the request in its URI, so that anyone can send it within the time `expires_in`,
    /// without credentials. Nothing is sent.
    ///
    /// The signature covers the body, unless it is a stream: then leave it empty, and the sender
    /// chooses it.
    ///
    /// # Errors
    ///
    /// If the client does not sign requests, if the operation sends events, if its streaming body
    /// is not empty, or if `expires_in` is not between a second and seven days.
    ///
    /// # Panics
    ///
    /// If the call was polled before.
    #[cfg(feature = "sigv4")]
    pub async fn presign(self, expires_in: Duration) -> Result<PresignedRequest, CallError> {
        match self.raw {
            RawCall::Prepared(call) => presign::presign(call, expires_in).await,
            RawCall::Failed(error) => Err(error),
            RawCall::Running(_) | RawCall::Done => {
                panic!("a call was presigned after it had been sent")
            }
        }
    }

    /// Returns the status, headers and request ID of the response along with the output.
    pub fn with_metadata(self) -> WithMetadata<O, E> {
        WithMetadata(self)
    }
}

impl<O: Structure, E: OperationError> Future for Call<O, E> {
    type Output = Result<O, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.raw.poll(cx)) {
            Ok(reply) => reply.read(),
            Err(error) => Err(error.into()),
        })
    }
}

impl<O: Structure, E: OperationError> Future for WithMetadata<O, E> {
    type Output = Result<(O, Metadata), Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.0.raw.poll(cx)) {
            Ok(reply) => reply.read().map(|output| (output, reply.into_metadata())),
            Err(error) => Err(error.into()),
        })
    }
}
