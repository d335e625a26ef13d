//! JSON values as YAML.
//!
//! The crates that write YAML either leave dates such as `2026-01-01` without quotes, which many
//! readers do not take for text, or need a later compiler than this crate. YAML 1.2 contains JSON,
//! so that only the layout is written here: every text that is not obviously plain is a JSON string
//! or a block of lines.

use std::fmt::Write as _;

use serde_json::Value;

/// The text of a document, which ends in a line feed.
pub(super) fn text(document: &Value) -> String {
    let mut text = String::new();
    match document {
        Value::Object(_) | Value::Array(_) if !is_empty(document) => block(&mut text, document, 0),
        _ => scalar(&mut text, document, 0),
    }
    text
}

/// The lines of an object or array that is not empty.
fn block(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(object) => {
            for (index, (key, value)) in object.iter().enumerate() {
                if index > 0 {
                    indent(text, depth);
                }
                if is_plain(key) {
                    text.push_str(key);
                } else {
                    quote(text, key);
                }
                text.push(':');
                if is_empty(value) {
                    text.push(' ');
                    scalar(text, value, depth);
                } else {
                    text.push('\n');
                    indent(text, depth + 1);
                    block(text, value, depth + 1);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    indent(text, depth);
                }
                text.push_str("- ");
                if is_empty(item) {
                    scalar(text, item, depth);
                } else {
                    block(text, item, depth + 1);
                }
            }
        }
        _ => scalar(text, value, depth),
    }
}

/// Whether a value has no lines of its own.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

/// A value on the line of its key, or the lines of a text.
fn scalar(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::String(string) if is_plain(string) => text.push_str(string),
        Value::String(string) if has_lines(string) => {
            text.push_str(if string.ends_with('\n') { "|" } else { "|-" });
            for line in string.lines() {
                text.push('\n');
                if !line.is_empty() {
                    indent(text, depth + 1);
                    text.push_str(line);
                }
            }
        }
        Value::String(string) => quote(text, string),
        Value::Object(_) => text.push_str("{}"),
        Value::Array(_) => text.push_str("[]"),
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
    text.push('\n');
}

fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Whether a text is itself in every version of YAML: words that begin with a letter, none of which
/// is a constant.
fn is_plain(string: &str) -> bool {
    const CONSTANTS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./+ ".contains(c);
    string.starts_with(|c: char| c.is_ascii_alphabetic())
        && string.chars().all(is_plain)
        && !string.ends_with(' ')
        && !CONSTANTS
            .iter()
            .any(|constant| string.eq_ignore_ascii_case(constant))
}

/// Whether a text is written line by line: it has several lines, and its reader finds the same
/// spaces, line ends and characters.
fn has_lines(string: &str) -> bool {
    string.trim_end_matches('\n').contains('\n')
        && !string.ends_with("\n\n")
        && !string.starts_with([' ', '\n', '\t'])
        && string.chars().all(|c| c == '\n' || is_printable(c))
}

/// Whether YAML may have a character outside of quotes (YAML 1.2, "Character Set").
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// A text in double quotes.
fn quote(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            _ if is_printable(c) => text.push(c),
            _ => {
                write!(text, "\\u{:04x}", u32::from(c)).expect("writing to a string does not fail");
            }
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_laid_out_in_blocks() {
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "A shop", "version": "2026-01-01", "empty": {}, "list": [] },
            "200": [{ "a": 1, "b": [[true, null]] }, "#/x", "no", 1.5],
            "text": "two\n\n  lines",
            "end": "one\ntwo\n",
        });
        let expected = "\
openapi: \"3.1.0\"
info:
  title: A shop
  version: \"2026-01-01\"
  empty: {}
  list: []
\"200\":
  - a: 1
    b:
      - - true
        - null
  - \"#/x\"
  - \"no\"
  - 1.5
text: |-
  two

    lines
end: |
  one
  two
";
        assert_eq!(text(&document), expected);
    }

    #[test]
    fn a_reader_finds_the_same_values() {
        let strings = [
            "",
            " ",
            "a ",
            " a",
            "a: b",
            "a #b",
            "- a",
            "null",
            "Null",
            "~",
            "y",
            "NO",
            "on",
            "1",
            "1e3",
            "0x1f",
            "1_000",
            "12:30",
            "2026-01-01",
            ".inf",
            "=",
            "<<",
            "*",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "{a}",
            "[a]",
            "a,b",
            "?",
            "|",
            ">",
            "a\\nb",
            "a\nb",
            "a\n\nb\n",
            "a\n",
            "a\n\n",
            "\na",
            " a\nb",
            "a\r\nb",
            "a\tb\nc",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{7f}\u{1}",
            "é",
            "\u{1f600}",
            "---\na",
            "a\n--- b\n... c",
            "a \n b ",
            "a\n# b",
            "#a\nb",
            "infinity",
            "Yes we can",
        ];
        let keys = strings
            .iter()
            .map(|string| ((*string).to_owned(), json!(1)));
        let document = json!({
            "strings": strings.to_vec(),
            "keys": keys.collect::<serde_json::Map<_, _>>(),
            "nested": strings.map(|string| json!({ "a": { "b": string } })).to_vec(),
            "numbers": [0, -1, u64::MAX, i64::MIN, 1e300, 0.1, -2.5e-9],
        });
        for document in [
            document,
            json!([]),
            json!({}),
            json!("a\nb"),
            json!([[["a\nb"]]]),
        ] {
            let text = text(&document);
            let read = serde_norway::from_str::<Value>(&text);
            let read = read.unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(read, document, "{text}");
        }
    }
}
