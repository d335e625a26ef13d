//! The awsJson protocols: one resource, and a header that names the operation.

use amplify_admin::cognitoidentityprovider::error::{
    AdminRespondToAuthChallengeError, CodeMismatchException,
};
use amplify_admin::cognitoidentityprovider::output::AdminRespondToAuthChallengeResponse;
use amplify_admin::cognitoidentityprovider::server::{Mock, Router, router};

use crate::call::{Answer, request, send};

const TARGET: &str = "AWSCognitoIdentityProviderService.AdminRespondToAuthChallenge";
const INPUT: &str =
    r#"{"UserPoolId":"eu-west-1_abc","ClientId":"client","ChallengeName":"SMS_MFA"}"#;

fn answering() -> Router {
    router(
        Mock::new()
            .on_admin_respond_to_auth_challenge(|_| Ok(AdminRespondToAuthChallengeResponse::new())),
    )
}

fn call(head: &str, body: &str) -> Answer {
    send(&answering(), request(head, body.to_owned()))
}

fn post(target: &str, body: &str) -> Answer {
    let head = format!("POST /\ncontent-type: application/x-amz-json-1.1\nx-amz-target: {target}");
    call(&head, body)
}

#[test]
fn the_target_names_the_operation() {
    let answer = post(TARGET, INPUT);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(answer.body, b"{}");
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
        let answer = post(target, INPUT);
        assert_eq!(answer.status, 400, "{target}");
        assert_eq!(
            answer.json()["__type"],
            "UnknownOperationException",
            "{target}"
        );
    }
    let answer = call("POST /\ncontent-type: application/x-amz-json-1.1", INPUT);
    assert_eq!(
        answer.json()["message"],
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
        let answer = call(&head(line, kind), INPUT);
        assert_eq!(answer.status, status, "{line} {kind}: {answer:?}");
    }
}

#[test]
fn an_empty_body_is_an_empty_document() {
    for body in ["", "{}"] {
        let answer = post(TARGET, body);
        assert_eq!(answer.status, 400);
        let json = answer.json();
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
    let router = router(Mock::new().on_admin_respond_to_auth_challenge(|_| {
        let mut error = CodeMismatchException::new();
        error.message = Some("no".to_owned());
        Err(AdminRespondToAuthChallengeError::CodeMismatchException(
            error,
        ))
    }));
    let head = format!("POST /\ncontent-type: application/x-amz-json-1.1\nx-amz-target: {TARGET}");
    let answer = send(&router, request(&head, INPUT));
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        br#"{"__type":"CodeMismatchException","message":"no"}"#
    );
}
