//! Responses that are truncated, not JSON, compressed or too long.

use std::io::Write as _;

use amplify_admin::amplifybackend::client::Builder;
use amplify_admin::amplifybackend::error::AmplifyBackendError;
use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};
use amplify_admin::amplifybackend::{Client, Error};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::{Server, Step, Then, cut, raw, response};
use crate::{
    Kind, TOKEN, begins, builder, call, client, good, permanent_fault, run, temporary_fault,
};

fn plain(builder: Builder<Client>) -> Builder<Client> {
    builder
}

fn json(body: &str) -> Step {
    response(
        200,
        &[
            ("content-type", "application/json"),
            ("x-amzn-requestid", "id-1"),
        ],
        body,
    )
}

fn html(status: u16) -> Step {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n";
    response(
        status,
        &[("content-type", "text/html; charset=utf-8")],
        page,
    )
}

fn gzip(plain: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(plain.as_ref())
        .expect("memory can be written to");
    encoder.finish().expect("memory can be written to")
}

fn compressed(status: u16, encoding: &str, body: &[u8]) -> Step {
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", encoding),
        ("x-amzn-errortype", "NotFoundException"),
    ];
    response(status, &headers, body)
}

fn chunked(chunks: &str, then: Then) -> Step {
    raw(
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"),
        then,
    )
}

#[test]
fn a_truncated_response_is_a_broken_connection() {
    run(async {
        for then in [Then::Close, Then::Reset] {
            for fault in [
                cut(TOKEN.len(), &TOKEN[..20], then),
                // Complete JSON, but not the complete response.
                cut(TOKEN.len() + 1, TOKEN, then),
                chunked("5\r\n{\"app", then),
                chunked("2\r\n{}\r\n", then),
            ] {
                let error = temporary_fault(fault, plain).await;
                begins(
                    &error,
                    "CreateToken: the connection broke during the response: ",
                );
                assert!(matches!(error, Error::Transport(_)) && error.is_retryable());
                assert_eq!(error.status(), Some(200));
            }
        }
    });
}

#[test]
fn a_response_without_a_length_ends_with_its_connection() {
    run(async {
        let whole = raw(format!("HTTP/1.1 200 OK\r\n\r\n{TOKEN}"), Then::Close);
        let pieces = chunked(&format!("8\r\n{}\r\n", &TOKEN[..8]), Then::Keep);
        let Step::Write(mut bytes, then) = pieces else {
            unreachable!("it is written")
        };
        bytes.extend(format!("{:x}\r\n{}\r\n0\r\n\r\n", TOKEN.len() - 8, &TOKEN[8..]).bytes());
        let server = Server::start([whole, Step::Write(bytes, then)]).await;
        let client = client(&server);
        for _ in 0..2 {
            let token = client
                .get_token(GetTokenInput::new(GetTokenInputRequired {
                    app_id: "app",
                    session_id: "s",
                }))
                .await;
            assert_eq!(token.expect("a good response").ttl, "60");
        }
    });
}

#[test]
fn excess_bytes_do_not_reach_the_next_response() {
    run(async {
        let server = Server::start([cut(20, TOKEN, Then::Keep), good()]).await;
        let client = client(&server);
        let error = call(&client, Kind::ReadOnly)
            .await
            .expect_err("half of a response");
        begins(&error, "GetToken: cannot decode the response: ");
        call(&client, Kind::ReadOnly)
            .await
            .expect("the next response");
        assert_eq!((server.connections(), server.count()), (2, 2));
    });
}

#[test]
fn a_server_that_does_not_speak_http_is_an_error() {
    run(async {
        for bytes in [
            "SSH-2.0-OpenSSH_9.7\r\n",
            "HTTP/1.1 banana\r\n\r\n",
            "\0\0\0\0\0\0\0\0\r\n\r\n",
        ] {
            let error = permanent_fault(raw(bytes, Then::Close), plain).await;
            begins(
                &error,
                "GetToken: the response is not valid HTTP; check the scheme and the port of the endpoint: ",
            );
            assert!(matches!(error, Error::Transport(_)), "{error:?}");
        }
        let endless = format!(
            "HTTP/1.1 200 OK\r\n{}",
            "x-more: and more\r\n".repeat(100_000)
        );
        let error = permanent_fault(raw(endless, Then::Close), plain).await;
        begins(
            &error,
            "GetToken: the response is not valid HTTP; check the scheme and the port of the endpoint: ",
        );
    });
}

#[test]
fn informational_responses_are_skipped() {
    run(async {
        let early = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n";
        let length = TOKEN.len();
        let all = format!("{early}HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{TOKEN}");
        let server = Server::start([raw(all, Then::Keep)]).await;
        call(&client(&server), Kind::ReadOnly)
            .await
            .expect("the response after it");
    });
}

#[test]
fn invalid_json_is_an_error_with_its_location() {
    run(async {
        let check = async |body: &str, expected: &str| {
            let error = permanent_fault(json(body), plain).await;
            begins(
                &error,
                &format!("GetToken: cannot decode the response: {expected}"),
            );
            assert!(
                error
                    .to_string()
                    .ends_with(" (status 200, request id id-1)"),
                "{error}"
            );
            assert!(matches!(error, Error::Response(_)) && !error.is_retryable());
            assert_eq!(
                (error.status(), error.request_id()),
                (Some(200), Some("id-1"))
            );
        };
        check("{", "").await;
        check("{\"appId\":\"a\"]", "").await;
        check("{\"appId\":7}", "/appId: ").await;
        check("{\"ttl\":{\"x\":1}}", "/ttl: ").await;
        check("[]", "").await;
        check("\"token\"", "").await;
    });
}

#[test]
fn the_page_of_a_proxy_is_shown() {
    run(async {
        let page = "text/html; charset=utf-8: `<html> <head><title>502 Bad Gateway</title></head> </html>`";
        let error = permanent_fault(html(200), plain).await;
        begins(
            &error,
            &format!("GetToken: the response is not application/json but {page}"),
        );
        assert!(matches!(error, Error::Response(_)));
        // A modelled error has the same status, but the page is not that error.
        let error = permanent_fault(html(404), plain).await;
        assert_eq!(
            error.to_string(),
            format!("GetToken: an error without a code: the response is {page} (status 404)")
        );
        assert!(matches!(
            error,
            Error::Service(AmplifyBackendError::Unmodeled(_))
        ));
        let error = temporary_fault(html(502), plain).await;
        assert_eq!(
            error.to_string(),
            format!("CreateToken: an error without a code: the response is {page} (status 502)")
        );
    });
}

#[test]
fn an_error_of_another_server_is_not_in_the_model() {
    run(async {
        for body in ["", "{}", r#"{"message":"Not Found"}"#] {
            let error = permanent_fault(response(404, &[], body), plain).await;
            let unmodeled = matches!(error, Error::Service(AmplifyBackendError::Unmodeled(_)));
            assert!(unmodeled, "{body}: {error:?}");
        }
    });
}

#[test]
fn an_empty_error_is_recognized_by_its_status() {
    run(async {
        let error =
            permanent_fault(response(404, &[("x-amzn-requestid", "id-2")], ""), plain).await;
        assert_eq!(
            error.to_string(),
            "GetToken: NotFoundException (status 404, request id id-2)"
        );
        assert!(matches!(
            error,
            Error::Service(AmplifyBackendError::NotFoundException(_))
        ));
        let error = permanent_fault(response(418, &[], ""), plain).await;
        assert_eq!(
            error.to_string(),
            "GetToken: an error without a code (status 418)"
        );
        assert!(matches!(
            error,
            Error::Service(AmplifyBackendError::Unmodeled(_))
        ));
    });
}

#[test]
fn compressed_responses_are_decompressed() {
    run(async {
        let missing = gzip(r#"{"message":"no such app","resourceType":"app"}"#);
        let server = Server::start([
            compressed(200, "gzip", &gzip(TOKEN)),
            compressed(200, " GZIP ", &gzip(TOKEN)),
            compressed(200, "identity", TOKEN.as_bytes()),
            compressed(404, "gzip", &missing),
        ])
        .await;
        let client = client(&server);
        for _ in 0..3 {
            let token = client
                .get_token(GetTokenInput::new(GetTokenInputRequired {
                    app_id: "app",
                    session_id: "s",
                }))
                .await;
            assert_eq!(token.expect("a good response").ttl, "60");
        }
        let error = call(&client, Kind::Neither)
            .await
            .expect_err("there is no such app");
        assert_eq!(
            error.to_string(),
            "CreateToken: NotFoundException: no such app (status 404)"
        );
        assert_eq!(server.count(), 4);
    });
}

#[test]
fn responses_that_cannot_be_decompressed_are_errors() {
    run(async {
        let whole = gzip(TOKEN);
        let bomb = gzip(vec![b' '; 4 << 20]);
        assert!(bomb.len() < 10_000, "its compressed form is small");
        for (fault, expected) in [
            (
                compressed(200, "gzip", TOKEN.as_bytes()),
                "is not valid gzip: ",
            ),
            (
                compressed(200, "gzip", &whole[..whole.len() / 2]),
                "is not valid gzip: ",
            ),
            (
                compressed(200, "br", b"\x0b\x02\x80"),
                "has the content encoding `br`, which is not supported",
            ),
            (
                compressed(200, "gzip", &bomb),
                "exceeds the limit of 10000 bytes",
            ),
        ] {
            let error = permanent_fault(fault, |builder| builder.max_response_bytes(10_000)).await;
            begins(&error, &format!("GetToken: the response {expected}"));
            assert!(
                matches!(error, Error::Response(_)) && !error.is_retryable(),
                "{error:?}"
            );
        }
    });
}

#[test]
fn responses_have_a_limit() {
    run(async {
        let limit = |builder: Builder<Client>| builder.max_response_bytes(TOKEN.len());
        let long = format!("{TOKEN} ");
        let chunk = "ff\r\n".to_owned() + &" ".repeat(255) + "\r\n";
        for fault in [
            json(&long),
            // A body whose declared length exceeds the limit is not awaited.
            cut(long.len(), "", Then::Stall),
            cut(1 << 40, "", Then::Drip),
            chunked(&chunk, Then::Stall),
            response(503, &[], &long),
        ] {
            let error = permanent_fault(fault, limit).await;
            let limit = TOKEN.len();
            begins(
                &error,
                &format!("GetToken: the response exceeds the limit of {limit} bytes"),
            );
            assert!(
                matches!(error, Error::Response(_)) && !error.is_retryable(),
                "{error:?}"
            );
        }
        let server = Server::start([json(TOKEN)]).await;
        let client = limit(builder(server.url())).build().expect("a client");
        call(&client, Kind::ReadOnly)
            .await
            .expect("a response of exactly that length");
    });
}
