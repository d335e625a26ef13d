//! Lists in headers (Smithy 2.0, "httpHeader trait"; RFC 9110 section 5.6).

use std::borrow::Cow;

use http::HeaderName;

use crate::schema::{Kind, Member, TimestampFormat};

/// Whether the transport writes a header: it delimits the message, manages the connection or names
/// the host (RFC 9110 sections 7.2, 7.6.1 and 8.6). What a member says is not sent.
pub(crate) fn is_of_transport(name: &HeaderName) -> bool {
    const NAMES: [&str; 9] = [
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    NAMES.contains(&name.as_str())
}

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

/// The elements of a list; `None` if the quotes do not match. Empty elements are ignored (RFC 9110
/// section 5.6.1.2): an empty string is two quotes.
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
                .map(trim)
                .filter(|part| !part.is_empty())
                .map(Cow::Borrowed)
                .collect(),
        ),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Each date contains a comma.
fn dates(text: &str) -> Vec<Cow<'_, str>> {
    let mut dates = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (first, after) = split_once(text);
        if trim(first).is_empty() {
            rest = after;
            continue;
        }
        let (second, after) = after.map_or(("", None), split_once);
        let length = match trim(second) {
            "" => first.len(),
            _ => first.len() + 1 + second.len(),
        };
        dates.push(Cow::Borrowed(trim(&text[..length])));
        rest = after;
    }
    dates
}

/// The text before the first comma, and the text after it.
fn split_once(text: &str) -> (&str, Option<&str>) {
    match text.split_once(',') {
        Some((first, rest)) => (first, Some(rest)),
        None => (text, None),
    }
}

fn strings(text: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut elements = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let text = text.trim_start_matches([' ', '\t']);
        if let Some(quoted) = text.strip_prefix('"') {
            let (element, after) = quoted_string(quoted)?;
            let (nothing, after) = split_once(after);
            trim(nothing).is_empty().then_some(())?;
            elements.push(Cow::Owned(element));
            rest = after;
        } else {
            let (element, after) = split_once(text);
            elements.extend(
                Some(trim(element))
                    .filter(|element| !element.is_empty())
                    .map(Cow::Borrowed),
            );
            rest = after;
        }
    }
    Some(elements)
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
    fn empty_elements_are_ignored() {
        let date = "Mon, 16 Dec 2019 23:48:18 GMT";
        for text in ["", " ", ",", " , ,\t", ",,,"] {
            for element in [&STRINGS, &INTEGERS, &DATES, &INSTANTS] {
                check(element, text, &[]);
            }
        }
        for text in ["a, b,", ",a,b", "a,,b", " , a ,\t, b, ,"] {
            check(&STRINGS, text, &["a", "b"]);
        }
        for text in ["1,,2", ",1, 2", "1, ,\t2,", "1,2, "] {
            check(&INTEGERS, text, &["1", "2"]);
        }
        check(&STRINGS, r#", "", "a,b" , ,"\"","#, &["", "a,b", "\""]);
        for text in [
            format!("{date},, {date}"),
            format!(", {date}, {date},"),
            format!(" ,{date} , ,{date}"),
        ] {
            check(&DATES, &text, &[date, date]);
        }
    }

    #[test]
    fn what_is_not_a_date_is_an_element() {
        check(&DATES, "Mon", &["Mon"]);
        check(&DATES, "Mon, ", &["Mon"]);
        check(&DATES, "Mon,, 16 Dec", &["Mon", "16 Dec"]);
        check(
            &DATES,
            "Mon, 16 Dec 2019 23:48:18 GMT, x",
            &["Mon, 16 Dec 2019 23:48:18 GMT", "x"],
        );
    }

    #[test]
    fn quotes_that_do_not_match_are_rejected() {
        for text in [r#""a"#, r#""a" b"#, r#""a\"#] {
            assert_eq!(split(&STRINGS, text), None, "{text}");
        }
    }
}
