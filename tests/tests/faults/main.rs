//! What goes wrong on real sockets, and what becomes of it: the promised error or another attempt, counted by the server. Nothing hangs.
//!
//! The server stands on loopback and does what its script says (`faults/server.rs`). Timeouts are short and bound what is slow on purpose; that a
//! call ends at all is what is asserted, not when.

mod answers;
mod connections;
mod listings;
mod retries;
mod server;
mod telling;
mod timeouts;
mod tls;

use std::error::Error as StdError;
use std::time::Duration;

use amplify_admin::amplifybackend::client::{Builder, RetryConfig};
use amplify_admin::amplifybackend::error::CreateTokenError;
use amplify_admin::amplifybackend::input::{CreateTokenInput, DeleteTokenInput, GetTokenInput};
use amplify_admin::amplifybackend::{Client, Error};
use server::{Server, Step, answer};

/// What every operation here can fail with.
type TokenError = Error<CreateTokenError>;

/// How the model says that an operation may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    ReadOnly,
    Idempotent,
    Neither,
}

const KINDS: [Kind; 3] = [Kind::ReadOnly, Kind::Idempotent, Kind::Neither];

/// The answer to any operation here.
const TOKEN: &str =
    r#"{"appId":"app","sessionId":"s","ttl":"60","challengeCode":"c","isSuccess":true}"#;

fn good() -> Step {
    answer(200, &[("content-type", "application/json")], TOKEN)
}

/// Runs a test, which must not hang.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let test = async {
        let ended = tokio::time::timeout(Duration::from_secs(30), test).await;
        ended.expect("nothing hangs");
    };
    runtime.expect("a runtime starts").block_on(test);
}

/// A client that is in no mood to wait.
fn builder(url: impl Into<String>) -> Builder<Client> {
    let waits = Duration::from_millis(1);
    Client::builder()
        .endpoint(url)
        .retries(RetryConfig::default().backoff(waits, 5 * waits))
}

fn client(server: &Server) -> Client {
    builder(server.url())
        .build()
        .expect("an endpoint is all that a client needs")
}

/// Calls an operation that is of this kind.
async fn call(client: &Client, kind: Kind) -> Result<(), TokenError> {
    match kind {
        Kind::ReadOnly => client
            .get_token(GetTokenInput::new("app", "s"))
            .await
            .map(drop),
        Kind::Idempotent => client
            .delete_token(DeleteTokenInput::new("app", "s"))
            .await
            .map(drop),
        Kind::Neither => client
            .create_token(CreateTokenInput::new("app"))
            .await
            .map(drop),
    }
}

/// The fault strikes once and may have struck after the request was served: what may be repeated is, with success; what may not fails with
/// the error that is given back.
async fn strikes_once(fault: Step, set: fn(Builder<Client>) -> Builder<Client>) -> TokenError {
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
    outcome.expect_err("what may have been done is not done again")
}

/// The answer is no passing fault: nobody asks again. Gives the error back.
async fn strikes_for_good(fault: Step, set: fn(Builder<Client>) -> Builder<Client>) -> TokenError {
    let server = Server::start([fault.clone(), good()]).await;
    let client = set(builder(server.url())).build().expect("a client");
    let outcome = call(&client, Kind::ReadOnly).await;
    assert_eq!(server.count(), 1, "{fault:?}");
    outcome.expect_err("a fault leads to an error")
}

/// The line that an error prints begins like this, and is one.
#[track_caller]
fn begins(error: &TokenError, expected: &str) {
    let line = error.to_string();
    assert!(line.starts_with(expected) && !line.contains('\n'), "{line}");
}

/// What led to an error, the nearest cause first.
fn causes(error: &TokenError) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}
