//! Finds the operation of a request: a tree over the segments of paths, built once from the table of routes.
//!
//! A look-up walks down the path. Literals come before labels and labels before greedy labels, segment by segment (Smithy 2.0, "Specificity
//! routing"), so that its cost grows with the length of the path and not with the number of routes.

use std::borrow::Cow;

use crate::protocol::service::{Operation, Route, Segment};

/// The routes of a service.
#[derive(Debug)]
pub(super) struct Routes {
    /// The first is the root.
    nodes: Vec<Node>,
}

/// What follows a beginning of paths.
#[derive(Debug, Default)]
struct Node {
    /// Sorted by text.
    literals: Vec<(&'static str, usize)>,
    label: Option<usize>,
    /// Routes whose next segment is a greedy label; sorted as the table is.
    greedy: Vec<(&'static [Segment], End)>,
    /// Routes that end here; sorted as the table is.
    ends: Vec<End>,
}

/// A route, and the position of its operation among those of the service.
#[derive(Clone, Copy, Debug)]
struct End {
    route: &'static Route,
    operation: usize,
}

/// A request's route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The position of the operation among those of the service.
    pub(super) operation: usize,
    pub(super) route: &'static Route,
}

/// Names and values of a query, decoded, in their order.
pub(super) type Query<'q> = [(Cow<'q, str>, Cow<'q, str>)];

impl Routes {
    /// Builds the tree. `routes` is in the order of precedence.
    pub(super) fn new(operations: &[&'static Operation], routes: &[&'static Route]) -> Self {
        let mut tree = Self {
            nodes: vec![Node::default()],
        };
        for route in routes {
            let named = |operation: &&Operation| operation.name == route.operation;
            if let Some(operation) = operations.iter().position(named) {
                tree.insert(End { route, operation });
            }
        }
        tree
    }

    fn insert(&mut self, end: End) {
        let mut node = 0;
        for (depth, segment) in end.route.path.iter().enumerate() {
            node = match *segment {
                Segment::Literal(text) => {
                    match self.nodes[node]
                        .literals
                        .binary_search_by_key(&text, |(literal, _)| literal)
                    {
                        Ok(at) => self.nodes[node].literals[at].1,
                        Err(at) => {
                            let new = self.add();
                            self.nodes[node].literals.insert(at, (text, new));
                            new
                        }
                    }
                }
                Segment::Label(_) => match self.nodes[node].label {
                    Some(next) => next,
                    None => {
                        let new = self.add();
                        self.nodes[node].label = Some(new);
                        new
                    }
                },
                Segment::Greedy(_) => {
                    self.nodes[node]
                        .greedy
                        .push((&end.route.path[depth..], end));
                    return;
                }
            };
        }
        self.nodes[node].ends.push(end);
    }

    fn add(&mut self) -> usize {
        self.nodes.push(Node::default());
        self.nodes.len() - 1
    }

    /// The route that fits best.
    pub(super) fn find(
        &self,
        method: &str,
        path: &[Cow<'_, [u8]>],
        query: &Query<'_>,
    ) -> Option<Found> {
        let mut found = None;
        self.visit(0, path, &mut |end| {
            let fits = end.route.method == method && has_literals(query, end.route);
            if fits {
                found = Some(Found {
                    operation: end.operation,
                    route: end.route,
                });
            }
            fits
        });
        found
    }

    /// The methods that the resource at a path has, sorted; none where there is no resource.
    pub(super) fn methods(&self, path: &[Cow<'_, [u8]>], query: &Query<'_>) -> Vec<&'static str> {
        let mut methods = Vec::new();
        self.visit(0, path, &mut |end| {
            if has_literals(query, end.route) {
                methods.push(end.route.method);
            }
            false
        });
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    /// Hands the routes that fit a path to `take`, the most specific one first, until it has enough.
    fn visit(
        &self,
        node: usize,
        path: &[Cow<'_, [u8]>],
        take: &mut dyn FnMut(End) -> bool,
    ) -> bool {
        let node = &self.nodes[node];
        let Some((segment, rest)) = path.split_first() else {
            return node.ends.iter().any(|end| take(*end));
        };
        let literal = node
            .literals
            .binary_search_by(|(literal, _)| literal.as_bytes().cmp(segment));
        if literal.is_ok_and(|at| self.visit(node.literals[at].1, rest, take)) {
            return true;
        }
        if !segment.is_empty() && node.label.is_some_and(|next| self.visit(next, rest, take)) {
            return true;
        }
        node.greedy
            .iter()
            .any(|(pattern, end)| tail(pattern, path) && take(*end))
    }
}

/// Whether the query has the literals that a route asks for (Smithy 2.0, "Query string literals").
fn has_literals(query: &Query<'_>, route: &Route) -> bool {
    route.query.iter().all(|(name, value)| {
        let mut values = query.iter().filter(|(other, _)| other == name);
        values.any(|(_, other)| value.is_empty() || other == value)
    })
}

/// Whether what begins with a greedy label fits the rest of a path.
fn tail(pattern: &[Segment], path: &[Cow<'_, [u8]>]) -> bool {
    spans(pattern, path).is_some()
}

/// How many segments the greedy label at the front takes: as many as leave the rest of the pattern a fit.
fn spans(pattern: &[Segment], path: &[Cow<'_, [u8]>]) -> Option<usize> {
    let (_, rest) = pattern.split_first()?;
    // A greedy label is not empty, however many segments it has.
    let least = path.iter().position(|segment| !segment.is_empty())? + 1;
    let most = path.len().checked_sub(rest.len())?;
    (least..=most)
        .rev()
        .find(|taken| fits(rest, &path[*taken..]))
}

fn fits(pattern: &[Segment], path: &[Cow<'_, [u8]>]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Segment::Literal(text), pattern)), Some((segment, path))) => {
            text.as_bytes() == &**segment && fits(pattern, path)
        }
        (Some((Segment::Label(_), pattern)), Some((segment, path))) => {
            !segment.is_empty() && fits(pattern, path)
        }
        (Some((Segment::Greedy(_), _)), Some(_)) => tail(pattern, path),
        _ => false,
    }
}

/// The segments of a path, decoded; a slash at the end means nothing (Smithy 2.0, "Literal character sequences"). `None` where a percent sign
/// is not followed by two digits.
pub(super) fn segments(path: &str) -> Option<Vec<Cow<'_, [u8]>>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Some(Vec::new());
    }
    // The usual path has nothing to decode, and few segments.
    let plain = !path.as_bytes().contains(&b'%');
    let mut segments = Vec::with_capacity(8);
    for segment in path.as_bytes().split(|byte| *byte == b'/') {
        segments.push(if plain {
            Cow::Borrowed(segment)
        } else {
            decoded(segment, false)?
        });
    }
    Some(segments)
}

/// The parameters of a query, decoded: `+` is a space, as forms have it. `None` where they are not UTF-8 or a percent sign is not followed by two
/// digits.
pub(super) fn query(query: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((
            text(decoded(name.as_bytes(), true)?)?,
            text(decoded(value.as_bytes(), true)?)?,
        ))
    });
    pairs.collect()
}

/// UTF-8.
fn text(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

fn decoded(bytes: &[u8], form: bool) -> Option<Cow<'_, [u8]>> {
    if !bytes
        .iter()
        .any(|byte| *byte == b'%' || (form && *byte == b'+'))
    {
        return Some(Cow::Borrowed(bytes));
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        decoded.push(match byte {
            b'%' => {
                let (&[high, low], after) = rest.split_first_chunk()?;
                rest = after;
                let digit = |byte: u8| {
                    char::from(byte)
                        .to_digit(16)
                        .and_then(|digit| u8::try_from(digit).ok())
                };
                digit(high)? << 4 | digit(low)?
            }
            b'+' if form => b' ',
            byte => byte,
        });
    }
    Some(Cow::Owned(decoded))
}

/// The texts of a route's labels, by the index of their member; the index of the first that is not UTF-8.
pub(super) fn labels<'p>(
    route: &Route,
    path: &[Cow<'p, [u8]>],
) -> Result<Vec<(usize, Cow<'p, str>)>, usize> {
    let mut labels = Vec::with_capacity(route.path.len());
    let mut path = path;
    for (depth, segment) in route.path.iter().enumerate() {
        let taken = match segment {
            Segment::Greedy(_) => spans(&route.path[depth..], path).unwrap_or(path.len()),
            Segment::Literal(_) | Segment::Label(_) => path.len().min(1),
        };
        let (own, rest) = path.split_at(taken);
        path = rest;
        match *segment {
            Segment::Literal(_) => {}
            Segment::Label(index) => {
                let label = own.first().and_then(|bytes| text(bytes.clone()));
                labels.push((index, label.ok_or(index)?));
            }
            Segment::Greedy(index) => {
                let label = text(Cow::Owned(own.join(&b'/')));
                labels.push((index, label.ok_or(index)?));
            }
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
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

    fn check(method: &str, target: &str, expected: Result<(&str, &[&str]), &[&str]>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (path, query) = (
            segments(path).expect(target),
            self::query(query).expect(target),
        );
        let tree = tree();
        let found = tree.find(method, &path, &query);
        let found = found.map(|found| {
            let texts = match labels(found.route, &path) {
                Ok(labels) => labels
                    .into_iter()
                    .map(|(_, text)| text.into_owned())
                    .collect(),
                Err(_) => vec!["?".to_owned()],
            };
            (found.route.operation, texts)
        });
        match (expected, found) {
            (Ok((name, labels)), Some((found, texts))) => {
                assert_eq!(
                    (name, labels),
                    (
                        found,
                        texts
                            .iter()
                            .map(String::as_str)
                            .collect::<Vec<_>>()
                            .as_slice()
                    ),
                    "{target}"
                );
            }
            (Err(methods), None) => assert_eq!(tree.methods(&path, &query), methods, "{target}"),
            (expected, found) => panic!("{method} {target}: {expected:?}, {found:?}"),
        }
    }

    #[test]
    fn the_most_specific_route_is_found() {
        check("GET", "/", Ok(("ROOT", &[])));
        check("GET", "", Ok(("ROOT", &[])));
        check("GET", "/things", Ok(("LIST", &[])));
        check("GET", "/things/7", Ok(("THING", &["7"])));
        check("POST", "/things/batch", Ok(("BATCH", &[])));
        check("GET", "/things/batch", Ok(("THING", &["batch"])));
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
        check("GET", "/things/7/files//", Err(&[]));
    }

    #[test]
    fn segments_are_decoded_after_they_are_split() {
        check("GET", "/%74hings/a%2Fb", Ok(("THING", &["a/b"])));
        check("GET", "/things/%E2%82%AC", Ok(("THING", &["\u{20ac}"])));
        check("GET", "/things/%FF", Ok(("THING", &["?"])));
        check("GET", "/things/a+b", Ok(("THING", &["a+b"])));
        for path in ["/things/%", "/things/%4", "/things/%zz"] {
            assert_eq!(segments(path), None, "{path}");
        }
        let parameters = query("a+b=%2B&&c&d=1=2").expect("it is one");
        let parameters = parameters
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect::<Vec<_>>();
        assert_eq!(parameters, [("a b", "+"), ("c", ""), ("d", "1=2")]);
        assert_eq!(query("a=%FF"), None);
    }

    #[test]
    fn other_methods_of_a_resource_are_known() {
        check("PUT", "/things/7", Err(&["DELETE", "GET"]));
        check("PUT", "/things/batch", Err(&["DELETE", "GET", "POST"]));
        check("GET", "/nothing", Err(&[]));
        check("GET", "/things/7/more", Err(&[]));
    }
}
