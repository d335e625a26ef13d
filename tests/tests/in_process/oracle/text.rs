//! Parses paths, queries and headers by RFC 3986 and RFC 9110.

use drawplate_model::model::Segment;

use crate::raw::Raw;

/// The segments of a path, decoded, without a slash at the end. `None` if an escape is
/// invalid.
pub(super) fn segments(path: &str) -> Option<Vec<Vec<u8>>> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Some(Vec::new());
    }
    path.split('/')
        .map(|segment| decode(segment, false))
        .collect()
}

/// Names and values of a query, decoded like a form. `None` if an escape is invalid or the text is
/// not UTF-8.
pub(super) fn query(query: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for pair in query.split('&') {
        if !pair.is_empty() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let text = |text| String::from_utf8(decode(text, true)?).ok();
            pairs.push((text(name)?, text(value)?));
        }
    }
    Some(pairs)
}

fn decode(text: &str, form: bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '%' => {
                let digits = rest.get(..2)?;
                if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return None;
                }
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &rest[2..];
            }
            '+' if form => bytes.push(b' '),
            c => bytes.extend(c.to_string().into_bytes()),
        }
    }
    Some(bytes)
}

/// Whether a path matches a pattern (Smithy 2.0, "Labels" and "Greedy labels").
pub(super) fn fits(pattern: &[Segment], path: &[Vec<u8>]) -> bool {
    split(pattern, path).is_some()
}

/// The number of segments that each segment of a pattern matches; greedy labels match as many as
/// possible.
pub(super) fn split(pattern: &[Segment], path: &[Vec<u8>]) -> Option<Vec<usize>> {
    let Some((segment, pattern)) = pattern.split_first() else {
        return path.is_empty().then(Vec::new);
    };
    let counts = match segment {
        Segment::Greedy(..) => (1..=path.len()).rev().collect(),
        _ => vec![1],
    };
    counts.into_iter().find_map(|count| {
        let (own, rest) = path.split_at_checked(count)?;
        let matches = match segment {
            Segment::Literal(text) => own[0] == text.as_bytes(),
            Segment::Label(..) => !own[0].is_empty(),
            // An empty segment at the end is followed by a slash, which is a part of the label.
            Segment::Greedy(..) => {
                pattern.is_empty() || own.iter().any(|segment| !segment.is_empty())
            }
        };
        let mut counts = split(pattern, rest).filter(|_| matches)?;
        counts.insert(0, count);
        Some(counts)
    })
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(value: &[u8]) -> String {
    let value = String::from_utf8_lossy(value);
    let essence = value.split(';').next().unwrap_or_default();
    essence.trim_ascii().to_ascii_lowercase()
}

/// Whether a media type without parameters is another one. XML has two (RFC 7303 section 9.2).
pub(super) fn is_media_type(essence: &str, needed: &str) -> bool {
    essence == needed.to_ascii_lowercase() || (essence, needed) == ("text/xml", "application/xml")
}

/// Whether the content type of a request names UTF-8 or a part of it, or no charset.
pub(super) fn is_utf_8(raw: &Raw) -> bool {
    let value = raw.first_header("content-type").unwrap_or_default();
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    let mut charsets = value.split(';').skip(1).filter_map(|parameter| {
        let (name, charset) = parameter.split_once('=').unwrap_or((parameter, ""));
        (name.trim() == "charset").then(|| charset.trim().to_owned())
    });
    charsets.all(|charset| {
        let charset = charset
            .strip_prefix('"')
            .and_then(|charset| charset.strip_suffix('"'))
            .unwrap_or(&charset);
        ["utf-8", "utf8", "us-ascii"].contains(&charset)
    })
}

/// Whether an `Accept` allows a type.
pub(super) fn accepts(value: &[u8], offered: &str) -> bool {
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    let ranges = value.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim_ascii);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|parameter| {
            parameter
                .strip_prefix("q=")
                .is_some_and(|weight| weight.chars().all(|c| "0.".contains(c)))
        });
        let kind = offered.split('/').next().unwrap_or_default();
        let names = ["*/*", &format!("{kind}/*"), offered];
        let name = if is_media_type(name, offered) {
            offered
        } else {
            name
        };
        let closeness = names.iter().position(|covering| *covering == name)?;
        Some((closeness, !refused))
    });
    // The closest range decides (RFC 9110 section 12.5.1).
    ranges.max().is_some_and(|(_, accepted)| accepted)
}
