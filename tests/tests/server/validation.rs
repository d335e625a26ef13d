//! Invalid inputs: one response lists all violations.

use serde_json::json;

use crate::call::{nothing, put, request, send};

/// Each violation by its pointer and the end of its sentence.
fn check(document: &str, violations: &[(&str, &str)]) {
    let response = send(&nothing(), put(document));
    assert_eq!(response.status, 400, "{document}: {response:?}");
    assert_eq!(
        response.header("x-amzn-errortype"),
        "ValidationFailed",
        "{document}"
    );
    let count = violations.len();
    let plural = if count == 1 { "" } else { "s" };
    let sentences = violations.iter().map(|(pointer, rest)| {
        let (length, rest) = match rest.split_once('#') {
            Some((length, rest)) => (format!(" with length {length}"), rest),
            None => (String::new(), *rest),
        };
        format!("Value{length} at '{pointer}' failed to satisfy constraint: Member must {rest}")
    });
    let sentences = sentences.collect::<Vec<_>>().join("; ");
    assert_eq!(
        response.message(),
        format!("{count} validation error{plural} detected. {sentences}"),
        "{document}"
    );
}

/// Checks that a document is valid: the mock is called, and has no closure.
fn is_valid(document: &str) {
    let response = send(&nothing(), put(document));
    assert_eq!(response.status, 501, "{document}: {response:?}");
}

#[test]
fn what_is_required_must_be_there() {
    check(
        r#"{"constrained":{}}"#,
        &[("/constrained/name", "not be null")],
    );
    check(
        r#"{"constrained":{"name":null}}"#,
        &[("/constrained/name", "not be null")],
    );
    check(
        r#"{"constrained":{},"secrets":{}}"#,
        &[
            ("/constrained/name", "not be null"),
            ("/secrets/requiredToken", "not be null"),
        ],
    );
    is_valid("{}");
    is_valid("");
    is_valid(r#"{"constrained":null,"unknown":[{}]}"#);
}

#[test]
fn constraints_are_all_checked() {
    check(
        r#"{"constrained":{"name":"","count":26,"ratio":0.4,"tags":["a","b","c","d","e","e"],"blob":"AA==","ticks":"x"}}"#,
        &[
            (
                "/constrained/name",
                "0#have length between 1 and 20, inclusive",
            ),
            (
                "/constrained/name",
                "satisfy regular expression pattern: ^[a-z][a-z0-9-]*$",
            ),
            ("/constrained/count", "be between 1 and 25, inclusive"),
            ("/constrained/ratio", "be greater than or equal to 0.5"),
            ("/constrained/tags", "6#have length less than or equal to 5"),
            ("/constrained/tags", "have unique values"),
            (
                "/constrained/blob",
                "1#have length between 2 and 2, inclusive",
            ),
            (
                "/constrained/ticks",
                "satisfy regular expression pattern: ^`[a-z]+`$",
            ),
        ],
    );
    is_valid(
        r#"{"constrained":{"name":"a","count":25,"ratio":0.5,"tags":["a","b"],"blob":"AAA=","ticks":"`a`"}}"#,
    );
}

#[test]
fn wrong_types_are_found_with_all_the_rest() {
    check(
        r#"{"constrained":{"name":7,"count":1.5},"topLevelDefault":[],"secrets":{"requiredToken":{},"token":"x"}}"#,
        &[
            ("/constrained/name", "be a string, found a number"),
            (
                "/constrained/count",
                "be an integer from -2147483648 to 2147483647, found `1.5`",
            ),
            ("/topLevelDefault", "be a string, found a list"),
            ("/secrets/requiredToken", "be a string, found an object"),
        ],
    );
    check(
        r#"{"constrained":{"name":"a","name":"b"}}"#,
        &[("/constrained/name", "not occur twice")],
    );
}

#[test]
fn unions_have_one_member() {
    for union in ["{}", r#"{"text":null}"#] {
        check(
            &format!(r#"{{"everything":{{"choice":{union}}}}}"#),
            &[(
                "/everything/choice",
                "be a union with exactly one member, found none",
            )],
        );
    }
    check(
        r#"{"everything":{"choice":{"text":"a","number":1}}}"#,
        &[(
            "/everything/choice",
            "be a union with exactly one member, found several",
        )],
    );
    check(
        r#"{"everything":{"choice":{"other":1}}}"#,
        &[(
            "/everything/choice/other",
            "be a member of the union, found another",
        )],
    );
}

#[test]
fn malformed_json_is_rejected_where_it_ends() {
    for (document, needles) in [
        ("{", &["line 1 column 1"][..]),
        (
            r#"{"constrained":{"name":}}"#,
            &["line 1 column 24", "`/constrained/name`"],
        ),
        ("{}x", &["line 1 column 3"]),
        ("{'a':1}", &["line 1 column 2"]),
        ("[]", &["be an object, found a list"]),
        ("null", &["be an object, found null"]),
    ] {
        let response = send(&nothing(), put(document));
        assert_eq!(response.status, 400, "{document}");
        for needle in needles {
            assert!(
                response.message().contains(needle),
                "{document}: {}",
                response.message()
            );
        }
    }
}

#[test]
fn errors_never_include_secrets() {
    for document in [
        r#"{"secrets":{"requiredToken":12345678}}"#,
        r#"{"secrets":{"requiredToken":"a","token":{"hunter2":12345678}}}"#,
        r#"{"secrets":{"requiredToken":"a","byName":{"who":12345678}}}"#,
    ] {
        let response = send(&nothing(), put(document));
        assert_eq!(response.status, 400, "{document}: {response:?}");
        let message = response.message();
        assert!(
            !message.contains("12345678") && !message.contains("hunter2"),
            "{message}"
        );
    }
}

#[test]
fn members_outside_of_the_document_are_checked_too() {
    let response = send(&nothing(), request("GET /v1/things?size=many", ""));
    assert_eq!(response.status, 400);
    assert_eq!(
        response.json(),
        json!({"message": "1 validation error detected. Value at '/pageSize' failed to satisfy constraint: Member must be \
                           an integer from -2147483648 to 2147483647, found `many`"})
    );
    let head = "POST /v1/bind/a/at/yesterday/x?fixed=yes&bare&flag=maybe&level=9";
    let response = send(&nothing(), request(head, ""));
    assert!(
        response
            .message()
            .starts_with("3 validation errors detected. Value at '/when'"),
        "{}",
        response.message()
    );
}

#[test]
fn very_many_violations_are_counted() {
    let tags = vec!["1"; 5000].join(",");
    let response = send(
        &nothing(),
        put(&format!(
            r#"{{"constrained":{{"name":"a","tags":[{tags}]}}}}"#
        )),
    );
    assert_eq!(response.status, 400);
    assert!(
        response
            .message()
            .starts_with("5001 validation errors detected. "),
        "{}",
        &response.message()[..60]
    );
    assert!(response.body.len() < 20_000);
}
