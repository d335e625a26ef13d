//! Compares the requests of both sides.

use std::collections::BTreeSet;

use serde_json::Value;

use drawplate_tests::recorder::Received;

/// Headers that boto3 adds and our client does not: `accept-encoding`, and those that describe
/// boto3's retries.
const BOTO3_ONLY: [&str; 3] = [
    "accept-encoding",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
];

/// The header that our client adds and boto3 does not. Both have `user-agent`.
const OURS_ONLY: &str = "x-amz-user-agent";

/// The differences between the request of our client and that of boto3.
///
/// Method, version, path, query and body must be equal as bytes, and headers must have the same
/// names, in any case, and values. JSON bodies are compared by value, since boto3 writes spaces,
/// escapes and some numbers differently; then `Content-Length` must be the length of each body.
/// `User-Agent` and the headers that a signature depends on may differ. `Authorization` must have
/// the same key and service; botocore checks the signature.
pub(crate) fn difference(ours: &Received, theirs: &Received) -> Option<String> {
    let differs = |what: &str, ours: &dyn std::fmt::Debug, theirs: &dyn std::fmt::Debug| {
        Some(format!("{what}: {ours:?}, boto3 {theirs:?}"))
    };
    let line = |request: &Received| {
        let Received {
            method,
            target,
            version,
            headers: _,
            body: _,
        } = request;
        format!("{method} {target} {version}")
    };
    if line(ours) != line(theirs) {
        return differs("request line", &line(ours), &line(theirs));
    }
    if !same_body(&ours.body, &theirs.body) {
        let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
        return differs("body", &text(&ours.body), &text(&theirs.body));
    }
    let mut expected = names(theirs);
    expected.retain(|name| !BOTO3_ONLY.contains(&&**name));
    let mut our_names = names(ours);
    our_names.remove(OURS_ONLY);
    if our_names != expected {
        return differs("headers", &our_names, &expected);
    }
    for name in expected {
        let (our, their) = (ours.header(&name), theirs.header(&name));
        let same = match &*name {
            "content-length" => length(ours) && length(theirs),
            "user-agent" => our.is_some_and(|agent| !agent.is_empty()),
            "x-amz-date" => our.map(str::len) == their.map(str::len),
            "authorization" => scope(our) == scope(their),
            _ => our == their,
        };
        if !same {
            return differs(&name, &our, &their);
        }
    }
    None
}

fn names(request: &Received) -> BTreeSet<String> {
    let names = request.headers.iter();
    names.map(|(name, _)| name.to_ascii_lowercase()).collect()
}

fn length(request: &Received) -> bool {
    request.header("content-length") == Some(&*request.body.len().to_string())
}

/// Algorithm, key, region and service of an `Authorization`, without the day.
fn scope(authorization: Option<&str>) -> Option<Vec<&str>> {
    let credential = authorization?.split(',').next()?;
    let mut parts = credential.split('/').collect::<Vec<_>>();
    (parts.len() == 5).then(|| {
        parts.remove(1);
        parts
    })
}

/// Whether both are empty, or equal JSON values.
fn same_body(ours: &[u8], theirs: &[u8]) -> bool {
    if ours.is_empty() || theirs.is_empty() {
        return ours == theirs;
    }
    let parse = serde_json::from_slice::<Value>;
    match (parse(ours), parse(theirs)) {
        (Ok(ours), Ok(theirs)) => same(&ours, &theirs),
        _ => false,
    }
}

/// Whether two values are equal; `2` equals `2.0`.
pub(crate) fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Every relevant change of a request is found.
#[test]
fn differences_are_found() {
    let request = Received {
        method: "POST".to_owned(),
        target: "/prod/a%20b".to_owned(),
        version: "HTTP/1.1".to_owned(),
        headers: [
            ("Content-Type", "application/json"),
            ("Content-Length", "9"),
            ("User-Agent", "any"),
            (
                "Authorization",
                "AWS4 Credential=key/20240101/region/name/aws4_request, ..",
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: br#"{"a": 20}"#.to_vec(),
    };
    // The same number in another notation of the same length.
    let original = Received {
        body: br#"{"a":2e1}"#.to_vec(),
        ..request.clone()
    };
    let check = |same: bool, change: &dyn Fn(&mut Received)| {
        let mut changed = request.clone();
        change(&mut changed);
        let found = difference(&changed, &original);
        assert_eq!(found.is_none(), same, "{found:?}: {changed:?}");
    };
    check(true, &|_| {});
    check(true, &|r| r.headers[0].0 = "content-type".to_owned());
    check(true, &|r| r.headers[2].1 = "another".to_owned());
    check(false, &|r| r.method = "PUT".to_owned());
    check(false, &|r| r.target = "/prod/a+b".to_owned());
    check(false, &|r| r.target.push('?'));
    check(false, &|r| r.headers[0].1 = "text/plain".to_owned());
    check(false, &|r| r.headers[1].1 = "8".to_owned());
    check(false, &|r| r.headers[2].1.clear());
    check(false, &|r| {
        r.headers[3].1 = r.headers[3].1.replace("region", "other");
    });
    check(false, &|r| drop(r.headers.pop()));
    check(false, &|r| {
        r.headers.push(("x-more".to_owned(), String::new()));
    });
    check(false, &|r| r.body = br#"{"a": 21}"#.to_vec());
    check(false, &|r| r.body = br#"{"b": 20}"#.to_vec());
    check(false, &|r| r.body = br#"{"a":"2"}"#.to_vec());
    check(false, &|r| r.body.clear());
}
