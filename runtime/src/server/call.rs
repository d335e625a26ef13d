//! A call on its way to the implementation and back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Response;

use crate::error::EncodeError;
use crate::http::Body;
use crate::protocol::Protocol;
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

/// A call of an operation, as generated code sees it: it takes the input, hands it to the implementation and answers with what that returns.
#[derive(Debug)]
pub struct Call {
    pub(super) core: Arc<Core>,
    pub(super) operation: &'static Operation,
    pub(super) protocol: &'static dyn Protocol,
    pub(super) matched: Matched,
    pub(super) body: Content,
    pub(super) context: RequestContext,
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

    /// The context of the request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The response with what the implementation returned.
    pub fn respond<O: Structure, E: OperationError>(&self, result: Result<O, E>) -> Response<Body> {
        match result {
            Ok(output) => self.success(&output),
            Err(error) => self.failure(error.inner()),
        }
    }

    fn failure(&self, error: ErrorRef<'_>) -> Response<Body> {
        match error {
            ErrorRef::Modeled(error) => {
                let service = self.core.service;
                self.encoded(respond::modeled(service, self.protocol, error))
            }
            ErrorRef::Unmodeled(error) => respond::unmodeled(self.protocol, error),
        }
    }

    fn success(&self, output: &dyn EncodeMembers) -> Response<Body> {
        self.encoded(respond::output(self.protocol, self.operation, output))
    }

    /// What the implementation returned may have no form on the wire; that is the service's fault.
    fn encoded(&self, response: Result<Response<Body>, EncodeError>) -> Response<Body> {
        response.unwrap_or_else(|error| {
            let operation = self.operation.name;
            tracing::error!(%error, operation, "the response cannot be encoded");
            self.rejected(Rejection::Internal)
        })
    }

    fn rejected(&self, rejection: Rejection) -> Response<Body> {
        respond::rejected(self.core.service, self.protocol, rejection)
    }

    fn read(&self, input: &mut dyn DecodeMembers) -> Result<(), Rejection> {
        let parts = &self.context.parts;
        let received = ReceivedParts {
            labels: &self.matched.labels(&parts.uri),
            query: &self.matched.query(&parts.uri),
            headers: &parts.headers,
            status: None,
            body: &self.body,
        };
        input::decode(self.protocol, &self.core.patterns, &received, input)
            .map_err(Rejection::Invalid)
    }
}

/// A call that panics is `None`; nothing else is harmed.
pub(super) struct Caught(pub(super) CallFuture);

impl Future for Caught {
    type Output = Option<Response<Body>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // The future is not polled again after a panic, so that nobody sees what it left half done but what is shared, which has its own locks.
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    }
}
