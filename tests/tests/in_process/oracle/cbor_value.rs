//! Judges values in CBOR (Smithy, "RPC v2 CBOR protocol", "Shape serialization").

use drawplate_model::model::{Kind, Member, Simple};

use super::document::{Found, Node, Reader, is_moment};
use super::{Oracle, Verdict, as_read, integers, mismatch, shown};
use crate::cbor::Cbor;
use drawplate_model::model::TimestampFormat;

const EPOCH: u64 = 1;
const BIGNUMS: [u64; 2] = [2, 3];
const DECIMAL_FRACTION: u64 = 4;

/// The simple value that is read like null.
const UNDEFINED: u8 = 23;

/// The longest bignum that a server reads, in bytes.
const BIGNUM: usize = 1024;

/// A number, as far as readers distinguish them.
enum Number {
    Integer(i64),
    /// From 2^63 to 2^64 - 1.
    Unsigned(u64),
    /// One of any other size, by its digits.
    Digits(String),
    Float(f64),
}

impl Cbor {
    /// The value without tags that mean nothing; `None` if it is malformed.
    fn meant(&self) -> Option<&Self> {
        let mut item = self;
        while let Self::Tag(tag, inner) = item {
            if BIGNUMS.contains(tag) || *tag == DECIMAL_FRACTION {
                return item.digits().map(|_| item);
            }
            item = inner;
        }
        let meaningless = matches!(item, Self::Simple(value) if *value != UNDEFINED);
        (!meaningless).then_some(item)
    }

    /// The digits of a bignum or decimal fraction; `None` if it is malformed.
    fn digits(&self) -> Option<String> {
        match self {
            Self::Tag(tag, inner) if BIGNUMS.contains(tag) => {
                let Self::Bytes(bytes) = &**inner else {
                    return None;
                };
                let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
                let bytes = &bytes[zeros..];
                (bytes.len() <= BIGNUM).then(|| bignum(*tag == 3, bytes))
            }
            Self::Tag(DECIMAL_FRACTION, inner) => match &**inner {
                Self::List(parts) => match &parts[..] {
                    [Self::Integer(exponent), mantissa] => {
                        let exponent = i64::try_from(*exponent).ok()?;
                        let mantissa = match mantissa {
                            Self::Integer(mantissa) => mantissa.to_string(),
                            Self::Tag(2 | 3, _) => mantissa.digits()?,
                            _ => return None,
                        };
                        Some(format!("{mantissa}e{exponent}"))
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn as_number(&self) -> Option<Number> {
        Some(match self.meant()? {
            Self::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => Number::Integer(value),
                (_, Ok(value)) => Number::Unsigned(value),
                _ => Number::Digits(value.to_string()),
            },
            Self::Float(value) => Number::Float(*value),
            item => Number::Digits(item.digits()?),
        })
    }

    /// Whether a reader of open content accepts it: everything in it has a meaning, and all keys
    /// are texts.
    fn is_open(&self) -> bool {
        match self.meant() {
            Some(Self::List(elements)) => elements.iter().all(Self::is_open),
            Some(Self::Map(entries)) => entries
                .iter()
                .all(|(key, value)| key.key().is_some() && value.is_open()),
            item => item.is_some(),
        }
    }

    /// The text of a key.
    fn key(&self) -> Option<&str> {
        match self.untagged() {
            (_, Self::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// The digits of an integer, by long division.
fn bignum(negative: bool, bytes: &[u8]) -> String {
    let mut bytes = bytes.to_vec();
    if negative {
        // The number is -1 - n.
        for byte in bytes.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
        if bytes.iter().all(|byte| *byte == 0) {
            bytes.insert(0, 1);
        }
    }
    let mut digits = Vec::new();
    while bytes.iter().any(|byte| *byte != 0) {
        let mut rest = 0;
        for byte in &mut bytes {
            let sum = rest * 256 + u32::from(*byte);
            *byte = u8::try_from(sum / 10).expect("the rest is below 10");
            rest = sum % 10;
        }
        digits.push(char::from_digit(rest, 10).expect("a digit"));
    }
    if digits.is_empty() {
        digits.push('0');
    }
    digits.extend(negative.then_some('-'));
    digits.iter().rev().collect()
}

impl Node for Cbor {
    fn read(&self, reader: Reader) -> Option<Found<'_, Self>> {
        let item = self.meant()?;
        if reader == Reader::Document && !item.is_open() {
            return None;
        }
        Some(match item {
            Self::Null | Self::Simple(_) => Found::Null,
            Self::List(elements) => Found::List(elements.iter().collect()),
            Self::Map(entries) => {
                let entries = entries.iter();
                let entries = entries.map(|(key, value)| Some((key.key()?, value)));
                match entries.collect() {
                    Some(entries) => Found::Object(entries),
                    // Only the first key of an object that is not expected is read.
                    None if matches!(
                        reader,
                        Reader::Timestamp | Reader::Digits | Reader::Simple
                    ) =>
                    {
                        match item {
                            Self::Map(entries) if entries[0].0.key().is_none() => return None,
                            _ => Found::Simple,
                        }
                    }
                    None => return None,
                }
            }
            _ => Found::Simple,
        })
    }

    fn noun(&self) -> &'static str {
        match self.meant() {
            Some(Self::Integer(_) | Self::Float(_) | Self::Tag(..)) => "a number",
            Some(Self::Bytes(_)) => "bytes",
            Some(Self::Text(_)) => "a string",
            Some(Self::List(_)) => "a list",
            Some(Self::Map(_)) => "an object",
            Some(Self::Bool(_)) => "a boolean",
            Some(Self::Simple(_) | Self::Null) | None => "null",
        }
    }

    fn as_text(&self) -> Option<&str> {
        match self.untagged() {
            (_, Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn depth(&self) -> usize {
        self.depth()
    }

    fn is_plain(&self) -> bool {
        !matches!(self, Self::Tag(..))
    }

    fn judge_simple(
        &self,
        oracle: &Oracle<'_>,
        member: &Member,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &oracle.peer.model.shapes[member.target].kind;
        if let Some((least, most, expected)) = integers(kind) {
            let found = match self.as_number() {
                Some(Number::Integer(value)) if (least..=most).contains(&value.into()) => {
                    #[expect(clippy::cast_precision_loss, reason = "compared as doubles")]
                    oracle.range(member, value as f64, pointer, verdict);
                    return;
                }
                Some(Number::Integer(value)) => shown(member, &value.to_string(), "another value"),
                Some(Number::Unsigned(value)) => shown(member, &value.to_string(), "another value"),
                Some(Number::Float(_)) => "a floating-point number".to_owned(),
                _ => self.noun().to_owned(),
            };
            verdict.violations.push(mismatch(pointer, expected, &found));
            return;
        }
        let mut wrong = |expected: &str| {
            verdict
                .violations
                .push(mismatch(pointer, expected, self.noun()));
        };
        match (kind, self.meant()) {
            (Kind::Simple(Simple::Boolean), Some(Self::Bool(_))) => {}
            (Kind::Simple(Simple::Boolean), _) => wrong("a boolean"),
            (Kind::Simple(Simple::String) | Kind::Enum(_), Some(Self::Text(text))) => {
                oracle.string(member, text, pointer, verdict);
            }
            (Kind::Simple(Simple::String) | Kind::Enum(_), _) => wrong("a string"),
            (Kind::Simple(Simple::Blob), Some(Self::Bytes(bytes))) => {
                Oracle::length(&member.constraints, bytes.len(), pointer, verdict);
            }
            (Kind::Simple(Simple::Blob), _) => wrong("bytes"),
            (Kind::Simple(Simple::Timestamp), _) => self.judge_timestamp(member, pointer, verdict),
            _ => self.judge_number(oracle, member, pointer, verdict),
        }
    }
}

impl Cbor {
    /// A number with a fraction or of any size.
    fn judge_number(
        &self,
        oracle: &Oracle<'_>,
        member: &Member,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &oracle.peer.model.shapes[member.target].kind;
        let integer = matches!(kind, Kind::Simple(Simple::BigInteger));
        let float = matches!(kind, Kind::Simple(Simple::Float | Simple::Double));
        let expected = if integer { "an integer" } else { "a number" };
        let mut wrong = |expected: &str, found: &str| {
            verdict.violations.push(mismatch(pointer, expected, found));
        };
        let value = match self.as_number() {
            None => return wrong(expected, self.noun()),
            Some(Number::Float(value)) if !value.is_finite() && !float => {
                return wrong(expected, self.noun());
            }
            Some(Number::Float(value)) if integer && value.fract() != 0.0 => {
                let found = shown(member, &value.to_string(), "another value");
                return wrong(expected, &found);
            }
            Some(Number::Float(value)) => value,
            #[expect(clippy::cast_precision_loss, reason = "ranges are compared as doubles")]
            Some(Number::Integer(value)) => value as f64,
            #[expect(clippy::cast_precision_loss, reason = "ranges are compared as doubles")]
            Some(Number::Unsigned(value)) => value as f64,
            Some(Number::Digits(digits)) => {
                let value = digits.parse::<f64>().expect("digits are a number");
                if integer && digits.contains('e') {
                    verdict.unsure("an integer of any size with an exponent");
                    return;
                }
                if float && value.is_infinite() {
                    let expected = if matches!(kind, Kind::Simple(Simple::Float)) {
                        "a number of single precision"
                    } else {
                        "a number of double precision"
                    };
                    return wrong(expected, "a larger number");
                }
                value
            }
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is asked how it is held"
        )]
        let held = !matches!(kind, Kind::Simple(Simple::Float)) || (value as f32).is_finite();
        if !held && value.is_finite() {
            let found = shown(member, &as_read(&value.to_string()), "another value");
            wrong("a number of single precision", &found);
            return;
        }
        oracle.range(member, value, pointer, verdict);
    }

    fn judge_timestamp(&self, member: &Member, pointer: &str, verdict: &mut Verdict<'_>) {
        let (tags, item) = self.untagged();
        let big = |tag: &u64| BIGNUMS.contains(tag) || *tag == DECIMAL_FRACTION;
        let digits = match item {
            _ if !tags.contains(&EPOCH) || tags.iter().any(big) => None,
            Self::Integer(value) => Some(value.to_string()),
            Self::Float(value) => Some(value.to_string()),
            _ => None,
        };
        let Some(digits) = digits else {
            let expected = "a timestamp with tag 1";
            verdict
                .violations
                .push(mismatch(pointer, expected, self.noun()));
            return;
        };
        match is_moment(&digits, TimestampFormat::EpochSeconds) {
            Some(true) => {}
            Some(false) => {
                let expected = "a timestamp in seconds since 1970";
                let found = shown(member, &digits, "another value");
                verdict.violations.push(mismatch(pointer, expected, &found));
            }
            None => verdict.unsure("a moment near the end of time"),
        }
    }
}
