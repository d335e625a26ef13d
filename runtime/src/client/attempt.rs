//! The attempts of a call, with their timeouts and the delays between them.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{Request, Uri};
use http_body::Body as HttpBody;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::abort;
use super::auth::{AuthTarget, UsedIdentity};
use super::config::{CallOptions, Config};
use super::error::{CallError, ErrorClass};
use super::receive::{self, CallResult};
#[cfg(any(
    feature = "sigv4",
    all(feature = "customizations", feature = "endpoints")
))]
use super::reply::Reply;
use super::resolver::CallEndpoint;
#[cfg(all(
    feature = "endpoints",
    any(feature = "customizations", feature = "sigv4")
))]
use super::resolver::EndpointSource;
use super::retry::{FailedAttempt, RetryVerdict};
#[cfg(all(
    feature = "endpoints",
    any(feature = "customizations", feature = "sigv4")
))]
use super::rules::RuleEndpoint;
use super::transport::{self, CarriesEvents};
#[cfg(all(feature = "customizations", feature = "endpoints"))]
use super::virtual_hosts::FORCE_PATH_STYLE;
#[cfg(feature = "customizations")]
use super::{
    customized::{self, CustomizedInput},
    virtual_hosts,
};
#[cfg(feature = "checksums")]
use crate::http::checksum;
use crate::http::{Body, BoxError};
use crate::protocol::content::Content;
use crate::protocol::request::RequestParts;
use crate::protocol::service::Operation;
use crate::shape::EncodeMembers;
use crate::stream::ByteStream;

/// A call that was not sent yet.
pub(super) struct PreparedCall {
    pub(super) config: Arc<Config>,
    pub(super) operation: &'static Operation,
    pub(super) endpoint: CallEndpoint,
    pub(super) uri: Uri,
    pub(super) request: RequestParts,
    pub(super) options: CallOptions,
}

impl PreparedCall {
    /// Encodes the request that calls `operation` with `input`.
    pub(super) fn new(
        config: &Arc<Config>,
        operation: &'static Operation,
        input: &dyn EncodeMembers,
    ) -> Result<Box<Self>, CallError> {
        let prepare = || {
            let service = config.service;
            let messages = config.protocol.messages();
            let endpoint = endpoint(config, operation, input)?;
            #[cfg(feature = "customizations")]
            let input: &dyn EncodeMembers = &CustomizedInput::new(operation, input);
            let request = messages.encode_request(service, operation, input, &config.tokens)?;
            #[cfg(feature = "customizations")]
            let request = customized::with_headers(service, operation, request)?;
            #[cfg(feature = "endpoints")]
            let request = endpoint.with_headers(request);
            let options = config.defaults.clone();
            Ok(Box::new(Self {
                config: Arc::clone(config),
                operation,
                uri: uri(&endpoint, operation, &request, &options)?,
                endpoint,
                request,
                options,
            }))
        };
        prepare().map_err(|error: BoxError| invalid(operation, error))
    }

    /// Uses the account of the credentials of a signed call for the endpoint, if the rules want it.
    #[cfg(all(feature = "endpoints", feature = "sigv4"))]
    pub(super) async fn take_account_id(
        &mut self,
        deadline: Option<Instant>,
    ) -> Result<(), CallError> {
        let config = Arc::clone(&self.config);
        let (EndpointSource::Rules(resolver), CallEndpoint::Rules(endpoint)) =
            (&config.endpoint, &self.endpoint)
        else {
            return Ok(());
        };
        let signer = config.identities.signer_of(config.service, self.operation);
        let Some(signer) = signer.filter(|_| resolver.wants_account_id()) else {
            return Ok(());
        };
        let credentials = Box::pin(signer.credentials((config.clock)()));
        let credentials = match deadline {
            Some(deadline) => tokio::time::timeout_at(deadline, credentials).await,
            None => Ok(credentials.await),
        };
        let credentials = credentials.map_err(|_| {
            let limit = self.options.call_timeout.unwrap_or_default();
            let message = format!("no credentials within the call timeout of {limit:?}");
            CallError::new(ErrorClass::Timeout, self.operation.name, message)
        })?;
        let found = credentials.and_then(|it| resolver.with_account_id(endpoint, it.account()));
        let found = found.map_err(|error| invalid(self.operation, error))?;
        self.set_endpoint(found)
    }

    /// Sends the call to another endpoint.
    #[cfg(all(
        feature = "endpoints",
        any(feature = "customizations", feature = "sigv4")
    ))]
    fn set_endpoint(&mut self, endpoint: Arc<RuleEndpoint>) -> Result<(), CallError> {
        endpoint.add_headers(&mut self.request);
        let endpoint = CallEndpoint::Rules(endpoint);
        let uri = uri(&endpoint, self.operation, &self.request, &self.options);
        self.uri = uri.map_err(|error| invalid(self.operation, error))?;
        self.endpoint = endpoint;
        Ok(())
    }

    /// Sets whether the first label of the path is never a part of the host.
    #[cfg(feature = "customizations")]
    pub(super) fn force_path_style(&mut self, force: bool) -> Result<(), CallError> {
        self.options.path_style = force;
        #[cfg(feature = "endpoints")]
        if let (EndpointSource::Rules(resolver), CallEndpoint::Rules(endpoint)) =
            (&self.config.endpoint, &self.endpoint)
        {
            let changed = resolver.changed(endpoint, FORCE_PATH_STYLE, force);
            let changed = changed.map_err(|error| invalid(self.operation, error))?;
            self.endpoint = CallEndpoint::Rules(changed);
        }
        let uri = uri(&self.endpoint, self.operation, &self.request, &self.options);
        self.uri = uri.map_err(|error| invalid(self.operation, error))?;
        Ok(())
    }
}

/// The endpoint of a call: that of the client, or one in the input.
fn endpoint(
    config: &Config,
    operation: &'static Operation,
    input: &dyn EncodeMembers,
) -> Result<CallEndpoint, BoxError> {
    #[cfg(feature = "customizations")]
    if let Some(endpoint) = customized::endpoint(operation, input)? {
        return Ok(CallEndpoint::Fixed(Arc::new(endpoint)));
    }
    config.endpoint.find(operation, input)
}

/// The error of a request that cannot be built.
fn invalid(operation: &Operation, error: impl Into<BoxError>) -> CallError {
    let message = "cannot build the request";
    CallError::new(ErrorClass::Request, operation.name, message).with_source(error)
}

/// The URI of a request.
fn uri(
    endpoint: &CallEndpoint,
    operation: &Operation,
    request: &RequestParts,
    options: &CallOptions,
) -> Result<Uri, http::Error> {
    #[cfg_attr(
        not(feature = "endpoints"),
        expect(clippy::infallible_destructuring_match, reason = "rules are a feature")
    )]
    let endpoint = match endpoint {
        CallEndpoint::Fixed(endpoint) => endpoint,
        #[cfg(feature = "endpoints")]
        CallEndpoint::Rules(endpoint) => return endpoint.uri(operation, request),
    };
    let prefix = request.host_prefix.as_deref();
    #[cfg(not(feature = "customizations"))]
    let _ = (operation, options);
    #[cfg(feature = "customizations")]
    if operation.traits.virtual_host
        && !options.path_style
        && let Some((label, target)) = virtual_hosts::split(endpoint, &request.target)
    {
        let prefix = format!("{label}.{}", prefix.unwrap_or_default());
        return endpoint.uri(Some(&prefix), &target);
    }
    endpoint.uri(prefix, &request.target)
}

/// Makes a call.
pub(super) async fn run(mut call: Box<PreparedCall>) -> CallResult {
    // The names are computed only if the span is enabled.
    let span = tracing::debug_span!(
        "call",
        service = call.config.service.name(),
        operation = call.operation.name
    );
    // Here and below futures are pinned in place: they are large, and wrappers would move them.
    pin!(call.run()).instrument(span).await
}

impl PreparedCall {
    async fn run(&mut self) -> CallResult {
        let mut now = Instant::now();
        let deadline = self
            .options
            .call_timeout
            .and_then(|timeout| now.checked_add(timeout));
        #[cfg(all(feature = "endpoints", feature = "sigv4"))]
        if self.is_signed() {
            self.take_account_id(deadline).await?;
        }
        let mut attempts = 0;
        let mut may_replace = true;
        #[cfg(feature = "sigv4")]
        let mut may_correct = true;
        #[cfg(all(feature = "customizations", feature = "endpoints"))]
        let mut may_redirect = true;
        // Attempts that are repeated with another identity, time or region, which are not retries.
        let mut repeated = 0;
        loop {
            attempts += 1;
            let mut used = None;
            #[cfg(feature = "sigv4")]
            let skew = self.config.skew.get();
            let result = self.timed_attempt(attempts, now, deadline, &mut used).await;
            if result.as_ref().is_ok_and(|reply| reply.is_success()) {
                self.config.budget.refill(attempts - repeated);
                return result;
            }
            #[cfg(feature = "sigv4")]
            if let (Ok(reply), Some(used)) = (&result, &used)
                && self.corrects_clock(reply, &**used, skew)
                && std::mem::take(&mut may_correct)
                && self.is_complete()
                && self.request.body.rewind()
            {
                repeated += 1;
                now = Instant::now();
                continue;
            }
            #[cfg(all(feature = "customizations", feature = "endpoints"))]
            if let Ok(reply) = &result
                && let Some(endpoint) = self.redirected(reply)
                && std::mem::take(&mut may_redirect)
                && self.is_complete()
                && self.request.body.rewind()
                && self.set_endpoint(endpoint).is_ok()
            {
                repeated += 1;
                now = Instant::now();
                continue;
            }
            if let (Ok(reply), Some(used)) = (&result, used)
                && used.is_rejected(reply.status(), reply.code())
                && std::mem::take(&mut may_replace)
                && self.replace_identity(&*used, deadline).await
            {
                repeated += 1;
                now = Instant::now();
                continue;
            }
            let Some(delay) = self.retry_delay(&result, attempts - repeated, deadline) else {
                return result;
            };
            if !self.request.body.rewind() {
                return result;
            }
            tracing::debug!(attempt = attempts, ?delay, "trying again");
            tokio::time::sleep(delay).await;
            now = Instant::now();
        }
    }

    /// Whether the body is still there for another attempt.
    fn is_complete(&self) -> bool {
        match &self.request.body {
            Content::Bytes(_) => true,
            // A stream is gone once some of it was read.
            Content::Stream(stream) => stream.chunks() == 0,
            Content::Events(_) => false,
        }
    }

    /// Replaces an identity that the service has rejected. Returns whether the call can be
    /// repeated with another one.
    async fn replace_identity(
        &mut self,
        rejected: &dyn UsedIdentity,
        deadline: Option<Instant>,
    ) -> bool {
        if !self.is_complete() || !self.request.body.rewind() {
            return false;
        }
        let now = (self.config.clock)();
        let replaced = rejected.replace(now);
        let replaced = match deadline {
            Some(deadline) => tokio::time::timeout_at(deadline, replaced).await,
            None => Ok(replaced.await),
        };
        match replaced {
            Ok(Ok(is_other)) => is_other,
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot replace an identity that the service rejects");
                false
            }
            Err(_) => false,
        }
    }

    /// Corrects the clock if it is the reason why the service rejects a request, which was sent
    /// with this skew. Returns whether it was.
    #[cfg(feature = "sigv4")]
    fn corrects_clock(&self, reply: &Reply, used: &dyn UsedIdentity, skew: i64) -> bool {
        let tolerance = used.clock_tolerance(reply.status(), reply.code());
        let (Some(tolerance), Some(date)) = (tolerance, reply.date()) else {
            return false;
        };
        let is_corrected = self.config.skew.correct(skew, date, tolerance);
        if is_corrected {
            tracing::warn!("the clock differs from that of the service, which is used from now on");
        }
        is_corrected
    }

    /// The endpoint in the region that a response names, if it is another one.
    #[cfg(all(feature = "customizations", feature = "endpoints"))]
    fn redirected(&self, reply: &Reply) -> Option<Arc<RuleEndpoint>> {
        let (EndpointSource::Rules(resolver), CallEndpoint::Rules(endpoint)) =
            (&self.config.endpoint, &self.endpoint)
        else {
            return None;
        };
        let region = reply.region()?;
        let found = resolver.redirected(endpoint, &region)?;
        tracing::debug!(region, "the resource is in another region");
        Some(found)
    }

    /// The delay before the next attempt; `None` if the failure is final.
    fn retry_delay(
        &self,
        result: &CallResult,
        attempts: u32,
        deadline: Option<Instant>,
    ) -> Option<Duration> {
        if !self.is_complete() {
            return None;
        }
        let time_left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let traits = &self.operation.traits;
        let mut failed = FailedAttempt {
            operation: self.operation.name,
            attempts,
            repeatable: traits.readonly
                || traits.idempotent
                || self.request.has_token
                || self.config.service.repeats_any,
            verdict: RetryVerdict::Permanent,
            status: None,
            code: None,
            retry_after: None,
            time_left,
            budget: &self.config.budget,
        };
        match result {
            Ok(reply) => {
                failed.verdict = reply.verdict();
                failed.status = Some(reply.status());
                failed.code = reply.code();
                failed.retry_after = reply.retry_after((self.config.clock)());
            }
            Err(error) => {
                failed.verdict = verdict(error);
                failed.status = error.status();
            }
        }
        let delay = self.options.retries.delay(&failed)?;
        time_left.is_none_or(|left| delay < left).then_some(delay)
    }

    /// Makes one attempt, which starts at `now`, within the timeouts of the attempt and the call.
    async fn timed_attempt(
        &self,
        number: u32,
        now: Instant,
        deadline: Option<Instant>,
        used: &mut Option<Box<dyn UsedIdentity>>,
    ) -> CallResult {
        let own = self
            .options
            .attempt_timeout
            .and_then(|timeout| now.checked_add(timeout));
        let (until, scope) = match (own, deadline) {
            (Some(own), Some(deadline)) if own < deadline => (own, "attempt"),
            (_, Some(deadline)) => (deadline, "call"),
            (Some(own), None) => (own, "attempt"),
            (None, None) => {
                return self
                    .attempt(number, used)
                    .await
                    .map_err(|error| error.with_attempts(number));
            }
        };
        let limit = if scope == "call" {
            self.options.call_timeout
        } else {
            self.options.attempt_timeout
        };
        let limit = limit.unwrap_or_default();
        let upload = Upload {
            stream: self.request.body.stream(),
            events: self.operation.input.events().is_some(),
        };
        let attempt = pin!(self.attempt(number, used));
        let mut result = match with_idle_timeout(attempt, until, limit, &upload).await {
            Some(result) => result,
            None => Err(CallError::new(
                ErrorClass::Timeout,
                self.operation.name,
                format!("no response within the {scope} timeout of {limit:?}"),
            )),
        };
        result = result.map_err(|error| error.with_attempts(number));
        if let Err(error) = &result {
            tracing::debug!(attempt = number, %error, "failed");
        }
        result
    }

    /// Makes one attempt. `used` is set to the identity that it is sent with.
    async fn attempt(&self, number: u32, used: &mut Option<Box<dyn UsedIdentity>>) -> CallResult {
        // In a block, so that the request takes no space while the response is received.
        let (sent, mut guard) = {
            #[cfg(feature = "checksums")]
            let signs_chunks = self.signs_chunks();
            let mut request = self.request();
            #[cfg(feature = "checksums")]
            if let (Some(algorithm), false) = (self.request.checksums.trailer, signs_chunks) {
                let body = std::mem::take(request.body_mut());
                *request.body_mut() = checksum::with_trailer(body, algorithm, None);
            }
            let target = AuthTarget {
                service: self.config.service,
                operation: self.operation,
                endpoint: self.endpoint.auth(),
                body: &self.request.body,
                #[cfg(feature = "checksums")]
                trailer: self.request.checksums.trailer,
                #[cfg(feature = "checksums")]
                signs_chunks,
                clock: &self.config.clock,
            };
            *used = self
                .config
                .identities
                .authenticate(target, &mut request)
                .await?;
            let guard = abort::abort_on_drop(self.operation, &mut request);
            (self.config.transport.send(request), guard)
        };
        let operation = self.operation.name;
        let response = sent.await.map_err(|error| {
            let not_sent = transport::is_not_sent(&error);
            let misunderstanding = transport::misunderstanding(&error);
            let timeout = transport::is_timeout(&error);
            let (class, message) = match (misunderstanding, timeout, not_sent) {
                (Some(message), ..) => (ErrorClass::Transport, message),
                (None, true, true) => (ErrorClass::Timeout, "timed out while connecting"),
                (None, true, false) => (ErrorClass::Timeout, "the connection timed out"),
                (None, false, true) => (ErrorClass::Transport, "cannot connect"),
                (None, false, false) => (
                    ErrorClass::Transport,
                    "the connection broke before the response",
                ),
            };
            let permanent = misunderstanding.is_some() || transport::is_tls_error(&error);
            let error = CallError::new(class, operation, message).with_source(error);
            if permanent {
                error.permanent()
            } else {
                error.not_sent(not_sent)
            }
        })?;
        let response = abort::keep_until_end(self.operation, response, &mut guard);
        let result = receive::receive(
            &self.config,
            self.operation,
            &self.request.method,
            response,
            number,
            self.options.attempt_timeout,
        )
        .await;
        // Not before the response is complete: the connection may break with the request.
        drop(guard);
        result
    }

    /// The request of an attempt, without a trailer.
    fn request(&self) -> Request<Body> {
        let RequestParts {
            method,
            headers,
            body,
            ..
        } = &self.request;
        let mut request = Request::new(body.to_body());
        *request.method_mut() = method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers.clone();
        self.config.user_agent.add_to(request.headers_mut());
        let Operation { input, output, .. } = self.operation;
        if input.events().is_some() || output.events().is_some() {
            request.extensions_mut().insert(CarriesEvents);
        }
        request
    }

    /// Whether the call is signed.
    #[cfg(any(feature = "checksums", all(feature = "endpoints", feature = "sigv4")))]
    fn is_signed(&self) -> bool {
        let Config {
            service,
            identities,
            ..
        } = &*self.config;
        identities.signs(service, self.operation, self.endpoint.auth())
    }

    /// Whether each chunk of a body with a trailer is signed: without TLS, nothing else protects
    /// the body.
    #[cfg(feature = "checksums")]
    fn signs_chunks(&self) -> bool {
        self.request.checksums.trailer.is_some()
            && self.is_signed()
            && !self.operation.traits.unsigned_payload
            && self.uri.scheme_str() == Some("http")
    }
}

/// The stream that a call sends.
struct Upload<'c> {
    stream: Option<&'c ByteStream>,
    /// The stream consists of events, between which any time may pass.
    events: bool,
}

impl Upload<'_> {
    fn chunks(&self) -> u64 {
        self.stream.map_or(0, ByteStream::chunks)
    }

    /// Whether further events may follow.
    fn is_open(&self) -> bool {
        let open = |stream: &ByteStream| !HttpBody::is_end_stream(stream);
        self.events && self.stream.is_some_and(open)
    }
}

/// Awaits `attempt`; `None` if the time is up and the upload has not progressed. While it does, the
/// timeout starts again.
async fn with_idle_timeout<T>(
    mut attempt: Pin<&mut impl Future<Output = T>>,
    mut until: Instant,
    limit: Duration,
    upload: &Upload<'_>,
) -> Option<T> {
    // An attempt that is ready at once needs no timer.
    let first = std::future::poll_fn(|cx| Poll::Ready(attempt.as_mut().poll(cx)));
    if let Poll::Ready(result) = first.await {
        return Some(result);
    }
    loop {
        let before = upload.chunks();
        // Boxed, since it is large and an attempt may be ready at once.
        let timeout = Box::pin(tokio::time::timeout_at(until, attempt.as_mut()));
        if let Ok(result) = timeout.await {
            return Some(result);
        }
        if upload.chunks() == before && !upload.is_open() {
            return None;
        }
        until = Instant::now().checked_add(limit)?;
    }
}

fn verdict(error: &CallError) -> RetryVerdict {
    match (error.is_retryable(), error.is_not_sent()) {
        (false, _) => RetryVerdict::Permanent,
        (true, true) => RetryVerdict::NotProcessed,
        (true, false) => RetryVerdict::MaybeProcessed,
    }
}
