//! The memory of decoded values.

use std::cell::Cell;

/// A limit of the memory that the values of a document may need.
///
/// A short text can stand for a large value: `{}` is a structure of any size. The limit counts
/// what decoding allocates for the elements of lists, the entries of maps, boxed structures and the
/// parts of documents. Texts and blobs do not count: they are not longer than their source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MemoryLimit(Option<usize>);

impl MemoryLimit {
    /// The limit that depends on the length of the document: 12 times its length, and at least
    /// 4 MiB.
    pub(crate) const DEFAULT: Self = Self(None);

    /// A limit in bytes.
    pub(crate) const fn bytes(bytes: usize) -> Self {
        Self(Some(bytes))
    }

    /// The limit for a document of `length` bytes.
    fn of(self, length: usize) -> usize {
        const FACTOR: usize = 12;
        const LEAST: usize = 4 << 20;
        let default = || length.saturating_mul(FACTOR).max(LEAST);
        self.0.unwrap_or_else(default)
    }
}

/// The memory that the values of a document may still need.
pub(crate) struct Memory {
    limit: usize,
    left: Cell<usize>,
    exceeded: Cell<bool>,
}

impl Memory {
    /// For a document of `length` bytes.
    pub(crate) fn new(limit: MemoryLimit, length: usize) -> Self {
        let limit = limit.of(length);
        Self {
            limit,
            left: Cell::new(limit),
            exceeded: Cell::new(false),
        }
    }

    /// Without a limit.
    pub(crate) fn unlimited() -> Self {
        Self::new(MemoryLimit::bytes(usize::MAX), 0)
    }

    /// Counts an allocation; false if it exceeds the limit.
    pub(crate) fn allocate(&self, bytes: usize) -> bool {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                true
            }
            None => {
                self.exceeded.set(true);
                false
            }
        }
    }

    /// The number of bytes that values may still need.
    #[cfg(feature = "alloy")]
    pub(super) fn left(&self) -> usize {
        self.left.get()
    }

    /// Sets the number of bytes back to what it was before values that are dropped.
    #[cfg(feature = "alloy")]
    pub(super) fn restore(&self, left: usize) {
        self.left.set(left);
    }

    /// The limit, if it was exceeded.
    pub(crate) fn exceeded(&self) -> Option<usize> {
        self.exceeded.get().then_some(self.limit)
    }
}
