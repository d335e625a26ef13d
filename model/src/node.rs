//! Node values: what the values of traits are made of (Smithy 2.0, "Node values").
//!
//! A [`Node`] is data without a format: JSON, the Smithy IDL and hand-written code can all make
//! one.

use std::borrow::Cow;
use std::fmt;

use crate::source::TextRange;

/// A value, and where it is written.
///
/// Two nodes are equal if their values are, wherever they are written and whatever the order of the
/// keys of their objects. `Display` prints a node as JSON.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Its bytes in the source. `None` if the front end locates items by JSON pointers, and for
    /// nodes that are not written anywhere.
    pub range: Option<TextRange>,
}

/// The value of a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(Number),
    /// Text; shape ids are text too.
    String(Cow<'a, str>),
    /// A list of nodes.
    Array(Vec<Node<'a>>),
    /// A map from text to nodes.
    Object(Object<'a>),
}

/// A number.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number.
    Float(f64),
}

/// A map that keeps the order of its entries. Look-up is linear: the objects in which keys are
/// looked up are small.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    /// The entries, as written.
    pub entries: Vec<(Text<'a>, Node<'a>)>,
}

/// A text, and where it is written.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Its bytes in the source; see [`Node::range`].
    pub range: Option<TextRange>,
}

impl<'a> Node<'a> {
    /// A node without a range.
    pub fn new(value: Value<'a>) -> Self {
        Self { value, range: None }
    }

    /// An empty object: the value of an annotation trait.
    pub fn empty() -> Self {
        Self::new(Value::Object(Object::default()))
    }

    /// Sets the range.
    #[must_use]
    pub fn at(mut self, range: impl Into<TextRange>) -> Self {
        self.range = Some(range.into());
        self
    }

    /// The text, if the node is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if the node is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value of a key of an object, or the element at an index of an array.
    pub fn get(&self, token: &str) -> Option<&Node<'a>> {
        match &self.value {
            Value::Object(object) => object.get(token),
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// What it is, with an article, for messages.
    pub fn phrase(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The number, if the node is one without a fraction and within 64 bits; `5.0` is one.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within the range where every integer is an f64"
    )]
    pub fn as_integer(&self) -> Option<i64> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self.value {
            Value::Number(Number::Unsigned(value)) => i64::try_from(value).ok(),
            Value::Number(Number::Negative(value)) => Some(value),
            Value::Number(Number::Float(value)) => {
                (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
            }
            _ => None,
        }
    }

    /// The number, if the node is one without a fraction that is not negative.
    pub fn as_unsigned(&self) -> Option<u64> {
        match self.value {
            Value::Number(Number::Unsigned(value)) => Some(value),
            _ => self
                .as_integer()
                .and_then(|value| u64::try_from(value).ok()),
        }
    }

    /// The number as a double, if the node is a number.
    pub fn as_float(&self) -> Option<f64> {
        match self.value {
            Value::Number(number) => Some(number.to_f64()),
            _ => None,
        }
    }

    /// The same node with texts of its own.
    pub fn to_static(&self) -> Node<'static> {
        let value = match &self.value {
            Value::Null => Value::Null,
            Value::Boolean(value) => Value::Boolean(*value),
            Value::Number(value) => Value::Number(*value),
            Value::String(text) => Value::String(Cow::Owned(text.as_ref().to_owned())),
            Value::Array(items) => Value::Array(items.iter().map(Node::to_static).collect()),
            Value::Object(object) => {
                let entry =
                    |(key, value): &(Text<'a>, Node<'a>)| (key.to_static(), value.to_static());
                Value::Object(Object {
                    entries: object.entries.iter().map(entry).collect(),
                })
            }
        };
        Node {
            value,
            range: self.range,
        }
    }
}

impl<'a> From<&'a str> for Node<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(Value::String(Cow::Borrowed(text)))
    }
}

impl From<bool> for Node<'_> {
    fn from(value: bool) -> Self {
        Self::new(Value::Boolean(value))
    }
}

impl From<i64> for Node<'_> {
    fn from(value: i64) -> Self {
        let number = u64::try_from(value).map_or(Number::Negative(value), Number::Unsigned);
        Self::new(Value::Number(number))
    }
}

impl<'a> From<Object<'a>> for Node<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::new(Value::Object(object))
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<'a> Object<'a> {
    /// The value of the first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The first entry with this key.
    pub fn entry(&self, key: &str) -> Option<&(Text<'a>, Node<'a>)> {
        self.entries.iter().find(|(name, _)| *name.text == *key)
    }

    /// The keys and values, as written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node<'a>)> {
        self.entries.iter().map(|(key, value)| (&*key.text, value))
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a, K: Into<Text<'a>>> FromIterator<(K, Node<'a>)> for Object<'a> {
    fn from_iter<I: IntoIterator<Item = (K, Node<'a>)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        Self {
            entries: entries.map(|(key, value)| (key.into(), value)).collect(),
        }
    }
}

impl PartialEq for Object<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

impl Text<'_> {
    /// Sets the range.
    #[must_use]
    pub fn at(mut self, range: impl Into<TextRange>) -> Self {
        self.range = Some(range.into());
        self
    }

    fn to_static(&self) -> Text<'static> {
        Text {
            text: Cow::Owned(self.text.as_ref().to_owned()),
            range: self.range,
        }
    }
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for Text<'a> {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            range: None,
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Number {
    /// The nearest double.
    #[expect(
        clippy::cast_precision_loss,
        reason = "the caller asks for a double, as readers of JSON do"
    )]
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Unsigned(value) => value as f64,
            Self::Negative(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// Integers are compared exactly, other numbers as doubles.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
            (Self::Negative(a), Self::Negative(b)) => a == b,
            _ => self.to_f64() == other.to_f64(),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(value) => write!(f, "{value}"),
            Self::Negative(value) => write!(f, "{value}"),
            Self::Float(value) => match serde_json::Number::from_f64(*value) {
                Some(number) => write!(f, "{number}"),
                None => f.write_str("null"),
            },
        }
    }
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Null => f.write_str("null"),
            Value::Boolean(value) => write!(f, "{value}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::String(text) => write_string(f, text),
            Value::Array(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Value::Object(object) => {
                f.write_str("{")?;
                for (index, (key, value)) in object.iter().enumerate() {
                    f.write_str(if index > 0 { "," } else { "" })?;
                    write_string(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let json = serde_json::to_string(text).map_err(|_| fmt::Error)?;
    f.write_str(&json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_prints_as_json() {
        let numbers = [
            Number::Unsigned(5),
            Number::Negative(-1),
            Number::Float(1.0),
        ];
        let numbers = numbers.map(|number| Node::new(Value::Number(number)));
        let object: Object = [
            ("a\"b", Node::from("c\n")),
            ("numbers", Node::new(Value::Array(numbers.into()))),
            ("null", Node::new(Value::Null)),
        ]
        .into_iter()
        .collect();
        let node = Node::from(object);
        assert_eq!(
            node.to_string(),
            r#"{"a\"b":"c\n","numbers":[5,-1,1.0],"null":null}"#
        );
    }

    #[test]
    fn integers_beyond_the_precision_of_a_double_differ() {
        let large = Number::Unsigned(9_007_199_254_740_993);
        assert_ne!(large, Number::Unsigned(9_007_199_254_740_992));
        assert_ne!(Number::Negative(i64::MIN), Number::Negative(i64::MIN + 1));
        assert_eq!(Number::Unsigned(1), Number::Float(1.0));
    }

    #[test]
    fn the_order_of_keys_and_the_place_do_not_matter_for_equality() {
        let (one, two) = (("a", Node::from(1)), ("b", Node::from(true).at(3..4)));
        let ab: Object = [one.clone(), two.clone()].into_iter().collect();
        let ba: Object = [two, one].into_iter().collect();
        assert_eq!(ab, ba);
    }
}
