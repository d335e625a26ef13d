//! `cargo xtask peers`: comparisons with what a user would pick instead, in one run. Takes minutes
//! and is not part of the tests.

mod bench;
mod build;
mod clean;
mod generation;
pub(crate) mod progenitor;
mod services;

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context as _, bail};

use drawplate::say;
use drawplate_prerequisites as prerequisites;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The number of calls to measure
    #[arg(long, default_value_t = 100_000)]
    calls: u32,
    /// The number of times to run the benches
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
}

/// A part of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Generation, compared with progenitor
    Generation,
    /// Builds and sizes, compared with aws-sdk-amplifybackend and progenitor's output
    Builds,
    /// Clean builds of the generator as a build-dependency, compared with tonic and progenitor
    Generators,
    /// Clean builds of five operations of `DynamoDB`, compared with aws-sdk-dynamodb and with the
    /// dependencies alone
    Dynamodb,
    /// Builds of clients for ten services of AWS, compared with the crates of the SDK
    Services,
    /// Calls, compared with aws-sdk-amplifybackend
    Calls,
    /// The benches, compared with hand-written code
    Benches,
}

/// A row of the table.
struct Row {
    what: String,
    peer: String,
    ours: f64,
    theirs: f64,
    unit: &'static str,
    /// The upper bound of the ratio.
    budget: Option<f64>,
}

impl Row {
    fn new(
        what: impl Into<String>,
        peer: &str,
        ours: f64,
        theirs: f64,
        unit: &'static str,
        budget: Option<f64>,
    ) -> Self {
        Self {
            what: what.into(),
            peer: peer.to_owned(),
            ours,
            theirs,
            unit,
            budget,
        }
    }

    fn print(&self) -> anyhow::Result<()> {
        let Self {
            what,
            peer,
            ours,
            theirs,
            unit,
            budget,
        } = self;
        let ratio = ours / theirs;
        let verdict = match budget {
            Some(budget) if ratio <= *budget => format!("{budget:.2}, met"),
            Some(budget) => format!("{budget:.2}, missed"),
            None => String::new(),
        };
        say(format_args!(
            "| {what} | {} {unit} | {peer} | {} {unit} | {ratio:.2} | {verdict} |",
            shown(*ours),
            shown(*theirs)
        ))
    }
}

/// Counts have no fraction; measurements have the digits that are significant.
fn shown(value: f64) -> String {
    let digits = if value.fract() == 0.0 || value >= 100.0 {
        0
    } else {
        2
    };
    format!("{value:.digits$}")
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments {
        calls,
        rounds,
        only,
    } = arguments;
    let wanted = |part| only.is_empty() || only.contains(&part);
    let mut rows = Vec::new();
    // The builds need progenitor's output.
    if wanted(Part::Generation) || wanted(Part::Builds) {
        rows.extend(generation::rows()?);
    }
    if wanted(Part::Builds) {
        rows.extend(build::rows()?);
    }
    if wanted(Part::Generators) {
        rows.extend(clean::generators()?);
    }
    if wanted(Part::Dynamodb) {
        rows.extend(clean::dynamodb()?);
    }
    if wanted(Part::Services) {
        rows.extend(services::rows()?);
    }
    if wanted(Part::Calls) {
        rows.extend(build::calls(*calls)?);
    }
    if wanted(Part::Benches) {
        rows.extend(bench::rows(*rounds)?);
    }
    say("| what | ours | peer | peer's | ratio | budget |\n|---|---|---|---|---|---|")?;
    rows.iter().try_for_each(Row::print)
}

/// The folder of the reference material.
fn shared() -> PathBuf {
    prerequisites::shared(&crate::root())
}

/// A workspace of its own, by its path below tests.
#[derive(Clone, Copy)]
struct Workspace(&'static str);

impl Workspace {
    fn path(self) -> PathBuf {
        crate::root().join("tests").join(self.0)
    }

    fn target(self) -> PathBuf {
        self.path().join("target")
    }

    /// cargo in this workspace.
    fn command(self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command
            .args(arguments)
            .current_dir(self.path())
            .env("CARGO_TARGET_DIR", "target");
        command
    }

    fn cargo(self, arguments: &[&str]) -> anyhow::Result<Output> {
        succeeded(self.command(arguments), "cargo")
    }

    /// The CPU seconds, user and system, of a run of cargo and its child processes.
    fn cpu(self, arguments: &[&str]) -> anyhow::Result<f64> {
        Ok(timed(&self.command(arguments))?.seconds)
    }
}

/// The resources that a process and its child processes used.
struct Taken {
    /// CPU seconds, user and system.
    seconds: f64,
    /// Peak memory of the largest process.
    megabytes: f64,
}

/// Runs a command under GNU time.
fn timed(command: &Command) -> anyhow::Result<Taken> {
    let mut timed = Command::new("/usr/bin/time");
    timed
        .args(["-f", "%U %S %M"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            timed.env(name, value);
        }
    }
    let output = succeeded(timed, "GNU time (Debian: apt-get install time)")?;
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = printed.lines().last().unwrap_or_default();
    let numbers = last
        .split(' ')
        .map(str::parse::<f64>)
        .collect::<Result<Vec<_>, _>>();
    match numbers.as_deref() {
        Ok([user, system, kilobytes]) => Ok(Taken {
            seconds: user + system,
            megabytes: kilobytes * 1024.0 / 1e6,
        }),
        _ => bail!("GNU time printed `{last}`"),
    }
}

fn succeeded(mut command: Command, what: &str) -> anyhow::Result<Output> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {what}"))?;
    if !output.status.success() {
        bail!(
            "{command:?} failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
