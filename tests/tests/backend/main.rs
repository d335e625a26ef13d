//! The example `backend` as a process: its store, its OpenAPI document and its console, called by
//! programs of others.

mod go;
mod process;
mod state;
mod store;
mod web;
