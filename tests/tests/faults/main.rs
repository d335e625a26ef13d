//! Faults on real sockets. A call must end with the documented error or make another attempt, which
//! the server counts.
//!
//! The server listens on loopback and follows a script (`faults/server.rs`). Timeouts are short.
//! The tests assert that calls end, not when.

mod connections;
mod error_info;
mod pages;
mod responses;
mod retries;
mod server;
mod timeouts;
mod tls;

use std::error::Error as StdError;
use std::time::Duration;

use amplify_admin::amplifybackend::client::{Builder, RetryConfig};
use amplify_admin::amplifybackend::error::AmplifyBackendError;
use amplify_admin::amplifybackend::input::{
    CreateTokenInput, DeleteTokenInput, DeleteTokenInputRequired, GetTokenInput,
    GetTokenInputRequired,
};
use amplify_admin::amplifybackend::{Client, Error};
use server::{Server, Step, response};

/// The error of every operation in these tests.
type TokenError = Error<AmplifyBackendError>;

/// Whether the model allows an operation to be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    ReadOnly,
    Idempotent,
    Neither,
}

const KINDS: [Kind; 3] = [Kind::ReadOnly, Kind::Idempotent, Kind::Neither];

/// A response to every operation in these tests.
const TOKEN: &str =
    r#"{"appId":"app","sessionId":"s","ttl":"60","challengeCode":"c","isSuccess":true}"#;

fn good() -> Step {
    response(200, &[("content-type", "application/json")], TOKEN)
}

/// Runs a test. It fails if the test hangs.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let test = async {
        let ended = tokio::time::timeout(Duration::from_secs(30), test).await;
        ended.expect("the test does not hang");
    };
    runtime.expect("a runtime starts").block_on(test);
}

/// A builder with short delays between attempts.
fn builder(url: impl Into<String>) -> Builder<Client> {
    let delay = Duration::from_millis(1);
    Client::builder()
        .unauthenticated()
        .endpoint(url)
        .retries(RetryConfig::default().backoff(delay, 5 * delay))
}

fn client(server: &Server) -> Client {
    builder(server.url())
        .build()
        .expect("an endpoint is all that a client needs")
}

/// Calls an operation of this kind.
async fn call(client: &Client, kind: Kind) -> Result<(), TokenError> {
    match kind {
        Kind::ReadOnly => client
            .get_token(GetTokenInput::new(GetTokenInputRequired {
                app_id: "app",
                session_id: "s",
            }))
            .await
            .map(drop)
            .map_err(Error::convert),
        Kind::Idempotent => client
            .delete_token(DeleteTokenInput::new(DeleteTokenInputRequired {
                app_id: "app",
                session_id: "s",
            }))
            .await
            .map(drop)
            .map_err(Error::convert),
        Kind::Neither => client
            .create_token(CreateTokenInput::new("app"))
            .await
            .map(drop)
            .map_err(Error::convert),
    }
}

/// Checks a fault that may be temporary and may occur after the service has processed the request:
/// repeatable calls succeed with the second attempt, others fail. Returns their error.
async fn temporary_fault(fault: Step, set: fn(Builder<Client>) -> Builder<Client>) -> TokenError {
    let unread = usize::from(matches!(fault, Step::Unread));
    let attempt = async |kind| {
        let server = Server::start([fault.clone(), good()]).await;
        let client = set(builder(server.url())).build().expect("a client");
        let outcome = call(&client, kind).await;
        (outcome, server.count() + unread)
    };
    for kind in [Kind::ReadOnly, Kind::Idempotent] {
        let (outcome, attempts) = attempt(kind).await;
        outcome.unwrap_or_else(|error| panic!("{kind:?} after {fault:?}: {error}"));
        assert_eq!(attempts, 2, "{kind:?} after {fault:?}");
    }
    let (outcome, attempts) = attempt(Kind::Neither).await;
    assert_eq!(attempts, 1, "after {fault:?}");
    outcome.expect_err("the call is not repeated")
}

/// Checks a permanent fault: there is no second attempt. Returns the error.
async fn permanent_fault(fault: Step, set: fn(Builder<Client>) -> Builder<Client>) -> TokenError {
    let server = Server::start([fault.clone(), good()]).await;
    let client = set(builder(server.url())).build().expect("a client");
    let outcome = call(&client, Kind::ReadOnly).await;
    assert_eq!(server.count(), 1, "{fault:?}");
    outcome.expect_err("a fault is an error")
}

/// Checks that an error prints one line that begins like this.
#[track_caller]
fn begins(error: &TokenError, expected: &str) {
    let line = error.to_string();
    assert!(line.starts_with(expected) && !line.contains('\n'), "{line}");
}

/// The causes of an error, the direct one first.
fn causes(error: &dyn StdError) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
