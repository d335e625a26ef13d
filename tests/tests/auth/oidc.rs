//! Tokens of an OIDC provider that nobody here wrote, the package `oidc-provider`: our client logs
//! in there by the credentials of a program, and our server asks it about each token.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_fixtures::vault::Client;
use drawplate_fixtures::vault::client::{BearerToken, BoxError, ProvideIdentity};
use drawplate_fixtures::vault::server::{self, VerifyError};
use drawplate_runtime::client::Body;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::refresh::{all, calls};
use super::{Caller, Doorman, caller, verifiers};

/// The client that the provider knows.
const CLIENT: &str = "station";
const SECRET: &str = "secret-of-the-station";

/// A provider in a process of its own, which ends with it.
struct Provider {
    process: Child,
    /// It also prints notices, and would end if nobody could read them.
    _stdout: BufReader<ChildStdout>,
    origin: String,
    http: legacy::Client<HttpConnector, Body>,
}

impl Provider {
    /// Starts a provider whose tokens are valid for as many seconds.
    fn start(lifetime: u64) -> Self {
        let root = drawplate_tests::root();
        let mut process = Command::new("node")
            .arg(root.join("tests/web/oidc.mjs"))
            .arg(root.join("target/web"))
            .arg(lifetime.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It warns that it keeps tokens in memory.
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        read.expect("the output is text");
        Self {
            process,
            _stdout: stdout,
            origin: serde_json::from_str(&line).expect("it prints its origin"),
            http: legacy::Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    /// Sends a form, authenticated as the client.
    async fn post(&self, path: &str, name: &str, value: &str) -> Result<Value, BoxError> {
        let credentials = STANDARD.encode(format!("{CLIENT}:{SECRET}"));
        let request = http::Request::post(format!("{}{path}", self.origin))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("{name}={value}")))?;
        let response = self.http.request(request).await?;
        if !response.status().is_success() {
            return Err(format!("{path}: status {}", response.status()).into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        match &*body {
            b"" => Ok(Value::Null),
            json => Ok(serde_json::from_slice(json)?),
        }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What logs in, and counts how often.
struct Login {
    provider: Provider,
    /// Whether the client learns when tokens expire.
    states_expiry: bool,
    issued: AtomicUsize,
    last: Mutex<String>,
    /// What the clock of the client shows: only the test moves it.
    clock: AtomicU64,
}

impl Login {
    fn new(lifetime: u64, states_expiry: bool) -> Arc<Self> {
        Arc::new(Self {
            provider: Provider::start(lifetime),
            states_expiry,
            issued: AtomicUsize::new(0),
            last: Mutex::default(),
            clock: AtomicU64::new(0),
        })
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.clock.load(Ordering::SeqCst))
    }

    fn advance(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    fn issued(&self) -> usize {
        self.issued.load(Ordering::SeqCst)
    }

    fn last(&self) -> String {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }

    /// Revokes the last token.
    async fn revoke(&self) {
        let path = "/token/revocation";
        let revoked = self.provider.post(path, "token", &self.last()).await;
        revoked.expect("the token is revoked");
    }

    /// A client with this provider, of a server that asks it about tokens.
    fn client(self: &Arc<Self>) -> Client {
        let asked = Arc::clone(self);
        let bearer = server::Verifier::from_fn(move |token: BearerToken| {
            let asked = Arc::clone(&asked);
            async move {
                let path = "/token/introspection";
                let found = asked.provider.post(path, "token", token.as_str()).await;
                let found = found.map_err(|error| VerifyError::failed(error.to_string()))?;
                match (&found["active"], found["client_id"].as_str()) {
                    (Value::Bool(true), Some(id)) => Ok(Caller(id.to_owned())),
                    _ => Err(VerifyError::invalid("the token is not active")),
                }
            }
        });
        let verifiers = server::Verifiers {
            bearer,
            ..verifiers()
        };
        let clock = Arc::clone(self);
        Client::builder()
            .endpoint("http://vault.example")
            .transport(server::router(Doorman, verifiers))
            .bearer_token(Arc::clone(self))
            .clock(move || clock.now())
            .build()
            .expect("a client")
    }
}

impl ProvideIdentity<BearerToken> for Login {
    async fn provide_identity(&self) -> Result<BearerToken, BoxError> {
        let grant = ("grant_type", "client_credentials");
        let response = self.provider.post("/token", grant.0, grant.1).await?;
        let token = response["access_token"].as_str().ok_or("no token")?;
        let lifetime = response["expires_in"].as_u64().ok_or("no lifetime")?;
        self.issued.fetch_add(1, Ordering::SeqCst);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        token.clone_into(&mut last);
        let token = BearerToken::new(token);
        Ok(if self.states_expiry {
            token.expires_at(self.now() + Duration::from_secs(lifetime))
        } else {
            token
        })
    }
}

#[tokio::test]
#[cfg_attr(
    not(node),
    ignore = "needs npm packages: `cargo xtask test` installs them"
)]
async fn a_hundred_calls_wait_for_one_login_at_a_provider() {
    let login = Login::new(600, true);
    let client = login.client();
    assert_eq!(calls(&client, 100).await, all(CLIENT, 100));
    assert_eq!(login.issued(), 1);
    let first = login.last();
    // After its expiry.
    login.advance(600);
    assert_eq!(calls(&client, 100).await, all(CLIENT, 100));
    assert_eq!(login.issued(), 2);
    assert_ne!(login.last(), first);
}

#[tokio::test]
#[cfg_attr(
    not(node),
    ignore = "needs npm packages: `cargo xtask test` installs them"
)]
async fn a_token_that_a_provider_revokes_is_replaced_once() {
    let login = Login::new(600, true);
    let client = login.client();
    assert_eq!(calls(&client, 1).await, all(CLIENT, 1));
    login.revoke().await;
    assert_eq!(calls(&client, 100).await, all(CLIENT, 100));
    assert_eq!(login.issued(), 2);
}

#[tokio::test]
#[cfg_attr(
    not(node),
    ignore = "needs npm packages: `cargo xtask test` installs them"
)]
async fn a_token_that_expires_unexpectedly_is_replaced() {
    let login = Login::new(2, false);
    let client = login.client();
    assert_eq!(calls(&client, 1).await, all(CLIENT, 1));
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    assert_eq!(calls(&client, 1).await, all(CLIENT, 1));
    assert_eq!(login.issued(), 2);
}

#[tokio::test]
#[cfg_attr(
    not(node),
    ignore = "needs npm packages: `cargo xtask test` installs them"
)]
async fn a_client_does_not_log_in_again_and_again() {
    let login = Login::new(600, true);
    let client = login.client();
    assert_eq!(calls(&client, 1).await, all(CLIENT, 1));
    login.revoke().await;
    assert_eq!(calls(&client, 1).await, all(CLIENT, 1));
    // The second revocation follows within 5 seconds of the clock.
    login.revoke().await;
    let error = caller(client.get_token().await.map(|it| it.caller));
    let error = error.expect_err("the token is revoked");
    assert!(error.contains("Stranger"), "{error}");
    assert_eq!(login.issued(), 2);
    login.advance(6);
    assert_eq!(calls(&client, 1).await, all(CLIENT, 1));
    assert_eq!(login.issued(), 3);
}
