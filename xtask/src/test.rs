//! `cargo xtask test`: runs everything that CI checks.
//!
//! Checks that build in folders of their own run beside those that build in the target folder of
//! the workspace: cargo leaves processors idle while it waits for one large crate or for a linker.

mod beside;
mod skipped;

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, bail};
use serde_json::Value;

use drawplate::say;
use drawplate_prerequisites as prerequisites;

use self::beside::Beside;
pub(crate) use self::skipped::Skipped;
use crate::programs::{self, PROGRAMS};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

/// What cargo builds for the tests.
const TESTED: [&str; 3] = ["--workspace", "--all-features", "--locked"];

pub(crate) fn run(_: &Arguments) -> anyhow::Result<()> {
    let skipped = Skipped::default();
    step("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    // cargo cannot load their workspace before the crates that they use are generated.
    step(
        "formatting of the programs",
        Command::new("rustfmt")
            .args(["--check", "--edition", "2024"])
            .args(PROGRAMS.each_ref().map(|program| {
                let folder = Path::new(programs::WORKSPACE).join(program.name);
                folder.join("src/main.rs")
            }))
            .current_dir(crate::root()),
    )?;
    step("generated code", xtask()?.args(["codegen", "--check"]))?;
    // Some tests ask cargo, offline, about the packages of all platforms.
    step("downloads", cargo().args(["fetch", "--locked"]))?;
    let beside = Beside::default();
    thread::scope(|scope| {
        let checks = || checks_beside(&beside, &skipped).inspect_err(|_| beside.fail());
        let checks = scope.spawn(checks);
        let prepared = scope.spawn(|| prepare(&skipped));
        let run = || {
            // The suites find out what they can use when they are built.
            beside::join(prepared)?;
            for check in CHECKS {
                if beside.has_failed() {
                    break;
                }
                check()?;
            }
            beside::join(checks)
        };
        run().inspect_err(|_| beside.stop())
    })?;
    // The tests come last, so that their summary is at the end.
    step(
        "tests",
        runner()
            .arg("--no-fail-fast")
            // Enables slow tests in crates that have no feature for them.
            .env("DRAWPLATE_FULL", "1"),
    )?;
    skipped.report()
}

/// The checks that build in the target folder of the workspace, the quickest first.
const CHECKS: [fn() -> anyhow::Result<()>; 5] = [
    lint,
    lint_each_feature,
    document,
    test_documents,
    build_tests,
];

/// Installs and finds what the suites need.
fn prepare(skipped: &Skipped) -> anyhow::Result<()> {
    crate::interop::prepare(skipped)?;
    crate::web::prepare(skipped)?;
    crate::packages::prepare(skipped)
}

/// The checks that build in folders of their own.
fn checks_beside(beside: &Beside, skipped: &Skipped) -> anyhow::Result<()> {
    if prerequisites::has_shared(&crate::root()) {
        beside.step("conformance", xtask()?.arg("conformance"))?;
    } else {
        skipped.add("conformance, and the tests that need the reference material in ../shared")?;
    }
    crate::peers::progenitor::check(|command| {
        beside.step("a client from the OpenAPI document, by progenitor", command)
    })?;
    if let Some(mut check) = crate::packages::oldest_compiler() {
        beside.step("the oldest compiler", &mut check)?;
    }
    crate::packages::remove_earlier()?;
    beside.step("packages", cargo().args(crate::packages::package()))
}

fn lint() -> anyhow::Result<()> {
    step(
        "lints",
        cargo()
            .args(["clippy", "--all-targets"])
            .args(TESTED)
            .args(["--", "--deny", "warnings"]),
    )
}

/// Lints the runtime without features, and with each of them alone: users choose among them.
fn lint_each_feature() -> anyhow::Result<()> {
    let package = "drawplate-runtime";
    let mut command = cargo();
    command.args(["metadata", "--no-deps", "--format-version", "1", "--locked"]);
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
            cargo()
                .args(["clippy", "--quiet", "--locked", "--package", package])
                .args(["--no-default-features", "--features", feature])
                .args(["--", "--deny", "warnings"]),
        )?;
    }
    Ok(())
}

fn document() -> anyhow::Result<()> {
    step(
        "documentation",
        cargo()
            // With the examples, the dependencies have the features that the lints have checked
            // them with, which are those of all targets.
            .args(["doc", "--lib", "--bins", "--examples", "--no-deps"])
            .arg("--document-private-items")
            .args(TESTED)
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn test_documents() -> anyhow::Result<()> {
    step(
        "documentation tests",
        cargo().args(["test", "--doc"]).args(TESTED),
    )
}

/// The rest of the checks may still run while the tests are built.
fn build_tests() -> anyhow::Result<()> {
    step("tests", runner().arg("--no-run"))
}

/// The command that builds and runs the tests.
fn runner() -> Command {
    let mut command = cargo();
    if nextest() {
        command.args(["nextest", "run"]).args(TESTED);
    } else {
        command
            .args(["test", "--lib", "--bins", "--tests"])
            .args(TESTED);
    }
    command
}

fn nextest() -> bool {
    let mut command = Command::new("cargo");
    command
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// cargo, in the root of the workspace.
fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(crate::root());
    command
}

/// This program, in the root of the workspace. cargo would wait until nothing else is built.
fn xtask() -> anyhow::Result<Command> {
    let program = env::current_exe().context("this program has no path")?;
    let mut command = Command::new(program);
    command.current_dir(crate::root());
    Ok(command)
}

/// What is run, as one would type it.
fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let is_own = env::current_exe().is_ok_and(|own| own == command.get_program());
    let program = if is_own { "cargo xtask" } else { &program };
    let arguments = command.get_args().map(|it| it.to_string_lossy());
    let words = [program.into()].into_iter().chain(arguments);
    words.collect::<Vec<_>>().join(" ")
}

fn step(title: &str, command: &mut Command) -> anyhow::Result<()> {
    let shown = shown(command);
    say(format_args!("== {title}: {shown}"))?;
    let status = command
        .status()
        .with_context(|| format!("{title}: cannot run {shown}"))?;
    if !status.success() {
        bail!("{title}: `{shown}` failed");
    }
    Ok(())
}
