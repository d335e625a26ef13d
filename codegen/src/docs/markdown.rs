//! The text of a model -> events -> Markdown.

use pulldown_cmark::{Event, Options, Parser, TextMergeStream};

use super::blocks::Document;
use super::html::Token;
use super::{html, print, printable};

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
