//! Encodes each binding as a request and decodes it again.

mod payloads;

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use http::HeaderMap;

use super::bind::decode::ReceivedParts;
use super::content::Content;
use super::messages::RequestInput;
use super::request::RequestParts;
use super::{AWS_JSON_1_1, Protocol, REST_JSON_1};
use crate::protocol::service::{
    Customizations, HostPart, Operation, OperationTraits, Route, Segment, Service,
};
use crate::schema::{self as s, Member, Schema, TimestampFormat};
use crate::{Blob, ByteStream, DecodeMembers, Document, EncodeMembers, Structure, Timestamp};

static STRINGS: Schema = Schema::list("a#Strings", &[Member::new("member", &s::STRING)]);
static INTEGERS: Schema = Schema::list("a#Integers", &[Member::new("member", &s::INTEGER)]);
static DATES: Schema = Schema::list("a#Dates", &[Member::new("member", &s::TIMESTAMP)]);
static TEXTS: Schema = Schema::map(
    "a#Texts",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::STRING),
    ],
);
static LISTS: Schema = Schema::map(
    "a#Lists",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &STRINGS),
    ],
);

static ALL: Schema = Schema::structure(
    "a#All",
    &[
        Member::new("label", &s::STRING).required().label(),
        Member::new("greedy", &s::STRING).required().label(),
        Member::new("instant", &s::TIMESTAMP).required().label(),
        Member::new("named", &s::STRING).query("named"),
        Member::new("numbers", &INTEGERS).query("number"),
        Member::new("since", &s::TIMESTAMP)
            .query("since")
            .timestamp_format(TimestampFormat::EpochSeconds),
        Member::new("others", &LISTS).query_params(),
        Member::new("text", &s::STRING).header("X-Text"),
        Member::new("json", &s::STRING)
            .header("X-Json")
            .media_type("application/json"),
        Member::new("texts", &STRINGS).header("X-Texts"),
        Member::new("date", &s::TIMESTAMP).header("X-Date"),
        Member::new("dates", &DATES).header("X-Dates"),
        Member::new("double", &s::DOUBLE).header("X-Double"),
        Member::new("single", &s::FLOAT).header("X-Single"),
        Member::new("flag", &s::BOOLEAN).header("X-Flag"),
        Member::new("prefixed", &TEXTS).prefix_headers("X-Meta-"),
        Member::new("token", &s::STRING)
            .header("X-Token")
            .idempotency_token(),
        Member::new("body", &s::STRING).json_name("Body"),
        Member::new("tag", &s::STRING).idempotency_token(),
    ],
);

#[derive(Clone, PartialEq)]
struct All {
    label: String,
    greedy: String,
    instant: Timestamp,
    named: Option<String>,
    numbers: Option<Vec<i32>>,
    since: Option<Timestamp>,
    others: Option<BTreeMap<String, Vec<String>>>,
    text: Option<String>,
    json: Option<String>,
    texts: Option<Vec<String>>,
    date: Option<Timestamp>,
    dates: Option<Vec<Timestamp>>,
    double: Option<f64>,
    single: Option<f32>,
    flag: Option<bool>,
    prefixed: Option<BTreeMap<String, String>>,
    token: Option<String>,
    body: Option<String>,
    tag: Option<String>,
}
crate::structure!(All: ALL {
    0: label, 1: greedy, 2: instant, 3: named, 4: numbers, 5: since, 6: others, 7: text, 8: json, 9: texts, 10: date, 11: dates,
    12: double, 13: single, 14: flag, 15: prefixed, 16: token, 17: body, 18: tag,
});

static ROUTE: Route = Route {
    operation: "Put",
    method: "PUT",
    path: &[
        Segment::Literal("things"),
        Segment::Label(0),
        Segment::Label(2),
        Segment::Greedy(1),
        Segment::Literal("end"),
    ],
    query: &[("fixed", ""), ("kind", "a")],
    status: 200,
};
static PUT: Operation = Operation {
    name: "Put",
    input: &ALL,
    output: &ALL,
    errors: &[],
    route: Some(&ROUTE),
    traits: OperationTraits {
        host_prefix: &[HostPart::Literal("data.")],
        checksum_required: true,
        ..OperationTraits::NONE
    },
};

const fn service(protocols: &'static [&'static dyn Protocol]) -> Service {
    Service {
        id: "a#Things",
        version: "",
        sdk_id: None,
        repeats_any: false,
        protocols,
        http_versions: &[],
        query_compatible: false,
        auth: &[],
        signing: None,
        endpoint_prefix: None,
        base_path: "",
        cors: None,
        validation_error: None,
        customizations: Customizations::NONE,
        operations: &[],
    }
}
static REST: Service = service(&[&REST_JSON_1]);
static RPC: Service = service(&[&AWS_JSON_1_1]);

fn all() -> All {
    let instant = Timestamp::new(1_576_540_098, 0).expect("a time");
    let map = |entries: &[(&str, &[&str])]| {
        let entry = |(name, values): &(&str, &[&str])| {
            (
                (*name).to_owned(),
                values.iter().map(|value| (*value).to_owned()).collect(),
            )
        };
        entries.iter().map(entry).collect()
    };
    All {
        label: "a/b c%".to_owned(),
        greedy: "x/y z".to_owned(),
        named: Some("ü&=".to_owned()),
        numbers: Some(vec![1, -2]),
        since: Some(instant),
        others: Some(map(&[
            ("named", &["no"]),
            ("more", &["1", "2"]),
            ("kind", &["no"]),
        ])),
        text: Some(String::new()),
        json: Some("true".to_owned()),
        texts: Some(vec!["a".to_owned(), "b,c".to_owned()]),
        date: Some(instant),
        dates: Some(vec![instant, instant]),
        double: Some(f64::NEG_INFINITY),
        single: Some(1.1),
        flag: Some(false),
        prefixed: Some(
            [
                ("a".to_owned(), "1".to_owned()),
                ("b".to_owned(), String::new()),
            ]
            .into(),
        ),
        body: Some("text".to_owned()),
        instant,
        token: None,
        tag: None,
    }
}

fn prepared(
    service: &Service,
    operation: &Operation,
    input: &dyn EncodeMembers,
) -> Result<RequestParts, String> {
    let messages = service.protocol().messages();
    messages
        .encode_request(service, operation, input, &|| "token".to_owned())
        .map_err(|error| error.to_string())
}

/// Decodes the headers of a request, or of a response with a status.
fn received_headers(
    status: Option<u16>,
    lines: &[(&'static str, &'static str)],
) -> Result<All, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, http::HeaderValue::from_static(value));
    }
    let body = Content::Bytes(Bytes::new());
    let parts = ReceivedParts {
        labels: &[],
        query: &[],
        headers: &headers,
        status,
        body: &body,
        memory: crate::codec::MemoryLimit::DEFAULT,
    };
    let mut received = All::empty();
    let messages = REST_JSON_1.messages();
    match messages.decode_response(&parts, &mut received) {
        Ok(()) => Ok(received),
        Err(error) => Err(error.to_string()),
    }
}

/// Decodes a response without headers.
fn receive(status: u16, body: &Content, output: &mut dyn DecodeMembers) {
    let headers = HeaderMap::new();
    let parts = ReceivedParts {
        labels: &[],
        query: &[],
        headers: &headers,
        status: Some(status),
        body,
        memory: crate::codec::MemoryLimit::DEFAULT,
    };
    let messages = REST_JSON_1.messages();
    messages
        .decode_response(&parts, output)
        .expect("a response");
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get(name)
        .map(|value| value.to_str().expect("visible characters"))
}

#[test]
fn each_member_goes_where_it_is_bound_to() {
    let request = prepared(&REST, &PUT, &all()).expect("a request");
    assert_eq!(request.method, "PUT");
    assert_eq!(
        request.target,
        "/things/a%2Fb%20c%25/2019-12-16T23%3A48%3A18Z/x/y%20z/end?fixed&kind=a&named=%C3%BC%26%3D&number=1&number=-2\
         &since=1576540098&more=1&more=2"
    );
    assert_eq!(request.host_prefix.as_deref(), Some("data."));
    assert!(request.has_token);
    let check =
        |name, expected| assert_eq!(header(&request.headers, name), Some(expected), "{name}");
    check("x-text", "");
    check("x-json", "dHJ1ZQ==");
    check("x-texts", "a, \"b,c\"");
    check("x-date", "Mon, 16 Dec 2019 23:48:18 GMT");
    check(
        "x-dates",
        "Mon, 16 Dec 2019 23:48:18 GMT, Mon, 16 Dec 2019 23:48:18 GMT",
    );
    check("x-double", "-Infinity");
    check("x-single", "1.1");
    check("x-flag", "false");
    check("x-meta-a", "1");
    check("x-meta-b", "");
    check("x-token", "token");
    check("content-type", "application/json");
    check("content-length", "29");
    check("content-md5", "+/fe7CVhN3XfqIF6TbXqgw==");
    assert_eq!(request.body.bytes(), r#"{"Body":"text","tag":"token"}"#);
}

#[test]
fn members_without_a_value_are_left_out() {
    let input = All {
        label: "a".to_owned(),
        greedy: "b".to_owned(),
        ..All::empty()
    };
    let request = prepared(&REST, &PUT, &input).expect("a request");
    assert_eq!(
        request.target,
        "/things/a/1970-01-01T00%3A00%3A00Z/b/end?fixed&kind=a"
    );
    let mut names = request
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .collect::<Vec<_>>();
    names.sort_unstable();
    assert_eq!(
        names,
        ["content-length", "content-md5", "content-type", "x-token"]
    );
}

#[test]
fn a_label_without_a_value_is_rejected() {
    let check = |label: &str, greedy: &str, expected: &str| {
        let input = All {
            label: label.to_owned(),
            greedy: greedy.to_owned(),
            ..All::empty()
        };
        assert_eq!(
            prepared(&REST, &PUT, &input).expect_err("no request"),
            expected
        );
    };
    check("", "b", "`label` must not be empty: it is part of the path");
    check(
        "a",
        "",
        "`greedy` must not be empty: it is part of the path",
    );
    check(
        "..",
        "b",
        "`label` is `..`, which servers and proxies resolve to another path",
    );
    check(
        "a",
        ".",
        "`greedy` is `.`, which servers and proxies resolve to another path",
    );
    for greedy in ["../b", "b/./c", "b/.."] {
        let segment = if greedy.contains("..") { ".." } else { "." };
        let message = format!(
            "`greedy` has the segment `{segment}`, which servers and proxies resolve to another path"
        );
        check("a", greedy, &message);
    }
}

#[test]
fn empty_elements_of_lists_in_headers_are_ignored() {
    let date = Timestamp::new(1_576_540_098, 0).expect("a time");
    for status in [None, Some(200)] {
        let received = received_headers(
            status,
            &[
                ("x-texts", ""),
                ("x-texts", "a, b,"),
                ("x-texts", ",, \"\""),
                ("x-dates", ", Mon, 16 Dec 2019 23:48:18 GMT,"),
                ("x-dates", ""),
                ("x-dates", "Mon, 16 Dec 2019 23:48:18 GMT"),
            ],
        );
        let received = received.expect("headers");
        let texts = ["a", "b", ""].map(str::to_owned).to_vec();
        assert_eq!(received.texts, Some(texts), "{status:?}");
        assert_eq!(received.dates, Some(vec![date, date]), "{status:?}");
        let received = received_headers(status, &[("x-texts", ","), ("x-dates", "")]);
        let received = received.expect("headers");
        assert_eq!(received.texts, Some(Vec::new()), "{status:?}");
        assert_eq!(received.dates, Some(Vec::new()), "{status:?}");
    }
}

#[test]
fn an_empty_header_of_a_response_is_a_missing_value() {
    let names = ["x-date", "x-double", "x-single", "x-flag"];
    let lines = names.map(|name| (name, ""));
    let received = received_headers(Some(200), &lines).expect("headers");
    assert!(received == All::empty(), "{received:?}");
    for name in names {
        let rejected = received_headers(None, &[(name, "")]);
        let error = rejected.expect_err("the header of a request is not a value");
        assert!(error.ends_with("found ``"), "{error}");
    }
    let received = received_headers(Some(200), &[("x-text", "")]).expect("headers");
    assert_eq!(received.text.as_deref(), Some(""));
}

#[test]
fn timestamps_in_headers_have_no_fraction_and_the_years_of_messages() {
    for status in [None, Some(200)] {
        for value in [
            "Mon, 16 Dec 2019 23:48:18.5 GMT",
            "Mon, 16 Dec 2019 23:48:18.000 GMT",
            "Sat, 01 Jan 0000 00:00:00 GMT",
        ] {
            let error = received_headers(status, &[("x-date", value)]);
            let error = error.expect_err("it is not an HTTP date");
            assert!(error.contains("expected an HTTP date"), "{error}");
        }
    }
    let mut input = all();
    input.date = Some(Timestamp::new(1_576_540_098, 999_999_999).expect("a time"));
    let request = prepared(&REST, &PUT, &input).expect("a request");
    assert_eq!(
        header(&request.headers, "x-date"),
        Some("Mon, 16 Dec 2019 23:48:18 GMT")
    );
    input.date = Some(Timestamp::MIN);
    let error = prepared(&REST, &PUT, &input).expect_err("no request");
    assert!(error.contains("the years 0001 to 9999"), "{error}");
}

#[test]
fn headers_hold_no_line_breaks() {
    let input = All {
        text: Some("a\r\nX-Other: b".to_owned()),
        ..all()
    };
    let error = prepared(&REST, &PUT, &input).expect_err("no request");
    assert_eq!(
        error,
        "the value of `text` contains characters that are invalid in a header"
    );
}

#[test]
fn the_awsjson_protocols_bind_nothing() {
    let input = All {
        named: Some("n".to_owned()),
        ..All::empty()
    };
    let request = prepared(&RPC, &PUT, &input).expect("a request");
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/")
    );
    assert_eq!(header(&request.headers, "x-amz-target"), Some("Things.Put"));
    assert_eq!(
        header(&request.headers, "content-type"),
        Some("application/x-amz-json-1.1")
    );
    assert_eq!(header(&request.headers, "x-token"), None);
    let expected =
        r#"{"label":"","greedy":"","instant":0,"named":"n","token":"token","tag":"token"}"#;
    assert_eq!(request.body.bytes(), expected);
}

/// Decodes a client's request as a server does.
#[test]
fn what_was_written_is_read_back() {
    let sent = All {
        token: Some("t".to_owned()),
        tag: Some("u".to_owned()),
        ..all()
    };
    let request = prepared(&REST, &PUT, &sent).expect("a request");
    let (path, query) = request.target.split_once('?').expect("a query");
    let segments = path.split('/').collect::<Vec<_>>();
    let labels = [
        (0, Some(decoded(segments[2]))),
        (2, Some(decoded(segments[3]))),
        (1, Some(decoded(&segments[4..6].join("/")))),
    ];
    let query = query.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    });
    let query = query.collect::<Vec<_>>();
    let parts = ReceivedParts {
        labels: &labels,
        query: &query,
        headers: &request.headers,
        status: None,
        body: &request.body,
        memory: crate::codec::MemoryLimit::DEFAULT,
    };
    let mut received = All::empty();
    let server = REST_JSON_1.messages().server().expect("a server");
    server
        .decode_request(&parts, &mut received)
        .expect("a request that was just written");
    // A map of all parameters contains those that are bound by name, too (Smithy 2.0,
    // "httpQueryParams trait").
    let others = received.others.take().expect("parameters");
    assert_eq!(others["more"], ["1", "2"]);
    assert!(
        received
            == All {
                others: None,
                ..sent
            },
        "{received:?}"
    );
}

impl RequestInput for All {
    fn is_absent(&self, _: usize) -> bool {
        false
    }
}

fn decoded(text: &str) -> Cow<'static, str> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (*first, after) {
            (b'%', [high, low, after @ ..]) => {
                let hex = |digit: &u8| {
                    char::from(*digit)
                        .to_digit(16)
                        .expect("a hexadecimal digit")
                };
                bytes.push(u8::try_from(hex(high) * 16 + hex(low)).expect("a byte"));
                rest = after;
            }
            (byte, _) => bytes.push(byte),
        }
    }
    Cow::Owned(String::from_utf8(bytes).expect("UTF-8"))
}

#[test]
fn an_operation_without_input_has_no_body() {
    static EMPTY: Schema = Schema::structure("a#Empty", &[]);
    static GET: Operation = Operation {
        name: "Get",
        input: &EMPTY,
        output: &EMPTY,
        errors: &[],
        route: Some(&Route {
            operation: "Get",
            method: "GET",
            path: &[Segment::Literal("x")],
            query: &[],
            status: 200,
        }),
        traits: OperationTraits {
            no_input: true,
            ..OperationTraits::NONE
        },
    };
    struct Empty {}
    crate::structure!(Empty: EMPTY {});
    let request = prepared(&REST, &GET, &Empty {}).expect("a request");
    assert!(request.headers.is_empty() && request.body.bytes().is_empty());
    let request = prepared(&RPC, &GET, &Empty {}).expect("a request");
    assert_eq!(request.body.bytes(), "{}");
    assert_eq!(request.headers.len(), 3);
    for body in ["", "{}", r#"{"newer":1}"#] {
        receive(200, &Content::Bytes(Bytes::from(body)), &mut Empty {});
    }
}

#[test]
fn headers_of_the_transport_are_not_taken_from_members() {
    /// A body of unknown length.
    struct Unknown(Option<bytes::Bytes>);
    impl http_body::Body for Unknown {
        type Data = bytes::Bytes;
        type Error = crate::http::BoxError;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            let bytes = self.0.take();
            std::task::Poll::Ready(bytes.map(|bytes| Ok(http_body::Frame::data(bytes))))
        }
    }
    static INPUT: Schema = Schema::structure(
        "a#Input",
        &[
            Member::new("length", &s::LONG).header("Content-Length"),
            Member::new("all", &TEXTS).prefix_headers(""),
            Member::new("body", &s::BLOB).streaming().payload(),
        ],
    );
    static ROUTE: Route = Route {
        operation: "Put",
        method: "PUT",
        path: &[],
        query: &[],
        status: 200,
    };
    static PUT: Operation = Operation {
        name: "Put",
        input: &INPUT,
        output: &INPUT,
        errors: &[],
        route: Some(&ROUTE),
        traits: OperationTraits::NONE,
    };
    struct Input {
        length: Option<i64>,
        all: Option<BTreeMap<String, String>>,
        body: ByteStream,
    }
    crate::structure!(Input: INPUT { 0: length, 1: all, 2: body });
    let sent = |length, body| {
        let all = ["Host", "connection", "Transfer-Encoding", "x-kept"];
        let all = all.map(|name| (name.to_owned(), "a".to_owned()));
        let input = Input {
            length,
            all: Some(all.into()),
            body,
        };
        prepared(&REST, &PUT, &input).expect("a request").headers
    };
    let unknown = || ByteStream::new(crate::http::Body::new(Unknown(Some("abc".into()))));
    for (length, body, expected) in [
        (Some(9), ByteStream::from("abc"), Some("3")),
        (None, ByteStream::from("abc"), Some("3")),
        // What the caller knows about a stream.
        (Some(3), unknown(), Some("3")),
        (Some(-1), unknown(), None),
    ] {
        let headers = sent(length, body);
        assert_eq!(header(&headers, "content-length"), expected);
        assert_eq!(header(&headers, "x-kept"), Some("a"));
        for name in ["host", "connection", "transfer-encoding"] {
            assert_eq!(header(&headers, name), None);
        }
    }
}
