//! The examples of S3: an object of 65 KiB in chunks of 64 KiB (Amazon S3 API reference, "Signature
//! calculations for the Authorization header: transferring payload in multiple chunks", and
//! "Signature calculations for trailing headers").

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use drawplate_runtime::server::Body;
use http::Request;
use tower_service::Service as _;

use super::Frames;
use super::service::Server;

/// 2013-05-24T00:00:00Z.
const TIME: Duration = Duration::from_secs(1_369_353_600);

struct Example {
    /// The headers that only this example has.
    headers: &'static [(&'static str, &'static str)],
    signed_headers: &'static str,
    signature: &'static str,
    /// The signatures of the chunks.
    chunks: [&'static str; 3],
    trailer: &'static str,
}

const CHUNKS: Example = Example {
    headers: &[
        ("content-length", "66824"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
    ],
    signed_headers: "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
                     x-amz-decoded-content-length;x-amz-storage-class",
    signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    chunks: [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ],
    trailer: "",
};

const TRAILER: Example = Example {
    headers: &[
        (
            "x-amz-content-sha256",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        ),
        ("x-amz-trailer", "x-amz-checksum-crc32c"),
    ],
    signed_headers: "content-encoding;host;x-amz-content-sha256;x-amz-date;\
                     x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
    signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    chunks: [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ],
    trailer: "x-amz-checksum-crc32c:sOO8/Q==\r\n\
              x-amz-trailer-signature:\
              d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n",
};

/// Sends an example, and returns the status and the body of the response.
async fn send(example: &Example, byte: u8, streams: bool) -> (u16, String) {
    let mut body = Vec::new();
    for (size, signature) in [65_536, 1024, 0].into_iter().zip(example.chunks) {
        body.extend(format!("{size:x};chunk-signature={signature}\r\n").bytes());
        if size > 0 {
            body.extend(vec![byte; size]);
            body.extend(b"\r\n");
        }
    }
    body.extend(format!("{}\r\n", example.trailer).bytes());
    let credential = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
    let (signed, signature) = (example.signed_headers, example.signature);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={signed},Signature={signature}"
    );
    let mut request = Request::put("/examplebucket/chunkObject.txt")
        .header("host", "s3.amazonaws.com")
        .header("x-amz-date", "20130524T000000Z")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", "66560")
        .header("authorization", authorization);
    for (name, value) in example.headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Frames::new(&body, 5000)).expect("a request");
    let clock = || SystemTime::UNIX_EPOCH + TIME;
    let router = Server::new(true, streams).router_with(&Arc::default(), |it| it.clock(clock));
    let Ok(response) = { router }.call(request).await;
    let status = response.status().as_u16();
    let body = Body::collect(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn the_examples_of_s3_are_valid() {
    for example in [&CHUNKS, &TRAILER] {
        for streams in [true, false] {
            let (status, body) = send(example, b'a', streams).await;
            assert_eq!(status, 200, "{body}");
            assert!(body.contains("<Length>66560</Length>"));
            let (status, body) = send(example, b'b', streams).await;
            let code = if streams {
                "<Code>StreamFailed</Code>"
            } else {
                "<Code>SignatureDoesNotMatch</Code>"
            };
            assert!(
                (400..=403).contains(&status) && body.contains(code),
                "{body}"
            );
            let expected = "the signature of a chunk or trailer does not match it";
            assert!(body.contains(expected), "{body}");
        }
    }
}
