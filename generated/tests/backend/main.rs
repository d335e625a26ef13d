//! Tests the example `backend` through a client in the same process, with a clock that the tests
//! advance.

mod api;
mod auth;
mod config;
mod environments;
mod jobs;
mod limits;
#[path = "../../examples/backend/service/mod.rs"]
mod service;
mod storage;
mod store;
mod tokens;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use amplify_admin::amplifybackend::error::AmplifyBackendError;
use amplify_admin::amplifybackend::operation::SERVICE;
use amplify_admin::amplifybackend::server::{Unauthenticated, router};
use amplify_admin::amplifybackend::{Client, Error, input, output};
use drawplate_runtime::Timestamp;
use service::{Backend, Content};

const APP: &str = "d1abc";
const ENVIRONMENT: &str = "staging";

/// More than a page of them.
const BUCKETS: usize = 150;

/// A backend with one app and one environment, and time that a test moves.
struct World {
    backend: Backend,
    client: Client,
    /// Seconds since 1970.
    now: Arc<AtomicI64>,
}

type Outcome<T, E = AmplifyBackendError> = Result<T, Error<E>>;

impl World {
    async fn new() -> Self {
        let now = Arc::new(AtomicI64::new(1_700_000_000));
        let clock = Arc::clone(&now);
        let buckets = (0..BUCKETS).map(|number| format!("bucket-{number:03}"));
        let buckets = buckets.collect::<Vec<_>>();
        let buckets = buckets.iter().map(String::as_str).collect::<Vec<_>>();
        let clock =
            move || Timestamp::from_secs(clock.load(Ordering::Relaxed)).expect("a time near now");
        let content = Content::of_account(&buckets, clock());
        let backend = Backend::new(Arc::new(clock), content);
        let world = Self {
            client: Client::in_process(router(backend.clone(), Unauthenticated)),
            backend,
            now,
        };
        world.create(APP, ENVIRONMENT).await.expect("there is room");
        world
    }

    fn wait(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn create(&self, app: &str, environment: &str) -> Outcome<output::CreateBackendRespObj> {
        let input = input::CreateBackendInput::new(input::CreateBackendInputRequired {
            app_name: "notes",
            app_id: app,
            backend_environment_name: environment,
        });
        let created = self.client.create_backend(input).await;
        created.map_err(Error::convert)
    }

    /// The description of an environment's resources in `GetBackend`.
    async fn meta(&self, environment: &str) -> serde_json::Value {
        let input = input::GetBackendInput::new(APP).backend_environment_name(environment);
        let found = self.client.get_backend(input).await.expect("it is there");
        assert_eq!(found.backend_environment_name.as_deref(), Some(environment));
        let meta = found.amplify_meta_config.expect("it is described");
        serde_json::from_str(&meta).expect("it is JSON")
    }

    async fn job(&self, id: &str) -> Outcome<output::BackendJobRespObj> {
        let input = input::GetBackendJobInput::new(input::GetBackendJobInputRequired {
            app_id: APP,
            backend_environment_name: ENVIRONMENT,
            job_id: id,
        });
        let job = self.client.get_backend_job(input).await;
        job.map_err(Error::convert)
    }

    /// The status of an existing job.
    async fn status(&self, id: &str) -> String {
        let job = self.job(id).await.expect("the job is there");
        job.status.expect("a job has a status")
    }

    async fn environments(&self) -> Vec<String> {
        let found = self.client.get_backend(input::GetBackendInput::new(APP));
        let found = found.await.expect("the app is there");
        assert_eq!(found.app_name.as_deref(), Some("notes"));
        found.backend_environment_list.expect("they are listed")
    }
}

/// Checks that a call is rejected with this status, for this reason.
#[track_caller]
fn rejected<T: Debug, E>(outcome: Outcome<T, E>, status: u16, why: &str)
where
    AmplifyBackendError: From<E>,
{
    let outcome = outcome.map_err(Error::convert::<AmplifyBackendError>);
    let error = outcome.expect_err("it is rejected");
    assert_eq!(error.status(), Some(status), "{error}");
    let error = error.to_string();
    assert!(error.contains(why), "`{why}` is not in: {error}");
}

/// Checks the response to a change: its job has just been created.
macro_rules! started {
    ($outcome:expr, $operation:literal) => {{
        let response = $outcome.expect("it is accepted");
        assert_eq!(response.app_id, APP);
        assert_eq!(response.operation.as_deref(), Some($operation));
        assert_eq!(response.status.as_deref(), Some("CREATED"));
        assert_eq!(response.error, None);
        response.job_id.expect("it has a job")
    }};
}
use started;

macro_rules! scenarios {
    ($($resource:ident::$scenario:ident),* $(,)?) => {
        /// Each with a world of its own.
        mod alone {
            $(
                #[tokio::test]
                async fn $scenario() {
                    super::$resource::$scenario(&super::World::new().await).await;
                }
            )*
        }

        #[tokio::test]
        async fn every_operation_of_the_service_is_exercised() {
            let mut called = BTreeSet::new();
            $({
                let world = World::new().await;
                $resource::$scenario(&world).await;
                called.extend(world.backend.calls().into_keys());
            })*
            let operations = SERVICE.operations.iter().map(|operation| operation.name);
            assert_eq!(called, operations.collect());
        }
    };
}

scenarios!(
    environments::environments_come_and_go,
    jobs::jobs_get_ahead,
    jobs::a_job_can_be_set_further,
    jobs::jobs_are_listed_page_by_page,
    tokens::tokens_expire,
    config::a_config_is_kept,
    api::data_models_are_kept,
    api::invalid_schemas_are_rejected,
    api::models_are_made_of_a_schema,
    auth::authentication_is_kept,
    auth::authentication_is_changed_member_by_member,
    auth::a_user_pool_is_taken_over,
    storage::storage_is_kept,
    storage::buckets_go_with_what_they_were_made_for,
    storage::a_bucket_is_taken_over,
    limits::there_is_an_end_to_everything,
);
