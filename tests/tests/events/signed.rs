//! Signed events, read and checked by botocore.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_fixtures::radio::input::{BroadcastInput, ListenInput};
use drawplate_fixtures::radio::types::{Program, Said};
use drawplate_runtime::client::Credentials;
use serde_json::{Value, json};

use crate::station::{rest, said, wait};
use crate::wire::{messages, recorder};
use drawplate_tests::python::{self, ACCESS_KEY, Python, REGION, SECRET_KEY};
use drawplate_tests::recorder::Received;
use drawplate_tests::signatures;

/// 2015-08-30T12:36:00Z and a bit, which no signature has.
const TIME: Duration = Duration::from_millis(1_440_938_160_789);

/// What a client sends that signs.
async fn sent(events: Vec<Program>) -> Received {
    let (seen, transport) = recorder();
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
    let client = rest()
        .transport(transport)
        .clock(|| SystemTime::UNIX_EPOCH + TIME)
        .sigv4(credentials, REGION)
        .build()
        .expect("a client");
    let call = client.broadcast(BroadcastInput::new("one", events));
    call.await.expect("it is sent");
    let (parts, body) = seen.lock().expect("no panic").take().expect("a request");
    let text = |value: &http::HeaderValue| value.to_str().expect("text").to_owned();
    let headers = parts.headers.iter();
    let mut headers = headers
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect::<Vec<_>>();
    headers.push(("host".to_owned(), "localhost".to_owned()));
    Received {
        method: parts.method.to_string(),
        target: parts.uri.path().to_owned(),
        version: "HTTP/1.1".to_owned(),
        headers,
        body: body.to_vec(),
    }
}

/// The signature of a request.
fn seed(request: &Received) -> &str {
    let authorization = request.header("authorization").expect("it is signed");
    let (_, signature) = authorization.split_once("Signature=").expect("a signature");
    signature
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn each_event_is_signed_and_so_is_the_end() {
    let python = Python::installed();
    let request = wait(sent(vec![said("one"), said("two")]));
    let kind = request.header("x-amz-content-sha256");
    assert_eq!(kind, Some("STREAMING-AWS4-HMAC-SHA256-EVENTS"));
    signatures::check(&python, "radio", None, std::slice::from_ref(&request));
    let task = json!([{
        "body": STANDARD.encode(&request.body),
        "seed": seed(&request),
        "credentials": python::credentials(None),
        "region": REGION,
        "service": "radio",
    }]);
    let found = python.run("events.py", &task);
    let found = found[0].as_array().expect("a list of messages");
    let payloads = found.iter().map(|message| &message["payload"]);
    let expected = [json!("one"), json!("two"), Value::Null];
    assert_eq!(
        payloads.collect::<Vec<_>>(),
        expected.iter().collect::<Vec<_>>()
    );
    for message in found {
        assert_eq!(message["signature"], message["expected"], "{message}");
    }
    let headers =
        json!({":message-type": "event", ":event-type": "said", ":content-type": "text/plain"});
    assert_eq!(found[0]["headers"], headers);
}

#[test]
fn a_signed_event_wraps_the_whole_event() {
    let request = wait(sent(vec![Program::Said(Said::new())]));
    let signed = messages(&request.body);
    assert_eq!(signed.len(), 2);
    let inner = messages(signed[0].payload());
    assert_eq!(inner[0].get(":event-type"), Some(&"said".into()));
    assert!(signed[1].payload().is_empty());
    assert_ne!(
        signed[0].get(":chunk-signature"),
        signed[1].get(":chunk-signature")
    );
}

#[test]
fn a_call_without_events_is_signed_like_any_other() {
    wait(async {
        let (seen, transport) = recorder();
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
        let client = rest()
            .transport(transport)
            .sigv4(credentials, REGION)
            .build()
            .expect("a client");
        // The answer is none of a listener; what was sent is what counts.
        let _ = client.listen(ListenInput::new("one")).await;
        let (parts, body) = seen.lock().expect("no panic").take().expect("a request");
        assert!(parts.headers.contains_key("authorization"));
        assert!(!parts.headers.contains_key("x-amz-content-sha256"));
        assert!(body.is_empty());
    });
}
