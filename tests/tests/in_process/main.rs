//! Tests of every operation of every service in every protocol, with client, router and mock in one
//! process. [`protocols::PROTOCOLS`] has a row for each protocol.
//!
//! Values, requests and verdicts come from the model of the services, by code that is independent
//! of the runtime.

mod cbor;
mod fuzz;
mod identity;
mod json;
mod mutate;
mod oracle;
mod pattern;
mod protocols;
mod raw;
mod responses;
mod services;
mod valid;
mod violations;
mod wire;
mod xml;
