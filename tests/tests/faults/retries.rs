//! What the service answers when it is in trouble, and how often it is asked again.

use std::time::{Duration, SystemTime};

use amplify_admin::amplifybackend::Error;
use amplify_admin::amplifybackend::client::RetryConfig;
use amplify_admin::amplifybackend::error::CreateTokenError;
use drawplate_fixtures::kitchen_sink as kitchen;

use crate::server::{Server, Step, answer};
use crate::{KINDS, Kind, builder, call, client, good, run, strikes_for_good, strikes_once};

const LIMIT: &str = r#"{"message":"slow down","limitType":"rate"}"#;

fn limited(wait: (&str, &str)) -> Step {
    answer(
        429,
        &[("x-amzn-errortype", "LimitExceededException"), wait],
        LIMIT,
    )
}

fn storm(answers: usize) -> impl Iterator<Item = Step> {
    (0..answers).map(|_| answer(503, &[], ""))
}

/// What the clocks of these tests show.
fn now() -> SystemTime {
    let now = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>();
    now.expect("a time is one").into()
}

#[test]
fn what_was_refused_for_haste_is_asked_again_whatever_the_operation() {
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
fn a_gateway_that_refuses_for_haste_is_asked_again_whatever_the_operation() {
    run(async {
        for kind in KINDS {
            let page = || answer(429, &[("content-type", "text/html")], "<p>Slow down</p>");
            let server = Server::start([page(), page(), page()]).await;
            let error = call(&client(&server), kind)
                .await
                .expect_err("all are refused");
            assert!(
                matches!(error, Error::Service(CreateTokenError::Unmodeled(_))),
                "{error:?}"
            );
            assert_eq!((server.count(), error.status()), (3, Some(429)), "{kind:?}");
        }
    });
}

#[test]
fn a_wait_that_outlasts_the_call_is_not_begun() {
    run(async {
        for wait in [
            ("retry-after", "60"),
            ("retry-after", "Thu, 01 Jan 2026 00:01:00 GMT"),
            ("retry-after", "18446744073709551615"),
            ("x-amz-retry-after", "60000"),
        ] {
            let error = strikes_for_good(limited(wait), |builder| {
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
                Error::Service(CreateTokenError::LimitExceededException(limit)) => {
                    assert_eq!(limit.limit_type.as_deref(), Some("rate"));
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn a_wait_that_is_asked_for_is_waited() {
    run(async {
        let server = Server::start([limited(("retry-after", "1")), good()]).await;
        let calling = client(&server);
        let calling = tokio::spawn(async move { call(&calling, Kind::ReadOnly).await });
        server.has_received(1).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(
            server.count(),
            1,
            "the client's own waits are over long ago"
        );
        calling
            .await
            .expect("the call does not panic")
            .expect("the second answer");
        assert_eq!(server.count(), 2);
    });
}

#[test]
fn a_service_in_trouble_is_asked_again_where_that_does_no_harm() {
    run(async {
        for status in [500, 502, 503, 504] {
            let fault = answer(status, &[("x-amzn-requestid", "id-7")], "");
            let error = strikes_once(fault, |builder| builder).await;
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
            let error = strikes_for_good(answer(status, &[], ""), |builder| builder).await;
            assert_eq!(
                (error.status(), error.is_retryable()),
                (Some(status), false),
                "{error}"
            );
        }
    });
}

#[test]
fn an_error_that_the_model_marks_as_passing_is_asked_again() {
    run(async {
        // The mark counts, whatever the status.
        let fault = answer(
            400,
            &[("x-amzn-errortype", "InternalServiceException")],
            r#"{"message":"hiccup"}"#,
        );
        let error = strikes_once(fault, |builder| builder).await;
        assert_eq!(
            error.to_string(),
            "CreateToken: InternalServiceException: hiccup (status 400)"
        );
        assert!(error.is_retryable());

        let silent = || answer(500, &[("x-amzn-errortype", "Silent")], "");
        let server = Server::start([silent(), answer(200, &[], ""), silent()]).await;
        let client = kitchen::Client::builder()
            .endpoint(server.url())
            .build()
            .expect("a client");
        client
            .routes()
            .await
            .expect("what is read-only is asked again");
        assert_eq!(server.count(), 2);
        let error = client.new().await.expect_err("what is not is not");
        assert!(matches!(
            error,
            kitchen::Error::Service(kitchen::error::NewError::Silent(_))
        ));
        assert_eq!(server.count(), 3);
    });
}

#[test]
fn a_storm_is_met_with_three_attempts() {
    run(async {
        let server = Server::start(storm(9)).await;
        let client = client(&server);
        let error = call(&client, Kind::ReadOnly).await.expect_err("a storm");
        assert_eq!(
            error.to_string(),
            "GetToken: an error without a code (status 503, 3 attempts)"
        );
        assert_eq!((server.count(), error.attempts()), (3, 3));
        let error = call(&client, Kind::Neither).await.expect_err("a storm");
        assert_eq!((server.count(), error.attempts()), (4, 1));
    });
}

#[test]
fn a_long_storm_uses_up_what_clones_have_for_further_attempts() {
    run(async {
        let server = Server::start(storm(190)).await;
        let client = builder(server.url())
            .retries(RetryConfig::default().backoff(Duration::ZERO, Duration::ZERO))
            .build()
            .expect("a client");
        for _ in 0..90 {
            call(&client.clone(), Kind::ReadOnly)
                .await
                .expect_err("a storm");
        }
        // 90 first attempts, and the 100 further ones that the budget has.
        assert_eq!(server.count(), 190);
        // What succeeds pays back, little by little.
        server.then([good(), good(), good(), good()]);
        server.then(storm(1));
        for _ in 0..4 {
            call(&client, Kind::ReadOnly).await.expect("a good answer");
        }
        call(&client, Kind::ReadOnly)
            .await
            .expect_err("nothing left for another attempt");
        assert_eq!(server.count(), 195);
        server.then([good()]);
        server.then(storm(1));
        server.then([good()]);
        call(&client, Kind::ReadOnly).await.expect("a good answer");
        call(&client, Kind::ReadOnly)
            .await
            .expect("one more attempt");
        assert_eq!(server.count(), 198);
    });
}
