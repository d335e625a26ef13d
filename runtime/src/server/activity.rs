//! What a connection is doing, as its deadlines and the limits of the server see it.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::registry::Registry;

/// The time limits of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// Without a request in progress.
    pub(super) header: Duration,
    /// How long a request's body may lag behind the minimum rate.
    pub(super) body: Duration,
    /// How long the reading of a response may lag behind the minimum rate.
    pub(super) write: Duration,
    /// The minimum rate of bodies, in bytes per second.
    pub(super) rate: u64,
}

/// How long the server has been waiting for a client, less the time that the client has earned
/// with the bytes that it sent or read.
///
/// A client that transfers at the minimum rate or faster has never kept the server waiting; a
/// client that stalls, or sends single bytes, falls behind from second to second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wait {
    /// The start of a wait that continues.
    since: Option<Instant>,
    /// The length of earlier waits.
    spent: Duration,
}

impl Wait {
    pub(super) fn start(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    pub(super) fn stop(&mut self, now: Instant) {
        if let Some(since) = self.since.take() {
            self.spent += now - since;
        }
    }

    /// Counts transferred bytes. Without a minimum rate, any byte makes up for the wait so far.
    pub(super) fn progress(&mut self, now: Instant, bytes: usize, rate: u64) {
        if bytes == 0 {
            return;
        }
        let waiting = self.since.is_some();
        self.stop(now);
        let earned = match rate {
            0 => Duration::MAX,
            rate => Duration::from_nanos((bytes as u64).saturating_mul(1_000_000_000) / rate),
        };
        self.spent = self.spent.saturating_sub(earned);
        if waiting {
            self.start(now);
        }
    }

    /// The length of the wait; `None` if it is not the client's turn.
    pub(super) fn current(&self, now: Instant) -> Option<Duration> {
        self.since.map(|since| self.spent + (now - since))
    }

    fn continues(&self) -> bool {
        self.since.is_some()
    }

    /// Whether nothing remains of earlier waits.
    pub(super) fn is_first(&self) -> bool {
        self.spent.is_zero()
    }

    /// The moment at which the wait will have lasted for `limit`.
    pub(super) fn deadline(&self, limit: Duration) -> Option<Instant> {
        let since = self.since?;
        since.checked_add(limit.saturating_sub(self.spent))
    }
}

/// Why a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overdue {
    /// No request has been in progress for too long.
    Idle,
    /// The client does not read a response.
    Unread,
}

/// The requests and buffers of a connection.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    timeouts: Timeouts,
    registry: Arc<Registry>,
    /// Bytes of bodies that are in memory for the client's sake.
    buffered: AtomicUsize,
    /// Notified when bytes leave the memory.
    released: Notify,
    /// Notified when the connection is closed in favor of others.
    evict: Notify,
    /// Whether the connection has ended.
    ended: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// The start of the connection, or the end of the last request.
    idle_since: Instant,
    requests: Vec<Option<Progress>>,
    in_progress: usize,
    /// The connection cannot send what it has to send.
    output: Wait,
    /// A response has ended, and its last bytes may still have to be sent.
    unsent: bool,
}

impl State {
    /// Whether no request is in progress and the responses have been sent. Other bytes do not
    /// count: a client that keeps sending pings is idle, whether or not it reads the responses to
    /// them.
    fn is_idle(&self) -> bool {
        self.in_progress == 0 && !(self.unsent && self.output.continues())
    }
}

/// A request in progress.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    /// The request is not handled before the client reads earlier responses.
    queued: bool,
    /// The server waits for bytes of the body.
    receiving: Wait,
    /// The client has to read the response.
    sending: Option<Wait>,
}

impl Progress {
    /// How long the client has kept the server waiting; `None` while a handler is running.
    fn waiting(&self, now: Instant) -> Option<Duration> {
        if self.queued {
            return Some(Duration::ZERO);
        }
        self.sending.unwrap_or(self.receiving).current(now)
    }
}

impl Activity {
    pub(super) fn new(timeouts: Timeouts, registry: Arc<Registry>) -> Self {
        Self {
            state: Mutex::new(State {
                idle_since: Instant::now(),
                requests: Vec::new(),
                in_progress: 0,
                output: Wait::default(),
                unsent: false,
            }),
            timeouts,
            registry,
            buffered: AtomicUsize::new(0),
            released: Notify::new(),
            evict: Notify::new(),
            ended: AtomicBool::new(false),
        }
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    fn update<T>(&self, update: impl FnOnce(&mut State) -> T) -> T {
        update(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The start of the time for which the client has kept the server waiting: with the TLS
    /// handshake, a head, a body, an unread response, or without a request. `None` while a handler
    /// is running.
    pub(super) fn waiting_since(&self, now: Instant) -> Option<Instant> {
        self.update(|state| {
            if state.in_progress == 0 {
                return Some(state.idle_since);
            }
            let mut longest = Duration::ZERO;
            for request in state.requests.iter().flatten() {
                longest = longest.max(request.waiting(now)?);
            }
            now.checked_sub(longest)
        })
    }

    /// The start of the longest wait for a body or for the reading of a response, whether or not a
    /// handler is running.
    pub(super) fn transfer_since(&self, now: Instant) -> Option<Instant> {
        self.update(|state| {
            let requests = state.requests.iter().flatten();
            let longest = requests.filter_map(|request| request.waiting(now)).max()?;
            now.checked_sub(longest)
        })
    }

    /// How long no request has been in progress.
    pub(super) fn idle_time(&self) -> Duration {
        self.update(|state| {
            if state.is_idle() {
                state.idle_since.elapsed()
            } else {
                Duration::ZERO
            }
        })
    }

    /// Completes when no request has been in progress for as long as `idle`, or when the client
    /// has not read a response in time.
    pub(super) async fn overdue(&self, idle: Duration) -> Overdue {
        loop {
            let now = Instant::now();
            let next = self.update(|state| {
                let requests = state.requests.iter().flatten();
                let unread = requests
                    .filter_map(|request| request.sending)
                    .chain([state.output])
                    .filter_map(|wait| wait.deadline(self.timeouts.write));
                let unread = unread.map(|deadline| (deadline, Overdue::Unread));
                let idle = state.is_idle().then(|| state.idle_since.checked_add(idle));
                let idle = idle.flatten().map(|deadline| (deadline, Overdue::Idle));
                unread.chain(idle).min_by_key(|(deadline, _)| *deadline)
            });
            // At the earliest, another deadline starts now.
            let moment = Duration::from_millis(1);
            let later = now.checked_add(idle.min(self.timeouts.write).max(moment));
            match next {
                Some((deadline, why)) if deadline <= now => return why,
                next => {
                    let deadline = next.map(|(deadline, _)| deadline);
                    match deadline.into_iter().chain(later).min() {
                        Some(moment) => sleep_until(moment).await,
                        None => pending().await,
                    }
                }
            }
        }
    }

    /// Records whether the connection cannot send what it has to send, and the bytes that it has
    /// sent.
    pub(super) fn output(&self, waits: bool, bytes: usize) {
        let now = Instant::now();
        self.update(|state| {
            state.output.progress(now, bytes, self.timeouts.rate);
            if waits {
                state.output.start(now);
            } else {
                state.output.stop(now);
            }
        });
    }

    /// Records that the connection has sent everything that it had to send.
    pub(super) fn flushed(&self) {
        self.update(|state| {
            if std::mem::take(&mut state.unsent) {
                state.idle_since = Instant::now();
            }
        });
    }

    /// Closes the connection in favor of others.
    pub(super) fn evict(&self) {
        self.evict.notify_one();
    }

    /// Completes when the connection has to be closed in favor of others.
    pub(super) async fn evicted(&self) {
        self.evict.notified().await;
    }

    /// Records that the connection has ended: requests that wait are not handled any more.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    pub(super) fn buffered(&self) -> usize {
        self.buffered.load(Ordering::Relaxed)
    }

    fn buffer(&self, bytes: usize) {
        if bytes > 0 {
            self.buffered.fetch_add(bytes, Ordering::Relaxed);
            self.registry.buffer(bytes);
        }
    }

    fn release(&self, bytes: usize) {
        if bytes > 0 {
            self.buffered.fetch_sub(bytes, Ordering::Relaxed);
            self.registry.release(bytes);
            self.released.notify_waiters();
        }
    }
}

/// A request in progress, from its head to the end of both bodies.
#[derive(Debug)]
pub(super) struct RequestGuard {
    activity: Arc<Activity>,
    index: usize,
}

impl RequestGuard {
    pub(super) fn new(activity: &Arc<Activity>) -> Self {
        let index = activity.update(|state| {
            state.in_progress += 1;
            let free = state.requests.iter().position(Option::is_none);
            let index = free.unwrap_or(state.requests.len());
            if free.is_none() {
                state.requests.push(None);
            }
            state.requests[index] = Some(Progress::default());
            index
        });
        Self {
            activity: Arc::clone(activity),
            index,
        }
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.activity.timeouts
    }

    fn update<T>(&self, update: impl FnOnce(&mut Progress) -> T) -> Option<T> {
        self.activity
            .update(|state| state.requests[self.index].as_mut().map(update))
    }

    /// Waits until the client has read enough of earlier responses.
    pub(super) async fn room(&self) {
        let limit = self.activity.registry.limits().connection_buffer;
        if self.activity.buffered() < limit {
            return;
        }
        self.update(|request| request.queued = true);
        loop {
            let mut released = pin!(self.activity.released.notified());
            released.as_mut().enable();
            if self.activity.buffered() < limit {
                break;
            }
            released.await;
        }
        if self.activity.ended.load(Ordering::Relaxed) {
            pending::<()>().await;
        }
        self.update(|request| request.queued = false);
    }

    /// Records whether the server waits for the body, and the bytes that have arrived.
    pub(super) fn receiving(&self, waits: bool, bytes: usize) -> Wait {
        let now = Instant::now();
        let rate = self.activity.timeouts.rate;
        let wait = self.update(|request| {
            request.receiving.progress(now, bytes, rate);
            if waits {
                request.receiving.start(now);
            } else {
                request.receiving.stop(now);
            }
            request.receiving
        });
        wait.unwrap_or_default()
    }

    /// Counts bytes of the body that are in memory until it is complete.
    pub(super) fn buffer(&self, bytes: usize) {
        self.activity.buffer(bytes);
    }

    pub(super) fn release(&self, bytes: usize) {
        self.activity.release(bytes);
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.activity.update(|state| {
            state.requests[self.index] = None;
            state.in_progress -= 1;
            state.idle_since = Instant::now();
            state.unsent = true;
        });
    }
}

/// A response that is not read completely yet.
#[derive(Debug)]
pub(super) struct SendingGuard(Arc<RequestGuard>);

impl SendingGuard {
    /// It is the client's turn to read the head.
    pub(super) fn new(request: Arc<RequestGuard>) -> Self {
        let mut wait = Wait::default();
        wait.start(Instant::now());
        request.update(|request| request.sending = Some(wait));
        Self(request)
    }

    /// Records whether it is the client's turn to read.
    pub(super) fn sending(&self, waits: bool) {
        let now = Instant::now();
        self.0.update(|request| {
            if let Some(sending) = &mut request.sending {
                if waits {
                    sending.start(now);
                } else {
                    sending.stop(now);
                }
            }
        });
    }

    /// Counts bytes of the body that are in memory.
    pub(super) fn buffer(&self, bytes: usize) {
        self.0.buffer(bytes);
    }

    /// Counts bytes that the client has read, as far as the system has taken them.
    pub(super) fn release(&self, bytes: usize) {
        let now = Instant::now();
        let rate = self.0.activity.timeouts.rate;
        self.0.update(|request| {
            if let Some(sending) = &mut request.sending {
                sending.progress(now, bytes, rate);
            }
        });
        self.0.release(bytes);
    }
}

impl Drop for SendingGuard {
    fn drop(&mut self) {
        self.0.update(|request| request.sending = None);
    }
}

/// The output of the future that completes first.
pub(super) async fn race<A, B>(
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> Result<B, A> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|cx| match first.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Err(output)),
        Poll::Pending => second.as_mut().poll(cx).map(Ok),
    })
    .await
}
