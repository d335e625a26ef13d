//! The operation that a request is routed to, and the response if there is no such operation.

use std::sync::{Arc, Mutex};

use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::input::{BindInput, BindInputRequired, GetThingInput};
use drawplate_fixtures::kitchen_sink::output::{GetThingOutput, ListThingsOutput, TypeOutput};
use drawplate_fixtures::kitchen_sink::server::{Mock, Router, Unauthenticated, router};
use drawplate_runtime::{Timestamp, UnmodeledError};

use crate::call::{nothing, request, send, wait};

/// A router with all operations that the tests of routing need; it keeps the ID of each request.
fn things() -> (Router, Mock) {
    let mock = Mock::new()
        .on_get_thing(|_: GetThingInput| Ok(GetThingOutput::new()))
        .on_list_things(|_| {
            Ok(ListThingsOutput::new(
                drawplate_fixtures::kitchen_sink::types::Page::new(Vec::new()),
            ))
        })
        .on_type(|_| Ok(TypeOutput::new()));
    (router(mock.clone(), Unauthenticated), mock)
}

fn check(head: &str, status: u16, id: Option<&str>) {
    let (router, mock) = things();
    let response = send(&router, request(head, ""));
    assert_eq!(response.status.as_u16(), status, "{head}: {response:?}");
    let calls = mock.calls();
    let input = calls.first().and_then(|call| call.input::<GetThingInput>());
    assert_eq!(input.map(|input| input.thing_id.as_str()), id, "{head}");
    assert!(!response.header("x-amzn-requestid").is_empty(), "{head}");
    assert_eq!(
        response.header("access-control-allow-origin"),
        "*",
        "{head}"
    );
}

#[test]
fn paths_lead_to_operations() {
    check("GET /v1/things/7", 200, Some("7"));
    check("GET /v1/things/7/", 200, Some("7"));
    check("GET /v1/things/a%2Fb%20c", 200, Some("a/b c"));
    check("GET /v1/things/%E2%82%AC", 200, Some("\u{20ac}"));
    check("GET /v1/things/a+b;c=d", 200, Some("a+b;c=d"));
    check("GET /v1/things/..", 200, Some(".."));
    check("GET /v1/th%69ngs/7?x=1", 200, Some("7"));
    check("HEAD /v1/things/7", 200, Some("7"));
    check("GET /v1/things", 200, None);
    check("GET /v1/things/", 200, None);
}

#[test]
fn other_paths_are_not_found() {
    for head in [
        "GET /",
        "GET /v1",
        "GET /things/7",
        "GET /v2/things/7",
        "GET /v1/things/7/8",
        "GET /v1//things/7",
        "GET /v1/things//",
        "GET //v1/things/7",
        "GET /V1/things/7",
    ] {
        check(head, 404, None);
    }
    let response = send(&nothing(), request("GET /", ""));
    assert_eq!(
        response.header("x-amzn-errortype"),
        "UnknownOperationException"
    );
    assert_eq!(response.header("content-type"), "application/json");
}

#[test]
fn badly_encoded_paths_are_rejected() {
    for head in [
        "GET /v1/things/%FF",
        "GET /v1/things/%C0%80",
        "GET /v1/things/%4",
        "GET /v1/things/7?x=%FF",
        "GET /v1/things/7?x=%",
    ] {
        check(head, 400, None);
    }
    let response = send(&nothing(), request("GET /v1/things/%FF", ""));
    assert!(response.message().contains("'/thingId'"), "{response:?}");
}

#[test]
fn other_methods_are_named() {
    for method in ["POST", "DELETE", "PATCH", "BREW"] {
        let response = send(&nothing(), request(&format!("{method} /v1/things/7"), ""));
        assert_eq!(response.status, 405, "{method}");
        assert_eq!(response.header("allow"), "GET, HEAD, OPTIONS", "{method}");
    }
}

#[test]
fn head_is_get_without_a_body() {
    let (router, _) = things();
    let response = send(&router, request("HEAD /v1/things/7", ""));
    assert_eq!((response.status.as_u16(), response.body.len()), (200, 0));
    assert_eq!(response.header("content-length"), "2");
    assert_eq!(response.header("content-type"), "application/json");
}

#[test]
fn every_resource_responds_to_preflight_requests() {
    for (path, methods) in [
        ("/v1/things/7", "GET, HEAD, OPTIONS"),
        ("/v1/everything", "OPTIONS, PUT"),
        ("/v1/match/", "DELETE, OPTIONS"),
    ] {
        let head = format!(
            "OPTIONS {path}\norigin: https://example.com\naccess-control-request-method: PUT"
        );
        let response = send(&nothing(), request(&head, ""));
        assert_eq!(response.status, 204, "{path}");
        assert_eq!(
            response.header("access-control-allow-methods"),
            methods,
            "{path}"
        );
        assert_eq!(response.header("allow"), methods, "{path}");
        assert_eq!(
            response.header("access-control-allow-origin"),
            "*",
            "{path}"
        );
        assert_eq!(response.header("access-control-max-age"), "600", "{path}");
        let allowed = response.header("access-control-allow-headers");
        for name in [
            "authorization",
            "content-type",
            "x-amz-date",
            "if-match",
            "x-dates",
        ] {
            assert!(
                allowed.split(", ").any(|allowed| allowed == name),
                "{name} in {allowed}"
            );
        }
        let exposed = response.header("access-control-expose-headers");
        for name in ["x-more", "etag", "retry-after", "x-amzn-requestid"] {
            assert!(
                exposed.split(", ").any(|exposed| exposed == name),
                "{name} in {exposed}"
            );
        }
    }
    assert_eq!(
        send(&nothing(), request("OPTIONS /v1/nothing", "")).status,
        404
    );
}

#[test]
fn the_base_path_moves() {
    let (router, _) = things();
    let moved = router.clone().base_path("/stage/two/");
    assert_eq!(
        send(&moved, request("GET /stage/two/things/7", "")).status,
        200
    );
    assert_eq!(send(&moved, request("GET /v1/things/7", "")).status, 404);
    let removed = router.base_path("");
    assert_eq!(send(&removed, request("GET /things/7", "")).status, 200);
    assert_eq!(send(&removed, request("GET /v1/things/7", "")).status, 404);
}

#[test]
fn all_bindings_reach_the_input() {
    let seen = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&seen);
    let router = router(
        Mock::new().on_bind(move |input: BindInput| {
            *kept.lock().expect("nobody panicked") = Some(input);
            Err(UnmodeledError::new(418).into())
        }),
        Unauthenticated,
    );
    let head = "POST /v1/bind/a%20b/at/2024-01-02T03%3A04%3A05Z/x/y%2Fz?fixed=yes&bare&flag=true&word=a&word=b&level=2&k=v\n\
                if-match: \"e\"\n\
                x-dates: Mon, 16 Dec 2019 23:48:18 GMT, Tue, 17 Dec 2019 23:48:18 GMT\n\
                X-Meta-One: 1\n\
                content-type: application/json";
    let response = send(&router, request(head, r#"{"number":1}"#));
    assert_eq!(response.status, 418, "{response:?}");
    let input = seen
        .lock()
        .expect("nobody panicked")
        .take()
        .expect("a call");
    assert_eq!((input.id.as_str(), input.rest.as_str()), ("a b", "x/y/z"));
    assert_eq!(input.flag, Some(true));
    assert_eq!(
        input.words.as_deref(),
        Some(&["a".to_owned(), "b".to_owned()][..])
    );
    assert_eq!(input.etag.as_deref(), Some("\"e\""));
    assert_eq!(input.dates.map(|dates| dates.len()), Some(2));
    assert_eq!(input.meta.expect("headers")["one"], "1");
    let others = input.others.expect("all parameters");
    assert_eq!(
        (others["k"].as_str(), others["flag"].as_str()),
        ("v", "true")
    );
    assert!(input.body.is_some());
    // Without the literals in the query, the resource does not exist.
    let head = "POST /v1/bind/a/at/2024-01-02T03:04:05Z/x?fixed=no&bare";
    assert_eq!(send(&router, request(head, "")).status, 404);
}

/// A client sends any text that is not empty, and the server receives the same text.
#[test]
fn a_greedy_label_keeps_its_slashes() {
    let mock = Mock::new().on_bind(|_| Err(UnmodeledError::new(418).into()));
    let client = Client::in_process(router(mock.clone(), Unauthenticated));
    let labels = [
        "a",
        "a/",
        "a//",
        "a//b/",
        "/a",
        "//a//",
        "/",
        "//",
        "a b/",
        "é/%2F/",
        "a/bind/b/at/c/",
    ];
    for rest in labels {
        let input = BindInput::new(BindInputRequired {
            id: "x/y/",
            when: Timestamp::UNIX_EPOCH,
            rest,
        });
        let called = wait(async { client.bind(input).await });
        let error = called.expect_err("the mock responds with an error");
        assert_eq!(error.status(), Some(418), "{rest}: {error}");
    }
    let calls = mock.calls();
    let inputs = calls.iter().filter_map(|call| call.input::<BindInput>());
    let received = inputs.map(|input| (&*input.id, &*input.rest));
    assert_eq!(
        received.collect::<Vec<_>>(),
        labels.map(|rest| ("x/y/", rest))
    );
}

#[test]
fn a_layer_can_ask_where_a_request_leads_to() {
    let named = |head| {
        let request = request(head, "");
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let operation = nothing().operation(method, uri, headers);
        operation.map(|operation| operation.name)
    };
    assert_eq!(named("GET /v1/things/7"), Some("GetThing"));
    assert_eq!(named("HEAD /v1/things/7"), Some("GetThing"));
    assert_eq!(named("OPTIONS /v1/things/7"), None);
    assert_eq!(named("PATCH /v1/things/7"), None);
    assert_eq!(named("GET /v1/nothing"), None);
}
