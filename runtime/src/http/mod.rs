//! HTTP messages by schema: where members travel in requests and answers (Smithy 2.0, "HTTP protocol bindings").
//!
//! Writing and reading are mirror halves and do not know which side they work for: `encode` takes a structure apart into
//! path, query, headers, status and body, `decode` puts one together from them. A client writes inputs and reads
//! outputs and errors; a server does the reverse by the same functions.
//!
//! Under the awsJson protocols nothing is bound: all members are in the document.

#![cfg_attr(
    not(all(feature = "client", feature = "server")),
    allow(dead_code, reason = "each side has its half")
)]

pub mod body;
#[cfg(feature = "gzip")]
pub(crate) mod gzip;
#[cfg(any(feature = "client", feature = "serve"))]
pub(crate) mod idle_timeout;
pub(crate) mod length;
pub(crate) mod uuid;

pub use body::{Body, BodyError, BoxError};

use crate::stream::ByteStream;

use crate::protocol::service::{Protocol, Service};

/// What a message holds behind its head.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// All of it.
    Bytes(bytes::Bytes),
    /// What is read or written when it comes or goes.
    Stream(ByteStream),
    /// Events that are read when they come.
    Events(crate::stream::event::Incoming),
}

/// The content type of streams of events, under any protocol (Amazon Event Stream Specification).
pub(crate) const EVENTS: &str = "application/vnd.amazon.eventstream";

impl Content {
    /// The bytes at hand; none of a stream, which no document is read from.
    pub(crate) fn bytes(&self) -> &bytes::Bytes {
        static NONE: bytes::Bytes = bytes::Bytes::new();
        match self {
            Self::Bytes(bytes) => bytes,
            _ => &NONE,
        }
    }

    /// The bytes, unless it is a stream.
    #[cfg(feature = "sigv4")]
    pub(crate) fn at_hand(&self) -> Option<&bytes::Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The stream, if it is one.
    pub(crate) fn stream(&self) -> Option<&ByteStream> {
        match self {
            Self::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    /// Makes it ready to be sent once more; false where some of it is gone.
    pub(crate) fn renew(&mut self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Stream(stream) => stream.renew(),
            Self::Events(_) => false,
        }
    }

    /// The body of a message that may have to be sent once more: a stream stays here until the first piece of it is read.
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

impl Protocol {
    /// The content type of its documents.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::RestJson1 => "application/json",
            Self::AwsJson1_0 => "application/x-amz-json-1.0",
            Self::AwsJson1_1 => "application/x-amz-json-1.1",
        }
    }

    /// Members are bound to parts of the message.
    pub(crate) const fn binds(self) -> bool {
        matches!(self, Self::RestJson1)
    }
}

impl Service {
    /// The name of the shape without its namespace.
    pub fn name(&self) -> &'static str {
        self.id.rsplit('#').next().unwrap_or(self.id)
    }
}
