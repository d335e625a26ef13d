//! The values in the path, query and headers of requests, and in the headers of responses.

use drawplate_model::model::{Binding, Kind, Member, Operation};
use serde_json::{Value, json};

use super::examples::{Examples, Message};
use super::protocol::{Routes, Values};
use super::{Cx, Object, Place, docs, schema};

/// The headers that OpenAPI leaves to its own fields: parameters of these names are ignored
/// ("Parameter Object").
pub(super) const IGNORED_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];
/// The header of a response that is ignored likewise ("Response Object").
pub(super) const IGNORED_HEADER: &str = "content-type";

/// The parameters of an operation. `labels` are the names that its path has for labels.
pub(super) fn parameters(
    cx: Cx<'_>,
    operation: &Operation,
    labels: &[(String, String)],
    examples: &Examples<'_>,
) -> Vec<Value> {
    if let Routes::Rpc(header, value) = cx.protocol.routes {
        return vec![json!({
            "name": header,
            "in": "header",
            "required": true,
            "schema": { "type": "string", "enum": [value] },
        })];
    }
    let input = &cx.model.shapes[operation.input];
    let members = input.kind.members();
    let bound = members.filter_map(|member| {
        let mut parameter = parameter(cx, member, labels)?;
        examples.add_values(
            cx,
            &mut parameter,
            Message::Input,
            member,
            place(&member.binding),
        );
        Some(Value::Object(parameter))
    });
    bound.chain(literals(operation)).collect()
}

/// The place of a value that is not in the body.
pub(super) fn place(binding: &Binding) -> Place {
    match binding {
        Binding::Header(_) | Binding::PrefixHeaders(_) => Place::Header,
        _ => Place::Uri,
    }
}

fn parameter(cx: Cx<'_>, member: &Member, labels: &[(String, String)]) -> Option<Object> {
    let label = || {
        let mut labels = labels.iter();
        let renamed = labels.find(|(label, _)| **label == *member.name);
        renamed.map_or(&*member.name, |(_, name)| name)
    };
    let (location, name) = match &member.binding {
        Binding::Label => ("path", label()),
        Binding::Query(name) => ("query", &**name),
        Binding::QueryParams => ("query", &*member.name),
        Binding::Header(name) => ("header", &**name),
        Binding::Document | Binding::PrefixHeaders(_) | Binding::Payload | Binding::StatusCode => {
            return None;
        }
    };
    if location == "header" && IGNORED_PARAMETERS.contains(&&*name.to_ascii_lowercase()) {
        return None;
    }
    let mut parameter = Object::from_iter([
        ("name".to_owned(), json!(name)),
        ("in".to_owned(), json!(location)),
    ]);
    if member.required || location == "path" {
        parameter.insert("required".into(), json!(true));
    }
    let target = &cx.model.shapes[member.target];
    docs::describe_value(&mut parameter, &member.docs, Some(&target.docs));
    let kind = &target.kind;
    match (location, kind) {
        ("query", Kind::List(_) | Kind::Map(_)) => {
            parameter.insert("style".into(), json!("form"));
            parameter.insert("explode".into(), json!(true));
        }
        ("header", Kind::List(_)) => {
            parameter.insert("style".into(), json!("simple"));
        }
        _ => {}
    }
    parameter.insert("schema".into(), Value::Object(value(cx, member)));
    Some(parameter)
}

/// The schema of a value outside the body, without what its parameter or header says.
fn value(cx: Cx<'_>, member: &Member) -> Object {
    let mut schema = match &cx.model.shapes[member.target].kind {
        Kind::Map(map) if cx.protocol.values == Values::Xml => schema::dictionary(cx, map),
        Kind::Map(_) => cx.shape(member.target),
        Kind::List(_)
        | Kind::Simple(_)
        | Kind::Enum(_)
        | Kind::IntEnum(_)
        | Kind::Structure(_)
        | Kind::Union(_) => schema::member(cx, member, place(&member.binding)),
    };
    schema.remove("description");
    match schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([Value::Object(reference)]) if schema.len() == 1 => reference.clone(),
        _ => schema,
    }
}

/// The literals in the query of an operation, as parameters with one value.
fn literals(operation: &Operation) -> impl Iterator<Item = Value> {
    let http = operation.http.iter();
    let literals = http.flat_map(|http| &http.uri.query);
    literals.map(|(name, value)| {
        let mut parameter = json!({
            "name": name,
            "in": "query",
            "required": true,
            "schema": { "type": "string", "enum": [value] },
        });
        if value.is_empty() {
            parameter["allowEmptyValue"] = json!(true);
        }
        parameter
    })
}

/// The headers of a response, with the members of an output or error.
pub(super) fn headers<'m>(
    cx: Cx<'_>,
    members: impl Iterator<Item = &'m Member>,
) -> Vec<(&'m Member, String, Object)> {
    if cx.protocol.routes != Routes::Http {
        return Vec::new();
    }
    let headers = members.filter_map(|member| {
        let Binding::Header(name) = &member.binding else {
            return None;
        };
        if name.eq_ignore_ascii_case(IGNORED_HEADER) {
            return None;
        }
        let mut header = Object::new();
        let target = &cx.model.shapes[member.target];
        docs::describe_value(&mut header, &member.docs, Some(&target.docs));
        if member.required {
            header.insert("required".into(), json!(true));
        }
        header.insert("schema".into(), Value::Object(value(cx, member)));
        Some((member, name.to_string(), header))
    });
    headers.collect()
}
