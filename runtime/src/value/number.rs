//! Numbers of any size, kept as the JSON text that they travel as.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An integer of any size.
///
/// It is kept without leading zeros, plus signs or exponents, so that equality is that of the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInteger(Box<str>);

/// A decimal of any precision.
///
/// It is kept as it is written (a JSON number, RFC 8259 section 6), and equality is that of the text: `1.0` and `1.00` differ, because their
/// precision does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigDecimal(Box<str>);

/// A text that is not a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidNumber {
    expected: &'static str,
    found: String,
}

impl InvalidNumber {
    /// What was expected, and the text that was found.
    pub(crate) fn into_parts(self) -> (&'static str, String) {
        (self.expected, self.found)
    }
}

impl fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found `{}`", self.expected, self.found)
    }
}

impl std::error::Error for InvalidNumber {}

/// The parts of a JSON number.
struct Parts<'t> {
    negative: bool,
    integer: &'t str,
    fraction: &'t str,
    exponent: i64,
}

impl<'t> Parts<'t> {
    /// Takes a text apart by the grammar of RFC 8259 section 6; `None` where it does not follow it.
    fn of(text: &'t str) -> Option<Self> {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (negative, rest) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (rest, exponent) = match rest.split_once(['e', 'E']) {
            Some((rest, exponent)) => {
                let magnitude = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                (
                    rest,
                    digits(magnitude).then(|| exponent.parse().unwrap_or(i64::MAX))?,
                )
            }
            None => (rest, 0),
        };
        let (integer, fraction) = match rest.split_once('.') {
            Some((integer, fraction)) => (integer, digits(fraction).then_some(fraction)?),
            None => (rest, ""),
        };
        let canonical = digits(integer) && (integer == "0" || !integer.starts_with('0'));
        canonical.then_some(Self {
            negative,
            integer,
            fraction,
            exponent,
        })
    }

    /// The digits of the integer that this is; `None` where it has a fraction or more digits than anyone means.
    fn digits(&self) -> Option<String> {
        const MOST: usize = 4096;
        let mut digits = format!("{}{}", self.integer, self.fraction);
        if digits.bytes().all(|digit| digit == b'0') {
            return Some("0".to_owned());
        }
        let shift = self
            .exponent
            .checked_sub(i64::try_from(self.fraction.len()).ok()?)?;
        let places = usize::try_from(shift.unsigned_abs()).ok()?;
        if shift >= 0 {
            if self.exponent != 0 && digits.len().checked_add(places)? > MOST {
                return None;
            }
            digits.extend(std::iter::repeat_n('0', places));
        } else {
            let kept = digits.len().checked_sub(places)?;
            if digits[kept..].bytes().any(|digit| digit != b'0') {
                return None;
            }
            digits.truncate(kept);
        }
        Some(digits.trim_start_matches('0').to_owned())
    }
}

/// A JSON number that is an integer; `1e2` and `1.0` are.
impl FromStr for BigInteger {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let digits = Parts::of(text).and_then(|parts| {
            let digits = parts.digits()?;
            Some(if parts.negative && digits != "0" {
                format!("-{digits}")
            } else {
                digits
            })
        });
        match digits {
            Some(digits) => Ok(Self(digits.into_boxed_str())),
            None => Err(InvalidNumber {
                expected: "an integer",
                found: text.to_owned(),
            }),
        }
    }
}

/// A JSON number.
impl FromStr for BigDecimal {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        match Parts::of(text) {
            Some(_) => Ok(Self(text.into())),
            None => Err(InvalidNumber {
                expected: "a number",
                found: text.to_owned(),
            }),
        }
    }
}

/// By value.
impl Ord for BigInteger {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| !number.0.starts_with('-');
        let magnitude = |a: &str, b: &str| a.len().cmp(&b.len()).then_with(|| a.cmp(b));
        sign(self).cmp(&sign(other)).then_with(|| {
            if sign(self) {
                magnitude(&self.0, &other.0)
            } else {
                magnitude(&other.0, &self.0)
            }
        })
    }
}

impl PartialOrd for BigInteger {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What both have: text, and the integers of Rust.
macro_rules! number {
    ($($number:ident)*) => {
        $(
            impl $number {
                /// The number as JSON writes it.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $number {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.pad(&self.0)
                }
            }

            number!(@from $number: i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
        )*
    };
    (@from $number:ident: $($integer:ty)*) => {
        $(impl From<$integer> for $number {
            fn from(integer: $integer) -> Self {
                Self(integer.to_string().into_boxed_str())
            }
        })*
    };
}

number! { BigInteger BigDecimal }

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(text: &str) -> Option<String> {
        text.parse::<BigInteger>()
            .ok()
            .map(|number| number.to_string())
    }

    #[test]
    fn integers_are_kept_as_their_digits() {
        for (text, digits) in [
            ("0", "0"),
            ("-0", "0"),
            ("-12", "-12"),
            ("1e2", "100"),
            ("1.50E1", "15"),
            ("-10.0", "-10"),
            ("100e-2", "1"),
            ("0.0e99999999999999999999", "0"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
        ] {
            assert_eq!(integer(text).as_deref(), Some(digits), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_integer_is_refused() {
        for text in [
            "",
            "-",
            "+1",
            "01",
            "1.",
            ".5",
            "1.5",
            "1e",
            "1e-1",
            "0x1",
            "1 ",
            "NaN",
            "1e99999",
            "1e99999999999999999999",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn integers_are_ordered_by_value() {
        let mut numbers = ["10", "-9", "9", "-10", "0"]
            .map(|text| text.parse::<BigInteger>().expect("an integer"));
        numbers.sort();
        assert_eq!(
            numbers.map(|number| number.to_string()),
            ["-10", "-9", "0", "9", "10"]
        );
    }

    #[test]
    fn decimals_keep_their_text() {
        for text in [
            "1.00",
            "-0",
            "1e400",
            "0.1E-5",
            "3.14159265358979323846264338327950288",
        ] {
            assert_eq!(
                text.parse::<BigDecimal>().expect("a number").to_string(),
                text
            );
        }
        for text in ["", "1.", "1.e5", "--1", "Infinity", "1e+"] {
            assert!(text.parse::<BigDecimal>().is_err(), "{text}");
        }
    }
}
