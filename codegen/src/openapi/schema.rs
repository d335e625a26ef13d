//! Schemas: components, and the values that refer to them.

use drawplate_model::model::{
    Constraints, Docs, Format, Kind, Length, Member, Number, Range, Shape, ShapeId, Simple,
    TimestampFormat,
};
use serde_json::{Map, Value, json};

use super::Cx;
use super::operation::in_body;

/// The schemas of all named shapes of the service, by name.
pub(super) fn components(cx: Cx<'_>) -> Map<String, Value> {
    let ids = cx.service.shapes.iter().copied();
    let named = ids.filter(|id| is_component(&cx.model.shapes[*id].kind));
    let schemas = named.map(|id| (cx.name(id).to_owned(), component(cx, &cx.model.shapes[id])));
    let error = json!({ "type": "object", "properties": { "message": { "type": "string" } } });
    schemas.chain([(cx.names.error.clone(), error)]).collect()
}

fn is_component(kind: &Kind) -> bool {
    matches!(kind, Kind::Structure(_) | Kind::Union(_) | Kind::Enum(_))
}

/// The schema of a shape where it is defined.
fn component(cx: Cx<'_>, shape: &Shape) -> Value {
    let mut value = match &shape.kind {
        Kind::Enum(values) => {
            let values = values.iter().map(|value| &*value.value).collect::<Vec<_>>();
            json!({ "type": "string", "enum": values })
        }
        kind => {
            let members = kind.members().filter(|member| in_body(member));
            let (mut properties, mut required) = (Map::new(), Vec::new());
            for member in members {
                properties.insert(member.json_name.to_string(), property(cx, member));
                required.extend(member.required.then_some(&*member.json_name));
            }
            let mut object = json!({ "type": "object", "properties": properties });
            if !required.is_empty() {
                object["required"] = json!(required);
            }
            object
        }
    };
    describe(&mut value, &shape.docs);
    value
}

fn property(cx: Cx<'_>, member: &Member) -> Value {
    let mut value = value(cx, member, TimestampFormat::EpochSeconds);
    // A reference has no siblings (OpenAPI 3.0.3, "Reference Object").
    if value.get("$ref").is_none() {
        describe(&mut value, &member.docs);
    }
    value
}

/// The schema of a member's value; `default` is the format of timestamps that have none of their
/// own.
pub(super) fn value(cx: Cx<'_>, member: &Member, default: TimestampFormat) -> Value {
    let format = member.timestamp_format.unwrap_or(default);
    let mut value = schema(cx, member.target, Some(format));
    if value.get("$ref").is_none() {
        constrain(&mut value, &member.constraints);
    }
    value
}

/// The schema of a shape where it is used.
pub(super) fn schema(cx: Cx<'_>, id: ShapeId, format: Option<TimestampFormat>) -> Value {
    let element = |member: &Member| value(cx, member, TimestampFormat::EpochSeconds);
    match &cx.model.shapes[id].kind {
        Kind::Structure(_) | Kind::Union(_) | Kind::Enum(_) => reference(cx.name(id)),
        Kind::Simple(simple) => self::simple(*simple, format),
        Kind::IntEnum(_) => json!({ "type": "integer", "format": "int32" }),
        Kind::List(list) => json!({ "type": "array", "items": element(&list.member) }),
        Kind::Map(map) => {
            json!({ "type": "object", "additionalProperties": element(&map.value) })
        }
    }
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn simple(simple: Simple, format: Option<TimestampFormat>) -> Value {
    match simple {
        Simple::Boolean => json!({ "type": "boolean" }),
        Simple::String => json!({ "type": "string" }),
        Simple::Blob => json!({ "type": "string", "format": "byte" }),
        Simple::Byte | Simple::Short | Simple::Integer => {
            json!({ "type": "integer", "format": "int32" })
        }
        Simple::Long => json!({ "type": "integer", "format": "int64" }),
        Simple::BigInteger => json!({ "type": "integer" }),
        Simple::Float => json!({ "type": "number", "format": "float" }),
        Simple::Double => json!({ "type": "number", "format": "double" }),
        Simple::BigDecimal => json!({ "type": "number" }),
        Simple::Timestamp => match format {
            Some(TimestampFormat::DateTime) => json!({ "type": "string", "format": "date-time" }),
            Some(TimestampFormat::HttpDate) => json!({ "type": "string" }),
            Some(TimestampFormat::EpochSeconds) | None => {
                json!({ "type": "number", "format": "double" })
            }
        },
        Simple::Document => json!({}),
    }
}

/// Adds what the model documents about an object that can be deprecated.
pub(super) fn describe(value: &mut Value, docs: &Docs) {
    if let Some(text) = &docs.text {
        value["description"] = json!(text);
    }
    if docs.deprecated.is_some() {
        value["deprecated"] = json!(true);
    }
}

/// The number as JSON: an integer of 64 bits, otherwise the nearest double. `None` beyond the
/// largest double.
fn json_number(number: &Number) -> Option<Value> {
    let integer = number.as_i64().map(Into::into);
    integer
        .or_else(|| number.as_u64().map(Into::into))
        .or_else(|| serde_json::Number::from_f64(number.to_f64()))
        .map(Value::Number)
}

fn constrain(value: &mut Value, constraints: &Constraints) {
    let Constraints {
        length,
        range,
        pattern,
        unique_items,
        format,
    } = constraints;
    if let Some(Range { min, max }) = range {
        for (name, bound) in [("minimum", min), ("maximum", max)] {
            let number = bound.as_ref().and_then(json_number);
            if let Some(number) = number {
                value[name] = number;
            }
        }
    }
    if let Some(Length { min, max }) = length {
        let names = match value["type"].as_str() {
            Some("array") => ["minItems", "maxItems"],
            Some("object") => ["minProperties", "maxProperties"],
            // The bytes of a blob are not the characters of its text.
            _ if value["format"] == "byte" => return,
            _ => ["minLength", "maxLength"],
        };
        for (name, bound) in names.into_iter().zip([min, max]) {
            if let Some(bound) = bound {
                value[name] = json!(bound);
            }
        }
    }
    if let Some(pattern) = pattern {
        value["pattern"] = json!(pattern);
    }
    if *unique_items {
        value["uniqueItems"] = json!(true);
    }
    match format {
        Some(Format::Uuid) => value["format"] = json!("uuid"),
        Some(Format::Date) => value["format"] = json!("date"),
        // OpenAPI has no name for the others.
        _ => {}
    }
}
