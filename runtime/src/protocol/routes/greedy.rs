//! Greedy labels.
//!
//! At the end of a pattern, a greedy label is the rest of the path with all its slashes, so that
//! `a//b/` is one. Smithy 2.0 ("Greedy labels") lists a path whose label lacks the slash at the
//! end; but then a value with that slash could not be sent, such as a key of Amazon S3. In front
//! of other parts, a greedy label has more than slashes.

use super::target::{Path, Spans};
use crate::protocol::service::Segment;

/// Matches a pattern that starts with a greedy label with the rest of a path, and adds its labels.
///
/// The first greedy label takes as many segments as possible, then the second, and so on. The match
/// is found from the end, where every greedy label but the first takes as few segments as possible:
/// the time is proportional to the length of the path, however many greedy labels there are.
pub(super) fn find(pattern: &[Segment], path: &Path<'_>, at: usize, labels: &mut Spans) -> bool {
    let path_end = path.end();
    if let [_] = pattern {
        let found = path.empty_labels || at < path_end;
        if found {
            labels.push((at, path_end));
        }
        return found;
    }
    let segments = Segments::new(path, at);
    let Some(places) = segments.places(pattern) else {
        return false;
    };
    for (index, (segment, (first, end))) in pattern.iter().zip(places).enumerate() {
        let (start, _) = segments.spans[first];
        let (_, end) = segments.spans[end - 1];
        match segment {
            Segment::Literal(_) => {}
            Segment::Greedy(_) if index + 1 == pattern.len() => labels.push((start, path_end)),
            Segment::Label(_) | Segment::Greedy(_) => labels.push((start, end)),
        }
    }
    true
}

struct Segments<'p> {
    path: &'p Path<'p>,
    /// The positions of each segment in the path.
    spans: Vec<(usize, usize)>,
}

impl<'p> Segments<'p> {
    fn new(path: &'p Path<'p>, mut at: usize) -> Self {
        let mut spans = Vec::new();
        while let Some((segment, next)) = path.segment(at) {
            spans.push((at, at + segment.len()));
            at = next;
        }
        Self { path, spans }
    }

    fn is_label(&self, (start, end): (usize, usize)) -> bool {
        start < end || self.path.empty_labels
    }

    /// The segments that each part of a pattern takes: the first one and the one after the last. No
    /// part takes none.
    fn places(&self, pattern: &[Segment]) -> Option<Vec<(usize, usize)>> {
        let mut places = vec![(0, 0); pattern.len()];
        // What comes before these positions is not matched yet.
        let (mut segment, mut part) = (self.spans.len(), pattern.len());
        loop {
            let is_greedy = |part: &Segment| matches!(part, Segment::Greedy(_));
            let greedy = pattern[..part].iter().rposition(is_greedy)?;
            let between = &pattern[greedy + 1..part];
            // The end of what is between two greedy labels, or between the last one and the end of
            // the path.
            let ends = match pattern.get(part) {
                // An empty segment at the end is followed by the slash of the path.
                Some(_) if part + 1 == pattern.len() => between.len()..=segment.checked_sub(1)?,
                Some(_) => between.len()..=self.last_label(segment)?,
                None => segment..=segment,
            };
            let end = ends.rev().find(|end| self.ends_at(*end, between))?;
            if let Some(place) = places.get_mut(part) {
                *place = (end, segment);
            }
            segment = end - between.len();
            for (offset, place) in places[greedy + 1..part].iter_mut().enumerate() {
                *place = (segment + offset, segment + offset + 1);
            }
            if greedy == 0 {
                self.last_label(segment)?;
                places[0] = (0, segment);
                return Some(places);
            }
            part = greedy;
        }
    }

    /// The last segment before a position that makes a label non-empty.
    fn last_label(&self, end: usize) -> Option<usize> {
        self.spans[..end]
            .iter()
            .rposition(|span| self.is_label(*span))
    }

    /// Whether parts without greedy labels match the segments before a position.
    fn ends_at(&self, end: usize, parts: &[Segment]) -> bool {
        let Some(start) = end.checked_sub(parts.len()) else {
            return false;
        };
        let segments = self.spans[start..end].iter();
        segments.zip(parts).all(|(span, part)| match part {
            Segment::Literal(literal) => self
                .path
                .is_literal(&self.path.text[span.0..span.1], literal),
            Segment::Label(_) | Segment::Greedy(_) => self.is_label(*span),
        })
    }
}
