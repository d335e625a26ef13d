//! The awsJson protocols: one resource, and a header that names the operation.

use amplify_admin::cognitoidentityprovider::error::{
    AdminRespondToAuthChallengeError, CodeMismatchException,
};
use amplify_admin::cognitoidentityprovider::output::AdminRespondToAuthChallengeResponse;
use amplify_admin::cognitoidentityprovider::server::{Mock, Router, Unauthenticated, router};

use crate::call::{BufferedResponse, request, send};

const TARGET: &str = "AWSCognitoIdentityProviderService.AdminRespondToAuthChallenge";
const INPUT: &str =
    r#"{"UserPoolId":"eu-west-1_abc","ClientId":"client","ChallengeName":"SMS_MFA"}"#;

fn any_router() -> Router {
    router(
        Mock::new()
            .on_admin_respond_to_auth_challenge(|_| Ok(AdminRespondToAuthChallengeResponse::new())),
        Unauthenticated,
    )
}

fn call(head: &str, body: &str) -> BufferedResponse {
    send(&any_router(), request(head, body.to_owned()))
}

fn post(target: &str, body: &str) -> BufferedResponse {
    let head = format!("POST /\ncontent-type: application/x-amz-json-1.1\nx-amz-target: {target}");
    call(&head, body)
}

#[test]
fn the_target_names_the_operation() {
    let response = post(TARGET, INPUT);
    assert_eq!(response.status, 200, "{response:?}");
    assert_eq!(
        response.header("content-type"),
        "application/x-amz-json-1.1"
    );
    assert_eq!(response.body, b"{}");
}

#[test]
fn other_targets_are_unknown() {
    let service = "AWSCognitoIdentityProviderService";
    for target in [
        "",
        service,
        "Other.AdminRespondToAuthChallenge",
        "AWSCognitoIdentityProviderService.Nothing",
    ] {
        let response = post(target, INPUT);
        assert_eq!(response.status, 400, "{target}");
        assert_eq!(
            response.json()["__type"],
            "UnknownOperationException",
            "{target}"
        );
    }
    let response = call("POST /\ncontent-type: application/x-amz-json-1.1", INPUT);
    assert_eq!(
        response.json()["message"],
        "the header x-amz-target is missing"
    );
}

#[test]
fn there_is_one_resource_and_one_type() {
    let head =
        |line: &str, kind: &str| format!("{line}\ncontent-type: {kind}\nx-amz-target: {TARGET}");
    let json = "application/x-amz-json-1.1";
    for (line, kind, status) in [
        ("POST /", "application/x-amz-json-1.1; charset=utf-8", 200),
        ("POST /", "application/x-amz-json-1.0", 415),
        ("POST /", "application/json", 415),
        ("POST /other", json, 404),
        ("GET /", json, 405),
        ("POST /?query", json, 200),
    ] {
        let response = call(&head(line, kind), INPUT);
        assert_eq!(response.status, status, "{line} {kind}: {response:?}");
    }
}

#[test]
fn an_empty_body_is_an_empty_document() {
    for body in ["", "{}"] {
        let response = post(TARGET, body);
        assert_eq!(response.status, 400);
        let json = response.json();
        assert_eq!(json["__type"], "InvalidParameterException");
        let message = json["message"].as_str().expect("a message");
        assert!(
            message.starts_with("3 validation errors detected. "),
            "{message}"
        );
    }
}

#[test]
fn errors_are_named_in_the_document() {
    let router = router(
        Mock::new().on_admin_respond_to_auth_challenge(|_| {
            let mut error = CodeMismatchException::new();
            error.message = Some("no".to_owned());
            Err(AdminRespondToAuthChallengeError::CodeMismatchException(
                error,
            ))
        }),
        Unauthenticated,
    );
    let head = format!("POST /\ncontent-type: application/x-amz-json-1.1\nx-amz-target: {TARGET}");
    let response = send(&router, request(&head, INPUT));
    assert_eq!(response.status, 400);
    assert_eq!(
        response.body,
        br#"{"__type":"CodeMismatchException","message":"no"}"#
    );
}
