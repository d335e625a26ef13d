//! Paths and queries (Smithy 2.0, "httpLabel trait", "httpQuery trait"; RFC 3986).

use percent_encoding::{AsciiSet, utf8_percent_encode};

use crate::codec::percent::RESERVED;

/// The same characters without the slash.
const RESERVED_IN_SEGMENTS: &AsciiSet = &RESERVED.remove(b'/');

/// What a literal of a path may not contain: everything except `pchar` (RFC 3986 section 3.3).
const NOT_IN_LITERAL: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');
/// What a literal of a query may not contain. A `+` may be read as a space.
const NOT_IN_QUERY_LITERAL: &AsciiSet =
    &NOT_IN_LITERAL.add(b'&').add(b'+').remove(b'/').remove(b'?');

/// Appends a literal of a route as one path segment.
pub(crate) fn push_literal(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, NOT_IN_LITERAL));
}

/// Appends a query literal of a route: `?name=value`, or `?name` without a value.
pub(crate) fn push_query_literal(out: &mut String, first: &mut bool, name: &str, value: &str) {
    const NOT_IN_NAME: &AsciiSet = &NOT_IN_QUERY_LITERAL.add(b'=');
    out.push(if std::mem::take(first) { '?' } else { '&' });
    out.extend(utf8_percent_encode(name, NOT_IN_NAME));
    if !value.is_empty() {
        out.push('=');
        out.extend(utf8_percent_encode(value, NOT_IN_QUERY_LITERAL));
    }
}

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

    #[test]
    fn literals_keep_what_a_uri_may_contain() {
        let mut out = String::new();
        push_literal(&mut out, "v1:a@b+c=d");
        push_literal(&mut out, " %/?é<");
        assert_eq!(out, "v1:a@b+c=d%20%25%2F%3F%C3%A9%3C");
        out.clear();
        let mut first = true;
        push_query_literal(&mut out, &mut first, "x-id", "Get:Object/1");
        push_query_literal(&mut out, &mut first, "a=b", "c=d&e+f");
        push_query_literal(&mut out, &mut first, "only name", "");
        assert_eq!(out, "?x-id=Get:Object/1&a%3Db=c=d%26e%2Bf&only%20name");
    }
}
