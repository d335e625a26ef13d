//! What the head of a request states about a body in chunks.

use std::sync::Arc;

use drawplate_runtime::server::Body;
use http::{HeaderMap, HeaderValue, Request};
use tower_service::Service as _;

use super::service::Server;
use super::{Caller, Change, client, input, put};

const SHA256: &str = "x-amz-content-sha256";
const UNSIGNED: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const CHUNKS: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const EVENTS: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";

/// Sends a request with these headers to a server without signatures. Returns the status and the
/// code of an error.
async fn send(headers: &[(&'static str, &str)], body: &'static str) -> (u16, String) {
    let mut request = Request::put("/bucket/key");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let Ok(response) = { Server::new(false, false).router(&Arc::default()) }
        .call(request)
        .await;
    let status = response.status().as_u16();
    let body = response.into_body().collect(10_000).await.expect("a body");
    let body = String::from_utf8_lossy(&body).into_owned();
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    (
        status,
        code.map_or(String::new(), |(code, _)| code.to_owned()),
    )
}

async fn check(headers: &[(&'static str, &str)], body: &'static str, status: u16, code: &str) {
    assert_eq!(
        send(headers, body).await,
        (status, code.to_owned()),
        "{headers:?}"
    );
}

#[tokio::test]
async fn a_header_tells_that_a_body_has_chunks() {
    const CRC32: (&str, &str) = ("x-amz-trailer", "x-amz-checksum-crc32");
    const LENGTH: (&str, &str) = ("x-amz-decoded-content-length", "9");
    const CODING: (&str, &str) = ("content-encoding", "aws-chunked");
    const PLAIN: &str = "9\r\n123456789\r\n0\r\n\r\n";
    const TRAILER: &str = "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n";
    for headers in [
        &[CODING, LENGTH][..],
        &[(SHA256, CHUNKS), LENGTH],
        &[("content-encoding", "br, AWS-Chunked"), LENGTH],
        &[("content-encoding", "aws-chunked,br"), LENGTH],
    ] {
        check(headers, PLAIN, 200, "").await;
    }
    for headers in [
        &[CODING, LENGTH, CRC32][..],
        &[(SHA256, UNSIGNED), LENGTH, CRC32],
        &[CODING, LENGTH, ("x-amz-trailer", " X-Amz-Checksum-CRC32 ")],
    ] {
        check(headers, TRAILER, 200, "").await;
    }
    for headers in [
        &[(SHA256, UNSIGNED), LENGTH][..],
        &[(SHA256, CHUNKS), LENGTH, CRC32],
        &[CODING, LENGTH, ("x-amz-trailer", "x-amz-meta-more")],
        &[CODING, LENGTH, ("x-amz-trailer", "")],
        &[CODING, LENGTH, CRC32, CRC32],
        &[CODING, ("x-amz-decoded-content-length", "+9")],
        &[CODING, ("x-amz-decoded-content-length", "-9")],
        &[
            CODING,
            ("x-amz-decoded-content-length", "99999999999999999999"),
        ],
        &[CODING, LENGTH, LENGTH],
    ] {
        check(headers, PLAIN, 400, "InvalidRequest").await;
    }
    check(&[CODING], PLAIN, 411, "MissingContentLength").await;
    let twice = [CODING, ("content-encoding", "aws-chunked"), LENGTH];
    check(&twice, PLAIN, 415, "UnsupportedMediaTypeException").await;
    let huge = [
        CODING,
        ("x-amz-decoded-content-length", "18446744073709551615"),
    ];
    check(&huge, PLAIN, 413, "RequestTooLargeException").await;
    // Without any of the headers, it is a body that looks like chunks.
    let (status, _) = send(&[LENGTH, CRC32], PLAIN).await;
    assert_eq!(status, 200);
}

/// Headers of a request that a caller has signed.
async fn signed(change: impl Fn(&mut HeaderMap) + Send + Sync + 'static) -> (u16, String) {
    let change: Arc<Change> = Arc::new(move |headers, _| change(headers));
    let router = Server::new(true, false).router(&Arc::default());
    let client = client(Caller::SignedChunks, router, 100, change);
    match put(&client, &input("CRC32", b"abc")).await {
        Ok(_) => (200, String::new()),
        Err(error) => (
            error.status().unwrap_or_default(),
            error.code().unwrap_or_default().to_owned(),
        ),
    }
}

#[tokio::test]
async fn what_the_signature_covers_cannot_be_changed() {
    let set = |name: &'static str, value: &'static str| {
        move |headers: &mut HeaderMap| {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    assert_eq!(signed(|_| {}).await, (200, String::new()));
    let mismatch = (403, "SignatureDoesNotMatch".to_owned());
    for (name, value) in [
        (SHA256, UNSIGNED),
        (SHA256, CHUNKS),
        (SHA256, "UNSIGNED-PAYLOAD"),
        ("x-amz-decoded-content-length", "2"),
        ("x-amz-trailer", "x-amz-checksum-sha256"),
    ] {
        assert_eq!(signed(set(name, value)).await, mismatch, "{name}");
    }
    let removed = |headers: &mut HeaderMap| drop(headers.remove("x-amz-trailer"));
    assert_eq!(signed(removed).await, mismatch);
    let unsupported = (501, "NotImplemented".to_owned());
    assert_eq!(signed(set(SHA256, EVENTS)).await, unsupported);
    let ecdsa = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
    assert_eq!(signed(set(SHA256, ecdsa)).await, unsupported);
}

/// The chunks are those of the request: they cannot be sent in another one.
#[tokio::test]
async fn chunks_of_another_request_are_rejected() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let capture: Arc<Change> = Arc::new(move |_, body| {
        sender.send(body.clone()).expect("a receiver");
    });
    let server = Server::new(true, false);
    let first = client(
        Caller::SignedChunks,
        server.router(&Arc::default()),
        100,
        capture,
    );
    let sent = put(&first, &input("CRC32", b"abc")).await;
    assert!(sent.is_ok());
    let captured = receiver.recv().expect("a body");
    let replay: Arc<Change> = Arc::new(move |_, body| body.clone_from(&captured));
    let second = client(
        Caller::SignedChunks,
        server.router(&Arc::default()),
        100,
        replay,
    );
    let other = super::Stream {
        key: "other".to_owned(),
        ..input("CRC32", b"abc")
    };
    let error = put(&second, &other)
        .await
        .map(drop)
        .expect_err("other signatures");
    assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
}

/// A checksum in a header is verified in the same way, without chunks and with them.
#[tokio::test]
async fn a_checksum_in_a_header_is_verified() {
    const CHUNKS: &str = "9\r\n123456789\r\n0\r\n\r\n";
    const LENGTH: (&str, &str) = ("x-amz-decoded-content-length", "9");
    const CODING: (&str, &str) = ("content-encoding", "aws-chunked");
    for (sum, status, code) in [
        ("y/Q5Jg==", 200, ""),
        ("AAAAAA==", 400, "BadDigest"),
        ("AAAAAA==-3", 200, ""),
    ] {
        let header = ("x-amz-checksum-crc32", sum);
        check(&[header], "123456789", status, code).await;
        check(&[header, CODING, LENGTH], CHUNKS, status, code).await;
    }
}
