//! The trait libraries: which traits Smithy, AWS and alloy define, what they may be applied to, and
//! the shapes of their values.
//!
//! The shapes are lines of `library/shapes.txt`. A line is parsed when its shape is needed, so that
//! a model pays for the traits that it uses.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use crate::ast::{Definition, MemberDefinition, ShapeType, Version};
use crate::frontend::json::read;
use crate::node::{Node, Object};
use crate::prelude;

static TEXT: &str = include_str!("library/shapes.txt");

/// A shape of a library.
pub(crate) struct LibraryShape {
    /// Its number among all shapes of libraries.
    pub(crate) number: usize,
    line: &'static str,
    definition: OnceLock<Definition<'static>>,
}

/// The shapes of a namespace, by name. Maps are only looked up, never iterated in an order that
/// matters.
struct Section {
    namespace: &'static str,
    shapes: HashMap<&'static str, LibraryShape>,
}

static SECTIONS: LazyLock<HashMap<&str, Section>> = LazyLock::new(|| {
    let mut sections: Vec<Section> = Vec::new();
    for (number, line) in lines().enumerate() {
        if let Some(namespace) = line.strip_prefix("namespace ") {
            sections.push(Section {
                namespace,
                shapes: HashMap::new(),
            });
        } else if let (Some(name), Some(section)) = (line.split(' ').nth(1), sections.last_mut()) {
            let shape = LibraryShape {
                number,
                line,
                definition: OnceLock::new(),
            };
            section.shapes.insert(name, shape);
        }
    }
    let sections = sections.into_iter();
    sections
        .map(|section| (section.namespace, section))
        .collect()
});

fn lines() -> impl Iterator<Item = &'static str> {
    let is_content = |line: &&str| !line.is_empty() && !line.starts_with("//");
    TEXT.lines().filter(is_content)
}

/// A number that is greater than those of all shapes.
pub(crate) fn count() -> usize {
    lines().count()
}

fn section_and_shape(id: &str) -> Option<(&'static Section, &'static LibraryShape)> {
    let (namespace, name) = id.split_once('#')?;
    let section = SECTIONS.get(namespace)?;
    Some((section, section.shapes.get(name)?))
}

/// The shape of a library with this absolute id.
pub(crate) fn find(id: &str) -> Option<&'static LibraryShape> {
    section_and_shape(id).map(|(_, shape)| shape)
}

/// The definition of a shape with this absolute id.
pub(crate) fn definition(id: &str) -> Option<&'static Definition<'static>> {
    let (section, shape) = section_and_shape(id)?;
    Some(shape.definition.get_or_init(|| parse(section, shape.line)))
}

/// The ids of all traits, for suggestions.
pub(crate) fn traits() -> impl Iterator<Item = String> {
    SECTIONS.values().flat_map(|section| {
        let traits = section.shapes.iter();
        let traits = traits.filter(|(_, shape)| shape.line.contains("@trait"));
        traits.map(|(name, _)| format!("{}#{name}", section.namespace))
    })
}

/// Whether ids of this namespace may be those of a library: a cheap answer for most ids.
pub(crate) fn may_have(id: &str) -> bool {
    ["alloy", "aws.", "smithy."]
        .iter()
        .any(|start| id.starts_with(start))
        && !id.starts_with(prelude::NAMESPACE)
}

fn parse(section: &'static Section, line: &'static str) -> Definition<'static> {
    let mut line = Line {
        section,
        rest: line,
    };
    let kind = ShapeType::parse(line.word()).expect("a line begins with a type");
    line.eat(' ');
    let id = line.id();
    line.eat(' ');
    let mut members = Vec::new();
    while !line.rest.is_empty() && !line.rest.starts_with('@') {
        let name = line.word();
        let target = if line.eat(':') {
            line.id()
        } else {
            prelude::UNIT.to_owned()
        };
        let mut member = MemberDefinition::new(name, target);
        member.traits = line.traits();
        line.eat(' ');
        members.push(member);
    }
    Definition {
        source: None,
        version: Version::V2,
        id: id.into(),
        kind,
        members,
        mixins: Vec::new(),
        links: Vec::new(),
        service_version: None,
        renames: Vec::new(),
        identifiers: Vec::new(),
        properties: Vec::new(),
        traits: line.traits(),
    }
}

/// What is left of a line.
struct Line {
    section: &'static Section,
    rest: &'static str,
}

impl Line {
    /// A name or an id.
    fn word(&mut self) -> &'static str {
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || "_-.#".contains(c));
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn eat(&mut self, expected: char) -> bool {
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// An id; without a namespace it is of the section or of the prelude.
    fn id(&mut self) -> String {
        let name = self.word();
        if name.contains('#') {
            return name.to_owned();
        }
        if self.section.shapes.contains_key(name) {
            format!("{}#{name}", self.section.namespace)
        } else {
            format!("{}{name}", prelude::NAMESPACE)
        }
    }

    fn traits(&mut self) -> Object<'static> {
        let mut traits = Vec::new();
        while self.eat('@') {
            let end = self.rest.find(['{', '[', '"', '@', ' ']);
            let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            let (value, rest) = rest.split_at(value_end(rest));
            self.rest = rest;
            let id = if name.contains('#') {
                name.to_owned()
            } else {
                format!("{}{name}", prelude::NAMESPACE)
            };
            let value = match value {
                "" => Node::empty(),
                json => read(json).expect("the values of traits are JSON"),
            };
            traits.push((id, value));
        }
        traits.into_iter().collect()
    }
}

/// The end of the JSON value that a text begins with; it has no spaces between its tokens.
fn value_end(text: &str) -> usize {
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut escaped = false;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'@' | b' ' if depth == 0 => return place,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_shape_whose_references_exist() {
        let known = |id: &str| {
            let is_of_prelude = |it: &Definition<'_>| *it.id == *id;
            find(id).is_some() || prelude::definitions().iter().any(is_of_prelude)
        };
        let names = |section: &'static Section| {
            let names = section.shapes.keys();
            names.map(|name| format!("{}#{name}", section.namespace))
        };
        for id in SECTIONS.values().flat_map(names) {
            let shape = definition(&id).expect("the shape has a line");
            assert_eq!(*shape.id, *id);
            let of_members = shape.members.iter().flat_map(|it| it.traits.iter());
            for (applied, _) in shape.traits.iter().chain(of_members) {
                assert!(known(applied), "{applied} of {id}");
            }
            for member in &shape.members {
                assert!(known(&member.target), "{} of {id}", member.target);
            }
        }
    }

    #[test]
    fn a_line_gives_members_and_traits() {
        let shape = definition("smithy.api#httpApiKeyAuth").expect("it is a trait of the prelude");
        assert_eq!(shape.kind, ShapeType::Structure);
        let names: Vec<&str> = shape.members.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["name", "in", "scheme"]);
        assert!(shape.members[0].traits.get("smithy.api#required").is_some());
        assert_eq!(*shape.members[1].target, *"smithy.api#HttpApiKeyLocations");
        let selector = shape
            .traits
            .get("smithy.api#trait")
            .and_then(|it| it.get("selector"));
        assert_eq!(selector.and_then(Node::as_str), Some("service"));
        assert!(find("smithy.api#nothing").is_none());
    }
}
