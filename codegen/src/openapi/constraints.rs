//! Constraints.

use drawplate_model::model::{Constraints, Kind, Length, Range, Shape, Simple};
use serde_json::{Value, json};

use super::protocol::Values;
use super::{Cx, Object, node, pattern};

/// Adds the constraints on a value of a target to its schema.
pub(super) fn add(cx: Cx<'_>, schema: &mut Object, constraints: &Constraints, target: &Shape) {
    let Constraints {
        length,
        range,
        pattern,
        unique_items,
        // Part of the type.
        format: _,
    } = constraints;
    if let Some(Range { min, max }) = range
        && !is_text(cx, target)
    {
        for (name, bound) in [("minimum", min), ("maximum", max)] {
            if let Some(number) = bound.as_ref().and_then(node::number) {
                schema.insert(name.into(), number);
            }
        }
    }
    if let Some(length) = length {
        let names = match &target.kind {
            Kind::List(_) => ["minItems", "maxItems"],
            Kind::Map(_) if cx.protocol.values == Values::Xml => ["minItems", "maxItems"],
            Kind::Map(_) => ["minProperties", "maxProperties"],
            _ => ["minLength", "maxLength"],
        };
        // The length of a blob counts its bytes; its text has four characters for three of them.
        let length = if matches!(target.kind, Kind::Simple(Simple::Blob)) {
            let scaled = |bound: Option<u64>| Some(bound?.div_ceil(3).saturating_mul(4));
            Length {
                min: scaled(length.min),
                max: scaled(length.max),
            }
        } else {
            *length
        };
        insert_length(schema, length, names);
    }
    if let Some(Ok(pattern)) = pattern.as_deref().map(pattern::rewrite) {
        schema.insert("pattern".into(), Value::String(pattern));
    }
    if *unique_items {
        schema.insert("uniqueItems".into(), json!(true));
    }
}

/// Whether documents contain numbers of this target as text, which has no range.
pub(super) fn is_text(cx: Cx<'_>, target: &Shape) -> bool {
    cx.protocol.values == Values::PlainJson
        && matches!(
            target.kind,
            Kind::Simple(Simple::BigInteger | Simple::BigDecimal)
        )
}

/// Adds the length alone, in keywords with these names.
pub(super) fn add_length(schema: &mut Object, constraints: &Constraints, names: [&str; 2]) {
    if let Some(length) = constraints.length {
        insert_length(schema, length, names);
    }
}

fn insert_length(schema: &mut Object, length: Length, names: [&str; 2]) {
    for (name, bound) in names.into_iter().zip([length.min, length.max]) {
        if let Some(bound) = bound {
            schema.insert(name.into(), json!(bound));
        }
    }
}
