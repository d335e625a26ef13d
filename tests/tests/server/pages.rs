//! The resources beside the operations: the OpenAPI document and the console.

use std::io::Read as _;

use amplify_admin::amplifybackend::output::ListS3BucketsRespObj;
use amplify_admin::amplifybackend::server::{Mock, OPENAPI, Router, Unauthenticated, router};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::call::{BufferedResponse, request, send};

const POLICY: &str = "content-security-policy";

fn described() -> Router {
    let mock = Mock::new().on_list_s3_buckets(|_| Ok(ListS3BucketsRespObj::new([])));
    router(mock, Unauthenticated)
        .openapi("/openapi.json")
        .console("/docs")
}

#[track_caller]
fn check(router: &Router, head: &str, status: u16) -> BufferedResponse {
    let response = send(router, request(head, ""));
    assert_eq!(response.status.as_u16(), status, "{head}: {response:?}");
    assert!(!response.header("x-amzn-requestid").is_empty(), "{head}");
    // The service has the trait `cors`.
    assert_eq!(
        response.header("access-control-allow-origin"),
        "*",
        "{head}"
    );
    response
}

fn decompressed(response: &BufferedResponse) -> Vec<u8> {
    assert_eq!(response.header("content-encoding"), "gzip");
    let mut bytes = Vec::new();
    let read = GzDecoder::new(&*response.body).read_to_end(&mut bytes);
    read.expect("the body is compressed");
    bytes
}

#[test]
fn the_document_is_served_as_it_is_generated() {
    let response = check(&described(), "GET /openapi.json", 200);
    assert_eq!(response.body, OPENAPI.as_bytes());
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.header("content-encoding"), "");
    let document = serde_json::from_slice::<Value>(&response.body).expect("it is JSON");
    assert_eq!(document["servers"], json!([{ "url": "/prod" }]));
    let other = check(&described(), "GET /docs/openapi.json", 200);
    assert_eq!(other.body, response.body);
    check(&described(), "GET /prod/openapi.json", 404);
    check(
        &router(Mock::new(), Unauthenticated),
        "GET /openapi.json",
        404,
    );
}

#[test]
fn the_document_is_compressed_for_clients_that_accept_it() {
    for accepted in ["gzip", "br, *;q=0.5", "deflate, x-gzip"] {
        let head = format!("GET /openapi.json\naccept-encoding: {accepted}");
        let response = check(&described(), &head, 200);
        assert!(response.body.len() < OPENAPI.len() / 10, "{accepted}");
        assert_eq!(decompressed(&response), OPENAPI.as_bytes());
        assert_eq!(response.header("vary"), "accept-encoding");
    }
    let plain = check(
        &described(),
        "GET /openapi.json\naccept-encoding: gzip;q=0",
        200,
    );
    assert_eq!(plain.body, OPENAPI.as_bytes());
    assert_eq!(plain.header("vary"), "accept-encoding");
}

#[test]
fn clients_keep_the_document_until_it_changes() {
    let router = described();
    let plain = check(&router, "GET /openapi.json", 200);
    let gzip = check(&router, "GET /openapi.json\naccept-encoding: gzip", 200);
    let [plain, gzip] = [plain, gzip].map(|response| response.header("etag").to_owned());
    assert_ne!(plain, gzip, "the bytes differ");
    for (tags, status) in [
        (plain.clone(), 304),
        (format!("W/{plain}"), 304),
        (format!("\"a\", {plain}"), 304),
        (format!("\"a\"\nif-none-match: {plain}"), 304),
        ("*".to_owned(), 304),
        (gzip, 200),
        ("\"a\"".to_owned(), 200),
        (plain.replace('"', ""), 200),
        (String::new(), 200),
    ] {
        let head = format!("GET /openapi.json\nif-none-match: {tags}");
        let response = check(&router, &head, status);
        assert_eq!(response.body.is_empty(), status == 304, "{tags}");
        assert_eq!(response.header("etag"), plain, "{tags}");
    }
}

#[test]
fn other_methods_than_get_have_no_document() {
    let router = described();
    for path in ["/openapi.json", "/docs/", "/docs/console.js"] {
        let get = check(&router, &format!("GET {path}"), 200);
        let head = check(&router, &format!("HEAD {path}"), 200);
        assert_eq!(head.header("content-length"), get.body.len().to_string());
        assert_eq!(head.header("etag"), get.header("etag"));
        assert!(head.body.is_empty(), "{path}");
        let post = check(&router, &format!("POST {path}"), 405);
        assert_eq!(post.header("allow"), "GET, HEAD, OPTIONS");
        let preflight = check(&router, &format!("OPTIONS {path}"), 204);
        assert_eq!(
            preflight.header("access-control-allow-methods"),
            "GET, HEAD, OPTIONS"
        );
    }
}

#[test]
fn the_document_has_the_base_path_of_the_router() {
    for (base, servers) in [
        ("/prod/", json!([{ "url": "/prod" }])),
        ("/v2/\"x\"", json!([{ "url": "/v2/\"x\"" }])),
        ("", json!([{ "url": "/" }])),
    ] {
        // Before and after the first request.
        let fresh = described().base_path(base);
        let used = described();
        check(&used, "GET /openapi.json", 200);
        for router in [fresh, used.base_path(base)] {
            let response = check(&router, "GET /openapi.json", 200);
            let mut document = serde_json::from_slice::<Value>(&response.body).expect("it is JSON");
            assert_eq!(document["servers"], servers);
            let generated = serde_json::from_str::<Value>(OPENAPI).expect("it is JSON");
            document["servers"] = generated["servers"].clone();
            assert_eq!(document, generated);
        }
    }
}

#[test]
fn limits_apply_to_the_document() {
    let router = described().uri_limit(15).header_limit(100);
    check(&router, "GET /openapi.json?a=b", 414);
    let head = format!("GET /openapi.json\nx-a: {}", "a".repeat(100));
    check(&router, &head, 431);
}

#[test]
fn paths_are_complete_and_hide_operations() {
    let mock = || Mock::new().on_list_s3_buckets(|_| Ok(ListS3BucketsRespObj::new([])));
    check(
        &router(mock(), Unauthenticated).openapi("api"),
        "GET /api",
        200,
    );
    let hidden = router(mock(), Unauthenticated).openapi("/prod/s3Buckets");
    check(&hidden, "POST /prod/s3Buckets", 405);
    check(&described(), "POST /prod/s3Buckets", 200);
}

#[test]
fn the_console_is_below_its_path() {
    let router = described();
    let redirect = check(&router, "GET /docs", 308);
    assert_eq!(redirect.header("location"), "./docs/");
    let page = check(&router, "GET /docs/", 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header(POLICY);
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = String::from_utf8(page.body.clone()).expect("the page is text");
    for (name, content_type) in [
        ("console.css", "text/css; charset=utf-8"),
        ("console.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ] {
        assert!(page.contains(name), "{name}");
        let part = check(&router, &format!("GET /docs/{name}"), 200);
        assert_eq!(part.header("content-type"), content_type);
        let gzip = format!("GET /docs/{name}\naccept-encoding: gzip");
        assert_eq!(decompressed(&check(&router, &gzip, 200)), part.body);
    }
    for path in ["/docs/index.html", "/docs//", "/docsconsole.js", "/doc"] {
        check(&router, &format!("GET {path}"), 404);
    }
}

#[test]
fn the_console_may_be_at_the_root() {
    let router = router(Mock::new(), Unauthenticated).console("/");
    check(&router, "GET /", 200);
    check(&router, "GET /console.js", 200);
    check(&router, "GET /openapi.json", 200);
}

#[test]
#[should_panic(expected = "add `openapi` to `parts`")]
fn a_service_without_a_document_cannot_serve_it() {
    let mock = amplify_admin::cognitoidentityprovider::server::Mock::new();
    let router = amplify_admin::cognitoidentityprovider::server::router(
        mock,
        amplify_admin::cognitoidentityprovider::server::Unauthenticated,
    );
    let _ = router.openapi("/openapi.json");
}
