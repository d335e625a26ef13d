//! Comments wrap where code does. rustfmt checks the code.

use std::fs;
use std::path::Path;

use drawplate_codegen::files::GENERATED;
use drawplate_tests as support;

const COLUMNS: usize = 100;

/// Folders with Rust written by hand, below the root. Generated files in them are left out.
const FOLDERS: [&str; 6] = ["codegen", "generated", "model", "runtime", "tests", "xtask"];

#[test]
fn no_comment_is_longer_than_a_line_of_code() {
    let mut long = Vec::new();
    for folder in FOLDERS {
        visit(&support::root().join(folder), &mut |path, text| {
            let lines = text.lines().enumerate();
            let comments = lines.filter(|(_, line)| is_long(line));
            long.extend(comments.map(|(index, _)| format!("{path}:{}", index + 1)));
        });
    }
    assert!(
        long.is_empty(),
        "comments of more than {COLUMNS} columns:\n{}",
        long.join("\n")
    );
}

/// Whether a line is a comment that should wrap. The rows of a table cannot.
fn is_long(line: &str) -> bool {
    let text = line.trim_start();
    let row = text.trim_start_matches(['/', '!']).trim_start();
    text.starts_with("//") && !row.starts_with('|') && line.chars().count() > COLUMNS
}

/// Shows each file that is written by hand, with its path below the root.
fn visit(folder: &Path, show: &mut dyn FnMut(&str, &str)) {
    for entry in folder.read_dir().expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                visit(&path, show);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("Rust is UTF-8");
            if !text.lines().take(2).any(|line| line.contains(GENERATED)) {
                let path = path.strip_prefix(support::root()).expect("it is below");
                let path = path.to_str().expect("file names are in ASCII");
                show(&path.replace('\\', "/"), &text);
            }
        }
    }
}
