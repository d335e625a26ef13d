//! Identities of callers: what is common to all authentication schemes.

#[cfg(feature = "client")]
mod cache;
#[cfg(all(feature = "auth", any(feature = "client", feature = "server")))]
mod identities;
#[cfg(all(feature = "auth", feature = "client"))]
mod provide;

#[cfg(feature = "client")]
use http::HeaderValue;
#[cfg(any(feature = "server", all(feature = "auth", feature = "client")))]
use subtle::ConstantTimeEq as _;

#[cfg(feature = "client")]
pub(crate) use self::cache::{CachedIdentity, Fetch, Identity, IdentitySource};
#[cfg(all(feature = "auth", any(feature = "client", feature = "server")))]
pub use self::identities::{ApiKey, BasicCredentials, BearerToken};
#[cfg(all(feature = "auth", feature = "client"))]
pub use self::provide::ProvideIdentity;
#[cfg(all(feature = "auth", feature = "client"))]
pub(crate) use self::provide::Provided;

/// The value of a header that is not printed.
#[cfg(feature = "client")]
pub(crate) fn secret_header(text: &str, what: &str) -> Result<HeaderValue, String> {
    let Ok(mut value) = HeaderValue::from_str(text) else {
        return Err(format!(
            "the {what} has characters that a header cannot contain, such as a line break"
        ));
    };
    value.set_sensitive(true);
    Ok(value)
}

/// Compares secrets in a time that depends on their lengths only.
#[cfg(any(feature = "server", all(feature = "auth", feature = "client")))]
pub(crate) fn are_equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
