//! Signatures of AWS on the server: in headers and in queries, and what is wrong with them.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::locker;
use drawplate_fixtures::vault::client::{Call, Credentials, PresignedRequest};
use drawplate_fixtures::vault::error::PutSignedError;
use drawplate_fixtures::vault::input::{PutSignedInput, UploadInput};
use drawplate_fixtures::vault::output::PutSignedOutput;
use drawplate_fixtures::vault::server::{AccessKey, Body, SigV4Verifier, Verifiers, router};
use drawplate_fixtures::vault::{Client, server};
use http::{HeaderMap, Request, Response, StatusCode};
use tower_service::Service as _;

use super::{ACCESS_KEY, Caller, Doorman, SECRET_KEY, caller, signatures, verifiers};

/// 2015-08-30T12:36:00Z.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::new(1_440_938_160, 0)
}

/// The service at that time, for signatures in one region.
fn vault() -> server::Router {
    let sigv4 = signatures().region("eu-west-1").clock(now);
    router(
        Doorman,
        Verifiers {
            sigv4,
            ..verifiers()
        },
    )
}

fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY)
}

fn client(credentials: Credentials, region: &str, time: SystemTime) -> Client {
    Client::builder()
        .endpoint("http://vault.example:8080")
        .transport(vault())
        .sigv4(credentials, region)
        .clock(move || time)
        .build()
        .expect("a client")
}

fn signed() -> PutSignedInput {
    PutSignedInput::new("a b/ä+").tag("x y&z=+").text("secret")
}

async fn put(client: &Client) -> Result<String, String> {
    caller(client.put_signed(signed()).await.map(|it| it.caller))
}

/// Sends a request, and returns the error code, or nothing for a success.
async fn send(request: Request<Body>) -> (StatusCode, String) {
    let Ok(response) = vault().call(request).await;
    let code = response.headers().get("x-amzn-errortype");
    let code = code.map_or("", |code| code.to_str().expect("text"));
    (response.status(), code.to_owned())
}

#[tokio::test]
async fn our_signatures_are_valid() {
    let client = client(credentials(), "eu-west-1", now());
    assert_eq!(put(&client).await.as_deref(), Ok("signed a b/ä+ secret"));
    let temporary = Credentials::new("TEMPORARY", SECRET_KEY).session_token("session");
    let client = self::client(temporary, "eu-west-1", now());
    assert_eq!(put(&client).await.as_deref(), Ok("temporary a b/ä+ secret"));
}

#[tokio::test]
async fn a_stream_is_not_covered() {
    let client = client(credentials(), "eu-west-1", now());
    let chunks = ["ab", "cde"].map(Ok::<_, std::io::Error>);
    let stream = ByteStream::from_stream(futures_util::stream::iter(chunks));
    let output = client.upload(UploadInput::new(stream)).await;
    assert_eq!(output.expect("a signature").length, Some(5));
}

#[tokio::test]
async fn what_is_wrong_has_a_code_of_aws() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let wrong = Credentials::new(ACCESS_KEY, "wrong");
    let token = credentials().session_token("session");
    let no_token = Credentials::new("TEMPORARY", SECRET_KEY);
    let other_token = Credentials::new("TEMPORARY", SECRET_KEY).session_token("other");
    let stranger = Credentials::new("STRANGER", SECRET_KEY);
    let (signature, client_id) = ("InvalidSignatureException", "UnrecognizedClientException");
    for (credentials, region, time, code) in [
        (wrong, "eu-west-1", now(), signature),
        (credentials(), "us-east-1", now(), signature),
        (credentials(), "eu-west-1", now() - minutes(16), signature),
        (credentials(), "eu-west-1", now() + minutes(16), signature),
        (token, "eu-west-1", now(), client_id),
        (no_token, "eu-west-1", now(), client_id),
        (other_token, "eu-west-1", now(), client_id),
        (stranger, "eu-west-1", now(), client_id),
    ] {
        let client = client(credentials, region, time);
        let error = client.put_signed(signed()).await.expect_err(code);
        assert_eq!((error.status(), error.code()), (Some(403), Some(code)));
    }
    // Clocks may differ a little.
    for time in [now() - minutes(14), now() + minutes(14)] {
        assert!(put(&client(credentials(), "eu-west-1", time)).await.is_ok());
    }
}

#[tokio::test]
async fn an_unsigned_request_has_no_challenge() {
    let request = Request::post("/signed/x").body(Body::empty());
    let (status, code) = send(request.expect("a request")).await;
    assert_eq!(
        (status.as_u16(), &*code),
        (403, "MissingAuthenticationTokenException")
    );
}

/// The signed request of a call, as a transport sends it, with other headers.
async fn captured(change: impl FnOnce(&mut HeaderMap)) -> Request<Bytes> {
    let mut request = captured_call(|call| call).await;
    change(request.headers_mut());
    request
}

/// The signed request of a call, as a transport sends it.
async fn captured_call(
    set: impl FnOnce(Call<PutSignedOutput, PutSignedError>) -> Call<PutSignedOutput, PutSignedError>,
) -> Request<Bytes> {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let capture = tower::service_fn(move |request: Request<Body>| {
        let sender = sender.clone();
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(usize::MAX).await.expect("a body");
            sender
                .send(Request::from_parts(parts, body))
                .expect("a receiver");
            Ok::<_, std::convert::Infallible>(Response::new(Body::from("{}")))
        }
    });
    let client = Client::builder()
        .endpoint("http://vault.example:8080")
        .transport(capture)
        .sigv4(credentials(), "eu-west-1")
        .clock(now)
        .build()
        .expect("a client");
    set(client.put_signed(signed())).await.expect("a response");
    receiver.recv().await.expect("a request")
}

async fn check(request: Request<Bytes>, status: u16, code: &str) {
    let sent = send(request.map(Body::from)).await;
    assert_eq!((sent.0.as_u16(), &*sent.1), (status, code));
}

#[tokio::test]
async fn a_changed_request_is_rejected() {
    const SIGNATURE: &str = "InvalidSignatureException";
    const INCOMPLETE: &str = "IncompleteSignatureException";
    check(captured(|_| {}).await, 200, "").await;
    let body = captured(|_| {})
        .await
        .map(|_| Bytes::from_static(b"{\"text\":\"other\"}"));
    check(body, 403, SIGNATURE).await;
    let mut path = captured(|_| {}).await;
    *path.uri_mut() = "http://vault.example:8080/signed/y".parse().expect("a URI");
    check(path, 403, SIGNATURE).await;
    let mut query = captured(|_| {}).await;
    let target = format!("{}&more=1", query.uri());
    *query.uri_mut() = target.parse().expect("a URI");
    check(query, 403, SIGNATURE).await;
    let host = |headers: &mut HeaderMap| {
        headers.insert("host", "other.example".parse().expect("a value"));
    };
    check(captured(host).await, 403, SIGNATURE).await;
    // Routing follows the host of the URI, and the signature covers the header.
    for (uri, status, code) in [
        ("http://vault.example:8080", 200, ""),
        ("http://other.example:8080", 403, SIGNATURE),
    ] {
        let named = |headers: &mut HeaderMap| {
            headers.insert("host", "vault.example:8080".parse().expect("a value"));
        };
        let mut request = captured(named).await;
        let target = request.uri().path_and_query().expect("a target");
        *request.uri_mut() = format!("{uri}{target}").parse().expect("a URI");
        check(request, status, code).await;
    }
    // What is not signed may change, but for the headers of AWS.
    let add = |name: &'static str| {
        move |headers: &mut HeaderMap| {
            headers.insert(name, "1".parse().expect("a value"));
        }
    };
    check(captured(add("x-forwarded-for")).await, 200, "").await;
    check(captured(add("x-amz-target")).await, 403, SIGNATURE).await;
    check(
        captured(|headers| drop(headers.remove("content-type"))).await,
        403,
        SIGNATURE,
    )
    .await;
    check(
        captured(|headers| drop(headers.remove("x-amz-date"))).await,
        400,
        INCOMPLETE,
    )
    .await;
}

#[tokio::test]
async fn malformed_signatures_are_incomplete() {
    let valid = captured(|_| {}).await;
    let valid = valid.headers()["authorization"].to_str().expect("text");
    for (from, to) in [
        ("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256"),
        ("Credential=", "Credentials="),
        ("Credential=AKIDEXAMPLE/", "Credential=/"),
        ("/aws4_request", ""),
        ("/aws4_request", "/aws5_request"),
        ("SignedHeaders=", "SignedHeaders=z;"),
        ("Signature=", "Signature=0"),
        ("Signature=", "Signature=zz, X="),
        ("Signature=", "Signature=é"),
        (
            ", Signature",
            ", Credential=a/b/c/d/aws4_request, Signature",
        ),
        (", Signature", ""),
    ] {
        let changed = valid.replacen(from, to, 1);
        assert_ne!(changed, valid, "{from}");
        let request = captured(|headers| {
            let value = http::HeaderValue::from_bytes(changed.as_bytes()).expect("a value");
            headers.insert("authorization", value);
        });
        check(request.await, 400, "IncompleteSignatureException").await;
    }
}

#[tokio::test]
async fn a_stated_hash_is_compared_while_the_body_is_read() {
    // SHA-256 of the empty text.
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    // That of the document.
    const STATED: &str = "9b8a2160ecdd8368b97236ab8bd1eb6e043126499c1a89882ca9dc95ff5baa09";
    let stated = || captured_call(|call| call.header("x-amz-content-sha256", STATED));
    check(stated().await, 200, "").await;
    let other = stated()
        .await
        .map(|_| Bytes::from_static(b"{\"text\":\"other\"}"));
    check(other, 400, "XAmzContentSHA256Mismatch").await;
    for (hash, status, code) in [
        ("x", 400, "IncompleteSignatureException"),
        ("STREAMING-AWS4-HMAC-SHA256-EVENTS", 501, "NotImplemented"),
        (EMPTY, 403, "InvalidSignatureException"),
    ] {
        let request = captured(|headers| {
            headers.insert("x-amz-content-sha256", hash.parse().expect("a value"));
            let signed = headers["authorization"].to_str().expect("text");
            let signed = signed.replace("host;x-amz-date", "host;x-amz-content-sha256;x-amz-date");
            headers.insert("authorization", signed.parse().expect("a value"));
        });
        check(request.await, status, code).await;
    }
}

async fn presigned(expires_in: Duration) -> PresignedRequest {
    let client = client(credentials(), "eu-west-1", now());
    let presigned = client.put_signed(signed()).presign(expires_in).await;
    presigned.expect("a signature")
}

#[tokio::test]
async fn signatures_in_the_query_are_valid_until_they_expire() {
    let later = |later: u64| move || now() + Duration::from_secs(later);
    for (expires_in, after, expected) in [
        (60, 0, 200),
        (60, 60, 200),
        (60, 61, 403),
        (3600, 3599, 200),
    ] {
        let presigned = presigned(Duration::from_secs(expires_in)).await;
        let request = Request::<Bytes>::from(presigned).map(Body::from);
        let sigv4 = signatures().clock(later(after));
        let verifiers = Verifiers {
            sigv4,
            ..verifiers()
        };
        let Ok(response) = router(Doorman, verifiers).call(request).await;
        assert_eq!(
            response.status(),
            expected,
            "after {after} of {expires_in} s"
        );
    }
}

#[tokio::test]
async fn a_changed_query_is_rejected() {
    let uri = presigned(Duration::from_mins(1)).await.uri().to_string();
    for (from, to, status, code) in [
        ("", "", 200, ""),
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=61",
            403,
            "InvalidSignatureException",
        ),
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=604801",
            400,
            "IncompleteSignatureException",
        ),
        (
            "X-Amz-Expires=60",
            "X-Amz-Expires=-1",
            400,
            "IncompleteSignatureException",
        ),
        ("X-Amz-Expires=60&", "", 400, "IncompleteSignatureException"),
        (
            "X-Amz-Signature=",
            "X-Amz-Date=1&X-Amz-Signature=",
            400,
            "IncompleteSignatureException",
        ),
        (
            "X-Amz-Signature=",
            "X-Amz-Signatur%65=0&X-Amz-Signature=",
            400,
            "IncompleteSignatureException",
        ),
        ("tag=", "tag=a&tag=", 403, "InvalidSignatureException"),
        (
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA512",
            400,
            "IncompleteSignatureException",
        ),
    ] {
        let changed = uri.replacen(from, to, 1);
        let mut request = Request::<Bytes>::from(presigned(Duration::from_mins(1)).await);
        *request.uri_mut() = changed.parse().expect("a URI");
        check(request, status, code).await;
    }
    let mut both = Request::<Bytes>::from(presigned(Duration::from_mins(1)).await);
    let header = captured(|_| {}).await.headers()["authorization"].clone();
    both.headers_mut().insert("authorization", header);
    check(both, 400, "IncompleteSignatureException").await;
}

/// A service in XML: signatures in front of keys in the query.
#[tokio::test]
async fn a_service_in_xml_has_other_codes() {
    let verifiers = || locker::server::Verifiers {
        sigv4: SigV4Verifier::from_fn(|_| async {
            Ok(AccessKey::new(SECRET_KEY, Caller("signed".to_owned())))
        })
        .clock(now),
        api_key: locker::server::Verifier::from_fn(|key: locker::server::ApiKey| async move {
            Ok(Caller(format!("key {}", key.as_str())))
        }),
    };
    let mock = || {
        locker::server::Mock::new().on_open_locker(|_| Ok(locker::output::OpenLockerOutput::new()))
    };
    for (target, authorization, status, code) in [
        ("/locker?number=1", None, 401, "UnauthorizedException"),
        ("/locker?number=1&api%20key=%26", None, 200, ""),
        (
            "/locker?number=1&api+key=a&api+key=b",
            None,
            401,
            "UnauthorizedException",
        ),
        (
            "/locker",
            Some("AWS4-HMAC-SHA256 x"),
            400,
            "IncompleteSignature",
        ),
    ] {
        let mut request = Request::get(target);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let request = request.body(Body::empty()).expect("a request");
        let Ok(response) = locker::server::router(mock(), verifiers())
            .call(request)
            .await;
        assert_eq!(response.status(), status, "{target}");
        let body = response
            .into_body()
            .collect(usize::MAX)
            .await
            .expect("a body");
        let body = String::from_utf8_lossy(&body);
        assert!(body.contains(code), "{target}: {body}");
    }
    let request = Request::delete("/locker").body(Body::empty());
    let router = locker::server::router(mock(), verifiers());
    let Ok(response) = { router }.call(request.expect("a request")).await;
    assert_eq!(response.status(), 403);
    let body = response
        .into_body()
        .collect(usize::MAX)
        .await
        .expect("a body");
    assert!(String::from_utf8_lossy(&body).contains("<Code>MissingAuthenticationToken</Code>"));

    let client = locker::Client::builder()
        .endpoint("http://locker.example/")
        .transport(locker::server::router(mock(), verifiers()))
        .api_key("a&b")
        .build()
        .expect("a client");
    let input = locker::input::OpenLockerInput::new().number(1);
    client.open_locker(input).await.expect("a key");
}
