//! Signing keys.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What a signing key is valid for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    /// The day, such as `20150830`.
    pub(super) date: &'s str,
    pub(super) region: &'s str,
    /// The name of the service.
    pub(super) name: &'s str,
}

impl fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { date, region, name } = self;
        write!(f, "{date}/{region}/{name}/aws4_request")
    }
}

/// A key derived from a secret access key.
pub(super) type SigningKey = Zeroizing<[u8; 32]>;

/// Derives the key for a scope.
pub(super) fn derive(secret_access_key: &str, scope: Scope<'_>) -> SigningKey {
    let Scope { date, region, name } = scope;
    let secret = Zeroizing::new(["AWS4", secret_access_key].concat());
    let mut key = Zeroizing::new(hmac(secret.as_bytes(), date.as_bytes()));
    for part in [region, name, "aws4_request"] {
        *key = hmac(&*key, part.as_bytes());
    }
    key
}

/// HMAC with SHA-256: the signature of `text` if the key is a signing key.
pub(super) fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    started(key, text).finalize().into_bytes().into()
}

/// Whether HMAC with SHA-256 has this result. The time that this takes does not depend on it.
#[cfg(feature = "server")]
pub(super) fn verify(key: &[u8], text: &[u8], expected: &[u8]) -> bool {
    started(key, text).verify_slice(expected).is_ok()
}

fn started(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    let hmac = Hmac::<Sha256>::new_from_slice(key);
    let mut hmac = hmac.expect("a key of HMAC has any length (RFC 2104 section 2)");
    hmac.update(text);
    hmac
}

/// The latest signing keys, so that they are not derived for each request.
#[derive(Default)]
pub(super) struct KeyCache {
    /// What each key was derived from, and the key. The one that was used last is the first.
    keys: Mutex<Vec<(Zeroizing<String>, SigningKey)>>,
}

impl KeyCache {
    /// The number of keys that are kept.
    pub(super) const CAPACITY: usize = 8;

    /// The key for a scope.
    pub(super) fn key(&self, secret_access_key: &str, scope: Scope<'_>) -> SigningKey {
        // The secret has any characters and is the last part, the others have no line breaks.
        let Scope { date, region, name } = scope;
        let origin = Zeroizing::new([date, region, name, secret_access_key].join("\n"));
        // Nothing panics while it is locked.
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, (known, key)) in keys.iter().enumerate() {
            if *known == origin {
                let key = key.clone();
                keys[..=index].rotate_right(1);
                return key;
            }
        }
        let key = derive(secret_access_key, scope);
        keys.truncate(Self::CAPACITY - 1);
        keys.insert(0, (origin, key.clone()));
        key
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.keys.lock().expect("no test panics with it").len()
    }
}
