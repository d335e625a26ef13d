//! `cargo xtask` from the outside: its output and its exit codes.

use std::process::Command;

/// Runs xtask and compares its exit code; returns its output, both streams together.
#[track_caller]
fn check(arguments: &[&str], code: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.args(arguments).env("NO_COLOR", "1").output();
    let output = output.expect("xtask runs");
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{arguments:?}:\n{text}");
    text
}

#[test]
fn help_names_the_tasks() {
    let text = check(&["--help"], 0);
    for task in ["codegen", "conformance", "peers", "load", "test"] {
        assert!(text.contains(task), "{task}:\n{text}");
        check(&[task, "--help"], 0);
    }
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    check(&[], 2);
    check(&["nonsense"], 2);
}

#[test]
fn codegen_check_finds_the_tree_fresh_and_writes_nothing() {
    let text = check(&["codegen", "--check"], 0);
    assert!(text.contains("generated/src is up to date"), "{text}");
    assert!(text.contains("tests/generated/src is up to date"), "{text}");
}
