//! The codecs with types of every kind: JSON, the formats of serde, `Debug`, errors, and properties
//! of all of them.
#![allow(missing_docs, unreachable_pub, reason = "a test has no public API")]

#[macro_use]
mod shapes;

#[cfg(feature = "cbor")]
mod cbor;
mod debug;
mod errors;
mod json;
mod properties;
#[cfg(feature = "query")]
mod query;
mod serde;
#[cfg(feature = "xml")]
mod xml;
