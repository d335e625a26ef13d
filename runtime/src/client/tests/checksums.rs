//! Checksums of requests and responses.

use std::time::{Duration, SystemTime};

use super::presigned::{Upload, upload};
use super::script::Seen;
use super::{GET, Page, Script, ThingError, client, response, thing};
use crate::ByteStream;
use crate::client::{Body, Credentials, Inner};
use crate::protocol::service::{Operation, OperationTraits, RequestChecksum, ResponseChecksum};

const PAGE: &str = r#"{"names":[],"size":1}"#;
/// The CRC-32 of `PAGE`, computed by zlib.
const SUM: &str = "PyCgJg==";

static UPLOAD: Operation = upload(OperationTraits {
    idempotent: true,
    checksum: Some(RequestChecksum {
        algorithm: None,
        required: true,
    }),
    ..OperationTraits::NONE
});

static CHECKED: Operation = Operation {
    traits: OperationTraits {
        response_checksum: Some(ResponseChecksum {
            mode: "x-amz-checksum-mode",
            algorithms: &["CRC32", "SHA1"],
        }),
        ..OperationTraits::NONE
    },
    ..GET
};

fn signing(script: &Script) -> Inner {
    client(script)
        .sigv4(Credentials::new("AKID", "SECRET"), "eu-west-1")
        .clock(|| SystemTime::UNIX_EPOCH)
        .build()
        .expect("a client")
}

fn input(body: ByteStream) -> Upload {
    Upload {
        name: "a".to_owned(),
        body,
        ..Upload::default()
    }
}

fn header<'s>(seen: &'s Seen, name: &str) -> Option<&'s str> {
    let value = seen.headers.get(name)?;
    Some(value.to_str().expect("a text"))
}

/// A stream that is not in memory.
fn stream(bytes: &'static [u8]) -> ByteStream {
    ByteStream::new(crate::http::length::Measured::exactly(
        Body::from(bytes),
        bytes.len() as u64,
    ))
}

#[tokio::test]
async fn the_checksum_of_bytes_is_a_header() {
    let script = Script::new([response(200, &[], PAGE)]);
    let client = signing(&script);
    let call = client.call::<Page, ThingError>(&UPLOAD, &input("123456789".into()));
    call.await.expect("an output");
    let seen = &script.seen()[0];
    assert_eq!(header(seen, "x-amz-checksum-crc32"), Some("y/Q5Jg=="));
    assert_eq!(header(seen, "x-amz-trailer"), None);
    assert_eq!(seen.body, "123456789");
    let authorization = header(seen, "authorization").expect("a signature");
    assert!(
        authorization.contains(";x-amz-checksum-crc32;"),
        "{authorization}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_checksum_of_a_stream_follows_it() {
    let script = Script::new([response(503, &[], ""), response(200, &[], PAGE)]);
    let client = signing(&script);
    let bytes = stream(b"123456789").with_length(9);
    let call = client.call::<Page, ThingError>(&UPLOAD, &input(bytes));
    let result = call.timeout(Duration::from_secs(60)).await;
    let seen = script.seen();
    // A stream that was read is not sent again.
    assert_eq!((seen.len(), result.is_ok()), (1, false));
    let seen = &seen[0];
    let expected = "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n";
    assert_eq!(seen.body, expected);
    for (name, expected) in [
        ("content-encoding", Some("aws-chunked")),
        ("content-length", None),
        ("x-amz-checksum-crc32", None),
        (
            "x-amz-content-sha256",
            Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        ),
        ("x-amz-decoded-content-length", Some("9")),
        ("x-amz-trailer", Some("x-amz-checksum-crc32")),
    ] {
        assert_eq!(header(seen, name), expected, "{name}");
    }
}

#[tokio::test]
async fn the_chunks_of_a_stream_are_signed_without_tls() {
    let script = Script::new([response(200, &[], PAGE)]);
    let client = client(&script)
        .endpoint("http://things.example")
        .sigv4(Credentials::new("AKID", "SECRET"), "eu-west-1")
        .build()
        .expect("a client");
    let bytes = stream(b"123456789").with_length(9);
    let call = client.call::<Page, ThingError>(&UPLOAD, &input(bytes));
    call.await.expect("an output");
    let seen = &script.seen()[0];
    let payload = header(seen, "x-amz-content-sha256");
    assert_eq!(payload, Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"));
    let body = String::from_utf8_lossy(&seen.body);
    let lines = body.split("\r\n").collect::<Vec<_>>();
    let [first, data, last, sum, signature, "", ""] = lines[..] else {
        panic!("{body}");
    };
    assert_eq!((data, sum), ("123456789", "x-amz-checksum-crc32:y/Q5Jg=="));
    for (line, start) in [
        (first, "9;chunk-signature="),
        (last, "0;chunk-signature="),
        (signature, "x-amz-trailer-signature:"),
    ] {
        let digits = line.strip_prefix(start).expect(start);
        assert_eq!(digits.len(), 64, "{line}");
    }
}

#[tokio::test]
async fn responses_are_verified() {
    for (headers, is_valid) in [
        (&[][..], true),
        (&[("x-amz-checksum-crc32", SUM)], true),
        (&[("x-amz-checksum-crc32", "AAAAAA==")], false),
        (&[("x-amz-checksum-crc32", "AAAAAA==-3")], true),
        (&[("x-amz-checksum-sha256", "AAAAAA==")], true),
    ] {
        let script = Script::new([response(200, headers, PAGE)]);
        let client = client(&script)
            .retries(crate::client::RetryConfig::none())
            .build()
            .expect("a client");
        let result = client.call::<Page, ThingError>(&CHECKED, &thing()).await;
        assert_eq!(
            header(&script.seen()[0], "x-amz-checksum-mode"),
            Some("ENABLED")
        );
        match result {
            Ok(_) => assert!(is_valid, "{headers:?}"),
            Err(error) => {
                let text = error.to_string();
                assert!(!is_valid, "{headers:?}: {text}");
                let expected = "the response is damaged: the body does not match \
                                `x-amz-checksum-crc32`";
                assert!(text.contains(expected), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_presigned_request_has_no_checksum_that_the_input_does_not_have() {
    let client = signing(&Script::default());
    let call = client.call::<Page, ThingError>(&CHECKED, &thing());
    let request = call
        .presign(Duration::from_secs(60))
        .await
        .expect("a request");
    let text = format!("{request:?} {}", request.uri());
    assert!(!text.contains("checksum"), "{text}");
    let call = client.call::<Page, ThingError>(&UPLOAD, &input(ByteStream::default()));
    let request = call
        .presign(Duration::from_secs(60))
        .await
        .expect("a request");
    let text = format!("{request:?} {}", request.uri());
    assert!(!text.contains("checksum"), "{text}");
}
