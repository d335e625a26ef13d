//! Keeps an identity, and replaces it before it expires.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::http::BoxError;

/// How long before its expiry an identity is replaced.
const EXPIRY_MARGIN: Duration = Duration::from_secs(60);
/// How long an identity without an expiry is used. Its source may have another one by then.
const LIFETIME: Duration = Duration::from_secs(900);
/// How long the source is left alone while the identity is still valid: after a failure, or after
/// it was asked because a service rejected the identity.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// What identifies a caller, such as credentials or a token.
pub(crate) trait Identity: Clone {
    /// When the identity expires; `None` if it does not.
    fn expiry(&self) -> Option<SystemTime>;

    /// Whether a service would treat both alike.
    fn is_same(&self, other: &Self) -> bool;
}

/// A source of identities.
pub(crate) trait IdentitySource<T>: Send + Sync {
    /// Fetches the current identity.
    fn fetch(&self) -> Fetch<'_, T>;
}

/// The future of an [`IdentitySource`].
pub(crate) type Fetch<'s, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 's>>;

/// An identity that calls share. It is fetched once for all calls that wait for it.
///
/// Shortly before it expires, one call fetches the next identity, and the others go on with the
/// current one. If that fails, all use the current one until it has expired. A failure to fetch the
/// first identity, or the next one after the expiry, is the error of all calls that waited.
pub(crate) struct IdentityCache<T> {
    state: Mutex<State<T>>,
    /// Locked by the call that fetches.
    fetching: tokio::sync::Mutex<()>,
}

struct State<T> {
    current: Option<Entry<T>>,
    /// The number of identities fetched so far.
    fetches: u64,
    /// The number of failures so far, and the latest one.
    failures: u64,
    failure: Option<Arc<dyn Error + Send + Sync>>,
    /// When the source was last asked because a service had rejected the identity.
    replacement: Option<SystemTime>,
}

struct Entry<T> {
    identity: T,
    fetched: SystemTime,
    /// When to fetch the next one.
    renewal: SystemTime,
    expiry: Option<SystemTime>,
}

/// What the cache has for a call.
enum Cached<T> {
    Fresh(T),
    /// Still valid, but due for replacement.
    Due(T),
    /// No valid identity. The number of failures before.
    Missing(u64),
}

impl<T> Default for IdentityCache<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                current: None,
                fetches: 0,
                failures: 0,
                failure: None,
                replacement: None,
            }),
            fetching: tokio::sync::Mutex::default(),
        }
    }
}

impl<T: Identity> IdentityCache<T> {
    /// Returns the identity at the time `now`.
    ///
    /// # Errors
    ///
    /// If there is no valid identity and fetching one fails.
    pub(crate) async fn get(
        &self,
        now: SystemTime,
        source: &dyn IdentitySource<T>,
    ) -> Result<T, BoxError> {
        let failures = match self.cached(now) {
            Cached::Fresh(identity) => return Ok(identity),
            Cached::Due(identity) => {
                let Ok(_fetching) = self.fetching.try_lock() else {
                    return Ok(identity);
                };
                // Another call may have replaced it in the meantime.
                if let Cached::Fresh(identity) = self.cached(now) {
                    return Ok(identity);
                }
                return match self.fetch(now, source).await {
                    Ok(identity) => Ok(identity),
                    Err(error) => {
                        tracing::warn!(%error, "cannot renew the identity before it expires");
                        Ok(identity)
                    }
                };
            }
            Cached::Missing(failures) => failures,
        };
        let _fetching = self.fetching.lock().await;
        match self.cached(now) {
            Cached::Fresh(identity) | Cached::Due(identity) => return Ok(identity),
            Cached::Missing(latest) if latest != failures => {
                if let Some(failure) = &self.state().failure {
                    return Err(failure.clone().into());
                }
            }
            Cached::Missing(_) => {}
        }
        self.fetch(now, source).await
    }

    /// Replaces an identity that a service has rejected, once for all calls that it was rejected
    /// for. `None` if the source has no other, or was asked for one a moment ago: a service that
    /// rejects every identity does not make every call fetch one.
    ///
    /// # Errors
    ///
    /// If fetching the next one fails.
    pub(crate) async fn replace(
        &self,
        now: SystemTime,
        source: &dyn IdentitySource<T>,
        rejected: &T,
    ) -> Result<Option<T>, BoxError> {
        let (fetches, failures) = {
            let state = self.state();
            (state.fetches, state.failures)
        };
        let _fetching = self.fetching.lock().await;
        let is_valid = match self.cached(now) {
            Cached::Fresh(identity) | Cached::Due(identity) if !identity.is_same(rejected) => {
                return Ok(Some(identity));
            }
            Cached::Fresh(_) | Cached::Due(_) => true,
            Cached::Missing(_) => false,
        };
        {
            // Another call may have asked in the meantime.
            let state = self.state();
            if state.fetches != fetches {
                return Ok(None);
            }
            if let (Some(failure), true) = (&state.failure, state.failures != failures) {
                return Err(failure.clone().into());
            }
            let age = state.replacement.map(|time| now.duration_since(time));
            if is_valid && age.is_some_and(|age| age.is_ok_and(|age| age < RETRY_DELAY)) {
                return Ok(None);
            }
        }
        let result = self.fetch(now, source).await;
        self.state().replacement = Some(now);
        let identity = result?;
        Ok((!identity.is_same(rejected)).then_some(identity))
    }

    fn cached(&self, now: SystemTime) -> Cached<T> {
        let state = self.state();
        let Some(entry) = &state.current else {
            return Cached::Missing(state.failures);
        };
        // A clock that is set back by more than the margin tells nothing about the age.
        let is_known = later(now, EXPIRY_MARGIN) >= entry.fetched;
        if is_known && now < entry.renewal {
            Cached::Fresh(entry.identity.clone())
        } else if is_known && entry.expiry.is_some_and(|expiry| now < expiry) {
            Cached::Due(entry.identity.clone())
        } else {
            Cached::Missing(state.failures)
        }
    }

    async fn fetch(&self, now: SystemTime, source: &dyn IdentitySource<T>) -> Result<T, BoxError> {
        let fetched = source.fetch().await;
        let mut state = self.state();
        match fetched {
            Ok(identity) => {
                let expiry = identity.expiry();
                let renewal = expiry.and_then(|expiry| expiry.checked_sub(EXPIRY_MARGIN));
                state.fetches += 1;
                state.failure = None;
                state.current = Some(Entry {
                    identity: identity.clone(),
                    fetched: now,
                    renewal: renewal.unwrap_or_else(|| later(now, LIFETIME)),
                    expiry,
                });
                Ok(identity)
            }
            Err(error) => {
                let error = Arc::from(error);
                state.failures += 1;
                state.failure = Some(Arc::clone(&error));
                if let Some(entry) = &mut state.current {
                    entry.renewal = later(now, RETRY_DELAY).min(entry.expiry.unwrap_or(now));
                }
                Err(error.into())
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // Nothing panics while it is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A source of identities with its cache.
pub(crate) struct CachedIdentity<T> {
    source: Box<dyn IdentitySource<T>>,
    cache: IdentityCache<T>,
}

impl<T: Identity> CachedIdentity<T> {
    pub(crate) fn new(source: Box<dyn IdentitySource<T>>) -> Self {
        Self {
            source,
            cache: IdentityCache::default(),
        }
    }

    /// Returns the identity at the time `now`. See [`IdentityCache::get`].
    pub(crate) async fn get(&self, now: SystemTime) -> Result<T, BoxError> {
        self.cache.get(now, &*self.source).await
    }

    /// Replaces an identity that a service has rejected. See [`IdentityCache::replace`].
    pub(crate) async fn replace(
        &self,
        now: SystemTime,
        rejected: &T,
    ) -> Result<Option<T>, BoxError> {
        self.cache.replace(now, &*self.source, rejected).await
    }
}

fn later(time: SystemTime, duration: Duration) -> SystemTime {
    time.checked_add(duration).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

    use super::*;

    #[derive(Clone)]
    struct Number {
        number: usize,
        expiry: Option<SystemTime>,
    }

    impl Identity for Number {
        fn expiry(&self) -> Option<SystemTime> {
            self.expiry
        }

        fn is_same(&self, other: &Self) -> bool {
            self.number == other.number
        }
    }

    /// A source that counts how often it is asked, and takes a second.
    #[derive(Default)]
    struct Source {
        cache: IdentityCache<Number>,
        now: AtomicU64,
        asked: AtomicUsize,
        fails: AtomicBool,
        lifetime: Option<u64>,
        /// Always has the identity 0.
        fixed: bool,
    }

    impl IdentitySource<Number> for Source {
        fn fetch(&self) -> Fetch<'_, Number> {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            let now = self.now.load(Ordering::SeqCst);
            let expiry = self.lifetime.map(|lifetime| at(now + lifetime));
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                if self.fails.load(Ordering::SeqCst) {
                    return Err(format!("failure {number}").into());
                }
                let number = if self.fixed { 0 } else { number };
                Ok(Number { number, expiry })
            })
        }
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    impl Source {
        fn expiring() -> Arc<Self> {
            Arc::new(Self {
                lifetime: Some(600),
                ..Self::default()
            })
        }

        async fn get(&self, seconds: u64) -> Result<usize, String> {
            self.now.store(seconds, Ordering::SeqCst);
            let got = self.cache.get(at(seconds), self).await;
            got.map(|got| got.number).map_err(|error| error.to_string())
        }

        async fn replace(&self, seconds: u64, rejected: usize) -> Result<Option<usize>, String> {
            let rejected = Number {
                number: rejected,
                expiry: None,
            };
            let next = self.cache.replace(at(seconds), self, &rejected).await;
            let next = next.map(|next| next.map(|next| next.number));
            next.map_err(|error| error.to_string())
        }

        /// The results of calls that report `rejected` at the same time.
        async fn replace_all(
            self: &Arc<Self>,
            calls: usize,
            rejected: usize,
        ) -> Vec<Result<Option<usize>, String>> {
            let calls = (0..calls).map(|_| {
                let source = Arc::clone(self);
                tokio::spawn(async move { source.replace(1, rejected).await })
            });
            let mut results = Vec::new();
            for call in calls.collect::<Vec<_>>() {
                results.push(call.await.expect("no panic"));
            }
            results
        }

        /// The results of calls at the same time.
        async fn get_all(self: &Arc<Self>, calls: usize, now: u64) -> Vec<Result<usize, String>> {
            let calls = (0..calls).map(|_| {
                let source = Arc::clone(self);
                tokio::spawn(async move { source.get(now).await })
            });
            let mut results = Vec::new();
            for call in calls.collect::<Vec<_>>() {
                results.push(call.await.expect("no panic"));
            }
            results
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_fetch_serves_all_calls() {
        let source = Source::expiring();
        assert_eq!(source.get_all(100, 0).await, vec![Ok(1); 100]);
        assert_eq!(source.get_all(100, 539).await, vec![Ok(1); 100]);
        // After the expiry, all wait for the next one.
        assert_eq!(source.get_all(100, 600).await, vec![Ok(2); 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn one_failure_is_that_of_all_calls() {
        let source = Source::expiring();
        source.fails.store(true, Ordering::SeqCst);
        let failed = vec![Err("failure 1".to_owned()); 100];
        assert_eq!(source.get_all(100, 0).await, failed);
        // Later calls ask again.
        source.fails.store(false, Ordering::SeqCst);
        assert_eq!(source.get(0).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejected_identity_is_replaced_once_for_all_calls() {
        let source = Source::expiring();
        assert_eq!(source.get(0).await, Ok(1));
        let rejected = vec![Ok(Some(2)); 100];
        assert_eq!(source.replace_all(100, 1).await, rejected);
        // The next one was fetched before this call learned of the rejection.
        assert_eq!(source.replace_all(1, 1).await, [Ok(Some(2))]);
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
        assert_eq!(source.get(1).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_rejects_every_identity_does_not_make_every_call_fetch_one() {
        let source = Source::expiring();
        assert_eq!(source.get(0).await, Ok(1));
        // The first rejection is remedied at once, however new the identity is.
        for (now, rejected, next) in [
            (0, 1, Some(2)),
            (0, 2, None),
            (4, 2, None),
            (5, 2, Some(3)),
            (9, 3, None),
            (10, 3, Some(4)),
        ] {
            assert_eq!(source.replace(now, rejected).await, Ok(next), "{now}");
        }
        // A call that used an older one gets the current one.
        assert_eq!(source.replace(11, 3).await, Ok(Some(4)));
        assert_eq!(source.asked.load(Ordering::SeqCst), 4);

        source.fails.store(true, Ordering::SeqCst);
        assert_eq!(source.replace(20, 4).await, Err("failure 5".to_owned()));
        assert_eq!(source.replace(21, 4).await, Ok(None));
        source.fails.store(false, Ordering::SeqCst);
        assert_eq!(source.replace(25, 4).await, Ok(Some(6)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_rejected_identity_that_has_expired_is_replaced_at_once() {
        let source = Source {
            lifetime: Some(0),
            ..Source::default()
        };
        assert_eq!(source.get(0).await, Ok(1));
        assert_eq!(source.replace(0, 1).await, Ok(Some(2)));
        assert_eq!(source.replace(1, 2).await, Ok(Some(3)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_without_another_identity_is_asked_once_for_all_calls() {
        let source = Arc::new(Source {
            fixed: true,
            ..Source::default()
        });
        assert_eq!(source.get(0).await, Ok(0));
        assert_eq!(source.replace_all(100, 0).await, vec![Ok(None); 100]);
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_to_replace_is_that_of_all_calls() {
        let source = Source::expiring();
        assert_eq!(source.get(0).await, Ok(1));
        source.fails.store(true, Ordering::SeqCst);
        let failed = vec![Err("failure 2".to_owned()); 100];
        assert_eq!(source.replace_all(100, 1).await, failed);
        assert_eq!(source.asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_renews_before_the_expiry_and_the_others_do_not_wait() {
        let source = Source::expiring();
        assert_eq!(source.get(0).await, Ok(1));
        let mut results = source.get_all(100, 540).await;
        results.sort();
        assert_eq!(results[98..], [Ok(1), Ok(2)]);
        assert_eq!(source.get(541).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_to_renew_is_no_error_until_the_expiry() {
        let source = Source::expiring();
        assert_eq!(source.get(0).await, Ok(1));
        source.fails.store(true, Ordering::SeqCst);
        for (now, asked) in [(540, 2), (544, 2), (545, 3), (599, 4), (599, 4)] {
            assert_eq!(source.get(now).await, Ok(1), "{now}");
            assert_eq!(source.asked.load(Ordering::SeqCst), asked, "{now}");
        }
        assert_eq!(source.get(600).await, Err("failure 5".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_call_leaves_the_fetch_to_the_next() {
        let source = Source::expiring();
        let limit = Duration::from_millis(10);
        let dropped = tokio::time::timeout(limit, source.get(0)).await;
        assert!(dropped.is_err(), "fetching takes a second");
        assert_eq!(source.get(0).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn an_identity_without_an_expiry_is_fetched_every_15_minutes() {
        let source = Arc::new(Source::default());
        for (now, expected) in [(1000, 1), (1899, 1), (1900, 2), (2799, 2), (2800, 3)] {
            assert_eq!(source.get(now).await, Ok(expected), "{now}");
        }
        // The clock was wrong.
        assert_eq!(source.get(2750).await, Ok(3));
        assert_eq!(source.get(0).await, Ok(4));
    }
}
