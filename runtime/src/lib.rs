//! The runtime of generated code: schemas, values, codecs and errors.
//!
//! A generated type has a static [`Schema`], passes its members to an [`Encoder`] and takes them
//! from a [`Decoder`]. The rest is implemented here, once for all types:
//!
//! - [`Json`]: `to_json` and `from_json` in the wire format, by [`json`];
//! - behind the features `cbor` and `xml`, the same in CBOR and XML;
//! - `serde::Serialize` and `serde::Deserialize` for any format, by [`serde`];
//! - a redacted `Debug`, by [`debug`];
//! - errors with locations, [`DecodeError`], and errors of services, [`ModeledError`] and
//!   [`OperationError`];
//! - behind features: `http`, HTTP messages by schema; `client`, a client for a service; `server`,
//!   a server for an implementation.
//!
//! **Invariant:** the runtime knows no service, shape or member by name.

// docs.rs shows the features that an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "auth", feature = "sigv4"))]
mod auth;
#[cfg(feature = "client")]
mod aws;
#[cfg(feature = "client")]
pub mod client;
mod codec;
#[cfg(all(feature = "client", feature = "endpoints"))]
pub mod endpoint;
pub mod error;
#[cfg(feature = "http")]
pub mod http;
#[cfg(all(feature = "client", feature = "waiters"))]
pub mod jmespath;
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
#[cfg(feature = "cbor")]
pub use codec::cbor::Cbor;
pub use codec::json::Json;
#[cfg(feature = "query")]
pub use codec::query::Query;
#[cfg(feature = "xml")]
pub use codec::xml::Xml;
pub use codec::{debug, json, serde};
pub use error::{DecodeError, EncodeError, Violation};
pub use protocol::service;
pub use schema::{Member, Schema};
pub use service_error::{ModeledError, OperationError, UnmodeledError};
pub use shape::literal::default;
#[doc(hidden)]
pub use shape::private;
#[cfg(feature = "alloy")]
#[doc(hidden)]
pub use shape::unknown;
pub use shape::{
    Decode, DecodeMembers, Decoder, Encode, EncodeMembers, Encoder, HasSchema, MapKey, Shape,
    Structure,
};
pub use stream::ByteStream;
#[cfg(feature = "http")]
pub use stream::event;
#[cfg(feature = "alloy")]
pub use value::Nullable;
pub use value::timestamp;
pub use value::{
    BigDecimal, BigInteger, Blob, Document, DocumentMap, DocumentNumber, Timestamp, UnknownMember,
    UnknownValue,
};

/// Generated code refers to this constant, so that it does not compile with a runtime of another
/// version. To repair that, generate the code again, or depend on the version in the name.
#[doc(hidden)]
pub const GENERATED_FOR_RUNTIME_0_1: () = ();
