//! The pipeline from the paths of models to the files of a crate, with the time that each stage takes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::bail;
use drawplate_codegen::{Files, Names, Unit};
use drawplate_model::Ast;
use drawplate_model::diagnostic::Report;
use drawplate_model::model::Model;
use drawplate_model::source::Sources;

/// How long each stage took, in the order in which they first ran.
#[derive(Debug, Default)]
pub(crate) struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    /// Runs a stage and adds its time.
    pub(crate) fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = run();
        let time = start.elapsed();
        match self.0.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, total)) => *total += time,
            None => self.0.push((stage, time)),
        }
        value
    }
}

impl fmt::Display for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (stage, time)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{stage} {:.1} ms", time.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}

/// Reads the files of models. Prints what is wrong with them.
pub(crate) fn sources(paths: &[PathBuf], stages: &mut Stages) -> anyhow::Result<Sources> {
    stages
        .time("read", || Sources::read(paths))
        .or_else(|report| refuse(&report, &Sources::default()))
}

/// The one model that all sources are together. Prints what is wrong with it.
pub(crate) fn merged(sources: &Sources, stages: &mut Stages) -> anyhow::Result<Model> {
    let ast = stages.time("load", || drawplate_model::load(sources));
    model(ast, sources, stages)
}

/// The same with its warnings, which are not printed.
pub(crate) fn checked(sources: &Sources, stages: &mut Stages) -> anyhow::Result<(Model, Report)> {
    let ast = stages.time("load", || drawplate_model::load(sources));
    quiet(ast, sources, stages)
}

/// The models that the sources are each by itself. Every one is looked at before the first bad one ends the task.
pub(crate) fn each(sources: &Sources, stages: &mut Stages) -> anyhow::Result<Vec<Model>> {
    let models = sources.iter().map(|(id, _)| {
        let ast = stages.time("load", || drawplate_model::load_one(sources, id));
        model(ast, sources, stages)
    });
    models.collect::<Vec<_>>().into_iter().collect()
}

/// Resolves and checks a model. Prints what it is warned of.
fn model(
    ast: Result<Ast<'_>, Report>,
    sources: &Sources,
    stages: &mut Stages,
) -> anyhow::Result<Model> {
    let (model, warnings) = quiet(ast, sources, stages)?;
    if !warnings.is_empty() {
        eprint!("{}", warnings.render(sources, color()));
    }
    Ok(model)
}

/// Resolves and checks a model, and gives its warnings.
fn quiet(
    ast: Result<Ast<'_>, Report>,
    sources: &Sources,
    stages: &mut Stages,
) -> anyhow::Result<(Model, Report)> {
    let ast = ast.or_else(|report| refuse(&report, sources))?;
    let resolved = stages.time("resolve", || drawplate_model::resolve(ast));
    let (model, mut warnings) = resolved.or_else(|report| refuse(&report, sources))?;
    let checked = stages.time("check", || drawplate_model::check(&model));
    match checked {
        Ok(more) => warnings.merge(more),
        Err(mut report) => {
            report.merge(warnings);
            return refuse(&report, sources);
        }
    }
    Ok((model, warnings))
}

/// Spells the names of `units`. Prints what is wrong with them.
pub(crate) fn names(
    units: &[Unit<'_>],
    sources: &Sources,
    stages: &mut Stages,
) -> anyhow::Result<Names> {
    stages
        .time("names", || drawplate_codegen::allot(units))
        .or_else(|report| refuse(&report, sources))
}

/// Generates and renders the sources of a crate, below `src`.
pub(crate) fn files(units: &[Unit<'_>], names: &Names, stages: &mut Stages) -> Files {
    let drafts = stages.time("generate", || drawplate_codegen::generate(units, names));
    stages.time("render", || drawplate_codegen::render(drafts))
}

fn refuse<T>(report: &Report, sources: &Sources) -> anyhow::Result<T> {
    eprint!("{}", report.render(sources, color()));
    let errors = report
        .diagnostics()
        .iter()
        .filter(|d| d.severity() == drawplate_model::diagnostic::Severity::Error)
        .count();
    let s = if errors == 1 { "" } else { "s" };
    bail!(
        "stopped at {errors} error{s} in the model; `cargo xtask explain CODE` says more about a code"
    )
}

/// Whether diagnostics are printed in colour.
fn color() -> bool {
    use std::io::IsTerminal as _;
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// What headers call a model: its path below the workspace, else its file's name.
pub(crate) fn origin(path: &Path) -> String {
    let name = path
        .strip_prefix(crate::root())
        .ok()
        .or_else(|| path.file_name().map(Path::new))
        .unwrap_or(path);
    let parts = name
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts
        .collect::<Vec<_>>()
        .join("/")
        .replace(char::is_control, "?")
}
