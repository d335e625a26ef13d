//! The router in axum: below a path, behind a layer, on a socket of axum's.

use axum::extract::Request as AxumRequest;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::input::GetThingInput;
use drawplate_fixtures::kitchen_sink::output::GetThingOutput;
use drawplate_fixtures::kitchen_sink::server::{Mock, Router, Unauthenticated, router, serve};
use http::header::{AUTHORIZATION, HeaderValue};
use http::{Request, Response};
use tokio::net::TcpListener;
use tower::util::MapRequestLayer;
use tower_service::Service as _;

use crate::call::{BufferedResponse, request, wait};

const TOKEN: &str = "Bearer open-sesame";

fn things() -> (Router, Mock) {
    let mock = Mock::new().on_get_thing(|_| Ok(GetThingOutput::new()));
    (router(mock.clone(), Unauthenticated), mock)
}

/// Rejects requests without the token.
async fn bearer(request: AxumRequest, next: Next) -> Result<axum::response::Response, StatusCode> {
    match request.headers().get(AUTHORIZATION) {
        Some(token) if token == TOKEN => Ok(next.run(request).await),
        _ => Err(StatusCode::UNAUTHORIZED),
    }
}

fn send(app: &axum::Router, head: &str) -> BufferedResponse {
    let mut app = app.clone();
    wait(async move {
        let response: Result<Response<_>, _> = app.call(request(head, "")).await;
        let (parts, body) = response.expect("axum does not fail").into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await;
        BufferedResponse {
            status: parts.status,
            headers: parts.headers,
            body: body.expect("the body is at hand").to_vec(),
        }
    })
}

#[track_caller]
fn check(app: &axum::Router, head: &str, status: u16) -> BufferedResponse {
    let response = send(app, head);
    assert_eq!(response.status.as_u16(), status, "{head}: {response:?}");
    response
}

#[test]
fn it_nests_below_a_path_with_its_base_path_or_without() {
    let (router, mock) = things();
    let app = axum::Router::new()
        .route("/health", get(|| async { "fine" }))
        .nest_service("/kept", router.clone())
        .nest_service("/moved", router.clone().base_path("/v2"))
        .nest_service("/removed", router.base_path(""));
    check(&app, "GET /health", 200);
    for path in [
        "/kept/v1/things/a%2Fb",
        "/moved/v2/things/a%2Fb",
        "/removed/things/a%2Fb",
    ] {
        let before = mock.calls().len();
        check(&app, &format!("GET {path}"), 200);
        let calls = mock.calls();
        assert_eq!(calls.len(), before + 1, "{path}");
        let input = calls[before].input::<GetThingInput>();
        assert_eq!(input.expect("a thing").thing_id, "a/b", "{path}");
    }
    // The router rejects other paths below its own, axum rejects the rest.
    for path in [
        "/kept/things/7",
        "/moved/v1/things/7",
        "/removed/v1/things/7",
    ] {
        let response = check(&app, &format!("GET {path}"), 404);
        let kind = response.header("x-amzn-errortype");
        assert_eq!(kind, "UnknownOperationException", "{path}");
        assert!(!response.header("x-amzn-requestid").is_empty(), "{path}");
    }
    let response = check(&app, "GET /v1/things/7", 404);
    assert_eq!(response.header("x-amzn-requestid"), "");
    let response = check(&app, "DELETE /kept/v1/things", 405);
    assert!(!response.header("allow").is_empty());
}

#[test]
fn it_is_all_that_axum_does_not_know() {
    let (router, _) = things();
    let app = axum::Router::new()
        .route("/health", get(|| async { "fine" }))
        .fallback_service(router);
    check(&app, "GET /health", 200);
    check(&app, "GET /v1/things/7", 200);
    let response = check(&app, "GET /v1/nothing", 404);
    assert!(!response.header("x-amzn-requestid").is_empty());
}

#[test]
fn a_layer_of_axum_runs_before_it() {
    let (router, mock) = things();
    let app = axum::Router::new()
        .nest_service("/service", router)
        .layer(from_fn(bearer));
    check(&app, "GET /service/v1/things/7", 401);
    check(
        &app,
        "GET /service/v1/things/7\nauthorization: Bearer guess",
        401,
    );
    assert!(mock.calls().is_empty());
    let head = format!("GET /service/v1/things/7\nauthorization: {TOKEN}");
    check(&app, &head, 200);
    assert_eq!(mock.calls().len(), 1);
}

/// Where the service is, below an address.
async fn call(endpoint: String, mock: &Mock) {
    let authorized = MapRequestLayer::new(|mut request: Request<_>| {
        let token = HeaderValue::from_static(TOKEN);
        request.headers_mut().insert(AUTHORIZATION, token);
        request
    });
    let builder = || Client::builder().unauthenticated().endpoint(&*endpoint);
    let client = builder().layer(authorized).build().expect("an endpoint");
    client
        .get_thing(GetThingInput::new("a b"))
        .await
        .expect("it is let in");
    let calls = mock.calls();
    let input = calls.last().and_then(|call| call.input::<GetThingInput>());
    assert_eq!(input.expect("a thing").thing_id, "a b");
    let stranger = builder().build().expect("an endpoint");
    let error = stranger.get_thing(GetThingInput::new("7")).await;
    assert_eq!(error.expect_err("it is not").status(), Some(401));
    assert_eq!(mock.calls().len(), calls.len());
}

#[test]
fn our_client_reaches_it_over_a_socket_of_axum_and_of_ours() {
    wait(async {
        let (router, mock) = things();
        let app = axum::Router::new()
            .nest_service("/service", router)
            .layer(from_fn(bearer));
        let bind = async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("its address");
            (listener, format!("http://{address}/service"))
        };
        let (listener, endpoint) = bind().await;
        tokio::spawn(axum::serve(listener, app.clone()).into_future());
        call(endpoint, &mock).await;
        let (listener, endpoint) = bind().await;
        tokio::spawn(serve(listener, app).into_future());
        call(endpoint, &mock).await;
    });
}
