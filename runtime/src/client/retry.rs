//! When a failed call is sent again.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use super::random;
use crate::schema::TimestampFormat;
use crate::value::timestamp;

/// Decides whether a failed call is sent again, and after which delay.
///
/// [`RetryConfig`] is the default policy. Another one can wrap it:
///
/// ```
/// use std::time::Duration;
///
/// use drawplate_runtime::client::{FailedAttempt, RetryConfig, RetryPolicy};
///
/// /// Also repeats calls that fail with a conflict.
/// #[derive(Debug)]
/// struct RepeatConflicts(RetryConfig);
///
/// impl RetryPolicy for RepeatConflicts {
///     fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration> {
///         if failed.status() == Some(409) && failed.attempts() < 3 {
///             return Some(Duration::from_millis(50));
///         }
///         self.0.delay(failed)
///     }
/// }
/// ```
///
/// Two rules hold under any policy: a request whose stream was partly read is not sent again, and
/// no delay exceeds the timeout of the call.
pub trait RetryPolicy: fmt::Debug + Send + Sync + 'static {
    /// Returns the delay before the call is sent again, or `None` to return the failure to the
    /// caller.
    fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration>;
}

/// The most recent attempt of a call, which failed.
#[derive(Clone, Copy, Debug)]
pub struct FailedAttempt<'c> {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
    pub(crate) repeatable: bool,
    pub(crate) verdict: RetryVerdict,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<&'c str>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) time_left: Option<Duration>,
    pub(crate) budget: &'c RetryBudget,
}

impl<'c> FailedAttempt<'c> {
    /// The name of the operation.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The number of attempts so far, without those that were repeated with another
    /// identity, time or region.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether the service may process the request twice without harm: the operation is read-only
    /// or idempotent, the request has an idempotency token, or the model of a service of AWS does
    /// not tell (see [`RetryConfig`]).
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// What the failure says about another attempt.
    pub fn verdict(&self) -> RetryVerdict {
        self.verdict
    }

    /// The HTTP status of the response; `None` if none was received.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The error code of the response, if it has one.
    pub fn code(&self) -> Option<&'c str> {
        self.code
    }

    /// The delay that the response asks for by `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The time until the call times out; `None` if it has no timeout.
    pub fn time_left(&self) -> Option<Duration> {
        self.time_left
    }

    /// Withdraws the cost of a further attempt from the budget that the clones of the client
    /// share. Returns false if the budget is exhausted.
    ///
    /// Successful calls refill the budget. It keeps clients from multiplying the load of a service
    /// that is down.
    pub fn withdraw(&self) -> bool {
        self.budget.withdraw()
    }
}

/// What a failure says about another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryVerdict {
    /// The same call would fail again.
    Permanent,
    /// The same call may succeed later. The service may have processed this one.
    MaybeProcessed,
    /// The same call may succeed later. The service did not process this one.
    NotProcessed,
}

/// The default [`RetryPolicy`]: how often a call is attempted, and the bounds of the delays.
///
/// A call is attempted again if
///
/// - it failed before the request was sent,
/// - the service rejected it because of throttling, or
/// - the operation is read-only or idempotent, or the request has an idempotency token, and the
///   connection broke, an attempt timed out, the status was 500, 502, 503 or 504, or the model
///   marks the error as retryable.
///
/// Calls of services of AWS are also attempted again after the error codes that its SDKs repeat
/// calls after. If the model of such a service marks no operation as read-only, it does not tell
/// which operations may be called twice; then all count as idempotent, as they do for these SDKs.
///
/// The delay before a further attempt is the one that `Retry-After` asks for, or else random, below
/// a bound that doubles with each attempt (full jitter). A call whose timeout would pass during
/// the delay fails at once. All clones of a client share a budget of further attempts, so that a
/// service that is down does not receive three times the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryConfig {
    /// The maximum number of attempts, including the first; 0 is the same as 1.
    pub attempts: u32,
    /// The upper bound of the first delay.
    pub base: Duration,
    /// The upper bound of every delay.
    pub max_backoff: Duration,
}

impl Default for RetryConfig {
    /// Three attempts, with delays of up to 100 ms, doubled each time, and at most 20 s.
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(100),
            max_backoff: Duration::from_secs(20),
        }
    }
}

impl RetryConfig {
    /// A single attempt.
    pub fn none() -> Self {
        Self::attempts(1)
    }

    /// Up to this many attempts, including the first.
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            ..Self::default()
        }
    }

    /// Sets the upper bounds of the first delay and of every delay.
    #[must_use]
    pub fn backoff(mut self, base: Duration, max_backoff: Duration) -> Self {
        self.base = base;
        self.max_backoff = max_backoff;
        self
    }

    /// Returns a random delay after this many attempts.
    fn jitter(&self, attempts: u32) -> Duration {
        let factor = 1_u32
            .checked_shl(attempts.saturating_sub(1))
            .unwrap_or(u32::MAX);
        let bound = self.base.saturating_mul(factor).min(self.max_backoff);
        // The upper 32 bits as a fraction of the bound.
        let fraction = u32::try_from(random::bits() >> 32).unwrap_or(u32::MAX);
        bound.mul_f64(f64::from(fraction) / f64::from(u32::MAX))
    }
}

impl RetryPolicy for RetryConfig {
    fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration> {
        let retryable = match failed.verdict {
            RetryVerdict::Permanent => false,
            RetryVerdict::MaybeProcessed => failed.repeatable,
            RetryVerdict::NotProcessed => true,
        };
        if !retryable || failed.attempts >= self.attempts {
            return None;
        }
        let delay = failed
            .retry_after
            .unwrap_or_else(|| self.jitter(failed.attempts));
        let in_time = failed.time_left.is_none_or(|left| delay < left);
        (in_time && failed.withdraw()).then_some(delay)
    }
}

/// Whether a status means that the same request may succeed later.
pub(crate) const fn is_transient(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

/// The budget of further attempts that the clones of a client share: attempts withdraw from it,
/// successful calls refill it.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl RetryBudget {
    const FULL: u32 = 500;
    const COST: u32 = 5;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// Withdraws the cost of an attempt; false if too little is left.
    pub(crate) fn withdraw(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(Self::COST)
            })
            .is_ok()
    }

    /// Refills the budget after a call that succeeded: by the cost of its last attempt if it needed
    /// several, else by 1.
    pub(crate) fn refill(&self, attempts: u32) {
        if self.0.load(Ordering::Relaxed) == Self::FULL {
            return;
        }
        let amount = if attempts > 1 { Self::COST } else { 1 };
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some((left + amount).min(Self::FULL))
            });
    }
}

/// The delay that a response asks for: in seconds or as a date (RFC 9110 section 10.2.3), or in
/// milliseconds as AWS services write it.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    if let Some(milliseconds) = text("x-amz-retry-after").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(milliseconds));
    }
    let text = text(RETRY_AFTER.as_str())?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = SystemTime::try_from(timestamp::parse(text, TimestampFormat::HttpDate)?).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn delays_double_up_to_the_maximum() {
        let config = RetryConfig::attempts(9)
            .backoff(Duration::from_millis(100), Duration::from_millis(350));
        for (attempts, bound) in [(1, 100), (2, 200), (3, 350), (40, 350)] {
            let delays = (0..200)
                .map(|_| config.jitter(attempts))
                .collect::<Vec<_>>();
            let (least, most) = (
                delays.iter().min().expect("some"),
                delays.iter().max().expect("some"),
            );
            assert!(
                *most <= Duration::from_millis(bound),
                "{attempts}: {most:?}"
            );
            assert!(
                *most > Duration::from_millis(bound / 2)
                    && *least < Duration::from_millis(bound / 2)
            );
        }
    }

    #[test]
    fn the_budget_runs_out_and_is_refilled() {
        let budget = RetryBudget::new();
        assert_eq!((0..1000).filter(|_| budget.withdraw()).count(), 100);
        budget.refill(2);
        assert!(budget.withdraw());
        for _ in 0..4 {
            budget.refill(1);
        }
        assert!(!budget.withdraw());
        budget.refill(1);
        assert!(budget.withdraw());
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let check = |name: &'static str, text: &'static str, expected: Option<u64>| {
            let headers = HeaderMap::from_iter([(
                name.parse().expect("a name"),
                HeaderValue::from_static(text),
            )]);
            assert_eq!(
                retry_after(&headers, now),
                expected.map(Duration::from_millis),
                "{text}"
            );
        };
        check("retry-after", "120", Some(120_000));
        check("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT", Some(10_000));
        check("retry-after", "Sun, 06 Nov 1994 08:49:27 GMT", Some(0));
        check("retry-after", "soon", None);
        check("retry-after", "-1", None);
        check("x-amz-retry-after", "1500", Some(1_500));
    }
}
