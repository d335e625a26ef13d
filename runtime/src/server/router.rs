//! The router: a service of HTTP requests over an implementation.

mod target;

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body::Body as HttpBody;
use tracing::Instrument as _;

use crate::codec::MemoryLimit;
use crate::http::{Body, BoxError, uuid};
use crate::protocol::ServerProtocol;
use crate::protocol::content::Content;
use crate::protocol::messages::RequestRouter;
use crate::protocol::response::StatedLength;
use crate::protocol::service::{Operation, Route, Service};
use crate::stream::{ByteStream, event};

use self::target::Target;
use super::auth::{Authenticate, Authenticated, Authentication};
use super::call::{Call, CallFuture, CallState, Caught};
use super::checksum;
use super::chunked::{self, Coding};
use super::context::RequestContext;
use super::cors;
use super::incoming;
use super::negotiate;
#[cfg(feature = "openapi")]
use super::pages::Pages;
use super::rejection::Rejection;
use super::respond;
#[cfg(feature = "customizations")]
use super::virtual_hosts::HostSuffixes;
use crate::validate::patterns::Patterns;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Responds to calls of one operation with an implementation.
pub type Handler<S> = fn(Arc<S>, Call) -> CallFuture;

/// An implementation of any type.
trait Dispatch: Send + Sync {
    fn dispatch(&self, operation: usize, call: Call) -> Option<CallFuture>;
}

struct Implementation<S: 'static> {
    service: Arc<S>,
    /// In the order of the service's operations.
    handlers: &'static [Handler<S>],
}

impl<S: Send + Sync + 'static> Dispatch for Implementation<S> {
    fn dispatch(&self, operation: usize, call: Call) -> Option<CallFuture> {
        let handler = self.handlers.get(operation)?;
        Some(handler(Arc::clone(&self.service), call))
    }
}

/// A service of HTTP requests over an implementation: a `tower::Service` of requests with any body,
/// which never fails and is always ready.
///
/// Cheap to clone; clones share the implementation. The [module](crate::server) lists the responses
/// to each kind of request.
#[derive(Clone)]
pub struct Router {
    implementation: Arc<dyn Dispatch>,
    core: Arc<Core>,
}

/// Everything in a router except the implementation.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) service: &'static Service,
    pub(super) patterns: Arc<Patterns>,
    /// The segments of the base path.
    pub(super) base: Box<[Box<str>]>,
    /// The protocols of the service that have a server, each with its request router. There is at
    /// least one.
    protocols: Arc<[ProtocolRouter]>,
    cors: Option<Arc<cors::Headers>>,
    #[cfg(feature = "openapi")]
    pub(super) pages: Pages,
    /// `None` if the service has no authentication schemes.
    authentication: Option<Arc<dyn Authenticate>>,
    pub(super) limits: Limits,
    #[cfg(feature = "customizations")]
    hosts: HostSuffixes,
    ids: Arc<(RandomState, AtomicU64)>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            service,
            base,
            limits,
            ..
        } = self;
        f.debug_struct("Router")
            .field("service", &service.id)
            .field("base_path", base)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.fmt(f)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Limits {
    body: usize,
    /// Limits by operation name.
    bodies: HashMap<&'static str, usize>,
    headers: usize,
    uri: usize,
    pub(super) memory: MemoryLimit,
    timeout: Option<Duration>,
}

/// A protocol and its request router.
type ProtocolRouter = (&'static dyn ServerProtocol, Box<dyn RequestRouter>);

impl Router {
    /// Creates a router over `implementation`. Called by generated code, which has one handler per
    /// operation of the service, in order.
    #[doc(hidden)]
    pub fn new<S: Send + Sync + 'static>(
        service: &'static Service,
        table: &'static [&'static Route],
        implementation: Arc<S>,
        handlers: &'static [Handler<S>],
    ) -> Self {
        let core = Core {
            service,
            patterns: Arc::new(Patterns::of(service.operations)),
            base: base(service.base_path),
            protocols: service
                .protocols
                .iter()
                .filter_map(|protocol| protocol.messages().server())
                .map(|protocol| (protocol, protocol.request_router(service, table)))
                .collect(),
            cors: cors::Headers::of(service).map(Arc::new),
            #[cfg(feature = "openapi")]
            pages: Pages::default(),
            authentication: None,
            limits: Limits {
                body: 1 << 20,
                bodies: HashMap::new(),
                headers: 64 << 10,
                uri: 8 << 10,
                memory: MemoryLimit::DEFAULT,
                timeout: None,
            },
            #[cfg(feature = "customizations")]
            hosts: HostSuffixes::default(),
            ids: Arc::default(),
        };
        let implementation = Implementation {
            service: implementation,
            handlers,
        };
        Self {
            implementation: Arc::new(implementation),
            core: Arc::new(core),
        }
    }

    /// Sets how requests are authenticated. Called by generated code for a service with
    /// authentication schemes; `I` is the identity that its implementation expects.
    #[doc(hidden)]
    #[must_use]
    pub fn authenticated<I: Send + Sync + 'static>(
        mut self,
        authentication: Authentication<I>,
    ) -> Self {
        self.set().authentication = Some(Arc::new(authentication));
        self
    }

    /// Sets the prefix of all paths, in place of the base path in the model. An empty path removes
    /// it.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        let core = self.set();
        core.base = base(path);
        #[cfg(feature = "openapi")]
        core.pages.rebase();
        self
    }

    /// Adds a host whose subdomains are labels of paths: with `s3.example`, a request to
    /// `https://bucket.s3.example/key` is one to `https://s3.example/bucket/key`. Services whose
    /// clients do not move the first label of the path into the host ignore it.
    #[cfg(feature = "customizations")]
    #[must_use]
    pub fn virtual_hosts_of(mut self, host: &str) -> Self {
        if self.core.service.customizations.virtual_hosts.is_some() {
            self.set().hosts.push(host);
        }
        self
    }

    /// Sets the maximum length of a request body in bytes; the default is 1 MiB. It does not apply
    /// to streaming bodies, which are not held in memory: [`body_limit_of`](Self::body_limit_of)
    /// sets their limits. For an event stream it is the maximum length of each event.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.set().limits.body = bytes;
        self
    }

    /// Sets the maximum length of a request body for one operation. A stream that turns out to be
    /// longer fails with [`BodyError::TooLarge`](crate::http::BodyError::TooLarge).
    #[must_use]
    pub fn body_limit_of(mut self, operation: &'static Operation, bytes: usize) -> Self {
        self.set().limits.bodies.insert(operation.name, bytes);
        self
    }

    /// Sets the maximum length of all header names and values of a request together, in bytes; the
    /// default is 64 KiB.
    #[must_use]
    pub fn header_limit(mut self, bytes: usize) -> Self {
        self.set().limits.headers = bytes;
        self
    }

    /// Sets the maximum length of path and query together, in bytes; the default is 8 KiB.
    #[must_use]
    pub fn uri_limit(mut self, bytes: usize) -> Self {
        self.set().limits.uri = bytes;
        self
    }

    /// Sets the maximum memory for the values in a document, in bytes. A short document can stand
    /// for large values, such as a list of empty structures with many members. The default is 12
    /// times the length of the body, and at least 4 MiB. The elements of lists, the entries of
    /// maps, boxed structures and the parts of documents count; texts and blobs do not, since they
    /// are not longer than their source. The events of a stream always have the default.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.set().limits.memory = MemoryLimit::bytes(bytes);
        self
    }

    /// Sets how long the implementation may take before the router gives up on the call and
    /// responds with 503; there is no limit by default. Needs a Tokio runtime with time. The time
    /// to receive a buffered body does not count.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.set().limits.timeout = Some(timeout);
        self
    }

    /// The operation of a request, for layers that meter, limit or log by operation. `None` if the
    /// request would be rejected; the router's response has the reason.
    pub fn operation(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Option<&'static Operation> {
        match self.core.target(method, uri, headers) {
            Ok(Target::Operation(_, operation, _)) => Some(operation),
            _ => None,
        }
    }

    pub(super) fn set(&mut self) -> &mut Core {
        Arc::make_mut(&mut self.core)
    }

    /// Responds to a request. The target is known at once, so that the future holds no more than a
    /// call needs: it is allocated for each request.
    fn respond(&self, request: Request<Body>) -> CallFuture {
        let core = &self.core;
        let request_id = core.request_id();
        let span = tracing::info_span!(
            "request",
            service = core.service.name(),
            request_id,
            operation = tracing::field::Empty,
            status = tracing::field::Empty,
            latency = tracing::field::Empty,
        );
        let (parts, body) = request.into_parts();
        let by_origin = core.cors.as_deref();
        let origin = by_origin
            .filter(|headers| headers.depends_on_origin())
            .and_then(|_| parts.headers.get(ORIGIN));
        let completion = Completion {
            core: Arc::clone(core),
            origin: origin.cloned(),
            request_id: HeaderValue::try_from(&*request_id).ok(),
            head: parts.method == Method::HEAD,
            started: (!span.is_disabled()).then(Instant::now),
            span: span.clone(),
        };
        let (protocol, response) = match core.target(&parts.method, &parts.uri, &parts.headers) {
            Ok(Target::Operation(protocol, operation, matched)) => {
                span.record("operation", operation.name);
                let call = Box::new(CallState {
                    core: Arc::clone(core),
                    operation,
                    protocol,
                    matched,
                    body: Content::Bytes(Bytes::new()),
                    context: RequestContext::of_request(request_id, operation, parts),
                    identity: Box::new(()),
                });
                let implementation = Arc::clone(&self.implementation);
                let response = async move {
                    let response = call_implementation(&*implementation, call, body).await;
                    completion.complete(protocol, response)
                };
                return Box::pin(response.instrument(span));
            }
            Ok(Target::Response(response)) => (core.preferred(), Ok(response)),
            Err((protocol, rejection)) => (protocol, Err(rejection)),
        };
        let response = span.in_scope(|| completion.complete(protocol, response));
        Box::pin(std::future::ready(response))
    }
}

/// The last step of a call: the response gets what every response has.
struct Completion {
    core: Arc<Core>,
    /// The origin of the request, if the response depends on it.
    origin: Option<HeaderValue>,
    request_id: Option<HeaderValue>,
    /// Whether the request has the method `HEAD`.
    head: bool,
    /// The time of the request, if it is traced.
    started: Option<Instant>,
    span: tracing::Span,
}

impl Completion {
    fn complete(
        self,
        protocol: &dyn ServerProtocol,
        response: Result<Response<Body>, Rejection>,
    ) -> Response<Body> {
        let Self {
            core,
            origin,
            request_id,
            head,
            started,
            span,
        } = self;
        let mut response = response.unwrap_or_else(|rejection| {
            let id = request_id.as_ref().and_then(|id| id.to_str().ok());
            respond::rejected(core.service, protocol, rejection, id.unwrap_or_default())
        });
        if let Some(id) = request_id {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        if let Some(cors) = &core.cors {
            cors.add(origin.as_ref(), response.headers_mut());
        }
        if head {
            without_body(&mut response);
        }
        if let Some(started) = started {
            span.record("status", response.status().as_u16())
                .record("latency", tracing::field::debug(started.elapsed()));
        }
        tracing::debug!("responded");
        response
    }
}

/// Receives the body of a request and calls the implementation.
async fn call_implementation(
    implementation: &dyn Dispatch,
    mut call: Box<CallState>,
    body: Body,
) -> Result<Response<Body>, Rejection> {
    let service = call.core.service;
    let mut check = None;
    if let Some(authentication) = &call.core.authentication
        && !service.auth_of(call.operation).is_empty()
    {
        let Authenticated { identity, body } =
            authentication.authenticate(service, &call.context).await?;
        call.identity = identity;
        check = body;
    }
    let CallState {
        core,
        operation,
        protocol,
        matched,
        body: content,
        context: RequestContext {
            deadline, parts, ..
        },
        identity: _,
    } = &mut *call;
    let (operation, protocol, limits) = (*operation, *protocol, &core.limits);
    let mut coding = chunked::coding(service, operation, &parts.headers)?;
    negotiate::check_accept(protocol, operation, &parts.headers)?;
    let some = match &coding {
        Some(coding) => coding.has_bytes(),
        None => !HttpBody::is_end_stream(&body),
    };
    negotiate::check_content_type(protocol, operation, &parts.headers, some)?;
    let trailer = coding.as_ref().is_some_and(Coding::has_checksum);
    let digest = checksum::expected(operation, &parts.headers, some, trailer)?;
    let limit = limits.bodies.get(operation.name).copied();
    let memory = incoming::memory(&parts.extensions);
    let body = match check {
        Some(check) => {
            let limit = limit.unwrap_or(limits.body);
            Box::pin(check.apply(&parts.extensions, &memory, body, limit, &mut coding)).await?
        }
        // Nothing verifies the signatures.
        None if super::events::are_signed(operation, &parts.headers) => {
            event::unwrapped(body, limit.unwrap_or(limits.body), None, &memory)
        }
        None => body,
    };
    let body = match coding {
        Some(coding) => coding.decoded(body, &mut parts.headers, &memory),
        None => body,
    };
    let body = checksum::verified(operation, &parts.headers, digest, body, &memory);
    let compressed = negotiate::compressed(protocol, operation, &parts.headers)?;
    *content = match operation.input.stream() {
        Some((_, member)) => {
            if member.requires_length && HttpBody::size_hint(&body).exact().is_none() {
                return Err(Rejection::LengthRequired);
            }
            let stream = incoming::stream(body, limit, compressed)?;
            // Boxed, since few calls have a stream.
            Box::pin(core.streamed(protocol, operation, parts, stream)).await?
        }
        None => {
            let limit = limit.unwrap_or(limits.body);
            let bytes = incoming::collect(&parts.extensions, body, limit, compressed);
            Content::Bytes(bytes.await?)
        }
    };
    if compressed {
        negotiate::decompressed(&mut parts.headers);
    }
    let (index, timeout) = (matched.operation, limits.timeout);
    *deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    // A handler can also panic before it returns a future.
    let call = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        implementation.dispatch(index, Call(call))
    }));
    let call = Caught(
        call.map_err(|_| Rejection::Internal)?
            .ok_or(Rejection::NotFound)?,
    );
    let response = match timeout {
        Some(timeout) => tokio::time::timeout(timeout, call)
            .await
            .map_err(|_| Rejection::TimedOut)?,
        None => call.await,
    };
    response.ok_or_else(|| {
        tracing::error!("the implementation panicked");
        Rejection::Internal
    })
}

/// Turns a response to `GET` into a response to `HEAD` (RFC 9110 section 9.3.2). Its length is the
/// one that the output states, or that of the body.
fn without_body(response: &mut Response<Body>) {
    let body = std::mem::take(response.body_mut());
    let stated = response.extensions().get::<StatedLength>();
    let stated = stated.map(|StatedLength(length)| *length);
    if let Some(length) = stated.or(HttpBody::size_hint(&body).exact()) {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

fn base(path: &str) -> Box<[Box<str>]> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(Box::from)
        .collect()
}

impl Core {
    /// The base path, if it is not that of the model.
    #[cfg(feature = "openapi")]
    pub(super) fn other_base_path(&self) -> Option<String> {
        let path = |base: &[Box<str>]| format!("/{}", base.join("/"));
        (*self.base != *base(self.service.base_path)).then(|| path(&self.base))
    }

    /// A random UUID (RFC 9562 section 5.4): the hash of a counter, under keys of this router.
    fn request_id(&self) -> Box<str> {
        let (keys, counter) = &*self.ids;
        let count = counter.fetch_add(1, Ordering::Relaxed);
        let bits =
            (u128::from(keys.hash_one((count, 0))) << 64) | u128::from(keys.hash_one((count, 1)));
        uuid::from_random(bits).into()
    }

    /// The content of a streaming input.
    async fn streamed(
        &self,
        protocol: &dyn ServerProtocol,
        operation: &Operation,
        parts: &Parts,
        stream: ByteStream,
    ) -> Result<Content, Rejection> {
        if operation.input.events().is_none() {
            return Ok(Content::Stream(stream));
        }
        #[cfg(not(feature = "serve"))]
        let _ = parts;
        #[cfg(feature = "serve")]
        if let Some(uses) = parts.extensions.get::<super::transfer::BodyUse>() {
            uses.allow_silence();
        }
        let patterns = Arc::clone(&self.patterns);
        let limit = self.limits.body;
        let memory = incoming::memory(&parts.extensions);
        let events = super::events::receive(protocol, operation, patterns, limit, stream, memory);
        Ok(Content::Events(events.await?))
    }
}

impl<B> tower_service::Service<Request<B>> for Router
where
    B: HttpBody + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        ResponseFuture(self.respond(request.map(incoming::body)))
    }
}

/// The future response of a [`Router`].
pub struct ResponseFuture(CallFuture);

impl Future for ResponseFuture {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map(Ok)
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}
