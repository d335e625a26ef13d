//! From a JSON pointer to the bytes of its key and value.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The text of the value at a pointer.
pub(super) fn value<'t>(text: &'t str, pointer: &str) -> Option<&'t str> {
    let mut value: Range<usize> = 0..text.len();
    for token in tokens(pointer) {
        let level = Level::read(text, value)?;
        value = level.entry(&token, false)?.value.clone();
    }
    Some(text[value].trim())
}

/// The tokens of a pointer, unescaped.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// The entries of one object or array of a text.
pub(super) struct Level {
    entries: Vec<Entry>,
}

pub(super) struct Entry {
    name: String,
    /// The key with its quotes; `None` in an array.
    pub(super) key: Option<Range<usize>>,
    pub(super) value: Range<usize>,
}

impl Level {
    /// Reads the object or array at a range of the text; `None` for anything else.
    pub(super) fn read(text: &str, range: Range<usize>) -> Option<Self> {
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

    /// The entry of this key or index: the first one, or the last one, of an object that has
    /// several.
    pub(super) fn entry(&self, name: &str, last: bool) -> Option<&Entry> {
        let mut found = self.entries.iter().filter(|entry| entry.name == name);
        if last {
            found.next_back()
        } else {
            found.next()
        }
    }
}

/// The entries of an object or array; their values are not parsed.
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
