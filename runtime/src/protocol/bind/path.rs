//! Paths and queries (Smithy 2.0, "httpLabel trait", "httpQuery trait"; RFC 3986).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything except unreserved characters (RFC 3986 section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The same characters without the slash.
const RESERVED_IN_SEGMENTS: &AsciiSet = &RESERVED.remove(b'/');

/// Appends `text` as one path segment, or as a name or value in a query.
pub(crate) fn push_encoded(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// Appends `text` as path segments, which are separated by slashes.
pub(crate) fn push_segments(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED_IN_SEGMENTS));
}

/// Appends `name=value` to the query of a path.
pub(crate) fn push_pair(out: &mut String, first: &mut bool, name: &str, value: &str) {
    out.push(if std::mem::take(first) { '?' } else { '&' });
    push_encoded(out, name);
    out.push('=');
    push_encoded(out, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_unreserved_characters_is_encoded() {
        let mut out = String::new();
        push_encoded(&mut out, " %:/?#[]@!$&'()*+,;=\u{1f639}-._~aZ0");
        assert_eq!(
            out,
            "%20%25%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%F0%9F%98%B9-._~aZ0"
        );
        out.clear();
        push_segments(&mut out, "a/b c");
        assert_eq!(out, "a/b%20c");
    }
}
