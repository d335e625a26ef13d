//! Formats files as Smithy's own formatter does: lines of up to 120 characters, four spaces of
//! indentation, sorted imports without those that are not used, and comments where they were.

mod comments;
mod layout;
mod shapes;
mod values;

use std::collections::BTreeSet;

use super::grammar;
use super::tree::{Node, NodeKind};
use crate::diagnostic::Report;
use crate::source::SourceId;

use comments::{Comment, Lines};
use layout::Doc;

/// The number of characters of a line.
const WIDTH: usize = 120;

/// The formatted text of a file; its syntax errors if it has any.
pub(crate) fn format(text: &str, source: SourceId) -> Result<String, Report> {
    let mut report = Report::new();
    let (tree, _) = grammar::parse(text, source, &mut report);
    if report.has_errors() {
        return Err(report);
    }
    let formatter = Formatter {
        lines: Lines::new(&tree),
        width: WIDTH,
    };
    Ok(formatter.file(tree.root()))
}

struct Formatter<'t, 'a> {
    lines: Lines<'t, 'a>,
    width: usize,
}

/// A statement of the file with the comments in front of it.
struct Statement<'t, 'a> {
    node: Node<'t, 'a>,
    /// The comments on lines of their own in front of it.
    lead: Vec<Comment<'a>>,
    /// The comment at the end of its last line, and those that stay behind it.
    trail: Vec<Comment<'a>>,
}

impl<'t, 'a> Formatter<'t, 'a> {
    fn file(&self, root: Node<'t, 'a>) -> String {
        let (mut statements, rest) = self.statements(root);
        // The comments at the start are no part of the first statement.
        let first = statements.first_mut();
        let start = first.map(|first| std::mem::take(&mut first.lead));
        arrange_imports(&mut statements);
        let start = start.unwrap_or_default().into_iter().map(Comment::print);
        let mut text = start.collect::<Vec<_>>().join("\n");
        let mut previous: Option<NodeKind> = None;
        let mut sections: Vec<Vec<Statement<'t, 'a>>> = Vec::new();
        for statement in statements {
            let kind = section(statement.node.kind());
            match sections.last_mut() {
                Some(section) if previous == Some(kind) => section.push(statement),
                _ => sections.push(vec![statement]),
            }
            previous = Some(kind);
        }
        for section in &sections {
            text.push('\n');
            match section[0].node.kind() {
                NodeKind::Shape | NodeKind::Apply => {
                    let printed = section.iter().map(|it| self.print(it) + "\n");
                    text.push_str(&printed.collect::<Vec<_>>().join("\n"));
                }
                _ => self.section(section, &mut text),
            }
        }
        text.push('\n');
        for comment in rest {
            text.push_str(&comment.print());
            text.push('\n');
        }
        text.trim().to_owned() + "\n"
    }

    /// The statements, and the comments after the last one.
    fn statements(&self, root: Node<'t, 'a>) -> (Vec<Statement<'t, 'a>>, Vec<Comment<'a>>) {
        let nodes: Vec<_> = root
            .children()
            .filter(|it| it.kind() != NodeKind::Broken)
            .collect();
        let mut statements: Vec<Statement<'t, 'a>> = Vec::with_capacity(nodes.len());
        let mut at = root.tokens().start;
        for node in nodes {
            let start = self.start_of(node);
            let gap = self.lines.comments(at..start);
            let before = statements.last().map(|it| it.node);
            let is_documentation = match node.kind() {
                NodeKind::Shape => {
                    let last = gap.last().map_or(0, |last| last.line);
                    let is_apart = self.lines.line(start) > last + 1;
                    !(is_apart && gap.iter().any(|it| it.is_banner()))
                }
                _ => false,
            };
            let gap: Vec<_> = gap
                .into_iter()
                .map(|it| if is_documentation { it } else { it.demoted() })
                .collect();
            let lead = match (before, statements.last_mut()) {
                (Some(before), Some(statement)) => {
                    let (trail, lead) = self.split(before, gap);
                    statement.trail = trail;
                    lead
                }
                _ => gap,
            };
            let trail = Vec::new();
            statements.push(Statement { node, lead, trail });
            at = node.tokens().end;
        }
        let rest = self.lines.comments(at..root.tokens().end).into_iter();
        let rest: Vec<_> = rest.map(Comment::demoted).collect();
        match statements.last_mut() {
            Some(last) => {
                let (trail, rest) = self.split(last.node, rest);
                last.trail = trail;
                (statements, rest)
            }
            None => (statements, rest),
        }
    }

    /// Divides the comments after a statement into those that stay with it and those of the next
    /// one. The lines directly below a shape stay with it, unless they are documentation.
    fn split(
        &self,
        statement: Node<'t, 'a>,
        gap: Vec<Comment<'a>>,
    ) -> (Vec<Comment<'a>>, Vec<Comment<'a>>) {
        let end = self.lines.end_line(statement);
        let is_shape = matches!(statement.kind(), NodeKind::Shape | NodeKind::Apply);
        let mut previous = end;
        let (mut trail, mut lead) = (Vec::new(), Vec::new());
        for comment in gap {
            let is_below = is_shape && !comment.is_doc && comment.line == previous + 1;
            if comment.line == end || is_below {
                previous = comment.line;
                trail.push(comment);
            } else {
                lead.push(comment);
            }
        }
        (trail, lead)
    }

    /// Control statements, metadata, the namespace or imports. A statement of several lines has
    /// blank lines around it.
    fn section(&self, statements: &[Statement<'t, 'a>], text: &mut String) {
        let mut is_after_blank = true;
        for (index, statement) in statements.iter().enumerate() {
            let printed = self.print(statement);
            if printed.contains('\n') {
                if !is_after_blank {
                    text.push('\n');
                }
                text.push_str(&printed);
                if index + 1 < statements.len() {
                    text.push('\n');
                    is_after_blank = true;
                }
            } else {
                text.push_str(&printed);
                is_after_blank = false;
            }
            text.push('\n');
        }
    }

    fn print(&self, statement: &Statement<'t, 'a>) -> String {
        let Statement { node, lead, trail } = statement;
        let mut children = node.children();
        let mut child = || children.next().expect("the statement is complete");
        let doc = match node.kind() {
            NodeKind::Control => {
                let (key, value) = (child(), child());
                let value = self.value(value, false);
                Doc::Concat(vec![
                    Doc::text("$"),
                    values::key_text(key),
                    Doc::text(": "),
                    value,
                ])
            }
            NodeKind::Metadata => {
                let (key, value) = (child(), child());
                let value = self.value(value, false);
                Doc::Concat(vec![
                    Doc::text("metadata "),
                    values::key_text(key),
                    Doc::text(" = "),
                    value,
                ])
            }
            NodeKind::Namespace => Doc::text(format!("namespace {}", child().text())),
            NodeKind::Use => Doc::text(format!("use {}", child().text())),
            _ => self.statement(*node),
        };
        let end = self.lines.end_line(*node);
        let mut docs = vec![Self::hoisted(lead.clone()), doc];
        for comment in trail {
            docs.push(if comment.line == end {
                Doc::text(" ")
            } else {
                Doc::Line
            });
            docs.push(Doc::text(comment.print()));
        }
        Doc::Concat(docs).render(self.width)
    }
}

#[cfg(test)]
mod tests;

/// The section that a statement belongs to, by the kind of its first statement.
fn section(kind: NodeKind) -> NodeKind {
    match kind {
        NodeKind::Apply => NodeKind::Shape,
        kind => kind,
    }
}

/// Sorts imports and removes those that no shape uses, with their comments.
fn arrange_imports(statements: &mut Vec<Statement<'_, '_>>) {
    let is_import = |it: &Statement<'_, '_>| it.node.kind() == NodeKind::Use;
    let Some(first) = statements.iter().position(is_import) else {
        return;
    };
    let count = statements[first..]
        .iter()
        .take_while(|it| is_import(it))
        .count();
    let used: BTreeSet<&str> = used_names(&statements[first + count..]);
    let mut imports: Vec<_> = statements.drain(first..first + count).collect();
    imports.sort_by_key(|it| import_id(it.node));
    imports.retain(|it| {
        let id = import_id(it.node);
        used.contains(id.split_once('#').map_or(id, |(_, name)| name))
    });
    statements.splice(first..first, imports);
}

fn import_id<'a>(import: Node<'_, 'a>) -> &'a str {
    import.child(NodeKind::ShapeId).map_or("", Node::text)
}

/// The names without a namespace in shape ids.
fn used_names<'a>(statements: &[Statement<'_, 'a>]) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let mut waiting: Vec<Node<'_, 'a>> = statements.iter().map(|it| it.node).collect();
    while let Some(node) = waiting.pop() {
        if node.kind() == NodeKind::ShapeId && !node.text().contains('#') {
            names.insert(node.text().split('$').next().unwrap_or_default());
        }
        waiting.extend(node.children());
    }
    names
}
