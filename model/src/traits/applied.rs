//! The traits of one shape, member, operation or service of a Model.

use super::TraitId;
use crate::node::Node;
use crate::source::{Location, Position, Span, TextRange};

/// The traits that are applied to one shape, member, operation or service, known and unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// Sorted by id.
    applied: Box<[Applied]>,
}

/// A trait that is applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    id: AppliedId,
    value: Node<'static>,
    /// The location, where it does not follow from that of the owner.
    location: Option<Box<Location>>,
}

#[derive(Clone, Debug, PartialEq)]
enum AppliedId {
    Known(TraitId),
    Unknown(Box<str>),
}

impl FromIterator<Applied> for Traits {
    /// Collects traits with different ids.
    fn from_iter<I: IntoIterator<Item = Applied>>(applied: I) -> Self {
        let mut applied: Box<[Applied]> = applied.into_iter().collect();
        applied.sort_unstable_by(|a, b| a.id().cmp(b.id()));
        Self { applied }
    }
}

impl Traits {
    /// The value of the trait with this absolute shape id, known or not.
    pub fn get(&self, id: &str) -> Option<&Node<'static>> {
        let index = self.applied.binary_search_by(|it| it.id().cmp(id)).ok()?;
        Some(&self.applied[index].value)
    }

    /// The traits, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Applied> {
        self.applied.iter()
    }

    /// Whether a known trait is applied.
    pub fn has(&self, id: TraitId) -> bool {
        self.find(id).is_some()
    }

    /// The location of a known trait; `owner`, the location of what it would be applied to, if it
    /// is not applied.
    pub fn location(&self, id: TraitId, owner: &Location) -> Location {
        self.find(id)
            .map_or_else(|| owner.clone(), |applied| applied.location(owner))
    }

    /// The location of a member of the value of a known trait, likewise.
    pub fn part(&self, id: TraitId, owner: &Location, key: &str) -> Location {
        self.find(id)
            .map_or_else(|| owner.clone(), |applied| applied.part(owner, key))
    }

    fn find(&self, id: TraitId) -> Option<&Applied> {
        self.applied
            .iter()
            .find(|applied| applied.known() == Some(id))
    }
}

impl Applied {
    /// A trait. `location` is `None` if it follows from that of what the trait is applied to.
    pub(crate) fn new(id: &str, value: Node<'static>, location: Option<Location>) -> Self {
        Self {
            id: match TraitId::find(id) {
                Some(known) => AppliedId::Known(known),
                None => AppliedId::Unknown(id.into()),
            },
            value,
            location: location.map(Box::new),
        }
    }

    /// The absolute shape id of the trait.
    pub fn id(&self) -> &str {
        match &self.id {
            AppliedId::Known(known) => known.id(),
            AppliedId::Unknown(id) => id,
        }
    }

    /// The known trait; `None` if it is not in the table.
    pub fn known(&self) -> Option<TraitId> {
        match self.id {
            AppliedId::Known(known) => Some(known),
            AppliedId::Unknown(_) => None,
        }
    }

    /// The value.
    pub fn value(&self) -> &Node<'static> {
        &self.value
    }

    /// Where the trait is written; `owner` is the location of what it is applied to.
    pub fn location(&self, owner: &Location) -> Location {
        match &self.location {
            Some(location) => Location::clone(location),
            None => owner.join("traits").join(self.id()),
        }
    }

    /// Where a member of the value is written.
    fn part(&self, owner: &Location, key: &str) -> Location {
        let object = self.value.as_object();
        entry_location(
            &self.location(owner),
            key,
            object.and_then(|object| {
                let (name, value) = object.entry(key)?;
                Some((name.range, value.range?))
            }),
        )
    }
}

/// The location of an entry of the object at `parent`, by its ranges if it has any.
pub(crate) fn entry_location(
    parent: &Location,
    key: &str,
    ranges: Option<(Option<TextRange>, TextRange)>,
) -> Location {
    match ranges {
        Some((name, value)) => Location {
            source: parent.source,
            position: Position::Span(Span {
                name: name.unwrap_or(value),
                value,
            }),
        },
        None => parent.join(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_traits_are_kept_with_their_values() {
        let applied = [
            ("z#mine", "first"),
            ("smithy.api#pattern", "x"),
            ("a#b", "y"),
        ];
        let applied = applied.map(|(id, value)| Applied::new(id, Node::from(value), None));
        let traits = Traits::from_iter(applied);
        assert_eq!(traits.get("z#mine").and_then(Node::as_str), Some("first"));
        assert_eq!(
            traits.get("smithy.api#pattern").and_then(Node::as_str),
            Some("x")
        );
        assert_eq!(traits.get("a#c"), None);
        let all: Vec<_> = traits.iter().map(|it| (it.id(), it.known())).collect();
        let pattern = ("smithy.api#pattern", Some(TraitId::Pattern));
        assert_eq!(all, [("a#b", None), pattern, ("z#mine", None)]);
        assert!(traits.has(TraitId::Pattern) && !traits.has(TraitId::Range));
    }

    #[test]
    fn a_trait_is_located_below_its_owner_unless_it_was_applied_from_elsewhere() {
        let shapes = Location::json_root(None).join("shapes");
        let owner = shapes.join("a#B");
        let apply = shapes
            .join("a#B$x")
            .join("traits")
            .join("smithy.api#length");
        let traits = Traits::from_iter([
            Applied::new("smithy.api#range", Node::empty(), None),
            Applied::new("smithy.api#length", Node::empty(), Some(apply.clone())),
        ]);
        assert_eq!(traits.location(TraitId::Length, &owner), apply);
        let min = traits.part(TraitId::Range, &owner, "min");
        assert_eq!(
            min.pointer(),
            Some("/shapes/a#B/traits/smithy.api#range/min")
        );
        assert_eq!(traits.location(TraitId::Pattern, &owner), owner);
    }

    #[test]
    fn a_part_of_a_value_with_ranges_is_located_by_them() {
        let source = crate::Sources::from_texts([("a".into(), "@length(min: 1)".into())]);
        let (source, _) = source.iter().next().expect("there is one source");
        let object = [(
            crate::node::Text::from("min").at(8..11),
            Node::from(1).at(13..14),
        )];
        let value = Node::from(crate::node::Object::from_iter(object)).at(7..15);
        let (owner, location) = (Location::file(source), Location::range(source, 0..7));
        let traits = Traits::from_iter([Applied::new("smithy.api#length", value, Some(location))]);
        let span = Span {
            name: (8..11).into(),
            value: (13..14).into(),
        };
        let part = traits.part(TraitId::Length, &owner, "min");
        assert_eq!(part, Location::span(Some(source), span));
    }
}
