//! Streams of events under a protocol without HTTP bindings: the other members come in a message of
//! their own.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use drawplate_fixtures::EventStream;
use drawplate_fixtures::radio::Client;
use drawplate_fixtures::radio::client::{Body, Builder};
use drawplate_fixtures::radio::error::{BroadcastError, ConverseError, ListenError, RelayError};
use drawplate_fixtures::radio::input::{BroadcastInput, ConverseInput, ListenInput, RelayInput};
use drawplate_fixtures::radio::operation;
use drawplate_fixtures::radio::output::{
    BroadcastOutput, ConverseOutput, ListenOutput, RelayOutput,
};
use drawplate_fixtures::radio::server::{Radio, RequestContext, Unauthenticated, router};
use drawplate_fixtures::radio::types::{Program, Said};
use drawplate_runtime::UnmodeledError;
use drawplate_runtime::event::Message;
use drawplate_runtime::protocol::{Protocol, RPC_V2_CBOR, RPC_V2_JSON};
use drawplate_runtime::server::Router;
use drawplate_runtime::service::Service;
use http::{Request, Response};
use tower_service::Service as _;

use crate::station::{rest, wait};
use crate::wire::{messages, recorder};

fn said(text: &str) -> Program {
    Program::Said(Said::new().text(text))
}

/// Says what it heard.
#[derive(Clone, Default)]
struct Office {
    heard: Arc<Mutex<Vec<String>>>,
}

impl Radio for Office {
    async fn listen(
        &self,
        input: ListenInput,
        _: &RequestContext,
    ) -> Result<ListenOutput, ListenError> {
        let program = vec![said("one"), said("two")];
        Ok(ListenOutput::new(program).title(format!("on {}", input.station)))
    }

    async fn broadcast(
        &self,
        mut input: BroadcastInput,
        _: &RequestContext,
    ) -> Result<BroadcastOutput, BroadcastError> {
        let mut events = 0;
        while let Some(event) = input.program.event().await.map_err(UnmodeledError::from)? {
            events += 1;
            let text = match event {
                Program::Said(said) => said.text,
                _ => None,
            };
            self.heard.lock().expect("no panic").extend(text);
        }
        let token = input.token.is_some();
        Ok(BroadcastOutput::new(events).last(format!("{} {token}", input.station)))
    }

    async fn converse(
        &self,
        input: ConverseInput,
        _: &RequestContext,
    ) -> Result<ConverseOutput, ConverseError> {
        Ok(ConverseOutput::new(
            "Ada",
            EventStream::try_new(input.words),
        ))
    }

    async fn relay(
        &self,
        input: RelayInput,
        _: &RequestContext,
    ) -> Result<RelayOutput, RelayError> {
        Ok(RelayOutput::new(EventStream::try_new(input.words)))
    }
}

#[test]
fn one_server_speaks_every_protocol_of_the_service() {
    let protocols = [
        (
            "preferred",
            Client::builder()
                .unauthenticated()
                .endpoint("http://localhost"),
        ),
        ("restJson1", rest()),
    ];
    for (protocol, builder) in protocols {
        let office = Office::default();
        let client = builder.transport(router(office.clone(), Unauthenticated));
        let client = client.build().expect("a client");
        wait(members_and_events_go_both_ways(protocol, &client, &office));
    }
}

/// The service in the protocols of RPC v2.
static RPC_V2: Service = Service {
    protocols: &[&RPC_V2_CBOR, &RPC_V2_JSON],
    ..operation::SERVICE
};

#[test]
fn events_are_documents_of_each_protocol() {
    let protocols: [&'static dyn Protocol; 2] = [&RPC_V2_CBOR, &RPC_V2_JSON];
    for protocol in protocols {
        let office = Office::default();
        let handlers =
            drawplate_runtime::server_handlers!(Office: broadcast, converse, listen, relay);
        let router = Router::new(&RPC_V2, &[], Arc::new(office.clone()), handlers);
        let builder = Builder::<Client>::new(&RPC_V2)
            .unauthenticated()
            .endpoint("http://localhost");
        let client = builder.protocol(protocol.id()).transport(router).build();
        let client = client.expect("a client");
        wait(members_and_events_go_both_ways(
            protocol.id(),
            &client,
            &office,
        ));
    }
}

#[test]
fn the_first_message_is_a_document_of_the_protocol() {
    wait(async {
        let (seen, transport) = recorder();
        let client = Builder::<Client>::new(&RPC_V2)
            .unauthenticated()
            .endpoint("http://localhost")
            .transport(transport)
            .idempotency_tokens(|| "7".to_owned())
            .build()
            .expect("a client");
        let input = BroadcastInput::new("one", vec![said("a")]);
        // The recorder does not respond as a service in this protocol does.
        client.broadcast(input).await.expect_err("no response");
        let (parts, body) = seen.lock().expect("no panic").take().expect("a request");
        assert_eq!(parts.uri.path(), "/service/Radio/operation/Broadcast");
        assert_eq!(parts.headers["smithy-protocol"], "rpc-v2-cbor");
        assert_eq!(parts.headers["accept"], "application/cbor");
        assert_eq!(
            parts.headers["content-type"],
            "application/vnd.amazon.eventstream"
        );
        let first = Message::new(&b"\xa2\x67station\x63one\x65token\x617"[..])
            .header(":message-type", "event")
            .header(":event-type", "initial-request")
            .header(":content-type", "application/cbor");
        assert_eq!(messages(&body)[0], first);
    });
}

async fn members_and_events_go_both_ways(protocol: &str, client: &Client, office: &Office) {
    let output = client.listen(ListenInput::new("one")).await;
    let mut output = output.expect("an output");
    assert_eq!(output.title.as_deref(), Some("on one"), "{protocol}");
    for text in ["one", "two"] {
        let event = output.program.event().await.expect("an event");
        assert_eq!(event, Some(said(text)), "{protocol}");
    }
    assert_eq!(output.program.event().await.expect("the end"), None);

    let input = BroadcastInput::new("one", vec![said("a"), said("b")]);
    let output = client.broadcast(input).await.expect("an output");
    let last = output.last.as_deref();
    assert_eq!((output.events, last), (2, Some("one true")), "{protocol}");
    assert_eq!(*office.heard.lock().expect("no panic"), ["a", "b"]);

    let (sender, words) = EventStream::channel(1);
    let output = client.relay(RelayInput::new(words)).await;
    let mut output = output.expect("an output");
    for word in ["how", "are", "you"] {
        sender.send(said(word)).await.expect("it is heard");
        let event = output.answers.event().await.expect("an event");
        assert_eq!(event, Some(said(word)), "{protocol}");
    }
    drop(sender);
    assert_eq!(output.answers.event().await.expect("the end"), None);
}

fn initial(name: &str, document: &str) -> Message {
    Message::new(document.to_owned())
        .header(":message-type", "event")
        .header(":event-type", name)
        .header(":content-type", "application/json")
}

#[test]
fn the_first_message_holds_the_members() {
    wait(async {
        let (seen, transport) = recorder();
        let client = Client::builder()
            .unauthenticated()
            .endpoint("http://localhost")
            .transport(transport)
            .idempotency_tokens(|| "7".to_owned())
            .build()
            .expect("a client");
        let input = BroadcastInput::new("one", vec![said("a")]);
        client.broadcast(input).await.expect("it is sent");
        let (parts, body) = seen.lock().expect("no panic").take().expect("a request");
        assert_eq!(
            parts.headers["content-type"],
            "application/vnd.amazon.eventstream"
        );
        assert_eq!(parts.headers["x-amz-target"], "Radio.Broadcast");
        let messages_sent = messages(&body);
        assert_eq!(messages_sent.len(), 2);
        assert_eq!(
            messages_sent[0],
            initial("initial-request", r#"{"station":"one","token":"7"}"#)
        );
        assert_eq!(messages_sent[1].payload(), "a");

        let answer = call(
            "Listen",
            "application/x-amz-json-1.1",
            r#"{"station":"one"}"#.into(),
        )
        .await;
        assert_eq!(
            answer.headers()["content-type"],
            "application/vnd.amazon.eventstream"
        );
        let body = answer.into_body().collect(1 << 20).await.expect("a body");
        assert_eq!(
            messages(&body)[0],
            initial("initial-response", r#"{"title":"on one"}"#)
        );
        assert_eq!(messages(&body).len(), 3);
    });
}

async fn call(operation: &str, media_type: &str, body: Bytes) -> Response<Body> {
    let request = Request::post("/")
        .header("content-type", media_type)
        .header("x-amz-target", format!("Radio.{operation}"))
        .body(Body::from(body))
        .expect("a request");
    router(Office::default(), Unauthenticated)
        .call(request)
        .await
        .expect("an answer")
}

#[test]
fn a_service_needs_the_members_that_are_required() {
    let events = "application/vnd.amazon.eventstream";
    let event = Message::new("a")
        .header(":message-type", "event")
        .header(":event-type", "said");
    let event = || event.encode().expect("a frame").to_vec();
    let initial = |document| {
        initial("initial-request", document)
            .encode()
            .expect("a frame")
            .to_vec()
    };
    for (body, expected) in [
        (event(), "/station"),
        (Vec::new(), "/station"),
        (initial("{}"), "/station"),
        (initial(r#"{"station":5}"#), "/station"),
        (initial(r#"{"station":"<"}"#), "/station"),
        (initial("["), "EOF while parsing"),
    ] {
        wait(async {
            let answer = call("Broadcast", events, [body, event()].concat().into()).await;
            assert_eq!(answer.status(), 400);
            let body = answer.into_body().collect(1 << 20).await.expect("a body");
            let body = String::from_utf8_lossy(&body).into_owned();
            assert!(body.contains(expected), "{body}");
        });
    }
    wait(async {
        let good = [initial(r#"{"station":"one"}"#), event()].concat();
        assert_eq!(call("Broadcast", events, good.into()).await.status(), 200);
        // Nothing is required, and nothing is waited for.
        assert_eq!(call("Relay", events, event().into()).await.status(), 200);
        let answer = call("Broadcast", "application/x-amz-json-1.1", "{}".into()).await;
        assert_eq!(answer.status(), 415);
    });
}

#[test]
fn a_client_does_without_the_first_message() {
    let event = Message::new("a")
        .header(":message-type", "event")
        .header(":event-type", "said");
    let body = event.encode().expect("a frame");
    wait(async {
        let transport = tower::service_fn(move |_: Request<Body>| {
            let body = body.clone();
            async { Ok::<_, std::io::Error>(Response::new(Body::from(body))) }
        });
        let client = Client::builder()
            .unauthenticated()
            .endpoint("http://localhost")
            .transport(transport)
            .build()
            .expect("a client");
        let mut output = client
            .listen(ListenInput::new("one"))
            .await
            .expect("an answer");
        assert_eq!(output.title, None);
        assert_eq!(
            output.program.event().await.expect("an event"),
            Some(said("a"))
        );
        assert_eq!(output.program.event().await.expect("the end"), None);
    });
}
