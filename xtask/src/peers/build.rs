//! The cost of building and calling a client: ours, aws-sdk-amplifybackend, and for builds
//! progenitor's output.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::progenitor::PROGENITOR;
use super::{Row, Workspace, succeeded, text};

/// A side of the comparison.
struct Side {
    workspace: Workspace,
    /// The crate to compare.
    library: &'static str,
    /// The program that calls it in a loop.
    program: Option<&'static str>,
}

const OURS: Side = Side {
    workspace: Workspace("peers/drawplate"),
    library: "amplify-admin",
    program: Some("peer-drawplate"),
};
const AWS: Side = Side {
    workspace: Workspace("peers/aws"),
    library: "aws-sdk-amplifybackend",
    program: Some("peer-aws"),
};
const GENERATED: Side = Side {
    workspace: PROGENITOR,
    library: "peer-progenitor-client",
    program: None,
};

/// The program with one call, in every workspace.
const MINIMAL: &str = "minimal";

/// The cost of building a side.
struct Built {
    packages: f64,
    clean: f64,
    rebuild: f64,
    lines: f64,
    bytes: f64,
    debug: f64,
    release: f64,
}

/// Builds everything from scratch.
pub(super) fn rows() -> anyhow::Result<Vec<Row>> {
    let (ours, aws, progenitor) = (OURS.build()?, AWS.build()?, GENERATED.build()?);
    let mut rows = Vec::new();
    for (side, theirs, budgets) in [
        (&AWS, aws, [Some(1.0 / 3.0), Some(0.25)]),
        (&GENERATED, progenitor, [None, None]),
    ] {
        let name = if side.program.is_some() {
            side.library
        } else {
            "progenitor"
        };
        let mut row = |what: &str, ours: f64, theirs: f64, unit, budget| {
            rows.push(Row::new(what, name, ours, theirs, unit, budget));
        };
        row(
            "packages in the tree",
            ours.packages,
            theirs.packages,
            "",
            None,
        );
        row(
            "clean debug build, CPU",
            ours.clean,
            theirs.clean,
            "s",
            budgets[0],
        );
        row(
            "rebuild of the generated crate, CPU",
            ours.rebuild,
            theirs.rebuild,
            "s",
            budgets[1],
        );
        row(
            "lines of the generated crate",
            ours.lines,
            theirs.lines,
            "",
            None,
        );
        row(
            "bytes of the generated crate",
            ours.bytes,
            theirs.bytes,
            "",
            None,
        );
        row(
            "minimal program, debug",
            ours.debug,
            theirs.debug,
            "MB",
            None,
        );
        row(
            "minimal program, release and stripped",
            ours.release,
            theirs.release,
            "MB",
            None,
        );
    }
    Ok(rows)
}

/// Nanoseconds per call over an in-memory transport.
pub(super) fn calls(calls: u32) -> anyhow::Result<Vec<Row>> {
    let (ours, theirs) = (OURS.calls(calls)?, AWS.calls(calls)?);
    let of = |figures: &[(String, f64)], name: &str| {
        let found = figures.iter().find(|(other, _)| other == name);
        found
            .map(|(_, value)| *value)
            .with_context(|| format!("`{name}` was not measured"))
    };
    let row = |what: &str, budget| {
        let title = format!("call over an in-memory transport, {what}");
        Ok(Row::new(
            title,
            AWS.library,
            of(&ours, what)?,
            of(&theirs, what)?,
            "ns",
            budget,
        ))
    };
    [row("signed", Some(1.0 / 3.0)), row("unsigned", None)]
        .into_iter()
        .collect()
}

impl Side {
    fn build(&self) -> anyhow::Result<Built> {
        let Self {
            workspace,
            library,
            program: _,
        } = self;
        let target = workspace.target();
        for folder in ["debug", "release"].map(|profile| target.join(profile)) {
            if folder.exists() {
                fs::remove_dir_all(&folder)
                    .with_context(|| format!("cannot remove {}", folder.display()))?;
            }
        }
        workspace.cargo(&["fetch"])?;
        let clean = workspace.cpu(&["build", "--quiet", "-p", library])?;
        workspace.cargo(&["clean", "--quiet", "-p", library])?;
        let rebuild = workspace.cpu(&["build", "--quiet", "-p", library])?;
        workspace.cargo(&["build", "--quiet", "--bin", MINIMAL])?;
        workspace.cargo(&["build", "--quiet", "--release", "--bin", MINIMAL])?;
        let (lines, bytes) = self.source()?;
        Ok(Built {
            packages: self.packages()?,
            clean,
            rebuild,
            lines,
            bytes,
            debug: size(&target.join("debug").join(MINIMAL))?,
            release: size(&target.join("release").join(MINIMAL))?,
        })
    }

    fn packages(&self) -> anyhow::Result<f64> {
        let listed = [
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--no-dedupe",
        ];
        let tree = self
            .workspace
            .cargo(&[&["tree", "-p", self.library], &listed[..]].concat())?;
        let tree = text(&tree);
        count(tree.lines().collect::<BTreeSet<_>>().len())
    }

    /// Lines and bytes of the library's source.
    fn source(&self) -> anyhow::Result<(f64, f64)> {
        let metadata = self
            .workspace
            .cargo(&["metadata", "--format-version", "1"])?;
        let metadata = serde_json::from_str::<serde_json::Value>(&text(&metadata))?;
        let packages = metadata["packages"]
            .as_array()
            .context("cargo lists packages")?;
        let package = packages
            .iter()
            .find(|package| package["name"] == self.library);
        let package = package.with_context(|| format!("{} is among the packages", self.library))?;
        let targets = package["targets"]
            .as_array()
            .context("a package has targets")?;
        let library = targets.iter().find(|target| target["kind"][0] == "lib");
        let root = library.and_then(|target| target["src_path"].as_str());
        let root = Path::new(root.with_context(|| format!("{} is a library", self.library))?);
        // One file, or a folder of them.
        if root.file_name().is_some_and(|name| name == "lib.rs") {
            sum(root.parent().context("a file is in a folder")?)
        } else {
            of_file(root)
        }
    }

    fn calls(&self, calls: u32) -> anyhow::Result<Vec<(String, f64)>> {
        let Some(program) = self.program else {
            bail!("{} has no program that measures calls", self.library);
        };
        self.workspace
            .cargo(&["build", "--quiet", "--release", "--bin", program])?;
        let mut command = Command::new(self.workspace.target().join("release").join(program));
        command.arg(calls.to_string());
        let printed = text(&succeeded(command, program)?);
        let figures = printed.lines().map(|line| {
            let (name, value) = line
                .split_once(' ')
                .with_context(|| format!("{program}: {line}"))?;
            let value = value
                .parse()
                .with_context(|| format!("{program}: {line}"))?;
            Ok((name.to_owned(), value))
        });
        figures.collect()
    }
}

fn size(program: &Path) -> anyhow::Result<f64> {
    let metadata = program
        .metadata()
        .with_context(|| format!("cannot read the size of {}", program.display()))?;
    Ok(count(usize::try_from(metadata.len())?)? / 1e6)
}

fn count(number: usize) -> anyhow::Result<f64> {
    Ok(u32::try_from(number)
        .context("fewer than four billion")?
        .into())
}

fn of_file(path: &Path) -> anyhow::Result<(f64, f64)> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok((count(text.lines().count())?, count(text.len())?))
}

/// Lines and bytes of the Rust files below a folder.
fn sum(folder: &Path) -> anyhow::Result<(f64, f64)> {
    let mut total = (0.0, 0.0);
    for entry in folder
        .read_dir()
        .with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let (lines, bytes) = if path.is_dir() {
            sum(&path)?
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            of_file(&path)?
        } else {
            continue;
        };
        total = (total.0 + lines, total.1 + bytes);
    }
    Ok(total)
}
