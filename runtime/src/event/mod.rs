//! Streams of events (Smithy 2.0, "Event streams"; Amazon Event Stream Specification).
//!
//! An event is a member of a union with the `streaming` trait and travels as a [`Message`]: headers with types and a payload, in a frame with checksums.
//! [`MessageDecoder`] finds frames in bytes as they arrive.

mod header;
mod message;

pub use self::header::HeaderValue;
pub use self::message::{FrameError, Limits, Message, MessageDecoder};

/// The media type of a body of messages.
pub const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";
