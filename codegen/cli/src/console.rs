//! What is printed, and where: results to stdout, everything else to stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context as _;

/// When the output has colors.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the variable `NO_COLOR` is set.
    Auto,
    Always,
    Never,
}

static QUIET: AtomicBool = AtomicBool::new(false);

/// Sets the options that all commands have.
pub(crate) fn set(color: Color, quiet: bool) {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether stderr takes colors.
pub(crate) fn has_color() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// Whether stderr is a terminal that progress may be shown on.
pub(crate) fn shows_progress() -> bool {
    io::stderr().is_terminal() && !QUIET.load(Ordering::Relaxed)
}

/// Prints a line of a result. A reader that stops reading (`drawplate routes .. | head`) is not an
/// error.
pub fn say(line: impl Display) -> anyhow::Result<()> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to stdout")
        }
        _ => Ok(()),
    }
}

/// Prints a line about what was done, unless that is not wanted.
pub(crate) fn summary(line: impl Display) -> anyhow::Result<()> {
    if QUIET.load(Ordering::Relaxed) {
        Ok(())
    } else {
        say(line)
    }
}

/// Prints a line beside the result.
pub(crate) fn note(line: impl Display) {
    anstream::eprintln!("{line}");
}

/// Prints an error with its causes.
pub fn fail(error: &anyhow::Error) -> ExitCode {
    titled(
        AnsiColor::BrightRed.on_default().bold(),
        "error",
        &format_args!("{error:#}"),
    );
    ExitCode::FAILURE
}

fn titled(style: Style, title: &str, text: &dyn Display) {
    anstream::eprintln!("{style}{title}{style:#}: {text}");
}
