//! Values of the model as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::civil::Civil;
use drawplate_model::model::{DefaultValue, Kind, Member, Number, Shape, Simple, TimestampFormat};
use drawplate_model::node::{Node, Value as NodeValue};
use serde_json::{Value, json};

use super::protocol::Values;
use super::{Cx, Object, Place, schema};

/// A node as JSON.
pub(super) fn json(node: &Node<'_>) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Boolean(value) => json!(value),
        NodeValue::Number(value) => number(value).unwrap_or(Value::Null),
        NodeValue::String(text) => json!(text),
        NodeValue::Array(items) => items.iter().map(json).collect(),
        NodeValue::Object(object) => {
            let entries = object
                .iter()
                .map(|(key, value)| (key.to_owned(), json(value)));
            Value::Object(entries.collect())
        }
    }
}

/// A number as JSON: an integer of 64 bits, otherwise the nearest double. `None` beyond the
/// largest double.
pub(super) fn number(number: &Number) -> Option<Value> {
    let integer = number.as_i64().map(Into::into);
    integer
        .or_else(|| number.as_u64().map(Into::into))
        .or_else(|| serde_json::Number::from_f64(number.to_f64()))
        .map(Value::Number)
}

/// A default as JSON; `None` if JSON has no such value.
pub(super) fn default(
    cx: Cx<'_>,
    default: &DefaultValue,
    target: &Shape,
    format: TimestampFormat,
) -> Option<Value> {
    Some(match default {
        DefaultValue::Boolean(value) => json!(value),
        DefaultValue::Integer(value) => big(cx, target, json!(value)),
        DefaultValue::Float(value) => Value::Number(serde_json::Number::from_f64(*value)?),
        DefaultValue::Number(digits) => big(cx, target, number(&Number::parse(digits)?)?),
        DefaultValue::String(text) => json!(text),
        DefaultValue::Blob(bytes) => json!(STANDARD.encode(bytes)),
        DefaultValue::Timestamp {
            seconds,
            nanoseconds,
        } => timestamp(*seconds, *nanoseconds, format),
        DefaultValue::EmptyList => json!([]),
        DefaultValue::EmptyMap => json!({}),
        DefaultValue::Document(node) => json(node),
    })
}

/// A number of a target, which some documents contain as text.
fn big(cx: Cx<'_>, target: &Shape, value: Value) -> Value {
    let is_big = matches!(
        target.kind,
        Kind::Simple(Simple::BigInteger | Simple::BigDecimal)
    );
    if is_big && cx.protocol.values == Values::PlainJson {
        json!(value.to_string())
    } else {
        value
    }
}

/// A value of a member in an example, as a message contains it.
pub(super) fn example(cx: Cx<'_>, member: &Member, value: &Node<'_>, place: Place) -> Value {
    let target = &cx.model.shapes[member.target];
    let own = cx.timestamp_format(member, place);
    match (&target.kind, &value.value) {
        (Kind::Structure(_) | Kind::Union(_), NodeValue::Object(_)) => {
            Value::Object(members(cx, target, value, |_| true))
        }
        (Kind::List(list), NodeValue::Array(items)) => {
            let items = items.iter();
            items
                .map(|item| example(cx, &list.member, item, place))
                .collect()
        }
        (Kind::Map(map), NodeValue::Object(entries)) => {
            let entries = entries.iter();
            let entry = |(key, value): (&str, &Node<'_>)| {
                (key.to_owned(), example(cx, &map.value, value, place))
            };
            Value::Object(entries.map(entry).collect())
        }
        (Kind::Simple(Simple::Timestamp), NodeValue::String(text)) => match parse(text) {
            Some((seconds, nanoseconds)) => timestamp(seconds, nanoseconds, own),
            None => json(value),
        },
        (Kind::Simple(Simple::Timestamp), NodeValue::Number(number)) => match number.as_i64() {
            Some(seconds) => timestamp(seconds, 0, own),
            None => json(value),
        },
        (Kind::Simple(Simple::String), NodeValue::String(text))
            if schema::is_encoded(cx, member, place) =>
        {
            json!(STANDARD.encode(&**text))
        }
        (Kind::Simple(_), NodeValue::Number(_)) => big(cx, target, json(value)),
        _ => json(value),
    }
}

/// The members of a structure or union in an example, for which `is_wanted` is true.
pub(super) fn members(
    cx: Cx<'_>,
    shape: &Shape,
    value: &Node<'_>,
    is_wanted: impl Fn(&Member) -> bool,
) -> Object {
    let members = shape.kind.members().filter(|member| is_wanted(member));
    members
        .filter_map(|member| {
            let value = value.get(&member.name)?;
            Some((
                cx.member_name(member).to_owned(),
                example(cx, member, value, Place::Document),
            ))
        })
        .collect()
}

/// A point in time in a format.
fn timestamp(seconds: i64, nanoseconds: u32, format: TimestampFormat) -> Value {
    let time = Civil::at(seconds);
    let fraction = format!("{nanoseconds:09}");
    let fraction = fraction.trim_end_matches('0');
    let (point, fraction) = if fraction.is_empty() {
        ("", "")
    } else {
        (".", fraction)
    };
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = time;
    match format {
        TimestampFormat::EpochSeconds if nanoseconds == 0 => json!(seconds),
        TimestampFormat::EpochSeconds => {
            #[expect(clippy::cast_precision_loss, reason = "JSON numbers are doubles here")]
            let whole = seconds as f64;
            json!(whole + f64::from(nanoseconds) / 1e9)
        }
        TimestampFormat::DateTime => json!(format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{point}{fraction}Z"
        )),
        TimestampFormat::HttpDate => {
            let weekday = WEEKDAYS[time.weekday()];
            let month = MONTHS[usize::try_from(month - 1).unwrap_or_default()];
            json!(format!(
                "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
            ))
        }
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The seconds and nanoseconds since 1970 of a date and time in UTC (RFC 3339).
fn parse(text: &str) -> Option<(i64, u32)> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let number = |text: &str| {
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then(|| text.parse().ok()).flatten()
    };
    let three = |text: &str, separator| {
        let parts = text
            .split(separator)
            .map(number)
            .collect::<Option<Vec<i64>>>()?;
        <[i64; 3]>::try_from(parts).ok()
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = three(date, '-')?;
    let [hour, minute, second] = three(time, ':')?;
    let civil = Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    };
    let nanoseconds = number(&format!("{fraction:0<9}"))?;
    Some((civil.seconds()?, u32::try_from(nanoseconds).ok()?))
}
