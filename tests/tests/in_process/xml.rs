//! A reader and a writer of XML (XML 1.0, Namespaces in XML 1.0). They share no code with the
//! server's.

use std::fmt::Write as _;

use drawplate_tests::random::Random;

/// The namespace of the attribute `nil`.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// An element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    /// The qualified name.
    pub(crate) name: String,
    /// Qualified names and values, including declarations of namespaces.
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) content: Vec<Content>,
}

/// A part of the content of an element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Element(Element),
    Text(String),
    /// A text in a reference or a CDATA section. Even a space in one is text (XML 1.0 section 3,
    /// "Element Valid").
    Escaped(String),
}

impl Element {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            content: Vec::new(),
        }
    }

    pub(crate) fn with_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let mut element = Self::new(name);
        element.content.push(Content::Text(text.into()));
        element
    }

    /// An element that is null (XML Schema part 1, section 2.6.2).
    pub(crate) fn nil(name: impl Into<String>) -> Self {
        let mut element = Self::new(name);
        element.set_nil();
        element
    }

    pub(crate) fn set_nil(&mut self) {
        let mut add = |name: &str, value: &str| {
            self.attributes.push((name.to_owned(), value.to_owned()));
        };
        add("xmlns:xsi", INSTANCE);
        add("xsi:nil", "true");
    }

    /// The document that the bytes are; `None` if it is not well-formed or has a document type
    /// declaration.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if !text.chars().all(is_allowed) {
            return None;
        }
        let mut parser = Parser { rest: text };
        parser.declaration()?;
        parser.miscellaneous()?;
        let root = parser.element()?;
        parser.miscellaneous()?;
        parser.rest.is_empty().then_some(root)
    }

    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        local(&self.name)
    }

    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> + Clone {
        self.content.iter().filter_map(|part| match part {
            Content::Element(element) => Some(element),
            Content::Text(_) | Content::Escaped(_) => None,
        })
    }

    pub(crate) fn child(&self, local: &str) -> Option<&Self> {
        let mut children = self.children();
        children.find(|child| child.local() == local)
    }

    /// The text outside the elements in it.
    pub(crate) fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|part| match part {
            Content::Text(text) | Content::Escaped(text) => Some(&**text),
            Content::Element(_) => None,
        });
        texts.collect()
    }

    /// Whether it contains a text besides white space.
    pub(crate) fn has_text(&self) -> bool {
        self.content.iter().any(|part| match part {
            Content::Text(text) => !text.chars().all(is_space),
            Content::Escaped(_) => true,
            Content::Element(_) => false,
        })
    }

    /// Whether it is null.
    pub(crate) fn is_nil(&self) -> bool {
        self.attributes.iter().any(|(name, value)| {
            name.ends_with(":nil") && matches!(value.trim_matches(is_space), "true" | "1")
        })
    }

    /// The number of elements around its innermost element, with itself.
    pub(crate) fn depth(&self) -> usize {
        1 + self.children().map(Self::depth).max().unwrap_or(0)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        self.write(&mut out, None);
        out.into_bytes()
    }

    /// A document with the same element, in one of the ways in which it can be written.
    pub(crate) fn to_any_bytes(&self, random: &mut Random) -> Vec<u8> {
        let starts = [
            "",
            "",
            "",
            "\u{feff}",
            "<?xml version=\"1.0\"?>\n",
            "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
            "<!-- a > comment -->",
            "<?target ?>\r\n",
        ];
        let mut out = (*random.pick(&starts)).to_owned();
        self.write(&mut out, Some(random));
        let ends = ["", "", "\n", "<!---->"];
        out.push_str(ends[random.below(ends.len())]);
        out.into_bytes()
    }

    fn write(&self, out: &mut String, mut random: Option<&mut Random>) {
        let mut chance = |among: usize| match &mut random {
            Some(random) => random.once_in(among),
            None => false,
        };
        let _ = write!(out, "<{}", self.name);
        for (name, value) in &self.attributes {
            let space = if chance(8) { "\n " } else { " " };
            let quote = if chance(4) { '\'' } else { '"' };
            let equals = if chance(8) { " = " } else { "=" };
            let _ = write!(out, "{space}{name}{equals}{quote}");
            for character in value.chars() {
                if character == quote || is_space(character) && character != ' ' {
                    push_number(out, character);
                } else {
                    push_character(out, character);
                }
            }
            out.push(quote);
        }
        if chance(8) {
            out.push(' ');
        }
        if self.content.is_empty() && chance(2) {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for part in &self.content {
            match part {
                Content::Element(element) => element.write(out, random.as_deref_mut()),
                Content::Text(text) => write_text(out, text, random.as_deref_mut()),
                Content::Escaped(text) => text
                    .chars()
                    .for_each(|character| push_number(out, character)),
            }
            if let Some(random) = &mut random
                && random.once_in(20)
            {
                let between = ["<!-- between -->", "<?between ?>"];
                out.push_str(between[random.below(between.len())]);
            }
        }
        let _ = write!(out, "</{}", self.name);
        if let Some(random) = random
            && random.once_in(20)
        {
            out.push('\t');
        }
        out.push('>');
    }
}

fn write_text(out: &mut String, text: &str, random: Option<&mut Random>) {
    let Some(random) = random else {
        return text
            .chars()
            .for_each(|character| push_character(out, character));
    };
    if random.once_in(8) && !text.contains("]]>") && !text.contains('\r') {
        let _ = write!(out, "<![CDATA[{text}]]>");
        return;
    }
    let references = random.once_in(8);
    for character in text.chars() {
        if references && random.once_in(3) {
            push_number(out, character);
        } else {
            push_character(out, character);
        }
    }
}

fn push_number(out: &mut String, character: char) {
    let _ = write!(out, "&#x{:x};", u32::from(character));
}

fn push_character(out: &mut String, character: char) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\r' => out.push_str("&#13;"),
        character => out.push(character),
    }
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// Whether a text is a qualified name.
pub(crate) fn is_name(text: &str) -> bool {
    let mut parts = text.split(':');
    let valid = parts.clone().all(|part| {
        let mut characters = part.chars();
        characters.next().is_some_and(starts_name) && characters.all(continues_name)
    });
    valid && parts.by_ref().count() <= 2
}

/// XML 1.0 section 2.3, `NameStartChar` without the colon.
fn starts_name(character: char) -> bool {
    const RANGES: [(u32, u32); 12] = [
        (0xc0, 0xd6),
        (0xd8, 0xf6),
        (0xf8, 0x2ff),
        (0x370, 0x37d),
        (0x37f, 0x1fff),
        (0x200c, 0x200d),
        (0x2070, 0x218f),
        (0x2c00, 0x2fef),
        (0x3001, 0xd7ff),
        (0xf900, 0xfdcf),
        (0xfdf0, 0xfffd),
        (0x10000, 0xeffff),
    ];
    let code = u32::from(character);
    let among = |(first, last): &(u32, u32)| (*first..=*last).contains(&code);
    character.is_ascii_alphabetic() || character == '_' || RANGES.iter().any(among)
}

/// `NameChar` without the colon.
fn continues_name(character: char) -> bool {
    starts_name(character)
        || character.is_ascii_digit()
        || matches!(character, '-' | '.' | '\u{b7}')
        || ('\u{300}'..='\u{36f}').contains(&character)
        || ('\u{203f}'..='\u{2040}').contains(&character)
}

/// White space (section 2.3).
pub(crate) fn is_space(character: char) -> bool {
    [' ', '\t', '\r', '\n'].contains(&character)
}

/// Characters that a document may contain (section 2.2).
pub(crate) fn is_allowed(character: char) -> bool {
    let noncharacter = ['\u{fffe}', '\u{ffff}'].contains(&character);
    is_space(character) || character >= ' ' && !noncharacter
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Option<()> {
        self.take(token).then_some(())
    }

    /// Whether there is white space, which is skipped.
    fn space(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start_matches(is_space);
        self.rest.len() < before
    }

    /// The text before a token, which is skipped.
    fn until(&mut self, token: &str) -> Option<&'t str> {
        let (before, after) = self.rest.split_once(token)?;
        self.rest = after;
        Some(before)
    }

    fn name(&mut self) -> Option<&'t str> {
        let is_part = |c: char| continues_name(c) || c == ':';
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        is_name(name).then_some(name)
    }

    /// The XML declaration (section 2.8). A server reads UTF-8, of which ASCII is a part.
    fn declaration(&mut self) -> Option<()> {
        if !self.rest.starts_with("<?xml") || self.rest[5..].starts_with(continues_name) {
            return Some(());
        }
        self.expect("<?xml")?;
        let mut names = Vec::new();
        while self.space() && !self.rest.starts_with("?>") {
            let (name, value) = self.attribute()?;
            let valid = match name {
                "version" => value.strip_prefix("1.").is_some_and(|digits| {
                    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
                }),
                "encoding" => ["utf-8", "us-ascii"].contains(&&*value.to_ascii_lowercase()),
                "standalone" => ["yes", "no"].contains(&&*value),
                _ => false,
            };
            if !valid {
                return None;
            }
            names.push(name);
        }
        self.expect("?>")?;
        let order = ["version", "encoding", "standalone"];
        let mut known = order.iter();
        let ordered = names.iter().all(|name| known.any(|other| other == name));
        (ordered && names.first() == Some(&"version")).then_some(())
    }

    /// White space, comments and processing instructions.
    fn miscellaneous(&mut self) -> Option<()> {
        loop {
            self.space();
            if !self.aside()? {
                return Some(());
            }
        }
    }

    /// Whether there is a comment or processing instruction, which is skipped (sections 2.5, 2.6).
    fn aside(&mut self) -> Option<bool> {
        if self.take("<!--") {
            self.until("--")?;
            self.expect(">")?;
            return Some(true);
        }
        if self.take("<?") {
            let instruction = self.until("?>")?;
            let target = instruction.split(is_space).next().unwrap_or_default();
            let valid = is_name(&target.replace(':', "_")) && !target.eq_ignore_ascii_case("xml");
            return valid.then_some(true);
        }
        Some(false)
    }

    /// A name and a value, of which the references are resolved.
    fn attribute(&mut self) -> Option<(&'t str, String)> {
        let name = self.name()?;
        self.space();
        self.expect("=")?;
        self.space();
        let quote = ["\"", "'"].into_iter().find(|quote| self.take(quote))?;
        let value = self.until(quote)?;
        if value.contains('<') {
            return None;
        }
        let mut parser = Parser { rest: value };
        let mut text = String::new();
        while let Some(character) = parser.rest.chars().next() {
            if parser.take("&") {
                text.push(parser.reference()?);
            } else {
                // White space becomes spaces, and the two characters of a line end one.
                let crlf = parser.take("\r\n");
                if !crlf {
                    parser.rest = &parser.rest[character.len_utf8()..];
                }
                let space = crlf || is_space(character);
                text.push(if space { ' ' } else { character });
            }
        }
        Some((name, text))
    }

    /// The character of a reference, after its `&` (sections 4.1 and 4.6).
    fn reference(&mut self) -> Option<char> {
        let name = self.until(";")?;
        let code = |digits: &str, radix| {
            let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            let code = valid.then(|| u32::from_str_radix(digits, radix).ok())??;
            char::from_u32(code).filter(|character| is_allowed(*character))
        };
        match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            name => match name.strip_prefix("#x") {
                Some(digits) => code(digits, 16),
                None => code(name.strip_prefix('#')?, 10),
            },
        }
    }

    fn element(&mut self) -> Option<Element> {
        self.expect("<")?;
        let name = self.name()?;
        let mut element = Element::new(name);
        loop {
            let space = self.space();
            if self.take("/>") {
                return Some(element);
            }
            if self.take(">") {
                break;
            }
            let (name, value) = self.attribute().filter(|_| space)?;
            if element.attributes.iter().any(|(other, _)| other == name) {
                return None;
            }
            element.attributes.push((name.to_owned(), value));
        }
        while !self.take("</") {
            self.content(&mut element.content)?;
        }
        let end = self.name()?;
        self.space();
        self.expect(">")?;
        (end == name).then_some(element)
    }

    /// Adds a part of the content, or skips what is not content.
    fn content(&mut self, content: &mut Vec<Content>) -> Option<()> {
        if self.aside()? {
            return Some(());
        }
        content.push(self.part()?);
        Some(())
    }

    fn part(&mut self) -> Option<Content> {
        if self.take("<![CDATA[") {
            let text = normalized(self.until("]]>")?);
            return Some(Content::Escaped(text));
        }
        if self.rest.starts_with('<') {
            let element = self.element()?;
            return Some(Content::Element(element));
        }
        if self.take("&") {
            let character = self.reference()?;
            return Some(Content::Escaped(character.to_string()));
        }
        let end = self.rest.find(['<', '&'])?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let valid = !text.contains("]]>");
        valid.then(|| Content::Text(normalized(text)))
    }
}

/// A text whose line ends are those of Unix (section 2.11).
fn normalized(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
