//! `length`, `range`, `pattern` and `uniqueItems` (Smithy 2.0, "Constraint traits").

use super::member_id;
use crate::model::{Constraints, Kind, Length, Model, Number, Range, Shape, ShapeId, Simple};
use crate::pattern::PatternError;
use crate::traits::{TraitId, Traits};
use crate::{Code, Diagnostic, Location, Report};

/// Constraints where they are written: on a shape, or on a member.
struct Written<'a> {
    constraints: &'a Constraints,
    traits: &'a Traits,
    location: &'a Location,
    /// The kind of the values that are constrained.
    kind: &'a Kind,
    shape: &'a Shape,
    id: String,
}

impl Written<'_> {
    fn has(&self, id: TraitId) -> bool {
        self.traits.has(id)
    }

    fn diagnostic(&self, code: Code, message: String, id: TraitId) -> Diagnostic {
        Diagnostic::new(code, message, self.traits.location(id, self.location)).shape(&self.id)
    }
}

fn written(model: &Model) -> impl Iterator<Item = Written<'_>> {
    model.shapes.values().flat_map(move |shape| {
        let own = Written {
            constraints: &shape.constraints,
            traits: &shape.traits,
            location: &shape.location,
            kind: &shape.kind,
            shape,
            id: shape.name.to_string(),
        };
        let members = shape.kind.members().map(move |member| Written {
            constraints: &member.constraints,
            traits: &member.traits,
            location: &member.location,
            kind: &model.shapes[member.target].kind,
            shape,
            id: member_id(shape, member),
        });
        std::iter::once(own).chain(members)
    })
}

/// A length has a bound, and its bounds are in order.
pub(super) fn lengths(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::Length;
    for written in written(model).filter(|written| written.has(ID)) {
        match written.constraints.length {
            Some(Length {
                min: None,
                max: None,
            }) => report.push(no_bounds(&written, ID, "length")),
            Some(Length {
                min: Some(min),
                max: Some(max),
            }) if min > max => {
                let message = format!("no length is at least {min} and at most {max}");
                report.push(
                    written
                        .diagnostic(Code::LengthOrder, message, ID)
                        .help("swap the bounds"),
                );
            }
            _ => {}
        }
    }
}

fn no_bounds(written: &Written, id: TraitId, what: &str) -> Diagnostic {
    let message = format!("this {what} has neither `min` nor `max`");
    written
        .diagnostic(Code::NoBounds, message, id)
        .help("give it one, or leave it out")
}

/// A range has a bound, its bounds are in order, and each is a value of the number that it bounds.
pub(super) fn ranges(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::Range;
    for written in written(model).filter(|written| written.has(ID)) {
        let Some(Range { min, max }) = written.constraints.range else {
            continue;
        };
        match (min, max) {
            (None, None) => report.push(no_bounds(&written, ID, "range")),
            (Some(min), Some(max)) if less(max, min) => {
                let message = format!(
                    "no number is at least {} and at most {}",
                    words(min),
                    words(max)
                );
                report.push(
                    written
                        .diagnostic(Code::RangeOrder, message, ID)
                        .help("swap the bounds"),
                );
            }
            _ => {}
        }
        for (name, bound) in [("min", min), ("max", max)] {
            let Some(why) = bound.and_then(|bound| misfit(bound, written.kind)) else {
                continue;
            };
            let at = written.traits.part(ID, written.location, name);
            let message = format!("the bound {} {why}", bound.map(words).unwrap_or_default());
            report.push(Diagnostic::new(Code::RangeBound, message, at).shape(&written.id));
        }
    }
}

/// Whether `a` is less than `b`.
pub(super) fn less(a: Number, b: Number) -> bool {
    match (a, b) {
        (Number::Integer(a), Number::Integer(b)) => a < b,
        _ => float(a) < float(b),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds that large are compared as the doubles that JSON readers make of them"
)]
fn float(number: Number) -> f64 {
    match number {
        Number::Integer(integer) => integer as f64,
        Number::Float(float) => float,
    }
}

pub(super) fn words(number: Number) -> String {
    match number {
        Number::Integer(integer) => integer.to_string(),
        Number::Float(float) => float.to_string(),
    }
}

/// Why a bound is not a value of a number of this kind.
fn misfit(bound: Number, kind: &Kind) -> Option<String> {
    let simple = match kind {
        Kind::Simple(simple) => *simple,
        Kind::IntEnum(_) => Simple::Integer,
        _ => return None,
    };
    let (min, max) = match simple {
        Simple::Byte => (i64::from(i8::MIN), i64::from(i8::MAX)),
        Simple::Short => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Simple::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Simple::Long => (i64::MIN, i64::MAX),
        Simple::BigInteger => {
            let fraction = matches!(bound, Number::Float(float) if float.fract() != 0.0);
            return fraction.then(|| "is not a whole number, as every bigInteger is".to_owned());
        }
        Simple::Float => {
            let wide = float(bound).abs() > f64::from(f32::MAX);
            return wide.then(|| "is not a value of a float".to_owned());
        }
        _ => return None,
    };
    match bound {
        Number::Integer(integer) if (min..=max).contains(&integer) => None,
        Number::Float(float) if float.fract() != 0.0 => Some(format!(
            "is not a whole number, as every {} is",
            simple.noun()
        )),
        _ => Some(format!(
            "is not a value of {}: these are {min} to {max}",
            super::with_article(simple.noun())
        )),
    }
}

/// Patterns are regular expressions; those that the `regex` crate cannot have are not enforced.
pub(super) fn patterns(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::Pattern;
    for written in written(model).filter(|written| written.has(ID)) {
        let Some(pattern) = written.constraints.pattern.as_deref() else {
            continue;
        };
        match model.patterns.get(pattern) {
            None | Some(Ok(_)) => {}
            Some(Err(PatternError::Malformed(why))) => {
                let message = format!("this pattern is not a regular expression: {why}");
                report.push(
                    written
                        .diagnostic(Code::InvalidPattern, message, ID)
                        .help("patterns are regular expressions of ECMA 262"),
                );
            }
            Some(Err(error @ (PatternError::Unsupported(_) | PatternError::TooLarge))) => {
                let message = format!("this pattern is not enforced: {error}");
                let help = match error {
                    PatternError::TooLarge => {
                        "write the bound as a `length`, or repeat a smaller class"
                    }
                    _ => "write it without; what only some texts may match is best checked in code",
                };
                report.push(
                    written
                        .diagnostic(Code::PatternNotEnforced, message, ID)
                        .help(help),
                );
            }
        }
    }
}

/// Items are unique only where two can be compared: lists, and no floats, doubles or documents in them.
pub(super) fn unique_items(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::UniqueItems;
    for written in written(model).filter(|written| written.has(ID)) {
        let Kind::List(list) = written.kind else {
            continue;
        };
        if list.sparse {
            let message = format!(
                "the items of `{}` are to be unique, and they may be null",
                written.shape.name.name()
            );
            report.push(
                written
                    .diagnostic(Code::SparseUniqueItems, message, ID)
                    .name()
                    .help("leave `uniqueItems` or `sparse` out"),
            );
        }
        if let Some(found) = incomparable(model, list.member.target) {
            let message = format!(
                "the items of `{}` are to be unique, and they hold {}",
                written.shape.name.name(),
                super::with_article(found.noun())
            );
            report.push(written.diagnostic(Code::UniqueItemsTarget, message, ID).name().help("floats, doubles and documents have no equality that holds everywhere: leave `uniqueItems` out"));
        }
    }
}

/// What in a value of this shape cannot be compared.
fn incomparable(model: &Model, from: ShapeId) -> Option<Simple> {
    let mut seen = std::collections::HashSet::from([from]);
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        let kind = &model.shapes[id].kind;
        if let Kind::Simple(simple @ (Simple::Float | Simple::Double | Simple::Document)) = kind {
            return Some(*simple);
        }
        open.extend(
            kind.members()
                .map(|member| member.target)
                .filter(|target| seen.insert(*target)),
        );
    }
    None
}
