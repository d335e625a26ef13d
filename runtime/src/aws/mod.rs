//! Parts that only AWS services need.

#[cfg(feature = "sigv4")]
pub(crate) mod sigv4;
