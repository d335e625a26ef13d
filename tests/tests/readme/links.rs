//! Links between documents, and documents as documentation tests.

use regex::Regex;

use drawplate_tests as support;

use crate::{blocks, documents, read};

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a valid pattern");
    let mut broken = Vec::new();
    for document in documents() {
        let text = read(&document);
        for link in link.captures_iter(&text) {
            let target = &link[1];
            if target.contains("://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = document.parent().expect("a document is in a folder");
            let path = match path {
                "" => document.clone(),
                path => folder.join(path),
            };
            let exists = support::root().join(&path).exists();
            if !exists || !anchor.is_empty() && !anchors(&read(&path)).contains(&anchor.to_owned())
            {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "broken links:\n{}", broken.join("\n"));
}

/// The anchors of the headings of a document, as code hosts derive them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchors = headings.map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let is_kept = |c: &char| c.is_alphanumeric() || [' ', '-', '_'].contains(c);
        let kept = title.chars().filter(is_kept);
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    });
    anchors.collect()
}

#[test]
fn rust_examples_are_documentation_tests() {
    let suites = read("tests/src/lib.rs");
    for document in documents() {
        let has_rust = blocks(&read(&document))
            .iter()
            .any(|block| block.language.starts_with("rust"));
        let path = document.to_str().expect("the names are in ASCII");
        // The programs in README.md are built by the test of its own model.
        let path_in_tests = match path.strip_prefix("tests/") {
            Some(path) => format!("../{path}"),
            None => format!("../../{path}"),
        };
        assert!(
            !has_rust || path == "README.md" || suites.contains(&path_in_tests),
            "tests/src/lib.rs does not include {path}"
        );
    }
}
