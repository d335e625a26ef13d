//! Routes requests: a tree over the segments of paths, built once from the table of routes.
//!
//! A look-up follows the path. Literals come before labels and labels before greedy labels, segment
//! by segment (Smithy 2.0, "Specificity routing"), so that its cost grows with the length of the
//! path and not with the number of routes. The path is split on the way, and only as far as routes
//! match; the labels of a match are positions in it.

mod greedy;
mod host;
mod target;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use http::Method;
use percent_encoding::percent_decode;

use self::target::{Path, Query, Spans, decoded};
use super::messages::{RequestHead, RequestRouter, RouteError};
use super::service::{HostPart, Operation, Route, Segment};

pub(crate) use self::target::Matched;

/// The routes of a service.
#[derive(Debug)]
pub(crate) struct Routes {
    /// The first node is the root.
    nodes: Vec<Node>,
}

/// The continuations of a path prefix.
#[derive(Debug, Default)]
struct Node {
    literals: Literals,
    label: Option<usize>,
    /// Routes whose next segment is a greedy label, in order of precedence.
    greedy: Vec<(&'static [Segment], End)>,
    /// Routes that end here, in order of precedence.
    ends: Vec<End>,
}

/// A route, and the position of its operation among those of the service.
#[derive(Clone, Debug)]
struct End {
    route: &'static Route,
    method: Method,
    operation: usize,
    /// The host prefix, if it distinguishes the route from another.
    host: &'static [HostPart],
}

impl End {
    /// The order of routes with the same path.
    fn precedence(&self) -> impl Ord + use<> {
        (
            Reverse(self.route.query.len()),
            Reverse(host::specificity(self.host)),
        )
    }
}

impl Routes {
    /// Builds the tree. `routes` is in order of precedence.
    pub(crate) fn new(operations: &[&'static Operation], routes: &[&'static Route]) -> Self {
        let positions = operations.iter().enumerate();
        let positions = positions.map(|(position, operation)| (operation.name, position));
        let positions = positions.collect::<HashMap<_, _>>();
        let mut ends = Vec::new();
        for route in routes {
            let operation = positions.get(route.operation);
            let method = Method::from_bytes(route.method.as_bytes());
            if let (Some(&operation), Ok(method)) = (operation, method) {
                ends.push(End {
                    route,
                    method,
                    operation,
                    host: operations[operation].traits.host_prefix,
                });
            }
        }
        host::keep_distinguishing(&mut ends);
        let mut tree = Self {
            nodes: vec![Node::default()],
        };
        for end in ends {
            tree.insert(end);
        }
        for Node { greedy, ends, .. } in &mut tree.nodes {
            for same in greedy.chunk_by_mut(|(a, _), (b, _)| host::is_same_path(a, b)) {
                same.sort_by_key(|(_, end)| end.precedence());
            }
            ends.sort_by_key(End::precedence);
        }
        tree
    }

    fn insert(&mut self, end: End) {
        let mut node = 0;
        for (depth, segment) in end.route.path.iter().enumerate() {
            let next = match *segment {
                Segment::Literal(text) => self.nodes[node].literals.get_exact(text.as_bytes()),
                Segment::Label(_) => self.nodes[node].label,
                Segment::Greedy(_) => {
                    let pattern = &end.route.path[depth..];
                    self.nodes[node].greedy.push((pattern, end));
                    return;
                }
            };
            node = next.unwrap_or_else(|| {
                let new = self.nodes.len();
                self.nodes.push(Node::default());
                match *segment {
                    Segment::Literal(text) => {
                        self.nodes[node].literals.insert(text.as_bytes(), new);
                    }
                    _ => self.nodes[node].label = Some(new),
                }
                new
            });
        }
        self.nodes[node].ends.push(end);
    }

    /// Passes the routes that match a path to `take`, from the most specific one, until it returns
    /// true. Then `labels` has the labels of the route that was taken; otherwise they mean nothing.
    fn visit(
        &self,
        mut node: usize,
        path: &Path<'_>,
        mut at: usize,
        labels: &mut Spans,
        take: &mut dyn FnMut(&End) -> bool,
    ) -> bool {
        loop {
            let Node {
                literals,
                label,
                greedy,
                ends,
            } = &self.nodes[node];
            let Some((segment, next)) = path.segment(at) else {
                return ends.iter().any(take);
            };
            let span = (at, at + segment.len());
            let literal = literals.get(segment, path.encoded);
            let label = label.filter(|_| !segment.is_empty() || path.empty_labels);
            // Most nodes have one continuation, to which there is no alternative.
            match (literal, label) {
                (Some(child), None) if greedy.is_empty() => node = child,
                (None, Some(child)) if greedy.is_empty() => {
                    labels.push(span);
                    node = child;
                }
                _ => {
                    let count = labels.count;
                    if let Some(child) = literal {
                        if self.visit(child, path, next, labels, take) {
                            return true;
                        }
                        labels.truncate(count);
                    }
                    if let Some(child) = label {
                        labels.push(span);
                        if self.visit(child, path, next, labels, take) {
                            return true;
                        }
                        labels.truncate(count);
                    }
                    return greedy.iter().any(|(pattern, end)| {
                        let taken = greedy::find(pattern, path, at, labels) && take(end);
                        if !taken {
                            labels.truncate(count);
                        }
                        taken
                    });
                }
            }
            at = next;
        }
    }

    /// The best match for a method, or the other methods of the resource. The labels of the match
    /// are added to `labels`.
    fn find(
        &self,
        method: &Method,
        path: &Path<'_>,
        labels: &mut Spans,
        fits: impl Fn(&End) -> bool,
    ) -> Result<(&'static Route, usize), Vec<&'static str>> {
        let mut found = None;
        let mut methods = Vec::new();
        self.visit(0, path, path.start, labels, &mut |end| {
            if !fits(end) {
                return false;
            }
            if end.method == *method {
                found = Some((end.route, end.operation));
                return true;
            }
            methods.push(end.route.method);
            false
        });
        found.ok_or(methods)
    }
}

impl RequestRouter for Routes {
    fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError> {
        let path = Path::new(head)?;
        let query = Query::new(head.uri.query())?;
        let fits = |end: &End| {
            has_literals(query.as_ref(), end.route)
                && (end.host.is_empty() || host::matches(end.host, head.host()))
        };
        let mut labels = Spans::new();
        let mut methods = match self.find(head.method, &path, &mut labels, fits) {
            Ok((route, operation)) => {
                return Matched::route(operation, route, &path, labels, query);
            }
            Err(methods) => methods,
        };
        path.check_encoding()?;
        if methods.is_empty() {
            return Err(RouteError::NotFound);
        }
        // A slash at the end can also be the start of an empty label, which no route matches.
        let with_empty_label = path.with_empty_label(head);
        for (path, is_match) in [(Some(path), true), (with_empty_label, false)] {
            let Some(path) = path else { continue };
            for method in [head.method, &Method::GET] {
                labels.truncate(0);
                match self.find(method, &path, &mut labels, fits) {
                    Ok((route, operation)) if is_match => {
                        return Matched::route(operation, route, &path, labels, query);
                    }
                    Ok(_) => return Err(RouteError::NotFound),
                    Err(_) if *head.method == Method::HEAD => {}
                    Err(_) => break,
                }
            }
        }
        methods.sort_unstable();
        methods.dedup();
        Err(RouteError::Method(methods))
    }
}

/// Checks that the path of a request is the base path.
pub(crate) fn is_base_path(head: &RequestHead<'_>) -> Result<(), RouteError> {
    let path = Path::new(head)?;
    if path.segment(path.start).is_none() {
        Ok(())
    } else {
        path.check_encoding()?;
        Err(RouteError::NotFound)
    }
}

/// The last segments of a path below the base path, decoded.
pub(crate) fn last_segments<'h, const N: usize>(
    head: &RequestHead<'h>,
) -> Result<[Cow<'h, [u8]>; N], RouteError> {
    let path = Path::new(head)?;
    path.check_encoding()?;
    let mut segments = path.text.get(path.start..).unwrap_or_default();
    let mut last = [(); N].map(|()| Cow::Borrowed(&[][..]));
    for slot in last.iter_mut().rev() {
        let start = segments.iter().rposition(|byte| *byte == b'/');
        let (rest, segment) = match start {
            Some(start) => (&segments[..start], &segments[start + 1..]),
            None => (&[][..], segments),
        };
        *slot = percent_decode(segment).into();
        segments = rest;
    }
    Ok(last)
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

/// The literals of a node and the nodes after them. A linear search is faster for a few, a table
/// for many.
#[derive(Debug)]
enum Literals {
    Few(Vec<(&'static [u8], usize)>),
    Many(HashMap<&'static [u8], usize, BuildHasherDefault<WordHasher>>),
}

impl Default for Literals {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Literals {
    fn insert(&mut self, literal: &'static [u8], node: usize) {
        const FEW: usize = 8;
        match self {
            Self::Few(few) if few.len() < FEW => few.push((literal, node)),
            Self::Few(few) => {
                let few = std::mem::take(few).into_iter();
                *self = Self::Many(few.chain([(literal, node)]).collect());
            }
            Self::Many(many) => drop(many.insert(literal, node)),
        }
    }

    fn get_exact(&self, text: &[u8]) -> Option<usize> {
        match self {
            Self::Few(few) => {
                let mut few = few.iter();
                few.find_map(|(literal, node)| (*literal == text).then_some(*node))
            }
            Self::Many(many) => many.get(text).copied(),
        }
    }

    /// The node after a segment of a path that may be percent-encoded.
    #[inline]
    fn get(&self, segment: &[u8], encoded: bool) -> Option<usize> {
        match self {
            // Most nodes before a label.
            Self::Few(few) if few.is_empty() => None,
            _ if encoded => self.get_exact(&decoded(segment)),
            _ => self.get_exact(segment),
        }
    }
}

/// A fast hash. The keys of a table are those of the model: callers can choose what is looked up
/// but add nothing to it.
#[derive(Default)]
struct WordHasher(u64);

impl WordHasher {
    /// Adds eight bytes: a multiplication by the golden ratio.
    fn add(&mut self, word: [u8; 8]) {
        self.0 = (self.0 ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

impl Hasher for WordHasher {
    /// Lengths do not matter: a key is compared as a whole.
    fn write_usize(&mut self, _: usize) {}

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(*word);
        }
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.add(word);
        }
    }

    /// A table uses the highest and the lowest bits.
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}
