//! The section of docs/tour.md that runs the example backend: its commands and programs are run as
//! printed, and their output is the printed one.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{ChildStdout, Stdio};

use drawplate_tests as support;
use drawplate_tests::python::Python;
use regex::Regex;

use crate::{Block, PRINTED, Process, languages, output, section, shell};

/// The running backend.
struct Server {
    process: Process,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    /// Starts the backend and waits for it to listen.
    fn start(command: &str) -> Self {
        let mut child = shell(&format!("exec {command}"))
            .env("ADDRESS", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the output is text");
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix("/prod\n"));
        let address = address.unwrap_or_else(|| panic!("the backend does not listen: {line:?}"));
        Self {
            process: Process(child),
            stdout,
            address: address.to_owned(),
        }
    }

    /// Stops the backend as a supervisor does, and returns the rest of its output.
    fn stop(mut self) -> String {
        let id = self.process.0.id();
        let kill = shell(&format!("kill -TERM {id}")).status();
        assert!(kill.expect("there is a shell").success(), "it is running");
        let mut rest = String::new();
        let read = self.stdout.read_to_string(&mut rest);
        read.expect("the output is text");
        let status = self.process.0.wait().expect("it was started");
        assert!(status.success(), "{status}: {rest}");
        rest
    }
}

/// Replaces what differs in each run: IDs and times.
fn without_ids_and_times(text: &str) -> String {
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

/// Checks that a program is the example `jobs`, without the documentation of that.
fn check_example(text: &str) {
    let path = support::root().join("generated/examples/jobs.rs");
    let example = fs::read_to_string(path).expect("the example can be read");
    let comment = example.lines().take_while(|line| line.starts_with("//!"));
    let code = example.lines().skip(comment.count() + 1);
    assert_eq!(
        code.collect::<Vec<_>>(),
        text.lines().collect::<Vec<_>>(),
        "docs/tour.md and generated/examples/jobs.rs differ"
    );
}

#[test]
#[cfg_attr(
    not(python),
    ignore = "slow, and needs boto3: run by `cargo xtask test`"
)]
fn the_backend_runs_as_the_tour_shows() {
    let python = Python::installed();
    let blocks = section("docs/tour.md", "\n## Run a backend\n");
    assert_eq!(
        languages(&blocks),
        [
            "sh",
            "sh",
            "text",
            "python",
            "text",
            "rust,no_run",
            "sh",
            "text",
            "json"
        ]
    );
    let (start, blocks) = blocks.split_first().expect("there are blocks");
    let server = Server::start(start.text.trim_end());
    // Output that no block has shown yet.
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
            "json" => {
                let seed = support::root().join("target/readme-seed.json");
                fs::write(&seed, here).expect("target can be written");
                let command = start.text.trim_end();
                let seeded = Server::start(&format!("{command} -- --seed {}", seed.display()));
                assert_eq!(seeded.stop(), "", "nothing was called");
            }
            "text" => assert_eq!(
                without_ids_and_times(&std::mem::take(&mut printed)),
                without_ids_and_times(text)
            ),
            _ => check_example(text),
        }
    }
    assert_eq!(printed, "", "all output is shown");
    let calls = server.stop();
    let calls = calls.lines().map(str::trim).collect::<Vec<_>>();
    let expected = [
        "1 CloneBackend",
        "1 CreateBackend",
        "2 GetBackend",
        "1 GetToken",
        "1 ListBackendJobs",
    ];
    assert_eq!(calls, expected, "the calls that it counted");
}
