//! Endpoints by the rules of a service.

use std::fmt;
use std::sync::Arc;

use http::Uri;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::auth::EndpointAuth;
use super::build_error::BuildError;
use super::endpoint::Endpoint;
use super::recent::Recent;
#[cfg(feature = "customizations")]
use super::regions::ResourceRegions;
use crate::endpoint::{ParameterValue, ResolvedEndpoint, Rules};
use crate::http::BoxError;
use crate::protocol::request::RequestParts;
#[cfg(feature = "customizations")]
use crate::protocol::service::RegionRedirects;
use crate::protocol::service::{Operation, Segment};
use crate::shape::EncodeMembers;

/// The values of parameters, in the order of the parameters.
type Values = Vec<Option<ParameterValue>>;

const REGION: &str = "AWS::Region";
/// The account of the credentials.
const ACCOUNT_ID: &str = "AWS::Auth::AccountId";
/// Whether the endpoint contains the account: `preferred`, `required` or `disabled`.
pub(crate) const ACCOUNT_ID_MODE: &str = "AWS::Auth::AccountIdEndpointMode";

/// The endpoint rules of a service, with the settings of a client for them.
pub(crate) struct RuleSettings {
    rules: &'static Rules,
    values: Values,
    /// The client has credentials.
    signs: bool,
    #[cfg(feature = "customizations")]
    redirects: Option<RegionRedirects>,
}

impl RuleSettings {
    pub(crate) fn new(rules: &'static Rules) -> Self {
        let values = rules.defaults();
        Self {
            rules,
            values,
            signs: false,
            #[cfg(feature = "customizations")]
            redirects: None,
        }
    }

    pub(crate) fn rules(&self) -> &'static Rules {
        self.rules
    }

    /// Sets whether the client has credentials, which may have the ID of an account.
    #[cfg(feature = "sigv4")]
    pub(crate) fn signing(self, signs: bool) -> Self {
        Self { signs, ..self }
    }

    /// Sets the resources that are in regions of their own.
    #[cfg(feature = "customizations")]
    pub(crate) fn redirects(self, redirects: Option<RegionRedirects>) -> Self {
        Self { redirects, ..self }
    }

    /// The parameter for the account of the credentials, if the rules want it.
    fn account_id(&self) -> Option<usize> {
        let index = self.rules.built_in(ACCOUNT_ID).filter(|_| self.signs)?;
        let mode = self.rules.built_in(ACCOUNT_ID_MODE);
        let mode = mode.and_then(|mode| self.values[mode].as_ref());
        let is_disabled = mode.is_some_and(|mode| *mode == ParameterValue::from("disabled"));
        (!is_disabled && self.values[index].is_none()).then_some(index)
    }

    /// Sets the parameter with an index.
    pub(crate) fn set(&mut self, index: usize, value: ParameterValue) {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = Some(value);
        }
    }

    /// Sets the parameter that is a setting of clients. Returns whether the rules have it.
    pub(crate) fn set_built_in(&mut self, name: &str, value: impl Into<ParameterValue>) -> bool {
        let index = self.rules.built_in(name);
        if let Some(index) = index {
            self.set(index, value.into());
        }
        index.is_some()
    }

    /// The resolver for a client with this URL and region; `None` if the URL replaces the rules,
    /// since they do not depend on it.
    pub(crate) fn resolver(
        mut self,
        service: &'static str,
        url: Option<&str>,
        region: Option<&str>,
        base_path: &str,
    ) -> Result<Option<Resolver>, BuildError> {
        if let Some(url) = url {
            Endpoint::parse(url, base_path)?;
            let Some(index) = self.rules.built_in("SDK::Endpoint") else {
                return Ok(None);
            };
            self.set(index, url.into());
        }
        if let Some(region) = region {
            self.set_built_in(REGION, region);
        }
        let without_region = self.rules.built_in(REGION);
        let without_region = without_region.is_some_and(|it| self.values[it].is_none());
        if url.is_none() && without_region {
            return Err(BuildError::NoEndpoint { service });
        }
        #[cfg(feature = "customizations")]
        let regions = self
            .redirects
            .zip(self.rules.built_in(REGION))
            .and_then(|(redirects, region)| ResourceRegions::new(redirects, self.rules, region));
        Ok(Some(Resolver {
            account_id: self.account_id(),
            rules: self.rules,
            values: self.values,
            base_path: base_path.to_owned(),
            cache: Recent::default(),
            #[cfg(feature = "customizations")]
            regions,
        }))
    }
}

/// Finds the endpoints of calls by rules.
pub(crate) struct Resolver {
    rules: &'static Rules,
    /// The values of the parameters that are settings of the client.
    values: Values,
    /// The parameter for the account of the credentials, which are not known before the call is
    /// sent.
    account_id: Option<usize>,
    base_path: String,
    /// The endpoints that were used last.
    cache: Recent<Arc<RuleEndpoint>>,
    /// `None` if all resources are in the region of the client.
    #[cfg(feature = "customizations")]
    regions: Option<ResourceRegions>,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = self.rules.parameters.iter().zip(&self.values);
        let set = parameters.filter_map(|(it, value)| Some((it.name, value.as_ref()?)));
        f.debug_map().entries(set).finish()
    }
}

impl Resolver {
    /// The endpoint of a call.
    pub(crate) fn resolve(
        &self,
        operation: &'static Operation,
        input: &dyn EncodeMembers,
    ) -> Result<Arc<RuleEndpoint>, BoxError> {
        let mut values = self.values.clone();
        self.rules.bind(operation.name, input, &mut values)?;
        #[cfg(feature = "customizations")]
        if let Some(regions) = &self.regions {
            regions.apply(operation.name, &mut values);
        }
        if let (Some(_), Some(mode)) = (self.account_id, self.rules.built_in(ACCOUNT_ID_MODE)) {
            // Rules would reject a call that lacks a required ID.
            values[mode] = None;
        }
        self.endpoint(values)
    }

    /// Whether endpoints depend on the account of the credentials.
    #[cfg(feature = "sigv4")]
    pub(crate) fn wants_account_id(&self) -> bool {
        self.account_id.is_some()
    }

    /// The endpoint that another one would be for credentials with this account.
    #[cfg(feature = "sigv4")]
    pub(crate) fn with_account_id(
        &self,
        endpoint: &RuleEndpoint,
        id: Option<&str>,
    ) -> Result<Arc<RuleEndpoint>, BoxError> {
        let mut values = endpoint.values.clone();
        if let Some(index) = self.account_id {
            values[index] = id.map(ParameterValue::from);
        }
        if let Some(mode) = self.rules.built_in(ACCOUNT_ID_MODE) {
            values[mode].clone_from(&self.values[mode]);
        }
        self.endpoint(values)
    }

    /// The endpoint that another one would be with another value of the parameter that is a
    /// setting of clients.
    #[cfg(feature = "customizations")]
    pub(crate) fn changed(
        &self,
        endpoint: &RuleEndpoint,
        built_in: &str,
        value: impl Into<ParameterValue>,
    ) -> Result<Arc<RuleEndpoint>, BoxError> {
        let mut values = endpoint.values.clone();
        if let Some(index) = self.rules.built_in(built_in) {
            values[index] = Some(value.into());
        }
        self.endpoint(values)
    }

    /// The endpoint of a call that was sent to `endpoint`, while its resource is in this region.
    /// Later calls for the resource have it, too. `None` if there is no other endpoint.
    #[cfg(feature = "customizations")]
    pub(crate) fn redirected(
        &self,
        endpoint: &RuleEndpoint,
        region: &str,
    ) -> Option<Arc<RuleEndpoint>> {
        let regions = self.regions.as_ref()?;
        let found = regions.in_region(&endpoint.values, region)?;
        // If the rules reject the region, the error of the service tells why.
        let found = self.endpoint(found).ok()?;
        if found.endpoint == endpoint.endpoint && found.auth == endpoint.auth {
            return None;
        }
        regions.keep(&found.values);
        Some(found)
    }

    fn endpoint(&self, values: Values) -> Result<Arc<RuleEndpoint>, BoxError> {
        if let Some(endpoint) = self.cache.find(|other| other.values == values) {
            return Ok(endpoint);
        }
        let resolved = self.rules.resolve(&values)?;
        let endpoint = Arc::new(RuleEndpoint {
            endpoint: Endpoint::parse(&resolved.url, &self.base_path)?,
            headers: headers(&resolved)?,
            auth: EndpointAuth::parse(&resolved.properties)?,
            first_label: self.rules.first_label,
            values,
        });
        // Another call may have added it in the meantime.
        let kept = Arc::clone(&endpoint);
        self.cache
            .keep(kept, |other| other.values == endpoint.values);
        Ok(endpoint)
    }
}

/// An endpoint that rules lead to.
pub(crate) struct RuleEndpoint {
    endpoint: Endpoint,
    headers: HeaderMap,
    auth: EndpointAuth,
    /// Whether the endpoint contains the label that a path starts with.
    first_label: bool,
    /// The values of the parameters.
    values: Values,
}

/// The headers of an endpoint.
fn headers(endpoint: &ResolvedEndpoint) -> Result<HeaderMap, BoxError> {
    let mut headers = HeaderMap::new();
    for (name, values) in &endpoint.headers {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        for value in values {
            headers.append(name.clone(), HeaderValue::try_from(value)?);
        }
    }
    Ok(headers)
}

impl RuleEndpoint {
    /// The authentication schemes that it accepts.
    pub(crate) fn auth(&self) -> &EndpointAuth {
        &self.auth
    }

    /// Adds the headers to a request.
    pub(crate) fn add_headers(&self, request: &mut RequestParts) {
        for name in self.headers.keys() {
            request.headers.remove(name);
        }
        request.headers.extend(self.headers.clone());
    }

    /// The URI of a request.
    pub(crate) fn uri(
        &self,
        operation: &Operation,
        request: &RequestParts,
    ) -> Result<Uri, http::Error> {
        let prefix = request.host_prefix.as_deref();
        let first = operation.route.and_then(|route| route.path.first());
        if !self.first_label || !matches!(first, Some(Segment::Label(_))) {
            return self.endpoint.uri(prefix, &request.target);
        }
        let path = request.target.trim_start_matches('/');
        let end = path.find(['/', '?']).unwrap_or(path.len());
        let rest = &path[end..];
        if rest.starts_with('/') || self.endpoint.has_path() {
            self.endpoint.uri(prefix, rest)
        } else {
            self.endpoint.uri(prefix, &format!("/{rest}"))
        }
    }
}
