//! HTML text -> events of Markdown, in the order of the text.
//!
//! Tags in documentation do not always match, and so do their events; [`super::blocks`] builds a
//! document from them. A tag of an unknown element is text: authors write placeholders such as
//! `<region>`.

use std::collections::BTreeMap;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Spanned, Token as HtmlToken, Tokenizer};
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag};

use super::blocks::is_block;
use super::inline::link;
use super::is_printable;

/// A part of a text.
#[derive(Clone, Debug)]
pub(super) enum Token<'a> {
    /// Anything that Markdown has an event for. A start may lack its end, and an end its start.
    Event(Event<'a>),
    StartCode,
    EndCode,
    /// Begins text that is not shown, as in `<script>`.
    StartHidden,
    EndHidden,
}

impl Token<'_> {
    pub(super) fn into_static(self) -> Token<'static> {
        match self {
            Self::Event(event) => Token::Event(event.into_static()),
            Self::StartCode => Token::StartCode,
            Self::EndCode => Token::EndCode,
            Self::StartHidden => Token::StartHidden,
            Self::EndHidden => Token::EndHidden,
        }
    }
}

enum Element {
    Markdown(Tag<'static>),
    Code,
    Hidden,
    /// Its tags are ignored.
    Span,
    LineBreak,
    Rule,
    Image,
}

impl Element {
    /// The element of a name. One in mixed case has none: `<Code>` and `<accountId>` are
    /// placeholders or samples of XML.
    fn named(name: &str) -> Option<Self> {
        let is_upper = |c: char| c.is_ascii_uppercase();
        if name.contains(is_upper) && name.contains(|c: char| c.is_ascii_lowercase()) {
            return None;
        }
        let quote = |kind| Tag::BlockQuote(Some(kind));
        Some(Self::Markdown(match &*name.to_ascii_lowercase() {
            "p" | "fullname" | "simpletitle" | "address" | "article" | "aside" | "body"
            | "center" | "details" | "div" | "fieldset" | "figcaption" | "figure" | "footer"
            | "form" | "head" | "header" | "html" | "main" | "nav" | "section" | "summary"
            | "title" => Tag::Paragraph,
            "h1" => heading(HeadingLevel::H1),
            "h2" => heading(HeadingLevel::H2),
            "h3" => heading(HeadingLevel::H3),
            "h4" => heading(HeadingLevel::H4),
            "h5" => heading(HeadingLevel::H5),
            "h6" => heading(HeadingLevel::H6),
            "ul" | "menu" => Tag::List(None),
            "ol" => Tag::List(Some(1)),
            "li" => Tag::Item,
            "dl" => Tag::DefinitionList,
            "dt" => Tag::DefinitionListTitle,
            "dd" => Tag::DefinitionListDefinition,
            "blockquote" => Tag::BlockQuote(None),
            "note" => quote(BlockQuoteKind::Note),
            "important" => quote(BlockQuoteKind::Important),
            "warning" => quote(BlockQuoteKind::Warning),
            "caution" => quote(BlockQuoteKind::Caution),
            "tip" => quote(BlockQuoteKind::Tip),
            "pre" | "listing" => Tag::CodeBlock(CodeBlockKind::Indented),
            "table" => Tag::Table(Vec::new()),
            "tr" => Tag::TableRow,
            "td" | "th" => Tag::TableCell,
            "a" => link(LinkType::ShortcutUnknown, CowStr::Borrowed("")),
            "i" | "em" | "cite" | "dfn" | "var" => Tag::Emphasis,
            "b" | "strong" => Tag::Strong,
            "s" | "del" | "strike" => Tag::Strikethrough,
            "code" | "kbd" | "samp" | "tt" => return Some(Self::Code),
            "hr" => return Some(Self::Rule),
            "br" => return Some(Self::LineBreak),
            "img" => return Some(Self::Image),
            "abbr" | "acronym" | "big" | "caption" | "col" | "colgroup" | "font" | "ins"
            | "label" | "mark" | "q" | "small" | "span" | "sub" | "sup" | "tbody" | "tfoot"
            | "thead" | "time" | "u" | "wbr" => return Some(Self::Span),
            "script" | "style" | "template" => return Some(Self::Hidden),
            _ => return None,
        }))
    }

    fn start(self, attributes: &Attributes, self_closing: bool) -> Option<Token<'static>> {
        let attribute = |name: &str| attributes.get(name.as_bytes()).map(text);
        Some(Token::Event(match self {
            Self::LineBreak => Event::HardBreak,
            Self::Rule => Event::Rule,
            Self::Image => Event::Text(attribute("alt")?.into()),
            Self::Markdown(Tag::Paragraph) => Event::Start(Tag::Paragraph),
            // `<b/>` has no content.
            _ if self_closing => return None,
            Self::Markdown(Tag::List(Some(_))) => {
                let start = attribute("start").and_then(|start| start.trim().parse().ok());
                Event::Start(Tag::List(Some(start.unwrap_or(1))))
            }
            Self::Markdown(tag @ Tag::Link { .. }) => Event::Start(match attribute("href") {
                Some(address) => link(LinkType::Inline, address.into()),
                None => tag,
            }),
            Self::Markdown(tag) => Event::Start(tag),
            Self::Code => return Some(Token::StartCode),
            Self::Hidden => return Some(Token::StartHidden),
            Self::Span => return None,
        }))
    }

    fn end(self) -> Option<Token<'static>> {
        match self {
            Self::Markdown(tag) => Some(Token::Event(Event::End(tag.to_end()))),
            Self::Code => Some(Token::EndCode),
            Self::Hidden => Some(Token::EndHidden),
            // `</br>` is a mistake for the start tag.
            Self::LineBreak => Some(Token::Event(Event::HardBreak)),
            Self::Rule => Some(Token::Event(Event::Rule)),
            Self::Span | Self::Image => None,
        }
    }
}

fn heading(level: HeadingLevel) -> Tag<'static> {
    Tag::Heading {
        level,
        id: None,
        classes: Vec::new(),
        attrs: Vec::new(),
    }
}

type Attributes = BTreeMap<HtmlString, Spanned<HtmlString>>;

/// Decoded text, without the unprintable characters that entities can stand for.
fn text(decoded: &Spanned<HtmlString>) -> String {
    let text = String::from_utf8_lossy(decoded);
    text.chars().filter(|&c| is_printable(c)).collect()
}

/// Whether a text begins with the tag of a block.
pub(super) fn begins_with_block(text: &str) -> bool {
    text.strip_prefix('<')
        .and_then(|rest| Element::named(tag_name(rest)))
        .is_some_and(|element| match element {
            Element::Markdown(tag) => is_block(tag.to_end()),
            Element::Rule => true,
            _ => false,
        })
}

fn tag_name(text: &str) -> &str {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '>');
    &text[..text.find(is_end).unwrap_or(text.len())]
}

/// How often the text after a `<` that begins no tag is read again. The limit keeps the time
/// linear.
const MOST_RETRIES: usize = 64;

/// Passes each token of a text to `sink`, with its source.
pub(super) fn tokens<'a>(source: &'a str, mut sink: impl FnMut(Token<'a>, &'a str)) {
    let mut rest = source;
    let mut retries = 0;
    while let Some(at) = scan(rest, retries < MOST_RETRIES, &mut sink) {
        // This is not a tag: the `<` is text, and the rest is read again.
        let (text, after) = match retries {
            MOST_RETRIES => (&rest[at..], ""),
            _ => rest[at..].split_at(1),
        };
        sink(Token::Event(Event::Text(text.into())), text);
        rest = after;
        retries += 1;
    }
}

/// Reads up to a `<` that begins no tag, although HTML would see one, and returns its position.
fn scan<'a>(
    source: &'a str,
    may_stop: bool,
    sink: &mut impl FnMut(Token<'a>, &'a str),
) -> Option<usize> {
    let mut read = 0;
    let emitter = DefaultEmitter::<usize>::new_with_span();
    for token in Tokenizer::new_with_emitter(source, emitter) {
        let Ok(token) = token;
        let (span, element) = match &token {
            HtmlToken::StartTag(tag) => (tag.span, Some(1)),
            HtmlToken::EndTag(tag) => (tag.span, Some(2)),
            HtmlToken::String(text) => (text.span, None),
            HtmlToken::Comment(comment) => (comment.span, None),
            HtmlToken::Doctype(doctype) => (doctype.span, None),
            HtmlToken::Error(_) => continue,
        };
        let raw = &source[span.start..span.end];
        read = span.end;
        let element = element.map(|name_at| Element::named(tag_name(&raw[name_at..])));
        let token = match (token, element) {
            (HtmlToken::StartTag(tag), Some(Some(element))) => {
                element.start(&tag.attributes, tag.self_closing)
            }
            (HtmlToken::EndTag(_), Some(Some(element))) => element.end(),
            // HTML reads `<max </p>` as one tag.
            (_, Some(None)) if may_stop && raw[1..].contains('<') => return Some(span.start),
            (HtmlToken::String(decoded), _) if raw.contains('&') => {
                Some(Token::Event(Event::Text(text(&decoded).into())))
            }
            (HtmlToken::Comment(_) | HtmlToken::Doctype(_), _) => None,
            _ => Some(Token::Event(Event::Text(raw.into()))),
        };
        if let Some(token) = token {
            sink(token, raw);
        }
    }
    // The text ends within a tag.
    (read < source.len()).then_some(read)
}
