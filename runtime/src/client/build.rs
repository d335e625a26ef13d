//! How a client is set up.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tower_layer::Layer;
use tower_service::Service as TowerService;

use super::core::{Core, Options, Shared};
use super::endpoint::Endpoint;
use super::retry::{Budget, Retries};
use super::token;
use super::transport::Transport;
use crate::http::{Body, BoxError};
use crate::protocol::service::Service;

/// Sets up a client.
///
/// Needed is where the service is: an [`endpoint`](Self::endpoint) or a [`region`](Self::region). Everything else has a default.
#[must_use = "a builder makes a client by `build`"]
pub struct Builder<C> {
    config: Config,
    client: PhantomData<fn() -> C>,
}

type Wrap = Box<dyn FnOnce(Transport) -> Transport + Send>;

struct Config {
    service: &'static Service,
    endpoint: Option<String>,
    region: Option<String>,
    base_path: Option<String>,
    transport: Option<Transport>,
    layers: Vec<Wrap>,
    options: Options,
    connect_timeout: Option<Duration>,
    user_agent: Option<String>,
    max_response_bytes: usize,
    tokens: Box<dyn Fn() -> String + Send + Sync>,
    clock: Box<dyn Fn() -> SystemTime + Send + Sync>,
    #[cfg(feature = "https")]
    roots: Vec<Vec<u8>>,
    #[cfg(feature = "sigv4")]
    credentials: Option<(
        aws_credential_types::provider::SharedCredentialsProvider,
        String,
    )>,
}

impl<C: From<Core>> Builder<C> {
    /// A client of `service`.
    #[doc(hidden)]
    pub fn new(service: &'static Service) -> Self {
        const MIB: usize = 1024 * 1024;
        let config = Config {
            service,
            endpoint: None,
            region: None,
            base_path: None,
            transport: None,
            layers: Vec::new(),
            options: Options {
                retries: Retries::default(),
                attempt_timeout: Some(Duration::from_secs(30)),
                call_timeout: Some(Duration::from_secs(90)),
            },
            connect_timeout: Some(Duration::from_secs(5)),
            user_agent: None,
            max_response_bytes: 32 * MIB,
            tokens: Box::new(token::uuid),
            clock: Box::new(SystemTime::now),
            #[cfg(feature = "https")]
            roots: Vec::new(),
            #[cfg(feature = "sigv4")]
            credentials: None,
        };
        Self {
            config,
            client: PhantomData,
        }
    }

    /// Where the service is: `https://host`, `http://host:port/path`. What every path of the service starts with is appended, unless the path of
    /// the endpoint ends with it already.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.config.endpoint = Some(url.into());
        self
    }

    /// The region of AWS that the service is in: gives the endpoint where none is set.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.config.region = Some(region.into());
        self
    }

    /// What every path starts with, instead of what the model says; empty for nothing.
    pub fn base_path(mut self, base_path: impl Into<String>) -> Self {
        self.config.base_path = Some(base_path.into());
        self
    }

    /// The time to make a connection, of the default transport; 5 s unless set, `None` for no limit.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.config.connect_timeout = timeout.into();
        self
    }

    /// The time for an attempt, from the first byte sent to the last one received; 30 s unless set, `None` for no limit.
    ///
    /// An attempt that sends a stream takes as long as the stream does: then it is the time in which the stream must move on. An attempt whose answer
    /// is a stream is over when the head of the answer is there: then it is the time in which the next piece must come, while it is waited for.
    pub fn attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.config.options.attempt_timeout = timeout.into();
        self
    }

    /// The time for a call, waits and further attempts included; 90 s unless set, `None` for no limit. Of streams it says as much as
    /// [`attempt_timeout`](Self::attempt_timeout).
    ///
    /// Timeouts and waits need a Tokio runtime with its time driver.
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.config.options.call_timeout = timeout.into();
        self
    }

    /// How often a call is tried.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.config.options.retries = retries;
        self
    }

    /// What carries the requests: a service of HTTP requests, such as a client with a proxy, or a server in the same process.
    pub fn transport<S, B>(mut self, service: S) -> Self
    where
        S: TowerService<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.config.transport = Some(Transport::new(service));
        self
    }

    /// A layer around the transport: it sees each attempt, signed. The layer that is added first sees requests first.
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
        self.config.layers.push(Box::new(move |transport| {
            Transport::new(layer.layer(transport))
        }));
        self
    }

    /// The `User-Agent` header.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.config.user_agent = Some(user_agent.into());
        self
    }

    /// The longest body of an answer that is accepted; 32 MiB unless set. It does not hold for outputs with a streaming blob, which are not held in
    /// memory, but for their errors.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.config.max_response_bytes = bytes;
        self
    }

    /// What makes idempotency tokens instead of random UUIDs: for tests.
    pub fn idempotency_tokens(mut self, make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.config.tokens = Box::new(make);
        self
    }

    /// The time that signatures and `Retry-After` dates go by, instead of the system's: for tests.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.config.clock = Box::new(now);
        self
    }

    /// Root certificates to trust beside the system's: PEM, one or more certificates.
    #[cfg(feature = "https")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.config.roots.push(pem.into());
        self
    }

    /// Signs requests (AWS Signature Version 4) with what `credentials` gives, for the services of `region`; gives the endpoint where
    /// none is set. Credentials are kept until shortly before they expire.
    ///
    /// Bytes at hand are signed with the request; of a stream it says `UNSIGNED-PAYLOAD`, which services take over TLS.
    #[cfg(feature = "sigv4")]
    pub fn sigv4(
        mut self,
        credentials: impl aws_credential_types::provider::ProvideCredentials + 'static,
        region: impl Into<String>,
    ) -> Self {
        let provider = aws_credential_types::provider::SharedCredentialsProvider::new(credentials);
        self.config.credentials = Some((provider, region.into()));
        self
    }

    /// The client, or what it lacks.
    pub fn build(self) -> Result<C, BuildError> {
        self.config.build().map(C::from)
    }
}

impl Config {
    fn build(self) -> Result<Core, BuildError> {
        let endpoint = self.endpoint()?;
        let agent = self.user_agent.clone().unwrap_or_else(|| {
            format!(
                "drawplate/{} {}/{}",
                env!("CARGO_PKG_VERSION"),
                self.service.name(),
                self.service.version
            )
        });
        let user_agent = HeaderValue::try_from(agent).map_err(|_| BuildError::UserAgent)?;
        let transport = match self.transport.clone() {
            Some(transport) => transport,
            None => self.default_transport()?,
        };
        let transport = self
            .layers
            .into_iter()
            .rev()
            .fold(transport, |transport, wrap| wrap(transport));
        #[cfg(feature = "sigv4")]
        let signer = match self.credentials {
            Some((provider, region)) => {
                let name = self.service.signing_name.ok_or(BuildError::NoSigningName {
                    service: self.service.name(),
                })?;
                Some(crate::aws::sigv4::Signer::new(provider, region, name))
            }
            None => None,
        };
        Ok(Core(Arc::new(Shared {
            service: self.service,
            endpoint,
            transport,
            defaults: self.options,
            budget: Budget::new(),
            user_agent,
            max_response_bytes: self.max_response_bytes,
            tokens: self.tokens,
            clock: self.clock,
            #[cfg(feature = "sigv4")]
            signer,
        })))
    }

    #[cfg(feature = "https")]
    fn default_transport(&self) -> Result<Transport, BuildError> {
        super::https::transport(&self.roots, self.connect_timeout)
    }

    #[cfg(not(feature = "https"))]
    #[expect(
        clippy::unused_self,
        reason = "it is what the default transport is made from"
    )]
    fn default_transport(&self) -> Result<Transport, BuildError> {
        Err(BuildError::NoTransport)
    }

    fn endpoint(&self) -> Result<Endpoint, BuildError> {
        let region = self.region.as_deref();
        #[cfg(feature = "sigv4")]
        let region =
            region.or_else(|| self.credentials.as_ref().map(|(_, region)| region.as_str()));
        let service = self.service.name();
        let url = match (&self.endpoint, region, self.service.endpoint_prefix) {
            (Some(url), ..) => url.clone(),
            (None, Some(region), Some(prefix)) => Endpoint::of_region(prefix, region)?,
            (None, Some(_), None) => return Err(BuildError::NoEndpointPrefix { service }),
            (None, None, _) => return Err(BuildError::NoEndpoint { service }),
        };
        Endpoint::parse(
            &url,
            self.base_path.as_deref().unwrap_or(self.service.base_path),
        )
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config {
            service,
            endpoint,
            region,
            options,
            ..
        } = &self.config;
        f.debug_struct("Builder")
            .field("service", &service.id)
            .field("endpoint", endpoint)
            .field("region", region)
            .field("options", options)
            .finish_non_exhaustive()
    }
}

/// Why there is no client.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// Nothing says where the service is.
    NoEndpoint {
        /// The service.
        service: &'static str,
    },
    /// The service has no endpoints by region.
    NoEndpointPrefix {
        /// The service.
        service: &'static str,
    },
    /// The endpoint is not one.
    Endpoint {
        /// As it was given.
        endpoint: String,
        /// What is wrong with it.
        why: String,
    },
    /// The region is not one.
    Region {
        /// As it was given.
        region: String,
    },
    /// There is nothing to send requests with.
    NoTransport,
    /// The service does not take signatures.
    NoSigningName {
        /// The service.
        service: &'static str,
    },
    /// The user agent has characters that a header cannot hold.
    UserAgent,
    /// There are no root certificates, or those that were given cannot be read.
    Certificates(String),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEndpoint { service } => {
                write!(f, "nothing says where {service} is: call `endpoint(\"https://..\")` or `region(..)`")
            }
            Self::NoEndpointPrefix { service } => {
                write!(f, "the model of {service} has no endpoints by region: call `endpoint(\"https://..\")`")
            }
            Self::Endpoint { endpoint, why } => write!(f, "`{endpoint}` is not an endpoint: {why}"),
            Self::Region { region } => write!(f, "`{region}` is not a region: letters, digits and hyphens"),
            Self::NoTransport => {
                f.write_str("nothing to send requests with: turn on the feature `https` or call `transport(..)`")
            }
            Self::NoSigningName { service } => {
                write!(f, "the model of {service} does not say that it takes signatures: leave out `sigv4(..)`")
            }
            Self::UserAgent => f.write_str("the user agent has characters that a header cannot hold"),
            Self::Certificates(why) => write!(f, "no root certificates: {why}"),
        }
    }
}

impl std::error::Error for BuildError {}

impl Core {
    /// A client of a service in the same process: the whole wire path, no socket.
    #[doc(hidden)]
    pub fn in_process<S, B>(service: &'static Service, server: S) -> Self
    where
        S: TowerService<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Builder::<Self>::new(service)
            .endpoint("http://in-process.invalid")
            .transport(server)
            .build()
            .expect("an endpoint that is one, and a transport, are all that a client needs")
    }
}

/// `client!(Client: SERVICE)`: what a generated client has beside its operations.
#[macro_export]
macro_rules! client {
    ($client:ident: $service:path) => {
        impl $client {
            /// Sets up a client.
            pub fn builder() -> $crate::client::Builder<Self> {
                $crate::client::Builder::new(&$service)
            }

            /// A client of a service in the same process: any service of HTTP requests, such as a server of the same model. The whole wire path,
            /// no socket.
            pub fn in_process<S, B>(service: S) -> Self
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
                Self($crate::client::Core::in_process(&$service, service))
            }
        }

        impl ::core::convert::From<$crate::client::Core> for $client {
            fn from(core: $crate::client::Core) -> Self {
                Self(core)
            }
        }
    };
}
