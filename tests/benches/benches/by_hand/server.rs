//! What a good engineer writes with axum and serde: all 31 resources, two of which do something.
//!
//! What it does not do: check constraints and find all that is wrong with a request, say where it
//! is wrong, answer in the service's error shapes, give requests an id, CORS, traces, catch panics,
//! look at `Accept`.

use axum::extract::Path;
use axum::routing::{MethodRouter, on};
use axum::{Json, Router};

use super::shapes::{NewAuth, NewAuthAnswer, Token};

/// Answers `GetToken`.
async fn get_token(Path((app_id, session_id)): Path<(String, String)>) -> Json<Token> {
    Json(Token {
        app_id,
        session_id,
        ttl: "1700000000".to_owned(),
        challenge_code: "abcdefabcdef".to_owned(),
    })
}

/// Answers `CreateBackendAuth`.
async fn create_auth(Path(app_id): Path<String>, Json(auth): Json<NewAuth>) -> Json<NewAuthAnswer> {
    Json(NewAuthAnswer {
        job_id: Some("0a1b2c3d".to_owned()),
        app_id,
        error: None,
        operation: Some("CreateBackendAuth".to_owned()),
        backend_environment_name: auth.backend_environment_name,
        status: Some("OK".to_owned()),
    })
}

/// Answers what nobody asks here.
async fn other() -> &'static str {
    "{}"
}

/// A router of all resources: method and path of each, the latter as axum has them.
pub(crate) fn router(resources: impl IntoIterator<Item = (http::Method, String)>) -> Router {
    let mut router = Router::new();
    for (method, path) in resources {
        let filter = method.clone().try_into().expect("is a method");
        let answer: MethodRouter = match (&method, &*path) {
            (&http::Method::GET, "/prod/backend/{label0}/challenge/{label1}") => {
                on(filter, get_token)
            }
            (&http::Method::POST, "/prod/backend/{label0}/auth") => on(filter, create_auth),
            _ => on(filter, other),
        };
        router = router.route(&path, answer);
    }
    router
}
