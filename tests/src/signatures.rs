//! Checks that a recorded request is signed as botocore signs it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::python::{self, Python, REGION};
use crate::recorder::Received;

/// Headers that signing adds; botocore does so itself.
const ADDED: [&str; 3] = ["authorization", "x-amz-date", "x-amz-security-token"];

/// Checks that the `Authorization` of each request is what botocore gives it at that time, signed
/// headers included.
pub fn check(python: &Python, service: &str, session_token: Option<&str>, requests: &[Received]) {
    let tasks = requests.iter().map(|request| {
        let headers = request.headers.iter();
        let headers = headers.filter(|(name, _)| !ADDED.contains(&&*name.to_ascii_lowercase()));
        let host = request.header("host").expect("HTTP/1.1 has a host");
        json!({
            "method": request.method,
            "url": format!("http://{host}{}", request.target),
            "headers": headers.collect::<Vec<_>>(),
            "body": STANDARD.encode(&request.body),
            "credentials": python::credentials(session_token),
            "region": REGION,
            "service": service,
            "time": request.header("x-amz-date").expect("a signed request has a time"),
        })
    });
    let expected = python.run("sign.py", &tasks.collect::<Value>());
    let expected = expected.as_array().expect("sign.py prints a list");
    assert_eq!(expected.len(), requests.len(), "signatures of botocore");
    let mut differences = Vec::new();
    for (request, expected) in requests.iter().zip(expected) {
        let line = format!("{} {}", request.method, request.target);
        let sent = request.header("x-amz-security-token");
        assert_eq!(sent, session_token, "session token of {line}");
        if request.header("authorization") != expected["authorization"].as_str() {
            let canonical = expected["canonical"].as_str().unwrap_or_default();
            let expected = &expected["authorization"];
            differences.push(format!("{request:?}\nbotocore: {expected} of\n{canonical}"));
        }
    }
    let count = differences.len();
    assert!(
        differences.is_empty(),
        "{count} of {} signatures differ:\n{}",
        requests.len(),
        differences.join("\n\n")
    );
}
