//! What the server responds to requests whose credentials are missing, wrong or insufficient.

use std::task::Poll;

use bytes::Bytes;
use drawplate_fixtures::vault::server::Body;
use http::header::WWW_AUTHENTICATE;
use http::{Request, Response};
use hyper::body::Frame;
use serde_json::Value;
use tower_service::Service as _;

use super::{caller, client, vault};

/// The response to a request, and its document.
async fn send(request: http::request::Builder) -> (Response<()>, Value) {
    send_body(request.body(Body::empty()).expect("a request")).await
}

async fn send_body(request: Request<Body>) -> (Response<()>, Value) {
    let Ok(response) = vault().call(request).await;
    let (parts, body) = response.into_parts();
    let body = body.collect(usize::MAX).await.expect("a body");
    let document = serde_json::from_slice(&body).unwrap_or_default();
    (Response::from_parts(parts, ()), document)
}

/// Checks the status, the error and the challenges of a response.
async fn check(
    request: http::request::Builder,
    status: u16,
    error: &str,
    message: &str,
    challenges: &[&str],
) {
    let (response, document) = send(request).await;
    assert_eq!(response.status(), status, "{document}");
    assert_eq!(response.headers()["x-amzn-errortype"], error);
    assert_eq!(document["message"], message);
    let sent = response.headers().get_all(WWW_AUTHENTICATE).iter();
    let sent = sent.map(|value| value.to_str().expect("text"));
    assert_eq!(sent.collect::<Vec<_>>(), challenges);
}

const MISSING: &str = "the operation requires authentication, and the request has no credentials";

#[tokio::test]
async fn missing_and_wrong_credentials_are_challenged() {
    let get = || Request::get("/any/x");
    let all = [
        "AWS4-HMAC-SHA256",
        "ApiKey realm=\"Vault\"",
        "Basic realm=\"Vault\", charset=\"UTF-8\"",
        "Bearer realm=\"Vault\"",
    ];
    let unauthorized = "UnauthorizedException";
    check(get(), 401, unauthorized, MISSING, &all).await;
    let other = get().header("authorization", "Digest username=\"ada\"");
    check(other, 401, unauthorized, MISSING, &all).await;
    let mut invalid = all;
    invalid[3] = "Bearer realm=\"Vault\", error=\"invalid_token\"";
    for (name, value, message) in [
        ("authorization", "Bearer no-one", "the token is unknown"),
        ("authorization", "Bearer", "the credentials are malformed"),
        ("authorization", "Basic YWRhOng=", "the password is wrong"),
        (
            "authorization",
            "Basic !",
            "the basic credentials are malformed",
        ),
        ("x-vault-key", "wrong", "the key is unknown"),
    ] {
        let request = get().header(name, value);
        check(request, 401, unauthorized, message, &invalid).await;
    }
}

#[tokio::test]
async fn the_first_scheme_with_credentials_decides() {
    // The key is wrong, and the token is not tried.
    let both = Request::get("/any/x")
        .header("x-vault-key", "wrong")
        .header("authorization", "Bearer abc");
    assert_eq!(send(both).await.0.status(), 401);
    // This operation does not take the key.
    let both = Request::put("/either")
        .header("content-type", "application/json")
        .header("x-vault-key", "wrong")
        .header("authorization", "Bearer abc");
    let request = both.body(Body::from("{}")).expect("a request");
    let (response, document) = send_body(request).await;
    assert_eq!(response.status(), 200, "{document}");
    assert_eq!(document["caller"], "token abc");
}

#[tokio::test]
async fn errors_of_the_model_take_precedence() {
    let get = || Request::get("/token");
    let challenge = ["Bearer realm=\"Vault\""];
    check(get(), 401, "Stranger", MISSING, &challenge).await;
    let guest = get().header("authorization", "Bearer guest");
    let challenge = ["Bearer realm=\"Vault\", error=\"insufficient_scope\""];
    check(guest, 403, "Guest", "guests get no token", &challenge).await;

    let client = client(|it| it.bearer_token("guest"));
    let error = client.get_token().await.map(|output| output.caller);
    let error = caller(error).expect_err("guests get none");
    assert!(error.contains("guests get no token"), "{error}");
}

#[tokio::test]
async fn a_verifier_that_fails_is_a_fault_of_the_server() {
    let request = Request::get("/any/x").header("authorization", "Bearer broken");
    let (response, document) = send(request).await;
    assert_eq!(response.status(), 500);
    assert!(!document.to_string().contains("db.internal"), "{document}");
    assert!(!response.headers().contains_key(WWW_AUTHENTICATE));
}

#[tokio::test]
async fn the_body_of_a_rejected_request_is_not_read() {
    let stream =
        futures_util::stream::poll_fn(|_| -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
            panic!("the body is read")
        });
    let body = Body::new(http_body_util::StreamBody::new(stream));
    let request = Request::put("/either").header("content-type", "application/json");
    let (response, _) = send_body(request.body(body).expect("a request")).await;
    assert_eq!(response.status(), 401);
}
