//! `drawplate conformance` on models of this repository: passes, failures and expected failures.
//!
//! The suites of `fixtures/conformance` are built once, below `target/conformance`, as those of
//! anybody are.

use std::path::{Path, PathBuf};
use std::process::Command;

use drawplate_tests as support;

fn fixture(name: &str) -> String {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance");
    fixtures.join(name).display().to_string()
}

/// Runs the suites of all models and checks the exit code; returns the output.
#[track_caller]
fn check(options: &[&str], passes: bool, lines: &[&str]) -> String {
    let models = MODELS.map(fixture);
    run(&models, options, i32::from(!passes), lines)
}

#[track_caller]
fn run(models: &[String], options: &[&str], code: i32, lines: &[&str]) -> String {
    let root = support::root();
    let output = Command::new(env!("CARGO_BIN_EXE_drawplate-for-tests"))
        .arg("conformance")
        .args(models)
        .args(options)
        .args(["--runtime-path", "runtime"])
        .args(["--conformance-path", "tests/conformance"])
        .args(["--lock", "Cargo.lock"])
        .current_dir(root)
        .env("NO_COLOR", "1")
        .output()
        .expect("drawplate runs");
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{options:?}:\n{text}");
    for line in lines {
        let found = text.lines().any(|found| found == *line);
        assert!(found, "{options:?} does not print\n{line}\nbut\n{text}");
    }
    text
}

/// The models of all suites.
const MODELS: [&str; 8] = [
    "parcels.json",
    "queue.json",
    "ledger.json",
    "chat.json",
    "archive.smithy",
    "buckets.smithy",
    "desks.smithy",
    "mistaken.json",
];

const LEDGER: &str = "suite ledger: client requests 1/1, client responses 3/3, server requests 2/2, server responses 2/2, malformed 1/1, expected failures 0";
const QUEUE: &str = "suite queue: client requests 2/2, client responses 3/3, server requests 2/2, server responses 3/3, malformed 0/0, expected failures 0";
const ARCHIVE: &str =
    "suite archive: client event streams 2/2, server event streams 1/1, expected failures 0";
const BUCKETS: &str = "suite buckets: client requests 4/4, client responses 3/3, server requests 4/4, server responses 2/2, malformed 0/0, expected failures 0";
const CHAT: &str =
    "suite chat: client event streams 3/3, server event streams 3/3, expected failures 0";
const PARCELS: &str = "suite parcels: client requests 5/5, client responses 7/7, server requests 5/5, server responses 7/7, malformed 5/5, expected failures 0";

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn what_fails_is_shown_and_fails_the_run() {
    let text = check(
        &[],
        false,
        &[
            PARCELS,
            QUEUE,
            LEDGER,
            CHAT,
            ARCHIVE,
            BUCKETS,
            "endpoint tests Desks: 9/9",
            "endpoint tests Diagram: 4/4",
            "suite mistaken: client requests 1/3, client responses 0/1, server requests 1/3, server responses 0/1, malformed 0/1, expected failures 0",
            "FAIL mistaken: client request TellTimeWrongly (TellTime)",
            "FAIL mistaken: malformed WindIsRefused (Wind)",
            "error: conformance: 1 of 8 suites failed",
        ],
    );
    // Side by side: expected, actual.
    let sides = text.lines().filter(|line| line.contains('|'));
    let sides = sides.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let sides = sides.collect::<Vec<_>>();
    assert_eq!(
        sides,
        [
            "\"name\": \"east\", | \"name\": \"west\",",
            "\"age\": 36893488147419103233, | \"age\": 36893488147419103232,",
            "it can be run | it says `vendorParams`, which is not compared",
            "\"name\": \"west\", | \"name\": \"east\",",
            "\"age\": 36893488147419103232, | \"age\": 36893488147419103233,",
            "202 | 200",
            "(not called) | called with {}",
        ]
    );
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn each_difference_of_an_endpoint_fails_its_case() {
    let text = run(
        &[fixture("lost.smithy")],
        &[],
        1,
        &["endpoint tests Lost: 1/8"],
    );
    for documentation in [
        "another URL",
        "other headers",
        "no properties",
        "another error",
        "an error instead of an endpoint",
        "an unknown parameter",
        "a call of an unknown operation",
    ] {
        let line = format!("FAIL endpoint tests Lost: {documentation}");
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn what_is_listed_may_fail() {
    let list = fixture("mistaken-expected.json");
    let text = check(
        &["--expected-failures", &list],
        true,
        &[
            PARCELS,
            "suite mistaken: client requests 1/3, client responses 0/1, server requests 1/3, server responses 0/1, malformed 0/1, expected failures 7",
        ],
    );
    assert!(!text.contains("FAIL"), "{text}");
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn what_is_listed_must_fail() {
    let list = fixture("mistaken-stale.json");
    let text = check(
        &["--expected-failures", &list],
        false,
        &[
            "STALE mistaken: client request Wind: is expected to fail, and passes",
            "STALE mistaken: server response WindBack: is listed as an expected failure, but there is no such case",
        ],
    );
    assert!(!text.contains("Whatever"), "{text}");
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn a_side_and_a_filter_choose_cases() {
    check(
        &["--side", "client", "--filter", "Parcel"],
        true,
        &[
            "suite parcels: client requests 2/2, client responses 3/3, server requests 0/0, server responses 0/0, malformed 0/0, expected failures 0",
            "suite mistaken: client requests 0/0, client responses 0/0, server requests 0/0, server responses 0/0, malformed 0/0, expected failures 0",
        ],
    );
    check(
        &["--side", "server", "--filter", "Ping"],
        true,
        &[
            "suite parcels: client requests 0/0, client responses 0/0, server requests 1/1, server responses 1/1, malformed 1/1, expected failures 0",
        ],
    );
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn what_leaves_nothing_to_run_is_an_error() {
    let models = [fixture("parcels.json")];
    // The second one is of another protocol than the service's.
    for filter in ["Nothing", "TrackParcelOfAnotherProtocol"] {
        let text = run(&models, &["--filter", filter], 1, &[]);
        assert!(text.contains("no case and no operation"), "{text}");
    }
    let kitchen = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/services/kitchen-sink.smithy")
        .display()
        .to_string();
    let text = run(&[kitchen], &[], 1, &[]);
    assert!(text.contains("has no test cases"), "{text}");
    run(&models, &["--side", "both"], 2, &[]);
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds crates: run by `cargo xtask test`"
)]
fn a_list_and_a_model_that_are_wrong_are_said_to_be() {
    let model = [fixture("mistaken.json")];
    let list = fixture("mistaken.json");
    let text = run(
        &MODELS.map(fixture),
        &["--expected-failures", &list],
        1,
        &[],
    );
    assert!(text.contains("mistaken.json"), "{text}");
    let twice = [model[0].clone(), model[0].clone()];
    let text = run(&twice, &[], 1, &[]);
    assert!(text.contains("too similar"), "{text}");
    let missing = [PathBuf::from("no-such-model.json").display().to_string()];
    let text = run(&missing, &[], 1, &[]);
    assert!(text.contains("E0001"), "{text}");
}
