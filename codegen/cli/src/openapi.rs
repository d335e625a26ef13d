//! `drawplate openapi`: the OpenAPI document of a service.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use drawplate_codegen::write::{self, Change};
use drawplate_codegen::{CheckedModel, Config, Files, OpenApi, OpenApiFormat, OpenApiVersion};
use drawplate_model::diagnostic::Report;
use drawplate_model::model::{Service, ServiceId};

use crate::{console, models, progress};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files of Smithy models, or folders of them; all together are one model
    #[arg(required = true, value_name = "MODEL")]
    models: Vec<PathBuf>,
    /// The service: its shape id, or the name of its shape in upper or lower case. Needed if the
    /// model has several
    #[arg(long, value_name = "S")]
    service: Option<String>,
    /// The version of OpenAPI: 3.1, or 3.0 for tools that read no later version [default: that of
    /// the configuration, otherwise 3.1]
    #[arg(long, value_name = "VERSION", value_enum, hide_possible_values = true)]
    openapi: Option<Version>,
    /// The format: json or yaml [default: that of the configuration, otherwise json]
    #[arg(long, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    format: Option<Format>,
    /// The file to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The configuration [default: drawplate.toml in the current folder, if it exists]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Version {
    #[value(name = "3.0")]
    V3_0,
    #[value(name = "3.1")]
    V3_1,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
    Yaml,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments {
        models,
        service,
        openapi,
        format,
        out,
        config,
    } = arguments;
    let mut sources = models::read(models)?;
    let mut configured = Config::default();
    if let Some(file) = models::config_file(config.as_deref()) {
        models::configure(&mut configured, &mut sources, &file)?;
    }
    let mut settings = configured.openapi;
    if let Some(version) = openapi {
        settings.version = match version {
            Version::V3_0 => OpenApiVersion::V3_0,
            Version::V3_1 => OpenApiVersion::V3_1,
        };
    }
    if let Some(format) = format {
        settings.format = match format {
            Format::Json => OpenApiFormat::Json,
            Format::Yaml => OpenApiFormat::Yaml,
        };
    }
    let models = models::check(&sources, &configured)?;
    let (model, service) = choose(&models, service.as_deref())?;
    let mut report = Report::default();
    let document = OpenApi::document(model, service, settings, &mut report);
    models::print(&report, &sources);
    models::fail_on_errors(&report)?;
    let document = document.context("a service without a document is an error")?;
    match out {
        Some(out) => write(out, document),
        None => console::say(document.trim_end()),
    }
}

/// The service with a name, or the only one.
fn choose<'m>(
    models: &'m [CheckedModel],
    name: Option<&str>,
) -> anyhow::Result<(&'m CheckedModel, ServiceId)> {
    let services = models.iter().flat_map(|checked| {
        let services = checked.model.services.iter();
        services.map(move |(id, service)| (checked, id, service))
    });
    let services = services.collect::<Vec<_>>();
    let is_wanted = |service: &Service| name.is_none_or(|name| models::is_called(service, name));
    let found = services.iter().filter(|(.., service)| is_wanted(service));
    let found = found.collect::<Vec<_>>();
    let list = |services: &[&(_, _, &Service)]| {
        let names = services.iter().map(|(.., service)| service.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    match (&*found, name) {
        ([(model, id, _)], _) => Ok((*model, *id)),
        ([], Some(name)) => {
            let all = list(&services.iter().collect::<Vec<_>>());
            bail!("unknown service `{name}`; the services are {all}")
        }
        ([], None) => bail!("the configuration selects no service of the model"),
        (several, Some(name)) => bail!(
            "several services are called `{name}`; pass the shape id of one of them: {}",
            list(several)
        ),
        (several, None) => bail!(
            "the model has several services; choose one with `--service`: {}",
            list(several)
        ),
    }
}

/// Writes a document, if the file differs and is not one that was written by hand.
fn write(out: &Path, document: String) -> anyhow::Result<()> {
    let name = out.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("{} is not the path of a file", out.display()))?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut files = Files::default();
    files.add(name.to_owned(), document);
    let change = [Change::of_files(folder, &files)?];
    progress::during("Writing", || write::apply(&change))?;
    let [change] = change;
    console::summary(format_args!("{}: {change}", out.display()))
}
