//! The requests of the serializers of botocore, which know no endpoints.

use std::collections::BTreeSet;

use drawplate_published::{Called, input};
use drawplate_runtime::client::{Builder, Inner};
use drawplate_runtime::service::{Operation, Service};
use drawplate_tests::python::{Conversation, Python, REGION};
use drawplate_tests::recorder::{Received, Recorder};
use serde_json::{Value, json};

/// The inputs per operation.
const CASES: u64 = 40;

/// Headers that our clients add and the serializer of botocore does not: those of transports,
/// and the checksums of bodies.
const ADDED: [&str; 8] = [
    "content-length",
    "content-md5",
    "content-type",
    "host",
    "user-agent",
    "x-amz-checksum-crc32",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-user-agent",
];

pub(crate) fn check<C: From<Inner>>(
    name: &str,
    protocol: &str,
    service: &'static Service,
    builder: Builder<C>,
    call: &impl AsyncFn(&C, &str, &str) -> Called,
) {
    let recorder = Recorder::start();
    let client = builder.endpoint(recorder.url()).region(REGION).build();
    let client = client.expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let mut botocore = Python::installed().converse("serialize.py");
    let streams = |operation: &&&Operation| {
        operation.input.stream().is_none() && operation.output.stream().is_none()
    };
    for operation in service.operations.iter().filter(streams) {
        let inputs = (0..CASES).map(|seed| input::random(operation, seed));
        let inputs = inputs.collect::<Vec<_>>();
        let ours = inputs.iter().map(|input| {
            // The recorder does not respond with XML, which does not matter here.
            let called = runtime.block_on(call(&client, operation.name, &input.to_string()));
            let sent = <[_; 1]>::try_from(recorder.take());
            let [sent] = sent.unwrap_or_else(|_| panic!("{}: {called:?}", operation.name));
            sent
        });
        let ours = ours.collect::<Vec<_>>();
        let theirs = botocore.ask(&json!({
            "service": name,
            "protocol": protocol,
            "operation": operation.name,
            "inputs": inputs,
        }));
        let theirs = theirs.as_array().expect("a list of requests");
        let bodies = bodies(&mut botocore, protocol, &ours);
        assert_eq!(theirs.len(), inputs.len());
        for (index, theirs) in theirs.iter().enumerate() {
            let (input, ours) = (&inputs[index], &ours[index]);
            let what = format!("{}: {input:#}", operation.name);
            compare(&what, ours, theirs);
            let theirs = body(protocol, &theirs["body"]);
            // botocore sends no document without members.
            let is_empty = theirs == "" && bodies[index][3] == json!([]);
            assert!(
                is_empty || bodies[index] == theirs,
                "{what}: {theirs:#}, ours {:#}",
                bodies[index]
            );
        }
    }
}

/// The bodies of requests, in a form in which those of botocore are comparable.
fn bodies(botocore: &mut Conversation, protocol: &str, ours: &[Received]) -> Vec<Value> {
    let texts = ours.iter().map(|request| {
        let text = str::from_utf8(&request.body);
        text.expect("a body is a text")
    });
    let texts = texts.collect::<Vec<_>>();
    if protocol == "query" {
        return texts
            .iter()
            .map(|text| body(protocol, &json!(text)))
            .collect();
    }
    let trees = botocore.ask(&json!({ "documents": texts }));
    trees.as_array().expect("a list of trees").clone()
}

/// A body in a form that does not depend on the order of members. botocore encodes a space in a
/// form as a plus sign.
fn body(protocol: &str, body: &Value) -> Value {
    match body.as_str() {
        Some(form) if protocol == "query" => json!(sorted(&form.replace('+', "%20"))),
        _ => body.clone(),
    }
}

fn sorted(pairs: &str) -> Vec<&str> {
    let mut pairs = pairs.split('&').collect::<Vec<_>>();
    pairs.sort_unstable();
    pairs
}

/// Compares everything except for the bodies. Our models have the names of operations in some
/// queries, and those of botocore have a slash at the end of some paths.
fn compare(what: &str, ours: &Received, theirs: &Value) {
    assert_eq!(theirs["method"], ours.method, "{what}");
    let split = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut query = query.split('&').map(str::to_owned).collect::<Vec<_>>();
        query.retain(|pair| !pair.starts_with("x-id=") && !pair.is_empty());
        query.sort_unstable();
        (path.trim_end_matches('/').to_owned(), query)
    };
    let path = theirs["path"].as_str().expect("a path");
    assert_eq!(split(&ours.target), split(path), "{what}");
    let length = ours.header("content-length");
    if !ours.body.is_empty() {
        assert_eq!(length, Some(&*ours.body.len().to_string()), "{what}");
    }
    let theirs = theirs["headers"].as_object().expect("headers");
    for (name, value) in theirs {
        let value = value.as_str().expect("the value of a header");
        let header = ours.header(name).unwrap_or("(none)");
        let same = match &**name {
            "content-length" => true,
            // botocore adds a charset.
            "content-type" => value.starts_with(header),
            // Our clients separate the elements of a list by a space as well.
            _ => header.replace(", ", ",") == value.replace(", ", ","),
        };
        assert!(same, "{what}: {name} is {header}, and {value} in botocore");
    }
    let names = ours
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase());
    let added = names.filter(|name| !theirs.contains_key(name) && !ADDED.contains(&&**name));
    assert_eq!(added.collect::<BTreeSet<_>>(), BTreeSet::new(), "{what}");
}
