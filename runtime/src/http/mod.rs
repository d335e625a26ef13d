//! HTTP bodies: idle timeouts, compression, lengths. Nothing here knows a schema.

#![cfg_attr(
    not(all(feature = "client", feature = "server")),
    allow(dead_code, reason = "the client and the server use different parts")
)]

pub mod body;
#[cfg(feature = "checksums")]
pub(crate) mod checksum;
#[cfg(all(feature = "checksums", feature = "server"))]
pub(crate) mod chunked;
#[cfg(all(test, any(feature = "checksums", feature = "server")))]
mod frames;
#[cfg(feature = "gzip")]
pub(crate) mod gzip;
pub(crate) mod held;
#[cfg(feature = "client")]
pub(crate) mod idle_timeout;
pub(crate) mod length;
pub(crate) mod uuid;
#[cfg(any(feature = "checksums", feature = "server"))]
pub(crate) mod verified;

pub use body::{Body, BodyError, BoxError};
