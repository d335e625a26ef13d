//! The traits of a shape or member while it is resolved, and how their values are read.

use std::ops::Deref;

use crate::ast::ItemPath;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Object, Text, Value};
use crate::source::{Location, Span, TextRange};
use crate::traits::{Applied, Form, TraitId, Traits, entry_location};

/// A trait that is applied to a shape or member.
#[derive(Clone, Debug)]
pub(crate) struct AppliedTrait<'a> {
    pub(crate) id: &'a str,
    /// `None` if the trait is not in the table.
    pub(super) known: Option<TraitId>,
    pub(crate) value: TraitValue<'a>,
    /// The item that it is applied to, or the `apply` statement that applies it.
    pub(super) owner: ItemPath<'a>,
    id_range: Option<TextRange>,
}

/// The value of a trait. (A `Cow` would be invariant in the lifetime of the node.)
#[derive(Clone, Debug)]
pub(crate) enum TraitValue<'a> {
    /// The traits that are written in one place.
    Written(&'a Node<'a>),
    /// The lists of several places, joined.
    Joined(Node<'a>),
}

impl<'a> Deref for TraitValue<'a> {
    type Target = Node<'a>;

    fn deref(&self) -> &Node<'a> {
        match self {
            Self::Written(node) => node,
            Self::Joined(node) => node,
        }
    }
}

/// The traits of a shape or member, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct AppliedTraits<'a>(Vec<AppliedTrait<'a>>);

impl<'a> AppliedTraits<'a> {
    pub(super) fn new(object: &'a Object<'a>, owner: ItemPath<'a>) -> Self {
        let applied = |(id, value): &'a (Text<'a>, Node<'a>)| AppliedTrait {
            id: &id.text,
            known: TraitId::find(&id.text),
            value: TraitValue::Written(value),
            owner,
            id_range: id.range,
        };
        Self(object.entries.iter().map(applied).collect())
    }

    pub(crate) fn get(&self, id: TraitId) -> Option<&AppliedTrait<'a>> {
        self.0.iter().find(|applied| applied.known == Some(id))
    }

    pub(crate) fn has(&self, id: TraitId) -> bool {
        self.get(id).is_some()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &AppliedTrait<'a>> {
        self.0.iter()
    }

    fn same_mut(&mut self, other: &AppliedTrait<'_>) -> Option<&mut AppliedTrait<'a>> {
        self.0.iter_mut().find(|applied| applied.id == other.id)
    }

    /// Adds traits that take precedence over those that are there.
    pub(super) fn supersede(&mut self, others: impl IntoIterator<Item = AppliedTrait<'a>>) {
        for other in others {
            match self.same_mut(&other) {
                Some(applied) => *applied = other,
                None => self.0.push(other),
            }
        }
    }

    /// Adds the traits that are not there yet.
    pub(crate) fn complete(&mut self, others: impl IntoIterator<Item = AppliedTrait<'a>>) {
        for other in others {
            if self.same_mut(&other).is_none() {
                self.0.push(other);
            }
        }
    }

    /// Adds traits of the same precedence (Smithy 2.0, "Trait conflict resolution"): equal values
    /// are one, lists are joined, anything else is a conflict.
    pub(super) fn join(&mut self, others: AppliedTraits<'a>, report: &mut Report) {
        for other in others.0 {
            let Some(applied) = self.same_mut(&other) else {
                self.0.push(other);
                continue;
            };
            if *applied.value == *other.value {
                continue;
            }
            if let (Value::Array(items), Value::Array(more)) =
                (&applied.value.value, &other.value.value)
            {
                let joined = items.iter().chain(more).cloned().collect();
                applied.value = TraitValue::Joined(Node::new(Value::Array(joined)));
                continue;
            }
            let message = format!(
                "`{}` gets the trait `{}` with two different values",
                other.owner.id(),
                other.id
            );
            report.push(
                Diagnostic::new(Code::ConflictingTraits, message, other.location())
                    .label("one value")
                    .shape(other.owner.id())
                    .related(applied.location(), "the other value")
                    .help("remove one of the two"),
            );
        }
    }

    /// The traits for the Model, of the item at `owner`.
    pub(super) fn for_model(&self, owner: ItemPath<'_>) -> Traits {
        let applied = |applied: &AppliedTrait<'_>| {
            let elsewhere = applied.id_range.is_some() || applied.owner != owner;
            let location = elsewhere.then(|| applied.location());
            Applied::new(applied.id, applied.value.to_static(), location)
        };
        self.iter().map(applied).collect()
    }

    /// Whether an annotation trait is applied.
    pub(super) fn annotation(&self, id: TraitId, report: &mut Report) -> bool {
        debug_assert_eq!(id.spec().form, Form::Annotation);
        let Some(applied) = self.get(id) else {
            return false;
        };
        if !matches!(applied.value.value, Value::Object(_) | Value::Boolean(true)) {
            applied.malformed(&[], "an empty object", report);
        }
        true
    }

    /// The value of a trait that is a string.
    pub(super) fn string(&self, id: TraitId, report: &mut Report) -> Option<&str> {
        debug_assert_eq!(id.spec().form, Form::String);
        let applied = self.get(id)?;
        let text = applied.value.as_str();
        if text.is_none() {
            applied.malformed(&[], "a string", report);
        }
        text
    }

    /// The value of a trait that is a list of strings.
    pub(super) fn strings(&self, id: TraitId, report: &mut Report) -> Option<Vec<&str>> {
        debug_assert_eq!(id.spec().form, Form::Strings);
        let applied = self.get(id)?;
        strings(applied, &applied.value, &[], report)
    }

    /// The fields of a trait that is a structure.
    pub(super) fn fields(&self, id: TraitId, report: &mut Report) -> Option<Fields<'_, 'a>> {
        debug_assert_eq!(id.spec().form, Form::Structure);
        self.get(id)?.fields(report)
    }
}

impl<'a> FromIterator<AppliedTrait<'a>> for AppliedTraits<'a> {
    /// Collects traits with different ids.
    fn from_iter<I: IntoIterator<Item = AppliedTrait<'a>>>(applied: I) -> Self {
        Self(applied.into_iter().collect())
    }
}

impl<'a> IntoIterator for AppliedTraits<'a> {
    type Item = AppliedTrait<'a>;
    type IntoIter = std::vec::IntoIter<AppliedTrait<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> AppliedTrait<'a> {
    /// The fields of the value, which is a structure.
    pub(super) fn fields(&self, report: &mut Report) -> Option<Fields<'_, 'a>> {
        let Value::Object(object) = &self.value.value else {
            self.malformed(&[], "an object", report);
            return None;
        };
        Some(Fields {
            applied: self,
            object,
        })
    }

    /// Where it is written.
    pub(super) fn location(&self) -> Location {
        let Some(name) = self.id_range else {
            return self.owner.location().join("traits").join(self.id);
        };
        let value = self.value.range.unwrap_or(name);
        Location::span(self.owner.source, Span { name, value })
    }

    /// Where a part of its value is written.
    pub(super) fn part(&self, path: &[&str]) -> Location {
        let mut location = self.location();
        let mut node = Some(&*self.value);
        for token in path {
            let ranges = node.and_then(|node| match &node.value {
                Value::Object(object) => {
                    let (name, value) = object.entry(token)?;
                    Some((name.range, value.range?))
                }
                _ => Some((None, node.get(token)?.range?)),
            });
            location = entry_location(&location, token, ranges);
            node = node.and_then(|node| node.get(token));
        }
        location
    }

    /// Reports that the last key of a path is not what is expected.
    pub(super) fn malformed_key(&self, path: &[&str], expected: &str, report: &mut Report) {
        let key = path.last().copied().unwrap_or_default();
        let message = format!(
            "the key `{key}` in the trait `{}` must be {expected}",
            self.id
        );
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, self.part(path))
                .name()
                .label(format!("expected {expected}"))
                .shape(self.owner.id()),
        );
    }

    /// Reports that the value, or the part of it at `path`, is not what is expected.
    pub(super) fn malformed(&self, path: &[&str], expected: &str, report: &mut Report) {
        let whole = Some(&*self.value);
        let part = path.iter().fold(whole, |node, token| node?.get(token));
        let found = match part.map(|part| &part.value) {
            None => "missing".to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) if text.chars().count() <= 40 => format!("{text:?}"),
            Some(_) => part.map_or("missing", Node::phrase).to_owned(),
        };
        let what = match path.split_last() {
            Some((key, _)) if key.parse::<usize>().is_err() => {
                format!("`{key}` of the trait `{}`", self.id)
            }
            Some(_) => format!("an element of the trait `{}`", self.id),
            None => format!("the value of the trait `{}`", self.id),
        };
        let message = format!("{what} must be {expected}, but is {found}");
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, self.part(path))
                .label(format!("expected {expected}"))
                .shape(self.owner.id()),
        );
    }
}

fn strings<'v>(
    applied: &AppliedTrait<'_>,
    node: &'v Node<'_>,
    path: &[&str],
    report: &mut Report,
) -> Option<Vec<&'v str>> {
    let Value::Array(items) = &node.value else {
        applied.malformed(path, "an array of strings", report);
        return None;
    };
    let mut texts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if let Some(text) = item.as_str() {
            texts.push(text);
        } else {
            let index = index.to_string();
            let path: Vec<&str> = path.iter().copied().chain([&*index]).collect();
            applied.malformed(&path, "a string", report);
        }
    }
    Some(texts)
}

/// The fields of a trait whose value is a structure. Each reader reports a field of the wrong type
/// and treats it as missing.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t, 'a> {
    pub(super) applied: &'t AppliedTrait<'a>,
    object: &'t Object<'a>,
}

impl<'t, 'a> Fields<'t, 'a> {
    pub(super) fn get(&self, key: &str) -> Option<&'t Node<'a>> {
        self.object.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'t str> + use<'t, 'a> {
        self.object.iter().map(|(key, _)| key)
    }

    pub(super) fn string(&self, key: &str, report: &mut Report) -> Option<&'t str> {
        let text = self.get(key)?.as_str();
        if text.is_none() {
            self.applied.malformed(&[key], "a string", report);
        }
        text
    }

    /// A string that must be present.
    pub(super) fn required_string(&self, key: &str, report: &mut Report) -> Option<&'t str> {
        if self.get(key).is_none() {
            self.missing(key, "a string", report);
        }
        self.string(key, report)
    }

    /// A list of strings that must be present.
    pub(super) fn required_strings(&self, key: &str, report: &mut Report) -> Option<Vec<&'t str>> {
        if self.get(key).is_none() {
            self.missing(key, "a list of strings", report);
        }
        self.strings(key, report)
    }

    fn missing(&self, key: &str, expected: &str, report: &mut Report) {
        let message = format!("the trait `{}` lacks `{key}`", self.applied.id);
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, self.applied.location())
                .shape(self.applied.owner.id())
                .help(format!("add `\"{key}\"` with {expected}")),
        );
    }

    pub(super) fn boolean(&self, key: &str, report: &mut Report) -> Option<bool> {
        let Value::Boolean(value) = self.get(key)?.value else {
            self.applied.malformed(&[key], "a boolean", report);
            return None;
        };
        Some(value)
    }

    /// A whole number that is not negative.
    pub(super) fn unsigned(&self, key: &str, report: &mut Report) -> Option<u64> {
        let value = self.get(key)?.as_unsigned();
        if value.is_none() {
            let expected = "a whole number that is not negative";
            self.applied.malformed(&[key], expected, report);
        }
        value
    }

    pub(super) fn strings(&self, key: &str, report: &mut Report) -> Option<Vec<&'t str>> {
        strings(self.applied, self.get(key)?, &[key], report)
    }
}
