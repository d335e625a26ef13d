//! Enums: open in responses, closed in requests.

use drawplate_model::model::{EnumValue, Kind, ShapeId};
use serde_json::{Value, json};

use super::sides::{self, Side};
use super::{Cx, Object, docs};

/// An `enum`.
pub(super) fn of_strings(cx: Cx<'_>, id: ShapeId, values: &[EnumValue<Box<str>>]) -> Object {
    let sent = values.iter().map(|value| json!(value.value)).collect();
    let string = Object::from_iter([("type".to_owned(), json!("string"))]);
    enumeration(cx, id, &string, sent, Object::new())
}

/// An `intEnum`, with the names of its values in a convention of generators.
pub(super) fn of_integers(cx: Cx<'_>, id: ShapeId, values: &[EnumValue<i32>]) -> Object {
    let sent = values.iter().map(|value| json!(value.value)).collect();
    let names = values.iter().map(|value| json!(value.name)).collect();
    let integer = Object::from_iter([
        ("type".to_owned(), json!("integer")),
        ("format".to_owned(), json!("int32")),
    ]);
    let names = Object::from_iter([("x-enum-varnames".to_owned(), Value::Array(names))]);
    enumeration(cx, id, &integer, sent, names)
}

fn enumeration(
    cx: Cx<'_>,
    id: ShapeId,
    base: &Object,
    values: Vec<Value>,
    names: Object,
) -> Object {
    if cx.side == Side::Request && sides::is_closed(&cx.model.shapes[id]) {
        closed(base, values, names)
    } else {
        open(base, values, names)
    }
}

fn closed(base: &Object, values: Vec<Value>, names: Object) -> Object {
    let mut closed = base.clone();
    closed.insert("enum".into(), Value::Array(values));
    closed.extend(names);
    closed
}

/// A type with known values and others. The alternatives exclude each other, for generators that
/// make an enum of them, and it is `anyOf`, for those that decode no text by `oneOf`.
pub(super) fn open(base: &Object, values: Vec<Value>, names: Object) -> Object {
    let mut others = base.clone();
    others.insert("not".into(), json!({ "enum": values }));
    let either = json!([closed(base, values, names), others]);
    Object::from_iter([("anyOf".to_owned(), either)])
}

/// The documentation of the values, as a list.
pub(super) fn documentation(kind: &Kind) -> Option<String> {
    let lines = match kind {
        Kind::Enum(values) => lines(values),
        Kind::IntEnum(values) => lines(values),
        _ => Vec::new(),
    };
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn lines<T: std::fmt::Display>(values: &[EnumValue<T>]) -> Vec<String> {
    let lines = values.iter().filter_map(|value| {
        let text = docs::description(&value.docs)?.replace('\n', "\n  ");
        Some(format!("- `{}`: {text}", value.value))
    });
    lines.collect()
}
