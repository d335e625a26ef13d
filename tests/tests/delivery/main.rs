//! Crates outside this repository that use generated code, built by cargo.

mod build_script;
mod new;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use drawplate_tests as support;

/// A folder outside the workspace.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        let text = fs::read_to_string(self.path(path));
        text.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("creates");
        fs::write(path, text).expect("writes");
    }

    /// Selects the versions that the workspace has locked, for the package in a folder.
    fn lock(&self, package: &str) {
        let lock = fs::read_to_string(support::root().join("Cargo.lock"));
        let path = Path::new(package).join("Cargo.lock");
        self.write(
            path.to_str().expect("it is UTF-8"),
            &lock.expect("the workspace is locked"),
        );
    }

    /// Runs cargo in the package of a folder; returns what it prints.
    #[track_caller]
    fn cargo(&self, package: &str, arguments: &[&str], succeeds: bool) -> String {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(self.path(package))
            .envs(support::crates::environment())
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .expect("cargo can be run");
        let [stdout, stderr] =
            [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        let text = stdout + &stderr;
        assert_eq!(status.success(), succeeds, "{arguments:?}:\n{text}");
        text
    }

    /// Runs the command `drawplate`, which has to succeed.
    #[track_caller]
    fn drawplate(&self, arguments: &[&str]) {
        let output = Command::new(env!("CARGO_BIN_EXE_drawplate-for-tests"))
            .args(arguments)
            .current_dir(self.path(""))
            .output()
            .expect("the command runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {text}");
        assert_eq!(text, "", "{arguments:?}");
    }
}

/// The path of a folder of the workspace.
fn workspace(path: &str) -> String {
    support::root().join(path).display().to_string()
}
