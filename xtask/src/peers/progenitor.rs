//! progenitor, a generator of clients in Rust, on the OpenAPI document of our service.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use drawplate_codegen::{Config, Models, OpenApi, OpenApiFormat, OpenApiSettings, OpenApiVersion};
use serde_json::{Value, json};

use super::Workspace;
use drawplate::models;

/// The generator and its output, below tests/peers.
pub(super) const PROGENITOR: Workspace = Workspace("peers/progenitor");

/// The model of the service.
pub(super) const MODEL: &str = "model/services/amplifybackend.json";

/// Generates a client, and checks that it compiles, with commands that `run` has to run.
pub(crate) fn check(mut run: impl FnMut(&mut Command) -> anyhow::Result<()>) -> anyhow::Result<()> {
    write_document()?;
    run(&mut PROGENITOR.command(&build("dev")))?;
    run(&mut generate("dev"))?;
    run(&mut PROGENITOR.command(&[
        "check",
        "--quiet",
        "--locked",
        "--package",
        "peer-progenitor-client",
        "--lib",
        "--no-default-features",
    ]))
}

/// Writes the document and builds the generator. The result is the command that generates a client.
pub(super) fn generator(profile: &str) -> anyhow::Result<Command> {
    write_document()?;
    PROGENITOR.cargo(&build(profile))?;
    Ok(generate(profile))
}

/// The path of the document.
fn input() -> PathBuf {
    PROGENITOR.target().join("openapi.json")
}

fn write_document() -> anyhow::Result<()> {
    let target = PROGENITOR.target();
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    let document = input();
    fs::write(&document, document_text()?)
        .with_context(|| format!("cannot write {}", document.display()))
}

/// The arguments of cargo that build the generator.
fn build(profile: &str) -> [&str; 7] {
    [
        "build",
        "--quiet",
        "--locked",
        "--profile",
        profile,
        "--package",
        "peer-progenitor-generate",
    ]
}

/// The command that generates a client.
fn generate(profile: &str) -> Command {
    let target = PROGENITOR.target();
    let folder = if profile == "dev" { "debug" } else { profile };
    let mut command = Command::new(target.join(folder).join("peer-progenitor-generate"));
    command.arg(input()).arg(target.join("client.rs"));
    command
}

/// The text of the service's document, as progenitor can read it: in OpenAPI 3.0, and with one
/// schema for all errors of an operation.
fn document_text() -> anyhow::Result<String> {
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
