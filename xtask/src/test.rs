//! `cargo xtask test`: runs everything that CI checks, the quickest checks first.

use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

use drawplate::say;

use crate::programs::{PROGRAMS, Program};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments) -> anyhow::Result<()> {
    step("formatting", "cargo", &["fmt", "--all", "--check"], &[])?;
    // cargo cannot load their workspace before the crates that they use are generated.
    let programs = PROGRAMS.each_ref().map(Program::source);
    let mut rustfmt = vec!["--check", "--edition", "2024"];
    rustfmt.extend(programs.iter().map(String::as_str));
    step("formatting of the programs", "rustfmt", &rustfmt, &[])?;
    step(
        "generated code",
        "cargo",
        &["xtask", "codegen", "--check"],
        &[],
    )?;
    // Before anything is built: the suites find out then what they can use.
    crate::interop::prepare()?;
    crate::web::prepare()?;
    crate::packages::prepare()?;
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
    lint_each_feature("drawplate-runtime")?;
    step(
        "documentation",
        "cargo",
        &[
            "doc",
            "--workspace",
            "--no-deps",
            "--all-features",
            "--document-private-items",
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
    say("== progenitor: a client from the OpenAPI document")?;
    crate::peers::progenitor::check()?;
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

/// Lints a package without features, and with each of them alone: users choose among them.
fn lint_each_feature(package: &str) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
        .current_dir(crate::root());
    let output = command.output().context("cannot run cargo")?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("cargo printed no metadata")?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let found = packages.find(|found| found["name"] == package);
    let features = found.and_then(|found| found["features"].as_object());
    let features = features.with_context(|| format!("there is no package {package}"))?;
    for feature in [""].into_iter().chain(features.keys().map(String::as_str)) {
        step(
            "lints of a feature",
            "cargo",
            &[
                "clippy",
                "--quiet",
                "--package",
                package,
                "--no-default-features",
                "--features",
                feature,
                "--locked",
                "--",
                "--deny",
                "warnings",
            ],
            &[],
        )?;
    }
    Ok(())
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
