//! The values that were used last.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of values that are kept.
pub(super) const CAPACITY: usize = 64;

/// Up to [`CAPACITY`] values, the one that was used last first.
pub(super) struct Recent<T>(Mutex<Vec<T>>);

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Recent<T> {
    /// The value that matches, if it is kept.
    pub(super) fn find(&self, matches: impl Fn(&T) -> bool) -> Option<T> {
        let mut values = self.values();
        let index = values.iter().position(matches)?;
        values[..=index].rotate_right(1);
        Some(values[0].clone())
    }

    /// Keeps a value instead of those that match.
    pub(super) fn keep(&self, value: T, matches: impl Fn(&T) -> bool) {
        let mut values = self.values();
        values.retain(|other| !matches(other));
        values.truncate(CAPACITY - 1);
        values.insert(0, value);
    }

    /// Drops the values that match.
    #[cfg(feature = "customizations")]
    pub(super) fn forget(&self, matches: impl Fn(&T) -> bool) {
        self.values().retain(|value| !matches(value));
    }

    fn values(&self) -> MutexGuard<'_, Vec<T>> {
        // Nothing panics while it is locked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Recent};

    #[test]
    fn the_values_that_were_used_last_are_kept() {
        let recent = Recent::default();
        let keep = |value| recent.keep(value, |other| *other == value);
        let find = |value| recent.find(|other| *other == value);
        (0..CAPACITY).for_each(keep);
        keep(0);
        assert_eq!(find(1), Some(1));
        keep(100);
        assert_eq!(
            [0, 1, 2, 3, 100].map(find),
            [Some(0), Some(1), None, Some(3), Some(100)]
        );
    }
}
