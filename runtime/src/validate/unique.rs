//! Compares values (Smithy 2.0, "uniqueItems trait") by fingerprints, which are equal if and only
//! if the values are.

use std::collections::HashSet;

/// The fingerprint of a value: its kind, its length and its bytes, so that different values have
/// different fingerprints.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fingerprint(Vec<u8>);

impl Fingerprint {
    /// About how much memory the fingerprint of a small value takes, in bytes.
    pub(crate) const MEMORY: usize = 64;

    pub(crate) fn of(kind: u8, bytes: &[u8]) -> Self {
        let mut print = Self::default();
        print.push(kind, bytes);
        print
    }

    pub(crate) fn push(&mut self, kind: u8, bytes: &[u8]) {
        self.0.push(kind);
        self.0.extend_from_slice(&bytes.len().to_be_bytes());
        self.0.extend_from_slice(bytes);
    }
}

/// The fingerprints of the elements of a list, the entries of a map or the members of a structure.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints(Vec<Fingerprint>);

impl Fingerprints {
    pub(crate) fn push(&mut self, print: Fingerprint) {
        self.0.push(print);
    }

    pub(crate) fn has_equal(&self) -> bool {
        let mut seen = HashSet::with_capacity(self.0.len());
        self.0.iter().any(|print| !seen.insert(print))
    }

    /// The fingerprint of a list.
    pub(crate) fn in_order(self) -> Vec<u8> {
        let mut whole = Fingerprint::default();
        for print in self.0 {
            whole.push(b'.', &print.0);
        }
        whole.0
    }

    /// The fingerprint of an unordered collection.
    pub(crate) fn sorted(mut self) -> Vec<u8> {
        self.0.sort_unstable();
        self.in_order()
    }
}
