//! Files that are not models, and where that is reported.

use crate::source::Sources;
use crate::{Report, load};

/// Loads a text and compares the number, line and column of each diagnostic, as printed.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let sources = Sources::from_texts([("m.json".into(), text.to_owned())]);
    let report = match load(&sources) {
        Ok(ast) => ast.warnings,
        Err(report) => report,
    };
    assert_eq!(
        summary(&report, &sources),
        expected,
        "\n{}",
        report.render(&sources, false)
    );
}

fn summary(report: &Report, sources: &Sources) -> Vec<String> {
    let text = report.render(sources, false);
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some((_, number)) = line.split_once('[').filter(|(lead, _)| !lead.contains(' ')) {
            found.push(number[..5].to_owned());
        } else if let Some((_, place)) = line.split_once("--> m.json")
            && let Some(last) = found.last_mut()
        {
            last.push_str(place);
        }
    }
    found
}

#[test]
fn text_that_is_not_json() {
    check("", &["E0005"]);
    check(" \n", &["E0005"]);
    check("{\"smithy\": \"2.0\",}", &["E0006:1:18"]);
    check("{\"smithy\": \"2.0\"", &["E0006:1:17"]);
    check("{\n  // no\n}", &["E0006:2:3"]);
    check("{\"smithy\": \"2.0\"}\r\n x", &["E0006:2:2"]);
    check(&"[".repeat(200), &["E0008:1:128"]);
}

#[test]
fn a_key_that_repeats_is_shown_twice() {
    check(
        "{\"smithy\": \"2.0\",\n \"shapes\": {},\n \"shapes\": {}}",
        &["E0007:3:2:2:2"],
    );
}

#[test]
fn columns_are_characters_and_lines_end_with_crlf_too() {
    check(
        "{\"smithy\": \"2.0\",\r\n\t\"metadata\": {\"ä\u{1f600}\": 1}, \"shapes\": []}",
        &["E0009:2:35"],
    );
}

#[test]
fn versions() {
    check("{}", &["E0010:1:1"]);
    check("{\"smithy\": \"3.0\"}", &["E0011:1:12"]);
    check("{\"smithy\": 2}", &["E0009:1:12"]);
    check("{\"smithy\": \"1\"}", &[]);
}

#[test]
fn shapes_of_the_wrong_form_are_all_reported() {
    let text = r#"{"smithy": "2.0", "shapes": {
        "a#A": {"type": "structur"},
        "a#B": {"members": {}},
        "B": {"type": "string"},
        "a#C": {"type": "list"},
        "a#D": {"type": "structure", "members": {"x-y": {"target": "a#A"}, "z": {}}},
        "a#E": {"type": "operation", "input": "a#D"},
        "a#F": {"type": "string", "traits": {"required": {}}},
        "a#G$": {"type": "apply", "traits": {}},
        "a#H": {"type": "string", "trait": {}}
    }}"#;
    check(
        text,
        &[
            "E0013:2:25",
            "E0012:3:9",
            "E0014:4:9",
            "E0012:5:9",
            "E0015:6:50",
            "E0012:6:81",
            "E0009:7:47",
            "E0014:8:46",
            "E0015:9:9",
            "W0502:10:35",
        ],
    );
}

#[test]
fn a_line_of_megabytes_is_cut_around_the_caret() {
    let filler = "x".repeat(3_000_000);
    let text = format!(
        r#"{{"smithy": "2.0", "metadata": {{"m": "{filler}"}}, "shapes": 1, "z": "{filler}"}}"#
    );
    let sources = Sources::from_texts([("m.json".into(), text)]);
    let report = load(&sources).expect_err("`shapes` is a number");
    let rendered = report.render(&sources, false);
    assert!(
        rendered.lines().all(|line| line.chars().count() < 200),
        "{rendered}"
    );
    assert!(rendered.contains("m.json:1:3000052"), "{rendered}");
}

#[test]
fn files_in_the_idl_are_recognized_below_comments() {
    for text in [
        "$version: \"2\"",
        "// Licence\n\n//\n$version: \"2\"\n",
        "\n/// Docs\nnamespace example",
        "// Licence\nmetadata a = 1",
    ] {
        let sources = Sources::from_texts([("m.json".into(), text.to_owned())]);
        let report = load(&sources).expect_err("it is not JSON");
        let printed = report.render(&sources, false);
        assert!(printed.contains("the extension `.smithy`"), "{printed}");
    }
    let sources = Sources::from_texts([("m.json".into(), "// a model\n{}".to_owned())]);
    let report = load(&sources).expect_err("it is not JSON");
    let printed = report.render(&sources, false);
    assert!(printed.contains("JSON has no comments"), "{printed}");
}
