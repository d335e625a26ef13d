//! `drawplate check`: the diagnostics of models.

use std::path::{Path, PathBuf};

use drawplate_codegen::{Config, pipeline};
use drawplate_model::diagnostic::Report;
use drawplate_model::source::Sources;

use crate::format::Format;
use crate::{models, progress};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of Smithy models, or folders of them; all together are one model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// The configuration [default: drawplate.toml in the current folder, if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How diagnostics are printed: `human` to stderr, the others to stdout
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments {
        models,
        config,
        format,
    } = arguments;
    let (report, sources) = match Sources::read(models) {
        Ok(mut sources) => (find(config.as_deref(), &mut sources), sources),
        Err(report) => (report, Sources::default()),
    };
    format.print(&report, &sources)?;
    models::fail_on_errors(&report)
}

/// Everything that is reported about the models.
fn find(config: Option<&Path>, sources: &mut Sources) -> Report {
    let mut configured = Config::default();
    if let Some(file) = models::config_file(config)
        && let Err(report) = models::try_configure(&mut configured, sources, &file)
    {
        return report;
    }
    let checked = progress::during("Checking", || pipeline::check_all(sources, &configured));
    let (Ok(report) | Err(report)) = checked;
    report
}
