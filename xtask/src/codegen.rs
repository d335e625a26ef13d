//! `cargo xtask codegen`: updates the generated crates of this workspace from their models.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use drawplate::{models, say};
use drawplate_codegen::pipeline::{Generated, Times};
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{Config, Models, Output, Rust, config};

use crate::lists::Lists;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing: list every stale, missing and extra file, and fail if there is one
    #[arg(long)]
    check: bool,
}

/// A folder of this workspace that is generated. Paths are relative to the root.
struct Target {
    /// The folders of the models and their configuration. Each model is loaded by itself.
    models: &'static [&'static str],
    /// The folder that the generator owns.
    sources: &'static str,
    output: fn() -> Box<dyn Output>,
}

const TARGETS: [Target; 4] = [
    Target {
        models: &[SERVICES],
        sources: "generated/src",
        output: || Box::new(Rust),
    },
    // The types that the tests of generated code use: every kind of shape, awkward names.
    Target {
        models: &[FIXTURES],
        sources: "tests/generated/src",
        output: || Box::new(Rust),
    },
    // Names that collide in every way.
    Target {
        models: &["tests/fixtures/names"],
        sources: "tests/names/src",
        output: || Box::new(Rust),
    },
    Target {
        models: &[SERVICES, FIXTURES],
        sources: "tests/src/lists",
        output: || Box::new(Lists),
    },
];

const SERVICES: &str = "model/services";
const FIXTURES: &str = "tests/fixtures/services";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    // All targets are generated before the first file is written: a bad model leaves all of them as
    // they are.
    let generated = TARGETS.iter().map(generate).collect::<Vec<_>>();
    let generated = generated.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let mut times = Times::default();
    let targets = TARGETS.iter().zip(&generated);
    let changes = targets.clone().map(|(target, Generated { files, .. })| {
        let folder = crate::root().join(target.sources);
        times.stage("compare", || Change::compare(&folder, "", files))
    });
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    if arguments.check {
        return check(&changes);
    }
    times.stage("write", || write::apply(&changes))?;
    for ((target, generated), change) in targets.zip(&changes) {
        let origins = generated.origins();
        say(format_args!("{} from {origins}: {change}", target.sources))?;
        say(format_args!("  {}", generated.times))?;
    }
    say(format_args!("together: {times}"))
}

fn generate(target: &Target) -> anyhow::Result<Generated> {
    let mut paths = Vec::new();
    for folder in target.models {
        paths.extend(model_files(folder)?);
    }
    let mut sources = models::read(&paths)?;
    let mut config = Config {
        outputs: vec![(target.output)()],
        ..self::config(Models::Separate)
    };
    for folder in target.models {
        let file = crate::root().join(folder).join(config::FILE);
        if file.exists() {
            models::configure(&mut config, &mut sources, &file)?;
        }
    }
    let generated = models::generate(&sources, &config)?;
    models::print(&generated.warnings, &sources);
    Ok(generated)
}

/// The configuration of everything that is generated here.
pub(crate) fn config(models: Models) -> Config {
    Config {
        models,
        root: Some(crate::root()),
        ..Config::default()
    }
}

/// Lists every file that differs, and fails if there is one.
fn check(changes: &[Change<'_>]) -> anyhow::Result<()> {
    for (target, change) in TARGETS.iter().zip(changes) {
        for (what, paths) in change.lists() {
            for path in paths {
                eprintln!("{what}: {}/{path}", target.sources);
            }
        }
        if change.is_empty() {
            say(format_args!("{} is up to date", target.sources))?;
        }
    }
    if !changes.iter().all(Change::is_empty) {
        bail!(
            "generated code does not match the models; run `cargo xtask codegen` and commit what it writes"
        );
    }
    Ok(())
}

/// The models of a folder, sorted by path.
fn model_files(folder: &str) -> anyhow::Result<Vec<PathBuf>> {
    let folder = crate::root().join(folder);
    let entries = folder
        .read_dir()
        .with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read {}", folder.display()))?
            .path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json" || extension == "smithy")
        {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        bail!("{} has no model in it", folder.display());
    }
    Ok(paths)
}
