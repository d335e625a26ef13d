//! The contents of errors, metadata and traces, which must not include secrets.

use std::collections::BTreeMap;
use std::error::Error as _;

use amplify_admin::amplifybackend::client::{BoxError, Credentials, ProvideCredentials};
use amplify_admin::amplifybackend::error::{BadRequestException, GetTokenError};
use amplify_admin::amplifybackend::input::{
    DeleteTokenInput, DeleteTokenInputRequired, GetTokenInput, GetTokenInputRequired,
};
use amplify_admin::amplifybackend::{Client, Error};
use amplify_admin::cognitoidentityprovider as cognito;
use cognito::input::{
    AdminRespondToAuthChallengeRequest, AdminRespondToAuthChallengeRequestRequired,
};
use cognito::types::ChallengeNameType;

use crate::server::{Server, Step, Then, raw, response};
use crate::{builder, causes, client, run};
use drawplate_tests::traces;

/// A text that every secret in these tests contains.
const SECRET: &str = "hush";
const ID: (&str, &str) = ("x-amzn-RequestId", "id-4");

/// A good response that contains secrets.
fn token() -> Step {
    let body =
        r#"{"appId":"app","sessionId":"hush-session","ttl":"60","challengeCode":"hush-code"}"#;
    response(200, &[ID, ("x-more", "more")], body)
}

fn credentials() -> Credentials {
    Credentials::new("AKIDHUSH-hush", "hush-key").session_token("hush-token")
}

fn signed(server: &Server) -> Client {
    builder(server.url())
        .sigv4(credentials(), "eu-west-1")
        .build()
        .expect("a client")
}

fn input() -> GetTokenInput {
    GetTokenInput::new(GetTokenInputRequired {
        app_id: "app",
        session_id: "hush-session",
    })
}

#[track_caller]
fn contains_no_secret(text: &str) {
    assert!(!text.to_ascii_lowercase().contains(SECRET), "{text}");
}

#[test]
fn outputs_can_include_metadata() {
    run(async {
        let server = Server::start([response(503, &[], ""), token()]).await;
        let call = client(&server).get_token(input()).with_metadata();
        let (output, metadata) = call.await.expect("a good response");
        assert_eq!(output.challenge_code, "hush-code");
        assert_eq!((metadata.status(), metadata.attempts()), (200, 2));
        assert_eq!(metadata.request_id(), Some("id-4"));
        assert_eq!(metadata.headers()["x-more"], "more");
    });
}

#[test]
fn errors_include_the_request_id() {
    run(async {
        let names = [
            "x-amzn-requestid",
            "x-amzn-request-id",
            "x-amz-request-id",
            "x-request-id",
        ];
        for name in names {
            let headers = [(name, "id-5"), ("x-amzn-errortype", "BadRequestException")];
            let server = Server::start([response(400, &headers, r#"{"message":"what?"}"#)]).await;
            let error = client(&server)
                .get_token(input())
                .await
                .expect_err("an error");
            assert_eq!(
                error.to_string(),
                "GetToken: BadRequestException: what? (status 400, request id id-5)"
            );
            assert_eq!(
                (
                    error.status(),
                    error.code(),
                    error.message(),
                    error.request_id()
                ),
                (
                    Some(400),
                    Some("BadRequestException"),
                    Some("what?"),
                    Some("id-5")
                )
            );
            let source = error.source().expect("the service's error");
            assert!(source.is::<BadRequestException>());
        }
        // Invalid and truncated responses have a request ID too.
        let half = "HTTP/1.1 200 OK\r\nx-amzn-requestid: id-6\r\ncontent-length: 9\r\n\r\n{";
        for fault in [
            response(200, &[("x-amzn-requestid", "id-6")], "{"),
            raw(half, Then::Close),
        ] {
            let server = Server::start([fault.clone(), fault.clone(), fault]).await;
            let error = client(&server)
                .get_token(input())
                .await
                .expect_err("an invalid response");
            assert_eq!(
                (error.status(), error.request_id()),
                (Some(200), Some("id-6"))
            );
            assert!(error.source().is_some() && error.as_service_error().is_none());
            assert!(
                error.to_string().contains("(status 200, request id id-6"),
                "{error}"
            );
        }
    });
}

#[test]
fn errors_are_one_line_without_secrets() {
    run(async {
        let headers = [("content-type", "application/json"), ID];
        let faults = [
            Step::Unread,
            raw("", Then::Reset),
            raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", Then::Close),
            response(
                200,
                &headers,
                r#"{"challengeCode":["hush-code"],"sessionId":"hush-session"}"#,
            ),
            response(200, &headers, r#"{"challengeCode":"hush-code","#),
            response(
                200,
                &headers,
                r#"{"challengeCode":"hush-code" "hush-more"}"#,
            ),
            response(404, &[("content-type", "text/html")], "<p>\nno\n</p>"),
            response(500, &headers, "{}"),
        ];
        for fault in faults {
            let server = Server::start([fault.clone(), fault.clone(), fault.clone()]).await;
            let error = signed(&server)
                .get_token(input())
                .await
                .expect_err("a fault");
            let line = error.to_string();
            assert!(
                line.starts_with("GetToken: ") && !line.contains('\n'),
                "{line:?}"
            );
            contains_no_secret(&line);
            contains_no_secret(&format!("{error:?} {error:#?}"));
            for cause in causes(&error) {
                contains_no_secret(&format!("{cause} {cause:?}"));
            }
        }
        let lines = r#"{"message":"two\nlines,\r\n\tand one"}"#;
        let server = Server::start([response(400, &headers, lines)]).await;
        let error = client(&server)
            .get_token(input())
            .await
            .expect_err("an error");
        assert_eq!(
            error.to_string(),
            "GetToken: BadRequestException: two lines, and one (status 400, request id id-4)"
        );
        assert_eq!(error.message(), Some("two\nlines,\r\n\tand one"));
        // Values that cannot be sent are not shown either.
        let client = builder("http://127.0.0.1:9").build().expect("a client");
        let error = client
            .delete_token(DeleteTokenInput::new(DeleteTokenInputRequired {
                app_id: "",
                session_id: "hush-session",
            }))
            .await;
        let error = error.expect_err("an app without a name");
        assert!(matches!(error, Error::Request(_)), "{error:?}");
        contains_no_secret(&format!("{error} {error:?}"));
    });
}

/// A provider without credentials.
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        Err("nobody is logged in".into())
    }
}

#[test]
fn nothing_is_sent_without_credentials() {
    run(async {
        let server = Server::start([token()]).await;
        let client = builder(server.url())
            .sigv4(NoCredentials, "eu-west-1")
            .build()
            .expect("a client");
        let error = client
            .get_token(input())
            .await
            .expect_err("nobody is logged in");
        let line = error.to_string();
        assert!(
            line.starts_with("GetToken: cannot sign the request: "),
            "{line}"
        );
        assert!(line.contains("nobody is logged in"), "{line}");
        assert!(
            matches!(error, Error::Request(_)) && error.source().is_some(),
            "{error:?}"
        );
        assert_eq!(server.connections(), 0);
    });
}

#[test]
fn an_unmodelled_error_keeps_its_body() {
    run(async {
        let body = r#"{"code":"Newer","message":"hm","more":[1]}"#;
        let server = Server::start([response(418, &[ID], body)]).await;
        let error = client(&server)
            .get_token(input())
            .await
            .expect_err("an error");
        assert_eq!(
            error.to_string(),
            "GetToken: Newer: hm (status 418, request id id-4)"
        );
        let Some(GetTokenError::Unmodeled(error)) = error.as_service_error() else {
            panic!("{error:?}")
        };
        assert_eq!(
            (error.status, error.body.as_ref()),
            (Some(418), body.as_bytes())
        );
    });
}

#[test]
fn debug_prints_no_secrets() {
    let client = Client::builder()
        .unauthenticated()
        .endpoint("http://h")
        .sigv4(credentials(), "eu-west-1");
    contains_no_secret(&format!("{client:?}"));
    let client = client.build().expect("a client");
    let shown = format!("{client:?}");
    assert!(shown.contains("amplifybackend#AmplifyBackend"), "{shown}");
    contains_no_secret(&shown);

    let shown = format!("{:?}", input());
    assert!(shown.contains("app"), "{shown}");
    contains_no_secret(&shown);

    let responses = BTreeMap::from([("NEW_PASSWORD".to_owned(), "hush-password".to_owned())]);
    let challenge =
        AdminRespondToAuthChallengeRequest::new(AdminRespondToAuthChallengeRequestRequired {
            challenge_name: ChallengeNameType::NewPasswordRequired,
            client_id: "hush-client",
            user_pool_id: "eu-west-1_pool",
        })
        .challenge_responses(responses)
        .session("hush-session-of-the-user");
    let shown = format!("{challenge:?} {challenge:#?}");
    assert!(shown.contains("eu-west-1_pool"), "{shown}");
    contains_no_secret(&shown);
}

#[test]
fn traces_show_each_attempt_and_no_secrets() {
    let traces = traces::of(|| {
        run(async {
            let server = Server::start([
                response(
                    503,
                    &[("x-amzn-requestid", &*format!("id-8{}", "0".repeat(9000)))],
                    r#"{"message":"hush"}"#,
                ),
                raw("", Then::Reset),
                token(),
                response(400, &[ID], r#"{"message":"hush"}"#),
            ])
            .await;
            let client = signed(&server);
            let output = client.get_token(input()).await.expect("the third response");
            assert_eq!(output.challenge_code, "hush-code");
            client.get_token(input()).await.expect_err("a bad request");
        });
    });
    let all = traces.join("\n");
    contains_no_secret(&all);
    let has = |parts: &[&str]| {
        let found = traces
            .iter()
            .any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "{parts:?} in\n{all}");
    };
    has(&[
        "call",
        "service=\"AmplifyBackend\"",
        "operation=\"GetToken\"",
    ]);
    has(&["received a response", "attempt=1", "status=503", "id-8"]);
    assert!(traces.iter().all(|line| line.len() < 1000), "{all}");
    has(&["failed", "attempt=2", "the connection broke"]);
    has(&["trying again", "attempt=1"]);
    has(&["trying again", "attempt=2"]);
    has(&["received a response", "attempt=3", "status=200", "id-4"]);
    has(&["received a response", "attempt=1", "status=400", "id-4"]);
}
