//! Sizes, types and times.

use std::io::Write as _;
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::error::GetThingError;
use drawplate_fixtures::kitchen_sink::input::{StreamInput, *};
use drawplate_fixtures::kitchen_sink::operation;
use drawplate_fixtures::kitchen_sink::output::StreamOutput;
use drawplate_fixtures::kitchen_sink::server::{Mock, Unauthenticated, router};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::call::{nothing, put, request, send};

#[test]
fn bodies_have_a_limit() {
    let over = format!(r#"{{"topLevelDefault":"{}"}}"#, "a".repeat(1 << 20));
    let response = send(&nothing(), put(&over));
    assert_eq!(response.status, 413);
    assert_eq!(
        response.header("x-amzn-errortype"),
        "RequestTooLargeException"
    );
    assert!(response.message().contains("1048576"));
    assert_eq!(send(&nothing().body_limit(2 << 20), put(&over)).status, 501);
    assert_eq!(
        send(
            &nothing().body_limit_of(&operation::PUT_EVERYTHING, 2 << 20),
            put(&over)
        )
        .status,
        501
    );
    assert_eq!(
        send(
            &nothing().body_limit_of(&operation::AUDIT, 2 << 20),
            put(&over)
        )
        .status,
        413
    );
    assert_eq!(send(&nothing().body_limit(1), put("{}")).status, 413);
}

/// A body with one member of `everything`, whose value has `count` times the same text inside.
fn repeated(member: &str, open: &str, text: &str, count: usize, close: &str) -> String {
    let inner = vec![text; count].join(",");
    format!(r#"{{"everything":{{"{member}":{open}{inner}{close}}}}}"#)
}

#[test]
fn decoded_values_have_a_limit() {
    let tree = r#"{"value":"v""#;
    let chain = format!(r#"{tree},"left":"#).repeat(60) + tree + &"}".repeat(61);
    let entries = (0..100).map(|key| format!(r#""{key}":{{"number":1}}"#));
    let entries = entries.collect::<Vec<_>>().join(",");
    for body in [
        repeated("structures", "[", r#"{"number":1}"#, 100, "]"),
        repeated("structureMap", "{", &entries, 1, "}"),
        repeated("sparseList", "[", "null", 100, "]"),
        repeated("nestedLists", "[", "[]", 100, "]"),
        repeated("list", "[", r#""""#, 100, "]"),
        repeated("document", "[", "1", 100, "]"),
        repeated("document", "{\"a\":[", "{}", 100, "]}"),
        repeated("documents", "[", "null", 100, "]"),
        repeated("tree", "", &chain, 1, ""),
    ] {
        let response = send(&nothing().memory_limit(1000), put(&body));
        assert_eq!(response.status, 413, "{body}");
        assert_eq!(
            response.header("x-amzn-errortype"),
            "RequestTooLargeException"
        );
        assert_eq!(
            response.message(),
            "the decoded values need more memory than the limit of 1000 bytes"
        );
        assert_ne!(send(&nothing(), put(&body)).status, 413, "{body}");
    }
    let small = repeated("structures", "[", r#"{"number":1}"#, 5, "]");
    assert_eq!(
        send(&nothing().memory_limit(1000), put(&small)).status,
        501,
        "values within the limit are accepted"
    );
}

#[test]
fn decoded_values_need_at_most_12_times_the_memory_of_the_body_by_default() {
    let wide = repeated("documents", "[", "{}", 340_000, "]");
    let response = send(&nothing(), put(&wide));
    assert_eq!(response.status, 413);
    let limit = (12 * wide.len()).to_string();
    assert!(
        response.message().contains(&limit),
        "{}",
        response.message()
    );
    let response = send(&nothing().memory_limit(1 << 30), put(&wide));
    assert_eq!(response.status, 501);
    // Small bodies may need 4 MiB.
    let small = repeated("documents", "[", "{}", 40_000, "]");
    assert_eq!(send(&nothing(), put(&small)).status, 501);
}

#[test]
fn paths_and_headers_have_a_limit() {
    let long = "a".repeat(9000);
    assert_eq!(
        send(&nothing(), request(&format!("GET /v1/things/{long}"), "")).status,
        414
    );
    assert_eq!(
        send(
            &nothing(),
            request(&format!("GET /v1/things?next={long}"), "")
        )
        .status,
        414
    );
    assert_eq!(
        send(
            &nothing().uri_limit(10_000),
            request(&format!("GET /v1/things/{long}"), "")
        )
        .status,
        501
    );
    let deep = "/a".repeat(4000);
    assert_eq!(
        send(&nothing(), request(&format!("GET /v1{deep}"), "")).status,
        404
    );
    let headers = format!("GET /v1/things/7\nx-large: {}", "a".repeat(70_000));
    assert_eq!(send(&nothing(), request(&headers, "")).status, 431);
    assert_eq!(
        send(&nothing().header_limit(80_000), request(&headers, "")).status,
        501
    );
}

#[test]
fn documents_have_a_depth() {
    let deep = format!(
        r#"{{"everything":{{"document":{}{}}}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    let response = send(&nothing(), put(&deep));
    assert_eq!(response.status, 400);
    assert!(
        response.message().contains("recursion limit exceeded"),
        "{}",
        response.message()
    );
}

#[test]
fn bodies_are_of_the_type_that_the_operation_takes() {
    for (head, body, status) in [
        (
            "PUT /v1/everything\ncontent-type: application/json; charset=utf-8",
            "{}",
            501,
        ),
        ("PUT /v1/everything\ncontent-type: text/plain", "{}", 415),
        ("PUT /v1/everything", "{}", 415),
        ("PUT /v1/everything", "", 501),
        (
            "PUT /v1/everything\ncontent-type: application/json\ncontent-encoding: br",
            "{}",
            415,
        ),
        (
            "PUT /v1/everything\ncontent-type: application/json; charset=utf-16",
            "{}",
            415,
        ),
        (
            "POST /v1/stream/a\ncontent-type: text/plain; charset=utf-16",
            "{}",
            501,
        ),
        (
            "PUT /v1/everything\ncontent-type: application/json\ncontent-encoding: identity",
            "{}",
            501,
        ),
        (
            "GET /v1/things/7\ncontent-type: application/json",
            "{}",
            415,
        ),
        ("GET /v1/things/7\ncontent-type: application/json", "", 501),
        ("GET /v1/things/7", "ignored", 501),
    ] {
        let response = send(&nothing(), request(head, body));
        assert_eq!(response.status, status, "{head}: {response:?}");
    }
}

/// The model does not ask clients to compress this body, and they may.
#[test]
fn every_body_may_be_compressed() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"{}").expect("memory does not fail");
    let packed = encoder.finish().expect("memory does not fail");
    for (coding, body, status) in [
        ("gzip", &packed[..], 501),
        ("x-gzip", &packed, 501),
        ("identity, GZIP", &packed, 501),
        ("gzip", b"{}", 400),
        ("gzip, gzip", &packed, 415),
        ("deflate", &packed, 415),
    ] {
        let head = format!(
            "PUT /v1/everything\ncontent-type: application/json\ncontent-encoding: {coding}"
        );
        let response = send(&nothing(), request(&head, body.to_vec()));
        assert_eq!(response.status, status, "{coding}: {response:?}");
    }
}

#[test]
fn responses_have_a_type_that_the_caller_accepts() {
    for (accept, status) in [
        ("application/json", 501),
        ("*/*", 501),
        ("text/html, application/*;q=0.5", 501),
        ("text/html", 406),
        ("application/json;q=0", 406),
    ] {
        let response = send(
            &nothing(),
            request(&format!("GET /v1/things/7\naccept: {accept}"), ""),
        );
        assert_eq!(response.status, status, "{accept}");
    }
}

#[test]
fn bytes_may_be_of_any_type_and_none() {
    let mock = Mock::new().on_stream(|input: StreamInput| {
        assert!(matches!(input.body.length(), Some(0 | 3)));
        Ok(StreamOutput::new())
    });
    let router = router(mock, Unauthenticated);
    for head in [
        "POST /v1/stream/a",
        "POST /v1/stream/a\ncontent-type: image/png",
    ] {
        for body in ["", "abc"] {
            let response = send(&router, request(head, body));
            assert_eq!(
                (response.status.as_u16(), response.body.as_slice()),
                (200, &b""[..]),
                "{head}: {response:?}"
            );
        }
    }
}

#[test]
fn calls_may_have_a_deadline() {
    struct Slow;
    use drawplate_fixtures::kitchen_sink::{error as e, output as o, server as s};
    macro_rules! pending {
        ($($name:ident($input:ident) -> $output:ident, $error:ident;)*) => {
            impl s::KitchenSink for Slow {
                async fn get_thing(&self, _: GetThingInput, cx: &s::RequestContext) -> Result<o::GetThingOutput, GetThingError> {
                    assert!(cx.deadline().is_some());
                    assert_eq!(cx.operation_name(), "GetThing");
                    assert_eq!(cx.headers()["x-more"], "yes");
                    std::future::pending().await
                }
                $(async fn $name(&self, _: $input, _: &s::RequestContext) -> Result<o::$output, e::$error> {
                    std::future::pending().await
                })*
            }
        };
    }
    pending! {
        audit(AuditInput) -> AuditOutput, AuditError;
        bind(BindInput) -> BindOutput, BindError;
        fetch(FetchInput) -> FetchOutput, FetchError;
        hosted(HostedInput) -> HostedOutput, HostedError;
        list_things(ListThingsInput) -> ListThingsOutput, ListThingsError;
        r#match(MatchInput) -> MatchOutput, MatchError;
        new(NewInput) -> NewOutput, NewError;
        pack(PackInput) -> PackOutput, PackError;
        pipe(PipeInput) -> PipeOutput, PipeError;
        put_everything(PutEverythingInput) -> PutEverythingOutput, PutEverythingError;
        routes(RoutesInput) -> RoutesOutput, RoutesError;
        service(ServiceInput) -> ServiceOutput, ServiceError;
        stream(StreamInput) -> StreamOutput, StreamError;
        r#type(TypeInput) -> TypeOutput, TypeError;
    }
    let router = s::router(Slow, s::Unauthenticated).timeout(Duration::from_millis(20));
    let response = send(&router, request("GET /v1/things/7\nx-more: yes", ""));
    assert_eq!(response.status, 503);
    assert_eq!(response.message(), "the call took too long");
}
