//! HTML text -> tokens. Never fails: what is not a tag of an element in [`Tag`] is text.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

use super::is_printable;

/// An element, or what elements have in common that read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Paragraph,
    /// Begins a paragraph, as `<div>` does, and is nothing else.
    Block,
    Heading(u8),
    Bullets,
    Numbers,
    /// `<dl>`
    Terms,
    Item,
    Term,
    Description,
    Quote,
    /// An admonition, with its heading.
    Note(&'static str),
    Preformatted,
    Table,
    Row,
    Cell,
    Rule,
    LineBreak,
    Image,
    Link,
    Code,
    Emphasis,
    Strong,
    Strike,
    /// Its text is read as if the tags were not there.
    Span,
    /// Its text is not for readers.
    Hidden,
}

impl Tag {
    /// Names in one case only: `<Code>` and `<accountId>` in a text are placeholders or samples of
    /// XML.
    fn named(name: &str) -> Option<Self> {
        let lower;
        let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            if name.bytes().any(|b| b.is_ascii_lowercase()) {
                return None;
            }
            lower = name.to_ascii_lowercase();
            &lower
        } else {
            name
        };
        Some(match name {
            "p" | "fullname" | "simpletitle" => Self::Paragraph,
            "address" | "article" | "aside" | "body" | "center" | "details" | "div"
            | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "head" | "header"
            | "html" | "main" | "nav" | "section" | "summary" | "title" => Self::Block,
            "h1" => Self::Heading(1),
            "h2" => Self::Heading(2),
            "h3" => Self::Heading(3),
            "h4" => Self::Heading(4),
            "h5" => Self::Heading(5),
            "h6" => Self::Heading(6),
            "ul" | "menu" => Self::Bullets,
            "ol" => Self::Numbers,
            "dl" => Self::Terms,
            "li" => Self::Item,
            "dt" => Self::Term,
            "dd" => Self::Description,
            "blockquote" => Self::Quote,
            "note" => Self::Note("Note"),
            "important" => Self::Note("Important"),
            "warning" => Self::Note("Warning"),
            "caution" => Self::Note("Caution"),
            "tip" => Self::Note("Tip"),
            "pre" | "listing" => Self::Preformatted,
            "table" => Self::Table,
            "tr" => Self::Row,
            "td" | "th" => Self::Cell,
            "hr" => Self::Rule,
            "br" => Self::LineBreak,
            "img" => Self::Image,
            "a" => Self::Link,
            "code" | "kbd" | "samp" | "tt" => Self::Code,
            "i" | "em" | "cite" | "dfn" | "var" => Self::Emphasis,
            "b" | "strong" => Self::Strong,
            "s" | "del" | "strike" => Self::Strike,
            "abbr" | "acronym" | "big" | "caption" | "col" | "colgroup" | "font" | "ins"
            | "label" | "mark" | "q" | "small" | "span" | "sub" | "sup" | "tbody" | "tfoot"
            | "thead" | "time" | "u" | "wbr" => Self::Span,
            "script" | "style" | "template" => Self::Hidden,
            _ => return None,
        })
    }

    /// Whether the element begins a new line.
    #[expect(clippy::match_same_arms, reason = "one arm would be a column of names")]
    pub(super) fn is_block(self) -> bool {
        match self {
            Self::Paragraph | Self::Block | Self::Heading(_) | Self::Quote | Self::Note(_) => true,
            Self::Bullets
            | Self::Numbers
            | Self::Terms
            | Self::Item
            | Self::Term
            | Self::Description => true,
            Self::Preformatted | Self::Table | Self::Row | Self::Cell | Self::Rule => true,
            Self::LineBreak | Self::Image | Self::Link | Self::Code | Self::Span | Self::Hidden => {
                false
            }
            Self::Emphasis | Self::Strong | Self::Strike => false,
        }
    }

    /// Whether it has no content, and so no end tag.
    fn is_void(self) -> bool {
        matches!(self, Self::Rule | Self::LineBreak | Self::Image)
    }
}

/// A tag, or text up to the next one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'a> {
    /// Entities are still in it.
    Text(&'a str),
    Open {
        tag: Tag,
        attributes: &'a str,
        source: &'a str,
    },
    Close {
        tag: Tag,
        source: &'a str,
    },
}

impl Token<'_> {
    pub(super) fn opens(self, wanted: fn(Tag) -> bool) -> bool {
        matches!(self, Self::Open { tag, .. } if wanted(tag))
    }
}

/// No tag is longer, but an unclosed `<a href="` is not looked after to the end of the text either.
const LONGEST_TAG: usize = 4096;

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while let Some((token, length)) = markup(rest) {
            rest = &rest[length..];
            if token.is_some() {
                return token;
            }
        }
        let (text, after) = rest.split_at(text_length(rest));
        rest = after;
        (!text.is_empty()).then_some(Token::Text(text))
    })
}

/// How far the text reaches that `rest`, which does not begin with markup, begins with.
fn text_length(rest: &str) -> usize {
    rest.bytes()
        .skip(1)
        .position(|b| b == b'<')
        .map_or(rest.len(), |at| at + 1)
}

/// The tag or comment that `rest` begins with and its length. A comment is no token.
fn markup(rest: &str) -> Option<(Option<Token<'_>>, usize)> {
    let inner = rest.strip_prefix('<')?;
    if inner.starts_with("!--") {
        return Some((None, rest.find("-->").map_or(rest.len(), |end| end + 3)));
    }
    if inner.starts_with(['!', '?']) {
        return Some((None, rest.find('>').map_or(rest.len(), |end| end + 1)));
    }
    let (inner, closes) = match inner.strip_prefix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let name = &inner[..inner.bytes().position(|b| !b.is_ascii_alphanumeric())?];
    let tag = Tag::named(name)?;
    let attributes = &inner[name.len()..];
    if !attributes.starts_with(|c: char| c == '>' || c == '/' || c.is_whitespace()) {
        return None;
    }
    let end = tag_end(attributes)?;
    let length = rest.len() - attributes.len() + end + 1;
    let source = &rest[..length];
    let attributes = &attributes[..end];
    let token = if closes {
        // `</br>` and the like are mistakes for the start tag.
        if tag.is_void() {
            Token::Open {
                tag,
                attributes,
                source,
            }
        } else {
            Token::Close { tag, source }
        }
    } else if is_empty_element(attributes) && !tag.is_void() && tag != Tag::Paragraph {
        return Some((None, length));
    } else {
        Token::Open {
            tag,
            attributes,
            source,
        }
    };
    Some((Some(token), length))
}

/// `<b/>`, but not `<a href=https://example.com/>`.
fn is_empty_element(attributes: &str) -> bool {
    attributes
        .strip_suffix('/')
        .is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '\n', '"', '\'']))
}

/// Where `>` ends a tag, outside of quotes.
fn tag_end(attributes: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in attributes.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute, entities decoded.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        if key.is_empty() && after.is_empty() {
            return None;
        }
        let value;
        (value, rest) = match after.trim_start().strip_prefix('=') {
            Some(after) => attribute_value(after.trim_start()),
            None => ("", after),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(decode(value));
        }
    }
}

fn attribute_value(rest: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = rest.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()))
}

/// The longest name of an entity, `&CounterClockwiseContourIntegral;`
const LONGEST_ENTITY: usize = 33;

/// Text with its entities replaced. A `&` that begins none is itself.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = entity_length(rest).unwrap_or(1);
        let (entity, after) = rest.split_at(length);
        match entity {
            "&" | "&amp;" => decoded.push('&'),
            "&lt;" => decoded.push('<'),
            "&gt;" => decoded.push('>'),
            "&quot;" => decoded.push('"'),
            "&apos;" => decoded.push('\''),
            "&nbsp;" => decoded.push(' '),
            _ => decode_rare(entity, &mut decoded),
        }
        rest = after;
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// All other entities, from the table that pulldown-cmark brings along.
fn decode_rare(entity: &str, decoded: &mut String) {
    for event in Parser::new(entity) {
        if let Event::Text(text) = event {
            decoded.extend(text.chars().filter(|&c| is_printable(c)));
        }
    }
}

/// The length of the entity that `text`, which starts with `&`, begins with, if its form is that of
/// one.
pub(super) fn entity_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let name = bytes[1..]
        .iter()
        .take(LONGEST_ENTITY)
        .position(|b| !b.is_ascii_alphanumeric() && *b != b'#')?;
    (name > 0 && bytes[name + 1] == b';').then_some(name + 2)
}
