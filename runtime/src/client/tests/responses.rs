//! Decoding of responses.

use std::error::Error as _;

use super::{
    GET, Missing, POST, Page, SERVICE, Script, Thing, ThingError, client, response, thing,
};
use crate::ModeledError as _;
use crate::client::{Body, Error, Inner, RetryConfig};
use http::Response;

const REQUEST_ID: (&str, &str) = ("x-amzn-RequestId", "id-1");

async fn call(response: Response<Body>) -> Result<Page, Error<ThingError>> {
    let script = Script::new([response]);
    let client: Inner = client(&script)
        .retries(RetryConfig::none())
        .max_response_bytes(1000)
        .build()
        .expect("a client");
    client.call(&GET, &thing()).await
}

/// The line that the error of a response prints.
async fn line(response: Response<Body>) -> String {
    call(response).await.expect_err("an error").to_string()
}

#[tokio::test]
async fn the_message_of_an_error_without_a_member_for_it_is_kept() {
    let body = r#"{"__type":"Slow","message":"wait\na while"}"#;
    let error = call(response(400, &[], body)).await.expect_err("an error");
    assert!(matches!(error, Error::Service(ThingError::Slow(_))));
    assert_eq!(error.message(), Some("wait\na while"));
    assert_eq!(
        error.to_string(),
        "GetThing: Slow: wait a while (status 400)"
    );
    // The member of this one has it.
    let body = r#"{"__type":"Missing","message":"gone"}"#;
    let error = call(response(404, &[], body)).await.expect_err("an error");
    assert_eq!(error.message(), Some("gone"));
    let error = error.into_service_error().expect("an error of the service");
    assert_eq!(crate::OperationError::origin(&error).message(), None);
}

#[tokio::test]
async fn outputs_are_read_leniently() {
    let full = r#"{"names":["a",null],"next":"n","size":2,"newer":{"x":[1]}}"#;
    let page = call(response(200, &[], full)).await.expect("an output");
    assert!(
        page == Page {
            names: vec!["a".to_owned()],
            next: Some("n".to_owned()),
            size: 2
        }
    );
    for body in ["", "{}", r#"{"names":null}"#] {
        let page = call(response(200, &[], body)).await.expect("an output");
        assert!(
            page == Page {
                names: Vec::new(),
                next: None,
                size: 0
            },
            "{body}"
        );
    }
}

#[tokio::test]
async fn metadata_comes_on_request() {
    let script = Script::new([response(202, &[REQUEST_ID, ("x-other", "o")], "{}")]);
    let client: Inner = client(&script).build().expect("a client");
    let call = client
        .call::<Page, ThingError>(&GET, &thing())
        .header("x-mine", "m")
        .with_metadata();
    let (_, metadata) = call.await.expect("an output");
    assert_eq!(
        (
            metadata.status(),
            metadata.request_id(),
            metadata.attempts()
        ),
        (202, Some("id-1"), 1)
    );
    assert_eq!(metadata.headers()["x-other"], "o");
    assert_eq!(script.seen()[0].headers["x-mine"], "m");
}

#[tokio::test]
async fn modelled_errors_are_typed() {
    let response = response(
        404,
        &[
            REQUEST_ID,
            ("x-amzn-errortype", "a#Missing:http://x/"),
            ("x-kind", "k"),
        ],
        r#"{"message":"no x"}"#,
    );
    let error = call(response).await.expect_err("an error");
    assert_eq!(
        error.to_string(),
        "GetThing: Missing: no x (status 404, request id id-1)"
    );
    assert_eq!(
        (error.status(), error.code(), error.request_id()),
        (Some(404), Some("Missing"), Some("id-1"))
    );
    assert!(!error.is_retryable() && !error.is_timeout());
    assert!(
        error
            .source()
            .is_some_and(<dyn std::error::Error>::is::<Missing>)
    );
    match error {
        Error::Service(ThingError::Missing(missing)) => {
            assert_eq!(
                (missing.message(), missing.kind.as_deref()),
                (Some("no x"), Some("k"))
            );
            assert_eq!(missing.origin().request_id(), Some("id-1"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_status_alone_identifies_no_error() {
    for (body, expected) in [
        ("", "an error without a code"),
        ("{}", "an error without a code"),
        (
            r#"{"message":"Not Found"}"#,
            "an error without a code: Not Found",
        ),
        (r#"{"__type":"Renamed","Message":"no x"}"#, "Renamed: no x"),
        (
            r#"{"__type":"UnknownOperationException"}"#,
            "UnknownOperationException",
        ),
    ] {
        let error = call(response(404, &[], body)).await.expect_err("an error");
        assert_eq!(
            error.to_string(),
            format!("GetThing: {expected} (status 404)")
        );
        assert!(
            matches!(error, Error::Service(ThingError::Unmodeled(_))),
            "{body}"
        );
    }
}

#[tokio::test]
async fn messages_are_short_and_on_one_line() {
    let id = "9".repeat(60_000);
    let shown = format!("request id {}..", &id[..128]);
    let failed = call(response(200, &[("x-amzn-requestid", &id)], "[]")).await;
    let failed = failed.expect_err("a list is no output");
    let refused = call(response(400, &[("x-amzn-requestid", &id)], "{}")).await;
    let refused = refused.expect_err("an error");
    for error in [&failed, &refused] {
        let line = error.to_string();
        assert!(line.contains(&shown) && line.len() < 400, "{line}");
        let debug = format!("{error:?}");
        assert!(debug.len() < 1000, "{debug}");
        assert_eq!(error.request_id(), Some(&*id));
    }
    let message = "a\u{2028}b\\n".repeat(60);
    let code = "C".repeat(400);
    let body = format!(r#"{{"code":"{code}","message":"{message}"}}"#);
    let line = line(response(400, &[], &body)).await;
    assert!(
        line.starts_with(&format!("GetThing: {}..: a b a b ", &code[..128])),
        "{line}"
    );
    assert!(!line.contains(['\n', '\u{2028}']), "{line}");
    let long = crate::UnmodeledError::new(400).message("x".repeat(5000));
    assert!(long.to_string().ends_with("xx.. (status 400)"));
    assert!(long.to_string().len() < 1100 && format!("{long:?}").len() < 1200);
}

#[tokio::test]
async fn a_body_of_the_right_type_that_is_no_object_is_an_error_with_advice() {
    let json = [("content-type", "application/json")];
    for (body, cause) in [
        ("null", "expected an object, found null"),
        ("17", "expected an object, found a number"),
        ("oops", "expected value at line 1 column 1"),
    ] {
        assert_eq!(
            line(response(200, &json, body)).await,
            format!(
                "GetThing: cannot decode the response; check that the endpoint is that of the service: {cause} \
                 (status 200)"
            )
        );
    }
}

#[tokio::test]
async fn unmodelled_errors_keep_code_message_and_body() {
    let body = r#"{"code":"Newer","message":"hm"}"#;
    let error = call(response(400, &[REQUEST_ID], body))
        .await
        .expect_err("an error");
    assert_eq!(
        error.to_string(),
        "GetThing: Newer: hm (status 400, request id id-1)"
    );
    let Some(ThingError::Unmodeled(unmodeled)) = error.as_service_error() else {
        panic!("{error:?}")
    };
    assert_eq!(
        (unmodeled.status, unmodeled.body.as_ref()),
        (Some(400), body.as_bytes())
    );
}

#[tokio::test]
async fn pages_of_proxies_are_shown() {
    let page = "<html>\n <head><title>502  Bad Gateway</title></head>";
    assert_eq!(
        line(response(502, &[("content-type", "text/html")], page)).await,
        "GetThing: an error without a code: the response is text/html: `<html> <head><title>502 Bad Gateway</title></head>` \
         (status 502)"
    );
    // The status would fit, but the page is not the service's.
    assert!(
        line(response(404, &[], page))
            .await
            .contains("of unknown type: `<html>")
    );
    assert_eq!(
        line(response(503, &[], "")).await,
        "GetThing: an error without a code (status 503)"
    );
    assert_eq!(
        line(response(301, &[], "")).await,
        "GetThing: an error without a code (status 301)"
    );
    let login = line(response(200, &[("content-type", "text/html")], page)).await;
    assert!(
        login.starts_with("GetThing: the response is not application/json but text/html: `<html>"),
        "{login}"
    );
    assert!(login.ends_with("(status 200)"), "{login}");
}

#[tokio::test]
async fn invalid_responses_are_located() {
    let line = line(response(
        200,
        &[REQUEST_ID],
        r#"{"names":["a"],"size":"big"}"#,
    ))
    .await;
    assert_eq!(
        line,
        "GetThing: cannot decode the response: /size: expected an integer from -2147483648 to 2147483647, found a string \
         (status 200, request id id-1)"
    );
}

#[tokio::test]
async fn decoded_values_have_a_limit() {
    let names = format!(r#"{{"names":{:?}}}"#, ["a"; 100]);
    let script = Script::new([
        response(200, &[], &names),
        response(200, &[], r#"{"names":["a"]}"#),
    ]);
    let client: Inner = client(&script)
        .max_decoded_bytes(1000)
        .build()
        .expect("a client");
    let result: Result<Page, Error<ThingError>> = client.call(&GET, &thing()).await;
    assert_eq!(
        result.expect_err("too large").to_string(),
        "GetThing: cannot decode the response: the decoded values need more memory than the limit \
         of 1000 bytes: raise `max_decoded_bytes` (status 200)"
    );
    let result: Result<Page, Error<ThingError>> = client.call(&GET, &thing()).await;
    assert_eq!(result.expect("a small output").names, ["a"]);
}

#[tokio::test]
async fn responses_have_a_limit_and_a_length() {
    let long = format!(r#"{{"next":"{}"}}"#, "x".repeat(1000));
    assert_eq!(
        line(response(200, &[], &long)).await,
        "GetThing: the response exceeds the limit of 1000 bytes: raise `max_response_bytes` (status 200)"
    );
    assert_eq!(
        line(response(200, &[("content-length", "10")], "{}")).await,
        "GetThing: the response ended after 2 of 10 bytes (status 200)"
    );
    assert_eq!(
        line(response(200, &[("content-length", "3")], &long[..27])).await,
        "GetThing: the response has 27 bytes, although its content-length is 3: check the transport for layers \
         that change bodies and not headers (status 200)"
    );
}

#[cfg(not(feature = "gzip"))]
#[tokio::test]
async fn compressed_responses_need_a_feature() {
    let line = line(response(
        200,
        &[("content-encoding", "gzip")],
        "\u{1f}\u{8b}",
    ))
    .await;
    assert!(
        line.contains(
            "the content encoding `gzip`, which is not supported: enable the feature `gzip`"
        ),
        "{line}"
    );
}

#[tokio::test]
async fn invalid_inputs_are_not_sent() {
    let script = Script::default();
    let client: Inner = client(&script).build().expect("a client");
    let empty = Thing {
        id: String::new(),
        ..thing()
    };
    let error = client
        .call::<Page, ThingError>(&GET, &empty)
        .await
        .expect_err("an error");
    assert_eq!(
        error.to_string(),
        "GetThing: cannot build the request: `id` must not be empty: it is part of the path"
    );
    assert!(matches!(error, Error::Request(_)) && !error.is_retryable());
    let call = client
        .call::<Page, ThingError>(&POST, &thing())
        .header("a b", "c");
    assert_eq!(
        call.await.expect_err("an error").to_string(),
        "PostThing: the header `a b` has an invalid name or value"
    );
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn a_service_in_the_same_process_is_called_without_a_socket() {
    let script = Script::new([response(200, &[], "{}")]);
    let client = Inner::in_process(&SERVICE, script.clone());
    client
        .call::<Page, ThingError>(&GET, &thing())
        .await
        .expect("an output");
    assert_eq!(
        script.seen()[0].target,
        "http://in-process.invalid/prod/things/x"
    );
}
