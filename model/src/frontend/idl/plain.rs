//! Values without shapes: the JSON of files that may have comments.

use std::ops::Range;

use super::lower::{key_of, scalar};
use super::tree::{Node as Syntax, NodeKind};
use super::{SourceId, grammar};
use crate::diagnostic::Report;
use crate::node::{Node, Object, Text, Value};

/// Reads a text of JSON, in which there may be comments. Node values of the IDL are JSON without
/// the need for commas and quotes around keys.
pub(in crate::frontend) fn json_with_comments(
    text: &str,
    source: SourceId,
    report: &mut Report,
) -> Option<Node<'static>> {
    let (tree, _): (_, Vec<Range<usize>>) = grammar::parse_value(text, source, report);
    let value = tree.root().children().next();
    let value = value.filter(|_| !report.has_errors())?;
    Some(plain(value).to_static())
}

fn plain<'a>(value: Syntax<'_, 'a>) -> Node<'a> {
    let node = match value.kind() {
        NodeKind::Object => {
            let entries = value.children().filter_map(|entry| {
                let mut children = entry.children();
                let (key, value) = (children.next()?, children.next()?);
                Some((Text::from(key_of(key)).at(key.range()), plain(value)))
            });
            Node::from(entries.collect::<Object<'_>>())
        }
        NodeKind::Array => Node::new(Value::Array(value.children().map(plain).collect())),
        _ => scalar(value).unwrap_or_else(|| Node::from(value.text())),
    };
    node.at(value.range())
}
