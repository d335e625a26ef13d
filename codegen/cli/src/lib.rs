//! The command `drawplate`: generates Rust from Smithy models, and checks them.
//!
//! Programs that generate code use [`drawplate_codegen`]; this library is the implementation of the
//! command, which the chores of Drawplate's repository share, and may change in any version.

mod ast;
mod check;
mod completions;
pub mod conformance;
mod console;
mod explain;
mod fmt;
mod format;
mod generate;
pub mod models;
mod new;
mod openapi;
mod paths;
mod progress;
mod routes;
pub mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub use console::{fail, say};

/// Generates Rust from Smithy models, and checks them
///
/// The exit code is 0 if the command succeeded, 1 if it failed and 2 if the command line is wrong.
#[derive(Debug, Parser)]
#[command(
    name = "drawplate",
    version,
    arg_required_else_help = true,
    subcommand_required = true,
    styles = STYLES
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print no progress and no summary
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Whether the output has colors
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        help = "Whether the output has colors: auto, always, never"
    )]
    color: console::Color,
}

/// The styles of cargo.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::BrightGreen.on_default().bold())
    .usage(AnsiColor::BrightGreen.on_default().bold())
    .literal(AnsiColor::BrightCyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::BrightRed.on_default().bold())
    .valid(AnsiColor::BrightCyan.on_default().bold())
    .invalid(AnsiColor::BrightYellow.on_default().bold());

#[derive(Debug, Subcommand)]
enum Command {
    /// Generates a crate, or a module of a crate, from models
    Generate(generate::Arguments),
    /// Creates a crate to start from
    New(new::Arguments),
    /// Checks models and generates nothing
    Check(check::Arguments),
    /// Prints the routes of services
    Routes(routes::Arguments),
    /// Writes the OpenAPI document of a service
    Openapi(openapi::Arguments),
    /// Prints the JSON AST of a model
    Ast(ast::Arguments),
    /// Formats files in the Smithy IDL
    Fmt(fmt::Arguments),
    /// Explains a diagnostic code
    Explain(explain::Arguments),
    /// Runs the protocol test cases of models against the client and server generated from them
    Conformance(conformance::Arguments),
    /// Prints a script that completes the command in a shell
    Completions(completions::Arguments),
}

/// Runs the command with the arguments of this process.
pub fn main() -> ExitCode {
    run("drawplate", std::env::args_os().collect())
}

/// Runs the command with the arguments of this process, of which cargo adds the first one.
pub fn cargo_main() -> ExitCode {
    let mut arguments = std::env::args_os().collect::<Vec<_>>();
    if arguments.get(1).is_some_and(|first| first == "drawplate") {
        arguments.remove(1);
    }
    run("cargo drawplate", arguments)
}

fn run(name: &'static str, arguments: Vec<OsString>) -> ExitCode {
    let parsed = Cli::command()
        .bin_name(name)
        .try_get_matches_from(arguments);
    let cli = parsed.and_then(|matches| Cli::from_arg_matches(&matches));
    let Cli {
        command,
        quiet,
        color,
    } = cli.unwrap_or_else(|error| error.exit());
    console::set(color, quiet);
    let outcome = match command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Routes(arguments) => routes::run(&arguments),
        Command::Openapi(arguments) => openapi::run(&arguments),
        Command::Ast(arguments) => ast::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Conformance(arguments) => conformance::run(&arguments).map(drop),
        Command::Completions(arguments) => completions::run(&arguments, Cli::command()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}
