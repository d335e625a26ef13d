//! Settings from the configuration of an SDK of AWS.

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::super::inner::Inner;
use super::super::retry::RetryConfig;
#[cfg(feature = "endpoints")]
use super::super::rules::ACCOUNT_ID_MODE;
use super::{Builder, DUAL_STACK, Settings};
use crate::aws::credentials::SdkProvider;
use crate::protocol::service::Service;

impl<C: From<Inner>> Builder<C> {
    /// Takes settings from the configuration of an SDK of AWS, which the crate `aws-config` loads
    /// from the environment and from profiles:
    ///
    /// - region, credentials and the name of the program,
    /// - the URL of the endpoint, that for the service before that for all,
    /// - endpoints with FIPS and dual stack, and those with the ID of an account,
    /// - the number of attempts and the bounds of the delays; the adaptive mode is as the standard
    ///   mode,
    /// - the timeouts of the operation, of an attempt and for connecting. If there is no timeout of
    ///   an attempt, the one for reading is used.
    ///
    /// What it does not set stays as it is, and later calls of the builder replace its settings.
    /// Credentials are only used for services that are signed. The rest of the configuration, such
    /// as the HTTP client, is ignored.
    pub fn sdk_config(mut self, config: &SdkConfig) -> Self {
        let settings = &mut self.settings;
        if let Some(region) = config.region() {
            settings.region = Some(region.to_string());
            settings.has_sdk_region = true;
            // That of an earlier `sigv4` would differ from the one of the endpoint.
            settings.signing_region = None;
        }
        if let Some(url) = endpoint_url(config, settings.service) {
            settings.endpoint = Some(url);
        }
        if let (Some(provider), Some(_)) = (config.credentials_provider(), settings.service.signing)
        {
            settings.credentials = Some(Box::new(SdkProvider(provider)));
        }
        if let Some(name) = config.app_name() {
            settings.app_name = Some(name.to_string());
        }
        if let Some(use_fips) = config.use_fips() {
            settings.use_fips(use_fips);
        }
        if let Some(dual_stack) = config.use_dual_stack() {
            settings.use_dual_stack(dual_stack);
        }
        #[cfg(feature = "endpoints")]
        if let (Some(mode), Some(rules)) = (config.account_id_endpoint_mode(), &mut settings.rules)
        {
            let mode = mode.to_string();
            rules.set_built_in(ACCOUNT_ID_MODE, mode.as_str());
        }
        if let Some(timeouts) = config.timeout_config() {
            if let Some(timeout) = timeouts.connect_timeout() {
                settings.connect_timeout = Some(timeout);
            }
            if let Some(timeout) = timeouts.operation_timeout() {
                settings.options.call_timeout = Some(timeout);
            }
            let of_attempt = timeouts.operation_attempt_timeout();
            if let Some(timeout) = of_attempt.or(timeouts.read_timeout()) {
                settings.options.attempt_timeout = Some(timeout);
            }
        }
        let Some(retries) = config.retry_config() else {
            return self;
        };
        let policy = RetryConfig::attempts(retries.max_attempts())
            .backoff(retries.initial_backoff(), retries.max_backoff());
        self.retries(policy)
    }
}

impl Settings {
    fn use_fips(&mut self, use_fips: bool) {
        let is_known = self.set_built_in("AWS::UseFIPS", use_fips);
        self.require_endpoints("FIPS", use_fips && !is_known);
    }

    fn use_dual_stack(&mut self, dual_stack: bool) {
        let is_known = self.set_built_in(DUAL_STACK, dual_stack);
        #[cfg(feature = "customizations")]
        let is_known = is_known || self.service.customizations.virtual_hosts.is_some();
        // What the builder's method of this name sets.
        #[cfg(feature = "customizations")]
        if is_known {
            self.hosts.dual_stack = dual_stack;
        }
        self.require_endpoints("dual-stack", dual_stack && !is_known);
    }

    /// Sets whether endpoints are required that the service does not have.
    fn require_endpoints(&mut self, endpoints: &'static str, are_missing: bool) {
        self.missing_endpoints.retain(|other| *other != endpoints);
        if are_missing {
            self.missing_endpoints.push(endpoints);
        }
    }
}

/// The URL of the endpoint. One that the program has set has precedence over those of the
/// environment and of profiles, of which that for the service has precedence over that for all.
fn endpoint_url(config: &SdkConfig, service: &Service) -> Option<String> {
    let general = config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return general;
    }
    let of_service = || {
        let key = ServiceConfigKey::builder()
            .service_id(service.sdk_id?)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        config.service_config()?.load_config(key.ok()?)
    };
    of_service().or(general)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_smithy_types::timeout::TimeoutConfig;

    use super::*;
    use crate::client::tests::SERVICE;

    #[test]
    fn the_timeout_for_connecting_is_that_of_the_configuration() {
        let timeout = |timeouts: TimeoutConfig| {
            let config = SdkConfig::builder().timeout_config(timeouts).build();
            let builder = Builder::<Inner>::new(&SERVICE).sdk_config(&config);
            builder.settings.connect_timeout
        };
        let second = Duration::from_secs(1);
        let timeouts = TimeoutConfig::builder().connect_timeout(second).build();
        assert_eq!(timeout(timeouts), Some(second));
        // That of clients.
        assert_eq!(
            timeout(TimeoutConfig::disabled()),
            Some(Duration::from_secs(5))
        );
    }
}
