//! A place in the value of a trait: how its parts are read, and where they stand when they are wrong.

use crate::ast::Json;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::At;

use super::super::traits::{Trait, natural};

/// A part of the value of a trait.
pub(super) struct Node<'t, 'a> {
    applied: &'t Trait<'a>,
    json: &'t Json<'a>,
    path: Vec<String>,
}

impl<'t, 'a> Node<'t, 'a> {
    /// The whole value.
    pub(super) fn new(applied: &'t Trait<'a>, json: &'t Json<'a>) -> Self {
        Self {
            applied,
            json,
            path: Vec::new(),
        }
    }

    /// What is made of the node, as if it stood there.
    pub(super) fn in_place<'n>(&'n self, json: &'n Json<'a>) -> Node<'n, 'a> {
        Node {
            applied: self.applied,
            json,
            path: self.path.clone(),
        }
    }

    fn part(&self, token: &str, json: &'t Json<'a>) -> Self {
        let mut path = self.path.clone();
        path.push(token.to_owned());
        Self {
            applied: self.applied,
            json,
            path,
        }
    }

    pub(super) fn json(&self) -> &'t Json<'a> {
        self.json
    }

    /// Where it stands.
    pub(super) fn at(&self) -> At {
        let whole = self.applied.at();
        self.path.iter().fold(whole, |at, token| at.join(token))
    }

    /// The shape that has the trait.
    pub(super) fn shape(&self) -> String {
        self.applied.site.id()
    }

    /// Reports that it is not what is expected.
    pub(super) fn malformed(&self, expected: &str, report: &mut Report) {
        let path = self.path.iter().map(String::as_str).collect::<Vec<_>>();
        self.applied.malformed(&path, expected, report);
    }

    /// Reports that it lacks what it cannot be without.
    fn missing(&self, key: &str, expected: &str, report: &mut Report) {
        let message = format!("a part of `{}` has no `{key}`", self.applied.id);
        report.push(
            Diagnostic::new(Code::MalformedTrait, message, self.at())
                .shape(self.shape())
                .help(format!("add `\"{key}\"` with {expected}")),
        );
    }

    /// Its text, if it is a string.
    pub(super) fn text(&self) -> Option<&'t str> {
        match self.json {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of an array.
    pub(super) fn items(&self, report: &mut Report) -> Option<Vec<Self>> {
        let Json::Array(items) = self.json else {
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
        let Json::Object(object) = self.json else {
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

    /// What an object has under `key`. Of what is no object nothing: that is found where the object is needed.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let Json::Object(object) = self.json else {
            return None;
        };
        object.get(key).map(|value| self.part(key, value))
    }

    /// The keys of an object.
    pub(super) fn keys(&self) -> Vec<&'t str> {
        match self.json {
            Json::Object(object) => object.iter().map(|(key, _)| key).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn string(&self, key: &str, report: &mut Report) -> Option<Box<str>> {
        let part = self.get(key)?;
        let text = part.text();
        if text.is_none() {
            part.malformed("a string", report);
        }
        text.map(Box::from)
    }

    pub(super) fn needed_string(&self, key: &str, report: &mut Report) -> Option<Box<str>> {
        if self.get(key).is_none() {
            self.missing(key, "a string", report);
        }
        self.string(key, report)
    }

    pub(super) fn needed_object(&self, key: &str, report: &mut Report) -> Option<Self> {
        let Some(part) = self.get(key) else {
            self.missing(key, "an object", report);
            return None;
        };
        if !matches!(part.json, Json::Object(_)) {
            part.malformed("an object", report);
            return None;
        }
        Some(part)
    }

    pub(super) fn needed_status(&self, key: &str, report: &mut Report) -> Option<u16> {
        let Some(part) = self.get(key) else {
            self.missing(key, "a status code", report);
            return None;
        };
        let status = natural(part.json).and_then(|status| u16::try_from(status).ok());
        let status = status.filter(|status| (100..=999).contains(status));
        if status.is_none() {
            part.malformed("a status code", report);
        }
        status
    }

    /// The strings of an array; none where there is no such key.
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

    /// The keys and strings of an object, as written; none where there is no such key.
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
