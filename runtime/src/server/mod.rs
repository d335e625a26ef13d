//! The server: turns an implementation of a generated trait into a service of HTTP requests.
//!
//! | request | response |
//! |---|---|
//! | path without a resource | 404 `UnknownOperationException` |
//! | method that the resource does not have | 405 and `Allow` |
//! | `HEAD` on a resource with `GET` | the response to `GET`, without the body |
//! | `OPTIONS` on a resource, service with the `cors` trait | 204, `Allow` and the headers of a preflight response |
//! | path with a slash at the end | as without it (Smithy 2.0, "Literal character sequences"), except for a greedy label there |
//! | the same, if the method needs a label there | 404: no label is empty |
//! | path with two slashes in a row | an empty segment, which only a greedy label matches; else 404 |
//! | base path missing | 404; [`Router::base_path`] changes or removes the base path |
//! | percent-encoded path | split into segments, then decoded: a label can contain `/` |
//! | `%` without two hexadecimal digits, query that is not UTF-8 | 400 `SerializationException` |
//! | label that is not UTF-8 | 400, as for any invalid input |
//! | path and query longer than [`Router::uri_limit`] | 414 `UriTooLongException` |
//! | headers longer than [`Router::header_limit`] | 431 `HeadersTooLargeException` |
//! | body longer than [`Router::body_limit`] | 413 `RequestTooLargeException` |
//! | body whose values need more memory than [`Router::memory_limit`] | 413 `RequestTooLargeException` |
//! | body longer than [`Router::body_limit_of`], operation with a streaming input | 413 if the request states its length, else the stream breaks off |
//! | body without a length, streaming input with `requiresLength` | 411 `LengthRequiredException` |
//! | body with a content type other than the operation's, text with a charset other than UTF-8 | 415 `UnsupportedMediaTypeException` |
//! | no valid credentials for an operation that requires some | 401 `UnauthorizedException` and `WWW-Authenticate`, before the body is read |
//! | credentials that do not suffice for the operation | 403 `AccessDeniedException`, the same |
//! | `Content-Encoding: gzip`, with the feature `gzip` | as without compression, for every operation; limits apply to both lengths |
//! | `Content-Encoding: aws-chunked` or signed chunks, with the feature `checksums`, operation with a checksum or service that is signed | as without chunks; limits apply to the decoded body |
//! | such a body with a wrong signature of a chunk or trailer | 403 `InvalidSignatureException`, in XML `SignatureDoesNotMatch` |
//! | such a body with another checksum than in the trailer | 400 `BadDigest` |
//! | such a body with malformed chunks or another length than `x-amz-decoded-content-length` | 400 `IncompleteBody` |
//! | such a body with a malformed trailer, or another one than `x-amz-trailer` names | 400 `MalformedTrailerError` |
//! | such a body with headers that contradict one another, or a trailer that is no checksum | 400 `InvalidRequest` |
//! | such a body without `x-amz-decoded-content-length` | 411 `MissingContentLength` |
//! | such a body with a signed chunk of more than 1 MiB | 413 `RequestTooLargeException` |
//! | signed chunks without the feature `checksums`, signed events for an operation without events | 501 `NotImplemented` |
//! | first event of an RPC protocol with a wrong signature | 403 `InvalidSignatureException`; a wrong signature of any other event ends the stream |
//! | any other encoding | 415 `UnsupportedMediaTypeException` |
//! | body that does not match `Content-MD5`, operation with `httpChecksumRequired` | 400 `BadDigest` |
//! | the same without `Content-MD5` and any `x-amz-checksum-..`, or with an invalid digest | 400 `InvalidDigest` |
//! | body that does not match a header `x-amz-checksum-..`, operation with `httpChecksum` | 400 `BadDigest` |
//! | `Accept` without the type of the operation's response, or with weight 0 in the closest range | 406 `NotAcceptableException` |
//! | malformed document, nesting deeper than 128 levels, number beyond the range of a double for a type that does not keep digits | 400 with line, column and pointer |
//! | input that violates the model | 400 with all violations, in the error that the model names for them |
//! | `{}` for an optional structure that is the payload | as without a body: clients send it |
//! | awsJson: `X-Amz-Target` missing or unknown | 400 `UnknownOperationException` |
//! | rpcv2: `Smithy-Protocol` missing or another, or `X-Amz-Target` present | 400 `UnknownOperationException` |
//! | awsJson: other path or method | 404, 405 |
//! | awsJson: empty body | as an empty document |
//! | member of an output bound to `Content-Length` | the length of the response to `HEAD`, or of a stream of unknown length, which must have it; otherwise not used |
//! | member of an output bound to another header that delimits messages or manages connections | not sent |
//! | member of an output bound to the status, with the default that is no status | the status of the operation |
//! | panic, response that cannot be encoded, status outside 200 to 999 | 500 `InternalFailure`; other calls are not affected |
//! | no request in time, under `serve` | the connection is closed, over HTTP/2 with GOAWAY |
//! | body that stalls, or arrives at less than the minimum rate, under `serve` | 408 `RequestTimeoutException` |
//! | response that is not read, or at less than the minimum rate, under `serve` | the connection is closed |
//! | connection above [`Serve::max_connections`] | the connection that has kept the server waiting longest is closed |
//! | no host, several, an invalid one, or one other than `:authority`, under `serve` | 400 from the connection, as text without a request ID |
//! | `Transfer-Encoding` other than `chunked`, under `serve` | 501 from the connection, the same |
//! | malformed HTTP, several lengths, more than 100 headers, a head of more than 128 KiB or a target of more than 64 KiB, under `serve` | 400, 431 or 414 from the connection, without a body and a request ID |
//! | `GET` or `HEAD` on the path of `Router::openapi`, with the feature `openapi` | the OpenAPI document, or 304 if `If-None-Match` has its tag |
//! | the same below the path of `Router::console`, with the feature `console` | the page and its parts |
//! | implementation that takes longer than [`Router::timeout`] | 503 `ServiceUnavailable` |
//!
//! Labels are literal: the segments `.` and `..` are ordinary text, since resolving them is up to
//! the client. A greedy label at the end of a route is the rest of the path with all its slashes,
//! also that at the end, so that clients can send any text. Elsewhere it must contain more than
//! slashes (Smithy 2.0, "Greedy labels"). A `pattern` matches anywhere in a text unless it is
//! anchored, as Smithy 2.0 specifies ("pattern trait"); models that constrain the whole value write
//! `^` and `$`.
//!
//! A method with a streaming input is called before the body has arrived, and
//! [`Router::body_limit`] does not apply. A problem with the body (it breaks off, stalls, is too
//! long, is not compressed correctly, or has a wrong signature or checksum) is an error of the
//! stream, which the method sees when it reads on. The method may respond before it has read to the
//! end, or without reading at all; the rest of the body may be lost with the connection once the
//! response has been sent.
//!
//! For a sensitive value and everything inside it, a response describes the violation and its
//! location, and never shows the value. A key of a sensitive map is `*` in a pointer.
//!
//! The rejections of credentials, 401 and 403, are errors of the model instead if the operation has
//! one with that status which requires no more than a message.
//!
//! If the model has an error with the name of a rejection, the body has the shape of that error; if
//! the shape requires more than a message, the name gets the prefix `Framework`.
//!
//! Every response carries `x-amzn-requestid`, and the headers of the `cors` trait if the service
//! has it. Errors are encoded by the protocol and have a `message`.
//!
//! Each request has a `tracing` span, `request`, with the fields `service`, `request_id`,
//! `operation` (once it is known), `status` and `latency` (from the request to the head of its
//! response). If the client disconnects, the last two are missing. Headers, paths, queries and
//! bodies are never traced.

#[cfg(feature = "serve")]
mod activity;
mod auth;
mod call;
mod checksum;
#[cfg_attr(not(feature = "checksums"), path = "no_chunks.rs")]
mod chunked;
#[cfg(feature = "serve")]
mod connection;
#[cfg(feature = "console")]
mod console;
mod context;
mod cors;
mod events;
mod incoming;
mod input;
#[cfg(feature = "serve")]
mod listener;
mod mock;
mod negotiate;
#[cfg(feature = "openapi")]
mod pages;
mod peer;
#[cfg(feature = "serve")]
mod registry;
mod rejection;
mod respond;
mod router;
#[cfg(feature = "serve")]
mod serve;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "serve")]
mod transfer;
#[cfg(feature = "customizations")]
mod virtual_hosts;

#[cfg(test)]
mod tests;

#[cfg(any(feature = "auth", feature = "sigv4"))]
pub use self::auth::Verifier;
#[cfg(feature = "sigv4")]
pub use self::auth::{AccessKey, AccessKeyId};
#[doc(hidden)]
pub use self::auth::{AuthFuture, Verified, VerifyScheme};
pub use self::auth::{
    Authentication, SigV4Verifier, TrustedIdentity, Unauthenticated, Verify, VerifyError,
};
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
#[cfg(feature = "auth")]
pub use crate::auth::{ApiKey, BasicCredentials, BearerToken};
pub use crate::http::{Body, BoxError};

/// `server_handlers!(S: method, ..)`: a handler for each operation, which calls the method of the
/// implementation `S`.
#[doc(hidden)]
#[macro_export]
macro_rules! server_handlers {
    ($service:ident: $($method:ident),* $(,)?) => {
        &[$(
            |service: ::std::sync::Arc<$service>, mut call: $crate::server::Call| -> $crate::server::CallFuture {
                ::std::boxed::Box::pin(async move {
                    let input = match call.input() {
                        ::core::result::Result::Ok(input) => input,
                        ::core::result::Result::Err(response) => return *response,
                    };
                    let context = call.context();
                    let result = $service::$method(&service, input, &context).await;
                    call.respond(result)
                })
            }
        ),*]
    };
}
