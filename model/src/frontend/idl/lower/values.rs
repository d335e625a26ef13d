//! Node values and traits.

use std::collections::HashMap;
use std::mem;

use super::{Lower, key_of, text_of};
use crate::diagnostic::Code;
use crate::frontend::idl::names::AnnotationForm;
use crate::frontend::idl::string::doc_line;
use crate::frontend::idl::tree::{Node as Syntax, NodeKind};
use crate::node::{Node, Number, Object, Text, Value};
use crate::source::{Location, TextRange};
use crate::traits::TraitId;

/// The number of entries up to which keys are compared one by one.
const FEW: usize = 8;

/// A number, string or keyword; `None` for any other word.
pub(in super::super) fn scalar<'a>(value: Syntax<'_, 'a>) -> Option<Node<'a>> {
    Some(match (value.kind(), value.text()) {
        (NodeKind::Number, digits) => {
            let number = Number::parse(digits);
            Node::new(number.map_or(Value::Null, Value::Number))
        }
        (NodeKind::ShapeId, "true") => Node::from(true),
        (NodeKind::ShapeId, "false") => Node::from(false),
        (NodeKind::ShapeId, "null") => Node::new(Value::Null),
        (NodeKind::ShapeId, _) => return None,
        _ => Node::new(Value::String(text_of(value).unwrap_or_default())),
    })
}

impl<'a> Lower<'_, 'a> {
    /// A value. The parser has limited its depth.
    pub(super) fn value(&mut self, value: Syntax<'_, 'a>) -> Node<'a> {
        let node = match value.kind() {
            NodeKind::Object | NodeKind::TraitBody => Node::from(self.object(value)),
            NodeKind::Array => {
                let items = value.children().map(|item| self.value(item));
                Node::new(Value::Array(items.collect()))
            }
            _ => scalar(value)
                .unwrap_or_else(|| Node::new(Value::String(self.reference(value).text))),
        };
        node.at(value.range())
    }

    /// A shape id in a value. Unlike text in quotes, it must be that of a shape.
    fn reference(&mut self, value: Syntax<'_, 'a>) -> Text<'a> {
        let id = self.scope.resolve(value.text(), value.range());
        if self.is_complete && !self.scope.names.has(&id) {
            let message = format!("`{id}` is not in the model");
            let help = self.suggestion(&id).unwrap_or_else(|| {
                "write it in double quotes if it is text; if it is a shape, add the file that \
                 defines it"
                    .to_owned()
            });
            self.push(Code::DanglingTarget, message, value.range(), |it| {
                it.label("no shape has this id").help(help)
            });
        }
        id
    }

    /// The entries of an object.
    fn object(&mut self, object: Syntax<'_, 'a>) -> Object<'a> {
        let mut entries: Vec<(Text<'a>, Node<'a>)> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        for entry in object.children() {
            let mut children = entry.children();
            let (Some(key), Some(value)) = (children.next(), children.next()) else {
                continue;
            };
            let name = Text::from(key_of(key)).at(key.range());
            let first = if entries.len() < FEW {
                entries
                    .iter()
                    .position(|(before, _)| *before.text == *name.text)
            } else {
                if index.is_empty() {
                    let before = entries.iter().enumerate();
                    index = before.map(|(at, (key, _))| (key.to_string(), at)).collect();
                }
                index.insert(name.to_string(), entries.len())
            };
            if let Some(first) = first {
                self.repeated_key(&name, entries[first].0.range, key.range());
                continue;
            }
            let value = self.value(value);
            entries.push((name, value));
        }
        Object { entries }
    }

    /// Reports a key that is given twice. It is an error of the text, as in a JSON AST, and not of
    /// the shape around it.
    pub(super) fn repeated_key(&mut self, key: &str, first: Option<TextRange>, again: TextRange) {
        let subject = mem::take(&mut self.subject);
        self.repeated(key, first, again);
        self.subject = subject;
    }

    /// Reports a key or member that is given twice.
    pub(super) fn repeated(&mut self, name: &str, first: Option<TextRange>, again: TextRange) {
        let message = format!("`{name}` is given more than once");
        let first = first.map(|first| Location::range(self.source, first.bytes()));
        self.push(Code::DuplicateKey, message, again, |it| {
            let it = it.label("repeated here").help("remove all but one");
            match first {
                Some(first) => it.related(first, "first used here"),
                None => it,
            }
        });
    }

    /// The documentation and traits in front of what is inside a node. They are applied to the
    /// subject.
    pub(super) fn traits(&mut self, node: Syntax<'_, 'a>) -> Object<'a> {
        let mut traits = Object::default();
        let mut docs = None;
        for child in node.children() {
            match child.kind() {
                NodeKind::Docs if node.kind() != NodeKind::Apply => docs = Some(child),
                NodeKind::Trait => {
                    let (id, value) = self.application(child);
                    self.add_trait(&mut traits, id, value);
                }
                NodeKind::Docs | NodeKind::Broken => {}
                NodeKind::ShapeId if node.kind() == NodeKind::Apply => {}
                _ => break,
            }
        }
        if let Some(docs) = docs {
            let mut text = String::new();
            for (index, line) in docs.doc_lines().enumerate() {
                if index > 0 {
                    text.push('\n');
                }
                text.push_str(doc_line(line));
            }
            let range = docs.range();
            let id = Text::from(TraitId::Documentation.id()).at(range);
            let value = Node::new(Value::String(text.into())).at(range);
            self.add_trait(&mut traits, id, value);
        }
        traits
    }

    fn application(&mut self, application: Syntax<'_, 'a>) -> (Text<'a>, Node<'a>) {
        let mut children = application.children();
        let name = children.next().expect("a trait begins with its id");
        let id = self.scope.resolve(name.text(), name.range());
        if id.contains('$') {
            let message = format!("`{id}` is the id of a member, not of a trait");
            let help = "a trait is a shape: remove the member";
            self.push(Code::InvalidShapeId, message, name.range(), |it| {
                it.help(help)
            });
        }
        let value = match children.next() {
            Some(value) => self.value(value),
            None => match self.scope.names.annotation(&id) {
                AnnotationForm::Object => Node::empty(),
                AnnotationForm::Array => Node::new(Value::Array(Vec::new())),
                AnnotationForm::Null => Node::new(Value::Null),
            }
            .at(name.range()),
        };
        match TraitId::find(&id) {
            Some(TraitId::Mixin | TraitId::Default | TraitId::EnumValue) => {
                let what = format!("trait `{id}`");
                self.since_version_2(&what, name.range());
            }
            _ if *id.text == *"smithy.api#box" => {
                let help = "remove it: numbers and booleans have no implied default in Smithy 2.0";
                self.until_version_2("trait `smithy.api#box`", name.range(), help);
            }
            _ => {}
        }
        (id, value)
    }

    /// Adds a trait of the subject. A trait that is there already must have the same value; lists
    /// are joined.
    pub(super) fn add_trait(&mut self, traits: &mut Object<'a>, id: Text<'a>, value: Node<'a>) {
        let same = traits
            .entries
            .iter_mut()
            .find(|(before, _)| *before.text == *id.text);
        let Some((first, before)) = same else {
            traits.entries.push((id, value));
            return;
        };
        match (&mut before.value, value.value) {
            (Value::Array(items), Value::Array(more)) => items.extend(more),
            (same, other) if *same == other => {}
            _ => {
                let message = format!(
                    "`{}` gets the trait `{id}` with two different values",
                    self.subject
                );
                let first = first.range.unwrap_or_else(|| TextRange::from(0..0));
                let first = Location::range(self.source, first.bytes());
                let at = id.range.unwrap_or_else(|| TextRange::from(0..0));
                self.push(Code::ConflictingTraits, message, at, |it| {
                    it.label("one value")
                        .related(first, "the other value")
                        .help("remove one of the traits, or give both the same value")
                });
            }
        }
    }
}
