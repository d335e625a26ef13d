//! A process of the example.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use amplify_admin::amplifybackend::Client;
use drawplate_tests as support;
use drawplate_tests::python::{ACCESS_KEY, REGION, SECRET_KEY};

/// A running backend. It is killed when it is dropped.
pub(crate) struct Backend {
    process: Child,
    /// Where it listens.
    origin: String,
}

impl Backend {
    /// Starts the backend with these arguments on a free port, and waits until it listens.
    pub(crate) fn start(arguments: &[&OsStr]) -> Self {
        let mut process = command(arguments).spawn().expect("the example is built");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        read.expect("the output is text");
        let origin = line.trim().strip_prefix("listening on ");
        let origin = origin.and_then(|endpoint| endpoint.strip_suffix("/prod"));
        let origin = origin.unwrap_or_else(|| panic!("the backend does not listen: {line}"));
        Self {
            origin: origin.to_owned(),
            process,
        }
    }

    /// Where it listens, such as `http://127.0.0.1:8080`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The error with which the backend ends instead of listening.
    pub(crate) fn fail(arguments: &[&OsStr]) -> String {
        let mut process = command(arguments);
        let process = process.stderr(Stdio::piped()).spawn();
        let mut process = process.expect("the example is built");
        let mut error = String::new();
        let stderr = process.stderr.as_mut().expect("stderr is piped");
        let read = stderr.read_to_string(&mut error);
        read.expect("the output is text");
        let status = process.wait().expect("it was started");
        assert!(!status.success(), "it fails: {error}");
        error
    }

    pub(crate) fn client(&self) -> Client {
        let credentials =
            amplify_admin::amplifybackend::client::Credentials::new(ACCESS_KEY, SECRET_KEY);
        let client = Client::builder()
            .endpoint(&self.origin)
            .sigv4(credentials, REGION);
        client.build().expect("the client has all that it needs")
    }

    /// Kills the process, which notices nothing before it ends.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("the process runs");
        self.process.wait().expect("the process was started");
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a program in target, and returns its output.
pub(crate) fn output(command: &mut Command) -> String {
    // Some leave files where they run.
    command.current_dir(support::root().join("target"));
    let output = command.stderr(Stdio::inherit()).output();
    let program = command.get_program().display();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let text = String::from_utf8(output.stdout).expect("the output is text");
    assert!(output.status.success(), "{program}: {text}");
    text
}

fn command(arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(program());
    command
        .arg("127.0.0.1:0")
        .args(arguments)
        .env("RUST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// The path of the example, which is built first.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let build = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "--package", "amplify-admin"])
            .args(["--example", "backend", "--features", "console,serve"])
            .current_dir(support::root())
            .status();
        assert!(build.expect("cargo runs").success(), "the example builds");
        let program = std::env::current_exe().expect("this program has a path");
        let profile = program.ancestors().nth(2).expect("it is in `deps`");
        profile.join("examples/backend")
    })
}
