//! The service of HTTP requests that an implementation becomes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body::Body as HttpBody;
use tracing::Instrument as _;

use crate::http::{Body, BoxError, Content};
use crate::protocol::service::{Operation, Route, Service};
use crate::stream::ByteStream;

use super::call::{Answering, Call, Caught};
use super::checksum;
use super::context::RequestContext;
use super::cors;
use super::incoming;
use super::negotiate;
use super::rejection::Rejection;
use super::respond;
use super::routes::{self, Routes};
use crate::validate::patterns::Patterns;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const TARGET: &str = "x-amz-target";

/// Answers calls of one operation by an implementation.
pub type Handler<S> = fn(Arc<S>, Call) -> Answering;

/// An implementation, whatever its type.
trait Dispatch: Send + Sync {
    fn dispatch(&self, operation: usize, call: Call) -> Option<Answering>;
}

struct Implementation<S: 'static> {
    service: Arc<S>,
    /// In the order of the service's operations.
    handlers: &'static [Handler<S>],
}

impl<S: Send + Sync + 'static> Dispatch for Implementation<S> {
    fn dispatch(&self, operation: usize, call: Call) -> Option<Answering> {
        let handler = self.handlers.get(operation)?;
        Some(handler(Arc::clone(&self.service), call))
    }
}

/// A service of HTTP requests over an implementation: a `tower::Service` of requests with any body, which never fails and is always ready.
///
/// Cheap to clone; the clones share the implementation. See the [module](crate::server) for what each request gets.
#[derive(Clone)]
pub struct Router {
    implementation: Arc<dyn Dispatch>,
    core: Arc<Core>,
}

/// What a router knows but for the implementation.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) service: &'static Service,
    pub(super) patterns: Arc<Patterns>,
    /// The segments of the base path.
    pub(super) base: Box<[Box<str>]>,
    routes: Arc<Routes>,
    cors: Option<Arc<cors::Headers>>,
    limits: Limits,
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
struct Limits {
    body: usize,
    /// By the name of the operation.
    bodies: HashMap<&'static str, usize>,
    headers: usize,
    uri: usize,
    timeout: Option<Duration>,
}

/// Where a request leads to.
enum Target {
    Operation(usize, Option<&'static Route>),
    /// Answered without an implementation.
    Preflight(Response<Body>),
}

impl Router {
    /// A router over `implementation`. Called by generated code, which has a handler for each operation of the service, in their order.
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
            routes: Arc::new(Routes::new(service.operations, table)),
            cors: cors::Headers::of(service).map(Arc::new),
            limits: Limits {
                body: 1 << 20,
                bodies: HashMap::new(),
                headers: 64 << 10,
                uri: 8 << 10,
                timeout: None,
            },
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

    /// What every path starts with, instead of the base path of the model; empty for nothing.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        self.set().base = base(path);
        self
    }

    /// How many bytes the body of a request may have; 1 MiB unless set. It does not hold for bodies that are handed on as a stream, which are not
    /// held in memory: their limits are set by [`body_limit_of`](Self::body_limit_of). Of a stream of events it is the limit of each event.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.set().limits.body = bytes;
        self
    }

    /// The same for one operation. A stream that turns out to be longer breaks off with [`BodyError::TooLarge`](crate::http::BodyError::TooLarge).
    #[must_use]
    pub fn body_limit_of(mut self, operation: &'static Operation, bytes: usize) -> Self {
        self.set().limits.bodies.insert(operation.name, bytes);
        self
    }

    /// How many bytes the names and values of a request's headers may have together; 64 KiB unless set.
    #[must_use]
    pub fn header_limit(mut self, bytes: usize) -> Self {
        self.set().limits.headers = bytes;
        self
    }

    /// How many bytes path and query may have together; 8 KiB unless set.
    #[must_use]
    pub fn uri_limit(mut self, bytes: usize) -> Self {
        self.set().limits.uri = bytes;
        self
    }

    /// How long the implementation may take before the call is given up on and answered with 503; as long as it likes unless set. Needs a Tokio
    /// runtime with time. The time in which a body comes that is no stream does not count.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.set().limits.timeout = Some(timeout);
        self
    }

    /// The operation that a request leads to: for layers that meter, limit or log by operation. `None` where it leads to none; the router's answer says
    /// why.
    pub fn operation(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Option<&'static Operation> {
        match self.core.target(method, uri, headers) {
            Ok(Target::Operation(index, _)) => self.core.service.operations.get(index).copied(),
            _ => None,
        }
    }

    fn set(&mut self) -> &mut Core {
        Arc::make_mut(&mut self.core)
    }

    /// Answers a request.
    fn respond(&self, request: Request<Body>) -> Answering {
        let Self {
            implementation,
            core,
        } = self.clone();
        let request_id = core.request_id();
        let span = tracing::info_span!(
            "request",
            service = core.service.name(),
            request_id,
            operation = tracing::field::Empty,
            status = tracing::field::Empty,
            latency = tracing::field::Empty,
        );
        let told = span.clone();
        let answering = async move {
            let started = Instant::now();
            let (parts, body) = request.into_parts();
            let head = parts.method == Method::HEAD;
            let id = HeaderValue::try_from(&*request_id);
            let answer = match core.target(&parts.method, &parts.uri, &parts.headers) {
                Ok(Target::Preflight(answer)) => Ok(answer),
                Ok(Target::Operation(index, route)) => {
                    let operation = core.service.operations.get(index);
                    told.record("operation", operation.map(|operation| operation.name));
                    core.call(&*implementation, (index, route), parts, body, request_id)
                        .await
                }
                Err(refusal) => Err(refusal),
            };
            let mut answer =
                answer.unwrap_or_else(|refusal| respond::refused(core.service, refusal));
            if let Ok(id) = id {
                answer.headers_mut().insert(REQUEST_ID, id);
            }
            if let Some(cors) = &core.cors {
                cors.add(answer.headers_mut());
            }
            if head {
                without_body(&mut answer);
            }
            told.record("status", answer.status().as_u16())
                .record("latency", tracing::field::debug(started.elapsed()));
            tracing::debug!("answered");
            answer
        };
        Box::pin(answering.instrument(span))
    }
}

/// The answer to `HEAD`: what `GET` would answer, but for the body (RFC 9110 section 9.3.2).
fn without_body(answer: &mut Response<Body>) {
    let body = std::mem::take(answer.body_mut());
    if let Some(length) = HttpBody::size_hint(&body).exact() {
        answer
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
    /// A random UUID (RFC 9562 section 5.4): the hash of a counter, under keys of this router.
    fn request_id(&self) -> Box<str> {
        let (keys, counter) = &*self.ids;
        let count = counter.fetch_add(1, Ordering::Relaxed);
        let bits =
            (u128::from(keys.hash_one((count, 0))) << 64) | u128::from(keys.hash_one((count, 1)));
        let bits = (bits & !(0xf << 76)) | (4 << 76);
        let bits = (bits & !(0b11 << 62)) | (0b10 << 62);
        let digit = |half: u8| b"0123456789abcdef"[usize::from(half)];
        let mut id = [b'-'; 36];
        let mut at = 0;
        for (index, byte) in bits.to_be_bytes().into_iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                at += 1;
            }
            id[at] = digit(byte >> 4);
            id[at + 1] = digit(byte & 15);
            at += 2;
        }
        // Digits and hyphens are ASCII.
        std::str::from_utf8(&id).unwrap_or_default().into()
    }

    /// Where a request leads to.
    fn target(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Target, Rejection> {
        let length = uri.path().len() + uri.query().map_or(0, |query| query.len() + 1);
        if length > self.limits.uri {
            return Err(Rejection::UriTooLong {
                limit: self.limits.uri,
            });
        }
        let lengths = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len());
        if lengths.sum::<usize>() > self.limits.headers {
            return Err(Rejection::HeadersTooLarge {
                limit: self.limits.headers,
            });
        }
        let path = routes::segments(uri.path()).ok_or(Rejection::Uri(
            "the path is not percent-encoded as it should be",
        ))?;
        let path = self.below_base(&path).ok_or(Rejection::NotFound)?;
        if self.service.protocol.binds() {
            let query = uri.query().map_or(Some(Vec::new()), routes::query);
            let query = query.ok_or(Rejection::Uri(
                "the query is not UTF-8 that is percent-encoded as it should be",
            ))?;
            self.resource(method, path, &query)
        } else {
            self.named(method, headers, path)
        }
    }

    fn below_base<'p, 'q>(&self, path: &'p [Cow<'q, [u8]>]) -> Option<&'p [Cow<'q, [u8]>]> {
        let (base, rest) = path.split_at_checked(self.base.len())?;
        let same = base
            .iter()
            .zip(&self.base)
            .all(|(segment, base)| **segment == *base.as_bytes());
        same.then_some(rest)
    }

    /// The operation at a resource.
    fn resource(
        &self,
        method: &Method,
        path: &[Cow<'_, [u8]>],
        query: &routes::Query<'_>,
    ) -> Result<Target, Rejection> {
        let mut found = self.routes.find(method.as_str(), path, query);
        if found.is_none() && *method == Method::HEAD {
            found = self.routes.find("GET", path, query);
        }
        if let Some(found) = found {
            return Ok(Target::Operation(found.operation, Some(found.route)));
        }
        let methods = self.routes.methods(path, query);
        if methods.is_empty() {
            return Err(Rejection::NotFound);
        }
        self.other_method(method, methods)
    }

    /// A resource that has other methods than this one.
    fn other_method(
        &self,
        method: &Method,
        mut methods: Vec<&'static str>,
    ) -> Result<Target, Rejection> {
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        if self.cors.is_some() {
            methods.push("OPTIONS");
        }
        methods.sort_unstable();
        methods.dedup();
        let allow = methods.join(", ");
        match &self.cors {
            Some(cors) if *method == Method::OPTIONS => {
                Ok(Target::Preflight(cors.preflight(&allow)))
            }
            _ => Err(Rejection::Method { allow }),
        }
    }

    /// The operation that a header names (Smithy, "AWS JSON protocols").
    fn named(
        &self,
        method: &Method,
        headers: &HeaderMap,
        path: &[Cow<'_, [u8]>],
    ) -> Result<Target, Rejection> {
        if !path.is_empty() {
            return Err(Rejection::NotFound);
        }
        if *method != Method::POST {
            return self.other_method(method, vec!["POST"]);
        }
        let target = headers.get(TARGET).ok_or(Rejection::UnknownOperation(
            "the header x-amz-target is missing",
        ))?;
        let named = target
            .to_str()
            .ok()
            .and_then(|target| target.split_once('.'));
        let operation = named
            .filter(|(service, _)| *service == self.service.name())
            .and_then(|(_, name)| {
                self.service
                    .operations
                    .iter()
                    .position(|operation| operation.name == name)
            });
        let operation = operation.ok_or(Rejection::UnknownOperation(
            "x-amz-target names no operation of the service",
        ))?;
        Ok(Target::Operation(operation, None))
    }

    /// What an operation reads when it comes.
    async fn streamed(
        &self,
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
        if let Some(idle_timeout) = parts
            .extensions
            .get::<crate::http::idle_timeout::IdleTimeout>()
        {
            idle_timeout.disable();
        }
        let service = self.service;
        let patterns = Arc::clone(&self.patterns);
        let events = super::events::receive(service, operation, patterns, self.limits.body, stream);
        Ok(Content::Events(events.await?))
    }

    /// Calls the implementation.
    async fn call(
        self: &Arc<Self>,
        implementation: &dyn Dispatch,
        (index, route): (usize, Option<&'static Route>),
        mut parts: Parts,
        body: Body,
        request_id: Box<str>,
    ) -> Result<Response<Body>, Rejection> {
        let protocol = self.service.protocol;
        let operation = self
            .service
            .operations
            .get(index)
            .ok_or(Rejection::NotFound)?;
        negotiate::check_accept(protocol, operation, &parts.headers)?;
        let some = !HttpBody::is_end_stream(&body);
        negotiate::check_content_type(protocol, operation, &parts.headers, some)?;
        let body = checksum::verified(operation, &parts.headers, body)?;
        let limit = self.limits.bodies.get(operation.name).copied();
        let compressed = negotiate::compressed(protocol, operation, &parts.headers)?;
        let body = match operation.input.stream() {
            Some((_, member)) => {
                if member.requires_length && HttpBody::size_hint(&body).exact().is_none() {
                    return Err(Rejection::LengthRequired);
                }
                let stream = incoming::stream(body, limit, compressed)?;
                self.streamed(operation, &parts, stream).await?
            }
            None => {
                let limit = limit.unwrap_or(self.limits.body);
                Content::Bytes(incoming::collect(body, limit, compressed).await?)
            }
        };
        if compressed {
            negotiate::decompressed(&mut parts.headers);
        }
        let deadline = self
            .limits
            .timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let context = RequestContext {
            request_id,
            operation,
            deadline,
            parts,
        };
        let call = Call {
            core: Arc::clone(self),
            operation,
            route,
            body,
            context,
        };
        // A handler may panic before its future is made, too.
        let answering = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            implementation.dispatch(index, call)
        }));
        let answering = Caught(
            answering
                .map_err(|_| Rejection::Internal)?
                .ok_or(Rejection::NotFound)?,
        );
        let answer = match self.limits.timeout {
            Some(timeout) => tokio::time::timeout(timeout, answering)
                .await
                .map_err(|_| Rejection::TimedOut)?,
            None => answering.await,
        };
        answer.ok_or_else(|| {
            tracing::error!("the implementation panicked");
            Rejection::Internal
        })
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
    type Future = Responding;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Responding {
        Responding(self.respond(request.map(incoming::body)))
    }
}

/// The answer of a [`Router`], on its way.
pub struct Responding(Answering);

impl Future for Responding {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map(Ok)
    }
}

impl fmt::Debug for Responding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Responding")
    }
}
