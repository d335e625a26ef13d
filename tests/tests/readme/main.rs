//! The commands and programs in README.md, in docs and in the crates' READMEs work as printed.
//!
//! The Rust examples outside README.md are documentation tests; see `tests/src/lib.rs`.
#![cfg(unix)]

mod commands;
mod links;
mod own_model;
mod tour;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use drawplate_tests as support;

/// The address of the servers in the documents. It may be in use, so the tests choose a free port.
const PRINTED: &str = "127.0.0.1:8080";

/// The documents, by their paths from the root.
fn documents() -> Vec<PathBuf> {
    let folders = ["", "docs", "model", "codegen", "runtime", "generated"];
    let folders = folders.into_iter().chain(["tests/conformance"]);
    let files = folders.flat_map(|folder| {
        let entries = support::root().join(folder).read_dir();
        let entries = entries.unwrap_or_else(|error| panic!("{folder}: {error}"));
        entries.map(move |entry| {
            let entry = entry.expect("the folder can be read");
            Path::new(folder).join(entry.file_name())
        })
    });
    let mut documents = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "md"))
        .collect::<Vec<_>>();
    documents.sort();
    documents
}

fn read(document: impl AsRef<Path>) -> String {
    let document = document.as_ref();
    let text = fs::read_to_string(support::root().join(document));
    text.unwrap_or_else(|error| panic!("{}: {error}", document.display()))
}

/// A fenced block.
struct Block {
    language: String,
    text: String,
}

/// The fenced blocks in a text.
fn blocks(text: &str) -> Vec<Block> {
    // Every second piece is inside a fence.
    let pieces = text.split("```").skip(1).step_by(2);
    let blocks = pieces.map(|piece| {
        let (language, text) = piece.split_once('\n').expect("a fence ends its line");
        Block {
            language: language.to_owned(),
            text: text.to_owned(),
        }
    });
    blocks.collect()
}

/// The fenced blocks in the section with this title.
fn section(document: &str, title: &str) -> Vec<Block> {
    let text = read(document);
    let (_, section) = text
        .split_once(title)
        .unwrap_or_else(|| panic!("{document} has no section {title:?}"));
    let (section, _) = section.split_once("\n## ").unwrap_or((section, ""));
    blocks(section)
}

fn languages(blocks: &[Block]) -> Vec<&str> {
    blocks.iter().map(|block| &*block.language).collect()
}

/// A shell in the root of the project, in which `drawplate` is installed. Cargo works offline in
/// it: everything that the documents build is locked and was downloaded for this test.
fn shell(command: &str) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&path);
    let path = std::env::join_paths(std::iter::once(installed()).chain(path));
    let mut shell = Command::new("sh");
    shell
        .args(["-c", command])
        .current_dir(support::root())
        .env("PATH", path.expect("its entries are not changed"))
        .env("CARGO_NET_OFFLINE", "true");
    shell
}

/// A folder with the command `drawplate`.
fn installed() -> PathBuf {
    let folder = support::root().join("target/readme-bin");
    let command = folder.join("drawplate");
    let program = env!("CARGO_BIN_EXE_drawplate-for-tests");
    fs::create_dir_all(&folder).expect("target can be written");
    if !command.exists() {
        // Another test may have created it in the meantime.
        let _ = std::os::unix::fs::symlink(program, &command);
    }
    assert!(command.exists(), "{} can be run", command.display());
    folder
}

/// Runs a command, which has to succeed, and returns its output.
fn output(command: &str) -> String {
    shell_output(&mut shell(command))
}

/// Runs a shell, which has to succeed, and returns its output.
fn shell_output(shell: &mut Command) -> String {
    let output = shell.output().expect("there is a shell");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shell:?}: {errors}");
    String::from_utf8(output.stdout).expect("the output is text")
}

/// A process that is killed when this is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Fails if the process has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
