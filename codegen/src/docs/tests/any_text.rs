//! Texts put together from pieces that are awkward beside each other.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{hazard, rustdoc};

const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<ul>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<li>",
    "</li>",
    "<dl>",
    "<dt>",
    "<dd>",
    "</dl>",
    "<note>",
    "</note>",
    "<code>",
    "</code>",
    "<i>",
    "</i>",
    "<b>",
    "</b>",
    "<a href=\"https://a.com/\">",
    "<a>",
    "</a>",
    "<br/>",
    "<pre>",
    "</pre>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<h2>",
    "</h2>",
    "<hr>",
    "<blockquote>",
    "</blockquote>",
    "<T>",
    "<!--",
    "-->",
    "<",
    ">",
    "`",
    "``",
    "```",
    "*",
    "**",
    "_",
    "[",
    "]",
    "](",
    "(",
    ")",
    "!",
    "#",
    "-",
    "--",
    "1.",
    "=",
    "|",
    "~",
    "\\",
    "&",
    "&lt;",
    "&#96;",
    "^",
    ":",
    "a",
    "b",
    "word",
    "Sentence.",
    "https://a.com/b",
    "[x]",
    "[^1]",
    "é",
    "\u{202E}",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "\r\n",
];

/// Inline content of a paragraph, each with its visible text.
const INLINE: &[(&str, &str)] = &[
    ("<code>", ""),
    ("</code>", ""),
    ("<i>", ""),
    ("</i>", ""),
    ("<b>", ""),
    ("</b>", ""),
    ("<del>", ""),
    ("</del>", ""),
    ("<a href=\"https://a.com/\">", ""),
    ("<a>", ""),
    ("</a>", ""),
    ("<br>", ""),
    ("<T>", "<T>"),
    ("&lt;", "<"),
    (">", ">"),
    ("&amp;", "&"),
    ("lt;", "lt;"),
    ("`", "`"),
    ("``", "``"),
    ("*", "*"),
    ("**", "**"),
    ("_", "_"),
    ("__", "__"),
    ("[", "["),
    ("]", "]"),
    ("](", "]("),
    (")", ")"),
    ("!", "!"),
    ("#", "#"),
    ("-", "-"),
    ("--", "--"),
    ("1.", "1."),
    ("=", "="),
    ("|", "|"),
    ("~", "~"),
    ("~~", "~~"),
    ("\\", "\\"),
    ("^", "^"),
    (":", ":"),
    ("+", "+"),
    ("a", "a"),
    ("b", "b"),
    ("1", "1"),
    ("a long word", "alongword"),
    ("\"", "\""),
    (".", "."),
    ("é", "é"),
    (" ", ""),
    (" ", ""),
    (" ", ""),
    ("\n", ""),
];

/// xorshift
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 33).expect("31 bits fit")
}

fn text(state: &mut u64) -> String {
    let length = next(state) % 40;
    (0..length)
        .map(|_| PIECES[next(state) % PIECES.len()])
        .collect()
}

#[test]
fn gives_markdown_without_hazards() {
    let mut state = 0x5EED;
    for _ in 0..20_000 {
        let mut text = text(&mut state);
        if next(&mut state).is_multiple_of(2) {
            text = format!("<p>{text}</p>");
        }
        let markdown = rustdoc(&text);
        assert_eq!(
            hazard(&markdown),
            None,
            "\n--- input\n{text}\n--- is\n{markdown}"
        );
        let lines_are_clean = markdown
            .lines()
            .all(|line| !line.ends_with(' ') && !line.contains(['\r', '\t']));
        assert!(lines_are_clean, "\n--- input\n{text}\n--- is\n{markdown}");
    }
}

/// The visible text of Markdown, without white space and addresses that are their own text.
fn seen(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut seen = String::new();
    let mut is_address = false;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Link { link_type, .. }) => {
                is_address = link_type == LinkType::Autolink;
            }
            Event::End(TagEnd::Link) => is_address = false,
            Event::Text(text) | Event::Code(text) if !is_address => {
                seen.extend(text.split_whitespace());
            }
            _ => {}
        }
    }
    seen
}

#[test]
fn is_seen_as_it_was_written() {
    let mut state = 0x5EED;
    for _ in 0..20_000 {
        let pieces: Vec<_> = (0..next(&mut state) % 30)
            .map(|_| INLINE[next(&mut state) % INLINE.len()])
            .collect();
        let text: String = pieces.iter().map(|(source, _)| *source).collect();
        let expected: String = pieces.iter().map(|(_, text)| *text).collect();
        let text = format!("<p>{text}</p>");
        let markdown = rustdoc(&text);
        assert_eq!(
            seen(&markdown),
            expected,
            "\n--- input\n{text}\n--- is\n{markdown}"
        );
    }
}

#[test]
fn takes_time_in_proportion() {
    for piece in PIECES {
        for text in [
            piece.repeat(20_000),
            format!("<p>{}</p>", piece.repeat(20_000)),
        ] {
            let markdown = rustdoc(&text);
            assert!(
                markdown.len() < text.len() * 40 + 100,
                "{piece} grows to {}",
                markdown.len()
            );
        }
    }
}
