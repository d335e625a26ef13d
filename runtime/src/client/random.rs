//! Randomness for idempotency tokens and backoff.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use crate::http::uuid;

/// Returns 64 random bits.
///
/// The standard library keys each `RandomState` with random bits of the system and a counter, and
/// hashes with `SipHash`, whose output shows no pattern of its keys. That is good enough for IDs
/// and delays, and needs no dependency.
pub(crate) fn bits() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Returns a random UUID.
pub(crate) fn uuid() -> String {
    uuid::from_random(u128::from(bits()) << 64 | u128::from(bits()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn uuids_do_not_repeat() {
        let tokens = (0..10_000).map(|_| super::uuid()).collect::<BTreeSet<_>>();
        assert_eq!(tokens.len(), 10_000);
    }
}
