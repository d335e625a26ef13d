//! Values of `smithy.api#default` (Smithy 2.0, "Default value constraints" and "Trait node
//! values").

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::applied::AppliedTrait;
use super::mixins::FlatShape;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{DefaultValue, Simple};
use crate::node::{Node, Number, Value};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The value as a value of the target. Any other value is reported.
pub(super) fn parse(
    applied: &AppliedTrait<'_>,
    target: &FlatShape<'_>,
    report: &mut Report,
) -> Option<DefaultValue> {
    let node = &*applied.value;
    let value = match target.kind {
        ShapeType::Simple(Simple::String) | ShapeType::Enum => string(node),
        ShapeType::Simple(simple) => of_simple(applied, simple),
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
        let expected = expected(target.kind);
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

fn expected(kind: ShapeType) -> &'static str {
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
            Simple::Timestamp => "seconds since 1970 or a string like \"1985-04-12T23:20:50.52Z\"",
            Simple::Document => "any value",
        },
        ShapeType::Enum => "a string",
        ShapeType::IntEnum => "a 32-bit whole number",
        ShapeType::List | ShapeType::Set => "an empty array",
        ShapeType::Map => "an empty object",
        _ => "null, the only default of such a shape",
    }
}

fn of_simple(applied: &AppliedTrait<'_>, simple: Simple) -> Option<DefaultValue> {
    let node = &*applied.value;
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
        Simple::Timestamp => timestamp(node),
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

fn timestamp(node: &Node<'_>) -> Option<DefaultValue> {
    /// The last second of the year 9999, the latest that RFC 3339 can express.
    const LAST: f64 = 253_402_300_799.0;
    let nanoseconds: i128 = if let Value::String(text) = &node.value {
        text.parse::<jiff::Timestamp>().ok()?.as_nanosecond()
    } else {
        let seconds = number(node).filter(|value| value.abs() <= LAST)?;
        // The specification gives timestamps the precision of milliseconds.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "within the bounds of `LAST`"
        )]
        let milliseconds = (seconds * 1e3).round() as i128;
        milliseconds * 1_000_000
    };
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    let nanoseconds = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).ok()?;
    Some(DefaultValue::Timestamp {
        seconds,
        nanoseconds,
    })
}
