//! Streams of events, from client to service and back.

mod broken;
mod calls;
mod rpc;
mod signed;
mod station;
mod verified;
mod wire;
