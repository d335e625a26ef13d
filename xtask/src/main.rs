//! `cargo xtask`: the chores of this repository.

mod codegen;
mod conformance;
mod explain;
mod generate;
mod interop;
mod lists;
mod load;
mod models;
mod peers;
mod routes;
mod test;

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
    /// Generates a crate from models of your own
    Generate(generate::Arguments),
    /// Explains a diagnostic code
    Explain(explain::Arguments),
    /// Prints the routes of services
    Routes(routes::Arguments),
    /// Runs the protocol test cases of models against the client and server generated from them
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
        Task::Generate(arguments) => generate::run(&arguments),
        Task::Explain(arguments) => explain::run(&arguments),
        Task::Routes(arguments) => routes::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Peers(arguments) => peers::run(&arguments),
        Task::Load(arguments) => load::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
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

/// Prints a line. A reader that stops reading (`cargo xtask routes | head`) is not an error.
fn say(line: impl std::fmt::Display) -> anyhow::Result<()> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
