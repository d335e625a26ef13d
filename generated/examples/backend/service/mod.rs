//! An Amplify backend in memory, which a store can make permanent. The operations are in the files
//! of their resources; this file implements the generated trait with them.
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
mod store;
mod tokens;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use amplify_admin::amplifybackend::error::{self, AmplifyBackendError};
use amplify_admin::amplifybackend::server::{AmplifyBackend, RequestContext};
use amplify_admin::amplifybackend::types::Status;
use amplify_admin::amplifybackend::{input, output};
use drawplate_runtime::{Timestamp, UnmodeledError};
use tokio::sync::Semaphore;

use self::state::State;

pub(crate) use self::state::Content;
pub(crate) use self::store::Store;

/// The result of code that operations share: errors of the service convert into those of each
/// operation.
type Result<T, E = AmplifyBackendError> = std::result::Result<T, E>;

/// Returns the time. Tests set their own.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The service. Clones share their state.
#[derive(Clone)]
pub(crate) struct Backend {
    state: Arc<Mutex<State>>,
    /// Where changes are written before they are acknowledged.
    store: Option<Arc<Store>>,
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
    /// A service with this content, whose changes are lost with the process.
    pub(crate) fn new(clock: Clock, content: Content) -> Self {
        Self::with(clock, content, None)
    }

    /// A service with the content of a store, which has all changes that it acknowledges. It needs
    /// a Tokio runtime with several threads.
    pub(crate) fn stored(clock: Clock, content: Content, store: Store) -> Self {
        Self::with(clock, content, Some(Arc::new(store)))
    }

    fn with(clock: Clock, content: Content, store: Option<Arc<Store>>) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::new(content))),
            store,
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

    /// Calls an operation. With a store, its changes are written before the result is returned.
    /// Changes that cannot be written are undone. If that fails too, so do all calls afterwards.
    fn call<T>(
        &self,
        cx: &RequestContext,
        operation: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let Some(store) = &self.store else {
            return operation(&mut self.begin(cx));
        };
        // Writing takes milliseconds, in which other threads serve what needs no state.
        tokio::task::block_in_place(|| {
            let mut transaction = self.begin(cx);
            if transaction.state.is_lost {
                return Err(failure("the store has failed"));
            }
            let result = operation(&mut transaction);
            let State {
                content,
                touched,
                is_lost,
                ..
            } = &mut *transaction.state;
            let Err(error) = store.commit(content, &std::mem::take(touched)) else {
                return result;
            };
            tracing::error!(%error, "a change cannot be written");
            match store.load() {
                Ok(Some(stored)) => *content = stored,
                reloaded => {
                    let error = reloaded.err().map(tracing::field::display);
                    tracing::error!(error, "the store cannot be read: restart this program");
                    *is_lost = true;
                }
            }
            Err(failure("the change cannot be written"))
        })
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

fn failure(message: &str) -> AmplifyBackendError {
    UnmodeledError::new(500).message(message).into()
}

impl AmplifyBackend for Backend {
    async fn clone_backend(
        &self,
        input: input::CloneBackendInput,
        cx: &RequestContext,
    ) -> Result<output::CloneBackendRespObj, error::CloneBackendError> {
        Ok(self.call(cx, |it| it.clone_backend(input))?)
    }

    async fn create_backend(
        &self,
        input: input::CreateBackendInput,
        cx: &RequestContext,
    ) -> Result<output::CreateBackendRespObj, error::CreateBackendError> {
        Ok(self.call(cx, |it| it.create_backend(input))?)
    }

    async fn create_backend_api(
        &self,
        input: input::CreateBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiRespObj, error::CreateBackendApiError> {
        Ok(self.call(cx, |it| it.create_backend_api(input))?)
    }

    async fn create_backend_auth(
        &self,
        input: input::CreateBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::CreateBackendAuthError> {
        Ok(self.call(cx, |it| it.create_backend_auth(input))?)
    }

    async fn create_backend_config(
        &self,
        input: input::CreateBackendConfigInput,
        cx: &RequestContext,
    ) -> Result<output::CreateBackendConfigRespObj, error::CreateBackendConfigError> {
        Ok(self.call(cx, |it| it.create_backend_config(input))?)
    }

    async fn create_backend_storage(
        &self,
        input: input::CreateBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::CreateBackendStorageError> {
        Ok(self.call(cx, |it| it.create_backend_storage(input))?)
    }

    async fn create_token(
        &self,
        input: input::CreateTokenInput,
        cx: &RequestContext,
    ) -> Result<output::CreateTokenRespObj, error::CreateTokenError> {
        Ok(self.call(cx, |it| it.create_token(input))?)
    }

    async fn delete_backend(
        &self,
        input: input::DeleteBackendInput,
        cx: &RequestContext,
    ) -> Result<output::DeleteBackendRespObj, error::DeleteBackendError> {
        Ok(self.call(cx, |it| it.delete_backend(input))?)
    }

    async fn delete_backend_api(
        &self,
        input: input::DeleteBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiRespObj, error::DeleteBackendApiError> {
        Ok(self.call(cx, |it| it.delete_backend_api(input))?)
    }

    async fn delete_backend_auth(
        &self,
        input: input::DeleteBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::DeleteBackendAuthError> {
        Ok(self.call(cx, |it| it.delete_backend_auth(input))?)
    }

    async fn delete_backend_storage(
        &self,
        input: input::DeleteBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::DeleteBackendStorageError> {
        Ok(self.call(cx, |it| it.delete_backend_storage(input))?)
    }

    async fn delete_token(
        &self,
        input: input::DeleteTokenInput,
        cx: &RequestContext,
    ) -> Result<output::DeleteTokenRespObj, error::DeleteTokenError> {
        Ok(self.call(cx, |it| it.delete_token(input))?)
    }

    async fn generate_backend_api_models(
        &self,
        input: input::GenerateBackendApiModelsInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiCodegenRespObj, error::GenerateBackendApiModelsError> {
        Ok(self.call(cx, |it| it.generate_backend_api_models(input))?)
    }

    async fn get_backend(
        &self,
        input: input::GetBackendInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendRespObj, error::GetBackendError> {
        Ok(self.call(cx, |it| it.get_backend(input))?)
    }

    async fn get_backend_api(
        &self,
        input: input::GetBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendApiRespObj, error::GetBackendApiError> {
        Ok(self.call(cx, |it| it.get_backend_api(input))?)
    }

    async fn get_backend_api_models(
        &self,
        input: input::GetBackendApiModelsInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendApiModelsResponse, error::GetBackendApiModelsError> {
        let schema = self.call(cx, |it| it.generated_schema(&input))?;
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
        Ok(self.call(cx, |it| it.get_backend_auth(input))?)
    }

    async fn get_backend_job(
        &self,
        input: input::GetBackendJobInput,
        cx: &RequestContext,
    ) -> Result<output::BackendJobRespObj, error::GetBackendJobError> {
        Ok(self.call(cx, |it| it.get_backend_job(input))?)
    }

    async fn get_backend_storage(
        &self,
        input: input::GetBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::GetBackendStorageRespObj, error::GetBackendStorageError> {
        Ok(self.call(cx, |it| it.get_backend_storage(input))?)
    }

    async fn get_token(
        &self,
        input: input::GetTokenInput,
        cx: &RequestContext,
    ) -> Result<output::GetTokenRespObj, error::GetTokenError> {
        Ok(self.call(cx, |it| it.get_token(input))?)
    }

    async fn import_backend_auth(
        &self,
        input: input::ImportBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::ImportBackendAuthError> {
        Ok(self.call(cx, |it| it.import_backend_auth(input))?)
    }

    async fn import_backend_storage(
        &self,
        input: input::ImportBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::ImportBackendStorageError> {
        Ok(self.call(cx, |it| it.import_backend_storage(input))?)
    }

    async fn list_backend_jobs(
        &self,
        input: input::ListBackendJobsInput,
        cx: &RequestContext,
    ) -> Result<output::ListBackendJobRespObj, error::ListBackendJobsError> {
        Ok(self.call(cx, |it| it.list_backend_jobs(input))?)
    }

    async fn list_s3_buckets(
        &self,
        input: input::ListS3BucketsInput,
        cx: &RequestContext,
    ) -> Result<output::ListS3BucketsRespObj, error::ListS3BucketsError> {
        Ok(self.call(cx, |it| it.list_s3_buckets(input))?)
    }

    async fn remove_all_backends(
        &self,
        input: input::RemoveAllBackendsInput,
        cx: &RequestContext,
    ) -> Result<output::RemoveAllBackendsRespObj, error::RemoveAllBackendsError> {
        Ok(self.call(cx, |it| it.remove_all_backends(input))?)
    }

    async fn remove_backend_config(
        &self,
        input: input::RemoveBackendConfigInput,
        cx: &RequestContext,
    ) -> Result<output::RemoveBackendConfigRespObj, error::RemoveBackendConfigError> {
        Ok(self.call(cx, |it| it.remove_backend_config(input))?)
    }

    async fn update_backend_api(
        &self,
        input: input::UpdateBackendApiInput,
        cx: &RequestContext,
    ) -> Result<output::BackendApiRespObj, error::UpdateBackendApiError> {
        Ok(self.call(cx, |it| it.update_backend_api(input))?)
    }

    async fn update_backend_auth(
        &self,
        input: input::UpdateBackendAuthInput,
        cx: &RequestContext,
    ) -> Result<output::BackendAuthRespObj, error::UpdateBackendAuthError> {
        Ok(self.call(cx, |it| it.update_backend_auth(input))?)
    }

    async fn update_backend_config(
        &self,
        input: input::UpdateBackendConfigInput,
        cx: &RequestContext,
    ) -> Result<output::BackendConfigRespObj, error::UpdateBackendConfigError> {
        Ok(self.call(cx, |it| it.update_backend_config(input))?)
    }

    async fn update_backend_job(
        &self,
        input: input::UpdateBackendJobInput,
        cx: &RequestContext,
    ) -> Result<output::BackendJobRespObj, error::UpdateBackendJobError> {
        Ok(self.call(cx, |it| it.update_backend_job(input))?)
    }

    async fn update_backend_storage(
        &self,
        input: input::UpdateBackendStorageInput,
        cx: &RequestContext,
    ) -> Result<output::BackendStorageRespObj, error::UpdateBackendStorageError> {
        Ok(self.call(cx, |it| it.update_backend_storage(input))?)
    }
}
