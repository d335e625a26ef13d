//! Compares the signatures of the client with those of botocore, for the same time, credentials and
//! request, as received over a socket.
//!
//! The kitchen sink has features that the two services lack: queries, headers, greedy labels and
//! bodies that are not JSON. `boto3/requests.rs` checks the requests of the two services likewise.

use std::time::{Duration, SystemTime};

use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::input::{BindInput, GetThingInput, StreamInput};
use drawplate_runtime::Json as _;
use drawplate_runtime::client::Credentials;
use drawplate_tests::python::{ACCESS_KEY, Python, REGION, SECRET_KEY};
use drawplate_tests::recorder::{Received, Recorder};
use drawplate_tests::signatures;
use serde_json::{Value, json};

/// Texts that signing or sending might encode, decode, trim, split or sort.
const AWKWARD: [&str; 22] = [
    "a b",
    " a ",
    "a+b",
    "a/b",
    "//",
    "a//b/",
    "a%2Fb",
    "%",
    "%%41",
    "?",
    "#",
    "a=b&c",
    "=",
    "-._~",
    "!$'()*,;:@[]",
    "\"<>\\^`{|}",
    "grün",
    "\u{1F600}",
    "e\u{301}",
    "\t\r\n\u{0}\u{7f}",
    "Z",
    "...",
];

/// 2015-08-30T12:36:00Z, the time of the examples in the documentation of AWS.
const TIME: u64 = 1_440_938_160;

/// The configuration of a client.
#[derive(Default)]
struct Setting<'s> {
    /// Replaces the base path of the model, `/v1`.
    base_path: Option<&'s str>,
    session_token: Option<&'s str>,
    time: Option<u64>,
}

/// Makes signed calls and checks their signatures.
fn check(setting: &Setting<'_>, calls: impl AsyncFnOnce(&Client)) {
    let python = Python::installed();
    let recorder = Recorder::start();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(setting.time.unwrap_or(TIME));
    let mut credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
    if let Some(token) = setting.session_token {
        credentials = credentials.session_token(token);
    }
    let mut builder = Client::builder()
        .endpoint(recorder.url())
        .clock(move || time)
        .sigv4(credentials, REGION);
    if let Some(base_path) = setting.base_path {
        builder = builder.base_path(base_path);
    }
    let client = builder
        .build()
        .expect("an endpoint is all that a client needs");
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(calls(&client));
    let requests = recorder.take();
    assert!(!requests.is_empty(), "nothing was sent");
    let times = requests.iter().map(time_of).collect::<Vec<_>>();
    assert!(times.iter().all(|time| *time == times[0]), "{times:?}");
    signatures::check(&python, "kitchen", setting.session_token, &requests);
}

fn time_of(request: &Received) -> Option<&str> {
    request.header("x-amz-date")
}

/// The input of an operation that has members in its path, query, headers and body.
fn bind(members: &Value) -> BindInput {
    let mut input = json!({ "id": "id", "when": 0, "rest": "rest" });
    for (name, value) in members.as_object().expect("members are an object") {
        input[name] = value.clone();
    }
    BindInput::from_json(input.to_string()).expect("the input fits the model")
}

async fn send(client: &Client, members: &Value) {
    let outcome = client.bind(bind(members)).await;
    outcome.unwrap_or_else(|error| panic!("{error}: {members}"));
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn paths() {
    check(&Setting::default(), async |client| {
        for text in AWKWARD {
            send(client, &json!({ "id": text })).await;
            send(client, &json!({ "rest": text })).await;
        }
    });
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn base_paths_that_are_not_normal() {
    for base_path in [
        "",
        "/a//b",
        "/a/./b",
        "/a/../b",
        "/../a",
        "/a/b/../../..",
        "/a%20b/%E2%82%AC",
        "/a%2fb",
        "/~a.b-c_d",
        "/a;b=c,d:e@f$!*'()",
    ] {
        let setting = Setting {
            base_path: Some(base_path),
            ..Setting::default()
        };
        check(&setting, async |client| send(client, &json!({})).await);
    }
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn queries() {
    check(&Setting::default(), async |client| {
        send(client, &json!({ "flag": true, "level": 2 })).await;
        send(client, &json!({ "words": [] })).await;
        send(client, &json!({ "words": [""] })).await;
        send(client, &json!({ "words": ["b", "a", "b", "", "B", "a b"] })).await;
        send(client, &json!({ "words": AWKWARD })).await;
        for text in AWKWARD {
            send(client, &json!({ "others": { text: text } })).await;
            send(client, &json!({ "others": { text: "" } })).await;
        }
        send(client, &json!({ "others": { "": "" } })).await;
        send(client, &json!({ "others": { "": "a" } })).await;
        // Names that are prefixes of others, and capitals: sorted by bytes.
        let names =
            json!({ "a": "1", "a-": "2", "a0": "3", "aa": "4", "A": "5", "a b": "6", "a%": "7" });
        send(client, &json!({ "others": names, "words": ["z", "y"] })).await;
    });
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn headers() {
    check(&Setting::default(), async |client| {
        send(client, &json!({ "etag": "\"a\"" })).await;
        let dates = [
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "Sun, 02 Jan 2000 20:34:56 GMT",
        ];
        send(client, &json!({ "dates": dates })).await;
        for (name, value) in [
            ("One", "1"),
            ("two", "a  b   c"),
            ("a-b_c.d", ""),
            ("tab", "\tx\t"),
            ("tabs", "a\tb \t\t c"),
            ("utf-8", "grün"),
        ] {
            send(client, &json!({ "meta": { "x": "y", name: value } })).await;
        }
        for (name, value) in [
            ("X-Custom", "a"),
            ("x-custom", "  a  "),
            ("x-custom", "a   b \t c"),
            ("x-custom", "\"a   b\""),
            ("x-custom", "a, b,c"),
            ("x-custom", ""),
            ("X-Amz-Something", "a:b;c"),
            ("X-Amzn-Trace-Id", "Root=1"),
            ("User-Agent", "mine  1.0"),
            ("Accept", "*/*"),
            ("x-long", &"ab ".repeat(1000)),
        ] {
            let call = client.bind(bind(&json!({}))).header(name, value);
            call.await
                .unwrap_or_else(|error| panic!("{error}: {name}: {value}"));
        }
    });
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn bodies() {
    check(&Setting::default(), async |client| {
        send(client, &json!({ "body": {} })).await;
        let thing = GetThingInput::new("a b");
        client.get_thing(thing).await.expect("a thing");
        let long = (0..=u8::MAX).cycle().take(100_000).collect::<Vec<_>>();
        for body in [
            b"".to_vec(),
            b" ".to_vec(),
            b"\0\xff\r\n\r\n".to_vec(),
            long,
        ] {
            let input = StreamInput::new("name", body);
            client.stream(input).await.expect("a response");
        }
    });
}

/// The content of a stream is not known when the request is signed.
#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn streams() {
    check(&Setting::default(), async |client| {
        for body in ["", "abc"] {
            let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(body)]);
            let body = ByteStream::from_stream(pieces).with_length(body.len() as u64);
            let input = StreamInput::new("name", body);
            client.stream(input).await.expect("a response");
        }
    });
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn session_tokens() {
    for session_token in ["token", "AQoDYXdzEPT//////////wEXAMPLE+/==", "a b"] {
        let setting = Setting {
            session_token: Some(session_token),
            ..Setting::default()
        };
        check(&setting, async |client| {
            send(client, &json!({ "words": ["a"], "meta": { "a": "b" } })).await;
        });
    }
}

#[test]
#[cfg_attr(not(python), ignore = "needs botocore: `cargo xtask test` installs it")]
fn times() {
    // The first second of an hour, day and year; the last one of a leap day; another century.
    for time in [0, 1_709_251_199, 1_767_225_600, 4_102_444_800] {
        let setting = Setting {
            time: Some(time),
            ..Setting::default()
        };
        check(&setting, async |client| send(client, &json!({})).await);
    }
}
