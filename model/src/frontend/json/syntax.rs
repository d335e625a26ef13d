//! Text to JSON, and the diagnostics for text that is not JSON.

use serde_json::error::Category;

use super::value;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Object, Value};
use crate::source::{Location, SourceId, SpanKind};

/// Parses a whole file.
pub(super) fn parse(text: &str, source: SourceId) -> Result<Node<'_>, Report> {
    if text.trim().is_empty() {
        let help = "the smallest model is `{\"smithy\": \"2.0\", \"shapes\": {}}`";
        let message = "the file is empty";
        let diagnostic = Diagnostic::new(Code::EmptyFile, message, Location::file(source));
        return Err(diagnostic.help(help).into());
    }
    value::read(text).map_err(|error| diagnostic(text, source, &error).into())
}

fn diagnostic(text: &str, source: SourceId, error: &serde_json::Error) -> Diagnostic {
    let is_end = error.classify() == Category::Eof;
    let byte = if is_end {
        text.trim_end().len()
    } else {
        byte(text, error)
    };
    let full = error.to_string();
    let what = full.split(" at line ").next().unwrap_or(&full);
    let location = Location::range(source, byte..byte);
    match what {
        "recursion limit exceeded" => {
            let message = "the JSON is nested more than 127 levels deep";
            Diagnostic::new(Code::TooDeep, message, location)
        }
        _ => {
            let message = if is_end {
                "the file is not JSON: it ends too early".to_owned()
            } else {
                format!("the file is not JSON: {what}")
            };
            let mut diagnostic = Diagnostic::new(Code::BrokenJson, message, location).label(what);
            diagnostic.help = help(text, byte, what).map(str::to_owned);
            diagnostic
        }
    }
}

/// The offset of an error. `serde_json` counts lines from 1 and columns from 1 in bytes; column 0
/// is the line break before.
fn byte(text: &str, error: &serde_json::Error) -> usize {
    let before = error.line().saturating_sub(1);
    let lines = text.split_inclusive('\n').take(before);
    let line_start: usize = lines.map(str::len).sum();
    let mut byte = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// A guess at what is wrong.
fn help(text: &str, byte: usize, what: &str) -> Option<&'static str> {
    let (before, after) = text.split_at(byte);
    // Files in the IDL often begin with a licence.
    let mut start = text.trim_start();
    while start.starts_with("//") {
        start = start
            .split_once('\n')
            .map_or("", |(_, rest)| rest.trim_start());
    }
    if start.starts_with('$') || start.starts_with("namespace ") || start.starts_with("metadata ") {
        return Some("this looks like the Smithy IDL: give the file the extension `.smithy`");
    }
    if after.starts_with("//") || after.starts_with("/*") || after.starts_with('#') {
        return Some("JSON has no comments; use the trait `smithy.api#documentation`");
    }
    if after.starts_with('\'') {
        return Some("write strings in double quotes");
    }
    if after.starts_with(['}', ']']) && before.trim_end().ends_with(',') {
        return Some("remove the comma after the last element");
    }
    if what.starts_with("trailing comma") {
        return Some("remove the comma after the last element");
    }
    if what.starts_with("EOF") {
        return Some("a bracket, brace or quote is not closed, or the file was cut off");
    }
    if what.starts_with("expected `,`") {
        return Some("a comma between two elements or a closing bracket is missing before this");
    }
    if what.starts_with("trailing characters") {
        return Some("remove the text after the closing brace: a file is one JSON object");
    }
    if what.starts_with("control character") {
        return Some("write line breaks and tabs in strings as `\\n` and `\\t`");
    }
    if what.starts_with("key must be a string") {
        return Some("write keys in double quotes");
    }
    None
}

/// A diagnostic for each key that its object has more than once.
pub(super) fn repeated_keys(json: &Node<'_>, source: SourceId) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(json, &mut Vec::new(), &mut |path, key| {
        let path: Vec<String> = path.iter().map(Token::text).collect();
        let path = path.iter().map(String::as_str).chain([key]);
        let location = Location::json(Some(source), path);
        let message = format!("the object has the key `{key}` more than once");
        found.push(
            Diagnostic::new(Code::DuplicateKey, message, location.clone())
                .span(SpanKind::LastName)
                .label("repeated here")
                .related_name(location, "first used here")
                .help("JSON readers differ in which of the values they use; remove all but one"),
        );
    });
    found
}

#[derive(Clone, Copy)]
enum Token<'j> {
    Key(&'j str),
    Index(usize),
}

impl Token<'_> {
    fn text(&self) -> String {
        match self {
            Token::Key(key) => (*key).to_owned(),
            Token::Index(index) => index.to_string(),
        }
    }
}

fn walk<'j>(
    json: &'j Node<'_>,
    path: &mut Vec<Token<'j>>,
    found: &mut impl FnMut(&[Token<'_>], &str),
) {
    match &json.value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Token::Index(index));
                walk(item, path, found);
                path.pop();
            }
        }
        Value::Object(object) => {
            for key in repeated(object) {
                found(path, key);
            }
            for (key, value) in object.iter() {
                path.push(Token::Key(key));
                walk(value, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The keys that repeat, each once, sorted.
fn repeated<'o>(object: &'o Object<'_>) -> Vec<&'o str> {
    let mut keys: Vec<&str> = object.iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    let pairs = keys.windows(2).filter(|pair| pair[0] == pair[1]);
    let mut repeated: Vec<&str> = pairs.map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}
