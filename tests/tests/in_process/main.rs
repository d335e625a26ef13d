//! What holds for every operation of every service, by client, router and mock in one process.
//!
//! Values, requests and verdicts are made from the model that the services were generated from, by
//! code that the project does not use itself.

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
