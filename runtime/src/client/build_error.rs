//! The errors of setting up a client.

use std::fmt;

/// The error of [`Builder::build`](super::Builder::build).
#[non_exhaustive]
pub enum BuildError {
    /// The service does not speak the protocol.
    Protocol {
        /// The service.
        service: &'static str,
        /// The protocol as it was set.
        protocol: String,
        /// The protocols of the service.
        known: Vec<&'static str>,
    },
    /// Neither an endpoint nor a region is set.
    NoEndpoint {
        /// The service.
        service: &'static str,
    },
    /// A region is set, but the model has no endpoint prefix to derive the endpoint from.
    NoEndpointPrefix {
        /// The service.
        service: &'static str,
    },
    /// The endpoint is invalid.
    Endpoint {
        /// The endpoint as it was set.
        endpoint: String,
        /// The rule that it breaks.
        why: String,
    },
    /// The region is invalid.
    Region {
        /// The region as it was set.
        region: String,
    },
    /// Variants of the service's host are selected that it does not have, or that other settings
    /// exclude.
    #[cfg(feature = "customizations")]
    Hosts {
        /// The service.
        service: &'static str,
        /// The rule that the settings break.
        why: &'static str,
    },
    /// No transport is set, and the feature `https`, which has the default one, is off.
    NoTransport,
    /// Signing is set up for a service whose model has no signing name.
    NoSigningName {
        /// The service.
        service: &'static str,
    },
    /// Requests are signed, but there is no region to sign them for.
    #[cfg(feature = "sigv4")]
    NoRegion {
        /// The service.
        service: &'static str,
    },
    /// The configuration of an SDK selects endpoints that the service does not have.
    #[cfg(feature = "aws-config")]
    MissingEndpoints {
        /// The service.
        service: &'static str,
        /// The endpoints: `FIPS` or `dual-stack`.
        endpoints: &'static str,
    },
    /// The user agent contains characters that are not allowed in a header.
    UserAgent,
    /// There are no root certificates, or the given ones are invalid.
    Certificates(String),
}

crate::error::debug_as_display!(BuildError);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protocol {
                service,
                protocol,
                known,
            } => write!(
                f,
                "{service} does not speak the protocol `{protocol}`: use {}",
                known.join(" or ")
            ),
            Self::NoEndpoint { service } => write!(
                f,
                "the client of {service} has no endpoint: \
                 call `endpoint(\"https://..\")` or `region(..)`"
            ),
            Self::NoEndpointPrefix { service } => write!(
                f,
                "the model of {service} has no regional endpoints: call `endpoint(\"https://..\")`"
            ),
            Self::Endpoint { endpoint, why } => {
                write!(f, "the endpoint `{endpoint}` is invalid: {why}")
            }
            Self::Region { region } => write!(
                f,
                "the region `{region}` is invalid: use letters, digits and hyphens only"
            ),
            #[cfg(feature = "customizations")]
            Self::Hosts { service, why } => write!(
                f,
                "`accelerate(..)` and `use_dual_stack(..)` select hosts of {service}, but {why}"
            ),
            Self::NoTransport => f.write_str(
                "the client has no transport: enable the feature `https` or call `transport(..)`",
            ),
            Self::NoSigningName { service } => write!(
                f,
                "the model of {service} has no signing name (trait `aws.auth#sigv4`): \
                 remove `sigv4(..)`"
            ),
            #[cfg(feature = "sigv4")]
            Self::NoRegion { service } => write!(
                f,
                "the client of {service} has no region to sign requests for: call `region(..)`"
            ),
            #[cfg(feature = "aws-config")]
            Self::MissingEndpoints { service, endpoints } => write!(
                f,
                "the `SdkConfig` selects {endpoints} endpoints, for which the model of {service} \
                 has no rules: call `endpoint(\"https://..\")` or turn them off"
            ),
            Self::UserAgent => f.write_str(
                "the user agent is not a valid header value: \
                 use visible ASCII characters and spaces",
            ),
            Self::Certificates(why) => write!(f, "cannot set up TLS: {why}"),
        }
    }
}

impl std::error::Error for BuildError {}
