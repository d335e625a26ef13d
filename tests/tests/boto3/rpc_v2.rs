//! botocore calls our server in rpcv2Cbor, with a model that is written from ours.
//!
//! It has no numbers of any size and no nulls in lists and maps, so that these members are left
//! out. Inputs arrive as they are given, and outputs as the implementation returned them: it
//! returns what it receives.

use std::sync::{Arc, Mutex};

use drawplate_fixtures::polyglot::error::{Conflict, PutValuesError};
use drawplate_fixtures::polyglot::input::{BindValuesInput, PutValuesInput};
use drawplate_fixtures::polyglot::operation::{self, SERVICE};
use drawplate_fixtures::polyglot::output::{BindValuesOutput, CheckValuesOutput, PutValuesOutput};
use drawplate_fixtures::polyglot::route::ROUTES;
use drawplate_fixtures::polyglot::server::{Mock, Polyglot};
use drawplate_model::model::{Kind as ModelKind, Model, Shape, ShapeId, Simple};
use drawplate_runtime::schema::{Kind, Schema};
use drawplate_runtime::server::{Handler, Router};
use drawplate_runtime::service::{Operation, Service};
use drawplate_runtime::{Json as _, server_handlers};
use drawplate_tests as support;
use serde_json::{Map, Value, json};

use drawplate_tests::arbitrary::Arbitrary;
use drawplate_tests::python::{Conversation, Python};
use drawplate_tests::served::Served;

/// The last input, as JSON.
type Received = Arc<Mutex<Option<String>>>;

struct Peer {
    botocore: Conversation,
    received: Received,
    /// Dropped before the server, which waits for its connections.
    _folder: tempfile::TempDir,
    _served: Served,
}

fn handlers<S: Polyglot>() -> &'static [Handler<S>] {
    server_handlers!(S: bind_values, check_values, do_nothing, put_values, take_optional, watch)
}

impl Peer {
    fn start(service: &'static Service) -> Self {
        let received = Received::default();
        let (put, bound) = (Arc::clone(&received), Arc::clone(&received));
        let mock = Mock::new()
            .on_put_values(move |input| {
                *put.lock().expect("no panic") = Some(input.to_json().expect("JSON"));
                if input.values.string.as_deref() == Some("taken") {
                    return Err(PutValuesError::from(
                        Conflict::new("é").message("it is taken"),
                    ));
                }
                Ok(PutValuesOutput::new(input.values))
            })
            .on_bind_values(move |input| {
                *bound.lock().expect("no panic") = Some(input.to_json().expect("JSON"));
                let mut output = BindValuesOutput::new().etag(input.name);
                output.content = input.content;
                Ok(output)
            })
            .on_check_values(|_| Ok(CheckValuesOutput::new()));
        let router = Router::new(service, ROUTES, Arc::new(mock), handlers());
        let served = Served::start(router);
        let folder = tempfile::tempdir().expect("a folder");
        let mut botocore = Python::installed().converse("rpc_v2.py");
        let started = botocore.ask(&json!({
            "endpoint": served.url,
            "model": botocore_model(service),
            "folder": folder.path(),
        }));
        assert_eq!(started, json!({ "protocol": "smithy-rpc-v2-cbor" }));
        Self {
            botocore,
            received,
            _folder: folder,
            _served: served,
        }
    }

    fn call(&mut self, operation: &Operation, input: &Value) -> Value {
        let call = json!({ "operation": operation.name, "input": input });
        self.botocore.ask(&call)
    }
}

/// The model of the service in the format of botocore.
fn botocore_model(service: &Service) -> Value {
    let path = "tests/fixtures/services/polyglot.smithy";
    let text = std::fs::read_to_string(support::root().join(path)).expect("the fixture");
    let model = support::model(path, &text);
    let (_, modeled) = model.services.iter().next().expect("a service");
    let reference = |id: ShapeId| json!({ "shape": model.shapes[id].name.name() });
    let mut operations = Map::new();
    for id in &modeled.operations {
        let operation = &model.operations[*id];
        let name = operation.name.name();
        let errors = operation.errors.iter().map(|id| reference(*id));
        let mut written = json!({
            "name": name,
            "http": { "method": "POST", "requestUri": "/" },
            "errors": errors.collect::<Vec<_>>(),
        });
        for (key, id) in [("input", operation.input), ("output", operation.output)] {
            if !model.shapes[id].kind.is_synthetic() {
                written[key] = reference(id);
            }
        }
        operations.insert(name.to_owned(), written);
    }
    let shapes = modeled.shapes.iter().map(|id| &model.shapes[*id]);
    let shapes =
        shapes.filter_map(|shape| Some((shape.name.name().to_owned(), written(&model, shape)?)));
    let mut metadata = json!({
        "apiVersion": "2026-11-28",
        "endpointPrefix": "polyglot",
        "protocol": "smithy-rpc-v2-cbor",
        "protocols": ["smithy-rpc-v2-cbor"],
        "serviceFullName": "Polyglot",
        "serviceId": "Polyglot",
        "signatureVersion": "v4",
        "targetPrefix": service.name(),
        "uid": "polyglot-2026-11-28",
    });
    if service.query_compatible {
        metadata["awsQueryCompatible"] = json!({});
    }
    json!({
        "version": "2.0",
        "metadata": metadata,
        "operations": operations,
        "shapes": shapes.collect::<Map<_, _>>(),
    })
}

/// A shape in the format of botocore; `None` if it has no counterpart.
fn written(model: &Model, shape: &Shape) -> Option<Value> {
    let reference = |id: ShapeId| json!({ "shape": model.shapes[id].name.name() });
    let has = |id: ShapeId| written_kind(&model.shapes[id].kind).is_some();
    let mut found = json!({ "type": written_kind(&shape.kind)? });
    match &shape.kind {
        ModelKind::List(list) => found["member"] = reference(list.member.target),
        ModelKind::Map(map) => {
            found["key"] = reference(map.key.target);
            found["value"] = reference(map.value.target);
        }
        kind @ (ModelKind::Structure(_) | ModelKind::Union(_)) => {
            let members = kind.members().filter(|member| has(member.target));
            let members = members.map(|member| {
                let mut target = reference(member.target);
                if member.idempotency_token {
                    target["idempotencyToken"] = json!(true);
                }
                (member.name.to_string(), target)
            });
            found["members"] = members.collect::<Map<_, _>>().into();
            if let ModelKind::Union(union) = kind {
                found["union"] = json!(true);
                if union.streaming {
                    found["eventstream"] = json!(true);
                }
            }
            if let ModelKind::Structure(structure) = kind
                && let Some(error) = structure.error
            {
                found["exception"] = json!(true);
                found["error"] = json!({ "httpStatusCode": error.status });
            }
        }
        _ => {}
    }
    Some(found)
}

fn written_kind(kind: &ModelKind) -> Option<&'static str> {
    Some(match kind {
        ModelKind::Simple(simple) => match simple {
            Simple::Blob => "blob",
            Simple::Boolean => "boolean",
            Simple::Byte | Simple::Short | Simple::Integer => "integer",
            Simple::Long => "long",
            Simple::Float => "float",
            Simple::Double => "double",
            Simple::String => "string",
            Simple::Timestamp => "timestamp",
            Simple::BigInteger | Simple::BigDecimal | Simple::Document => return None,
        },
        ModelKind::Enum(_) => "string",
        ModelKind::IntEnum(_) => "integer",
        ModelKind::List(list) if list.sparse => return None,
        ModelKind::Map(map) if map.sparse => return None,
        ModelKind::List(_) => "list",
        ModelKind::Map(_) => "map",
        ModelKind::Structure(_) | ModelKind::Union(_) => "structure",
    })
}

/// Random inputs per operation.
const INPUTS: u64 = 40;

/// A random input that is valid for both sides.
fn input(operation: &Operation, seed: u64) -> Value {
    let mut value = Arbitrary::new(seed).shape(operation.input);
    prune(operation.input, &mut value);
    value
}

/// Removes what botocore does not have, and replaces what is not valid: enum values that the model
/// does not have, equal elements, and NaN, which is not equal to itself.
fn prune(schema: &'static Schema, value: &mut Value) {
    match value {
        Value::Object(entries) if schema.kind == Kind::Map => {
            let inner = schema.members[1].target;
            entries.values_mut().for_each(|value| prune(inner, value));
        }
        Value::Object(entries) => {
            for member in schema.members {
                let left_out = matches!(
                    member.target.kind,
                    Kind::BigInteger | Kind::BigDecimal | Kind::SparseList | Kind::SparseMap
                );
                if left_out {
                    entries.remove(member.json_name);
                } else if let Some(value) = entries.get_mut(member.json_name) {
                    if let (true, Value::Array(elements)) = (member.unique_items, &mut *value) {
                        elements.truncate(1);
                    }
                    prune(member.target, value);
                }
            }
        }
        Value::String(text) => match schema.kind {
            Kind::Enum if !schema.values.contains(&&**text) => *value = json!(schema.values[0]),
            Kind::Float | Kind::Double if text == "NaN" => *value = json!("Infinity"),
            _ => {}
        },
        Value::Number(_) if schema.kind == Kind::IntEnum => *value = json!(schema.numbers[0]),
        Value::Array(elements) => {
            let inner = schema.members[0].target;
            for value in elements {
                prune(inner, value);
            }
        }
        _ => {}
    }
}

/// A value with the names of the model.
fn renamed(schema: &'static Schema, value: &Value) -> Value {
    match value {
        Value::Object(entries) if schema.kind == Kind::Map => {
            let inner = schema.members[1].target;
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| (key.clone(), renamed(inner, value)));
            Value::Object(entries.collect())
        }
        Value::Object(entries) => {
            let members = schema.members.iter();
            let members = members.filter_map(|member| {
                let value = entries.get(member.json_name)?;
                Some((member.name.to_owned(), renamed(member.target, value)))
            });
            Value::Object(members.collect())
        }
        Value::Array(elements) => {
            let inner = schema.members[0].target;
            elements.iter().map(|value| renamed(inner, value)).collect()
        }
        value => value.clone(),
    }
}

/// Whether botocore returned everything that it sent. Timestamps are seconds in one form and texts
/// in others, and singles lose digits: these are compared where they arrive.
fn echoes(sent: &Value, got: &Value) -> bool {
    match (sent, got) {
        (Value::Object(sent), Value::Object(got)) => sent
            .iter()
            .all(|(key, sent)| got.get(key).is_some_and(|got| echoes(sent, got))),
        (Value::Array(sent), Value::Array(got)) => {
            sent.len() == got.len() && sent.iter().zip(got).all(|(sent, got)| echoes(sent, got))
        }
        (_, Value::Number(_)) => true,
        (sent, got) => sent == got,
    }
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn botocore_sends_and_reads_values_of_every_kind_in_cbor() {
    let mut peer = Peer::start(&SERVICE);
    for operation in [&operation::PUT_VALUES, &operation::BIND_VALUES] {
        for seed in 0..INPUTS {
            let input = input(operation, seed);
            let what = format!("{}, seed {seed}", operation.name);
            let sent = renamed(operation.input, &input);
            let outcome = peer.call(operation, &sent);
            assert_eq!(outcome["status"], 200, "{what}: {input}\n{outcome}");
            let received = peer.received.lock().expect("no panic").take();
            let received = received.expect("a call");
            let text = input.to_string();
            if operation.name == "PutValues" {
                let expected = PutValuesInput::from_json(text).expect("an input");
                let found = PutValuesInput::from_json(received).expect("an input");
                // botocore adds tokens, too.
                assert_eq!(found.values, expected.values, "{what}");
                assert!(found.token.is_some(), "{what}");
                let output = &outcome["output"]["values"];
                assert!(echoes(&sent["values"], output), "{what}: {sent}\n{output}");
            } else {
                let expected = BindValuesInput::from_json(text).expect("an input");
                let found = BindValuesInput::from_json(received).expect("an input");
                assert_eq!(found, expected, "{what}");
                assert_eq!(outcome["output"]["etag"], sent["name"], "{what}");
            }
        }
    }
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn botocore_raises_errors_and_violations_in_cbor() {
    static COMPATIBLE: Service = Service {
        http_versions: &[],
        query_compatible: true,
        ..SERVICE
    };
    for service in [&SERVICE, &COMPATIBLE] {
        let mut peer = Peer::start(service);
        let taken = json!({ "values": { "string": "taken" } });
        let outcome = peer.call(&operation::PUT_VALUES, &taken);
        assert_eq!(outcome["status"], 409, "{outcome}");
        let error = &outcome["error"];
        assert_eq!(error["Code"], "Conflict", "{outcome}");
        assert_eq!(error["type"], "Conflict", "{outcome}");
        assert_eq!(error["Message"], "it is taken", "{outcome}");
        assert_eq!(error["rest"]["name"], "é", "{outcome}");
        if service.query_compatible {
            assert_eq!(error["Type"], "Sender", "{outcome}");
        }

        let valid = json!({ "name": "a", "items": [{ "color": "red", "at": 0.5 }] });
        let outcome = peer.call(&operation::CHECK_VALUES, &valid);
        assert_eq!(outcome, json!({ "status": 200, "output": {} }));
        let invalid = json!({ "name": "A", "items": [], "count": 26 });
        let outcome = peer.call(&operation::CHECK_VALUES, &invalid);
        assert_eq!(outcome["status"], 400, "{outcome}");
        let error = &outcome["error"];
        assert_eq!(error["Code"], "ValidationException", "{outcome}");
        let message = error["Message"].as_str().expect("a message");
        assert!(
            message.starts_with("3 validation errors detected."),
            "{message}"
        );
        if service.query_compatible {
            assert_eq!(error["Type"], "Sender", "{outcome}");
        }
    }
}
