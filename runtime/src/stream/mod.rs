//! Blobs that are not held in memory (Smithy 2.0, "Streaming").

#[cfg(feature = "http")]
pub mod event;
#[cfg(feature = "http")]
mod flowing;

use std::fmt;

use bytes::Bytes;

use crate::error::{DecodeError, EncodeError};
use crate::schema::Member;
use crate::shape::{Decode, Decoder, Encode, EncodeStream, Encoder, StreamHandle};
use crate::value::Blob;

#[cfg(feature = "http")]
use self::flowing::Flow;

/// The bytes of a streaming blob: at hand, or a stream that is read once.
///
/// It is made of bytes and text by `From` and, with the feature `http`, of any body by `new` and of any stream by
/// `from_stream`. It is read as a stream or body, piece by piece with `chunk`, or whole with
/// `collect`. Without that feature nothing is there that could send or receive a stream, and all there is are bytes at hand.
///
#[cfg_attr(
    feature = "http",
    doc = r#"
```
# use drawplate_runtime::ByteStream;
# async fn example() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
let mut body = ByteStream::from("all at hand");
assert_eq!(body.length(), Some(11));
while let Some(piece) = body.chunk().await? {
    println!("{} bytes", piece.len());
}
# Ok(())
# }
```
"#
)]
/// A clone of bytes at hand is as good as the original. Of a stream it is another handle: what is read or sent by one is gone for the other, and
/// sending a stream that was sent already is an error. In JSON, and in any format of serde, bytes at hand are a blob; a stream that is not at hand is
/// refused there. Two are equal when they are equal bytes at hand or handles of one stream.
#[derive(Clone)]
pub struct ByteStream(Kind);

#[derive(Clone)]
enum Kind {
    Bytes(Bytes),
    #[cfg(feature = "http")]
    Flow(Flow),
}

impl ByteStream {
    /// No bytes.
    pub const fn empty() -> Self {
        Self(Kind::Bytes(Bytes::new()))
    }

    /// The bytes, where they are at hand.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes),
            #[cfg(feature = "http")]
            Kind::Flow(_) => None,
        }
    }

    /// How many bytes are still to come, where that is known.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes.len() as u64),
            #[cfg(feature = "http")]
            Kind::Flow(flow) => flow.length(),
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
            (Kind::Bytes(one), Kind::Bytes(other)) => one == other,
            #[cfg(feature = "http")]
            (Kind::Flow(one), Kind::Flow(other)) => one.is(other),
            #[cfg(feature = "http")]
            _ => false,
        }
    }
}

/// What streams bring may be sensitive and is not shown.
impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length() {
            Some(length) => write!(f, "ByteStream({length} bytes)"),
            None => f.write_str("ByteStream(unknown length)"),
        }
    }
}

/// From what a stream is made: one `From` per type.
macro_rules! stream_from {
    ($($source:ty: $bytes:path;)*) => {
        $(impl From<$source> for ByteStream {
            fn from(bytes: $source) -> Self {
                Self(Kind::Bytes($bytes(bytes)))
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
            Kind::Bytes(bytes) => Self(Kind::Bytes(bytes.clone())),
            #[cfg(feature = "http")]
            Kind::Flow(flow) => flow
                .take()
                .map(Self::from)
                .ok_or_else(|| EncodeError::new(flowing::TAKEN))?,
        };
        Ok(StreamHandle::new(stream))
    }
}

/// The stream, if it is one of bytes.
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
