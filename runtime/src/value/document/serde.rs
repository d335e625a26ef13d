//! Documents in any format of serde.

use std::fmt;

use ::serde::de::{Error, MapAccess, SeqAccess, Visitor};
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Document, DocumentMap, DocumentNumber};

/// The key under which `serde_json` hands over numbers when a crate in the tree has turned on its
/// feature `arbitrary_precision`.
pub(crate) const NUMBER_KEY: &str = "$serde_json::private::Number";

/// A number beyond 64 bits is the nearest double, and text if it is beyond the greatest. JSON text
/// that keeps the digits is what a document [prints](fmt::Display).
impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::List(elements) => serializer.collect_seq(elements),
            Self::Map(map) => map.serialize(serializer),
        }
    }
}

impl Serialize for DocumentMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self)
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.to_string();
        match (digits.parse(), digits.parse(), self.as_f64()) {
            (Ok(integer), ..) if digits != "-0" => serializer.serialize_i64(integer),
            (_, Ok(integer), _) => serializer.serialize_u64(integer),
            (.., Some(value)) => serializer.serialize_f64(value),
            _ => serializer.serialize_str(&digits),
        }
    }
}

/// A number has the precision of the format: `serde_json` reads one beyond 64 bits as a double.
/// [Parse](std::str::FromStr) JSON text instead to keep its digits.
impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_unit<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Document, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Document, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element::<Document>()? {
            elements.push(element);
        }
        Ok(Document::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut entries = Vec::<(String, Document)>::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == NUMBER_KEY && entries.is_empty() {
                let digits = map.next_value::<String>()?;
                return digits
                    .parse()
                    .map(Document::Number)
                    .map_err(A::Error::custom);
            }
            entries.push((key, map.next_value()?));
        }
        Ok(entries.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_written_and_read_in_any_format() {
        let text = r#"{"b":[1,-2,18446744073709551615,1.5,"x",null,true],"a":{}}"#;
        let document: Document = text.parse().expect("JSON");
        assert_eq!(serde_json::to_string(&document).expect("JSON"), text);
        let read: Document = serde_json::from_str(text).expect("JSON");
        assert_eq!(read.to_string(), text);
        let mut cbor = Vec::new();
        ciborium::into_writer(&document, &mut cbor).expect("CBOR");
        let read: Document = ciborium::from_reader(&*cbor).expect("CBOR");
        assert_eq!(read.to_string(), text);
    }

    #[test]
    fn numbers_beyond_64_bits_are_doubles_or_text() {
        let document: Document = "[100000000000000000000,0.10,-0,1e400]"
            .parse()
            .expect("JSON");
        let written = serde_json::to_string(&document).expect("JSON");
        assert_eq!(written, r#"[1e+20,0.1,-0.0,"1e400"]"#);
        assert_eq!(
            serde_json::from_str::<Document>("100000000000000000000").expect("JSON"),
            document[0]
        );
    }

    #[test]
    fn numbers_are_read_as_serde_json_hands_them_over_with_arbitrary_precision() {
        let number = format!(r#"{{"{NUMBER_KEY}":"1.50"}}"#);
        let document: Document = serde_json::from_str(&number).expect("a number");
        assert_eq!(document.to_string(), "1.50");
    }
}
