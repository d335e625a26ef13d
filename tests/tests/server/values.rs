//! Changes texts of values at random: no parser panics, and what is accepted is written in a form
//! that is read as the same value, by the server and by the client.
//!
//! `DRAWPLATE_FUZZ_VALUES` is the number of texts, `DRAWPLATE_FUZZ_SEED` the first seed; a failure
//! prints its seed.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use drawplate_runtime::client;
use drawplate_runtime::schema::{self, Number, Schema};
use drawplate_runtime::server::{Body, RequestContext, Router};
use drawplate_runtime::service::{
    Customizations, Operation, OperationTraits, Route, Segment, Service,
};
use drawplate_runtime::timestamp::{self, TimestampFormat};
use drawplate_runtime::{
    BigDecimal, BigInteger, Document, DocumentNumber, Member, Structure, Timestamp, UnmodeledError,
};
use drawplate_tests::random::Random;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use tower_service::Service as _;

/// The default number of texts.
const TEXTS: u64 = 20_000;

const INSTANTS: &[&str] = &[
    "1985-04-12T23:20:50.52Z",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z",
    "2019-12-16T23:48:18Z, 1969-12-31T23:59:60Z,",
];
const DATES: &[&str] = &[
    "Tue, 29 Apr 2014 18:30:38 GMT",
    "Mon, 01 Jan 0001 00:00:00 GMT",
    "Mon, 16 Dec 2019 23:48:18 GMT,, Mon, 16 Dec 2019 23:48:18 GMT",
];
const SECONDS: &[&str] = &[
    "1515531081.1234",
    "-62135596800",
    "2.53402300799999e11",
    "-0.5",
];
const NUMBERS: &[&str] = &[
    "0",
    "-0.0",
    "18446744073709551616",
    "-9223372036854775809",
    "0.10000000000000000000001",
    "2.5E-8",
    "1e400",
    "-1.5e+99999999999999999999",
];
const INTEGERS: &[&str] = &["1,,2", ", 1, -2,\t3 ,", "2147483647", "-2147483648,"];
const ARRAYS: &[&str] = &["[]", "[1,1.00000000000000000001]", "[0.1, -1e-400,1e400]"];
const LARGE: &[&str] = &["18446744073709551616", "-1e20", "0", "100.0"];
const LISTS: &[&str] = &[
    "a, b,",
    "\"b,c\", \"\\\"d\\\"\", a",
    ",, \"\" ,x y",
    "back\\slash, \"c,\\\\\"",
    "\"open, b",
];
const DOCUMENTS: &[&str] = &[
    r#"{"b":[1.50,true,null],"a":12345678901234567890,"\u00e9":"\n\ud83d\ude00"}"#,
    r#"[1e400,-0,[[{}]],"x"]"#,
    r#"{"a":1,"a":{"b":[]}}"#,
    "\"\\\\\"",
    "  [ 1 , 2 ]  ",
];
/// What is inserted.
const PARTS: &[&str] = &[
    ",",
    "\"",
    "\\",
    " ",
    "\t",
    "-",
    "+",
    ".",
    ":",
    "T",
    "Z",
    "e",
    "E",
    "0",
    "1",
    "9",
    "99999999",
    "000",
    "GMT",
    "Mon",
    "null",
    "[",
    "]",
    "{",
    "}",
    "\u{e9}",
    "\u{1f600}",
    "\\u",
    "\\ud83d",
    "1e400",
    "T24:00:00Z",
    "+00:00",
    "\u{0}",
    "\u{7f}",
    "\u{a0}",
];

static INPUT: Schema = Schema::structure(
    "tests#Values",
    &[
        Member::new("texts", &STRINGS).header("X-Texts"),
        Member::new("numbers", &INTEGER_LIST).header("X-Numbers"),
        Member::new("dates", &DATE_LIST).header("X-Dates"),
        Member::new("instants", &INSTANT_LIST).header("X-Instants"),
        Member::new("date", &schema::TIMESTAMP).header("X-Date"),
        Member::new("since", &schema::TIMESTAMP)
            .header("X-Since")
            .timestamp_format(TimestampFormat::EpochSeconds),
        Member::new("exact", &schema::BIG_DECIMAL).header("X-Exact"),
        Member::new("document", &schema::DOCUMENT),
        Member::new("decimals", &DECIMALS).unique_items(),
        Member::new("large", &schema::BIG_INTEGER).range(
            Some(Number::Digits("-1e20")),
            Some(Number::Digits("18446744073709551616")),
        ),
        Member::new("time", &schema::TIMESTAMP),
    ],
);
static STRINGS: Schema = Schema::list("tests#Strings", &[Member::new("member", &schema::STRING)]);
static INTEGER_LIST: Schema =
    Schema::list("tests#Integers", &[Member::new("member", &schema::INTEGER)]);
static DATE_LIST: Schema =
    Schema::list("tests#Dates", &[Member::new("member", &schema::TIMESTAMP)]);
static INSTANT_LIST: Schema = Schema::list(
    "tests#Instants",
    &[Member::new("member", &schema::TIMESTAMP).timestamp_format(TimestampFormat::DateTime)],
);
static DECIMALS: Schema = Schema::list(
    "tests#Decimals",
    &[Member::new("member", &schema::BIG_DECIMAL)],
);

#[derive(Clone, PartialEq)]
struct Values {
    texts: Option<Vec<String>>,
    numbers: Option<Vec<i32>>,
    dates: Option<Vec<Timestamp>>,
    instants: Option<Vec<Timestamp>>,
    date: Option<Timestamp>,
    since: Option<Timestamp>,
    exact: Option<BigDecimal>,
    document: Option<Document>,
    decimals: Option<Vec<BigDecimal>>,
    large: Option<BigInteger>,
    time: Option<Timestamp>,
}
drawplate_runtime::structure!(Values: INPUT {
    0: texts, 1: numbers, 2: dates, 3: instants, 4: date, 5: since, 6: exact, 7: document,
    8: decimals, 9: large, 10: time,
});

static SERVICE: Service = Service {
    id: "tests#Echo",
    version: "1",
    sdk_id: None,
    repeats_any: false,
    protocols: &[&drawplate_runtime::protocol::REST_JSON_1],
    http_versions: &[],
    query_compatible: false,
    auth: &[],
    signing: None,
    endpoint_prefix: None,
    base_path: "",
    cors: None,
    validation_error: None,
    customizations: Customizations::NONE,
    operations: &[&REPEAT],
};
static REPEAT: Operation = Operation {
    name: "Repeat",
    input: &INPUT,
    output: &INPUT,
    errors: &[],
    route: Some(&ROUTE),
    traits: OperationTraits::NONE,
};
static ROUTE: Route = Route {
    operation: "Repeat",
    method: "POST",
    path: &[Segment::Literal("values")],
    query: &[],
    status: 200,
};

static ROUTES: &[&Route] = &[&ROUTE];

enum RepeatError {
    Unmodeled(UnmodeledError),
}
drawplate_runtime::service_error!(RepeatError {} else Unmodeled);

/// Responds with its input.
struct Echo;

impl Echo {
    #[expect(
        clippy::unused_async,
        reason = "the methods of a service are asynchronous"
    )]
    async fn repeat(&self, values: Values, _: &RequestContext) -> Result<Values, RepeatError> {
        Ok(values)
    }
}

/// One text with a few changes.
fn mutated(random: &mut Random, seeds: &[&str]) -> String {
    let mut text = (*random.pick::<&str>(seeds)).to_owned();
    for _ in 0..random.below(4) {
        let boundary = |random: &mut Random| {
            let index = random.below(text.len() + 1);
            text.floor_char_boundary(index)
        };
        let (start, end) = (boundary(random), boundary(random));
        let (start, end) = (start.min(end), start.max(end));
        match random.below(5) {
            0 => text.insert_str(start, random.pick::<&str>(PARTS)),
            1 => text.insert_str(start, random.pick::<&str>(seeds)),
            2 => text.replace_range(start..end.min(text.floor_char_boundary(start + 2)), ""),
            3 => text.replace_range(start..end, random.pick::<&str>(PARTS)),
            _ => {
                let part = text[start..end].to_owned();
                text.insert_str(start, &part);
            }
        }
    }
    text
}

fn check_timestamp(text: &str) {
    let first = "0001-01-01T00:00:00Z".parse::<Timestamp>().expect("a time");
    for format in [
        TimestampFormat::DateTime,
        TimestampFormat::HttpDate,
        TimestampFormat::EpochSeconds,
    ] {
        if let Some(time) = timestamp::parse(text, format) {
            assert!(
                time >= first && time.subsec_nanos().is_multiple_of(1_000_000),
                "{text}"
            );
            let printed = timestamp::format(time, format)
                .expect("it was received")
                .to_string();
            assert_eq!(timestamp::parse(&printed, format), Some(time), "{text}");
        }
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse(), Ok(time), "{text}");
    }
}

fn check_number(text: &str) {
    let number = text.parse::<DocumentNumber>();
    assert_eq!(number.is_ok(), text.parse::<BigDecimal>().is_ok(), "{text}");
    if let Ok(number) = number {
        assert_eq!(number.to_string(), text);
        if let Some(integer) = number.as_i64() {
            assert_eq!(number, integer.into(), "{text}");
        }
        if let Some(double) = number.as_f64() {
            assert_eq!(text.parse(), Ok(double));
        }
    }
    if let Ok(integer) = text.parse::<BigInteger>() {
        assert_eq!(integer.to_string().parse().as_ref(), Ok(&integer), "{text}");
        assert_eq!(text.parse::<DocumentNumber>(), Ok(integer.into()), "{text}");
    }
}

fn check_document(text: &str) {
    let document = text.parse::<Document>();
    if serde_json::from_str::<serde_json::Value>(text).is_ok() {
        assert!(document.is_ok(), "{text}");
    }
    if let Ok(document) = document {
        assert_eq!(
            document.to_string().parse().as_ref(),
            Ok(&document),
            "{text}"
        );
    }
}

/// A server that always responds in the same way.
#[derive(Clone)]
struct Canned {
    headers: HeaderMap,
    body: Bytes,
}

impl tower_service::Service<Request<Body>> for Canned {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.headers_mut() = self.headers.clone();
        std::future::ready(Ok(response))
    }
}

struct Fuzz {
    runtime: tokio::runtime::Runtime,
    router: Router,
    /// A client of the router.
    client: client::Inner,
    texts: u64,
    accepted: u64,
    rejected: u64,
}

impl Fuzz {
    fn new() -> Self {
        let router = Router::new(
            &SERVICE,
            ROUTES,
            Arc::new(Echo),
            drawplate_runtime::server_handlers!(Echo: repeat),
        );
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
            client: client::Inner::in_process(&SERVICE, router.clone()),
            router,
            texts: 0,
            accepted: 0,
            rejected: 0,
        }
    }

    fn text(&mut self, random: &mut Random, seeds: &[&str]) -> String {
        self.texts += 1;
        mutated(random, seeds)
    }

    fn one(&mut self, random: &mut Random) {
        let seeds = [INSTANTS, DATES, SECONDS][random.below(3)];
        let time = self.text(random, seeds);
        check_timestamp(&time);
        let number = self.text(random, NUMBERS);
        check_number(&number);
        let document = self.text(random, DOCUMENTS);
        check_document(&document);
        self.exchange(random);
    }

    /// Sends values that may be invalid. The server responds with those that it accepts; the client
    /// must read them, and the server must accept them from the client.
    fn exchange(&mut self, random: &mut Random) {
        let mut request = Request::builder().method("POST").uri("/values");
        for (name, seeds) in [
            ("x-texts", LISTS),
            ("x-numbers", INTEGERS),
            ("x-dates", DATES),
            ("x-instants", INSTANTS),
            ("x-date", &DATES[..2]),
            ("x-since", SECONDS),
            ("x-exact", NUMBERS),
        ] {
            // Few at once, so that many requests are valid.
            while random.once_in(7) {
                let text = self.text(random, seeds);
                if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
                    request = request.header(name, value);
                }
            }
        }
        let mut members = Vec::new();
        for (name, seeds) in [
            ("document", DOCUMENTS),
            ("decimals", ARRAYS),
            ("large", LARGE),
            ("time", SECONDS),
        ] {
            if random.once_in(4) {
                let text = self.text(random, seeds);
                members.push(format!("\"{name}\":{text}"));
            }
        }
        let body = format!("{{{}}}", members.join(","));
        let request = request
            .header("content-type", "application/json")
            .body(Body::from(body.clone()))
            .expect("a request");
        let shown = format!("{:?}\n{body}", request.headers());
        let call = self.router.call(request);
        let (parts, response) = self.runtime.block_on(async {
            let response: Response<Body> = call.await.expect("a router does not fail");
            let (parts, body) = response.into_parts();
            (parts, body.collect(1 << 24).await.expect("it is in memory"))
        });
        if parts.status == StatusCode::BAD_REQUEST {
            self.rejected += 1;
            return;
        }
        assert_eq!(parts.status, StatusCode::OK, "{shown}");
        self.accepted += 1;
        let canned = Canned {
            headers: parts.headers,
            body: response,
        };
        let reader = client::Inner::in_process(&SERVICE, canned);
        let empty = <Values as Structure>::empty();
        let read = self.call(&reader, &empty, &shown);
        let repeated = self.call(&self.client, &read, &shown);
        assert!(read == repeated, "{shown}");
    }

    fn call(&self, client: &client::Inner, values: &Values, shown: &str) -> Values {
        let call = client.call::<Values, RepeatError>(&REPEAT, values);
        let read = self.runtime.block_on(call);
        read.unwrap_or_else(|error| panic!("{error}: {shown}"))
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect(name))
}

#[test]
fn texts_of_values_are_read_back_or_rejected() {
    let texts = number("DRAWPLATE_FUZZ_VALUES").unwrap_or(TEXTS);
    let mut seed = number("DRAWPLATE_FUZZ_SEED").unwrap_or(0);
    let started = Instant::now();
    let mut fuzz = Fuzz::new();
    while fuzz.texts < texts {
        let _shown = Seed(seed);
        fuzz.one(&mut Random::new(seed));
        seed += 1;
    }
    let Fuzz {
        texts,
        accepted,
        rejected,
        ..
    } = fuzz;
    println!(
        "{texts} texts in {:.1} s, {accepted} requests accepted, {rejected} rejected",
        started.elapsed().as_secs_f64()
    );
    assert!(accepted * 5 > rejected && rejected * 20 > accepted);
}

/// Prints the seed if the test panics.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("DRAWPLATE_FUZZ_SEED={}", self.0);
        }
    }
}
