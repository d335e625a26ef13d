//! Clean builds, debug: of five operations of `DynamoDB`, compared with the SDK and with their
//! dependencies alone, and of the generator as a build-dependency, compared with other generators.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::Context as _;

use super::{Row, Workspace, succeeded};

const GENERATORS: Workspace = Workspace("peers/generators");
const DYNAMODB: Workspace = Workspace("peers/dynamodb");

/// The operations that the programs call.
const CALLED: [&str; 5] = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"];

/// An operation that is added to them.
const ADDED: &str = "Scan";

/// Builds each generator as a build-dependency. No build script runs it.
pub(super) fn generators() -> anyhow::Result<Vec<Row>> {
    GENERATORS.cargo(&["fetch"])?;
    let [ours, tonic, progenitor] =
        ["drawplate", "tonic", "progenitor"].map(|name| GENERATORS.clean(name, "build-with"));
    let ours = ours?;
    let row = |peer, theirs, budget| {
        let what = "clean build of the generator as a build-dependency, CPU";
        Row::new(what, peer, ours, theirs, "s", budget)
    };
    Ok(vec![
        row("prost-build with tonic's builder", tonic?, Some(1.0)),
        row("progenitor", progenitor?, None),
    ])
}

/// Builds the programs that call `DynamoDB`.
pub(super) fn dynamodb() -> anyhow::Result<Vec<Row>> {
    let model = super::shared().join("aws-models/dynamodb.json");
    if !model.is_file() {
        eprintln!("skipped: DynamoDB: {} is missing", model.display());
        return Ok(Vec::new());
    }
    generate(&model, &CALLED)?;
    DYNAMODB.cargo(&["fetch"])?;
    let [ours, floor, request, sdk] =
        ["drawplate", "floor", "request", "sdk"].map(|name| DYNAMODB.clean(name, "dynamodb"));
    let ours = ours?;
    let row = |peer, theirs, budget| {
        let what = "clean build, five operations of DynamoDB, CPU";
        Row::new(what, peer, ours, theirs, "s", budget)
    };
    let mut rows = vec![
        row("aws-sdk-dynamodb + aws-config", sdk?, Some(0.3)),
        row("its HTTP, TLS, JSON and hashes alone", floor?, Some(1.15)),
        row("the same with the code of one request", request?, None),
    ];
    rows.extend(rebuilds(&model)?);
    Ok(rows)
}

/// Builds the generated crate again, alone and after its dependencies. The SDK is always built from
/// scratch, since a crate of the registry changes only with its version; a crate in the workspace
/// is usually built incrementally.
fn rebuilds(model: &Path) -> anyhow::Result<Vec<Row>> {
    const BUDGET: Option<f64> = Some(1.0 / 60.0);
    let sdk = DYNAMODB.rebuild("sdk", "aws-sdk-dynamodb")?;
    let row = |what, ours| {
        let what = format!("rebuild of the generated crate, five operations, {what}, CPU");
        Row::new(
            what,
            "aws-sdk-dynamodb from scratch",
            ours,
            sdk,
            "s",
            BUDGET,
        )
    };
    let scratch = DYNAMODB.rebuild("drawplate", "dynamodb")?;
    let build = [
        "build",
        "--quiet",
        "--package",
        "dynamodb",
        "--target-dir",
        "target/drawplate",
    ];
    DYNAMODB.cpu(&build)?;
    let root = crate_folder().join("src/lib.rs");
    let file = File::options().append(true).open(&root);
    file.and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| format!("cannot touch {}", root.display()))?;
    let touched = DYNAMODB.cpu(&build)?;
    generate(model, &[&CALLED[..], &[ADDED]].concat())?;
    let added = DYNAMODB.cpu(&build)?;
    generate(model, &CALLED)?;
    Ok(vec![
        row("from scratch", scratch),
        row("after a touch", touched),
        row("after an operation is added", added),
    ])
}

/// The crate that the program of ours uses.
fn crate_folder() -> PathBuf {
    crate::root().join("target/peers/dynamodb")
}

/// Writes the crate with these operations. Its configuration is beside its folder.
fn generate(model: &Path, operations: &[&str]) -> anyhow::Result<()> {
    let folder = crate_folder();
    let parent = folder.parent().context("the folder is in another")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    let config = folder.with_extension("toml");
    let service = "com.amazonaws.dynamodb#DynamoDB_20120810";
    let selection = format!("[services.{service:?}]\noperations = {operations:?}\n");
    fs::write(&config, selection).with_context(|| format!("cannot write {}", config.display()))?;
    drawplate([
        Path::new("generate"),
        model,
        Path::new("--out"),
        &folder,
        Path::new("--name"),
        Path::new("dynamodb"),
        Path::new("--runtime-path"),
        Path::new("runtime"),
        Path::new("--config"),
        &config,
    ])
}

/// Runs the command `drawplate` in the root of the repository.
pub(super) fn drawplate(
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command
        .args(["run", "--quiet", "--package", "drawplate", "--"])
        .args(arguments)
        .current_dir(crate::root());
    succeeded(command, "cargo")?;
    Ok(())
}

impl Workspace {
    /// The CPU seconds of a build from scratch of one member. Each has a target folder of its own.
    pub(super) fn clean(self, member: &str, prefix: &str) -> anyhow::Result<f64> {
        self.clean_packages(member, &[&format!("{prefix}-{member}")])
    }

    /// The CPU seconds of a build from scratch of packages, into a folder below the target folder.
    pub(super) fn clean_packages(self, folder: &str, packages: &[&str]) -> anyhow::Result<f64> {
        let target = self.target().join(folder);
        if target.exists() {
            fs::remove_dir_all(&target)
                .with_context(|| format!("cannot remove {}", target.display()))?;
        }
        let target = format!("target/{folder}");
        let mut build = vec!["build", "--quiet", "--target-dir", &target];
        build.extend(packages.iter().flat_map(|package| ["--package", package]));
        self.cpu(&build)
    }

    /// The CPU seconds of a build of one crate from scratch, after its dependencies, which are in a
    /// folder below the target folder.
    pub(super) fn rebuild(self, folder: &str, library: &str) -> anyhow::Result<f64> {
        let target = format!("target/{folder}");
        let of = ["--quiet", "--package", library, "--target-dir", &target];
        let build = [&["build", "--config", "build.incremental=false"], &of[..]].concat();
        // With the features that the library alone enables in its dependencies.
        self.cargo(&build)?;
        self.cargo(&[&["clean"], &of[..]].concat())?;
        self.cpu(&build)
    }
}
