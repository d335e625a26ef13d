//! From shape ids to the typed ids of the Model.

use std::collections::HashMap;

use la_arena::Idx;

pub(super) use crate::components::{id, position};

use super::ShapesByKind;
use super::mixins::{FlatLink, FlatMember, FlatShape};
use crate::ast::{ItemPath, ShapeType};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{OperationId, ShapeId};
use crate::source::Location;
use crate::suggest::SuggestionLimit;
use crate::traits::TraitId;

/// Every shape by its id. The map is only looked up, never iterated.
pub(super) struct Index<'x, 'a> {
    pub(super) by_kind: &'x ShapesByKind<'a>,
    names: HashMap<&'x str, Entry>,
    suggestions: &'x SuggestionLimit,
}

/// The kind of shape that has an id.
#[derive(Clone, Copy)]
enum Entry {
    Shape(ShapeId),
    Operation(OperationId),
    Resource(usize),
    Service(usize),
    Mixin(usize),
    Trait(usize),
}

/// A reference to a shape by its id.
#[derive(Clone, Copy)]
pub(super) struct Reference<'x> {
    target: &'x str,
    path: ItemPath<'x>,
}

impl<'x> From<&'x FlatMember<'_>> for Reference<'x> {
    fn from(member: &'x FlatMember<'_>) -> Self {
        Self {
            target: member.target,
            path: member.path,
        }
    }
}

impl<'x> From<FlatLink<'x>> for Reference<'x> {
    fn from(link: FlatLink<'x>) -> Self {
        Self {
            target: link.target,
            path: link.path,
        }
    }
}

impl Reference<'_> {
    fn location(&self) -> Location {
        self.path.target()
    }
}

impl<'x, 'a> Index<'x, 'a> {
    pub(super) fn new(by_kind: &'x ShapesByKind<'a>, suggestions: &'x SuggestionLimit) -> Self {
        let mut names = HashMap::new();
        let mut add = |shapes: &'x [FlatShape<'a>], entry: fn(usize) -> Entry| {
            for (index, shape) in shapes.iter().enumerate() {
                names.insert(&*shape.id, entry(index));
            }
        };
        add(&by_kind.shapes, |index| Entry::Shape(id(index)));
        add(&by_kind.operations, |index| Entry::Operation(id(index)));
        add(&by_kind.resources, Entry::Resource);
        add(&by_kind.services, Entry::Service);
        add(&by_kind.mixins, Entry::Mixin);
        add(&by_kind.traits, Entry::Trait);
        Self {
            by_kind,
            names,
            suggestions,
        }
    }

    /// A shape that carries data.
    pub(super) fn flat(&self, id: ShapeId) -> &'x FlatShape<'a> {
        &self.by_kind.shapes[position(id)]
    }

    /// The data shape with this id, if there is one; reports nothing.
    pub(super) fn known(&self, name: &str) -> Option<ShapeId> {
        match self.names.get(name) {
            Some(Entry::Shape(id)) => Some(*id),
            _ => None,
        }
    }

    /// The shape of any kind with this id, if there is one; reports nothing.
    pub(super) fn any(&self, name: &str) -> Option<&'x FlatShape<'a>> {
        Some(match *self.names.get(name)? {
            Entry::Shape(id) => self.flat(id),
            Entry::Operation(id) => &self.by_kind.operations[position(id)],
            Entry::Resource(index) => &self.by_kind.resources[index],
            Entry::Service(index) => &self.by_kind.services[index],
            Entry::Mixin(index) => &self.by_kind.mixins[index],
            Entry::Trait(index) => &self.by_kind.traits[index],
        })
    }

    /// The structure that was added for an operation, under one of these ids.
    pub(super) fn synthetic(&self, ids: impl Iterator<Item = String>) -> Option<ShapeId> {
        for name in ids {
            if let Entry::Shape(id) = self.names.get(&*name)?
                && self.flat(*id).synthetic
            {
                return Some(*id);
            }
        }
        None
    }

    /// The operation with this id, if there is one; reports nothing.
    pub(super) fn known_operation(&self, name: &str) -> Option<OperationId> {
        match self.names.get(name) {
            Some(Entry::Operation(id)) => Some(*id),
            _ => None,
        }
    }

    /// The resource with this id, if there is one; reports nothing.
    pub(super) fn known_resource(&self, name: &str) -> Option<&'x FlatShape<'a>> {
        match self.names.get(name) {
            Some(Entry::Resource(index)) => Some(&self.by_kind.resources[*index]),
            _ => None,
        }
    }

    /// The data shape that a reference leads to. Any other reference is reported.
    pub(super) fn shape(&self, reference: Reference<'_>, report: &mut Report) -> Option<ShapeId> {
        match self.entry(reference, report)? {
            Entry::Shape(id) => Some(id),
            other => {
                report.push(self.wrong(reference, other, "a data shape"));
                None
            }
        }
    }

    /// The structure that a reference leads to, likewise.
    pub(super) fn structure(
        &self,
        reference: Reference<'_>,
        report: &mut Report,
    ) -> Option<ShapeId> {
        match self.entry(reference, report)? {
            Entry::Shape(id) if self.flat(id).kind == ShapeType::Structure => Some(id),
            other => {
                report.push(self.wrong(reference, other, "a structure"));
                None
            }
        }
    }

    /// The error that a reference leads to, likewise.
    pub(super) fn error(&self, reference: Reference<'_>, report: &mut Report) -> Option<ShapeId> {
        let id = self.structure(reference, report)?;
        if self.flat(id).traits.has(TraitId::Error) {
            return Some(id);
        }
        let message = format!(
            "`{}` is listed as an error but lacks the trait `error`",
            reference.target
        );
        report.push(
            Diagnostic::new(Code::WrongTarget, message, reference.location())
                .label("expected an error")
                .shape(reference.path.id())
                .related_name(self.flat(id).path.location(), "defined here")
                .help(
                    "add the trait `smithy.api#error` to the structure, or remove it from `errors`",
                ),
        );
        None
    }

    /// The operation that a reference leads to, likewise.
    pub(super) fn operation(
        &self,
        reference: Reference<'_>,
        report: &mut Report,
    ) -> Option<OperationId> {
        match self.entry(reference, report)? {
            Entry::Operation(id) => Some(id),
            other => {
                report.push(self.wrong(reference, other, "an operation"));
                None
            }
        }
    }

    /// The resource that a reference leads to, likewise.
    pub(super) fn resource(
        &self,
        reference: Reference<'_>,
        report: &mut Report,
    ) -> Option<&'x FlatShape<'a>> {
        match self.entry(reference, report)? {
            Entry::Resource(index) => Some(&self.by_kind.resources[index]),
            other => {
                report.push(self.wrong(reference, other, "a resource"));
                None
            }
        }
    }

    /// The existing id that is closest to an unknown one, as a question.
    pub(super) fn suggestion(&self, name: &str) -> Option<String> {
        self.suggestions
            .did_you_mean(name, self.names.keys().copied())
    }

    fn entry(&self, reference: Reference<'_>, report: &mut Report) -> Option<Entry> {
        let found = self.names.get(reference.target).copied();
        if found.is_none() {
            let message = format!(
                "`{}` refers to `{}`, which is not in the model",
                reference.path.id(),
                reference.target
            );
            let mut diagnostic =
                Diagnostic::new(Code::DanglingTarget, message, reference.location())
                    .label("no shape has this id")
                    .shape(reference.path.id());
            let ids = self.names.keys().copied();
            diagnostic.help = if reference.path.span.is_some() {
                self.suggestions
                    .did_you_mean_or_import(reference.target, ids)
            } else {
                self.suggestions.did_you_mean(reference.target, ids)
            };
            report.push(diagnostic);
        }
        found
    }

    fn wrong(&self, reference: Reference<'_>, found: Entry, expected: &str) -> Diagnostic {
        let what = match found {
            Entry::Shape(id) => self.flat(id).kind.phrase(),
            Entry::Operation(_) => "an operation".into(),
            Entry::Resource(_) => "a resource".into(),
            Entry::Service(_) => "a service".into(),
            Entry::Mixin(_) => "a mixin".into(),
            Entry::Trait(_) => "the definition of a trait".into(),
        };
        let message = format!(
            "`{}` refers to `{}`, which is {what}, not {expected}",
            reference.path.id(),
            reference.target
        );
        let diagnostic = Diagnostic::new(Code::WrongTarget, message, reference.location())
            .label(format!("expected {expected}"))
            .shape(reference.path.id());
        match found {
            Entry::Mixin(_) => diagnostic.help("refer to a shape that uses the mixin"),
            Entry::Shape(id) => {
                diagnostic.related_name(self.flat(id).path.location(), "defined here")
            }
            _ => diagnostic,
        }
    }
}

/// A placeholder for a reference that leads nowhere. The reference has been reported as an error,
/// so the Model that contains the placeholder is dropped at the end of the stage.
pub(super) fn unresolved<T>() -> Idx<T> {
    id(0)
}
