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
mod auth;
mod build;
mod build_error;
mod call;
#[cfg(feature = "sigv4")]
mod clock;
mod config;
#[cfg(feature = "customizations")]
mod customized;
mod endpoint;
mod error;
#[cfg(feature = "https")]
mod https;
mod inner;
mod pages;
#[cfg(feature = "sigv4")]
mod presign;
mod random;
mod receive;
#[cfg(feature = "endpoints")]
mod recent;
#[cfg(all(feature = "customizations", feature = "endpoints"))]
mod regions;
mod reply;
mod resolver;
mod retry;
#[cfg(feature = "endpoints")]
mod rules;
mod transport;
mod user_agent;
#[cfg(feature = "customizations")]
mod virtual_hosts;
#[cfg(feature = "waiters")]
pub mod waiter;

#[cfg(test)]
mod tests;

#[cfg(feature = "auth")]
pub use self::auth::{HasApiKeyAuth, HasBasicAuth, HasBearerAuth};
pub use self::build::Builder;
pub use self::build_error::BuildError;
pub use self::call::{Call, WithMetadata};
pub use self::error::{CallError, Error};
pub use self::inner::Inner;
pub use self::pages::{Items, Pages};
pub use self::reply::Metadata;
pub use self::retry::{FailedAttempt, RetryConfig, RetryPolicy, RetryVerdict};
pub use self::transport::{ConnectError, Transport};
#[cfg(feature = "waiters")]
pub use self::waiter::{FinalResponse, Wait, WaitError, Waiter};
#[cfg(feature = "auth")]
pub use crate::auth::{ApiKey, BasicCredentials, BearerToken, ProvideIdentity};
#[cfg(feature = "sigv4")]
pub use crate::aws::{
    credentials::{Credentials, EnvironmentCredentials, ProvideCredentials},
    sigv4::PresignedRequest,
};
pub use crate::http::{Body, BoxError};

/// Items that [`client!`](crate::client!) expands to.
#[doc(hidden)]
pub mod bounds {
    pub use bytes::Bytes;
    pub use http::{Request, Response};
    pub use http_body::Body;
    pub use tower_service::Service;
}

/// `client!(Client: SERVICE)` implements the constructors of a generated client, which are called
/// `builder` and `in_process` unless `client!(Client: SERVICE { builder, in_process })` has other
/// names. With `client!(Client: SERVICE { builder })`, there is no `in_process`. Endpoint rules
/// follow as in `client!(Client: SERVICE, RULES)`.
#[macro_export]
macro_rules! client {
    ($client:ident: $service:path $(, $rules:path)?) => {
        $crate::client!($client: $service { builder, in_process } $(, $rules)?);
    };
    ($client:ident: $service:path { $builder:ident, $in_process:ident $(,)? } $(, $rules:path)?) => {
        $crate::client!($client: $service { $builder } $(, $rules)?);

        impl $client {
            /// Creates a client that calls a service in the same process, such as a server of the
            /// same model. Requests and responses are encoded and decoded as usual, but no socket
            /// is used.
            pub fn $in_process<S, B>(service: S) -> Self
            where
                S: $crate::client::bounds::Service<
                        $crate::client::bounds::Request<$crate::client::Body>,
                        Response = $crate::client::bounds::Response<B>,
                    > + ::core::clone::Clone
                    + ::core::marker::Send
                    + ::core::marker::Sync
                    + 'static,
                S::Error: ::core::convert::Into<$crate::client::BoxError>,
                S::Future: ::core::marker::Send,
                B: $crate::client::bounds::Body<Data = $crate::client::bounds::Bytes>
                    + ::core::marker::Send
                    + 'static,
                B::Error: ::core::convert::Into<$crate::client::BoxError>,
            {
                Self($crate::client::Inner::in_process(&$service, service))
            }
        }
    };
    ($client:ident: $service:path { $builder:ident $(,)? } $(, $rules:path)?) => {
        impl $client {
            /// Sets up a client.
            #[inline]
            pub fn $builder() -> $crate::client::Builder<Self> {
                $crate::client::Builder::new(&$service)$(.endpoint_rules(&$rules))?
            }
        }

        impl ::core::convert::From<$crate::client::Inner> for $client {
            #[inline]
            fn from(inner: $crate::client::Inner) -> Self {
                Self(inner)
            }
        }
    };
}
