//! The identities of the HTTP authentication schemes. They are cheap to clone, are not printed, and
//! are erased from memory when their last clone is dropped.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::are_equal;

/// Identities that are one secret text.
macro_rules! text_identities {
    ($($(#[$docs:meta])* $identity:ident;)*) => {$(
        $(#[$docs])*
        #[derive(Clone)]
        pub struct $identity {
            text: Arc<Zeroizing<String>>,
            expires_at: Option<SystemTime>,
        }

        impl $identity {
            /// Creates an identity that does not expire.
            pub fn new(text: impl Into<String>) -> Self {
                Self {
                    text: Arc::new(Zeroizing::new(text.into())),
                    expires_at: None,
                }
            }

            /// Sets when it expires. A client asks for the next one a minute before.
            #[must_use]
            pub fn expires_at(self, time: SystemTime) -> Self {
                Self { expires_at: Some(time), ..self }
            }

            /// The secret text.
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// Whether it is `expected`. The time that this takes depends on the lengths only.
            pub fn matches(&self, expected: &str) -> bool {
                are_equal(&self.text, expected)
            }
        }

        impl From<&str> for $identity {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $identity {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        /// Does not show the text.
        impl fmt::Debug for $identity {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($identity))
                    .field("expires_at", &self.expires_at)
                    .finish_non_exhaustive()
            }
        }

        #[cfg(feature = "client")]
        impl super::Identity for $identity {
            fn expiry(&self) -> Option<SystemTime> {
                self.expires_at
            }

            fn is_same(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }
    )*};
}

text_identities! {
    /// A token of `smithy.api#httpBearerAuth` (RFC 6750).
    BearerToken;
    /// A key of `smithy.api#httpApiKeyAuth`.
    ApiKey;
}

/// A user name and a password of `smithy.api#httpBasicAuth` (RFC 7617).
#[derive(Clone)]
pub struct BasicCredentials {
    username: Arc<Zeroizing<String>>,
    password: Arc<Zeroizing<String>>,
    expires_at: Option<SystemTime>,
}

impl BasicCredentials {
    /// Creates credentials that do not expire. A user name with a colon cannot be sent.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            username: Arc::new(Zeroizing::new(username.into())),
            password: Arc::new(Zeroizing::new(password.into())),
            expires_at: None,
        }
    }

    /// Sets when they expire. A client asks for the next ones a minute before.
    #[must_use]
    pub fn expires_at(self, time: SystemTime) -> Self {
        Self {
            expires_at: Some(time),
            ..self
        }
    }

    /// The user name.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The password.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Whether they are these. The time that this takes depends on the lengths only.
    pub fn matches(&self, username: &str, password: &str) -> bool {
        are_equal(&self.username, username) & are_equal(&self.password, password)
    }
}

/// Shows neither name nor password.
impl fmt::Debug for BasicCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicCredentials")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "client")]
impl super::Identity for BasicCredentials {
    fn expiry(&self) -> Option<SystemTime> {
        self.expires_at
    }

    fn is_same(&self, other: &Self) -> bool {
        self.username == other.username && self.password == other.password
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let expiry = SystemTime::UNIX_EPOCH;
        let shown = [
            format!("{:#?}", BearerToken::new("SECRET").expires_at(expiry)),
            format!("{:?}", ApiKey::new("SECRET").expires_at(expiry)),
            format!(
                "{:?}",
                BasicCredentials::new("SECRET", "SECRET").expires_at(expiry)
            ),
        ];
        for shown in shown {
            assert!(
                shown.contains("expires_at") && !shown.contains("SECRET"),
                "{shown}"
            );
        }
    }

    #[test]
    fn equal_secrets_match() {
        let token = BearerToken::from("token");
        for (text, expected) in [
            ("token", true),
            ("tokem", false),
            ("token ", false),
            ("", false),
        ] {
            assert_eq!(token.matches(text), expected, "{text}");
        }
        let credentials = BasicCredentials::new("ada", "lovelace");
        assert!(credentials.matches("ada", "lovelace"));
        assert!(!credentials.matches("ada", "byron"));
        assert!(!credentials.matches("lord", "lovelace"));
    }
}
