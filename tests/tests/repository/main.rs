//! Rules for the repository itself.

mod prerequisites;
#[path = "../support/mod.rs"]
mod support;
