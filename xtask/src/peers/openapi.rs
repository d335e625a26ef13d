//! An `OpenAPI` 3.0 document of a service: the same API, for generators that read nothing else.
//!
//! What `OpenAPI`, or progenitor's reading of it, has no word for is left out: signatures, pages, client tokens, sensitive values, and errors but one of them for all
//! operations, which is `{"message": ..}`.

use anyhow::Context as _;
use drawplate_model::model::{
    Binding, Constraints, Docs, Kind, Member, Model, Number, Operation, Segment, Service, Shape,
    ShapeId, Simple,
};
use serde_json::{Map, Value, json};

/// The document. Only services whose operations have a place (`http`) have one.
pub(super) fn document(model: &Model, service: &Service) -> anyhow::Result<Value> {
    let mut paths = Map::new();
    for id in &service.operations {
        let operation = &model.operations[*id];
        let name = operation.name.name();
        let http = operation.http.as_ref();
        let http = http.with_context(|| format!("{name} has no place in HTTP"))?;
        let base = service.base_path.as_deref().unwrap_or_default();
        let segments = http.uri.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => format!("/{text}"),
            Segment::Label(_, label) | Segment::Greedy(_, label) => format!("/{{{label}}}"),
        });
        let path = segments.fold(base.to_owned(), |path, segment| path + &segment);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[http.method.to_ascii_lowercase()] = self::operation(model, operation, http.code);
    }
    let named = service.shapes.iter().map(|id| &model.shapes[*id]);
    let named = named.filter(|shape| is_component(&shape.kind));
    let schemas = named.map(|shape| (shape.name.name().to_owned(), component(model, shape)));
    let mut schemas = schemas.collect::<Map<_, _>>();
    let error = json!({ "type": "object", "properties": { "message": { "type": "string" } } });
    schemas.insert(ERROR.to_owned(), error);
    Ok(json!({
        "openapi": "3.0.3",
        "info": { "title": service.name.name(), "version": service.version },
        "paths": paths,
        "components": { "schemas": schemas },
    }))
}

const ERROR: &str = "AnyServiceError";

fn operation(model: &Model, operation: &Operation, status: u16) -> Value {
    let input = &model.shapes[operation.input];
    let output = &model.shapes[operation.output];
    let parameters = input
        .kind
        .members()
        .filter_map(|member| parameter(model, member));
    let mut answer = json!({ "description": "Success" });
    if let Some(body) = body(model, output) {
        answer["content"] = body;
    }
    // Not `default`: progenitor takes that for a success as well.
    let failure = json!({ "description": "Failure", "content": json_of(&reference(ERROR)) });
    let mut value = json!({
        "operationId": operation.name.name(),
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": {
            (status.to_string()): answer,
            "4XX": failure,
            "5XX": failure,
        },
    });
    describe(&mut value, &operation.docs);
    if let Some(body) = body(model, input) {
        let required = input
            .kind
            .members()
            .any(|member| member.required && in_body(member));
        value["requestBody"] = json!({ "required": required, "content": body });
    }
    value
}

fn in_body(member: &Member) -> bool {
    matches!(member.binding, Binding::Document | Binding::Payload)
}

/// The content of a structure's message, if it has a body.
fn body(model: &Model, shape: &Shape) -> Option<Value> {
    let payload = shape
        .kind
        .members()
        .find(|member| member.binding == Binding::Payload);
    if let Some(member) = payload {
        return Some(json_of(&schema(model, member.target)));
    }
    let any = shape.kind.members().any(in_body);
    any.then(|| json_of(&reference(shape.name.name())))
}

fn json_of(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What travels in path, query or headers.
fn parameter(model: &Model, member: &Member) -> Option<Value> {
    let (place, name) = match &member.binding {
        Binding::Label => ("path", &*member.name),
        Binding::Query(name) => ("query", &**name),
        Binding::Header(name) => ("header", &**name),
        Binding::Document
        | Binding::QueryParams
        | Binding::PrefixHeaders(_)
        | Binding::Payload
        | Binding::StatusCode => return None,
    };
    let required = member.required || place == "path";
    let schema = schema(model, member.target);
    let mut value = json!({ "name": name, "in": place, "required": required, "schema": schema });
    describe(&mut value, &member.docs);
    Some(value)
}

fn is_component(kind: &Kind) -> bool {
    matches!(kind, Kind::Structure(_) | Kind::Union(_) | Kind::Enum(_))
}

/// The schema of a shape where it is defined.
fn component(model: &Model, shape: &Shape) -> Value {
    let mut value = match &shape.kind {
        Kind::Enum(values) => {
            let values = values.iter().map(|value| &*value.value).collect::<Vec<_>>();
            json!({ "type": "string", "enum": values })
        }
        kind => {
            let members = kind.members().filter(|member| in_body(member));
            let (mut properties, mut required) = (Map::new(), Vec::new());
            for member in members {
                properties.insert(member.json_name.to_string(), property(model, member));
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

fn property(model: &Model, member: &Member) -> Value {
    let mut value = schema(model, member.target);
    // Nothing may stand beside a reference.
    if value.get("$ref").is_none() {
        describe(&mut value, &member.docs);
        constrain(&mut value, &member.constraints);
    }
    value
}

/// The schema of a shape where it is used.
fn schema(model: &Model, id: ShapeId) -> Value {
    let shape = &model.shapes[id];
    match &shape.kind {
        kind if is_component(kind) => reference(shape.name.name()),
        Kind::Simple(simple) => self::simple(*simple),
        Kind::IntEnum(_) => json!({ "type": "integer", "format": "int32" }),
        Kind::List(list) => json!({ "type": "array", "items": schema(model, list.member.target) }),
        Kind::Map(map) => {
            json!({ "type": "object", "additionalProperties": schema(model, map.value.target) })
        }
        Kind::Structure(_) | Kind::Union(_) | Kind::Enum(_) => json!({}),
    }
}

fn simple(simple: Simple) -> Value {
    match simple {
        Simple::Boolean => json!({ "type": "boolean" }),
        Simple::String => json!({ "type": "string" }),
        Simple::Blob => json!({ "type": "string", "format": "byte" }),
        Simple::Byte | Simple::Short | Simple::Integer => {
            json!({ "type": "integer", "format": "int32" })
        }
        Simple::Long | Simple::BigInteger => json!({ "type": "integer", "format": "int64" }),
        Simple::Float => json!({ "type": "number", "format": "float" }),
        Simple::Double | Simple::BigDecimal | Simple::Timestamp => {
            json!({ "type": "number", "format": "double" })
        }
        Simple::Document => json!({}),
    }
}

fn describe(value: &mut Value, docs: &Docs) {
    if let Some(text) = &docs.text {
        value["description"] = json!(text);
    }
}

fn constrain(value: &mut Value, constraints: &Constraints) {
    let (length, range) = (constraints.length, constraints.range);
    let number = |number: Option<Number>| match number {
        Some(Number::Integer(number)) => json!(number),
        Some(Number::Float(number)) => json!(number),
        None => Value::Null,
    };
    let facts = [
        (
            "minimum",
            range.map_or(Value::Null, |range| number(range.min)),
        ),
        (
            "maximum",
            range.map_or(Value::Null, |range| number(range.max)),
        ),
    ];
    let text = value["type"] == "string";
    let lengths = [
        ("minLength", length.and_then(|length| length.min)),
        ("maxLength", length.and_then(|length| length.max)),
    ];
    let lengths = lengths.map(|(name, length)| {
        (
            name,
            length.filter(|_| text).map_or(Value::Null, Value::from),
        )
    });
    for (name, fact) in facts.into_iter().chain(lengths) {
        if !fact.is_null() {
            value[name] = fact;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use drawplate_model::source::Sources;

    use super::document;

    #[test]
    fn every_operation_and_every_reference_is_there() {
        let path = crate::root().join("model/services/amplifybackend.json");
        let text = fs::read_to_string(path).expect("the model can be read");
        let sources = Sources::from_texts([(PathBuf::from("model.json"), text)]);
        let Ok((model, _)) = drawplate_model::build(&sources) else {
            panic!("the model is right")
        };
        let (_, service) = model.services.iter().next().expect("a service");
        let document = document(&model, service).expect("all operations have a place");
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths
            .values()
            .filter_map(|item| item.as_object())
            .map(serde_json::Map::len);
        assert_eq!(operations.sum::<usize>(), service.operations.len());
        let text = document.to_string();
        let names = text.split("#/components/schemas/").skip(1);
        for name in names.filter_map(|rest| rest.split('"').next()) {
            assert!(
                document["components"]["schemas"].get(name).is_some(),
                "{name}"
            );
        }
    }
}
