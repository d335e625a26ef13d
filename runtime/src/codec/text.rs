//! The parts that texts are written from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::EncodeError;

/// Adds bytes as base64 text.
pub(crate) fn push_base64(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), EncodeError> {
    let too_large = || EncodeError::new("the blob is too large");
    let start = out.len();
    let length = base64::encoded_len(bytes.len(), true).ok_or_else(too_large)?;
    out.resize(start + length, 0);
    STANDARD
        .encode_slice(bytes, &mut out[start..])
        .map_err(|_| too_large())?;
    Ok(())
}

/// Adds bytes. A call that copies memory costs more than a few bytes.
#[inline]
pub(crate) fn push_short(out: &mut Vec<u8>, bytes: &[u8]) {
    match bytes {
        [a] => out.push(*a),
        [a, b] => out.extend_from_slice(&[*a, *b]),
        bytes => out.extend_from_slice(bytes),
    }
}

/// Splits a text at the first control character or special byte. Checks eight bytes at a time.
#[inline]
pub(crate) fn split_at_special<const N: usize>(
    text: &[u8],
    special: [u8; N],
) -> Option<(&[u8], u8, &[u8])> {
    let (words, rest) = text.as_chunks::<8>();
    let in_words = || {
        let mut words = words.iter().enumerate();
        words.find_map(|(index, word)| Some(8 * index + first_special(*word, special)?))
    };
    // The last word overlaps the previous one. A text without a full word is short.
    let in_rest = || match text.last_chunk::<8>() {
        Some(last) => Some(text.len() - 8 + first_special(*last, special)?),
        None => rest
            .iter()
            .position(|byte| *byte < 0x20 || special.contains(byte)),
    };
    let (plain, after) = text.split_at(in_words().or_else(in_rest)?);
    let (byte, after) = after.split_first()?;
    Some((plain, *byte, after))
}

/// The position of the first control character or special byte.
#[inline]
fn first_special<const N: usize>(word: [u8; 8], special: [u8; N]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    /// Sets the high bit of each byte below `limit`. Bytes after such a byte may be marked, too.
    const fn below(word: u64, limit: u8) -> u64 {
        word.wrapping_sub(ONES * limit as u64) & !word & HIGHS
    }
    // The first byte is the lowest.
    let word = u64::from_le_bytes(word);
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let found = special
        .iter()
        .fold(below(word, 0x20), |found, byte| found | equal(*byte));
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::split_at_special;

    #[test]
    fn special_bytes_are_found_wherever_they_are() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    let plain = byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0xef;
                    let found = split_at_special(&text, *b"\"\\\xef");
                    let expected = (!plain).then(|| (&text[..at], byte, &text[at + 1..]));
                    assert_eq!(found, expected, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
