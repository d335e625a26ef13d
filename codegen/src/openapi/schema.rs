//! The schemas of shapes, and of members that have them as targets.

use drawplate_model::model::{
    Format, Kind, List, Map, Member, Presence, Shape, ShapeId, Simple, TimestampFormat, Union,
    UnionForm,
};
use serde_json::{Value, json};

use super::components::Component;
use super::protocol::Values;
use super::sides::{self, Side};
use super::{Cx, Object, Place, constraints, docs, enums, node, xml};
use crate::OpenApiVersion;

/// The schema of a member's value: that of its target, with the facts of the member.
pub(super) fn member(cx: Cx<'_>, member: &Member, place: Place) -> Object {
    let target = &cx.model.shapes[member.target];
    let base = self::target(cx, member, place);
    let mut facts = Object::new();
    // A component has the constraints and the documentation of the target.
    let is_reference = base.contains_key("$ref");
    if !is_reference || member.constraints != target.constraints {
        constraints::add(cx, &mut facts, &member.constraints, target);
    }
    docs::describe_value(
        &mut facts,
        &member.docs,
        (!is_reference).then_some(&target.docs),
    );
    docs::link(&mut facts, &member.docs);
    if let Presence::Default(value) | Presence::Optional(Some(value)) = &member.presence {
        let format = cx.timestamp_format(member, place);
        if let Some(value) = node::default(cx, value, target, format) {
            facts.insert("default".into(), value);
        }
    }
    let string = base.get("type") == Some(&json!("string"));
    let format = member.constraints.format.and_then(text_format);
    if let Some(format) = format.filter(|_| string) {
        facts.insert("format".into(), json!(format));
    } else if member.sensitive && string && !base.contains_key("format") {
        facts.insert("format".into(), json!("password"));
    }
    cx.extensions.add(&mut facts, &member.traits);
    if !is_reference {
        cx.extensions.add(&mut facts, &target.traits);
    }
    join(cx, base, facts)
}

/// The format of a text, in the words of OpenAPI's registry. It has none for offsets, months and
/// durations.
fn text_format(format: Format) -> Option<&'static str> {
    match format {
        Format::Uuid => Some("uuid"),
        Format::Date => Some("date"),
        Format::LocalTime => Some("time-local"),
        Format::LocalDateTime => Some("date-time-local"),
        Format::OffsetTime => Some("time"),
        Format::OffsetDateTime => Some("date-time"),
        Format::ZoneOffset | Format::YearMonth | Format::MonthDay | Format::Duration => None,
    }
}

/// A schema with more facts. In OpenAPI 3.0 a reference has no siblings ("Reference Object").
pub(super) fn join(cx: Cx<'_>, mut base: Object, facts: Object) -> Object {
    if facts.is_empty() {
        return base;
    }
    if base.contains_key("$ref") && cx.version == OpenApiVersion::V3_0 {
        base = Object::from_iter([("allOf".to_owned(), json!([base]))]);
    }
    base.extend(facts);
    base
}

/// The schema of a member's target where it is used.
fn target(cx: Cx<'_>, member: &Member, place: Place) -> Object {
    let id = member.target;
    match &cx.model.shapes[id].kind {
        Kind::Simple(Simple::String) if is_encoded(cx, member, place) => {
            media(cx, member, base64(cx))
        }
        Kind::Simple(simple) => {
            let schema = self::simple(cx, *simple, cx.timestamp_format(member, place));
            media(cx, member, schema)
        }
        Kind::List(list) => array(cx, list, place),
        Kind::Map(map) if cx.protocol.values == Values::Xml => xml::entries(cx, map, member),
        Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) | Kind::Enum(_) | Kind::IntEnum(_) => {
            cx.shape(id)
        }
    }
}

/// Whether a text is sent as base64 because it has a media type (Smithy 2.0, "httpHeader trait").
pub(super) fn is_encoded(cx: Cx<'_>, member: &Member, place: Place) -> bool {
    let is_text = matches!(
        cx.model.shapes[member.target].kind,
        Kind::Simple(Simple::String)
    );
    is_text && place == Place::Header && member.media_type.is_some()
}

/// Adds the media type of a text or of bytes.
fn media(cx: Cx<'_>, member: &Member, mut schema: Object) -> Object {
    if let (Some(media_type), OpenApiVersion::V3_1) = (&member.media_type, cx.version) {
        schema.insert("contentMediaType".into(), json!(media_type));
    }
    schema
}

/// Bytes as text.
fn base64(cx: Cx<'_>) -> Object {
    let keyword = match cx.version {
        OpenApiVersion::V3_0 => ("format", "byte"),
        OpenApiVersion::V3_1 => ("contentEncoding", "base64"),
    };
    let keywords = [("type", "string"), keyword].into_iter();
    keywords
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

/// The schema of a shape where it is defined.
pub(super) fn definition(cx: Cx<'_>, id: ShapeId) -> Object {
    let shape = &cx.model.shapes[id];
    let mut schema = match &shape.kind {
        Kind::Structure(structure) => object(cx, structure.members.iter()),
        Kind::Union(union) => self::union(cx, id, union),
        Kind::Map(map) => dictionary(cx, map),
        Kind::Enum(values) => enums::of_strings(cx, id, values),
        Kind::IntEnum(values) => enums::of_integers(cx, id, values),
        Kind::List(list) => array(cx, list, Place::Document),
        Kind::Simple(simple) => self::simple(cx, *simple, cx.protocol.values.timestamp()),
    };
    describe(cx, &mut schema, shape);
    constraints::add(cx, &mut schema, &shape.constraints, shape);
    schema
}

/// Adds the documentation and extensions of a shape to its schema.
pub(super) fn describe(cx: Cx<'_>, schema: &mut Object, shape: &Shape) {
    docs::describe(schema, &shape.docs);
    if let Some(values) = enums::documentation(&shape.kind) {
        let text = match schema.get("description") {
            Some(Value::String(text)) => format!("{text}\n\n{values}"),
            _ => values,
        };
        schema.insert("description".into(), json!(text));
    }
    docs::link(schema, &shape.docs);
    cx.extensions.add(schema, &shape.traits);
}

/// An object with these members as properties.
pub(super) fn object<'m>(cx: Cx<'_>, members: impl Iterator<Item = &'m Member>) -> Object {
    let (mut properties, mut required) = (Object::new(), Vec::new());
    let mut is_open = false;
    for member in members {
        if member.json_unknown {
            is_open = true;
            continue;
        }
        let name = cx.member_name(member);
        properties.insert(name.to_owned(), Value::Object(property(cx, member)));
        if member.required {
            required.push(json!(name));
        }
    }
    let mut object = Object::from_iter([("type".to_owned(), json!("object"))]);
    if !properties.is_empty() {
        object.insert("properties".into(), Value::Object(properties));
    }
    if !required.is_empty() {
        object.insert("required".into(), Value::Array(required));
    }
    if is_open {
        object.insert("additionalProperties".into(), json!(true));
    }
    object
}

/// A member of a structure or union in a document.
fn property(cx: Cx<'_>, member: &Member) -> Object {
    let schema = self::member(cx, member, Place::Document);
    let schema = if member.nullable {
        nullable(cx, schema)
    } else {
        schema
    };
    if cx.protocol.values == Values::Xml {
        xml::property(cx, schema, member)
    } else {
        schema
    }
}

/// The only member of a document, whose element is the root.
pub(super) fn root(cx: Cx<'_>, member: &Member) -> Object {
    let own = Object::from_iter([("name".to_owned(), json!(member.name))]);
    let name = Object::from_iter([("xml".to_owned(), Value::Object(own))]);
    let schema = property(cx, member);
    if schema.contains_key("xml") {
        schema
    } else {
        join(cx, schema, name)
    }
}

/// A list.
fn array(cx: Cx<'_>, list: &List, place: Place) -> Object {
    let mut items = member(cx, &list.member, place);
    if list.sparse {
        items = nullable(cx, items);
    }
    Object::from_iter([
        ("type".to_owned(), json!("array")),
        ("items".to_owned(), Value::Object(items)),
    ])
}

/// A map as a JSON object.
pub(super) fn dictionary(cx: Cx<'_>, map: &Map) -> Object {
    let mut values = member(cx, &map.value, Place::Document);
    if map.sparse {
        values = nullable(cx, values);
    }
    let mut object = Object::from_iter([("type".to_owned(), json!("object"))]);
    let mut keys = member(cx, &map.key, Place::Document);
    keys.remove("type");
    if cx.version == OpenApiVersion::V3_1 && !keys.is_empty() {
        object.insert("propertyNames".into(), Value::Object(keys));
    }
    object.insert("additionalProperties".into(), Value::Object(values));
    object
}

/// A schema that accepts null as well.
fn nullable(cx: Cx<'_>, mut schema: Object) -> Object {
    match (cx.version, schema.get("type").cloned()) {
        // A document accepts everything already.
        (_, None) if schema.is_empty() => {}
        (OpenApiVersion::V3_1, Some(name)) => {
            schema.insert("type".into(), json!([name, "null"]));
        }
        (OpenApiVersion::V3_1, None) => {
            let either = json!([schema, { "type": "null" }]);
            schema = Object::from_iter([("anyOf".to_owned(), either)]);
        }
        (OpenApiVersion::V3_0, _) => {
            if schema.contains_key("$ref") {
                schema = Object::from_iter([("allOf".to_owned(), json!([schema]))]);
            }
            schema.insert("nullable".into(), json!(true));
        }
    }
    schema
}

/// A union: an object with exactly one of its members, unless the model chooses another form.
fn union(cx: Cx<'_>, id: ShapeId, union: &Union) -> Object {
    let Union {
        members,
        streaming: _,
        form,
    } = union;
    match form {
        UnionForm::Tagged => {}
        UnionForm::Discriminated(name) => return discriminated(cx, id, members, name),
        UnionForm::Untagged => {
            let cases = members.iter().map(|member| property(cx, member));
            let cases = cases.map(Value::Object).collect();
            return Object::from_iter([("oneOf".to_owned(), cases)]);
        }
    }
    let is_closed = cx.side == Side::Request && sides::is_closed(&cx.model.shapes[id]);
    let cases = members.iter().map(|member| {
        let name = cx.member_name(member);
        if member.json_unknown {
            return json!({ "type": "object", "title": name });
        }
        let mut case = json!({
            "type": "object",
            "title": name,
            "properties": { (name): property(cx, member) },
            "required": [name],
        });
        if is_closed {
            case["additionalProperties"] = json!(false);
        }
        case
    });
    Object::from_iter([("oneOf".to_owned(), cases.collect())])
}

/// A union whose objects name their member in a property.
fn discriminated(cx: Cx<'_>, id: ShapeId, members: &[Member], name: &str) -> Object {
    let side = cx.sides.of(id, cx.side);
    let cases = (0..members.len()).map(|index| {
        let case = Component::Case(id, index, side);
        cx.names.reference(case)
    });
    let cases = cases.collect::<Vec<_>>();
    let known = members
        .iter()
        .zip(&cases)
        .filter(|(member, _)| !member.json_unknown);
    let mapping =
        known.map(|(member, case)| (cx.member_name(member).to_owned(), case["$ref"].clone()));
    let mapping = mapping.collect::<Object>();
    Object::from_iter([
        ("oneOf".to_owned(), json!(cases)),
        (
            "discriminator".to_owned(),
            json!({ "propertyName": name, "mapping": mapping }),
        ),
    ])
}

/// A member of a discriminated union: its structure, and the property with its name.
pub(super) fn case(cx: Cx<'_>, id: ShapeId, index: usize) -> Object {
    let Kind::Union(Union { members, form, .. }) = &cx.model.shapes[id].kind else {
        return Object::new();
    };
    let (Some(member), UnionForm::Discriminated(name)) = (members.get(index), form) else {
        return Object::new();
    };
    if member.json_unknown {
        return Object::from_iter([("type".to_owned(), json!("object"))]);
    }
    let tag = json!({
        "type": "object",
        "properties": { (&**name): { "type": "string", "enum": [cx.member_name(member)] } },
        "required": [&**name],
    });
    Object::from_iter([("allOf".to_owned(), json!([property(cx, member), tag]))])
}

/// A value of a simple type in a document.
fn simple(cx: Cx<'_>, simple: Simple, format: TimestampFormat) -> Object {
    let texts = cx.protocol.values == Values::PlainJson;
    let schema = match simple {
        Simple::Boolean => json!({ "type": "boolean" }),
        Simple::String => json!({ "type": "string" }),
        Simple::Blob => return base64(cx),
        Simple::Byte => json!({ "type": "integer", "format": "int8" }),
        Simple::Short => json!({ "type": "integer", "format": "int16" }),
        Simple::Integer => json!({ "type": "integer", "format": "int32" }),
        Simple::Long => json!({ "type": "integer", "format": "int64" }),
        Simple::BigInteger if texts => json!({ "type": "string", "format": "bigint" }),
        Simple::BigDecimal if texts => json!({ "type": "string", "format": "decimal" }),
        Simple::BigInteger => json!({ "type": "integer" }),
        Simple::BigDecimal => json!({ "type": "number" }),
        Simple::Float => json!({ "type": "number", "format": "float" }),
        Simple::Double => json!({ "type": "number", "format": "double" }),
        Simple::Timestamp => match format {
            TimestampFormat::DateTime => json!({ "type": "string", "format": "date-time" }),
            TimestampFormat::HttpDate => json!({ "type": "string", "format": "http-date" }),
            TimestampFormat::EpochSeconds => json!({ "type": "number", "format": "double" }),
        },
        Simple::Document => json!({}),
    };
    match schema {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
