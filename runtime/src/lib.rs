//! What generated code calls: schemas, values, codecs and errors.
//!
//! A generated type carries a static [`Schema`] and hands its members to an [`Encoder`] or takes them from a [`Decoder`];
//! everything else is here, once for all types:
//!
//! - [`Json`]: `to_json` and `from_json` in wire form, by [`json`];
//! - `serde::Serialize` and `serde::Deserialize` for any format, by [`serde`];
//! - a redacted `Debug`, by [`debug`];
//! - errors that say where: [`DecodeError`], and what a service answers: [`ModeledError`], [`OperationError`];
//! - behind features: `http`, HTTP messages by schema; `client`, what calls a service; `server`, what answers for one;
//!   `event-stream`, streams of events.
//!
//! **Invariant:** nothing here knows a service, shape or member by name.

#[cfg(feature = "client")]
pub mod client;
pub mod debug;
mod decode;
pub mod error;
#[cfg(feature = "event-stream")]
pub mod event;
#[cfg(feature = "http")]
pub mod http;
pub mod json;
mod literal;
mod macros;
mod number;
mod primitive;
pub mod schema;
pub mod serde;
#[cfg(feature = "server")]
pub mod server;
pub mod service;
pub mod shape;
mod sink;
pub mod stream;
pub mod timestamp;
pub mod value;
pub mod violation;

pub use error::{ModeledError, OperationError, UnmodeledError};
pub use json::Json;
pub use literal::default;
pub use schema::{Member, Schema};
pub use shape::{Decode, Decoder, Encode, Encoder, HasSchema, MapKey, Structure, empty};
pub use stream::ByteStream;
pub use value::{BigDecimal, BigInteger, Blob, Document, Timestamp, UnknownMember, UnknownValue};
pub use violation::{DecodeError, EncodeError, Violation};
