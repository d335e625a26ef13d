//! The `xml` objects of schemas (OpenAPI 3, "XML Object").

use drawplate_model::model::{Kind, Map, Member, Shape, XmlNamespace};
use serde_json::{Value, json};

use super::{Cx, Object, Place, schema};

/// The schema of a property with its name in XML.
pub(super) fn property(cx: Cx<'_>, schema: Object, member: &Member) -> Object {
    element(cx, schema, member, None)
}

/// The schema of the element of a member; `name` is its name without a trait, unless that is the
/// name of a property.
fn element(cx: Cx<'_>, mut schema: Object, member: &Member, name: Option<&str>) -> Object {
    let mut xml = of_member(member);
    if let Some(name) = name {
        xml.entry("name").or_insert_with(|| json!(name));
    }
    if member.xml.attribute {
        xml.insert("attribute".into(), json!(true));
    }
    let kind = &cx.model.shapes[member.target].kind;
    if matches!(kind, Kind::List(_) | Kind::Map(_)) {
        let items = schema.get_mut("items").and_then(Value::as_object_mut);
        match (kind, items) {
            // The elements have the name of the property.
            (_, Some(items)) if member.xml.flattened => {
                let name = xml.remove("name").unwrap_or_else(|| json!(member.name));
                set(cx, items, Object::from_iter([("name".to_owned(), name)]));
            }
            (Kind::List(list), Some(items)) => {
                *items = element(cx, std::mem::take(items), &list.member, Some("member"));
            }
            _ => {}
        }
        if !member.xml.flattened {
            xml.insert("wrapped".into(), json!(true));
        }
    }
    set(cx, &mut schema, xml);
    schema
}

fn set(cx: Cx<'_>, schema: &mut Object, xml: Object) {
    if !xml.is_empty() {
        let facts = Object::from_iter([("xml".to_owned(), Value::Object(xml))]);
        *schema = schema::join(cx, std::mem::take(schema), facts);
    }
}

/// The name and namespace of an element or attribute.
fn names(name: Option<&str>, namespace: Option<&XmlNamespace>) -> Object {
    let mut xml = Object::new();
    if let Some(name) = name {
        let (prefix, name) = name.split_once(':').unwrap_or(("", name));
        xml.insert("name".into(), json!(name));
        if !prefix.is_empty() {
            xml.insert("prefix".into(), json!(prefix));
        }
    }
    if let Some(XmlNamespace { uri, prefix }) = namespace {
        xml.insert("namespace".into(), json!(uri));
        if let Some(prefix) = prefix {
            xml.insert("prefix".into(), json!(prefix));
        }
    }
    xml
}

fn of_member(member: &Member) -> Object {
    names(member.xml.name.as_deref(), member.xml.namespace.as_ref())
}

/// The `xml` of a root element: of the shape of the body, or of a payload.
pub(super) fn root(cx: Cx<'_>, shape: &Shape, payload: Option<&Member>) -> Object {
    let own = payload.and_then(|member| member.xml.name.as_deref());
    let name = own.or(shape.xml.name.as_deref());
    let own = payload.and_then(|member| member.xml.namespace.as_ref());
    let namespace = own
        .or(shape.xml.namespace.as_ref())
        .or(cx.service.xml_namespace.as_ref());
    let xml = names(Some(name.unwrap_or(shape.name.name())), namespace);
    Object::from_iter([("xml".to_owned(), Value::Object(xml))])
}

/// A map: elements with a key and a value each.
pub(super) fn entries(cx: Cx<'_>, map: &Map, member: &Member) -> Object {
    let part = |member: &Member| {
        let schema = schema::member(cx, member, Place::Document);
        Value::Object(property(cx, schema, member))
    };
    let (key, value) = (&map.key, &map.value);
    let mut entry = json!({
        "type": "object",
        "properties": { (*key.name): part(key), (*value.name): part(value) },
        "required": [*key.name, *value.name],
    });
    if !member.xml.flattened {
        entry["xml"] = json!({ "name": "entry" });
    }
    Object::from_iter([
        ("type".to_owned(), json!("array")),
        ("items".to_owned(), entry),
    ])
}

/// The body of an error, around the schema of its members.
pub(super) fn error(cx: Cx<'_>, mut members: Object) -> Object {
    let request_id = json!({ "type": "string" });
    let is_wrapped = !cx.service.unwrapped_errors;
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        let side = json!({ "type": "string", "enum": ["Sender", "Receiver"] });
        properties.entry("Type").or_insert(side);
        if !is_wrapped {
            properties.entry("RequestId").or_insert(request_id.clone());
        }
    }
    if !is_wrapped {
        members.insert("xml".into(), json!({ "name": "Error" }));
        return members;
    }
    let wrapper = json!({
        "type": "object",
        "properties": { "Error": members, "RequestId": request_id },
        "required": ["Error"],
        "xml": { "name": "ErrorResponse" },
    });
    match wrapper {
        Value::Object(wrapper) => wrapper,
        _ => Object::new(),
    }
}
