//! Responses that arrive late or slowly.

use std::time::{Duration, Instant};

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::client::RetryConfig;
use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};
use drawplate_runtime::OperationError;

use crate::server::{Server, Then, cut, raw, response};
use crate::{Kind, builder, call, client, good, run, temporary_fault};

/// The timeout of an attempt: short for the tests, long enough for a busy machine.
const ATTEMPT: Duration = Duration::from_millis(400);
/// No call in these tests may take longer.
const FOREVER: Duration = Duration::from_secs(10);

#[track_caller]
fn is_timeout<E: OperationError>(error: &Error<E>, line: &str) {
    assert_eq!(error.to_string(), line);
    assert!(matches!(error, Error::Timeout(_)) && error.is_timeout() && error.is_retryable());
}

#[test]
fn an_attempt_without_a_timely_response_times_out() {
    run(async {
        let faults = [
            raw("", Then::Stall),
            raw("HTTP/1.1 200 OK\r\n", Then::Stall),
            cut(100, "{\"appId\":", Then::Stall),
            cut(1_000_000, "{\"appId\":", Then::Drip),
        ];
        // Concurrently, because each waits for its timeout.
        let striking = faults.map(|fault| {
            tokio::spawn(temporary_fault(fault, |builder| {
                builder.attempt_timeout(ATTEMPT)
            }))
        });
        for striking in striking {
            let error = striking.await.expect("the check does not panic");
            is_timeout(
                &error,
                "CreateToken: no response within the attempt timeout of 400ms",
            );
        }
    });
}

#[test]
fn a_timed_out_attempt_closes_its_connection() {
    run(async {
        let server = Server::start([raw("", Then::Stall), good()]).await;
        let client = builder(server.url())
            .attempt_timeout(ATTEMPT)
            .build()
            .expect("a client");
        call(&client, Kind::ReadOnly)
            .await
            .expect("the second response");
        server.is_left(1).await;
        assert_eq!((server.connections(), server.count()), (2, 2));
    });
}

#[test]
fn a_call_times_out() {
    run(async {
        for begun in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"] {
            let server = Server::start([raw(begun, Then::Stall)]).await;
            let client = builder(server.url())
                .attempt_timeout(None)
                .build()
                .expect("a client");
            let started = Instant::now();
            let token = client.get_token(GetTokenInput::new(GetTokenInputRequired {
                app_id: "app",
                session_id: "s",
            }));
            let outcome = token.timeout(Duration::from_millis(300)).await;
            is_timeout(
                &outcome.expect_err("no response"),
                "GetToken: no response within the call timeout of 300ms",
            );
            assert!(started.elapsed() < FOREVER);
            assert_eq!(server.count(), 1);
        }
    });
}

#[test]
fn attempts_share_the_timeout_of_the_call() {
    run(async {
        let server = Server::start((0..50).map(|_| raw("", Then::Stall))).await;
        let client = builder(server.url())
            .retries(RetryConfig::attempts(50).backoff(Duration::ZERO, Duration::ZERO))
            .attempt_timeout(Duration::from_millis(60))
            .timeout(Duration::from_millis(200))
            .build()
            .expect("a client");
        let started = Instant::now();
        let error = call(&client, Kind::ReadOnly)
            .await
            .expect_err("no response");
        assert!(error.is_timeout() && started.elapsed() < FOREVER, "{error}");
        // The last attempt may have timed out before it reached the server.
        assert!((1..=4).contains(&error.attempts()), "{error}");
        assert!((1..=error.attempts() as usize).contains(&server.count()));
    });
}

#[test]
fn delays_do_not_exceed_the_timeout_of_the_call() {
    run(async {
        let server = Server::start((0..90).map(|_| response(503, &[], ""))).await;
        let delay = Duration::from_millis(100);
        let client = builder(server.url())
            .retries(RetryConfig::attempts(90).backoff(delay, delay))
            .timeout(Duration::from_millis(300))
            .build()
            .expect("a client");
        let started = Instant::now();
        let error = call(&client, Kind::ReadOnly)
            .await
            .expect_err("the outage outlasts the call");
        // The call times out during an attempt, or else returns the last response.
        assert!(error.status() == Some(503) || error.is_timeout(), "{error}");
        assert!(started.elapsed() < FOREVER);
        assert!(server.count() < 90, "{}", server.count());
    });
}

#[test]
fn a_call_overrides_the_timeouts_of_its_client() {
    run(async {
        let server = Server::start([raw("", Then::Stall), raw("", Then::Stall)]).await;
        let client = client(&server);
        let token = || {
            client.get_token(GetTokenInput::new(GetTokenInputRequired {
                app_id: "app",
                session_id: "s",
            }))
        };
        let error = token()
            .retries(RetryConfig::none())
            .attempt_timeout(Duration::from_millis(150));
        is_timeout(
            &error.await.expect_err("no response"),
            "GetToken: no response within the attempt timeout of 150ms",
        );
        let error = token().timeout(Duration::from_millis(150));
        is_timeout(
            &error.await.expect_err("no response"),
            "GetToken: no response within the call timeout of 150ms",
        );
        assert_eq!(server.count(), 2);
    });
}
