//! The client and the server of the services in `model`, which `build.rs` generates.

include!(concat!(env!("OUT_DIR"), "/api.rs"));
