//! A test is ignored only when what it needs is really missing.

use drawplate_tests as support;

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
