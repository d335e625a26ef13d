//! Authentication schemes.

use std::collections::BTreeSet;

use super::{Model, Operation, Service};

/// An authentication scheme of a service: a trait whose definition has
/// `smithy.api#authDefinition`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthScheme {
    /// `aws.auth#sigv4`, whose signing name is [`Service::signing_name`].
    SigV4,
    /// `smithy.api#httpApiKeyAuth`.
    ApiKey(ApiKeyPosition),
    /// `smithy.api#httpBasicAuth`.
    Basic,
    /// `smithy.api#httpBearerAuth`.
    Bearer,
    /// A scheme that is not supported, by the absolute shape id of its trait.
    Unsupported(Box<str>),
}

/// The position of the API key in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiKeyPosition {
    /// In a header, after the name of a scheme if the trait has one.
    Header {
        /// The name of the header.
        name: Box<str>,
        /// The scheme in front of the key. Smithy defines it for the header `Authorization` and
        /// allows it in any.
        scheme: Option<Box<str>>,
    },
    /// In a query parameter of this name.
    Query(Box<str>),
}

impl AuthScheme {
    /// The absolute shape id of the trait.
    pub fn id(&self) -> &str {
        match self {
            Self::SigV4 => "aws.auth#sigv4",
            Self::ApiKey(_) => "smithy.api#httpApiKeyAuth",
            Self::Basic => "smithy.api#httpBasicAuth",
            Self::Bearer => "smithy.api#httpBearerAuth",
            Self::Unsupported(id) => id,
        }
    }

    /// Whether its identities are texts in HTTP requests, which the runtime needs a feature for.
    pub fn is_http(&self) -> bool {
        matches!(self, Self::ApiKey(_) | Self::Basic | Self::Bearer)
    }

    /// Whether generated code can use it.
    pub fn is_supported(&self) -> bool {
        !matches!(self, Self::Unsupported(_))
    }
}

impl Service {
    /// The schemes of the operations without a trait `auth`, the preferred one first (Smithy 2.0,
    /// "auth trait"): those of the trait `auth` of the service, otherwise all of them by id.
    pub fn default_auth(&self) -> Vec<&AuthScheme> {
        match &self.auth {
            Some(ids) => self.listed(ids),
            None => self.auth_schemes.iter().collect(),
        }
    }

    /// The schemes of one of the operations, the preferred one first.
    pub fn auth_of(&self, operation: &Operation) -> Vec<&AuthScheme> {
        match &operation.auth {
            Some(ids) => self.listed(ids),
            None => self.default_auth(),
        }
    }

    /// Whether an operation has no authentication: its trait `auth` is an empty list, or there is
    /// neither a list nor a scheme. Without a list, an operation has that of the service.
    ///
    /// Read this instead of whether [`auth_of`](Self::auth_of) is empty: a list whose schemes the
    /// service lacks does not make an operation public. `check` rejects it.
    pub fn is_public(&self, operation: &Operation) -> bool {
        let listed = operation.auth.as_deref().or(self.auth.as_deref());
        listed.map_or(self.auth_schemes.is_empty(), <[_]>::is_empty)
    }

    /// Whether an operation rejects callers without an identity: it is neither public nor has the
    /// trait `optionalAuth`.
    pub fn requires_auth(&self, operation: &Operation) -> bool {
        !operation.optional_auth && !self.is_public(operation)
    }

    /// The schemes with these ids. Ids of schemes that the service lacks are left out.
    fn listed(&self, ids: &[Box<str>]) -> Vec<&AuthScheme> {
        let find = |id: &str| {
            let mut schemes = self.auth_schemes.iter();
            schemes.find(|scheme| scheme.id() == id)
        };
        ids.iter().filter_map(|id| find(id)).collect()
    }
}

impl Model {
    /// The schemes that the operations of a service use and generated code supports, sorted by id.
    pub fn used_auth<'m>(&self, service: &'m Service) -> Vec<&'m AuthScheme> {
        let used = self
            .operations_of(service)
            .flat_map(|operation| service.auth_of(operation))
            .map(AuthScheme::id)
            .collect::<BTreeSet<_>>();
        let supported = service.auth_schemes.iter().filter(|it| it.is_supported());
        supported.filter(|it| used.contains(it.id())).collect()
    }
}
