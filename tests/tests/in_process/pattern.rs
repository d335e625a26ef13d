//! Texts that match a pattern.

use regex_syntax::hir::{Class, Hir, HirKind};

use drawplate_tests::random::Random;

/// A text for a regular expression; `more` is the maximum number of repetitions beyond the
/// minimum if there is no upper bound. Anchors are ignored, so callers check that the text matches.
pub(crate) fn text(random: &mut Random, pattern: &str, more: usize) -> String {
    let hir = regex_syntax::parse(pattern)
        .unwrap_or_else(|error| panic!("`{pattern}` is in the model and no pattern: {error}"));
    let mut bytes = Vec::new();
    push(random, &hir, more, &mut bytes);
    String::from_utf8(bytes).expect("patterns of texts match texts")
}

fn push(random: &mut Random, hir: &Hir, more: usize, out: &mut Vec<u8>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(class) => push_class(random, class, out),
        HirKind::Repetition(repetition) => {
            let least = usize::try_from(repetition.min).expect("it fits");
            let most = repetition.max.map_or(least + more, |max| {
                usize::try_from(max).expect("it fits").min(least + more)
            });
            for _ in 0..least + random.below(most - least + 1) {
                push(random, &repetition.sub, more, out);
            }
        }
        HirKind::Capture(capture) => push(random, &capture.sub, more, out),
        HirKind::Concat(parts) => {
            for part in parts {
                push(random, part, more, out);
            }
        }
        HirKind::Alternation(branches) => {
            let branch = random.below(branches.len());
            push(random, &branches[branch], more, out);
        }
    }
}

/// A character of a class; all ranges are equally likely.
fn push_class(random: &mut Random, class: &Class, out: &mut Vec<u8>) {
    let (start, end) = match class {
        Class::Unicode(class) => {
            let range = random.pick(class.ranges());
            (u32::from(range.start()), u32::from(range.end()))
        }
        Class::Bytes(class) => {
            let range = random.pick(class.ranges());
            (u32::from(range.start()), u32::from(range.end()))
        }
    };
    let width = usize::try_from(end - start).expect("it fits") + 1;
    let code = start + u32::try_from(random.below(width)).expect("it fits");
    // Ranges may include the surrogates, which are not characters.
    let c = char::from_u32(code).or(char::from_u32(start));
    let mut buffer = [0; 4];
    let c = c.expect("a range starts with a character");
    out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
}
