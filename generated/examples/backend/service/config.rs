//! The config object of a backend: what users sign in to the Admin UI with. Updating is the only
//! way to read it, too.

use amplify_admin::amplifybackend::input::{
    CreateBackendConfigInput, RemoveBackendConfigInput, UpdateBackendConfigInput,
};
use amplify_admin::amplifybackend::output::{
    BackendConfigRespObj, CreateBackendConfigRespObj, RemoveBackendConfigRespObj,
};
use amplify_admin::amplifybackend::types::LoginAuthConfigReqObj;
use serde::{Deserialize, Serialize};

use super::state::{App, bad_request, not_found, set};
use super::{Result, Transaction};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    backend_manager_app_id: Option<String>,
    login: Option<LoginAuthConfigReqObj>,
}

impl App {
    fn config(&mut self, id: &str) -> Result<&mut Config> {
        let config = self.config.as_mut();
        Ok(config.ok_or_else(|| not_found("BackendConfig", id))?)
    }
}

impl Transaction<'_> {
    pub(super) fn create_backend_config(
        &mut self,
        input: CreateBackendConfigInput,
    ) -> Result<CreateBackendConfigRespObj> {
        let app = self.state.app_mut(&input.app_id)?;
        if app.config.is_some() {
            return Err(bad_request("the app has a config already; update it").into());
        }
        app.config = Some(Config {
            backend_manager_app_id: input.backend_manager_app_id,
            login: None,
        });
        let job = self.start(&input.app_id, None)?;
        Ok(CreateBackendConfigRespObj::new(&*input.app_id)
            .job_id(&*job.id)
            .status(job.status()))
    }

    pub(super) fn update_backend_config(
        &mut self,
        input: UpdateBackendConfigInput,
    ) -> Result<BackendConfigRespObj> {
        let config = self.state.app_mut(&input.app_id)?.config(&input.app_id)?;
        if let Some(change) = input.login_auth_config {
            let login = config.login.get_or_insert_with(LoginAuthConfigReqObj::new);
            set(&mut login.aws_user_pools_id, change.aws_user_pools_id);
            set(
                &mut login.aws_cognito_identity_pool_id,
                change.aws_cognito_identity_pool_id,
            );
            set(&mut login.aws_cognito_region, change.aws_cognito_region);
            set(
                &mut login.aws_user_pools_web_client_id,
                change.aws_user_pools_web_client_id,
            );
        }
        let mut response = BackendConfigRespObj::new().app_id(&*input.app_id);
        response
            .backend_manager_app_id
            .clone_from(&config.backend_manager_app_id);
        response.login_auth_config.clone_from(&config.login);
        Ok(response)
    }

    pub(super) fn remove_backend_config(
        &mut self,
        input: RemoveBackendConfigInput,
    ) -> Result<RemoveBackendConfigRespObj> {
        let app = self.state.app_mut(&input.app_id)?;
        app.config(&input.app_id)?;
        app.config = None;
        Ok(RemoveBackendConfigRespObj::new())
    }
}
