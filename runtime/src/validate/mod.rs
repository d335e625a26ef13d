//! The constraints of a model.

pub(crate) mod decoder;
#[cfg(feature = "alloy")]
mod format;
pub(crate) mod patterns;
pub(crate) mod unique;
