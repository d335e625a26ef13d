//! Where something is: a file, and a position that the front end of the file supplies.

use std::num::NonZeroU32;
use std::ops::Range;

use super::SourceId;

/// A place in a source, or the source as a whole.
///
/// A front end supplies positions in the form that costs it least: the JSON AST has JSON pointers,
/// which are resolved to bytes only when something is reported, and a parser of text has the bytes.
/// Line and column are always computed from the text, on demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file; `None` for the prelude, and for findings about files that could not be read.
    pub source: Option<SourceId>,
    /// The position in the file.
    pub position: Position,
}

/// A position in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// The file as a whole.
    File,
    /// A JSON pointer (RFC 6901), escaped, into a source that holds JSON.
    Pointer(Box<str>),
    /// Bytes of the text of the source.
    Span(Span),
}

/// The bytes of an item: a name and the value that it is given.
///
/// For a member the value is its target, for a trait the value of the trait, for an entry of an
/// object the value of the key. An item without a value has its name here twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The bytes of the name.
    pub name: TextRange,
    /// The bytes of the value.
    pub value: TextRange,
}

/// A half-open range of bytes in a text of less than 4 GiB. An `Option` of one takes 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextRange {
    start: u32,
    /// One more than the end, so that `Option<TextRange>` needs no extra space.
    end: NonZeroU32,
}

/// Which part of the item at a [`Location`] a diagnostic marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum SpanKind {
    /// The value of the item.
    #[default]
    Value,
    /// The name of the item: in JSON its key. An element of an array has no name; the element
    /// itself is marked.
    Name,
    /// The last occurrence of a key that its JSON object has more than once.
    LastName,
}

impl Location {
    /// No place in any file.
    pub fn none() -> Self {
        Self {
            source: None,
            position: Position::File,
        }
    }

    /// A file as a whole.
    pub fn file(source: SourceId) -> Self {
        Self {
            source: Some(source),
            position: Position::File,
        }
    }

    /// The root of the JSON in a file, or in the prelude.
    pub fn json_root(source: Option<SourceId>) -> Self {
        Self::json(source, [])
    }

    /// A value in the JSON of a file, or of the prelude: the keys and indexes that lead to it.
    pub(crate) fn json<'t>(
        source: Option<SourceId>,
        path: impl IntoIterator<Item = &'t str>,
    ) -> Self {
        let mut pointer = String::new();
        path.into_iter()
            .for_each(|token| push_token(&mut pointer, token));
        Self {
            source,
            position: Position::Pointer(pointer.into()),
        }
    }

    /// Bytes of a file, as name and as value.
    pub fn range(source: SourceId, range: impl Into<TextRange>) -> Self {
        let range = range.into();
        let span = Span {
            name: range,
            value: range,
        };
        Self::span(Some(source), span)
    }

    /// An item of a file.
    pub fn span(source: Option<SourceId>, span: Span) -> Self {
        Self {
            source,
            position: Position::Span(span),
        }
    }

    /// A part of the item: the entry of this key or index in the JSON at a pointer, the value of a
    /// span.
    #[must_use]
    pub fn join(&self, token: &str) -> Self {
        let position = match &self.position {
            Position::File => Position::File,
            Position::Pointer(pointer) => {
                let mut joined = String::with_capacity(pointer.len() + 1 + token.len());
                joined.push_str(pointer);
                push_token(&mut joined, token);
                Position::Pointer(joined.into())
            }
            Position::Span(span) => Position::Span(Span {
                name: span.value,
                value: span.value,
            }),
        };
        Self {
            source: self.source,
            position,
        }
    }

    /// Whether another location is this one or a part of it.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        let is_inside = match (&self.position, &other.position) {
            (Position::Pointer(outer), Position::Pointer(inner)) => {
                let rest = inner.strip_prefix(&**outer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            (Position::Span(outer), Position::Span(inner)) => {
                let (outer_value, inner_value) = (outer.value.bytes(), inner.value.bytes());
                outer == inner
                    || (outer_value.start <= inner_value.start
                        && inner_value.end <= outer_value.end)
            }
            (outer, inner) => outer == inner,
        };
        self.source == other.source && is_inside
    }

    /// The JSON pointer, if the position is one.
    pub fn pointer(&self) -> Option<&str> {
        match &self.position {
            Position::Pointer(pointer) => Some(pointer),
            Position::File | Position::Span(_) => None,
        }
    }
}

impl TextRange {
    /// The bytes as `std` has them.
    pub fn bytes(self) -> Range<usize> {
        self.start as usize..self.end.get() as usize - 1
    }
}

impl From<Range<usize>> for TextRange {
    /// # Panics
    ///
    /// If the range ends before it starts, or lies beyond the first 4 GiB of a text.
    fn from(range: Range<usize>) -> Self {
        assert!(range.start <= range.end, "a range ends after its start");
        let offset = |byte: usize| u32::try_from(byte).expect("a source has less than 4 GiB");
        Self {
            start: offset(range.start),
            end: NonZeroU32::MIN
                .checked_add(offset(range.end))
                .expect("a source has less than 4 GiB"),
        }
    }
}

impl std::fmt::Debug for TextRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.bytes())
    }
}

/// Adds one token to a JSON pointer, escaped.
fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    if token.contains(['~', '/']) {
        pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_range_takes_eight_bytes() {
        assert_eq!(size_of::<Option<TextRange>>(), 8);
        assert_eq!(TextRange::from(0..0).bytes(), 0..0);
        assert_eq!(TextRange::from(3..7).bytes(), 3..7);
    }

    #[test]
    fn tokens_of_a_pointer_are_escaped() {
        let location = Location::json_root(None).join("a~b").join("c/d");
        assert_eq!(location.pointer(), Some("/a~0b/c~1d"));
    }
}
