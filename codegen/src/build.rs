//! Generation in build scripts.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, error, fmt};

use drawplate_model::diagnostic::Report;
use drawplate_model::source::Sources;

use crate::pipeline::{self, Generated};
use crate::write::{self, Change, WriteError};
use crate::{Config, Layout, manifest};

/// The name of the generated file, unless another is chosen.
const FILE: &str = "api.rs";

/// Starts the configuration of a build script.
///
/// This is the whole `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), drawplate_codegen::BuildError> {
///     drawplate_codegen::configure().model("model").build()
/// }
/// ```
///
/// The generated file has a module for each service, and is included in any module of the crate:
///
/// ```ignore
/// mod api {
///     include!(concat!(env!("OUT_DIR"), "/api.rs"));
/// }
/// ```
///
/// The crate depends on `drawplate-runtime`, with the features that the code needs; a warning
/// prints the line that is missing.
pub fn configure() -> Builder {
    Builder {
        models: Vec::new(),
        config: Config::default(),
        config_file: None,
        file: FILE.to_owned(),
        out_dir: None,
    }
}

/// The configuration of a build script. [`configure`] starts one, and [`build`](Builder::build)
/// generates the code.
#[derive(Debug)]
#[must_use = "a build script generates nothing until `build` is called"]
pub struct Builder {
    models: Vec<PathBuf>,
    config: Config,
    config_file: Option<PathBuf>,
    file: String,
    out_dir: Option<PathBuf>,
}

impl Builder {
    /// Adds a file of the model, or a folder with files of it. Paths are relative to the package.
    /// All files together are one model.
    pub fn model(mut self, path: impl Into<PathBuf>) -> Self {
        self.models.push(path.into());
        self
    }

    /// Adds files and folders of the model.
    pub fn models(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.models.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Replaces the configuration. Its package, runtime and layout have no effect.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Reads a configuration file, such as `drawplate.toml`. What it sets replaces what
    /// [`config`](Self::config) has set. Its package, runtime and layout have no effect, so that
    /// the command can read the same file: a build script always generates one file of code.
    /// [`file_name`](Self::file_name) names it.
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.config_file = Some(path.into());
        self
    }

    /// Whether there is a client. The default is `true`.
    pub fn client(mut self, client: bool) -> Self {
        self.config.parts.client = client;
        self
    }

    /// Whether there is a server. By default, there is one if a protocol of the services has one.
    pub fn server(mut self, server: bool) -> Self {
        self.config.parts.server = server;
        self.request(server, "server")
    }

    /// Whether there is a mock of the server. By default, there is one if there can be a server.
    pub fn mock(mut self, mock: bool) -> Self {
        self.config.parts.mock = mock;
        self.request(mock, "mock")
    }

    /// Whether routers can serve the OpenAPI document of their service. The default is `false`.
    pub fn openapi(mut self, openapi: bool) -> Self {
        self.config.parts.openapi = openapi;
        self.request(openapi, "openapi")
    }

    fn request(mut self, requested: bool, part: &str) -> Self {
        let parts = &mut self.config.requested_parts;
        parts.retain(|known| known.text != part);
        parts.extend(requested.then(|| part.into()));
        self
    }

    /// Chooses the name of the generated file, `api.rs` by default: letters, digits, `-`, `_` and
    /// `.`, with `.rs` at the end. Each call of [`build`](Self::build) in a build script needs
    /// another one.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file = name.into();
        self
    }

    /// Chooses the folder of the generated file, `OUT_DIR` by default.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Generates the file, unless it is up to date, and prints what cargo needs to know: which
    /// files and folders were read, and warnings.
    ///
    /// # Errors
    ///
    /// The `Debug` of an error has the diagnostics with their lines, since that is what cargo shows
    /// of an error that `main` returns.
    pub fn build(self) -> Result<(), BuildError> {
        self.run(&mut io::stdout().lock())
    }

    fn run(self, cargo: &mut dyn Write) -> Result<(), BuildError> {
        let out_dir = self
            .out_dir
            .or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let Some(out_dir) = out_dir else {
            return Err(BuildError::NotABuildScript);
        };
        let mut cargo = Cargo(cargo);
        // Whatever cannot be read is looked at again after a change.
        for path in &self.models {
            cargo.depends_on(path)?;
        }
        let mut sources = Sources::read(&self.models)
            .map_err(|report| BuildError::new(&report, &Sources::default()))?;
        let mut config = self.config;
        if let Some(path) = &self.config_file {
            cargo.depends_on(path)?;
            let file = sources.read_beside(path);
            let read = file.and_then(|file| config.read(&sources, file));
            read.map_err(|report| BuildError::new(&report, &sources))?;
        }
        config.layout = Layout::file(self.file);
        config.package = None;
        let generated = pipeline::run(&sources, &config)
            .map_err(|report| BuildError::new(&report, &sources))?;
        let Generated {
            models,
            files,
            mut warnings,
            ..
        } = generated;
        if let Some(path) = own_manifest() {
            let checked = manifest::check(&path, &mut sources, &models, &config);
            warnings.merge(checked.map_err(|report| BuildError::new(&report, &sources))?);
        }
        for path in sources.paths() {
            cargo.depends_on(path)?;
        }
        cargo.warn(&warnings, &sources)?;
        let change = Change::of_files(&out_dir, &files)?;
        write::apply(&[change])?;
        Ok(())
    }
}

/// The manifest of the package whose build script runs.
fn own_manifest() -> Option<PathBuf> {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    let manifest = package.canonicalize().ok()?.join(manifest::FILE);
    manifest.exists().then_some(manifest)
}

/// What a build script tells cargo (The Cargo Book, "Outputs of the Build Script").
struct Cargo<'w>(&'w mut dyn Write);

impl Cargo<'_> {
    fn depends_on(&mut self, path: &Path) -> io::Result<()> {
        writeln!(self.0, "cargo::rerun-if-changed={}", path.display())
    }

    fn warn(&mut self, warnings: &Report, sources: &Sources) -> io::Result<()> {
        for located in warnings.locate(sources) {
            let help = located.diagnostic.help.as_deref();
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            // A warning is one line.
            let line = format!("{located}{help}").replace(char::is_control, " ");
            writeln!(self.0, "cargo::warning={line}")?;
        }
        Ok(())
    }
}

/// Why a build script generates nothing.
///
/// `Debug` is the same as `Display`, since `main` and `unwrap` print it.
pub enum BuildError {
    /// The models, the configuration or the manifest have errors, which are printed with their
    /// lines.
    Invalid {
        /// The number of errors.
        errors: usize,
        /// The diagnostics, in the style of rustc.
        diagnostics: String,
    },
    /// The file cannot be written.
    Write(WriteError),
    /// Nothing can be printed.
    Print(io::Error),
    /// There is no variable `OUT_DIR`.
    NotABuildScript,
}

impl BuildError {
    fn new(report: &Report, sources: &Sources) -> Self {
        Self::Invalid {
            errors: report.errors(),
            diagnostics: report.render(sources, false),
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid {
                errors,
                diagnostics,
            } => {
                let s = if *errors == 1 { "" } else { "s" };
                write!(
                    f,
                    "drawplate found {errors} error{s}\n\n{}",
                    diagnostics.trim_end()
                )
            }
            Self::Write(error) => {
                write!(f, "{error}")?;
                let source = error::Error::source(error);
                source.map_or(Ok(()), |source| write!(f, ": {source}"))
            }
            Self::Print(error) => write!(f, "cannot print to cargo: {error}"),
            Self::NotABuildScript => f.write_str(
                "the variable OUT_DIR is missing: call this in a build script, or set `out_dir`",
            ),
        }
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl error::Error for BuildError {}

impl From<WriteError> for BuildError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<io::Error> for BuildError {
    fn from(error: io::Error) -> Self {
        Self::Print(error)
    }
}

#[cfg(test)]
mod tests;
