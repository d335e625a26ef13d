//! From sources to files: the only place that composes the stages.
//!
//! Each stage takes values and returns values. Stages that can fail report everything that they
//! find, and the next stage runs only when there is no error in the report. Callers use [`run`];
//! [`models`] and [`files`] are its two halves, and the single stages are public for benchmarks.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::source::{Location, Sources};
use drawplate_model::{Ast, Model};

pub use crate::render::render;
use crate::{CheckedModel, Config, Files, Models, SourceFile, customizations, origins};

/// The result of a run without errors.
#[derive(Debug)]
pub struct Generated {
    /// The models.
    pub models: Vec<CheckedModel>,
    /// The files of all outputs.
    pub files: Files,
    /// The warnings of all stages.
    pub warnings: Report,
    /// The time that each stage took.
    pub times: Times,
}

impl Generated {
    /// The files that the models were read from, in one line.
    pub fn origins(&self) -> String {
        origins(&self.models)
    }
}

/// Generates files from sources. The report of a failure has at least one error.
pub fn run(sources: &Sources, config: &Config) -> Result<Generated, Report> {
    let mut run = Run::default();
    let models = run.models(sources, config)?;
    let files = run.files(&models, config)?;
    let Run { report, times } = run;
    Ok(Generated {
        models,
        files,
        warnings: report,
        times,
    })
}

/// Reads the models of sources and checks them. Beside them are the warnings.
pub fn models(sources: &Sources, config: &Config) -> Result<(Vec<CheckedModel>, Report), Report> {
    let mut run = Run::default();
    let models = run.models(sources, config)?;
    Ok((models, run.report))
}

/// Reports everything that [`run`] would, without rendering a file.
///
/// A model without a service is not an error here: it may be shared by models that have one.
pub fn check_all(sources: &Sources, config: &Config) -> Result<Report, Report> {
    let mut run = Run::default();
    let models = run.checked(sources, config)?;
    run.stage("generate", |report| {
        generate(&models, config, report);
    })?;
    Ok(run.report)
}

/// Generates files from checked models. Beside them are the warnings.
pub fn files(models: &[CheckedModel], config: &Config) -> Result<(Files, Report), Report> {
    let mut run = Run::default();
    let files = run.files(models, config)?;
    Ok((files, run.report))
}

/// The findings and times of the stages so far.
#[derive(Default)]
struct Run {
    report: Report,
    times: Times,
}

impl Run {
    fn models(&mut self, sources: &Sources, config: &Config) -> Result<Vec<CheckedModel>, Report> {
        let models = self.checked(sources, config)?;
        self.stage("check", |report| need_services(&models, sources, report))?;
        Ok(models)
    }

    fn checked(&mut self, sources: &Sources, config: &Config) -> Result<Vec<CheckedModel>, Report> {
        let asts = self.stage("load", |report| load(sources, config.models, report))?;
        let mut models = self.stage("resolve", |report| resolve(asts, report))?;
        self.stage("select", |report| select(&mut models, config, report))?;
        customizations::correct(&mut models);
        self.stage("check", |report| check(&models, report))?;
        Ok(with_origins(models, sources, config))
    }

    fn files(&mut self, models: &[CheckedModel], config: &Config) -> Result<Files, Report> {
        let files = self.stage("generate", |report| generate(models, config, report))?;
        self.stage("render", |_| render(files))
    }

    /// Runs a stage. An error in the report ends the run.
    fn stage<T>(
        &mut self,
        name: &'static str,
        stage: impl FnOnce(&mut Report) -> T,
    ) -> Result<T, Report> {
        let value = self.times.stage(name, || stage(&mut self.report));
        if self.report.has_errors() {
            Err(std::mem::take(&mut self.report))
        } else {
            Ok(value)
        }
    }
}

/// Parses the sources: into one syntax tree, or into one for each file.
pub fn load<'a>(sources: &'a Sources, models: Models, report: &mut Report) -> Vec<Ast<'a>> {
    let asts = match models {
        Models::Merged => vec![drawplate_model::load(sources)],
        Models::Separate => {
            let files = sources.iter();
            files
                .map(|(id, _)| drawplate_model::load_one(sources, id))
                .collect()
        }
    };
    asts.into_iter()
        .filter_map(|ast| ast.map_err(|errors| report.merge(errors)).ok())
        .collect()
}

/// Links the shapes of each syntax tree and works out the facts that generation depends on.
pub fn resolve(asts: Vec<Ast<'_>>, report: &mut Report) -> Vec<Model> {
    let mut resolved = |ast| match drawplate_model::resolve(ast) {
        Ok((model, warnings)) => {
            report.merge(warnings);
            Some(model)
        }
        Err(errors) => {
            report.merge(errors);
            None
        }
    };
    asts.into_iter().filter_map(&mut resolved).collect()
}

/// Keeps the services and operations that the configuration selects. Warnings about the rest are
/// dropped with it.
pub fn select(models: &mut [Model], config: &Config, report: &mut Report) {
    crate::select::select(models, &config.services, report);
    report.retain_warnings(is_kept(models.iter()));
}

/// Whether a shape or operation is not one that a selection dropped from all services.
fn is_kept<'m>(models: impl Iterator<Item = &'m Model>) -> impl Fn(&str) -> bool {
    let dropped = models.flat_map(Model::dropped_ids);
    let dropped = dropped.collect::<BTreeSet<_>>();
    move |id| !dropped.contains(id)
}

/// Checks the models.
pub fn check(models: &[Model], report: &mut Report) {
    for model in models {
        let (Ok(found) | Err(found)) = drawplate_model::check(model);
        report.merge(found);
    }
    report.retain_warnings(is_kept(models.iter()));
}

/// Reports models without a service. A model whose services a selection dropped is not one of them.
fn need_services(models: &[CheckedModel], sources: &Sources, report: &mut Report) {
    // Models that are not merged have one file each.
    for (CheckedModel { model, .. }, (file, _)) in models.iter().zip(sources.iter()) {
        if model.services.is_empty() && model.dropped.is_empty() {
            let message = "the model has no service, so there is nothing to generate";
            let help = "add a service, or pass the file that defines it as well";
            let location = Location::file(file);
            report.push(Diagnostic::new(Code::NoService, message, location).help(help));
        }
    }
}

/// Runs the outputs.
pub fn generate<'a>(
    models: &'a [CheckedModel],
    config: &'a Config,
    report: &mut Report,
) -> Vec<SourceFile<'a>> {
    let outputs = config.outputs.iter();
    let files = outputs.flat_map(|output| output.files(models, config, report));
    let files = files.collect();
    if config.parts.openapi {
        // An output of documents warns of the same losses as the documents of routers.
        report.remove_duplicates();
    }
    report.retain_warnings(is_kept(models.iter().map(|model| &model.model)));
    files
}

/// The models, each with the files that it was read from.
fn with_origins(models: Vec<Model>, sources: &Sources, config: &Config) -> Vec<CheckedModel> {
    let mut origins = sources
        .iter()
        .map(|(_, source)| origin(&source.path, config.root.as_deref()))
        .collect::<Vec<_>>();
    if config.models == Models::Merged {
        origins = vec![origins.join(", ")];
    }
    models
        .into_iter()
        .zip(origins)
        .map(|(model, origin)| CheckedModel { model, origin })
        .collect()
}

/// A model's path below `root`, else the name of its file.
fn origin(path: &Path, root: Option<&Path>) -> String {
    let name = root
        .and_then(|root| path.strip_prefix(root).ok())
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

/// How long each stage took, in the order in which they first ran.
#[derive(Debug, Default)]
pub struct Times(Vec<(&'static str, Duration)>);

impl Times {
    /// Runs a stage and adds its time.
    pub fn stage<T>(&mut self, name: &'static str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = run();
        let time = start.elapsed();
        match self.0.iter_mut().find(|(stage, _)| *stage == name) {
            Some((_, total)) => *total += time,
            None => self.0.push((name, time)),
        }
        value
    }
}

/// Milliseconds, such as `load 0.9 ms, resolve 1.2 ms`.
impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (stage, time)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{stage} {:.1} ms", time.as_secs_f64() * 1000.0)?;
        }
        Ok(())
    }
}
