//! Which item of an AST something is, and where that item is written.

use super::Property;
use crate::source::{Location, Position, SourceId, Span, TextRange};

/// A shape, a member or a reference of an AST.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ItemPath<'a> {
    pub(crate) source: Option<SourceId>,
    /// The id of the definition or application.
    pub(crate) shape: &'a str,
    pub(crate) part: Part<'a>,
    /// The bytes of the item, if the front end gave any.
    pub(crate) span: Option<Span>,
}

/// A part of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// The shape itself.
    Shape,
    /// A member with a name of its own.
    NamedMember(&'a str),
    /// The `member` of a list, or the `key` or `value` of a map.
    FixedMember(&'a str),
    /// A mixin, by its index.
    Mixin(usize),
    /// A reference of a service, resource or operation.
    Link(Property, Option<usize>),
    /// A shape that a service renames.
    Rename(&'a str),
}

impl<'a> ItemPath<'a> {
    pub(crate) fn shape(source: Option<SourceId>, id: &'a str, range: Option<TextRange>) -> Self {
        Self {
            source,
            shape: id,
            part: Part::Shape,
            span: range.map(|name| Span { name, value: name }),
        }
    }

    /// A part of the same shape.
    pub(crate) fn part(self, part: Part<'a>, span: Option<Span>) -> Self {
        Self { part, span, ..self }
    }

    pub(crate) fn location(self) -> Location {
        if let Some(span) = self.span {
            return Location {
                source: self.source,
                position: Position::Span(span),
            };
        }
        let json = |rest: &[&str]| {
            let path = ["shapes", self.shape].into_iter();
            Location::json(self.source, path.chain(rest.iter().copied()))
        };
        match self.part {
            Part::Shape => json(&[]),
            Part::NamedMember(name) => json(&["members", name]),
            Part::FixedMember(name) => json(&[name]),
            Part::Mixin(index) => json(&["mixins", &index.to_string()]),
            Part::Link(property, None) => json(&[property.name()]),
            Part::Link(property, Some(index)) => json(&[property.name(), &index.to_string()]),
            Part::Rename(id) => json(&["rename", id]),
        }
    }

    /// The location of the shape id that a member or reference targets.
    pub(crate) fn target(self) -> Location {
        self.location().join("target")
    }

    /// The shape id, with the member for a member.
    pub(crate) fn id(self) -> String {
        match self.part {
            Part::NamedMember(name) | Part::FixedMember(name) => format!("{}${name}", self.shape),
            _ => self.shape.to_owned(),
        }
    }
}
