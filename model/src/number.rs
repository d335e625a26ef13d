//! Numbers with all their digits.
//!
//! A double holds neither every integer of 64 bits nor 0.1, so numbers of a model stay text. They
//! are compared by value: `1`, `1.0` and `10e-1` are equal.

use std::cmp::Ordering;
use std::fmt;

/// A number as it is written in a model, in the syntax of JSON.
///
/// Numbers are compared by value, exactly, whatever their size. `Display` prints the number as
/// written.
#[derive(Clone)]
pub struct Number(Box<str>);

impl Number {
    /// The number, if the text is one in the syntax of JSON.
    pub fn parse(text: &str) -> Option<Self> {
        Parts::of(text).map(|_| Self(text.into()))
    }

    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if it is an integer of 64 bits; `5.0` is one.
    pub fn as_i64(&self) -> Option<i64> {
        self.integer_digits()?.parse().ok()
    }

    /// The number, if it is an unsigned integer of 64 bits.
    pub fn as_u64(&self) -> Option<u64> {
        self.integer_digits()?.parse().ok()
    }

    /// The nearest double; infinite if the number is beyond the largest one.
    pub fn to_f64(&self) -> f64 {
        // Rust reads every number of JSON.
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// Whether the number has no fraction.
    pub fn is_whole(&self) -> bool {
        let parts = self.parts();
        parts.digits.is_empty() || parts.exponent >= 0
    }

    /// Whether the number is zero.
    pub fn is_zero(&self) -> bool {
        self.parts().digits.is_empty()
    }

    /// The digits of a whole number below 10^20, with its sign.
    fn integer_digits(&self) -> Option<String> {
        let Parts {
            negative,
            digits,
            exponent,
        } = self.parts();
        if digits.is_empty() {
            return Some("0".into());
        }
        let zeros = usize::try_from(exponent)
            .ok()
            .filter(|zeros| *zeros <= 20)?;
        let sign = if negative { "-" } else { "" };
        Some(format!("{sign}{digits}{}", "0".repeat(zeros)))
    }

    fn parts(&self) -> Parts {
        Parts::of(&self.0).expect("only numbers are stored")
    }
}

/// A number as `digits` times 10 to the `exponent`, without zeros at the ends of the digits.
#[derive(PartialEq, Eq)]
struct Parts {
    negative: bool,
    /// Empty for zero.
    digits: String,
    exponent: i128,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_valid = digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(digits);
        if !is_valid {
            return None;
        }
        let exponent = match exponent {
            None => 0,
            Some(text) => {
                let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
                if !digits(unsigned) {
                    return None;
                }
                // No text is so long that its digits could make up for such an exponent.
                let size = unsigned.parse::<i64>().unwrap_or(i64::MAX);
                i128::from(if text.starts_with('-') { -size } else { size })
            }
        };
        let fraction = fraction.unwrap_or_default();
        let all = [whole, fraction].concat();
        let kept = all.trim_end_matches('0');
        let places = |count: usize| i128::try_from(count).unwrap_or(i128::MAX);
        let exponent = exponent - places(fraction.len()) + places(all.len() - kept.len());
        let digits = kept.trim_start_matches('0').to_owned();
        let is_zero = digits.is_empty();
        Some(Self {
            negative: negative && !is_zero,
            digits,
            exponent: if is_zero { 0 } else { exponent },
        })
    }

    /// Compares the absolute values.
    fn cmp_size(&self, other: &Self) -> Ordering {
        // The power of ten of the first digit.
        let top = |parts: &Self| {
            let count = i128::try_from(parts.digits.len()).unwrap_or(i128::MAX);
            parts.exponent + count
        };
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => (top(self), &self.digits).cmp(&(top(other), &other.digits)),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.parts(), other.parts());
        match (a.negative, b.negative) {
            (false, false) => a.cmp_size(&b),
            (true, true) => b.cmp_size(&a),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Number {}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.parts() == other.parts()
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(value.to_string().into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn numbers_are_those_of_json() {
        for text in [
            "0",
            "-0",
            "10",
            "0.50",
            "1e5",
            "1E+05",
            "-1.5e-07",
            "1e999999999999999999999",
        ] {
            assert_eq!(number(text).to_string(), text);
        }
        for text in [
            "", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x1", "NaN", "1 ", "1e1.5",
        ] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let ascending = [
            "-1e400",
            "-18446744073709551616",
            "-2",
            "-1.5",
            "-0.1",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000001",
            "1",
            "1.5",
            "9",
            "10",
            "9007199254740992",
            "9007199254740993",
            "18446744073709551616",
            "18446744073709551617",
            "1e400",
            "2e400",
        ];
        for pair in ascending.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        for (a, b) in [
            ("1", "1.0"),
            ("0", "-0.00e5"),
            ("10e-1", "1"),
            ("1e3", "1000"),
            ("0.01", "1e-2"),
        ] {
            assert_eq!(number(a), number(b));
            assert_eq!(number(a).cmp(&number(b)), Ordering::Equal);
        }
    }

    #[test]
    fn whole_numbers_are_integers_however_they_are_written() {
        assert_eq!(number("5.0").as_i64(), Some(5));
        assert_eq!(number("-1.2e1").as_i64(), Some(-12));
        assert_eq!(number("9223372036854775807").as_i64(), Some(i64::MAX));
        assert_eq!(number("9223372036854775808").as_i64(), None);
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("1.5").as_i64(), None);
        assert_eq!(number("1e999999999").as_i64(), None);
        assert!(number("1e30").is_whole() && !number("1e-1").is_whole());
        assert!(number("-0.0").is_zero());
        assert!(number("1e309").to_f64().is_infinite());
    }
}
