//! Resources in other regions than that of the client.

use std::time::Duration;

use http::Response;

use super::customizations::{COPY, OUTPUT, STORE, object};
use super::script::{Script, Seen, response};
use super::{Page, ThingError};
use crate::client::{Body, Builder, Credentials, Error, Inner, RetryConfig};
use crate::endpoint::{
    Condition, Expression as E, Function as F, OperationParameters, Outcome, Parameter,
    Property as P, Rules, Source, Step,
};
use crate::protocol::service::{Customizations, Operation, RegionRedirects, Service};

/// Parameters: 0 `Region`, 1 `Endpoint`, 2 `Bucket`.
static RULES: Rules = Rules {
    parameters: &[
        Parameter::new("Region").built_in("AWS::Region"),
        Parameter::new("Endpoint").built_in("SDK::Endpoint"),
        Parameter::new("Bucket"),
    ],
    variables: 0,
    conditions: &[
        Condition::new(E::Call(F::IsSet, &[E::Slot(1)])),
        Condition::new(E::Call(F::StringEquals, &[E::Slot(0), E::Text("closed")])),
        // A bucket with one region, whatever that of the client is.
        Condition::new(E::Call(F::StringEquals, &[E::Slot(2), E::Text("fixed")])),
    ],
    results: &[
        Outcome::NoMatch,
        Outcome::Endpoint {
            url: E::Slot(1),
            headers: &[],
            properties: SIGNED,
        },
        Outcome::Error(E::Text("the region is closed")),
        Outcome::Endpoint {
            url: E::Text("https://fixed.example"),
            headers: &[],
            properties: &[],
        },
        Outcome::Endpoint {
            url: E::Template(&[E::Text("https://"), E::Slot(0), E::Text(".example")]),
            headers: &[("region", &[E::Slot(0)])],
            properties: SIGNED,
        },
    ],
    nodes: &[[0, !1, 1], [1, !2, 2], [2, !3, !4]],
    root: 0,
    operations: &[
        OperationParameters::new("CopyObject", BUCKET),
        OperationParameters::new("CreateObject", BUCKET),
    ],
    first_label: false,
};

const BUCKET: &[(usize, Source)] = &[(2, Source::Input(&[Step::Member(0)]))];

static CREATE: Operation = Operation {
    name: "CreateObject",
    ..COPY
};

const SIGNED: &[(&str, P)] = &[(
    "authSchemes",
    P::List(&[P::Map(&[
        ("name", P::Value(E::Text("sigv4"))),
        ("signingRegion", P::Value(E::Slot(0))),
    ])]),
)];

static REGIONAL: Service = Service {
    customizations: Customizations::NONE.region_redirects(RegionRedirects {
        parameter: "Bucket",
        header: "x-region",
        codes: &["Moved", "WrongRegion"],
        creation: "CreateObject",
    }),
    ..STORE
};

fn builder(script: &Script) -> Builder<Inner> {
    Builder::new(&REGIONAL)
        .endpoint_rules(&RULES)
        .sigv4(Credentials::new("AKID", "SECRET"), "west")
        .retries(RetryConfig::none())
        .transport(script.clone())
}

fn ok() -> Response<Body> {
    response(200, &[], OUTPUT)
}

fn moved(region: &'static str) -> Response<Body> {
    let document = "<Error><Code>Moved</Code></Error>";
    response(301, &[("x-region", region)], document)
}

/// The host and the region of the signature of a request.
fn target(seen: &Seen) -> (String, String) {
    let uri = seen.target.parse::<http::Uri>().expect("a URI");
    let header = seen.headers["authorization"].to_str().expect("a text");
    let region = header
        .split('/')
        .nth(2)
        .expect("the scope of the signature");
    let host = uri.host().expect("a host");
    (host.to_owned(), region.to_owned())
}

/// The status of the error of a call for a bucket, and the targets of its requests.
async fn call(client: &Inner, script: &Script, bucket: &str) -> (Option<u16>, Vec<String>) {
    call_of(&COPY, client, script, bucket).await
}

async fn call_of(
    operation: &'static Operation,
    client: &Inner,
    script: &Script,
    bucket: &str,
) -> (Option<u16>, Vec<String>) {
    let call = client.call::<Page, ThingError>(operation, &object(bucket, "key"));
    let error = call.await.err();
    let hosts = script.seen().into_iter().map(|seen| {
        let (host, region) = target(&seen);
        if host.starts_with(&region) {
            host
        } else {
            format!("{host} {region}")
        }
    });
    (error.and_then(|error| error.status()), hosts.collect())
}

#[tokio::test]
async fn a_call_is_repeated_in_the_region_that_the_service_names() {
    let in_document = "<Error><Code>WrongRegion</Code><Region>east</Region></Error>";
    for first in [
        moved("east"),
        response(400, &[], in_document),
        response(400, &[("x-region", "east")], ""),
        response(301, &[("x-region", "east")], ""),
        response(307, &[("x-region", "east")], in_document),
        response(
            307,
            &[("x-region", "east")],
            "<Error><Code>Other</Code></Error>",
        ),
    ] {
        let script = Script::new([first, ok(), ok(), ok()]);
        let client = builder(&script).build().expect("a client");
        let (error, hosts) = call(&client, &script, "a").await;
        assert_eq!(
            (error, &*hosts),
            (
                None,
                &["west.example".to_owned(), "east.example".to_owned()][..]
            )
        );
        // The client knows the region of this bucket, and not that of others.
        assert_eq!(
            call(&client.clone(), &script, "a").await.1,
            ["east.example"]
        );
        assert_eq!(call(&client, &script, "b").await.1, ["west.example"]);
    }
}

#[tokio::test]
async fn the_headers_of_the_endpoint_are_those_of_the_region() {
    let script = Script::new([moved("east"), ok()]);
    let client = builder(&script).build().expect("a client");
    let call = client.call::<Page, ThingError>(&COPY, &object("a", "key"));
    call.await.expect("an output");
    let regions = script
        .seen()
        .into_iter()
        .map(|seen| seen.headers["region"].clone());
    assert_eq!(regions.collect::<Vec<_>>(), ["west", "east"]);
}

#[tokio::test]
async fn other_errors_are_final() {
    let other = "<Error><Code>Invalid</Code><Region>east</Region></Error>";
    let nowhere = "<Error><Code>Moved</Code></Error>";
    for (first, status) in [
        (response(400, &[("x-region", "east")], other), 400),
        (response(404, &[("x-region", "east")], ""), 404),
        (response(301, &[], nowhere), 301),
        (response(301, &[], ""), 301),
        // The region of the request.
        (moved("west"), 301),
        // The rules reject it.
        (moved("closed"), 301),
        // It would be another host.
        (moved("evil.example/"), 301),
        (moved("east.evil"), 301),
        (moved(""), 301),
    ] {
        let script = Script::new([first, ok()]);
        let client = builder(&script).build().expect("a client");
        let (error, hosts) = call(&client, &script, "a").await;
        assert_eq!(
            (error, &*hosts),
            (Some(status), &["west.example".to_owned()][..])
        );
        assert_eq!(call(&client, &script, "a").await.1, ["west.example"]);
    }
}

#[tokio::test]
async fn a_call_is_repeated_once() {
    let script = Script::new([moved("east"), moved("north"), ok()]);
    let client = builder(&script).build().expect("a client");
    let (error, hosts) = call(&client, &script, "a").await;
    assert_eq!(error, Some(301));
    assert_eq!(hosts, ["west.example", "east.example"]);
    assert_eq!(call(&client, &script, "a").await.1, ["north.example"]);
}

#[tokio::test]
async fn a_bucket_is_created_in_the_region_of_the_client() {
    let script = Script::new([moved("east"), moved("east"), ok(), ok(), ok()]);
    let client = builder(&script).build().expect("a client");
    let (error, hosts) = call_of(&CREATE, &client, &script, "a").await;
    assert_eq!(
        (error, &*hosts),
        (Some(301), &["west.example".to_owned()][..])
    );
    // One that was deleted elsewhere is no longer known.
    let (_, hosts) = call(&client, &script, "a").await;
    assert_eq!(hosts, ["west.example", "east.example"]);
    let (error, hosts) = call_of(&CREATE, &client, &script, "a").await;
    assert_eq!((error, &*hosts), (None, &["west.example".to_owned()][..]));
    assert_eq!(call(&client, &script, "a").await.1, ["west.example"]);
}

#[tokio::test]
async fn a_bucket_whose_endpoint_has_no_region_is_not_repeated() {
    let script = Script::new([moved("east")]);
    let client = builder(&script).build().expect("a client");
    let (error, hosts) = call(&client, &script, "fixed").await;
    assert_eq!(error, Some(301));
    assert_eq!(hosts, ["fixed.example west"]);
}

#[tokio::test]
async fn the_signature_for_another_endpoint_has_the_region() {
    let script = Script::new([moved("east"), ok()]);
    let client = builder(&script).endpoint("http://127.0.0.1:9000");
    let client = client.build().expect("a client");
    let (error, hosts) = call(&client, &script, "a").await;
    assert_eq!(error, None);
    assert_eq!(hosts, ["127.0.0.1 west", "127.0.0.1 east"]);
}

#[tokio::test]
async fn presigned_requests_have_the_region_that_is_known() {
    let script = Script::new([moved("east"), ok()]);
    let client = builder(&script).build().expect("a client");
    call(&client, &script, "a").await;
    let call = client.call::<Page, ThingError>(&COPY, &object("a", "key"));
    let signed = call.presign(Duration::from_secs(60)).await;
    let uri = signed.expect("a request").uri().to_string();
    assert!(uri.starts_with("https://east.example/a/key?"), "{uri}");
}

#[tokio::test]
async fn services_without_such_resources_have_their_errors() {
    let script = Script::new([moved("east")]);
    let client = Builder::<Inner>::new(&STORE)
        .endpoint_rules(&RULES)
        .unauthenticated()
        .region("west")
        .transport(script.clone())
        .build()
        .expect("a client");
    let call = client.call::<Page, ThingError>(&COPY, &object("a", "key"));
    let error: Error<ThingError> = call.await.expect_err("an error");
    assert_eq!((error.status(), script.count()), (Some(301), 1));
}
