//! Runs the test cases that a model carries for its protocols against the client and server that
//! are generated from it.
//!
//! `cargo xtask conformance` generates a crate from each model: its client and server as anybody
//! gets them, the cases as statics of the types in [`case`], and how each operation is called and
//! implemented, which is a line per operation. Everything else is here, once for all operations:
//! values are made and compared by the schemas (`params`, `tree`), messages by what the cases say
//! of them (`compare`).
//!
//! **Invariant:** a case has passed only if all that it says was compared. A case that cannot be
//! run has failed.
//!
//! **Invariant:** nothing here knows a service, shape, member or case by name.

pub mod case;
mod client;
mod columns;
mod compare;
pub mod events;
mod expected;
mod given;
mod message;
mod outcome;
mod params;
mod program;
mod sample;
mod server;
mod suite;
mod tree;

pub use case::{
    Assertion, Cases, EventStreamCase, Head, MalformedCase, RequestCase, ResponseCase, Side,
};
pub use client::Setup;
pub use given::{Answering, Given};
pub use program::main;
pub use server::Probe;
pub use suite::{Calling, Service};
