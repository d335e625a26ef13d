//! The regular expressions of a service. Each is compiled when it is first needed.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use regex::Regex;

use crate::protocol::service::Operation;
use crate::schema::{Member, Schema};

/// The patterns that inputs must match. They are collected when the router is created, so that
/// calls need no lock.
#[derive(Debug, Default)]
pub(crate) struct Patterns(HashMap<&'static str, OnceLock<Option<Regex>>>);

impl Patterns {
    /// The patterns in all inputs.
    pub(crate) fn of(operations: &[&'static Operation]) -> Self {
        let mut patterns = Self::default();
        let mut seen = HashSet::<*const Schema>::new();
        let mut open = operations
            .iter()
            .map(|operation| operation.input)
            .collect::<Vec<_>>();
        while let Some(schema) = open.pop() {
            if !seen.insert(std::ptr::from_ref(schema)) {
                continue;
            }
            for Member {
                target, pattern, ..
            } in schema.members
            {
                patterns
                    .0
                    .extend(pattern.iter().map(|pattern| (*pattern, OnceLock::new())));
                open.push(target);
            }
        }
        patterns
    }

    /// Whether `text` matches. An expression that cannot be compiled matches everything: the
    /// generator has reported it.
    pub(crate) fn matches(&self, pattern: &'static str, text: &str) -> bool {
        let Some(cell) = self.0.get(pattern) else {
            return true;
        };
        let regex = cell.get_or_init(|| Regex::new(pattern).ok());
        regex.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}
