//! Event streams (Smithy 2.0, "Event streams"; Amazon Event Stream Specification).
//!
//! An [`EventStream`] is a member of an input or output. A sender creates it from a stream of
//! events, a list of events or a [channel](EventStream::channel). A receiver reads it as a stream,
//! or event by event with [`event`](EventStream::event).
//!
//! An event is a member of a union with the `streaming` trait. It is sent as a [`Message`]: typed
//! headers and a payload, in a frame with checksums. [`MessageDecoder`] finds frames in bytes as
//! they arrive. The schema of the event determines the content of the message:
//!
//! | message | result |
//! |---|---|
//! | `:message-type` `event`, `:event-type` of the union | an event |
//! | `:message-type` `event`, other `:event-type` | the union's `Unknown` for a client, an error for a service |
//! | `:message-type` `event`, `initial-request` or `initial-response` | the members beside the stream, if the protocol has no HTTP bindings; else skipped |
//! | `:message-type` `exception`, `:exception-type` of the union | [`StreamError::Service`] |
//! | `:message-type` `exception`, other `:exception-type` | [`StreamError::Unmodeled`] |
//! | `:message-type` `error` | [`StreamError::Unmodeled`] |
//! | other or missing `:message-type`, or an event that does not match the model | [`StreamError::Event`] |
//! | wrong checksum, lengths or headers, or an end inside a message | [`StreamError::Frame`] |
//!
//! An error ends a stream on both sides.

#![cfg_attr(
    not(all(feature = "client", feature = "server")),
    allow(dead_code, reason = "each side has its half")
)]

mod channel;
mod decode;
mod encode;
mod error;
mod header;
mod incoming;
mod message;
mod outgoing;
#[cfg(feature = "server")]
mod signed;
mod stream;

pub use self::channel::{Closed, EventSender};
pub(crate) use self::encode::initial;
#[cfg(feature = "server")]
pub(crate) use self::encode::unmodeled;
pub use self::error::{InvalidEvent, StreamError};
pub use self::header::HeaderValue;
#[cfg(feature = "sigv4")]
pub(crate) use self::header::write as write_header;
#[cfg(feature = "server")]
pub(crate) use self::incoming::Guard;
pub use self::incoming::Incoming;
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use self::incoming::Reader;
pub use self::message::{FrameError, Limits, Message, MessageDecoder};
pub(crate) use self::outgoing::Prefixed;
#[cfg(all(feature = "server", feature = "sigv4"))]
pub(crate) use self::signed::VerifyMessages;
#[cfg(feature = "server")]
pub(crate) use self::signed::{SignedEventError, unwrapped};
pub(crate) use self::stream::EventSource;
pub use self::stream::EventStream;

/// The media type of a body of messages.
pub const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";

/// The header with the time of a signature.
#[cfg(any(feature = "server", feature = "sigv4"))]
pub(crate) const DATE: &str = ":date";
/// The header with a signature.
#[cfg(any(feature = "server", feature = "sigv4"))]
pub(crate) const SIGNATURE: &str = ":chunk-signature";

const MESSAGE_TYPE: &str = ":message-type";
const EVENT_TYPE: &str = ":event-type";
const EXCEPTION_TYPE: &str = ":exception-type";
const CONTENT_TYPE: &str = ":content-type";
const ERROR_CODE: &str = ":error-code";
const ERROR_MESSAGE: &str = ":error-message";
