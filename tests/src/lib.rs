//! Helpers that several suites in `tests` use.
#![expect(
    clippy::missing_panics_doc,
    reason = "a helper panics where its test should fail"
)]

#[macro_use]
mod lists;

pub mod arbitrary;
pub mod calls;
mod models;
pub mod python;
pub mod random;
pub mod recorder;
pub mod signatures;
pub mod traces;

pub use models::{generate, json_files, model, root, separate_models, shared};

/// The examples of the README are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
