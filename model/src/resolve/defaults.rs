//! Values of `smithy.api#default` (Smithy 2.0, "Default value constraints" and "Trait node
//! values").

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::applied::AppliedTrait;
use super::mixins::FlatShape;
use crate::ast::ShapeType;
use crate::civil::Civil;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{DefaultValue, Simple, TimestampFormat};
use crate::node::{Node, Number, Value};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The value as a value of the target. Any other value is reported.
pub(super) fn parse(
    applied: &AppliedTrait<'_>,
    target: &FlatShape<'_>,
    format: Option<TimestampFormat>,
    report: &mut Report,
) -> Option<DefaultValue> {
    let node = &*applied.value;
    let value = match target.kind {
        ShapeType::Simple(Simple::String) | ShapeType::Enum => string(node),
        ShapeType::Simple(Simple::Timestamp) => timestamp(node, format),
        ShapeType::Simple(simple) => of_simple(node, simple),
        ShapeType::IntEnum => whole(node, i64::from(i32::MIN), i64::from(i32::MAX)),
        ShapeType::List | ShapeType::Set => match &node.value {
            Value::Array(items) if items.is_empty() => Some(DefaultValue::EmptyList),
            _ => None,
        },
        ShapeType::Map => match &node.value {
            Value::Object(object) if object.is_empty() => Some(DefaultValue::EmptyMap),
            _ => None,
        },
        _ => None,
    };
    if value.is_none() {
        let expected = expected(target.kind, format);
        let message = format!(
            "the default of `{}` is not a value of `{}`, which is {}",
            applied.owner.id(),
            target.id,
            target.kind.phrase()
        );
        let mut diagnostic = Diagnostic::new(Code::WrongDefault, message, applied.location())
            .label(format!("expected {expected}"))
            .shape(applied.owner.id());
        if target.path.source.is_some() {
            diagnostic = diagnostic.related_name(target.path.location(), "defined here");
        }
        report.push(diagnostic);
    }
    value
}

fn expected(kind: ShapeType, format: Option<TimestampFormat>) -> &'static str {
    match kind {
        ShapeType::Simple(simple) => match simple {
            Simple::Blob => "a string in base64",
            Simple::Boolean => "true or false",
            Simple::String => "a string",
            Simple::Byte => "an 8-bit whole number",
            Simple::Short => "a 16-bit whole number",
            Simple::Integer => "a 32-bit whole number",
            Simple::Long => "a 64-bit whole number",
            Simple::Float | Simple::Double => "a number, \"NaN\", \"Infinity\" or \"-Infinity\"",
            Simple::BigDecimal => "a number",
            Simple::BigInteger => "a whole number",
            Simple::Timestamp => expected_timestamp(format),
            Simple::Document => "any value",
        },
        ShapeType::Enum => "a string",
        ShapeType::IntEnum => "a 32-bit whole number",
        ShapeType::List | ShapeType::Set => "an empty array",
        ShapeType::Map => "an empty object",
        _ => "null, the only default of such a shape",
    }
}

/// What a timestamp in this format is.
pub(super) fn expected_timestamp(format: Option<TimestampFormat>) -> &'static str {
    match format {
        None => "seconds since 1970 or a string like \"1985-04-12T23:20:50.52Z\"",
        Some(TimestampFormat::DateTime) => "a string like \"1985-04-12T23:20:50.52Z\"",
        Some(TimestampFormat::HttpDate) => "a string like \"Fri, 12 Apr 1985 23:20:50 GMT\"",
        Some(TimestampFormat::EpochSeconds) => "seconds since 1970",
    }
}

/// Whether a node is a timestamp in this format.
pub(super) fn is_timestamp(node: &Node<'_>, format: Option<TimestampFormat>) -> bool {
    timestamp(node, format).is_some()
}

fn of_simple(node: &Node<'_>, simple: Simple) -> Option<DefaultValue> {
    match simple {
        Simple::Blob => match &node.value {
            Value::String(text) => BASE64
                .decode(&**text)
                .ok()
                .map(|bytes| DefaultValue::Blob(bytes.into())),
            _ => None,
        },
        Simple::Boolean => match &node.value {
            Value::Boolean(value) => Some(DefaultValue::Boolean(*value)),
            _ => None,
        },
        Simple::String => string(node),
        Simple::Byte => whole(node, i64::from(i8::MIN), i64::from(i8::MAX)),
        Simple::Short => whole(node, i64::from(i16::MIN), i64::from(i16::MAX)),
        Simple::Integer => whole(node, i64::from(i32::MIN), i64::from(i32::MAX)),
        Simple::Long => whole(node, i64::MIN, i64::MAX),
        Simple::Float => number(node)
            .filter(|value| value.abs() <= f64::from(f32::MAX))
            .or_else(|| non_numeric(node))
            .map(DefaultValue::Float),
        Simple::Double => number(node)
            .or_else(|| non_numeric(node))
            .map(DefaultValue::Float),
        Simple::BigInteger => digits(node)
            .filter(|it| is_whole(it))
            .map(DefaultValue::Number),
        Simple::BigDecimal => digits(node).map(DefaultValue::Number),
        Simple::Timestamp => timestamp(node, None),
        Simple::Document => Some(DefaultValue::Document(node.to_static())),
    }
}

fn string(node: &Node<'_>) -> Option<DefaultValue> {
    match &node.value {
        Value::String(text) => Some(DefaultValue::String(text.as_ref().into())),
        _ => None,
    }
}

fn whole(node: &Node<'_>, min: i64, max: i64) -> Option<DefaultValue> {
    node.as_integer()
        .filter(|value| (min..=max).contains(value))
        .map(DefaultValue::Integer)
}

fn number(node: &Node<'_>) -> Option<f64> {
    match &node.value {
        Value::Number(number) => Some(number.to_f64()).filter(|value| value.is_finite()),
        _ => None,
    }
}

/// The floats that are written as strings (Smithy 2.0, "Trait node values").
fn non_numeric(node: &Node<'_>) -> Option<f64> {
    match &node.value {
        Value::String(text) => match &**text {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// The digits as written. They may be in a string.
fn digits(node: &Node<'_>) -> Option<Box<str>> {
    match &node.value {
        Value::Number(number) => Some(number.as_str().into()),
        Value::String(text) => Number::parse(text).map(|number| number.as_str().into()),
        _ => None,
    }
}

fn is_whole(digits: &str) -> bool {
    !digits.contains(['.', 'e', 'E'])
}

/// A timestamp in the format of its member. Without a format it is a number or a date and time
/// (Smithy 2.0, "Trait node values").
fn timestamp(node: &Node<'_>, format: Option<TimestampFormat>) -> Option<DefaultValue> {
    let nanoseconds = match (&node.value, format) {
        (Value::String(text), None | Some(TimestampFormat::DateTime)) => date_time(text)?,
        (Value::String(text), Some(TimestampFormat::HttpDate)) => http_date(text)?,
        (Value::Number(number), None | Some(TimestampFormat::EpochSeconds)) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "what is out of bounds is rejected below"
            )]
            let milliseconds = (number.to_f64() * 1e3).round() as i128;
            milliseconds.checked_mul(1_000_000)?
        }
        _ => return None,
    };
    // The specification gives timestamps the precision of milliseconds.
    let nanoseconds = nanoseconds.div_euclid(1_000_000) * 1_000_000;
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    let nanoseconds = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).ok()?;
    YEARS_1_TO_9999
        .contains(&seconds)
        .then_some(DefaultValue::Timestamp {
            seconds,
            nanoseconds,
        })
}

/// The seconds of the years that a date can have (RFC 3339, section 1).
const YEARS_1_TO_9999: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// A date and time of RFC 3339 without an offset from UTC, in nanoseconds since 1970.
fn date_time(text: &str) -> Option<i128> {
    // The letters may be in lower case.
    let text = text.to_ascii_uppercase();
    let (whole, fraction) = text.strip_suffix('Z')?.split_at_checked(19)?;
    let is_fraction = |text: &str| {
        let digits = text.strip_prefix('.');
        digits.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_valid =
        has_form(whole, "0000-00-00T00:00:00") && (fraction.is_empty() || is_fraction(fraction));
    // A fraction has up to nine digits.
    let fraction = format!("{:0<9}", fraction.trim_start_matches('.'));
    let nanoseconds = fraction.parse::<u32>().ok();
    let nanoseconds = nanoseconds.filter(|_| is_valid && fraction.len() == 9)?;
    let seconds = Civil {
        year: decimal(&whole[..4])?,
        month: decimal(&whole[5..7])?,
        day: decimal(&whole[8..10])?,
        ..time(&whole[11..])?
    }
    .seconds()?;
    Some(i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds))
}

/// An IMF-fixdate (RFC 9110, section 5.6.7), in nanoseconds since 1970.
fn http_date(text: &str) -> Option<i128> {
    let is_valid = has_form(text, "Aaa, 00 Aaa 0000 00:00:00 GMT");
    if !is_valid {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == &text[8..11])?;
    let weekday = WEEKDAYS.iter().position(|name| *name == &text[..3])?;
    let date = Civil {
        year: decimal(&text[12..16])?,
        month: i64::try_from(month).ok()? + 1,
        day: decimal(&text[5..7])?,
        ..time(&text[17..25])?
    };
    let seconds = date.seconds()?;
    (date.weekday() == weekday).then(|| i128::from(seconds) * 1_000_000_000)
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The time of day in a text of the form `00:00:00`, on 1970-01-01. A leap second is the second
/// before it, since the time of Unix has none.
fn time(text: &str) -> Option<Civil> {
    Some(Civil {
        hour: decimal(&text[..2])?,
        minute: decimal(&text[3..5])?,
        second: match decimal(&text[6..8])? {
            60 => 59,
            second => second,
        },
        ..Civil::at(0)
    })
}

fn decimal(digits: &str) -> Option<i64> {
    digits.parse().ok()
}

/// Whether a text has digits where the form has `0`, letters where it has `A` or `a`, and otherwise
/// the characters of the form.
fn has_form(text: &str, form: &str) -> bool {
    let matches = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        _ => byte == form,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_timestamps_are_read_as_jiff_reads_them() {
        // Every 115 days and a bit, from the year 1 to 9999.
        for second in YEARS_1_TO_9999.step_by(9_973_311) {
            let timestamp = jiff::Timestamp::new(second, 120_000_000).expect("in range");
            let nanoseconds = timestamp.as_nanosecond();
            assert_eq!(date_time(&timestamp.to_string()), Some(nanoseconds));
            let text = timestamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            assert_eq!(http_date(&text), Some(nanoseconds - 120_000_000), "{text}");
        }
        let leap_second = date_time("2016-12-31T23:59:60Z");
        assert_eq!(leap_second, date_time("2016-12-31T23:59:59Z"));
        assert_eq!(http_date("Mon, 31 Dec 2016 23:59:59 GMT"), None);
        assert_eq!(date_time("2016-02-30T00:00:00Z"), None);
        assert_eq!(date_time("2016-02-28T00:00:00.1234567890Z"), None);
    }
}
