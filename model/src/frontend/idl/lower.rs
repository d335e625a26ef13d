//! From the tree of a file to definitions.

mod properties;
mod shapes;
mod values;

pub(super) use values::scalar;

use std::borrow::Cow;
use std::collections::HashMap;
use std::mem;

use super::elide::Elided;
use super::names::{Import, Names, Scope};
use super::tree::{Node, NodeKind};
use super::{File, Suffixes, string};
use crate::ast::{Application, Ast, Metadata, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::frontend::idl::control;
use crate::node::Text;
use crate::source::{Location, SourceId, TextRange};
use crate::suggest::SuggestionLimit;

/// Adds what a file defines to the AST. With `is_complete`, a name without a shape is reported.
pub(super) fn file<'a>(
    file: &File<'a>,
    names: &Names<'a>,
    is_complete: bool,
    ast: &mut Ast<'a>,
    elided: &mut Vec<Elided<'a>>,
    report: &mut Report,
) {
    let root = file.tree.root();
    let (version, suffixes) = control(root);
    let mut lower = Lower {
        ast,
        elided,
        report,
        source: file.source,
        version,
        suffixes,
        subject: String::new(),
        scope: Scope {
            names,
            namespace: None,
            imports: HashMap::new(),
        },
        is_complete: is_complete && !file.is_broken,
        suggestions: SuggestionLimit::new(),
    };
    lower.control_statements(root);
    lower.statements(root);
}

/// The text of a node that is a string.
pub(super) fn text_of<'a>(node: Node<'_, 'a>) -> Option<Cow<'a, str>> {
    match node.kind() {
        NodeKind::String => Some(string::string(node.text()).unwrap_or_default()),
        NodeKind::TextBlock => Some(string::text_block(node.text()).unwrap_or_default().into()),
        _ => None,
    }
}

/// The text of a key, which may be in quotes.
pub(super) fn key_of<'a>(key: Node<'_, 'a>) -> Cow<'a, str> {
    let text = key.text();
    if text.starts_with('"') {
        string::string(text).unwrap_or_default()
    } else {
        text.into()
    }
}

struct Lower<'l, 'a> {
    ast: &'l mut Ast<'a>,
    elided: &'l mut Vec<Elided<'a>>,
    report: &'l mut Report,
    source: SourceId,
    version: Version,
    suffixes: Suffixes<'a>,
    /// The id of the shape or member that is lowered; empty outside of them.
    subject: String,
    scope: Scope<'l, 'a>,
    is_complete: bool,
    suggestions: SuggestionLimit,
}

impl<'a> Lower<'_, 'a> {
    fn control_statements(&mut self, root: Node<'_, 'a>) {
        let mut seen: HashMap<Cow<'a, str>, TextRange> = HashMap::new();
        let statements = root.children().filter(|it| it.kind() == NodeKind::Control);
        for statement in statements {
            let mut children = statement.children();
            let (Some(key), Some(value)) = (children.next(), children.next()) else {
                continue;
            };
            let (name, range) = (key_of(key), key.range());
            if let Some(first) = seen.insert(name.clone(), range) {
                let first = Location::range(self.source, first);
                let message = format!("the control statement `{name}` occurs twice");
                self.push(Code::WrongControl, message, value.range(), |it| {
                    it.label("repeated here")
                        .related(first, "first used here")
                        .help("remove one of the statements")
                });
                continue;
            }
            let text = text_of(value);
            match (&*name, &text) {
                ("version", Some(text)) => self.version(text, value.range()),
                ("operationInputSuffix" | "operationOutputSuffix", Some(text)) => {
                    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
                    if !text.bytes().all(is_part) {
                        let message = format!("\"{text}\" cannot be the end of a name");
                        let help = "use letters, digits and `_`";
                        self.push(Code::WrongControl, message, value.range(), |it| {
                            it.help(help)
                        });
                    }
                }
                ("version" | "operationInputSuffix" | "operationOutputSuffix", None) => {
                    let message = format!("the value of `${name}` must be a string");
                    self.push(Code::WrongControl, message, value.range(), |it| {
                        it.label("expected a string")
                            .help("write it in double quotes")
                    });
                }
                _ => {
                    let message = format!("the control statement `{name}` is unknown and ignored");
                    let known = ["version", "operationInputSuffix", "operationOutputSuffix"];
                    let help = crate::suggest::did_you_mean(&name, known).unwrap_or_else(|| {
                        format!("the known ones are {}", crate::words::quoted_list(known))
                    });
                    self.push(Code::UnknownControl, message, range, |it| it.help(help));
                }
            }
        }
    }

    fn version(&mut self, version: &str, range: TextRange) {
        if !matches!(version, "1" | "1.0" | "2" | "2.0") {
            let message = format!("version \"{version}\" of Smithy is not supported");
            let help = "use version \"2.0\" or \"1.0\"";
            self.push(Code::UnsupportedVersion, message, range, |it| it.help(help));
        }
    }

    fn statements(&mut self, root: Node<'_, 'a>) {
        let mut imports: HashMap<&'a str, Import<'a>> = HashMap::new();
        for statement in root.children() {
            match statement.kind() {
                NodeKind::Metadata => self.metadata(statement),
                NodeKind::Namespace => {
                    let name = statement.child(NodeKind::Name);
                    self.scope.namespace = name.map(Node::text);
                }
                NodeKind::Use => self.import(statement, &mut imports),
                NodeKind::Shape => self.shape(statement, &imports),
                NodeKind::Apply => self.apply(statement),
                _ => {}
            }
        }
    }

    fn metadata(&mut self, statement: Node<'_, 'a>) {
        let mut children = statement.children();
        if let (Some(key), Some(value)) = (children.next(), children.next()) {
            let key = Text::from(key_of(key)).at(key.range());
            let value = self.value(value);
            let source = Some(self.source);
            self.ast.metadata.push(Metadata { source, key, value });
        }
    }

    fn import(&mut self, statement: Node<'_, 'a>, imports: &mut HashMap<&'a str, Import<'a>>) {
        let Some(id) = statement.child(NodeKind::ShapeId) else {
            return;
        };
        let import = Import {
            id: id.text(),
            range: id.range(),
        };
        if let Some(first) = imports.get(import.name()) {
            let at = Location::range(self.source, first.range);
            let message = format!(
                "`{}` cannot be imported: its name is that of `{}`",
                import.id, first.id
            );
            self.push(Code::ConflictingImport, message, import.range, |it| {
                it.related(at, "first imported here")
                    .help("remove one of the imports and write the absolute shape id instead")
            });
            return;
        }
        if self.is_complete && !self.scope.names.has(import.id) {
            let message = format!("`{}` is imported and is not in the model", import.id);
            let mut help = self.suggestion(import.id);
            if help.is_none() {
                help = Some("add the file that defines it, or remove the import".to_owned());
            }
            self.push(Code::DanglingImport, message, import.range, |mut it| {
                it.help = help;
                it
            });
        }
        self.scope.imports.insert(import.name(), import.id);
        imports.insert(import.name(), import);
    }

    fn apply(&mut self, statement: Node<'_, 'a>) {
        let Some(target) = statement.child(NodeKind::ShapeId) else {
            return;
        };
        let id = self.scope.resolve(target.text(), target.range());
        let outer = self.enter(id.to_string());
        let traits = self.traits(statement);
        self.subject = outer;
        if !traits.is_empty() {
            let source = Some(self.source);
            self.ast
                .applications
                .push(Application { source, id, traits });
        }
    }

    /// The id that is most similar to an unknown one, as a question.
    fn suggestion(&self, id: &str) -> Option<String> {
        self.suggestions.take()?;
        let ids: Vec<String> = self.scope.names.ids().collect();
        let ids = ids.iter().map(String::as_str);
        SuggestionLimit::new().did_you_mean_or_import(id, ids)
    }

    /// Makes a shape or member the subject of what is reported; returns the subject before it.
    fn enter(&mut self, id: String) -> String {
        mem::replace(&mut self.subject, id)
    }

    /// Reports a diagnostic about the subject.
    fn push(
        &mut self,
        code: Code,
        message: impl Into<String>,
        range: TextRange,
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let location = Location::range(self.source, range.bytes());
        let mut diagnostic = Diagnostic::new(code, message, location);
        if !self.subject.is_empty() {
            diagnostic = diagnostic.shape(&self.subject);
        }
        self.report.push(with(diagnostic));
    }

    /// Reports what Smithy 1.0 does not have, in a file of that version.
    fn since_version_2(&mut self, what: &str, range: TextRange) {
        if self.version == Version::V1 {
            let message = format!("Smithy 1.0 has no {what}");
            let help = "write the file in Smithy 2.0: `$version: \"2\"`; numbers and booleans have \
                        no implied default there";
            self.push(Code::SinceVersion2, message, range, |it| it.help(help));
        }
    }

    /// Reports what Smithy 2.0 does not have any more, in a file of that version.
    fn until_version_2(&mut self, what: &str, range: TextRange, help: &str) {
        if self.version == Version::V2 {
            let message = format!("Smithy 2.0 has no {what}");
            self.push(Code::RemovedInVersion2, message, range, |it| it.help(help));
        }
    }
}
