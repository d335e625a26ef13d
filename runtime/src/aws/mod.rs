//! Parts that only AWS services need.

pub(crate) mod endpoint;
#[cfg(feature = "sigv4")]
pub(crate) mod sigv4;
