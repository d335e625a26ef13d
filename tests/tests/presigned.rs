//! Presigned requests have the URL that boto3's `generate_presigned_url` returns for the same call.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use amplify_admin::amplifybackend as amplify;
use amplify_admin::amplifybackend::input::{
    GetBackendJobInput, GetBackendJobInputRequired, GetTokenInput, GetTokenInputRequired,
};
use drawplate_fixtures::kitchen_sink::error::GetThingError;
use drawplate_fixtures::kitchen_sink::output::GetThingOutput;
use drawplate_runtime::client::{Body, Builder, Credentials, Inner, PresignedRequest, Transport};
use drawplate_runtime::protocol::REST_JSON_1;
use drawplate_runtime::schema::{self, Member, Schema};
use drawplate_runtime::service::{
    AuthScheme, Customizations, Operation, OperationTraits, Route, Segment, Service, Signing,
};
use drawplate_tests::python::{self, ACCESS_KEY, Python, REGION, SECRET_KEY};
use serde_json::{Value, json};

/// 2015-08-30T12:36:00Z.
const TIME: (u64, &str) = (1_440_938_160, "20150830T123600Z");
const EXPIRES_IN: Duration = Duration::from_mins(15);

/// Texts of labels that signing might encode, decode or normalize.
const AWKWARD: [&str; 12] = [
    "a",
    "a b",
    "a+b",
    "a%2Fb",
    "%",
    "?",
    "#",
    "=&",
    "-._~",
    "!$'()*,;:@",
    "grün",
    "\u{1F600}",
];

fn credentials(session_token: Option<&str>) -> Credentials {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
    match session_token {
        Some(token) => credentials.session_token(token),
        None => credentials,
    }
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(TIME.0)
}

/// A transport that presigned calls do not use.
fn nothing_is_sent() -> Transport {
    Transport::new(tower::service_fn(|_| async {
        Err::<http::Response<Body>, _>("a presigned call was sent")
    }))
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime starts").block_on(future)
}

/// The URLs of boto3.
fn boto3(
    (service, endpoint, signature_version): (&str, &str, Option<&str>),
    session_token: Option<&str>,
    calls: &[Value],
) -> Vec<String> {
    let task = json!({
        "service": service,
        "endpoint": endpoint,
        "region": REGION,
        "credentials": python::credentials(session_token),
        "time": TIME.1,
        "expires_in": EXPIRES_IN.as_secs(),
        "signature_version": signature_version,
        "calls": calls,
    });
    let urls = Python::installed().run("presign.py", &task);
    let urls = urls.as_array().expect("presign.py prints a list").iter();
    let urls = urls.map(|url| url.as_str().expect("a URL").to_owned());
    urls.collect()
}

/// The parts of a URL; the order of the parameters has no meaning.
fn parts(url: &str) -> (&str, BTreeSet<&str>) {
    let (target, query) = url.split_once('?').expect("a query");
    (target, query.split('&').collect())
}

fn check(ours: &PresignedRequest, theirs: &str) {
    let url = ours.uri().to_string();
    assert_eq!(parts(&url), parts(theirs));
    assert!(ours.headers().is_empty(), "{ours:?}");
}

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn calls_of_an_api_are_presigned_as_boto3_presigns_them() {
    const ENDPOINT: &str = "https://amplifybackend.example:8443";
    for session_token in [None, Some("AQoDYXdzEPT//////////wEXAMPLE+/==")] {
        let client = amplify::Client::builder()
            .endpoint(ENDPOINT)
            .transport(nothing_is_sent())
            .clock(now)
            .sigv4(credentials(session_token), REGION)
            .build()
            .expect("a client");
        let mut calls = Vec::new();
        let mut ours = Vec::new();
        for text in AWKWARD {
            let input = GetTokenInput::new(GetTokenInputRequired {
                app_id: text,
                session_id: "session",
            });
            ours.push(block_on(client.get_token(input).presign(EXPIRES_IN)));
            let input = json!({ "AppId": text, "SessionId": "session" });
            calls.push(json!({ "operation": "GetToken", "input": input }));
            let input = GetBackendJobInput::new(GetBackendJobInputRequired {
                app_id: "app",
                backend_environment_name: "env",
                job_id: text,
            });
            ours.push(block_on(client.get_backend_job(input).presign(EXPIRES_IN)));
            let input = json!({ "AppId": "app", "BackendEnvironmentName": "env", "JobId": text });
            calls.push(json!({ "operation": "GetBackendJob", "input": input }));
        }
        let endpoint = format!("{ENDPOINT}{}", amplify::operation::SERVICE.base_path);
        let theirs = boto3(("amplifybackend", &endpoint, None), session_token, &calls);
        for (ours, theirs) in ours.into_iter().zip(&theirs) {
            check(&ours.expect("a signature"), theirs);
        }
        assert_eq!(theirs.len(), calls.len());
    }
}

static OBJECT: Schema = Schema::structure(
    "a#Object",
    &[
        Member::new("bucket", &schema::STRING).required().label(),
        Member::new("key", &schema::STRING).required().label(),
    ],
);

#[derive(Clone, PartialEq)]
struct Object {
    bucket: String,
    key: String,
}
drawplate_runtime::structure!(Object: OBJECT { 0: bucket, 1: key });

static GET_OBJECT: Operation = Operation {
    name: "GetObject",
    input: &OBJECT,
    output: &OBJECT,
    errors: &[],
    route: Some(&Route {
        operation: "GetObject",
        method: "GET",
        path: &[Segment::Label(0), Segment::Greedy(1)],
        query: &[],
        status: 200,
    }),
    traits: OperationTraits::NONE,
};

/// A service that is signed as S3 is.
static STORE: Service = Service {
    id: "a#Store",
    version: "1",
    sdk_id: None,
    repeats_any: false,
    protocols: &[&REST_JSON_1],
    http_versions: &[],
    query_compatible: false,
    auth: &[AuthScheme::SigV4],
    signing: Some(Signing {
        raw_path: true,
        payload_header: true,
        unsigned_presigned: true,
        ..Signing::new("s3")
    }),
    endpoint_prefix: None,
    base_path: "",
    cors: None,
    validation_error: None,
    customizations: Customizations::NONE,
    operations: &[&GET_OBJECT],
};

#[test]
#[cfg_attr(not(python), ignore = "needs boto3: `cargo xtask test` installs it")]
fn objects_are_presigned_as_boto3_presigns_them() {
    const ENDPOINT: &str = "https://store.example";
    let client: Inner = Builder::new(&STORE)
        .endpoint(ENDPOINT)
        .transport(nothing_is_sent())
        .clock(now)
        .sigv4(credentials(None), REGION)
        .build()
        .expect("a client");
    let keys = AWKWARD.map(str::to_owned).into_iter();
    let folders = AWKWARD.map(|text| format!("{text}/b//c/{text}/"));
    let keys = keys.chain(folders).collect::<Vec<_>>();
    let calls = keys.iter().map(
        |key| json!({ "operation": "GetObject", "input": { "Bucket": "bucket", "Key": key } }),
    );
    let calls = calls.collect::<Vec<_>>();
    let theirs = boto3(("s3", ENDPOINT, Some("s3v4")), None, &calls);
    assert_eq!(theirs.len(), keys.len());
    for (key, theirs) in keys.into_iter().zip(&theirs) {
        let bucket = "bucket".to_owned();
        let call =
            client.call::<GetThingOutput, GetThingError>(&GET_OBJECT, &Object { bucket, key });
        check(
            &block_on(call.presign(EXPIRES_IN)).expect("a signature"),
            theirs,
        );
    }
}
