//! Placeholder.
pub(crate) fn raw(_: &str, _: &str) {}
