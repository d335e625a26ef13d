//! A service with several protocols: one server on a socket, called in each of them.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use drawplate_fixtures::polyglot::Client;
use drawplate_fixtures::polyglot::client::{Builder, Error};
use drawplate_fixtures::polyglot::error::{
    CheckValuesError, Conflict, DoNothingError, PutValuesError, WatchError,
};
use drawplate_fixtures::polyglot::input::{
    BindValuesInput, CheckValuesInput, DoNothingInput, PutValuesInput, TakeOptionalInput,
    WatchInput,
};
use drawplate_fixtures::polyglot::operation::SERVICE;
use drawplate_fixtures::polyglot::output::{
    BindValuesOutput, CheckValuesOutput, DoNothingOutput, PutValuesOutput, TakeOptionalOutput,
    WatchOutput,
};
use drawplate_fixtures::polyglot::route::ROUTES;
use drawplate_fixtures::polyglot::server::{Body, Polyglot, RequestContext, router, serve};
use drawplate_fixtures::polyglot::types::{Events, Nested, Tick, Values};
use drawplate_fixtures::{EventStream, Timestamp};
use drawplate_runtime::event::Message;
use drawplate_runtime::protocol::REST_XML;
use drawplate_runtime::server::Router;
use drawplate_runtime::service::Service;
use http::{Request, Response, Version};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tower::{ServiceExt as _, service_fn};

use crate::call::wait;

/// Returns what it receives.
struct Echo;

impl Polyglot for Echo {
    async fn bind_values(
        &self,
        input: BindValuesInput,
        _: &RequestContext,
    ) -> Result<BindValuesOutput, drawplate_fixtures::polyglot::error::BindValuesError> {
        let mut output = BindValuesOutput::new().etag(input.name);
        output.content = input.content;
        Ok(output)
    }

    async fn check_values(
        &self,
        _: CheckValuesInput,
        _: &RequestContext,
    ) -> Result<CheckValuesOutput, CheckValuesError> {
        Ok(CheckValuesOutput::new())
    }

    async fn do_nothing(
        &self,
        _: DoNothingInput,
        _: &RequestContext,
    ) -> Result<DoNothingOutput, DoNothingError> {
        Ok(DoNothingOutput::new())
    }

    async fn put_values(
        &self,
        input: PutValuesInput,
        _: &RequestContext,
    ) -> Result<PutValuesOutput, PutValuesError> {
        if input.values.string.as_deref() == Some("taken") {
            return Err(Conflict::new("a name").at(moment()).into());
        }
        Ok(PutValuesOutput::new(input.values))
    }

    async fn take_optional(
        &self,
        input: TakeOptionalInput,
        _: &RequestContext,
    ) -> Result<TakeOptionalOutput, drawplate_fixtures::polyglot::error::TakeOptionalError> {
        let mut output = TakeOptionalOutput::new();
        output.text = input.text;
        Ok(output)
    }

    async fn watch(
        &self,
        input: WatchInput,
        _: &RequestContext,
    ) -> Result<WatchOutput, WatchError> {
        let mut output = WatchOutput::new(EventStream::try_new(input.events));
        output.topic = input.topic;
        Ok(output)
    }
}

fn moment() -> Timestamp {
    Timestamp::new(1_700_000_000, 500_000_000).expect("a timestamp")
}

fn values() -> Values {
    Values::new()
        .string("é")
        .blob(vec![0, 255])
        .timestamp(moment())
        .double(0.1)
        .big_decimal(
            "1.50"
                .parse::<drawplate_fixtures::BigDecimal>()
                .expect("a number"),
        )
        .sparse_texts([Some("a".to_owned()), None])
        .nested(Nested::new("outer").child(Nested::new("inner")))
        .renamed("renamed")
}

/// Starts the server, and returns its URL.
async fn started() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(serve(listener, router(Echo)).into_future());
    format!("http://{address}")
}

fn client(url: &str, protocol: Option<&str>) -> Client {
    let transport = legacy::Client::builder(TokioExecutor::new()).build_http::<Body>();
    let builder = Client::builder().endpoint(url).transport(transport);
    let builder = match protocol {
        Some(protocol) => builder.protocol(protocol),
        None => builder,
    };
    builder.build().expect("a client")
}

fn protocols() -> impl Iterator<Item = &'static str> {
    SERVICE.protocols.iter().map(|protocol| protocol.id())
}

#[test]
fn the_protocols_have_the_order_of_preference() {
    let expected = [
        "smithy.protocols#rpcv2Cbor",
        "smithy.protocols#rpcv2Json",
        "aws.protocols#awsJson1_0",
        "aws.protocols#awsJson1_1",
        "aws.protocols#restJson1",
        "aws.protocols#restXml",
    ];
    assert!(protocols().eq(expected));
    let unknown = Client::builder()
        .endpoint("http://localhost")
        .protocol("alloy#simpleRestJson")
        .build();
    let error = unknown
        .expect_err("the service does not have it")
        .to_string();
    assert!(error.contains("smithy.protocols#rpcv2Cbor"), "{error}");
    assert!(error.contains("aws.protocols#restJson1"), "{error}");
}

#[test]
fn one_server_is_called_in_each_protocol() {
    wait(async {
        let url = started().await;
        for protocol in protocols().map(Some).chain([None]) {
            let client = client(&url, protocol);
            let output = client.put_values(PutValuesInput::new(values())).await;
            assert_eq!(output.expect("an output").values, values(), "{protocol:?}");
            client.do_nothing().await.expect("no output");
            let output = client.take_optional(TakeOptionalInput::new()).await;
            assert_eq!(output.expect("an output").text, None);

            let content = Nested::new("a").children([Nested::new("b")]);
            let input = BindValuesInput::new("a/b").content(content.clone());
            let output = client.bind_values(input).await.expect("an output");
            assert_eq!(output.etag.as_deref(), Some("a/b"), "{protocol:?}");
            assert_eq!(output.content, Some(content), "{protocol:?}");

            let input = PutValuesInput::new(Values::new().string("taken"));
            let error = client.put_values(input).await.expect_err("an error");
            let Error::Service(PutValuesError::Conflict(conflict)) = &error else {
                panic!("{protocol:?}: {error:?}")
            };
            assert_eq!(conflict.name, "a name");
            assert_eq!(conflict.at, Some(moment()), "{protocol:?}");

            let invalid = CheckValuesInput::new("UPPER", Vec::new());
            let error = client.check_values(invalid).await.expect_err("an error");
            let Error::Service(CheckValuesError::ValidationException(invalid)) = &error else {
                panic!("{protocol:?}: {error:?}")
            };
            let fields = invalid.field_list.iter().flatten();
            let paths = fields.map(|field| &*field.path).collect::<Vec<_>>();
            assert_eq!(paths, ["/name", "/items"], "{protocol:?}");
        }
    });
}

#[test]
fn events_go_both_ways_in_each_protocol() {
    wait(async {
        let url = started().await;
        // Nothing in the head of a request with events tells restXml from restJson1.
        let distinct = protocols().filter(|id| *id != "aws.protocols#restXml");
        for protocol in distinct {
            let client = client(&url, Some(protocol));
            let ticks = [1, 2].map(|number| Events::Tick(Tick::new(number).at(moment())));
            let events = ticks.to_vec();
            let input = WatchInput::new(events).topic("clocks");
            let mut output = client.watch(input).await.expect("an output");
            assert_eq!(output.topic.as_deref(), Some("clocks"), "{protocol}");
            for tick in ticks {
                let event = output.events.event().await.expect("an event");
                assert_eq!(event, Some(tick), "{protocol}");
            }
            assert_eq!(output.events.event().await.expect("the end"), None);
        }
    });
}

/// The service in restXml alone: with restJson1, requests with events would be in that.
static IN_XML: Service = Service {
    protocols: &[&REST_XML],
    ..SERVICE
};

fn in_xml() -> Router {
    let handlers = drawplate_runtime::server_handlers!(
        Echo: bind_values, check_values, do_nothing, put_values, take_optional, watch
    );
    Router::new(&IN_XML, ROUTES, Arc::new(Echo), handlers)
}

#[test]
fn events_of_rest_xml_go_both_ways() {
    wait(async {
        let builder = Builder::<Client>::new(&IN_XML).endpoint("http://localhost");
        let client = builder.transport(in_xml()).build().expect("a client");
        let tick = Tick::new(1).at(moment()).blob(vec![0, 255]);
        let events = vec![Events::Tick(tick.clone()), Events::Tick(Tick::new(2))];
        let input = WatchInput::new(events).topic("clocks");
        let mut output = client.watch(input).await.expect("an output");
        assert_eq!(output.topic.as_deref(), Some("clocks"));
        for tick in [tick, Tick::new(2)] {
            let event = output.events.event().await.expect("an event");
            assert_eq!(event, Some(Events::Tick(tick)));
        }
        assert_eq!(output.events.event().await.expect("the end"), None);
    });
}

#[test]
fn events_of_rest_xml_are_documents_in_xml() {
    const DOCUMENT: &str = "<Tick><number>7</number><at>2023-11-14T22:13:20.5Z</at></Tick>";
    wait(async {
        for (document, expected) in [
            (DOCUMENT, Ok(DOCUMENT)),
            (
                "<?xml version='1.0'?><Tick><!-- seven --><number>7</number></Tick>",
                Ok("<Tick><number>7</number></Tick>"),
            ),
            ("<Tick></Tick>", Err("/number: a required value is missing")),
            (
                "<Tick><number>seven</number></Tick>",
                Err("/number: expected an integer"),
            ),
            ("<Tick><number>7</Tick>", Err("at line 1 column 16")),
        ] {
            let request = Request::post("/watch")
                .header("content-type", "application/vnd.amazon.eventstream")
                .body(Body::from(tick(document)))
                .expect("a request");
            let response = in_xml().oneshot(request).await.expect("a response");
            let body = response.into_body().collect(1 << 20).await.expect("a body");
            match expected {
                Ok(expected) => assert_eq!(body, tick(expected), "{document}"),
                Err(expected) => {
                    let text = String::from_utf8_lossy(&body);
                    assert!(text.contains("SerializationException"), "{text}");
                    assert!(text.contains(expected), "{document}: {text}");
                }
            }
        }
    });
}

/// The frame of an event with this document.
fn tick(document: &'static str) -> Bytes {
    Message::new(document)
        .header(":message-type", "event")
        .header(":event-type", "tick")
        .header(":content-type", "application/xml")
        .encode()
        .expect("a frame")
}

#[test]
fn clients_use_the_versions_of_http_that_the_model_lists() {
    wait(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (router, versions) = (router(Echo), Arc::clone(&seen));
        let service = service_fn(move |request: Request<Body>| {
            versions.lock().expect("no panic").push(request.version());
            router.clone().oneshot(request)
        });
        tokio::spawn(serve(listener, service).into_future());
        // Polyglot requires HTTP/2 for the events of rpcv2Cbor. Without TLS, nothing negotiates it
        // for other operations.
        for (protocol, expected) in [
            (
                "smithy.protocols#rpcv2Cbor",
                [Version::HTTP_11, Version::HTTP_2],
            ),
            ("aws.protocols#restJson1", [Version::HTTP_11; 2]),
        ] {
            let builder = Client::builder().endpoint(&url).protocol(protocol);
            let client = builder.build().expect("a client");
            let input = TakeOptionalInput::new();
            client.take_optional(input).await.expect("an output");
            let input = WatchInput::new(vec![Events::Tick(Tick::new(1))]);
            let mut output = client.watch(input).await.expect("an output");
            assert!(output.events.event().await.expect("an event").is_some());
            let versions = std::mem::take(&mut *seen.lock().expect("no panic"));
            assert_eq!(versions, expected, "{protocol}");
        }
    });
}

/// Sends a request, and returns the response with its body.
async fn send(request: Request<Body>) -> (Response<()>, Vec<u8>) {
    let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Body>();
    let (parts, body) = client
        .request(request)
        .await
        .expect("a response")
        .into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    (Response::from_parts(parts, ()), body.to_vec())
}

const OPERATION: &str = "/service/Polyglot/operation/TakeOptional";

/// The status of a request, and the content type of its response.
async fn status(
    url: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &'static [u8],
) -> (u16, String) {
    let mut request = Request::post(format!("{url}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let (response, _) = send(request).await;
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map_or("", |value| value.to_str().expect("text"));
    (response.status().as_u16(), content_type.to_owned())
}

#[test]
fn requests_are_recognized_by_headers_and_path() {
    const CBOR: (&str, &str) = ("content-type", "application/cbor");
    const JSON: (&str, &str) = ("content-type", "application/json");
    const IN_CBOR: (&str, &str) = ("smithy-protocol", "rpc-v2-cbor");
    const IN_JSON: (&str, &str) = ("smithy-protocol", "rpc-v2-json");
    const TARGET: (&str, &str) = ("x-amz-target", "Polyglot.TakeOptional");
    let cbor = "application/cbor";
    let json = "application/json";
    let xml = "application/xml";
    let aws_json = "application/x-amz-json-1.0";
    wait(async {
        let url = started().await;
        let absolute = "/service/example.polyglot.Polyglot/operation/TakeOptional";
        let prefixed = &*format!("/any/prefix{OPERATION}");
        for (path, headers, body, expected, media_type) in [
            (OPERATION, &[IN_CBOR, CBOR][..], &b"\xa0"[..], 200, cbor),
            (prefixed, &[IN_CBOR, CBOR], b"\xa0", 200, cbor),
            (absolute, &[IN_CBOR, CBOR], b"\xa0", 200, cbor),
            (OPERATION, &[IN_CBOR], b"", 200, cbor),
            (OPERATION, &[IN_JSON, JSON], b"{}", 200, json),
            // The absolute name of the service is only for CBOR.
            (absolute, &[IN_JSON, JSON], b"{}", 404, json),
            (
                "/",
                &[TARGET, ("content-type", aws_json)],
                b"{}",
                200,
                aws_json,
            ),
            ("/optional", &[JSON], b"{}", 200, json),
            ("/optional", &[], b"", 200, json),
            (
                "/optional",
                &[("content-type", "text/xml")],
                b"<a/>",
                200,
                xml,
            ),
            ("/optional", &[("accept", xml)], b"", 200, xml),
            // The wrong type, and a client that does not accept the right one.
            (OPERATION, &[IN_CBOR, JSON], b"{}", 415, cbor),
            (OPERATION, &[IN_JSON, CBOR], b"\xa0", 415, json),
            (OPERATION, &[IN_CBOR], b"\xa0", 415, cbor),
            (
                OPERATION,
                &[IN_CBOR, CBOR, ("accept", json)],
                b"\xa0",
                406,
                cbor,
            ),
            (
                OPERATION,
                &[IN_CBOR, CBOR, ("accept", "text/html, */*;q=0.1")],
                b"\xa0",
                200,
                cbor,
            ),
            (
                OPERATION,
                &[IN_JSON, JSON, ("accept", cbor)],
                b"{}",
                406,
                json,
            ),
            // No protocol, an unknown one, and several.
            (OPERATION, &[CBOR], b"\xa0", 404, xml),
            (
                OPERATION,
                &[("smithy-protocol", "rpc-v2-xml"), CBOR],
                b"\xa0",
                400,
                cbor,
            ),
            (OPERATION, &[IN_CBOR, IN_JSON, CBOR], b"\xa0", 400, cbor),
            (OPERATION, &[IN_CBOR, TARGET, CBOR], b"\xa0", 400, cbor),
            (
                OPERATION,
                &[IN_CBOR, ("x-amzn-target", "a"), CBOR],
                b"\xa0",
                400,
                cbor,
            ),
            ("/optional", &[IN_CBOR, CBOR], b"\xa0", 404, cbor),
            ("/", &[TARGET, CBOR], b"\xa0", 415, aws_json),
        ] {
            let found = status(&url, path, headers, body).await;
            assert_eq!(
                found,
                (expected, media_type.to_owned()),
                "{path} {headers:?}"
            );
        }
        let get =
            Request::get(format!("{url}{OPERATION}")).header("smithy-protocol", "rpc-v2-cbor");
        let (response, body) = send(get.body(Body::empty()).expect("a request")).await;
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "OPTIONS, POST");
        assert_eq!(response.headers()["smithy-protocol"], "rpc-v2-cbor");
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("MethodNotAllowedException"), "{text}");
    });
}

/// Each protocol has the error for an invalid input in its own form.
#[test]
fn invalid_inputs_are_reported_in_the_form_of_the_protocol() {
    let id = "smithy.framework#ValidationException";
    let name = "ValidationException";
    let path = "/service/Polyglot/operation/CheckValues";
    let target = ("x-amz-target", "Polyglot.CheckValues");
    wait(async {
        let url = started().await;
        for (path, headers, media_type, named) in [
            (
                path,
                ("smithy-protocol", "rpc-v2-cbor"),
                "application/cbor",
                id,
            ),
            (
                path,
                ("smithy-protocol", "rpc-v2-json"),
                "application/json",
                id,
            ),
            ("/", target, "application/x-amz-json-1.0", id),
            ("/", target, "application/x-amz-json-1.1", name),
            ("/check", ("accept", "*/*"), "application/json", name),
        ] {
            let request = Request::post(format!("{url}{path}"))
                .header(headers.0, headers.1)
                .header("content-type", media_type)
                .body(Body::empty())
                .expect("a request");
            let (response, body) = send(request).await;
            assert_eq!(response.status(), 400);
            assert_eq!(response.headers()["content-type"], media_type);
            let text = String::from_utf8_lossy(&body);
            match response.headers().get("x-amzn-errortype") {
                Some(name) => assert_eq!(name, named, "{text}"),
                // The head of the text of the name, which is between 24 and 255 bytes long.
                None if media_type == "application/cbor" => {
                    let head = format!("__typex${named}");
                    assert!(text.contains(&head), "{text}");
                }
                None => {
                    let entry = format!(r#""__type":"{named}""#);
                    assert!(text.contains(&entry), "{text}");
                }
            }
            assert!(text.contains("2 validation errors detected. "), "{text}");
        }
    });
}
