//! The maps of documents.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::Document;

/// Documents by their keys, in the order in which the keys were inserted.
///
/// Looking up a key takes time in proportion to the number of entries: maps of documents are small.
/// To make a large one, collect its entries.
///
/// ```
/// use drawplate_runtime::DocumentMap;
///
/// let mut map = DocumentMap::new();
/// map.insert("b", 1);
/// map.insert("a", "x");
/// map.insert("b", 2);
/// assert_eq!(map.get("b"), Some(&2.into()));
/// assert_eq!(map.keys().collect::<Vec<_>>(), ["b", "a"]);
/// ```
#[derive(Clone, Default)]
pub struct DocumentMap {
    /// Without two equal keys.
    entries: Vec<(String, Document)>,
}

impl DocumentMap {
    /// A map without entries.
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Document> {
        self.iter()
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The value of a key.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Document> {
        self.entries
            .iter_mut()
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Whether it has the key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value of a key and returns the former one, whose place it takes.
    pub fn insert(
        &mut self,
        key: impl Into<String>,
        value: impl Into<Document>,
    ) -> Option<Document> {
        let (key, value) = (key.into(), value.into());
        match self.get_mut(&key) {
            Some(former) => Some(std::mem::replace(former, value)),
            None => {
                self.entries.push((key, value));
                None
            }
        }
    }

    /// Removes a key and returns its value. The others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Document> {
        let index = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(index).1)
    }

    /// The entries in their order.
    pub fn iter(&self) -> Entries<'_> {
        Entries(self.entries.iter())
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Document> + ExactSizeIterator {
        self.iter().map(|(_, value)| value)
    }

    /// The entries in the order of the keys' bytes.
    pub(super) fn sorted(&self) -> Vec<(&str, &Document)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        entries
    }

    /// The last of the entries with the same key wins, at the position of the first.
    fn deduplicate(&mut self) {
        let entries = &mut self.entries;
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by(|one, other| entries[*one].0.cmp(&entries[*other].0));
        let mut repeated = vec![false; entries.len()];
        let mut moves = Vec::new();
        for same in order.chunk_by(|one, other| entries[*one].0 == entries[*other].0) {
            if let [first, rest @ .., last] = same {
                moves.push((*first, *last));
                for index in rest.iter().chain([last]) {
                    repeated[*index] = true;
                }
            }
        }
        if moves.is_empty() {
            return;
        }
        for (first, last) in moves {
            entries[first].1 = entries[last].1.take();
        }
        let mut repeated = repeated.into_iter();
        entries.retain(|_| repeated.next() == Some(false));
    }
}

/// Entries with the same keys and values, in any order.
impl PartialEq for DocumentMap {
    fn eq(&self, other: &Self) -> bool {
        if self.keys().eq(other.keys()) {
            return self.values().eq(other.values());
        }
        self.len() == other.len() && self.sorted() == other.sorted()
    }
}

impl Eq for DocumentMap {}

impl Hash for DocumentMap {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sorted().hash(state);
    }
}

impl fmt::Debug for DocumentMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// The last value of a repeated key wins.
impl<K: Into<String>, V: Into<Document>> FromIterator<(K, V)> for DocumentMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

/// The last value of a repeated key wins.
impl<K: Into<String>, V: Into<Document>> Extend<(K, V)> for DocumentMap {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        const FEW: usize = 16;
        for (key, value) in entries {
            let (key, value) = (key.into(), value.into());
            if self.len() < FEW {
                self.insert(key, value);
            } else {
                self.entries.push((key, value));
            }
        }
        if self.len() > FEW {
            self.deduplicate();
        }
    }
}

impl IntoIterator for DocumentMap {
    type Item = (String, Document);
    type IntoIter = std::vec::IntoIter<(String, Document)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'m> IntoIterator for &'m DocumentMap {
    type Item = (&'m str, &'m Document);
    type IntoIter = Entries<'m>;

    fn into_iter(self) -> Entries<'m> {
        self.iter()
    }
}

/// The entries of a [`DocumentMap`].
#[derive(Clone, Debug)]
pub struct Entries<'m>(std::slice::Iter<'m, (String, Document)>);

impl<'m> Iterator for Entries<'m> {
    type Item = (&'m str, &'m Document);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&**key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Entries<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (&**key, value))
    }
}

impl ExactSizeIterator for Entries<'_> {}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn entries_are_removed_in_order() {
        let mut map = DocumentMap::from_iter([("c", 1), ("a", 2), ("b", 3)]);
        assert_eq!(map.remove("a"), Some(2.into()));
        assert_eq!(map.remove("a"), None);
        assert_eq!(map.keys().rev().collect::<Vec<_>>(), ["b", "c"]);
        *map.get_mut("b").expect("a key") = Document::Null;
        assert_eq!(map.get("b"), Some(&Document::Null));
        assert!(map.contains_key("b") && !map.contains_key("a"));
    }

    proptest! {
        #[test]
        fn collected_entries_are_those_that_were_inserted(
            entries in vec((0..40_u8, any::<u8>()), 0..80),
        ) {
            let entries = entries.into_iter().map(|(key, value)| (key.to_string(), value));
            let collected: DocumentMap = entries.clone().collect();
            let mut inserted = DocumentMap::new();
            for (key, value) in entries {
                inserted.insert(key, value);
            }
            prop_assert!(collected.iter().eq(inserted.iter()), "{collected:?} {inserted:?}");
        }

        #[test]
        fn the_order_is_not_compared(entries in vec((0..40_u8, 0..2_u8), 0..30)) {
            let map: DocumentMap =
                entries.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
            let reversed: DocumentMap =
                map.iter().rev().map(|(key, value)| (key, value.clone())).collect();
            prop_assert_eq!(&map, &reversed);
            let mut other = reversed.clone();
            other.insert("other", 1);
            prop_assert_ne!(&map, &other);
        }
    }
}
