//! A call from the router to the implementation and back.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Response;

use crate::error::EncodeError;
use crate::http::Body;
use crate::protocol::ServerProtocol;
use crate::protocol::bind::decode::ReceivedParts;
use crate::protocol::content::Content;
use crate::protocol::routes::Matched;
use crate::protocol::service::Operation;
use crate::service_error::{ErrorRef, OperationError};
use crate::shape::{DecodeMembers, EncodeMembers, Structure};

use super::context::RequestContext;
use super::input;
use super::rejection::Rejection;
use super::respond;
use super::router::Core;

/// The future response of an operation.
pub type CallFuture = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A call of an operation, as generated code sees it: the source of the input and of the response.
///
/// The state is boxed, so that it does not move with the futures of the call.
#[derive(Debug)]
pub struct Call(pub(super) Box<CallState>);

/// The state of a call.
#[derive(Debug)]
pub(super) struct CallState {
    pub(super) core: Arc<Core>,
    pub(super) operation: &'static Operation,
    pub(super) protocol: &'static dyn ServerProtocol,
    pub(super) matched: Matched,
    pub(super) body: Content,
    pub(super) context: RequestContext,
    /// The identity of the caller, of the type that the method expects.
    pub(super) identity: Box<dyn Any + Send + Sync>,
}

impl Call {
    /// The input, or the response that says why it is invalid.
    pub fn input<I: Structure>(&self) -> Result<I, Box<Response<Body>>> {
        let mut input = I::empty();
        match self.read(&mut input) {
            Ok(()) => Ok(input),
            Err(rejection) => Err(Box::new(self.rejected(rejection))),
        }
    }

    /// Moves the context of the request out, after the input was read.
    ///
    /// # Panics
    ///
    /// If the identity of the caller has another type.
    pub fn context<I: 'static>(&mut self) -> RequestContext<I> {
        let identity = std::mem::replace(&mut self.0.identity, Box::new(()));
        let identity = identity.downcast().ok();
        let rule = "the authentication of a router has the identity of its implementation";
        self.0.context.take(*identity.expect(rule))
    }

    /// The response with what the implementation returned.
    pub fn respond<O: Structure, E: OperationError>(&self, result: Result<O, E>) -> Response<Body> {
        match result {
            Ok(output) => self.success(&output),
            Err(error) => self.failure(error.inner()),
        }
    }

    fn failure(&self, error: ErrorRef<'_>) -> Response<Body> {
        let (service, protocol) = (self.0.core.service, self.0.protocol);
        let id = self.0.context.request_id();
        match error {
            ErrorRef::Modeled(error) => {
                self.encoded(respond::modeled(service, protocol, error, id))
            }
            ErrorRef::Unmodeled(error) => respond::unmodeled(service, protocol, error, id),
        }
    }

    fn success(&self, output: &dyn EncodeMembers) -> Response<Body> {
        self.encoded(respond::output(self.0.protocol, self.0.operation, output))
    }

    /// Logs an output that has no form on the wire: a fault of the service.
    fn encoded(&self, response: Result<Response<Body>, EncodeError>) -> Response<Body> {
        response.unwrap_or_else(|error| {
            let operation = self.0.operation.name;
            tracing::error!(%error, operation, "the response cannot be encoded");
            self.rejected(Rejection::Internal)
        })
    }

    fn rejected(&self, rejection: Rejection) -> Response<Body> {
        let (service, protocol) = (self.0.core.service, self.0.protocol);
        respond::rejected(service, protocol, rejection, self.0.context.request_id())
    }

    fn read(&self, input: &mut dyn DecodeMembers) -> Result<(), Rejection> {
        let parts = &self.0.context.parts;
        let received = ReceivedParts {
            labels: &self.0.matched.labels(&parts.uri),
            query: &self.0.matched.query(&parts.uri),
            headers: &parts.headers,
            status: None,
            body: &self.0.body,
            memory: self.0.core.limits.memory,
        };
        input::decode(self.0.protocol, &self.0.core.patterns, &received, input)
            .map_err(Rejection::Invalid)
    }
}

/// Turns a panic of a call into `None`. Other calls are not affected.
pub(super) struct Caught(pub(super) CallFuture);

impl Future for Caught {
    type Output = Option<Response<Body>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // The future is not polled again after a panic. State shared with other calls has locks of
        // its own.
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    }
}
