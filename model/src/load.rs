//! JSON text to [`Ast`]: is it JSON, and is it shaped like a model?
//!
//! Lenient: an unknown key is a warning, a value of the wrong type costs what stands in it and nothing else, so that one
//! run reports everything that is wrong with the form of the files.

mod shapes;
mod syntax;

use std::borrow::Cow;

use crate::ast::{Ast, Json, Object, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{At, SourceId, Sources};
use crate::suggest::closest;

/// The shapes that every model has (Smithy 2.0, "Prelude") and those of the `drawplate` namespace.
const PRELUDE: &str = include_str!("load/prelude.json");

/// Reads the JSON AST of every source: together they are one model.
pub fn load(sources: &Sources) -> Result<Ast<'_>, Report> {
    files(sources, sources.iter().map(|(id, _)| id))
}

/// Reads the JSON AST of one source, which is a model by itself.
pub fn load_one(sources: &Sources, source: SourceId) -> Result<Ast<'_>, Report> {
    files(sources, [source])
}

fn files(sources: &Sources, chosen: impl IntoIterator<Item = SourceId>) -> Result<Ast<'_>, Report> {
    let mut loader = Loader {
        ast: Ast {
            sources,
            definitions: Vec::new(),
            applications: Vec::new(),
            warnings: Report::new(),
        },
        report: Report::new(),
        source: None,
        version: Version::V2,
    };
    loader.text(PRELUDE);
    for id in chosen {
        loader.source = Some(id);
        loader.text(&sources[id].text);
    }
    let Loader {
        mut ast, report, ..
    } = loader;
    ast.warnings = report.barrier()?;
    Ok(ast)
}

/// Reads one file after the other.
struct Loader<'a> {
    ast: Ast<'a>,
    report: Report,
    source: Option<SourceId>,
    version: Version,
}

impl<'a> Loader<'a> {
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

    /// A whole file: its version, then its shapes.
    fn file(&mut self, json: Json<'a>) {
        let Some(root) = self.object(json, &[], "a model") else {
            return;
        };
        self.version = match root.get("smithy") {
            None => {
                let message = "the file does not say which version of Smithy it is in";
                let help = "add `\"smithy\": \"2.0\"` as its first key";
                self.push(Code::MissingVersion, message, &[], |it| it.help(help));
                return;
            }
            Some(Json::String(version)) => match version.as_ref() {
                "2" | "2.0" => Version::V2,
                "1" | "1.0" => Version::V1,
                other => {
                    let message = format!("version \"{other}\" of Smithy is not read");
                    let help = "versions \"2.0\" and \"1.0\" of the JSON AST are";
                    self.push(Code::UnsupportedVersion, message, &["smithy"], |it| {
                        it.help(help)
                    });
                    return;
                }
            },
            Some(other) => {
                self.wrong_type(other, &["smithy"], "`smithy`", "a string");
                return;
            }
        };
        for (key, value) in root.entries {
            match key.as_ref() {
                "smithy" => {}
                "metadata" => drop(self.object(value, &["metadata"], "`metadata`")),
                "shapes" => self.shapes(value),
                _ => self.unknown_key(&key, &[], "a model", &["smithy", "metadata", "shapes"]),
            }
        }
    }

    fn shapes(&mut self, json: Json<'a>) {
        let Some(shapes) = self.object(json, &["shapes"], "`shapes`") else {
            return;
        };
        self.ast.definitions.reserve(shapes.entries.len());
        for (id, shape) in shapes.entries {
            self.shape(id, shape);
        }
    }

    /// The place of a value in the file that is read.
    fn at(&self, path: &[&str]) -> At {
        let top = At {
            source: self.source,
            pointer: "".into(),
        };
        path.iter().fold(top, |at, token| at.join(token))
    }

    fn push(
        &mut self,
        code: Code,
        message: impl Into<String>,
        path: &[&str],
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let mut diagnostic = Diagnostic::new(code, message, self.at(path));
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

    fn wrong_type(&mut self, json: &Json<'_>, path: &[&str], what: &str, expected: &str) {
        let message = format!("{what} is {}, not {expected}", json.phrase());
        let label = format!("{expected} is expected here");
        self.push(Code::WrongJsonType, message, path, |it| it.label(label));
    }

    fn unknown_key(&mut self, key: &str, path: &[&str], what: &str, known: &[&str]) {
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        let message = format!("{what} has no key `{key}`; it is ignored");
        let help = match closest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", list(known)),
        };
        self.push(Code::UnknownKey, message, &path, |it| it.key().help(help));
    }

    fn object(&mut self, json: Json<'a>, path: &[&str], what: &str) -> Option<Object<'a>> {
        match json {
            Json::Object(object) => Some(object),
            other => {
                self.wrong_type(&other, path, what, "an object");
                None
            }
        }
    }

    fn array(&mut self, json: Json<'a>, path: &[&str], what: &str) -> Option<Vec<Json<'a>>> {
        match json {
            Json::Array(items) => Some(items),
            other => {
                self.wrong_type(&other, path, what, "an array");
                None
            }
        }
    }

    fn string(&mut self, json: Json<'a>, path: &[&str], what: &str) -> Option<Cow<'a, str>> {
        match json {
            Json::String(text) => Some(text),
            other => {
                self.wrong_type(&other, path, what, "a string");
                None
            }
        }
    }
}

/// `a`, `b` and `c`.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests;
