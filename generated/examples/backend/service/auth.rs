//! Authentication: a user pool made for the backend, or one that was there before.
#![expect(deprecated, reason = "a service keeps what older clients still send")]

use amplify_admin::amplifybackend::input::{
    CreateBackendAuthInput, DeleteBackendAuthInput, GetBackendAuthInput, ImportBackendAuthInput,
    UpdateBackendAuthInput,
};
use amplify_admin::amplifybackend::output::{
    BackendAuthRespObj, BackendAuthRespObjRequired, GetBackendAuthRespObj,
    GetBackendAuthRespObjRequired,
};
use amplify_admin::amplifybackend::types::{
    AuthResources, CreateBackendAuthForgotPasswordConfig, CreateBackendAuthMfaConfig,
    CreateBackendAuthOAuthConfig, CreateBackendAuthOAuthConfigRequired,
    CreateBackendAuthPasswordPolicyConfig, CreateBackendAuthResourceConfig,
    CreateBackendAuthVerificationMessageConfig, UpdateBackendAuthForgotPasswordConfig,
    UpdateBackendAuthMfaConfig, UpdateBackendAuthOAuthConfig,
    UpdateBackendAuthPasswordPolicyConfig, UpdateBackendAuthResourceConfig,
    UpdateBackendAuthVerificationMessageConfig,
};
use serde::{Deserialize, Serialize};

use super::jobs::response;
use super::state::{Environment, bad_request, check_name, named, set};
use super::{Result, Transaction};

const KIND: &str = "Auth";

/// What Amazon Cognito takes for the least length of a password.
const LENGTHS: std::ops::RangeInclusive<f64> = 6.0..=99.0;

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Auth {
    pub(super) name: String,
    /// `None` for an imported user pool: its configuration is in Amazon Cognito.
    config: Option<CreateBackendAuthResourceConfig>,
}

impl Environment {
    fn auth(&self, name: &str) -> Result<&Auth> {
        named(self.auth.as_ref(), KIND, name, |auth| &auth.name)
    }

    fn auth_mut(&mut self, name: &str) -> Result<&mut Auth> {
        named(self.auth.as_mut(), KIND, name, |auth| &auth.name)
    }

    fn check_no_auth(&self) -> Result<()> {
        match &self.auth {
            Some(auth) => {
                let message = format!("the backend has authentication {} already", auth.name);
                Err(bad_request(message).into())
            }
            None => Ok(()),
        }
    }
}

impl Transaction<'_> {
    pub(super) fn create_backend_auth(
        &mut self,
        input: CreateBackendAuthInput,
    ) -> Result<BackendAuthRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        place.check_no_auth()?;
        check_name("resourceName", &input.resource_name)?;
        check(&input.resource_config)?;
        place.auth = Some(Auth {
            name: input.resource_name,
            config: Some(input.resource_config),
        });
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendAuthRespObj(BackendAuthRespObjRequired),
            app,
            environment,
            job
        ))
    }

    pub(super) fn get_backend_auth(
        &self,
        input: GetBackendAuthInput,
    ) -> Result<GetBackendAuthRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment(app, environment)?;
        let config = place.auth(&input.resource_name)?.config.clone();
        let mut response = GetBackendAuthRespObj::new(GetBackendAuthRespObjRequired {
            app_id: app,
            backend_environment_name: environment,
        });
        response.resource_name = Some(input.resource_name);
        response.resource_config = config;
        Ok(response)
    }

    pub(super) fn update_backend_auth(
        &mut self,
        input: UpdateBackendAuthInput,
    ) -> Result<BackendAuthRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        let auth = place.auth_mut(&input.resource_name)?;
        let Some(config) = &auth.config else {
            return Err(bad_request("an imported user pool is changed in Amazon Cognito").into());
        };
        let changed = changed(config.clone(), input.resource_config)?;
        check(&changed)?;
        auth.config = Some(changed);
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendAuthRespObj(BackendAuthRespObjRequired),
            app,
            environment,
            job
        ))
    }

    pub(super) fn delete_backend_auth(
        &mut self,
        input: DeleteBackendAuthInput,
    ) -> Result<BackendAuthRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        place.auth(&input.resource_name)?;
        place.auth = None;
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendAuthRespObj(BackendAuthRespObjRequired),
            app,
            environment,
            job
        ))
    }

    /// The resource is called as its user pool.
    pub(super) fn import_backend_auth(
        &mut self,
        input: ImportBackendAuthInput,
    ) -> Result<BackendAuthRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        place.check_no_auth()?;
        check_name("userPoolId", &input.user_pool_id)?;
        place.auth = Some(Auth {
            name: input.user_pool_id,
            config: None,
        });
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendAuthRespObj(BackendAuthRespObjRequired),
            app,
            environment,
            job
        ))
    }
}

/// Fails if a configuration contradicts itself. The server has checked the constraints of the
/// model.
fn check(config: &CreateBackendAuthResourceConfig) -> Result<()> {
    if config.auth_resources == AuthResources::IdentityPoolAndUserPool
        && config.identity_pool_configs.is_none()
    {
        return Err(bad_request("identityPoolConfigs is missing: authResources has one").into());
    }
    let policy = config.user_pool_configs.password_policy.as_ref();
    if policy.is_some_and(|policy| !LENGTHS.contains(&policy.minimum_length)) {
        return Err(bad_request("passwordPolicy/minimumLength is from 6 to 99").into());
    }
    Ok(())
}

/// The configuration after a change: what is not mentioned stays.
fn changed(
    mut config: CreateBackendAuthResourceConfig,
    change: UpdateBackendAuthResourceConfig,
) -> Result<CreateBackendAuthResourceConfig> {
    config.auth_resources = change.auth_resources;
    config.service = change.service;
    if let Some(change) = change.identity_pool_configs {
        let pool = config.identity_pool_configs.as_mut();
        let pool = pool.ok_or_else(|| bad_request("there is no identity pool to change"))?;
        replace(
            &mut pool.unauthenticated_login,
            change.unauthenticated_login,
        );
    }
    let pool = &mut config.user_pool_configs;
    let change = change.user_pool_configs;
    if let Some(change) = change.forgot_password {
        pool.forgot_password = Some(forgot_password(pool.forgot_password.take(), change)?);
    }
    if let Some(change) = change.password_policy {
        pool.password_policy = Some(password_policy(pool.password_policy.take(), change)?);
    }
    if let Some(change) = change.mfa {
        pool.mfa = Some(mfa(pool.mfa.take(), change)?);
    }
    if let Some(change) = change.verification_message {
        let message = verification_message(pool.verification_message.take(), change);
        pool.verification_message = Some(message);
    }
    if let Some(change) = change.o_auth {
        pool.o_auth = Some(o_auth(pool.o_auth.take(), change)?);
    }
    Ok(config)
}

fn replace<T>(member: &mut T, change: Option<T>) {
    if let Some(change) = change {
        *member = change;
    }
}

/// A member that a change must have if the part is new.
fn needed<T: Clone>(member: &str, change: Option<&T>) -> Result<T> {
    let missing = || bad_request(format!("{member} is missing: it was not set before"));
    Ok(change.cloned().ok_or_else(missing)?)
}

fn forgot_password(
    old: Option<CreateBackendAuthForgotPasswordConfig>,
    change: UpdateBackendAuthForgotPasswordConfig,
) -> Result<CreateBackendAuthForgotPasswordConfig> {
    let mut new = match old {
        Some(old) => old,
        None => CreateBackendAuthForgotPasswordConfig::new(needed(
            "forgotPassword/deliveryMethod",
            change.delivery_method.as_ref(),
        )?),
    };
    replace(&mut new.delivery_method, change.delivery_method);
    set(&mut new.email_settings, change.email_settings);
    set(&mut new.sms_settings, change.sms_settings);
    Ok(new)
}

fn password_policy(
    old: Option<CreateBackendAuthPasswordPolicyConfig>,
    change: UpdateBackendAuthPasswordPolicyConfig,
) -> Result<CreateBackendAuthPasswordPolicyConfig> {
    let mut new = match old {
        Some(old) => old,
        None => CreateBackendAuthPasswordPolicyConfig::new(needed(
            "passwordPolicy/minimumLength",
            change.minimum_length.as_ref(),
        )?),
    };
    replace(&mut new.minimum_length, change.minimum_length);
    set(
        &mut new.additional_constraints,
        change.additional_constraints,
    );
    Ok(new)
}

fn mfa(
    old: Option<CreateBackendAuthMfaConfig>,
    change: UpdateBackendAuthMfaConfig,
) -> Result<CreateBackendAuthMfaConfig> {
    let mut new = match old {
        Some(old) => old,
        None => CreateBackendAuthMfaConfig::new(needed("mfa/MFAMode", change.mfa_mode.as_ref())?),
    };
    replace(&mut new.mfa_mode, change.mfa_mode);
    set(&mut new.settings, change.settings);
    Ok(new)
}

fn verification_message(
    old: Option<CreateBackendAuthVerificationMessageConfig>,
    change: UpdateBackendAuthVerificationMessageConfig,
) -> CreateBackendAuthVerificationMessageConfig {
    let method = change.delivery_method.clone();
    let new = || CreateBackendAuthVerificationMessageConfig::new(method);
    let mut new = old.unwrap_or_else(new);
    new.delivery_method = change.delivery_method;
    set(&mut new.email_settings, change.email_settings);
    set(&mut new.sms_settings, change.sms_settings);
    new
}

fn o_auth(
    old: Option<CreateBackendAuthOAuthConfig>,
    change: UpdateBackendAuthOAuthConfig,
) -> Result<CreateBackendAuthOAuthConfig> {
    let mut new = match old {
        Some(old) => old,
        None => CreateBackendAuthOAuthConfig::new(CreateBackendAuthOAuthConfigRequired {
            redirect_sign_out_ur_is: needed(
                "oAuth/redirectSignOutURIs",
                change.redirect_sign_out_ur_is.as_ref(),
            )?,
            redirect_sign_in_ur_is: needed(
                "oAuth/redirectSignInURIs",
                change.redirect_sign_in_ur_is.as_ref(),
            )?,
            o_auth_scopes: needed("oAuth/oAuthScopes", change.o_auth_scopes.as_ref())?,
            o_auth_grant_type: needed("oAuth/oAuthGrantType", change.o_auth_grant_type.as_ref())?,
        }),
    };
    replace(
        &mut new.redirect_sign_out_ur_is,
        change.redirect_sign_out_ur_is,
    );
    replace(
        &mut new.redirect_sign_in_ur_is,
        change.redirect_sign_in_ur_is,
    );
    replace(&mut new.o_auth_scopes, change.o_auth_scopes);
    replace(&mut new.o_auth_grant_type, change.o_auth_grant_type);
    set(&mut new.domain_prefix, change.domain_prefix);
    set(
        &mut new.social_provider_settings,
        change.social_provider_settings,
    );
    Ok(new)
}
