//! `cargo xtask test`: runs everything that CI checks, the quickest checks first.

use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use drawplate::say;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> anyhow::Result<()> {
    step("formatting", "cargo", &["fmt", "--all", "--check"], &[])?;
    step(
        "generated code",
        "cargo",
        &["xtask", "codegen", "--check"],
        &[],
    )?;
    // Before anything is built: the suites find out then what they can use.
    crate::interop::prepare()?;
    step(
        "lints",
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "--deny",
            "warnings",
        ],
        &[],
    )?;
    step(
        "documentation",
        "cargo",
        &[
            "doc",
            "--workspace",
            "--no-deps",
            "--all-features",
            "--locked",
        ],
        &[("RUSTDOCFLAGS", "--deny warnings")],
    )?;
    step(
        "documentation tests",
        "cargo",
        &["test", "--workspace", "--doc", "--all-features", "--locked"],
        &[],
    )?;
    if crate::conformance::published_suites().is_empty() {
        crate::conformance::skipped()?;
    } else {
        step("conformance", "cargo", &["xtask", "conformance"], &[])?;
    }
    crate::packages::oldest_compiler()?;
    crate::packages::remove_earlier()?;
    step("packages", "cargo", &crate::packages::package(), &[])?;
    // The tests come last, so that their summary is the last output.
    let runner: &[&str] = if nextest() {
        &[
            "nextest",
            "run",
            "--workspace",
            "--all-features",
            "--locked",
            "--no-fail-fast",
        ]
    } else {
        &[
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--all-features",
            "--locked",
            "--no-fail-fast",
        ]
    };
    // Enables slow tests in crates that have no feature for them.
    step("tests", "cargo", runner, &[("DRAWPLATE_FULL", "1")])
}

fn nextest() -> bool {
    let mut command = Command::new("cargo");
    command
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn step(
    title: &str,
    program: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> anyhow::Result<()> {
    say(format_args!(
        "== {title}: {program} {}",
        arguments.join(" ")
    ))?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(crate::root());
    let status = command
        .status()
        .with_context(|| format!("cannot run {program}"))?;
    if !status.success() {
        bail!("{title}: `{program} {}` failed", arguments.join(" "));
    }
    Ok(())
}
