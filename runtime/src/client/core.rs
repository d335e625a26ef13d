//! How a call is made: attempts, timeouts, waits.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use http::Request;
use http::header::{HeaderValue, USER_AGENT};
use http_body::Body as HttpBody;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::call::{Call, Outcome, Pending, RawCall};
use super::endpoint::Endpoint;
use super::error::{Class, Failure};
use super::pages::Pages;
use super::receive;
use super::retry::{Budget, Retries, Verdict};
use super::transport::{self, Transport};
#[cfg(feature = "sigv4")]
use crate::aws::sigv4::Payload;
use crate::http::{Body, BoxError};
use crate::protocol::request::{self, Prepared};
use crate::protocol::service::{Operation, Service};
use crate::service_error::OperationError;
use crate::shape::Structure;
use crate::stream::ByteStream;

/// What a generated client is made of: cheap to clone, the clones share connections and the budget of further attempts.
#[derive(Clone)]
pub struct Core(pub(super) Arc<Shared>);

/// What the clones of a client share.
pub(crate) struct Shared {
    pub(crate) service: &'static Service,
    pub(crate) endpoint: Endpoint,
    pub(crate) transport: Transport,
    pub(crate) defaults: Options,
    pub(crate) budget: Budget,
    pub(crate) user_agent: HeaderValue,
    pub(crate) max_response_bytes: usize,
    pub(crate) tokens: Box<dyn Fn() -> String + Send + Sync>,
    pub(crate) clock: Box<dyn Fn() -> SystemTime + Send + Sync>,
    #[cfg(feature = "sigv4")]
    pub(crate) signer: Option<crate::aws::sigv4::Signer>,
}

/// What a call may decide for itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) retries: Retries,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) call_timeout: Option<Duration>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared {
            service,
            endpoint,
            defaults,
            ..
        } = &*self.0;
        f.debug_struct("Client")
            .field("service", &service.id)
            .field("endpoint", endpoint)
            .field("options", defaults)
            .finish_non_exhaustive()
    }
}

impl Core {
    /// A call of `operation`. The input is encoded here; nothing is sent before the call is awaited.
    pub fn call<O: Structure, E: OperationError>(
        &self,
        operation: &'static Operation,
        input: &dyn Structure,
    ) -> Call<O, E> {
        Call::new(self.prepare(operation, input))
    }

    /// Call after call of `operation`, each for the next page.
    pub fn pages<O: Structure, E: OperationError>(
        &self,
        operation: &'static Operation,
        input: impl Structure + Send + Sync + 'static,
    ) -> Pages<O, E> {
        Pages::new(self.clone(), operation, Box::new(input))
    }

    pub(super) fn prepare(&self, operation: &'static Operation, input: &dyn Structure) -> RawCall {
        let Shared {
            service,
            endpoint,
            defaults,
            tokens,
            ..
        } = &*self.0;
        let pending = || {
            let request = request::encode(service, operation, input, tokens)?;
            Ok(Box::new(Pending {
                shared: Arc::clone(&self.0),
                operation,
                uri: endpoint.uri(&request)?,
                request,
                options: *defaults,
            }))
        };
        RawCall::new(pending().map_err(|error: BoxError| {
            Failure::new(Class::Request, operation.name, "the request cannot be made")
                .because(error)
        }))
    }
}

/// Makes a call.
pub(super) async fn run(mut pending: Box<Pending>) -> Outcome {
    // The name is looked for only where somebody listens.
    let span = tracing::debug_span!(
        "call",
        service = pending.shared.service.name(),
        operation = pending.operation.name
    );
    // Pinned where they stand, here and below: futures are large, and what wraps them would move them.
    pin!(pending.run()).instrument(span).await
}

impl Pending {
    async fn run(&mut self) -> Outcome {
        let mut now = Instant::now();
        let deadline = self
            .options
            .call_timeout
            .and_then(|timeout| now.checked_add(timeout));
        let most = self.options.retries.attempts.max(1);
        let traits = &self.operation.traits;
        let safe = traits.readonly || traits.idempotent || self.request.has_token;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let outcome = self
                .timed_attempt(attempts, attempts == most, now, deadline)
                .await;
            let (verdict, asked) = match &outcome {
                Ok(reply) if reply.is_success() => {
                    self.shared.budget.succeed(attempts);
                    return outcome;
                }
                Ok(reply) => (reply.verdict(), reply.retry_after((self.shared.clock)())),
                Err(failure) => (verdict(failure), None),
            };
            if attempts == most || !verdict.allows(safe) || !self.request.body.renew() {
                return outcome;
            }
            let wait = asked.unwrap_or_else(|| self.options.retries.wait(attempts));
            let until = Instant::now().checked_add(wait);
            let in_time =
                until.is_some_and(|until| deadline.is_none_or(|deadline| until < deadline));
            if !in_time || !self.shared.budget.take() {
                return outcome;
            }
            tracing::debug!(attempt = attempts, wait = ?wait, "trying again");
            tokio::time::sleep(wait).await;
            now = Instant::now();
        }
    }

    /// One attempt, from `now` on, within its own time and the call's.
    async fn timed_attempt(
        &mut self,
        number: u32,
        last: bool,
        now: Instant,
        deadline: Option<Instant>,
    ) -> Outcome {
        let own = self
            .options
            .attempt_timeout
            .and_then(|timeout| now.checked_add(timeout));
        let operation = self.operation.name;
        let (until, what) = match (own, deadline) {
            (Some(own), Some(deadline)) if own < deadline => (own, "attempt"),
            (_, Some(deadline)) => (deadline, "call"),
            (Some(own), None) => (own, "attempt"),
            (None, None) => {
                return self
                    .attempt(number, last)
                    .await
                    .map_err(|failure| failure.tried(number));
            }
        };
        let limit = if what == "call" {
            self.options.call_timeout
        } else {
            self.options.attempt_timeout
        };
        let limit = limit.unwrap_or_default();
        let upload = Upload {
            stream: self.request.body.stream().cloned(),
            events: self.operation.input.events().is_some(),
        };
        let attempt = pin!(self.attempt(number, last));
        let mut outcome = match patient(attempt, until, limit, &upload).await {
            Some(outcome) => outcome,
            None => Err(Failure::new(
                Class::Timeout,
                operation,
                format!("no answer within the {what}'s {limit:?}"),
            )),
        };
        outcome = outcome.map_err(|failure| failure.tried(number));
        if let Err(failure) = &outcome {
            tracing::debug!(attempt = number, error = %failure, "failed");
        }
        outcome
    }

    async fn attempt(&mut self, number: u32, last: bool) -> Outcome {
        let mut request = self.request(last);
        #[cfg(feature = "sigv4")]
        self.sign(&mut request).await?;
        let mut tie = super::events::tie(self.operation, &mut request);
        let operation = self.operation.name;
        let response = self.shared.transport.send(request).await.map_err(|error| {
            let unsent = transport::is_unsent(&error);
            let (class, what) = match (transport::is_timeout(&error), unsent) {
                (true, true) => (Class::Timeout, "no connection in time"),
                (true, false) => (Class::Timeout, "the connection timed out"),
                (false, true) => (Class::Transport, "no connection"),
                (false, false) => (
                    Class::Transport,
                    "the connection broke before an answer came",
                ),
            };
            let lasting = transport::is_distrusted(&error);
            let failure = Failure::new(class, operation, what).because(error);
            if lasting {
                failure.lasting()
            } else {
                failure.unsent(unsent)
            }
        })?;
        let response = super::events::hold(self.operation, response, &mut tie);
        let reply = receive::receive(
            &self.shared,
            self.operation,
            &self.request.method,
            response,
            number,
            self.options.attempt_timeout,
        )
        .await;
        // Until the answer is there: a connection may break when what is sent does.
        drop(tie);
        reply
    }

    /// The request of an attempt.
    fn request(&mut self, last: bool) -> Request<Body> {
        let Prepared {
            method,
            headers,
            body,
            ..
        } = &mut self.request;
        let mut request = Request::new(body.to_body());
        *request.method_mut() = method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = if last {
            std::mem::take(headers)
        } else {
            headers.clone()
        };
        let agent = request.headers_mut().entry(USER_AGENT);
        agent.or_insert_with(|| self.shared.user_agent.clone());
        request
    }

    /// Signs the request of an attempt: each has its own time.
    #[cfg(feature = "sigv4")]
    async fn sign(&self, request: &mut Request<Body>) -> Result<(), Failure> {
        let traits = &self.operation.traits;
        let Some(signer) = self
            .shared
            .signer
            .as_ref()
            .filter(|_| !traits.unauthenticated)
        else {
            return Ok(());
        };
        let now = (self.shared.clock)();
        let body = match self.request.body.at_hand() {
            _ if traits.unsigned_payload => Payload::Unsigned,
            Some(bytes) => Payload::Bytes(bytes),
            None if self.operation.input.events().is_some() => Payload::Events,
            None => Payload::Unsigned,
        };
        let outcome = signer.sign(request, body, now).await;
        let outcome = outcome.map(|signed| {
            if let Payload::Events = body {
                crate::aws::sigv4::sign_events(&self.shared, signed, request);
            }
        });
        outcome.map_err(|error| {
            let what = "the request cannot be signed";
            Failure::new(Class::Request, self.operation.name, what).because(error)
        })
    }
}

/// What is sent while a call is made.
struct Upload {
    stream: Option<ByteStream>,
    /// It is a stream of events, which come when something happens.
    events: bool,
}

impl Upload {
    fn pieces(&self) -> u64 {
        self.stream.as_ref().map_or(0, ByteStream::pieces)
    }

    /// More may come, however long that takes.
    fn is_open(&self) -> bool {
        let open = |stream: &ByteStream| !HttpBody::is_end_stream(stream);
        self.events && self.stream.as_ref().is_some_and(open)
    }
}

/// What `attempt` gives until the time is up. A call that sends a stream takes as long as that takes: while the stream moves on, the time begins anew.
async fn patient<T>(
    mut attempt: Pin<&mut impl Future<Output = T>>,
    mut until: Instant,
    limit: Duration,
    upload: &Upload,
) -> Option<T> {
    // What does not wait needs no timer.
    let first = std::future::poll_fn(|cx| Poll::Ready(attempt.as_mut().poll(cx)));
    if let Poll::Ready(outcome) = first.await {
        return Some(outcome);
    }
    loop {
        let before = upload.pieces();
        if let Ok(outcome) = tokio::time::timeout_at(until, attempt.as_mut()).await {
            return Some(outcome);
        }
        if upload.pieces() == before && !upload.is_open() {
            return None;
        }
        until = Instant::now().checked_add(limit)?;
    }
}

fn verdict(failure: &Failure) -> Verdict {
    match (failure.is_retryable(), failure.is_unsent()) {
        (false, _) => Verdict::Final,
        (true, true) => Verdict::Undone,
        (true, false) => Verdict::Unclear,
    }
}
