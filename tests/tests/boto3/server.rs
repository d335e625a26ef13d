//! boto3 calls our servers on a loopback socket.
//!
//! All operations of both services are called with all members, with the required members, with
//! random inputs and with awkward labels; outputs and errors are of the same kinds. The
//! implementation receives the input of boto3, and boto3 returns or raises the output or error of
//! the implementation. Operations and schemas come from the service's own table.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use amplify_admin::{amplifybackend as amplify, cognitoidentityprovider as cognito};
use drawplate_runtime::Schema;
use drawplate_runtime::server::Router;
use drawplate_runtime::service::{Operation, Service};
use serde_json::{Value, json};

use crate::compare::same;
use crate::values::{self, Case};
use drawplate_tests::python::{self, Conversation, Python};
use drawplate_tests::served::{Script, ScriptedResponse, Served};
use drawplate_tests::{amplifybackend_operations, cognitoidentityprovider_operations, mock};

/// The number of differences that a failure lists.
const SHOWN: usize = 20;

/// A service of ours that boto3 calls.
struct Peer {
    service: &'static Service,
    script: Script,
    boto3: Conversation,
    /// Dropped before the server, which waits for its connections.
    _served: Served,
    differences: Vec<String>,
}

impl Peer {
    /// `name` is the service's name in boto3. boto3's own model has no base path: there it is a
    /// part of the endpoint.
    fn start(
        service: &'static Service,
        name: &str,
        router: impl FnOnce(&Script) -> Router,
    ) -> Self {
        let python = Python::installed();
        let script = Script::default();
        let served = Served::start(router(&script));
        let mut boto3 = python.converse("send.py");
        boto3.tell(&python::client(
            name,
            &(served.url.clone() + service.base_path),
        ));
        Self {
            service,
            script,
            boto3,
            _served: served,
            differences: Vec::new(),
        }
    }

    fn amplify() -> Self {
        Self::start(&amplify::operation::SERVICE, "amplifybackend", |script| {
            amplify::server::router(
                amplifybackend_operations!(mock! amplify, script),
                amplify::server::Unauthenticated,
            )
        })
    }

    fn cognito() -> Self {
        Self::start(&cognito::operation::SERVICE, "cognito-idp", |script| {
            cognito::server::router(
                cognitoidentityprovider_operations!(mock! cognito, script),
                cognito::server::Unauthenticated,
            )
        })
    }

    /// Lets boto3 call an operation. Checks that the implementation is called once, with the input.
    fn call(
        &mut self,
        operation: &Operation,
        what: &str,
        input: &Value,
        response: ScriptedResponse,
    ) -> Value {
        self.script.respond_with(response);
        let outcome = self.ask(operation, input);
        let received = self.script.take();
        let right =
            matches!(&*received, [(name, got)] if *name == operation.name && same(got, input));
        let call = format!("{} {what}", operation.name);
        self.expect(right, || {
            format!("{call}: given {input}, received {received:?}")
        });
        outcome
    }

    fn ask(&mut self, operation: &Operation, input: &Value) -> Value {
        self.boto3
            .ask(&json!({ "operation": operation.name, "input": input }))
    }

    fn expect(&mut self, right: bool, difference: impl FnOnce() -> String) {
        if !right {
            self.differences.push(difference());
        }
    }

    fn finish(self) {
        let differences = self.differences;
        assert!(
            differences.is_empty(),
            "{} differences, of which the first are:\n{}",
            differences.len(),
            differences[..differences.len().min(SHOWN)].join("\n")
        );
    }
}

/// The metadata that boto3 returns with any response.
fn told(outcome: &Value, status: u16) -> bool {
    let id = outcome["request_id"].as_str();
    outcome["status"] == json!(status) && id.is_some_and(|id| id.len() == 36)
}

/// Checks that every input and every output arrives unchanged.
fn check_responses(mut peer: Peer) {
    for operation in peer.service.operations {
        let cases = values::valid_calls(operation);
        let responses = values::any(operation.output);
        assert!(cases.len() >= responses.len(), "responses without a call");
        let status = operation.route.map_or(200, |route| route.status);
        for (case, (kind, output)) in cases.iter().zip(responses.iter().cycle()) {
            let Case { what, input, .. } = case;
            let outcome = peer.call(
                operation,
                what,
                input,
                ScriptedResponse::Output(output.clone()),
            );
            let right = told(&outcome, status) && same(&outcome["output"], output);
            let name = operation.name;
            peer.expect(right, || {
                format!("{name}, response {kind}: {output}, boto3 returned {outcome}")
            });
        }
    }
    peer.finish();
}

/// Checks that every error of every operation arrives with status, code, message and members, and
/// as an exception of its own unless the published client has another name for it
/// (model/ERRATA.md).
fn check_errors(mut peer: Peer) {
    let renamed = renamed_errors();
    let mut unknown = BTreeSet::new();
    for operation in peer.service.operations {
        let input = &values::valid_calls(operation)[0].input;
        for error in operation.errors {
            for (kind, members) in values::any(error).iter().take(ERRORS) {
                let response = ScriptedResponse::Modeled(error.name(), members.clone());
                let outcome = peer.call(operation, error.name(), input, response);
                let right = is_error(error, members, &outcome);
                peer.expect(right, || {
                    format!(
                        "{}, {} {kind}: {members}, boto3 raised {outcome}",
                        operation.name,
                        error.name()
                    )
                });
                if outcome["error"]["known"] == json!(false) {
                    unknown.insert(error.name());
                }
            }
        }
    }
    let expected = peer.service.operations.iter();
    let expected = expected.flat_map(|operation| operation.errors);
    let expected = expected.map(|error| error.name());
    let expected = expected
        .filter(|name| renamed.iter().any(|renamed| renamed.ours == *name))
        .collect::<BTreeSet<_>>();
    peer.expect(unknown == expected, || {
        format!("boto3 does not know {unknown:?}; model/ERRATA.md lists {expected:?}")
    });
    peer.finish();
}

/// Values of each error.
const ERRORS: usize = 4;

/// For boto3, an unknown error has a code and a message, but no members.
fn is_error(schema: &'static Schema, members: &Value, outcome: &Value) -> bool {
    let error = &outcome["error"];
    let message = members.get("message").cloned().unwrap_or(json!(""));
    let status = schema.error.expect("it is an error").status;
    let right = if error["known"] == json!(true) {
        error["typed"] == json!(schema.name()) && same(&error["members"], members)
    } else {
        error["typed"] == json!(false)
    };
    told(outcome, status)
        && error["code"] == json!(schema.name())
        && error["message"] == message
        && right
}

/// An error with different names in the models and in the published client.
struct Renamed {
    status: u16,
    ours: String,
    published: String,
}

/// The rows `| error of status .. | documents | published client |` of model/ERRATA.md.
fn renamed_errors() -> Vec<Renamed> {
    let errata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/ERRATA.md");
    let errata = fs::read_to_string(errata).expect("the errata can be read");
    let rows = errata.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| error of status ")?.split(" | ");
        let mut cell = || cells.next().map(str::to_owned);
        Some(Renamed {
            status: cell()?.parse().expect("a status"),
            ours: cell()?,
            published: cell()?,
        })
    });
    rows.collect()
}

/// Checks errors that are not in the model: an implementation can use boto3's name of an error, and
/// boto3 raises the exception of that name.
fn check_unmodeled(mut peer: Peer, renamed: &[Renamed]) {
    let operation = peer.service.operations[0];
    let input = &values::valid_calls(operation)[0].input;
    let published = renamed.iter().map(|error| {
        let Renamed {
            status, published, ..
        } = error;
        (*status, published.clone(), json!(published))
    });
    let nobodys = (418, "TeapotException".to_owned(), json!(false));
    for (status, code, typed) in published.chain([nobodys]) {
        let response =
            ScriptedResponse::Unmodeled(status, code.clone(), "short and \"stout\"".to_owned());
        let outcome = peer.call(operation, &code, input, response);
        let error = &outcome["error"];
        let right = told(&outcome, status)
            && error["code"] == json!(code)
            && error["message"] == json!("short and \"stout\"")
            && error["typed"] == typed;
        peer.expect(right, || format!("{code}: boto3 raised {outcome}"));
    }
    peer.finish();
}

/// Checks that the response to an input that only boto3 considers valid is the error that the model
/// names for invalid inputs, and that the implementation is not called.
fn check_invalid(mut peer: Peer) {
    let validation = peer.service.validation_error.expect("the model names one");
    let mut spoiled = 0;
    for operation in peer.service.operations {
        let mut input = values::valid_calls(operation)[1].input.clone();
        let Some(pointer) = values::spoil(operation.input, &mut input) else {
            continue;
        };
        spoiled += 1;
        let outcome = peer.ask(operation, &input);
        let (error, received) = (&outcome["error"], peer.script.take());
        let message = error["message"].as_str().unwrap_or_default();
        let right = received.is_empty()
            && told(&outcome, 400)
            && error["typed"] == json!(validation.name())
            && message.starts_with("1 validation error detected. ")
            && message.contains(&format!("'{pointer}'"));
        peer.expect(right, || {
            format!("{} with a wrong {pointer}: {outcome}", operation.name)
        });
    }
    assert_ne!(spoiled, 0, "no operation has an enum");
    peer.finish();
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn the_amplify_admin_ui_api_and_boto3_understand_each_other() {
    let peer = Peer::amplify();
    assert_eq!(peer.service.operations.len(), 31);
    check_responses(peer);
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn amazon_cognito_and_boto3_understand_each_other() {
    let peer = Peer::cognito();
    assert_eq!(peer.service.operations.len(), 1);
    check_responses(peer);
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn boto3_raises_every_error_of_the_amplify_admin_ui_api() {
    let peer = Peer::amplify();
    assert_eq!(renamed_errors().len(), 2, "renamed errors in the errata");
    check_errors(peer);
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn boto3_raises_every_error_of_amazon_cognito() {
    let peer = Peer::cognito();
    check_errors(peer);
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn boto3_raises_errors_that_no_model_of_ours_has() {
    let peer = Peer::amplify();
    check_unmodeled(peer, &renamed_errors());
    let peer = Peer::cognito();
    check_unmodeled(peer, &[]);
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn requests_of_boto3_are_validated() {
    let peer = Peer::amplify();
    check_invalid(peer);
    let peer = Peer::cognito();
    check_invalid(peer);
}
