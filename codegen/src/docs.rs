//! Documentation of a model -> Markdown for rustdoc.
//!
//! A Smithy `documentation` trait is `CommonMark` that may contain HTML; AWS models are HTML nearly
//! throughout, with elements of their own (`<note>`, `<fullname>`), placeholders that look like
//! tags (`<region>`) and nesting that does not always match. What comes out is read in two places:
//! as comments in the generated source and as pages of rustdoc. So it is wrapped prose, and nothing
//! in it is a link, a tag, a doctest or markup that the author of the text did not mean.
//!
//! `CommonMark` is parsed by pulldown-cmark, which rustdoc itself uses, into HTML; HTML is turned
//! into Markdown here. Crates that do the latter bring a browser's parser (htmd: 40 packages and 39
//! s of compile time, pulldown-cmark: 5 and 6 s) and know neither rustdoc's lints nor AWS's
//! elements, which is most of the work.
//!
//! Where models bend the specification, so does this:
//! - A text that begins with an element such as `<p>` and ends with a tag is HTML throughout.
//!   `CommonMark` would end the HTML at the first blank line and take the indented rest for code.
//! - A line that begins with a label (`AUTO: ..`, `STANDARD - ..`) after a finished sentence stays
//!   a line of its own.
//! - Notes that a text begins with come after its first sentence.

mod blocks;
mod html;
mod inline;
mod layout;
mod markdown;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser, TextMergeStream};

use self::blocks::Writer;
use self::html::Tag;

/// Markdown for rustdoc that says what `text`, a `documentation` trait, says.
///
/// Lines are wrapped at about 100 columns of source and do not end in a line feed. The first
/// paragraph is one sentence where the text has sentences, because rustdoc lists items with it.
/// Empty for a text without words.
pub fn rustdoc(text: &str) -> String {
    let text = printable(text.trim());
    if is_html(&text) {
        return from_html(&text);
    }
    let mut html = String::with_capacity(text.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut html, common_mark(&text));
    from_html(&html)
}

fn from_html(text: &str) -> String {
    let mut writer = Writer::new(text.len());
    for token in html::tokens(text) {
        writer.token(token);
    }
    writer.finish()
}

/// Whether HTML is all that the text consists of.
fn is_html(text: &str) -> bool {
    text.ends_with('>')
        && html::tokens(text)
            .next()
            .is_some_and(|token| token.opens(Tag::is_block))
}

fn common_mark(text: &str) -> impl Iterator<Item = Event<'_>> {
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

/// Without characters that must not stand in a comment: carriage returns and other control
/// characters, and those that change the direction of text or cannot be seen.
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
