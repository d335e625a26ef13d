//! Documentation of a model -> Markdown for rustdoc.
//!
//! A Smithy `documentation` trait is `CommonMark` that may contain HTML. AWS models are almost
//! entirely HTML, with elements of their own (`<note>`, `<fullname>`), placeholders that look like
//! tags (`<region>`) and nesting that does not always match. The result is read as comments in the
//! generated source and as pages of rustdoc. It is wrapped prose in which nothing is a link, a tag,
//! a doctest or markup that the author did not mean.
//!
//! pulldown-cmark, which rustdoc itself uses, parses `CommonMark` into events, and html5gum splits
//! HTML into tags, which become the same events (`html`). Out of these, `blocks` and `inline` build
//! a document whose events nest, and pulldown-cmark-to-cmark prints it (`print`).
//!
//! Departures from the specification, for the sake of existing models:
//! - A text that begins with an element such as `<p>` and ends with a tag is HTML throughout.
//!   `CommonMark` would end the HTML at the first blank line and take the indented rest for code.
//! - A line that begins with a label (`AUTO: ..`, `STANDARD - ..`) after a finished sentence stays
//!   a line of its own.
//! - Notes at the beginning of a text come after its first sentence.

mod blocks;
mod html;
mod inline;
mod print;
mod summary;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, TextMergeStream};

use self::blocks::Document;
use self::html::Token;

/// The text of a `documentation` trait as Markdown for rustdoc.
///
/// Lines are wrapped at about 100 columns of source. If the first paragraph is long, its first
/// sentence becomes a paragraph of its own, because rustdoc lists items with it. The result does
/// not end in a line feed, and is empty for a text without words.
pub fn rustdoc(text: &str) -> String {
    let text = printable(text.trim());
    let mut document = Document::default();
    if text.ends_with('>') && html::begins_with_block(&text) {
        html::tokens(&text, |token, source| document.token(token, source));
    } else {
        read_common_mark(&text, &mut document);
    }
    print::print(document.finish())
}

/// The text of a `documentation` trait as `CommonMark` without HTML.
///
/// A text without HTML is `CommonMark` already, and stays as it is.
#[cfg(feature = "openapi")]
pub(crate) fn common_mark(text: &str) -> String {
    let text = printable(text.trim());
    if text.contains('<') {
        rustdoc(&text)
    } else {
        text.into_owned()
    }
}

fn read_common_mark<'a>(text: &'a str, document: &mut Document<'a>) {
    let mut block = String::new();
    for event in labelled_lines(text) {
        // A block of HTML comes line by line, and a tag may continue on the next line.
        if let Event::Html(html) = event {
            block.push_str(&html);
            continue;
        }
        let html = match &event {
            Event::InlineHtml(html) => html,
            _ => block.as_str(),
        };
        html::tokens(html, |token, source| {
            document.token(token.into_static(), source);
        });
        block.clear();
        document.token(Token::Event(event), "");
    }
}

/// The events of a text, with breaks before lines that begin with a label.
fn labelled_lines(text: &str) -> impl Iterator<Item = Event<'_>> {
    let mut events = TextMergeStream::new(Parser::new_ext(text, Options::ENABLE_TABLES)).peekable();
    let mut sentence_ended = false;
    std::iter::from_fn(move || {
        let event = events.next()?;
        match &event {
            Event::Text(text) => sentence_ended = text.ends_with(['.', ':', ';', '!', '?', ')']),
            Event::SoftBreak if sentence_ended => {
                if let Some(Event::Text(next)) = events.peek()
                    && starts_with_label(next)
                {
                    return Some(Event::HardBreak);
                }
            }
            _ => {}
        }
        Some(event)
    })
}

/// `AUTO: ..`, `'disabled': ..`, `STANDARD - ..`, `-Embedded ..`
fn starts_with_label(line: &str) -> bool {
    if let Some(point) = line.strip_prefix(['-', '–', '•', '·']) {
        return point.trim_start().starts_with(char::is_alphabetic);
    }
    let mut words = line.split_whitespace();
    let Some(first) = words.next() else {
        return false;
    };
    let is_name = |word: &str| {
        let word = word.trim_matches(['\'', '"']);
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    match first.strip_suffix(':') {
        Some(name) => is_name(name),
        None => is_name(first) && matches!(words.next(), Some("-" | "–" | "—")),
    }
}

/// The text without characters that must not be in a comment: control characters, invisible ones,
/// and those that change the direction of text.
fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(lines.chars().filter(|&c| is_printable(c)).collect())
}

fn is_printable(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => false,
        _ => !c.is_control(),
    }
}
