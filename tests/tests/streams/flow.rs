//! Streams go through, in both directions, as fast as they are read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::input::{FetchInput, PipeInput, StreamInput};
use drawplate_fixtures::kitchen_sink::output::{FetchOutput, PipeOutput, StreamOutput};
use drawplate_fixtures::kitchen_sink::server::{Body, Mock, Router, Unauthenticated, router};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::mpsc;

use crate::source::{client, counted, listen, pieces, wait};

/// What sockets and transports may hold between two ends: far more than they do, far less than what
/// is sent.
const BETWEEN: u64 = 32 << 20;

/// Sends the body back.
fn echo() -> Router {
    router(
        Mock::new().on_pipe(|input| {
            let mut output = PipeOutput::new(input.body);
            output.kind = input.kind;
            Ok(output)
        }),
        Unauthenticated,
    )
}

/// Reads to the end and returns the number of bytes. `check` gets the number after each chunk.
async fn drain(mut stream: ByteStream, mut check: impl FnMut(u64)) -> u64 {
    let mut bytes = 0;
    while let Some(piece) = stream.chunk().await.expect("it is complete") {
        bytes += piece.len() as u64;
        check(bytes);
    }
    bytes
}

/// Sends `count` MiB and reads them back: the sender is never far ahead of the receiver, and
/// nothing is sent without a reader.
async fn round_trip(client: &Client, count: u64) {
    let made = Arc::new(AtomicU64::new(0));
    let body = counted(count, 1 << 20, &made);
    let mut input = PipeInput::new(body);
    input.kind = Some("many".into());
    let output = client.pipe(input).await.expect("a response");
    assert_eq!(output.kind.as_deref(), Some("many"));
    let mut most = 0;
    let read = drain(output.body, |read| {
        most = most.max(made.load(Ordering::Relaxed) - read);
    })
    .await;
    assert_eq!(read, count << 20);
    assert!(most < BETWEEN, "the sender was {most} bytes ahead");
}

#[test]
fn half_a_gibibyte_goes_there_and_back_over_a_socket() {
    wait(async { round_trip(&client(listen(echo()).await), 512).await });
}

#[test]
fn streams_of_http2_do_the_same() {
    wait(async {
        let connector = HttpConnector::new();
        let transport = hyper_util::client::legacy::Client::builder(TokioExecutor::new())
            .http2_only(true)
            .build::<_, Body>(connector);
        let client = Client::builder()
            .unauthenticated()
            .endpoint(format!("http://{}", listen(echo()).await))
            .transport(transport)
            .build()
            .expect("a client");
        round_trip(&client, 128).await;
    });
}

#[test]
fn in_process_a_piece_is_made_when_it_is_read() {
    wait(async {
        let client = Client::in_process(echo());
        round_trip(&client, 2000).await;
        let made = Arc::new(AtomicU64::new(0));
        let output = client.pipe(PipeInput::new(counted(9, 10, &made))).await;
        let mut body = output.expect("a response").body;
        assert_eq!(made.load(Ordering::Relaxed), 0, "nobody has read yet");
        body.chunk().await.expect("no error").expect("a piece");
        assert_eq!(made.load(Ordering::Relaxed), 10);
    });
}

#[test]
fn a_stream_is_sent_only_as_fast_as_it_is_read() {
    wait(async {
        let made = Arc::new(AtomicU64::new(0));
        let source = Arc::clone(&made);
        let fetch = Mock::new()
            .on_fetch(move |_| Ok(FetchOutput::new().image(counted(1 << 12, 1 << 20, &source))));
        let client = client(listen(router(fetch, Unauthenticated)).await);
        let output = client
            .fetch(FetchInput::new("a"))
            .await
            .expect("a response");
        let mut before = 0;
        // Until nothing moves: what is between the ends is full.
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let now = made.load(Ordering::Relaxed);
            if now == before && now > 0 {
                break;
            }
            before = now;
        }
        assert!(before < BETWEEN, "{before} bytes were made for nobody");
        drop(output);
    });
}

#[test]
fn a_method_is_called_before_the_body_has_come() {
    wait(async {
        let (sender, mut inputs) = mpsc::unbounded_channel();
        let mock = Mock::new().on_stream(move |input: StreamInput| {
            sender.send(input.body).expect("the test waits for it");
            Ok(StreamOutput::new())
        });
        let client = client(listen(router(mock, Unauthenticated)).await);
        let body = pieces(64, 1 << 20).with_length(64 << 20);
        let call = tokio::spawn(client.stream(StreamInput::new("a", body)).into_future());
        let body = inputs.recv().await.expect("an input");
        assert_eq!(body.length(), Some(64 << 20));
        assert_eq!(drain(body, |_| {}).await, 64 << 20);
        call.await.expect("no panic").expect("a response");
    });
}
