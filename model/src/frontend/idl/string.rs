//! The values of strings, text blocks and documentation comments.

use std::borrow::Cow;

/// What is wrong with a string, and the offset in its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StringError {
    pub(super) at: std::ops::Range<usize>,
    pub(super) message: String,
}

/// The value of a string with its quotes.
pub(super) fn string(text: &str) -> Result<Cow<'_, str>, StringError> {
    let content = &text[1..text.len() - 1];
    unescape(content, 1)
}

/// The value of a text block with its quotes.
pub(super) fn text_block(text: &str) -> Result<String, StringError> {
    let block = block_content(text)?;
    match unescape(&block, 0) {
        Ok(value) => Ok(value.into_owned()),
        Err(StringError { at, message }) => {
            let escape = &block[at];
            // The first text like this is an escape that is wrong in the same way.
            let start = text.find(escape).unwrap_or(0);
            Err(StringError {
                at: start..start + escape.len(),
                message,
            })
        }
    }
}

/// The text of a text block before escapes are replaced. The indentation that all lines share is
/// removed, and so are the spaces at the ends of lines.
pub(super) fn block_content(text: &str) -> Result<String, StringError> {
    let content = normalize(&text[3..text.len() - 3]);
    let Some(content) = content.strip_prefix('\n') else {
        let message = if content.is_empty() {
            "the text block is empty; its text starts on a line of its own"
        } else {
            "the text of a text block starts on a line of its own"
        };
        return Err(StringError {
            at: 0..3,
            message: message.into(),
        });
    };
    let lines: Vec<&str> = content.split('\n').collect();
    let indentation = |line: &&str| line.bytes().take_while(|byte| *byte == b' ').count();
    let (last, others) = lines.split_last().expect("there is one line at least");
    // A last line of spaces counts, so that the closing quotes can set the indentation.
    let counting = others.iter().filter(|line| indentation(line) < line.len());
    let shared = counting.chain([last]).map(indentation).min().unwrap_or(0);
    let mut block = String::with_capacity(content.len());
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            block.push('\n');
        }
        let line = line.trim_end_matches(' ');
        block.push_str(line.get(shared..).unwrap_or_default());
    }
    Ok(block)
}

/// A line of a documentation comment without its slashes, the space after them and its line break.
pub(super) fn doc_line(token: &str) -> &str {
    let line = token.strip_prefix("///").unwrap_or(token);
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

/// A text whose lines all end with `\n`.
fn normalize(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Replaces escapes. `start` is the offset of the content in its string.
fn unescape(content: &str, start: usize) -> Result<Cow<'_, str>, StringError> {
    let is_special =
        |character: char| character == '\\' || character == '\r' || is_forbidden(character);
    if !content.contains(is_special) {
        return Ok(Cow::Borrowed(content));
    }
    let error = |at: std::ops::Range<usize>, message: String| StringError {
        at: start + at.start..start + at.end,
        message,
    };
    let mut value = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find(is_special) {
        let offset = content.len() - rest.len() + at;
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\r') {
            value.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let Some(after) = rest.strip_prefix('\\') else {
            let character = rest.chars().next().unwrap_or_default();
            let message = format!("a string cannot contain the character {character:?}");
            let end = offset + character.len_utf8();
            return Err(error(offset..end, message));
        };
        let escaped = after.chars().next();
        rest = &after[escaped.map_or(0, char::len_utf8)..];
        match escaped {
            Some(same @ ('"' | '\\' | '/')) => value.push(same),
            Some('b') => value.push('\u{8}'),
            Some('f') => value.push('\u{c}'),
            Some('n') => value.push('\n'),
            Some('r') => value.push('\r'),
            Some('t') => value.push('\t'),
            Some('\n') => {}
            Some('\r') => rest = rest.strip_prefix('\n').unwrap_or(rest),
            Some('u') => {
                let (character, after) = unicode(rest)
                    .map_err(|message| error(offset..offset + 2, message.to_owned()))?;
                value.push(character);
                rest = after;
            }
            Some(other) => {
                let message = format!("`\\{}` is not an escape", other.escape_debug());
                let end = offset + 1 + other.len_utf8();
                return Err(error(offset..end, message));
            }
            None => {
                let message = "a backslash at the end of a string escapes nothing".to_owned();
                return Err(error(offset..offset + 1, message));
            }
        }
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

/// Whether a string must escape a character.
fn is_forbidden(character: char) -> bool {
    character < ' ' && !matches!(character, '\t' | '\n' | '\r')
}

/// The character of an escape after `\u`, and the text after it. Two escapes of a surrogate pair
/// are one character.
fn unicode(text: &str) -> Result<(char, &str), &'static str> {
    let (first, rest) = hex(text)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, rest));
    }
    let lone = "the escape is half of a surrogate pair; the other half is missing";
    let second = rest.strip_prefix("\\u").ok_or(lone)?;
    let (second, rest) = hex(second)?;
    if !(0xd800..0xdc00).contains(&first) || !(0xdc00..0xe000).contains(&second) {
        return Err(lone);
    }
    let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    Ok((char::from_u32(code).ok_or(lone)?, rest))
}

fn hex(text: &str) -> Result<(u32, &str), &'static str> {
    let digits = text
        .get(..4)
        .filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()));
    let digits = digits.ok_or("`\\u` needs four hexadecimal digits")?;
    let code = u32::from_str_radix(digits, 16);
    Ok((
        code.expect("four hexadecimal digits are a number"),
        &text[4..],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_replaced() {
        let value = |text| string(text).map(Cow::into_owned);
        assert_eq!(
            value(r#""a\"\\\/\b\f\n\r\tz""#).unwrap(),
            "a\"\\/\u{8}\u{c}\n\r\tz"
        );
        assert_eq!(value(r#""\u00e9\uD83D\uDE00""#).unwrap(), "é\u{1f600}");
        assert_eq!(value("\"a\\\r\nb\r\nc\"").unwrap(), "ab\nc");
        assert_eq!(value("\"plain\ttext\"").unwrap(), "plain\ttext");
    }

    #[test]
    fn broken_escapes_are_located() {
        let at = |text| string(text).unwrap_err().at;
        assert_eq!(at(r#""ab\ c""#), 3..5);
        assert_eq!(at(r#""\u12""#), 1..3);
        assert_eq!(at(r#""\uD83D.""#), 1..3);
        assert_eq!(at("\"a\u{1}\""), 2..3);
    }

    #[test]
    fn text_blocks_lose_their_indentation() {
        let value = |text| text_block(text).unwrap();
        assert_eq!(value("\"\"\"\n  a\n    b  \n\n  c\"\"\""), "a\n  b\n\nc");
        assert_eq!(value("\"\"\"\r\n    a\r\n  \"\"\""), "  a\n");
        assert_eq!(value("\"\"\"\n  a \\\n  b\"\"\""), "a b");
        assert_eq!(value("\"\"\"\n   \"\"\""), "");
        assert!(text_block("\"\"\"\"\"\"").is_err());
        assert!(text_block("\"\"\"a\"\"\"").is_err());
        assert_eq!(text_block("\"\"\"\n  a\\q\"\"\"").unwrap_err().at, 7..9);
    }

    #[test]
    fn documentation_lines_lose_one_space() {
        assert_eq!(doc_line("///  a\r\n"), " a");
        assert_eq!(doc_line("///a"), "a");
        assert_eq!(doc_line("///\n"), "");
    }
}
