//! Look-ups.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, Uri, header};

use super::*;
use crate::protocol::service::OperationTraits;
use crate::schema::Schema;

static EMPTY: Schema = Schema::structure("a#Empty", &[]);

const fn operation(name: &'static str) -> Operation {
    Operation {
        name,
        input: &EMPTY,
        output: &EMPTY,
        errors: &[],
        route: None,
        traits: OperationTraits::NONE,
    }
}

macro_rules! routes {
    ($($name:ident: $method:literal $path:expr, $query:expr;)*) => {
        $(static $name: (Operation, Route) = (
            operation(stringify!($name)),
            Route { operation: stringify!($name), method: $method, path: &$path, query: &$query, status: 200 },
        );)*
        fn tree() -> Routes {
            Routes::new(&[$(&$name.0),*], &[$(&$name.1),*])
        }
    };
}

use Segment::{Greedy, Label, Literal};

// In the order of precedence, as the generator writes them.
routes! {
    BATCH: "POST" [Literal("things"), Literal("batch")], [];
    SUFFIX: "GET" [Literal("things"), Label(0), Literal("files"), Greedy(1), Literal("raw")], [];
    FILE: "GET" [Literal("things"), Label(0), Literal("files"), Greedy(1)], [];
    TAGGED: "GET" [Literal("things"), Label(0)], [("tags", ""), ("v", "2")];
    THING: "GET" [Literal("things"), Label(0)], [];
    REMOVE: "DELETE" [Literal("things"), Label(0)], [];
    LIST: "GET" [Literal("things")], [];
    ROOT: "GET" [], [];
}

fn head<'r>(method: &'r Method, uri: &'r Uri, headers: &'r HeaderMap) -> RequestHead<'r> {
    RequestHead {
        method,
        uri,
        headers,
        base: &[],
    }
}

fn check(method: &str, target: &str, expected: Result<(&str, &[&str]), &[&'static str]>) {
    let names = [
        "BATCH", "SUFFIX", "FILE", "TAGGED", "THING", "REMOVE", "LIST", "ROOT",
    ];
    let uri = Uri::try_from(if target.is_empty() { "/" } else { target }).expect(target);
    let (method, headers) = (method.parse().expect("a method"), HeaderMap::new());
    let found = tree().route(&head(&method, &uri, &headers));
    let found = found.as_ref().map(|found| {
        let labels = found.labels(&uri).into_iter();
        let labels = labels.map(|(_, text)| text.unwrap_or("?".into()).into_owned());
        (names[found.operation], labels.collect::<Vec<_>>())
    });
    let expected = match expected {
        Ok((name, labels)) => Ok((
            name,
            labels.iter().map(|label| String::from(*label)).collect(),
        )),
        Err([]) => Err(&RouteError::NotFound),
        Err(methods) => Err(&RouteError::Method(methods.to_vec())),
    };
    assert_eq!(found, expected, "{method} {target}");
}

#[test]
fn the_most_specific_route_is_found() {
    check("GET", "/", Ok(("ROOT", &[])));
    check("GET", "", Ok(("ROOT", &[])));
    check("GET", "/things", Ok(("LIST", &[])));
    check("GET", "/things/7", Ok(("THING", &["7"])));
    check("POST", "/things/batch", Ok(("BATCH", &[])));
    check("GET", "/things/batch", Ok(("THING", &["batch"])));
    check("HEAD", "/things/7", Ok(("THING", &["7"])));
    check("GET", "/things/7?v=2&tags=x", Ok(("TAGGED", &["7"])));
    check("GET", "/things/7?v=1&tags=x", Ok(("THING", &["7"])));
    check("GET", "/things/7/files/a/b", Ok(("FILE", &["7", "a/b"])));
    check(
        "GET",
        "/things/7/files/a/raw/raw",
        Ok(("SUFFIX", &["7", "a/raw"])),
    );
    check("GET", "/things/7/files/raw", Ok(("FILE", &["7", "raw"])));
}

#[test]
fn a_slash_at_the_end_means_nothing_and_two_are_an_empty_segment() {
    check("GET", "/things/", Ok(("LIST", &[])));
    check("GET", "/things/7/", Ok(("THING", &["7"])));
    check("GET", "/things//", Err(&[]));
    check("GET", "//things", Err(&[]));
    check("GET", "/things//files/a", Err(&[]));
    check("GET", "/things/7/files/a//b", Ok(("FILE", &["7", "a//b"])));
}

#[test]
fn a_greedy_label_at_the_end_keeps_its_slashes() {
    for label in [
        "a/", "a//", "a//b/", "/a", "//a/", "/", "//", "%2F", "a%2F/", "raw/b/",
    ] {
        let target = format!("/things/7/files/{label}");
        let decoded = label.replace("%2F", "/");
        check("GET", &target, Ok(("FILE", &["7", &decoded])));
    }
    // In front of a literal, it keeps those between them, and the one at the end means nothing.
    check(
        "GET",
        "/things/7/files/a//raw",
        Ok(("SUFFIX", &["7", "a/"])),
    );
    check("GET", "/things/7/files/a/raw/", Ok(("SUFFIX", &["7", "a"])));
    check("GET", "/things/7/files//raw", Ok(("FILE", &["7", "/raw"])));
    // Without a label, a slash at the end means nothing.
    check("GET", "/things/7/files/", Err(&[]));
    let uri = "/things/7/files/a%/".parse().expect("a target");
    let headers = HeaderMap::new();
    let found = tree().route(&head(&Method::GET, &uri, &headers));
    assert!(matches!(found, Err(RouteError::Uri(_))), "{found:?}");
}

#[test]
fn segments_are_decoded_after_they_are_split() {
    check("GET", "/%74hings/a%2Fb", Ok(("THING", &["a/b"])));
    check("GET", "/things/%E2%82%AC", Ok(("THING", &["\u{20ac}"])));
    check("GET", "/things/%FF", Ok(("THING", &["?"])));
    check("GET", "/things/a+b", Ok(("THING", &["a+b"])));
    for target in ["/things/%", "/things/%4", "/things/%zz", "/things?a=%FF"] {
        let (uri, headers) = (target.parse().expect(target), HeaderMap::new());
        let error = tree().route(&head(&Method::GET, &uri, &headers));
        assert!(
            matches!(error, Err(RouteError::Uri(_))),
            "{target}: {error:?}"
        );
    }
    let uri = "/things?a+b=%2B&&c&d=1=2".parse().expect("a target");
    let headers = HeaderMap::new();
    let found = tree().route(&head(&Method::GET, &uri, &headers));
    let found = found.expect("a resource");
    let parameters = found.query(&uri);
    let parameters = parameters
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect::<Vec<_>>();
    assert_eq!(parameters, [("a b", "+"), ("c", ""), ("d", "1=2")]);
}

#[test]
fn literals_are_compared_with_decoded_segments() {
    let tree = tree_of(&[
        ("GET", &[], &[Literal("a b"), Label(0)]),
        ("GET", &[], &[Literal("a%20b"), Label(0)]),
    ]);
    let found = |target| look_up(&tree, "GET", target, "h").map(|(operation, _)| operation);
    assert_eq!(found("/a%20b/c"), Some(0));
    assert_eq!(found("/a%2520b/c"), Some(1));
    assert_eq!(found("/a%b/c"), None);
}

#[test]
fn many_segments_and_a_base_path_are_taken_apart() {
    let long = "/things/7/files/".to_owned() + &["a"; 40].join("/");
    let label = ["a"; 40].join("/");
    check("GET", &long, Ok(("FILE", &["7", &label])));
    let base = ["v1".into(), "api".into()];
    let headers = HeaderMap::new();
    let labels = |target: &str| {
        let uri = target.parse().expect(target);
        let mut head = head(&Method::GET, &uri, &headers);
        head.base = &base;
        let found = tree().route(&head).ok()?;
        let (_, label) = found.labels(&uri).pop()?;
        label.map(Cow::into_owned)
    };
    assert_eq!(labels("/v1/api/things/7").as_deref(), Some("7"));
    assert_eq!(labels("/v1/%61pi/things/%37").as_deref(), Some("7"));
    assert_eq!(labels("/v1/other/things/7"), None);
    assert_eq!(labels("/v1"), None);
}

#[test]
fn other_methods_of_a_resource_are_known() {
    check("PUT", "/things/7", Err(&["DELETE", "GET"]));
    check("PUT", "/things/batch", Err(&["DELETE", "GET", "POST"]));
    check("GET", "/nothing", Err(&[]));
    check("GET", "/things/7/more", Err(&[]));
}

/// A tree over routes with these methods, host prefixes and paths, in the order of precedence.
fn tree_of(routes: &[(&'static str, &'static [HostPart], &'static [Segment])]) -> Routes {
    let named = |position: usize| -> &'static str { String::leak(position.to_string()) };
    let operations = routes.iter().enumerate().map(|(position, (_, host, _))| {
        let mut operation = operation(named(position));
        operation.traits.host_prefix = host;
        &*Box::leak(Box::new(operation))
    });
    let table = routes
        .iter()
        .enumerate()
        .map(|(position, (method, _, path))| {
            &*Box::leak(Box::new(Route {
                operation: named(position),
                method,
                path,
                query: &[],
                status: 200,
            }))
        });
    Routes::new(&operations.collect::<Vec<_>>(), &table.collect::<Vec<_>>())
}

/// The operation of a request and its labels.
fn look_up(tree: &Routes, method: &str, target: &str, host: &str) -> Option<(usize, Vec<String>)> {
    let uri = Uri::try_from(target).expect(target);
    let method = method.parse().expect("a method");
    let host = HeaderValue::try_from(host).expect(host);
    let headers = HeaderMap::from_iter([(header::HOST, host)]);
    let found = tree.route(&head(&method, &uri, &headers)).ok()?;
    let labels = found.labels(&uri).into_iter();
    let labels = labels.map(|(_, text)| text.unwrap_or("?".into()).into_owned());
    Some((found.operation, labels.collect()))
}

#[test]
fn greedy_labels_match_in_front_of_other_parts() {
    let tree = tree_of(&[
        ("GET", &[], &[Literal("files"), Greedy(0), Literal("raw")]),
        (
            "GET",
            &[],
            &[
                Literal("files"),
                Greedy(0),
                Literal("to"),
                Greedy(1),
                Literal("x"),
                Label(2),
            ],
        ),
        ("GET", &[], &[Literal("files"), Greedy(0)]),
        ("GET", &[], &[Greedy(0), Literal("x"), Label(1)]),
        ("GET", &[], &[Greedy(0), Greedy(1)]),
    ]);
    let check = |target: &str, expected: Option<(usize, &[&str])>| {
        let found = look_up(&tree, "GET", target, "a");
        let expected = expected.map(|(operation, labels)| {
            (
                operation,
                labels.iter().map(|label| String::from(*label)).collect(),
            )
        });
        assert_eq!(found, expected, "{target}");
    };
    check("/files/a/raw", Some((0, &["a"])));
    check("/files/a/raw/raw", Some((0, &["a/raw"])));
    check("/files/raw", Some((2, &["raw"])));
    check("/files/a/to/b/x/c", Some((1, &["a", "b", "c"])));
    // The first greedy label matches as much as possible.
    check("/files/a/to/to/b/x/x/c", Some((1, &["a/to", "b/x", "c"])));
    check("/files/a/to/b/to/c/x/d", Some((1, &["a/to/b", "c", "d"])));
    check("/files/a/to/x/c", Some((2, &["a/to/x/c"])));
    check(
        "/files/a%2Fto/to/b%20c/%78/d",
        Some((1, &["a/to", "b c", "d"])),
    );
    check("/a/b/x/c", Some((3, &["a/b", "c"])));
    check("/a/b/c", Some((4, &["a/b", "c"])));
    check("/a", None);
    check("/a/b/c/", Some((4, &["a/b", "c/"])));
    check("/a/b//", Some((4, &["a/b", "/"])));
    check("/files/a/to/b/x/c/", Some((1, &["a", "b", "c"])));
    // A label that would be empty.
    check("/files//to/b/x/c", Some((2, &["/to/b/x/c"])));
    check("//x/c", Some((4, &["/x", "c"])));
    check("///c", None);
}

#[test]
fn greedy_labels_take_no_time_to_guess() {
    const MANY: &[Segment] = &[
        Greedy(0),
        Literal("a"),
        Greedy(1),
        Literal("a"),
        Greedy(2),
        Literal("a"),
        Greedy(3),
        Literal("a"),
        Greedy(4),
        Literal("b"),
    ];
    let tree = tree_of(&[("GET", &[], MANY)]);
    for filler in ["a/", "//", "/a"] {
        let path = format!("/{}", filler.repeat(4000));
        // To try all ways would take years.
        assert_eq!(look_up(&tree, "GET", &path, "a"), None);
    }
    let path = format!("/{}b", "a/".repeat(4000));
    let (_, labels) = look_up(&tree, "GET", &path, "a").expect("a match");
    assert_eq!(labels[0].len(), 2 * (4000 - 8) - 1);
    assert_eq!(labels[1..], ["a"; 4]);
}

#[test]
fn many_labels_are_kept() {
    const PATH: &[Segment] = &[Label(0), Label(1), Label(2), Label(3), Label(4), Label(5)];
    const OTHER: &[Segment] = &[
        Label(0),
        Label(1),
        Label(2),
        Label(3),
        Label(4),
        Label(5),
        Literal("x"),
        Label(6),
    ];
    let tree = tree_of(&[
        ("GET", &[], OTHER),
        ("GET", &[], PATH),
        ("GET", &[], &[Greedy(0)]),
    ]);
    let found = look_up(&tree, "GET", "/a/b/c/d/e/f", "h");
    assert_eq!(
        found,
        Some((1, ["a", "b", "c", "d", "e", "f"].map(String::from).to_vec()))
    );
    let found = look_up(&tree, "GET", "/a/b/c/d/e/f/y/g", "h");
    assert_eq!(found, Some((2, vec!["a/b/c/d/e/f/y/g".to_owned()])));
}

#[test]
fn an_empty_label_at_the_end_is_not_found() {
    let tree = tree_of(&[
        ("POST", &[], &[Literal("things")]),
        ("GET", &[], &[Literal("things"), Label(0)]),
        ("PUT", &[], &[Literal("things"), Greedy(0)]),
    ]);
    let route = |method: &str, target: &str| {
        let uri = target.parse().expect(target);
        let (method, headers) = (method.parse().expect("a method"), HeaderMap::new());
        let found = tree.route(&head(&method, &uri, &headers));
        found.map(|found| found.operation)
    };
    assert_eq!(route("POST", "/things/"), Ok(0));
    assert_eq!(route("GET", "/things/"), Err(RouteError::NotFound));
    assert_eq!(route("HEAD", "/things/"), Err(RouteError::NotFound));
    assert_eq!(route("PUT", "/things/"), Err(RouteError::NotFound));
    assert_eq!(
        route("GET", "/things"),
        Err(RouteError::Method(vec!["POST"]))
    );
    assert_eq!(
        route("DELETE", "/things/"),
        Err(RouteError::Method(vec!["POST"]))
    );
}

#[test]
fn a_host_prefix_tells_routes_apart() {
    use HostPart::Label as Name;
    use HostPart::Literal as Text;
    let path: &[Segment] = &[Literal("a")];
    let tree = tree_of(&[
        ("GET", &[], path),
        ("GET", &[Text("one.")], path),
        ("GET", &[Text("one."), Name(0), Text(".more.")], path),
        ("GET", &[Name(0), Text("-two.")], path),
        ("POST", &[Text("one.")], path),
        ("GET", &[Text("one.")], &[Literal("b")]),
        ("GET", &[Text("two.")], &[Label(0)]),
        ("GET", &[Text("one.")], &[Literal("c"), Greedy(0)]),
        ("GET", &[Text("two.")], &[Literal("c"), Greedy(1)]),
    ]);
    let check = |head: &str, host: &str, expected: Option<usize>| {
        let (method, target) = head.split_once(' ').expect("a method");
        let found = look_up(&tree, method, target, host);
        assert_eq!(
            found.map(|(operation, _)| operation),
            expected,
            "{head} {host}"
        );
    };
    check("GET /a", "one.example.com:8080", Some(1));
    check("GET /a", "ONE.Example.com", Some(1));
    check("GET /a", "one.x-1.more.example.com", Some(2));
    check("GET /a", "x-two.example.com", Some(3));
    check("GET /a", "x.y-two.example.com", Some(0));
    check("GET /a", "localhost", Some(0));
    // The method tells it apart already.
    check("POST /a", "localhost", Some(4));
    // The paths overlap.
    check("GET /b", "one.example.com", Some(5));
    check("GET /b", "two.example.com", Some(6));
    check("GET /b", "localhost", None);
    check("GET /c/d", "one.example.com", Some(7));
    check("GET /c/d", "two.example.com", Some(8));
    check("GET http://two.example.com/c/d", "one.example.com", Some(8));
}

#[test]
fn bytes_are_found_as_by_a_loop() {
    let text = [b'/', b'a', 0x2e, 0x30, 0x80, 0xaf, 0xff, 0, b'/'].repeat(4);
    for start in 0..text.len() {
        for end in start..=text.len() {
            let part = &text[start..end];
            for byte in [b'/', b'a', b'%', 0x30, 0xff, 0] {
                let expected = part.iter().position(|other| *other == byte);
                assert_eq!(target::position(byte, part), expected, "{part:?} {byte}");
                assert_eq!(target::contains(byte, part), expected.is_some());
            }
        }
    }
}
