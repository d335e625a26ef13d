//! The numbers of documents.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::value::number::{BigDecimal, BigInteger, InvalidNumber, JsonNumber};

/// A number of a document, of any size and precision, kept as it is written.
///
/// Numbers are equal if their values are, however they are written: `1`, `1.0` and `10e-1`.
#[derive(Clone)]
pub struct DocumentNumber(Repr);

#[derive(Clone)]
enum Repr {
    /// Written as Rust does.
    Integer(i64),
    /// A JSON number (RFC 8259 section 6).
    Text(Box<str>),
}

impl DocumentNumber {
    /// The shortest digits that are nearest to `value`; `None` if it is infinite or not a number.
    pub fn from_f64(value: f64) -> Option<Self> {
        let text = value.is_finite().then(|| serde_json::to_string(&value));
        Some(Self(Repr::Text(text?.ok()?.into_boxed_str())))
    }

    /// The number that a text is, which is one of JSON.
    pub(super) fn of_json(text: &str) -> Self {
        match text.parse() {
            Ok(integer) if text != "-0" => Self(Repr::Integer(integer)),
            _ => Self(Repr::Text(text.into())),
        }
    }

    /// The number, if it is an integer within the bounds; `1.0` and `1e2` are integers.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer),
            Repr::Text(text) => JsonNumber::parse(text)?.integer()?.parse().ok(),
        }
    }

    /// The number, if it is an integer within the bounds; `1.0` and `1e2` are integers.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Integer(integer) => (*integer).try_into().ok(),
            Repr::Text(text) => JsonNumber::parse(text)?.integer()?.parse().ok(),
        }
    }

    /// The nearest double; `None` if the number is beyond the greatest.
    pub fn as_f64(&self) -> Option<f64> {
        let value = match &self.0 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest double is what is wanted"
            )]
            Repr::Integer(integer) => *integer as f64,
            Repr::Text(text) => text.parse().ok()?,
        };
        value.is_finite().then_some(value)
    }

    /// A text that is the same for equal numbers, and only for them.
    pub(super) fn fingerprint(&self) -> String {
        let text = self.to_string();
        JsonNumber::parse(&text)
            .and_then(|number| number.canonical())
            .unwrap_or(text)
    }
}

impl PartialEq for DocumentNumber {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Integer(one), Repr::Integer(other)) => one == other,
            (Repr::Text(one), Repr::Text(other)) if one == other => true,
            _ => self.fingerprint() == other.fingerprint(),
        }
    }
}

impl Eq for DocumentNumber {}

impl Hash for DocumentNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fingerprint().hash(state);
    }
}

/// The number as it is written in JSON.
impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => integer.fmt(f),
            Repr::Text(text) => f.pad(text),
        }
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads a JSON number.
impl FromStr for DocumentNumber {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        match JsonNumber::parse(text) {
            Some(_) => Ok(Self::of_json(text)),
            None => Err(InvalidNumber::new("a number", text)),
        }
    }
}

/// One `From` per integer of Rust.
macro_rules! from_integers {
    ($($integer:ty)*) => {
        $(impl From<$integer> for DocumentNumber {
            fn from(integer: $integer) -> Self {
                match i64::try_from(integer) {
                    Ok(integer) => Self(Repr::Integer(integer)),
                    Err(_) => Self(Repr::Text(integer.to_string().into_boxed_str())),
                }
            }
        })*
    };
}

from_integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

impl From<BigInteger> for DocumentNumber {
    fn from(number: BigInteger) -> Self {
        Self::of_json(number.as_str())
    }
}

impl From<BigDecimal> for DocumentNumber {
    fn from(number: BigDecimal) -> Self {
        Self::of_json(number.as_str())
    }
}

/// Fails if the number has a fraction.
impl TryFrom<DocumentNumber> for BigInteger {
    type Error = InvalidNumber;

    fn try_from(number: DocumentNumber) -> Result<Self, InvalidNumber> {
        number.to_string().parse()
    }
}

impl From<DocumentNumber> for BigDecimal {
    fn from(number: DocumentNumber) -> Self {
        Self::of_json(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> DocumentNumber {
        text.parse().expect("a number")
    }

    #[test]
    fn digits_are_kept() {
        for text in [
            "0",
            "-0",
            "-0.0",
            "1.50",
            "1E+2",
            "1e400",
            "-9223372036854775809",
            "123456789012345678901234567890.10",
        ] {
            assert_eq!(number(text).to_string(), text);
            assert_eq!(BigDecimal::from(number(text)).as_str(), text);
        }
        for text in ["", "1.", "01", "+1", " 1", "NaN", "0x1"] {
            assert!(text.parse::<DocumentNumber>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_equal_by_value() {
        for [one, other] in [
            ["1", "1.0"],
            ["1", "10e-1"],
            ["100", "1e2"],
            ["0", "-0"],
            ["0", "0.00e9"],
            ["18446744073709551616", "1.8446744073709551616e19"],
        ] {
            assert_eq!(number(one), number(other));
        }
        for [one, other] in [
            ["1", "-1"],
            ["0.1", "0.10000000000000001"],
            ["1e99999999999999999999", "1e-99999999999999999999"],
            ["10", "1"],
            ["1", "0.1"],
        ] {
            assert_ne!(number(one), number(other));
        }
    }

    #[test]
    fn numbers_become_those_of_rust() {
        assert_eq!(number("1e2").as_i64(), Some(100));
        assert_eq!(number("-1").as_u64(), None);
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("18446744073709551615").as_i64(), None);
        assert_eq!(number("-0").as_u64(), Some(0));
        assert_eq!(number("1.5").as_i64(), None);
        assert_eq!(number("1.50").as_f64(), Some(1.5));
        assert_eq!(number("1e400").as_f64(), None);
        assert_eq!(BigInteger::try_from(number("1e2")), Ok(100.into()));
        assert!(BigInteger::try_from(number("1.5")).is_err());
    }

    #[test]
    fn numbers_of_rust_are_written_as_serde_json_does() {
        for value in [0.1, -0.0, 1.0, 1e21, 5e-324, f64::MAX] {
            let number = DocumentNumber::from_f64(value).expect("it is finite");
            assert_eq!(
                number.to_string(),
                serde_json::Value::from(value).to_string()
            );
            assert_eq!(number.as_f64(), Some(value));
        }
        assert_eq!(DocumentNumber::from_f64(f64::NAN), None);
        assert_eq!(
            DocumentNumber::from(u128::MAX).to_string(),
            u128::MAX.to_string()
        );
        assert_eq!(DocumentNumber::from(i64::MIN).as_i64(), Some(i64::MIN));
    }
}
