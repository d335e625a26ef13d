//! The requests of clients of botocore, which find endpoints by the rules that botocore bundles,
//! and sign for them: URL, headers, signature and body are equal as bytes.
//!
//! Both sides have the same time and credentials. botocore takes our spelling of bodies and headers
//! where it means the same (`Spelling` in `serialize.py`): the order of members, the space after a
//! comma, the charset of forms, a slash at the end of a path. `User-Agent` is not signed and may
//! differ, and boto3 alone has headers that describe its retries.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use drawplate_published::{Called, input};
use drawplate_runtime::client::{Builder, Credentials, Inner};
use drawplate_runtime::service::{Operation, Service};
use drawplate_tests::python::{self, ACCESS_KEY, Python, SECRET_KEY};
use drawplate_tests::wire::Wire;
use http::Request;
use serde_json::{Value, json};

/// A region of each of four partitions.
const REGIONS: [&str; 4] = ["eu-west-1", "cn-north-1", "us-gov-west-1", ISOLATED];
const ISOLATED: &str = "us-iso-east-1";

/// 2026-01-02T03:04:05Z.
const SECONDS: u64 = 1_767_323_045;
const TIME: &str = "20260102T030405Z";

/// Headers of one side: what differs is not signed.
const IGNORED: [&str; 4] = [
    "accept-encoding",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "user-agent",
];

/// A service with newer rules in botocore: where its model has hosts of regions, for dual stack and
/// for FIPS outside of the partition `aws`, botocore has global hosts.
const NEWER_RULES: &str = "route53";

/// What the endpoint of a client depends on.
pub(crate) struct Settings {
    region: &'static str,
    pub(crate) use_fips: bool,
    pub(crate) use_dual_stack: bool,
    endpoint: Option<&'static str>,
    wire: Wire,
}

impl Settings {
    /// All that are compared.
    ///
    /// - The facts of botocore about the isolated partitions are newer than the endpoint tests of
    ///   the models, which say that these have no dual stack.
    /// - With a custom endpoint, boto3 ignores FIPS and dual stack, which the rules reject.
    fn all() -> impl Iterator<Item = Self> {
        let settings = |region, use_fips, use_dual_stack, endpoint| Self {
            region,
            use_fips,
            use_dual_stack,
            endpoint,
            wire: Wire::default(),
        };
        let found = REGIONS.into_iter().flat_map(move |region| {
            let flags = [(false, false), (true, false), (false, true), (true, true)];
            flags.map(|(fips, dual_stack)| settings(region, fips, dual_stack, None))
        });
        let found =
            found.filter(|settings| settings.region != ISOLATED || !settings.use_dual_stack);
        let custom = [
            settings(
                "eu-west-1",
                false,
                false,
                Some("https://custom.example:8443/base"),
            ),
            settings("cn-north-1", false, false, Some("http://192.0.2.1")),
        ];
        found.chain(custom)
    }

    /// The client of a builder that has the flags.
    pub(crate) fn client<C: From<Inner>>(&self, builder: Builder<C>) -> C {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(SECONDS);
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
        let builder = builder
            .region(self.region)
            .sigv4(credentials, self.region)
            .transport(self.wire.clone())
            .clock(move || now);
        let builder = match self.endpoint {
            Some(endpoint) => builder.endpoint(endpoint),
            None => builder,
        };
        builder.build().expect("a region and credentials suffice")
    }

    /// The client of botocore.
    fn botocore(&self, service: &str) -> Value {
        json!({
            "service": service,
            "region": self.region,
            "use_fips": self.use_fips,
            "use_dual_stack": self.use_dual_stack,
            "endpoint": self.endpoint,
            "credentials": python::credentials(None),
            "time": TIME,
        })
    }
}

/// A call of both sides.
pub(crate) struct Call {
    operation: &'static Operation,
    input: Value,
}

/// A call of each operation without a stream, with random inputs.
pub(crate) fn calls(service: &'static Service) -> Vec<Call> {
    let operations = service.operations.iter().zip(0..);
    let values = operations.filter(|(operation, _)| {
        operation.input.stream().is_none() && operation.output.stream().is_none()
    });
    let calls = values.map(|(operation, seed)| {
        let mut input = input::random(operation, seed);
        for member in operation.input.members {
            // Both sides would have a random one.
            if member.idempotency_token {
                input[member.json_name] = json!("token");
            }
            // Our clients have no endpoint for a blank name of a resource.
            let text = input[member.json_name].as_str();
            if member.required && text.is_some_and(|text| text.trim().is_empty()) {
                input[member.json_name] = json!("name");
            }
        }
        Call { operation, input }
    });
    calls.collect()
}

/// Names of buckets: in the host, in the path, and access points.
const BUCKETS: [&str; 8] = [
    "weather-station",
    "with.dots",
    "Upper",
    "under_score",
    "192.0.2.1",
    "abc",
    "xn--bucket-x",
    "arn:aws:s3:eu-west-1:123456789012:accesspoint/point",
];

/// Keys that need care in a path.
const KEYS: [&str; 13] = [
    "plain.txt",
    "a b+c%2F%",
    "/leading",
    "trailing/",
    "double//slash",
    "?query=1&x",
    "#fragment",
    "grün/\u{1F600}",
    "-._~:@!$&'()*,;=[]",
    "...",
    "a\tb\nc\u{7f}",
    "\"<>\\^`{|}",
    "CON/a:b",
];

/// Calls of S3: random inputs, and buckets and keys that need care.
pub(crate) fn s3_calls(service: &'static Service) -> Vec<Call> {
    let mut all = calls(service);
    for call in &mut all {
        let names = call.operation.input.members.iter();
        let names = names.map(|member| member.json_name);
        let entries = call.input.as_object_mut().expect("an input is an object");
        // boto3 encodes keys and sources, and adds the MD5 of keys and another checksum to the MD5
        // of a body. Our clients send what they are given.
        for name in names {
            if name.contains("SSECustomerKey") || name == "ContentMD5" {
                entries.remove(name);
            }
        }
        if let Some(source) = entries.get_mut("CopySource") {
            *source = json!("bucket/key");
        }
        // boto3 asks for it, and decodes the keys.
        if call.operation.name.starts_with("ListObject") {
            entries.insert("EncodingType".to_owned(), json!("url"));
        }
    }
    let operation = |name| {
        let mut operations = service.operations.iter();
        let found = operations.find(|operation| operation.name == name);
        *found.unwrap_or_else(|| panic!("{name} is generated"))
    };
    for bucket in BUCKETS {
        let input = json!({ "Bucket": bucket, "EncodingType": "url", "Prefix": "a/b c" });
        let operation = operation("ListObjectsV2");
        all.push(Call { operation, input });
    }
    for key in KEYS {
        for bucket in ["weather-station", "with.dots"] {
            let input = json!({ "Bucket": bucket, "Key": key });
            for name in ["HeadObject", "DeleteObject", "GetObjectTagging"] {
                let operation = operation(name);
                let input = input.clone();
                all.push(Call { operation, input });
            }
        }
    }
    all
}

/// Compares the requests of all calls for all settings; `name` is the service in botocore.
pub(crate) fn check<C>(
    name: &str,
    calls: &[Call],
    client: impl Fn(&Settings) -> C,
    call: &impl AsyncFn(&C, &str, &str) -> Called,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let mut botocore = Python::installed().converse("serialize.py");
    let mut differences = Vec::new();
    let (mut equal, mut rejected) = (0, 0);
    let has_newer_rules = |settings: &Settings| {
        let is_aws = settings.region == REGIONS[0];
        name == NEWER_RULES && (settings.use_dual_stack || settings.use_fips && !is_aws)
    };
    for settings in Settings::all() {
        let client = client(&settings);
        let ours = calls.iter().map(|Call { operation, input }| {
            let called = runtime.block_on(call(&client, operation.name, &input.to_string()));
            // The transport responds with JSON alone, which does not matter here.
            match &*settings.wire.take() {
                [] => Err(called.expect_err("nothing is sent").to_string()),
                [sent] => Ok(described(sent)),
                sent => panic!("{}: {} requests", operation.name, sent.len()),
            }
        });
        let ours = ours.collect::<Vec<_>>();
        let asked = calls
            .iter()
            .zip(&ours)
            .map(|(Call { operation, input }, ours)| {
                let ours = ours.as_ref().ok();
                json!({ "operation": operation.name, "input": input, "ours": ours })
            });
        let asked = asked.collect::<Vec<_>>();
        let client = settings.botocore(name);
        let theirs = botocore.ask(&json!({ "client": client, "calls": asked }));
        let theirs = theirs.as_array().expect("a list of requests");
        assert_eq!(theirs.len(), calls.len(), "requests of botocore");
        let equal_before = equal;
        let mut of_settings = Vec::new();
        for ((call, ours), theirs) in calls.iter().zip(ours).zip(theirs) {
            let difference = match (ours, theirs["error"].as_str()) {
                (Ok(ours), None) => difference(&ours, theirs),
                // Both print the message of a rule, or one of their own.
                (Err(_), Some(_)) => {
                    rejected += 1;
                    continue;
                }
                (Ok(ours), Some(error)) => Some(format!("{error}, ours {}", ours["url"])),
                (Err(error), None) => Some(format!("{}, ours {error}", theirs["url"])),
            };
            let Some(difference) = difference else {
                equal += 1;
                continue;
            };
            let Call { operation, input } = call;
            let region = settings.region;
            let what = operation.name;
            of_settings.push(format!("{what} in {region}: {difference}\n    {input}"));
        }
        if has_newer_rules(&settings) {
            // Once they are equal, there is nothing to leave out.
            let left_out = equal - std::mem::replace(&mut equal, equal_before);
            assert_eq!(left_out, 0, "equal requests in {}", settings.region);
        } else {
            differences.extend(of_settings);
        }
    }
    let count = differences.len();
    differences.truncate(20);
    assert!(
        differences.is_empty(),
        "{equal} are equal, {rejected} are rejected by both, {count} differ:\n{}",
        differences.join("\n")
    );
    assert!(
        equal > 6 * calls.len(),
        "{equal} requests of {} calls",
        calls.len()
    );
}

/// A request in the form in which `serialize.py` prints those of botocore.
fn described(request: &Request<Bytes>) -> Value {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = str::from_utf8(value.as_bytes()).expect("headers are texts");
        (name.as_str(), value)
    });
    json!({
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers.collect::<Vec<_>>(),
        "body": STANDARD.encode(request.body()),
    })
}

/// The first difference of two requests. The host is a part of the URL, and the length is that of
/// the body.
fn difference(ours: &Value, theirs: &Value) -> Option<String> {
    for part in ["method", "url"] {
        if ours[part] != theirs[part] {
            return Some(format!("{part} {}, ours {}", theirs[part], ours[part]));
        }
    }
    let [our, their] = [ours, theirs].map(|request| {
        let body = STANDARD.decode(request["body"].as_str().expect("a text"));
        String::from_utf8(body.expect("it is in base64")).expect("bodies are texts")
    });
    if our != their {
        return Some(format!("body {their}, ours {our}"));
    }
    let left_out =
        |name: &str| IGNORED.contains(&name) || matches!(name, "host" | "content-length");
    let mut our = ours["headers"].as_array().expect("a list").clone();
    our.retain(|header| !left_out(header[0].as_str().unwrap_or_default()));
    let their = theirs["headers"].as_object().expect("headers").iter();
    let their = their.filter(|(name, _)| !left_out(name));
    let mut their = their
        .map(|(name, value)| json!([name, value]))
        .collect::<Vec<_>>();
    our.sort_by_key(Value::to_string);
    their.sort_by_key(Value::to_string);
    (our != their).then(|| format!("headers {}, ours {}", json!(their), json!(our)))
}
