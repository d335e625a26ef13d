//! The parts that texts are written from.

use std::ops::BitOr;

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

/// Splits a text at the first byte that `find` marks. Checks eight bytes at a time.
#[inline]
pub(crate) fn split_at_special(
    text: &[u8],
    find: impl Fn(Word) -> Marks,
) -> Option<(&[u8], u8, &[u8])> {
    let first = |word: &[u8; 8]| find(Word(u64::from_le_bytes(*word))).first();
    let (words, rest) = text.as_chunks::<8>();
    let in_words = || {
        let mut words = words.iter().enumerate();
        words.find_map(|(index, word)| Some(8 * index + first(word)?))
    };
    // The last word overlaps the previous one. A text without a full word is short.
    let in_rest = || match text.last_chunk::<8>() {
        Some(last) => Some(text.len() - 8 + first(last)?),
        None => {
            let mut word = [b'a'; 8];
            word[..rest.len()].copy_from_slice(rest);
            first(&word)
        }
    };
    let (plain, after) = text.split_at(in_words().or_else(in_rest)?);
    let (byte, after) = after.split_first()?;
    Some((plain, *byte, after))
}

/// Eight bytes of a text, the first of which is the lowest.
#[derive(Clone, Copy)]
pub(crate) struct Word(u64);

/// The bytes of a word that were found: their high bits. Bytes after the first one may be marked
/// without reason.
#[derive(Clone, Copy)]
pub(crate) struct Marks(u64);

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);

impl Word {
    /// The bytes below `limit`, which is at most 0x80.
    #[inline]
    pub(crate) const fn below(self, limit: u8) -> Marks {
        Marks(self.0.wrapping_sub(ONES * limit as u64) & !self.0 & HIGHS)
    }

    /// The bytes that are equal to `byte`.
    #[inline]
    pub(crate) const fn equal(self, byte: u8) -> Marks {
        Word(self.0 ^ (ONES * byte as u64)).below(1)
    }
}

impl BitOr for Marks {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Marks {
    #[inline]
    const fn first(self) -> Option<usize> {
        match self.0 {
            0 => None,
            marks => Some(marks.trailing_zeros() as usize / 8),
        }
    }
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
                    let found = split_at_special(&text, |word| {
                        word.below(0x20) | word.equal(b'"') | word.equal(b'\\') | word.equal(0xef)
                    });
                    let expected = (!plain).then(|| (&text[..at], byte, &text[at + 1..]));
                    assert_eq!(found, expected, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
