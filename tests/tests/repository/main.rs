//! Rules for the repository itself.

mod layers;
mod prerequisites;
#[path = "../support/mod.rs"]
mod support;
