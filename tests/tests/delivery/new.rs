//! The crates that `drawplate new` creates.

use crate::{Folder, workspace};

#[track_caller]
fn check(options: &[&str]) {
    let folder = Folder::new();
    let runtime = workspace("runtime");
    let new = ["new", "my-weather", "--runtime-path", &runtime];
    folder.drawplate(&[&new[..], options].concat());
    folder.lock("my-weather");
    let cargo = |arguments: &[&str]| folder.cargo("my-weather", arguments, true);
    let printed = cargo(&["test"]);
    assert!(printed.contains("3 passed"), "{printed}");
    assert!(!printed.contains("warning"), "{printed}");
    cargo(&[
        "clippy",
        "--all-targets",
        "--features",
        "https,serve",
        "--",
        "--deny",
        "warnings",
    ]);
    cargo(&["fmt", "--check"]);
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds crates; run by `cargo xtask test`"
)]
fn a_new_crate_compiles_and_its_tests_pass() {
    check(&[]);
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds crates; run by `cargo xtask test`"
)]
fn a_new_crate_with_a_build_script_compiles_and_its_tests_pass() {
    check(&["--build-script", "--codegen-path", &workspace("codegen")]);
}
