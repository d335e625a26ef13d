//! Challenge tokens: each signs one user in to the Admin UI, and expires.

use std::collections::BTreeMap;
use std::time::Duration;

use amplify_admin::amplifybackend::error::NotFoundException;
use amplify_admin::amplifybackend::input::{CreateTokenInput, DeleteTokenInput, GetTokenInput};
use amplify_admin::amplifybackend::output::{
    CreateTokenRespObj, CreateTokenRespObjRequired, DeleteTokenRespObj, GetTokenRespObj,
    GetTokenRespObjRequired,
};
use drawplate_runtime::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::state::too_many;
use super::{Result, Transaction};

const LIFETIME: Duration = Duration::from_secs(600);

/// Of an app, at once.
const MOST_TOKENS: usize = 50;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Token {
    challenge_code: String,
    #[serde(with = "super::store::timestamp")]
    expires: Timestamp,
}

/// The tokens of an app, by their session.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Tokens(BTreeMap<String, Token>);

impl Tokens {
    pub(super) fn check(&self) -> Result<()> {
        if self.0.len() > MOST_TOKENS {
            return Err(too_many("Tokens", MOST_TOKENS).into());
        }
        Ok(())
    }

    /// The token of a session, unless it has expired.
    fn find(&self, session: &str, now: Timestamp) -> Option<&Token> {
        self.0.get(session).filter(|token| token.expires > now)
    }

    /// Those that have not expired. The others are removed.
    fn retain(&mut self, now: Timestamp) -> &mut BTreeMap<String, Token> {
        self.0.retain(|_, token| token.expires > now);
        &mut self.0
    }
}

/// The session ID is secret, so the message does not contain it.
fn no_token() -> super::AmplifyBackendError {
    NotFoundException::new()
        .message("the session has no token, or the token has expired")
        .resource_type("Token")
        .into()
}

impl Transaction<'_> {
    pub(super) fn create_token(&mut self, input: CreateTokenInput) -> Result<CreateTokenRespObj> {
        let tokens = self.state.app_mut(&input.app_id)?.tokens.retain(self.now);
        if tokens.len() >= MOST_TOKENS {
            return Err(too_many("Tokens", MOST_TOKENS).into());
        }
        // Not the request ID, which is in the headers of the response and in logs.
        let session_id = Uuid::new_v4().to_string();
        let challenge_code = Uuid::new_v4().simple().to_string();
        let expires = self.now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        let token = Token {
            challenge_code: challenge_code.clone(),
            expires,
        };
        tokens.insert(session_id.clone(), token);
        Ok(CreateTokenRespObj::new(CreateTokenRespObjRequired {
            app_id: input.app_id,
            session_id,
            ttl: seconds(expires),
            challenge_code,
        }))
    }

    pub(super) fn get_token(&self, input: GetTokenInput) -> Result<GetTokenRespObj> {
        let tokens = &self.state.app(&input.app_id)?.tokens;
        let token = tokens.find(&input.session_id, self.now);
        let token = token.ok_or_else(no_token)?;
        Ok(GetTokenRespObj::new(GetTokenRespObjRequired {
            app_id: input.app_id,
            session_id: input.session_id,
            ttl: seconds(token.expires),
            challenge_code: &*token.challenge_code,
        }))
    }

    pub(super) fn delete_token(&mut self, input: DeleteTokenInput) -> Result<DeleteTokenRespObj> {
        let tokens = self.state.app_mut(&input.app_id)?.tokens.retain(self.now);
        tokens.remove(&input.session_id).ok_or_else(no_token)?;
        Ok(DeleteTokenRespObj::new(true))
    }
}

/// Seconds since 1970, as clients of the service expect them.
fn seconds(time: Timestamp) -> String {
    time.as_secs().to_string()
}
