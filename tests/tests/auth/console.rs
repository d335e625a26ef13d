//! The console of services with authentication, in Chromium.

use std::fs;
use std::process::{Command, Stdio};

use drawplate_codegen::OpenApiVersion;
use drawplate_fixtures::locker;
use drawplate_runtime::server::{Router, serve};
use drawplate_tests as support;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Caller, signatures, vault};

/// The path of Chromium, if the build script has found it.
const CHROMIUM: Option<&str> = option_env!("DRAWPLATE_CHROMIUM");

/// The document of a service.
fn document(service: &str) -> String {
    let model = support::root().join("tests/fixtures/services/vault.smithy");
    support::openapi::document(&model, service, OpenApiVersion::V3_1)
}

/// The document of the service, as if the key followed a scheme in the header `Authorization`.
fn with_another_scheme() -> String {
    let mut document = serde_json::from_str::<Value>(&document("Vault")).expect("it is JSON");
    document["components"]["securitySchemes"]["smithy.api.httpApiKeyAuth"] =
        json!({ "type": "http", "scheme": "VaultKey" });
    document.to_string()
}

/// Serves a router with this document and with the console. The result is its origin.
async fn start(router: Router, document: String) -> String {
    let router = router
        .described_by(document.leak())
        .openapi("/openapi.json")
        .console("/docs");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("the listener is bound");
    tokio::spawn(serve(listener, router).into_future());
    format!("http://{address}")
}

/// A service whose API key is in the query.
fn locker() -> Router {
    let verifiers = locker::server::Verifiers {
        sigv4: signatures(),
        api_key: locker::server::Verifier::from_fn(|key: locker::server::ApiKey| async move {
            Ok(Caller(format!("key {}", key.as_str())))
        }),
    };
    locker::server::router(Attendant, verifiers)
}

/// An implementation that responds with who calls.
struct Attendant;

impl locker::server::Locker<Caller> for Attendant {
    async fn open_locker(
        &self,
        _: locker::input::OpenLockerInput,
        cx: &locker::server::RequestContext<Caller>,
    ) -> Result<locker::output::OpenLockerOutput, locker::error::OpenLockerError> {
        Ok(locker::output::OpenLockerOutput::new().caller(&*cx.identity().0))
    }

    async fn close_locker(
        &self,
        _: locker::input::CloseLockerInput,
        _: &locker::server::RequestContext<Caller>,
    ) -> Result<locker::output::CloseLockerOutput, locker::error::CloseLockerError> {
        Ok(locker::output::CloseLockerOutput::new())
    }
}

/// The screenshots are in target/web/screenshots.
#[tokio::test]
#[cfg_attr(
    not(chromium),
    ignore = "needs Chromium and npm packages: `.ci/run` installs them"
)]
async fn requests_are_sent_with_the_credentials_of_readers() {
    let packages = support::root().join("target/web");
    let screenshots = packages.join("screenshots");
    fs::create_dir_all(&screenshots).expect("target can be written");
    let origins = [
        start(vault(), document("Vault")).await,
        start(locker(), document("Locker")).await,
        start(vault(), with_another_scheme()).await,
    ];
    let mut script = Command::new("node");
    script
        .arg(support::root().join("tests/web/authorize.mjs"))
        .args(&origins)
        .arg(CHROMIUM.expect("the build script has found it"))
        .args([&packages, &screenshots])
        .stderr(Stdio::inherit());
    let output = tokio::task::spawn_blocking(move || script.output()).await;
    let output = output.expect("it does not panic").expect("node runs");
    assert!(output.status.success(), "the script ends");
    let problems = serde_json::from_slice::<Value>(&output.stdout).expect("it prints JSON");
    assert_eq!(problems, json!([]));
}
