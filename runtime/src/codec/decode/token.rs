//! What a deserializer finds, whatever was expected.

use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Context;
use super::seed;
use super::structure;
use crate::error::DecodeError;
use crate::schema::Member;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers};

/// The key under which `serde_json` hands over numbers when a crate in the tree has turned on its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// Up to here a double holds every integer.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// How null is called.
pub(super) const NULL: &str = "null";

/// A value that was found. Small, so that it travels in registers: text goes straight to whom the [`Goal`] names.
pub(super) enum Token {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Double(f64),
    Text,
    Bytes,
    /// A list that was not expected; it is read past.
    List,
    /// An object that was not expected; it is read past.
    Map,
    /// A list, map or structure that was expected; it has its values.
    Done(Result<(), DecodeError>),
}

impl Token {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => NULL,
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) | Self::Unsigned(_) | Self::Double(_) => "a number",
            Self::Text => "a string",
            Self::Bytes => "bytes",
            Self::List => "a list",
            Self::Map | Self::Done(_) => "an object",
        }
    }

    /// A number, to be told of. One beyond the exact integers was rounded when it was read, and its digits could be others than those that were sent.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Double(value) if value.abs() > EXACT => format!("about {value:e}"),
            _ => self.digits().unwrap_or_default(),
        }
    }

    /// The JSON text of a number.
    pub(super) fn digits(&self) -> Option<String> {
        match self {
            Self::Integer(value) => Some(value.to_string()),
            Self::Unsigned(value) => Some(value.to_string()),
            Self::Double(value) if value.is_finite() => Some(value.to_string()),
            _ => None,
        }
    }
}

/// What to do with a value that is not small.
pub(super) enum Goal<'g> {
    /// None is expected.
    Scalar,
    /// A string is expected: keep it.
    String(&'g mut String),
    /// Text is expected, or may be: look at it.
    Text(&'g mut dyn FnMut(&str)),
    /// Bytes are expected.
    Bytes(&'g mut dyn FnMut(&[u8])),
    /// A list is expected: fill it.
    List(&'static Member, &'g mut dyn DecodeList),
    /// A map is expected: fill it.
    Map(&'static Member, &'g mut dyn DecodeMap),
    /// A structure or union is expected: fill it.
    Structure(&'g mut dyn DecodeMembers),
}

/// Takes any value for what it is: there is one visitor, so that a format's deserializer is compiled once.
pub(super) struct TokenVisitor<'v, 'g> {
    pub(super) context: &'v Context,
    pub(super) goal: &'v mut Goal<'g>,
}

impl<'de> Visitor<'de> for TokenVisitor<'_, '_> {
    type Value = Token;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.goal {
            Goal::Scalar | Goal::String(_) | Goal::Text(_) | Goal::Bytes(_) => "a value",
            Goal::List(..) => "a list",
            Goal::Map(..) | Goal::Structure(_) => "an object",
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Token, E> {
        Ok(Token::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Token, E> {
        Ok(Token::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Token, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Token, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Token, E> {
        Ok(Token::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Token, E> {
        Ok(Token::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Token, E> {
        Ok(i64::try_from(value).map_or(Token::Unsigned(value), Token::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Token, E> {
        Ok(Token::Double(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Token, E> {
        match self.goal {
            Goal::String(string) => **string = String::from(value),
            Goal::Text(take) => take(value),
            _ => {}
        }
        Ok(Token::Text)
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Token, E> {
        match self.goal {
            Goal::String(string) => **string = value,
            Goal::Text(take) => take(&value),
            _ => {}
        }
        Ok(Token::Text)
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<Token, E> {
        if let Goal::Bytes(take) = self.goal {
            take(value);
        }
        Ok(Token::Bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Token, A::Error> {
        if let Goal::List(member, list) = self.goal {
            let context = self.context;
            return context
                .nested(|| seed::list(context, member, *list, sequence))
                .map(Token::Done);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Token::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Token, A::Error> {
        let context = self.context;
        match self.goal {
            Goal::Structure(value) => context
                .nested(|| structure::fill(context, *value, map))
                .map(Token::Done),
            Goal::Map(member, value) => context
                .nested(|| seed::map(context, member, *value, map))
                .map(Token::Done),
            _ => {
                if let Some(key) = map.next_key_seed(seed::Text)? {
                    if key == NUMBER {
                        return Ok(number(&map.next_value_seed(seed::Text)?));
                    }
                    map.next_value::<IgnoredAny>()?;
                }
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Token::Map)
            }
        }
    }
}

/// The number of a text that `serde_json` knows to be one.
fn number(text: &str) -> Token {
    let integer = text.parse().map(Token::Integer);
    let unsigned = || text.parse().map(Token::Unsigned);
    integer
        .or_else(|_| unsigned())
        .unwrap_or_else(|_| text.parse().map_or(Token::Map, Token::Double))
}
