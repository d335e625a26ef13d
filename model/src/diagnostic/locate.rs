//! From a JSON pointer to the bytes of its key and value, and to line and column.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Mark;
use crate::source::{At, SourceId, Sources};

/// The text of the value at a pointer.
pub(crate) fn raw<'t>(text: &'t str, pointer: &str) -> Option<&'t str> {
    let mut value: Range<usize> = 0..text.len();
    for token in tokens(pointer) {
        let level = Level::read(text, value)?;
        value = level.entry(&token, false)?.value.clone();
    }
    Some(text[value].trim())
}

/// The tokens of a pointer, unescaped.
fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// Finds places in sources. What it has read of one it keeps, so that many findings in a large file cost little more than
/// one.
pub(super) struct Locator<'s> {
    sources: &'s Sources,
    levels: BTreeMap<(u32, Range2), Option<Rc<Level>>>,
    lines: BTreeMap<u32, Vec<usize>>,
}

/// A range that has an order.
type Range2 = (usize, usize);

impl<'s> Locator<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            levels: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }

    pub(super) fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// The bytes that are marked of what stands at a place: of the nearest that there is, if the place is not.
    pub(super) fn range(&mut self, at: &At, mark: Mark) -> Option<Range<usize>> {
        let source = at.source?;
        let text = &self.sources[source].text;
        if let Mark::Byte(byte) = mark {
            let width = text[byte.min(text.len())..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
            return Some(byte..byte + width);
        }
        if let Mark::Number(start) = mark {
            let rest = &text[start.min(text.len())..];
            let end = rest.find(|c| !of_number(c)).unwrap_or(rest.len());
            return Some(start..start + end);
        }
        let mut value = trim(text, 0..text.len());
        let mut key = None;
        let mut tokens = tokens(&at.pointer).peekable();
        while let Some(token) = tokens.next() {
            let last = mark == Mark::RepeatedKey && tokens.peek().is_none();
            let level = self.level(source, &value);
            let Some(entry) = level.as_ref().and_then(|level| level.entry(&token, last)) else {
                return Some(value);
            };
            value = entry.value.clone();
            key.clone_from(&entry.key);
        }
        match mark {
            Mark::Key | Mark::RepeatedKey => key.or(Some(value)),
            _ => Some(value),
        }
    }

    /// Line and column, from 1 and in characters, and the bytes of the line without its end.
    pub(super) fn position(&mut self, at: &At, byte: usize) -> (usize, usize, Range<usize>) {
        let source = at.source.expect("only what stands in a source has bytes");
        let text = &self.sources[source].text;
        let starts = self
            .lines
            .entry(source.into_raw().into_u32())
            .or_insert_with(|| {
                let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
                [0].into_iter()
                    .chain(ends.map(|(end, _)| end + 1))
                    .collect()
            });
        let line = starts.partition_point(|start| *start <= byte);
        let start = starts[line - 1];
        let end = starts.get(line).map_or(text.len(), |next| next - 1);
        let end = start + text[start..end].trim_end_matches('\r').len();
        let column = text[start..byte.max(start)].chars().count() + 1;
        (line, column, start..end.max(byte))
    }

    fn level(&mut self, source: SourceId, range: &Range<usize>) -> Option<Rc<Level>> {
        let text = &self.sources[source].text;
        let key = (source.into_raw().into_u32(), (range.start, range.end));
        let read = || Level::read(text, range.clone()).map(Rc::new);
        self.levels.entry(key).or_insert_with(read).clone()
    }
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + part.len() - part.trim_start().len();
    start..start + part.trim().len()
}

/// The entries of an object or array of a text.
struct Level {
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    /// The key with its quotes; `None` in an array.
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Level {
    /// Reads the object or array at a range of the text; `None` for anything else.
    fn read(text: &str, range: Range<usize>) -> Option<Self> {
        let Entries(raw) = serde_json::from_str(&text[range]).ok()?;
        // Both borrow from the text, so that the difference of their addresses is an offset in it.
        let offset = |part: &str| {
            let start = part.as_ptr().addr() - text.as_ptr().addr();
            start..start + part.len()
        };
        let entry = |(index, (key, value)): (usize, (Option<&RawValue>, &RawValue))| {
            let name = match key {
                Some(key) => serde_json::from_str::<Cow<'_, str>>(key.get())
                    .ok()?
                    .into_owned(),
                None => index.to_string(),
            };
            let key = key.map(|key| offset(key.get()));
            Some(Entry {
                name,
                key,
                value: offset(value.get()),
            })
        };
        let entries = raw
            .into_iter()
            .enumerate()
            .map(entry)
            .collect::<Option<_>>()?;
        Some(Self { entries })
    }

    /// The entry of this key or index: the first one, or the last one, of an object that has several.
    fn entry(&self, name: &str, last: bool) -> Option<&Entry> {
        let mut found = self.entries.iter().filter(|entry| entry.name == name);
        if last {
            found.next_back()
        } else {
            found.next()
        }
    }
}

/// The entries of an object or array, unread.
struct Entries<'t>(Vec<(Option<&'t RawValue>, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Entries<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(value) = access.next_element()? {
            entries.push((None, value));
        }
        Ok(Entries(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Entries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = access.next_entry()? {
            entries.push((Some(key), value));
        }
        Ok(Entries(entries))
    }
}

/// Whether numbers are written with this character.
pub(crate) fn of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E')
}
