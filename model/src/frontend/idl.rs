//! The Smithy IDL, versions 1.0 and 2.0.
//!
//! ```text
//! text -token-> tokens -grammar-> Tree -lower-> definitions -elide-> Ast
//! ```
//!
//! All files are parsed before the first one is lowered, because the meaning of a name depends on
//! which shapes exist. The tree of a file has every byte of it, for tools that change its text.

mod elide;
mod format;
mod grammar;
mod lower;
mod names;
mod parser;
mod plain;
mod string;
mod token;
mod tree;

use std::borrow::Cow;
use std::ops::Range;

use crate::ast::{Ast, ShapeType, Version};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{Location, SourceId};

pub(crate) use format::format;
pub(super) use plain::json_with_comments;

use names::Names;
use tree::{Node, NodeKind, Tree};

/// A file that is parsed.
pub(super) struct File<'a> {
    source: SourceId,
    tree: Tree<'a>,
    stray: Vec<Range<usize>>,
    /// Whether the text has syntax errors, which are reported.
    is_broken: bool,
}

/// Parses a file. Its syntax errors are added to the report.
pub(super) fn parse<'a>(text: &'a str, source: SourceId, report: &mut Report) -> File<'a> {
    let mut errors = Report::new();
    let (tree, stray) = grammar::parse(text, source, &mut errors);
    let is_broken = !errors.is_empty();
    report.merge(errors);
    File {
        source,
        tree,
        stray,
        is_broken,
    }
}

/// Adds the shapes of files to an AST that has those of all other files.
pub(super) fn lower<'a>(files: &[File<'a>], ast: &mut Ast<'a>, report: &mut Report) {
    let mut names = Names::default();
    names.add_definitions(&ast.definitions);
    for file in files {
        collect(file, &mut names);
    }
    // A name in a broken statement may seem to be missing.
    let is_complete = !report.has_errors();
    let mut elided = Vec::new();
    for file in files {
        lower::file(file, &names, is_complete, ast, &mut elided, report);
        for docs in &file.stray {
            let message = "the documentation comment documents nothing";
            let at = Location::range(file.source, docs.clone());
            let help = "put it in front of the traits of a shape or member, or write `//`";
            report.push(Diagnostic::new(Code::StrayDocs, message, at).help(help));
        }
    }
    elide::resolve(ast, &elided, report);
    ast.definitions.sort_by_key(|definition| definition.source);
    ast.applications
        .sort_by_key(|application| application.source);
    ast.metadata.sort_by_key(|metadata| metadata.source);
}

/// Adds the names of the shapes of a file.
fn collect<'a>(file: &File<'a>, names: &mut Names<'a>) {
    let root = file.tree.root();
    let namespace = root.child(NodeKind::Namespace);
    let Some(namespace) = namespace.and_then(|it| it.child(NodeKind::Name)) else {
        return;
    };
    let (_, suffixes) = control(root);
    for shape in root.children() {
        let (Some(keyword), Some(name)) =
            (shape.child(NodeKind::Keyword), shape.child(NodeKind::Name))
        else {
            continue;
        };
        let Some(kind) = ShapeType::parse(keyword.text()) else {
            continue;
        };
        names.add(namespace.text(), name.text().into(), kind);
        let body = shape.child(NodeKind::OperationBody);
        for property in body.into_iter().flat_map(Node::children) {
            if property.child(NodeKind::Inline).is_some()
                && let Some(inline) = suffixes.inline_name(name.text(), property)
            {
                names.add(namespace.text(), inline, ShapeType::Structure);
            }
        }
    }
}

/// The ends of the names of inline structures.
struct Suffixes<'a> {
    input: Cow<'a, str>,
    output: Cow<'a, str>,
}

impl<'a> Suffixes<'a> {
    /// The name of the structure that a property of an operation defines.
    fn inline_name(&self, operation: &str, property: Node<'_, 'a>) -> Option<Cow<'a, str>> {
        let suffix = match property.child(NodeKind::Name)?.text() {
            "input" => &self.input,
            _ => &self.output,
        };
        Some(format!("{operation}{suffix}").into())
    }
}

/// The version and the suffixes that the control statements of a file set. Wrong statements are
/// reported by `lower`.
fn control<'a>(root: Node<'_, 'a>) -> (Version, Suffixes<'a>) {
    let mut version = Version::V1;
    let mut suffixes = Suffixes {
        input: "Input".into(),
        output: "Output".into(),
    };
    let statements = root.children();
    for statement in statements.take_while(|it| it.kind() != NodeKind::Namespace) {
        let mut children = statement.children();
        let (NodeKind::Control, Some(key), Some(value)) =
            (statement.kind(), children.next(), children.next())
        else {
            continue;
        };
        let Some(value) = lower::text_of(value) else {
            continue;
        };
        match &*lower::key_of(key) {
            "version" if matches!(&*value, "2" | "2.0") => version = Version::V2,
            "operationInputSuffix" => suffixes.input = value,
            "operationOutputSuffix" => suffixes.output = value,
            _ => {}
        }
    }
    (version, suffixes)
}

#[cfg(test)]
mod tests;
