//! Page after page.

use std::collections::BTreeMap;

use super::{LIST, Page, Script, ThingError, client, response, thing};
use crate::client::{Inner, Pages};
use crate::protocol::service::{Operation, OperationTraits, Paginated, Route};
use crate::schema::{self as s, Member, Schema};

fn pages(script: &Script) -> Pages<Page, ThingError> {
    let client: Inner = client(script).build().expect("a client");
    client.pages(&LIST, thing())
}

fn tokens(script: &Script) -> Vec<Option<String>> {
    let token = |target: String| {
        target
            .split_once("?token=")
            .map(|(_, token)| token.to_owned())
    };
    script
        .seen()
        .into_iter()
        .map(|request| token(request.target))
        .collect()
}

#[tokio::test]
async fn items_come_from_all_pages() {
    let script = Script::new([
        response(200, &[], r#"{"names":["a","b"],"next":"1"}"#),
        response(200, &[], r#"{"names":[],"next":"2/ "}"#),
        response(200, &[], r#"{"names":["c"]}"#),
    ]);
    let names = pages(&script)
        .items(|page| page.names)
        .collect()
        .await
        .expect("all items");
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(
        tokens(&script),
        [None, Some("1".to_owned()), Some("2%2F%20".to_owned())]
    );
}

#[tokio::test]
async fn a_listing_ends_with_an_absent_empty_or_repeated_token() {
    let check = async |bodies: &[&str], expected: usize| {
        let script = Script::new(bodies.iter().map(|body| response(200, &[], body)));
        let mut pages = pages(&script);
        let mut count = 0;
        while let Some(page) = pages.next().await {
            page.expect("a page");
            count += 1;
        }
        assert!(pages.next().await.is_none());
        assert_eq!((count, script.count()), (expected, expected), "{bodies:?}");
    };
    check(&["{}"], 1).await;
    check(&[r#"{"next":""}"#], 1).await;
    check(&[r#"{"next":null}"#], 1).await;
    check(&[r#"{"next":"a"}"#, r#"{"next":"a"}"#], 2).await;
    check(&[r#"{"next":"a"}"#, r#"{"next":"b"}"#, "{}"], 3).await;
}

#[tokio::test]
async fn a_listing_ends_with_the_token_that_it_began_with() {
    for (bodies, expected) in [
        (&[r#"{"names":["c"],"next":"b"}"#][..], 1),
        (&[r#"{"next":"c"}"#, r#"{"next":"b"}"#], 2),
        (&[r#"{"next":"c"}"#, r#"{"next":"c"}"#], 2),
        (&[r#"{"next":"c"}"#, "{}"], 2),
    ] {
        let script = Script::new(bodies.iter().map(|body| response(200, &[], body)));
        let client: Inner = client(&script).build().expect("a client");
        let mut input = thing();
        input.token = Some("b".to_owned());
        let mut pages: Pages<Page, ThingError> = client.pages(&LIST, input);
        while let Some(page) = pages.next().await {
            page.expect("a page");
        }
        assert_eq!(script.count(), expected, "{bodies:?}");
    }
}

#[tokio::test]
async fn a_listing_ends_with_an_error() {
    let script = Script::new([
        response(200, &[], r#"{"names":["a"],"next":"1"}"#),
        response(404, &[], r#"{"message":"gone"}"#),
    ]);
    let mut names = pages(&script).items(|page| page.names);
    assert_eq!(names.next().await.expect("an item").expect("an item"), "a");
    assert!(names.next().await.expect("an error").is_err());
    assert!(names.next().await.is_none());
}

static TOKEN: Schema = Schema::map(
    "a#Token",
    &[
        Member::new("key", &s::STRING),
        Member::new("value", &s::INTEGER),
    ],
);
static SCAN: Schema = Schema::structure("a#Scan", &[Member::new("token", &TOKEN)]);

/// The input and the output of a listing whose token is a map.
#[derive(Clone, PartialEq)]
struct Scan {
    token: Option<BTreeMap<String, i32>>,
}
crate::structure!(Scan: SCAN { 0: token });

static SCAN_ALL: Operation = Operation {
    name: "Scan",
    input: &SCAN,
    output: &SCAN,
    errors: &[],
    route: Some(&Route {
        operation: "Scan",
        method: "POST",
        path: &[],
        query: &[],
        status: 200,
    }),
    traits: OperationTraits {
        readonly: true,
        paginated: Some(Paginated {
            input_token: 0,
            output_token: &[0],
            items: None,
            page_size: None,
        }),
        ..OperationTraits::NONE
    },
};

#[tokio::test]
async fn a_token_can_be_a_map() {
    let script = Script::new([
        response(200, &[], r#"{"token":{"id":7}}"#),
        response(200, &[], r#"{"token":{}}"#),
    ]);
    let client: Inner = client(&script).build().expect("a client");
    let mut pages: Pages<Scan, ThingError> = client.pages(&SCAN_ALL, Scan { token: None });
    while let Some(page) = pages.next().await {
        page.expect("a page");
    }
    let bodies = script.seen().into_iter().map(|request| request.body);
    let bodies = bodies.collect::<Vec<_>>();
    assert_eq!(bodies, ["{}", r#"{"token":{"id":7}}"#]);
}

#[tokio::test]
async fn a_listing_ends_with_the_map_that_it_began_with() {
    let first = r#"{"token":{"b":2,"a":1}}"#;
    let script = Script::new([response(200, &[], first)]);
    let client: Inner = client(&script).build().expect("a client");
    let token = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let mut pages: Pages<Scan, ThingError> = client.pages(&SCAN_ALL, Scan { token: Some(token) });
    assert!(pages.next().await.is_some_and(|page| page.is_ok()));
    assert!(pages.next().await.is_none());
    assert_eq!(script.count(), 1);
}

static LARGE: Schema = Schema::structure("a#Large", &[Member::new("token", &s::BIG_INTEGER)]);

/// The input and the output of a listing whose token is a number.
#[derive(Clone, PartialEq)]
struct Large {
    token: Option<crate::BigInteger>,
}
crate::structure!(Large: LARGE { 0: token });

static LIST_LARGE: Operation = Operation {
    name: "ListLarge",
    input: &LARGE,
    output: &LARGE,
    ..SCAN_ALL
};

#[tokio::test]
async fn a_token_can_be_a_number_of_any_size() {
    let script = Script::new([
        response(200, &[], r#"{"token":36893488147419103232}"#),
        response(200, &[], "{}"),
    ]);
    let client: Inner = client(&script).build().expect("a client");
    let mut pages: Pages<Large, ThingError> = client.pages(&LIST_LARGE, Large { token: None });
    while let Some(page) = pages.next().await {
        page.expect("a page");
    }
    let bodies = script.seen().into_iter().map(|request| request.body);
    let bodies = bodies.collect::<Vec<_>>();
    assert_eq!(bodies, ["{}", r#"{"token":36893488147419103232}"#]);
}
