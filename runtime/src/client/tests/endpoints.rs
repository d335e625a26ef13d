//! Endpoints by rules.

use std::sync::Arc;

use super::script::{Script, response};
use super::{PAGE, Page, SERVICE, THING, Thing, ThingError, thing};
use crate::client::recent::CAPACITY;
use crate::client::rules::RuleSettings;
use crate::client::{BuildError, Builder, Inner};
use crate::endpoint::{
    Attribute as A, Condition, EndpointError, Expression as E, Function as F, Literal,
    OperationParameters, Outcome, Parameter, ParameterValue, Property as P, Rules, Source, Step,
};
use crate::protocol::service::{Operation, OperationTraits, Route, Segment};
use crate::schema::{self as s, Member, Schema};

/// Parameters: 0 Region, 1 Endpoint, 2 Id, 3 Fast. Variable: 4, the URL of Endpoint.
static RULES: Rules = Rules {
    parameters: &[
        Parameter::new("Region").built_in("AWS::Region"),
        Parameter::new("Endpoint").built_in("SDK::Endpoint"),
        Parameter::new("Id"),
        Parameter::new("Fast")
            .required()
            .default(Literal::Boolean(false)),
    ],
    variables: 1,
    conditions: &[
        Condition::new(E::Call(F::IsSet, &[E::Slot(1)])),
        Condition::assign(4, E::Call(F::ParseUrl, &[E::Slot(1)])),
        Condition::new(E::Call(
            F::IsValidHostLabel,
            &[E::Slot(2), E::Boolean(false)],
        )),
        Condition::new(E::Slot(3)),
    ],
    results: &[
        Outcome::NoMatch,
        Outcome::Error(E::Text("the endpoint is no URL")),
        Outcome::Endpoint {
            url: E::Template(&[
                E::Attribute(&E::Slot(4), A::Scheme),
                E::Text("://"),
                E::Slot(2),
                E::Text("."),
                E::Attribute(&E::Slot(4), A::Authority),
            ]),
            headers: &[],
            properties: &[],
        },
        Outcome::Endpoint {
            url: E::Template(&[E::Text("https://"), E::Slot(0), E::Text(".example/base")]),
            headers: &[("x-region", &[E::Slot(0), E::Text("2")])],
            properties: &[(
                "list",
                P::List(&[P::Map(&[("region", P::Value(E::Slot(0)))])]),
            )],
        },
        Outcome::Endpoint {
            url: E::Text("https://fast.example"),
            headers: &[],
            properties: &[],
        },
    ],
    nodes: &[[3, !4, !3], [2, !2, !0], [1, 1, !1], [0, 2, 0]],
    root: 3,
    operations: &[
        OperationParameters::new("FastThing", &[(3, Source::Static(Literal::Boolean(true)))]),
        OperationParameters::new("GetThing", &[(2, Source::Required(&[Step::Member(0)]))]),
    ],
    first_label: true,
};

macro_rules! operations {
    ($($operation:ident $name:literal [$($segment:expr),*];)*) => {
        $(static $operation: Operation = Operation {
            name: $name,
            input: &THING,
            output: &PAGE,
            errors: &[],
            route: Some(&Route {
                operation: $name,
                method: "POST",
                path: &[$($segment),*],
                query: &[("x", "y")],
                status: 200,
            }),
            traits: OperationTraits::NONE,
        };)*
    };
}

operations! {
    FIRST "GetThing" [Segment::Label(0), Segment::Literal("things")];
    ONLY "GetThing" [Segment::Label(0)];
    LAST "GetThing" [Segment::Literal("things"), Segment::Label(0)];
    FAST "FastThing" [Segment::Label(0)];
}

fn builder(script: &Script) -> Builder<Inner> {
    Builder::new(&SERVICE)
        .unauthenticated()
        .endpoint_rules(&RULES)
        .base_path("")
        .transport(script.clone())
}

/// Where a call is sent.
async fn sent(
    set: impl FnOnce(Builder<Inner>) -> Builder<Inner>,
    operation: &'static Operation,
) -> String {
    let script = Script::new([response(200, &[], "{}")]);
    let client = set(builder(&script)).build().expect("a client");
    let call = client.call::<Page, ThingError>(operation, &thing());
    call.await
        .map_err(|error| error.to_string())
        .expect("a page");
    script.seen().remove(0).target
}

#[tokio::test]
async fn rules_decide_where_a_call_is_sent() {
    let region = |builder: Builder<Inner>| builder.region("west");
    let url = |builder: Builder<Inner>| builder.endpoint("http://things.example:80");
    assert_eq!(
        sent(region, &FIRST).await,
        "https://west.example/base/things?x=y"
    );
    assert_eq!(sent(region, &ONLY).await, "https://west.example/base?x=y");
    assert_eq!(
        sent(region, &LAST).await,
        "https://west.example/base/things/x?x=y"
    );
    assert_eq!(
        sent(url, &FIRST).await,
        "http://x.things.example:80/things?x=y"
    );
    assert_eq!(sent(url, &ONLY).await, "http://x.things.example:80/?x=y");
    assert_eq!(sent(region, &FAST).await, "https://fast.example/?x=y");
    let fast = |builder: Builder<Inner>| builder.region("west").endpoint_parameter(3, true);
    assert_eq!(sent(fast, &FIRST).await, "https://fast.example/things?x=y");
}

#[tokio::test]
async fn requests_have_the_headers_of_the_endpoint() {
    let script = Script::new([response(200, &[], "{}"), response(200, &[], "{}")]);
    let client = builder(&script).region("west").build().expect("a client");
    for _ in 0..2 {
        let call = client.call::<Page, ThingError>(&FIRST, &thing());
        call.header("x-region", "other")
            .await
            .map_err(|_| ())
            .expect("a page");
    }
    for request in &script.seen() {
        assert_eq!(request.headers["x-region"], "other");
    }

    let script = Script::new([response(200, &[], "{}")]);
    let client = builder(&script).region("west").build().expect("a client");
    let call = client.call::<Page, ThingError>(&FIRST, &thing());
    call.await.map_err(|_| ()).expect("a page");
    let request = script.seen().remove(0);
    let values = request
        .headers
        .get_all("x-region")
        .iter()
        .collect::<Vec<_>>();
    assert_eq!(values, ["west", "2"]);
}

#[tokio::test]
async fn calls_without_an_endpoint_fail_with_the_reason() {
    let client = builder(&Script::default()).endpoint("https://things.example");
    let client = client.build().expect("a client");
    let check = async |input: Thing, expected: &str| {
        let call = client.call::<Page, ThingError>(&FIRST, &input);
        let error = call.await.map(|_| ()).map_err(|error| error.to_string());
        let error = error.expect_err("no endpoint");
        assert!(error.contains(expected), "{error}");
    };
    let id = |id: &str| Thing {
        id: id.to_owned(),
        ..thing()
    };
    check(id("a b"), "no endpoint rule of the service matches").await;
    check(id("  "), "the endpoint depends on `Id`, which is not set").await;
    check(id(""), "the endpoint depends on `Id`, which is not set").await;
}

#[test]
fn a_client_needs_a_region_or_an_endpoint() {
    let error = builder(&Script::default()).build().expect_err("no client");
    assert!(matches!(error, BuildError::NoEndpoint { .. }), "{error}");
    let error = builder(&Script::default()).endpoint("x").build();
    let error = error.expect_err("no client");
    assert!(matches!(error, BuildError::Endpoint { .. }), "{error}");
}

#[test]
fn rules_lead_to_results() {
    let values = |set: &[(usize, ParameterValue)]| {
        let mut values = RULES.defaults();
        for (index, value) in set {
            values[*index] = Some(value.clone());
        }
        RULES.resolve(&values)
    };
    let endpoint = values(&[(0, "west".into())]).expect("an endpoint");
    assert_eq!(endpoint.url, "https://west.example/base");
    let property = endpoint.properties.get("list").map(ToString::to_string);
    assert_eq!(property.as_deref(), Some(r#"[{"region":"west"}]"#));
    assert_eq!(
        values(&[(1, "x".into())]),
        Err(EndpointError::Rejected("the endpoint is no URL".to_owned()))
    );
    // The region in the URL is missing.
    assert_eq!(values(&[]), Err(EndpointError::Invalid));
    let mut without = RULES.defaults();
    without[3] = None;
    let missing = EndpointError::Missing { parameter: "Fast" };
    assert_eq!(RULES.resolve(&without), Err(missing));
    assert_eq!(
        RULES.resolve(&[]),
        Err(EndpointError::Missing { parameter: "Fast" })
    );
}

static NAMES: Schema = Schema::list("a#Names", &[Member::new("member", &s::STRING)]);
static ENTRIES: Schema = Schema::map(
    "a#Entries",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::STRING),
    ],
);
static ITEM: Schema = Schema::structure(
    "a#Item",
    &[
        Member::new("name", &s::STRING),
        Member::new("other", &s::STRING),
    ],
);
static ITEMS: Schema = Schema::list("a#Items", &[Member::new("member", &ITEM)]);
static NESTED: Schema = Schema::structure(
    "a#Nested",
    &[
        Member::new("names", &NAMES),
        Member::new("entries", &ENTRIES),
        Member::new("items", &ITEMS),
        Member::new("flag", &s::BOOLEAN),
    ],
);

#[derive(Clone, Default, PartialEq)]
struct Item {
    name: Option<String>,
    other: Option<String>,
}
crate::structure!(Item: ITEM { 0: name, 1: other });

#[derive(Clone, Default, PartialEq)]
struct Nested {
    names: Option<Vec<String>>,
    entries: Option<std::collections::BTreeMap<String, String>>,
    items: Option<Vec<Item>>,
    flag: Option<bool>,
}
crate::structure!(Nested: NESTED { 0: names, 1: entries, 2: items, 3: flag });

/// A parameter for each way into an input.
static WAYS: Rules = Rules {
    parameters: &[
        Parameter::new("Names"),
        Parameter::new("Keys"),
        Parameter::new("Values"),
        Parameter::new("Items"),
        Parameter::new("Flag"),
    ],
    operations: &[OperationParameters::new(
        "GetThing",
        &[
            (0, Source::Inputs(&[Step::Member(0), Step::Elements])),
            (1, Source::Inputs(&[Step::Member(1), Step::Keys])),
            (2, Source::Inputs(&[Step::Member(1), Step::Values])),
            (
                3,
                Source::Inputs(&[
                    Step::Member(2),
                    Step::Elements,
                    Step::Select(&[&[Step::Member(1)], &[Step::Member(0)]]),
                ]),
            ),
            (4, Source::Input(&[Step::Member(3)])),
        ],
    )],
    variables: 0,
    conditions: &[],
    results: &[Outcome::NoMatch],
    nodes: &[],
    root: !0,
    first_label: false,
};

#[test]
fn inputs_give_values_to_parameters() {
    let check = |input: &Nested, expected: [Option<ParameterValue>; 5]| {
        let mut values = vec![None; 5];
        WAYS.bind("GetThing", input, &mut values).expect("values");
        assert_eq!(values, expected);
    };
    let texts = |texts: &[&str]| {
        let texts = texts.iter().map(|text| (*text).to_owned());
        Some(ParameterValue::from(texts.collect::<Vec<_>>()))
    };
    check(&Nested::default(), [None, None, None, None, None]);
    let item = |name: &str, other: Option<&str>| Item {
        name: Some(name.to_owned()),
        other: other.map(str::to_owned),
    };
    let input = Nested {
        names: Some(vec!["a".to_owned(), "b".to_owned()]),
        entries: Some([("k".to_owned(), "v".to_owned())].into()),
        items: Some(vec![item("c", None), item("d", Some("e"))]),
        flag: Some(false),
    };
    check(
        &input,
        [
            texts(&["a", "b"]),
            texts(&["k"]),
            texts(&["v"]),
            texts(&["c", "e", "d"]),
            Some(false.into()),
        ],
    );
    let empty = Nested {
        names: Some(Vec::new()),
        ..Nested::default()
    };
    check(&empty, [texts(&[]), None, None, None, None]);
    let mut values = vec![None; 5];
    WAYS.bind("Other", &input, &mut values).expect("values");
    assert_eq!(values, vec![None; 5]);
}

#[test]
fn the_endpoints_that_were_used_last_are_kept() {
    let url = Some("https://things.example");
    let resolver = RuleSettings::new(&RULES).resolver("Things", url, None, "");
    let resolver = resolver.expect("valid settings").expect("rules");
    let resolve = |id: usize| {
        let id = format!("id{id}");
        let endpoint = resolver.resolve(&FIRST, &Thing { id, ..thing() });
        endpoint.expect("an endpoint")
    };
    let (used, unused) = (resolve(0), resolve(1));
    for id in 2..2 * CAPACITY {
        resolve(id);
        assert!(Arc::ptr_eq(&used, &resolve(0)), "{id}");
    }
    assert_eq!(Arc::strong_count(&unused), 1);
    // The latest others are kept too.
    let latest = 2 * CAPACITY - 1;
    assert!(Arc::ptr_eq(&resolve(latest), &resolve(latest)));
    let kept = resolve(CAPACITY + 1);
    assert_eq!(Arc::strong_count(&kept), 2);
}
