//! A test is ignored only when what it needs is really missing.

use std::fs;
use std::path::PathBuf;

use drawplate_tests as support;

use crate::{chromium, go};

#[test]
fn tests_that_need_the_reference_material_run_where_it_is() {
    let folders = [
        "aws-models",
        "protocol-tests",
        "published",
        "reference",
        "smithy",
    ];
    let present = folders
        .iter()
        .all(|folder| support::shared(folder).is_dir());
    assert_eq!(
        present,
        cfg!(shared),
        "../shared has changed since the tests were built: `touch tests/build.rs` and run again"
    );
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "needs what `cargo xtask test` prepares"
)]
fn tests_that_need_programs_run_where_they_are() {
    let is_installed = |list: &str, stamp: &str| {
        let [listed, installed] = [list, stamp].map(|file| fs::read(support::root().join(file)));
        installed.is_ok_and(|installed| listed.is_ok_and(|listed| listed == installed))
    };
    let python = is_installed(
        "tests/interop/requirements.txt",
        "target/interop/requirements.txt",
    );
    let node = is_installed(
        "tests/web/package-lock.json",
        "target/web/package-lock.json",
    );
    let chromium = chromium::find().filter(|_| node);
    assert_eq!(
        (python, node, chromium, python && go::is_installed()),
        (
            cfg!(python),
            cfg!(node),
            option_env!("DRAWPLATE_CHROMIUM").map(PathBuf::from),
            cfg!(go)
        ),
        "Python packages, npm packages, Chromium or Go have changed since the tests were built: \
         `touch tests/build.rs` and run again"
    );
    assert_eq!(cfg!(chromium), option_env!("DRAWPLATE_CHROMIUM").is_some());
}
