//! The command from the outside: its output, its exit codes and the files that it writes.

mod check;
mod documents;
mod files;
mod generate;
mod idl;
mod new;
mod openapi;
mod projects;
mod usage;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The path of a file or folder of the repository.
fn file(path: &str) -> String {
    root().join(path).display().to_string()
}

fn kitchen() -> String {
    file("tests/fixtures/services/kitchen-sink.smithy")
}

/// An empty folder that commands run in.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("creates");
        fs::write(path, text).expect("writes");
    }

    #[track_caller]
    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drawplate"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("NO_COLOR", "1");
        command
    }

    /// Runs the command and compares its exit code; returns stdout and stderr.
    #[track_caller]
    fn streams(&self, arguments: &[&str], code: i32) -> [String; 2] {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().expect("the command runs");
        let texts =
            [stdout, stderr].map(|text| String::from_utf8(text).expect("the output is text"));
        assert_eq!(
            status.code(),
            Some(code),
            "{arguments:?}:\n{}",
            texts.concat()
        );
        texts
    }

    /// Runs the command and compares its exit code; returns its output, both streams together.
    #[track_caller]
    fn check(&self, arguments: &[&str], code: i32) -> String {
        self.streams(arguments, code).concat()
    }
}

/// Runs the command in an empty folder.
#[track_caller]
fn check(arguments: &[&str], code: i32) -> String {
    Folder::new().check(arguments, code)
}

/// A service with one operation.
const WEATHER: &str = r#"{"smithy": "2.0", "shapes": {
    "demo#Weather": {"type": "service", "version": "1", "operations": [{"target": "demo#Get"}],
        "traits": {"aws.protocols#restJson1": {}}},
    "demo#Get": {"type": "operation",
        "traits": {"smithy.api#http": {"method": "GET", "uri": "/get", "code": 200}}}}}"#;

/// The same with an operation that is missing, and a warning.
const BROKEN: &str = r#"{"smithy": "2.0", "unknown": {}, "shapes": {
    "demo#Weather": {"type": "service", "version": "1", "operations": [{"target": "demo#Gett"}],
        "traits": {"aws.protocols#restJson1": {}}},
    "demo#Get": {"type": "operation",
        "traits": {"smithy.api#http": {"method": "GET", "uri": "/get", "code": 200}}}}}"#;
