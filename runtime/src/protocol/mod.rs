//! Services, operations, and what puts their inputs and outputs into HTTP messages.

#![cfg_attr(
    not(all(feature = "client", feature = "server")),
    allow(dead_code, reason = "each side has its half")
)]

#[cfg(feature = "http")]
pub(crate) mod bind;
#[cfg(feature = "http")]
pub(crate) mod error;
#[cfg(feature = "http")]
pub(crate) mod request;
#[cfg(feature = "http")]
pub(crate) mod response;
pub mod service;

#[cfg(all(test, feature = "http"))]
mod tests;
