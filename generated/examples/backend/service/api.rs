//! Data models: an annotated GraphQL schema, and what is generated from it.

use amplify_admin::amplifybackend::input::{
    CreateBackendApiInput, DeleteBackendApiInput, GenerateBackendApiModelsInput,
    GetBackendApiInput, GetBackendApiModelsInput, UpdateBackendApiInput,
};
use amplify_admin::amplifybackend::output::{
    BackendApiCodegenRespObj, BackendApiCodegenRespObjRequired, BackendApiRespObj,
    BackendApiRespObjRequired, GetBackendApiModelsResponse, GetBackendApiRespObj,
    GetBackendApiRespObjRequired,
};
use amplify_admin::amplifybackend::types::{BackendApiResourceConfig, Status};
use serde::{Deserialize, Serialize};

use super::jobs::response;
use super::models::{Models, ParseError};
use super::state::{Environment, bad_request, check_name, named, set, too_many};
use super::{Result, Transaction};

const KIND: &str = "Api";

/// The maximum number of additional authentication types.
const MOST_AUTH_TYPES: usize = 50;

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    pub(super) name: String,
    config: BackendApiResourceConfig,
    /// The schema that models were generated from last.
    generated: Option<String>,
}

impl Environment {
    fn api(&self, name: &str) -> Result<&Api> {
        named(self.api.as_ref(), KIND, name, |api| &api.name)
    }

    fn api_mut(&mut self, name: &str) -> Result<&mut Api> {
        named(self.api.as_mut(), KIND, name, |api| &api.name)
    }
}

/// Fails if a configuration is invalid. A schema that cannot be parsed is rejected here, not when
/// models are generated from it.
fn check(config: &BackendApiResourceConfig) -> Result<()> {
    let types = config.additional_auth_types.as_ref().map_or(0, Vec::len);
    if types > MOST_AUTH_TYPES {
        return Err(too_many("AdditionalAuthTypes", MOST_AUTH_TYPES).into());
    }
    let schema = config.transform_schema.as_deref();
    schema.map_or(Ok(()), |schema| read(schema).map(drop))
}

fn read(schema: &str) -> Result<Models<'_>> {
    let rejected = |error: ParseError| {
        let lines = error.to_string();
        let lines = lines.lines().collect::<Vec<_>>();
        bad_request(format!("transformSchema: {}", lines.join("; ")))
    };
    Ok(Models::read(schema).map_err(rejected)?)
}

impl Transaction<'_> {
    pub(super) fn create_backend_api(
        &mut self,
        input: CreateBackendApiInput,
    ) -> Result<BackendApiRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        if let Some(api) = &place.api {
            return Err(bad_request(format!("the backend has API {} already", api.name)).into());
        }
        check_name("resourceName", &input.resource_name)?;
        check(&input.resource_config)?;
        place.api = Some(Api {
            name: input.resource_name,
            config: input.resource_config,
            generated: None,
        });
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendApiRespObj(BackendApiRespObjRequired),
            app,
            environment,
            job
        ))
    }

    pub(super) fn get_backend_api(
        &self,
        input: GetBackendApiInput,
    ) -> Result<GetBackendApiRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment(app, environment)?;
        let config = place.api(&input.resource_name)?.config.clone();
        Ok(GetBackendApiRespObj::new(GetBackendApiRespObjRequired {
            app_id: app,
            backend_environment_name: environment,
        })
        .resource_name(input.resource_name)
        .resource_config(config))
    }

    pub(super) fn update_backend_api(
        &mut self,
        input: UpdateBackendApiInput,
    ) -> Result<BackendApiRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        let api = place.api_mut(&input.resource_name)?;
        let change = input.resource_config;
        let change = change.ok_or_else(|| bad_request("resourceConfig says what to change"))?;
        check(&change)?;
        let config = &mut api.config;
        set(&mut config.api_name, change.api_name);
        set(&mut config.default_auth_type, change.default_auth_type);
        set(&mut config.transform_schema, change.transform_schema);
        set(&mut config.service, change.service);
        set(
            &mut config.additional_auth_types,
            change.additional_auth_types,
        );
        set(&mut config.conflict_resolution, change.conflict_resolution);
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendApiRespObj(BackendApiRespObjRequired),
            app,
            environment,
            job
        ))
    }

    pub(super) fn delete_backend_api(
        &mut self,
        input: DeleteBackendApiInput,
    ) -> Result<BackendApiRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        place.api(&input.resource_name)?;
        place.api = None;
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendApiRespObj(BackendApiRespObjRequired),
            app,
            environment,
            job
        ))
    }

    pub(super) fn generate_backend_api_models(
        &mut self,
        input: GenerateBackendApiModelsInput,
    ) -> Result<BackendApiCodegenRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        let api = place.api_mut(&input.resource_name)?;
        if api.config.transform_schema.is_none() {
            return Err(bad_request("the API has no transformSchema to make models of").into());
        }
        api.generated.clone_from(&api.config.transform_schema);
        let job = self.start(app, Some(environment))?;
        Ok(response!(
            BackendApiCodegenRespObj(BackendApiCodegenRespObjRequired),
            app,
            environment,
            job
        ))
    }

    /// The schema that models were generated from last, and whether it is the current one; `None`
    /// if models were never generated.
    pub(super) fn generated_schema(
        &self,
        input: &GetBackendApiModelsInput,
    ) -> Result<Option<(String, Status)>> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment(app, environment)?;
        let api = place.api(&input.resource_name)?;
        let status = if api.generated == api.config.transform_schema {
            Status::Latest
        } else {
            Status::Stale
        };
        Ok(api.generated.clone().map(|schema| (schema, status)))
    }
}

/// The models of a schema. They are generated on request, because they are many times as large as
/// the schema.
pub(super) fn models(schema: &str, status: Status) -> Result<GetBackendApiModelsResponse> {
    let read = read(schema)?;
    Ok(GetBackendApiModelsResponse::new()
        .models(read.data_store().to_string())
        .model_introspection_schema(read.introspection().to_string())
        .status(status))
}
