//! Libraries and programs that are not compiled for unit tests have none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use drawplate_tests as support;
use serde_json::Value;

/// What makes a unit test.
const MARKS: [&str; 3] = ["#[test]", "::test]", "cfg(test)"];

#[test]
fn a_target_without_a_test_program_has_no_unit_tests() {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .args(["--locked", "--offline"])
        .current_dir(support::root());
    let output = command.output().expect("cargo runs");
    let metadata = serde_json::from_slice::<Value>(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let untested = targets.filter(|target| {
        let kind = target["kind"][0].as_str();
        matches!(kind, Some("lib" | "bin")) && target["test"] == false
    });
    let mut count = 0;
    for target in untested {
        count += 1;
        let root = Path::new(target["src_path"].as_str().expect("a path"));
        // A library owns its folder, and a program its file.
        let files = if target["kind"][0] == "lib" {
            sources(root.parent().expect("it is in a folder"))
        } else {
            vec![root.to_owned()]
        };
        for file in files {
            let text = fs::read_to_string(&file).expect("a source can be read");
            let mark = MARKS.iter().find(|mark| text.contains(*mark));
            assert_eq!(mark, None, "{}", file.display());
        }
    }
    assert!(count > 5, "{count} targets");
}

/// The sources in a folder and in those in it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
