//! The crates that are published: what their manifests promise, the content of their packages, and
//! their public API.

mod api;
mod content;
mod manifests;
#[cfg(unix)]
mod outside;

use std::path::Path;
use std::process::Command;

use drawplate_tests as support;

/// The published crates and their folders, each after those that it depends on.
const PUBLISHED: [(&str, &str); 5] = [
    ("drawplate-model", "model"),
    ("drawplate-codegen", "codegen"),
    ("drawplate", "codegen/cli"),
    ("drawplate-runtime", "runtime"),
    ("drawplate-conformance", "tests/conformance"),
];

/// Runs a command in a folder and returns what it printed on stdout. A failure shows both streams.
fn output(command: &mut Command, folder: &Path) -> String {
    command.current_dir(folder);
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "{command:?}: {}\n{out}{err}",
        output.status
    );
    out.into_owned()
}

/// cargo, in the root of the workspace, with the locked versions and without the network.
fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).args(["--locked", "--offline"]);
    output(&mut command, &support::root())
}

/// What `cargo metadata` prints.
fn metadata(arguments: &[&str]) -> serde_json::Value {
    let metadata = ["metadata", "--format-version", "1", "--quiet"];
    let text = cargo(&[&metadata, arguments].concat());
    serde_json::from_str(&text).expect("cargo prints JSON")
}
