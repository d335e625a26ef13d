//! Generation: the whole process, compared with progenitor on an OpenAPI document of the same
//! service.

use std::path::Path;
use std::process::Command;

use super::progenitor::{self, MODEL};
use super::{Row, succeeded, timed};

/// Generates from the OpenAPI document and from the model.
pub(super) fn rows() -> anyhow::Result<Vec<Row>> {
    let theirs = progenitor::generator("release")?;
    let mut build = Command::new("cargo");
    build
        .args(["build", "--quiet", "--release", "--package", "drawplate"])
        .current_dir(crate::root());
    succeeded(build, "cargo")?;
    let generated = crate::root().join("target/peers");
    let amplify = shortest(&ours(
        &crate::root().join(MODEL),
        &generated.join("amplify"),
    ))?;
    let progenitor = shortest(&theirs)?;
    let mut rows = vec![Row::new(
        "codegen of amplifybackend, whole process, CPU",
        "progenitor",
        amplify.0,
        progenitor.0,
        "ms",
        Some(0.5),
    )];
    let largest = super::shared().join("aws-models/sagemaker.json");
    if largest.is_file() {
        let (time, memory) = shortest(&ours(&largest, &generated.join("sagemaker")))?;
        rows.push(Row::new(
            "codegen of sagemaker (3.3 MB), whole process, CPU",
            "the budget",
            time,
            2000.0,
            "ms",
            Some(1.0),
        ));
        rows.push(Row::new(
            "codegen of sagemaker (3.3 MB), memory",
            "the budget",
            memory,
            400.0,
            "MB",
            Some(1.0),
        ));
    } else {
        eprintln!(
            "skipped: codegen of sagemaker: {} is missing",
            largest.display()
        );
    }
    Ok(rows)
}

/// The command that generates a crate from a model.
fn ours(model: &Path, out: &Path) -> Command {
    let mut command = Command::new(crate::root().join("target/release/drawplate"));
    command
        .arg("generate")
        .arg(model)
        .arg("--out")
        .arg(out)
        .args(["--name", "peer"]);
    command
}

/// CPU milliseconds and megabytes of the shortest of several runs. The first run writes files, the
/// others compare them.
fn shortest(command: &Command) -> anyhow::Result<(f64, f64)> {
    let mut best = (f64::INFINITY, 0.0);
    for _ in 0..7 {
        let taken = timed(command)?;
        if taken.seconds * 1000.0 < best.0 {
            best = (taken.seconds * 1000.0, taken.megabytes);
        }
    }
    Ok(best)
}
