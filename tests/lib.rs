//! What the suites in `tests` work with: types of every kind, generated from a model with awkward names.

/// Owned by the generator: `cargo xtask codegen`.
#[path = "src/lib.rs"]
mod generated;

pub use generated::*;

/// The examples of the README are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
