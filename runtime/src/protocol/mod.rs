//! Protocols: they convert the inputs and outputs of operations to HTTP messages, and back.
//!
//! A [`Protocol`] is an object. It owns a codec, binds inputs to requests and outputs to responses,
//! encodes errors and routes requests. There are two kinds, each with a shared module: protocols
//! with HTTP bindings (`rest`) and protocols that put the whole input into the body (`rpc`). To add
//! one, implement [`Protocol`], [`Messages`] and, unless it has no server, [`ServerProtocol`] in a
//! new file.

#![cfg_attr(
    not(all(feature = "client", feature = "server")),
    allow(dead_code, reason = "the client and the server use one half each")
)]

mod aws_json;
#[cfg(feature = "http")]
pub(crate) mod bind;
#[cfg(feature = "http")]
#[cfg(feature = "checksums")]
mod checksum;
#[cfg(feature = "http")]
pub(crate) mod content;
mod customizations;
#[cfg(feature = "http")]
pub(crate) mod error;
#[cfg(feature = "http")]
pub(crate) mod messages;
#[cfg(feature = "query")]
mod query;
#[cfg(feature = "http")]
pub(crate) mod request;
#[cfg(feature = "http")]
pub(crate) mod response;
#[cfg(feature = "http")]
mod rest;
mod rest_json;
#[cfg(feature = "xml")]
mod rest_xml;
#[cfg(feature = "http")]
pub(crate) mod routes;
#[cfg(feature = "http")]
mod rpc;
mod rpc_v2;
pub mod service;

use std::fmt;

use crate::codec::Codec;
use crate::shape::private::Sealed;

pub use self::aws_json::{AWS_JSON_1_0, AWS_JSON_1_1, AwsJson};
#[cfg(feature = "query")]
pub use self::query::{AWS_QUERY, EC2_QUERY, Query};
pub use self::rest_json::{REST_JSON_1, RestJson, SIMPLE_REST_JSON};
#[cfg(feature = "xml")]
pub use self::rest_xml::{REST_XML, REST_XML_UNWRAPPED_ERRORS, RestXml};
#[cfg(feature = "cbor")]
pub use self::rpc_v2::RPC_V2_CBOR;
pub use self::rpc_v2::{RPC_V2_JSON, RpcV2};

#[cfg(feature = "http")]
#[doc(hidden)]
pub use self::messages::{Messages, ServerProtocol};

/// A protocol: its messages and the codec of its documents. Sealed, since methods may be added.
pub trait Protocol: fmt::Debug + Send + Sync + Sealed {
    /// The absolute ID of the protocol trait, such as `aws.protocols#restJson1`.
    fn id(&self) -> &'static str;

    /// The codec of its documents.
    fn codec(&self) -> &'static dyn Codec;

    /// The media type of its documents.
    fn media_type(&self) -> &'static str {
        self.codec().media_type()
    }

    /// Its HTTP messages.
    #[cfg(feature = "http")]
    #[doc(hidden)]
    fn messages(&self) -> &dyn Messages;
}

#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;
#[cfg(all(test, feature = "client", feature = "server"))]
mod toy;
