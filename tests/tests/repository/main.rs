//! Rules for the repository itself.

mod layers;
mod prerequisites;
