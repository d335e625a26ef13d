//! Clean builds, debug: of five operations of `DynamoDB`, compared with the SDK and with their
//! dependencies alone, and of the generator as a build-dependency, compared with other generators.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::{Row, Workspace, succeeded};

const GENERATORS: Workspace = Workspace("generators");
const DYNAMODB: Workspace = Workspace("dynamodb");

/// The operations that the programs call.
const SELECTION: &str = r#"[services."com.amazonaws.dynamodb#DynamoDB_20120810"]
operations = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"]
"#;

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
    generate(&model)?;
    DYNAMODB.cargo(&["fetch"])?;
    let [ours, floor, sdk] =
        ["drawplate", "floor", "sdk"].map(|name| DYNAMODB.clean(name, "dynamodb"));
    let ours = ours?;
    let row = |peer, theirs, budget| {
        let what = "clean build, five operations of DynamoDB, CPU";
        Row::new(what, peer, ours, theirs, "s", budget)
    };
    let rebuilds = [
        DYNAMODB.rebuild("drawplate", "dynamodb")?,
        DYNAMODB.rebuild("sdk", "aws-sdk-dynamodb")?,
    ];
    Ok(vec![
        row("aws-sdk-dynamodb + aws-config", sdk?, Some(0.3)),
        row("its HTTP, TLS, JSON and hashes alone", floor?, Some(1.15)),
        Row::new(
            "rebuild of the generated crate, five operations, CPU",
            "aws-sdk-dynamodb",
            rebuilds[0],
            rebuilds[1],
            "s",
            Some(1.0 / 60.0),
        ),
    ])
}

/// Writes the crate that the program of ours uses.
fn generate(model: &Path) -> anyhow::Result<()> {
    let folder = crate::root().join("target/peers");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let config = folder.join("dynamodb.toml");
    fs::write(&config, SELECTION).with_context(|| format!("cannot write {}", config.display()))?;
    let mut command = Command::new("cargo");
    command
        .args(["run", "--quiet", "--package", "drawplate", "--", "generate"])
        .arg(model)
        .arg("--out")
        .arg(folder.join("dynamodb"))
        .args([
            "--name",
            "dynamodb",
            "--runtime-path",
            "runtime",
            "--config",
        ])
        .arg(config)
        .current_dir(crate::root());
    succeeded(command, "cargo")?;
    Ok(())
}

impl Workspace {
    /// The CPU seconds of a build from scratch of one member. Each has a target folder of its own.
    fn clean(self, member: &str, prefix: &str) -> anyhow::Result<f64> {
        let target = self.target().join(member);
        if target.exists() {
            fs::remove_dir_all(&target)
                .with_context(|| format!("cannot remove {}", target.display()))?;
        }
        let package = format!("{prefix}-{member}");
        self.cpu(&[
            "build",
            "--quiet",
            "--package",
            &package,
            "--target-dir",
            &format!("target/{member}"),
        ])
    }

    /// The CPU seconds of a build of one crate, after its dependencies.
    fn rebuild(self, member: &str, library: &str) -> anyhow::Result<f64> {
        let target = format!("target/{member}");
        let of = ["--quiet", "--package", library, "--target-dir", &target];
        self.cargo(&[&["clean"], &of[..]].concat())?;
        self.cpu(&[&["build"], &of[..]].concat())
    }
}
