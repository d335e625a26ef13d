//! Names of elements and attributes (XML 1.0 section 2.3; Namespaces in XML 1.0 section 4).

/// Whether a text is a name.
pub(super) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(starts_name) && characters.all(continues_name)
}

/// The length of the prefix of a qualified name, with the colon; `None` if the text is no such
/// name.
#[inline]
pub(super) fn is_qualified_name(text: &str) -> Option<usize> {
    if is_plain(text) {
        return Some(0);
    }
    qualified_name(text)
}

/// Whether a text is a name of ASCII letters, digits and the usual separators.
#[inline]
fn is_plain(text: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    match text.as_bytes() {
        [first, rest @ ..] => {
            (first.is_ascii_alphabetic() || *first == b'_') && rest.iter().all(plain)
        }
        [] => false,
    }
}

#[cold]
fn qualified_name(text: &str) -> Option<usize> {
    let (prefix, local) = match text.split_once(':') {
        Some((prefix, local)) if is_name(prefix) => (prefix.len() + 1, local),
        Some(_) => return None,
        None => (0, text),
    };
    (is_name(local) && !local.contains(':')).then_some(prefix)
}

fn starts_name(character: char) -> bool {
    matches!(
        character,
        ':' | '_'
            | 'A'..='Z'
            | 'a'..='z'
            | '\u{c0}'..='\u{d6}'
            | '\u{d8}'..='\u{f6}'
            | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}'
            | '\u{37f}'..='\u{1fff}'
            | '\u{200c}'..='\u{200d}'
            | '\u{2070}'..='\u{218f}'
            | '\u{2c00}'..='\u{2fef}'
            | '\u{3001}'..='\u{d7ff}'
            | '\u{f900}'..='\u{fdcf}'
            | '\u{fdf0}'..='\u{fffd}'
            | '\u{10000}'..='\u{effff}'
    )
}

fn continues_name(character: char) -> bool {
    starts_name(character)
        || matches!(
            character,
            '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}'
        )
}

#[cfg(test)]
mod tests {
    use super::is_qualified_name;

    #[test]
    fn names_have_one_prefix_at_most() {
        for (text, expected) in [
            ("a", Some(0)),
            ("_a-b.c1", Some(0)),
            ("é", Some(0)),
            ("x:a", Some(2)),
            ("x:é", Some(2)),
            ("", None),
            ("1a", None),
            ("-a", None),
            (":a", None),
            ("a:", None),
            ("a:1", None),
            ("a:b:c", None),
            ("a b", None),
            ("a×", None),
        ] {
            assert_eq!(is_qualified_name(text), expected, "{text}");
        }
    }
}
