//! A call on its way to the implementation and back.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Response;

use crate::error::{DecodeError, EncodeError};
use crate::http::{Body, Content};
use crate::protocol::bind::decode::Parts;
use crate::protocol::service::{Operation, Route};
use crate::service_error::{ErrorRef, OperationError};
use crate::shape::Structure;

use super::context::RequestContext;
use super::rejection::Rejection;
use super::respond;
use super::router::Core;
use super::routes;

/// The answer of an operation, on its way.
pub type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A call of an operation, as generated code sees it: it takes the input, hands it to the implementation and answers with what that returns.
#[derive(Debug)]
pub struct Call {
    pub(super) core: Arc<Core>,
    pub(super) operation: &'static Operation,
    /// `None` where the protocol has one resource.
    pub(super) route: Option<&'static Route>,
    pub(super) body: Content,
    pub(super) context: RequestContext,
}

impl Call {
    /// The input; or the answer that says what is wrong with it.
    pub fn input<I: Structure>(&self) -> Result<I, Box<Response<Body>>> {
        let mut input = I::empty();
        match self.read(&mut input) {
            Ok(()) => Ok(input),
            Err(refusal) => Err(Box::new(respond::refused(self.core.service, refusal))),
        }
    }

    /// What the implementation may know of the request.
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The answer that brings what the implementation returned.
    pub fn answer<O: Structure, E: OperationError>(&self, result: Result<O, E>) -> Response<Body> {
        match result {
            Ok(output) => self.success(&output),
            Err(error) => self.failure(error.inner()),
        }
    }

    fn failure(&self, error: ErrorRef<'_>) -> Response<Body> {
        match error {
            ErrorRef::Modeled(error) => self.encoded(respond::modeled(self.core.service, error)),
            ErrorRef::Unmodeled(error) => respond::unmodeled(self.core.service, error),
        }
    }

    fn success(&self, output: &dyn Structure) -> Response<Body> {
        self.encoded(respond::output(self.core.service, self.operation, output))
    }

    /// What the implementation returned may have no form on the wire; that is the service's fault.
    fn encoded(&self, answer: Result<Response<Body>, EncodeError>) -> Response<Body> {
        answer.unwrap_or_else(|error| {
            tracing::error!(%error, operation = self.operation.name, "the answer cannot be written");
            respond::refused(self.core.service, Rejection::Internal)
        })
    }

    fn read(&self, input: &mut dyn Structure) -> Result<(), Rejection> {
        let parts = &self.context.parts;
        let path = match self.route {
            Some(_) => routes::segments(parts.uri.path()).unwrap_or_default(),
            None => Vec::new(),
        };
        let path = path.get(self.core.base.len()..).unwrap_or_default();
        let labels = match self.route {
            Some(route) => routes::labels(route, path)
                .map_err(|index| Rejection::Invalid(not_utf8(self.operation, index)))?,
            None => Vec::new(),
        };
        let query = match (self.route, parts.uri.query()) {
            (Some(_), Some(query)) => routes::query(query).unwrap_or_default(),
            _ => Vec::<(Cow<'_, str>, Cow<'_, str>)>::new(),
        };
        let parts = Parts {
            labels: &labels,
            query: &query,
            headers: &parts.headers,
            status: None,
            body: &self.body,
        };
        let Core {
            service, patterns, ..
        } = &*self.core;
        super::read::fill(service.protocol, patterns, &parts, input).map_err(Rejection::Invalid)
    }
}

fn not_utf8(operation: &Operation, index: usize) -> DecodeError {
    let error = DecodeError::mismatch("UTF-8 text", "other bytes");
    match operation.input.members.get(index) {
        Some(member) => error.inside(member.name),
        None => error,
    }
}

/// A call that panics is `None`; nothing else is harmed.
pub(super) struct Caught(pub(super) Answering);

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
