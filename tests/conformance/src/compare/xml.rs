//! Documents in XML as text that is the same for equal values.

use std::fmt::Write as _;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// A document with a line per element, or why it is not one.
///
/// Elements of different names have no order, and neither have the entries of a map. White space
/// and other texts between elements do not matter. The ID of a request is not shown: servers choose
/// it.
pub(super) fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes)
        .map_err(|error| error.to_string())
        .and_then(parse)
    {
        Ok(element) => {
            let mut text = String::new();
            element.write(0, &mut text);
            text
        }
        Err(why) => {
            let text = String::from_utf8_lossy(bytes);
            format!("(not a document: {why}, {text:?})")
        }
    }
}

#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let innermost = open.last_mut().ok_or("an end tag without a start tag")?;
        match event {
            Event::Start(tag) => open.push(Element::new(&tag)?),
            Event::Empty(tag) => innermost.children.push(Element::new(&tag)?.sorted()),
            Event::End(_) => {
                let element = open.pop().unwrap_or_default().sorted();
                let outer = open.last_mut().ok_or("an end tag without a start tag")?;
                outer.children.push(element);
            }
            Event::Text(text) => innermost.text.push_str(&text.into_inner()),
            Event::CData(text) => innermost.text.push_str(&text.into_inner()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref();
                match character.map_err(|error| error.to_string())? {
                    Some(character) => innermost.text.push(character),
                    None => {
                        let text = resolve_xml_entity(&reference).ok_or("an unknown entity")?;
                        innermost.text.push_str(text);
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let [document] = &mut open[..] else {
        return Err("the document ends inside an element".to_owned());
    };
    match document.children.len() {
        1 => Ok(document.children.remove(0)),
        count => Err(format!("{count} root elements")),
    }
}

impl Element {
    fn new(tag: &BytesStart<'_>) -> Result<Self, String> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        attributes.sort_unstable();
        Ok(Self {
            name: tag.name().as_ref().to_owned(),
            attributes,
            ..Self::default()
        })
    }

    /// Removes what does not matter, and sorts what has no order.
    fn sorted(mut self) -> Self {
        if !self.children.is_empty() {
            self.text.clear();
        }
        self.children.retain(|child| child.name != "RequestId");
        self.children.sort_by(|a, b| {
            let entries = (a.is_entry() && b.is_entry()).then(|| a.cmp(b));
            a.name
                .cmp(&b.name)
                .then_with(|| entries.unwrap_or(std::cmp::Ordering::Equal))
        });
        self
    }

    /// Whether this is an entry of a map. Those of flattened maps have the name of the map.
    fn is_entry(&self) -> bool {
        let is_key = |child: &Self| matches!(&*child.name, "key" | "K");
        self.name == "entry" || self.children.len() == 2 && self.children.iter().any(is_key)
    }

    fn write(&self, depth: usize, out: &mut String) {
        const WRITTEN: &str = "writing to a string does not fail";
        let Self {
            name,
            attributes,
            text,
            children,
        } = self;
        let indent = "    ".repeat(depth);
        write!(out, "{indent}{name}").expect(WRITTEN);
        for (name, value) in attributes {
            write!(out, " {name}={value:?}").expect(WRITTEN);
        }
        if !text.is_empty() {
            write!(out, ": {text:?}").expect(WRITTEN);
        }
        out.push('\n');
        for child in children {
            child.write(depth + 1, out);
        }
    }
}
