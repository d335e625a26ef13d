//! What a deserializer finds, whatever was expected.

use std::borrow::Cow;
use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Context;
use super::seed;
use super::structure;
use crate::schema::Member;
use crate::shape::{DecodeList, DecodeMap, Structure};
use crate::violation::DecodeError;

/// The key under which `serde_json` hands over numbers when a crate in the tree has turned on its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// A value that was found.
pub(super) enum Token<'de> {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Double(f64),
    Text(Cow<'de, str>),
    Bytes(Cow<'de, [u8]>),
    /// A list that was not expected; it is read past.
    List,
    /// An object that was not expected; it is read past.
    Map,
    /// A list, map or structure that was expected; it has its values.
    Done(Result<(), DecodeError>),
}

impl Token<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) | Self::Unsigned(_) | Self::Double(_) => "a number",
            Self::Text(_) => "a string",
            Self::Bytes(_) => "bytes",
            Self::List => "a list",
            Self::Map | Self::Done(_) => "an object",
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

    #[cold]
    pub(super) fn is_not(&self, expected: &'static str) -> DecodeError {
        DecodeError::mismatch(expected, self.name())
    }
}

/// What to do with a list or an object.
pub(super) enum Goal<'g> {
    /// Neither is expected.
    Scalar,
    /// A list is expected: fill it.
    List(&'static Member, &'g mut dyn DecodeList),
    /// A map is expected: fill it.
    Map(&'static Member, &'g mut dyn DecodeMap),
    /// A structure or union is expected: fill it.
    Structure(&'g mut dyn Structure),
}

/// Takes any value for what it is: there is one visitor, so that a format's deserializer is compiled once.
pub(super) struct TokenVisitor<'c, 'g> {
    pub(super) context: &'c Context,
    pub(super) goal: Goal<'g>,
}

impl<'de> Visitor<'de> for TokenVisitor<'_, '_> {
    type Value = Token<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.goal {
            Goal::Scalar => "a value",
            Goal::List(..) => "a list",
            Goal::Map(..) | Goal::Structure(_) => "an object",
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Token<'de>, E> {
        Ok(Token::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Token<'de>, E> {
        Ok(Token::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Token<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Token<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Token<'de>, E> {
        Ok(Token::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Token<'de>, E> {
        Ok(Token::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Token<'de>, E> {
        Ok(i64::try_from(value).map_or(Token::Unsigned(value), Token::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Token<'de>, E> {
        Ok(Token::Double(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Token<'de>, E> {
        Ok(Token::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Token<'de>, E> {
        Ok(Token::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Token<'de>, E> {
        Ok(Token::Text(Cow::Owned(value)))
    }

    fn visit_borrowed_bytes<E: Error>(self, value: &'de [u8]) -> Result<Token<'de>, E> {
        Ok(Token::Bytes(Cow::Borrowed(value)))
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<Token<'de>, E> {
        Ok(Token::Bytes(Cow::Owned(value.to_owned())))
    }

    fn visit_byte_buf<E: Error>(self, value: Vec<u8>) -> Result<Token<'de>, E> {
        Ok(Token::Bytes(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Token<'de>, A::Error> {
        if let Goal::List(member, list) = self.goal {
            return seed::list(self.context, member, list, sequence).map(Token::Done);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Token::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Token<'de>, A::Error> {
        match self.goal {
            Goal::Structure(value) => structure::fill(self.context, value, map).map(Token::Done),
            Goal::Map(member, value) => seed::map(self.context, member, value, map).map(Token::Done),
            Goal::Scalar | Goal::List(..) => {
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
fn number(text: &str) -> Token<'static> {
    if let Ok(value) = text.parse() {
        Token::Integer(value)
    } else if let Ok(value) = text.parse() {
        Token::Unsigned(value)
    } else {
        text.parse().map_or(Token::Map, Token::Double)
    }
}
