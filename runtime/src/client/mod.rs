//! The client: what a generated `Client` is a thin layer over.
//!
//! A call is made in three steps. The request is encoded at once, from a borrowed input; when the [`Call`] is awaited it is sent, as often as
//! the [`Retries`] allow and within the timeouts; at last the answer is read into the output or error. Only that last step knows the operation's
//! types, so that an operation costs a program next to nothing.
//!
//! Anything that takes HTTP requests can be the [`Transport`]; no type parameter of it reaches the user.

mod build;
mod call;
pub(crate) mod core;
mod endpoint;
mod error;
mod events;
#[cfg(feature = "https")]
mod https;
mod pages;
mod receive;
mod reply;
mod retry;
mod token;
mod transport;

#[cfg(test)]
mod tests;

pub use self::build::{BuildError, Builder};
pub use self::call::{Call, WithMetadata};
pub use self::core::Core;
pub use self::error::{Error, Failure};
pub use self::pages::{Items, Pages};
pub use self::reply::Metadata;
pub use self::retry::Retries;
pub use self::transport::{NotSent, Transport};
pub use crate::http::{Body, BoxError};
#[cfg(feature = "sigv4")]
pub use aws_credential_types::{Credentials, provider::ProvideCredentials};

/// What [`client!`](crate::client!) names.
#[doc(hidden)]
pub mod bounds {
    pub use bytes::Bytes;
    pub use http::{Request, Response};
    pub use http_body::Body;
    pub use tower_service::Service;
}
