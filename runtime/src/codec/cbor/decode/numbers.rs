//! The forms of numbers and timestamps that are not integers of 64 bits.

use ::serde::de::Visitor;

use super::{BREAK, Error, Head, Reader, error, major, newtype, tag};
use crate::codec::cbor::bignum::{self, MOST_BYTES};

const NOT_A_DECIMAL_FRACTION: &str = "a decimal fraction that is not a list of two integers";

/// Whether a tag makes a number of what follows it.
pub(super) fn is_number(tag: u64) -> bool {
    matches!(
        tag,
        tag::UNSIGNED_BIGNUM | tag::NEGATIVE_BIGNUM | tag::DECIMAL_FRACTION
    )
}

impl<'de> Reader<'de> {
    /// The digits of a number whose tag was read.
    pub(super) fn tagged_number(&mut self, tag: u64) -> Result<String, Error> {
        match tag {
            tag::DECIMAL_FRACTION => self.decimal_fraction(),
            bignum => self.bignum(bignum),
        }
    }

    /// The digits of a bignum whose tag was read.
    fn bignum(&mut self, tag: u64) -> Result<String, Error> {
        let head = self.head()?;
        if head.major != major::BYTES {
            return Err(error(head.at, "a bignum that is not a byte string"));
        }
        let bytes = self.chunks(head)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let mut bytes = bytes[zeros..].to_vec();
        if bytes.len() > MOST_BYTES {
            return Err(error(
                head.at,
                format!("a bignum of more than {MOST_BYTES} bytes"),
            ));
        }
        if tag == tag::UNSIGNED_BIGNUM {
            return Ok(bignum::digits(&bytes));
        }
        bignum::increment(&mut bytes);
        Ok(format!("-{}", bignum::digits(&bytes)))
    }

    /// The digits of a decimal fraction whose tag was read: a list of an exponent and a mantissa
    /// (RFC 8949 section 3.4.4).
    fn decimal_fraction(&mut self) -> Result<String, Error> {
        let list = self.head()?;
        if list.major != major::LIST || list.length().is_some_and(|length| length != 2) {
            return Err(error(list.at, NOT_A_DECIMAL_FRACTION));
        }
        let head = self.head()?;
        let exponent = i64::try_from(head.argument).ok();
        let exponent = match (head.major, exponent) {
            (major::UNSIGNED, Some(exponent)) => exponent,
            (major::NEGATIVE, Some(exponent)) => -1 - exponent,
            _ => {
                return Err(error(
                    head.at,
                    "an exponent that is not an integer of 64 bits",
                ));
            }
        };
        let head = self.head()?;
        let mantissa = match head.major {
            major::UNSIGNED => head.argument.to_string(),
            major::NEGATIVE => negative(head.argument),
            major::TAG if matches!(head.argument, tag::UNSIGNED_BIGNUM | tag::NEGATIVE_BIGNUM) => {
                self.bignum(head.argument)?
            }
            _ => return Err(error(head.at, "a mantissa that is not an integer")),
        };
        if list.length().is_none() && self.byte()? != BREAK {
            return Err(error(list.at, NOT_A_DECIMAL_FRACTION));
        }
        Ok(decimal(&mantissa, exponent))
    }

    /// Visits a timestamp: its seconds are digits if it has the tag of one. No other number is
    /// passed as digits.
    pub(super) fn timestamp<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let start = self.rest;
        let mut head = self.head()?;
        let mut tagged = false;
        while head.major == major::TAG && !is_number(head.argument) {
            tagged |= head.argument == tag::EPOCH;
            head = self.head()?;
        }
        let digits = match (head.major, head.info) {
            _ if !tagged => None,
            (major::UNSIGNED, _) => Some(head.argument.to_string()),
            (major::NEGATIVE, _) => Some(negative(head.argument)),
            // The shortest digits that are nearest to the value.
            (major::SIMPLE, 25..=27) => Some(float(head).to_string()),
            _ => None,
        };
        match (digits, head.major, head.argument) {
            (Some(digits), ..) => return newtype(digits, visitor),
            (None, major::TAG, tag::DECIMAL_FRACTION) => drop(self.decimal_fraction()?),
            (None, major::TAG, tag) => drop(self.bignum(tag)?),
            (None, major::NEGATIVE, _) => {}
            _ => {
                self.rest = start;
                return self.any(visitor);
            }
        }
        visitor.visit_f64(f64::NAN)
    }
}

/// The digits of a negative integer.
pub(super) fn negative(argument: u64) -> String {
    (-1 - i128::from(argument)).to_string()
}

/// The number with a mantissa and a power of ten. A fraction of usual length keeps its zeros, which
/// are its precision.
fn decimal(mantissa: &str, exponent: i64) -> String {
    /// Longer fractions have an exponent.
    const LONGEST: usize = 100;
    if exponent == 0 {
        return mantissa.to_owned();
    }
    let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    if exponent > 0 || places > LONGEST {
        return format!("{mantissa}e{exponent}");
    }
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa),
    };
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (integer, fraction) = digits.split_at(digits.len() - places);
    format!("{sign}{integer}.{fraction}")
}

/// The value of a float whose head was read: its argument is the bits.
pub(super) fn float(head: Head) -> f64 {
    let bits = head.argument.to_be_bytes();
    match (head.info, bits) {
        (25, [.., a, b]) => half(u16::from_be_bytes([a, b])),
        (26, [.., a, b, c, d]) => f32::from_be_bytes([a, b, c, d]).into(),
        _ => f64::from_be_bytes(bits),
    }
}

/// The value of a float of half precision (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = ((bits >> 10) & 0x1f, bits & 0x3ff);
    let magnitude = match (exponent, fraction) {
        (0, _) => f64::from(fraction) * 2_f64.powi(-24),
        (0x1f, 0) => f64::INFINITY,
        (0x1f, _) => f64::NAN,
        _ => f64::from(0x400 + fraction) * 2_f64.powi(i32::from(exponent) - 25),
    };
    if bits & 0x8000 == 0 {
        magnitude
    } else {
        -magnitude
    }
}
