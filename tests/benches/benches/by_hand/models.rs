//! Models to generate from: those of this workspace, and published ones where they are beside it.

use std::fmt;
use std::path::{Path, PathBuf};

/// A model, by its path.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Case {
    pub(crate) fn new(path: PathBuf) -> Self {
        let name = path.file_stem().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            path,
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The model that ships with the project.
pub(crate) fn shipped() -> Case {
    Case::new(root().join("model/services/amplifybackend.json"))
}

/// The folder of published models; prints a note and returns `None` if it does not exist.
pub(crate) fn published() -> Option<PathBuf> {
    let shared =
        std::env::var_os("DRAWPLATE_SHARED").map_or_else(|| root().join("../shared"), Into::into);
    let folder = shared.join("aws-models");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: published models: {} is not there (DRAWPLATE_SHARED names another place)",
        folder.display()
    );
    None
}
