//! Paths and queries (Smithy 2.0, "httpLabel trait", "httpQuery trait"; RFC 3986).

/// Appends `text` with everything encoded but unreserved characters (RFC 3986 section 2.3), and but what `kept` names.
pub(crate) fn push_encoded(out: &mut String, text: &str, kept: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Appends `name=value` to a query that stands in `out` behind a path.
pub(crate) fn push_pair(out: &mut String, first: &mut bool, name: &str, value: &str) {
    out.push(if std::mem::take(first) { '?' } else { '&' });
    push_encoded(out, name, b"");
    out.push('=');
    push_encoded(out, value, b"");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_unreserved_characters_is_encoded() {
        let mut out = String::new();
        push_encoded(&mut out, " %:/?#[]@!$&'()*+,;=\u{1f639}-._~aZ0", b"");
        assert_eq!(
            out,
            "%20%25%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%F0%9F%98%B9-._~aZ0"
        );
        out.clear();
        push_encoded(&mut out, "a/b c", b"/");
        assert_eq!(out, "a/b%20c");
    }
}
