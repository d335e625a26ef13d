//! Defaults against the constraints of their members (Smithy 2.0, "Default values").

use std::cmp::Ordering;
use std::fmt::Display;

use regex::Regex;

use super::at_trait;
use crate::model::{
    Constraints, DefaultValue, Kind, Length, Member, Model, Number, Presence, Range, Shape,
};
use crate::traits::TraitId;
use crate::{Code, Report};

const DEFAULT: TraitId = TraitId::Default;

/// A default satisfies the constraints of its member. A zero outside a range is only a warning, as
/// in Smithy: it is common in models that were written for Smithy 1.0.
pub(super) fn within_constraints(model: &Model, report: &mut Report) {
    for shape in model.shapes.values() {
        let Kind::Structure(structure) = &shape.kind else {
            continue;
        };
        for member in &structure.members {
            let Some(default) = default(member) else {
                continue;
            };
            let violation = violation(model, &member.constraints, default)
                .or_else(|| unknown_value(&model.shapes[member.target], default));
            let Some((code, message)) = violation else {
                continue;
            };
            let message = format!("the default of `{}` {message}", member.name);
            let help = "change the default or the constraint, or remove the default";
            report.push(at_trait(code, message, shape, member, DEFAULT).help(help));
        }
    }
}

fn default(member: &Member) -> Option<&DefaultValue> {
    match &member.presence {
        Presence::Required | Presence::Optional(None) => None,
        Presence::Default(default) | Presence::Optional(Some(default)) => Some(default),
    }
}

/// A default that is none of the values of its enum.
fn unknown_value(target: &Shape, default: &DefaultValue) -> Option<(Code, String)> {
    let (default, is_known) = match (&target.kind, default) {
        (Kind::Enum(values), DefaultValue::String(text)) => {
            let is_known = values.iter().any(|value| value.value == *text);
            (format!("{text:?}"), is_known)
        }
        (Kind::IntEnum(values), DefaultValue::Integer(number)) => {
            let is_known = values.iter().any(|value| i64::from(value.value) == *number);
            (number.to_string(), is_known)
        }
        _ => return None,
    };
    (!is_known).then(|| {
        let message = format!("is {default}, which is not a value of `{}`", target.name);
        (Code::DefaultOutsideConstraints, message)
    })
}

fn violation(
    model: &Model,
    constraints: &Constraints,
    default: &DefaultValue,
) -> Option<(Code, String)> {
    let Constraints {
        length,
        range,
        pattern,
        unique_items: _,
        format: _,
    } = constraints;
    let outside = |message| (Code::DefaultOutsideConstraints, message);
    match default {
        DefaultValue::Integer(value) => exact(range.as_ref()?, &Number::from(*value)),
        DefaultValue::Number(digits) => exact(range.as_ref()?, &Number::parse(digits)?),
        DefaultValue::Float(value) => float(range.as_ref()?, *value),
        DefaultValue::String(text) => outside_length(*length, text.chars().count(), "characters")
            .or_else(|| outside_pattern(model, pattern.as_deref(), text))
            .map(outside),
        DefaultValue::Blob(bytes) => outside_length(*length, bytes.len(), "bytes").map(outside),
        DefaultValue::EmptyList => outside_length(*length, 0, "elements").map(outside),
        DefaultValue::EmptyMap => outside_length(*length, 0, "entries").map(outside),
        DefaultValue::Boolean(_) | DefaultValue::Timestamp { .. } | DefaultValue::Document(_) => {
            None
        }
    }
}

/// Compares a whole or decimal number with a range.
fn exact(range: &Range, value: &Number) -> Option<(Code, String)> {
    outside_range(range, value, value.is_zero(), |bound| {
        Some(value.cmp(bound))
    })
}

/// Compares a double with a range, with the precision of a double.
fn float(range: &Range, value: f64) -> Option<(Code, String)> {
    if value.is_nan() {
        let message = "is NaN, which no range includes".to_owned();
        return Some((Code::DefaultOutsideConstraints, message));
    }
    outside_range(range, value, value == 0.0, |bound| {
        value.partial_cmp(&bound.to_f64())
    })
}

fn outside_range(
    range: &Range,
    value: impl Display,
    is_zero: bool,
    compare: impl Fn(&Number) -> Option<Ordering>,
) -> Option<(Code, String)> {
    let Range { min, max } = range;
    let is = |bound: &Number, order| compare(bound) == Some(order);
    let below = min.as_ref().filter(|min| is(min, Ordering::Less));
    let above = max.as_ref().filter(|max| is(max, Ordering::Greater));
    let message = match (below, above) {
        (Some(min), _) => format!("is {value}, which is less than the minimum, {min}"),
        (None, Some(max)) => format!("is {value}, which is greater than the maximum, {max}"),
        (None, None) => return None,
    };
    let code = if is_zero {
        Code::ZeroOutsideRange
    } else {
        Code::DefaultOutsideConstraints
    };
    Some((code, message))
}

fn outside_length(length: Option<Length>, count: usize, unit: &str) -> Option<String> {
    let Length { min, max } = length?;
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let below = min
        .filter(|min| count < *min)
        .map(|min| format!("has {count} {unit}, but at least {min} are required"));
    let above = max
        .filter(|max| count > *max)
        .map(|max| format!("has {count} {unit}, but at most {max} are allowed"));
    below.or(above)
}

fn outside_pattern(model: &Model, pattern: Option<&str>, text: &str) -> Option<String> {
    // A pattern that does not compile has a diagnostic of its own.
    let regex = Regex::new(model.regex(pattern?)?).ok()?;
    (!regex.is_match(text)).then(|| format!("is {text:?}, which does not match the pattern"))
}
