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
//!
//! All this is the feature `docs`. Without it, `plain` keeps the words and little else.

#[cfg(feature = "docs")]
mod blocks;
#[cfg(feature = "docs")]
mod html;
#[cfg(feature = "docs")]
mod inline;
#[cfg(feature = "docs")]
mod markdown;
#[cfg(any(test, not(feature = "docs")))]
mod plain;
#[cfg(feature = "docs")]
mod print;
#[cfg(feature = "docs")]
mod summary;
#[cfg(all(test, feature = "docs"))]
mod tests;

use std::borrow::Cow;

#[cfg(feature = "docs")]
pub use self::markdown::rustdoc;

/// The text of a `documentation` trait as Markdown for rustdoc: its words.
#[cfg(not(feature = "docs"))]
pub fn rustdoc(text: &str) -> String {
    plain::words(text)
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
