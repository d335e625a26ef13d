//! The open connections of a server, and which of them are closed when there are too many.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::activity::{Activity, Timeouts};

/// The limits of a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How many connections may be open.
    pub(super) connections: usize,
    /// How many bytes of bodies a connection may keep in memory before it has to wait.
    pub(super) connection_buffer: usize,
    /// How many bytes of bodies all connections may keep in memory.
    pub(super) buffer: usize,
}

/// The open connections.
#[derive(Debug)]
pub(super) struct Registry {
    limits: Limits,
    connections: Mutex<Connections>,
    /// Notified when a connection ends.
    ended: Notify,
    /// The bytes that all connections keep in memory.
    buffered: AtomicUsize,
}

#[derive(Debug, Default)]
struct Connections {
    next: u64,
    open: HashMap<u64, Arc<Activity>>,
    /// Connections that had kept the server waiting longest, the longest one last. To look for
    /// them again for each new connection would take too long.
    candidates: Vec<(Instant, u64)>,
}

impl Registry {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            connections: Mutex::default(),
            ended: Notify::new(),
            buffered: AtomicUsize::new(0),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a connection that is open until the handle is dropped.
    pub(super) fn open(self: &Arc<Self>, timeouts: Timeouts) -> Open {
        let activity = Arc::new(Activity::new(timeouts, Arc::clone(self)));
        let mut connections = self.connections();
        let id = connections.next;
        connections.next += 1;
        connections.open.insert(id, Arc::clone(&activity));
        Open {
            registry: Arc::clone(self),
            id,
            activity,
        }
    }

    /// Waits until another connection may be opened. At the limit, this closes the connection that
    /// has kept the server waiting longest; if a handler is running on each of them, it waits for
    /// one to end or to become idle.
    pub(super) async fn room(&self) {
        while self.connections().open.len() >= self.limits.connections && !self.evict() {
            // A handler may end without its connection.
            let _ = tokio::time::timeout(Self::MOMENT, self.ended.notified()).await;
        }
    }

    const MOMENT: std::time::Duration = std::time::Duration::from_millis(20);

    /// Closes the connection that has kept the server waiting longest. Returns false if there is
    /// no such connection.
    pub(super) fn evict(&self) -> bool {
        let now = Instant::now();
        let mut connections = self.connections();
        let connections = &mut *connections;
        let mut searched = false;
        loop {
            // Later waits are not longer than those of the candidates.
            let limit = connections.candidates.first().map(|(since, _)| *since);
            while let Some((_, id)) = connections.candidates.pop() {
                let waiting = connections
                    .open
                    .get(&id)
                    .and_then(|activity| activity.waiting_since(now));
                if waiting.is_some_and(|since| limit.is_some_and(|limit| since <= limit)) {
                    if let Some(activity) = connections.open.remove(&id) {
                        activity.evict();
                    }
                    return true;
                }
            }
            if std::mem::replace(&mut searched, true) {
                return false;
            }
            connections.search(now);
        }
    }

    /// Counts bytes that are in memory. Over the limit, this closes connections that keep bytes in
    /// memory, first the one that has kept the server waiting longest.
    pub(super) fn buffer(&self, bytes: usize) {
        let buffered = self.buffered.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if buffered <= self.limits.buffer {
            return;
        }
        let now = Instant::now();
        let mut connections = self.connections();
        let open = connections.open.iter();
        let holding = open.filter(|(_, activity)| activity.buffered() > 0);
        let mut buffered = 0;
        let mut waiting = Vec::new();
        for (id, activity) in holding {
            buffered += activity.buffered();
            if let Some(since) = activity.transfer_since(now) {
                waiting.push((since, *id, activity.buffered()));
            }
        }
        waiting.sort_unstable();
        for (_, id, bytes) in waiting {
            if buffered <= self.limits.buffer {
                break;
            }
            if let Some(activity) = connections.open.remove(&id) {
                activity.evict();
                buffered -= bytes;
            }
        }
    }

    pub(super) fn release(&self, bytes: usize) {
        self.buffered.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Waits for all connections to end.
    pub(super) async fn ended(&self) {
        while !self.connections().open.is_empty() {
            self.ended.notified().await;
        }
    }
}

impl Connections {
    /// Finds the connections that have kept the server waiting longest.
    fn search(&mut self, now: Instant) {
        let open = self.open.iter();
        let waiting = open.filter_map(|(id, activity)| Some((activity.waiting_since(now)?, *id)));
        let mut waiting = waiting.collect::<Vec<_>>();
        let count = 16.max(waiting.len() / 64).min(waiting.len());
        if count > 0 {
            waiting.select_nth_unstable(count - 1);
            waiting.truncate(count);
        }
        waiting.sort_unstable_by(|a, b| b.cmp(a));
        self.candidates = waiting;
    }
}

/// An open connection.
#[derive(Debug)]
pub(super) struct Open {
    registry: Arc<Registry>,
    id: u64,
    pub(super) activity: Arc<Activity>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.registry.connections().open.remove(&self.id);
        self.registry.ended.notify_one();
    }
}
