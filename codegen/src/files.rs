//! The files of a crate, in memory.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Texts by path. Paths are relative, with `/` between their parts, on every system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Adds a file.
    ///
    /// # Panics
    /// When the path is taken: two emitters made the same file, which is a bug of this crate.
    pub fn add(&mut self, path: String, text: String) {
        match self.0.entry(path) {
            Entry::Vacant(place) => place.insert(text),
            Entry::Occupied(place) => panic!(
                "each emitter writes files of its own, but two made {}",
                place.key()
            ),
        };
    }

    /// The text at `path`.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Path and text of each file, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<(String, String)> for Files {
    fn extend<T: IntoIterator<Item = (String, String)>>(&mut self, files: T) {
        for (path, text) in files {
            self.add(path, text);
        }
    }
}
