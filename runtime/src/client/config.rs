//! The configuration of a client.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::auth::Identities;
#[cfg(feature = "sigv4")]
use super::clock::ClockSkew;
use super::resolver::EndpointSource;
use super::retry::{RetryBudget, RetryPolicy};
use super::transport::Transport;
use super::user_agent::UserAgent;
use crate::codec::MemoryLimit;
use crate::protocol::Protocol;
use crate::protocol::service::Service;

/// Everything that the clones of a client share.
pub(crate) struct Config {
    pub(crate) service: &'static Service,
    /// The protocol of the requests, one of those of the service.
    pub(crate) protocol: &'static dyn Protocol,
    pub(crate) endpoint: EndpointSource,
    pub(crate) transport: Transport,
    pub(crate) defaults: CallOptions,
    pub(crate) budget: RetryBudget,
    pub(crate) user_agent: UserAgent,
    pub(crate) max_response_bytes: usize,
    pub(crate) max_decoded_bytes: MemoryLimit,
    pub(crate) tokens: Box<dyn Fn() -> String + Send + Sync>,
    pub(crate) clock: Clock,
    /// What corrects the clock.
    #[cfg(feature = "sigv4")]
    pub(crate) skew: Arc<ClockSkew>,
    pub(crate) identities: Identities,
}

/// Returns the current time.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// The settings that a call can override.
#[derive(Clone, Debug)]
pub(crate) struct CallOptions {
    pub(crate) retries: Arc<dyn RetryPolicy>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) call_timeout: Option<Duration>,
    /// The first label of the path is never a part of the host.
    #[cfg(feature = "customizations")]
    pub(crate) path_style: bool,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            service,
            protocol,
            endpoint,
            defaults,
            ..
        } = self;
        f.debug_struct("Client")
            .field("service", &service.id)
            .field("protocol", &protocol.id())
            .field("endpoint", endpoint)
            .field("options", defaults)
            .finish_non_exhaustive()
    }
}
