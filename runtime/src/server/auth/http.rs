//! The credentials of the HTTP authentication schemes in requests.

use std::borrow::Cow;
use std::str::Utf8Error;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::super::context::RequestContext;
use super::AuthFuture;
use super::error::VerifyError;
use super::verifier::Verifier;
use super::verify::{Verified, VerifyScheme};
use crate::auth::{ApiKey, BasicCredentials, BearerToken};
use crate::protocol::service::{ApiKeyPosition, AuthScheme, Service};

/// Credentials in a request; `None` if there are none.
type Found<C> = Option<Result<C, VerifyError>>;

impl<I: Send + 'static> VerifyScheme<I> for Verifier<BearerToken, I> {
    fn verify<'a>(
        &'a self,
        scheme: AuthScheme,
        _: &'static Service,
        cx: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
        match scheme {
            AuthScheme::Bearer => verified(self, bearer_token(cx.headers()), cx),
            _ => None,
        }
    }
}

impl<I: Send + 'static> VerifyScheme<I> for Verifier<ApiKey, I> {
    fn verify<'a>(
        &'a self,
        scheme: AuthScheme,
        _: &'static Service,
        cx: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
        match scheme {
            AuthScheme::ApiKey(position) => {
                verified(self, api_key(position, cx.headers(), cx.uri()), cx)
            }
            _ => None,
        }
    }
}

impl<I: Send + 'static> VerifyScheme<I> for Verifier<BasicCredentials, I> {
    fn verify<'a>(
        &'a self,
        scheme: AuthScheme,
        _: &'static Service,
        cx: &'a RequestContext,
    ) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
        match scheme {
            AuthScheme::Basic => verified(self, basic_credentials(cx.headers()), cx),
            _ => None,
        }
    }
}

/// Verifies credentials that were found.
fn verified<'a, C: Send + 'static, I: Send + 'static>(
    verifier: &'a Verifier<C, I>,
    found: Found<C>,
    cx: &'a RequestContext,
) -> Option<AuthFuture<'a, Result<Verified<I>, VerifyError>>> {
    let found = found?;
    Some(Box::pin(async move {
        let identity = verifier.verify(found?, cx).await?;
        Ok(identity.into())
    }))
}

/// The token of a request (RFC 6750 section 2.1).
fn bearer_token(headers: &HeaderMap) -> Found<BearerToken> {
    let token = after_scheme(headers, AUTHORIZATION.as_str(), "Bearer")?;
    Some(token.and_then(|token| {
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if token.bytes().all(is_valid) {
            Ok(BearerToken::new(token))
        } else {
            Err(VerifyError::invalid("the bearer token is malformed"))
        }
    }))
}

/// The user name and password of a request (RFC 7617 section 2).
fn basic_credentials(headers: &HeaderMap) -> Found<BasicCredentials> {
    let encoded = after_scheme(headers, AUTHORIZATION.as_str(), "Basic")?;
    Some(encoded.and_then(|encoded| {
        let malformed = || VerifyError::invalid("the basic credentials are malformed");
        let decoded = STANDARD.decode(encoded).map_err(|_| malformed())?;
        let decoded = Zeroizing::new(decoded);
        let text = std::str::from_utf8(&decoded).map_err(|_| malformed())?;
        let (username, password) = text.split_once(':').ok_or_else(malformed)?;
        Ok(BasicCredentials::new(username, password))
    }))
}

/// The API key of a request.
fn api_key(position: ApiKeyPosition, headers: &HeaderMap, uri: &Uri) -> Found<ApiKey> {
    let key = match position {
        ApiKeyPosition::Header {
            name,
            scheme: Some(scheme),
        } => after_scheme(headers, name, scheme)?.map(ApiKey::new),
        ApiKeyPosition::Header { name, scheme: None } => {
            let mut values = headers.get_all(name).iter();
            let value = values.next()?;
            match (value.to_str(), values.next()) {
                (Ok(key), None) => Ok(ApiKey::new(key)),
                _ => Err(VerifyError::invalid("the API key is malformed")),
            }
        }
        ApiKeyPosition::Query(name) => {
            let mut values = parameters(uri, name);
            let value = values.next()?;
            match (value, values.next()) {
                (Ok(key), None) => Ok(ApiKey::new(key.as_str())),
                _ => Err(VerifyError::invalid("the API key is malformed")),
            }
        }
    };
    Some(key)
}

/// The credentials behind the name of a scheme in a header (RFC 9110 section 11.4).
fn after_scheme<'h>(headers: &'h HeaderMap, name: &str, scheme: &str) -> Found<&'h str> {
    let values = || headers.get_all(name).iter();
    let credentials = values().find_map(|value| {
        let value = value.as_bytes();
        let end = value.iter().position(|byte| *byte == b' ');
        let (found, rest) = value.split_at(end.unwrap_or(value.len()));
        found
            .eq_ignore_ascii_case(scheme.as_bytes())
            .then_some(rest.trim_ascii())
    })?;
    let credentials = std::str::from_utf8(credentials).unwrap_or_default();
    Some(if credentials.is_empty() {
        Err(VerifyError::invalid("the credentials are malformed"))
    } else if values().count() > 1 {
        Err(VerifyError::invalid("the credentials occur more than once"))
    } else {
        Ok(credentials)
    })
}

/// The values of a query parameter.
fn parameters<'u>(
    uri: &'u Uri,
    name: &'u str,
) -> impl Iterator<Item = Result<Zeroizing<String>, Utf8Error>> {
    let decode = |text: &str| -> Result<Zeroizing<String>, Utf8Error> {
        let text = Zeroizing::new(text.replace('+', " "));
        let decoded = percent_decode_str(&text).decode_utf8().map(Cow::into_owned);
        decoded.map(Zeroizing::new)
    };
    let pairs = uri.query().unwrap_or_default().split('&');
    pairs.filter_map(move |pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_it = decode(key).is_ok_and(|key| *key == name);
        is_it.then(|| decode(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[(&'static str, &str)]) -> HeaderMap {
        // `collect` would keep the last of equal names.
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            headers.append(*name, value.parse().expect("a header value"));
        }
        headers
    }

    /// The text of credentials that were found, `!` and the message of their error, or `-`.
    fn text<C>(found: Found<C>, text: impl Fn(&C) -> String) -> String {
        match found {
            Some(Ok(found)) => text(&found),
            Some(Err(error)) => format!("!{error}"),
            None => "-".to_owned(),
        }
    }

    #[test]
    fn bearer_tokens_follow_their_scheme() {
        let check = |values: &[&str], expected: &str| {
            let values = values.iter().map(|value| ("authorization", *value));
            let found = bearer_token(&headers(&values.collect::<Vec<_>>()));
            let found = text(found, |token| token.as_str().to_owned());
            assert_eq!(found, expected);
        };
        check(&["Bearer abc.def-_~+/=="], "abc.def-_~+/==");
        check(&["bEARER   abc "], "abc");
        check(&[], "-");
        check(&["Basic abc"], "-");
        check(&["Bearerabc"], "-");
        check(&["Bearer"], "!the credentials are malformed");
        check(&["Bearer "], "!the credentials are malformed");
        check(&["Bearer a b"], "!the bearer token is malformed");
        check(&["Bearer \u{e9}"], "!the bearer token is malformed");
        check(
            &["Bearer a", "Bearer b"],
            "!the credentials occur more than once",
        );
        check(
            &["Basic a", "Bearer b"],
            "!the credentials occur more than once",
        );
    }

    #[test]
    fn basic_credentials_are_a_name_and_a_password() {
        let check = |value: &str, expected: &str| {
            let found = basic_credentials(&headers(&[("authorization", value)]));
            let found = text(found, |it| format!("{} {}", it.username(), it.password()));
            assert_eq!(found, expected, "{value}");
        };
        let malformed = "!the basic credentials are malformed";
        check("Basic YWRhOmxvdmVsYWNl", "ada lovelace");
        check("basic YWRhOmE6Yg==", "ada a:b");
        check("Basic Og==", " ");
        check("Basic YWRh", malformed);
        check("Basic YWRhOmE6Yg", malformed);
        check("Basic /////w==", malformed);
        check("Basic \u{e9}", malformed);
        check("Bearer YWRhOmxvdmVsYWNl", "-");
    }

    #[test]
    fn api_keys_are_in_a_header_or_in_the_query() {
        let key = |found| text(found, |key: &ApiKey| key.as_str().to_owned());
        let in_header = |scheme, values: &[(&'static str, &str)]| {
            let name = "x-api-key";
            let position = ApiKeyPosition::Header { name, scheme };
            key(api_key(position, &headers(values), &Uri::default()))
        };
        let malformed = "!the API key is malformed";
        assert_eq!(in_header(None, &[("x-api-key", "a b")]), "a b");
        assert_eq!(in_header(None, &[("authorization", "a")]), "-");
        let twice = [("x-api-key", "a"), ("x-api-key", "a")];
        assert_eq!(in_header(None, &twice), malformed);
        assert_eq!(in_header(None, &[("x-api-key", "\u{e9}")]), malformed);
        assert_eq!(in_header(Some("Key"), &[("x-api-key", "key k")]), "k");
        assert_eq!(in_header(Some("Key"), &[("x-api-key", "k")]), "-");

        let in_query = |uri: &'static str| {
            let uri = Uri::from_static(uri);
            key(api_key(
                ApiKeyPosition::Query("k y"),
                &HeaderMap::new(),
                &uri,
            ))
        };
        assert_eq!(in_query("/?a=b&k%20y=%2B%26"), "+&");
        assert_eq!(in_query("/?k+y=a+b"), "a b");
        assert_eq!(in_query("/?k+y"), "");
        assert_eq!(in_query("/?ky=a"), "-");
        assert_eq!(in_query("/"), "-");
        assert_eq!(in_query("/?k+y=a&k%20y=a"), malformed);
        assert_eq!(in_query("/?k+y=%ff"), malformed);
    }
}
