//! Encodes JSON.

use std::io::Write as _;

use super::JsonCodec;
use crate::codec::MemberNames;
use crate::codec::text::{self, Word};
#[cfg(feature = "alloy")]
use crate::codec::union::Discriminated;
use crate::error::EncodeError;
#[cfg(feature = "alloy")]
use crate::schema::UnionForm;
use crate::schema::{Member, TimestampFormat};
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers, Encoder};
use crate::value::{Document, Timestamp, float, timestamp};

/// Encodes a value as JSON text.
pub(super) fn to_bytes(
    value: &dyn Encode,
    member: &'static Member,
    codec: &JsonCodec,
) -> Result<Vec<u8>, EncodeError> {
    let JsonCodec {
        names,
        uniform_scalars,
    } = *codec;
    let mut encoder = JsonEncoder {
        out: Vec::with_capacity(128),
        position: ValuePosition::Value,
        names,
        uniform_scalars,
    };
    value.encode(member, &mut encoder)?;
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
    uniform_scalars: bool,
}

impl JsonEncoder {
    /// Writes what comes before a value.
    #[inline]
    fn begin(&mut self, member: &'static Member) {
        match self.position {
            ValuePosition::Member => {
                let name = self.names.of(member);
                if self.names == MemberNames::Json && !member.json_name_is_plain {
                    self.name(name);
                    return;
                }
                // Reserve once, so that the following writes are plain copies.
                self.out.reserve(name.len() + 4);
                self.comma();
                self.out.push(b'"');
                self.out.extend_from_slice(name.as_bytes());
                self.out.extend_from_slice(b"\":");
            }
            ValuePosition::Element => self.comma(),
            ValuePosition::Value => {}
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
    fn name(&mut self, name: &str) {
        self.comma();
        self.text(name);
        self.out.push(b':');
    }

    /// Writes a string. The parts between the characters that need an escape are copied as a whole.
    fn text(&mut self, text: &str) {
        // Enough for the usual number of escapes.
        self.out.reserve(text.len() + text.len() / 8 + 3);
        self.out.push(b'"');
        let mut rest = text.as_bytes();
        let special = |word: Word| word.below(0x20) | word.equal(b'"') | word.equal(b'\\');
        while let Some((plain, byte, after)) = text::split_at_special(rest, special) {
            text::push_short(&mut self.out, plain);
            self.escape(byte);
            rest = after;
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
    }

    /// Writes an escape (RFC 8259 section 7), as `serde_json` does.
    #[inline]
    fn escape(&mut self, byte: u8) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            _ => {
                let digits = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
                self.out.extend_from_slice(b"\\u00");
                self.out.extend_from_slice(&digits);
                return;
            }
        };
        self.out.extend_from_slice(&[b'\\', short]);
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

impl Encoder for JsonEncoder {
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        if !matches!(self.position, ValuePosition::Member) {
            self.begin(member);
            self.out.extend_from_slice(b"null");
        }
        Ok(())
    }

    #[cfg(feature = "alloy")]
    fn null(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        self.begin(member);
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.begin(member);
        self.write(&value)
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.begin(member);
        self.write(&value)
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        self.begin(member);
        match float::name(value.into()) {
            None => self.write(&value),
            Some(name) => self.write(name),
        }
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.begin(member);
        match float::name(value) {
            None => self.write(&value),
            Some(name) => self.write(name),
        }
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        self.begin(member);
        if self.uniform_scalars {
            self.text(digits);
        } else {
            self.out.extend_from_slice(digits.as_bytes());
        }
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        self.begin(member);
        self.text(value);
        Ok(())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.begin(member);
        self.out.push(b'"');
        text::push_base64(&mut self.out, value)?;
        self.out.push(b'"');
        Ok(())
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        self.begin(member);
        let format = match member.timestamp_format {
            Some(format) if !self.uniform_scalars => format,
            _ => TimestampFormat::EpochSeconds,
        };
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
        self.begin(member);
        self.print(value)
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        self.begin(member);
        let element = member.target.element();
        self.nested(*b"[]", ValuePosition::Element, &mut |encoder| {
            value.encode_elements(element, encoder)
        })
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        self.begin(member);
        let (key, entry) = member.target.entry();
        self.nested(*b"{}", ValuePosition::Value, &mut |encoder| {
            value.encode_entries(key, entry, encoder)
        })
    }

    fn key(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.name(key);
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.begin(member);
        self.nested(*b"{}", ValuePosition::Member, &mut |encoder| {
            value.encode_members(encoder)
        })
    }

    #[cfg(feature = "alloy")]
    fn union(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        match value.schema().form {
            UnionForm::Tagged => self.structure(member, value),
            UnionForm::Discriminated(key) => {
                let (union, names) = (value, self.names);
                self.structure(member, &Discriminated { union, key, names })
            }
            UnionForm::Untagged => {
                self.begin(member);
                let outer = std::mem::replace(&mut self.position, ValuePosition::Value);
                let start = self.out.len();
                value.encode_members(self)?;
                if self.out.len() == start {
                    // No member is set.
                    self.out.extend_from_slice(b"null");
                }
                self.position = outer;
                Ok(())
            }
        }
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        // The member of an untagged union is its value alone.
        if !matches!(self.position, ValuePosition::Value) {
            self.name(name);
        }
        self.print(value)
    }
}
