//! Names to ids.

use std::collections::HashMap;

use la_arena::{Idx, RawIdx};

use super::Parts;
use super::mixins::{Flat, FlatLink, FlatMember};
use super::traits::Site;
use crate::ast::ShapeType;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::{OperationId, ShapeId};
use crate::source::{At, Sources};
use crate::suggest::Budget;

/// Every shape by its id. The map is only looked up, never iterated.
pub(super) struct Index<'x, 'a> {
    pub(super) parts: &'x Parts<'a>,
    pub(super) sources: &'x Sources,
    names: HashMap<&'x str, Entry>,
    suggestions: &'x Budget,
}

/// What an id stands for.
#[derive(Clone, Copy)]
enum Entry {
    Shape(ShapeId),
    Operation(OperationId),
    Resource(usize),
    Service,
    Mixin,
    Trait,
}

/// A shape id at a place.
#[derive(Clone, Copy)]
pub(super) struct Reference<'x> {
    target: &'x str,
    site: Site<'x>,
}

impl<'x> From<&'x FlatMember<'_>> for Reference<'x> {
    fn from(member: &'x FlatMember<'_>) -> Self {
        Self {
            target: member.target,
            site: member.site,
        }
    }
}

impl<'x> From<FlatLink<'x>> for Reference<'x> {
    fn from(link: FlatLink<'x>) -> Self {
        Self {
            target: link.target,
            site: link.site,
        }
    }
}

impl Reference<'_> {
    fn at(&self) -> At {
        self.site.at().join("target")
    }
}

impl<'x, 'a> Index<'x, 'a> {
    pub(super) fn new(parts: &'x Parts<'a>, sources: &'x Sources, suggestions: &'x Budget) -> Self {
        let mut names = HashMap::new();
        let mut add = |shapes: &'x [Flat<'a>], entry: fn(usize) -> Entry| {
            for (index, shape) in shapes.iter().enumerate() {
                names.insert(&*shape.id, entry(index));
            }
        };
        add(&parts.shapes, |index| Entry::Shape(id(index)));
        add(&parts.operations, |index| Entry::Operation(id(index)));
        add(&parts.resources, Entry::Resource);
        add(&parts.services, |_| Entry::Service);
        add(&parts.mixins, |_| Entry::Mixin);
        add(&parts.traits, |_| Entry::Trait);
        Self {
            parts,
            sources,
            names,
            suggestions,
        }
    }

    /// A shape that carries data.
    pub(super) fn flat(&self, id: ShapeId) -> &'x Flat<'a> {
        &self.parts.shapes[position(id)]
    }

    /// The shape of an id that the model has for certain, or was found before.
    pub(super) fn known(&self, name: &str) -> Option<ShapeId> {
        match self.names.get(name) {
            Some(Entry::Shape(id)) => Some(*id),
            _ => None,
        }
    }

    /// The operation of an id, if there is one; reports nothing.
    pub(super) fn known_operation(&self, name: &str) -> Option<OperationId> {
        match self.names.get(name) {
            Some(Entry::Operation(id)) => Some(*id),
            _ => None,
        }
    }

    /// Likewise for a resource.
    pub(super) fn known_resource(&self, name: &str) -> Option<&'x Flat<'a>> {
        match self.names.get(name) {
            Some(Entry::Resource(index)) => Some(&self.parts.resources[*index]),
            _ => None,
        }
    }

    /// What a reference to a shape that carries data refers to; reports a reference to anything else.
    pub(super) fn shape(&self, reference: Reference<'_>, report: &mut Report) -> Option<ShapeId> {
        match self.entry(reference, report)? {
            Entry::Shape(id) => Some(id),
            other => {
                report.push(self.wrong(reference, other, "a shape that carries data"));
                None
            }
        }
    }

    /// Likewise for a structure.
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

    /// Likewise for a structure with the error trait.
    pub(super) fn error(&self, reference: Reference<'_>, report: &mut Report) -> Option<ShapeId> {
        let id = self.structure(reference, report)?;
        if self.flat(id).traits.has("smithy.api#error") {
            return Some(id);
        }
        let message = format!("`{}` is used as an error and is none", reference.target);
        report.push(
            Diagnostic::new(Code::WrongTarget, message, reference.at())
                .label("an error is expected here")
                .shape(reference.site.id())
                .other_key(self.flat(id).site.at(), "defined here")
                .help("give the structure the trait `smithy.api#error`"),
        );
        None
    }

    /// Likewise for an operation.
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

    /// Likewise for a resource.
    pub(super) fn resource(
        &self,
        reference: Reference<'_>,
        report: &mut Report,
    ) -> Option<&'x Flat<'a>> {
        match self.entry(reference, report)? {
            Entry::Resource(index) => Some(&self.parts.resources[index]),
            other => {
                report.push(self.wrong(reference, other, "a resource"));
                None
            }
        }
    }

    /// The nearest id to one that there is not.
    pub(super) fn suggestion(&self, name: &str) -> Option<String> {
        self.suggestions
            .did_you_mean(name, self.names.keys().copied())
    }

    fn entry(&self, reference: Reference<'_>, report: &mut Report) -> Option<Entry> {
        let found = self.names.get(reference.target).copied();
        if found.is_none() {
            let message = format!(
                "`{}` refers to `{}`, which is not in the model",
                reference.site.id(),
                reference.target
            );
            let mut diagnostic = Diagnostic::new(Code::DanglingTarget, message, reference.at())
                .label("no shape has this id")
                .shape(reference.site.id());
            diagnostic.help = self.suggestion(reference.target);
            report.push(diagnostic);
        }
        found
    }

    fn wrong(&self, reference: Reference<'_>, found: Entry, expected: &str) -> Diagnostic {
        let what = match found {
            Entry::Shape(id) => self.flat(id).kind.phrase(),
            Entry::Operation(_) => "an operation".into(),
            Entry::Resource(_) => "a resource".into(),
            Entry::Service => "a service".into(),
            Entry::Mixin => "a mixin".into(),
            Entry::Trait => "the definition of a trait".into(),
        };
        let message = format!(
            "`{}` refers to `{}`, which is {what}, not {expected}",
            reference.site.id(),
            reference.target
        );
        let diagnostic = Diagnostic::new(Code::WrongTarget, message, reference.at())
            .label(format!("{expected} is expected here"))
            .shape(reference.site.id());
        match found {
            Entry::Mixin => diagnostic.help("mix it into a shape and refer to that"),
            Entry::Shape(id) => diagnostic.other_key(self.flat(id).site.at(), "defined here"),
            _ => diagnostic,
        }
    }
}

/// The id of the shape or operation that is allotted at this place.
pub(super) fn id<T>(index: usize) -> Idx<T> {
    let raw = u32::try_from(index).expect("a file of a few gigabytes has fewer than 2^32 shapes");
    Idx::from_raw(RawIdx::from_u32(raw))
}

/// The place of a shape or operation among those of its kind.
pub(super) fn position<T>(id: Idx<T>) -> usize {
    id.into_raw().into_u32() as usize
}
