//! The conversion of each construct of HTML and `CommonMark`, and of text that only resembles one.

mod any_text;
mod links;
mod lists;
mod marks;
mod other_blocks;
mod paragraphs;
mod text;

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::rustdoc;

#[track_caller]
fn check(input: &str, expected: &str) {
    let markdown = rustdoc(input);
    assert_eq!(
        markdown, expected,
        "\n--- input\n{input}\n--- is\n{markdown}\n--- should be\n{expected}"
    );
    assert_eq!(hazard(&markdown), None, "\n{markdown}");
}

/// The first construct that rustdoc would warn about, compile or misread, if there is one. Uses the
/// parser and options of rustdoc.
fn hazard(markdown: &str) -> Option<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut broken = None;
    let mut callback = |link: BrokenLink| {
        broken = Some(format!("broken link: {}", link.reference));
        None
    };
    let mut in_link = false;
    let mut in_block = false;
    let mut found = None;
    for event in Parser::new_with_broken_link_callback(markdown, options, Some(&mut callback)) {
        let hazard = match event {
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                in_link = true;
                let is_fine = matches!(link_type, LinkType::Inline | LinkType::Autolink)
                    && dest_url.starts_with("http");
                (!is_fine).then(|| format!("link: {dest_url}"))
            }
            Event::End(TagEnd::Link) => {
                in_link = false;
                None
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
                if &*language == "text" =>
            {
                in_block = true;
                None
            }
            Event::End(TagEnd::CodeBlock) => {
                in_block = false;
                None
            }
            Event::Start(
                tag @ (Tag::CodeBlock(_)
                | Tag::Image { .. }
                | Tag::FootnoteDefinition(_)
                | Tag::HtmlBlock),
            ) => Some(format!("{tag:?}")),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => Some(format!("{event:?}")),
            Event::Text(text)
                if !in_link
                    && !in_block
                    && (text.contains("http://a") || text.contains("https://a")) =>
            {
                Some(format!("bare address: {text}"))
            }
            _ => None,
        };
        found = found.or(hazard);
    }
    found.or(broken)
}
