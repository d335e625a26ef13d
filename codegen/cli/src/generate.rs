//! `drawplate generate`: a crate, or a module of one, from models.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use drawplate_codegen::pipeline::Generated;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{Config, Layout, Runtime, manifest};
use drawplate_model::diagnostic::Report;
use drawplate_model::source::Sources;

use crate::paths::RUNTIME;
use crate::{console, models, paths, progress, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of Smithy models, or folders of them; all together are one model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// The folder of the crate or module; created if it does not exist, updated if it was generated
    /// before
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The name of the crate, for a new Cargo.toml; one that exists keeps its name
    #[arg(
        long,
        value_name = "NAME",
        value_parser = paths::package_name
    )]
    name: Option<String>,
    /// Generate a module of an existing crate: DIR is a folder in its `src`
    #[arg(long, conflicts_with_all = ["name", "runtime_path"])]
    module: bool,
    /// The configuration [default: drawplate.toml in the current folder, if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write nothing: list every stale, missing and extra file, and fail if there is one
    #[arg(long)]
    check: bool,
    /// The folder of drawplate-runtime, for the crate's Cargo.toml [default: that of the
    /// configuration, otherwise its version in the registry]
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments {
        models,
        config,
        out,
        name,
        module,
        check,
        runtime_path,
    } = arguments;
    let folder = &paths::normal(out)?;
    let mut sources = models::read(models)?;
    let file = models::config_file(config.as_deref());
    let mut config = Config::default();
    if let Some(file) = &file {
        models::configure(&mut config, &mut sources, file)?;
    }
    if *module {
        config.layout = Layout::Module;
    }
    if let Some(name) = name {
        config = config.package(name);
    }
    let has_code = config.outputs.iter().any(|output| output.has_modules());
    let package = &package_folder(folder, &config.layout, has_code)?;
    if has_code && config.layout == Layout::Crate && config.package.is_none() {
        let manifest = package.join(manifest::FILE);
        if !manifest.exists() {
            usage("the crate has no name: pass `--name NAME`, or set it in the configuration");
        }
        let name = manifest::package_name(&manifest, &mut sources);
        let name = name.or_else(|report| models::reject(&report, &sources))?;
        config = config.package(name);
    }
    if has_code
        && let Some(runtime) = paths::runtime(runtime_path.as_deref(), &config, file.as_deref())
    {
        config.runtime = Runtime::Path(paths::dependency(&runtime, package, RUNTIME)?);
    }
    let generated = models::generate(&sources, &config)?;
    models::print(&generated.warnings, &sources);
    if has_code {
        check_manifest(package, &mut sources, &generated, &config)?;
    }
    let files = &generated.files;
    let change = [match config.layout {
        // Without code, no folder belongs to the generator.
        _ if !has_code => Change::of_files(folder, files)?,
        Layout::Crate => {
            let change = Change::compare(folder, "src", files)?;
            // Without this output, a document was written by another command.
            if config.outputs.iter().all(|output| output.has_modules()) {
                change
            } else {
                change.with_old_documents(&generated.origins())?
            }
        }
        // A module has its whole folder, and a file has none: other files may be beside it.
        Layout::Module => Change::compare(folder, "", files)?,
        Layout::File { .. } => Change::of_files(folder, files)?,
    }];
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

/// Ends the process as clap does after a wrong command line.
fn usage(message: &str) -> ! {
    let kind = clap::error::ErrorKind::MissingRequiredArgument;
    clap::Error::raw(kind, format!("{message}\n")).exit()
}

/// The folder of the crate that has the generated code: the output, or one above it. Documents
/// alone need none.
fn package_folder(folder: &Path, layout: &Layout, has_code: bool) -> anyhow::Result<PathBuf> {
    if *layout == Layout::Crate || !has_code {
        return Ok(folder.to_owned());
    }
    let mut folders = folder.ancestors().skip(1);
    let found = folders.find(|folder| folder.join(manifest::FILE).exists());
    found.map(Path::to_owned).with_context(|| {
        format!(
            "{} is not in a crate: no folder above it has a Cargo.toml",
            folder.display()
        )
    })
}

/// Reports what the manifest in the folder of the crate lacks, if there is one, and whether cargo
/// builds the crate.
fn check_manifest(
    folder: &Path,
    sources: &mut Sources,
    generated: &Generated,
    config: &Config,
) -> anyhow::Result<()> {
    let mut report = Report::new();
    let manifest = folder.join(manifest::FILE);
    if manifest.exists() {
        let checked = manifest::check(&manifest, sources, &generated.models, config);
        report.merge(checked.or_else(|report| models::reject(&report, sources))?);
    }
    if config.layout == Layout::Crate {
        report.merge(workspace::check_membership(folder, sources));
    }
    models::print(&report, sources);
    Ok(())
}
