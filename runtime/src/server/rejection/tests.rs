//! Names and bodies of rejections.

use super::*;
use crate::codec::members::{self, MemberFilter};
use crate::protocol::service::{Customizations, Operation, OperationTraits};
use crate::protocol::{AWS_JSON_1_1, Protocol};
use crate::schema::{ErrorSchema, Fault};

const PROTOCOLS: &[&dyn Protocol] = &[&AWS_JSON_1_1];
const CLIENT: ErrorSchema = ErrorSchema {
    fault: Fault::Client,
    status: 400,
    retryable: false,
    throttling: false,
};
static UNIT: Schema = Schema::structure("a#Unit", &[]);
static WHY: Schema = Schema::string_enum("a#Why", &["a"]);
static OWN_VALIDATION: Schema = Schema::error(
    "a#ValidationException",
    CLIENT,
    &[Member::new("reason", &WHY).required()],
);
static LIKE_VALIDATION: Schema = Schema::error(
    "a#ValidationException",
    CLIENT,
    &[
        Member::new("Message", &schema::STRING).required(),
        Member::new("fields", &FIELDS).required(),
        Member::new("others", &OTHERS).required(),
    ],
);
static OTHERS: Schema = Schema::list("a#Others", &[Member::new("member", &schema::STRING)]);
static OWN_FAILURE: Schema = Schema::error("a#InternalFailure", CLIENT, &[]);
static OTHER_FAILURE: Schema = Schema::error("a#FrameworkInternalFailure", CLIENT, &[]);
static OWN_TIMEOUT: Schema = Schema::error(
    "a#RequestTimeoutException",
    CLIENT,
    &[Member::new("message", &schema::STRING).header("X-Message")],
);
static OWN_LENGTH: Schema = Schema::error(
    "a#LengthRequiredException",
    CLIENT,
    &[
        Member::new("message", &schema::STRING),
        Member::new("code", &schema::INTEGER),
    ],
);

const fn operation(errors: &'static [&'static Schema]) -> Operation {
    Operation {
        name: "Do",
        input: &UNIT,
        output: &UNIT,
        errors,
        route: None,
        traits: OperationTraits::NONE,
    }
}

const fn service(operations: &'static [&'static Operation]) -> Service {
    Service {
        id: "a#Service",
        version: "",
        sdk_id: None,
        repeats_any: false,
        protocols: PROTOCOLS,
        http_versions: &[],
        query_compatible: false,
        auth: &[],
        signing: None,
        endpoint_prefix: None,
        base_path: "",
        cors: None,
        validation_error: None,
        customizations: Customizations::NONE,
        operations,
    }
}
static OWN: Service = service(&[
    &operation(&[&OTHER_FAILURE, &OWN_FAILURE, &OWN_LENGTH]),
    &operation(&[&OWN_TIMEOUT, &OWN_VALIDATION]),
]);
static LIKE: Service = service(&[&operation(&[&LIKE_VALIDATION])]);
static NONE: Service = service(&[]);

#[track_caller]
fn check(service: &Service, rejection: Rejection, name: &str, body: &str) {
    let info = rejection.info(service);
    assert_eq!(info.code, name);
    let tokens = || String::new();
    let codec = AWS_JSON_1_1.codec();
    let json = members::encode(codec, &info.body, MemberFilter::All, &tokens);
    let json = json.expect("a document");
    assert_eq!(String::from_utf8_lossy(&json), body);
}

fn missing() -> Rejection {
    Rejection::Invalid(DecodeError::new(Problem::Missing).inside("s"))
}

fn mismatch() -> Rejection {
    Rejection::Invalid(DecodeError::mismatch("a string", "a number").inside("s"))
}

const SENTENCE: &str = "Value at '/s' failed to satisfy constraint: Member must not be null";

#[test]
fn a_rejection_is_not_named_after_an_error_of_another_shape() {
    let text = format!("1 validation error detected. {SENTENCE}");
    let fields = format!(r#"[{{"message":"{SENTENCE}","path":"/s"}}]"#);
    let body = format!(r#"{{"fieldList":{fields},"message":"{text}"}}"#);
    check(&NONE, missing(), "ValidationException", &body);
    check(&OWN, missing(), "FrameworkValidationException", &body);
    let body = format!(r#"{{"Message":"{text}","fields":{fields},"others":[]}}"#);
    check(&LIKE, missing(), "ValidationException", &body);
    for service in [&NONE, &OWN, &LIKE] {
        let body = "{\"message\":\"1 validation error detected. Value at '/s' failed to satisfy \
                    constraint: Member must be a string, found a number\"}";
        check(service, mismatch(), "SerializationException", body);
    }
    let failure = "the service failed; see its logs for the request ID";
    for (rejection, name, message) in [
        (
            Rejection::Internal,
            "FrameworkFrameworkInternalFailure",
            failure,
        ),
        (
            Rejection::Stalled,
            "FrameworkRequestTimeoutException",
            "the body took too long",
        ),
        (
            Rejection::LengthRequired,
            "LengthRequiredException",
            "the length of the body is required: send content-length",
        ),
        (
            Rejection::Broken,
            "SerializationException",
            "the body broke off",
        ),
    ] {
        check(
            &OWN,
            rejection,
            name,
            &format!(r#"{{"message":"{message}"}}"#),
        );
    }
}
