//! Backends: the environments of an app.

use amplify_admin::amplifybackend::input::{
    CloneBackendInput, CreateBackendInput, DeleteBackendInput, GetBackendInput,
    RemoveAllBackendsInput,
};
use amplify_admin::amplifybackend::output::{
    CloneBackendRespObj, CloneBackendRespObjRequired, CreateBackendRespObj,
    CreateBackendRespObjRequired, DeleteBackendRespObj, DeleteBackendRespObjRequired,
    GetBackendRespObj, RemoveAllBackendsRespObj,
};
use serde_json::{Map, Value, json};

use super::jobs::response;
use super::state::Environment;
use super::{Result, Transaction};

impl Environment {
    /// The content of `amplify-meta.json`, with the names of all resources. No other operation
    /// returns those of imported resources.
    fn meta(&self, app: &str) -> Value {
        let mut meta = Map::new();
        let mut add = |category: &str, service: &str, name: Option<&str>| {
            if let Some(name) = name {
                meta.insert(category.into(), json!({ name: { "service": service } }));
            }
        };
        let Self { api, auth, storage } = self;
        add("api", "AppSync", api.as_ref().map(|api| &*api.name));
        add("auth", "Cognito", auth.as_ref().map(|auth| &*auth.name));
        add(
            "storage",
            "S3",
            storage.as_ref().map(|storage| &*storage.name),
        );
        meta.insert(
            "providers".into(),
            json!({ "awscloudformation": { "AmplifyAppId": app } }),
        );
        Value::Object(meta)
    }
}

impl Transaction<'_> {
    /// The first backend of an app makes the app.
    pub(super) fn create_backend(
        &mut self,
        input: CreateBackendInput,
    ) -> Result<CreateBackendRespObj> {
        let (id, name) = (&*input.app_id, &*input.backend_environment_name);
        super::state::check_name("the name of an environment", name)?;
        let app = self.state.app_or_new(id, &input.app_name)?;
        app.check_room_for(name)?;
        app.environments
            .insert(name.to_owned(), Environment::default());
        let job = self.start(id, Some(name))?;
        Ok(response!(
            CreateBackendRespObj(CreateBackendRespObjRequired),
            id,
            name,
            job
        ))
    }

    pub(super) fn get_backend(&self, input: GetBackendInput) -> Result<GetBackendRespObj> {
        let app = self.state.app(&input.app_id)?;
        let names = app.environments.keys().cloned().collect::<Vec<_>>();
        let mut response = GetBackendRespObj::new(&*input.app_id)
            .app_name(&*app.name)
            .backend_environment_list(names);
        if let Some(name) = input.backend_environment_name {
            let meta = app.environment(&name)?.meta(&input.app_id);
            response.amplify_meta_config = Some(meta.to_string());
            response.backend_environment_name = Some(name);
        }
        Ok(response)
    }

    /// The copy has the same resources; a bucket is not shared but made anew.
    pub(super) fn clone_backend(
        &mut self,
        input: CloneBackendInput,
    ) -> Result<CloneBackendRespObj> {
        let (id, target) = (&*input.app_id, &*input.target_environment_name);
        let app = self.state.app_mut(id)?;
        let mut copy = app.environment(&input.backend_environment_name)?.clone();
        app.check_room_for(target)?;
        if let Some(storage) = &mut copy.storage {
            self.clone_storage(storage);
        }
        let app = self.state.app_mut(id)?;
        app.environments.insert(target.to_owned(), copy);
        let job = self.start(id, Some(target))?;
        Ok(response!(
            CloneBackendRespObj(CloneBackendRespObjRequired),
            id,
            target,
            job
        ))
    }

    pub(super) fn delete_backend(
        &mut self,
        input: DeleteBackendInput,
    ) -> Result<DeleteBackendRespObj> {
        let (id, name) = (&*input.app_id, &*input.backend_environment_name);
        let app = self.state.app_mut(id)?;
        app.environment(name)?;
        let removed = app.environments.remove(name);
        self.drop_storage(removed);
        let job = self.start(id, Some(name))?;
        Ok(response!(
            DeleteBackendRespObj(DeleteBackendRespObjRequired),
            id,
            name,
            job
        ))
    }

    /// With `cleanAmplifyApp` the app is removed too, including its jobs.
    pub(super) fn remove_all_backends(
        &mut self,
        input: RemoveAllBackendsInput,
    ) -> Result<RemoveAllBackendsRespObj> {
        let id = &*input.app_id;
        let environments = std::mem::take(&mut self.state.app_mut(id)?.environments);
        self.drop_storage(environments.into_values());
        let response = RemoveAllBackendsRespObj::new(id).operation(self.operation);
        if input.clean_amplify_app == Some(true) {
            self.state.remove_app(id);
            return Ok(response.status("COMPLETED"));
        }
        let job = self.start(id, None)?;
        Ok(response.job_id(&*job.id).status(job.status()))
    }
}
