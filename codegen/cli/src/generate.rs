//! `drawplate generate`: a crate from models.

use std::path::PathBuf;

use anyhow::bail;
use drawplate_codegen::pipeline::Generated;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{Config, Package, Runtime};

use crate::{console, models, paths, progress};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of Smithy models, or folders of them; all together are one model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// The folder of the crate; created if it does not exist, updated if it was generated before
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The name of the crate
    #[arg(long, value_name = "NAME", value_parser = paths::package_name)]
    name: String,
    /// The configuration [default: drawplate.toml in the current folder, if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write nothing: list every stale, missing and extra file, and fail if there is one
    #[arg(long)]
    check: bool,
    /// The folder of drawplate-runtime, for the crate's Cargo.toml [default: its version in the
    /// registry]
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments {
        models,
        config,
        out,
        name,
        check,
        runtime_path,
    } = arguments;
    let folder = &paths::normal(out)?;
    let mut sources = models::read(models)?;
    let file = models::config_file(config.as_deref());
    let mut config = Config {
        package: Some(Package { name: name.clone() }),
        ..Config::default()
    };
    if let Some(file) = file {
        models::configure(&mut config, &mut sources, &file)?;
    }
    if let Some(runtime) = runtime_path {
        config.runtime = Runtime::Path(paths::dependency(runtime, folder, "drawplate-runtime")?);
    }
    let generated = models::generate(&sources, &config)?;
    models::print(&generated.warnings, &sources);
    let Generated { files, .. } = &generated;
    let change = [Change::compare(folder, "src", files)?];
    let out = out.display();
    if *check {
        for (what, paths) in change[0].lists() {
            for path in paths {
                console::note(format_args!("{what}: {out}/{path}"));
            }
        }
        if !change[0].is_empty() {
            bail!("{out} does not match the models; generate it without `--check`");
        }
        return console::summary(format_args!("{out} is up to date"));
    }
    progress::during("Writing", || write::apply(&change))?;
    let [change] = change;
    console::summary(format_args!("{out} from {}: {change}", generated.origins()))
}
