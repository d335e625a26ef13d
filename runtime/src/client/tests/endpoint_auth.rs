//! Authentication by the schemes of an endpoint.

use std::time::{Duration, SystemTime};

use super::script::{Script, response};
use super::{PAGE, Page, SERVICE, THING, ThingError, thing};
use crate::client::{BearerToken, Builder, Call, Credentials, HasBearerAuth, Inner};
use crate::endpoint::{
    Condition, Expression as E, Function as F, Literal, Outcome, Parameter, Property as P, Rules,
};
use crate::protocol::service::{
    AuthScheme, Operation, OperationTraits, Route, Segment, Service, Signing,
};

macro_rules! scheme {
    ($($property:literal: $value:expr),*) => {
        P::Map(&[$(($property, P::Value($value))),*])
    };
}

/// Rules that lead to an endpoint by the value of the parameter `Kind`.
macro_rules! kinds {
    ($($kind:literal: [$($scheme:expr),*];)*) => {
        Rules {
            parameters: &[
                Parameter::new("Region").built_in("AWS::Region"),
                Parameter::new("Kind").required().default(Literal::String("")),
            ],
            variables: 0,
            conditions: &[$(
                Condition::new(E::Call(F::StringEquals, &[E::Slot(1), E::Text($kind)])),
            )*],
            results: &[
                Outcome::Endpoint {
                    url: E::Text("https://things.example"),
                    headers: &[],
                    properties: &[],
                },
                $(Outcome::Endpoint {
                    url: E::Text("https://things.example"),
                    headers: &[],
                    properties: &[("authSchemes", P::List(&[$($scheme),*]))],
                },)*
            ],
            nodes: &[
                [0, !1, !0], [1, !2, 0], [2, !3, 1], [3, !4, 2], [4, !5, 3], [5, !6, 4], [6, !7, 5],
                [7, !8, 6],
            ],
            root: 7,
            operations: &[],
            first_label: false,
        }
    };
}

static RULES: Rules = kinds! {
    "global": [
        scheme!("name": E::Text("sigv4a")),
        scheme!(
            "name": E::Text("sigv4"),
            "signingRegion": E::Text("central"),
            "signingName": E::Text("globe")
        )
    ];
    "raw": [scheme!("name": E::Text("sigv4"), "disableDoubleEncoding": E::Boolean(true))];
    "new": [scheme!("name": E::Text("sigv4a"))];
    "newer": [scheme!("name": E::Text("sigv4-s3express")), scheme!("name": E::Text("sigv4a"))];
    "token": [scheme!("name": E::Text("bearer")), scheme!("name": E::Text("sigv4"))];
    "open": [scheme!("name": E::Text("sigv4a")), scheme!("name": E::Text("none"))];
    "invalid": [scheme!("signingName": E::Text("globe"))];
    "empty": [];
};

static GLOBE: Service = Service {
    auth: &[AuthScheme::SigV4, AuthScheme::Bearer],
    signing: Some(Signing::new("things")),
    ..SERVICE
};

const fn operation(traits: OperationTraits) -> Operation {
    Operation {
        name: "GetThing",
        input: &THING,
        output: &PAGE,
        errors: &[],
        route: Some(&Route {
            operation: "GetThing",
            method: "POST",
            path: &[Segment::Literal("things"), Segment::Label(0)],
            query: &[],
            status: 200,
        }),
        traits,
    }
}

static GET: Operation = operation(OperationTraits::NONE);
static TOKEN_ONLY: Operation = operation(OperationTraits {
    auth: Some(&[AuthScheme::Bearer]),
    ..OperationTraits::NONE
});
static OPTIONAL: Operation = operation(OperationTraits {
    optional_auth: true,
    ..OperationTraits::NONE
});
static ANYONE: Operation = operation(OperationTraits {
    auth: Some(&[]),
    ..OperationTraits::NONE
});

pub(super) struct Globe(pub(super) Inner);

impl From<Inner> for Globe {
    fn from(inner: Inner) -> Self {
        Self(inner)
    }
}

impl HasBearerAuth for Globe {}

type Set = fn(Builder<Globe>) -> Builder<Globe>;

fn keys(builder: Builder<Globe>) -> Builder<Globe> {
    builder.sigv4(Credentials::new("AKID", "SECRET"), "west")
}

fn token(builder: Builder<Globe>) -> Builder<Globe> {
    builder.bearer_token(BearerToken::new("TOKEN"))
}

fn call(
    kind: &str,
    operation: &'static Operation,
    script: &Script,
    set: Set,
) -> Call<Page, ThingError> {
    let builder = Builder::<Globe>::new(&GLOBE)
        .endpoint_rules(&RULES)
        .endpoint_parameter(1, kind)
        .region("west")
        .base_path("")
        .clock(|| SystemTime::UNIX_EPOCH)
        .transport(script.clone());
    let client = set(builder).build().expect("a client");
    let mut input = thing();
    input.id = "a:b/../c".to_owned();
    client.0.call(operation, &input)
}

/// The header `Authorization` of a call, which may be empty, or the error.
async fn sent(kind: &str, operation: &'static Operation, set: Set) -> Result<String, String> {
    let script = Script::new([response(200, &[], "{}")]);
    let result = call(kind, operation, &script, set).await;
    if let Err(error) = result {
        assert_eq!(script.count(), 0, "{kind} is not sent");
        return Err(error.to_string());
    }
    let request = script.seen().remove(0);
    let value = request.headers.get("authorization");
    let value = value.map(|value| value.to_str().expect("text"));
    Ok(value.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_endpoint_decides_what_signatures_are_valid_for() {
    for (kind, expected) in [
        ("", "AKID/19700101/west/things/aws4_request"),
        ("global", "AKID/19700101/central/globe/aws4_request"),
        ("raw", "AKID/19700101/west/things/aws4_request"),
    ] {
        let signed = sent(kind, &GET, keys).await.expect("a page");
        let (_, credential) = signed.split_once("Credential=").expect("a signature");
        assert_eq!(credential.split(',').next(), Some(expected), "{kind}");

        let presigned = call(kind, &GET, &Script::default(), keys)
            .presign(Duration::from_secs(60))
            .await;
        let presigned = presigned.map_err(|error| error.to_string());
        let uri = presigned.expect("a presigned request").uri().to_string();
        let credential = expected.replace('/', "%2F");
        assert!(uri.contains(&credential), "{kind}: {uri}");
    }
}

#[tokio::test]
async fn the_endpoint_decides_how_the_path_is_signed() {
    let signature = async |kind| {
        let signed = sent(kind, &GET, keys).await.expect("a page");
        let (_, signature) = signed.split_once("Signature=").expect("a signature");
        signature.to_owned()
    };
    assert_ne!(signature("").await, signature("raw").await);
    // The scope is that of the client, and so is the encoding.
    assert_eq!(signature("").await, signature("token").await);
}

#[tokio::test]
async fn the_endpoint_decides_the_order_of_schemes() {
    let both: Set = |builder| token(keys(builder));
    let scheme = async |kind, operation, set| {
        let sent = sent(kind, operation, set).await.expect("a page");
        sent.split(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!(scheme("", &GET, both).await, "AWS4-HMAC-SHA256");
    assert_eq!(scheme("token", &GET, both).await, "Bearer");
    assert_eq!(scheme("token", &GET, token).await, "Bearer");
    assert_eq!(scheme("token", &GET, keys).await, "AWS4-HMAC-SHA256");
    assert_eq!(scheme("open", &GET, both).await, "");
    assert_eq!(scheme("new", &OPTIONAL, keys).await, "");
    assert_eq!(scheme("new", &ANYONE, keys).await, "");
    // Nothing to authenticate with.
    assert_eq!(scheme("new", &GET, Builder::unauthenticated).await, "");
}

#[tokio::test]
async fn calls_fail_if_the_client_has_no_scheme_of_the_endpoint() {
    let check = async |kind: &str, operation: &'static Operation, set: Set, expected: &str| {
        let error = sent(kind, operation, set).await.expect_err("no page");
        assert!(error.contains(expected), "{kind}: {error}");
    };
    let mock: Set = |builder| keys(builder).unauthenticated();
    let none: Set = |builder| builder;
    for set in [keys, token, mock, none] {
        check(
            "new",
            &GET,
            set,
            "only accepts the authentication scheme `sigv4a`,",
        )
        .await;
    }
    check("newer", &GET, keys, "scheme `sigv4-s3express` or `sigv4a`,").await;
    check("global", &TOKEN_ONLY, token, "scheme `sigv4a` or `sigv4`,").await;
    check("global", &GET, none, "call `sigv4(..)` on the builder").await;
    check("global", &GET, token, "call `sigv4(..)` on the builder").await;
    for kind in ["invalid", "empty"] {
        check(
            kind,
            &GET,
            keys,
            "`authSchemes` of the endpoint is not a list",
        )
        .await;
    }

    let presigned = call("new", &GET, &Script::default(), keys).presign(Duration::from_secs(60));
    let error = presigned.await.map(|_| ()).expect_err("no request");
    let error = crate::client::Error::<ThingError>::from(error).to_string();
    assert!(error.contains("`sigv4a`"), "{error}");
}
