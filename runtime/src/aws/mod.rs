//! Parts that only AWS services need.

#[cfg(feature = "sigv4")]
pub(crate) mod credentials;
pub(crate) mod endpoint;
#[cfg(feature = "client")]
pub(crate) mod errors;
#[cfg(feature = "sigv4")]
pub(crate) mod sigv4;
