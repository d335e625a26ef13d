//! Compares messages with cases.

mod body;
mod cbor;
mod xml;

use std::fmt::Write as _;

pub(crate) use self::body::{body, bytes};

use drawplate_runtime::Document;
use http::HeaderMap;

use crate::case::Presence;

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The part of the message: `status`, `header content-type`.
    pub(crate) what: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
}

impl Difference {
    pub(crate) fn new(
        what: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            expected: expected.into(),
            actual: actual.into(),
        }
    }

    /// A case that could not be completed.
    pub(crate) fn failed(why: impl Into<String>) -> Self {
        Self::new("the case", "it can be run", why)
    }
}

/// Compares two values that are printed as they are.
pub(crate) fn same<T: PartialEq + ToString + Copy>(
    what: &str,
    expected: T,
    actual: T,
    differences: &mut Vec<Difference>,
) {
    if expected != actual {
        differences.push(Difference::new(
            what,
            expected.to_string(),
            actual.to_string(),
        ));
    }
}

/// Compares two trees.
pub(crate) fn trees(
    what: &str,
    expected: &Document,
    actual: &Document,
    differences: &mut Vec<Difference>,
) {
    if expected != actual {
        differences.push(Difference::new(
            what,
            format!("{expected:#?}"),
            format!("{actual:#?}"),
        ));
    }
}

const ABSENT: &str = "(not there)";

/// Compares headers with their values, and checks required and forbidden ones.
pub(crate) fn headers(
    expected: &[(&str, &str)],
    presence: Presence,
    actual: &HeaderMap,
    differences: &mut Vec<Difference>,
) {
    for (name, value) in expected {
        let found = header(actual, name);
        if found.as_deref() != Some(*value) {
            let found = found.unwrap_or_else(|| ABSENT.to_owned());
            differences.push(Difference::new(format!("header {name}"), *value, found));
        }
    }
    for name in presence.required {
        if !actual.contains_key(*name) {
            differences.push(Difference::new(
                format!("header {name}"),
                "(any value)",
                ABSENT,
            ));
        }
    }
    for name in presence.forbidden {
        if let Some(found) = header(actual, name) {
            differences.push(Difference::new(format!("header {name}"), ABSENT, found));
        }
    }
}

/// Compares headers with their values.
pub(crate) fn headers_of(
    expected: &[(String, String)],
    actual: &HeaderMap,
    differences: &mut Vec<Difference>,
) {
    headers(&borrowed(expected), Presence::ANY, actual, differences);
}

/// The pairs with borrowed texts, as in statics.
pub(crate) fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// The value of a header; several lines are joined (RFC 9110 section 5.3).
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(name).into_iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let values = values.collect::<Vec<_>>();
    (!values.is_empty()).then(|| values.join(", "))
}

/// A part of a query with the characters encoded that no query has (RFC 3986 section 3.4), as in
/// some suites.
pub(crate) fn encoded(pair: &str) -> String {
    let mut encoded = String::with_capacity(pair.len());
    for c in pair.chars() {
        if c.is_ascii_graphic() && !"\"#<>[\\]^`{|}".contains(c) {
            encoded.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(encoded, "%{byte:02X}").expect("writing to a string does not fail");
            }
        }
    }
    encoded
}

/// Checks required parameters of a query, with or without values, and forbidden ones.
pub(crate) fn query(
    expected: &[&str],
    required: &[&str],
    forbidden: &[&str],
    actual: Option<&str>,
    differences: &mut Vec<Difference>,
) {
    let actual = actual.unwrap_or_default();
    let mut pairs = actual
        .split('&')
        .filter(|pair| !pair.is_empty())
        .collect::<Vec<_>>();
    let names = pairs
        .iter()
        .map(|pair| pair.split_once('=').map_or(*pair, |(name, _)| name))
        .collect::<Vec<_>>();
    for pair in expected {
        let pair = &*encoded(pair);
        // `name` and `name=` are the same parameter without a value.
        let bare = |pair: &str| pair.strip_suffix('=').unwrap_or(pair).to_owned();
        match pairs.iter().position(|found| bare(found) == bare(pair)) {
            // Each must occur as often as it is expected.
            Some(index) => drop(pairs.remove(index)),
            None => differences.push(Difference::new(format!("query {pair}"), pair, actual)),
        }
    }
    for name in required {
        if !names.contains(name) {
            differences.push(Difference::new(
                format!("query {name}"),
                "(any value)",
                actual,
            ));
        }
    }
    for name in forbidden {
        if names.contains(name) {
            differences.push(Difference::new(format!("query {name}"), ABSENT, actual));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(expected: &[&str], required: &[&str], forbidden: &[&str], actual: &str) -> usize {
        let mut differences = Vec::new();
        query(
            expected,
            required,
            forbidden,
            Some(actual),
            &mut differences,
        );
        differences.len()
    }

    #[test]
    fn each_parameter_of_a_query_is_required() {
        assert_eq!(
            found(&["a=1", "a=2", "b"], &["a"], &["c"], "a=2&b=&a=1&d=4"),
            0
        );
        assert_eq!(found(&["a=1", "a=1"], &[], &[], "a=1"), 1);
        assert_eq!(found(&[], &["b"], &["a"], "a=1"), 2);
        assert_eq!(found(&["a=%20"], &[], &[], "a=+"), 1);
        assert_eq!(found(&["a=b c\u{e9}"], &[], &[], "a=b%20c%C3%A9"), 0);
    }

    #[test]
    fn headers_are_compared_by_value_and_presence() {
        let mut headers = HeaderMap::new();
        headers.append("a", "1".parse().expect("a value"));
        headers.append("a", "2".parse().expect("a value"));
        let check = |expected: &[(&str, &str)], presence: Presence, count: usize| {
            let mut differences = Vec::new();
            super::headers(expected, presence, &headers, &mut differences);
            assert_eq!(differences.len(), count, "{differences:?}");
        };
        let presence = |required, forbidden| Presence {
            forbidden,
            required,
        };
        check(&[("A", "1, 2")], Presence::ANY, 0);
        check(&[("a", "1"), ("b", "")], Presence::ANY, 2);
        check(&[], presence(&["A"], &["b"]), 0);
        check(&[], presence(&["b"], &["a"]), 2);
    }
}
