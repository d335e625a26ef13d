//! Blobs that are not held in memory (Smithy 2.0, "Streaming").

#[cfg(feature = "http")]
pub mod event;
#[cfg(feature = "http")]
mod shared;

use std::fmt;

use bytes::Bytes;

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, EncodeStream, Encoder, StreamHandle};
use crate::value::Blob;

#[cfg(feature = "http")]
use self::shared::SharedBody;

/// The bytes of a streaming blob: buffered in memory, or a stream that can be read once.
///
/// Bytes and text convert with `From`; with the feature `http`, any body with `new` and any stream
/// with `from_stream`. Read it as a stream or body, chunk by chunk with `chunk`, or as a whole with
/// `collect`. Without that feature it only holds buffered bytes.
///
#[cfg_attr(
    feature = "http",
    doc = r#"
```
# use drawplate_runtime::ByteStream;
# async fn example() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
let mut body = ByteStream::from("in memory");
assert_eq!(body.length(), Some(9));
while let Some(chunk) = body.chunk().await? {
    println!("{} bytes", chunk.len());
}
# Ok(())
# }
```
"#
)]
/// A clone of buffered bytes is independent. A clone of a stream is another handle: bytes that one
/// handle reads or sends are gone for the others, and sending a stream twice is an error. Codecs
/// and serde formats encode buffered bytes as a blob, and fail to encode a stream. Two values are
/// equal if they are equal buffered bytes or handles of one stream.
#[derive(Clone)]
pub struct ByteStream(Repr);

#[derive(Clone)]
enum Repr {
    Bytes(Bytes),
    #[cfg(feature = "http")]
    Shared(SharedBody),
}

impl ByteStream {
    /// An empty blob.
    pub const fn empty() -> Self {
        Self(Repr::Bytes(Bytes::new()))
    }

    /// The bytes, if they are buffered.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Repr::Bytes(bytes) => Some(bytes),
            #[cfg(feature = "http")]
            Repr::Shared(_) => None,
        }
    }

    /// The number of bytes that remain, if it is known.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Repr::Bytes(bytes) => Some(bytes.len() as u64),
            #[cfg(feature = "http")]
            Repr::Shared(body) => body.length(),
        }
    }
}

impl Default for ByteStream {
    fn default() -> Self {
        Self::empty()
    }
}

impl PartialEq for ByteStream {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Bytes(one), Repr::Bytes(other)) => one == other,
            #[cfg(feature = "http")]
            (Repr::Shared(one), Repr::Shared(other)) => one.is(other),
            #[cfg(feature = "http")]
            _ => false,
        }
    }
}

/// Does not show the bytes, which may be sensitive.
impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length() {
            Some(length) => write!(f, "ByteStream({length} bytes)"),
            None => f.write_str("ByteStream(unknown length)"),
        }
    }
}

/// Implements `From` for each type that converts to buffered bytes.
macro_rules! stream_from {
    ($($source:ty: $bytes:path;)*) => {
        $(impl From<$source> for ByteStream {
            fn from(bytes: $source) -> Self {
                Self(Repr::Bytes($bytes(bytes)))
            }
        })*
    };
}

stream_from! {
    Bytes: std::convert::identity;
    Blob: Blob::into_bytes;
    Vec<u8>: Bytes::from;
    String: Bytes::from;
    &'static [u8]: Bytes::from_static;
}

impl From<&'static str> for ByteStream {
    fn from(text: &'static str) -> Self {
        Self::from(text.as_bytes())
    }
}

impl<const N: usize> From<&'static [u8; N]> for ByteStream {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl EncodeStream for ByteStream {
    fn buffered(&self) -> Option<Bytes> {
        self.as_bytes().cloned()
    }

    fn take(&self) -> Result<StreamHandle, EncodeError> {
        let stream = match &self.0 {
            Repr::Bytes(bytes) => Self(Repr::Bytes(bytes.clone())),
            #[cfg(feature = "http")]
            Repr::Shared(body) => body
                .take()
                .map(Self::from)
                .ok_or_else(|| EncodeError::new(shared::ALREADY_CONSUMED))?,
        };
        Ok(StreamHandle::new(stream))
    }
}

/// Fails for a stream of events.
impl TryFrom<StreamHandle> for ByteStream {
    type Error = StreamHandle;

    fn try_from(handle: StreamHandle) -> Result<Self, StreamHandle> {
        handle.downcast()
    }
}

impl Encode for ByteStream {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.stream(member, self)
    }
}

impl Decode for ByteStream {
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        match decoder.stream(member)? {
            Some(stream) => stream
                .downcast()
                .map_err(|_| DecodeError::mismatch("a stream of bytes", "a stream of events")),
            None => decoder.blob(member).map(Self::from),
        }
    }

    fn empty() -> Self {
        Self::empty()
    }
}
