//! Sets up a client.

#[cfg(feature = "sigv4")]
mod aws;
#[cfg(feature = "aws-config")]
mod sdk_config;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tower_layer::Layer;
use tower_service::Service as TowerService;

use super::auth::Identities;
#[cfg(feature = "auth")]
use super::auth::{HasApiKeyAuth, HasBasicAuth, HasBearerAuth, HttpScheme};
use super::build_error::BuildError;
#[cfg(feature = "sigv4")]
use super::clock::ClockSkew;
use super::config::{CallOptions, Clock, Config};
use super::endpoint::Endpoint;
use super::inner::Inner;
use super::random;
use super::resolver::EndpointSource;
use super::retry::{RetryBudget, RetryConfig, RetryPolicy};
#[cfg(feature = "endpoints")]
use super::rules::RuleSettings;
use super::transport::Transport;
use super::user_agent::UserAgent;
#[cfg(feature = "customizations")]
use super::virtual_hosts::{FORCE_PATH_STYLE, HostSettings};
#[cfg(feature = "sigv4")]
use crate::auth::IdentitySource;
#[cfg(feature = "auth")]
use crate::auth::{ApiKey, BasicCredentials, BearerToken, ProvideIdentity};
#[cfg(feature = "sigv4")]
use crate::aws::credentials::Credentials;
use crate::aws::endpoint::regional;
#[cfg(feature = "sigv4")]
use crate::aws::sigv4::Signer;
use crate::codec::MemoryLimit;
#[cfg(feature = "endpoints")]
use crate::endpoint::{ParameterValue, Rules};
use crate::http::{Body, BoxError};
use crate::protocol::Protocol;
use crate::protocol::service::Service;

/// Sets up a client.
///
/// An [`endpoint`](Self::endpoint) or a [`region`](Self::region) is required. All other settings
/// have defaults.
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder<C> {
    settings: Settings,
    client: PhantomData<fn() -> C>,
}

type WrapTransport = Box<dyn FnOnce(Transport) -> Transport + Send>;

struct Settings {
    service: &'static Service,
    protocol: Option<String>,
    endpoint: Option<String>,
    region: Option<String>,
    /// Whether it is that of the configuration of an SDK, which a later one replaces.
    #[cfg(feature = "aws-config")]
    has_sdk_region: bool,
    base_path: Option<String>,
    transport: Option<Transport>,
    layers: Vec<WrapTransport>,
    options: CallOptions,
    connect_timeout: Option<Duration>,
    user_agent: Option<String>,
    app_name: Option<String>,
    max_response_bytes: usize,
    max_decoded_bytes: MemoryLimit,
    tokens: Box<dyn Fn() -> String + Send + Sync>,
    clock: Clock,
    #[cfg(feature = "customizations")]
    hosts: HostSettings,
    #[cfg(feature = "endpoints")]
    rules: Option<RuleSettings>,
    identities: Identities,
    #[cfg(feature = "https")]
    roots: Vec<Vec<u8>>,
    #[cfg(feature = "sigv4")]
    credentials: Option<Box<dyn IdentitySource<Credentials>>>,
    /// The region of signatures; `None` if it is that of the endpoint.
    #[cfg(feature = "sigv4")]
    signing_region: Option<String>,
    /// The endpoints that the configuration of an SDK selects and the service does not have.
    #[cfg(feature = "aws-config")]
    missing_endpoints: Vec<&'static str>,
}

/// The parameter for [`Builder::use_dual_stack`].
#[cfg(any(feature = "aws-config", feature = "customizations"))]
const DUAL_STACK: &str = "AWS::UseDualStack";

impl<C: From<Inner>> Builder<C> {
    /// Creates a builder for a client of `service`.
    #[doc(hidden)]
    pub fn new(service: &'static Service) -> Self {
        const MIB: usize = 1024 * 1024;
        let settings = Settings {
            service,
            protocol: None,
            endpoint: None,
            region: None,
            #[cfg(feature = "aws-config")]
            has_sdk_region: false,
            base_path: None,
            transport: None,
            layers: Vec::new(),
            options: CallOptions {
                retries: Arc::new(RetryConfig::default()),
                attempt_timeout: Some(Duration::from_secs(30)),
                call_timeout: Some(Duration::from_secs(90)),
                #[cfg(feature = "customizations")]
                path_style: false,
            },
            connect_timeout: Some(Duration::from_secs(5)),
            user_agent: None,
            app_name: None,
            max_response_bytes: 32 * MIB,
            max_decoded_bytes: MemoryLimit::DEFAULT,
            tokens: Box::new(random::uuid),
            clock: Arc::new(SystemTime::now),
            #[cfg(feature = "customizations")]
            hosts: HostSettings::default(),
            #[cfg(feature = "endpoints")]
            rules: None,
            identities: Identities::default(),
            #[cfg(feature = "https")]
            roots: Vec::new(),
            #[cfg(feature = "sigv4")]
            credentials: None,
            #[cfg(feature = "sigv4")]
            signing_region: None,
            #[cfg(feature = "aws-config")]
            missing_endpoints: Vec::new(),
        };
        Self {
            settings,
            client: PhantomData,
        }
    }

    /// Sets the rules by which endpoints are found.
    #[cfg(feature = "endpoints")]
    #[doc(hidden)]
    pub fn endpoint_rules(mut self, rules: &'static Rules) -> Self {
        self.settings.rules = Some(RuleSettings::new(rules));
        self
    }

    /// The rules by which endpoints are found.
    #[cfg(feature = "endpoints")]
    #[doc(hidden)]
    pub fn rules(&self) -> Option<&'static Rules> {
        self.settings.rules.as_ref().map(RuleSettings::rules)
    }

    /// Sets the parameter of the endpoint rules with an index.
    #[cfg(feature = "endpoints")]
    #[doc(hidden)]
    pub fn endpoint_parameter(mut self, index: usize, value: impl Into<ParameterValue>) -> Self {
        if let Some(rules) = &mut self.settings.rules {
            rules.set(index, value.into());
        }
        self
    }

    /// Sets the protocol of the requests by the ID of its trait, such as
    /// `aws.protocols#restJson1`. The default is the preferred protocol of the service, if it has
    /// several.
    pub fn protocol(mut self, id: impl Into<String>) -> Self {
        self.settings.protocol = Some(id.into());
        self
    }

    /// Sets the URL of the service, such as `https://host` or `http://host:port/path`. The base
    /// path of the service is appended unless the URL already ends with it.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.endpoint = Some(url.into());
        self
    }

    /// Sets the AWS region of the service, from which the endpoint is derived if none is set.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = Some(region.into());
        #[cfg(feature = "aws-config")]
        {
            self.settings.has_sdk_region = false;
        }
        self
    }

    /// Replaces the base path of the model, with which every path starts. It may be empty.
    pub fn base_path(mut self, base_path: impl Into<String>) -> Self {
        self.settings.base_path = Some(base_path.into());
        self
    }

    /// Keeps the first label of paths, such as the name of a bucket, out of the host. By default,
    /// it is the first label of the host if it is valid there and the host is not an IP address.
    /// Other services than those whose paths can start in the host ignore this.
    #[cfg(feature = "customizations")]
    pub fn force_path_style(mut self, force: bool) -> Self {
        self.settings.options.path_style = force;
        self.settings.set_built_in(FORCE_PATH_STYLE, force);
        self
    }

    /// Selects the accelerated host of the service.
    #[cfg(feature = "customizations")]
    pub fn accelerate(mut self, accelerate: bool) -> Self {
        self.settings.hosts.accelerate = accelerate;
        self.settings
            .set_built_in("AWS::S3::Accelerate", accelerate);
        self
    }

    /// Selects the host of the service that has addresses of IPv4 and IPv6.
    #[cfg(feature = "customizations")]
    pub fn use_dual_stack(mut self, dual_stack: bool) -> Self {
        self.settings.hosts.dual_stack = dual_stack;
        self.settings.set_built_in(DUAL_STACK, dual_stack);
        self
    }

    /// Sets the timeout of the default transport for connecting, including the TLS handshake. The
    /// default is 5 s; `None` means no limit.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.connect_timeout = timeout.into();
        self
    }

    /// Sets the timeout of each attempt, from the first byte sent to the last byte received. The
    /// default is 30 s; `None` means no limit.
    ///
    /// While a stream is sent, this is an idle timeout: it starts again whenever the stream
    /// progresses. A response with a stream ends the attempt with its head; from then on it is the
    /// idle timeout of reading the stream.
    pub fn attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.attempt_timeout = timeout.into();
        self
    }

    /// Sets the timeout of each call, including further attempts and the delays between them. The
    /// default is 90 s; `None` means no limit. For streams it is an idle timeout, as is
    /// [`attempt_timeout`](Self::attempt_timeout).
    ///
    /// Timeouts and delays need a Tokio runtime with its time driver.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.options.call_timeout = timeout.into();
        self
    }

    /// Sets the retry policy: how often calls are attempted, for example by a [`RetryConfig`].
    pub fn retries(mut self, policy: impl RetryPolicy) -> Self {
        self.settings.options.retries = Arc::new(policy);
        self
    }

    /// Sets the transport: any service of HTTP requests, such as an HTTP client with a proxy, or a
    /// server in the same process.
    pub fn transport<S, B>(mut self, service: S) -> Self
    where
        S: TowerService<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.settings.transport = Some(Transport::new(service));
        self
    }

    /// Wraps the transport in a layer, which sees each attempt after signing. The layer that was
    /// added first is the outermost.
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<Transport> + Send + 'static,
        L::Service:
            TowerService<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as TowerService<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as TowerService<Request<Body>>>::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.settings.layers.push(Box::new(move |transport| {
            Transport::new(layer.layer(transport))
        }));
        self
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.user_agent = Some(user_agent.into());
        self
    }

    /// Sets the maximum length of a response body. The default is 32 MiB. Streaming blobs are not
    /// limited, because they are not held in memory.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_response_bytes = bytes;
        self
    }

    /// Sets the maximum memory for the values in a response, in bytes. A short document can stand
    /// for large values, such as a list of empty structures with many members. The default is 12
    /// times the length of the body, and at least 4 MiB. The elements of lists, the entries of
    /// maps, boxed structures and the parts of documents count; texts and blobs do not, since they
    /// are not longer than their source. The events of a stream always have the default.
    pub fn max_decoded_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_decoded_bytes = MemoryLimit::bytes(bytes);
        self
    }

    /// Replaces the generator of idempotency tokens, which are random UUIDs by default. This is
    /// useful in tests.
    pub fn idempotency_tokens(
        mut self,
        generate: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        self.settings.tokens = Box::new(generate);
        self
    }

    /// Replaces the system time in signatures and for `Retry-After` dates. This is useful in tests.
    ///
    /// If a service rejects a signature and its time is another one, the client signs with the time
    /// of the service from then on.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.settings.clock = Arc::new(now);
        self
    }

    /// Adds trusted root certificates to those of the system: one or more certificates in PEM.
    #[cfg(feature = "https")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.roots.push(pem.into());
        self
    }

    /// Sends calls for which the client has no identity without authentication, instead of failing.
    /// This is for servers that require none, such as a mock, or one behind a proxy that
    /// authenticates requests.
    pub fn unauthenticated(mut self) -> Self {
        self.settings.identities.allow_unauthenticated();
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// When a required setting is missing or a setting is invalid.
    pub fn build(self) -> Result<C, BuildError> {
        self.settings.build().map(C::from)
    }
}

#[cfg(feature = "auth")]
impl<C: HasBearerAuth> Builder<C> {
    /// Authenticates calls with bearer tokens (`httpBearerAuth`): one, or those of a provider.
    pub fn bearer_token(mut self, tokens: impl ProvideIdentity<BearerToken>) -> Self {
        self.settings.identities.set(HttpScheme::new(tokens));
        self
    }
}

#[cfg(feature = "auth")]
impl<C: HasApiKeyAuth> Builder<C> {
    /// Authenticates calls with API keys (`httpApiKeyAuth`): one, or those of a provider.
    pub fn api_key(mut self, keys: impl ProvideIdentity<ApiKey>) -> Self {
        self.settings.identities.set(HttpScheme::new(keys));
        self
    }
}

#[cfg(feature = "auth")]
impl<C: HasBasicAuth> Builder<C> {
    /// Authenticates calls with user names and passwords (`httpBasicAuth`): one pair, or those of a
    /// provider.
    pub fn basic_auth(mut self, credentials: impl ProvideIdentity<BasicCredentials>) -> Self {
        self.settings.identities.set(HttpScheme::new(credentials));
        self
    }
}

impl Settings {
    fn build(mut self) -> Result<Inner, BuildError> {
        let protocol = self.protocol()?;
        let endpoint = self.endpoint()?;
        let user_agent = UserAgent::new(
            self.service,
            self.user_agent.as_deref(),
            self.app_name.as_deref(),
        )?;
        let transport = match self.transport.clone() {
            Some(transport) => transport,
            None => self.default_transport(protocol)?,
        };
        let transport = self
            .layers
            .into_iter()
            .rev()
            .fold(transport, |transport, wrap| wrap(transport));
        #[cfg(feature = "sigv4")]
        if let Some(source) = self.credentials {
            let service = self.service.name();
            let signing = self.service.signing;
            let signing = signing.ok_or(BuildError::NoSigningName { service })?;
            let region = self.signing_region.or(self.region);
            let region = region.ok_or(BuildError::NoRegion { service })?;
            let signer = Signer::new(source, region, signing);
            self.identities.set_signer(signer);
        }
        let clock = self.clock;
        #[cfg(feature = "sigv4")]
        let skew = Arc::new(ClockSkew::new(clock));
        #[cfg(feature = "sigv4")]
        let clock = skew.corrected();
        Ok(Inner::new(Config {
            service: self.service,
            protocol,
            endpoint,
            transport,
            defaults: self.options,
            budget: RetryBudget::new(),
            user_agent,
            max_response_bytes: self.max_response_bytes,
            max_decoded_bytes: self.max_decoded_bytes,
            tokens: self.tokens,
            clock,
            #[cfg(feature = "sigv4")]
            skew,
            identities: self.identities,
        }))
    }

    fn protocol(&self) -> Result<&'static dyn Protocol, BuildError> {
        let Some(id) = &self.protocol else {
            return Ok(self.service.protocol());
        };
        let mut protocols = self.service.protocols.iter().copied();
        let found = protocols.find(|protocol| protocol.id() == id);
        found.ok_or_else(|| BuildError::Protocol {
            service: self.service.name(),
            protocol: id.clone(),
            known: self
                .service
                .protocols
                .iter()
                .map(|known| known.id())
                .collect(),
        })
    }

    #[cfg(feature = "https")]
    fn default_transport(&self, protocol: &dyn Protocol) -> Result<Transport, BuildError> {
        let mut versions = self.service.http_versions.iter().copied();
        let versions = versions.find(|versions| versions.protocol == protocol.id());
        super::https::transport(&self.roots, self.connect_timeout, versions)
    }

    #[cfg(not(feature = "https"))]
    #[expect(
        clippy::unused_self,
        reason = "the default transport needs the settings"
    )]
    fn default_transport(&self, _: &dyn Protocol) -> Result<Transport, BuildError> {
        Err(BuildError::NoTransport)
    }

    /// Sets a parameter of the endpoint rules. Returns whether there is one.
    #[cfg(any(feature = "aws-config", feature = "customizations"))]
    fn set_built_in(&mut self, name: &str, value: bool) -> bool {
        #[cfg(not(feature = "endpoints"))]
        let is_set = {
            let _ = (self, name, value);
            false
        };
        #[cfg(feature = "endpoints")]
        let is_set = {
            let rules = self.rules.as_mut();
            rules.is_some_and(|rules| rules.set_built_in(name, value))
        };
        is_set
    }

    fn endpoint(&mut self) -> Result<EndpointSource, BuildError> {
        #[cfg(feature = "endpoints")]
        let rules = self.rules.take();
        #[cfg(all(feature = "endpoints", feature = "sigv4"))]
        let rules = rules.map(|rules| rules.signing(self.credentials.is_some()));
        let region = self.region.as_deref();
        #[cfg(feature = "sigv4")]
        let region = region.or(self.signing_region.as_deref());
        let service = self.service.name();
        #[cfg(feature = "aws-config")]
        if let ([endpoints, ..], None) = (&*self.missing_endpoints, &self.endpoint) {
            return Err(BuildError::MissingEndpoints { service, endpoints });
        }
        let base_path = self.base_path.as_deref().unwrap_or(self.service.base_path);
        #[cfg(feature = "endpoints")]
        if let Some(rules) = rules {
            #[cfg(feature = "customizations")]
            let rules = rules.redirects(self.service.customizations.region_redirects);
            let url = self.endpoint.as_deref();
            if let Some(resolver) = rules.resolver(service, url, region, base_path)? {
                return Ok(EndpointSource::Rules(resolver));
            }
        }
        let host: Option<&str> = None;
        #[cfg(feature = "customizations")]
        let host = host.or(self.hosts.host(
            self.service,
            self.endpoint.is_some(),
            self.options.path_style,
        )?);
        let url = match (&self.endpoint, region, self.service.endpoint_prefix) {
            (Some(url), ..) => url.clone(),
            (None, Some(region), Some(prefix)) => {
                let host = host.map_or_else(|| format!("{prefix}.{{region}}"), str::to_owned);
                let url = regional(&host, region);
                url.ok_or_else(|| BuildError::Region {
                    region: region.to_owned(),
                })?
            }
            (None, Some(_), None) => return Err(BuildError::NoEndpointPrefix { service }),
            (None, None, _) => return Err(BuildError::NoEndpoint { service }),
        };
        Endpoint::parse(&url, base_path).map(EndpointSource::from)
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings {
            service,
            endpoint,
            region,
            options,
            ..
        } = &self.settings;
        f.debug_struct("Builder")
            .field("service", &service.id)
            .field("endpoint", endpoint)
            .field("region", region)
            .field("options", options)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// Creates a client that calls a service in the same process. Requests and responses are
    /// encoded and decoded as usual, in the preferred protocol that has a server, but no socket is
    /// used.
    #[doc(hidden)]
    pub fn in_process<S, B>(service: &'static Service, server: S) -> Self
    where
        S: TowerService<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut builder = Builder::<Self>::new(service);
        let mut protocols = service.protocols.iter();
        let protocol = protocols.find(|protocol| protocol.messages().server().is_some());
        builder.settings.protocol = protocol.map(|protocol| protocol.id().to_owned());
        #[cfg(feature = "customizations")]
        {
            builder.settings.options.path_style = true;
        }
        builder
            .endpoint("http://in-process.invalid")
            .transport(server)
            .unauthenticated()
            .build()
            .expect("a valid endpoint and a transport are the only required settings")
    }
}
