//! Shared by several suites: generation from texts, and the places of files.

use std::path::{Path, PathBuf};

use drawplate_codegen::{Config, Files, Models, pipeline};
use drawplate_model::model::Model;
use drawplate_model::source::Sources;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are in the workspace")
        .to_owned()
}

/// A folder of the reference material. Tests that use it are ignored where `cfg(shared)` is not
/// set.
pub fn shared(folder: &str) -> PathBuf {
    drawplate_prerequisites::shared(&root()).join(folder)
}

/// The models of a folder, sorted by path.
pub fn model_files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder
        .read_dir()
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut paths = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|e| e == "json" || e == "smithy")
        })
        .collect::<Vec<_>>();
    paths.sort();
    paths
}

/// The model of one text.
pub fn model(name: &str, text: &str) -> Model {
    let sources = Sources::from_texts([(PathBuf::from(name), text.to_owned())]);
    match drawplate_model::build(&sources) {
        Ok((model, _)) => model,
        Err(report) => panic!(
            "{name} is not accepted:\n{}",
            report.render(&sources, false)
        ),
    }
}

/// The configuration of this workspace's generated code: each file is a model, named by its path
/// below the root.
pub fn separate_models() -> Config {
    Config {
        models: Models::Separate,
        root: Some(root()),
        ..Config::default()
    }
}

/// The files that are generated from `sources`.
pub fn generate(sources: &Sources, config: &Config) -> Files {
    match pipeline::run(sources, config) {
        Ok(generated) => generated.files,
        Err(report) => panic!("{}", report.render(sources, false)),
    }
}
