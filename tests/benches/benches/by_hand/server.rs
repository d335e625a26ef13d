//! A server written by hand with axum and serde: all 31 resources, two of which are implemented.
//!
//! It does not check constraints, report all violations with their locations, use the service's
//! error shapes, add request IDs, CORS headers and traces, catch panics, or read `Accept`.

use axum::extract::Path;
use axum::routing::{MethodRouter, on};
use axum::{Json, Router};

use super::shapes::{NewAuth, NewAuthResponse, Token};

/// The handler of `GetToken`.
async fn get_token(Path((app_id, session_id)): Path<(String, String)>) -> Json<Token> {
    Json(Token {
        app_id,
        session_id,
        ttl: "1700000000".to_owned(),
        challenge_code: "abcdefabcdef".to_owned(),
    })
}

/// The handler of `CreateBackendAuth`.
async fn create_auth(
    Path(app_id): Path<String>,
    Json(auth): Json<NewAuth>,
) -> Json<NewAuthResponse> {
    Json(NewAuthResponse {
        job_id: Some("0a1b2c3d".to_owned()),
        app_id,
        error: None,
        operation: Some("CreateBackendAuth".to_owned()),
        backend_environment_name: auth.backend_environment_name,
        status: Some("OK".to_owned()),
    })
}

/// The handler of routes that are not called here.
async fn other() -> &'static str {
    "{}"
}

/// A router of all resources: method and path of each, the latter as axum has them.
pub(crate) fn router(resources: impl IntoIterator<Item = (http::Method, String)>) -> Router {
    let mut router = Router::new();
    for (method, path) in resources {
        let filter = method.clone().try_into().expect("is a method");
        let response: MethodRouter = match (&method, &*path) {
            (&http::Method::GET, "/prod/backend/{label0}/challenge/{label1}") => {
                on(filter, get_token)
            }
            (&http::Method::POST, "/prod/backend/{label0}/auth") => on(filter, create_auth),
            _ => on(filter, other),
        };
        router = router.route(&path, response);
    }
    router
}
