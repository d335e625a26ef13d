//! An Amplify backend in memory. The operations are in the files of their resources; this file
//! implements the generated trait with them.
//!
//! A change takes effect at once. The job that it starts only shows how far a real service would
//! be.
#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "each operation is written as the trait has it"
)]

mod api;
mod auth;
mod config;
mod environments;
mod jobs;
mod models;
mod state;
mod storage;
mod tokens;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use amplify_admin::amplifybackend::error::{self, AmplifyBackendError};
use amplify_admin::amplifybackend::server::{AmplifyBackend, RequestContext};
use amplify_admin::amplifybackend::types::Status;
use amplify_admin::amplifybackend::{input, output};
use drawplate_runtime::Timestamp;
use tokio::sync::Semaphore;

use self::state::State;

/// The result of code that operations share: errors of the service convert into those of each
/// operation.
type Result<T, E = AmplifyBackendError> = std::result::Result<T, E>;

/// Returns the time. Tests set their own.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The service. Clones share their state.
#[derive(Clone)]
pub(crate) struct Backend {
    state: Arc<Mutex<State>>,
    clock: Clock,
    /// The computations that may run at once.
    computations: Arc<Semaphore>,
}

/// The state while one call has it: what the call does is seen by others as a whole.
struct Transaction<'a> {
    state: MutexGuard<'a, State>,
    /// The id of the request. A job that it starts has the same, so that the one is found by the
    /// other in logs.
    id: &'a str,
    operation: &'static str,
    now: Timestamp,
}

impl Backend {
    /// A service without apps, in an account that has these buckets.
    pub(crate) fn new(clock: Clock, buckets: &[&str]) -> Self {
        let state = State::new(buckets, clock());
        Self {
            state: Arc::new(Mutex::new(state)),
            clock,
            computations: Arc::new(Semaphore::new(1)),
        }
    }

    /// Runs a long computation on a thread of its own, without the state. One at a time, so that
    /// other calls are served meanwhile.
    async fn compute<T: Send + 'static>(
        &self,
        computation: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let turn = Arc::clone(&self.computations).acquire_owned().await;
        let result = tokio::task::spawn_blocking(move || {
            // A computation goes on after its caller has gone away, and keeps its turn.
            let _turn = turn;
            computation()
        });
        match result.await {
            Ok(result) => result,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// How often each operation was called.
    pub(crate) fn calls(&self) -> BTreeMap<&'static str, u64> {
        self.lock().calls.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Operations check everything before they change anything: what a panic leaves behind is
        // whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin<'a>(&'a self, cx: &'a RequestContext) -> Transaction<'a> {
        let operation = cx.operation_name();
        let mut state = self.lock();
        *state.calls.entry(operation).or_default() += 1;
        Transaction {
            state,
            id: cx.request_id(),
            operation,
            now: (self.clock)(),
        }
    }
}

impl AmplifyBackend for Backend {
    async fn clone_backend(
        &self,
        input: input::CloneBackendInput,
        cx: &RequestContext,
    ) -> Result<output::CloneBackendRespObj, error::CloneBackendError> {
        Ok(self.begin(cx).clone_backend(input)?)
    }

    async fn create_backend(
        &self,
        input: input::CreateBackendInput,
        cx: &RequestContext,
    ) -> Result<output::CreateBackendRespObj, error::CreateBackendError> {
        Ok(self.begin(cx).create_backend(input)?)
    }

    async fn create_backend_api(
        &self,
        input: input::CreateBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiRespObj, error::CreateBackendApiError> {
        Ok(self.begin(cx).create_backend_api(input)?)
    }

    async fn create_backend_auth(
        &self,
        input: input::CreateBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::CreateBackendAuthError> {
        Ok(self.begin(cx).create_backend_auth(input)?)
    }

    async fn create_backend_config(
        &self,
        input: input::CreateBackendConfigInput,
        cx: &RequestContext,
    ) -> Result<output::CreateBackendConfigRespObj, error::CreateBackendConfigError> {
        Ok(self.begin(cx).create_backend_config(input)?)
    }

    async fn create_backend_storage(
        &self,
        input: input::CreateBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::CreateBackendStorageError> {
        Ok(self.begin(cx).create_backend_storage(input)?)
    }

    async fn create_token(
        &self,
        input: input::CreateTokenInput,
        cx: &RequestContext,
    ) -> Result<output::CreateTokenRespObj, error::CreateTokenError> {
        Ok(self.begin(cx).create_token(input)?)
    }

    async fn delete_backend(
        &self,
        input: input::DeleteBackendInput,
        cx: &RequestContext,
    ) -> Result<output::DeleteBackendRespObj, error::DeleteBackendError> {
        Ok(self.begin(cx).delete_backend(input)?)
    }

    async fn delete_backend_api(
        &self,
        input: input::DeleteBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiRespObj, error::DeleteBackendApiError> {
        Ok(self.begin(cx).delete_backend_api(input)?)
    }

    async fn delete_backend_auth(
        &self,
        input: input::DeleteBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::DeleteBackendAuthError> {
        Ok(self.begin(cx).delete_backend_auth(input)?)
    }

    async fn delete_backend_storage(
        &self,
        input: input::DeleteBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::DeleteBackendStorageError> {
        Ok(self.begin(cx).delete_backend_storage(input)?)
    }

    async fn delete_token(
        &self,
        input: input::DeleteTokenInput,
        cx: &RequestContext,
    ) -> Result<output::DeleteTokenRespObj, error::DeleteTokenError> {
        Ok(self.begin(cx).delete_token(input)?)
    }

    async fn generate_backend_api_models(
        &self,
        input: input::GenerateBackendApiModelsInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiCodegenRespObj, error::GenerateBackendApiModelsError> {
        Ok(self.begin(cx).generate_backend_api_models(input)?)
    }

    async fn get_backend(
        &self,
        input: input::GetBackendInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendRespObj, error::GetBackendError> {
        Ok(self.begin(cx).get_backend(input)?)
    }

    async fn get_backend_api(
        &self,
        input: input::GetBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendApiRespObj, error::GetBackendApiError> {
        Ok(self.begin(cx).get_backend_api(input)?)
    }

    async fn get_backend_api_models(
        &self,
        input: input::GetBackendApiModelsInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendApiModelsResponse, error::GetBackendApiModelsError> {
        let schema = self.begin(cx).generated_schema(&input)?;
        let Some((schema, status)) = schema else {
            return Ok(output::GetBackendApiModelsResponse::new().status(Status::Stale));
        };
        Ok(self.compute(move || api::models(&schema, status)).await?)
    }

    async fn get_backend_auth(
        &self,
        input: input::GetBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendAuthRespObj, error::GetBackendAuthError> {
        Ok(self.begin(cx).get_backend_auth(input)?)
    }

    async fn get_backend_job(
        &self,
        input: input::GetBackendJobInput,
        cx: &RequestContext,
    ) -> Result<output::BackendJobRespObj, error::GetBackendJobError> {
        Ok(self.begin(cx).get_backend_job(input)?)
    }

    async fn get_backend_storage(
        &self,
        input: input::GetBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendStorageRespObj, error::GetBackendStorageError> {
        Ok(self.begin(cx).get_backend_storage(input)?)
    }

    async fn get_token(
        &self,
        input: input::GetTokenInput,
        cx: &RequestContext,
    ) -> Result<output::GetTokenRespObj, error::GetTokenError> {
        Ok(self.begin(cx).get_token(input)?)
    }

    async fn import_backend_auth(
        &self,
        input: input::ImportBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::ImportBackendAuthError> {
        Ok(self.begin(cx).import_backend_auth(input)?)
    }

    async fn import_backend_storage(
        &self,
        input: input::ImportBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::ImportBackendStorageError> {
        Ok(self.begin(cx).import_backend_storage(input)?)
    }

    async fn list_backend_jobs(
        &self,
        input: input::ListBackendJobsInput,
        cx: &RequestContext,
    ) -> Result<output::ListBackendJobRespObj, error::ListBackendJobsError> {
        Ok(self.begin(cx).list_backend_jobs(input)?)
    }

    async fn list_s3_buckets(
        &self,
        input: input::ListS3BucketsInput,
        cx: &RequestContext,
    ) -> Result<output::ListS3BucketsRespObj, error::ListS3BucketsError> {
        Ok(self.begin(cx).list_s3_buckets(input)?)
    }

    async fn remove_all_backends(
        &self,
        input: input::RemoveAllBackendsInput,
        cx: &RequestContext,
    ) -> Result<output::RemoveAllBackendsRespObj, error::RemoveAllBackendsError> {
        Ok(self.begin(cx).remove_all_backends(input)?)
    }

    async fn remove_backend_config(
        &self,
        input: input::RemoveBackendConfigInput,
        cx: &RequestContext,
    ) -> Result<output::RemoveBackendConfigRespObj, error::RemoveBackendConfigError> {
        Ok(self.begin(cx).remove_backend_config(input)?)
    }

    async fn update_backend_api(
        &self,
        input: input::UpdateBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiRespObj, error::UpdateBackendApiError> {
        Ok(self.begin(cx).update_backend_api(input)?)
    }

    async fn update_backend_auth(
        &self,
        input: input::UpdateBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::UpdateBackendAuthError> {
        Ok(self.begin(cx).update_backend_auth(input)?)
    }

    async fn update_backend_config(
        &self,
        input: input::UpdateBackendConfigInput,
        cx: &RequestContext,
    ) -> Result<output::BackendConfigRespObj, error::UpdateBackendConfigError> {
        Ok(self.begin(cx).update_backend_config(input)?)
    }

    async fn update_backend_job(
        &self,
        input: input::UpdateBackendJobInput,
        cx: &RequestContext,
    ) -> Result<output::BackendJobRespObj, error::UpdateBackendJobError> {
        Ok(self.begin(cx).update_backend_job(input)?)
    }

    async fn update_backend_storage(
        &self,
        input: input::UpdateBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::UpdateBackendStorageError> {
        Ok(self.begin(cx).update_backend_storage(input)?)
    }
}
