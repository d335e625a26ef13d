//! The elements of a document.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

use super::parse::located;
use crate::error::{DecodeError, Syntax};

/// The elements of a document, each followed by those inside it.
pub(super) struct Tree<'de> {
    source: &'de str,
    elements: Vec<Element>,
}

/// An element: positions in the source, which has less than 4 GiB.
#[derive(Clone, Copy)]
pub(super) struct Element {
    /// The name without its prefix.
    pub(super) name: u32,
    pub(super) name_end: u32,
    /// The end of the attributes, which start after the name.
    pub(super) attributes_end: u32,
    /// The content.
    pub(super) content: u32,
    pub(super) content_end: u32,
    /// The index of the first element that is not inside this one.
    pub(super) end: u32,
    /// Whether the content has a text besides white space.
    pub(super) has_text: bool,
    /// Whether the text differs from its source, because of references, comments, CDATA sections
    /// or line ends.
    pub(super) is_encoded: bool,
}

/// The index of an element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct ElementId(pub(super) u32);

impl ElementId {
    /// The root element.
    pub(super) const ROOT: Self = Self(0);
}

impl<'de> Tree<'de> {
    /// The elements of a source, which is well-formed.
    pub(super) fn new(source: &'de str, elements: Vec<Element>) -> Self {
        Self { source, elements }
    }

    /// The part of the source between two positions.
    fn text_between(&self, start: u32, end: u32) -> &'de str {
        self.source
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }

    /// The name of an element without its prefix.
    #[inline]
    pub(super) fn name(&self, id: ElementId) -> &'de str {
        let element = self.element(id);
        self.text_between(element.name, element.name_end)
    }

    /// The elements in an element.
    #[inline]
    pub(super) fn children(&self, id: ElementId) -> Siblings<'_> {
        Siblings {
            elements: &self.elements,
            start: id.0 + 1,
            end: self.element(id).end,
        }
    }

    /// The first element in an element with a name.
    pub(super) fn child(&self, id: ElementId, name: &str) -> Option<ElementId> {
        let mut children = self.children(id).into_iter();
        children.find(|child| self.name(*child) == name)
    }

    /// Whether an element contains elements.
    #[inline]
    pub(super) fn has_children(&self, id: ElementId) -> bool {
        self.element(id).end > id.0 + 1
    }

    /// Whether an element contains text besides white space.
    #[inline]
    pub(super) fn has_text(&self, id: ElementId) -> bool {
        self.element(id).has_text
    }

    /// The attributes of an element, without declarations of namespaces.
    #[inline]
    pub(super) fn attributes(&self, id: ElementId) -> Attributes<'de> {
        let element = self.element(id);
        Attributes(self.text_between(element.name_end, element.attributes_end))
    }

    /// The error of an element that is nested too deeply.
    #[cold]
    pub(super) fn too_deep(&self, id: ElementId) -> DecodeError {
        let before = &self.source[..self.element(id).name as usize];
        let message = "too many nested values".to_owned();
        DecodeError::syntax(Syntax {
            too_deep: true,
            ..located(message, before.as_bytes())
        })
    }

    /// Whether an element has the attribute `xsi:nil` (XML Schema part 1, section 2.6.2). As with
    /// all names, the prefix does not matter.
    #[inline]
    pub(super) fn is_nil(&self, id: ElementId) -> bool {
        let is_nil = |(name, value): (&str, &str)| {
            name.ends_with(":nil") && matches!(value.trim_ascii(), "true" | "1")
        };
        self.attributes(id).any(is_nil)
    }

    /// The text of an element, without those of the elements in it.
    #[inline]
    pub(super) fn text(&self, id: ElementId) -> Cow<'de, str> {
        let element = self.element(id);
        let source = self.text_between(element.content, element.content_end);
        if element.is_encoded {
            Cow::Owned(decoded_text(source))
        } else {
            Cow::Borrowed(source)
        }
    }
}

/// Elements next to each other.
#[derive(Clone, Copy)]
pub(super) struct Siblings<'t> {
    elements: &'t [Element],
    start: u32,
    end: u32,
}

impl Siblings<'_> {
    /// The elements from one of them on.
    pub(super) fn starting_at(self, first: ElementId) -> Self {
        Self {
            start: first.0,
            ..self
        }
    }

    /// No elements.
    pub(super) fn ended(self) -> Self {
        Self {
            start: self.end,
            ..self
        }
    }
}

impl<'t> IntoIterator for Siblings<'t> {
    type Item = ElementId;
    type IntoIter = SiblingsIter<'t>;

    #[inline]
    fn into_iter(self) -> SiblingsIter<'t> {
        SiblingsIter(self)
    }
}

pub(super) struct SiblingsIter<'t>(Siblings<'t>);

impl Iterator for SiblingsIter<'_> {
    type Item = ElementId;

    #[inline]
    fn next(&mut self) -> Option<ElementId> {
        let Self(siblings) = self;
        if siblings.start >= siblings.end {
            return None;
        }
        let id = ElementId(siblings.start);
        siblings.start = siblings.elements[id.0 as usize].end;
        Some(id)
    }
}

/// The names and values of attributes, as they are in the source.
#[derive(Clone)]
pub(super) struct Attributes<'de>(&'de str);

impl<'de> Iterator for Attributes<'de> {
    type Item = (&'de str, &'de str);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (name, value, rest) = split_attribute(self.0)?;
            self.0 = rest;
            let is_declaration = name == "xmlns" || name.starts_with("xmlns:");
            if !is_declaration {
                return Some((name, value));
            }
        }
    }
}

/// Splits the first attribute off the rest of a tag (XML 1.0 section 3.1).
pub(super) fn split_attribute(tag: &str) -> Option<(&str, &str, &str)> {
    let trimmed = tag.trim_start_matches(is_space);
    if trimmed.len() == tag.len() {
        return None;
    }
    let (name, rest) = trimmed.split_once('=')?;
    let rest = rest.trim_start_matches(is_space);
    let quote = rest
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, rest) = rest[1..].split_once(quote)?;
    Some((name.trim_end_matches(is_space), value, rest))
}

/// The byte order mark, which documents may start with.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// White space (XML 1.0 section 2.3).
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}

/// The text in a source of texts, references, CDATA sections, and what is not text. It was checked
/// while the document was parsed.
#[cold]
fn decoded_text(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    // The reader would take the first character for a byte order mark.
    let rest = source.trim_start_matches(BYTE_ORDER_MARK);
    text.push_str(&source[..source.len() - rest.len()]);
    let mut reader = Reader::from_str(rest);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Text(part) => push_normalized(&mut text, &part.into_inner()),
            Event::CData(part) => push_normalized(&mut text, &part.into_inner()),
            Event::GeneralRef(reference) => text.extend(referenced(&reference)),
            Event::Eof => break,
            _ => {}
        }
    }
    text
}

/// Adds a text whose line ends may be of any system (XML 1.0 section 2.11).
fn push_normalized(text: &mut String, part: &str) {
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('\r') {
        text.push_str(before);
        text.push('\n');
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    text.push_str(rest);
}

/// The value of an attribute, in which white space becomes spaces (XML 1.0 section 3.3.3).
pub(super) fn attribute_value(source: &str) -> Cow<'_, str> {
    let plain = |character: char| !matches!(character, '&' | '\t' | '\r' | '\n');
    if source.chars().all(plain) {
        return Cow::Borrowed(source);
    }
    let mut value = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('&') {
        push_spaces(&mut value, before);
        let (name, after) = after.split_once(';').unwrap_or((after, ""));
        value.extend(referenced(&BytesRef::new(name)));
        rest = after;
    }
    push_spaces(&mut value, rest);
    Cow::Owned(value)
}

fn push_spaces(value: &mut String, part: &str) {
    let mut normalized = String::with_capacity(part.len());
    push_normalized(&mut normalized, part);
    let spaces = |character| if is_space(character) { ' ' } else { character };
    value.extend(normalized.chars().map(spaces));
}

/// The character of a reference: a predefined entity, or a number (XML 1.0 section 4.6 and 4.1).
pub(super) fn referenced(reference: &BytesRef<'_>) -> Option<char> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(character),
        Ok(None) => resolve_xml_entity(reference)?.chars().next(),
        Err(_) => None,
    }
}

/// Whether a document may contain a character (XML 1.0 section 2.2).
pub(super) fn is_allowed(character: char) -> bool {
    match character {
        '\u{20}'..='\u{fffd}' | '\u{10000}'.. => true,
        _ => is_space(character),
    }
}
