//! Waiters: they call an operation until a resource has a state (Smithy 2.0, "Waiters").

mod error;
mod schema;

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

pub use self::error::{FinalResponse, WaitError};
pub use self::schema::{Acceptor, Comparison, Matcher, WaiterSchema};
use self::schema::{ResponseView, Verdict};
use super::attempt::{self, PreparedCall};
use super::config::Config;
use super::error::Error;
use super::random;
use super::receive::CallResult;
use crate::service_error::{ErrorRef, OperationError};
use crate::shape::{EncodeMembers, Structure};

/// A waiter, which calls an operation until a resource has a state. It needs to know for how long:
/// see [`Waiter::max_wait`].
///
/// Delays between calls are random and grow from `min_delay` to `max_delay`.
#[must_use = "a waiter sends nothing until it has a time and is awaited"]
pub struct Waiter<O, E> {
    plan: WaitPlan,
    types: PhantomData<fn() -> (O, E)>,
}

/// A waiter without the types of its operation.
struct WaitPlan {
    config: Arc<Config>,
    schema: &'static WaiterSchema,
    input: Box<dyn EncodeMembers + Send + Sync>,
    min_delay: Duration,
    max_delay: Duration,
}

/// A waiter with a time. Await it to get the response that ends it. Dropping it ends it, too.
#[must_use = "a waiter sends nothing until it is awaited"]
pub struct Wait<O, E: OperationError>(Pin<Box<Waiting<O, E>>>);

type Waiting<O, E> = dyn Future<Output = Result<FinalResponse<O, E>, WaitError<O, E>>> + Send;

impl<O: Structure + Send + 'static, E: OperationError> Waiter<O, E> {
    pub(super) fn new(
        config: Arc<Config>,
        schema: &'static WaiterSchema,
        input: Box<dyn EncodeMembers + Send + Sync>,
    ) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Self {
            plan: WaitPlan {
                config,
                schema,
                input,
                min_delay: seconds(schema.min_delay),
                max_delay: seconds(schema.max_delay),
            },
            types: PhantomData,
        }
    }

    /// Sets the least time between two calls.
    pub fn min_delay(mut self, delay: Duration) -> Self {
        self.plan.min_delay = delay;
        self
    }

    /// Sets the greatest time between two calls.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.plan.max_delay = delay;
        self
    }

    /// Sets the time for which the caller is willing to wait. The last call is made when it is
    /// over, and has `min_delay` to end.
    pub fn max_wait(self, max_wait: Duration) -> Wait<O, E> {
        Wait(Box::pin(async move {
            let Self { plan, types: _ } = self;
            let waiter = plan.schema.name;
            let mut last = None;
            let mut receive = |result: CallResult| {
                let response = match result {
                    Ok(reply) => reply.read::<O, E>(),
                    Err(error) => Err(error.into()),
                };
                let verdict = plan.judge(&response);
                last = Some(response);
                verdict
            };
            let verdict = plan.run(max_wait, &mut receive).await;
            match (verdict, last) {
                (Verdict::Success, Some(response)) => Ok(FinalResponse::new(response)),
                (Verdict::UnexpectedError, Some(Err(error))) => Err(WaitError::Call(error)),
                (Verdict::Failure(message), Some(response)) => Err(WaitError::Failure {
                    waiter,
                    message,
                    response: Box::new(response),
                }),
                (_, response) => Err(WaitError::Timeout {
                    waiter,
                    max_wait,
                    response: response.map(Box::new),
                }),
            }
        }))
    }
}

impl<O, E: OperationError> Future for Wait<O, E> {
    type Output = Result<FinalResponse<O, E>, WaitError<O, E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl WaitPlan {
    /// Makes calls until `receive` decides, which gets each result; [`Verdict::Retry`] if the time
    /// is over before.
    async fn run(
        &self,
        max_wait: Duration,
        receive: &mut (dyn FnMut(CallResult) -> Verdict + Send),
    ) -> Verdict {
        let deadline = Instant::now().checked_add(max_wait);
        let mut calls = 0;
        loop {
            calls += 1;
            let Some(result) = self.call(deadline).await else {
                return Verdict::Retry;
            };
            let verdict = receive(result);
            if verdict != Verdict::Retry {
                return verdict;
            }
            let left = deadline.map(|it| it.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Verdict::Retry;
            }
            let delay = self.delay(calls, left, random::bits());
            tracing::debug!(waiter = self.schema.name, calls, ?delay, "waiting");
            tokio::time::sleep(delay).await;
        }
    }

    /// Makes a call; `None` if it does not end in time.
    async fn call(&self, deadline: Option<Instant>) -> Option<CallResult> {
        let call = match PreparedCall::new(&self.config, self.schema.operation, &*self.input) {
            Ok(call) => Box::pin(attempt::run(call)),
            Err(error) => return Some(Err(error)),
        };
        // The last call starts at the deadline.
        let least = Instant::now().checked_add(self.min_delay);
        match deadline.zip(least) {
            None => Some(call.await),
            Some((deadline, least)) => tokio::time::timeout_at(deadline.max(least), call)
                .await
                .ok(),
        }
    }

    /// The delay after a number of calls: random, with exponential growth. The last call is made
    /// when no time is left, rather than shortly before.
    fn delay(&self, calls: u32, left: Option<Duration>, random: u64) -> Duration {
        let growth = 2_u32.checked_pow(calls - 1);
        let delay = growth.and_then(|growth| self.min_delay.checked_mul(growth));
        let delay = delay.map_or(self.max_delay, |delay| delay.min(self.max_delay));
        let span = delay.saturating_sub(self.min_delay).as_nanos();
        let part = u64::try_from(span.saturating_mul(random.into()) >> u64::BITS);
        let delay = self.min_delay + Duration::from_nanos(part.unwrap_or(u64::MAX));
        match left {
            Some(left) if left.saturating_sub(delay) <= self.min_delay => left,
            _ => delay,
        }
    }

    fn judge<O: Structure, E: OperationError>(&self, response: &Result<O, Error<E>>) -> Verdict {
        let names = match response {
            Ok(output) => {
                return self
                    .schema
                    .judge(&*self.input, &ResponseView::Output(output));
            }
            Err(error) => [
                error.code(),
                error
                    .as_service_error()
                    .and_then(|error| match error.inner() {
                        ErrorRef::Modeled(error) => Some(error.name()),
                        ErrorRef::Unmodeled(_) => None,
                    }),
            ],
        };
        self.schema
            .judge(&*self.input, &ResponseView::Error(&names))
    }
}
