//! Numbers of any size, kept as the JSON text that they travel as.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An integer of any size.
///
/// It is kept without leading zeros, plus signs or exponents, so that equality is that of the
/// numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInteger(Box<str>);

/// A decimal of any precision.
///
/// It is kept as it is written (a JSON number, RFC 8259 section 6), and equality is that of the
/// text: `1.0` and `1.00` differ, because their precision does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigDecimal(Box<str>);

/// A text that is not a number.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidNumber {
    expected: &'static str,
    found: String,
}

impl InvalidNumber {
    pub(crate) fn new(expected: &'static str, found: impl Into<String>) -> Self {
        Self {
            expected,
            found: found.into(),
        }
    }

    /// What was expected, and the text that was found.
    pub(crate) fn into_parts(self) -> (&'static str, String) {
        (self.expected, self.found)
    }
}

crate::error::debug_as_display!(InvalidNumber);

impl fmt::Display for InvalidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found `{}`", self.expected, self.found)
    }
}

impl std::error::Error for InvalidNumber {}

/// The parts of a JSON number.
#[derive(Clone, Copy)]
pub(crate) struct JsonNumber<'t> {
    negative: bool,
    integer: &'t str,
    fraction: &'t str,
    /// Limited to `-EXPONENT_LIMIT..=EXPONENT_LIMIT`.
    exponent: i128,
}

/// Exponents of this size are unknown: the exponent in the text is at least as large.
const EXPONENT_LIMIT: i128 = i128::MAX / 4;

impl<'t> JsonNumber<'t> {
    /// Takes a text apart by the grammar of RFC 8259 section 6; `None` if it does not follow it.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (negative, rest) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (rest, exponent) = match rest.split_once(['e', 'E']) {
            Some((rest, exponent)) => {
                let magnitude = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
                if !digits(magnitude) {
                    return None;
                }
                let magnitude = magnitude.parse().unwrap_or(EXPONENT_LIMIT);
                let magnitude = i128::min(magnitude, EXPONENT_LIMIT);
                let negative = exponent.starts_with('-');
                (rest, if negative { -magnitude } else { magnitude })
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

    /// Whether the exponent is known.
    fn is_exact(&self) -> bool {
        self.exponent.abs() < EXPONENT_LIMIT
    }

    /// The digits from the first one that is not zero to the last one that is not zero, and the
    /// power of ten by which to multiply `0.digits`. Zero has no digits.
    fn significant(&self) -> (impl Iterator<Item = u8> + use<'t>, i128) {
        let length = |text: &str| text.len() as i128;
        let fraction = self.fraction.trim_end_matches('0');
        let (integer, fraction, point) = match (self.integer, fraction) {
            ("0", fraction) => {
                let digits = fraction.trim_start_matches('0');
                ("", digits, length(digits) - length(fraction))
            }
            (integer, "") => (integer.trim_end_matches('0'), "", length(integer)),
            (integer, fraction) => (integer, fraction, length(integer)),
        };
        (
            integer.bytes().chain(fraction.bytes()),
            self.exponent + point,
        )
    }

    fn is_zero(&self) -> bool {
        self.significant().0.next().is_none()
    }

    /// The order of the values.
    #[cfg(any(feature = "server", test))]
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.is_zero(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            let ((digits, power), (others, other_power)) =
                (self.significant(), other.significant());
            let magnitude = match sign(self) {
                0 => Ordering::Equal,
                _ => power.cmp(&other_power).then_with(|| digits.cmp(others)),
            };
            if self.negative {
                magnitude.reverse()
            } else {
                magnitude
            }
        })
    }

    /// The number multiplied by a power of ten, rounded down; `None` if it is beyond 128 bits.
    pub(crate) fn rounded_down(&self, places: u32) -> Option<i128> {
        /// The number of digits that fit into 64 bits.
        const SHORT: i128 = 19;
        if self.is_zero() {
            return Some(0);
        }
        let (mut digits, power) = self.significant();
        // A power below zero is that of a number below one.
        let power = power.saturating_add(places.into());
        let mut next = || digits.next().map_or(0, |digit| digit - b'0');
        let mut short = 0_u64;
        for _ in 0..power.min(SHORT) {
            short = short * 10 + u64::from(next());
        }
        let mut magnitude = i128::from(short);
        for _ in SHORT..power {
            magnitude = magnitude.checked_mul(10)?.checked_add(next().into())?;
        }
        let rest = i128::from(digits.next().is_some());
        Some(if self.negative {
            -magnitude - rest
        } else {
            magnitude
        })
    }

    /// Whether it is negative, its digits, and the power of ten by which to multiply the integer
    /// that they are.
    #[cfg(feature = "cbor")]
    pub(crate) fn scaled(&self) -> (bool, String, i128) {
        let digits = format!("{}{}", self.integer, self.fraction);
        let exponent = self.exponent - self.fraction.len() as i128;
        (self.negative, digits, exponent)
    }

    /// The integer that this is; `None` if it has a fraction or an exponent that would make it
    /// longer than a text that anyone writes.
    pub(super) fn integer(&self) -> Option<String> {
        let digits = self.digits()?;
        Some(if self.negative && digits != "0" {
            format!("-{digits}")
        } else {
            digits
        })
    }

    /// A text that is the same for equal numbers; `None` if the exponent is beyond any use.
    pub(crate) fn canonical(&self) -> Option<String> {
        let (digits, power) = self.significant();
        let mut text = if self.negative { "-0." } else { "0." }.to_owned();
        text.extend(digits.map(char::from));
        if text.ends_with('.') {
            return Some("0".to_owned());
        }
        self.is_exact().then(|| format!("{text}e{power}"))
    }

    /// Whether the number has at most so many decimals.
    #[cfg(all(feature = "alloy", feature = "server"))]
    pub(crate) fn has_decimals(&self, most: u8) -> bool {
        let (digits, power) = self.significant();
        let digits = digits.count() as i128;
        digits == 0 || digits - power <= i128::from(most)
    }

    /// The digits of [`JsonNumber::integer`].
    fn digits(&self) -> Option<String> {
        const MOST: usize = 4096;
        let mut digits = format!("{}{}", self.integer, self.fraction);
        if digits.bytes().all(|digit| digit == b'0') {
            return Some("0".to_owned());
        }
        let shift = self.exponent - i128::try_from(self.fraction.len()).ok()?;
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
        match JsonNumber::parse(text).and_then(|number| number.integer()) {
            Some(digits) => Ok(Self(digits.into_boxed_str())),
            None => Err(InvalidNumber::new("an integer", text)),
        }
    }
}

/// A JSON number.
impl FromStr for BigDecimal {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        match JsonNumber::parse(text) {
            Some(_) => Ok(Self(text.into())),
            None => Err(InvalidNumber::new("a number", text)),
        }
    }
}

impl BigDecimal {
    /// The number that a text is, which is one of JSON.
    pub(super) fn of_json(text: String) -> Self {
        Self(text.into_boxed_str())
    }
}

impl From<BigInteger> for BigDecimal {
    fn from(number: BigInteger) -> Self {
        Self(number.0)
    }
}

/// Fails if the number has a fraction.
impl TryFrom<BigDecimal> for BigInteger {
    type Error = InvalidNumber;

    fn try_from(number: BigDecimal) -> Result<Self, InvalidNumber> {
        number.0.parse()
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

/// Implements what both types share: conversions from text and from Rust's integers.
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
    (@from $number:ident: $($integer:ident)*) => {
        $(
            impl From<$integer> for $number {
                fn from(integer: $integer) -> Self {
                    Self(integer.to_string().into_boxed_str())
                }
            }

            /// Fails if the number has a fraction or is out of range.
            impl TryFrom<&$number> for $integer {
                type Error = InvalidNumber;

                fn try_from(number: &$number) -> Result<Self, InvalidNumber> {
                    let integer = JsonNumber::parse(&number.0).and_then(|number| number.integer());
                    integer.and_then(|integer| integer.parse().ok()).ok_or_else(|| {
                        InvalidNumber::new(concat!("a value of ", stringify!($integer)), &*number.0)
                    })
                }
            }

            /// Fails if the number has a fraction or is out of range.
            impl TryFrom<$number> for $integer {
                type Error = InvalidNumber;

                fn try_from(number: $number) -> Result<Self, InvalidNumber> {
                    Self::try_from(&number)
                }
            }
        )*
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

    fn parts(text: &str) -> JsonNumber<'_> {
        JsonNumber::parse(text).expect("a number")
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let ascending = [
            "-1e99999999999999999999999999999999999999999",
            "-18446744073709551617",
            "-18446744073709551616.5",
            "-1",
            "-0.1",
            "-1e-400",
            "0",
            "1e-400",
            "0.00123",
            "0.1",
            "0.10000000000000000000001",
            "1",
            "1.0000000000000000000001",
            "9.99e1",
            "100",
            "18446744073709551616",
            "18446744073709551617",
            "1e400",
        ];
        for (index, text) in ascending.iter().enumerate() {
            for (other_index, other) in ascending.iter().enumerate() {
                let order = parts(text).compare(&parts(other));
                assert_eq!(order, index.cmp(&other_index), "{text} {other}");
            }
        }
        for [one, other] in [
            ["0", "-0.00e9"],
            ["1", "1.0"],
            ["0.25e-7", "2.5E-8"],
            ["1200", "0.12e+4"],
            ["-10", "-1e1"],
        ] {
            assert!(parts(one).compare(&parts(other)).is_eq(), "{one} {other}");
            assert_eq!(parts(one).canonical(), parts(other).canonical());
        }
    }

    #[test]
    fn numbers_are_rounded_down_to_decimal_places() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-0.0e7", Some(0)),
            ("1515531081.1239", Some(1_515_531_081_123)),
            ("1.5155310811239E9", Some(1_515_531_081_123)),
            ("-1.5", Some(-1500)),
            ("-0.0001", Some(-1)),
            ("0.0009", Some(0)),
            ("1e-99999999999999999999", Some(0)),
            ("1e36", None),
            ("1e99999999999999999999999999999999999999999", None),
        ] {
            assert_eq!(parts(text).rounded_down(3), expected, "{text}");
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
    fn numbers_become_integers_of_rust_within_their_range() {
        let integer: BigInteger = i128::MIN.into();
        assert_eq!(i128::try_from(&integer), Ok(i128::MIN));
        assert!(u128::try_from(&integer).is_err());
        let error = i64::try_from(integer).expect_err("it is out of range");
        assert_eq!(
            error.to_string(),
            format!("expected a value of i64, found `{}`", i128::MIN)
        );
        let decimal = |text: &str| text.parse::<BigDecimal>().expect("a number");
        assert_eq!(u8::try_from(decimal("2.55e2")), Ok(255));
        assert!(u8::try_from(decimal("256")).is_err());
        assert!(u8::try_from(decimal("1.5")).is_err());
        assert_eq!(BigInteger::try_from(decimal("1.0e3")), Ok(1000.into()));
        assert_eq!(BigDecimal::from(BigInteger::from(7)).as_str(), "7");
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
