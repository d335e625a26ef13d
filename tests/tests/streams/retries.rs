//! Calls that send streams and are tried again, or take their time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::client::{Body, ConnectError, Error, RetryConfig};
use drawplate_fixtures::kitchen_sink::input::{PipeInput, StreamInput};
use drawplate_runtime::http::BoxError;
use futures_util::{StreamExt as _, stream};
use http::{Request, Response, StatusCode};
use tower::service_fn;

use crate::source::{pieces, stalled, wait};

/// What the transport does with the first attempt; it sends the bodies of the others back.
#[derive(Clone, Copy, Debug)]
enum First {
    /// Fails before anything is sent.
    Unsent,
    /// Fails, and it is not known what was sent; nothing of the body was read.
    Unread,
    /// Responds with 503 without reading the body.
    Refused,
    /// Responds with 503 when the body was read.
    Failed,
    /// Fails within the body.
    Within,
}

fn client(first: First) -> (Client, Arc<AtomicU64>) {
    let attempts = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&attempts);
    let transport = service_fn(move |request: Request<Body>| {
        let attempt = count.fetch_add(1, Ordering::Relaxed);
        async move {
            let mut body = ByteStream::from(request.into_body());
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            match first {
                _ if attempt > 0 => Ok(Response::new(body.collect().await?.into())),
                First::Unsent => Err(BoxError::from(ConnectError::new("no route"))),
                First::Unread => Err("reset".into()),
                First::Refused => Ok(response),
                First::Failed => {
                    body.collect().await?;
                    Ok(response)
                }
                First::Within => {
                    body.chunk().await?;
                    Err("reset".into())
                }
            }
        }
    });
    let client = Client::builder()
        .unauthenticated()
        .endpoint("https://host.example")
        .retries(RetryConfig::default().backoff(Duration::ZERO, Duration::ZERO))
        .transport(transport);
    (client.build().expect("a client"), attempts)
}

/// `attempts` of a call that may be repeated, since the operation is idempotent, and whose body is
/// `body`.
fn check(first: First, body: ByteStream, attempts: u64) {
    let (client, made) = client(first);
    let outcome = wait(async {
        let output = client.pipe(PipeInput::new(body)).await?;
        Ok::<_, BoxError>(output.body.collect().await?)
    });
    assert_eq!(
        made.load(Ordering::Relaxed),
        attempts,
        "{first:?}: {outcome:?}"
    );
    match outcome {
        Ok(body) => assert!(attempts > 1 && body == "xxxx", "{first:?}: {body:?}"),
        Err(error) => assert_eq!(attempts, 1, "{first:?}: {error}"),
    }
}

#[test]
fn a_stream_is_sent_again_only_if_none_of_it_was_read() {
    for first in [First::Unsent, First::Unread, First::Refused] {
        check(first, pieces(2, 2), 2);
        check(first, "xxxx".into(), 2);
    }
    for first in [First::Failed, First::Within] {
        check(first, pieces(2, 2), 1);
        check(first, "xxxx".into(), 2);
    }
}

#[test]
fn an_operation_that_is_not_safe_is_not_repeated_for_its_stream() {
    for (first, attempts) in [(First::Unsent, 2), (First::Unread, 1), (First::Refused, 1)] {
        let (client, made) = client(first);
        let body = pieces(2, 2).with_length(4);
        let _ = wait(client.stream(StreamInput::new("a", body)).into_future());
        assert_eq!(made.load(Ordering::Relaxed), attempts, "{first:?}");
    }
}

/// A transport that reads a whole body and sends an empty response.
fn patient() -> Client {
    let transport = service_fn(|request: Request<Body>| async {
        request.into_body().collect(usize::MAX).await?;
        Ok::<_, BoxError>(Response::new(Body::empty()))
    });
    let client = Client::builder()
        .unauthenticated()
        .endpoint("https://host.example")
        .attempt_timeout(Duration::from_millis(150))
        .timeout(Duration::from_millis(400))
        .transport(transport);
    client.build().expect("a client")
}

#[test]
fn a_stream_may_take_longer_than_a_timeout_as_long_as_it_moves() {
    wait(async {
        let slow = stream::iter(0..14).then(|_| async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok::<_, BoxError>(Bytes::from_static(b"x"))
        });
        let body = ByteStream::from_stream(slow);
        let call = patient().pipe(PipeInput::new(body)).await;
        call.expect("700 ms, in steps of 50");
        let call = patient().pipe(PipeInput::new(stalled())).await;
        let error = call.expect_err("it stands still");
        assert!(matches!(error, Error::Timeout(_)), "{error}");
        assert_eq!(error.attempts(), 1);
    });
}
