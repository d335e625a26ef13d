//! Streams that are not what they should be, on both sides.

use std::time::Duration;

use bytes::Bytes;
use drawplate_fixtures::StreamError;
use drawplate_fixtures::radio::client::Body;
use drawplate_fixtures::radio::input::ListenInput;
use drawplate_fixtures::radio::server::{Unauthenticated, router, serve};
use drawplate_fixtures::radio::types::Program;
use drawplate_runtime::event::{HeaderValue, Message};
use http::{Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tower_service::Service as _;

use crate::station::{Station, all, rest, said, wait};

/// What a client makes of the body of an answer: the events, and what ended them.
async fn heard(body: Bytes) -> (Vec<Program>, Option<StreamError<Program>>) {
    let transport = tower::service_fn(move |_: Request<Body>| {
        let body = body.clone();
        async { Ok::<_, std::io::Error>(Response::new(Body::from(body))) }
    });
    let client = rest().transport(transport).build().expect("a client");
    let output = client.listen(ListenInput::new("one")).await;
    all(output.expect("the head is fine").program).await
}

/// What a service makes of the body of a request: the events, what ended them, and status and code
/// of the answer.
async fn understood(body: Bytes) -> (Vec<Program>, Option<String>, String) {
    let station = Station::default();
    let request = Request::put("/stations/one")
        .header("content-type", "application/vnd.amazon.eventstream")
        .body(Body::from(body))
        .expect("a request");
    let response = router(station.clone(), Unauthenticated).call(request).await;
    let response = response.expect("a router does not fail");
    let (heard, ended) = station.take_heard();
    let code = response.headers().get("x-amzn-errortype");
    let code = code.map_or("", |code| code.to_str().expect("text"));
    (
        heard,
        ended,
        format!("{} {code}", response.status().as_u16()),
    )
}

fn event(name: &str) -> Message {
    Message::new("one")
        .header(":message-type", "event")
        .header(":event-type", name)
        .header(":content-type", "text/plain")
}

fn frames(messages: &[Message]) -> Vec<u8> {
    let frames = messages
        .iter()
        .flat_map(|message| message.encode().expect("a frame"));
    frames.collect()
}

/// Both sides refuse what comes after one good event, and say why.
fn check(bytes: &[u8], expected: &str) {
    let mut body = frames(&[event("said")]);
    body.extend(bytes);
    let body = Bytes::from(body);
    wait(async {
        let (events, error) = heard(body.clone()).await;
        assert_eq!(events, [said("one")]);
        let error = error.expect("an error").to_string();
        assert!(error.contains(expected), "client: {error}");
        let (events, error, answer) = understood(body).await;
        assert_eq!(events, [said("one")]);
        let error = error.expect("an error");
        assert!(error.contains(expected), "service: {error}");
        assert!(answer.starts_with("400 "), "{answer}");
    });
}

#[test]
fn corrupt_frames() {
    let frame = frames(&[event("said")]);
    let mut wrong = frame.clone();
    let last = wrong.len() - 1;
    wrong[last] ^= 1;
    check(&wrong, "the checksum of an event is wrong");
    let mut wrong = frame.clone();
    wrong[8] ^= 1;
    check(&wrong, "the checksum of an event's lengths is wrong");
    check(&frame[..frame.len() - 1], "bytes into an event");
    check(
        b"{\"message\":\"not an event\"}",
        "the checksum of an event's lengths is wrong",
    );
}

#[test]
fn messages_that_are_no_events() {
    let said = |message: Message| frames(&[message]);
    check(
        &said(Message::new("one")),
        "the header `:message-type` is missing",
    );
    check(
        &said(Message::default().header(
            ":message-type",
            HeaderValue::Bytes(Bytes::from_static(b"event")),
        )),
        "the header `:message-type` must be a string, not a byte array",
    );
    check(
        &said(Message::default().header(":message-type", "other")),
        "`:message-type` must be event, exception or error",
    );
    check(
        &said(Message::default().header(":message-type", "event")),
        "the header `:event-type` is missing",
    );
    check(
        &said(Message::default().header(":message-type", "exception")),
        "the header `:exception-type` is missing",
    );
}

#[test]
fn events_that_are_not_what_the_model_says() {
    let measured = |name: &str, value| frames(&[event("measured").header(name, value)]);
    check(
        &measured("flag", "yes".into()),
        "the event `measured`: it does not match the model: /flag",
    );
    check(&measured("bytes", HeaderValue::Boolean(true)), "/bytes");
    check(&measured("at", HeaderValue::Long(1)), "/at");
    check(&measured("at", HeaderValue::Timestamp(i64::MAX)), "/at");
    // The last millisecond before the year 1, and the first one after the year 9999.
    for milliseconds in [-62_135_596_800_001, 253_402_300_800_000] {
        let why = "/at: expected a timestamp in the years 0001 to 9999";
        check(&measured("at", HeaderValue::Timestamp(milliseconds)), why);
    }
    check(&measured("tiny", HeaderValue::Long(300)), "/tiny");
    let placed = Message::new("{")
        .header(":message-type", "event")
        .header(":event-type", "placed");
    check(&frames(&[placed]), "the event `placed`");
}

#[test]
fn errors_that_the_model_does_not_know() {
    let error = Message::default()
        .header(":message-type", "error")
        .header(":error-code", "Storm")
        .header(":error-message", "no antenna");
    check(&frames(&[error, event("said")]), "Storm: no antenna");
    let newer = Message::new(r#"{"message":"later"}"#)
        .header(":message-type", "exception")
        .header(":exception-type", "newer");
    check(&frames(&[newer, event("said")]), "newer: later");
}

#[test]
fn clients_accept_events_that_services_reject() {
    let widened = event("measured").header("tiny", HeaderValue::Long(5));
    let unknown = Message::new("{\"a\":1}")
        .header(":message-type", "event")
        .header(":event-type", "newer");
    let picture = Message::new("pixels")
        .header(":message-type", "event")
        .header(":event-type", "noted");
    let incomplete = Message::new("{\"text\":\"<long text that breaks rules>\"}")
        .header(":message-type", "event")
        .header(":event-type", "noted");
    drop(picture);
    for (message, expected) in [
        (widened, "/tiny"),
        (unknown, "the service has no event `newer`"),
        (incomplete, "/by"),
    ] {
        let body = Bytes::from(frames(&[message, event("said")]));
        wait(async {
            let (events, error) = heard(body.clone()).await;
            assert!(error.is_none(), "{error:?}");
            assert_eq!((events.len(), &events[1]), (2, &said("one")));
            let (events, error, answer) = understood(body).await;
            assert!(events.is_empty());
            assert!(error.expect("an error").contains(expected));
            assert_eq!(answer, "400 SerializationException");
        });
    }
}

#[test]
fn every_violation_of_an_event_is_reported() {
    let noted = Message::new(r#"{"text":"<b>"}"#)
        .header(":message-type", "event")
        .header(":event-type", "noted")
        .header("by", "")
        .header("secret", "s3cret");
    wait(async {
        let (_, error, _) = understood(frames(&[noted]).into()).await;
        let error = error.expect("an error");
        assert!(error.contains("/by") && error.contains("/text"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    });
}

#[test]
fn messages_that_begin_streams_elsewhere_are_passed_over() {
    for name in ["initial-request", "initial-response"] {
        let initial = Message::new("{}")
            .header(":message-type", "event")
            .header(":event-type", name);
        let body = Bytes::from(frames(&[initial, event("said")]));
        wait(async {
            let (events, error) = heard(body.clone()).await;
            assert!(error.is_none(), "{error:?}");
            assert_eq!(events, [said("one")]);
            assert_eq!(
                understood(body).await,
                (vec![said("one")], None, "200 ".to_owned())
            );
        });
    }
}

#[test]
fn events_have_a_limit() {
    let large = Message::new(vec![b'x'; (1 << 20) + 1])
        .header(":message-type", "event")
        .header(":event-type", "said");
    let body = Bytes::from(frames(&[large]));
    wait(async {
        let (events, error) = heard(body.clone()).await;
        assert_eq!((events.len(), error.is_none()), (1, true));
        let (_, error, _) = understood(body).await;
        assert!(
            error
                .expect("an error")
                .contains("exceeds the limits of 1048576 bytes of payload")
        );
    });
}

#[test]
fn bodies_of_another_type_are_rejected() {
    wait(async {
        let request = Request::put("/stations/one")
            .header("content-type", "application/json")
            .body(Body::from("{}"))
            .expect("a request");
        let response = router(Station::default(), Unauthenticated)
            .call(request)
            .await
            .expect("an answer");
        assert_eq!(response.status(), 415);
        let request = Request::get("/stations/one")
            .header("accept", "application/json")
            .body(Body::empty());
        let response = router(Station::default(), Unauthenticated)
            .call(request.expect("a request"))
            .await
            .expect("an answer");
        assert_eq!(response.status(), 406);
    });
}

/// What has arrived of an event is memory of the server, and a stream may be silent forever.
#[test]
fn incomplete_events_are_bounded_in_total() {
    wait(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let router = router(Station::default(), Unauthenticated);
        tokio::spawn(
            serve(listener, router)
                .total_buffer(1_000_000)
                .into_future(),
        );
        let head = b"PUT /stations/one HTTP/1.1\r\nhost: a\r\n\
                     content-type: application/vnd.amazon.eventstream\r\n\
                     content-length: 10000000\r\n\r\n";
        let event = Message::new(vec![b' '; 500_000]).header(":message-type", "event");
        let event = event.encode().expect("a frame");
        let mut streams = Vec::new();
        for _ in 0..4 {
            let mut stream = TcpStream::connect(address).await.expect("it listens");
            stream.write_all(head).await.expect("sent");
            stream.write_all(&event[..400_000]).await.expect("sent");
            streams.push(stream);
            sleep(Duration::from_millis(300)).await;
        }
        let mut open = Vec::new();
        for mut stream in streams {
            let silent = timeout(Duration::from_millis(100), stream.read_u8()).await;
            open.push(silent.is_err());
        }
        assert_eq!(open, [false, false, true, true]);
    });
}
