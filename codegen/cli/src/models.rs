//! The models of a command: reads their files, runs the pipeline and prints what it reports.

use std::path::{Path, PathBuf};

use anyhow::bail;
use drawplate_codegen::pipeline::{self, Generated};
use drawplate_codegen::{CheckedModel, Config, config};
use drawplate_model::diagnostic::Report;
use drawplate_model::model::Service;
use drawplate_model::source::Sources;

use crate::{console, progress};

/// Reads files and folders of models. Prints errors.
pub fn read(paths: &[PathBuf]) -> anyhow::Result<Sources> {
    Sources::read(paths).or_else(|report| reject(&report, &Sources::default()))
}

/// The configuration file that is chosen, or `drawplate.toml` in the current folder if it exists. A
/// link that leads nowhere is meant to be one, and is reported when it is read.
pub(crate) fn config_file(chosen: Option<&Path>) -> Option<PathBuf> {
    let default =
        || Some(PathBuf::from(config::FILE)).filter(|file| file.exists() || file.is_symlink());
    chosen.map(Path::to_owned).or_else(default)
}

/// Reads a configuration file. Prints errors.
pub fn configure(config: &mut Config, sources: &mut Sources, file: &Path) -> anyhow::Result<()> {
    try_configure(config, sources, file).or_else(|report| reject(&report, sources))
}

/// Reads a configuration file.
pub(crate) fn try_configure(
    config: &mut Config,
    sources: &mut Sources,
    file: &Path,
) -> Result<(), Report> {
    let file = sources.read_beside(file)?;
    config.read(sources, file)
}

/// Generates files from models. Prints errors, not warnings.
pub fn generate(sources: &Sources, config: &Config) -> anyhow::Result<Generated> {
    progress::during("Generating", || pipeline::run(sources, config))
        .or_else(|report| reject(&report, sources))
}

/// The models of sources with their warnings, by the default configuration. Prints errors.
pub(crate) fn try_models(sources: &Sources) -> anyhow::Result<(Vec<CheckedModel>, Report)> {
    pipeline::models(sources, &Config::default()).or_else(|report| reject(&report, sources))
}

/// Reads and checks models and generates nothing. Prints errors and warnings.
pub fn check(sources: &Sources, config: &Config) -> anyhow::Result<Vec<CheckedModel>> {
    let (models, warnings) = progress::during("Checking", || pipeline::models(sources, config))
        .or_else(|report| reject(&report, sources))?;
    print(&warnings, sources);
    Ok(models)
}

/// Whether a service is the one that an option names: by its shape id, or by the name of its shape
/// in upper or lower case.
pub(crate) fn is_called(service: &Service, name: &str) -> bool {
    service.name.as_str() == name || service.name.name().eq_ignore_ascii_case(name)
}

/// Prints what a report has found.
pub fn print(report: &Report, sources: &Sources) {
    anstream::eprint!("{}", report.render(sources, console::has_color()));
}

/// Fails if a report that is already printed has an error.
pub(crate) fn fail_on_errors(report: &Report) -> anyhow::Result<()> {
    match report.errors() {
        0 => Ok(()),
        1 => bail!("found 1 error; `drawplate explain CODE` explains a code"),
        errors => bail!("found {errors} errors; `drawplate explain CODE` explains a code"),
    }
}

/// Prints a report with errors and fails.
pub(crate) fn reject<T>(report: &Report, sources: &Sources) -> anyhow::Result<T> {
    print(report, sources);
    fail_on_errors(report)?;
    unreachable!("the report of a failure has an error")
}
