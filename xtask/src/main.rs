//! `cargo xtask`: the tasks of this workspace, and the only place that writes files.

mod codegen;
mod conformance;
mod draw;
mod explain;
mod generate;
mod interop;
mod load;
mod peers;
mod routes;
mod test;
mod write;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Draws Rust from API models.
///
/// Exits with 0 when the task is done, with 1 when it is not (what is printed says why), with 2 when the command line is wrong.
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
    /// Writes the generated code of this workspace: `generated` from model/services, and that of the tests
    Codegen(codegen::Arguments),
    /// Writes a crate from models of your own
    Generate(generate::Arguments),
    /// Explains a diagnostic
    Explain(explain::Arguments),
    /// Prints the routes of services
    Routes(routes::Arguments),
    /// Runs the protocol test cases of models against what is generated from them: Smithy's own suites, or models of your own
    Conformance(conformance::Arguments),
    /// Measures ours beside aws-sdk-amplifybackend, progenitor, serde, axum and matchit (takes many minutes)
    Peers(peers::Arguments),
    /// Puts a server under load, and stops it under load (takes a minute, needs wrk)
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
        .expect("the xtask package stands in a folder of the workspace")
        .to_owned()
}

/// Prints a line. A reader that has seen enough (`cargo xtask routes | head`) is no error.
fn say(line: impl std::fmt::Display) -> anyhow::Result<()> {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
