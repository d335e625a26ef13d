//! What events look like on the wire: the same from either side, and read back as what they were.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use drawplate_fixtures::radio::client::Body;
use drawplate_fixtures::radio::error::Interrupted;
use drawplate_fixtures::radio::input::{BroadcastInput, ListenInput};
use drawplate_fixtures::radio::operation;
use drawplate_fixtures::radio::server::{Unauthenticated, router};
use drawplate_fixtures::radio::types::{
    Choice, Chosen, Level, Measured, Mood, Noted, NotedRequired, Paused, Pictured, Place,
    PlaceRequired, Placed, Program, Said,
};
use drawplate_runtime::event::{HeaderValue, Limits, Message, MessageDecoder};
use drawplate_runtime::{Timestamp, UnknownMember};
use http::{Request, Response};
use tower_service::Service as _;

use crate::station::{Station, all, rest, said, wait};

/// The messages of a body.
pub(crate) fn messages(body: &[u8]) -> Vec<Message> {
    let mut decoder = MessageDecoder::new(Limits::SERVICE);
    decoder.push(body);
    let mut messages = Vec::new();
    while let Some(message) = decoder.next_message().expect("messages") {
        messages.push(message);
    }
    decoder.finish().expect("whole messages");
    messages
}

/// What a request held: its headers and body.
pub(crate) type Seen = Arc<Mutex<Option<(http::request::Parts, Bytes)>>>;

/// A transport that answers nothing and shows what it was given.
pub(crate) fn recorder() -> (
    Seen,
    impl tower_service::Service<
        Request<Body>,
        Response = Response<Body>,
        Error = std::io::Error,
        Future: Send,
    > + Clone
    + Send
    + Sync
    + 'static,
) {
    let seen = Seen::default();
    let kept = Arc::clone(&seen);
    let transport = tower::service_fn(move |request: Request<Body>| {
        let seen = Arc::clone(&kept);
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(1 << 20).await.map_err(std::io::Error::other)?;
            *seen.lock().expect("no panic") = Some((parts, body));
            Ok(Response::new(Body::from("{\"events\":0}")))
        }
    });
    (seen, transport)
}

/// What a client sends for an event.
async fn sent(event: Program) -> Message {
    let (seen, transport) = recorder();
    let client = rest().transport(transport).build().expect("a client");
    let input = BroadcastInput::new("one", vec![event]);
    client.broadcast(input).await.expect("it is sent");
    let (parts, body) = seen.lock().expect("no panic").take().expect("a request");
    assert_eq!(
        parts.headers["content-type"],
        "application/vnd.amazon.eventstream"
    );
    assert!(!parts.headers.contains_key("content-length"));
    messages(&body).remove(0)
}

/// What a service sends for an event.
async fn responded(event: Program) -> Message {
    let station = Station::default();
    station.sends(vec![event]);
    let request = Request::get("/stations/one").body(Body::empty());
    let response = router(station, Unauthenticated)
        .call(request.expect("a request"))
        .await;
    let (parts, body) = response.expect("a router does not fail").into_parts();
    assert_eq!(
        parts.headers["content-type"],
        "application/vnd.amazon.eventstream"
    );
    assert_eq!(parts.headers["x-title"], "on one");
    messages(&body.collect(1 << 20).await.expect("a body")).remove(0)
}

fn check(event: &Program, expected: &Message) {
    wait(async {
        assert_eq!(&sent(event.clone()).await, expected, "{event:?}");
        assert_eq!(&responded(event.clone()).await, expected, "{event:?}");
        let station = Station::default();
        let client = rest()
            .transport(router(station.clone(), Unauthenticated))
            .build()
            .expect("a client");
        station.sends(vec![event.clone()]);
        let output = client
            .listen(ListenInput::new("one"))
            .await
            .expect("an answer");
        let (events, error) = all(output.program).await;
        match error {
            None => assert_eq!(events, std::slice::from_ref(event)),
            Some(error) => assert_eq!(error.as_service_error(), Some(event)),
        }
    });
}

fn event(name: &str) -> Message {
    Message::default()
        .header(":message-type", "event")
        .header(":event-type", name)
}

fn with_payload(message: &Message, media_type: &str, payload: &'static str) -> Message {
    let headers = message.headers();
    headers
        .fold(Message::new(payload), |message, (name, value)| {
            message.header(name, value.clone())
        })
        .header(":content-type", media_type)
}

#[test]
fn payloads_are_text_bytes_or_documents() {
    check(
        &said("héllo"),
        &with_payload(&event("said"), "text/plain", "héllo"),
    );
    check(&said(""), &with_payload(&event("said"), "text/plain", ""));
    check(&Program::Said(Said::new()), &event("said"));
    let pictured = Program::Pictured(Pictured::new("pixels").number(7));
    let numbered = event("pictured").header("number", HeaderValue::Integer(7));
    check(&pictured, &with_payload(&numbered, "image/png", "pixels"));
    let placed = Program::Placed(Placed::new().place(Place::new(PlaceRequired {
        latitude: 1.5,
        longitude: -2.0,
    })));
    let place = r#"{"latitude":1.5,"longitude":-2.0}"#;
    check(
        &placed,
        &with_payload(&event("placed"), "application/json", place),
    );
    let chosen = Program::Chosen(Chosen::new().choice(Choice::Song("la".to_owned())));
    check(
        &chosen,
        &with_payload(&event("chosen"), "application/json", r#"{"song":"la"}"#),
    );
}

#[test]
fn what_is_bound_nowhere_is_a_document() {
    let noted = Noted::new(NotedRequired {
        by: "Ada",
        text: "hi",
    })
    .secret("s3cret")
    .tags(vec!["a".to_owned()])
    .at(Timestamp::from_secs(1_700_000_000).expect("a timestamp"));
    let headers = event("noted")
        .header("by", "Ada")
        .header("secret", "s3cret");
    let document = r#"{"text":"hi","tags":["a"],"at":1700000000}"#;
    check(&Program::Noted(noted), &reordered(&headers, document));
    check(&Program::Paused(Paused::new()), &event("paused"));
}

/// The content type stands before the headers of members or behind them; the order means nothing.
fn reordered(headers: &Message, document: &'static str) -> Message {
    with_payload(headers, "application/json", document)
}

#[test]
fn headers_have_the_types_of_their_members() {
    let at = Timestamp::from_millis(1_700_000_000_123).expect("a timestamp");
    let measured = Measured::new()
        .flag(false)
        .tiny(-1)
        .small(-300)
        .medium(70_000)
        .large(1 << 40)
        .bytes(&b"\x00\xff"[..])
        .text("text")
        .mood(Mood::Wild)
        .level(Level::High)
        .at(at);
    let expected = event("measured")
        .header("flag", HeaderValue::Boolean(false))
        .header("tiny", HeaderValue::Byte(-1))
        .header("small", HeaderValue::Short(-300))
        .header("medium", HeaderValue::Integer(70_000))
        .header("large", HeaderValue::Long(1 << 40))
        .header("bytes", HeaderValue::Bytes(Bytes::from_static(b"\x00\xff")))
        .header("text", "text")
        .header("mood", "wild")
        .header("level", HeaderValue::Integer(2))
        .header("at", HeaderValue::Timestamp(1_700_000_000_123));
    check(&Program::Measured(measured), &expected);
}

#[test]
fn timestamps_in_headers_have_milliseconds() {
    wait(async {
        for (nanoseconds, milliseconds) in [
            (1_700_000_000_123_999_999, 1_700_000_000_123),
            (-1, -1),
            (-62_135_596_800_000_000_000, -62_135_596_800_000),
        ] {
            let at = Timestamp::from_nanos(nanoseconds).expect("a timestamp");
            let event = Program::Measured(Measured::new().at(at));
            for message in [sent(event.clone()).await, responded(event).await] {
                let expected = HeaderValue::Timestamp(milliseconds);
                assert_eq!(message.get("at"), Some(&expected), "{at}");
            }
        }
    });
}

#[test]
fn errors_are_exceptions() {
    let interrupted = Interrupted::new().message("fire").minutes(5);
    let expected = Message::default()
        .header(":message-type", "exception")
        .header(":exception-type", "interrupted")
        .header("minutes", HeaderValue::Integer(5));
    let expected = with_payload(&expected, "application/json", r#"{"message":"fire"}"#);
    check(&Program::Interrupted(interrupted), &expected);
}

#[test]
fn what_a_client_got_and_does_not_know_it_can_send() {
    let value = serde_json::json!({"a": [1]});
    let newer = Program::Unknown(UnknownMember::new("newer", value));
    check(
        &newer,
        &with_payload(&event("newer"), "application/json", r#"{"a":[1]}"#),
    );
}

#[test]
fn an_event_that_cannot_be_written_fails_the_call() {
    wait(async {
        let long = "x".repeat(40_000);
        let event = Program::Measured(Measured::new().text(long));
        let (_, transport) = recorder();
        let client = rest().transport(transport).build().expect("a client");
        let input = BroadcastInput::new("one", vec![event.clone()]);
        let error = client.broadcast(input).await.expect_err("it does not fit");
        assert!(
            error
                .to_string()
                .contains("`text` has 40000 bytes; the limit is 32767"),
            "{error}"
        );

        let message = responded(event).await;
        assert_eq!(message.get(":message-type"), Some(&"error".into()));
        assert_eq!(message.get(":error-code"), Some(&"InternalFailure".into()));
    });
}

#[test]
fn schemas_say_which_member_is_the_stream() {
    let events =
        |schema: &'static drawplate_runtime::Schema| schema.events().map(|(index, _)| index);
    assert_eq!(events(operation::BROADCAST.input), Some(2));
    assert_eq!(events(operation::BROADCAST.output), None);
    assert_eq!(events(operation::LISTEN.output), Some(1));
}
