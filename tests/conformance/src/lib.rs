//! Runs the protocol test cases of a model against the client and server that are generated from
//! it.
//!
//! `drawplate conformance` generates a crate from each model: its client and server as users get
//! them, the cases as statics of the types in [`case`], and a line per operation that calls it and
//! one that implements it. Everything else is here, once for all operations: values are read and
//! compared by their schemas (`params`, `tree`), messages by the members of the case (`compare`).
//!
//! **Invariant:** a case passes only if everything in it was compared. A case that cannot be run
//! fails.
//!
//! **Invariant:** nothing here knows a service, shape, member or case by name.

pub mod case;
mod client;
mod columns;
mod compare;
mod config;
pub mod endpoints;
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
pub use given::{CaseResult, Given};
pub use program::main;
pub use server::Probe;
pub use suite::{Calling, Service};
