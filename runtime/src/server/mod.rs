//! The server: what a generated trait becomes a service of HTTP requests by.
//!
//! | request | answer |
//! |---|---|
//! | path of no resource | 404 `UnknownOperationException` |
//! | other method | 405 and `Allow` |
//! | `HEAD` on a resource with `GET` | what `GET` answers, without the body |
//! | `OPTIONS` on a resource, service with the `cors` trait | 204, `Allow` and the headers of a preflight |
//! | path with a slash at the end | as without (Smithy 2.0, "Literal character sequences") |
//! | path with two slashes | an empty segment, which only a greedy label can hold; else 404 |
//! | base path missing | 404; [`Router::base_path`] moves it or takes it away |
//! | percent-encoded path | split into segments, then decoded: a label can hold `/` |
//! | `%` without two digits, query that is not UTF-8 | 400 `SerializationException` |
//! | label that is not UTF-8 | 400, as any invalid input |
//! | path and query longer than [`Router::uri_limit`] | 414 `UriTooLongException` |
//! | headers longer than [`Router::header_limit`] | 431 `HeadersTooLargeException` |
//! | body longer than [`Router::body_limit`] | 413 `RequestTooLargeException` |
//! | body longer than [`Router::body_limit_of`], operation with a streaming input | 413 if its length was said, else the stream breaks off |
//! | body without a length, streaming input with `requiresLength` | 411 `LengthRequiredException` |
//! | body of another type than the operation's, or encoded | 415 `UnsupportedMediaTypeException` |
//! | body that is not what `Content-MD5` says, operation with `httpChecksumRequired` | 400 `BadDigest` |
//! | the same without `Content-MD5` or any `x-amz-checksum-..`, or with one that is no digest | 400 `InvalidDigest` |
//! | `Accept` without the type of the operation's answer, or with weight 0 in the closest range | 406 `NotAcceptableException` |
//! | body that is not JSON, is nested deeper than 128 levels or has a number beyond the range of a double where the type does not keep digits | 400 with line, column and pointer |
//! | input that is not what the model says | 400 with all violations, in the error that the model names for it |
//! | `{}` for a structure that is the payload and may be left out | as without: clients write it so |
//! | awsJson: `X-Amz-Target` missing or unknown | 400 `UnknownOperationException` |
//! | awsJson: other path or method | 404, 405 |
//! | awsJson: empty body | an empty document |
//! | panic, answer that cannot be written | 500 `InternalFailure`; only that call is harmed |
//! | no request in time, under `serve` | the connection is closed, over HTTP/2 with GOAWAY |
//! | body that stalls, under `serve` | 408 `RequestTimeoutException` |
//! | what is no HTTP, has several lengths, more than 100 headers, a head of more than 400 KiB or a target of more than 64 KiB, under `serve` | 400, 431 or 414 of the connection: no body, no request id |
//! | implementation that takes longer than [`Router::timeout`] | 503 `ServiceUnavailable` |
//!
//! A label is what its segments say: `.` and `..` are texts like any other, since resolving them is the business of who made the path. A greedy label is
//! not only slashes and does not end with one (Smithy 2.0, "Greedy labels"). A `pattern` matches anywhere in a text unless it is anchored, as Smithy
//! 2.0 says ("pattern trait"); models that mean the whole value write `^` and `$`.
//!
//! Where the input is a stream, the method gets it before it has come, and [`Router::body_limit`] does not hold. What is wrong with the body then (it breaks
//! off, stalls, is too long or is not compressed as it should be) is an error of the stream, which the method sees when it reads on. It may answer before
//! it has read to the end, or without reading at all; what was not read when the answer has been sent may be lost with the connection.
//!
//! Of a value that a model marks as sensitive, and of all that is in it, an answer says what is wrong and where, and nothing that was found there; a key of a map
//! that is sensitive is `*` in a pointer.
//!
//! Every answer carries `x-amzn-requestid`, and the headers of the `cors` trait where the model has it. Errors are documents as the protocol
//! writes them, with a `message`.
//!
//! Each request has a `tracing` span, `request`, with `service`, `request_id`, `operation` (once it is known), `status` and `latency` (from the request to the
//! head of its answer). A call whose caller goes away has neither of the last two. No header, path, query or body is ever traced.

mod call;
mod checksum;
#[cfg(feature = "serve")]
mod connection;
mod context;
mod cors;
mod events;
mod incoming;
mod input;
#[cfg(feature = "serve")]
mod listener;
mod mock;
mod negotiate;
mod peer;
mod rejection;
mod respond;
mod router;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "tls")]
mod tls;

#[cfg(test)]
mod tests;

pub use self::call::{Call, CallFuture};
pub use self::context::RequestContext;
#[cfg(feature = "serve")]
pub use self::listener::Listener;
pub use self::mock::{Mock, RecordedCall};
pub use self::peer::{Peer, TlsInfo, UnixCredentials};
pub use self::router::{Handler, ResponseFuture, Router};
#[cfg(feature = "serve")]
pub use self::serve::{Serve, serve};
#[cfg(feature = "tls")]
pub use self::tls::{TlsIdentity, TlsIdentityError, TlsListener, TlsStream};
pub use crate::http::{Body, BoxError};

/// `server_handlers!(S: method, ..)`: answers the calls of each operation by the method of the implementation `S`.
#[doc(hidden)]
#[macro_export]
macro_rules! server_handlers {
    ($service:ident: $($method:ident),* $(,)?) => {
        &[$(
            |service: ::std::sync::Arc<$service>, call: $crate::server::Call| -> $crate::server::CallFuture {
                ::std::boxed::Box::pin(async move {
                    let input = match call.input() {
                        ::core::result::Result::Ok(input) => input,
                        ::core::result::Result::Err(response) => return *response,
                    };
                    let result = $service::$method(&service, input, call.context()).await;
                    call.respond(result)
                })
            }
        ),*]
    };
}
