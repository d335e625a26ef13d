//! The requests that streams are sent by.

use std::io::Read as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::client::{Body, Builder, Credentials, Error};
use drawplate_fixtures::kitchen_sink::input::{PackInput, PipeInput, StreamInput};
use flate2::read::GzDecoder;
use http::{Request, Response};
use tower::service_fn;

use crate::source::{pieces, wait};

/// What was sent.
type Sent = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A client whose requests are kept, with empty responses.
fn client(configure: impl FnOnce(Builder<Client>) -> Builder<Client>) -> (Client, Sent) {
    let sent = Sent::default();
    let kept = Arc::clone(&sent);
    let transport = service_fn(move |request: Request<Body>| {
        let kept = Arc::clone(&kept);
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(usize::MAX).await?;
            let mut kept = kept.lock().expect("no panic");
            kept.push(Request::from_parts(parts, body));
            Ok::<_, drawplate_runtime::http::BoxError>(Response::new(Body::empty()))
        }
    });
    let builder = Client::builder()
        .unauthenticated()
        .endpoint("https://host.example")
        .transport(transport);
    (configure(builder).build().expect("a client"), sent)
}

fn last(sent: &Sent) -> Request<Bytes> {
    let mut sent = sent.lock().expect("no panic");
    assert_eq!(sent.len(), 1, "it was sent once");
    sent.remove(0)
}

#[track_caller]
fn check(request: &Request<Bytes>, header: &str, expected: Option<&str>) {
    let value = request.headers().get(header);
    let value = value.map(|value| value.to_str().expect("visible characters"));
    assert_eq!(value, expected, "{header}");
}

#[test]
fn a_known_length_is_sent() {
    let (client, sent) = client(|builder| builder);
    for (body, length) in [
        (ByteStream::from("xxxx"), Some("4")),
        (pieces(2, 2).with_length(4), Some("4")),
        (pieces(2, 2), None),
    ] {
        wait(client.pipe(PipeInput::new(body).kind("k")).into_future()).expect("a response");
        let request = last(&sent);
        check(&request, "content-length", length);
        check(&request, "content-type", Some("application/octet-stream"));
        check(&request, "x-kind", Some("k"));
        assert_eq!(request.body(), "xxxx");
    }
}

#[test]
fn a_length_that_must_be_known_is_asked_for_before_anything_is_sent() {
    let (client, sent) = client(|builder| builder);
    let error = wait(
        client
            .stream(StreamInput::new("a", pieces(2, 2)))
            .into_future(),
    );
    let error = error.expect_err("nobody knows the length");
    assert!(matches!(error, Error::Request(_)));
    assert_eq!(
        error.to_string(),
        "Stream: cannot build the request: the length of `body` must be known before it is sent: set it with `ByteStream::with_length`"
    );
    assert!(sent.lock().expect("no panic").is_empty());
    let input = StreamInput::new("a", pieces(2, 2).with_length(4));
    wait(client.stream(input).into_future()).expect("a response");
    check(&last(&sent), "content-length", Some("4"));
}

#[test]
fn a_stream_is_sent_once_and_bytes_as_often_as_one_likes() {
    let (client, sent) = client(|builder| builder);
    let input = PipeInput::new("bytes");
    for _ in 0..2 {
        wait(client.pipe(input.clone()).into_future()).expect("a response");
        assert_eq!(last(&sent).body(), "bytes");
    }
    let input = PipeInput::new(pieces(1, 1));
    wait(client.pipe(input.clone()).into_future()).expect("a response");
    assert_eq!(last(&sent).body(), "x");
    let error = wait(client.pipe(input).into_future()).expect_err("it is gone");
    assert_eq!(
        error.to_string(),
        "Pipe: cannot build the request: `body`: the stream was already sent or read; a stream can be consumed only once"
    );
    assert!(sent.lock().expect("no panic").is_empty());
}

#[test]
fn streams_are_compressed_on_their_way_where_the_model_says_so() {
    let (client, sent) = client(|builder| builder);
    wait(
        client
            .pack(PackInput::new().body(pieces(100, 1 << 10)))
            .into_future(),
    )
    .expect("a response");
    let request = last(&sent);
    check(&request, "content-encoding", Some("gzip"));
    check(&request, "content-length", None);
    let mut plain = Vec::new();
    GzDecoder::new(&request.body()[..])
        .read_to_end(&mut plain)
        .expect("it is compressed");
    assert!(plain == vec![b'x'; 100 << 10] && request.body().len() < 4 << 10);
    // A body in memory is compressed if it is long enough.
    wait(client.pack(PackInput::new().body("small")).into_future()).expect("a response");
    check(&last(&sent), "content-encoding", None);
}

#[test]
fn signatures_cover_bodies_in_memory() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_mins(24_015_636);
    let (client, sent) = client(|builder| {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret");
        builder.clock(move || time).sigv4(credentials, "eu-west-1")
    });
    let signature = |body: ByteStream| {
        wait(client.pipe(PipeInput::new(body)).into_future()).expect("a response");
        let request = last(&sent);
        let header = |name| request.headers().get(name).cloned();
        (
            header("x-amz-content-sha256"),
            header("authorization").expect("a signature"),
        )
    };
    let (hash, one) = signature("one".into());
    assert_eq!(hash, None);
    assert_ne!(signature("two".into()).1, one);
    let (hash, three) = signature(ByteStream::from("six").with_length(3));
    assert_eq!(hash.expect("it is said"), "UNSIGNED-PAYLOAD");
    assert!(
        three
            .to_str()
            .expect("text")
            .contains("x-amz-content-sha256")
    );
    assert_eq!(signature(ByteStream::from("ten").with_length(3)).1, three);
}
