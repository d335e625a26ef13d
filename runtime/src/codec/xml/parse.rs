//! Parses documents.
//!
//! quick-xml finds the tags, texts and references; what it leaves to its callers is checked here:
//! names, attributes, references, characters, and that there is one root element. Document type
//! declarations are rejected, so that there are no entities to expand or to load.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::name::{is_name, is_qualified_name};
use super::tree::{
    BYTE_ORDER_MARK, Element, ElementId, Tree, is_allowed, is_blank, referenced, split_attribute,
};
use crate::codec::decode::{DecodeContext, Mode};
use crate::error::{DecodeError, Syntax};
use crate::shape::primitive::growth;

/// The maximum nesting of elements. A value has at most three: that of a map, of an entry and of
/// the value of the entry.
const LEVELS: usize = 3 * super::LEVELS + 1;

/// Parses a document.
pub(super) fn parse<'de>(
    document: &'de [u8],
    context: &DecodeContext,
) -> Result<Tree<'de>, DecodeError> {
    let Source {
        start,
        text: source,
        has_returns,
    } = decode_utf8(document, context)?;
    let mut parser = Parser {
        context,
        start,
        reader: Reader::from_str(source),
        source,
        elements: Vec::new(),
        open: Vec::new(),
        has_returns,
    };
    match parser.document() {
        Ok(()) => Ok(Tree::new(source, parser.elements)),
        Err(failure) => Err(parser.error(failure)),
    }
}

/// The name of the root element of a document, without its prefix. The rest of the document is not
/// read.
#[cfg(all(feature = "customizations", feature = "http"))]
pub(super) fn root_name(document: &[u8]) -> Option<String> {
    let mut reader = Reader::from_reader(document);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => {
                return Some(tag.local_name().into_inner().to_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The text of a document.
struct Source<'de> {
    /// The position in the document, after the byte order mark.
    start: usize,
    text: &'de str,
    /// Whether line ends are normalized (XML 1.0 section 2.11).
    has_returns: bool,
}

/// Checks the encoding and the characters of a document.
fn decode_utf8<'de>(
    document: &'de [u8],
    context: &DecodeContext,
) -> Result<Source<'de>, DecodeError> {
    let syntax = |message: &str, at: usize| {
        let before = document.get(..at).unwrap_or(document);
        context.syntax(located(message.to_owned(), before))
    };
    if let [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, b'<', ..] | [b'<', 0, ..] = document {
        return Err(syntax(
            "the encoding UTF-16 is not supported, only UTF-8",
            0,
        ));
    }
    let text = std::str::from_utf8(document)
        .map_err(|error| syntax("invalid UTF-8", error.valid_up_to()))?;
    if u32::try_from(text.len()).is_err() {
        return Err(syntax("documents of 4 GiB or more are not supported", 0));
    }
    // Documents rarely have others.
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "without branches, several bytes are checked at once"
    )]
    let is_usual = |byte: u8| (byte >= b' ') | (byte == b'\n') | (byte == b'\t');
    let bytes = document.iter();
    let is_plain = bytes.fold(true, |all, byte| all & is_usual(*byte));
    if !is_plain {
        let is_control = |byte: u8| !is_usual(byte) && byte != b'\r';
        if let Some(at) = document.iter().position(|byte| is_control(*byte)) {
            return Err(syntax("a control character", at));
        }
    }
    // Other characters than controls are rarely forbidden: all of these start with the same byte.
    if context.mode == Mode::Strict && document.contains(&0xef) {
        let forbidden = |(_, character): &(usize, char)| !is_allowed(*character);
        if let Some((at, _)) = text.char_indices().find(forbidden) {
            return Err(syntax("a character that is not allowed", at));
        }
    }
    let source = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    // The reader would skip another one.
    if source.starts_with(BYTE_ORDER_MARK) {
        return Err(syntax("a text outside the root element", 0));
    }
    Ok(Source {
        start: text.len() - source.len(),
        text: source,
        has_returns: !is_plain,
    })
}

/// An error after the bytes `before`.
pub(super) fn located(message: String, before: &[u8]) -> Syntax {
    let lines = before.split(|byte| *byte == b'\n');
    let (line, column) = lines.fold((0, 0), |(line, _), text| (line + 1, text.len() + 1));
    Syntax {
        message,
        pointer: String::new(),
        line,
        column,
        offset: None,
        too_deep: false,
    }
}

/// Why a document is malformed.
struct Failure {
    message: Cow<'static, str>,
    /// The position in the source.
    at: usize,
    too_deep: bool,
}

fn failure(message: impl Into<Cow<'static, str>>, at: usize) -> Failure {
    Failure {
        message: message.into(),
        at,
        too_deep: false,
    }
}

struct Parser<'de, 'c> {
    context: &'c DecodeContext,
    /// The position of the source in the document.
    start: usize,
    reader: Reader<&'de [u8]>,
    source: &'de str,
    elements: Vec<Element>,
    /// The elements that are open, the outermost one first.
    open: Vec<ElementId>,
    has_returns: bool,
}

impl Parser<'_, '_> {
    /// The position in the source.
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    #[cold]
    fn error(&self, failure: Failure) -> DecodeError {
        let Failure {
            message,
            at,
            too_deep,
        } = failure;
        // The lines do not include the byte order mark.
        let before = self.source.as_bytes().get(..at).unwrap_or_default();
        let mut syntax = located(message.into_owned(), before);
        syntax.too_deep = too_deep;
        if syntax.line == 1 {
            syntax.column += self.start;
        }
        for id in &self.open {
            let Element { name, name_end, .. } = self.elements[id.0 as usize];
            let name = &self.source[name as usize..name_end as usize];
            syntax.pointer.push('/');
            syntax.pointer.push_str(name);
        }
        self.context.syntax(syntax)
    }

    #[cold]
    fn format_error(&self, error: &Error) -> Failure {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        failure(message(error), at)
    }

    /// Parses the document.
    fn document(&mut self) -> Result<(), Failure> {
        self.reader.config_mut().check_comments = true;
        loop {
            let before = self.position();
            let event = self.reader.read_event();
            match event.map_err(|error| self.format_error(&error))? {
                Event::Start(tag) => self.start_tag(&tag, before)?,
                Event::Empty(tag) => {
                    self.start_tag(&tag, before)?;
                    let end = self.position();
                    self.close(end);
                }
                Event::End(_) => self.close(before),
                Event::Text(text) => self.text(&text, before)?,
                Event::CData(_) => self.encoded(before)?,
                Event::GeneralRef(reference) => {
                    self.reference(&reference, before)?;
                    self.encoded(before)?;
                }
                Event::Comment(_) => self.mark_encoded(),
                Event::PI(instruction) => {
                    let target = instruction.target();
                    if !is_name(target) || target.eq_ignore_ascii_case("xml") {
                        return Err(failure("a processing instruction without a name", before));
                    }
                    self.mark_encoded();
                }
                Event::Decl(declaration) => Self::declaration(&declaration, before)?,
                Event::DocType(_) => {
                    return Err(failure(
                        "document type declarations are not allowed",
                        before,
                    ));
                }
                Event::Eof => break,
            }
        }
        let end = self.source.len();
        if !self.open.is_empty() {
            return Err(failure("the document ends inside an element", end));
        }
        if self.elements.is_empty() {
            return Err(failure("the document has no element", end));
        }
        Ok(())
    }

    /// Checks the declaration of the document (XML 1.0 section 2.8).
    fn declaration(declaration: &BytesDecl<'_>, at: usize) -> Result<(), Failure> {
        if at > 0 {
            let message = "an XML declaration that is not at the start of the document";
            return Err(failure(message, at));
        }
        let malformed = || failure("an XML declaration that is malformed", at);
        let mut names = ["version", "encoding", "standalone"].iter();
        let mut rest = declaration.strip_prefix("xml").unwrap_or_default();
        if is_blank(rest) {
            return Err(malformed());
        }
        while !is_blank(rest) {
            let (name, value, after) = split_attribute(rest).ok_or_else(malformed)?;
            let is_first = rest.len() + "xml".len() == declaration.len();
            if is_first != (name == "version") || !names.any(|known| *known == name) {
                return Err(malformed());
            }
            match name {
                "version" if !is_version(value) => {
                    return Err(failure("an unknown version of XML", at));
                }
                "encoding" => Self::encoding(value, at)?,
                "standalone" if !matches!(value, "yes" | "no") => return Err(malformed()),
                _ => {}
            }
            rest = after;
        }
        Ok(())
    }

    /// Checks the encoding of the document.
    fn encoding(encoding: &str, at: usize) -> Result<(), Failure> {
        let supported = ["UTF-8", "US-ASCII"];
        if supported
            .iter()
            .any(|name| encoding.eq_ignore_ascii_case(name))
        {
            return Ok(());
        }
        let name: String = encoding
            .chars()
            .filter(|c| !c.is_control())
            .take(40)
            .collect();
        let message = format!("the encoding {name} is not supported, only UTF-8");
        Err(failure(message, at))
    }

    /// Opens an element.
    fn start_tag(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), Failure> {
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err(failure("a second root element", at));
        }
        if self.open.len() == LEVELS {
            return Err(Failure {
                message: "too many nested elements".into(),
                at,
                too_deep: true,
            });
        }
        let qualified = tag.name();
        let qualified = qualified.as_ref();
        let Some(prefix) = is_qualified_name(qualified) else {
            return Err(failure("an element without a valid name", at));
        };
        // After the `<`.
        let start = at + 1;
        let name_end = start + qualified.len();
        let attributes = tag.attributes_raw();
        if !attributes.is_empty() {
            self.attributes(attributes, name_end)?;
        }
        let index = self.elements.len();
        if index == self.elements.capacity()
            && !self
                .context
                .memory
                .allocate(growth(index, size_of::<Element>()))
        {
            return Err(failure("too much memory", at));
        }
        let content = offset(self.position());
        self.elements.push(Element {
            name: offset(start + prefix),
            name_end: offset(name_end),
            attributes_end: offset(name_end + attributes.len()),
            content,
            content_end: content,
            end: offset(index + 1),
            has_text: false,
            is_encoded: false,
        });
        self.open.push(ElementId(offset(index)));
        Ok(())
    }

    /// Closes the innermost element, whose content ends at a position. quick-xml has compared the
    /// names.
    fn close(&mut self, content_end: usize) {
        let end = offset(self.elements.len());
        if let Some(id) = self.open.pop() {
            let element = &mut self.elements[id.0 as usize];
            element.content_end = offset(content_end);
            element.end = end;
        }
    }

    /// Checks the attributes of an element, which start at a position.
    #[cold]
    fn attributes(&self, attributes: &str, at: usize) -> Result<(), Failure> {
        let mut names = Vec::new();
        let mut rest = attributes;
        while !is_blank(rest) {
            let at = at + attributes.len() - rest.len();
            let Some((name, value, after)) = split_attribute(rest) else {
                return Err(failure(
                    "an attribute without a name and a quoted value",
                    at,
                ));
            };
            if is_qualified_name(name).is_none() {
                return Err(failure("an attribute without a valid name", at));
            }
            if value.contains('<') {
                return Err(failure("the character `<` in an attribute", at));
            }
            for part in value.split('&').skip(1) {
                let Some((name, _)) = part.split_once(';') else {
                    return Err(failure("a reference without a semicolon", at));
                };
                self.reference(&BytesRef::new(name), at)?;
            }
            names.push(name);
            rest = after;
        }
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(failure("an attribute that occurs twice", at));
        }
        Ok(())
    }

    /// Checks a text.
    fn text(&mut self, text: &str, at: usize) -> Result<(), Failure> {
        if self.context.mode == Mode::Strict && text.contains("]]>") {
            return Err(failure(
                "the end of a CDATA section that was not opened",
                at,
            ));
        }
        if self.has_returns && text.contains('\r') {
            self.mark_encoded();
        }
        if text.as_bytes().first().is_some_and(|byte| *byte > b' ') || !is_blank(text) {
            self.content(at)?;
        }
        Ok(())
    }

    /// Checks a reference. Services send control characters as references, although that is not
    /// allowed either.
    fn reference(&self, reference: &BytesRef<'_>, at: usize) -> Result<(), Failure> {
        let Some(character) = referenced(reference) else {
            let message = "a reference to an entity that is not predefined, or to no character";
            return Err(failure(message, at));
        };
        if self.context.mode == Mode::Strict && !is_allowed(character) {
            return Err(failure(
                "a reference to a character that is not allowed",
                at,
            ));
        }
        Ok(())
    }

    /// Records that the innermost element has a text.
    fn content(&mut self, at: usize) -> Result<(), Failure> {
        match self.open.last() {
            Some(id) => {
                self.elements[id.0 as usize].has_text = true;
                Ok(())
            }
            None => Err(failure("a text outside the root element", at)),
        }
    }

    /// Records that the innermost element has a text that differs from its source.
    fn encoded(&mut self, at: usize) -> Result<(), Failure> {
        self.mark_encoded();
        self.content(at)
    }

    fn mark_encoded(&mut self) {
        if let Some(id) = self.open.last() {
            self.elements[id.0 as usize].is_encoded = true;
        }
    }
}

/// Whether a text is a version of XML 1.
fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix("1.").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The message of an error, without its class.
fn message(error: &Error) -> String {
    match error {
        Error::Syntax(error) => error.to_string(),
        Error::IllFormed(error) => error.to_string(),
        error => error.to_string(),
    }
}

/// A position in a source, whose length has been checked.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
