//! Streams of events, from client to service and back.

#[cfg(feature = "sigv4")]
#[path = "../support/python.rs"]
mod python;
#[cfg(feature = "sigv4")]
#[path = "../support/recorder.rs"]
mod recorder;
#[cfg(feature = "sigv4")]
#[path = "../support/signatures.rs"]
mod signatures;

mod broken;
mod calls;
mod rpc;
#[cfg(feature = "sigv4")]
mod signed;
mod station;
mod wire;
