//! Identities of callers: what is common to all authentication schemes.

mod cache;

pub(crate) use self::cache::{Fetch, Identity, IdentityCache, IdentitySource};
