//! The bodies of messages.

use drawplate_model::model::{Binding, Kind, Member, Shape, ShapeId, Simple};
use serde_json::{Value, json};

use super::components::Component;
use super::protocol::{ErrorName, Routes, Values};
use super::sides::Side;
use super::{Cx, Object, Place, constraints, docs, schema, xml};

/// The media type of event streams, whose messages have a binary framing (Smithy, "Amazon Event
/// Stream Specification").
const EVENT_STREAM: &str = "application/vnd.amazon.eventstream";

/// The body of a message.
pub(super) struct Content {
    /// Its media type.
    pub media_type: String,
    /// Its schema.
    pub schema: Object,
}

/// Whether a member is part of the body. A structure may be both an input and an output: then the
/// bindings of one side do not apply on the other.
pub(super) fn in_body(cx: Cx<'_>, member: &Member) -> bool {
    if cx.protocol.routes != Routes::Http {
        return true;
    }
    match &member.binding {
        Binding::Document | Binding::Payload => true,
        Binding::Label | Binding::Query(_) | Binding::QueryParams => cx.side == Side::Response,
        Binding::StatusCode => cx.side == Side::Request,
        Binding::Header(_) | Binding::PrefixHeaders(_) => false,
    }
}

/// The member that is the whole body.
pub(super) fn payload<'m>(cx: Cx<'_>, shape: &'m Shape) -> Option<&'m Member> {
    let is_bound = cx.protocol.routes == Routes::Http;
    let mut members = shape.kind.members();
    members.find(|member| {
        (is_bound && member.binding == Binding::Payload) || member.streams_events(cx.model)
    })
}

/// The body of a message with the members of a shape, if it has one; `component` is the schema of
/// those that are in a document.
pub(super) fn content(cx: Cx<'_>, id: ShapeId, component: Component) -> Option<Content> {
    let shape = &cx.model.shapes[id];
    if let Some(member) = payload(cx, shape) {
        return Some(payload_content(cx, member));
    }
    if let (Component::Response(id), Some(member)) = (component, shape.kind.members().next())
        && cx.model.operations[id].unwrapped_output
    {
        return Some(Content {
            media_type: cx.protocol.media_type.to_owned(),
            schema: schema::root(cx, member),
        });
    }
    let mut members = shape.kind.members();
    let names_error = matches!(component, Component::Error(_))
        && !matches!(cx.protocol.errors, ErrorName::Header(_));
    let has_body = names_error || members.any(|member| in_body(cx, member));
    has_body.then(|| Content {
        media_type: cx.protocol.media_type.to_owned(),
        schema: cx.names.reference(component),
    })
}

fn payload_content(cx: Cx<'_>, member: &Member) -> Content {
    let target = &cx.model.shapes[member.target];
    let document = || {
        (
            cx.protocol.media_type,
            schema::member(cx, member, Place::Document),
        )
    };
    let (media_type, schema) = match &target.kind {
        _ if member.streams_events(cx.model) => (EVENT_STREAM, events(cx, member)),
        _ if cx.protocol.documents_only => document(),
        Kind::Simple(Simple::Blob) => ("application/octet-stream", bytes(cx, member, target)),
        Kind::Simple(Simple::String) | Kind::Enum(_) => {
            let text = schema::member(cx, member, Place::Document);
            ("text/plain", text)
        }
        Kind::Structure(_) | Kind::Union(_) if cx.protocol.values == Values::Xml => {
            let (media_type, schema) = document();
            let root = xml::root(cx, target, Some(member));
            (media_type, schema::join(cx, schema, root))
        }
        _ => document(),
    };
    let own = member
        .media_type
        .as_deref()
        .filter(|_| !cx.protocol.documents_only);
    let media_type = own.unwrap_or(media_type);
    Content {
        media_type: media_type.to_owned(),
        schema,
    }
}

/// The bytes of a blob as they are.
fn bytes(cx: Cx<'_>, member: &Member, target: &Shape) -> Object {
    let mut schema = Object::from_iter([
        ("type".to_owned(), json!("string")),
        ("format".to_owned(), json!("binary")),
    ]);
    constraints::add_length(&mut schema, &member.constraints, ["minLength", "maxLength"]);
    docs::describe_value(&mut schema, &member.docs, Some(&target.docs));
    cx.extensions.add(&mut schema, &member.traits);
    schema
}

/// The messages of a stream of events.
fn events(cx: Cx<'_>, member: &Member) -> Object {
    let mut schema = bytes(cx, member, &cx.model.shapes[member.target]);
    schema
        .entry("description")
        .or_insert_with(|| json!("The messages of an event stream."));
    schema
}

/// The schema of the members of a shape that are in the body.
pub(super) fn body(cx: Cx<'_>, id: ShapeId) -> Object {
    let shape = &cx.model.shapes[id];
    let mut schema = own_members(cx, shape);
    if cx.protocol.values == Values::Xml {
        schema.extend(xml::root(cx, shape, None));
    }
    schema
}

fn own_members(cx: Cx<'_>, shape: &Shape) -> Object {
    let members = shape.kind.members();
    let mut schema = schema::object(cx, members.filter(|member| in_body(cx, member)));
    schema::describe(cx, &mut schema, shape);
    schema
}

/// The schema of the body of an error, with its name if the body has that.
pub(super) fn error(cx: Cx<'_>, id: ShapeId) -> Object {
    let shape = &cx.model.shapes[id];
    let mut schema = own_members(cx, shape);
    match cx.protocol.errors {
        ErrorName::Header(_) => {}
        ErrorName::Member(name) => require(&mut schema, name, shape.name.as_str()),
        ErrorName::Xml => {
            require(&mut schema, "Code", shape.name.name());
            return xml::error(cx, schema);
        }
    }
    schema
}

/// Adds the name of an error to an example of its body.
pub(super) fn name_error(cx: Cx<'_>, members: &mut Object, error: &Shape) {
    let (name, value) = match cx.protocol.errors {
        ErrorName::Header(_) => return,
        ErrorName::Member(name) => (name, error.name.as_str()),
        ErrorName::Xml => ("Code", error.name.name()),
    };
    members.insert(name.into(), json!(value));
}

/// Adds a required property with one value in front of the others.
fn require(schema: &mut Object, name: &str, value: &str) {
    let own = schema.remove("properties");
    let mut properties = Object::from_iter([(
        name.to_owned(),
        json!({ "type": "string", "enum": [value] }),
    )]);
    if let Some(Value::Object(own)) = own {
        for (key, value) in own {
            properties.entry(key).or_insert(value);
        }
    }
    schema.insert("properties".into(), Value::Object(properties));
    let mut required = vec![json!(name)];
    if let Some(Value::Array(own)) = schema.remove("required") {
        required.extend(own.into_iter().filter(|own| own != name));
    }
    schema.insert("required".into(), Value::Array(required));
}

/// The body of a response that no error of the model describes.
pub(super) fn other_error(cx: Cx<'_>) -> Object {
    let text = || json!({ "type": "string" });
    let properties = match cx.protocol.errors {
        ErrorName::Header(_) => json!({ "message": text() }),
        ErrorName::Member(name) => json!({ (name): text(), "message": text() }),
        ErrorName::Xml => json!({ "Code": text(), "Message": text() }),
    };
    let schema = Object::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), properties),
    ]);
    match cx.protocol.errors {
        ErrorName::Xml => xml::error(cx, schema),
        _ => schema,
    }
}
