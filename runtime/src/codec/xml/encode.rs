//! Encodes XML.

use std::io::Write as _;

use super::name::is_qualified_name;
use super::tree::is_allowed;
use crate::codec::text::{self, Word};
use crate::error::EncodeError;
use crate::schema::{Member, Schema, TimestampFormat, XmlNamespace};
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers, Encoder};
use crate::value::{Document, Timestamp, float, timestamp};

/// The attribute of an element without a value (XML Schema part 1, section 2.6.2), with its
/// namespace.
const NIL: &[u8] = b" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";

/// Encodes a value as XML text. If it is lossy, characters that XML does not allow are replaced by
/// U+FFFD; otherwise they are errors.
pub(super) fn to_bytes(
    value: &dyn Encode,
    member: &'static Member,
    is_lossy: bool,
) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = XmlEncoder {
        out: Vec::with_capacity(256),
        position: Position::Root,
        is_lossy,
    };
    value.encode(member, &mut encoder)?;
    Ok(encoder.out)
}

/// The position of the next value, which determines its element.
#[derive(Clone, Copy)]
enum Position {
    /// At the root: the member, its target or its type names the element.
    Root,
    /// In a start tag: attributes are written, and other members ignored.
    Attributes,
    /// In a structure: members that are not attributes are written.
    Members,
    /// In a structure whose only member is the root element with a namespace.
    Unwrapped(Option<&'static XmlNamespace>),
    /// In a list: the name and the namespace of all elements.
    Elements(&'static str, Option<&'static XmlNamespace>),
    /// In a map: the name and the namespace of all entries.
    Entries(&'static str, Option<&'static XmlNamespace>),
}

/// An open element.
#[derive(Clone, Copy)]
struct Tag {
    name: &'static str,
    /// The name of the entry that ends with the element.
    entry: Option<&'static str>,
}

struct XmlEncoder {
    out: Vec<u8>,
    position: Position,
    is_lossy: bool,
}

impl XmlEncoder {
    /// Writes a start tag without its end.
    #[inline]
    fn start(&mut self, name: &str, namespace: Option<&XmlNamespace>) {
        self.out.reserve(2 * name.len() + 16);
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        if let Some(namespace) = namespace {
            self.namespace(namespace);
        }
    }

    #[cold]
    fn namespace(&mut self, namespace: &XmlNamespace) {
        self.out.extend_from_slice(b" xmlns");
        if let Some(prefix) = namespace.prefix {
            self.out.push(b':');
            self.out.extend_from_slice(prefix.as_bytes());
        }
        self.out.extend_from_slice(b"=\"");
        for byte in namespace.uri.bytes() {
            match byte {
                b'"' => self.out.extend_from_slice(b"&quot;"),
                byte => self.reference(byte),
            }
        }
        self.out.push(b'"');
    }

    #[inline]
    fn end_tag(&mut self, name: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    /// Writes the start tag of a value, without its end. `None` if the value is not written at this
    /// position.
    #[inline]
    fn open(&mut self, member: &'static Member) -> Option<Tag> {
        let mut entry = None;
        let (name, namespace) = match self.position {
            Position::Members if !member.xml.attribute => {
                (member.name_in_xml(), member.xml.namespace)
            }
            Position::Members | Position::Attributes => return None,
            Position::Elements(name, namespace) => (name, namespace),
            Position::Entries(name, _) => {
                entry = Some(name);
                (member.xml.name.unwrap_or("value"), member.xml.namespace)
            }
            Position::Root => root(member, member.target),
            Position::Unwrapped(namespace) => (member.name_in_xml(), namespace),
        };
        self.start(name, namespace);
        Some(Tag { name, entry })
    }

    #[inline]
    fn close(&mut self, tag: Tag) {
        self.end_tag(tag.name);
        if let Some(entry) = tag.entry {
            self.end_tag(entry);
        }
    }

    /// Writes a simple value: an element or an attribute.
    #[inline]
    fn simple(
        &mut self,
        member: &'static Member,
        write: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        if let Some(tag) = self.open(member) {
            self.out.push(b'>');
            write(self)?;
            self.close(tag);
        } else if member.xml.attribute && matches!(self.position, Position::Attributes) {
            self.out.push(b' ');
            self.out.extend_from_slice(member.name_in_xml().as_bytes());
            self.out.extend_from_slice(b"=\"");
            write(self)?;
            self.out.push(b'"');
        }
        Ok(())
    }

    /// Writes the values in a list, map or structure.
    #[inline]
    fn nested(
        &mut self,
        position: Position,
        write: impl FnOnce(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let outer = std::mem::replace(&mut self.position, position);
        write(self)?;
        self.position = outer;
        Ok(())
    }

    /// Writes a text. The parts between the characters that need a reference are copied as a whole.
    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        self.out.reserve(text.len() + text.len() / 8 + 16);
        let mut rest = text.as_bytes();
        let special = |word: Word| {
            let markup = word.equal(b'&') | word.equal(b'<') | word.equal(b'>');
            word.below(0x20) | markup | word.equal(0xef)
        };
        while let Some((plain, byte, after)) = text::split_at_special(rest, special) {
            text::push_short(&mut self.out, plain);
            self.special(byte, text, text.len() - after.len() - 1)?;
            rest = after;
        }
        self.out.extend_from_slice(rest);
        Ok(())
    }

    /// Writes a text in an attribute, where quotes are special, too.
    #[cold]
    fn quoted_text(&mut self, text: &str) -> Result<(), EncodeError> {
        let mut parts = text.split('"');
        self.text(parts.next().unwrap_or_default())?;
        for part in parts {
            self.out.extend_from_slice(b"&quot;");
            self.text(part)?;
        }
        Ok(())
    }

    /// Writes a special byte at a position of a text.
    #[inline]
    fn special(&mut self, byte: u8, text: &str, at: usize) -> Result<(), EncodeError> {
        if !matches!(byte, b'&' | b'<' | b'>' | b'\n' | b'\t' | b'\r') {
            // A control character, or the start of a character that may be a noncharacter.
            let character = text.get(at..).and_then(|text| text.chars().next());
            if !character.is_some_and(is_allowed) {
                return Err(not_allowed(character));
            }
        }
        self.reference(byte);
        Ok(())
    }

    /// Writes a byte, as a reference if it would end the text or be changed by a parser.
    #[inline]
    fn reference(&mut self, byte: u8) {
        let reference: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'\r' => b"&#xD;",
            b'\n' if matches!(self.position, Position::Attributes) => b"&#xA;",
            b'\t' if matches!(self.position, Position::Attributes) => b"&#x9;",
            byte => return self.out.push(byte),
        };
        self.out.extend_from_slice(reference);
    }

    #[inline]
    fn write<T: ::serde::Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        serde_json::to_writer(&mut self.out, value)
            .map_err(|error| EncodeError::new(error.to_string()))
    }

    /// Writes an element that the schema does not describe. The elements of a list have the same
    /// name.
    fn open_content(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        if let Document::List(elements) = value {
            let mut elements = elements.iter();
            return elements.try_for_each(|element| self.open_content(name, element));
        }
        if is_qualified_name(name).is_none() {
            let message = format!("`{name}` is not the name of an element in XML");
            return Err(EncodeError::new(message));
        }
        self.start(name, None);
        if value.is_null() {
            self.out.extend_from_slice(NIL);
        }
        self.out.push(b'>');
        match value {
            Document::Null | Document::List(_) => {}
            Document::Bool(value) => self.write(value)?,
            Document::Number(number) => self.text(&number.to_string())?,
            Document::String(text) => self.text(text)?,
            Document::Map(entries) => {
                for (name, value) in entries {
                    self.open_content(name, value)?;
                }
            }
        }
        self.end_tag(name);
        Ok(())
    }
}

/// The name and the namespace of the root element.
fn root(member: &Member, schema: &'static Schema) -> (&'static str, Option<&'static XmlNamespace>) {
    let name = member.xml.name.or(schema.xml.name);
    let namespace = member.xml.namespace.or(schema.xml.namespace);
    (name.unwrap_or_else(|| schema.name()), namespace)
}

#[cold]
fn not_allowed(character: Option<char>) -> EncodeError {
    let code = u32::from(character.unwrap_or_default());
    EncodeError::new(format!(
        "the character U+{code:04X} cannot be encoded as XML"
    ))
}

impl Encoder for XmlEncoder {
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        if matches!(
            self.position,
            Position::Elements(..) | Position::Entries(..)
        ) && let Some(tag) = self.open(member)
        {
            self.out.extend_from_slice(NIL);
            self.out.push(b'>');
            self.close(tag);
        }
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.simple(member, |encoder| encoder.write(&value))
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.simple(member, |encoder| encoder.write(&value))
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        self.simple(member, |encoder| match float::name(value.into()) {
            None => encoder.write(&value),
            Some(name) => encoder.text(name),
        })
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.simple(member, |encoder| match float::name(value) {
            None => encoder.write(&value),
            Some(name) => encoder.text(name),
        })
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        self.simple(member, |encoder| encoder.text(digits))
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        let allowed;
        let value = if self.is_lossy {
            allowed = value.replace(|character| !is_allowed(character), "\u{fffd}");
            &allowed
        } else {
            value
        };
        let text = |encoder: &mut Self| match encoder.position {
            Position::Attributes => encoder.quoted_text(value),
            _ => encoder.text(value),
        };
        let result = self.simple(member, text);
        result.map_err(|error| EncodeError::new(format!("`{}`: {error}", member.name)))
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.simple(member, |encoder| text::push_base64(&mut encoder.out, value))
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        let format = member.timestamp_format.unwrap_or(TimestampFormat::DateTime);
        let value = timestamp::format(value, format)?;
        self.simple(member, |encoder| {
            write!(encoder.out, "{value}").map_err(|error| EncodeError::new(error.to_string()))
        })
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError> {
        match self.position {
            Position::Attributes => Ok(()),
            Position::Elements(name, _) => self.open_content(name, value),
            Position::Entries(entry, _) => {
                self.open_content(member.xml.name.unwrap_or("value"), value)?;
                self.end_tag(entry);
                Ok(())
            }
            Position::Root => self.open_content(root(member, member.target).0, value),
            Position::Members | Position::Unwrapped(_) => {
                self.open_content(member.name_in_xml(), value)
            }
        }
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        let element = member.target.element();
        if member.xml.flattened && matches!(self.position, Position::Members) {
            let namespace = member.xml.namespace.or(element.xml.namespace);
            let position = Position::Elements(member.name_in_xml(), namespace);
            return self.nested(position, |encoder| value.encode_elements(element, encoder));
        }
        let Some(tag) = self.open(member) else {
            return Ok(());
        };
        self.out.push(b'>');
        let name = element.xml.name.unwrap_or("member");
        let position = Position::Elements(name, element.xml.namespace);
        self.nested(position, |encoder| value.encode_elements(element, encoder))?;
        self.close(tag);
        Ok(())
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        let (key, entry) = member.target.entry();
        if member.xml.flattened && matches!(self.position, Position::Members) {
            let position = Position::Entries(member.name_in_xml(), member.xml.namespace);
            return self.nested(position, |encoder| {
                value.encode_entries(key, entry, encoder)
            });
        }
        let Some(tag) = self.open(member) else {
            return Ok(());
        };
        self.out.push(b'>');
        self.nested(Position::Entries("entry", None), |encoder| {
            value.encode_entries(key, entry, encoder)
        })?;
        self.close(tag);
        Ok(())
    }

    fn key(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        if let Position::Entries(entry, namespace) = self.position {
            self.start(entry, namespace);
            self.out.push(b'>');
            let name = member.xml.name.unwrap_or("key");
            self.start(name, member.xml.namespace);
            self.out.push(b'>');
            self.text(key)?;
            self.end_tag(name);
        }
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        let schema = value.schema();
        let mut tag = None;
        if matches!(self.position, Position::Root) {
            let (name, namespace) = root(member, schema);
            if schema.xml.unwrapped {
                return self.unwrapped(name, namespace, value);
            }
            self.start(name, namespace);
            tag = Some(Tag { name, entry: None });
        }
        let Some(tag) = tag.or_else(|| self.open(member)) else {
            return Ok(());
        };
        if schema.layout.xml_attribute {
            self.nested(Position::Attributes, |encoder| {
                value.encode_members(encoder)
            })?;
        }
        self.out.push(b'>');
        self.nested(Position::Members, |encoder| value.encode_members(encoder))?;
        self.close(tag);
        Ok(())
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        if matches!(self.position, Position::Members) {
            self.open_content(name, value)?;
        }
        Ok(())
    }
}

impl XmlEncoder {
    /// Writes the only member of a structure as the root element. A missing member is an empty
    /// element.
    fn unwrapped(
        &mut self,
        name: &str,
        namespace: Option<&'static XmlNamespace>,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.nested(Position::Unwrapped(namespace), |encoder| {
            value.encode_members(encoder)
        })?;
        if self.out.is_empty() {
            self.start(name, namespace);
            self.out.extend_from_slice(b"/>");
        }
        Ok(())
    }
}
