//! A test is ignored only when what it needs is really missing.

use std::path::PathBuf;

use drawplate_prerequisites as prerequisites;
use drawplate_tests as support;

#[test]
fn tests_that_need_the_reference_material_run_where_it_is() {
    assert_eq!(
        prerequisites::has_shared(&support::root()),
        cfg!(shared),
        "../shared has changed since the tests were built: `touch tests/build.rs` and run again"
    );
}

/// Otherwise, what is missing would look like what was never there.
#[test]
#[cfg_attr(not(shared), ignore = "needs ../shared")]
fn the_reference_material_is_complete() {
    let folders = prerequisites::SHARED.map(support::shared);
    let missing = folders.iter().filter(|folder| !folder.is_dir());
    let missing = missing.collect::<Vec<_>>();
    assert!(missing.is_empty(), "missing: {missing:?}");
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "needs what `cargo xtask test` prepares"
)]
fn tests_that_need_programs_run_where_they_are() {
    let root = support::root();
    let python = prerequisites::PYTHON.are_installed(&root);
    let node = prerequisites::NODE.are_installed(&root);
    let chromium = prerequisites::chromium().filter(|_| node);
    assert_eq!(
        (python, node, chromium, python && prerequisites::has_go()),
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
