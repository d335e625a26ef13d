//! Signing calls in their URI.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request};

use super::{GET, Page, SERVICE, Script, ThingError, client, thing};
use crate::ByteStream;
use crate::client::{Call, CallError, Credentials, Inner, PresignedRequest};
use crate::protocol::service::{Operation, OperationTraits, Route, Segment};
use crate::schema::{self as s, Member, Schema};

const HOUR: Duration = Duration::from_secs(3600);

static UPLOAD: Schema = Schema::structure(
    "a#Upload",
    &[
        Member::new("name", &s::STRING).required().label(),
        Member::new("kind", &s::STRING).header("Content-Type"),
        Member::new("note", &s::STRING).header("X-Note"),
        Member::new("body", &s::BLOB)
            .required()
            .streaming()
            .payload(),
    ],
);

/// The input of an operation with a streaming body.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) kind: Option<String>,
    pub(super) note: Option<String>,
    pub(super) body: ByteStream,
}
crate::structure!(Upload: UPLOAD { 0: name, 1: kind, 2: note, 3: body });

pub(super) const fn upload(traits: OperationTraits) -> Operation {
    Operation {
        name: "Upload",
        input: &UPLOAD,
        output: &super::PAGE,
        errors: &[],
        route: Some(&Route {
            operation: "Upload",
            method: "PUT",
            path: &[Segment::Literal("uploads"), Segment::Label(0)],
            query: &[],
            status: 200,
        }),
        traits,
    }
}

static PUT: Operation = upload(OperationTraits::NONE);
static ANYONE: Operation = upload(OperationTraits {
    auth: Some(&[]),
    ..OperationTraits::NONE
});

fn signing() -> Inner {
    client(&Script::default())
        .sigv4(Credentials::new("AKID", "SECRET"), "eu-west-1")
        .clock(|| SystemTime::UNIX_EPOCH)
        .build()
        .expect("a client")
}

async fn presign(call: Call<Page, ThingError>) -> Result<PresignedRequest, CallError> {
    call.presign(HOUR).await
}

#[tokio::test]
async fn the_request_is_complete_but_for_the_transport() {
    let client = signing();
    let call = client.call(
        &GET,
        &super::Thing {
            secret: Some("s".to_owned()),
            ..thing()
        },
    );
    let presigned = presign(call.header("x-more", "more"))
        .await
        .expect("a signature");
    assert_eq!(presigned.method(), Method::POST);
    let uri = presigned.uri();
    assert_eq!(uri.authority().expect("a host").as_str(), "things.example");
    assert_eq!(uri.path(), "/prod/things/x");
    assert!(uri.query().expect("a query").contains(
        "&X-Amz-Expires=3600&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-more&X-Amz-Signature="
    ));
    let names = presigned.headers().keys().map(http::HeaderName::as_str);
    assert_eq!(names.collect::<Vec<_>>(), ["content-type", "x-more"]);
    assert_eq!(
        presigned.body().expect("a document").as_ref(),
        br#"{"secret":"s"}"#
    );
    assert_eq!(presigned.expires_at(), SystemTime::UNIX_EPOCH + HOUR);
    let shown = format!("{presigned:?}");
    assert!(
        shown.contains("things.example") && !shown.contains("AKID"),
        "{shown}"
    );
    let request = Request::<Bytes>::from(presigned);
    assert_eq!(request.headers()[CONTENT_TYPE], "application/json");
    assert!(!request.headers().contains_key(HOST));
}

#[tokio::test]
async fn the_sender_chooses_the_body_of_a_stream() {
    let client = signing();
    let presigned = presign(client.call(
        &PUT,
        &Upload {
            name: "a".to_owned(),
            ..Upload::default()
        },
    ))
    .await
    .expect("a signature");
    assert_eq!(presigned.body(), None);
    assert!(presigned.headers().is_empty(), "{presigned:?}");
    let described = Upload {
        name: "a".to_owned(),
        kind: Some("text/plain".to_owned()),
        note: Some("n".to_owned()),
        ..Upload::default()
    };
    let presigned = presign(client.call(&PUT, &described))
        .await
        .expect("a signature");
    assert_eq!(presigned.headers()[CONTENT_TYPE], "text/plain");
    assert_eq!(presigned.headers()["x-note"], "n");
    assert_eq!(presigned.headers().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_presigned_is_an_error() {
    let check = |result: Result<PresignedRequest, CallError>, expected: &str| {
        assert_eq!(result.expect_err("no signature").to_string(), expected);
    };
    let empty = Upload {
        name: "a".to_owned(),
        ..Upload::default()
    };
    let full = Upload {
        body: ByteStream::from("b"),
        ..empty.clone()
    };
    let client = signing();
    check(
        presign(client.call(&PUT, &full)).await,
        "Upload: cannot presign the request: the sender chooses the body: leave `body` empty",
    );
    check(
        presign(client.call(&ANYONE, &empty)).await,
        "Upload: cannot presign the request: the operation needs no signature",
    );
    check(
        client
            .call::<Page, ThingError>(&GET, &thing())
            .presign(Duration::ZERO)
            .await,
        "GetThing: cannot presign the request: a presigned request is valid for at least a \
         second and at most 7 days, not for 0ns",
    );
    let nameless = Upload::default();
    let error = presign(client.call(&PUT, &nameless))
        .await
        .expect_err("no label");
    assert!(
        error
            .to_string()
            .starts_with("Upload: cannot build the request: "),
        "{error}"
    );
    let unsigned: Inner = super::client(&Script::default()).build().expect("a client");
    check(
        presign(unsigned.call(&PUT, &empty)).await,
        "Upload: cannot presign the request: the client does not sign requests: call \
         `sigv4(..)` on its builder",
    );
}

#[tokio::test]
async fn credentials_come_from_the_provider() {
    let failing: Inner = crate::client::Builder::new(&SERVICE)
        .endpoint("https://things.example")
        .transport(Script::default())
        .sigv4(|| async { Err("nobody is logged in".into()) }, "eu-west-1")
        .build()
        .expect("a client");
    let error = presign(failing.call(&GET, &thing()))
        .await
        .expect_err("no credentials");
    assert_eq!(
        error.to_string(),
        "GetThing: cannot presign the request: nobody is logged in"
    );
}
