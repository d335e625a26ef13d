//! A part of the value of a trait: how it is read, and where it is when it is wrong.

use std::rc::Rc;

use super::applied::AppliedTrait;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::node::{Node, Object, Value};
use crate::source::Location;

/// A part of the value of a trait.
pub(super) struct ValuePart<'t, 'a> {
    applied: &'t AppliedTrait<'a>,
    value: &'t Node<'a>,
    /// The keys and indexes that lead to it.
    path: Option<Rc<Step>>,
}

/// The last key or index of a path, and those before it.
struct Step {
    token: String,
    before: Option<Rc<Step>>,
}

impl<'t, 'a> ValuePart<'t, 'a> {
    /// The whole value.
    pub(super) fn new(applied: &'t AppliedTrait<'a>) -> Self {
        Self {
            applied,
            value: &applied.value,
            path: None,
        }
    }

    /// Another value for the same part.
    pub(super) fn with_value<'n>(&'n self, value: &'n Node<'a>) -> ValuePart<'n, 'a> {
        ValuePart {
            applied: self.applied,
            value,
            path: self.path.clone(),
        }
    }

    fn part(&self, token: &str, value: &'t Node<'a>) -> Self {
        Self {
            applied: self.applied,
            value,
            path: Some(Rc::new(Step {
                token: token.to_owned(),
                before: self.path.clone(),
            })),
        }
    }

    pub(super) fn value(&self) -> &'t Node<'a> {
        self.value
    }

    fn tokens(&self) -> Vec<&str> {
        let steps = std::iter::successors(self.path.as_deref(), |step| step.before.as_deref());
        let mut tokens: Vec<&str> = steps.map(|step| &*step.token).collect();
        tokens.reverse();
        tokens
    }

    /// Where it is written.
    pub(super) fn location(&self) -> Location {
        self.applied.part(&self.tokens())
    }

    /// The shape that has the trait.
    pub(super) fn shape(&self) -> String {
        self.applied.owner.id()
    }

    /// Reports that it is not what is expected.
    pub(super) fn malformed(&self, expected: &str, report: &mut Report) {
        self.applied.malformed(&self.tokens(), expected, report);
    }

    /// Reports that it lacks a required key.
    pub(super) fn missing(&self, key: &str, expected: &str, report: &mut Report) {
        let message = format!("a part of the trait `{}` lacks `{key}`", self.applied.id);
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, self.location())
                .shape(self.shape())
                .help(format!("add `\"{key}\"` with {expected}")),
        );
    }

    /// The text, if it is a string.
    pub(super) fn text(&self) -> Option<&'t str> {
        self.value.as_str()
    }

    /// The elements of an array.
    pub(super) fn items(&self, report: &mut Report) -> Option<Vec<Self>> {
        let Value::Array(items) = &self.value.value else {
            self.malformed("an array", report);
            return None;
        };
        let items = items.iter().enumerate();
        Some(
            items
                .map(|(index, item)| self.part(&index.to_string(), item))
                .collect(),
        )
    }

    /// The entries of an object.
    pub(super) fn entries(&self, report: &mut Report) -> Option<Vec<(&'t str, Self)>> {
        let Value::Object(object) = &self.value.value else {
            self.malformed("an object", report);
            return None;
        };
        let entries = object.iter();
        Some(
            entries
                .map(|(key, value)| (key, self.part(key, value)))
                .collect(),
        )
    }

    /// The value of a key. `None` if this is not an object; a caller that needs one reports it.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(key)?;
        Some(self.part(key, value))
    }

    /// The keys of an object.
    pub(super) fn keys(&self) -> Vec<&'t str> {
        let object = self.value.as_object().into_iter();
        object.flat_map(Object::iter).map(|(key, _)| key).collect()
    }

    pub(super) fn string(&self, key: &str, report: &mut Report) -> Option<Box<str>> {
        let part = self.get(key)?;
        let text = part.text();
        if text.is_none() {
            part.malformed("a string", report);
        }
        text.map(Box::from)
    }

    pub(super) fn required_string(&self, key: &str, report: &mut Report) -> Option<Box<str>> {
        if self.get(key).is_none() {
            self.missing(key, "a string", report);
        }
        self.string(key, report)
    }

    pub(super) fn required_object(&self, key: &str, report: &mut Report) -> Option<Self> {
        let Some(part) = self.get(key) else {
            self.missing(key, "an object", report);
            return None;
        };
        if part.value.as_object().is_none() {
            part.malformed("an object", report);
            return None;
        }
        Some(part)
    }

    pub(super) fn required_status(&self, key: &str, report: &mut Report) -> Option<u16> {
        let Some(part) = self.get(key) else {
            self.missing(key, "a status code", report);
            return None;
        };
        let status = part.value.as_unsigned();
        let status = status.and_then(|status| u16::try_from(status).ok());
        let status = status.filter(|status| (100..=999).contains(status));
        if status.is_none() {
            part.malformed("a status code", report);
        }
        status
    }

    pub(super) fn boolean(&self, key: &str, report: &mut Report) -> Option<bool> {
        let part = self.get(key)?;
        let Value::Boolean(value) = part.value.value else {
            part.malformed("a boolean", report);
            return None;
        };
        Some(value)
    }

    /// The strings of an array; empty if there is no such key.
    pub(super) fn strings(&self, key: &str, report: &mut Report) -> Vec<Box<str>> {
        let items = self.get(key).and_then(|part| part.items(report));
        let mut texts = Vec::new();
        for item in items.into_iter().flatten() {
            match item.text() {
                Some(text) => texts.push(text.into()),
                None => item.malformed("a string", report),
            }
        }
        texts
    }

    /// The keys and strings of an object, as written; empty if there is no such key.
    pub(super) fn pairs(&self, key: &str, report: &mut Report) -> Vec<(Box<str>, Box<str>)> {
        let entries = self.get(key).and_then(|part| part.entries(report));
        let mut pairs = Vec::new();
        for (key, value) in entries.into_iter().flatten() {
            match value.text() {
                Some(text) => pairs.push((key.into(), text.into())),
                None => value.malformed("a string", report),
            }
        }
        pairs
    }
}
