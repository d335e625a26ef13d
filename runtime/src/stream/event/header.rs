//! Headers of messages: names and typed values (Amazon Event Stream Specification, "Headers
//! Format").

use std::fmt;

use bytes::{Buf as _, BufMut as _, Bytes};

use super::message::FrameError;
use crate::error::EncodeError;

/// The maximum length of a string or byte array in bytes.
const LONGEST_VALUE: usize = (1 << 15) - 1;

/// The value of a header.
///
/// It may be sensitive: `Debug` shows only its type.
#[derive(Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// True or false.
    Boolean(bool),
    /// 8-bit signed integer.
    Byte(i8),
    /// 16-bit signed integer.
    Short(i16),
    /// 32-bit signed integer.
    Integer(i32),
    /// 64-bit signed integer.
    Long(i64),
    /// Bytes, at most 32,767 of them.
    Bytes(Bytes),
    /// UTF-8 text of at most 32,767 bytes.
    String(String),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// A UUID (RFC 9562).
    Uuid([u8; 16]),
}

impl HeaderValue {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The name of the type in the specification.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "boolean",
            Self::Byte(_) => "byte",
            Self::Short(_) => "short",
            Self::Integer(_) => "integer",
            Self::Long(_) => "long",
            Self::Bytes(_) => "byte array",
            Self::String(_) => "string",
            Self::Timestamp(_) => "timestamp",
            Self::Uuid(_) => "uuid",
        }
    }

    fn write(&self, name: &str, buffer: &mut Vec<u8>) -> Result<(), EncodeError> {
        match self {
            Self::Boolean(true) => buffer.put_u8(0),
            Self::Boolean(false) => buffer.put_u8(1),
            Self::Byte(value) => {
                buffer.put_u8(2);
                buffer.put_i8(*value);
            }
            Self::Short(value) => {
                buffer.put_u8(3);
                buffer.put_i16(*value);
            }
            Self::Integer(value) => {
                buffer.put_u8(4);
                buffer.put_i32(*value);
            }
            Self::Long(value) => {
                buffer.put_u8(5);
                buffer.put_i64(*value);
            }
            Self::Bytes(bytes) => return long(name, 6, bytes, buffer),
            Self::String(text) => return long(name, 7, text.as_bytes(), buffer),
            Self::Timestamp(milliseconds) => {
                buffer.put_u8(8);
                buffer.put_i64(*milliseconds);
            }
            Self::Uuid(bytes) => {
                buffer.put_u8(9);
                buffer.put_slice(bytes);
            }
        }
        Ok(())
    }

    fn read(rest: &mut Bytes) -> Result<Self, FrameError> {
        let cut = |_| FrameError::Headers("a header ends before its value does");
        Ok(match rest.try_get_u8().map_err(cut)? {
            0 => Self::Boolean(true),
            1 => Self::Boolean(false),
            2 => Self::Byte(rest.try_get_i8().map_err(cut)?),
            3 => Self::Short(rest.try_get_i16().map_err(cut)?),
            4 => Self::Integer(rest.try_get_i32().map_err(cut)?),
            5 => Self::Long(rest.try_get_i64().map_err(cut)?),
            6 => Self::Bytes(prefixed(rest)?),
            7 => Self::String(text(prefixed(rest)?)?),
            8 => Self::Timestamp(rest.try_get_i64().map_err(cut)?),
            9 => {
                let mut bytes = [0; 16];
                rest.try_copy_to_slice(&mut bytes).map_err(cut)?;
                Self::Uuid(bytes)
            }
            _ => return Err(FrameError::Headers("unknown header type")),
        })
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.type_name())
    }
}

impl From<&str> for HeaderValue {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

fn long(name: &str, kind: u8, value: &[u8], buffer: &mut Vec<u8>) -> Result<(), EncodeError> {
    let length = u16::try_from(value.len())
        .ok()
        .filter(|_| value.len() <= LONGEST_VALUE);
    let Some(length) = length else {
        return Err(EncodeError::new(format!(
            "the event header `{name}` has {} bytes; the limit is {LONGEST_VALUE}",
            value.len()
        )));
    };
    buffer.put_u8(kind);
    buffer.put_u16(length);
    buffer.put_slice(value);
    Ok(())
}

fn prefixed(rest: &mut Bytes) -> Result<Bytes, FrameError> {
    let cut = FrameError::Headers("a header ends before its value does");
    let length = usize::from(rest.try_get_u16().map_err(|_| cut)?);
    if rest.len() < length {
        return Err(cut);
    }
    Ok(rest.split_to(length))
}

fn text(bytes: Bytes) -> Result<String, FrameError> {
    String::from_utf8(bytes.into())
        .map_err(|_| FrameError::Headers("the name or the text of a header is not UTF-8"))
}

/// Writes a header at the end of `buffer`.
pub(crate) fn write(
    name: &str,
    value: &HeaderValue,
    buffer: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let length = u8::try_from(name.len())
        .ok()
        .filter(|length| *length > 0)
        .ok_or_else(|| {
            EncodeError::new(format!(
                "the name of the event header `{name}` has {} bytes, and it can have 1 to 255",
                name.len()
            ))
        })?;
    buffer.put_u8(length);
    buffer.put_slice(name.as_bytes());
    value.write(name, buffer)
}

/// Reads all headers of a message. Each name may occur once.
pub(super) fn read(mut rest: Bytes) -> Result<Vec<(String, HeaderValue)>, FrameError> {
    let mut headers = Vec::<(String, HeaderValue)>::new();
    while rest.has_remaining() {
        let length = usize::from(rest.get_u8());
        if length == 0 {
            return Err(FrameError::Headers("a header has no name"));
        }
        if rest.len() < length {
            return Err(FrameError::Headers("a header ends before its name does"));
        }
        let name = text(rest.split_to(length))?;
        let value = HeaderValue::read(&mut rest)?;
        headers.push((name, value));
    }
    let mut names = headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(FrameError::Headers("a header name occurs twice"));
    }
    Ok(headers)
}
