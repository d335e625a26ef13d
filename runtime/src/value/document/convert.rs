//! Documents from and to other values.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{Document, DocumentMap, DocumentNumber};
use crate::value::number::{BigDecimal, BigInteger};

/// One `From` per type whose value a variant holds.
macro_rules! from {
    ($($source:ty: $variant:ident;)*) => {
        $(impl From<$source> for Document {
            fn from(value: $source) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

from! {
    bool: Bool;
    i8: Number;
    i16: Number;
    i32: Number;
    i64: Number;
    i128: Number;
    isize: Number;
    u8: Number;
    u16: Number;
    u32: Number;
    u64: Number;
    u128: Number;
    usize: Number;
    BigInteger: Number;
    BigDecimal: Number;
    DocumentNumber: Number;
    &str: String;
    String: String;
    Cow<'_, str>: String;
    DocumentMap: Map;
}

impl From<()> for Document {
    fn from((): ()) -> Self {
        Self::Null
    }
}

/// Null if the number is infinite or none.
impl From<f64> for Document {
    fn from(value: f64) -> Self {
        DocumentNumber::from_f64(value).map_or(Self::Null, Self::Number)
    }
}

/// Null if the number is infinite or none.
impl From<f32> for Document {
    fn from(value: f32) -> Self {
        f64::from(value).into()
    }
}

impl<T: Into<Document>> From<Option<T>> for Document {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Document>> From<Vec<T>> for Document {
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T: Into<Document> + Clone> From<&[T]> for Document {
    fn from(elements: &[T]) -> Self {
        elements.iter().cloned().collect()
    }
}

impl<T: Into<Document>, const N: usize> From<[T; N]> for Document {
    fn from(elements: [T; N]) -> Self {
        elements.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<Document>, const N: usize> From<[(K, V); N]> for Document {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<Document>> From<BTreeMap<K, V>> for Document {
    fn from(entries: BTreeMap<K, V>) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<Document>, S> From<HashMap<K, V, S>> for Document {
    fn from(entries: HashMap<K, V, S>) -> Self {
        entries.into_iter().collect()
    }
}

/// A list.
impl<T: Into<Document>> FromIterator<T> for Document {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self::List(elements.into_iter().map(Into::into).collect())
    }
}

/// A map.
impl<K: Into<String>, V: Into<Document>> FromIterator<(K, V)> for Document {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::Map(entries.into_iter().collect())
    }
}

/// One comparison per type that a document is made of.
macro_rules! equals {
    ($($other:ty: $document:ident, $value:ident => $equal:expr;)*) => {
        $(impl PartialEq<$other> for Document {
            fn eq(&self, $value: &$other) -> bool {
                let $document = self;
                $equal
            }
        })*
    };
}

equals! {
    bool: document, value => document.as_bool() == Some(*value);
    i32: document, value => document.as_i64() == Some((*value).into());
    i64: document, value => document.as_i64() == Some(*value);
    u64: document, value => document.as_u64() == Some(*value);
    f64: document, value => document.as_f64() == Some(*value);
    str: document, value => document.as_str() == Some(value);
    &str: document, value => document.as_str() == Some(value);
    String: document, value => document.as_str() == Some(value);
}

impl From<Value> for Document {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(DocumentNumber::of_json(&number.to_string())),
            Value::String(text) => Self::String(text),
            Value::Array(elements) => elements.into(),
            Value::Object(entries) => entries.into_iter().collect(),
        }
    }
}

/// A number that `serde_json` does not hold exactly is the nearest double, and text if it is beyond
/// the greatest.
impl From<Document> for Value {
    fn from(document: Document) -> Self {
        match document {
            Document::Null => Self::Null,
            Document::Bool(value) => Self::Bool(value),
            Document::Number(number) => {
                let digits = number.to_string();
                match digits.parse() {
                    Ok(number) => Self::Number(number),
                    Err(_) => Self::String(digits),
                }
            }
            Document::String(text) => Self::String(text),
            Document::List(elements) => elements.into_iter().map(Self::from).collect(),
            Document::Map(map) => {
                let entries = map.into_iter();
                Self::Object(entries.map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_made_of_the_values_of_rust() {
        let check = |document: Document, json: &str| assert_eq!(document.to_string(), json);
        check(().into(), "null");
        check(None::<bool>.into(), "null");
        check(Some(true).into(), "true");
        check(u64::MAX.into(), "18446744073709551615");
        check(0.5_f32.into(), "0.5");
        check(f64::NAN.into(), "null");
        check("é\n\u{1}".into(), r#""é\n\u0001""#);
        check(vec![1_u8, 2].into(), "[1,2]");
        check((&["a", "b"][..]).into(), r#"["a","b"]"#);
        check([("b", 1), ("a", 2)].into(), r#"{"b":1,"a":2}"#);
        check(
            BTreeMap::from([("b", 1), ("a", 2)]).into(),
            r#"{"a":2,"b":1}"#,
        );
        check(
            HashMap::from([("a", [None::<i32>])]).into(),
            r#"{"a":[null]}"#,
        );
        check(["x", "y"].into_iter().collect(), r#"["x","y"]"#);
        check(BigDecimal::from(3).into(), "3");
    }

    #[test]
    fn documents_are_compared_with_the_values_of_rust() {
        let document = Document::from(json!({"a": "x", "b": 2, "c": 2.5, "d": true}));
        assert_eq!(document["a"], "x");
        assert_eq!(document["b"], 2);
        assert_eq!(document["c"], 2.5);
        assert_eq!(document["d"], true);
        assert_ne!(document["a"], 2);
        assert_ne!(document["b"], "2");
    }

    #[test]
    fn what_serde_json_does_not_hold_is_the_nearest_or_text() {
        let document: Document = "[0.10000000000000000000001,1e400]".parse().expect("JSON");
        assert_eq!(Value::from(document), json!([0.1, "1e400"]));
    }
}
