//! Calls a router as a test needs it.

use std::time::Duration;

use drawplate_fixtures::kitchen_sink::server::{Body, Mock, Router, Unauthenticated, router};
use http::{HeaderMap, Request, Response, StatusCode};
use serde_json::Value;
use tower_service::Service as _;

/// A router over a mock without closures.
pub(crate) fn nothing() -> Router {
    router(Mock::new(), Unauthenticated)
}

/// A response whose body was read.
#[derive(Debug)]
pub(crate) struct BufferedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl BufferedResponse {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("visible characters"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(crate) fn message(&self) -> String {
        let json = self.json();
        json["message"].as_str().expect("a message").to_owned()
    }
}

/// Runs a future on a runtime of its own.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(30), future)
            .await
            .expect("it ends")
    })
}

pub(crate) fn send(router: &Router, request: Request<Body>) -> BufferedResponse {
    let mut router = router.clone();
    wait(async move {
        let response: Result<Response<Body>, _> = router.call(request).await;
        let (parts, body) = response.expect("a router does not fail").into_parts();
        let body = body
            .collect(1 << 24)
            .await
            .expect("the body is at hand")
            .to_vec();
        BufferedResponse {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    })
}

/// `POST /v1/things HTTP/1.1`-like: method, target and headers on lines, then the body.
pub(crate) fn request(head: &str, body: impl Into<Body>) -> Request<Body> {
    let mut lines = head.lines().map(str::trim);
    let (method, target) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("a method and a target");
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        request = request.header(name, value.trim());
    }
    request.body(body.into()).expect("a request")
}

/// Puts a document with all that the service knows of it.
pub(crate) fn put(document: &str) -> Request<Body> {
    request(
        "PUT /v1/everything\ncontent-type: application/json",
        document.to_owned(),
    )
}
