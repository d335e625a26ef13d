//! Bytes of a body that stay in memory until more of it is received.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of bytes of one body that are in memory, for all of its decoders. It counts nothing
/// unless it was made by [`HeldBytes::counted`].
#[derive(Clone, Default)]
pub(crate) struct HeldBytes(Option<Arc<AtomicUsize>>);

impl HeldBytes {
    #[cfg(feature = "serve")]
    pub(crate) fn counted() -> Self {
        Self(Some(Arc::default()))
    }

    /// The number of bytes.
    #[cfg(feature = "serve")]
    pub(crate) fn bytes(&self) -> usize {
        self.0.as_ref().map_or(0, |it| it.load(Ordering::Relaxed))
    }

    /// The part of a decoder, which has no bytes yet.
    pub(crate) fn part(&self) -> Held {
        Held {
            memory: self.clone(),
            bytes: 0,
        }
    }
}

/// The bytes that one decoder keeps. They are none when it is dropped.
pub(crate) struct Held {
    memory: HeldBytes,
    bytes: usize,
}

impl Held {
    /// Replaces the number of bytes. A decoder does so before it waits for more of the body, and
    /// whoever counts the bytes reads the number there.
    pub(crate) fn set(&mut self, bytes: usize) {
        let before = std::mem::replace(&mut self.bytes, bytes);
        if let Some(total) = &self.memory.0 {
            total.fetch_add(bytes, Ordering::Relaxed);
            total.fetch_sub(before, Ordering::Relaxed);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.set(0);
    }
}
