//! The target of a request: its path below the base path, and its query.

use std::borrow::Cow;

use http::Uri;
use percent_encoding::{percent_decode, percent_decode_str};

use crate::protocol::messages::{RequestHead, RouteError};
use crate::protocol::service::{Route, Segment};

/// The operation of a request, with the positions of the labels in the path and the decoded query.
#[derive(Debug)]
pub struct Matched {
    /// The position of the operation among those of the service.
    pub(crate) operation: usize,
    /// The pattern that the path matches.
    pattern: &'static [Segment],
    /// The positions of the labels in the path of the request, in the order of the pattern.
    labels: Spans,
    /// The names and values of the query, in order.
    query: Vec<(Piece, Piece)>,
    /// The URI that was matched, if it is not that of the request.
    #[cfg(feature = "customizations")]
    pub(crate) uri: Option<Box<Uri>>,
}

impl Matched {
    /// A match without labels or parameters.
    pub(crate) fn operation(operation: usize) -> Self {
        Self {
            operation,
            pattern: &[],
            labels: Spans::new(),
            query: Vec::new(),
            #[cfg(feature = "customizations")]
            uri: None,
        }
    }

    /// A match of a route. Fails if a label is not percent-encoded.
    pub(super) fn route(
        operation: usize,
        route: &Route,
        path: &Path<'_>,
        labels: Spans,
        query: Option<Query<'_>>,
    ) -> Result<Self, RouteError> {
        for label in labels.iter() {
            path.check_encoding_of(label)?;
        }
        Ok(Self {
            operation,
            pattern: route.path,
            labels,
            query: query.map_or(Vec::new(), |query| query.pieces),
            #[cfg(feature = "customizations")]
            uri: None,
        })
    }

    /// The decoded labels by the index of their member; `None` if one is not UTF-8.
    pub(crate) fn labels<'r>(&'r self, uri: &'r Uri) -> Vec<(usize, Option<Cow<'r, str>>)> {
        #[cfg(feature = "customizations")]
        let uri = self.uri.as_deref().unwrap_or(uri);
        let members = self.pattern.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Label(index) | Segment::Greedy(index) => Some(*index),
        });
        let texts = self.labels.iter().map(|(start, end)| {
            let text = uri.path().get(start..end).unwrap_or_default();
            percent_decode_str(text).decode_utf8().ok()
        });
        members.zip(texts).collect()
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

/// Parts of a path: the positions of the first byte and of the byte after the last. A few are
/// stored without an allocation. A position fits: [`Uri`] is shorter than 64 KiB.
#[derive(Debug)]
pub(super) struct Spans {
    inline: [(u16, u16); Self::INLINE],
    /// All parts, once there are more than fit inline.
    all: Vec<(u16, u16)>,
    pub(super) count: usize,
}

impl Spans {
    const INLINE: usize = 4;

    pub(super) const fn new() -> Self {
        Self {
            inline: [(0, 0); Self::INLINE],
            all: Vec::new(),
            count: 0,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, (start, end): (usize, usize)) {
        let position = |at| u16::try_from(at).unwrap_or(u16::MAX);
        let span = (position(start), position(end));
        if let Some(place) = self.inline.get_mut(self.count) {
            *place = span;
        } else {
            if self.count == Self::INLINE {
                self.all = self.inline.to_vec();
            }
            self.all.push(span);
        }
        self.count += 1;
    }

    #[inline]
    pub(super) fn truncate(&mut self, count: usize) {
        if self.count > Self::INLINE {
            self.all.truncate(count);
            if count <= Self::INLINE {
                self.inline[..count].copy_from_slice(&self.all);
            }
        }
        self.count = count;
    }

    fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        let spans = if self.count > Self::INLINE {
            &self.all[..]
        } else {
            &self.inline[..self.count]
        };
        spans
            .iter()
            .map(|(start, end)| (usize::from(*start), usize::from(*end)))
    }
}

/// The path of a request. A slash at its end has no meaning (Smithy 2.0, "Literal character
/// sequences"), except for a greedy label there, of which it is a part.
///
/// Segments are split off one by one, and decoded only to be compared with a literal.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    /// The path up to the end of its last segment.
    pub(super) text: &'p [u8],
    /// Whether a slash follows.
    slash: bool,
    /// The position of the first segment below the base path.
    pub(super) start: usize,
    /// Whether the path has percent signs.
    pub(super) encoded: bool,
    /// Whether labels may be empty.
    pub(super) empty_labels: bool,
}

impl<'p> Path<'p> {
    /// The path of a request below the base path, which must be a prefix of every path.
    pub(super) fn new(head: &RequestHead<'p>) -> Result<Self, RouteError> {
        let whole = head.uri.path().as_bytes();
        let text = whole.strip_suffix(b"/");
        let mut path = Self {
            text: text.unwrap_or(whole),
            slash: text.is_some(),
            start: usize::from(whole.starts_with(b"/")),
            encoded: contains(b'%', whole),
            empty_labels: false,
        };
        // The path `/` has no segment.
        if path.text.len() <= path.start {
            path.start = path.text.len() + 1;
        }
        for base in head.base {
            path.start = path
                .skip(base)
                .ok_or(RouteError::NotFound)
                .or_else(|error| {
                    path.check_encoding()?;
                    Err(error)
                })?;
        }
        Ok(path)
    }

    /// The position after a literal at the start.
    #[inline]
    fn skip(&self, literal: &str) -> Option<usize> {
        if self.encoded {
            let (segment, next) = self.segment(self.start)?;
            return self.is_literal(segment, literal).then_some(next);
        }
        let rest = self
            .text
            .get(self.start..)?
            .strip_prefix(literal.as_bytes())?;
        matches!(rest, [] | [b'/', ..]).then_some(self.start + literal.len() + 1)
    }

    /// The segment at a position, and the position of the next one; `None` at the end of the path.
    #[inline]
    pub(super) fn segment(&self, at: usize) -> Option<(&'p [u8], usize)> {
        let rest = self.text.get(at..)?;
        let length = position(b'/', rest);
        let segment = &rest[..length.unwrap_or(rest.len())];
        // The separator is one byte, and so is the distance to the position after the end.
        Some((segment, at + segment.len() + 1))
    }

    /// The position of the end, after the slash if there is one.
    pub(super) fn end(&self) -> usize {
        self.text.len() + usize::from(self.slash)
    }

    /// The same path with an empty segment in place of a slash at its end.
    pub(super) fn with_empty_label(&self, head: &RequestHead<'p>) -> Option<Self> {
        let whole = head.uri.path().as_bytes();
        (whole.len() > self.text.len()).then_some(Self {
            text: whole,
            slash: false,
            empty_labels: true,
            ..*self
        })
    }

    /// Whether a segment is a literal.
    #[inline]
    pub(super) fn is_literal(&self, segment: &[u8], literal: &str) -> bool {
        if self.encoded {
            return *decoded(segment) == *literal.as_bytes();
        }
        segment == literal.as_bytes()
    }

    /// Checks that each percent sign is followed by two hexadecimal digits (RFC 3986 section 2.1).
    pub(super) fn check_encoding(&self) -> Result<(), RouteError> {
        self.check_encoding_of((0, self.text.len()))
    }

    /// The same for a part of the path.
    fn check_encoding_of(&self, (start, end): (usize, usize)) -> Result<(), RouteError> {
        // The slash at the end is not in the text.
        let text = self.text.get(start..end.min(self.text.len()));
        if !self.encoded || is_percent_encoded(text.unwrap_or_default()) {
            Ok(())
        } else {
            Err(RouteError::Uri(
                "the path has a percent sign without two hexadecimal digits",
            ))
        }
    }
}

/// The position of the first such byte. For texts as short as the segments of a path, this takes
/// half the instructions of a loop or of memchr: it compares eight bytes at once.
#[inline]
pub(super) fn position(byte: u8, text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = matches(byte, *word);
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    let found = rest.iter().position(|other| *other == byte)?;
    Some(8 * words.len() + found)
}

/// Whether there is such a byte.
#[inline]
pub(super) fn contains(byte: u8, text: &[u8]) -> bool {
    // The last eight bytes overlap with the others.
    let Some(last) = text.last_chunk::<8>() else {
        return text.contains(&byte);
    };
    let (words, _) = text.as_chunks::<8>();
    let found = words.iter().map(|word| matches(byte, *word));
    found.fold(matches(byte, *last), |all, found| all | found) != 0
}

/// A number whose lowest bit is in the first such byte, or 0.
#[inline]
fn matches(byte: u8, word: [u8; 8]) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // The lowest zero byte is the first to borrow.
    let differing = u64::from_le_bytes(word) ^ (u64::from(byte) * LOW);
    differing.wrapping_sub(LOW) & !differing & HIGH
}

/// A segment without percent-encoding.
pub(super) fn decoded(segment: &[u8]) -> Cow<'_, [u8]> {
    percent_decode(segment).into()
}

fn is_percent_encoded(text: &[u8]) -> bool {
    let mut pieces = text.split(|byte| *byte == b'%');
    pieces.next();
    pieces.all(|piece| {
        matches!(piece, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

/// A decoded piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A part of the request that needed no decoding: the positions of its first byte and of the
    /// byte after its last.
    Range(usize, usize),
    /// A text that was decoded.
    Decoded(String),
}

impl Piece {
    /// Decodes a part of a query; `None` if it is not percent-encoded UTF-8.
    fn new(query: &str, start: usize, end: usize) -> Option<Self> {
        let text = query.get(start..end)?;
        if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
            return Some(Self::Range(start, end));
        }
        if !is_percent_encoded(text.as_bytes()) {
            return None;
        }
        let text = text.replace('+', " ");
        let decoded = percent_decode_str(&text).decode_utf8().ok()?;
        Some(Self::Decoded(decoded.into_owned()))
    }

    fn text<'r>(&'r self, source: &'r str) -> Cow<'r, str> {
        match self {
            Self::Range(start, end) => Cow::Borrowed(source.get(*start..*end).unwrap_or_default()),
            Self::Decoded(text) => Cow::Borrowed(text),
        }
    }
}

/// The names and values of a query, decoded: `+` is a space, as in forms.
pub(super) struct Query<'q> {
    text: &'q str,
    pieces: Vec<(Piece, Piece)>,
}

impl<'q> Query<'q> {
    #[inline]
    pub(super) fn new(text: Option<&'q str>) -> Result<Option<Self>, RouteError> {
        match text {
            None | Some("") => Ok(None),
            Some(text) => Self::decode(text).map(Some),
        }
    }

    fn decode(text: &'q str) -> Result<Self, RouteError> {
        const INVALID: RouteError = RouteError::Uri("the query is not percent-encoded UTF-8");
        let mut pieces = Vec::new();
        let mut start = 0;
        for pair in text.split('&') {
            let end = start + pair.len();
            if !pair.is_empty() {
                let middle = pair.find('=').map_or(end, |at| start + at);
                let value = (middle + 1).min(end);
                let name = Piece::new(text, start, middle).ok_or(INVALID)?;
                let value = Piece::new(text, value, end).ok_or(INVALID)?;
                pieces.push((name, value));
            }
            start = end + 1;
        }
        Ok(Self { text, pieces })
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let pieces = self.pieces.iter();
        pieces.map(|(name, value)| (name.text(self.text), value.text(self.text)))
    }
}
