//! Routes that differ by the prefix of their host (Smithy 2.0, "endpoint trait").
//!
//! Clients of a server under its own name, such as `localhost`, send no prefix. The host is
//! therefore compared only where the method and the path do not tell operations apart.

use super::End;
use crate::protocol::service::{HostPart, Segment};

/// Removes the host prefixes that do not distinguish a route from another.
pub(super) fn keep_distinguishing(ends: &mut [End]) {
    let distinguishes = |end: &End| {
        let path = end.route.path;
        !end.host.is_empty()
            && ends.iter().any(|other| {
                other.host != end.host
                    && other.method == end.method
                    && (is_same_path(other.route.path, path)
                        || (!other.host.is_empty() && overlap(other.route.path, path)))
            })
    };
    let distinguish = ends.iter().map(distinguishes).collect::<Vec<_>>();
    for (end, distinguishes) in ends.iter_mut().zip(distinguish) {
        if !distinguishes {
            end.host = &[];
        }
    }
}

/// Whether two patterns match the same paths.
pub(super) fn is_same_path(a: &[Segment], b: &[Segment]) -> bool {
    let same = |(a, b): (&Segment, &Segment)| match (a, b) {
        (Segment::Literal(a), Segment::Literal(b)) => a == b,
        (Segment::Label(_), Segment::Label(_)) | (Segment::Greedy(_), Segment::Greedy(_)) => true,
        _ => false,
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// Whether a path can match both patterns. Two greedy labels are not looked behind.
fn overlap(a: &[Segment], b: &[Segment]) -> bool {
    match (a.split_first(), b.split_first()) {
        (None, None)
        | (Some((Segment::Greedy(_), _)), Some(_))
        | (Some(_), Some((Segment::Greedy(_), _))) => true,
        (Some((Segment::Literal(a), _)), Some((Segment::Literal(b), _))) if a != b => false,
        (Some((_, a)), Some((_, b))) => overlap(a, b),
        _ => false,
    }
}

/// How much of a host a prefix determines.
pub(super) fn specificity(prefix: &[HostPart]) -> usize {
    let lengths = prefix.iter().map(|part| match part {
        HostPart::Literal(text) => text.len(),
        HostPart::Label(_) => 0,
    });
    lengths.sum()
}

/// Whether a host starts with a prefix. A label is a part of a name between dots.
pub(super) fn matches(prefix: &[HostPart], host: &str) -> bool {
    match prefix.split_first() {
        None => true,
        Some((HostPart::Literal(text), rest)) => {
            host.get(..text.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(text))
                && matches(rest, &host[text.len()..])
        }
        Some((HostPart::Label(_), rest)) => {
            let label = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let length = host.bytes().take_while(|byte| label(*byte)).count();
            (1..=length)
                .rev()
                .any(|length| matches(rest, &host[length..]))
        }
    }
}
