//! Answers that come too late, or by drops.

use std::time::{Duration, Instant};

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::client::RetryConfig;
use amplify_admin::amplifybackend::input::GetTokenInput;

use crate::server::{Server, Then, answer, cut, raw};
use crate::{Kind, TokenError, builder, call, client, good, run, strikes_once};

/// An attempt's time: short for the test, long for a machine that has other things to do.
const ATTEMPT: Duration = Duration::from_millis(400);
/// What no call here may take.
const FOREVER: Duration = Duration::from_secs(10);

#[track_caller]
fn is_late(error: &TokenError, line: &str) {
    assert_eq!(error.to_string(), line);
    assert!(matches!(error, Error::Timeout(_)) && error.is_timeout() && error.is_retryable());
}

#[test]
fn an_attempt_that_gets_no_answer_in_time_is_given_up() {
    run(async {
        let faults = [
            raw("", Then::Stall),
            raw("HTTP/1.1 200 OK\r\n", Then::Stall),
            cut(100, "{\"appId\":", Then::Stall),
            cut(1_000_000, "{\"appId\":", Then::Drip),
        ];
        // Side by side: each takes its time.
        let striking = faults.map(|fault| {
            tokio::spawn(strikes_once(fault, |builder| {
                builder.attempt_timeout(ATTEMPT)
            }))
        });
        for striking in striking {
            let error = striking.await.expect("the fault strikes as it should");
            is_late(
                &error,
                "CreateToken: no response within the attempt timeout of 400ms",
            );
        }
    });
}

#[test]
fn an_attempt_that_is_given_up_closes_its_connection() {
    run(async {
        let server = Server::start([raw("", Then::Stall), good()]).await;
        let client = builder(server.url())
            .attempt_timeout(ATTEMPT)
            .build()
            .expect("a client");
        call(&client, Kind::ReadOnly)
            .await
            .expect("the second answer");
        server.is_left(1).await;
        assert_eq!((server.connections(), server.count()), (2, 2));
    });
}

#[test]
fn a_call_ends_with_its_own_time() {
    run(async {
        for begun in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"] {
            let server = Server::start([raw(begun, Then::Stall)]).await;
            let client = builder(server.url())
                .attempt_timeout(None)
                .build()
                .expect("a client");
            let started = Instant::now();
            let token = client.get_token(GetTokenInput::new("app", "s"));
            let outcome = token.timeout(Duration::from_millis(300)).await;
            is_late(
                &outcome.expect_err("no response"),
                "GetToken: no response within the call timeout of 300ms",
            );
            assert!(started.elapsed() < FOREVER);
            assert_eq!(server.count(), 1);
        }
    });
}

#[test]
fn all_attempts_together_have_the_time_of_the_call() {
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
        // An attempt that had no time left may not have got there.
        assert!((1..=4).contains(&error.attempts()), "{error}");
        assert!((1..=error.attempts() as usize).contains(&server.count()));
    });
}

#[test]
fn waits_do_not_outlast_the_call() {
    run(async {
        let server = Server::start((0..90).map(|_| answer(503, &[], ""))).await;
        let waits = Duration::from_millis(100);
        let client = builder(server.url())
            .retries(RetryConfig::attempts(90).backoff(waits, waits))
            .timeout(Duration::from_millis(300))
            .build()
            .expect("a client");
        let started = Instant::now();
        let error = call(&client, Kind::ReadOnly)
            .await
            .expect_err("the storm outlasts the call");
        // The time may be up within an attempt; else the last answer says more than that.
        assert!(error.status() == Some(503) || error.is_timeout(), "{error}");
        assert!(started.elapsed() < FOREVER);
        assert!(server.count() < 90, "{}", server.count());
    });
}

#[test]
fn a_call_may_have_other_times_than_its_client() {
    run(async {
        let server = Server::start([raw("", Then::Stall), raw("", Then::Stall)]).await;
        let client = client(&server);
        let token = || client.get_token(GetTokenInput::new("app", "s"));
        let error = token()
            .retries(RetryConfig::none())
            .attempt_timeout(Duration::from_millis(150));
        is_late(
            &error.await.expect_err("no response"),
            "GetToken: no response within the attempt timeout of 150ms",
        );
        let error = token().timeout(Duration::from_millis(150));
        is_late(
            &error.await.expect_err("no response"),
            "GetToken: no response within the call timeout of 150ms",
        );
        assert_eq!(server.count(), 2);
    });
}
