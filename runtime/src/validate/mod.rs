//! The constraints of a model.

pub(crate) mod decoder;
pub(crate) mod patterns;
pub(crate) mod unique;
