//! Prints texts side by side.

use std::fmt::Write as _;

/// The width of a column; longer lines are folded.
const WIDTH: usize = 68;

/// Two texts line by line, what is expected on the left; a `|` is between lines that differ.
pub(crate) fn side_by_side(expected: &str, actual: &str) -> String {
    let (left, right) = (fold(expected), fold(actual));
    let mut text = String::new();
    for index in 0..left.len().max(right.len()) {
        let (a, b) = (left.get(index), right.get(index));
        let mark = if a == b { ' ' } else { '|' };
        let (a, b) = (a.map_or("", |a| a), b.map_or("", |b| b));
        let padding = WIDTH - a.chars().count();
        let line = format!("    {a}{:padding$} {mark} {b}", "");
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn fold(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let chars = line.chars().collect::<Vec<_>>();
        if chars.is_empty() {
            lines.push(String::new());
        }
        for part in chars.chunks(WIDTH) {
            lines.push(
                part.iter()
                    .map(|c| if c.is_control() { '?' } else { *c })
                    .collect(),
            );
        }
    }
    if lines.is_empty() {
        lines.push("(empty)".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_marked() {
        let text = side_by_side("a\nb", "a\nc\nd");
        let lines = text.lines().map(str::split_whitespace);
        let lines = lines.map(|words| words.collect::<Vec<_>>().join(" "));
        assert_eq!(lines.collect::<Vec<_>>(), ["a a", "b | c", "| d"]);
    }

    #[test]
    fn long_lines_are_folded_and_empty_texts_are_marked() {
        let text = side_by_side(&"x".repeat(WIDTH + 1), "");
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("(empty)"), "{text}");
    }
}
