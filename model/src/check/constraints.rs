//! `length`, `range`, `pattern` and `uniqueItems` (Smithy 2.0, "Constraint traits").

use super::member_id;
use crate::model::{Constraints, Kind, Length, Model, Number, Range, Shape, ShapeId, Simple};
use crate::pattern::PatternError;
use crate::traits::{TraitId, Traits};
use crate::words::with_article;
use crate::{Code, Diagnostic, Location, Report};

/// Constraints as they are written on a shape or member.
struct Written<'a> {
    constraints: &'a Constraints,
    traits: &'a Traits,
    location: &'a Location,
    /// The shape of the constrained values.
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

/// A length has at least one bound, and its bounds are in order.
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
                let message =
                    format!("the minimum length, {min}, is greater than the maximum, {max}");
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
    let message = format!("the trait `{what}` has neither `min` nor `max`");
    written
        .diagnostic(Code::NoBounds, message, id)
        .help("add a bound, or remove the trait")
}

/// A range has at least one bound, its bounds are in order, and each is a value of the target.
pub(super) fn ranges(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::Range;
    for written in written(model).filter(|written| written.has(ID)) {
        let Some(Range { min, max }) = &written.constraints.range else {
            continue;
        };
        match (min, max) {
            (None, None) => report.push(no_bounds(&written, ID, "range")),
            (Some(min), Some(max)) if max < min => {
                let message = format!("the minimum, {min}, is greater than the maximum, {max}");
                report.push(
                    written
                        .diagnostic(Code::RangeOrder, message, ID)
                        .help("swap the bounds"),
                );
            }
            _ => {}
        }
        for (name, bound) in [("min", min), ("max", max)] {
            let Some(bound) = bound else { continue };
            let Some(why) = misfit(bound, written.kind) else {
                continue;
            };
            let (code, why) = why;
            let location = written.traits.part(ID, written.location, name);
            let message = format!("the bound {bound} {why}");
            report.push(
                Diagnostic::new(code, message, location)
                    .shape(&written.id)
                    .help("change or remove the bound"),
            );
        }
    }
}

/// The reason why a bound is not a value of this kind of number. One that is too large or too small
/// is a warning, as it bounds nothing or everything.
fn misfit(bound: &Number, kind: &Kind) -> Option<(Code, String)> {
    let simple = match kind {
        Kind::Simple(simple) => *simple,
        Kind::IntEnum(_) => Simple::Integer,
        _ => return None,
    };
    let values = with_article(simple.noun());
    let least_and_most = match simple {
        Simple::Byte => Some((i64::from(i8::MIN), i64::from(i8::MAX))),
        Simple::Short => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
        Simple::Integer => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
        Simple::Long => Some((i64::MIN, i64::MAX)),
        Simple::BigInteger => None,
        Simple::Float | Simple::Double => {
            let most = match simple {
                Simple::Float => f64::from(f32::MAX),
                _ => f64::MAX,
            };
            let is_beyond = bound.to_f64().abs() > most;
            return is_beyond.then(|| {
                let why = format!("is not within the values of {values}");
                (Code::BoundOutsideType, why)
            });
        }
        _ => return None,
    };
    if !bound.is_whole() {
        let why = format!("is not a whole number, but the values of {values} are");
        return Some((Code::RangeBound, why));
    }
    let (least, most) = least_and_most?;
    let is_within = |value: i64| (least..=most).contains(&value);
    (!bound.as_i64().is_some_and(is_within)).then(|| {
        let why = format!("is not within the values of {values}, {least} to {most}");
        (Code::BoundOutsideType, why)
    })
}

/// Patterns are regular expressions. One that the `regex` crate does not support is not enforced.
pub(super) fn patterns(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::Pattern;
    for written in written(model).filter(|written| written.has(ID)) {
        let Some(pattern) = written.constraints.pattern.as_deref() else {
            continue;
        };
        match model.patterns.get(pattern) {
            None | Some(Ok(_)) => {}
            Some(Err(PatternError::Malformed(why))) => {
                let message = format!("the pattern is not a regular expression: {why}");
                report.push(written.diagnostic(Code::InvalidPattern, message, ID).help(
                    "correct the pattern; patterns are regular expressions as defined by ECMA 262",
                ));
            }
            Some(Err(error @ (PatternError::Unsupported(_) | PatternError::TooLarge))) => {
                let message = format!("the pattern is not enforced: {error}");
                let help = match error {
                    PatternError::TooLarge => {
                        "express the bound with the trait `length`, or repeat a smaller class"
                    }
                    _ => "write the pattern without it, or check the value in the implementation",
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

/// Lists of unique items are not sparse and have items that can be compared.
pub(super) fn unique_items(model: &Model, report: &mut Report) {
    const ID: TraitId = TraitId::UniqueItems;
    for written in written(model).filter(|written| written.has(ID)) {
        let Kind::List(list) = written.kind else {
            continue;
        };
        if list.sparse {
            let message = format!(
                "the items of `{}` must be unique, but may be null",
                written.shape.name.name()
            );
            report.push(
                written
                    .diagnostic(Code::SparseUniqueItems, message, ID)
                    .name()
                    .help("remove the trait `uniqueItems` or the trait `sparse`"),
            );
        }
        if let Some(found) = incomparable(model, list.member.target) {
            let message = format!(
                "the items of `{}` must be unique, but contain {}",
                written.shape.name.name(),
                with_article(found.noun())
            );
            report.push(
                written
                    .diagnostic(Code::UniqueItemsTarget, message, ID)
                    .name()
                    .help(
                        "floats, doubles and documents cannot be compared reliably; remove the \
                         trait `uniqueItems`",
                    ),
            );
        }
    }
}

/// A shape within this one whose values cannot be compared.
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
