//! The client. Generated clients are thin wrappers around [`Inner`].
//!
//! A call has three steps. The request is encoded at once, from a borrowed input. When the [`Call`]
//! is awaited, the request is sent within the timeouts and as often as the [`RetryPolicy`] allows.
//! Then the response is decoded into the output or the error. Only the last step knows the types of
//! the operation, which keeps the code that is compiled per operation small.
//!
//! Any service of HTTP requests can be the [`Transport`]. Its type is erased, so that clients have
//! no type parameters.
//!
//! **Invariant:** no modules import each other in a cycle, which a test checks.

mod abort;
mod attempt;
mod build;
mod build_error;
mod call;
mod config;
mod endpoint;
mod error;
#[cfg(feature = "https")]
mod https;
mod inner;
mod pages;
mod random;
mod receive;
mod reply;
mod retry;
mod transport;

#[cfg(test)]
mod tests;

pub use self::build::Builder;
pub use self::build_error::BuildError;
pub use self::call::{Call, WithMetadata};
pub use self::error::{CallError, Error};
pub use self::inner::Inner;
pub use self::pages::{Items, Pages};
pub use self::reply::Metadata;
pub use self::retry::{FailedAttempt, RetryConfig, RetryPolicy, RetryVerdict};
pub use self::transport::{ConnectError, Transport};
pub use crate::http::{Body, BoxError};
#[cfg(feature = "sigv4")]
pub use aws_credential_types::{Credentials, provider::ProvideCredentials};

/// Items that [`client!`](crate::client!) expands to.
#[doc(hidden)]
pub mod bounds {
    pub use bytes::Bytes;
    pub use http::{Request, Response};
    pub use http_body::Body;
    pub use tower_service::Service;
}
