//! What README shows under "Run a backend" is run as printed, from a shell, and prints what README
//! says that it prints.
//!
//! Its other examples are documentation tests.
#![cfg(unix)]

use drawplate_tests as support;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use drawplate_tests::python::Python;
use regex::Regex;

const TITLE: &str = "## Run a backend\n";

/// Where README's backend listens. Something else may do so already: here it gets a port that is
/// free.
const PRINTED: &str = "127.0.0.1:8080";

/// A fenced block.
struct Block {
    language: String,
    text: String,
}

/// The blocks of the section.
fn blocks() -> Vec<Block> {
    let readme = support::root().join("README.md");
    let readme = fs::read_to_string(readme).expect("README can be read");
    let (_, section) = readme.split_once(TITLE).expect("README has the section");
    let (section, _) = section.split_once("\n## ").unwrap_or((section, ""));
    // Every other piece is inside of a fence.
    let pieces = section.split("```").skip(1).step_by(2);
    let blocks = pieces.map(|piece| {
        let (language, text) = piece.split_once('\n').expect("a fence ends its line");
        Block {
            language: language.to_owned(),
            text: text.to_owned(),
        }
    });
    blocks.collect()
}

/// A program that a shell turned into. It is killed when this goes out of scope.
struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    /// Starts README's backend and waits for it to listen.
    fn start(command: &str) -> Self {
        let mut child = shell(&format!("exec {command}"))
            .env("ADDRESS", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line).expect("it prints text");
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix("/prod\n"));
        let address = address.unwrap_or_else(|| panic!("it does not listen: {line:?}"));
        Self {
            child,
            stdout,
            address: address.to_owned(),
        }
    }

    /// Asks it to stop, as a supervisor does, and returns what it prints then.
    fn stop(mut self) -> String {
        let id = self.child.id();
        let kill = shell(&format!("kill -TERM {id}")).status();
        assert!(kill.expect("there is a shell").success(), "it is running");
        let mut rest = String::new();
        let read = self.stdout.read_to_string(&mut rest);
        read.expect("it prints text");
        let status = self.child.wait().expect("it was started");
        assert!(status.success(), "{status}: {rest}");
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It fails when it has ended, which is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A shell in the root of the project, where README is.
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(support::root());
    // Whatever README builds is locked, and was downloaded for this test.
    shell.env("CARGO_NET_OFFLINE", "true");
    shell
}

/// What a command prints. Each of them succeeds.
fn output(command: &str) -> String {
    let output = shell(command).output().expect("there is a shell");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {errors}");
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The text without what is another one in each run: identifiers and times.
fn lasting(text: &str) -> String {
    let changing = [
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "(an id)"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "(a time)"),
    ];
    changing
        .iter()
        .fold(text.to_owned(), |text, (pattern, name)| {
            let pattern = Regex::new(pattern).expect("a pattern");
            pattern.replace_all(&text, *name).into_owned()
        })
}

/// A program is in README as it stands in the examples, but for what it says of itself.
fn check_example(text: &str) {
    let path = support::root().join("generated/examples/jobs.rs");
    let example = fs::read_to_string(path).expect("the example can be read");
    let comment = example.lines().take_while(|line| line.starts_with("//!"));
    let code = example.lines().skip(comment.count() + 1);
    assert_eq!(
        code.collect::<Vec<_>>(),
        text.lines().collect::<Vec<_>>(),
        "README has another program than generated/examples/jobs.rs"
    );
}

#[test]
#[cfg_attr(
    not(python),
    ignore = "slow, and needs boto3: run by `cargo xtask test`"
)]
fn the_backend_runs_as_readme_shows() {
    let python = Python::installed();
    let blocks = blocks();
    let languages = blocks.iter().map(|block| &*block.language);
    assert_eq!(
        languages.collect::<Vec<_>>(),
        [
            "sh",
            "sh",
            "text",
            "python",
            "text",
            "rust,no_run",
            "sh",
            "text"
        ]
    );
    let (start, blocks) = blocks.split_first().expect("there are blocks");
    let server = Server::start(start.text.trim_end());
    // Lines that were printed and that no block has shown yet.
    let mut printed = String::new();
    for Block { language, text } in blocks {
        let here = text.replace(PRINTED, &server.address);
        match &**language {
            "sh" => {
                assert_ne!(*text, here, "the backend is called");
                for command in here.lines() {
                    printed += output(command).trim_end();
                    printed += "\n";
                }
            }
            "python" => {
                assert_ne!(*text, here, "the backend is called");
                let script = support::root().join("target/readme.py");
                fs::write(&script, here).expect("target can be written");
                printed += &python.print(&script);
            }
            "text" => assert_eq!(lasting(&std::mem::take(&mut printed)), lasting(text)),
            _ => check_example(text),
        }
    }
    assert_eq!(printed, "", "it is shown");
    let calls = server.stop();
    let calls = calls.lines().map(str::trim).collect::<Vec<_>>();
    let expected = [
        "1 CloneBackend",
        "1 CreateBackend",
        "2 GetBackend",
        "1 GetToken",
        "1 ListBackendJobs",
    ];
    assert_eq!(calls, expected, "what it says that it was called");
}
