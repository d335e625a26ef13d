//! The words of a text, for builds without the feature `docs`.

use super::printable;

/// Elements that begin a paragraph.
const BLOCKS: [&str; 17] = [
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "important",
    "li",
    "note",
    "ol",
    "p",
    "pre",
    "tr",
    "ul",
];

/// The text without tags and code blocks, which would be doctests.
pub(super) fn words(text: &str) -> String {
    let text = without_tags(&printable(text.trim()));
    let mut plain = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        if line.starts_with("```") || line.starts_with("~~~") {
            continue;
        }
        if line.is_empty() && (plain.is_empty() || plain.ends_with("\n\n")) {
            continue;
        }
        // Brackets would be links to items.
        plain.push_str(&line.replace('[', "\\["));
        plain.push('\n');
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// The text without tags. Those of blocks become empty lines.
fn without_tags(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(before);
        let name = after.strip_prefix('/').unwrap_or(after);
        let length = name.find(|c: char| !c.is_ascii_alphanumeric());
        let name = &name[..length.unwrap_or(name.len())];
        match after.split_once('>') {
            Some((tag, after)) if !name.is_empty() && !tag.contains('<') => {
                if BLOCKS.contains(&name.to_ascii_lowercase().as_str()) {
                    words.push_str("\n\n");
                }
                rest = after;
            }
            _ => {
                words.push_str("\\<");
                rest = after;
            }
        }
    }
    words + rest
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_text_keeps_its_words() {
        for (text, expected) in [
            ("", ""),
            ("A *city*.\n\nIts `name`.", "A *city*.\n\nIts `name`."),
            (
                "<p>The <code>name</code> of a<br/>city.</p><ul><li>One</li><li><p>Two</p></li></ul>",
                "The name of a\n\ncity.\n\nOne\n\nTwo",
            ),
            ("a < b <= c <3 <", "a \\< b \\<= c \\<3 \\<"),
            ("a <b and <i>c</i>", "a \\<b and c"),
            ("Text:\n\n    let a = 1;\n\tb", "Text:\n\nlet a = 1;\nb"),
            ("```\ncode\n```\n~~~ rust\nmore\n~~~", "code\nmore"),
            ("[a] and ![b](c)", "\\[a] and !\\[b](c)"),
            ("a\u{202e}b\r\nc\0", "ab\nc"),
        ] {
            assert_eq!(words(text), expected, "{text:?}");
        }
    }
}
