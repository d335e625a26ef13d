//! The requests of clients contain exactly their inputs, for random valid values.
//!
//! All operations of both services and of the kitchen sink are called through their clients, over a
//! transport in memory. The parser of the requests (`requests/parse.rs`) shares no code with the
//! client: it uses the schema alone and rejects everything that is not in it.

mod fit;
mod parse;

use amplify_admin::{amplifybackend as amplify, cognitoidentityprovider as cognito};
use bytes::Bytes;
use drawplate_fixtures::kitchen_sink;
use drawplate_runtime::client::{Builder, Inner};
use drawplate_runtime::service::{Operation, Service};
use drawplate_tests::arbitrary::Arbitrary;
use drawplate_tests::calls;
use drawplate_tests::wire::Wire;
use http::Request;
use serde_json::{Value, json};

/// The result of a call.
type Outcome = Result<(), Box<dyn std::error::Error>>;

const CASES: u64 = 200;
/// The idempotency token of the clients.
const TOKEN: &str = "a token";

/// A client, called by the name of an operation with JSON.
struct Caller<C, F> {
    wire: Wire,
    client: C,
    call: F,
    runtime: tokio::runtime::Runtime,
}

impl<C, F> Caller<C, F>
where
    C: From<Inner>,
    F: AsyncFn(&C, &str, &str) -> Outcome,
{
    fn new(builder: Builder<C>, call: F) -> Self {
        let wire = Wire::default();
        let client = builder
            .endpoint("https://host.example")
            .transport(wire.clone())
            .idempotency_tokens(|| TOKEN.to_owned())
            .build();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self {
            wire,
            client: client.expect("an endpoint and a transport are all that a client needs"),
            call,
            runtime: runtime.expect("a runtime starts"),
        }
    }

    /// The request that is sent for an input, or why none is.
    fn send(&self, operation: &Operation, input: &Value) -> Result<Request<Bytes>, String> {
        let json = input.to_string();
        let call = (self.call)(&self.client, operation.name, &json);
        let outcome = self.runtime.block_on(call);
        let mut requests = self.wire.take();
        match outcome {
            Ok(()) => {
                assert_eq!(requests.len(), 1, "{} is sent once", operation.name);
                Ok(requests.remove(0))
            }
            Err(error) => {
                assert!(requests.is_empty(), "{error}, and it was sent");
                Err(error.to_string())
            }
        }
    }

    /// Checks all operations with random values.
    fn check(&self, service: &'static Service) {
        for operation in service.operations {
            for seed in 0..CASES {
                let mut random = Arbitrary::new(seed);
                let mut input = random.shape(operation.input);
                fit::fit(service, operation, &mut random, &mut input);
                self.check_one(service, operation, &input);
            }
        }
    }

    fn check_one(&self, service: &'static Service, operation: &'static Operation, input: &Value) {
        let name = operation.name;
        let request = self.send(operation, input);
        let request = request.unwrap_or_else(|error| panic!("{name}: {error}\n{input:#}"));
        let parsed = parse::input(service, operation, &request);
        let parsed = parsed.unwrap_or_else(|why| panic!("{name}: {why}\n{request:?}\n{input:#}"));
        let expected = fit::sent(service, operation, input.clone(), TOKEN);
        assert_eq!(parsed, expected, "{name} by {request:?}");
    }
}

#[test]
fn inputs_of_the_amplify_admin_ui_api_survive_the_wire() {
    let caller = Caller::new(
        amplify::Client::builder().unauthenticated(),
        calls::call_amplify,
    );
    caller.check(&amplify::operation::SERVICE);
}

#[test]
fn inputs_of_amazon_cognito_survive_the_wire() {
    let caller = Caller::new(
        cognito::Client::builder().unauthenticated(),
        calls::call_cognito,
    );
    caller.check(&cognito::operation::SERVICE);
}

#[test]
fn inputs_that_travel_in_every_way_survive_the_wire() {
    let caller = Caller::new(
        kitchen_sink::Client::builder().unauthenticated(),
        calls::call_kitchen_sink,
    );
    caller.check(&kitchen_sink::operation::SERVICE_);
}

/// A value for each member that must be there.
fn bound() -> Value {
    json!({ "id": "i", "when": 0, "rest": "r" })
}

#[test]
fn awkward_texts_survive_the_wire() {
    let caller = Caller::new(
        kitchen_sink::Client::builder().unauthenticated(),
        calls::call_kitchen_sink,
    );
    let check = |member: &str, value: Value| {
        let mut input = bound();
        input[member] = value;
        caller.check_one(
            &kitchen_sink::operation::SERVICE_,
            &kitchen_sink::operation::BIND,
            &input,
        );
    };
    let texts = [
        "/",
        "//",
        "a/b",
        "%",
        "%2F",
        "%zz",
        "+",
        "a b",
        "?",
        "#",
        "&",
        "=",
        ";",
        ":",
        "@",
        "\\",
        "'",
        "\"",
        "<>",
        "[]",
        "...",
        "~",
        "*",
        "!",
        "a.",
        "\u{0}",
        "\n",
        "\u{7f}",
        "\u{1F600}",
        "e\u{301}",
        "http://x/?y#z",
    ];
    for text in texts {
        for member in ["id", "rest"] {
            check(member, json!(text));
        }
        check("words", json!([text, "", text]));
        check("others", json!({ text: text, "": "" }));
        let printable = !text.contains(char::is_control);
        if printable {
            check("etag", json!(text));
            check("meta", json!({ "some": text }));
        }
    }
    for rest in ["a/b/c", "a//b", "/a", "a/", "..x", "x/..."] {
        check("rest", json!(rest));
    }
    // What a parameter of the route or of another member is called is not called so twice.
    let (request, parsed) = {
        let mut input = bound();
        input["flag"] = json!(true);
        input["others"] = json!({ "flag": "false", "fixed": "no", "more": "m" });
        let request = caller
            .send(&kitchen_sink::operation::BIND, &input)
            .expect("it can be sent");
        let parsed = parse::input(
            &kitchen_sink::operation::SERVICE_,
            &kitchen_sink::operation::BIND,
            &request,
        );
        (request, parsed.expect("it is a request"))
    };
    assert_eq!(parsed["flag"], true, "{request:?}");
    assert_eq!(parsed["others"], json!({ "more": "m" }), "{request:?}");
}

#[test]
fn values_that_a_request_cannot_hold_are_not_sent() {
    let caller = Caller::new(
        kitchen_sink::Client::builder().unauthenticated(),
        calls::call_kitchen_sink,
    );
    let check = |operation: &'static Operation, member: &str, value: Value, expected: &str| {
        let mut input = bound();
        input[member] = value;
        let error = caller
            .send(operation, &input)
            .expect_err("it cannot be sent");
        let expected = format!("{}: cannot build the request: {expected}", operation.name);
        assert!(error.starts_with(&expected), "{error}");
    };
    let bind = &kitchen_sink::operation::BIND;
    check(bind, "id", json!(""), "`id` must not be empty");
    check(bind, "rest", json!(""), "`rest` must not be empty");
    check(bind, "id", json!("."), "`id` is `.`");
    check(bind, "id", json!(".."), "`id` is `..`");
    check(bind, "rest", json!("../x"), "`rest` has the segment `..`");
    check(bind, "rest", json!("."), "`rest` is `.`");
    for text in ["\n", "a\r\nb: c", "\u{0}", "\u{7f}"] {
        check(
            bind,
            "etag",
            json!(text),
            "the value of `etag` contains characters",
        );
        check(
            bind,
            "meta",
            json!({ "a": text }),
            "the value of `meta` contains characters",
        );
    }
    for name in [" ", "a b", "a:", "é"] {
        check(
            bind,
            "meta",
            json!({ name: "a" }),
            &format!("the key `X-Meta-{name}` of `meta` is not a valid header name"),
        );
    }
    let hosted = &kitchen_sink::operation::HOSTED;
    check(hosted, "account", json!(""), "`account` must not be empty");
    for account in ["a.b", "a/b", "-a", "a-", "a@b", "a:1", "é", &"a".repeat(64)] {
        check(
            hosted,
            "account",
            json!(account),
            "`account` is a part of the host name",
        );
    }
}
