//! Encodes JSON.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::codec::MemberNames;
use crate::error::EncodeError;
use crate::schema::{Member, TimestampFormat};
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers, Encoder};
use crate::value::{Document, Timestamp, float, timestamp};

/// Encodes a value as JSON text.
pub(super) fn to_bytes(
    value: &dyn Encode,
    member: &'static Member,
    names: MemberNames,
) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = JsonEncoder {
        out: Vec::with_capacity(128),
        position: ValuePosition::Value,
        names,
    };
    value.encode(member, &mut encoder)?;
    Ok(encoder.out)
}

/// Encodes a structure as JSON text, with an additional entry in front of its members.
#[cfg(feature = "http")]
pub(super) fn with_entry(
    key: &str,
    value: &str,
    structure: &dyn EncodeMembers,
    names: MemberNames,
) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = JsonEncoder {
        out: Vec::with_capacity(128),
        position: ValuePosition::Value,
        names,
    };
    encoder.nested(*b"{}", ValuePosition::Member, &mut |encoder| {
        encoder.name(key)?;
        encoder.text(value)?;
        structure.encode_members(encoder)
    })?;
    Ok(encoder.out)
}

/// The position of the next value, which determines what precedes it.
#[derive(Clone, Copy)]
enum ValuePosition {
    /// In a structure: a comma and the name of the member.
    Member,
    /// In a list: a comma.
    Element,
    /// At the root, or after the key of a map: nothing.
    Value,
}

struct JsonEncoder {
    out: Vec<u8>,
    position: ValuePosition,
    names: MemberNames,
}

impl JsonEncoder {
    /// Writes what comes before a value.
    #[inline]
    fn begin(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        match self.position {
            ValuePosition::Member => {
                let name = self.names.of(member);
                if self.names == MemberNames::Json && !member.json_name_is_plain {
                    return self.name(name);
                }
                // Reserve once, so that the following writes are plain copies.
                self.out.reserve(name.len() + 4);
                self.comma();
                self.out.push(b'"');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b"\":");
                Ok(())
            }
            ValuePosition::Element => {
                self.comma();
                Ok(())
            }
            ValuePosition::Value => Ok(()),
        }
    }

    /// Writes a comma, unless the next value is the first one in its brackets: no value ends with
    /// an opening bracket.
    #[inline]
    fn comma(&mut self) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    /// Writes the name of a member or entry.
    fn name(&mut self, name: &str) -> Result<(), EncodeError> {
        self.comma();
        self.text(name)?;
        self.out.push(b':');
        Ok(())
    }

    /// Writes a string. Most strings need no escapes and are copied as a whole.
    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        if !is_plain(text.as_bytes()) {
            return self.write(text);
        }
        self.out.reserve(text.len() + 3);
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
        Ok(())
    }

    #[inline]
    fn write<T: ::serde::Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        serde_json::to_writer(&mut self.out, value)
            .map_err(|error| EncodeError::new(error.to_string()))
    }

    /// Writes a document. Its `Display` is JSON text.
    fn print(&mut self, document: &Document) -> Result<(), EncodeError> {
        write!(self.out, "{document}").map_err(|error| EncodeError::new(error.to_string()))
    }

    /// Writes the values between two brackets, at `position`.
    fn nested(
        &mut self,
        brackets: [u8; 2],
        position: ValuePosition,
        write: &mut dyn FnMut(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let outer = std::mem::replace(&mut self.position, position);
        self.out.push(brackets[0]);
        write(self)?;
        self.out.push(brackets[1]);
        self.position = outer;
        Ok(())
    }
}

/// Whether the text needs no escapes (RFC 8259 section 7): it contains no quote, no backslash and
/// no control character. Checks eight bytes at a time.
fn is_plain(text: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    /// Sets the high bit of each byte below `limit`. Bytes above such a byte may be marked, too.
    const fn below(word: u64, limit: u8) -> u64 {
        word.wrapping_sub(ONES * limit as u64) & !word & HIGHS
    }
    let escape = |word: [u8; 8]| {
        let word = u64::from_ne_bytes(word);
        let quote = below(word ^ (ONES * u64::from(b'"')), 1);
        let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
        below(word, 0x20) | quote | backslash
    };
    let (words, rest) = text.as_chunks::<8>();
    // The last word overlaps the previous one. A text without a full word is short.
    match text.last_chunk::<8>() {
        Some(last) => {
            words
                .iter()
                .fold(escape(*last), |found, word| found | escape(*word))
                == 0
        }
        None => !rest
            .iter()
            .any(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')),
    }
}

impl Encoder for JsonEncoder {
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        if !matches!(self.position, ValuePosition::Member) {
            self.begin(member)?;
            self.out.extend_from_slice(b"null");
        }
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.write(&value)
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.write(&value)
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        self.begin(member)?;
        match float::name(value.into()) {
            None => self.write(&value),
            Some(name) => self.write(name),
        }
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.begin(member)?;
        match float::name(value) {
            None => self.write(&value),
            Some(name) => self.write(name),
        }
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.out.extend_from_slice(digits.as_bytes());
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.text(value)
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.out.push(b'"');
        let start = self.out.len();
        let length = base64::encoded_len(value.len(), true)
            .ok_or(EncodeError::new("the blob is too large"))?;
        self.out.resize(start + length, 0);
        STANDARD
            .encode_slice(value, &mut self.out[start..])
            .map_err(|_| EncodeError::new("the blob is too large"))?;
        self.out.push(b'"');
        Ok(())
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        self.begin(member)?;
        let format = member
            .timestamp_format
            .unwrap_or(TimestampFormat::EpochSeconds);
        let quote = if format == TimestampFormat::EpochSeconds {
            ""
        } else {
            "\""
        };
        let value = timestamp::format(value, format)?;
        write!(self.out, "{quote}{value}{quote}")
            .map_err(|error| EncodeError::new(error.to_string()))
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.print(value)
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        self.begin(member)?;
        let element = member.target.element();
        self.nested(*b"[]", ValuePosition::Element, &mut |encoder| {
            value.encode_elements(element, encoder)
        })
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        self.begin(member)?;
        let (key, entry) = member.target.entry();
        self.nested(*b"{}", ValuePosition::Value, &mut |encoder| {
            value.encode_entries(key, entry, encoder)
        })
    }

    fn key(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.name(key)
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.begin(member)?;
        self.nested(*b"{}", ValuePosition::Member, &mut |encoder| {
            value.encode_members(encoder)
        })
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.name(name)?;
        self.print(value)
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn what_needs_an_escape_is_found_wherever_it_is() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    let plain = byte >= 0x20 && byte != b'"' && byte != b'\\';
                    assert_eq!(is_plain(&text), plain, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
