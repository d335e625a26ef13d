//! Randomness for idempotency tokens and backoff.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// 64 random bits. The standard library keys each `RandomState` with random bits of the system and a counter, and hashes by `SipHash`, which
/// keeps no pattern of its keys: good enough for ids and delays, and no dependency.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A random UUID (RFC 9562 section 5.4).
pub(crate) fn uuid() -> String {
    let bits = (u128::from(random()) << 64) | u128::from(random());
    let bits = (bits & !(0xf << 76)) | (4 << 76);
    let bits = (bits & !(0b11 << 62)) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn tokens_are_random_uuids() {
        let tokens = (0..10_000).map(|_| super::uuid()).collect::<BTreeSet<_>>();
        assert_eq!(tokens.len(), 10_000);
        for token in tokens {
            let lengths = token.split('-').map(str::len).collect::<Vec<_>>();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{token}");
            assert_eq!(token.as_bytes()[14], b'4', "{token}");
            assert!(b"89ab".contains(&token.as_bytes()[19]), "{token}");
        }
    }
}
