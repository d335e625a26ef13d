//! The content of a message: bytes, a stream of bytes, or a stream of events.

use bytes::Bytes;

use crate::codec::Codec;
use crate::codec::payload::mismatches;
use crate::error::{DecodeError, EncodeError};
use crate::http::Body;
use crate::schema::Member;
use crate::shape::{DecodeList, DecodeMap, DecodeMembers, Decoder, EncodeStream, StreamHandle};
use crate::stream::ByteStream;
use crate::stream::event::{EventSource, Incoming};
use crate::value::{Blob, Document, Timestamp};

/// The content of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// Buffered bytes.
    Bytes(Bytes),
    /// A stream that is read or written during the transfer.
    Stream(ByteStream),
    /// Events that are read as they arrive.
    Events(Incoming),
}

impl Content {
    /// The content of a streaming member to send. `codec` encodes the documents of events.
    ///
    /// # Errors
    ///
    /// If the stream was already sent, or if its length is required and unknown.
    pub(crate) fn from_member(
        member: &Member,
        stream: &dyn EncodeStream,
        codec: &'static dyn Codec,
    ) -> Result<Self, EncodeError> {
        let handle = stream
            .take()
            .map_err(|error| EncodeError::new(format!("`{}`: {error}", member.name)))?;
        let stream = match handle.downcast::<ByteStream>() {
            Ok(stream) => stream,
            Err(handle) => handle
                .downcast::<Box<dyn EventSource>>()
                .map(|events| events.into_messages(codec))
                .map_err(|_| member.unexpected_stream())?,
        };
        if member.requires_length && stream.length().is_none() {
            return Err(EncodeError::new(format!(
                "the length of `{}` must be known before it is sent: set it with \
                 `ByteStream::with_length`",
                member.name
            )));
        }
        Ok(match stream.as_bytes() {
            Some(bytes) => Self::Bytes(bytes.clone()),
            None => Self::Stream(stream),
        })
    }

    /// The buffered bytes; empty for a stream, from which no document is decoded.
    pub(crate) fn bytes(&self) -> &Bytes {
        static EMPTY: Bytes = Bytes::new();
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Stream(_) | Self::Events(_) => &EMPTY,
        }
    }

    /// The bytes, unless the content is a stream.
    #[cfg(any(feature = "sigv4", all(feature = "client", feature = "customizations")))]
    pub(crate) fn buffered(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Stream(_) | Self::Events(_) => None,
        }
    }

    /// The stream, if the content is one.
    pub(crate) fn stream(&self) -> Option<&ByteStream> {
        match self {
            Self::Stream(stream) => Some(stream),
            Self::Bytes(_) | Self::Events(_) => None,
        }
    }

    /// Prepares the content to be sent again; false if part of it was read already.
    pub(crate) fn rewind(&mut self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Stream(stream) => stream.rewind(),
            Self::Events(_) => false,
        }
    }

    /// The body of a message that may be sent again: this value keeps the stream until its first
    /// chunk is read.
    pub(crate) fn to_body(&self) -> Body {
        match self {
            Self::Bytes(bytes) => Body::from(bytes.clone()),
            Self::Stream(stream) => Body::new(stream.clone()),
            Self::Events(events) => Body::new(events.clone().into_bytes()),
        }
    }

    /// The body of a message.
    pub(crate) fn into_body(self) -> Body {
        match self {
            Self::Bytes(bytes) => Body::from(bytes),
            Self::Stream(stream) => stream.into_body(),
            Self::Events(events) => events.into_bytes().into_body(),
        }
    }
}

/// Decodes a streaming member.
pub(crate) struct StreamPayload<'c>(pub(crate) &'c Content);

impl Decoder for StreamPayload<'_> {
    fn is_null(&self) -> bool {
        false
    }

    fn stream(&mut self, _: &'static Member) -> Result<Option<StreamHandle>, DecodeError> {
        Ok(Some(match self.0 {
            Content::Bytes(bytes) => StreamHandle::new(ByteStream::from(bytes.clone())),
            Content::Stream(stream) => StreamHandle::new(stream.clone()),
            Content::Events(events) => StreamHandle::new(events.clone()),
        }))
    }

    mismatches! {
        "a value", "a stream":
        boolean() -> bool;
        integer() -> i64;
        double() -> f64;
        number() -> String;
        text(take: &mut dyn FnMut(&str)) -> ();
        blob() -> Blob;
        timestamp() -> Timestamp;
        document() -> Document;
        list(list: &mut dyn DecodeList) -> ();
        map(map: &mut dyn DecodeMap) -> ();
        structure(structure: &mut dyn DecodeMembers) -> ();
    }
}
