//! The authentication schemes of an endpoint (Smithy 2.0, "Endpoint `authSchemes` list property",
//! "AWS rules engine authentication scheme validators").

#[cfg(feature = "sigv4")]
use crate::aws::sigv4::EndpointSigning;
#[cfg(feature = "endpoints")]
use crate::http::BoxError;
use crate::protocol::service::AuthScheme;
#[cfg(feature = "endpoints")]
use crate::value::{Document, DocumentMap};

/// The authentication schemes that an endpoint accepts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EndpointAuth {
    /// `None` if it accepts those of the operation.
    listed: Option<Vec<EndpointScheme>>,
}

/// An authentication scheme that an endpoint lists.
#[derive(Debug, PartialEq, Eq)]
struct EndpointScheme {
    name: String,
    #[cfg(feature = "sigv4")]
    signing: EndpointSigning,
}

/// The name of Signature Version 4.
const SIGV4: &str = "sigv4";
/// The name of the scheme of requests without an identity.
const NONE: &str = "none";

/// The name that endpoints have for a scheme.
fn name(scheme: AuthScheme) -> Option<&'static str> {
    match scheme {
        AuthScheme::SigV4 => Some(SIGV4),
        AuthScheme::Bearer => Some("bearer"),
        AuthScheme::ApiKey(_) | AuthScheme::Basic => None,
    }
}

/// A scheme that can be used for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallScheme {
    /// A scheme of the operation.
    Scheme(AuthScheme),
    /// The endpoint accepts requests without an identity.
    Nothing,
}

impl EndpointAuth {
    /// Accepts the schemes of the operation.
    pub(crate) const OF_OPERATION: Self = Self { listed: None };

    /// Reads the property `authSchemes`.
    #[cfg(feature = "endpoints")]
    pub(crate) fn parse(properties: &DocumentMap) -> Result<Self, BoxError> {
        const INVALID: &str = "the property `authSchemes` of the endpoint is not a list of one or \
                               more objects with a `name`";
        let Some(value) = properties.get("authSchemes") else {
            return Ok(Self::OF_OPERATION);
        };
        let schemes = value.as_list().filter(|schemes| !schemes.is_empty());
        let schemes = schemes.ok_or(INVALID)?.iter();
        let listed = schemes.map(EndpointScheme::parse);
        let listed = listed.collect::<Option<Vec<_>>>().ok_or(INVALID)?;
        Ok(Self {
            listed: Some(listed),
        })
    }

    /// The schemes for a call of an operation that has these, in order of preference.
    pub(super) fn schemes(
        &self,
        of_operation: &'static [AuthScheme],
    ) -> impl Iterator<Item = CallScheme> {
        let own = self.listed.is_none().then_some(of_operation);
        let own = own.into_iter().flatten().copied();
        let listed = self.listed.iter().flatten().filter_map(|listed| {
            if listed.name == NONE {
                return Some(CallScheme::Nothing);
            }
            let mut schemes = of_operation.iter().copied();
            let scheme = schemes.find(|scheme| name(*scheme) == Some(&*listed.name))?;
            Some(CallScheme::Scheme(scheme))
        });
        own.map(CallScheme::Scheme).chain(listed)
    }

    /// The error if none of the schemes can be used.
    pub(super) fn unusable(&self) -> String {
        let names = self.listed.iter().flatten();
        let names = names.map(|listed| format!("`{}`", listed.name));
        format!(
            "the endpoint that the settings and the input lead to only accepts the authentication \
             scheme {}, which the client does not support for this operation",
            names.collect::<Vec<_>>().join(" or "),
        )
    }

    /// What the endpoint decides about signatures; `None` if it lists no schemes.
    ///
    /// # Errors
    /// If it does not accept Signature Version 4.
    #[cfg(feature = "sigv4")]
    pub(in crate::client) fn signing(&self) -> Result<Option<&EndpointSigning>, String> {
        let Some(listed) = &self.listed else {
            return Ok(None);
        };
        let scheme = listed.iter().find(|listed| listed.name == SIGV4);
        let scheme = scheme.ok_or_else(|| self.unusable())?;
        Ok(Some(&scheme.signing))
    }
}

#[cfg(feature = "endpoints")]
impl EndpointScheme {
    fn parse(scheme: &Document) -> Option<Self> {
        let text = |name| scheme.get(name).and_then(Document::as_str);
        #[cfg(feature = "sigv4")]
        let is_set = |name| scheme.get(name).and_then(Document::as_bool) == Some(true);
        Some(Self {
            name: text("name")?.to_owned(),
            #[cfg(feature = "sigv4")]
            signing: EndpointSigning {
                region: text("signingRegion").map(str::to_owned),
                name: text("signingName").map(str::to_owned),
                disable_double_encoding: is_set("disableDoubleEncoding"),
                disable_normalize_path: is_set("disableNormalizePath"),
            },
        })
    }
}
