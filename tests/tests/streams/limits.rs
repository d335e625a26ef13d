//! Limits, lengths and encodings of streams.

use std::io::Write as _;

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::input::{FetchInput, PackInput, PipeInput};
use drawplate_fixtures::kitchen_sink::output::{FetchOutput, PackOutput, PipeOutput, StreamOutput};
use drawplate_fixtures::kitchen_sink::server::{Body, Mock, Router, Unauthenticated, router};
use drawplate_fixtures::kitchen_sink::{Client, operation};
use drawplate_runtime::http::{BodyError, BoxError};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Request, Response};
use tokio::sync::mpsc;
use tower::service_fn;
use tower_service::Service as _;

use crate::source::{pieces, wait};

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A request: method, target and headers on lines.
fn request(head: &str, body: impl Into<Body>) -> Request<Body> {
    let mut lines = head.lines();
    let (method, target) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("a method and a target");
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    request.body(body.into()).expect("a request")
}

async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    let mut router = router.clone();
    match router.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// A router that takes streams, and what it takes.
fn takes() -> (Router, mpsc::UnboundedReceiver<ByteStream>) {
    let (sender, taken) = mpsc::unbounded_channel();
    let (pipe, pack) = (sender.clone(), sender.clone());
    let mock = Mock::new()
        .on_pipe(move |input| {
            pipe.send(input.body).expect("the test waits for it");
            Ok(PipeOutput::new(""))
        })
        .on_pack(move |input| {
            let body = input.body.expect("the default is filled in");
            pack.send(body).expect("the test waits for it");
            Ok(PackOutput::new())
        })
        .on_stream(move |input| {
            sender.send(input.body).expect("the test waits for it");
            Ok(StreamOutput::new())
        });
    (router(mock, Unauthenticated), taken)
}

#[test]
fn only_the_limit_of_the_operation_holds_for_a_stream() {
    wait(async {
        let (router, mut taken) = takes();
        let router = router.body_limit(10);
        let response = send(&router, request("PUT /v1/pipe", vec![0; 100])).await;
        assert_eq!(response.status(), 200);
        let body = taken.recv().await.expect("a stream");
        assert_eq!(body.collect().await.expect("all of it").len(), 100);
        let router = router.body_limit_of(&operation::PIPE, 10);
        for (body, status) in [(vec![0; 10], 200), (vec![0; 11], 413)] {
            let response = send(&router, request("PUT /v1/pipe", body)).await;
            assert_eq!(response.status(), status);
        }
        taken.recv().await.expect("the one that was not too long");
        let response = send(&router, request("PUT /v1/pipe", pieces(3, 5))).await;
        assert_eq!(response.status(), 200);
        let body = taken.recv().await.expect("a stream");
        let error = body.collect().await.expect_err("it is too long");
        assert!(
            matches!(error, BodyError::TooLarge { limit: 10 }),
            "{error}"
        );
    });
}

#[test]
fn a_length_that_must_be_known_is_asked_for() {
    wait(async {
        let (router, mut taken) = takes();
        let response = send(&router, request("POST /v1/stream/a", pieces(3, 5))).await;
        assert_eq!(response.status(), 411);
        assert_eq!(
            response.headers()["x-amzn-errortype"],
            "LengthRequiredException"
        );
        let body = pieces(3, 5).with_length(15);
        let response = send(&router, request("POST /v1/stream/a", body)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(taken.recv().await.expect("a stream").length(), Some(15));
    });
}

#[test]
fn compressed_streams_are_decompressed_where_the_model_says_so() {
    wait(async {
        let (router, mut taken) = takes();
        let plain = vec![b'x'; 100_000];
        let packed = gzip(&plain);
        let head = "POST /v1/pack\ncontent-encoding: gzip";
        let mut collect = async |router: &Router, body: ByteStream| {
            assert_eq!(send(router, request(head, body)).await.status(), 200);
            taken.recv().await.expect("a stream").collect().await
        };
        // In pieces, and as two members (RFC 1952 section 2.2).
        let halves = [packed.clone(), packed.clone()].concat();
        let halves = halves
            .chunks(7)
            .map(Bytes::copy_from_slice)
            .map(Ok::<_, BoxError>);
        let halves = halves.collect::<Vec<_>>();
        let body = ByteStream::from_stream(futures_util::stream::iter(halves));
        let body = collect(&router, body).await.expect("it is compressed");
        assert!(body == [&plain[..], &plain].concat());
        let body = collect(&router, packed.clone().into()).await;
        assert!(body.expect("it is compressed") == plain);
        assert_eq!(
            collect(&router, ByteStream::empty())
                .await
                .expect("nothing"),
            ""
        );
        for broken in [&packed[..packed.len() - 5], b"not compressed at all"] {
            let broken = ByteStream::from(broken.to_vec());
            let error = collect(&router, broken).await.expect_err("it is broken");
            assert!(matches!(error, BodyError::Broken(_)), "{error}");
        }
        // Little cannot become much.
        let router = router.body_limit_of(&operation::PACK, 10_000);
        let error = collect(&router, packed.into()).await;
        assert!(matches!(error, Err(BodyError::TooLarge { limit: 10_000 })));
        let response = send(&router, request("PUT /v1/pipe\ncontent-encoding: br", "")).await;
        assert_eq!(response.status(), 415, "the server does not know it");
    });
}

#[test]
fn what_is_compressed_there_is_decompressed_here() {
    wait(async {
        let (router, mut taken) = takes();
        let call = Client::in_process(router).pack(PackInput::new().body(pieces(300, 1000)));
        call.await.expect("a response");
        let body = taken.recv().await.expect("a stream").collect().await;
        assert!(body.expect("it is compressed") == vec![b'x'; 300_000]);
        // Responses, which a proxy may have compressed.
        let packed = gzip(&vec![b'y'; 50_000]);
        let transport = service_fn(move |_: Request<Body>| {
            let response = Response::builder().header("content-encoding", "gzip");
            std::future::ready(response.body(Body::from(packed.clone())))
        });
        let client = Client::builder()
            .unauthenticated()
            .endpoint("http://a")
            .transport(transport);
        let client = client.build().expect("a client");
        let image = client
            .fetch(FetchInput::new("a"))
            .await
            .expect("a response")
            .image;
        assert!(image.collect().await.expect("it is compressed") == vec![b'y'; 50_000]);
    });
}

#[test]
fn a_streamed_response_may_exceed_the_limit_for_buffered_ones() {
    wait(async {
        let echo = router(
            Mock::new().on_pipe(|input| Ok(PipeOutput::new(input.body))),
            Unauthenticated,
        );
        let client = Client::builder()
            .unauthenticated()
            .endpoint("http://a")
            .transport(echo);
        let client = client.max_response_bytes(10).build().expect("a client");
        let output = client.pipe(PipeInput::new(vec![0; 1000])).await;
        let body = output.expect("a response").body;
        assert_eq!(body.collect().await.expect("all of it").len(), 1000);
    });
}

#[test]
fn a_head_says_the_length_if_it_is_known_and_reads_nothing() {
    wait(async {
        for (body, length) in [
            (ByteStream::from("abc"), Some("3")),
            (pieces(3, 5).with_length(15), Some("15")),
            (pieces(3, 5), None),
        ] {
            let mock = Mock::new();
            let image = body.clone();
            let router = router(
                mock.on_fetch(move |_| Ok(FetchOutput::new().image(image.clone()))),
                Unauthenticated,
            );
            let response = send(&router, request("HEAD /v1/fetch/a", "")).await;
            assert_eq!(response.status(), 200);
            let header = response.headers().get("content-length");
            assert_eq!(header.map(|value| value.to_str().expect("digits")), length);
            assert_eq!(response.headers()["content-type"], "image/png");
            let body = response.into_body().collect(0).await;
            assert_eq!(body.expect("no body"), "");
        }
    });
}
