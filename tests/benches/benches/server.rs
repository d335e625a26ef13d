//! The response to a call in process, without a socket: ours beside handlers for axum, see
//! `by_hand/server.rs` for what these do not do.
//!
//! Requests are made outside of what is measured; the bodies of responses are read to their end
//! within it.

#![allow(
    clippy::wildcard_imports,
    reason = "a group of benches is a part of its file"
)]

#[path = "by_hand/server.rs"]
mod by_hand;
#[path = "by_hand/paths.rs"]
mod paths;
#[path = "by_hand/ready.rs"]
mod ready;
#[path = "by_hand/shapes.rs"]
mod shapes;
#[path = "by_hand/texts.rs"]
mod texts;

use std::sync::LazyLock;

use amplify_admin::amplifybackend::server::{
    AmplifyBackend, RequestContext, Unauthenticated, router,
};
use amplify_admin::amplifybackend::{error, input, output, route};
use bytes::Bytes;
use divan::{Bencher, black_box};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use ready::ready;
use tower::Service;

/// A list, as JSON has it.
type List<T> = Vec<T>;
/// A list of values that XML has as texts.
type Texts<T> = Vec<T>;

fn main() {
    check();
    divan::main();
}

/// Both sides response the same to what is valid.
fn check() {
    let (mut ours, mut peer) = (router(Backend, Unauthenticated), peer());
    for request in [get_token, create_auth] {
        let (mine, theirs) = (
            response(&mut ours, request()),
            response(&mut peer, request()),
        );
        assert_eq!((mine.0, theirs.0), (StatusCode::OK, StatusCode::OK));
        assert_eq!(mine.1, theirs.1);
    }
    let (status, violations) = response(&mut ours, invalid());
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let violations = String::from_utf8_lossy(&violations).into_owned();
    assert!(violations.contains("/resourceName"), "{violations}");
    assert!(
        violations.contains("/resourceConfig/service"),
        "{violations}"
    );
    assert!(response(&mut peer, invalid()).0.is_client_error());
}

/// Implements two operations.
struct Backend;

macro_rules! backend {
    ($($method:ident: $input:ident -> $output:ident, $error:ident;)*) => {
        impl AmplifyBackend for Backend {
            async fn get_token(
                &self,
                input: input::GetTokenInput,
                _: &RequestContext,
            ) -> Result<output::GetTokenRespObj, error::GetTokenError> {
                let (app_id, session_id) = (input.app_id, input.session_id);
                Ok(output::GetTokenRespObj::new(output::GetTokenRespObjRequired { app_id, session_id, ttl: "1700000000", challenge_code: "abcdefabcdef" }))
            }

            async fn create_backend_auth(
                &self,
                input: input::CreateBackendAuthInput,
                _: &RequestContext,
            ) -> Result<output::BackendAuthRespObj, error::CreateBackendAuthError> {
                Ok(output::BackendAuthRespObj::new(output::BackendAuthRespObjRequired { app_id: input.app_id, backend_environment_name: input.backend_environment_name })
                    .job_id("0a1b2c3d")
                    .operation("CreateBackendAuth")
                    .status("OK"))
            }

            $(async fn $method(
                &self,
                _: input::$input,
                _: &RequestContext,
            ) -> Result<output::$output, error::$error> {
                Err(drawplate_runtime::UnmodeledError::new(501).into())
            })*
        }
    };
}

backend! {
    clone_backend: CloneBackendInput -> CloneBackendRespObj, CloneBackendError;
    create_backend: CreateBackendInput -> CreateBackendRespObj, CreateBackendError;
    create_backend_api: CreateBackendApiInput -> BackendApiRespObj, CreateBackendApiError;
    create_backend_config: CreateBackendConfigInput -> CreateBackendConfigRespObj, CreateBackendConfigError;
    create_backend_storage: CreateBackendStorageInput -> BackendStorageRespObj, CreateBackendStorageError;
    create_token: CreateTokenInput -> CreateTokenRespObj, CreateTokenError;
    delete_backend: DeleteBackendInput -> DeleteBackendRespObj, DeleteBackendError;
    delete_backend_api: DeleteBackendApiInput -> BackendApiRespObj, DeleteBackendApiError;
    delete_backend_auth: DeleteBackendAuthInput -> BackendAuthRespObj, DeleteBackendAuthError;
    delete_backend_storage: DeleteBackendStorageInput -> BackendStorageRespObj, DeleteBackendStorageError;
    delete_token: DeleteTokenInput -> DeleteTokenRespObj, DeleteTokenError;
    generate_backend_api_models: GenerateBackendApiModelsInput -> BackendApiCodegenRespObj, GenerateBackendApiModelsError;
    get_backend: GetBackendInput -> GetBackendRespObj, GetBackendError;
    get_backend_api: GetBackendApiInput -> GetBackendApiRespObj, GetBackendApiError;
    get_backend_api_models: GetBackendApiModelsInput -> GetBackendApiModelsResponse, GetBackendApiModelsError;
    get_backend_auth: GetBackendAuthInput -> GetBackendAuthRespObj, GetBackendAuthError;
    get_backend_job: GetBackendJobInput -> BackendJobRespObj, GetBackendJobError;
    get_backend_storage: GetBackendStorageInput -> GetBackendStorageRespObj, GetBackendStorageError;
    import_backend_auth: ImportBackendAuthInput -> BackendAuthRespObj, ImportBackendAuthError;
    import_backend_storage: ImportBackendStorageInput -> BackendStorageRespObj, ImportBackendStorageError;
    list_backend_jobs: ListBackendJobsInput -> ListBackendJobRespObj, ListBackendJobsError;
    list_s3_buckets: ListS3BucketsInput -> ListS3BucketsRespObj, ListS3BucketsError;
    remove_all_backends: RemoveAllBackendsInput -> RemoveAllBackendsRespObj, RemoveAllBackendsError;
    remove_backend_config: RemoveBackendConfigInput -> RemoveBackendConfigRespObj, RemoveBackendConfigError;
    update_backend_api: UpdateBackendApiInput -> BackendApiRespObj, UpdateBackendApiError;
    update_backend_auth: UpdateBackendAuthInput -> BackendAuthRespObj, UpdateBackendAuthError;
    update_backend_config: UpdateBackendConfigInput -> BackendConfigRespObj, UpdateBackendConfigError;
    update_backend_job: UpdateBackendJobInput -> BackendJobRespObj, UpdateBackendJobError;
    update_backend_storage: UpdateBackendStorageInput -> BackendStorageRespObj, UpdateBackendStorageError;
}

fn peer() -> axum::Router {
    let resources = route::ROUTES.iter().map(|route| {
        let method = route.method.parse().expect("is a method");
        (method, paths::template("/prod", route))
    });
    by_hand::router(resources)
}

fn get_token() -> Request<Full<Bytes>> {
    Request::get("http://127.0.0.1/prod/backend/d1abcdefgh/challenge/0123456789abcdef")
        .header(ACCEPT, "application/json")
        .body(Full::default())
        .expect("is a request")
}

fn create_auth() -> Request<Full<Bytes>> {
    post(texts::new_auth())
}

/// Two required members are missing, a value has the wrong type, an enum has a value that it has
/// not.
fn invalid() -> Request<Full<Bytes>> {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        texts::new_auth()
            .replace(r#","resourceName":"example-auth""#, "")
            .replace(r#""service":"COGNITO","#, "")
            .replace("12.5", r#""many""#)
            .replace("IDENTITY_POOL_AND_USER_POOL", "NEITHER")
    });
    post(TEXT.clone())
}

fn post(text: String) -> Request<Full<Bytes>> {
    Request::post("http://127.0.0.1/prod/backend/d1abcdefgh/auth")
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, text.len())
        .body(Full::from(text))
        .expect("is a request")
}

fn response<S, B>(service: &mut S, request: Request<Full<Bytes>>) -> (StatusCode, Bytes)
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    B: http_body::Body<Data = Bytes>,
{
    let Ok(response) = ready(service.call(request)) else {
        panic!("a router always responds")
    };
    let status = response.status();
    let Ok(body) = ready(response.into_body().collect()) else {
        panic!("a response has an end")
    };
    (status, body.to_bytes())
}

macro_rules! benches {
    ($($group:ident: $request:path;)*) => {
        $(#[divan::bench_group]
        mod $group {
            use super::*;

            #[divan::bench]
            fn ours(bencher: Bencher<'_, '_>) {
                let mut service = router(Backend, Unauthenticated);
                bencher
                    .with_inputs($request)
                    .bench_local_values(|request| response(black_box(&mut service), request));
            }

            #[divan::bench]
            fn peer(bencher: Bencher<'_, '_>) {
                let mut service = super::peer();
                bencher
                    .with_inputs($request)
                    .bench_local_values(|request| response(black_box(&mut service), request));
            }
        })*
    };
}

benches! {
    get: super::get_token;
    post: super::create_auth;
    violations: super::invalid;
}
