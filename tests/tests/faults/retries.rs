//! Error responses of the service, and how often calls are retried.

use std::time::{Duration, SystemTime};

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::client::RetryConfig;
use amplify_admin::amplifybackend::error::AmplifyBackendError;
use drawplate_fixtures::kitchen_sink as kitchen;

use crate::server::{Server, Step, response};
use crate::{KINDS, Kind, builder, call, client, good, permanent_fault, run, temporary_fault};

const LIMIT: &str = r#"{"message":"slow down","limitType":"rate"}"#;

fn limited(wait: (&str, &str)) -> Step {
    response(
        429,
        &[("x-amzn-errortype", "LimitExceededException"), wait],
        LIMIT,
    )
}

fn outage(responses: usize) -> impl Iterator<Item = Step> {
    (0..responses).map(|_| response(503, &[], ""))
}

/// The time in these tests.
fn now() -> SystemTime {
    let now = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>();
    now.expect("a valid timestamp").into()
}

#[test]
fn throttled_calls_are_retried_for_every_operation() {
    run(async {
        let waits = [
            ("retry-after", "0"),
            ("retry-after", "Wed, 31 Dec 2025 23:59:59 GMT"),
            ("x-amz-retry-after", "20"),
            ("retry-after", "soon"),
        ];
        for (kind, wait) in KINDS
            .into_iter()
            .flat_map(|kind| waits.map(|wait| (kind, wait)))
        {
            let server = Server::start([limited(wait), limited(wait), good()]).await;
            let client = builder(server.url()).clock(now).build().expect("a client");
            let outcome = call(&client, kind).await;
            outcome.unwrap_or_else(|error| panic!("{kind:?} {wait:?}: {error}"));
            assert_eq!(server.count(), 3, "{kind:?} {wait:?}");
        }
    });
}

#[test]
fn calls_throttled_by_a_gateway_are_retried_for_every_operation() {
    run(async {
        for kind in KINDS {
            let page = || response(429, &[("content-type", "text/html")], "<p>Slow down</p>");
            let server = Server::start([page(), page(), page()]).await;
            let error = call(&client(&server), kind)
                .await
                .expect_err("all attempts are throttled");
            assert!(
                matches!(error, Error::Service(AmplifyBackendError::Unmodeled(_))),
                "{error:?}"
            );
            assert_eq!((server.count(), error.status()), (3, Some(429)), "{kind:?}");
        }
    });
}

#[test]
fn a_delay_longer_than_the_call_ends_it() {
    run(async {
        for wait in [
            ("retry-after", "60"),
            ("retry-after", "Thu, 01 Jan 2026 00:01:00 GMT"),
            ("retry-after", "18446744073709551615"),
            ("x-amz-retry-after", "60000"),
        ] {
            let error = permanent_fault(limited(wait), |builder| {
                builder.clock(now).timeout(Duration::from_secs(20))
            });
            let error = error.await;
            assert_eq!(
                error.to_string(),
                "GetToken: LimitExceededException: slow down (status 429)",
                "{wait:?}"
            );
            assert!(error.is_retryable());
            match error {
                Error::Service(AmplifyBackendError::LimitExceededException(limit)) => {
                    assert_eq!(limit.limit_type.as_deref(), Some("rate"));
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn the_requested_delay_is_observed() {
    run(async {
        let server = Server::start([limited(("retry-after", "1")), good()]).await;
        let calling = client(&server);
        let calling = tokio::spawn(async move { call(&calling, Kind::ReadOnly).await });
        server.has_received(1).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(server.count(), 1, "the client's own delays are shorter");
        calling
            .await
            .expect("the call does not panic")
            .expect("the second response");
        assert_eq!(server.count(), 2);
    });
}

#[test]
fn server_errors_are_retried_for_repeatable_operations() {
    run(async {
        for status in [500, 502, 503, 504] {
            let fault = response(status, &[("x-amzn-requestid", "id-7")], "");
            let error = temporary_fault(fault, |builder| builder).await;
            assert_eq!(
                (error.status(), error.request_id()),
                (Some(status), Some("id-7"))
            );
            assert_eq!(
                (error.attempts(), error.is_retryable()),
                (1, true),
                "{error}"
            );
        }
        for status in [301, 400, 401, 403, 404, 409, 418, 501] {
            let error = permanent_fault(response(status, &[], ""), |builder| builder).await;
            assert_eq!(
                (error.status(), error.is_retryable()),
                (Some(status), false),
                "{error}"
            );
        }
    });
}

#[test]
fn errors_with_the_retryable_trait_are_retried() {
    run(async {
        // The trait counts, whatever the status.
        let fault = response(
            400,
            &[("x-amzn-errortype", "InternalServiceException")],
            r#"{"message":"hiccup"}"#,
        );
        let error = temporary_fault(fault, |builder| builder).await;
        assert_eq!(
            error.to_string(),
            "CreateToken: InternalServiceException: hiccup (status 400)"
        );
        assert!(error.is_retryable());

        let silent = || response(500, &[("x-amzn-errortype", "Silent")], "");
        let server = Server::start([silent(), response(200, &[], ""), silent()]).await;
        let client = kitchen::Client::builder()
            .unauthenticated()
            .endpoint(server.url())
            .build()
            .expect("a client");
        client
            .routes()
            .await
            .expect("a read-only operation is retried");
        assert_eq!(server.count(), 2);
        let error = client
            .new()
            .await
            .expect_err("another operation is not retried");
        assert!(matches!(
            error,
            kitchen::Error::Service(kitchen::error::NewError::Silent(_))
        ));
        assert_eq!(server.count(), 3);
    });
}

#[test]
fn calls_are_attempted_three_times() {
    run(async {
        let server = Server::start(outage(9)).await;
        let client = client(&server);
        let error = call(&client, Kind::ReadOnly).await.expect_err("an outage");
        assert_eq!(
            error.to_string(),
            "GetToken: an error without a code (status 503, 3 attempts)"
        );
        assert_eq!((server.count(), error.attempts()), (3, 3));
        let error = call(&client, Kind::Neither).await.expect_err("an outage");
        assert_eq!((server.count(), error.attempts()), (4, 1));
    });
}

#[test]
fn clones_share_a_retry_budget() {
    run(async {
        let server = Server::start(outage(190)).await;
        let client = builder(server.url())
            .retries(RetryConfig::default().backoff(Duration::ZERO, Duration::ZERO))
            .build()
            .expect("a client");
        for _ in 0..90 {
            call(&client.clone(), Kind::ReadOnly)
                .await
                .expect_err("an outage");
        }
        // 90 first attempts, and the 100 further ones that the budget allows.
        assert_eq!(server.count(), 190);
        // Successful calls refill the budget slowly.
        server.then([good(), good(), good(), good()]);
        server.then(outage(1));
        for _ in 0..4 {
            call(&client, Kind::ReadOnly)
                .await
                .expect("a good response");
        }
        call(&client, Kind::ReadOnly)
            .await
            .expect_err("the budget is exhausted");
        assert_eq!(server.count(), 195);
        server.then([good()]);
        server.then(outage(1));
        server.then([good()]);
        call(&client, Kind::ReadOnly)
            .await
            .expect("a good response");
        call(&client, Kind::ReadOnly)
            .await
            .expect("one more attempt");
        assert_eq!(server.count(), 198);
    });
}
