//! `cargo xtask`: the chores of this repository. What users do with models of their own is the
//! command `drawplate`.

mod codegen;
mod conformance;
mod interop;
mod lists;
mod load;
mod packages;
mod peers;
mod programs;
mod test;
mod web;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The chores of the Drawplate repository.
///
/// The exit code is 0 if the task succeeded, 1 if it failed and 2 if the command line is wrong.
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask",
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Updates the generated code of this workspace: `generated` from model/services, and `tests`
    /// from its fixtures
    Codegen(codegen::Arguments),
    /// Runs the protocol test cases of Smithy against the client and server generated from them
    Conformance(conformance::Arguments),
    /// Compares performance with aws-sdk-amplifybackend, progenitor, serde, axum and matchit (takes
    /// many minutes)
    Peers(peers::Arguments),
    /// Puts a server under load and shuts it down under load (takes a minute, needs wrk)
    Load(load::Arguments),
    /// Runs everything that CI checks
    Test(test::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Codegen(arguments) => codegen::run(&arguments),
        Task::Conformance(arguments) => conformance::run(arguments),
        Task::Peers(arguments) => peers::run(&arguments),
        Task::Load(arguments) => load::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => drawplate::fail(&error),
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .parent()
        .expect("the xtask package is a folder of the workspace")
        .to_owned()
}
