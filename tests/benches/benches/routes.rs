//! Finding the operation of a request beside matchit, the router of axum, at 31, 500 and 5,000
//! routes.
//!
//! Both sides find the operation of a request and decode its labels: matchit returns them as they
//! are in the path. Ours also removes the base path, compares query literals and checks the length
//! of the URI.
//!
//! To count instructions, run `valgrind --tool=callgrind --toggle-collect='routes::Case::ours'`
//! on the program with the name of one bench and `--exact --sample-count 1 --sample-size 10000`.

#![allow(
    clippy::wildcard_imports,
    reason = "a group of benches is a part of its file"
)]

#[path = "by_hand/paths.rs"]
mod paths;

use std::collections::HashMap;
use std::sync::Arc;

use amplify_admin::amplifybackend::{operation, route};
use divan::{Bencher, black_box};
use drawplate_runtime::server::Router;
use drawplate_runtime::service::{Operation, Route, Segment, Service};
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

fn main() {
    for routes in SIZES {
        check(&Case::new(routes));
    }
    divan::main();
}

const SIZES: [usize; 3] = [31, 500, 5000];

/// Routes, both routers over them, and requests.
struct Case {
    ours: Router,
    peer: matchit::Router<HashMap<Method, usize>>,
    headers: HeaderMap,
    hits: Vec<(Method, Uri)>,
    misses: Vec<(Method, Uri)>,
}

impl Case {
    fn new(routes: usize) -> Self {
        let routes = if routes == route::ROUTES.len() {
            route::ROUTES.to_vec()
        } else {
            many(routes)
        };
        let operations = routes.iter().map(|route| operation(route));
        let service = Service {
            operations: Vec::leak(operations.collect()),
            ..operation::SERVICE
        };
        let table = Vec::leak(routes.clone());
        let service = Box::leak(Box::new(service));
        let base = service.base_path;
        Self {
            ours: Router::new(service, table, Arc::new(()), &[]),
            peer: peer(base, &routes),
            headers: HeaderMap::new(),
            hits: routes
                .iter()
                .map(|route| request(base, route, ""))
                .collect(),
            misses: routes
                .iter()
                .map(|route| request(base, route, "/none/of/them"))
                .collect(),
        }
    }

    #[inline(never)]
    fn ours(&self, (method, uri): &(Method, Uri)) -> bool {
        self.ours.operation(method, uri, &self.headers).is_some()
    }

    #[inline(never)]
    fn peer(&self, (method, uri): &(Method, Uri)) -> bool {
        let found = self.peer.at(uri.path());
        found.is_ok_and(|found| {
            let mut labels = found.params.iter();
            labels.all(|(_, label)| percent_decode_str(label).decode_utf8().is_ok())
                && found.value.contains_key(method)
        })
    }
}

/// Both sides find what there is and nothing else.
fn check(case: &Case) {
    assert!(case.hits.iter().all(|hit| case.ours(hit) && case.peer(hit)));
    assert!(
        !case
            .misses
            .iter()
            .any(|miss| case.ours(miss) || case.peer(miss))
    );
}

/// Five routes each of as many resources as it takes.
fn many(routes: usize) -> Vec<&'static Route> {
    let resources = (0..routes / 5).flat_map(|number| {
        let name = Segment::Literal(String::leak(format!("resource{number:04}")));
        let (label, items) = (Segment::Label(0), Segment::Literal("items"));
        [
            ("GET", vec![name]),
            ("POST", vec![name]),
            ("GET", vec![name, label]),
            ("DELETE", vec![name, label]),
            ("GET", vec![name, label, items, Segment::Label(1)]),
        ]
    });
    let routes = resources.enumerate().map(|(number, (method, path))| {
        &*Box::leak(Box::new(Route {
            operation: String::leak(format!("Operation{number}")),
            method,
            path: Vec::leak(path),
            query: &[],
            status: 200,
        }))
    });
    routes.collect()
}

fn operation(route: &'static Route) -> &'static Operation {
    Box::leak(Box::new(Operation {
        name: route.operation,
        route: Some(route),
        ..operation::CREATE_TOKEN
    }))
}

fn peer(base: &str, routes: &[&'static Route]) -> matchit::Router<HashMap<Method, usize>> {
    let mut resources = HashMap::<String, HashMap<Method, usize>>::new();
    for (index, route) in routes.iter().enumerate() {
        let method = route.method.parse().expect("is a method");
        resources
            .entry(paths::template(base, route))
            .or_default()
            .insert(method, index);
    }
    let mut matcher = matchit::Router::new();
    for (path, methods) in resources {
        matcher
            .insert(path, methods)
            .expect("the routes do not overlap");
    }
    matcher
}

fn request(base: &str, route: &Route, tail: &str) -> (Method, Uri) {
    let segments = route.path.iter().map(|segment| match segment {
        Segment::Literal(text) => text,
        Segment::Label(_) | Segment::Greedy(_) => "d1abcdefgh",
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let uri = format!("{base}/{path}{tail}").parse();
    (
        route.method.parse().expect("is a method"),
        uri.expect("is a URI"),
    )
}

/// One request after the other, so that none is foreseen.
fn cycle<'r>(requests: &'r [(Method, Uri)]) -> impl FnMut() -> &'r (Method, Uri) {
    let mut next = 0;
    move || {
        // Coprime to the number of requests: all have their turn, and neighbours do not follow each
        // other.
        next = (next + 101) % requests.len();
        &requests[next]
    }
}

#[divan::bench_group]
mod hit {
    use super::*;

    #[divan::bench(args = SIZES)]
    fn ours(bencher: Bencher<'_, '_>, routes: usize) {
        let case = Case::new(routes);
        let mut next = cycle(&case.hits);
        bencher.bench_local(|| case.ours(black_box(next())));
    }

    #[divan::bench(args = SIZES)]
    fn peer(bencher: Bencher<'_, '_>, routes: usize) {
        let case = Case::new(routes);
        let mut next = cycle(&case.hits);
        bencher.bench_local(|| case.peer(black_box(next())));
    }
}

#[divan::bench_group]
mod miss {
    use super::*;

    #[divan::bench(args = SIZES)]
    fn ours(bencher: Bencher<'_, '_>, routes: usize) {
        let case = Case::new(routes);
        let mut next = cycle(&case.misses);
        bencher.bench_local(|| case.ours(black_box(next())));
    }

    #[divan::bench(args = SIZES)]
    fn peer(bencher: Bencher<'_, '_>, routes: usize) {
        let case = Case::new(routes);
        let mut next = cycle(&case.misses);
        bencher.bench_local(|| case.peer(black_box(next())));
    }
}
