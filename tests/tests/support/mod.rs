//! What several suites use: from the text of a model to files, and where things are.
#![allow(dead_code, reason = "each suite uses a part of it")]

use std::path::{Path, PathBuf};

use drawplate_codegen::{Files, Unit, allot, generate, render};
use drawplate_model::model::Model;
use drawplate_model::source::Sources;

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests stand in the workspace")
        .to_owned()
}

/// A folder of the reference material. Tests that use it are ignored where `cfg(shared)` is not set.
pub(crate) fn shared(folder: &str) -> PathBuf {
    std::env::var_os("DRAWPLATE_SHARED")
        .map_or_else(|| root().join("../shared"), PathBuf::from)
        .join(folder)
}

/// The JSON files of a folder, sorted by path.
pub(crate) fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder
        .read_dir()
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut paths = paths
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect::<Vec<_>>();
    paths.sort();
    paths
}

/// The model of one text.
pub(crate) fn model(name: &str, text: &str) -> Model {
    let sources = Sources::from_texts([(PathBuf::from(name), text.to_owned())]);
    match drawplate_model::build(&sources) {
        Ok((model, _)) => model,
        Err(report) => panic!(
            "{name} is not accepted:\n{}",
            report.render(&sources, false)
        ),
    }
}

/// The files of a crate that holds the services of `models`, each with its origin.
pub(crate) fn draw(models: &[(String, Model)]) -> Files {
    let units = models
        .iter()
        .map(|(origin, model)| Unit { model, origin })
        .collect::<Vec<_>>();
    let names = allot(&units)
        .unwrap_or_else(|report| panic!("names: {}", report.render(&Sources::default(), false)));
    render(generate(&units, &names))
}
