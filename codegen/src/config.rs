//! Configuration: what is generated from a model, and how.

mod file;

use std::path::PathBuf;

pub use file::FILE;

use crate::names::ChosenNames;
use crate::{Output, Rust};

/// What is generated, and how. The default is the Rust modules of one model.
#[derive(Debug)]
pub struct Config {
    /// Whether several source files are one model.
    pub models: Models,
    /// The folder that file headers name models relative to. A model elsewhere is named by its file
    /// name alone.
    pub root: Option<PathBuf>,
    /// The package that is generated around the Rust modules; without one they are modules for a
    /// package of yours.
    pub package: Option<Package>,
    /// Where the package finds the runtime.
    pub runtime: Runtime,
    /// The optional parts of the Rust modules.
    pub parts: Parts,
    /// The names that you choose, in place of those that the generator would.
    pub names: ChosenNames,
    /// The outputs. Each writes files of its own.
    pub outputs: Vec<Box<dyn Output>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            models: Models::default(),
            root: None,
            package: None,
            runtime: Runtime::default(),
            parts: Parts::default(),
            names: ChosenNames::default(),
            outputs: vec![Box::new(Rust)],
        }
    }
}

/// How source files form models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Models {
    /// All files together are one model.
    #[default]
    Merged,
    /// Each file is a model of its own.
    Separate,
}

/// The facts of a generated `Cargo.toml`.
#[derive(Clone, Debug)]
pub struct Package {
    /// The package's name.
    pub name: String,
}

/// The dependency on `drawplate-runtime`.
#[derive(Clone, Debug, Default)]
pub enum Runtime {
    /// The version that belongs to this generator, from the registry.
    #[default]
    Registry,
    /// A path relative to the package, or an absolute one.
    Path(String),
}

/// The optional parts of the Rust modules.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// The client.
    pub client: bool,
    /// The server and its mock.
    pub server: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            client: true,
            server: true,
        }
    }
}
