//! `cargo xtask peers`: our client beside aws-sdk-amplifybackend, in one run. Takes minutes and is no part of the tests.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context as _, bail};

use crate::say;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many calls to measure
    #[arg(long, default_value_t = 100_000)]
    calls: u32,
}

/// A side of the comparison.
struct Peer {
    /// The folder of the workspace, below tests/peers.
    folder: &'static str,
    /// The crate that is compared.
    library: &'static str,
    /// The program that calls it.
    program: &'static str,
}

const OURS: Peer = Peer {
    folder: "drawplate",
    library: "amplify-admin",
    program: "peer-drawplate",
};
const THEIRS: Peer = Peer {
    folder: "aws",
    library: "aws-sdk-amplifybackend",
    program: "peer-aws",
};

/// One row: what, ours, theirs, unit.
struct Row(&'static str, f64, f64, &'static str);

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let ours = measure(&OURS, arguments.calls)?;
    let theirs = measure(&THEIRS, arguments.calls)?;
    let rows = [
        Row("packages in the tree", ours.packages, theirs.packages, ""),
        Row("clean debug build, CPU", ours.clean, theirs.clean, "s"),
        Row(
            "rebuild of the generated crate, CPU",
            ours.rebuild,
            theirs.rebuild,
            "s",
        ),
        Row(
            "call over an in-memory transport, signed",
            ours.signed,
            theirs.signed,
            "ns",
        ),
        Row(
            "call over an in-memory transport, unsigned",
            ours.unsigned,
            theirs.unsigned,
            "ns",
        ),
    ];
    say(format_args!(
        "| | {} | {} | ratio |\n|---|---|---|---|",
        OURS.library, THEIRS.library
    ))?;
    for Row(what, ours, theirs, unit) in rows {
        let ratio = ours / theirs;
        say(format_args!(
            "| {what} | {ours:.1} {unit} | {theirs:.1} {unit} | {ratio:.2} |"
        ))?;
    }
    if let Some(hand) = ours.hand {
        let ratio = ours.unsigned / hand;
        say(format_args!(
            "| the same, unsigned, by hand | {:.1} ns | {hand:.1} ns | {ratio:.2} |",
            ours.unsigned
        ))?;
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Figures {
    packages: f64,
    clean: f64,
    rebuild: f64,
    signed: f64,
    unsigned: f64,
    hand: Option<f64>,
}

fn measure(peer: &Peer, calls: u32) -> anyhow::Result<Figures> {
    let target = peer.workspace().join("target");
    if target.exists() {
        fs::remove_dir_all(&target)
            .with_context(|| format!("cannot remove {}", target.display()))?;
    }
    let listed = ["--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = peer.cargo(&[&["tree", "-p", peer.library], &listed[..]].concat())?;
    let tree = text(&tree);
    let mut packages = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .collect::<Vec<_>>();
    packages.sort_unstable();
    packages.dedup();
    let (packages, mut figures) = (packages.len(), Figures::default());
    figures.packages = f64::from(u32::try_from(packages).context("a tree has fewer packages")?);
    peer.cargo(&["fetch"])?;
    figures.clean = peer.cpu(&["build", "--quiet", "-p", peer.library])?;
    peer.cargo(&["clean", "--quiet", "-p", peer.library])?;
    figures.rebuild = peer.cpu(&["build", "--quiet", "-p", peer.library])?;
    peer.cargo(&["build", "--quiet", "--release"])?;
    let output = Command::new(target.join("release").join(peer.program))
        .arg(calls.to_string())
        .output();
    for line in text(&output.context("cannot run what was built")?).lines() {
        let (name, value) = line
            .split_once(' ')
            .with_context(|| format!("{}: {line}", peer.program))?;
        let value = value
            .parse::<f64>()
            .with_context(|| format!("{}: {line}", peer.program))?;
        match name {
            "signed" => figures.signed = value,
            "unsigned" => figures.unsigned = value,
            "hand" => figures.hand = Some(value),
            other => bail!("{} measures `{other}`, which has no row", peer.program),
        }
    }
    Ok(figures)
}

impl Peer {
    fn workspace(&self) -> PathBuf {
        crate::root().join("tests/peers").join(self.folder)
    }

    fn cargo(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = Command::new("cargo");
        command.args(arguments);
        self.run(command, "cargo")
    }

    /// The CPU seconds, user's and system's, that a run of cargo takes with all that it starts: what GNU time says.
    fn cpu(&self, arguments: &[&str]) -> anyhow::Result<f64> {
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%U %S", "cargo"]).args(arguments);
        let output = self.run(command, "GNU time (Debian: apt-get install time)")?;
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = printed.lines().last().unwrap_or_default();
        let seconds = last
            .split(' ')
            .map(str::parse::<f64>)
            .collect::<Result<Vec<_>, _>>();
        Ok(seconds
            .with_context(|| format!("GNU time printed {last}"))?
            .into_iter()
            .sum())
    }

    fn run(&self, mut command: Command, what: &str) -> anyhow::Result<Output> {
        command
            .current_dir(self.workspace())
            .env("CARGO_TARGET_DIR", "target");
        succeeded(command, what)
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
