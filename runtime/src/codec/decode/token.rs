//! The values that a deserializer finds, of any type.

use std::fmt;

use ::serde::Deserializer;
use ::serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::DecodeContext;
use super::seed;
use super::structure;
use crate::error::DecodeError;
use crate::schema::Member;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers};

/// The key of numbers in `serde_json` if a crate in the dependency tree enables its feature
/// `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// The limit up to which a double represents every integer.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// The name of null.
pub(super) const NULL: &str = "null";

/// A decoded value. It is small enough for registers: the receiver in [`Expected`] gets text
/// directly.
pub(super) enum Token {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Double(f64),
    Text,
    Bytes,
    /// An unexpected list, which was skipped.
    List,
    /// An unexpected object, which was skipped.
    Map,
    /// An expected list, map or structure, which has been decoded.
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

    /// The number for an error message. Integers beyond the exact range were rounded, so that their
    /// digits may differ from the source.
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

/// The expected value, and its receiver unless it is small.
pub(super) enum Expected<'g> {
    /// A boolean or number.
    Scalar,
    /// A string to keep.
    String(&'g mut String),
    /// Text to look at, or another value.
    Text(&'g mut dyn FnMut(&str)),
    /// Bytes.
    Bytes(&'g mut dyn FnMut(&[u8])),
    /// A list.
    List(&'static Member, &'g mut dyn DecodeList),
    /// A map.
    Map(&'static Member, &'g mut dyn DecodeMap),
    /// A structure or union.
    Structure(&'g mut dyn DecodeMembers),
}

/// A visitor of any value. There is only one, so that the deserializer of a format is compiled
/// once.
pub(super) struct TokenVisitor<'v, 'g> {
    pub(super) context: &'v DecodeContext,
    pub(super) expected: &'v mut Expected<'g>,
}

impl<'de> Visitor<'de> for TokenVisitor<'_, '_> {
    type Value = Token;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.expected {
            Expected::Scalar | Expected::String(_) | Expected::Text(_) | Expected::Bytes(_) => {
                "a value"
            }
            Expected::List(..) => "a list",
            Expected::Map(..) | Expected::Structure(_) => "an object",
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
        match self.expected {
            Expected::String(string) => **string = String::from(value),
            Expected::Text(take) => take(value),
            _ => {}
        }
        Ok(Token::Text)
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Token, E> {
        match self.expected {
            Expected::String(string) => **string = value,
            Expected::Text(take) => take(&value),
            _ => {}
        }
        Ok(Token::Text)
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<Token, E> {
        if let Expected::Bytes(take) = self.expected {
            take(value);
        }
        Ok(Token::Bytes)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Token, A::Error> {
        if let Expected::List(member, list) = self.expected {
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
        match self.expected {
            Expected::Structure(value) => context
                .nested(|| structure::fill(context, *value, map))
                .map(Token::Done),
            Expected::Map(member, value) => context
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

/// Parses a number that `serde_json` has validated.
fn number(text: &str) -> Token {
    let integer = text.parse().map(Token::Integer);
    let unsigned = || text.parse().map(Token::Unsigned);
    integer
        .or_else(|_| unsigned())
        .unwrap_or_else(|_| text.parse().map_or(Token::Map, Token::Double))
}
