//! Bodies that are valid.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::service::{Objects, STREAM, Server, Stream};
use super::{ALGORITHMS, Caller, Error, client, input, put, unchanged};
use drawplate_runtime::ByteStream;

#[tokio::test]
async fn every_caller_can_upload_with_every_algorithm() {
    let data = b"0123456789".repeat(15_000);
    for caller in [Caller::Signed, Caller::SignedChunks, Caller::Anyone] {
        for server in Server::ALL {
            if caller == Caller::Anyone && server.signed {
                continue;
            }
            for algorithm in ALGORITHMS {
                for length in [0, 1, 150_000] {
                    let what = format!("{caller:?} {server:?} {algorithm} {length}");
                    let objects = Arc::new(Objects::default());
                    let client = client(caller, server.router(&objects), 4000, unchanged());
                    let receipt = put(&client, &input(algorithm, &data[..length])).await;
                    let receipt = receipt.map_err(|error| error.to_string()).expect(&what);
                    assert!(*receipt.body.as_ref() == data[..length], "{what}");
                    // The implementation sees the body without the coding.
                    let length = i64::try_from(length).expect("a length");
                    assert_eq!(
                        (receipt.encoding, receipt.length),
                        (None, Some(length)),
                        "{what}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn any_frames_are_decoded() {
    for frame in [1, 2, 3, 63, 64, 65, 1000] {
        for caller in [Caller::Signed, Caller::SignedChunks] {
            for server in Server::ALL {
                let router = server.router(&Arc::default());
                let client = client(caller, router, frame, unchanged());
                let receipt = put(&client, &input("CRC32", b"0123456789")).await;
                let receipt = receipt.map_err(|error| error.to_string());
                assert!(receipt.expect("a receipt").body.as_ref() == b"0123456789");
            }
        }
    }
}

#[tokio::test]
async fn other_encodings_are_kept() {
    for (given, expected) in [("br", "br"), ("br, x-more", "br,x-more")] {
        let router = Server::new(true, true).router(&Arc::default());
        let client = client(Caller::SignedChunks, router, 100, unchanged());
        let input = Stream {
            encoding: Some(given.to_owned()),
            ..input("CRC32", b"abc")
        };
        let receipt = put(&client, &input)
            .await
            .map_err(|error| error.to_string());
        assert_eq!(
            receipt.expect("a receipt").encoding.as_deref(),
            Some(expected)
        );
    }
}

/// Bytes in memory are sent again, with other signatures.
#[tokio::test(start_paused = true)]
async fn a_body_is_sent_again() {
    for caller in [Caller::Signed, Caller::SignedChunks] {
        let objects = Arc::new(Objects {
            failures: 2,
            ..Objects::default()
        });
        let router = Server::new(true, true).router(&objects);
        let client = client(caller, router, 100, unchanged());
        let input = Stream {
            body: ByteStream::from("0123456789"),
            ..input("SHA256", b"")
        };
        let call = client
            .call::<super::Receipt, super::PutError>(&STREAM, &input)
            .retries(drawplate_runtime::client::RetryConfig::default())
            .timeout(Duration::from_secs(60));
        let receipt = call.await.map_err(|error: Error<_>| error.to_string());
        assert!(receipt.expect("a receipt").body.as_ref() == b"0123456789");
        assert_eq!(objects.calls.load(Ordering::Relaxed), 3);
    }
}

/// Limits are those of the decoded body.
#[tokio::test]
async fn a_limit_applies_to_the_decoded_body() {
    for server in Server::ALL {
        for (length, code) in [(100, None), (101, Some("RequestTooLargeException"))] {
            let router = server.router(&Arc::default()).body_limit(100);
            let router = router.body_limit_of(&STREAM, 100);
            let client = client(Caller::SignedChunks, router, 50, unchanged());
            let result = put(&client, &input("CRC32", &vec![b'a'; length])).await;
            let found = result.as_ref().err().and_then(Error::code);
            assert_eq!(found, code, "{server:?} {length}");
        }
    }
}

#[tokio::test]
async fn a_body_in_chunks_needs_its_length() {
    for server in Server::ALL {
        let router = server.router(&Arc::default());
        let client = client(Caller::Signed, router, 50, unchanged());
        let input = Stream {
            body: ByteStream::new(super::Frames::new(b"abc", 1)),
            ..input("CRC32", b"")
        };
        let error = put(&client, &input).await.map(drop).expect_err("no length");
        assert_eq!(
            (error.status(), error.code()),
            (Some(411), Some("MissingContentLength"))
        );
    }
}
