//! The models of a task: reads their files, runs the pipeline and prints what it reports.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use drawplate_codegen::pipeline::{self, Generated};
use drawplate_codegen::{CheckedModel, Config};
use drawplate_model::diagnostic::{Report, Severity};
use drawplate_model::source::Sources;

/// Reads the files of models. Prints errors.
pub(crate) fn read(paths: &[PathBuf]) -> anyhow::Result<Sources> {
    Sources::read(paths).or_else(|report| reject(&report, &Sources::default()))
}

/// Reads a configuration file. Prints errors.
pub(crate) fn configure(
    config: &mut Config,
    sources: &mut Sources,
    file: &Path,
) -> anyhow::Result<()> {
    let id = sources.read_beside(file);
    let read = id.and_then(|id| config.read(sources, id));
    read.or_else(|report| reject(&report, sources))
}

/// Generates files from models. Prints errors, not warnings.
pub(crate) fn generate(sources: &Sources, config: &Config) -> anyhow::Result<Generated> {
    pipeline::run(sources, config).or_else(|report| reject(&report, sources))
}

/// Reads and checks models and generates nothing. Prints errors and warnings.
pub(crate) fn check(sources: &Sources, config: &Config) -> anyhow::Result<Vec<CheckedModel>> {
    let (models, warnings) =
        pipeline::models(sources, config).or_else(|report| reject(&report, sources))?;
    print(&warnings, sources);
    Ok(models)
}

/// Prints what a report has found.
pub(crate) fn print(report: &Report, sources: &Sources) {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    eprint!("{}", report.render(sources, color));
}

fn reject<T>(report: &Report, sources: &Sources) -> anyhow::Result<T> {
    print(report, sources);
    let errors = report
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error)
        .count();
    let s = if errors == 1 { "" } else { "s" };
    bail!("found {errors} error{s}; `cargo xtask explain CODE` explains a code")
}
