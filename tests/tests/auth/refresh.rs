//! Tokens that expire and tokens that are revoked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use drawplate_fixtures::vault::Client;
use drawplate_fixtures::vault::client::{BearerToken, BoxError, ProvideIdentity};
use drawplate_fixtures::vault::server::{self, VerifyError};

use super::{Doorman, caller, verifiers};

/// A provider of tokens that are numbered, and the service that knows which of them are valid.
#[derive(Default)]
struct Login {
    /// The number of tokens so far.
    issued: AtomicU64,
    /// The tokens up to this number are revoked.
    revoked: AtomicU64,
    /// The time, in seconds.
    now: AtomicU64,
    /// For how long tokens are valid, in seconds.
    lifetime: u64,
    /// How often a token was rejected.
    rejections: AtomicUsize,
}

impl Login {
    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn new(lifetime: u64) -> Arc<Self> {
        Arc::new(Self {
            lifetime,
            ..Self::default()
        })
    }

    fn issued(&self) -> u64 {
        self.issued.load(Ordering::SeqCst)
    }

    fn set(&self, now: u64) {
        self.now.store(now, Ordering::SeqCst);
    }
}

impl ProvideIdentity<BearerToken> for Login {
    async fn provide_identity(&self) -> Result<BearerToken, BoxError> {
        // Long enough for all calls to wait.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
        let expiry = self.now.load(Ordering::SeqCst) + self.lifetime;
        Ok(BearerToken::new(number.to_string()).expires_at(Self::at(expiry)))
    }
}

/// A client of a service that accepts the tokens of a provider.
fn client(login: &Arc<Login>) -> Client {
    let server = Arc::clone(login);
    let bearer = server::Verifier::from_fn(move |token: BearerToken| {
        let server = Arc::clone(&server);
        async move {
            let number = token.as_str().parse::<u64>().unwrap_or_default();
            if number > server.revoked.load(Ordering::SeqCst) {
                return Ok(super::Caller(token.as_str().to_owned()));
            }
            server.rejections.fetch_add(1, Ordering::SeqCst);
            Err(VerifyError::invalid("the token is revoked"))
        }
    });
    let router = server::router(
        Doorman,
        server::Verifiers {
            bearer,
            ..verifiers()
        },
    );
    let clock = Arc::clone(login);
    Client::builder()
        .endpoint("http://vault.example")
        .transport(router)
        .bearer_token(Arc::clone(login))
        .clock(move || Login::at(clock.now.load(Ordering::SeqCst)))
        .build()
        .expect("a client")
}

/// The callers of as many calls at the same time.
pub(super) async fn calls(client: &Client, count: usize) -> Vec<Result<String, String>> {
    let calls = (0..count).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { caller(client.get_token().await.map(|it| it.caller)) })
    });
    let mut callers = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        callers.push(call.await.expect("no panic"));
    }
    callers
}

pub(super) fn all(token: &str, count: usize) -> Vec<Result<String, String>> {
    vec![Ok(token.to_owned()); count]
}

#[tokio::test(start_paused = true)]
async fn a_hundred_calls_wait_for_one_token() {
    let login = Login::new(600);
    let client = client(&login);
    assert_eq!(calls(&client, 100).await, all("1", 100));
    assert_eq!(calls(&client, 100).await, all("1", 100));
    assert_eq!(login.issued(), 1);
    // After its expiry.
    login.set(600);
    assert_eq!(calls(&client, 100).await, all("2", 100));
    assert_eq!(login.issued(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_replaced_before_it_expires() {
    let login = Login::new(600);
    let client = client(&login);
    assert_eq!(calls(&client, 1).await, all("1", 1));
    login.set(540);
    let callers = calls(&client, 100).await;
    let old = callers
        .iter()
        .filter(|caller| **caller == Ok("1".to_owned()));
    assert_eq!(
        old.count(),
        99,
        "one call gets the next token, and no other waits for it"
    );
    assert_eq!(calls(&client, 10).await, all("2", 10));
}

#[tokio::test(start_paused = true)]
async fn a_revoked_token_is_replaced_once_for_all_calls() {
    let login = Login::new(600);
    let client = client(&login);
    assert_eq!(calls(&client, 1).await, all("1", 1));
    login.revoked.store(1, Ordering::SeqCst);
    assert_eq!(calls(&client, 100).await, all("2", 100));
    assert_eq!(login.issued(), 2);
    assert_eq!(login.rejections.load(Ordering::SeqCst), 100);
    assert_eq!(calls(&client, 1).await, all("2", 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_repeated_once_after_a_rejection() {
    let login = Login::new(600);
    let client = client(&login);
    // No token will do.
    login.revoked.store(u64::MAX, Ordering::SeqCst);
    let error = client.get_token().await.expect_err("a rejection");
    assert_eq!(error.status(), Some(401));
    assert_eq!(
        (login.issued(), login.rejections.load(Ordering::SeqCst)),
        (2, 2)
    );
    // The service goes on like this: not every call gets another token.
    for (now, expected) in [(1, (2, 3)), (4, (2, 4)), (5, (3, 6)), (9, (3, 7))] {
        login.set(now);
        client.get_token().await.expect_err("a rejection");
        let counts = (login.issued(), login.rejections.load(Ordering::SeqCst));
        assert_eq!(counts, expected, "{now}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_fixed_token_is_not_sent_again() {
    let login = Login::new(600);
    login.revoked.store(7, Ordering::SeqCst);
    let server = Arc::clone(&login);
    let bearer = server::Verifier::from_fn(move |_: BearerToken| {
        server.rejections.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Err(VerifyError::invalid("it is revoked")))
    });
    let router = server::router(
        Doorman,
        server::Verifiers {
            bearer,
            ..verifiers()
        },
    );
    let client = Client::builder()
        .endpoint("http://vault.example")
        .transport(router)
        .bearer_token("7");
    let client = client.build().expect("a client");
    let error = client.get_token().await.expect_err("a rejection");
    assert_eq!(error.status(), Some(401));
    assert_eq!(login.rejections.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_fails_is_the_cause() {
    let client = Client::builder()
        .endpoint("http://vault.example")
        .transport(super::vault())
        .bearer_token(|| async { Err::<BearerToken, BoxError>("logged out".into()) });
    let client = client.build().expect("a client");
    let error = caller(client.get_token().await.map(|it| it.caller));
    let error = error.expect_err("no token");
    assert!(
        error.contains("cannot authenticate the request") && error.contains("logged out"),
        "{error}"
    );
}
