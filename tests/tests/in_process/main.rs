//! Tests of every operation of every service, with client, router and mock in one process.
//!
//! Values, requests and verdicts come from the model of the services, by code that is independent
//! of the runtime.

mod fuzz;
mod identity;
mod json;
mod mutate;
mod oracle;
mod pattern;
mod raw;
mod services;
mod valid;
mod violations;
