//! JSON as nodes that borrow from the text. Order and repetitions of keys are kept, and so are the
//! digits of numbers.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::node::{Node, Number, Object, Text, Value};

/// Reads the JSON of a whole file.
///
/// `serde_json` hands out numbers as integers and doubles, so their texts are found beforehand.
pub(crate) fn read(text: &str) -> serde_json::Result<Node<'_>> {
    let numbers = numbers(text);
    match without_huge_numbers(text, &numbers) {
        None => parse(text, text, &numbers),
        Some(parsable) => parse(&parsable, text, &numbers).map(|node| node.to_static()),
    }
}

/// Parses a text. The numbers are those of `original`, at the same places.
fn parse<'p>(
    parsable: &'p str,
    original: &str,
    numbers: &[Range<usize>],
) -> serde_json::Result<Node<'p>> {
    let mut numbers = numbers.iter().map(|range| &original[range.clone()]);
    let mut deserializer = serde_json::Deserializer::from_str(parsable);
    let node = NodeSeed(&mut numbers).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(node)
}

/// Where a JSON text has numbers, in order. What it finds in other texts does not matter, because
/// they do not parse.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_start = |byte: u8| matches!(byte, b'"' | b'-' | b'0'..=b'9');
    let mut found = Vec::new();
    let mut place = 0;
    while let Some(start) = find(bytes, place, is_start) {
        if bytes[start] == b'"' {
            place = string_end(bytes, start + 1);
        } else {
            let end = find(bytes, start, |byte| !is_part_of_number(byte));
            place = end.unwrap_or(bytes.len());
            found.push(start..place);
        }
    }
    found
}

/// The place after a string of which the first quote is read.
fn string_end(bytes: &[u8], mut place: usize) -> usize {
    while let Some(at) = find(bytes, place, |byte| matches!(byte, b'"' | b'\\')) {
        if bytes[at] == b'"' {
            return at + 1;
        }
        // A backslash takes the next byte with it.
        place = at + 2;
    }
    bytes.len()
}

/// The place of the first such byte at or after a place.
fn find(bytes: &[u8], from: usize, is_found: impl Fn(u8) -> bool) -> Option<usize> {
    let mut rest = bytes.get(from..)?.iter();
    let at = rest.position(|byte| is_found(*byte))?;
    Some(from + at)
}

/// Whether a number has such a byte.
fn is_part_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || b"+-.eE".contains(&byte)
}

/// The text with zeros instead of numbers beyond the largest double, which `serde_json` rejects;
/// `None` if there are none. All bytes keep their places.
fn without_huge_numbers(text: &str, numbers: &[Range<usize>]) -> Option<String> {
    let is_huge = |range: &&Range<usize>| {
        let number = &text[(*range).clone()];
        // Shorter ones cannot be this large.
        number.len() > 4 && Number::parse(number).is_some_and(|it| it.to_f64().is_infinite())
    };
    let mut huge = numbers.iter().filter(is_huge).peekable();
    huge.peek()?;
    let mut parsable = String::with_capacity(text.len());
    for range in huge {
        parsable.push_str(&text[parsable.len()..range.start]);
        parsable.push('0');
        parsable.extend(std::iter::repeat_n(' ', range.len() - 1));
    }
    parsable.push_str(&text[parsable.len()..]);
    Some(parsable)
}

/// Reads one value, with the texts of the numbers that follow.
struct NodeSeed<'n, N>(&'n mut N);

impl<'de, 't, N: Iterator<Item = &'t str>> DeserializeSeed<'de> for NodeSeed<'_, N> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t, N: Iterator<Item = &'t str>> NodeSeed<'_, N> {
    fn number<'a, E: Error>(self) -> Result<Node<'a>, E> {
        let number = self.0.next().and_then(Number::parse);
        let number = number.ok_or_else(|| E::custom("a number is not found in the text"))?;
        Ok(Node::new(Value::Number(number)))
    }
}

impl<'de, 't, N: Iterator<Item = &'t str>> Visitor<'de> for NodeSeed<'_, N> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::new(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::from(value))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Node<'de>, E> {
        self.number()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Node<'de>, E> {
        self.number()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Node<'de>, E> {
        self.number()
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node<'de>, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E>(self, value: String) -> Result<Node<'de>, E> {
        Ok(Node::new(Value::String(Cow::Owned(value))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(NodeSeed(&mut *self.0))? {
            items.push(item);
        }
        Ok(Node::new(Value::Array(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(Key(key)) = access.next_key()? {
            let value = access.next_value_seed(NodeSeed(&mut *self.0))?;
            entries.push((Text::from(key), value));
        }
        Ok(Node::from(Object { entries }))
    }
}

/// A key, borrowed where it is written without escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_whatever_their_size() {
        let text = r#"{"a-1": ["1e5\\", 1.50, -0, 1e309], "b\"2": -18446744073709551616, "c": {"d": 0.1}}"#;
        let node = read(text).expect("the text is JSON");
        assert_eq!(
            node.to_string(),
            r#"{"a-1":["1e5\\",1.50,-0,1e309],"b\"2":-18446744073709551616,"c":{"d":0.1}}"#
        );
        assert_eq!(
            read(" 1e999 ").expect("the text is JSON").to_string(),
            "1e999"
        );
    }

    #[test]
    fn what_is_no_number_is_no_json() {
        for text in ["01", "1.", "-", "[1 2]", "[1e400,]", "1e400 2", "\"1"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
