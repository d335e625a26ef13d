//! Our clients send the same requests as boto3 for the same inputs; both are recorded on a loopback
//! socket in one run.
//!
//! All operations of both services are called with all members, with the required members, with
//! random inputs and with awkward labels. Method, path, query, headers and body are the same
//! (`compare.rs` defines that), and botocore computes the same signature for each request that our
//! client signed.

use amplify_admin::amplifybackend::client::Credentials;
use amplify_admin::{amplifybackend as amplify, cognitoidentityprovider as cognito};
use drawplate_runtime::service::Service;
use serde_json::json;

use crate::compare;
use crate::values::{self, Case};
use drawplate_tests::python::{self, ACCESS_KEY, Python, REGION, SECRET_KEY};
use drawplate_tests::recorder::Recorder;
use drawplate_tests::{calls, signatures};

/// Sends the calls of a service on both sides and compares; `name` is the service's name in boto3.
///
/// boto3's own model has no base path: there it is a part of the endpoint.
fn check<C>(
    service: &'static Service,
    name: &str,
    operations: usize,
    client: impl FnOnce(String) -> C,
    call: &impl AsyncFn(&C, &str, &str) -> Result<(), Box<dyn std::error::Error>>,
) {
    let python = Python::installed();
    assert_eq!(service.operations.len(), operations, "operations of {name}");
    let cases = values::calls(service);
    let recorder = Recorder::start();

    let endpoint = recorder.url() + service.base_path;
    let mut boto3 = python.converse("send.py");
    boto3.tell(&python::client(name, &endpoint));
    for Case {
        operation,
        what,
        input,
    } in &cases
    {
        let outcome = boto3.ask(&json!({ "operation": operation.name, "input": input }));
        assert!(
            outcome["output"].is_object(),
            "{} {what}: {outcome}",
            operation.name
        );
    }
    let theirs = recorder.take();
    assert_eq!(theirs.len(), cases.len(), "requests that boto3 sent");

    let client = client(recorder.url());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    for Case {
        operation,
        what,
        input,
    } in &cases
    {
        runtime
            .block_on(call(&client, operation.name, &input.to_string()))
            .unwrap_or_else(|error| panic!("{} {what}: {error}\n{input}", operation.name));
    }
    let ours = recorder.take();
    assert_eq!(ours.len(), cases.len(), "requests that our client sent");

    let differences = cases.iter().zip(ours.iter().zip(&theirs));
    let differences = differences.filter_map(|(case, (ours, theirs))| {
        let difference = compare::difference(ours, theirs)?;
        Some(format!(
            "{} {}: {difference}\n    {}",
            case.operation.name, case.what, case.input
        ))
    });
    let differences = differences.collect::<Vec<_>>();
    assert!(
        differences.is_empty(),
        "{} of {} requests differ:\n{}",
        differences.len(),
        cases.len(),
        differences.join("\n")
    );
    signatures::check(&python, name, None, &ours);
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn the_amplify_admin_ui_api_is_called_as_boto3_calls_it() {
    check(
        &amplify::operation::SERVICE,
        "amplifybackend",
        31,
        |endpoint| {
            let builder = amplify::Client::builder()
                .unauthenticated()
                .endpoint(endpoint);
            let client = builder.sigv4(credentials(), REGION).build();
            client.expect("an endpoint is all that a client needs")
        },
        &calls::call_amplify,
    );
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn amazon_cognito_is_called_as_boto3_calls_it() {
    check(
        &cognito::operation::SERVICE,
        "cognito-idp",
        1,
        |endpoint| {
            let builder = cognito::Client::builder()
                .unauthenticated()
                .endpoint(endpoint);
            let client = builder.sigv4(credentials(), REGION).build();
            client.expect("an endpoint is all that a client needs")
        },
        &calls::call_cognito,
    );
}

fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY)
}
