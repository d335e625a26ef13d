//! Random UUIDs.

/// Formats random bits as a UUID of version 4 (RFC 9562 section 5.4).
pub(crate) fn from_random(bits: u128) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    /// The position of each byte, between the hyphens.
    const POSITIONS: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
    let bits = (bits & !(0xf << 76)) | (4 << 76);
    let bits = (bits & !(0b11 << 62)) | (0b10 << 62);
    let mut text = [b'-'; 36];
    for (byte, position) in bits.to_be_bytes().into_iter().zip(POSITIONS) {
        text[position] = DIGITS[usize::from(byte >> 4)];
        text[position + 1] = DIGITS[usize::from(byte & 15)];
    }
    String::from_utf8(text.to_vec()).unwrap_or_default()
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
