//! Streams that break off, stall or are let go, on both sides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::client::{Body, Error};
use drawplate_fixtures::kitchen_sink::error::PipeError;
use drawplate_fixtures::kitchen_sink::input::{FetchInput, PipeInput};
use drawplate_fixtures::kitchen_sink::output::{FetchOutput, PipeOutput};
use drawplate_fixtures::kitchen_sink::server::{Mock, Router, Unauthenticated, router, serve};
use drawplate_runtime::UnmodeledError;
use drawplate_runtime::http::BodyError;
use futures_util::{StreamExt as _, stream};
use http::{Request, Response};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower::service_fn;

use crate::source::{client, listen, pieces, stalled, torn, wait};

/// A router that receives streams and responds at once, and what it receives.
fn takes() -> (Router, mpsc::UnboundedReceiver<ByteStream>) {
    let (sender, taken) = mpsc::unbounded_channel();
    let mock = Mock::new().on_pipe(move |input| {
        sender.send(input.body).expect("the test waits for it");
        Ok(PipeOutput::new(stalled()))
    });
    (router(mock, Unauthenticated), taken)
}

fn fetches(body: impl Fn() -> ByteStream + Send + Sync + 'static) -> Router {
    router(
        Mock::new().on_fetch(move |_| Ok(FetchOutput::new().image(body()))),
        Unauthenticated,
    )
}

#[test]
fn a_source_that_breaks_is_an_error_of_the_call_and_of_the_stream_that_is_read() {
    wait(async {
        let (router, mut taken) = takes();
        let address = listen(router).await;
        let call = tokio::spawn(client(address).pipe(PipeInput::new(torn())).into_future());
        let body = taken.recv().await.expect("a stream");
        let error = body.collect().await.expect_err("it broke off");
        assert!(matches!(error, BodyError::Broken(_)), "{error}");
        // The head of the response may have arrived before.
        if let Err(error) = call.await.expect("no panic") {
            assert!(matches!(error, Error::Transport(_)), "{error}");
        }
        let (router, mut taken) = takes();
        let call = Client::in_process(router).pipe(PipeInput::new(torn()));
        call.await.expect("the method has returned");
        let error = taken.recv().await.expect("a stream").collect().await;
        let error = error.expect_err("it broke off");
        assert!(
            matches!(&error, BodyError::Broken(why) if why.to_string().contains("disk")),
            "{error:?}"
        );
    });
}

#[test]
fn a_stream_shorter_or_longer_than_declared_is_not_sent_as_complete() {
    wait(async {
        for length in [3, 5] {
            let (router, mut taken) = takes();
            let input = PipeInput::new(pieces(2, 2).with_length(length));
            let client = client(listen(router).await);
            let call = tokio::spawn(client.pipe(input).into_future());
            // Of one that is too long nothing may have been sent, not even the head.
            tokio::select! {
                body = taken.recv() => {
                    let body = body.expect("a stream");
                    assert_eq!(body.length(), Some(length));
                    body.collect().await.expect_err("it breaks off");
                }
                outcome = call => {
                    let error = outcome.expect("no panic").expect_err("it breaks off");
                    assert!(matches!(error, Error::Transport(_)), "{error}");
                }
            }
        }
    });
}

#[test]
fn an_upload_that_stalls_is_an_error_of_the_stream() {
    wait(async {
        let (router, mut taken) = takes();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let server = serve(listener, router).body_timeout(Duration::from_millis(100));
        tokio::spawn(server.into_future());
        let call = tokio::spawn(
            client(address)
                .pipe(PipeInput::new(stalled()))
                .into_future(),
        );
        let mut body = taken.recv().await.expect("a stream");
        assert_eq!(
            body.chunk().await.expect("no error").expect("a piece"),
            "some"
        );
        let error = body.chunk().await.expect_err("nothing comes");
        assert_eq!(error.to_string(), "no bytes of the body arrived for 100ms");
        call.abort();
    });
}

#[test]
fn a_response_that_breaks_off_is_an_error_of_the_stream() {
    wait(async {
        for client in [
            client(listen(fetches(torn)).await),
            Client::in_process(fetches(torn)),
        ] {
            let mut image = client
                .fetch(FetchInput::new("a"))
                .await
                .expect("a head")
                .image;
            let mut read = Vec::new();
            let error = loop {
                match image.chunk().await {
                    Ok(Some(piece)) => read.extend(piece),
                    Ok(None) => panic!("it ended as if it were whole: {read:?}"),
                    Err(error) => break error,
                }
            };
            assert!(read.is_empty() || read == b"some", "{error}: {read:?}");
        }
    });
}

#[test]
fn a_stalled_response_is_an_error_of_the_stream_while_its_reader_waits() {
    wait(async {
        let client = Client::builder()
            .unauthenticated()
            .endpoint("http://a")
            .transport(fetches(stalled))
            .attempt_timeout(Duration::from_millis(100))
            .build()
            .expect("a client");
        let output = client.fetch(FetchInput::new("a")).await;
        let mut image = output.expect("a head").image;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(
            image.chunk().await.expect("no error").expect("a piece"),
            "some"
        );
        let error = image.collect().await.expect_err("nothing comes");
        assert!(matches!(error, BodyError::Stalled { .. }), "{error}");
    });
}

#[test]
fn a_response_of_another_length_than_declared_is_an_error_of_the_stream() {
    wait(async {
        for length in ["3", "5"] {
            let transport = service_fn(move |_: Request<Body>| {
                let response = Response::builder().header("content-length", length);
                std::future::ready(response.body(Body::from("four")))
            });
            let client = Client::builder()
                .unauthenticated()
                .endpoint("http://a")
                .transport(transport);
            let client = client.build().expect("a client");
            let image = client
                .fetch(FetchInput::new("a"))
                .await
                .expect("a head")
                .image;
            let error = image.collect().await.expect_err("it is not as long");
            assert!(
                matches!(
                    error,
                    BodyError::TooShort { .. } | BodyError::TooLong { .. }
                ),
                "{error}"
            );
        }
    });
}

#[test]
fn an_error_response_is_read_even_if_the_request_stream_failed() {
    wait(async {
        let refuse = || {
            router(
                Mock::new().on_pipe(|_| {
                    let why = UnmodeledError::new(409).code("Conflict").message("not now");
                    Err(PipeError::from(why))
                }),
                Unauthenticated,
            )
        };
        for client in [client(listen(refuse()).await), Client::in_process(refuse())] {
            for body in [ByteStream::from("bytes"), pieces(3, 100)] {
                let error = client.pipe(PipeInput::new(body)).await;
                let error = error.expect_err("the method refuses");
                assert_eq!(
                    (error.status(), error.code()),
                    (Some(409), Some("Conflict"))
                );
            }
        }
    });
}

#[test]
fn a_stream_without_a_reader_is_dropped() {
    /// Says when it is dropped.
    struct Dropped(Arc<AtomicBool>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    wait(async {
        let gone = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&gone);
        let router = fetches(move || {
            let guard = Dropped(Arc::clone(&flag));
            ByteStream::from_stream(stream::repeat(()).map(move |()| {
                let _ = &guard;
                Ok::<_, std::io::Error>(Bytes::from_static(&[0; 1024]))
            }))
        });
        let output = client(listen(router).await)
            .fetch(FetchInput::new("a"))
            .await;
        let mut image = output.expect("a head").image;
        image.chunk().await.expect("no error").expect("a piece");
        assert!(!gone.load(Ordering::Relaxed));
        drop(image);
        while !gone.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
}
