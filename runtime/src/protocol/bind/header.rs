//! Lists in headers (Smithy 2.0, "httpHeader trait"; RFC 9110 section 5.6).

use std::borrow::Cow;

use crate::schema::{Kind, Member, TimestampFormat};

/// Adds an element to a list. Strings with separators are quoted.
pub(crate) fn push(list: &mut String, element: &Member, text: &str) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    let text_like = matches!(element.target.kind, Kind::String | Kind::Enum);
    let spaces = text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']);
    if !text_like || !(text.is_empty() || spaces || text.contains([',', '"'])) {
        list.push_str(text);
        return;
    }
    list.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            list.push('\\');
        }
        list.push(c);
    }
    list.push('"');
}

/// The elements of a list; `None` if the quotes do not match.
pub(crate) fn split<'t>(element: &Member, text: &'t str) -> Option<Vec<Cow<'t, str>>> {
    match element.target.kind {
        // HTTP dates contain a comma (RFC 9110 section 5.6.7).
        Kind::Timestamp
            if matches!(
                element.timestamp_format,
                None | Some(TimestampFormat::HttpDate)
            ) =>
        {
            Some(dates(text))
        }
        Kind::String | Kind::Enum => strings(text),
        _ => Some(
            text.split(',')
                .map(|part| Cow::Borrowed(trim(part)))
                .collect(),
        ),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Dates are separated by every second comma.
fn dates(text: &str) -> Vec<Cow<'_, str>> {
    let mut dates = Vec::new();
    let mut start = 0;
    for (count, (at, _)) in text.match_indices(',').enumerate() {
        if count % 2 == 1 {
            dates.push(Cow::Borrowed(trim(&text[start..at])));
            start = at + 1;
        }
    }
    dates.push(Cow::Borrowed(trim(&text[start..])));
    dates
}

fn strings(text: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut elements = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if let Some(quoted) = rest.strip_prefix('"') {
            let (element, after) = quoted_string(quoted)?;
            elements.push(Cow::Owned(element));
            rest = after.trim_start_matches([' ', '\t']);
            if rest.is_empty() {
                return Some(elements);
            }
            rest = rest.strip_prefix(',')?;
        } else {
            let (element, after) = match rest.split_once(',') {
                Some((element, after)) => (element, Some(after)),
                None => (rest, None),
            };
            elements.push(Cow::Borrowed(trim(element)));
            match after {
                Some(after) => rest = after,
                None => return Some(elements),
            }
        }
    }
}

/// The string after an opening quote, and the text after the closing one.
fn quoted_string(text: &str) -> Option<(String, &str)> {
    let mut string = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((string, &text[at + 1..])),
            '\\' => string.push(chars.next()?.1),
            c => string.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    static STRINGS: Member = Member::new("member", &schema::STRING);
    static INTEGERS: Member = Member::new("member", &schema::INTEGER);
    static DATES: Member = Member::new("member", &schema::TIMESTAMP);
    static INSTANTS: Member =
        Member::new("member", &schema::TIMESTAMP).timestamp_format(TimestampFormat::DateTime);

    fn check(element: &Member, text: &str, elements: &[&str]) {
        let split = split(element, text).expect("the quotes match");
        assert_eq!(split, elements, "{text}");
    }

    #[test]
    fn strings_are_quoted_where_they_must_be() {
        let mut list = String::new();
        for element in ["b,c", "\"def\"", "a", "", " x", "back\\slash", "c,\\"] {
            push(&mut list, &STRINGS, element);
        }
        assert_eq!(list, r#""b,c", "\"def\"", a, "", " x", back\slash, "c,\\""#);
        check(
            &STRINGS,
            &list,
            &["b,c", "\"def\"", "a", "", " x", "back\\slash", "c,\\"],
        );
    }

    #[test]
    fn other_lists_are_split_at_commas() {
        check(&STRINGS, "a,b,  c ", &["a", "b", "c"]);
        check(&INTEGERS, "1,2, 3", &["1", "2", "3"]);
        check(
            &INSTANTS,
            "2019-12-16T23:48:18Z, 2019-12-16T23:48:18Z",
            &["2019-12-16T23:48:18Z"; 2],
        );
    }

    #[test]
    fn dates_keep_their_comma() {
        let date = "Mon, 16 Dec 2019 23:48:18 GMT";
        check(&DATES, date, &[date]);
        check(
            &DATES,
            &format!("{date}, {date},{date}"),
            &[date, date, date],
        );
    }

    #[test]
    fn quotes_that_do_not_match_are_rejected() {
        for text in [r#""a"#, r#""a" b"#, r#""a\"#] {
            assert_eq!(split(&STRINGS, text), None, "{text}");
        }
    }
}
