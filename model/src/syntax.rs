//! The syntax of names, and of HTTP texts, in models.

/// Whether a text is an identifier (Smithy 2.0, "Shape ID ABNF").
pub(crate) fn is_identifier(text: &str) -> bool {
    let rest = text.trim_start_matches('_');
    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || rest.len() < text.len();
    rest.bytes().next().is_some_and(is_start) && rest.bytes().all(is_part)
}

/// Whether a text is a token (RFC 9110, section 5.6.2).
pub(crate) fn is_token(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(part)
}

/// Whether a text is a media type (RFC 9110, section 8.3.1): `type/subtype`, and parameters.
pub(crate) fn is_media_type(text: &str) -> bool {
    let (essence, mut rest) = match text.split_once(';') {
        Some((essence, rest)) => (essence, Some(rest)),
        None => (text, None),
    };
    let essence = essence.trim_end_matches([' ', '\t']).split_once('/');
    if !essence.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype)) {
        return false;
    }
    while let Some(parameters) = rest {
        let parameters = parameters.trim_start_matches([' ', '\t']);
        let Some((_, value)) = parameters
            .split_once('=')
            .filter(|(name, _)| is_token(name))
        else {
            return false;
        };
        let after = match value.strip_prefix('"') {
            Some(quoted) => after_quoted(quoted),
            None => {
                let end = value.find([';', ' ', '\t']).unwrap_or(value.len());
                is_token(&value[..end]).then_some(&value[end..])
            }
        };
        let Some(after) = after.map(|after| after.trim_start_matches([' ', '\t'])) else {
            return false;
        };
        rest = match after.strip_prefix(';') {
            Some(next) => Some(next),
            None if after.is_empty() => None,
            None => return false,
        };
    }
    true
}

/// The text after a quoted string (RFC 9110, section 5.6.4) whose first quote is read.
fn after_quoted(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (place, character) in text.char_indices() {
        match character {
            '\t' | ' '..='~' if escaped => escaped = false,
            '"' => return Some(&text[place + 1..]),
            '\\' => escaped = true,
            '\t' | ' '..='~' => {}
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_a_type_a_subtype_and_parameters() {
        for text in [
            "text/plain",
            "application/vnd.api+json",
            "*/*",
            "text/html; charset=utf-8",
            "text/html;charset=utf-8 ; q=1",
            "multipart/mixed; boundary=\"a;b \\\" c\"",
        ] {
            assert!(is_media_type(text), "{text}");
        }
        for text in [
            "",
            "video",
            "/",
            "text/",
            "/plain",
            "te xt/plain",
            "text/plain\n",
            "text/plain\r\nx: y",
            "text/plain;",
            "text/plain; charset",
            "text/plain; charset=",
            "text/plain; a=\"b",
            "text/plain; a=\"b\"c",
            "text/pläin",
            "text/plain x",
            "text/plain; a=\"\n\"",
        ] {
            assert!(!is_media_type(text), "{text:?}");
        }
    }
}
