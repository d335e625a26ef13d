//! Open content (Smithy 2.0, "document").

mod convert;
mod json;
mod map;
mod number;
mod serde;

use std::fmt;
use std::ops::Index;

#[cfg(feature = "alloy")]
pub(crate) use self::json::check_depth;
pub(crate) use self::json::{Stop, read, syntax, syntax_after};
pub use self::map::{DocumentMap, Entries};
pub use self::number::DocumentNumber;
pub(crate) use self::serde::NUMBER_KEY;

/// Open content: any JSON value.
///
/// Numbers keep the digits and maps the order that they have in JSON text, which a document prints
/// and is parsed from:
///
/// ```
/// use drawplate_runtime::Document;
///
/// let document: Document = r#"{"b":[1.50,true],"a":12345678901234567890}"#.parse().unwrap();
/// assert_eq!(document.to_string(), r#"{"b":[1.50,true],"a":12345678901234567890}"#);
/// assert_eq!(document["b"][0].as_f64(), Some(1.5));
/// assert_eq!(document["c"]["d"], Document::Null);
/// ```
///
/// A document is made of Rust's values by `From` and `collect`, and of the values of `serde_json`,
/// among them those of its macro `json!`:
///
/// ```
/// use drawplate_runtime::Document;
///
/// let song = Document::from([
///     ("title", Document::from("Ode")),
///     ("tags", ["slow", "loud"].into()),
/// ]);
/// assert_eq!(song, Document::from(serde_json::json!({"tags": ["slow", "loud"], "title": "Ode"})));
/// ```
///
/// Documents are equal if they are as JSON values: the order of a map is not compared, nor how a
/// number is written. Protocols whose documents have other values may add variants.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Document {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A number of any size and precision.
    Number(DocumentNumber),
    /// Text.
    String(String),
    /// A list of documents.
    List(Vec<Document>),
    /// Documents by their keys.
    Map(DocumentMap),
}

/// The value at an index that does not exist.
static NULL: Document = Document::Null;

impl Document {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<&DocumentNumber> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if it is an integer of 64 bits. See [`DocumentNumber::as_i64`].
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number, if it is an unsigned integer of 64 bits. See [`DocumentNumber::as_u64`].
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The nearest double, if it is a number. See [`DocumentNumber::as_f64`].
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_list(&self) -> Option<&Vec<Self>> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map(&self) -> Option<&DocumentMap> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries, if it is a map.
    pub fn as_map_mut(&mut self) -> Option<&mut DocumentMap> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value of a key, if it is a map that has the key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value that a JSON pointer (RFC 6901) refers to.
    ///
    /// ```
    /// # use drawplate_runtime::Document;
    /// let document = Document::from([("a/b", ["c"])]);
    /// assert_eq!(document.pointer("/a~1b/0"), Some(&"c".into()));
    /// ```
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        let mut segments = pointer.split('/');
        if segments.next() != Some("") {
            return None;
        }
        segments.try_fold(self, |document, segment| match document {
            Self::Map(map) => map.get(&segment.replace("~1", "/").replace("~0", "~")),
            Self::List(elements) => {
                let is_index = segment == "0" || !segment.starts_with(['0', '+']);
                elements.get(is_index.then(|| segment.parse::<usize>().ok())??)
            }
            _ => None,
        })
    }

    /// The document, leaving null in its place.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// A text that is the same for equal documents, and only for them.
    #[cfg(feature = "server")]
    pub(crate) fn fingerprint(&self) -> String {
        let text = |text: &str| Self::from(text).to_string();
        match self {
            Self::Null | Self::Bool(_) | Self::String(_) => self.to_string(),
            Self::Number(number) => number.fingerprint(),
            Self::List(elements) => {
                let elements: Vec<_> = elements.iter().map(Self::fingerprint).collect();
                format!("[{}]", elements.join(","))
            }
            Self::Map(map) => {
                let entries = map.sorted().into_iter();
                let entries: Vec<_> = entries
                    .map(|(key, value)| format!("{}:{}", text(key), value.fingerprint()))
                    .collect();
                format!("{{{}}}", entries.join(","))
            }
        }
    }
}

/// The value of a key; null if there is none.
impl Index<&str> for Document {
    type Output = Document;

    fn index(&self, key: &str) -> &Document {
        self.get(key).unwrap_or(&NULL)
    }
}

/// The element at an index; null if there is none.
impl Index<usize> for Document {
    type Output = Document;

    fn index(&self, index: usize) -> &Document {
        let element = self.as_list().and_then(|elements| elements.get(index));
        element.unwrap_or(&NULL)
    }
}

/// Prints the document as [`Display`](fmt::Display) does; `{:#?}` on several lines.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(elements) if f.alternate() => f.debug_list().entries(elements).finish(),
            Self::Map(map) if f.alternate() => fmt::Debug::fmt(map, f),
            _ => fmt::Display::fmt(self, f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn parsed(json: &str) -> Document {
        json.parse().expect("JSON")
    }

    #[test]
    fn values_are_found() {
        let document = parsed(r#"{"a":[true,{"b":"c","~/":-1}],"n":2.0}"#);
        assert_eq!(document["a"][0].as_bool(), Some(true));
        assert_eq!(document["a"][1]["b"].as_str(), Some("c"));
        assert_eq!(document["n"].as_i64(), Some(2));
        assert!(document["a"][2].is_null() && document["x"][0]["y"].is_null());
        for (pointer, expected) in [
            ("", Some(&document)),
            ("/a/0", Some(&document["a"][0])),
            ("/a/1/~0~1", Some(&document["a"][1]["~/"])),
            ("/a/01", None),
            ("/a/+1", None),
            ("/a/2", None),
            ("/n/0", None),
            ("a", None),
        ] {
            assert_eq!(document.pointer(pointer), expected, "{pointer}");
        }
    }

    #[test]
    fn documents_are_equal_as_json_values() {
        let one = parsed(r#"{"a":1,"b":[1e2,{"x":null,"y":0}]}"#);
        let other = parsed(r#"{"b":[100.0,{"y":-0,"x":null}],"a":1}"#);
        assert_eq!(one, other);
        assert_ne!(one, parsed(r#"{"a":1,"b":[1e2,{"x":null,"z":0}]}"#));
        assert_ne!(parsed("[1,2]"), parsed("[2,1]"));
        assert_ne!(parsed("1"), parsed(r#""1""#));
    }

    #[test]
    fn equal_documents_have_the_same_hash() {
        let documents = [
            r#"{"a":1,"b":[1e2,{"x":null,"y":0}]}"#,
            r#"{"b":[100.0,{"y":-0,"x":null}],"a":1}"#,
        ];
        let set = documents.map(parsed).into_iter().collect::<HashSet<_>>();
        assert_eq!(set.len(), 1);
        assert!(!set.contains(&parsed("1")));
    }

    #[test]
    #[cfg(feature = "server")]
    fn equal_documents_have_the_same_fingerprint() {
        let same =
            |one: &str, other: &str| parsed(one).fingerprint() == parsed(other).fingerprint();
        assert!(same(r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#));
        for (one, other) in [
            ("[1,2]", "[2,1]"),
            (r#"{"a":1}"#, r#"{"a":2}"#),
            (r#""1""#, "1"),
            ("[[]]", "[]"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn debug_reads_like_json() {
        let document = parsed(r#"{"a":["b\"",1.50,null]}"#);
        assert_eq!(format!("{document:?}"), r#"{"a":["b\"",1.50,null]}"#);
        assert_eq!(
            format!("{document:#?}"),
            "{\n    \"a\": [\n        \"b\\\"\",\n        1.50,\n        null,\n    ],\n}"
        );
    }
}
