//! Random UUIDs.

/// Formats random bits as a UUID of version 4 (RFC 9562 section 5.4).
pub(crate) fn from_random(bits: u128) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bits = (bits & !(0xf << 76)) | (4 << 76);
    let bits = (bits & !(0b11 << 62)) | (0b10 << 62);
    let mut text = String::with_capacity(36);
    for (index, byte) in bits.to_be_bytes().into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::from_random;

    #[test]
    fn version_and_variant_are_set_and_all_other_bits_are_kept() {
        let zeros = from_random(0);
        assert_eq!(zeros, "00000000-0000-4000-8000-000000000000");
        let ones = from_random(u128::MAX);
        assert_eq!(ones, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let digits = from_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(digits, "01234567-89ab-4def-8123-456789abcdef");
    }
}
