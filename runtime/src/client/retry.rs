//! When a call is tried again, and when it is not.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use super::token::random;
use crate::schema::TimestampFormat;
use crate::value::timestamp;

/// How often a call is tried.
///
/// Tried again is what failed before it was sent; what the service refused because the caller is too fast; and, if the operation is read-only or
/// idempotent or an idempotency token goes along, what broke on the way or was answered by 500, 502, 503, 504 or an error that the
/// model marks as retryable. Before each further attempt there is a random wait, up to a bound that doubles (full jitter), or the one
/// that `Retry-After` asks for; a wait that ends after the call's deadline is not begun. A call that sends a stream is not tried again once some of the
/// stream was read, since it is gone; bytes at hand are sent as often as need be. All clones of a client share a
/// budget of further attempts, so that a service that is down is not hit three times as hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retries {
    /// Attempts of a call, the first included. 1 or less: none but the first.
    pub attempts: u32,
    /// Bound of the first wait.
    pub base: Duration,
    /// Bound of any wait.
    pub longest: Duration,
}

impl Default for Retries {
    /// Three attempts; waits of up to 100 ms, doubled each time, at most 20 s.
    fn default() -> Self {
        Self {
            attempts: 3,
            base: Duration::from_millis(100),
            longest: Duration::from_secs(20),
        }
    }
}

impl Retries {
    /// The first attempt is the only one.
    pub fn none() -> Self {
        Self::attempts(1)
    }

    /// So many attempts, the first included.
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            ..Self::default()
        }
    }

    /// Bounds of the waits: of the first one, and of any.
    #[must_use]
    pub fn waits(mut self, base: Duration, longest: Duration) -> Self {
        self.base = base;
        self.longest = longest;
        self
    }

    /// A random wait after so many attempts.
    pub(crate) fn wait(&self, attempts: u32) -> Duration {
        let doubled = 1_u32
            .checked_shl(attempts.saturating_sub(1))
            .unwrap_or(u32::MAX);
        let bound = self.base.saturating_mul(doubled).min(self.longest);
        // The upper 32 bits as a fraction of the bound.
        let fraction = u32::try_from(random() >> 32).unwrap_or(u32::MAX);
        bound.mul_f64(f64::from(fraction) / f64::from(u32::MAX))
    }
}

/// Whether a status says that the same request may succeed later.
pub(crate) const fn is_transient(status: u16) -> bool {
    matches!(status, 429 | 500 | 502 | 503 | 504)
}

/// How an attempt failed, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It would fail again.
    Final,
    /// It may succeed later, and what it asked for may have been done.
    Unclear,
    /// It may succeed later, and nothing was done.
    Undone,
}

impl Verdict {
    /// Whether to send the request again.
    pub(crate) fn allows(self, safe: bool) -> bool {
        match self {
            Self::Final => false,
            Self::Unclear => safe,
            Self::Undone => true,
        }
    }
}

/// The budget of further attempts that the clones of a client share: they cost, successes pay back.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 500;
    const COST: u32 = 5;

    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// Takes the cost of an attempt; false where there is too little left.
    pub(crate) fn take(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(Self::COST)
            })
            .is_ok()
    }

    /// Pays back after a success: what its last further attempt cost, or a little.
    pub(crate) fn succeed(&self, attempts: u32) {
        if self.0.load(Ordering::Relaxed) == Self::FULL {
            return;
        }
        let paid = if attempts > 1 { Self::COST } else { 1 };
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some((left + paid).min(Self::FULL))
            });
    }
}

/// The wait that an answer asks for: seconds or a date (RFC 9110 section 10.2.3), or milliseconds as AWS services write them.
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
    fn waits_double_up_to_the_longest() {
        let retries =
            Retries::attempts(9).waits(Duration::from_millis(100), Duration::from_millis(350));
        for (attempts, bound) in [(1, 100), (2, 200), (3, 350), (40, 350)] {
            let waits = (0..200).map(|_| retries.wait(attempts)).collect::<Vec<_>>();
            let (least, most) = (
                waits.iter().min().expect("some"),
                waits.iter().max().expect("some"),
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
    fn the_budget_runs_out_and_is_paid_back() {
        let budget = Budget::new();
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
        budget.succeed(2);
        assert!(budget.take());
        for _ in 0..4 {
            budget.succeed(1);
        }
        assert!(!budget.take());
        budget.succeed(1);
        assert!(budget.take());
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
