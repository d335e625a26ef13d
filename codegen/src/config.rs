//! Configuration: what is generated from a model, and how.
//!
//! A [`Config`] is built in Rust, or read from a file ([`Config::read`]), or both. Each key of the
//! file is a method and a field here.

mod file;
mod rules;

use std::path::PathBuf;

use drawplate_model::diagnostic::{Code, Diagnostic};
use drawplate_model::model::Service;
use drawplate_model::source::Location;

pub use file::FILE;
pub(crate) use rules::matches;
pub use rules::{ReplacedShapes, Replacement, ServiceRule, Setting, TypeKind, TypeRule};

use crate::names::ChosenNames;
use crate::rust::document;
use crate::{OpenApiSettings, Output, Rust};

/// What is generated, and how. The default is a crate with everything in one model, without a
/// package around it.
///
/// ```
/// use drawplate_codegen::config::{TypeKind, TypeRule};
/// use drawplate_codegen::{Config, Layout, Parts};
///
/// let config = Config::default()
///     .layout(Layout::file("weather.rs"))
///     .parts(Parts { client: true, ..Parts::TYPES })
///     .operations("com.example#Weather", ["GetForecast"])
///     .name("com.example#City", "Town")
///     .types(TypeRule::new("com.example#*").kind(TypeKind::Structure).derive("Eq"))
///     .replace("com.example#Uuid", "::uuid::Uuid");
/// ```
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
    /// The optional parts that are asked for by name, `server`, `mock` or `openapi`. It is an error
    /// if no service has them. The default asks for none, since not every protocol has a server.
    pub requested_parts: Vec<Setting>,
    /// Whether the Rust output has documentation.
    pub docs: bool,
    /// The services and operations to keep; empty for all services.
    pub services: Vec<ServiceRule>,
    /// The names that you choose, in place of those that the generator would.
    pub names: ChosenNames,
    /// Derives and attributes of generated types.
    pub types: Vec<TypeRule>,
    /// Types of yours in place of generated ones.
    pub replacements: Vec<Replacement>,
    /// The path of the type of maps, which has parameters for the keys and values; `BTreeMap`
    /// without one.
    pub map_type: Option<Setting>,
    /// The version and format of the OpenAPI output.
    pub openapi: OpenApiSettings,
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
            requested_parts: Vec::new(),
            docs: true,
            services: Vec::new(),
            names: ChosenNames::default(),
            types: Vec::new(),
            replacements: Vec::new(),
            map_type: None,
            openapi: OpenApiSettings::default(),
            outputs: vec![Box::new(Rust)],
        }
    }
}

/// Sets the fields one by one.
impl Config {
    /// Sets whether several source files are one model.
    #[must_use]
    pub fn models(self, models: Models) -> Self {
        Self { models, ..self }
    }

    /// Generates a package with this name.
    #[must_use]
    pub fn package(self, name: impl Into<String>) -> Self {
        let package = Some(Package { name: name.into() });
        Self { package, ..self }
    }

    /// Sets where the package finds the runtime.
    #[must_use]
    pub fn runtime(self, runtime: Runtime) -> Self {
        Self { runtime, ..self }
    }

    /// Sets the form of the Rust output.
    #[must_use]
    pub fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// Sets the parts of the Rust modules. It is an error if it has a server, its mock or its
    /// OpenAPI document, and no service has one.
    #[must_use]
    pub fn parts(self, parts: Parts) -> Self {
        let requested = [
            (parts.server, "server"),
            (parts.mock, "mock"),
            (parts.openapi, "openapi"),
        ];
        let requested = requested.into_iter().filter(|(requested, _)| *requested);
        Self {
            parts,
            requested_parts: requested.map(|(_, part)| part.into()).collect(),
            ..self
        }
    }

    /// Sets whether the Rust output has documentation.
    #[must_use]
    pub fn docs(self, docs: bool) -> Self {
        Self { docs, ..self }
    }

    /// Generates a service, and no other one that is not added as well.
    #[must_use]
    pub fn service(mut self, id: impl Into<Setting>) -> Self {
        self.services.push(ServiceRule {
            service: id.into(),
            operations: None,
        });
        self
    }

    /// Generates these operations of a service, by name or id, and no other service that is not
    /// added as well.
    #[must_use]
    pub fn operations(
        mut self,
        service: impl Into<Setting>,
        operations: impl IntoIterator<Item = impl Into<Setting>>,
    ) -> Self {
        self.services.push(ServiceRule {
            service: service.into(),
            operations: Some(operations.into_iter().map(Into::into).collect()),
        });
        self
    }

    /// Chooses a name; see [`ChosenNames`] for the keys.
    #[must_use]
    pub fn name(mut self, key: impl Into<String>, name: impl Into<String>) -> Self {
        self.names.insert(key, name, Location::none());
        self
    }

    /// Adds derives and attributes of types.
    #[must_use]
    pub fn types(mut self, rule: TypeRule) -> Self {
        self.types.push(rule);
        self
    }

    /// Uses a type of yours for the shapes whose ids match a pattern; see [`Replacement`].
    #[must_use]
    pub fn replace(mut self, pattern: impl Into<Setting>, with: impl Into<Setting>) -> Self {
        self.replacements.push(Replacement {
            of: ReplacedShapes::Matching(pattern.into()),
            with: with.into(),
        });
        self
    }

    /// Uses a type of yours for the shapes with a trait; see [`Replacement`].
    #[must_use]
    pub fn replace_with_trait(mut self, id: impl Into<Setting>, with: impl Into<Setting>) -> Self {
        self.replacements.push(Replacement {
            of: ReplacedShapes::WithTrait(id.into()),
            with: with.into(),
        });
        self
    }

    /// Sets the type of maps: `std::collections::HashMap`, or another one with parameters for the
    /// keys and values.
    #[must_use]
    pub fn map_type(self, path: impl Into<Setting>) -> Self {
        let map_type = Some(path.into());
        Self { map_type, ..self }
    }

    /// Sets the version and format of the OpenAPI output.
    #[must_use]
    pub fn openapi(self, openapi: OpenApiSettings) -> Self {
        Self { openapi, ..self }
    }

    /// Sets the outputs.
    #[must_use]
    pub fn outputs(self, outputs: Vec<Box<dyn Output>>) -> Self {
        Self { outputs, ..self }
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
        /// The name of the file: letters, digits, `-`, `_` and `.`, with `.rs` at the end. Any
        /// other name is an error of the configuration.
        name: String,
    },
}

impl Layout {
    /// A file for `include!`.
    pub fn file(name: impl Into<String>) -> Self {
        Self::File { name: name.into() }
    }

    /// The error of a name that is not one of a file of Rust in the output folder, such as a path
    /// that leads elsewhere. `at` is the place of the name.
    pub(crate) fn wrong_file_name(name: &str, at: Location) -> Option<Diagnostic> {
        let stem = name.strip_suffix(".rs").unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if stem.starts_with(|c: char| c.is_ascii_alphanumeric()) && stem.chars().all(plain) {
            return None;
        }
        let message = format!("`{name}` is not the name of a file of Rust");
        let help = "use letters, digits, `-`, `_` and `.`, and end in `.rs`";
        Some(Diagnostic::new(Code::InvalidConfig, message, at).help(help))
    }
}

/// The optional parts of the Rust modules. The types are always generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each part is chosen by itself"
)]
pub struct Parts {
    /// The client.
    pub client: bool,
    /// The server.
    pub server: bool,
    /// The mock of the server. It implements the trait of the server, which is generated with it.
    pub mock: bool,
    /// The OpenAPI document of the service, which its router can serve. The version is that of
    /// [`Config::openapi`].
    pub openapi: bool,
}

impl Parts {
    /// The types alone.
    pub const TYPES: Self = Self {
        client: false,
        server: false,
        mock: false,
        openapi: false,
    };

    /// Whether there is a trait of the server: for the server or for its mock.
    pub(crate) fn has_server(self) -> bool {
        self.server || self.mock
    }

    /// The parts that services can have: a server and its mock if one of them has a protocol with a
    /// server, and the document if OpenAPI can describe one of these.
    pub(crate) fn of<'s>(self, services: impl IntoIterator<Item = &'s Service>) -> Self {
        let served = services.into_iter().filter(|service| service.has_server());
        let served = served.collect::<Vec<_>>();
        let is_served = !served.is_empty();
        Self {
            client: self.client,
            server: self.server && is_served,
            mock: self.mock && is_served,
            openapi: self.openapi
                && self.has_server()
                && served.into_iter().any(document::is_possible),
        }
    }
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            client: true,
            server: true,
            mock: true,
            openapi: false,
        }
    }
}
