//! The HTTP authentication schemes: what a request has in a header or in its query.

use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use http::{Request, Uri};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::{AuthFuture, AuthTarget, SchemeIdentity, UsedIdentity};
use crate::auth::{
    ApiKey, BasicCredentials, BearerToken, CachedIdentity, Identity, ProvideIdentity, Provided,
    secret_header,
};
use crate::http::{Body, BoxError};
use crate::protocol::service::{ApiKeyPosition, AuthScheme};

/// A client of a service with `smithy.api#httpBearerAuth`, whose builder takes a token.
pub trait HasBearerAuth {}

/// A client of a service with `smithy.api#httpApiKeyAuth`, whose builder takes a key.
pub trait HasApiKeyAuth {}

/// A client of a service with `smithy.api#httpBasicAuth`, whose builder takes a password.
pub trait HasBasicAuth {}

/// An identity that requests contain.
pub(in crate::client) trait HttpIdentity:
    Identity + Send + Sync + 'static
{
    /// Whether it is for this scheme.
    fn is_for(scheme: AuthScheme) -> bool;

    /// Adds it to a request.
    fn add(&self, scheme: AuthScheme, request: &mut Request<Body>) -> Result<(), BoxError>;
}

/// A scheme whose identity requests contain.
pub(in crate::client) struct HttpScheme<T>(Arc<CachedIdentity<T>>);

impl<T: HttpIdentity> HttpScheme<T> {
    pub(in crate::client) fn new(provider: impl ProvideIdentity<T>) -> Self {
        let source = Box::new(Provided(provider));
        Self(Arc::new(CachedIdentity::new(source)))
    }
}

impl<T: HttpIdentity> SchemeIdentity for HttpScheme<T> {
    fn is_for(&self, scheme: AuthScheme) -> bool {
        T::is_for(scheme)
    }

    fn authenticate<'a>(
        &'a self,
        scheme: AuthScheme,
        target: AuthTarget<'a>,
        request: &'a mut Request<Body>,
    ) -> AuthFuture<'a, Box<dyn UsedIdentity>> {
        Box::pin(async move {
            let identity = self.0.get((target.clock)()).await?;
            identity.add(scheme, request)?;
            let source = Arc::clone(&self.0);
            let used: Box<dyn UsedIdentity> = Box::new(Used { source, identity });
            Ok(used)
        })
    }
}

struct Used<T> {
    source: Arc<CachedIdentity<T>>,
    identity: T,
}

impl<T: HttpIdentity> UsedIdentity for Used<T> {
    fn replace(&self, now: SystemTime) -> AuthFuture<'_, bool> {
        Box::pin(async move {
            let next = self.source.replace(now, &self.identity).await?;
            Ok(next.is_some())
        })
    }

    fn is_rejected(&self, status: u16, _: Option<&str>) -> bool {
        status == 401
    }
}

impl HttpIdentity for BearerToken {
    fn is_for(scheme: AuthScheme) -> bool {
        scheme == AuthScheme::Bearer
    }

    fn add(&self, _: AuthScheme, request: &mut Request<Body>) -> Result<(), BoxError> {
        let value = header_value(Some("Bearer"), self.as_str(), "bearer token")?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }
}

impl HttpIdentity for BasicCredentials {
    fn is_for(scheme: AuthScheme) -> bool {
        scheme == AuthScheme::Basic
    }

    fn add(&self, _: AuthScheme, request: &mut Request<Body>) -> Result<(), BoxError> {
        if self.username().contains(':') {
            return Err("a user name with a colon cannot be sent".into());
        }
        let pair = Zeroizing::new([self.username(), ":", self.password()].concat());
        let encoded = Zeroizing::new(STANDARD.encode(&*pair));
        let value = header_value(Some("Basic"), &encoded, "password")?;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(())
    }
}

impl HttpIdentity for ApiKey {
    fn is_for(scheme: AuthScheme) -> bool {
        matches!(scheme, AuthScheme::ApiKey(_))
    }

    fn add(&self, scheme: AuthScheme, request: &mut Request<Body>) -> Result<(), BoxError> {
        match scheme {
            AuthScheme::ApiKey(ApiKeyPosition::Header { name, scheme }) => {
                let name = HeaderName::from_bytes(name.as_bytes())?;
                let value = header_value(scheme, self.as_str(), "API key")?;
                request.headers_mut().insert(name, value);
            }
            AuthScheme::ApiKey(ApiKeyPosition::Query(name)) => {
                *request.uri_mut() = with_parameter(request.uri(), name, self.as_str())?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// The value of a header with a secret, behind the name of a scheme if there is one.
fn header_value(scheme: Option<&str>, secret: &str, what: &str) -> Result<HeaderValue, BoxError> {
    let text = match scheme {
        Some(scheme) => [scheme, " ", secret].concat(),
        None => secret.to_owned(),
    };
    Ok(secret_header(&Zeroizing::new(text), what)?)
}

/// A URI with one more query parameter.
fn with_parameter(uri: &Uri, name: &str, value: &str) -> Result<Uri, BoxError> {
    let separator = match uri.query() {
        None => "?",
        Some("") => "",
        Some(_) => "&",
    };
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let value = Zeroizing::new(encoded(value));
    let target = Zeroizing::new([target, separator, &encoded(name), "=", &value].concat());
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.as_str().try_into()?);
    Ok(Uri::from_parts(parts)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_appended() {
        for (uri, expected) in [
            ("http://a/b", "http://a/b?k%2Dy=%C3%A4%26%2B"),
            ("http://a/b?", "http://a/b?k%2Dy=%C3%A4%26%2B"),
            ("http://a/b?c=d", "http://a/b?c=d&k%2Dy=%C3%A4%26%2B"),
            ("http://a", "http://a/?k%2Dy=%C3%A4%26%2B"),
        ] {
            let uri = with_parameter(&Uri::from_static(uri), "k-y", "ä&+");
            assert_eq!(uri.expect("a valid URI").to_string(), expected);
        }
    }

    #[test]
    fn a_key_follows_its_scheme_in_any_header() {
        for (scheme, expected) in [(None, "k"), (Some("Key"), "Key k")] {
            let name = "X-Key";
            let position = ApiKeyPosition::Header { name, scheme };
            let mut request = Request::default();
            let added = ApiKey::new("k").add(AuthScheme::ApiKey(position), &mut request);
            added.expect("the key can be sent");
            assert_eq!(request.headers()["x-key"], expected);
        }
    }

    #[test]
    fn what_a_request_cannot_contain_is_an_error_that_does_not_show_it() {
        let errors = [
            BearerToken::new("SECRET\n").add(AuthScheme::Bearer, &mut Request::default()),
            BasicCredentials::new("SEC:RET", "").add(AuthScheme::Basic, &mut Request::default()),
        ];
        let texts = errors.map(|error| error.expect_err("it is invalid").to_string());
        assert_eq!(
            texts,
            [
                "the bearer token has characters that a header cannot contain, such as a line break",
                "a user name with a colon cannot be sent",
            ]
        );
    }
}
