//! Texts that match a pattern.

use std::collections::HashSet;

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many texts are tried.
const ATTEMPTS: u64 = 5_000;

/// The text at an index among the distinct texts that match a pattern and have a length, in
/// characters, within bounds. `None` if too few are found.
pub(super) fn text(pattern: &str, least: usize, most: usize, index: usize) -> Option<String> {
    let regex = Regex::new(pattern).ok()?;
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut found = HashSet::new();
    for attempt in 0..ATTEMPTS {
        let mut source = Source {
            state: attempt,
            // First what is shortest, then longer texts up to the least length.
            more: usize::try_from(attempt).map_or(least, |attempt| attempt % (least + 2)),
        };
        let mut text = String::new();
        if source.push(&hir, &mut text).is_none() {
            continue;
        }
        // Anchors were not looked at, and what surrounds a match is free.
        let missing = least.saturating_sub(text.chars().count());
        let padded = format!("{text}{}", "a".repeat(missing));
        let numbered = format!("{text}{:a>missing$}", super::letters(found.len()));
        for text in [text, padded, numbered] {
            let length = text.chars().count();
            let valid = (least..=most).contains(&length) && regex.is_match(&text);
            if valid && found.insert(text.clone()) && found.len() > index {
                return Some(text);
            }
        }
    }
    None
}

/// Chooses among the texts of an expression, in the same way each time.
struct Source {
    state: u64,
    /// How often what may be repeated is repeated beyond its least number.
    more: usize,
}

impl Source {
    /// A number below `end`; the first source of all chooses zero.
    fn below(&mut self, end: usize) -> usize {
        if self.state == 0 || end == 0 {
            return 0;
        }
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % end as u64).unwrap_or_default()
    }

    fn push(&mut self, hir: &Hir, out: &mut String) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(Class::Unicode(class)) => {
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (range.start(), range.end()));
                out.push(self.character(&ranges.collect::<Vec<_>>())?);
            }
            HirKind::Class(Class::Bytes(class)) => {
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (range.start().into(), range.end().into()));
                out.push(self.character(&ranges.collect::<Vec<_>>())?);
            }
            HirKind::Repetition(repetition) => {
                let least = usize::try_from(repetition.min).ok()?;
                let most = repetition.max.and_then(|max| usize::try_from(max).ok());
                let more = most.map_or(self.more, |most| self.more.min(most - least));
                for _ in 0..least + self.below(more + 1) {
                    self.push(&repetition.sub, out)?;
                }
            }
            HirKind::Capture(capture) => self.push(&capture.sub, out)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.push(part, out))?,
            HirKind::Alternation(branches) => {
                let branch = self.below(branches.len());
                self.push(branches.get(branch)?, out)?;
            }
        }
        Some(())
    }

    /// A character of a class, if possible one that is a letter or a digit, or else visible.
    fn character(&mut self, ranges: &[(char, char)]) -> Option<char> {
        let contains = |c: &char| {
            ranges
                .iter()
                .any(|(start, end)| (*start..=*end).contains(c))
        };
        let plain = ('a'..='z').chain('0'..='9').chain('A'..='Z');
        let plain = plain.filter(contains).collect::<Vec<_>>();
        if !plain.is_empty() {
            return Some(plain[self.below(plain.len())]);
        }
        let visible = ('!'..='~').filter(contains).collect::<Vec<_>>();
        if !visible.is_empty() {
            return Some(visible[self.below(visible.len())]);
        }
        let (start, end) = *ranges.get(self.below(ranges.len()))?;
        let width = usize::try_from(u32::from(end) - u32::from(start)).ok()?;
        let code = u32::from(start) + u32::try_from(self.below(width + 1)).ok()?;
        // Ranges include the surrogates, which are not characters.
        char::from_u32(code).or(Some(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_and_differ() {
        for (pattern, least, most) in [
            ("^item-[0-9a-f]+$", 1, usize::MAX),
            ("^item-[0-9a-f]+$", 30, 31),
            ("^(a|b){2}(:[A-Z]{3,5})*$", 1, 60),
            ("x", 5, 9),
            (r"^\d{4}-\d{2}$", 7, 7),
            (r"^[^a-zA-Z0-9]\S*$", 2, 4),
            (r"^\p{Greek}+$", 3, 3),
            ("^$|^[a-z]{4}$", 1, 10),
        ] {
            let regex = Regex::new(pattern).expect("a pattern");
            let texts = (0..5).map(|index| text(pattern, least, most, index));
            let texts = texts.collect::<Option<HashSet<_>>>().expect(pattern);
            assert_eq!(texts.len(), 5, "{pattern} {texts:?}");
            for text in texts {
                let length = text.chars().count();
                assert!(regex.is_match(&text), "{pattern} {text}");
                assert!((least..=most).contains(&length), "{pattern} {text}");
            }
        }
        assert_eq!(text("^a$", 2, 9, 0), None);
        assert_eq!(text("^a$", 1, 9, 1), None);
    }
}
