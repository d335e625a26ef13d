//! Paths and queries (Smithy 2.0, "httpLabel trait", "httpQuery trait"; RFC 3986).

/// Appends `text` with everything encoded but unreserved characters (RFC 3986 section 2.3), and but what `kept` names.
pub(crate) fn push_encoded(out: &mut String, text: &str, kept: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let stays = |byte: u8| UNRESERVED[usize::from(byte)] || kept.contains(&byte);
    let mut rest = text;
    // What stays is ASCII, so that a byte which does not begins or ends a character, and most texts are copied at once.
    while let Some(at) = rest.bytes().position(|byte| !stays(byte)) {
        let (plain, encoded) = rest.split_at(at);
        out.push_str(plain);
        let length = encoded.chars().next().map_or(0, char::len_utf8);
        let (encoded, after) = encoded.split_at(length);
        for byte in encoded.bytes() {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
        rest = after;
    }
    out.push_str(rest);
}

/// By the byte: whether it is an unreserved character (RFC 3986 section 2.3).
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

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
