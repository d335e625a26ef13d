//! boto3 and our server of Route 53: every operation with random inputs and outputs, and every
//! error.

use drawplate_published::route53::operation::SERVICE;
use drawplate_published::{input, route53, route53_operations};
use drawplate_runtime::service::Operation;
use drawplate_tests::mock;
use drawplate_tests::python::{self, Conversation, Python};
use drawplate_tests::served::{Script, ScriptedResponse, Served};
use serde_json::{Value, json};

/// The calls of an operation.
const CASES: u64 = 20;

struct Peer {
    script: Script,
    boto3: Conversation,
    /// Dropped before the server, which waits for its connections.
    _served: Served,
}

impl Peer {
    fn start() -> Self {
        let script = Script::default();
        let mock = route53_operations!(mock! route53, script);
        let served = Served::start(route53::server::router(
            mock,
            route53::server::Unauthenticated,
        ));
        let mut boto3 = Python::installed().converse("send.py");
        let mut client = python::client("route53", &served.url);
        client["names"] = json!("model");
        boto3.tell(&client);
        Self {
            script,
            boto3,
            _served: served,
        }
    }

    /// Lets boto3 call an operation. Checks that the implementation is called once, with the
    /// input.
    fn call(&mut self, operation: &Operation, seed: u64, response: ScriptedResponse) -> Value {
        let mut input = input::valid(operation, seed);
        self.script.respond_with(response);
        let call = json!({ "operation": operation.name, "input": input });
        let outcome = self.boto3.ask(&call);
        // boto3 removes the prefixes of IDs.
        for index in operation.traits.prefixed_ids {
            let name = operation.input.members[*index].json_name;
            if let Some(id) = input.get_mut(name) {
                let bare = id.as_str().and_then(|id| id.rsplit('/').next());
                *id = json!(bare);
            }
        }
        let received = self.script.take();
        let [(name, received)] = &*received else {
            panic!("{}: {input:#}, {outcome:#}", operation.name);
        };
        assert_eq!(*name, operation.name);
        assert_eq!(*received, input, "{name}");
        outcome
    }
}

pub(crate) fn responses() {
    let mut peer = Peer::start();
    for operation in SERVICE.operations {
        for seed in 0..CASES {
            let output = input::message(operation.output, seed);
            let response = ScriptedResponse::Output(output.clone());
            let outcome = peer.call(operation, seed, response);
            let status = operation.route.map(|route| route.status);
            let what = format!("{}: {outcome:#}", operation.name);
            assert_eq!(outcome["status"], json!(status), "{what}");
            assert!(same(&output, &outcome["output"]), "{what}, sent {output:#}");
        }
    }
}

/// Whether boto3 returned what was sent. It has texts for some numbers.
fn same(sent: &Value, returned: &Value) -> bool {
    match (sent, returned) {
        (Value::Object(sent), Value::Object(returned)) => {
            let mut sent = sent.iter();
            sent.len() == returned.len()
                && sent.all(|(name, value)| {
                    let other = returned.get(name);
                    other.is_some_and(|other| same(value, other))
                })
        }
        (Value::Array(sent), Value::Array(returned)) => {
            sent.len() == returned.len() && sent.iter().zip(returned).all(|(a, b)| same(a, b))
        }
        (Value::Number(sent), Value::String(returned)) => sent.to_string() == *returned,
        (sent, returned) => sent == returned,
    }
}

pub(crate) fn errors() {
    let mut peer = Peer::start();
    for operation in SERVICE.operations {
        for error in operation.errors {
            let mut names = error.members.iter().map(|member| member.json_name);
            let message = names.find(|name| name.eq_ignore_ascii_case("message"));
            let message = message.expect("every error has a message");
            let members = json!({ message: "rain & <sun>" });
            let response = ScriptedResponse::Modeled(error.name(), members);
            let outcome = peer.call(operation, 0, response);
            let what = format!("{}: {outcome:#}", operation.name);
            let status = error.error.map(|error| error.status);
            assert_eq!(outcome["status"], json!(status), "{what}");
            let raised = &outcome["error"];
            assert_eq!(raised["code"], error.name(), "{what}");
            assert_eq!(raised["typed"], error.name(), "{what}");
            assert_eq!(raised["members"][message], "rain & <sun>", "{what}");
        }
    }
}
