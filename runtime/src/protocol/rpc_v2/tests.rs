//! RPC v2 protocols, with the service of [`toy`](crate::protocol::toy).

use http::header::{ACCEPT, ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Method, Request, Response, Uri};

use super::{RPC_V2_JSON, RpcV2};
use crate::http::Body;
use crate::protocol::bind::decode::ReceivedParts;
use crate::protocol::content::Content;
use crate::protocol::error::{self, ErrorInfo};
use crate::protocol::service::{Cors, Operation, OperationTraits, Service};
use crate::protocol::toy::{PUT, SERVICE, Taken, call, decode, input, send, send_to};
use crate::protocol::{AWS_JSON_1_0, Messages as _, Protocol as _, REST_JSON_1};
use crate::shape::Structure as _;

#[cfg(feature = "cbor")]
const ALL: &[&RpcV2] = &[&RPC_V2_JSON, &super::RPC_V2_CBOR];
#[cfg(not(feature = "cbor"))]
const ALL: &[&RpcV2] = &[&RPC_V2_JSON];

/// A request for `Put` in a protocol, to change it.
fn request(protocol: &RpcV2) -> Request<Body> {
    let parts = protocol
        .encode_request(&SERVICE, &PUT, &input("new"), &String::new)
        .expect("a request");
    let mut request = Request::new(parts.body.into_body());
    *request.method_mut() = parts.method;
    *request.uri_mut() = parts.target.parse().expect("a URI");
    *request.headers_mut() = parts.headers;
    request
}

/// The status of a response, and the text of its body.
async fn status(request: Request<Body>) -> (u16, String) {
    let (response, body) = send(request).await;
    let text = String::from_utf8_lossy(body.bytes()).into_owned();
    (response.status().as_u16(), text)
}

async fn status_of_path(protocol: &RpcV2, path: &str) -> u16 {
    let mut request = request(protocol);
    *request.uri_mut() = path.parse().expect("a URI");
    status(request).await.0
}

#[test]
fn requests_name_the_operation_in_the_path_and_the_protocol_in_a_header() {
    for protocol in ALL {
        let request = request(protocol);
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.uri(), "/service/Names/operation/Put");
        let headers = request.headers();
        assert_eq!(headers["smithy-protocol"], protocol.name);
        assert_eq!(headers[ACCEPT], protocol.media_type());
        assert_eq!(headers[CONTENT_TYPE], protocol.media_type());
        assert!(!headers.contains_key("x-amzn-query-mode"));
    }
}

#[test]
fn requests_without_an_input_have_no_body() {
    static PING: Operation = Operation {
        name: "Ping",
        traits: OperationTraits {
            no_input: true,
            ..OperationTraits::NONE
        },
        ..PUT
    };
    static COMPATIBLE: Service = Service {
        query_compatible: true,
        ..SERVICE
    };
    let parts = RPC_V2_JSON
        .encode_request(&COMPATIBLE, &PING, &input(""), &String::new)
        .expect("a request");
    assert!(parts.body.bytes().is_empty());
    assert!(!parts.headers.contains_key(CONTENT_TYPE));
    assert_eq!(parts.headers[CONTENT_LENGTH], "0");
    assert_eq!(parts.headers["x-amzn-query-mode"], "true");
}

#[tokio::test]
async fn all_errors_of_a_compatible_service_have_codes_of_query() {
    static COMPATIBLE: Service = Service {
        query_compatible: true,
        ..SERVICE
    };
    for protocol in ALL {
        let mut unknown = request(protocol);
        *unknown.uri_mut() = Uri::from_static("/service/Names/operation/Get");
        let mut malformed = request(protocol);
        *malformed.body_mut() = Body::from("x");
        malformed.headers_mut().remove(CONTENT_LENGTH);
        for (request, code) in [
            (unknown, "UnknownOperationException;Sender"),
            (malformed, "SerializationException;Sender"),
        ] {
            let (response, _) = send_to(&COMPATIBLE, request).await;
            assert_eq!(response.headers()["x-amzn-query-error"], code);
        }
    }
}

#[tokio::test]
async fn requests_are_routed_by_the_last_segments() {
    for protocol in ALL {
        for (path, expected) in [
            ("/service/Names/operation/Put", 200),
            ("/service/Names/operation/Put/", 200),
            ("/v1/any/service/Names/operation/Put", 200),
            ("/service/Names/operation/P%75t", 200),
            ("/service/Names/operation/put", 404),
            ("/service/Names/operation/a.Put", 404),
            ("/service/Others/operation/Put", 404),
            ("/services/Names/operation/Put", 404),
            ("/service/Names/operations/Put", 404),
            ("/Names/operation/Put", 404),
            ("/", 404),
            ("/service/Names/operation/%", 400),
        ] {
            assert_eq!(status_of_path(protocol, path).await, expected, "{path}");
        }
        let absolute = status_of_path(protocol, "/service/a.Names/operation/Put").await;
        assert_eq!(
            absolute,
            if protocol.absolute_service_names {
                200
            } else {
                404
            }
        );
    }
}

#[tokio::test]
async fn other_methods_and_headers_of_other_protocols_are_rejected() {
    for protocol in ALL {
        let mut other = request(protocol);
        *other.method_mut() = Method::PUT;
        let (response, _) = send(other).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[ALLOW]),
            (405, &"POST".parse().expect("a value"))
        );
        for target in ["x-amz-target", "x-amzn-target"] {
            let mut other = request(protocol);
            other
                .headers_mut()
                .insert(target, "Names.Put".parse().expect("a value"));
            let (status, text) = status(other).await;
            assert_eq!(status, 400);
            assert!(text.contains("UnknownOperationException"), "{text}");
        }
        for (name, value, expected) in [
            (CONTENT_TYPE, "text/plain", 415),
            (ACCEPT, "text/plain", 406),
            (ACCEPT, "text/plain, */*", 200),
        ] {
            let mut other = request(protocol);
            other
                .headers_mut()
                .insert(name, value.parse().expect("a value"));
            assert_eq!(status(other).await.0, expected, "{value}");
        }
    }
}

#[tokio::test]
async fn browsers_may_send_and_read_the_header_of_the_protocol() {
    static SHARED: Service = Service {
        cors: Some(Cors {
            origins: &["*"],
            max_age: 5,
            exposed_headers: &[],
            allowed_headers: &[],
        }),
        ..SERVICE
    };
    let preflight = Request::options("/service/Names/operation/Put")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "accept, Smithy-Protocol")
        .body(Body::empty())
        .expect("a request");
    let (response, _) = send_to(&SHARED, preflight).await;
    assert_eq!(response.status(), 204);
    let list = |response: &Response<()>, name: &str| {
        let list = response.headers()[name].to_str().expect("text");
        list.split(", ").any(|name| name == "smithy-protocol")
    };
    assert!(list(&response, "access-control-allow-headers"));
    let (response, _) = send_to(&SHARED, request(&RPC_V2_JSON)).await;
    assert_eq!(response.status(), 200);
    assert!(list(&response, "access-control-expose-headers"));
}

#[tokio::test]
async fn errors_are_named_by_their_absolute_ids() {
    for protocol in ALL {
        let received = call(*protocol, &input("old")).await;
        let (response, body) = &received;
        assert_eq!(response.status(), 409);
        assert_eq!(response.headers()["smithy-protocol"], protocol.name);
        assert_eq!(response.headers()[CONTENT_TYPE], protocol.media_type());
        let text = String::from_utf8_lossy(body.bytes());
        assert!(text.contains("a#Taken"), "{text}");
        let info = protocol.error_info(response.headers(), body.bytes());
        assert_eq!(error::by_name(PUT.errors, &info), Some(0));
        let mut taken = Taken::empty();
        decode(*protocol, &received, &mut taken);
        assert_eq!(taken.name.as_deref(), Some("old"));

        let (response, body) = call(*protocol, &input("too long")).await;
        assert_eq!(response.status(), 400);
        let info = protocol.error_info(response.headers(), body.bytes());
        assert_eq!(info.code(), Some("ValidationException"));
        let message = info.message.unwrap_or_default();
        assert!(
            message.contains("'/name' failed to satisfy constraint"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn responses_without_the_header_of_the_protocol_are_not_read() {
    for protocol in ALL {
        let (response, body) = call(*protocol, &input("old")).await;
        for name in [None, Some("rpc-v2-other")] {
            let mut headers = response.headers().clone();
            headers.remove("smithy-protocol");
            headers.extend(name.map(|name| {
                let header = http::HeaderName::from_static("smithy-protocol");
                (header, http::HeaderValue::from_static(name))
            }));
            let info = protocol.error_info(&headers, body.bytes());
            assert_eq!(info, ErrorInfo::default());
            assert!(!is_read(protocol, &headers, &response, &body));
        }
        assert!(is_read(protocol, response.headers(), &response, &body));
    }
}

fn is_read(protocol: &RpcV2, headers: &HeaderMap, response: &Response<()>, body: &Content) -> bool {
    let parts = ReceivedParts {
        labels: &[],
        query: &[],
        headers,
        status: Some(response.status().as_u16()),
        body,
        memory: crate::codec::MemoryLimit::DEFAULT,
    };
    protocol
        .decode_response(&parts, &mut Taken::empty())
        .is_ok()
}

#[test]
fn only_the_document_names_an_error() {
    let mut headers = HeaderMap::new();
    headers.insert("smithy-protocol", "rpc-v2-json".parse().expect("a value"));
    headers.insert("x-amzn-errortype", "One".parse().expect("a value"));
    let info = |body: &[u8]| RPC_V2_JSON.error_info(&headers, body);
    assert_eq!(info(b"{}").shape, None);
    assert_eq!(info(br#"{"code":"Two"}"#).shape, None);
    assert_eq!(
        info(br#"{"__type":"a#Three"}"#).shape.as_deref(),
        Some("Three")
    );
}

#[cfg(feature = "cbor")]
#[tokio::test]
async fn malformed_documents_are_rejected_with_their_location() {
    for (body, expected) in [
        (
            &b"\xa1\x64name\x62\xff\xff"[..],
            "a text that is not UTF-8 at byte 7, in `/name`",
        ),
        (b"\xa0\x00", "bytes after the end of the document at byte 1"),
        (b"{}", "the document ends inside a value at byte 2"),
    ] {
        let mut request = request(&super::RPC_V2_CBOR);
        *request.body_mut() = Body::from(body.to_vec());
        request.headers_mut().remove(CONTENT_LENGTH);
        let (status, text) = status(request).await;
        assert_eq!(status, 400, "{text}");
        assert!(text.contains("SerializationException"), "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

/// Requests that are in none of the protocols of a service get the response of the one that they
/// are nearest to, in its own form.
#[tokio::test]
async fn requests_in_no_protocol_are_rejected_in_the_nearest_one() {
    static SEVERAL: Service = Service {
        protocols: &[&RPC_V2_JSON, &AWS_JSON_1_0, &REST_JSON_1],
        ..SERVICE
    };
    let path = "/service/Names/operation/Put";
    let json = "application/json";
    let long = format!("/{}", "a".repeat(9000));
    for (path, headers, status, media_type) in [
        (path, &[("smithy-protocol", "rpc-v2-json")][..], 200, json),
        (path, &[("smithy-protocol", "rpc-v2-other")], 400, json),
        (path, &[("smithy-protocol", "")], 400, json),
        (path, &[("smithy-protocol", "RPC-V2-JSON")], 400, json),
        (
            path,
            &[
                ("smithy-protocol", "rpc-v2-json"),
                ("smithy-protocol", "rpc-v2-other"),
            ],
            400,
            json,
        ),
        (
            path,
            &[
                ("smithy-protocol", "rpc-v2-json"),
                ("x-amz-target", "Names.Put"),
            ],
            400,
            json,
        ),
        (path, &[], 404, json),
        (&long, &[("smithy-protocol", "rpc-v2-json")], 414, json),
        (
            &long,
            &[("x-amz-target", "Names.Put")],
            414,
            "application/x-amz-json-1.0",
        ),
        (
            "/",
            &[("x-amz-target", "Names.Other")],
            400,
            "application/x-amz-json-1.0",
        ),
        // Another version of the same family.
        (
            "/",
            &[
                ("x-amz-target", "Names.Put"),
                ("content-type", "application/x-amz-json-1.1"),
            ],
            415,
            "application/x-amz-json-1.0",
        ),
    ] {
        let mut request = request(&RPC_V2_JSON);
        *request.uri_mut() = path.parse().expect("a URI");
        request.headers_mut().remove("smithy-protocol");
        if headers.iter().any(|(name, _)| *name == "content-type") {
            request.headers_mut().remove(CONTENT_TYPE);
        }
        for (name, value) in headers {
            let name = http::HeaderName::from_static(name);
            let value = http::HeaderValue::from_static(value);
            request.headers_mut().append(name, value);
        }
        let (response, _) = send_to(&SEVERAL, request).await;
        assert_eq!(response.status(), status, "{path} {headers:?}");
        assert_eq!(
            response.headers()[CONTENT_TYPE],
            media_type,
            "{path} {headers:?}"
        );
        let in_rpc_v2 = response.headers().contains_key("smithy-protocol");
        let named = headers.iter().any(|(name, _)| *name == "smithy-protocol");
        assert_eq!(in_rpc_v2, named, "{path} {headers:?}");
    }
}

#[tokio::test]
async fn preflight_requests_are_recognized_by_the_headers_that_they_announce() {
    static SEVERAL: Service = Service {
        protocols: &[&RPC_V2_JSON, &AWS_JSON_1_0, &REST_JSON_1],
        cors: Some(Cors {
            origins: &["*"],
            max_age: 5,
            exposed_headers: &[],
            allowed_headers: &[],
        }),
        ..SERVICE
    };
    for (path, announced, status) in [
        (
            "/service/Names/operation/Put",
            "content-type, smithy-protocol",
            204,
        ),
        ("/", "X-Amz-Target", 204),
        ("/", "content-type", 404),
    ] {
        let preflight = Request::options(path)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", announced)
            .body(Body::empty())
            .expect("a request");
        let (response, _) = send_to(&SEVERAL, preflight).await;
        assert_eq!(response.status(), status, "{path} {announced}");
    }
}
