//! Bodies, by their media type.

use serde_json::Value;

use super::{Difference, equal};

/// Compares the body of a message with that of a case: documents by what they say, anything else by
/// its bytes.
pub(crate) fn body(
    expected: &str,
    media_type: Option<&str>,
    actual: &[u8],
    differences: &mut Vec<Difference>,
) {
    let same = if media_type.is_some_and(is_json) && !expected.is_empty() {
        let expected = serde_json::from_str::<Value>(expected);
        let actual = serde_json::from_slice::<Value>(actual);
        expected
            .ok()
            .zip(actual.ok())
            .is_some_and(|(expected, actual)| equal(&expected, &actual))
    } else {
        expected.as_bytes() == actual
    };
    if !same {
        let what = match media_type {
            Some(media_type) => format!("body ({media_type})"),
            None => "body".to_owned(),
        };
        let actual = String::from_utf8_lossy(actual);
        differences.push(Difference::new(
            what,
            shown(expected, media_type),
            shown(&actual, media_type),
        ));
    }
}

/// `application/json`, and what ends in `+json` or is a JSON of AWS.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let subtype = essence.split('/').nth(1).unwrap_or_default();
    subtype == "json" || subtype.ends_with("+json") || subtype.starts_with("x-amz-json-")
}

/// A document line by line, so that lines can be compared.
fn shown(text: &str, media_type: Option<&str>) -> String {
    let document = media_type
        .filter(|media_type| is_json(media_type))
        .and_then(|_| serde_json::from_str::<Value>(text).ok());
    document.map_or_else(|| text.to_owned(), |document| format!("{document:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str, media_type: Option<&str>, actual: &str, same: bool) {
        let mut differences = Vec::new();
        body(expected, media_type, actual.as_bytes(), &mut differences);
        assert_eq!(differences.is_empty(), same, "{expected} {actual}");
    }

    #[test]
    fn documents_are_compared_by_what_they_say() {
        let (a, b) = (r#"{"a": 1, "b": []}"#, r#"{"b":[],"a":1.0}"#);
        for media_type in [
            "application/json",
            "application/x-amz-json-1.1",
            "application/problem+json; charset=utf-8",
        ] {
            check(a, Some(media_type), b, true);
        }
        check(a, None, b, false);
        check(a, Some("text/plain"), b, false);
        check(a, Some("application/json"), "{", false);
        check("", Some("application/json"), "{}", false);
        check("", Some("application/json"), "", true);
        check("text", None, "text", true);
    }
}
