//! The traits of one shape, member, operation or service of a Model.

use std::borrow::Cow;

use super::TraitId;
use crate::node::Node;
use crate::source::{Location, Position, Span, TextRange};

/// The traits that are applied to one shape, member, operation or service, known and unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traits {
    /// Sorted by id.
    applied: Vec<Applied>,
}

/// A trait that is applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    id: Cow<'static, str>,
    known: Option<TraitId>,
    value: Node<'static>,
    /// The location, where it does not follow from that of the owner.
    location: Option<Location>,
}

impl Traits {
    /// Adds a trait to those of the item at `owner`, or replaces its value. `location` is that of
    /// the trait.
    pub fn add(&mut self, id: &str, value: Node<'static>, location: Location, owner: &Location) {
        let known = TraitId::find(id);
        let id = match known {
            Some(known) => Cow::Borrowed(known.id()),
            None => Cow::Owned(id.to_owned()),
        };
        let location = (location != below(owner, &id)).then_some(location);
        let applied = Applied {
            id,
            known,
            value,
            location,
        };
        match self.applied.binary_search_by(|it| it.id.cmp(&applied.id)) {
            Ok(index) => self.applied[index] = applied,
            Err(index) => self.applied.insert(index, applied),
        }
    }

    /// The value of the trait with this absolute shape id, known or not.
    pub fn get(&self, id: &str) -> Option<&Node<'static>> {
        let index = self.applied.binary_search_by(|it| (*it.id).cmp(id)).ok()?;
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
            .find(|applied| applied.known == Some(id))
    }
}

impl Applied {
    /// The absolute shape id of the trait.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The known trait; `None` if it is not in the table.
    pub fn known(&self) -> Option<TraitId> {
        self.known
    }

    /// The value.
    pub fn value(&self) -> &Node<'static> {
        &self.value
    }

    /// Where the trait is written; `owner` is the location of what it is applied to.
    pub fn location(&self, owner: &Location) -> Location {
        self.location
            .clone()
            .unwrap_or_else(|| below(owner, &self.id))
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

/// Where a trait is written in a JSON AST, unless an `apply` elsewhere applies it.
fn below(owner: &Location, id: &str) -> Location {
    owner.join("traits").join(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_traits_are_kept_with_their_values() {
        let owner = Location::json_root(None).join("shapes").join("a#B");
        let mut traits = Traits::default();
        for (id, value) in [
            ("z#mine", "first"),
            ("smithy.api#pattern", "x"),
            ("a#b", "y"),
        ] {
            traits.add(id, Node::from(value), below(&owner, id), &owner);
        }
        traits.add(
            "z#mine",
            Node::from("second"),
            below(&owner, "z#mine"),
            &owner,
        );
        assert_eq!(traits.get("z#mine").and_then(Node::as_str), Some("second"));
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
        let mut traits = Traits::default();
        let range = below(&owner, "smithy.api#range");
        traits.add("smithy.api#range", Node::empty(), range, &owner);
        traits.add("smithy.api#length", Node::empty(), apply.clone(), &owner);
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
        let mut traits = Traits::default();
        let (owner, location) = (Location::file(source), Location::range(source, 0..7));
        traits.add("smithy.api#length", value, location, &owner);
        let span = Span {
            name: (8..11).into(),
            value: (13..14).into(),
        };
        let part = traits.part(TraitId::Length, &owner, "min");
        assert_eq!(part, Location::span(Some(source), span));
    }
}
