//! Storage: a bucket, made for the backend or taken over from the account.

use std::ops::Bound;

use amplify_admin::amplifybackend::input::{
    CreateBackendStorageInput, DeleteBackendStorageInput, GetBackendStorageInput,
    ImportBackendStorageInput, ListS3BucketsInput, UpdateBackendStorageInput,
};
use amplify_admin::amplifybackend::output::{
    BackendStorageRespObj, BackendStorageRespObjRequired, GetBackendStorageRespObj,
    GetBackendStorageRespObjRequired, ListS3BucketsRespObj,
};
use amplify_admin::amplifybackend::types::{
    BackendStoragePermissions, GetBackendStorageResourceConfig, S3BucketInfo, ServiceName,
};
use drawplate_runtime::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::jobs::Job;
use super::state::{Environment, State, bad_request, check_name, named, not_found};
use super::{Result, Transaction};

/// Buckets on a page.
const PAGE: usize = 100;

const KIND: &str = "Storage";

/// A bucket of the account.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bucket {
    #[serde(with = "super::store::timestamp")]
    created: Timestamp,
    /// Made for a backend, with which it goes.
    managed: bool,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Storage {
    pub(super) name: String,
    bucket: String,
    /// `None` for an imported bucket, which has its own permissions.
    permissions: Option<BackendStoragePermissions>,
}

impl Bucket {
    /// One that was there before.
    pub(super) fn of_account(created: Timestamp) -> Self {
        Self {
            created,
            managed: false,
        }
    }
}

impl Environment {
    fn storage(&self, name: &str) -> Result<&Storage> {
        named(self.storage.as_ref(), KIND, name, |storage| &storage.name)
    }

    fn storage_mut(&mut self, name: &str) -> Result<&mut Storage> {
        named(self.storage.as_mut(), KIND, name, |storage| &storage.name)
    }

    fn check_no_storage(&self) -> Result<()> {
        match &self.storage {
            Some(storage) => {
                let message = format!("the backend has storage {} already", storage.name);
                Err(bad_request(message).into())
            }
            None => Ok(()),
        }
    }
}

impl State {
    fn make_bucket(&mut self, name: &str, created: Timestamp) {
        let managed = true;
        self.touched.buckets.insert(name.to_owned());
        self.content
            .buckets
            .insert(name.to_owned(), Bucket { created, managed });
    }

    /// Removes the bucket of a storage, unless it was there before.
    fn drop_bucket(&mut self, storage: &Storage) {
        if storage.permissions.is_some() {
            self.touched.buckets.insert(storage.bucket.clone());
            self.content.buckets.remove(&storage.bucket);
        }
    }
}

/// A unique name.
fn bucket_name(storage: &str) -> String {
    format!(
        "{}-{}",
        storage.to_ascii_lowercase(),
        Uuid::new_v4().simple()
    )
}

impl Transaction<'_> {
    pub(super) fn create_backend_storage(
        &mut self,
        input: CreateBackendStorageInput,
    ) -> Result<BackendStorageRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        check_name("resourceName", &input.resource_name)?;
        self.state
            .environment(app, environment)?
            .check_no_storage()?;
        let config = input.resource_config;
        let bucket = config.bucket_name;
        let bucket = bucket.unwrap_or_else(|| bucket_name(&input.resource_name));
        check_name("bucketName", &bucket)?;
        if self.state.content.buckets.contains_key(&bucket) {
            return Err(bad_request(format!("bucket {bucket} exists already")).into());
        }
        self.state.make_bucket(&bucket, self.now);
        self.state.environment_mut(app, environment)?.storage = Some(Storage {
            name: input.resource_name,
            bucket,
            permissions: Some(config.permissions),
        });
        let job = self.start(app, Some(environment))?;
        Ok(response(app, environment, job))
    }

    pub(super) fn get_backend_storage(
        &self,
        input: GetBackendStorageInput,
    ) -> Result<GetBackendStorageRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let storage = self.state.environment(app, environment)?;
        let storage = storage.storage(&input.resource_name)?;
        let imported = storage.permissions.is_none();
        let mut config = GetBackendStorageResourceConfig::new(imported, ServiceName::S3)
            .bucket_name(&*storage.bucket);
        config.permissions.clone_from(&storage.permissions);
        Ok(
            GetBackendStorageRespObj::new(GetBackendStorageRespObjRequired {
                app_id: app,
                backend_environment_name: environment,
            })
            .resource_name(input.resource_name)
            .resource_config(config),
        )
    }

    pub(super) fn update_backend_storage(
        &mut self,
        input: UpdateBackendStorageInput,
    ) -> Result<BackendStorageRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let storage = self.state.environment_mut(app, environment)?;
        let storage = storage.storage_mut(&input.resource_name)?;
        let Some(permissions) = &mut storage.permissions else {
            return Err(bad_request("an imported bucket keeps its own permissions").into());
        };
        *permissions = input.resource_config.permissions;
        let job = self.start(app, Some(environment))?;
        Ok(response(app, environment, job))
    }

    pub(super) fn delete_backend_storage(
        &mut self,
        input: DeleteBackendStorageInput,
    ) -> Result<BackendStorageRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        let place = self.state.environment_mut(app, environment)?;
        place.storage(&input.resource_name)?;
        if let Some(storage) = place.storage.take() {
            self.state.drop_bucket(&storage);
        }
        let job = self.start(app, Some(environment))?;
        Ok(response(app, environment, job))
    }

    /// The resource is called as its bucket.
    pub(super) fn import_backend_storage(
        &mut self,
        input: ImportBackendStorageInput,
    ) -> Result<BackendStorageRespObj> {
        let (app, environment) = (&*input.app_id, &*input.backend_environment_name);
        self.state
            .environment(app, environment)?
            .check_no_storage()?;
        let bucket = input.bucket_name;
        let bucket = bucket.ok_or_else(|| bad_request("bucketName says which one to import"))?;
        match self.state.content.buckets.get(&bucket) {
            None => return Err(not_found("Bucket", &bucket).into()),
            Some(found) if found.managed => {
                return Err(bad_request(format!("bucket {bucket} is that of a backend")).into());
            }
            Some(_) => {}
        }
        self.state.environment_mut(app, environment)?.storage = Some(Storage {
            name: bucket.clone(),
            bucket,
            permissions: None,
        });
        let job = self.start(app, Some(environment))?;
        Ok(response(app, environment, job))
    }

    /// By name. A page starts after the last bucket of the one before.
    pub(super) fn list_s3_buckets(
        &self,
        input: ListS3BucketsInput,
    ) -> Result<ListS3BucketsRespObj> {
        let start = input.next_token.map_or(Bound::Unbounded, Bound::Excluded);
        let mut found = self.state.content.buckets.range((start, Bound::Unbounded));
        let page = found.by_ref().take(PAGE).map(|(name, bucket)| {
            S3BucketInfo::new()
                .name(&**name)
                .creation_date(format!("{:.3}", bucket.created))
        });
        let page = page.collect::<Vec<_>>();
        let more = found.next().and(page.last());
        let next_token = more.and_then(|last| last.name.clone());
        let mut response = ListS3BucketsRespObj::new(page);
        response.next_token = next_token;
        Ok(response)
    }

    /// Makes the storage of a copied environment one of its own.
    pub(super) fn clone_storage(&mut self, storage: &mut Storage) {
        if storage.permissions.is_some() {
            storage.bucket = bucket_name(&storage.name);
            self.state.make_bucket(&storage.bucket, self.now);
        }
    }

    /// Removes the buckets that go with these environments.
    pub(super) fn drop_storage(&mut self, environments: impl IntoIterator<Item = Environment>) {
        for environment in environments {
            if let Some(storage) = &environment.storage {
                self.state.drop_bucket(storage);
            }
        }
    }
}

fn response(app: &str, environment: &str, job: &Job) -> BackendStorageRespObj {
    BackendStorageRespObj::new(BackendStorageRespObjRequired {
        job_id: &*job.id,
        app_id: app,
        backend_environment_name: environment,
        status: job.status(),
    })
}
