//! From a location to bytes of a text, and from bytes to line and column.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::json::{Level, tokens};
use super::{Location, Position, SourceId, Sources, SpanKind};

/// Finds locations in sources. It keeps what it has read of a source, so that many diagnostics in a
/// large file cost little more than one.
pub(crate) struct Locator<'s> {
    sources: &'s Sources,
    levels: BTreeMap<LevelKey, Option<Rc<Level>>>,
    line_starts: BTreeMap<SourceId, Vec<usize>>,
}

/// A source, and the start and end of an object or array in it.
type LevelKey = (SourceId, usize, usize);

/// A position in a text for people.
pub(crate) struct LineColumn {
    /// From 1.
    pub(crate) line: usize,
    /// From 1, in characters.
    pub(crate) column: usize,
    /// The bytes of the line, without its line break.
    pub(crate) bytes: Range<usize>,
}

impl<'s> Locator<'s> {
    pub(crate) fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            levels: BTreeMap::new(),
            line_starts: BTreeMap::new(),
        }
    }

    pub(crate) fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// The bytes to mark for a location. A pointer that leads to nothing is resolved as far as it
    /// goes. `None` for a whole file.
    pub(crate) fn range(&mut self, location: &Location, kind: SpanKind) -> Option<Range<usize>> {
        let source = location.source?;
        match &location.position {
            Position::File => None,
            Position::Pointer(pointer) => Some(self.resolve(source, pointer, kind)),
            Position::Span(span) => {
                let range = match kind {
                    SpanKind::Value => span.value,
                    SpanKind::Name | SpanKind::LastName => span.name,
                };
                Some(self.clamp(source, range.bytes()))
            }
        }
    }

    fn resolve(&mut self, source: SourceId, pointer: &str, kind: SpanKind) -> Range<usize> {
        let text = &self.sources[source].text;
        let mut value = trim(text, 0..text.len());
        let mut key = None;
        let mut tokens = tokens(pointer).peekable();
        while let Some(token) = tokens.next() {
            let last = kind == SpanKind::LastName && tokens.peek().is_none();
            let level = self.level(source, &value);
            let Some(entry) = level.as_ref().and_then(|level| level.entry(&token, last)) else {
                return value;
            };
            value = entry.value.clone();
            key.clone_from(&entry.key);
        }
        match kind {
            SpanKind::Name | SpanKind::LastName => key.unwrap_or(value),
            SpanKind::Value => value,
        }
    }

    /// A range of the text, at the boundaries of characters. An empty one covers the character that
    /// starts there, so that a caret has something to mark.
    fn clamp(&self, source: SourceId, range: Range<usize>) -> Range<usize> {
        let text = &self.sources[source].text;
        let length = text.len();
        let boundary = |index: &usize| text.is_char_boundary(*index);
        let start = (0..=range.start.min(length)).rev().find(boundary);
        let start = start.unwrap_or(0);
        let end = (range.end.clamp(start, length)..=length).find(boundary);
        let end = end.unwrap_or(length);
        let first = text[start..].chars().next().map_or(0, char::len_utf8);
        start..end.max(start + first)
    }

    /// Line and column of a byte.
    pub(crate) fn position(&mut self, source: SourceId, byte: usize) -> LineColumn {
        let text = &self.sources[source].text;
        let starts = self.line_starts.entry(source).or_insert_with(|| {
            let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            [0].into_iter()
                .chain(ends.map(|(end, _)| end + 1))
                .collect()
        });
        let line = starts.partition_point(|start| *start <= byte);
        let start = starts[line - 1];
        let end = starts.get(line).map_or(text.len(), |next| next - 1);
        let end = start + text[start..end].trim_end_matches('\r').len();
        LineColumn {
            line,
            column: text[start..byte.max(start)].chars().count() + 1,
            bytes: start..end.max(byte),
        }
    }

    fn level(&mut self, source: SourceId, range: &Range<usize>) -> Option<Rc<Level>> {
        let text = &self.sources[source].text;
        let key = (source, range.start, range.end);
        let read = || Level::read(text, range.clone()).map(Rc::new);
        self.levels.entry(key).or_insert_with(read).clone()
    }
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}
