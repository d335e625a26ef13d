//! The first sentence of a text, which rustdoc lists items with.

use pulldown_cmark::Event;

/// `Optional.` and `Note:` say too little for a summary.
const SHORTEST_SENTENCE: usize = 16;

/// A paragraph of at most this length is not split.
const LONGEST_SUMMARY: usize = 100;

/// Leaves the first sentence of a long paragraph, and returns the others.
pub(super) fn split<'a>(text: &mut Vec<Event<'a>>) -> Vec<Event<'a>> {
    match sentence_end(text) {
        Some(space) => text.split_off(space).into_iter().skip(1).collect(),
        None => Vec::new(),
    }
}

/// The index of the space after the first sentence of a long paragraph.
fn sentence_end(text: &[Event]) -> Option<usize> {
    let mut depth = 0_u32;
    let mut length = 0;
    let mut end = None;
    for (index, event) in text.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::HardBreak => break,
            Event::SoftBreak => {
                if end.is_none()
                    && depth == 0
                    && length >= SHORTEST_SENTENCE
                    && ends_sentence(text, index)
                {
                    end = Some(index);
                }
                length += 1;
            }
            Event::Text(text) | Event::Code(text) => length += text.chars().count(),
            _ => {}
        }
    }
    end.filter(|_| length > LONGEST_SUMMARY)
}

fn ends_sentence(text: &[Event], space: usize) -> bool {
    let starts = match &text[space + 1..] {
        [Event::Text(next), ..] | [Event::Start(_), Event::Text(next), ..] => {
            next.starts_with(|c: char| !c.is_lowercase())
        }
        _ => true,
    };
    let Some(Event::Text(word)) = text[..space].last() else {
        return false;
    };
    let word = word.trim_end_matches([')', '"', '\'']);
    let Some(stem) = word.strip_suffix(['.', '!', '?']) else {
        return false;
    };
    let is_letter = stem
        .rsplit('.')
        .next()
        .is_none_or(|last| last.len() == 1 && last.starts_with(char::is_alphabetic));
    let short = ["etc", "vs", "cf", "no", "inc", "approx", "fig"];
    let is_short = short
        .iter()
        .any(|short| stem.trim_start_matches('(').eq_ignore_ascii_case(short));
    starts && !is_letter && !is_short
}
