//! Headers that delimit messages belong to the transport, whatever members are bound to them, on
//! real sockets. The service is written by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use drawplate_runtime::schema::{self, BLOB, INTEGER, Literal, Member, STRING, Schema};
use drawplate_runtime::server::{RequestContext, Router, serve};
use drawplate_runtime::service::{
    Cors, Customizations, Operation, OperationTraits, Route, Segment, Service,
};
use drawplate_runtime::{Blob, ByteStream, UnmodeledError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::call::wait;

static EMPTY: Schema = Schema::structure("tests#Empty", &[]);
static HEADERS: Schema = Schema::map(
    "tests#Headers",
    &[Member::new("key", &STRING), Member::new("value", &STRING)],
);
static MESSAGE: Schema = Schema::structure(
    "tests#Message",
    &[
        Member::new("length", &schema::LONG).header("Content-Length"),
        Member::new("vary", &STRING).header("Vary"),
        Member::new("all", &HEADERS).prefix_headers(""),
        Member::new("body", &BLOB).payload(),
        Member::new("status", &INTEGER)
            .status_code()
            .default(Literal::Integer(0)),
    ],
);
static STREAM: Schema = Schema::structure(
    "tests#Stream",
    &[
        Member::new("length", &schema::LONG).header("Content-Length"),
        Member::new("body", &BLOB).streaming().payload(),
    ],
);

const fn operation(
    name: &'static str,
    output: &'static Schema,
    route: &'static Route,
) -> Operation {
    Operation {
        name,
        input: &EMPTY,
        output,
        errors: &[],
        route: Some(route),
        traits: OperationTraits {
            no_input: true,
            ..OperationTraits::NONE
        },
    }
}

const fn route(operation: &'static str, method: &'static str, path: &'static [Segment]) -> Route {
    Route {
        operation,
        method,
        path,
        query: &[],
        status: 201,
    }
}

static GET: Operation = operation("Get", &MESSAGE, &GET_ROUTE);
static GET_ROUTE: Route = route("Get", "GET", &[Segment::Literal("message")]);
static HEAD: Operation = operation("Head", &MESSAGE, &HEAD_ROUTE);
static HEAD_ROUTE: Route = route("Head", "HEAD", &[Segment::Literal("head")]);
static READ: Operation = operation("Read", &STREAM, &READ_ROUTE);
static READ_ROUTE: Route = route("Read", "GET", &[Segment::Literal("stream")]);

static ROUTES: &[&Route] = &[&GET_ROUTE, &HEAD_ROUTE, &READ_ROUTE];

static SERVICE: Service = Service {
    id: "tests#Messages",
    version: "1",
    sdk_id: None,
    repeats_any: false,
    protocols: &[&drawplate_runtime::protocol::REST_JSON_1],
    http_versions: &[],
    query_compatible: false,
    auth: &[],
    signing: None,
    endpoint_prefix: None,
    base_path: "",
    cors: Some(Cors {
        origins: &["https://a.example", "https://b.example"],
        max_age: 600,
        exposed_headers: &[],
        allowed_headers: &[],
    }),
    validation_error: None,
    customizations: Customizations::NONE,
    operations: &[&GET, &HEAD, &READ],
};

#[derive(Clone, PartialEq)]
struct Nothing {}
drawplate_runtime::structure!(Nothing: EMPTY {});

#[derive(Clone, Default, PartialEq)]
struct Message {
    length: Option<i64>,
    vary: Option<String>,
    all: Option<BTreeMap<String, String>>,
    body: Option<Blob>,
    status: i32,
}
drawplate_runtime::structure!(Message: MESSAGE {
    0: length, 1: vary, 2: all, 3: body, 4: status = default
});

#[derive(Clone, PartialEq)]
struct Stream {
    length: Option<i64>,
    body: ByteStream,
}
drawplate_runtime::structure!(Stream: STREAM { 0: length, 1: body });

enum Failure {
    Unmodeled(UnmodeledError),
}
drawplate_runtime::service_error!(Failure {} else Unmodeled);

/// Responds with the same message to each request, and with the length of its stream.
struct Messages(Message);

impl Messages {
    async fn get(&self, _: Nothing, _: &RequestContext) -> Result<Message, Failure> {
        std::future::ready(Ok(self.0.clone())).await
    }

    async fn head(&self, _: Nothing, cx: &RequestContext) -> Result<Message, Failure> {
        self.get(Nothing {}, cx).await
    }

    async fn read(&self, _: Nothing, _: &RequestContext) -> Result<Stream, Failure> {
        let parts = ["one", "two"].map(|part| Ok::<_, std::io::Error>(Bytes::from(part)));
        let parts = futures_util::stream::iter(parts);
        let stream = Stream {
            length: self.0.length,
            body: ByteStream::from_stream(parts),
        };
        std::future::ready(Ok(stream)).await
    }
}

/// The heads and bodies of the responses to requests on one connection.
fn exchange(message: &Message, requests: &[&str]) -> String {
    let router = Router::new(
        &SERVICE,
        ROUTES,
        Arc::new(Messages(message.clone())),
        drawplate_runtime::server_handlers!(Messages: get, head, read),
    );
    wait(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        tokio::spawn(serve(listener, router).into_future());
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        for (index, request) in requests.iter().enumerate() {
            let last = index + 1 == requests.len();
            let connection = if last { "close" } else { "keep-alive" };
            let head = format!("{request} HTTP/1.1\r\nhost: a\r\nconnection: {connection}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("sent");
        }
        let mut responses = String::new();
        // A response that is cut off is what was received.
        let _ = stream.read_to_string(&mut responses).await;
        responses
    })
}

/// The values of a header, in the lines of responses.
fn values<'r>(responses: &'r str, name: &str) -> Vec<&'r str> {
    let lines = responses.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(other, _)| *other == name)
        .map(|(_, value)| value)
        .collect()
}

fn message(body: &'static str, length: i64) -> Message {
    Message {
        length: Some(length),
        body: Some(Blob::from(body.as_bytes())),
        ..Message::default()
    }
}

#[test]
fn a_bound_length_does_not_delimit_a_body() {
    for length in [0, 3, 5, 500, -1] {
        let requests = ["GET /message", "GET /message"];
        let responses = exchange(&message("hello", length), &requests);
        assert_eq!(values(&responses, "content-length"), ["5", "5"]);
        assert_eq!(responses.matches("\r\n\r\nhello").count(), 2, "{responses}");
    }
    // The status has no content.
    let nothing = Message {
        status: 204,
        ..message("hello", 5)
    };
    let responses = exchange(&nothing, &["GET /message", "GET /message"]);
    assert_eq!(values(&responses, "content-length"), [""; 0], "{responses}");
    assert_eq!(responses.matches("HTTP/1.1 204").count(), 2, "{responses}");
}

#[test]
fn a_bound_length_is_that_of_a_body_which_is_not_sent() {
    for request in ["HEAD /head", "HEAD /message"] {
        let responses = exchange(&message("hello", 12345), &[request, request]);
        assert_eq!(values(&responses, "content-length"), ["12345", "12345"]);
        assert!(responses.ends_with("\r\n\r\n"), "{responses}");
    }
    let unknown = Message {
        length: None,
        ..message("hello", 0)
    };
    let responses = exchange(&unknown, &["HEAD /message"]);
    assert_eq!(values(&responses, "content-length"), ["5"]);
}

#[test]
fn a_bound_length_is_that_of_a_stream_of_unknown_length() {
    let responses = exchange(&message("", 6), &["GET /stream", "GET /stream"]);
    assert_eq!(values(&responses, "content-length"), ["6", "6"]);
    assert_eq!(values(&responses, "transfer-encoding"), [""; 0]);
    assert!(responses.ends_with("\r\n\r\nonetwo"), "{responses}");
    // A length that is wrong ends the connection, so that nothing else is read as the body.
    for length in [5, 7] {
        let message = message("hello", length);
        let responses = exchange(&message, &["GET /stream", "GET /message"]);
        assert!(!responses.contains("hello"), "{responses}");
    }
}

#[test]
fn headers_of_a_map_do_not_frame_a_message() {
    let all = [
        ("connection", "close, x-kept"),
        ("content-length", "3"),
        ("host", "elsewhere"),
        ("keep-alive", "timeout=5"),
        ("te", "trailers"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("x-amzn-requestid", "mine"),
        ("x-kept", "yes"),
    ];
    let all = all.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let message = Message {
        all: Some(all.into()),
        body: Some(Blob::from(&b"hello"[..])),
        ..Message::default()
    };
    let responses = exchange(&message, &["GET /message", "GET /message"]);
    assert_eq!(responses.matches("\r\n\r\nhello").count(), 2, "{responses}");
    assert_eq!(values(&responses, "content-length"), ["5", "5"]);
    assert_eq!(values(&responses, "x-kept"), ["yes", "yes"]);
    assert_eq!(values(&responses, "connection"), ["close"]);
    for name in ["host", "keep-alive", "te", "transfer-encoding", "upgrade"] {
        assert_eq!(values(&responses, name), [""; 0], "{name}");
    }
    let ids = values(&responses, "x-amzn-requestid");
    assert!(ids.len() == 2 && !ids.contains(&"mine"), "{ids:?}");
}

#[test]
fn a_bound_vary_is_extended() {
    let message = Message {
        vary: Some("accept".to_owned()),
        ..message("hello", 5)
    };
    let responses = exchange(&message, &["GET /message"]);
    assert_eq!(values(&responses, "vary"), ["accept, origin"]);
}

#[test]
fn a_status_is_one_of_a_response_or_not_sent() {
    for (status, expected) in [
        // The default of the member: the status of the operation.
        (0, 201),
        (202, 202),
        (299, 299),
        (999, 999),
        (-1, 500),
        (99, 500),
        (100, 500),
        (199, 500),
        (1000, 500),
        (70_000, 500),
    ] {
        let message = Message {
            status,
            ..message("hello", 5)
        };
        let responses = exchange(&message, &["GET /message"]);
        let start = format!("HTTP/1.1 {expected} ");
        assert!(responses.starts_with(&start), "{status}: {responses}");
    }
}
