//! The endpoint: the part of the URL that all requests of a client share.

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::build_error::BuildError;

/// Scheme, authority and path prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    scheme: Scheme,
    authority: Authority,
    /// Empty, or a path with a leading slash and without a trailing one.
    prefix: String,
}

impl Endpoint {
    /// Parses a URL and appends `base_path` to its path, unless the path already ends with it.
    pub(crate) fn parse(url: &str, base_path: &str) -> Result<Self, BuildError> {
        let invalid = |why: &str| BuildError::Endpoint {
            endpoint: url.to_owned(),
            why: why.to_owned(),
        };
        let uri: Uri = url
            .parse()
            .map_err(|error: http::uri::InvalidUri| invalid(&error.to_string()))?;
        let parts = uri.into_parts();
        let scheme = parts
            .scheme
            .ok_or_else(|| invalid("it has no scheme; write `https://..`"))?;
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(invalid("its scheme must be `https` or `http`"));
        }
        let authority = parts.authority.ok_or_else(|| invalid("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("it must not contain a user or password"));
        }
        let path = parts
            .path_and_query
            .unwrap_or_else(|| PathAndQuery::from_static("/"));
        if path.query().is_some() {
            return Err(invalid("it must not contain a query"));
        }
        let path = path.path().trim_end_matches('/');
        let base_path = base_path.trim_matches('/');
        let has_base_path =
            base_path.is_empty() || path == base_path || path.ends_with(&format!("/{base_path}"));
        let prefix = if has_base_path {
            path.to_owned()
        } else {
            format!("{path}/{base_path}")
        };
        if prefix.parse::<PathAndQuery>().is_err() && !prefix.is_empty() {
            return Err(invalid("its base path is not a valid path"));
        }
        Ok(Self {
            scheme,
            authority,
            prefix,
        })
    }

    /// The URI of a request with a target, which is a path and a query. `host_prefix` is put in
    /// front of the host.
    pub(crate) fn uri(&self, host_prefix: Option<&str>, target: &str) -> Result<Uri, http::Error> {
        let Self {
            scheme,
            authority,
            prefix,
        } = self;
        let authority = match host_prefix {
            Some(host_prefix) => Authority::try_from(format!("{host_prefix}{authority}"))?,
            None => authority.clone(),
        };
        let path = [prefix.as_str(), target].concat();
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(scheme.clone());
        parts.authority = Some(authority);
        parts.path_and_query = Some(PathAndQuery::try_from(path)?);
        Ok(Uri::from_parts(parts)?)
    }

    /// Whether requests are encrypted.
    #[cfg(feature = "customizations")]
    pub(crate) fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Whether the host is a name, and not an IP address.
    #[cfg(feature = "customizations")]
    pub(crate) fn has_host_name(&self) -> bool {
        let host = self.authority.host();
        !host.starts_with('[') && host.parse::<std::net::Ipv4Addr>().is_err()
    }

    /// Whether it has a path.
    #[cfg(feature = "endpoints")]
    pub(crate) fn has_path(&self) -> bool {
        !self.prefix.is_empty()
    }

    /// The endpoint as a URL.
    #[cfg(test)]
    fn text(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_is_appended_once() {
        let check = |url: &str, base_path: &str, expected: &str| {
            assert_eq!(
                Endpoint::parse(url, base_path)
                    .expect("a valid endpoint")
                    .text(),
                expected,
                "{url} {base_path}"
            );
        };
        check("https://a.example", "/prod", "https://a.example/prod");
        check("https://a.example/", "/prod", "https://a.example/prod");
        check("https://a.example/prod", "/prod", "https://a.example/prod");
        check("https://a.example/prod/", "/prod", "https://a.example/prod");
        check(
            "https://a.example/nonprod",
            "/prod",
            "https://a.example/nonprod/prod",
        );
        check("https://a.example/x", "/prod", "https://a.example/x/prod");
        check("http://[::1]:8080/x/y/", "", "http://[::1]:8080/x/y");
        check("http://a.example:1", "", "http://a.example:1");
    }

    #[test]
    fn invalid_endpoints_are_rejected() {
        for url in [
            "",
            "a.example",
            "/x",
            "ftp://a.example",
            "https://",
            "https://a b",
            "https://a?x=1",
            "https://me:pw@a",
        ] {
            assert!(Endpoint::parse(url, "").is_err(), "{url}");
        }
        assert!(Endpoint::parse("https://a.example", "/a b").is_err());
    }
}
