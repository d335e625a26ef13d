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
use crate::value::document::NUMBER_KEY;

/// The limit up to which a double represents every integer.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// The name of null.
pub(super) const NULL: &str = "null";

/// A decoded value. It owns nothing: the receiver in [`Expected`] gets text, and [`Slot::errors`]
/// the errors in a list, map or structure.
#[derive(Clone, Copy)]
pub(super) enum Token {
    Null,
    Boolean(bool),
    Integer(i64),
    Unsigned(u64),
    Double(f64),
    Text,
    Bytes,
    /// A number of any size, whose digits are the text.
    Digits,
    /// An unexpected list, which was skipped.
    List,
    /// An unexpected object, which was skipped.
    Map,
    /// An expected list, map or structure, which has been decoded.
    Done,
}

impl Token {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => NULL,
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) | Self::Unsigned(_) | Self::Double(_) | Self::Digits => "a number",
            Self::Text => "a string",
            Self::Bytes => "bytes",
            Self::List => "a list",
            Self::Map | Self::Done => "an object",
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

/// The place of a value.
pub(super) struct Slot<'c, 'g> {
    pub(super) context: &'c DecodeContext,
    pub(super) expected: Expected<'g>,
    /// The value, once it has been decoded.
    pub(super) found: Token,
    /// The errors in a list, map or structure that has been decoded.
    pub(super) errors: Option<DecodeError>,
}

impl<'c, 'g> Slot<'c, 'g> {
    #[inline]
    pub(super) fn new(context: &'c DecodeContext, expected: Expected<'g>) -> Self {
        Self {
            context,
            expected,
            found: Token::Null,
            errors: None,
        }
    }
}

/// A visitor of any value, which it writes to its slot. There is only one visitor, so that the
/// deserializer of a format is compiled once.
pub(super) struct TokenVisitor<'v, 'c, 'g>(pub(super) &'v mut Slot<'c, 'g>);

impl TokenVisitor<'_, '_, '_> {
    #[inline]
    #[expect(clippy::unnecessary_wraps, reason = "the result of a visitor")]
    fn found<E>(self, token: Token) -> Result<(), E> {
        self.0.found = token;
        Ok(())
    }
}

impl<'de> Visitor<'de> for TokenVisitor<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.expected {
            Expected::Scalar | Expected::String(_) | Expected::Text(_) | Expected::Bytes(_) => {
                "a value"
            }
            Expected::List(..) => "a list",
            Expected::Map(..) | Expected::Structure(_) => "an object",
        })
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.found(Token::Null)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.found(Token::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(slot) = self;
        deserializer.deserialize_any(TokenVisitor(&mut *slot))?;
        // A format with tags has the digits of a number in a newtype.
        if slot.context.is_tagged() && matches!(slot.found, Token::Text) {
            slot.found = Token::Digits;
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.found(Token::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.found(Token::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.found(i64::try_from(value).map_or(Token::Unsigned(value), Token::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.found(Token::Double(value))
    }

    #[inline]
    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        match &mut self.0.expected {
            Expected::String(string) => **string = String::from(value),
            Expected::Text(take) => take(value),
            _ => {}
        }
        self.found(Token::Text)
    }

    fn visit_string<E: Error>(self, value: String) -> Result<(), E> {
        match &mut self.0.expected {
            Expected::String(string) => **string = value,
            Expected::Text(take) => take(&value),
            _ => {}
        }
        self.found(Token::Text)
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<(), E> {
        if let Expected::Bytes(take) = &mut self.0.expected {
            take(value);
        }
        self.found(Token::Bytes)
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let context = self.0.context;
        if let Expected::List(member, list) = &mut self.0.expected {
            self.0.errors = context.nested(|| seed::list(context, member, *list, sequence))?;
            return self.found(Token::Done);
        }
        while sequence.next_element::<IgnoredAny>()?.is_some() {}
        self.found(Token::List)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let context = self.0.context;
        if let Expected::Structure(value) = &mut self.0.expected {
            self.0.errors = context.nested(|| structure::fill(context, *value, map))?;
            return self.found(Token::Done);
        }
        self.visit_entries(map)
    }
}

impl TokenVisitor<'_, '_, '_> {
    /// Visits an object that is not a structure.
    #[inline(never)]
    fn visit_entries<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let context = self.0.context;
        if let Expected::Map(member, value) = &mut self.0.expected {
            self.0.errors = context.nested(|| seed::map(context, member, *value, map))?;
            return self.found(Token::Done);
        }
        if let Some(key) = map.next_key_seed(seed::Text)? {
            if key == NUMBER_KEY && !context.is_tagged() {
                let digits = map.next_value_seed(seed::Text)?;
                return self.found(number(&digits));
            }
            map.next_value::<IgnoredAny>()?;
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.found(Token::Map)
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
