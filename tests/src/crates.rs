//! Crates of users, which cargo builds outside this workspace.

use std::ffi::OsString;
use std::path::PathBuf;

/// Where cargo builds them.
pub fn target() -> PathBuf {
    crate::root().join("target/crates")
}

/// The environment of cargo, offline. With one target folder and one profile for all crates, what
/// they depend on is built once.
pub fn environment() -> [(&'static str, OsString); 4] {
    [
        ("CARGO_TARGET_DIR", target().into()),
        ("CARGO_NET_OFFLINE", "true".into()),
        ("CARGO_PROFILE_DEV_DEBUG", "0".into()),
        ("CARGO_INCREMENTAL", "0".into()),
    ]
}
