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
    /// The package that is generated around the Rust modules, if their layout is
    /// [`Layout::Crate`]; without one they are the `src` of a package of yours.
    pub package: Option<Package>,
    /// Where the package finds the runtime.
    pub runtime: Runtime,
    /// The form of the Rust output.
    pub layout: Layout,
    /// The optional parts of the Rust modules.
    pub parts: Parts,
    /// Whether the Rust output has documentation.
    pub docs: bool,
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
            layout: Layout::default(),
            parts: Parts::default(),
            docs: true,
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

/// The form of the Rust output.
///
/// Code in a crate of yours ([`Module`](Self::Module) and [`File`](Self::File)) has no
/// `cfg(feature)`, which would test the features of your crate: all parts that are chosen are
/// compiled, and the runtime needs the features that they use. The items of the runtime that only
/// some of its features have (`Credentials`, `serve`, `TlsListener`) are not re-exported there.
/// There are no examples in its documentation, since they would be tests of your crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// The source of a crate: `lib.rs`, and a folder for each service. Features select the client
    /// and the server.
    #[default]
    Crate,
    /// A module in any place of a crate of yours: `mod.rs`, and a folder for each service.
    Module,
    /// One file, which `include!` includes in any module: a `pub mod` for each service, and nothing
    /// else, so that several files can be included in one module.
    File {
        /// The name of the file.
        name: String,
    },
}

impl Layout {
    /// A file for `include!`.
    pub fn file(name: impl Into<String>) -> Self {
        Self::File { name: name.into() }
    }
}

/// The optional parts of the Rust modules. The types are always generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The client.
    pub client: bool,
    /// The server.
    pub server: bool,
    /// The mock of the server. It implements the trait of the server, which is generated with it.
    pub mock: bool,
}

impl Parts {
    /// The types alone.
    pub const TYPES: Self = Self {
        client: false,
        server: false,
        mock: false,
    };

    /// Whether there is a trait of the server: for the server or for its mock.
    pub(crate) fn has_server(self) -> bool {
        self.server || self.mock
    }
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            client: true,
            server: true,
            mock: true,
        }
    }
}
