//! Routes requests: a tree over the segments of paths, built once from the table of routes.
//!
//! A look-up follows the path. Literals come before labels and labels before greedy labels, segment
//! by segment (Smithy 2.0, "Specificity routing"), so that its cost grows with the length of the
//! path and not with the number of routes. The path and the query are split and decoded once; the
//! labels and parameters of a match refer to the request if they needed no decoding.

use std::borrow::Cow;

use http::{Method, Uri};
use percent_encoding::percent_decode;

use super::messages::{RequestHead, RequestRouter, RouteError};
use super::service::{Operation, Route, Segment};

/// The routes of a service.
#[derive(Debug)]
pub(crate) struct Routes {
    /// The first node is the root.
    nodes: Vec<Node>,
}

/// The continuations of a path prefix.
#[derive(Debug, Default)]
struct Node {
    /// Sorted by text.
    literals: Vec<(&'static str, usize)>,
    label: Option<usize>,
    /// Routes whose next segment is a greedy label, in order of precedence.
    greedy: Vec<(&'static [Segment], End)>,
    /// Routes that end here, in order of precedence.
    ends: Vec<End>,
}

/// A route, and the position of its operation among those of the service.
#[derive(Clone, Copy, Debug)]
struct End {
    route: &'static Route,
    operation: usize,
}

/// The operation of a request, with the decoded parts of the path and the query.
#[derive(Debug)]
pub struct Matched {
    /// The position of the operation among those of the service.
    pub(crate) operation: usize,
    /// The labels of the path by the index of their member; `None` if one is not UTF-8.
    labels: Vec<(usize, Option<Piece>)>,
    /// The names and values of the query, in order.
    query: Vec<(Piece, Piece)>,
}

impl Matched {
    /// A match without labels or parameters.
    pub(crate) fn operation(operation: usize) -> Self {
        Self {
            operation,
            labels: Vec::new(),
            query: Vec::new(),
        }
    }

    /// The texts of the labels, by the index of their member.
    pub(crate) fn labels<'r>(&'r self, uri: &'r Uri) -> Vec<(usize, Option<Cow<'r, str>>)> {
        let text = |(index, piece): &'r (usize, Option<Piece>)| {
            let piece = piece.as_ref();
            (*index, piece.map(|piece| piece.text(uri.path())))
        };
        self.labels.iter().map(text).collect()
    }

    /// The names and values of the query.
    pub(crate) fn query<'r>(&'r self, uri: &'r Uri) -> Vec<(Cow<'r, str>, Cow<'r, str>)> {
        let source = uri.query().unwrap_or_default();
        let pairs = self.query.iter();
        pairs
            .map(|(name, value)| (name.text(source), value.text(source)))
            .collect()
    }
}

/// A decoded piece of a path or query.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A part of the request that needed no decoding: the positions of its first byte and of the
    /// byte after its last.
    Range(usize, usize),
    /// A text that was decoded.
    Decoded(String),
}

impl Piece {
    fn text<'r>(&'r self, source: &'r str) -> Cow<'r, str> {
        match self {
            Self::Range(start, end) => Cow::Borrowed(source.get(*start..*end).unwrap_or_default()),
            Self::Decoded(text) => Cow::Borrowed(text),
        }
    }
}

impl Routes {
    /// Builds the tree. `routes` is in order of precedence.
    pub(crate) fn new(operations: &[&'static Operation], routes: &[&'static Route]) -> Self {
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

    /// The best match for a method.
    fn find(&self, method: &str, path: &[&[u8]], query: Option<&Query<'_>>) -> Option<End> {
        let mut found = None;
        self.visit(0, path, &mut |end| {
            let fits = end.route.method == method && has_literals(query, end.route);
            if fits {
                found = Some(end);
            }
            fits
        });
        found
    }

    /// The methods of the resource at a path, sorted; empty if the path has no resource.
    fn methods(&self, path: &[&[u8]], query: Option<&Query<'_>>) -> Vec<&'static str> {
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

    /// Passes the routes that match a path to `take`, from the most specific one, until it returns
    /// true.
    fn visit(&self, node: usize, path: &[&[u8]], take: &mut impl FnMut(End) -> bool) -> bool {
        let node = &self.nodes[node];
        let Some((segment, rest)) = path.split_first() else {
            return node.ends.iter().any(|end| take(*end));
        };
        if let Some(next) = literal(&node.literals, segment)
            && self.visit(next, rest, take)
        {
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

/// The node after a literal. A linear search is faster for a few literals, a binary search for
/// many.
fn literal(literals: &[(&'static str, usize)], segment: &[u8]) -> Option<usize> {
    const FEW: usize = 8;
    if literals.len() <= FEW {
        return literals
            .iter()
            .find(|(literal, _)| literal.as_bytes() == segment)
            .map(|(_, next)| *next);
    }
    literals
        .binary_search_by(|(literal, _)| literal.as_bytes().cmp(segment))
        .ok()
        .map(|at| literals[at].1)
}

impl RequestRouter for Routes {
    fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError> {
        let mut buffer = Vec::new();
        let path = Path::new(head, &mut buffer)?;
        let query = Query::new(head.uri.query())?;
        let segments = path.segments();
        let known = query.as_ref();
        let mut found = self.find(head.method.as_str(), segments, known);
        if found.is_none() && *head.method == Method::HEAD {
            found = self.find("GET", segments, known);
        }
        let Some(End { route, operation }) = found else {
            let methods = self.methods(segments, known);
            return Err(if methods.is_empty() {
                RouteError::NotFound
            } else {
                RouteError::Method(methods)
            });
        };
        Ok(Matched {
            operation,
            labels: path.labels(route),
            query: query.map_or(Vec::new(), |query| query.pieces),
        })
    }
}

/// Checks that the path of a request is the base path.
pub(crate) fn is_base_path(head: &RequestHead<'_>) -> Result<(), RouteError> {
    let mut buffer = Vec::new();
    let path = Path::new(head, &mut buffer)?;
    if path.segments().is_empty() {
        Ok(())
    } else {
        Err(RouteError::NotFound)
    }
}

/// Whether the query has the literals of a route (Smithy 2.0, "Query string literals").
fn has_literals(query: Option<&Query<'_>>, route: &Route) -> bool {
    route.query.iter().all(|(name, value)| {
        query.is_some_and(|query| {
            query
                .pairs()
                .any(|(other, text)| other == *name && (value.is_empty() || text == *value))
        })
    })
}

/// Whether a pattern that starts with a greedy label matches the rest of a path.
fn tail(pattern: &[Segment], path: &[&[u8]]) -> bool {
    spans(pattern, path).is_some()
}

/// The number of segments that the leading greedy label matches: as many as leave a match for the
/// rest of the pattern.
fn spans(pattern: &[Segment], path: &[&[u8]]) -> Option<usize> {
    let (_, rest) = pattern.split_first()?;
    // A greedy label must not be empty, however many segments it has.
    let least = path.iter().position(|segment| !segment.is_empty())? + 1;
    let most = path.len().checked_sub(rest.len())?;
    (least..=most)
        .rev()
        .find(|taken| fits(rest, &path[*taken..]))
}

fn fits(pattern: &[Segment], path: &[&[u8]]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Segment::Literal(text), pattern)), Some((segment, path))) => {
            text.as_bytes() == *segment && fits(pattern, path)
        }
        (Some((Segment::Label(_), pattern)), Some((segment, path))) => {
            !segment.is_empty() && fits(pattern, path)
        }
        (Some((Segment::Greedy(_), _)), Some(_)) => tail(pattern, path),
        _ => false,
    }
}

/// How many segments of a path are stored without an allocation.
const INLINE: usize = 16;

/// The segments of a path below the base path, decoded. A trailing slash has no meaning (Smithy
/// 2.0, "Literal character sequences").
struct Path<'p> {
    /// The position of the first segment below the base path.
    start: usize,
    /// Whether the path needed no decoding, so that the segments are parts of `text`.
    plain: bool,
    inline: [&'p [u8]; INLINE],
    /// All segments, if there are more than fit inline.
    all: Vec<&'p [u8]>,
    /// The number of segments, including those of the base path.
    count: usize,
    base: usize,
}

impl<'p> Path<'p> {
    /// Splits the path of a request. Decoded segments are stored in `buffer`.
    fn new(head: &RequestHead<'p>, buffer: &'p mut Vec<u8>) -> Result<Self, RouteError> {
        let text = head.uri.path();
        let inner = text.strip_prefix('/').unwrap_or(text);
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let mut path = Self {
            start: text.len() - text.strip_prefix('/').unwrap_or(text).len(),
            plain: !inner.as_bytes().contains(&b'%'),
            inline: [&[]; INLINE],
            all: Vec::new(),
            count: 0,
            base: 0,
        };
        if !inner.is_empty() {
            if path.plain {
                for segment in inner.as_bytes().split(|byte| *byte == b'/') {
                    path.push(segment);
                }
            } else {
                path.decode(inner, buffer)?;
            }
        }
        path.skip_base(head.base)?;
        Ok(path)
    }

    /// Decodes the segments. The result can contain slashes.
    fn decode(&mut self, inner: &str, buffer: &'p mut Vec<u8>) -> Result<(), RouteError> {
        const INVALID: RouteError =
            RouteError::Uri("the path has a percent sign without two hexadecimal digits");
        let mut ends = Vec::new();
        for segment in inner.split('/') {
            if !is_percent_encoded(segment) {
                return Err(INVALID);
            }
            buffer.extend(percent_decode(segment.as_bytes()));
            ends.push(buffer.len());
        }
        let mut rest: &'p [u8] = buffer;
        let mut start = 0;
        for end in ends {
            let (segment, after) = rest.split_at(end - start);
            self.push(segment);
            (rest, start) = (after, end);
        }
        Ok(())
    }

    #[inline]
    fn push(&mut self, segment: &'p [u8]) {
        if let Some(place) = self.inline.get_mut(self.count) {
            *place = segment;
        } else {
            if self.all.is_empty() {
                self.all.extend_from_slice(&self.inline);
            }
            self.all.push(segment);
        }
        self.count += 1;
    }

    /// Skips the base path, which must be a prefix of every path.
    fn skip_base(&mut self, base: &[Box<str>]) -> Result<(), RouteError> {
        let segments = self.all_segments();
        let same = segments.len() >= base.len()
            && segments
                .iter()
                .zip(base)
                .all(|(segment, base)| *segment == base.as_bytes());
        if !same {
            return Err(RouteError::NotFound);
        }
        self.start += base.iter().map(|segment| segment.len() + 1).sum::<usize>();
        self.base = base.len();
        Ok(())
    }

    fn all_segments(&self) -> &[&'p [u8]] {
        if self.all.is_empty() {
            &self.inline[..self.count]
        } else {
            &self.all
        }
    }

    /// The segments below the base path.
    fn segments(&self) -> &[&'p [u8]] {
        &self.all_segments()[self.base..]
    }

    /// The labels of a route that matches the path.
    fn labels(&self, route: &Route) -> Vec<(usize, Option<Piece>)> {
        let mut labels = Vec::new();
        let mut path = self.segments();
        let mut start = self.start;
        for (depth, segment) in route.path.iter().enumerate() {
            let taken = match segment {
                Segment::Greedy(_) => spans(&route.path[depth..], path).unwrap_or(path.len()),
                Segment::Literal(_) | Segment::Label(_) => path.len().min(1),
            };
            let (own, rest) = path.split_at(taken);
            path = rest;
            let length = own.iter().map(|segment| segment.len()).sum::<usize>();
            let end = start + length + own.len().saturating_sub(1);
            match *segment {
                Segment::Literal(_) => {}
                Segment::Label(index) | Segment::Greedy(index) => {
                    let piece = if self.plain {
                        Some(Piece::Range(start, end))
                    } else {
                        String::from_utf8(own.join(&b'/')).ok().map(Piece::Decoded)
                    };
                    labels.push((index, piece));
                }
            }
            start = end + 1;
        }
        labels
    }
}

/// Whether each percent sign is followed by two hexadecimal digits (RFC 3986 section 2.1).
fn is_percent_encoded(text: &str) -> bool {
    let mut pieces = text.as_bytes().split(|byte| *byte == b'%');
    pieces.next();
    pieces.all(|piece| {
        matches!(piece, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

/// The names and values of a query, decoded: `+` is a space, as in forms.
struct Query<'q> {
    text: &'q str,
    pieces: Vec<(Piece, Piece)>,
}

impl<'q> Query<'q> {
    fn new(text: Option<&'q str>) -> Result<Option<Self>, RouteError> {
        const INVALID: RouteError = RouteError::Uri("the query is not percent-encoded UTF-8");
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let mut pieces = Vec::new();
        let mut start = 0;
        for pair in text.split('&') {
            let end = start + pair.len();
            if !pair.is_empty() {
                let middle = pair.find('=').map_or(end, |at| start + at);
                let value = (middle + 1).min(end);
                let name = piece(text, start, middle).ok_or(INVALID)?;
                let value = piece(text, value, end).ok_or(INVALID)?;
                pieces.push((name, value));
            }
            start = end + 1;
        }
        Ok(Some(Self { text, pieces }))
    }

    fn pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let pieces = self.pieces.iter();
        pieces.map(|(name, value)| (name.text(self.text), value.text(self.text)))
    }
}

/// Decodes a part of a query; `None` if it is not percent-encoded UTF-8.
fn piece(query: &str, start: usize, end: usize) -> Option<Piece> {
    let text = query.get(start..end)?;
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Piece::Range(start, end));
    }
    if !is_percent_encoded(text) {
        return None;
    }
    let text = text.replace('+', " ");
    let decoded = percent_decode(text.as_bytes()).decode_utf8().ok()?;
    Some(Piece::Decoded(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

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
}
