//! What survives the process with a store.

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::input::{self, GetBackendInput};
use amplify_admin::amplifybackend::output::{
    BackendConfigRespObj, BackendJobRespObj, GetBackendApiRespObj, GetBackendAuthRespObj,
    GetBackendRespObj, GetBackendStorageRespObj, GetTokenRespObj, ListS3BucketsRespObj,
};
use amplify_admin::amplifybackend::types::{
    AuthResources, AuthenticatedElement, BackendApiResourceConfig, BackendStoragePermissions,
    CreateBackendAuthResourceConfig, CreateBackendAuthResourceConfigRequired,
    CreateBackendAuthUserPoolConfig, CreateBackendAuthUserPoolConfigRequired,
    CreateBackendStorageResourceConfig, LoginAuthConfigReqObj, RequiredSignUpAttributesElement,
    Service, ServiceName, SignInMethod,
};

use crate::process::Backend;
use crate::store::{data, exists, new_app};

const APP: &str = "d1";
const ENVIRONMENTS: [&str; 2] = ["staging", "test"];
const RESOURCE: &str = "notes";

/// State of every kind, as the operations return it.
#[derive(Debug, PartialEq)]
struct State {
    backend: GetBackendRespObj,
    resources: Vec<Resources>,
    config: BackendConfigRespObj,
    token: GetTokenRespObj,
    buckets: ListS3BucketsRespObj,
}

/// The resources of an environment.
#[derive(Debug, PartialEq)]
struct Resources {
    api: GetBackendApiRespObj,
    auth: GetBackendAuthRespObj,
    storage: GetBackendStorageRespObj,
    jobs: Vec<BackendJobRespObj>,
}

impl State {
    async fn read(client: &Client, session: &str) -> Self {
        let backend = client.get_backend(GetBackendInput::new(APP)).await;
        let mut resources = Vec::new();
        for environment in ENVIRONMENTS {
            resources.push(Resources::read(client, environment).await);
        }
        // Without changes it returns what there is.
        let config = client.update_backend_config(input::UpdateBackendConfigInput::new(APP));
        let token = client.get_token(input::GetTokenInput::new(input::GetTokenInputRequired {
            app_id: APP,
            session_id: session,
        }));
        let buckets = client.list_s3_buckets(input::ListS3BucketsInput::new());
        Self {
            backend: backend.expect("the app exists"),
            resources,
            config: config.await.expect("the app has a config"),
            token: token.await.expect("the token has not expired"),
            buckets: buckets.await.expect("a list"),
        }
    }
}

impl Resources {
    async fn read(client: &Client, environment: &str) -> Self {
        let api = input::GetBackendApiInput::new(input::GetBackendApiInputRequired {
            app_id: APP,
            backend_environment_name: environment,
            resource_name: RESOURCE,
        });
        let auth = input::GetBackendAuthInput::new(input::GetBackendAuthInputRequired {
            app_id: APP,
            backend_environment_name: environment,
            resource_name: RESOURCE,
        });
        let storage = input::GetBackendStorageInput::new(input::GetBackendStorageInputRequired {
            app_id: APP,
            backend_environment_name: environment,
            resource_name: RESOURCE,
        });
        let jobs = input::ListBackendJobsInput::new(input::ListBackendJobsInputRequired {
            app_id: APP,
            backend_environment_name: environment,
        });
        let jobs = client.list_backend_jobs(jobs).await.expect("a list").jobs;
        let jobs = jobs.into_iter().flatten().map(|mut job| {
            // These depend on the time.
            job.status = None;
            job.update_time = None;
            job
        });
        Self {
            jobs: jobs.collect(),
            api: client.get_backend_api(api).await.expect("an API"),
            auth: client.get_backend_auth(auth).await.expect("a user pool"),
            storage: client.get_backend_storage(storage).await.expect("a bucket"),
        }
    }
}

/// Creates all resources in the first environment, and copies it.
async fn create(client: &Client) {
    let [environment, copy] = ENVIRONMENTS;
    let app = client.create_backend(new_app(APP)).await;
    app.expect("there is room");
    let api = input::CreateBackendApiInput::new(input::CreateBackendApiInputRequired {
        app_id: APP,
        resource_config: BackendApiResourceConfig::new()
            .transform_schema("type Note @model { id: ID! text: String }"),
        resource_name: RESOURCE,
        backend_environment_name: environment,
    });
    let api = client.create_backend_api(api).await;
    api.expect("the schema is valid");
    let pool = CreateBackendAuthUserPoolConfig::new(CreateBackendAuthUserPoolConfigRequired {
        user_pool_name: "people",
        required_sign_up_attributes: vec![RequiredSignUpAttributesElement::Email],
        sign_in_method: SignInMethod::Email,
    });
    let auth = input::CreateBackendAuthInput::new(input::CreateBackendAuthInputRequired {
        app_id: APP,
        resource_config: CreateBackendAuthResourceConfig::new(
            CreateBackendAuthResourceConfigRequired {
                user_pool_configs: pool,
                auth_resources: AuthResources::UserPoolOnly,
                service: Service::Cognito,
            },
        ),
        resource_name: RESOURCE,
        backend_environment_name: environment,
    });
    let auth = client.create_backend_auth(auth).await;
    auth.expect("the configuration is valid");
    let read = BackendStoragePermissions::new([AuthenticatedElement::Read]);
    let storage = CreateBackendStorageResourceConfig::new(read, ServiceName::S3);
    let storage = input::CreateBackendStorageInput::new(input::CreateBackendStorageInputRequired {
        app_id: APP,
        resource_config: storage,
        resource_name: RESOURCE,
        backend_environment_name: environment,
    });
    let storage = client.create_backend_storage(storage).await;
    storage.expect("the configuration is valid");
    let clone = input::CloneBackendInput::new(input::CloneBackendInputRequired {
        app_id: APP,
        backend_environment_name: environment,
        target_environment_name: copy,
    });
    client.clone_backend(clone).await.expect("there is room");
    let config = input::CreateBackendConfigInput::new(APP).backend_manager_app_id("d9");
    let config = client.create_backend_config(config).await;
    config.expect("there is no config");
    let login = LoginAuthConfigReqObj::new().aws_user_pools_id("eu-west-1_abc");
    let login = input::UpdateBackendConfigInput::new(APP).login_auth_config(login);
    let login = client.update_backend_config(login).await;
    login.expect("there is a config");
}

#[tokio::test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "builds the example; run by `cargo xtask test`"
)]
async fn every_kind_of_state_survives() {
    let folder = tempfile::tempdir().expect("a folder");
    let backend = Backend::start(&data(folder.path()));
    let client = backend.client();
    create(&client).await;
    let token = client.create_token(input::CreateTokenInput::new(APP)).await;
    let session = token.expect("there is room").session_id;
    let other = client.create_backend(new_app("d2")).await;
    other.expect("there is room");
    let remove = input::RemoveAllBackendsInput::new("d2").clean_amplify_app(true);
    let removed = client.remove_all_backends(remove).await;
    removed.expect("the app exists");
    let before = State::read(&client, &session).await;
    backend.kill();

    let backend = Backend::start(&data(folder.path()));
    let client = backend.client();
    assert_eq!(State::read(&client, &session).await, before);
    assert!(!exists(&client, "d2").await, "it was removed");
}
