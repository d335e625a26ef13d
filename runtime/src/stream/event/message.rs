//! Messages and their frames (Amazon Event Stream Specification, "Message Format").
//!
//! ```text
//! total length (4) | headers length (4) | CRC of both (4) | headers | payload | CRC of all (4)
//! ```

use std::fmt;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

use super::header::{self, HeaderValue};
use crate::error::EncodeError;

/// The size of the two lengths and their checksum.
const PRELUDE: usize = 12;
/// The size of a message without headers and payload.
pub(super) const OVERHEAD: usize = PRELUDE + 4;

/// A message: ordered headers and a payload.
///
/// Both may be sensitive: `Debug` shows only names, types and lengths.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Message {
    headers: Vec<(String, HeaderValue)>,
    payload: Bytes,
}

impl Message {
    /// A message without headers.
    pub fn new(payload: impl Into<Bytes>) -> Self {
        Self {
            headers: Vec::new(),
            payload: payload.into(),
        }
    }

    /// Sets a header, and replaces one with the same name.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<HeaderValue>) -> Self {
        self.set_header(name, value.into());
        self
    }

    pub(crate) fn set_header(&mut self, name: &str, value: HeaderValue) {
        match self.headers.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = value,
            None => self.headers.push((name.to_owned(), value)),
        }
    }

    pub(crate) fn set_payload(&mut self, payload: Bytes) {
        self.payload = payload;
    }

    /// The headers. Their order has no meaning.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &HeaderValue)> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The value of a header.
    pub fn get(&self, name: &str) -> Option<&HeaderValue> {
        self.headers()
            .find_map(|(other, value)| (other == name).then_some(value))
    }

    /// The payload.
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }

    /// Encodes the frame.
    ///
    /// # Errors
    ///
    /// If a name or a value is longer than the format allows. The service checks the limits on
    /// payloads and on all headers together when it receives the message.
    pub fn encode(&self) -> Result<Bytes, EncodeError> {
        let mut headers = Vec::with_capacity(64);
        for (name, value) in &self.headers {
            header::write(name, value, &mut headers)?;
        }
        let total = OVERHEAD + headers.len() + self.payload.len();
        let lengths = u32::try_from(total)
            .ok()
            .zip(u32::try_from(headers.len()).ok());
        let Some((total_length, headers_length)) = lengths else {
            return Err(EncodeError::new(format!(
                "the event has {total} bytes; the limit is 4294967295"
            )));
        };
        let mut frame = Vec::with_capacity(total);
        frame.put_u32(total_length);
        frame.put_u32(headers_length);
        frame.put_u32(crc32fast::hash(&frame));
        frame.put_slice(&headers);
        frame.put_slice(&self.payload);
        frame.put_u32(crc32fast::hash(&frame));
        Ok(frame.into())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.headers())
            .entry(&"payload", &format_args!("{} bytes", self.payload.len()))
            .finish()
    }
}

/// The maximum size of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum size of all headers together, in bytes.
    pub headers: usize,
    /// The maximum size of the payload, in bytes.
    pub payload: usize,
}

impl Limits {
    /// The limits of services (Amazon Event Stream Specification, "Message Format"). Clients must
    /// not apply them to messages of a service.
    pub const SERVICE: Self = Self {
        headers: 128 << 10,
        payload: 24 << 20,
    };

    /// Limits for a client: `bytes` for the headers and for the payload.
    pub const fn bytes(bytes: usize) -> Self {
        Self {
            headers: bytes,
            payload: bytes,
        }
    }
}

/// Why bytes are not a frame. The rest of the stream cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The checksum of the lengths is wrong.
    PreludeChecksum,
    /// The checksum of the message is wrong.
    MessageChecksum,
    /// The lengths contradict each other.
    Lengths {
        /// The length of the message.
        total: u32,
        /// The length of its headers.
        headers: u32,
    },
    /// The message exceeds the limits.
    TooLarge {
        /// The size of the message in bytes.
        total: u32,
        /// The size of its headers in bytes.
        headers: u32,
        /// The limits.
        limits: Limits,
    },
    /// The headers cannot be read.
    Headers(&'static str),
    /// The stream ends inside a message.
    Cut {
        /// The number of bytes of the message that were received.
        received: usize,
    },
}

crate::error::debug_as_display!(FrameError);

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreludeChecksum => {
                f.write_str("the checksum of an event's lengths is wrong: the stream is corrupt")
            }
            Self::MessageChecksum => {
                f.write_str("the checksum of an event is wrong: the stream is corrupt")
            }
            Self::Lengths { total, headers } => write!(
                f,
                "an event of {total} bytes cannot have headers of {headers} bytes"
            ),
            Self::TooLarge {
                total,
                headers,
                limits,
            } => write!(
                f,
                "an event of {total} bytes with headers of {headers} bytes exceeds the limits of {} bytes of payload and {} bytes of headers",
                limits.payload, limits.headers
            ),
            Self::Headers(what) => write!(f, "the headers of an event cannot be read: {what}"),
            Self::Cut { received } => {
                write!(f, "the stream ends {received} bytes into an event")
            }
        }
    }
}

impl std::error::Error for FrameError {}

/// Splits a byte stream, in chunks of any size, into messages.
#[derive(Debug)]
pub struct MessageDecoder {
    limits: Limits,
    buffer: BytesMut,
    /// The total length and the headers length of the next message.
    lengths: Option<(usize, usize)>,
    error: Option<FrameError>,
}

impl MessageDecoder {
    /// Creates a decoder of messages within `limits`.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            buffer: BytesMut::new(),
            lengths: None,
            error: None,
        }
    }

    /// Adds the next chunk of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.error.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next message; `None` if more bytes are needed. After an error, every call returns it.
    pub fn next_message(&mut self) -> Result<Option<Message>, FrameError> {
        match self.error {
            Some(error) => Err(error),
            None => self.read().inspect_err(|error| {
                self.error = Some(*error);
                self.buffer = BytesMut::new();
            }),
        }
    }

    /// Checks that the stream has not ended inside a message.
    pub fn finish(&self) -> Result<(), FrameError> {
        match (self.error, self.buffer.len()) {
            (Some(error), _) => Err(error),
            (None, 0) => Ok(()),
            (None, received) => Err(FrameError::Cut { received }),
        }
    }

    /// The number of bytes that are not part of a decoded message.
    pub(crate) fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// The bytes that are not part of a decoded message.
    pub(crate) fn into_rest(self) -> Bytes {
        self.buffer.freeze()
    }

    fn read(&mut self) -> Result<Option<Message>, FrameError> {
        let (total, headers) = match self.lengths {
            Some(lengths) => lengths,
            None if self.buffer.len() < PRELUDE => return Ok(None),
            None => {
                let lengths = prelude(&self.buffer[..PRELUDE], self.limits)?;
                self.lengths = Some(lengths);
                lengths
            }
        };
        if self.buffer.len() < total {
            // Do not reserve memory for a length that the peer only claims.
            return Ok(None);
        }
        self.lengths = None;
        let mut frame = self.buffer.split_to(total).freeze();
        let checksum = frame.split_off(total - 4).get_u32();
        if crc32fast::hash(&frame) != checksum {
            return Err(FrameError::MessageChecksum);
        }
        frame.advance(PRELUDE);
        Ok(Some(Message {
            headers: header::read(frame.split_to(headers))?,
            payload: frame,
        }))
    }
}

/// The lengths of a message and of its headers.
fn prelude(mut bytes: &[u8], limits: Limits) -> Result<(usize, usize), FrameError> {
    let expected = crc32fast::hash(&bytes[..PRELUDE - 4]);
    let (total, headers, checksum) = (bytes.get_u32(), bytes.get_u32(), bytes.get_u32());
    if checksum != expected {
        return Err(FrameError::PreludeChecksum);
    }
    let (Ok(total_length), Ok(headers_length)) = (usize::try_from(total), usize::try_from(headers))
    else {
        return Err(FrameError::TooLarge {
            total,
            headers,
            limits,
        });
    };
    let payload = total_length
        .checked_sub(OVERHEAD)
        .and_then(|rest| rest.checked_sub(headers_length))
        .ok_or(FrameError::Lengths { total, headers })?;
    if payload > limits.payload || headers_length > limits.headers {
        return Err(FrameError::TooLarge {
            total,
            headers,
            limits,
        });
    }
    Ok((total_length, headers_length))
}
