//! Encodes CBOR with definite lengths and the shortest heads.

use super::bignum::{self, MOST_DIGITS};
use crate::error::EncodeError;
use crate::schema::{Kind, Member};
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers, Encoder};
use crate::value::number::JsonNumber;
use crate::value::{BigInteger, Document, DocumentNumber, Timestamp, timestamp};

/// Encodes a value.
pub(super) fn to_bytes(
    value: &dyn Encode,
    member: &'static Member,
) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = CborEncoder::new();
    value.encode(member, &mut encoder)?;
    Ok(encoder.out)
}

/// The major types (RFC 8949 section 3.1), in the bits of a head.
mod major {
    pub(super) const UNSIGNED: u8 = 0 << 5;
    pub(super) const NEGATIVE: u8 = 1 << 5;
    pub(super) const BYTES: u8 = 2 << 5;
    pub(super) const TEXT: u8 = 3 << 5;
    pub(super) const LIST: u8 = 4 << 5;
    pub(super) const MAP: u8 = 5 << 5;
    pub(super) const TAG: u8 = 6 << 5;
}

const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;
const SINGLE: u8 = 0xfa;
const DOUBLE: u8 = 0xfb;

struct CborEncoder {
    out: Vec<u8>,
    /// Whether the next value is that of a member, whose name precedes it.
    in_structure: bool,
    /// The number of members of the innermost structure.
    members: u64,
}

impl CborEncoder {
    fn new() -> Self {
        Self {
            out: Vec::with_capacity(128),
            in_structure: false,
            members: 0,
        }
    }

    /// Writes what comes before a value.
    #[inline]
    fn begin(&mut self, member: &'static Member) {
        if self.in_structure {
            self.name(member.name);
        }
    }

    /// Writes the name of a member.
    #[inline]
    fn name(&mut self, name: &str) {
        self.members += 1;
        self.text(name);
    }

    /// Writes the shortest head with an argument.
    #[inline]
    fn head(&mut self, major: u8, argument: u64) {
        let bytes = argument.to_be_bytes();
        match (argument, bytes) {
            (0..24, [.., a]) => self.out.push(major | a),
            (24..0x100, [.., a]) => self.out.extend_from_slice(&[major | 0x18, a]),
            (0x100..0x1_0000, [.., a, b]) => self.out.extend_from_slice(&[major | 0x19, a, b]),
            (0x1_0000..0x1_0000_0000, [.., a, b, c, d]) => {
                self.out.extend_from_slice(&[major | 0x1a, a, b, c, d]);
            }
            _ => {
                self.out.push(major | 0x1b);
                self.out.extend_from_slice(&bytes);
            }
        }
    }

    #[inline]
    fn text(&mut self, text: &str) {
        self.out.reserve(text.len() + 9);
        self.head(major::TEXT, text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }

    #[inline]
    fn signed(&mut self, value: i64) {
        // The argument of a negative integer is -1 - value.
        if value < 0 {
            self.head(major::NEGATIVE, !value.cast_unsigned());
        } else {
            self.head(major::UNSIGNED, value.cast_unsigned());
        }
    }

    /// Writes a float in single precision if that represents it.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only used if the value stays the same"
    )]
    fn real(&mut self, value: f64) {
        let single = value as f32;
        if f64::from(single).to_bits() == value.to_bits() {
            self.single(single);
        } else if value.is_nan() {
            self.single(f32::NAN);
        } else {
            self.out.push(DOUBLE);
            self.out.extend_from_slice(&value.to_be_bytes());
        }
    }

    fn single(&mut self, value: f32) {
        self.out.push(SINGLE);
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    /// Writes a bignum with its tag. `digits` are decimal digits only.
    fn bignum(&mut self, negative: bool, digits: &str) -> Result<(), EncodeError> {
        let digits = digits.trim_start_matches('0');
        if digits.len() > MOST_DIGITS {
            return Err(EncodeError::new(format!(
                "a number of more than {MOST_DIGITS} digits cannot be encoded as CBOR"
            )));
        }
        let mut bytes = bignum::bytes(digits);
        let negative = negative && !bytes.is_empty();
        if negative {
            bignum::decrement(&mut bytes);
        }
        self.head(major::TAG, if negative { 3 } else { 2 });
        self.head(major::BYTES, bytes.len() as u64);
        self.out.extend_from_slice(&bytes);
        Ok(())
    }

    /// Writes a decimal fraction: an exponent and a mantissa.
    fn decimal(&mut self, text: &str) -> Result<(), EncodeError> {
        let invalid = || EncodeError::new("the number cannot be encoded as CBOR");
        let number = JsonNumber::parse(text).ok_or_else(invalid)?;
        let (negative, digits, exponent) = number.scaled();
        let exponent = i64::try_from(exponent).map_err(|_| invalid())?;
        self.head(major::TAG, 4);
        self.head(major::LIST, 2);
        self.signed(exponent);
        match digits.parse::<u64>() {
            Ok(0) => self.head(major::UNSIGNED, 0),
            Ok(value) if negative => self.head(major::NEGATIVE, value - 1),
            Ok(value) => self.head(major::UNSIGNED, value),
            Err(_) => self.bignum(negative, &digits)?,
        }
        Ok(())
    }

    /// Writes a number of a document as the first of these that represents it: an integer, a
    /// float, a bignum, a decimal fraction.
    fn open_number(&mut self, number: &DocumentNumber) -> Result<(), EncodeError> {
        if let Some(value) = number.as_i64() {
            self.signed(value);
        } else if let Some(value) = number.as_u64() {
            self.head(major::UNSIGNED, value);
        } else if let Some(value) = number.as_f64()
            && DocumentNumber::from_f64(value).as_ref() == Some(number)
        {
            self.real(value);
        } else if let Ok(integer) = BigInteger::try_from(number.clone()) {
            self.integer_digits(integer.as_str())?;
        } else {
            self.decimal(&number.to_string())?;
        }
        Ok(())
    }

    /// Writes the digits of an integer, with its sign.
    fn integer_digits(&mut self, digits: &str) -> Result<(), EncodeError> {
        match digits.strip_prefix('-') {
            Some(digits) => self.bignum(true, digits),
            None => self.bignum(false, digits),
        }
    }

    fn open(&mut self, document: &Document) -> Result<(), EncodeError> {
        match document {
            Document::Null => self.out.push(NULL),
            Document::Bool(value) => self.out.push(if *value { TRUE } else { FALSE }),
            Document::Number(number) => self.open_number(number)?,
            Document::String(text) => self.text(text),
            Document::List(elements) => {
                self.head(major::LIST, elements.len() as u64);
                for element in elements {
                    self.open(element)?;
                }
            }
            Document::Map(entries) => {
                self.head(major::MAP, entries.len() as u64);
                for (key, value) in entries {
                    self.text(key);
                    self.open(value)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the values of a list or map.
    #[inline]
    fn nested(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let outer = std::mem::replace(&mut self.in_structure, false);
        write(self)?;
        self.in_structure = outer;
        Ok(())
    }

    /// Writes a structure. The number of its members is known at the end. It usually fits into the
    /// byte of the head.
    fn members(
        &mut self,
        write: &mut dyn FnMut(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let outer = (
            std::mem::replace(&mut self.in_structure, true),
            std::mem::replace(&mut self.members, 0),
        );
        let start = self.out.len();
        self.out.push(major::MAP);
        write(self)?;
        let members = self.members;
        (self.in_structure, self.members) = outer;
        if members < 24 {
            self.out[start] |= members.to_le_bytes()[0];
        } else {
            let end = self.out.len();
            self.head(major::MAP, members);
            let head = self.out.split_off(end);
            self.out.splice(start..=start, head);
        }
        Ok(())
    }
}

impl Encoder for CborEncoder {
    fn none(&mut self, _: &'static Member) -> Result<(), EncodeError> {
        if !self.in_structure {
            self.out.push(NULL);
        }
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.begin(member);
        self.out.push(if value { TRUE } else { FALSE });
        Ok(())
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.begin(member);
        self.signed(value);
        Ok(())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        self.begin(member);
        self.single(if value.is_nan() { f32::NAN } else { value });
        Ok(())
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.begin(member);
        self.real(value);
        Ok(())
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        self.begin(member);
        if member.target.kind == Kind::BigInteger {
            self.integer_digits(digits)
        } else {
            self.decimal(digits)
        }
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        self.begin(member);
        self.text(value);
        Ok(())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.begin(member);
        self.head(major::BYTES, value.len() as u64);
        self.out.extend_from_slice(value);
        Ok(())
    }

    /// Writes the seconds as an integer, or as a float with a resolution of milliseconds.
    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        const NANOSECONDS: u32 = 1_000_000;
        self.begin(member);
        let value = timestamp::encodable(value)?;
        self.head(major::TAG, 1);
        match value.subsec_nanos() / NANOSECONDS {
            0 => self.signed(value.as_secs()),
            milliseconds => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "the years 1 to 9999 have fewer than 2^53 milliseconds"
                )]
                let total = (value.as_secs() * 1000 + i64::from(milliseconds)) as f64;
                self.real(total / 1000.0);
            }
        }
        Ok(())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError> {
        self.begin(member);
        self.open(value)
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        self.begin(member);
        let element = member.target.element();
        self.head(major::LIST, value.len() as u64);
        self.nested(|encoder| value.encode_elements(element, encoder))
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        self.begin(member);
        let (key, entry) = member.target.entry();
        self.head(major::MAP, value.len() as u64);
        self.nested(|encoder| value.encode_entries(key, entry, encoder))
    }

    fn key(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.text(key);
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.begin(member);
        self.members(&mut |encoder| value.encode_members(encoder))
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.name(name);
        self.open(value)
    }
}
