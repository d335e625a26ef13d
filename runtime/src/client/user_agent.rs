//! What a client says about itself.

use http::HeaderMap;
#[cfg(feature = "sigv4")]
use http::header::HeaderName;
use http::header::{HeaderValue, USER_AGENT};

use super::build_error::BuildError;
use crate::protocol::service::Service;

/// The headers with which a client names itself.
pub(crate) struct UserAgent {
    header: HeaderValue,
    /// The header for services of AWS, which proxies do not replace.
    #[cfg(feature = "sigv4")]
    aws: Option<HeaderValue>,
}

#[cfg(feature = "sigv4")]
const X_AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");

const PRODUCT: &str = concat!("drawplate/", env!("CARGO_PKG_VERSION"));

impl UserAgent {
    /// The headers of the client of a service. `text` replaces the user agent, and `app_name` is
    /// the name of the program for AWS.
    pub(super) fn new(
        service: &Service,
        text: Option<&str>,
        app_name: Option<&str>,
    ) -> Result<Self, BuildError> {
        let text = text.map_or_else(|| user_agent(service, app_name), str::to_owned);
        Ok(Self {
            header: HeaderValue::try_from(text).map_err(|_| BuildError::UserAgent)?,
            #[cfg(feature = "sigv4")]
            aws: of_aws(service, app_name)
                .map(HeaderValue::try_from)
                .transpose()
                .map_err(|_| BuildError::UserAgent)?,
        })
    }

    /// Adds the headers, unless the input has set the user agent.
    pub(super) fn add_to(&self, headers: &mut HeaderMap) {
        let header = headers.entry(USER_AGENT);
        header.or_insert_with(|| self.header.clone());
        #[cfg(feature = "sigv4")]
        if let Some(value) = &self.aws {
            headers.insert(X_AMZ_USER_AGENT, value.clone());
        }
    }
}

/// The default user agent.
fn user_agent(service: &Service, app_name: Option<&str>) -> String {
    of_aws(service, app_name)
        .unwrap_or_else(|| format!("{PRODUCT} {}/{}", service.name(), version(service)))
}

/// The version of a service, which is any text, without what a header cannot contain.
fn version(service: &Service) -> String {
    let is_valid = |c: char| c.is_ascii_graphic();
    service.version.replace(|c: char| !is_valid(c), "_")
}

/// The user agent for a service of AWS: the product, and what the SDKs of AWS say in the same form
/// about the service, the system, the language and the program (botocore, `useragent.py`).
fn of_aws(service: &Service, app_name: Option<&str>) -> Option<String> {
    let id = service.sdk_id?.to_ascii_lowercase();
    let id = token(&id);
    let version = version(service);
    let os = match std::env::consts::OS {
        os @ ("android" | "ios" | "linux" | "macos" | "tvos" | "watchos" | "windows") => os,
        _ => "other",
    };
    let mut text = format!("{PRODUCT} ua/2.1 api/{id}/{version} os/{os} lang/rust");
    if let Some(name) = app_name {
        text += " app/";
        text += &token(name);
    }
    Some(text)
}

/// A text as a token (RFC 9110 section 5.6.2).
fn token(text: &str) -> String {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    text.replace(|c: char| !is_valid(c), "-")
}
