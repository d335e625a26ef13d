//! The other commands in the documents succeed. Those that take too long are only parsed.

use crate::{blocks, documents, output, read};

/// Commands that are not run here, and why not.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo xtask codegen", "would write; `xtask test` checks it"),
    ("cargo xtask test", "runs this test"),
    (
        "cargo xtask conformance",
        "a step and a suite of `xtask test`",
    ),
    ("cargo install", "the suites build the command"),
    (
        "cargo test --manifest-path",
        "run with the model of README.md",
    ),
    ("drawplate generate", "run with the model of README.md"),
    ("drawplate new", "run with the model of README.md"),
    ("drawplate conformance", "has a suite of its own"),
    ("cargo xtask load", "needs wrk, and takes a minute"),
    ("cargo xtask peers", "takes many minutes"),
    ("cargo bench -p drawplate-benches", "takes many minutes"),
    ("cargo run -p amplify-admin", "run with the tour"),
    ("curl", "run with the tour"),
];

/// The commands in the documents, without comments.
fn commands() -> Vec<String> {
    let blocks = documents().into_iter().flat_map(|path| blocks(&read(path)));
    let shells = blocks.filter(|block| block.language == "sh");
    let mut commands = shells
        .flat_map(|block| {
            let lines = block.text.lines().map(|line| {
                let (command, _) = line.split_once(" #").unwrap_or((line, ""));
                command.trim().to_owned()
            });
            lines.collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    commands.sort();
    commands.dedup();
    commands
}

#[test]
fn a_command_that_is_not_run_is_in_a_document() {
    let commands = commands();
    for (start, reason) in NOT_RUN {
        assert!(
            commands.iter().any(|command| command.starts_with(start)),
            "no document has `{start}` ({reason}); remove it from NOT_RUN"
        );
    }
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: runs other programs; run by `cargo xtask test`"
)]
fn every_command_succeeds() {
    for command in commands() {
        let not_run = NOT_RUN.iter().any(|(start, _)| command.starts_with(start));
        if !not_run {
            output(&command);
        } else if command.starts_with("cargo xtask") || command.starts_with("drawplate") {
            // Fails if the command or an option does not exist.
            output(&format!("{command} --help"));
        }
    }
}
