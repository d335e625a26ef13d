//! Reads CBOR as a deserializer of serde.

mod document;
mod numbers;

use std::borrow::Cow;
use std::fmt;
use std::str::Utf8Error;

use ::serde::de::value::StringDeserializer;
use ::serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use ::serde::forward_to_deserialize_any;

use self::numbers::{float, is_number, negative};
use crate::codec::decode::{DecodeContext, tagged};

/// The maximum nesting of lists and maps, as in JSON.
const LEVELS: usize = 127;

/// The major types (RFC 8949 section 3.1).
mod major {
    pub(super) const UNSIGNED: u8 = 0;
    pub(super) const NEGATIVE: u8 = 1;
    pub(super) const BYTES: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const LIST: u8 = 4;
    pub(super) const MAP: u8 = 5;
    pub(super) const TAG: u8 = 6;
    pub(super) const SIMPLE: u8 = 7;
}

/// The tags with a meaning (RFC 8949 section 3.4).
mod tag {
    pub(super) const EPOCH: u64 = 1;
    pub(super) const UNSIGNED_BIGNUM: u64 = 2;
    pub(super) const NEGATIVE_BIGNUM: u64 = 3;
    pub(super) const DECIMAL_FRACTION: u64 = 4;
}

/// Additional information of a head: an indefinite length, or the end of one.
const INDEFINITE: u8 = 31;
/// The end of a value of indefinite length.
const BREAK: u8 = 0xff;

/// An error of the format. Boxed, so that results are small.
#[derive(Debug)]
pub(super) struct Error(pub(super) Box<Malformed>);

/// What is wrong with a document.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) message: Cow<'static, str>,
    /// The position of the error; `None` for the position of the reader.
    pub(super) offset: Option<usize>,
    pub(super) too_deep: bool,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl ::serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new(Malformed {
            message: message.to_string().into(),
            offset: None,
            too_deep: false,
        }))
    }
}

/// Reads data items, one after the other.
pub(super) struct Reader<'de> {
    /// The bytes that have not been read.
    rest: &'de [u8],
    /// The length of the document.
    length: usize,
    context: &'de DecodeContext,
    /// The number of lists and maps that may still be opened.
    levels: usize,
}

/// The head of a data item (RFC 8949 section 3).
#[derive(Clone, Copy)]
struct Head {
    /// The position of the head.
    at: usize,
    major: u8,
    /// The additional information.
    info: u8,
    /// The argument; 0 for an indefinite length.
    argument: u64,
}

impl Head {
    /// The length of the content; `None` if it is indefinite.
    fn length(self) -> Option<u64> {
        (self.info != INDEFINITE).then_some(self.argument)
    }
}

impl<'de> Reader<'de> {
    pub(super) fn new(bytes: &'de [u8], context: &'de DecodeContext) -> Self {
        Self {
            rest: bytes,
            length: bytes.len(),
            context,
            levels: LEVELS,
        }
    }

    /// The position of the next byte.
    pub(super) fn offset(&self) -> usize {
        self.length - self.rest.len()
    }

    /// Checks that no bytes follow the data item.
    pub(super) fn end(&self) -> Result<(), Error> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(error(self.offset(), "bytes after the end of the document"))
        }
    }

    /// The error of a document that ends too early.
    #[cold]
    fn ended(&self) -> Error {
        error(self.length, "the document ends inside a value")
    }

    #[inline]
    fn byte(&mut self) -> Result<u8, Error> {
        let (byte, rest) = self.rest.split_first().ok_or_else(|| self.ended())?;
        self.rest = rest;
        Ok(*byte)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let split = self.rest.split_first_chunk();
        let (array, rest) = split.ok_or_else(|| self.ended())?;
        self.rest = rest;
        Ok(*array)
    }

    /// The next `length` bytes.
    #[inline]
    fn slice(&mut self, length: u64) -> Result<&'de [u8], Error> {
        let length = usize::try_from(length).map_err(|_| self.ended())?;
        let split = self.rest.split_at_checked(length);
        let (slice, rest) = split.ok_or_else(|| self.ended())?;
        self.rest = rest;
        Ok(slice)
    }

    #[inline]
    fn head(&mut self) -> Result<Head, Error> {
        let at = self.offset();
        let first = self.byte()?;
        let (major, info) = (first >> 5, first & 31);
        let argument = match info {
            0..24 => info.into(),
            24 => self.byte()?.into(),
            25 => u16::from_be_bytes(self.array()?).into(),
            26 => u32::from_be_bytes(self.array()?).into(),
            27 => u64::from_be_bytes(self.array()?),
            INDEFINITE if matches!(major, major::BYTES..=major::MAP | major::SIMPLE) => 0,
            _ => return Err(error(at, NOT_WELL_FORMED)),
        };
        Ok(Head {
            at,
            major,
            info,
            argument,
        })
    }

    /// The bytes of a string whose head was read. The chunks of a string of indefinite length are
    /// strings of definite length (RFC 8949 section 3.2.3).
    fn chunks(&mut self, head: Head) -> Result<Cow<'de, [u8]>, Error> {
        let Some(length) = head.length() else {
            let mut bytes = Vec::new();
            loop {
                let chunk = self.head()?;
                if chunk.major == major::SIMPLE && chunk.info == INDEFINITE {
                    return Ok(bytes.into());
                }
                match chunk.length() {
                    Some(length) if chunk.major == head.major => {
                        let start = self.offset();
                        let chunk = self.slice(length)?;
                        // Each chunk of a text is text.
                        if head.major == major::TEXT {
                            text(chunk, start)?;
                        }
                        bytes.extend_from_slice(chunk);
                    }
                    _ => return Err(error(chunk.at, "a chunk of another type than its string")),
                }
            }
        };
        self.slice(length).map(Cow::Borrowed)
    }

    /// The text whose head was read.
    #[inline]
    fn text(&mut self, head: Head) -> Result<Cow<'de, str>, Error> {
        if let Some(length) = head.length() {
            let start = self.offset();
            let bytes = self.slice(length)?;
            return text(bytes, start).map(Cow::Borrowed);
        }
        let bytes = self.chunks(head)?.into_owned();
        String::from_utf8(bytes)
            .map(Cow::Owned)
            .map_err(|_| error(head.at, INVALID_UTF_8))
    }

    /// Visits any data item.
    #[inline]
    fn any<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        match self.definite_text() {
            Some(bytes) => {
                let text = std::str::from_utf8(bytes).map_err(|error| self.not_text(bytes, error));
                visitor.visit_borrowed_str(text?)
            }
            None => self.other(visitor),
        }
    }

    /// The bytes of a text whose head has at most three bytes, as nearly all have. `None` for any
    /// other data item.
    #[inline]
    fn definite_text(&mut self) -> Option<&'de [u8]> {
        let (first, rest) = self.rest.split_first()?;
        let length = first.wrapping_sub(major::TEXT << 5);
        if length >= 24 {
            return self.long_text();
        }
        let (bytes, rest) = rest.split_at_checked(length.into())?;
        self.rest = rest;
        Some(bytes)
    }

    /// The bytes of a text whose head has two or three bytes.
    #[inline(never)]
    fn long_text(&mut self) -> Option<&'de [u8]> {
        let (length, rest) = match self.rest {
            [0x78, length, rest @ ..] => (usize::from(*length), rest),
            [0x79, high, low, rest @ ..] => (u16::from_be_bytes([*high, *low]).into(), rest),
            _ => return None,
        };
        let (bytes, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    /// The error of bytes, the last ones that were read, that are not UTF-8.
    #[cold]
    fn not_text(&self, bytes: &[u8], invalid: Utf8Error) -> Error {
        let start = self.offset() - bytes.len();
        error(start + invalid.valid_up_to(), INVALID_UTF_8)
    }

    /// Visits a data item that is not such a text.
    fn other<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let mut head = self.head()?;
        while head.major == major::TAG {
            if is_number(head.argument) {
                let digits = self.tagged_number(head.argument)?;
                return newtype(digits, visitor);
            }
            head = self.head()?;
        }
        self.untagged(head, visitor)
    }

    /// Visits the data item whose head was read.
    #[inline]
    fn untagged<V: Visitor<'de>>(&mut self, head: Head, visitor: V) -> Result<V::Value, Error> {
        match head.major {
            major::UNSIGNED => visitor.visit_u64(head.argument),
            major::NEGATIVE => match i64::try_from(head.argument) {
                Ok(argument) => visitor.visit_i64(-1 - argument),
                Err(_) => newtype(negative(head.argument), visitor),
            },
            major::BYTES => match self.chunks(head)? {
                Cow::Borrowed(bytes) => visitor.visit_borrowed_bytes(bytes),
                Cow::Owned(bytes) => visitor.visit_bytes(&bytes),
            },
            major::TEXT => match self.text(head)? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_str(&text),
            },
            major::LIST => self.nested(head, |items| visitor.visit_seq(items)),
            major::MAP => self.nested(head, |items| visitor.visit_map(items)),
            _ => simple(head, visitor),
        }
    }

    /// Skips a data item, of which only the form is checked.
    fn skip(&mut self) -> Result<(), Error> {
        let mut head = self.head()?;
        while head.major == major::TAG {
            head = self.head()?;
        }
        match head.major {
            major::UNSIGNED | major::NEGATIVE => Ok(()),
            major::BYTES => self.chunks(head).map(drop),
            major::TEXT => self.text(head).map(drop),
            major::LIST | major::MAP => self.nested(head, |items| {
                while items.more()? {
                    items.reader.skip()?;
                    if head.major == major::MAP {
                        items.reader.skip()?;
                    }
                }
                Ok(())
            }),
            _ => match (head.info, head.argument) {
                (INDEFINITE, _) => Err(error(head.at, NOT_OPENED)),
                (24, ..32) => Err(error(head.at, NOT_WELL_FORMED)),
                _ => Ok(()),
            },
        }
    }

    /// Visits the items of a list or map whose head was read.
    #[inline]
    fn nested<T>(
        &mut self,
        head: Head,
        visit: impl FnOnce(&mut Items<'_, 'de>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.levels = self.levels.checked_sub(1).ok_or_else(|| too_deep(head))?;
        let mut items = Items {
            left: head.length(),
            ended: false,
            reader: self,
        };
        let value = visit(&mut items)?;
        if items.more()? {
            return Err(error(items.reader.offset(), "unexpected items"));
        }
        self.levels += 1;
        Ok(value)
    }

    /// Reads a key, which is text.
    fn key(&mut self) -> Result<Cow<'de, str>, Error> {
        let mut head = self.head()?;
        while head.major == major::TAG {
            head = self.head()?;
        }
        if head.major != major::TEXT {
            return Err(error(head.at, "a key that is not a text"));
        }
        self.text(head)
    }

    /// Visits a key. The visitor usually gets its bytes, since a name that is equal to that of a
    /// member is text.
    #[inline]
    fn visit_key<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        if let Some(bytes) = self.definite_text() {
            let value = visitor.visit_borrowed_bytes(bytes);
            return value.map_err(|error| match std::str::from_utf8(bytes) {
                Ok(_) => error,
                Err(invalid) => self.not_text(bytes, invalid),
            });
        }
        match self.key()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(&text),
        }
    }
}

const NOT_WELL_FORMED: &str = "a head that is not well-formed";
const NOT_OPENED: &str = "the end of a list or map that was not opened";
const INVALID_UTF_8: &str = "a text that is not UTF-8";

#[cold]
fn error(offset: usize, message: impl Into<Cow<'static, str>>) -> Error {
    Error(Box::new(Malformed {
        message: message.into(),
        offset: Some(offset),
        too_deep: false,
    }))
}

#[cold]
fn too_deep(head: Head) -> Error {
    let mut error = error(head.at, "too many nested lists and maps");
    error.0.too_deep = true;
    error
}

/// Checks that the bytes from `start` are text.
#[inline]
fn text(bytes: &[u8], start: usize) -> Result<&str, Error> {
    std::str::from_utf8(bytes)
        .map_err(|invalid| error(start + invalid.valid_up_to(), INVALID_UTF_8))
}

/// Visits a float or simple value (RFC 8949 section 3.3). `undefined` is null.
fn simple<'de, V: Visitor<'de>>(head: Head, visitor: V) -> Result<V::Value, Error> {
    match head.info {
        20 | 21 => visitor.visit_bool(head.info == 21),
        22 | 23 => visitor.visit_unit(),
        25..=27 => visitor.visit_f64(float(head)),
        INDEFINITE => Err(error(head.at, NOT_OPENED)),
        _ => Err(error(head.at, "a simple value without a meaning")),
    }
}

/// Passes the digits of a number as a newtype, which distinguishes them from text.
fn newtype<'de, V: Visitor<'de>>(digits: String, visitor: V) -> Result<V::Value, Error> {
    visitor.visit_newtype_struct(StringDeserializer::new(digits))
}

/// The items of a list or map.
struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    /// The number of elements or entries that follow; `None` if it is indefinite.
    left: Option<u64>,
    /// Whether the end of an indefinite number was read.
    ended: bool,
}

impl Items<'_, '_> {
    /// Whether another element or entry follows.
    #[inline]
    fn more(&mut self) -> Result<bool, Error> {
        match &mut self.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None if self.ended => Ok(false),
            None => match self.reader.rest {
                [BREAK, rest @ ..] => {
                    self.reader.rest = rest;
                    self.ended = true;
                    Ok(false)
                }
                [_, ..] => Ok(true),
                [] => Err(self.reader.ended()),
            },
        }
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.more()? {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<'de> MapAccess<'de> for &mut Items<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.more()? {
            seed.deserialize(Key(&mut *self.reader)).map(Some)
        } else {
            Ok(None)
        }
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut *self.reader)
    }
}

/// A key, which is text.
struct Key<'r, 'de>(&'r mut Reader<'de>);

impl<'de> Deserializer<'de> for Key<'_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.visit_key(visitor)
    }

    /// The key of a value that is skipped may be anything.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let start = self.rest;
        let mut head = self.head()?;
        while head.major == major::TAG {
            head = self.head()?;
        }
        if head.major == major::SIMPLE && matches!(head.info, 22 | 23) {
            return visitor.visit_none();
        }
        self.rest = start;
        visitor.visit_some(self)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            tagged::TIMESTAMP => self.timestamp(visitor),
            tagged::DOCUMENT => {
                let document = self.document()?;
                self.context.document.set(document);
                visitor.visit_unit()
            }
            _ => self.any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple map struct enum identifier
    }
}
