//! The Python packages of the interop tests, which `tests/interop/requirements.txt` lists: in a
//! virtual environment under target/interop.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use drawplate::say;
use drawplate_prerequisites as prerequisites;

use crate::test::Skipped;

/// Creates the environment, unless it exists and is up to date, and looks for Go.
///
/// Where it cannot be made or Go is missing, the tests are skipped, which is printed with the
/// reason; under CI that is an error.
pub(crate) fn prepare(skipped: &Skipped) -> anyhow::Result<()> {
    if !prerequisites::has_go() {
        let missing = format!("Go, its {} or Java is missing", prerequisites::GO_PACKAGE);
        if ci() {
            bail!("{missing}: no client in Go can be tested");
        }
        skipped.add(format!("the test of a client in Go: {missing}"))?;
    }
    let root = crate::root();
    let packages = &prerequisites::PYTHON;
    let environment = Environment::at(root.join("target/interop"));
    if packages.are_installed(&root) && environment.runs() {
        return Ok(());
    }
    say(format_args!(
        "== interop: installing {} into target/interop",
        packages.list
    ))?;
    match environment.install(&root.join(packages.list)) {
        Ok(()) => Ok(()),
        Err(error) if ci() => Err(error.context("the interop tests cannot run")),
        Err(error) => skipped.add(format!("the interop tests: {error:#}")),
    }
}

/// Whether this runs in CI, where nothing is skipped.
pub(crate) fn ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false")
}

/// A virtual environment.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn python(&self) -> PathBuf {
        let program = if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        };
        self.folder.join(program)
    }

    /// The list of installed packages, written after all of them are installed.
    fn stamp(&self) -> PathBuf {
        self.folder.join("requirements.txt")
    }

    /// Whether the interpreter still exists.
    fn runs(&self) -> bool {
        output(Command::new(self.python()).arg("--version")).is_ok()
    }

    fn install(&self, requirements: &Path) -> anyhow::Result<()> {
        let listed = fs::read(requirements)
            .with_context(|| format!("cannot read {}", requirements.display()))?;
        match fs::remove_file(self.stamp()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                bail!("cannot remove {}: {error}", self.stamp().display())
            }
            _ => {}
        }
        let python = if cfg!(windows) { "python" } else { "python3" };
        output(
            Command::new(python)
                .args(["-m", "venv", "--clear"])
                .arg(&self.folder),
        )
        .with_context(|| format!("`{python} -m venv` cannot create a virtual environment"))?;
        output(
            Command::new(self.python())
                .args(["-m", "pip", "install", "--quiet", "--quiet", "--no-input"])
                .args(["--disable-pip-version-check", "--requirement"])
                .arg(requirements),
        )
        .context("pip cannot install the listed packages")?;
        fs::write(self.stamp(), listed)
            .with_context(|| format!("cannot write {}", self.stamp().display()))
    }
}

/// Runs a command. Its output is the error if it fails.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<()> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    // venv complains on stdout, pip on stderr.
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    bail!("{}", said.trim());
}
