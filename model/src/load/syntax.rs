//! Text to JSON, and what to say when it is none.

use serde_json::error::Category;

use crate::ast::Json;
use crate::diagnostic::{Code, Diagnostic, Mark, Report, of_number};
use crate::source::{At, SourceId, push_token};

/// Parses a whole file.
pub(super) fn parse(text: &str, source: Option<SourceId>) -> Result<Json<'_>, Report> {
    let at = || At {
        source,
        pointer: "".into(),
    };
    if text.trim().is_empty() {
        let help = "a model is at least `{\"smithy\": \"2.0\", \"shapes\": {}}`";
        let message = "the file is empty";
        return Err(Diagnostic::new(Code::EmptyFile, message, at())
            .mark(Mark::File)
            .help(help)
            .into());
    }
    serde_json::from_str(text).map_err(|error| {
        let byte = match error.classify() {
            Category::Eof => text.trim_end().len(),
            _ => byte(text, &error),
        };
        let full = error.to_string();
        let what = full.split(" at line ").next().unwrap_or(&full);
        if what == "recursion limit exceeded" {
            let message = "the JSON is nested more than 127 levels deep";
            return Diagnostic::new(Code::TooDeep, message, at())
                .mark(Mark::Byte(byte))
                .into();
        }
        if what == "number out of range" {
            let start = number_start(text, byte);
            let message = "a number is too large to be read";
            let help = "no number of a model is that large but the default of a bigInteger or bigDecimal; give its digits in a string";
            return Diagnostic::new(Code::NumberTooLarge, message, at())
                .mark(Mark::Number(start))
                .label("larger than what a double holds")
                .help(help)
                .into();
        }
        let message = match error.classify() {
            Category::Eof => "the file is not JSON: it ends too early".to_owned(),
            _ => format!("the file is not JSON: {what}"),
        };
        let mut diagnostic = Diagnostic::new(Code::BrokenJson, message, at())
            .mark(Mark::Byte(byte))
            .label(what);
        diagnostic.help = help(text, byte, what).map(str::to_owned);
        diagnostic.into()
    })
}

/// The offset of what `serde_json` complains about. It counts lines from 1 and, in bytes, columns from 1; a column of 0 is
/// the line break before.
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

/// Where the number starts of which `serde_json` has read up to `byte`, or to just before it.
fn number_start(text: &str, byte: usize) -> usize {
    let rest = text[byte..].chars().take_while(|c| of_number(*c));
    let end = byte + rest.count();
    text[..end].trim_end_matches(of_number).len()
}

/// What the writer may have meant.
fn help(text: &str, byte: usize, what: &str) -> Option<&'static str> {
    let (before, after) = text.split_at(byte);
    let start = text.trim_start();
    if start.starts_with('$') || start.starts_with("namespace ") || start.starts_with("metadata ") {
        return Some("this looks like the Smithy IDL; make a JSON AST of it with `smithy ast`");
    }
    if after.starts_with("//") || after.starts_with("/*") || after.starts_with('#') {
        return Some("JSON has no comments; use the trait `smithy.api#documentation`");
    }
    if after.starts_with('\'') {
        return Some("strings stand in double quotes");
    }
    if after.starts_with(['}', ']']) && before.trim_end().ends_with(',') {
        return Some("there must be no comma after the last element");
    }
    if what.starts_with("trailing comma") {
        return Some("there must be no comma after the last element");
    }
    if what.starts_with("EOF") {
        return Some("a bracket, brace or quote is not closed, or the file was cut off");
    }
    if what.starts_with("expected `,`") {
        return Some(
            "a comma between two elements, or the closing bracket, is missing before this",
        );
    }
    if what.starts_with("trailing characters") {
        return Some("a file holds one JSON object; nothing may follow its closing brace");
    }
    if what.starts_with("control character") {
        return Some("write line breaks and tabs in strings as `\\n` and `\\t`");
    }
    if what.starts_with("key must be a string") {
        return Some("keys stand in double quotes");
    }
    None
}

/// A finding for each key that its object has more than once.
pub(super) fn repeated_keys(json: &Json<'_>, source: Option<SourceId>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(json, &mut Vec::new(), &mut |path, key| {
        let mut pointer = String::new();
        for token in path {
            push_token(&mut pointer, &token.text());
        }
        push_token(&mut pointer, key);
        let at = At {
            source,
            pointer: pointer.into(),
        };
        let message = format!("the object has the key `{key}` more than once");
        found.push(
            Diagnostic::new(Code::DuplicateKey, message, at.clone())
                .mark(Mark::RepeatedKey)
                .label("here again")
                .other_key(at, "first here")
                .help("readers of JSON differ in which of the values they take; keep one of them"),
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
    json: &'j Json<'_>,
    path: &mut Vec<Token<'j>>,
    found: &mut impl FnMut(&[Token<'_>], &str),
) {
    match json {
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Token::Index(index));
                walk(item, path, found);
                path.pop();
            }
        }
        Json::Object(object) => {
            for key in object.repeated_keys() {
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
