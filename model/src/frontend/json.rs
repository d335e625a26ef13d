//! The JSON AST (Smithy 2.0, "JSON AST").
//!
//! The reader is lenient: an unknown key is a warning, and a value of the wrong type loses only its
//! own content, so that one run reports everything that is wrong with the form of the files.

mod shapes;
mod syntax;
mod value;

use crate::ast::{Ast, Metadata, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Object, Text, Value};
use crate::source::{Location, SourceId};
use crate::suggest::closest;
use crate::words::quoted_list;

pub(crate) use value::read;

/// Adds what one source contains to an AST.
pub(super) fn read_file(ast: &mut Ast<'_>, source: SourceId, report: &mut Report) {
    let text = &ast.sources[source].text;
    let mut reader = Reader {
        ast,
        report,
        source,
        version: Version::V2,
    };
    reader.text(text);
}

/// Reads one file.
struct Reader<'r, 'a> {
    ast: &'r mut Ast<'a>,
    report: &'r mut Report,
    source: SourceId,
    version: Version,
}

impl<'a> Reader<'_, 'a> {
    fn text(&mut self, text: &'a str) {
        match syntax::parse(text, self.source) {
            Ok(json) => {
                let repeated = syntax::repeated_keys(&json, self.source);
                self.report.extend(repeated);
                self.file(json);
            }
            Err(report) => self.report.merge(report),
        }
    }

    /// A whole file: its version and its shapes.
    fn file(&mut self, json: Node<'a>) {
        let Some(root) = self.object(json, &[], "a model") else {
            return;
        };
        self.version = match root.get("smithy") {
            None => {
                let message =
                    "the file lacks the key `smithy`, the version of Smithy that it is written in";
                let help = "add `\"smithy\": \"2.0\"` as the first key";
                self.push(Code::MissingVersion, message, &[], |it| it.help(help));
                return;
            }
            Some(version) => match version.as_str() {
                Some("2" | "2.0") => Version::V2,
                Some("1" | "1.0") => Version::V1,
                Some(other) => {
                    let message = format!("version \"{other}\" of Smithy is not supported");
                    let help = "use version \"2.0\" or \"1.0\"";
                    self.push(Code::UnsupportedVersion, message, &["smithy"], |it| {
                        it.help(help)
                    });
                    return;
                }
                None => {
                    self.wrong_type(version, &["smithy"], "`smithy`", "a string");
                    return;
                }
            },
        };
        for (key, value) in root.entries {
            match &*key {
                "smithy" => {}
                "metadata" => self.metadata(value),
                "shapes" => self.shapes(value),
                _ => self.unknown_key(&key, &[], "a model", &["smithy", "metadata", "shapes"]),
            }
        }
    }

    fn metadata(&mut self, json: Node<'a>) {
        let metadata = self.object(json, &["metadata"], "`metadata`");
        let source = Some(self.source);
        let entries = metadata.unwrap_or_default().entries;
        let entry = |(key, value)| Metadata { source, key, value };
        self.ast.metadata.extend(entries.into_iter().map(entry));
    }

    fn shapes(&mut self, json: Node<'a>) {
        let Some(shapes) = self.object(json, &["shapes"], "`shapes`") else {
            return;
        };
        self.ast.definitions.reserve(shapes.entries.len());
        for (id, shape) in shapes.entries {
            self.shape(id, shape);
        }
    }

    /// The location of a value in the file.
    fn location(&self, path: &[&str]) -> Location {
        Location::json(Some(self.source), path.iter().copied())
    }

    fn push(
        &mut self,
        code: Code,
        message: impl Into<String>,
        path: &[&str],
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let mut diagnostic = Diagnostic::new(code, message, self.location(path));
        if let ["shapes", id, rest @ ..] = path {
            diagnostic = match rest {
                ["members", member, ..] => diagnostic.shape(format!("{id}${member}")),
                [member @ ("member" | "key" | "value"), ..] => {
                    diagnostic.shape(format!("{id}${member}"))
                }
                _ => diagnostic.shape(id),
            };
        }
        self.report.push(with(diagnostic));
    }

    fn wrong_type(&mut self, json: &Node<'_>, path: &[&str], what: &str, expected: &str) {
        let message = format!("{what} is {}, not {expected}", json.phrase());
        let label = format!("expected {expected}");
        self.push(Code::WrongJsonType, message, path, |it| it.label(label));
    }

    fn unknown_key(&mut self, key: &str, path: &[&str], what: &str, known: &[&str]) {
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        let message = format!("{what} has no key `{key}`; the key is ignored");
        let help = match closest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the known keys are {}", quoted_list(known)),
        };
        self.push(Code::UnknownKey, message, &path, |it| it.name().help(help));
    }

    fn object(&mut self, json: Node<'a>, path: &[&str], what: &str) -> Option<Object<'a>> {
        match json.value {
            Value::Object(object) => Some(object),
            _ => {
                self.wrong_type(&json, path, what, "an object");
                None
            }
        }
    }

    fn array(&mut self, json: Node<'a>, path: &[&str], what: &str) -> Option<Vec<Node<'a>>> {
        match json.value {
            Value::Array(items) => Some(items),
            _ => {
                self.wrong_type(&json, path, what, "an array");
                None
            }
        }
    }

    fn string(&mut self, json: Node<'a>, path: &[&str], what: &str) -> Option<Text<'a>> {
        match json.value {
            Value::String(text) => Some(text.into()),
            _ => {
                self.wrong_type(&json, path, what, "a string");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
