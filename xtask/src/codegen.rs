//! `cargo xtask codegen`: brings the generated crates of this workspace in line with their models.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use drawplate_codegen::{Files, Unit};

use crate::draw::{self, Stages};
use crate::say;
use crate::write::{self, Difference, Tree};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing: name every stale, missing and extra file, and fail if there is one
    #[arg(long)]
    check: bool,
}

/// A crate of this workspace whose `src` is generated. Paths are below the root.
struct Target {
    /// The folder of the models, each of which is loaded by itself.
    models: &'static str,
    /// The folder that the generator owns.
    sources: &'static str,
}

const TARGETS: [Target; 2] = [
    Target {
        models: SERVICES,
        sources: "generated/src",
    },
    // The types that the tests of generated code use: every kind of shape, awkward names.
    Target {
        models: "tests/fixtures/kitchen",
        sources: "tests/src",
    },
];

const SERVICES: &str = "model/services";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    // Every target is drawn before the first file is written: a bad model leaves all of them as they are.
    let drawn = TARGETS.iter().map(draw).collect::<Vec<_>>();
    let drawn = drawn.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let mut stages = Stages::default();
    let compared = drawn.iter().map(|drawn| {
        let tree = Tree::new(crate::root().join(drawn.target.sources), "");
        let difference = stages.time("compare", || tree.compare(&drawn.files))?;
        Ok((tree, difference))
    });
    let compared = compared.collect::<anyhow::Result<Vec<_>>>()?;
    let drawn = drawn.iter().zip(&compared);
    if !arguments.check {
        let changes = drawn
            .clone()
            .map(|(drawn, (tree, difference))| (tree, &drawn.files, difference))
            .collect::<Vec<_>>();
        stages.time("write", || write::apply(&changes))?;
    }
    let mut fresh = true;
    for (drawn, (_, difference)) in drawn {
        let Drawn {
            target,
            origins,
            files,
            stages,
        } = drawn;
        if arguments.check {
            fresh &= check(target, difference, files.len())?;
            continue;
        }
        say(format_args!(
            "{} from {origins}: {}",
            target.sources,
            difference.summary(files.len())
        ))?;
        say(format_args!("  {stages}"))?;
    }
    if !arguments.check {
        say(format_args!("together: {stages}"))?;
    }
    if !fresh {
        bail!(
            "generated code is not what the models say; run `cargo xtask codegen` and commit what it writes"
        );
    }
    Ok(())
}

/// What a target is to hold.
struct Drawn {
    target: &'static Target,
    origins: String,
    files: Files,
    stages: Stages,
}

fn draw(target: &'static Target) -> anyhow::Result<Drawn> {
    let mut stages = Stages::default();
    let paths = models(target.models)?;
    let sources = draw::sources(&paths, &mut stages)?;
    let models = draw::each(&sources, &mut stages)?;
    let origins = paths
        .iter()
        .map(|path| draw::origin(path))
        .collect::<Vec<_>>();
    let units = models
        .iter()
        .zip(&origins)
        .map(|(model, origin)| Unit { model, origin })
        .collect::<Vec<_>>();
    let names = draw::names(&units, &sources, &mut stages)?;
    let files = draw::files(&units, &names, &mut stages);
    Ok(Drawn {
        target,
        origins: origins.join(", "),
        files,
        stages,
    })
}

/// Names every file that differs; whether there is none.
fn check(target: &Target, difference: &Difference, files: usize) -> anyhow::Result<bool> {
    for (what, paths) in difference.lists() {
        for path in paths {
            eprintln!("{what}: {}/{path}", target.sources);
        }
    }
    if difference.is_empty() {
        say(format_args!(
            "{} is up to date: {files} files",
            target.sources
        ))?;
    }
    Ok(difference.is_empty())
}

/// The models that ship with the project.
pub(crate) fn services() -> anyhow::Result<Vec<PathBuf>> {
    models(SERVICES)
}

/// The JSON files of a folder, sorted by path.
fn models(folder: &str) -> anyhow::Result<Vec<PathBuf>> {
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
            .is_some_and(|extension| extension == "json")
        {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        bail!("there is no model in {}", folder.display());
    }
    Ok(paths)
}
