//! Generation: the whole process, compared with progenitor on an OpenAPI document of the same
//! service.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use drawplate_codegen::{Config, Models, OpenApi, OpenApiFormat, OpenApiSettings, OpenApiVersion};
use serde_json::{Value, json};

use super::{Row, Workspace, succeeded, timed};
use drawplate::models;

/// The generator and its output, below tests/peers.
pub(super) const PROGENITOR: Workspace = Workspace("progenitor");

/// The model of the service that both generate.
const MODEL: &str = "model/services/amplifybackend.json";

/// Writes the OpenAPI document, and generates from it and from the model.
pub(super) fn rows() -> anyhow::Result<Vec<Row>> {
    let target = PROGENITOR.target();
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    let document = target.join("openapi.json");
    fs::write(&document, self::document()?)
        .with_context(|| format!("cannot write {}", document.display()))?;

    PROGENITOR.cargo(&[
        "build",
        "--quiet",
        "--release",
        "--package",
        "peer-progenitor-generate",
    ])?;
    let mut theirs = Command::new(target.join("release/peer-progenitor-generate"));
    theirs.arg(&document).arg(target.join("client.rs"));
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

/// The text of the service's document, as progenitor can read it: in OpenAPI 3.0, and with one
/// schema for all errors of an operation.
fn document() -> anyhow::Result<String> {
    let sources = models::read(&[crate::root().join(MODEL)])?;
    let openapi = OpenApiSettings {
        version: OpenApiVersion::V3_0,
        format: OpenApiFormat::Json,
    };
    let config = Config {
        openapi,
        outputs: vec![Box::new(OpenApi)],
        ..crate::codegen::config(Models::Merged)
    };
    let generated = models::generate(&sources, &config)?;
    let (_, text) = generated
        .files
        .iter()
        .next()
        .context("the model has a service")?;
    let mut document = serde_json::from_str::<Value>(text).context("the document is JSON")?;
    document["components"]["schemas"]["AnyServiceError"] =
        json!({ "type": "object", "properties": { "message": { "type": "string" } } });
    let schema = json!({ "$ref": "#/components/schemas/AnyServiceError" });
    let failure = json!({
        "description": "Failure",
        "content": { "application/json": { "schema": schema } },
    });
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
    for (_, operation) in operations {
        if let Some(responses) = operation["responses"].as_object_mut() {
            responses.retain(|status, _| !status.starts_with(['4', '5']));
            responses.extend(["4XX", "5XX"].map(|range| (range.to_owned(), failure.clone())));
        }
    }
    Ok(document.to_string())
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
