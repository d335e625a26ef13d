//! The events of a document -> Markdown, by pulldown-cmark-to-cmark.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use pulldown_cmark_to_cmark::{Error, Options as Style, cmark_with_options};

use super::inline;

/// Columns of text. With the comment's slashes and the indentation of a field it comes to a
/// hundred.
const WIDTH: usize = 92;

/// In deep nesting a line keeps this much.
const MIN_WIDTH: usize = 40;

/// What rustdoc parses with, except that it also turns `--` into a dash.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// Adds the text of a paragraph to `events`: a soft break remains one where a line should end, the
/// others become spaces.
pub(super) fn wrap<'a>(text: Vec<Event<'a>>, indent: usize, events: &mut Vec<Event<'a>>) {
    let limit = WIDTH.saturating_sub(indent).max(MIN_WIDTH);
    let mut widths = widths(&text).into_iter();
    let mut column = widths.next().unwrap_or_default();
    let mut words = String::new();
    for event in text {
        if let Event::Text(text) = event {
            words.push_str(&text);
            continue;
        }
        let is_space = event == Event::SoftBreak;
        if is_space || event == Event::HardBreak {
            let width = widths.next().unwrap_or_default();
            if is_space && column + 1 + width <= limit {
                words.push(' ');
                column += 1 + width;
                continue;
            }
            column = width;
        }
        if !words.is_empty() {
            events.push(Event::Text(std::mem::take(&mut words).into()));
        }
        events.push(event);
    }
    if !words.is_empty() {
        events.push(Event::Text(words.into()));
    }
}

/// How wide the text between two breaks is.
fn widths(text: &[Event]) -> Vec<usize> {
    let mut address = 0;
    let mut width = |event: &Event| match event {
        Event::Text(text) => text.chars().count(),
        Event::Code(code) => code.chars().count() + 2,
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            ..
        }) => {
            address = match link_type {
                LinkType::Autolink => 1,
                _ => dest_url.len() + 3,
            };
            1
        }
        Event::End(TagEnd::Link) => address,
        Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => 1,
        _ => 2,
    };
    text.split(|event| matches!(event, Event::SoftBreak | Event::HardBreak))
        .map(|chunk| chunk.iter().map(&mut width).sum())
        .collect()
}

/// The Markdown of a document.
pub(super) fn print(events: Vec<Event>) -> String {
    let markdown = match markdown(&events) {
        // Character references are how emphasis is written in `bucket<b>(s)</b>s`. That is rare,
        // and nobody could read the comment.
        Ok(markdown) if !markdown.contains("&#") => markdown,
        _ => self::markdown(&without_marks(events))
            .expect("events nest, and text without emphasis has a spelling"),
    };
    tidy(&markdown)
}

fn markdown(events: &[Event]) -> Result<String, Error> {
    let style = Style {
        list_token: '-',
        increment_ordered_list_bullets: true,
        code_block_token_count: 3,
        ..Style::default()
    };
    let mut markdown = String::new();
    cmark_with_options(events, &mut markdown, OPTIONS, style)?;
    Ok(markdown)
}

fn is_mark(event: &Event) -> bool {
    matches!(
        event,
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
    )
}

/// Without emphasis. Code on both sides of a mark becomes one.
fn without_marks(events: Vec<Event>) -> Vec<Event> {
    let mut plain = Vec::with_capacity(events.len());
    for event in events {
        if !is_mark(&event) {
            inline::push(&mut plain, event);
        }
    }
    plain
}

/// The same Markdown as a person would write it: `&` for `&amp;` where that is enough, no spaces at
/// the ends of lines, no spaces or empty lines in front of quotations. Hyphens are escaped where
/// rustdoc would turn two into a dash.
fn tidy(markdown: &str) -> String {
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    let mut literals: Vec<Range<usize>> = Vec::new();
    let mut quote_end = 0;
    for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::BlockQuote(_)) => {
                edits.extend(empty_line(markdown, range.start).map(|line| (line, "")));
                if range.start >= quote_end {
                    quote_end = range.end;
                    edits.extend(spaces_before_quote(markdown, range).map(|space| (space, "")));
                }
            }
            Event::Code(_)
            | Event::Start(
                Tag::CodeBlock(_)
                | Tag::Link {
                    link_type: LinkType::Autolink,
                    ..
                },
            ) => literals.push(range),
            Event::Text(_)
                if literals
                    .last()
                    .is_none_or(|literal| literal.end <= range.start) =>
            {
                for (at, _) in markdown[range.clone()].match_indices('-') {
                    let at = range.start + at;
                    let is_escaped = at == range.start && markdown[..at].ends_with('\\');
                    if markdown[at + 1..range.end].starts_with('-') && !is_escaped {
                        edits.push((at..at, "\\"));
                    }
                }
            }
            _ => {}
        }
    }
    let mut literals = literals.into_iter().peekable();
    for (at, reference) in markdown.match_indices("&amp;") {
        let end = at + reference.len();
        while literals.next_if(|literal| literal.end <= at).is_some() {}
        let is_literal = literals.peek().is_some_and(|literal| literal.start <= at);
        if !is_literal && !is_reference(&markdown[end..]) {
            edits.push((at..end, "&"));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut edited = String::with_capacity(markdown.len());
    let mut written = 0;
    for (range, text) in edits {
        if let Some(between) = markdown.get(written..range.start) {
            edited.push_str(between);
            edited.push_str(text);
            written = range.end;
        }
    }
    edited.push_str(&markdown[written..]);
    without_trailing_spaces(&edited)
}

/// Whether an ampersand before `text` would begin a character reference.
fn is_reference(text: &str) -> bool {
    let name = text.strip_prefix('#').unwrap_or(text);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && name[end..].starts_with(';'))
}

/// The line of a quotation that starts at `start`, if nothing else is in it.
fn empty_line(markdown: &str, start: usize) -> Option<Range<usize>> {
    let line_start = markdown[..start].rfind('\n').map_or(0, |end| end + 1);
    let line_end = start + markdown[start..].find('\n')? + 1;
    let line = &markdown[line_start..line_end];
    line.trim_start_matches(['>', ' ', '\n'])
        .is_empty()
        .then_some(line_start..line_end)
}

/// The space before the first `>` of each line of a quotation.
fn spaces_before_quote(markdown: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let start = markdown[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let mut at = start;
    markdown[start..range.end]
        .split_inclusive('\n')
        .filter_map(move |line| {
            let quote = at + line.find('>')?;
            let is_first =
                markdown[at..quote].ends_with(' ') && markdown[at..quote].trim_start().is_empty();
            at += line.len();
            is_first.then(|| quote - 1..quote)
        })
}

/// With a backslash for the spaces that break a line.
fn without_trailing_spaces(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for line in markdown.trim_start_matches('\n').lines() {
        let end = line.trim_end_matches(' ');
        text.push_str(end);
        if line.len() >= end.len() + 2 && !end.trim_start_matches(['>', ' ']).is_empty() {
            text.push('\\');
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}
