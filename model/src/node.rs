//! Node values: what the values of traits are made of (Smithy 2.0, "Node values").
//!
//! A [`Node`] is data without a format: JSON, the Smithy IDL and hand-written code can all make
//! one.

use std::borrow::Cow;
use std::fmt;

pub use crate::number::Number;
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

    /// The type of the value with an article, for messages.
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

    /// The number, if the node is one.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if the node is one without a fraction and within 64 bits; `5.0` is one.
    pub fn as_integer(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number, if the node is one without a fraction that is not negative.
    pub fn as_unsigned(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    /// The node as JSON on several lines, indented by four spaces.
    pub fn pretty(&self) -> String {
        let mut text = String::new();
        self.write_pretty(&mut text, 0);
        text
    }

    fn write_pretty(&self, text: &mut String, depth: usize) {
        let line = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("    ", depth));
        };
        match &self.value {
            Value::Array(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    text.push(if index == 0 { '[' } else { ',' });
                    line(text, depth + 1);
                    item.write_pretty(text, depth + 1);
                }
                line(text, depth);
                text.push(']');
            }
            Value::Object(object) if !object.is_empty() => {
                for (index, (key, value)) in object.iter().enumerate() {
                    text.push(if index == 0 { '{' } else { ',' });
                    line(text, depth + 1);
                    text.push_str(&Node::from(key).to_string());
                    text.push_str(": ");
                    value.write_pretty(text, depth + 1);
                }
                line(text, depth);
                text.push('}');
            }
            _ => text.push_str(&self.to_string()),
        }
    }

    /// The same node with texts of its own.
    pub fn to_static(&self) -> Node<'static> {
        let value = match &self.value {
            Value::Null => Value::Null,
            Value::Boolean(value) => Value::Boolean(*value),
            Value::Number(value) => Value::Number(value.clone()),
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
        Self::new(Value::Number(value.into()))
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
        let numbers = ["5", "-1", "1.0", "1e400"];
        let numbers = numbers.map(|text| Number::parse(text).expect("it is a number"));
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
            r#"{"a\"b":"c\n","numbers":[5,-1,1.0,1e400],"null":null}"#
        );
    }

    #[test]
    fn the_order_of_keys_and_the_place_do_not_matter_for_equality() {
        let (one, two) = (("a", Node::from(1)), ("b", Node::from(true).at(3..4)));
        let ab: Object = [one.clone(), two.clone()].into_iter().collect();
        let ba: Object = [two, one].into_iter().collect();
        assert_eq!(ab, ba);
    }
}
