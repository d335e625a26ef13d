//! What generated code calls: schemas, values, codecs and errors.
//!
//! A generated type carries a static [`Schema`] and hands its members to an [`Encoder`] or takes them from a [`Decoder`];
//! everything else is here, once for all types:
//!
//! - [`Json`]: `to_json` and `from_json` in wire form, by [`json`];
//! - `serde::Serialize` and `serde::Deserialize` for any format, by [`serde`];
//! - a redacted `Debug`, by [`debug`];
//! - errors that say where: [`DecodeError`], and what a service answers: [`ModeledError`], [`OperationError`];
//! - behind features: `http`, HTTP messages by schema; `client`, what calls a service; `server`, what serves one.
//!
//! **Invariant:** nothing here knows a service, shape or member by name.

#[cfg(feature = "client")]
mod aws;
#[cfg(feature = "client")]
pub mod client;
mod codec;
pub mod error;
#[cfg(feature = "http")]
pub mod http;
mod macros;
pub mod protocol;
pub mod schema;
#[cfg(feature = "server")]
pub mod server;
pub mod service_error;
pub mod shape;
pub mod stream;
#[cfg(feature = "server")]
mod validate;
pub mod value;

pub use codec::Codec;
pub use codec::json::Json;
pub use codec::{debug, json, serde};
pub use error::{DecodeError, EncodeError, Violation};
pub use protocol::service;
pub use schema::{Member, Schema};
pub use service_error::{ModeledError, OperationError, UnmodeledError};
pub use shape::literal::default;
#[doc(hidden)]
pub use shape::private;
pub use shape::{
    Decode, DecodeMembers, Decoder, Encode, EncodeMembers, Encoder, HasSchema, MapKey, Shape,
    Structure, empty,
};
pub use stream::ByteStream;
#[cfg(feature = "http")]
pub use stream::event;
pub use value::timestamp;
pub use value::{
    BigDecimal, BigInteger, Blob, Document, DocumentMap, DocumentNumber, Timestamp, UnknownMember,
    UnknownValue,
};

/// Generated code names this constant, so that a runtime of another version does not compile with
/// it: generate the code again, or depend on the version that the constant names.
#[doc(hidden)]
pub const GENERATED_FOR_RUNTIME_0_1: () = ();
