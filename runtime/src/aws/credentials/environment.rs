//! Credentials in environment variables.

use std::env::{self, VarError};

use super::{Credentials, ProvideCredentials};
use crate::http::BoxError;

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const ACCOUNT_ID: &str = "AWS_ACCOUNT_ID";

/// Credentials in the environment variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if
/// they are temporary, `AWS_SESSION_TOKEN`, with the account in `AWS_ACCOUNT_ID` if that is set. An
/// empty variable is a missing one.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct EnvironmentCredentials;

impl EnvironmentCredentials {
    /// A provider that reads the variables when it is asked.
    pub const fn new() -> Self {
        Self
    }
}

impl ProvideCredentials for EnvironmentCredentials {
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        Ok(read(|name| env::var(name))?)
    }
}

fn read(variable: impl Fn(&str) -> Result<String, VarError>) -> Result<Credentials, String> {
    let value = |name| match variable(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(format!("the environment variable `{name}` is not UTF-8"))
        }
    };
    let required =
        |name| value(name)?.ok_or_else(|| format!("the environment variable `{name}` is not set"));
    let mut credentials = Credentials::new(required(ACCESS_KEY_ID)?, required(SECRET_ACCESS_KEY)?);
    if let Some(token) = value(SESSION_TOKEN)? {
        credentials = credentials.session_token(token);
    }
    if let Some(id) = value(ACCOUNT_ID)? {
        credentials = credentials.account_id(id);
    }
    Ok(credentials)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn check(variables: &[(&str, &str)], expected: Result<(&str, &str, Option<&str>), &str>) {
        let read = read(
            |name| match variables.iter().find(|(other, _)| *other == name) {
                Some((_, "\u{fffd}")) => Err(VarError::NotUnicode(OsString::new())),
                Some((_, value)) => Ok((*value).to_owned()),
                None => Err(VarError::NotPresent),
            },
        );
        let read = read.as_ref().map(|read| {
            let Credentials(keys) = read;
            let token = keys.session_token.as_ref().map(|token| token.as_str());
            (
                keys.access_key_id.as_str(),
                keys.secret_access_key.as_str(),
                token,
            )
        });
        assert_eq!(read.map_err(String::as_str), expected, "{variables:?}");
    }

    #[test]
    fn variables_become_credentials() {
        let keys = [(ACCESS_KEY_ID, "AKID"), (SECRET_ACCESS_KEY, "SECRET")];
        check(&keys, Ok(("AKID", "SECRET", None)));
        let with_token = [keys[0], keys[1], (SESSION_TOKEN, "TOKEN")];
        check(&with_token, Ok(("AKID", "SECRET", Some("TOKEN"))));
        let empty_token = [keys[0], keys[1], (SESSION_TOKEN, "")];
        check(&empty_token, Ok(("AKID", "SECRET", None)));
    }

    #[test]
    fn an_account_is_a_part_of_credentials() {
        let account = |id: Option<&str>| {
            let read = read(|name| match name {
                ACCOUNT_ID => id.map(str::to_owned).ok_or(VarError::NotPresent),
                SESSION_TOKEN => Err(VarError::NotPresent),
                _ => Ok("KEY".to_owned()),
            });
            let read = read.expect("credentials");
            read.account().map(str::to_owned)
        };
        assert_eq!(
            account(Some("123456789012")).as_deref(),
            Some("123456789012")
        );
        assert_eq!(account(Some(" ")), None);
        assert_eq!(account(None), None);
    }

    #[test]
    fn missing_variables_are_named() {
        let no_id = Err("the environment variable `AWS_ACCESS_KEY_ID` is not set");
        check(&[], no_id);
        check(&[(SECRET_ACCESS_KEY, "SECRET")], no_id);
        check(
            &[(ACCESS_KEY_ID, " "), (SECRET_ACCESS_KEY, "SECRET")],
            no_id,
        );
        check(
            &[(ACCESS_KEY_ID, "AKID")],
            Err("the environment variable `AWS_SECRET_ACCESS_KEY` is not set"),
        );
        check(
            &[(ACCESS_KEY_ID, "\u{fffd}")],
            Err("the environment variable `AWS_ACCESS_KEY_ID` is not UTF-8"),
        );
    }
}
