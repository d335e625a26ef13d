//! Signed events, verified by our server.

use std::sync::Arc;

use drawplate_fixtures::radio::Client;
use drawplate_fixtures::radio::client::Body;
use drawplate_fixtures::radio::input::{BroadcastInput, ConverseInput};
use drawplate_fixtures::radio::server::{
    AccessKey, Router, SigV4Verifier, Unauthenticated, Verifiers, VerifyError, router,
};
use drawplate_runtime::client::Credentials;
use drawplate_runtime::event::{HeaderValue, Message};
use drawplate_tests::python::{ACCESS_KEY, REGION, SECRET_KEY};
use http::Request;
use tower_service::Service as _;

use crate::station::{Ended, Station, said, wait};
use crate::wire::messages;

const PROTOCOLS: [&str; 2] = ["aws.protocols#restJson1", "aws.protocols#awsJson1_1"];

/// A router that verifies signatures.
fn verifying(station: &Station) -> Router {
    let sigv4 = SigV4Verifier::from_fn(|id| async move {
        if id.as_str() == ACCESS_KEY {
            Ok(AccessKey::new(SECRET_KEY, ()))
        } else {
            Err(VerifyError::invalid("no such key"))
        }
    });
    router(station.clone(), Verifiers { sigv4 })
}

/// A client that signs. Its messages are changed on their way.
fn client(
    router: Router,
    protocol: &str,
    change: impl Fn(&mut Vec<Message>) + Send + Sync + 'static,
) -> Client {
    let change = Arc::new(change);
    let transport = tower::service_fn(move |request: Request<Body>| {
        let (mut router, change) = (router.clone(), Arc::clone(&change));
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(1 << 20).await.map_err(std::io::Error::other)?;
            let mut messages = messages(&body);
            change(&mut messages);
            let frames = messages.iter().map(|it| it.encode().expect("a message"));
            let body = frames.collect::<Vec<_>>().concat();
            let Ok(response) = router
                .call(Request::from_parts(parts, Body::from(body)))
                .await;
            Ok::<_, std::io::Error>(response)
        }
    });
    Client::builder()
        .endpoint("http://radio.example")
        .protocol(protocol)
        .transport(transport)
        .sigv4(Credentials::new(ACCESS_KEY, SECRET_KEY), REGION)
        .build()
        .expect("a client")
}

#[test]
fn signed_events_are_verified() {
    for protocol in PROTOCOLS {
        let station = Station::default();
        // Without a verifier, the signatures are ignored.
        for router in [
            verifying(&station),
            router(station.clone(), Unauthenticated),
        ] {
            let client = client(router, protocol, |_| {});
            let events = vec![said("one"), said("two")];
            let output = wait(client.broadcast(BroadcastInput::new("one", events.clone())));
            assert_eq!(output.expect("a response").events, 2, "{protocol}");
            assert_eq!(station.take_heard(), (events, None));
            let words = client.converse(ConverseInput::new("one", vec![said("one")]));
            let output = wait(async {
                let mut output = words.await.expect("a response");
                output.answers.event().await.expect("an event")
            });
            assert_eq!(output, Some(said("one")), "{protocol}");
        }
    }
}

/// What a station hears of three events that are changed on their way.
fn heard(
    protocol: &str,
    change: impl Fn(&mut Vec<Message>) + Send + Sync + 'static,
) -> (usize, Ended, Option<u16>) {
    let station = Station::default();
    let client = client(verifying(&station), protocol, change);
    let events = vec![said("one"), said("two"), said("three")];
    let result = wait(client.broadcast(BroadcastInput::new("one", events)));
    let status = result.err().and_then(|error| error.status());
    let (heard, ended) = station.take_heard();
    (heard.len(), ended, status)
}

/// A message with another payload, and the headers of a message.
fn with_payload(message: &Message, payload: Vec<u8>) -> Message {
    let headers = message.headers();
    headers.fold(Message::new(payload), |changed, (name, value)| {
        changed.header(name, value.clone())
    })
}

#[test]
fn changed_events_end_the_stream() {
    type Change = fn(&mut Vec<Message>);
    const SIGNATURE: &str = "the signature of an event does not match it";
    const UNSIGNED: &str = "an event of a signed stream lacks its signature";
    let changes: [(Change, usize, &str); 9] = [
        (|messages| messages.swap(1, 2), 1, SIGNATURE),
        (|messages| drop(messages.remove(1)), 1, SIGNATURE),
        (
            |messages| messages.insert(1, messages[0].clone()),
            1,
            SIGNATURE,
        ),
        (
            |messages| {
                let mut payload = messages[1].payload().to_vec();
                let text = payload.windows(3).position(|it| it == b"two").expect("it");
                payload[text] = b'T';
                messages[1] = with_payload(&messages[1], payload);
            },
            1,
            SIGNATURE,
        ),
        (
            |messages| {
                let later = HeaderValue::Timestamp(1_440_938_160_000);
                messages[1] = messages[1].clone().header(":date", later);
            },
            1,
            SIGNATURE,
        ),
        (
            |messages| messages[2] = Message::new(messages[2].payload().clone()),
            2,
            UNSIGNED,
        ),
        (
            |messages| {
                let short = HeaderValue::Bytes(vec![0; 3].into());
                messages[2] = messages[2].clone().header(":chunk-signature", short);
            },
            2,
            SIGNATURE,
        ),
        (
            |messages| drop(messages.pop()),
            3,
            "the stream ends before its last event, which is empty",
        ),
        (
            |messages| messages.push(messages[3].clone()),
            3,
            "events follow the last one, which is empty",
        ),
    ];
    for (change, count, error) in changes {
        let (heard, ended, _) = heard(PROTOCOLS[0], change);
        let ended = ended.expect(error);
        assert!(heard == count && ended.contains(error), "{heard} {ended}");
    }
}

/// The first message of an RPC protocol has the members beside the stream: without it, there is no
/// call.
#[test]
fn a_changed_first_message_is_rejected() {
    let (events, ended, status) = heard(PROTOCOLS[1], |messages| {
        let payload = messages[1].payload().to_vec();
        messages[0] = with_payload(&messages[0], payload);
    });
    assert_eq!((events, ended, status), (0, None, Some(403)));
}
