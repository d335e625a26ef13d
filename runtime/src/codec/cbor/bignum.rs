//! Numbers of any size (RFC 8949 section 3.4.3): bytes in CBOR, decimal digits everywhere else.
//!
//! The conversions take time quadratic in the length of a number, which is therefore limited.

/// The maximum length of a number, in bytes.
pub(super) const MOST_BYTES: usize = 1024;
/// The maximum number of digits: that of the greatest number with [`MOST_BYTES`].
pub(super) const MOST_DIGITS: usize = 2467;

/// Digits are converted in groups of nine, which fit into 32 bits.
const GROUP: usize = 9;
const GROUP_BASE: u64 = 1_000_000_000;

/// The decimal digits of an unsigned number, most significant byte first.
pub(super) fn digits(bytes: &[u8]) -> String {
    // Groups of digits, the least significant one first.
    let mut groups = vec![0_u64];
    let (first, rest) = bytes.split_at(bytes.len() % 4);
    for word in std::iter::once(first).chain(rest.chunks(4)) {
        let value = word.iter();
        let mut carry = value.fold(0, |value, byte| (value << 8) | u64::from(*byte));
        for group in &mut groups {
            // Below 2^62.
            let value = (*group << 32) + carry;
            *group = value % GROUP_BASE;
            carry = value / GROUP_BASE;
        }
        while carry > 0 {
            groups.push(carry % GROUP_BASE);
            carry /= GROUP_BASE;
        }
    }
    let mut groups = groups.iter().rev();
    let mut text = groups.next().map(u64::to_string).unwrap_or_default();
    text.extend(groups.map(|group| format!("{group:0GROUP$}")));
    text
}

/// The bytes of an unsigned number, without leading zeros; empty for zero. `digits` are decimal
/// digits only.
pub(super) fn bytes(digits: &str) -> Vec<u8> {
    // The least significant byte first.
    let mut bytes = Vec::<u8>::new();
    let first = digits.len() % GROUP;
    let (first, rest) = digits.split_at(first);
    let groups = rest.as_bytes().chunks(GROUP);
    for group in std::iter::once(first.as_bytes()).chain(groups) {
        let mut carry = group
            .iter()
            .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        let base = 10_u64.pow(u32::try_from(group.len()).unwrap_or_default());
        for byte in &mut bytes {
            let value = u64::from(*byte) * base + carry;
            *byte = value.to_le_bytes()[0];
            carry = value >> 8;
        }
        while carry > 0 {
            bytes.push(carry.to_le_bytes()[0]);
            carry >>= 8;
        }
    }
    bytes.reverse();
    bytes
}

/// The number plus one, most significant byte first.
pub(super) fn increment(bytes: &mut Vec<u8>) {
    for byte in bytes.iter_mut().rev() {
        let (next, overflow) = byte.overflowing_add(1);
        *byte = next;
        if !overflow {
            return;
        }
    }
    bytes.insert(0, 1);
}

/// The number minus one, most significant byte first. The number is not zero.
pub(super) fn decrement(bytes: &mut Vec<u8>) {
    for byte in bytes.iter_mut().rev() {
        let (next, underflow) = byte.overflowing_sub(1);
        *byte = next;
        if !underflow {
            break;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.drain(..zeros);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MOST_BYTES, MOST_DIGITS, bytes, decrement, digits, increment};

    proptest! {
        #[test]
        fn digits_and_bytes_are_the_same_number(number: u128) {
            let text = number.to_string();
            let big = number.to_be_bytes();
            prop_assert_eq!(digits(&big), &*text);
            let zeros = big.iter().take_while(|byte| **byte == 0).count();
            prop_assert_eq!(bytes(&text), &big[zeros..]);
        }

        #[test]
        fn numbers_of_any_size_survive(text in "[1-9][0-9]{0,300}") {
            prop_assert_eq!(digits(&bytes(&text)), text);
        }

        #[test]
        fn one_is_added_and_subtracted(number in 1_u64..) {
            let mut found = number.to_be_bytes().to_vec();
            decrement(&mut found);
            prop_assert_eq!(digits(&found), (number - 1).to_string());
            increment(&mut found);
            prop_assert_eq!(digits(&found), number.to_string());
        }
    }

    #[test]
    fn the_greatest_number_has_the_maximum_number_of_digits() {
        assert_eq!(digits(&[0xff; MOST_BYTES]).len(), MOST_DIGITS);
        let mut greatest = vec![0xff; 2];
        increment(&mut greatest);
        assert_eq!(greatest, [1, 0, 0]);
        decrement(&mut greatest);
        assert_eq!(greatest, [0xff, 0xff]);
    }
}
