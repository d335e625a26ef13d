//! Timeouts and retries, with a paused clock.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::script::Step;
use super::{GET, POST, Page, SERVICE, Script, ThingError, client, response, thing};
use crate::client::{
    BoxError, Builder, ConnectError, Error, FailedAttempt, Inner, RetryConfig, RetryPolicy,
    RetryVerdict,
};
use crate::protocol::service::{Operation, Service};

fn ok() -> Step {
    response(200, &[], "{}").into()
}

fn status(status: u16) -> Step {
    response(status, &[], "{}").into()
}

fn reset() -> Step {
    Step::Fail(io::Error::from(io::ErrorKind::ConnectionReset).into())
}

fn refused() -> Step {
    Step::Fail(io::Error::from(io::ErrorKind::ConnectionRefused).into())
}

/// How many attempts a call makes, and whether it succeeds.
async fn attempts(
    operation: &'static Operation,
    steps: impl IntoIterator<Item = Step>,
) -> (usize, bool) {
    let script = Script::new(steps);
    let client: Inner = client(&script).build().expect("a client");
    let outcome = client.call::<Page, ThingError>(operation, &thing()).await;
    if let Err(error) = &outcome {
        assert_eq!(error.attempts() as usize, script.count(), "{error}");
    }
    (script.count(), outcome.is_ok())
}

#[tokio::test(start_paused = true)]
async fn repeatable_failures_are_retried() {
    for code in [429, 500, 502, 503, 504] {
        assert_eq!(
            attempts(&GET, [status(code), ok()]).await,
            (2, true),
            "{code}"
        );
    }
    assert_eq!(
        attempts(&GET, [status(503), status(503), status(503)]).await,
        (3, false)
    );
    assert_eq!(attempts(&GET, [reset(), ok()]).await, (2, true));
    assert_eq!(
        attempts(
            &GET,
            [
                response(400, &[("x-amzn-errortype", "Broken")], "").into(),
                ok()
            ]
        )
        .await,
        (2, true)
    );
    assert_eq!(attempts(&GET, [status(400)]).await, (1, false));
    assert_eq!(attempts(&GET, [status(501)]).await, (1, false));
}

#[tokio::test(start_paused = true)]
async fn requests_that_may_have_been_processed_are_not_repeated() {
    assert_eq!(attempts(&POST, [status(503)]).await, (1, false));
    assert_eq!(attempts(&POST, [reset()]).await, (1, false));
    assert_eq!(
        attempts(
            &POST,
            [response(400, &[("x-amzn-errortype", "Broken")], "").into()]
        )
        .await,
        (1, false)
    );
    // Requests that were not sent, or were throttled, were not processed.
    assert_eq!(attempts(&POST, [refused(), ok()]).await, (2, true));
    assert_eq!(
        attempts(
            &POST,
            [Step::Fail(ConnectError::new("no route").into()), ok()]
        )
        .await,
        (2, true)
    );
    assert_eq!(attempts(&POST, [status(429), ok()]).await, (2, true));
    assert_eq!(
        attempts(
            &POST,
            [
                response(400, &[("x-amzn-errortype", "Slow")], "").into(),
                ok()
            ]
        )
        .await,
        (2, true)
    );
}

#[tokio::test(start_paused = true)]
async fn an_attempt_times_out() {
    assert_eq!(attempts(&GET, [Step::Hang, ok()]).await, (2, true));
    assert_eq!(attempts(&POST, [Step::Hang]).await, (1, false));
    let script = Script::new([Step::Hang]);
    let client: Inner = client(&script).build().expect("a client");
    let started = Instant::now();
    let call = client
        .call::<Page, ThingError>(&POST, &thing())
        .attempt_timeout(Duration::from_secs(3));
    let error = call.await.expect_err("no response");
    assert_eq!(started.elapsed().as_secs(), 3);
    assert_eq!(
        error.to_string(),
        "PostThing: no response within the attempt timeout of 3s"
    );
    assert!(error.is_timeout() && error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn a_call_never_outlasts_its_deadline() {
    let script = Script::new([Step::Hang, Step::Hang, Step::Hang]);
    let client: Inner = client(&script).build().expect("a client");
    let started = Instant::now();
    let call = client
        .call::<Page, ThingError>(&GET, &thing())
        .timeout(Duration::from_secs(40));
    let error = call.await.expect_err("no response");
    assert_eq!((started.elapsed().as_secs(), script.count()), (40, 2));
    assert_eq!(
        error.to_string(),
        "GetThing: no response within the call timeout of 40s (2 attempts)"
    );
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_obeyed_within_the_deadline() {
    let wait = |text: &str| Step::from(response(503, &[("retry-after", text)], "{}"));
    let script = Script::new([wait("7"), wait("Thu, 01 Jan 1970 00:00:05 GMT"), ok()]);
    let client: Inner = client(&script)
        .clock(|| SystemTime::UNIX_EPOCH)
        .build()
        .expect("a client");
    client
        .call::<Page, ThingError>(&GET, &thing())
        .await
        .expect("an output");
    let seen = script.seen();
    let waits = seen
        .windows(2)
        .map(|two| (two[1].at - two[0].at).as_secs())
        .collect::<Vec<_>>();
    assert_eq!(waits, [7, 5]);
    let started = Instant::now();
    assert_eq!(attempts(&GET, [wait("3600")]).await, (1, false));
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn delays_are_short_and_random() {
    let script = Script::new([status(500), status(500), ok()]);
    let client: Inner = client(&script).build().expect("a client");
    client
        .call::<Page, ThingError>(&GET, &thing())
        .await
        .expect("an output");
    let seen = script.seen();
    let waits = seen
        .windows(2)
        .map(|two| two[1].at - two[0].at)
        .collect::<Vec<_>>();
    let slack = Duration::from_millis(1);
    assert!(waits[0] <= Duration::from_millis(100) + slack, "{waits:?}");
    assert!(waits[1] <= Duration::from_millis(200) + slack, "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn clones_share_a_budget() {
    let script = Script::new((0..1000).map(|_| status(500)));
    let client: Inner = client(&script).build().expect("a client");
    for _ in 0..400 {
        let clone = client.clone();
        clone
            .call::<Page, ThingError>(&GET, &thing())
            .await
            .expect_err("an error");
    }
    // 400 first attempts and the 100 further ones that the budget allows.
    assert_eq!(script.count(), 500);
}

#[tokio::test(start_paused = true)]
async fn the_number_of_attempts_can_be_set() {
    let script = Script::new((0..9).map(|_| status(500)));
    let client: Inner = client(&script)
        .retries(RetryConfig::none())
        .build()
        .expect("a client");
    let call = || client.call::<Page, ThingError>(&GET, &thing());
    call().await.expect_err("an error");
    assert_eq!(script.count(), 1);
    call()
        .retries(RetryConfig::attempts(5))
        .await
        .expect_err("an error");
    assert_eq!(script.count(), 6);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_sends_the_whole_request() {
    let script = Script::new([status(500), ok()]);
    let client: Inner = client(&script).build().expect("a client");
    let input = super::Thing {
        secret: Some("s".to_owned()),
        token: Some("t".to_owned()),
        ..thing()
    };
    client
        .call::<Page, ThingError>(&GET, &input)
        .await
        .expect("an output");
    for request in script.seen() {
        assert_eq!(
            request.target,
            "https://things.example/prod/things/x?token=t"
        );
        assert_eq!(request.body, r#"{"secret":"s"}"#);
        assert_eq!(request.headers["content-type"], "application/json");
        assert!(
            request.headers["user-agent"]
                .to_str()
                .is_ok_and(|agent| agent.contains("Things/2024-01-01"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_drops_the_request() {
    let script = Script::new([
        Step::Late(Duration::from_secs(5), response(200, &[], "{}")),
        ok(),
    ]);
    let client: Inner = client(&script).build().expect("a client");
    let call = client.call::<Page, ThingError>(&GET, &thing());
    assert!(
        tokio::time::timeout(Duration::from_secs(1), call)
            .await
            .is_err()
    );
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn causes_are_kept() {
    let script = Script::new([refused(), reset()]);
    let client: Inner = client(&script)
        .retries(RetryConfig::none())
        .build()
        .expect("a client");
    let call = || client.call::<Page, ThingError>(&POST, &thing());
    let error = call().await.expect_err("an error");
    assert_eq!(
        error.to_string(),
        "PostThing: cannot connect: connection refused"
    );
    let source: &(dyn std::error::Error + 'static) =
        std::error::Error::source(&error).expect("a cause");
    assert!(source.is::<io::Error>());
    let error = call().await.expect_err("an error");
    assert!(matches!(error, Error::Transport(_)));
    assert_eq!(
        error.to_string(),
        "PostThing: the connection broke before the response: connection reset"
    );
    let boxed: BoxError = error.into();
    assert!(boxed.to_string().starts_with("PostThing"));
}

/// Records the failed attempts and retries conflicts once, after 7 s.
#[derive(Clone, Debug, Default)]
struct RetryConflicts(Arc<Mutex<Vec<String>>>);

impl RetryPolicy for RetryConflicts {
    fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration> {
        let line = format!(
            "{} {}: {:?} {:?}, {:?}, left {:?}, repeatable {}",
            failed.operation(),
            failed.attempts(),
            failed.status(),
            failed.code(),
            failed.verdict(),
            failed.time_left(),
            failed.is_repeatable(),
        );
        self.0.lock().expect("no test panics with it").push(line);
        let first = failed.attempts() == 1;
        (first && failed.status() == Some(409)).then_some(Duration::from_secs(7))
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_decides_what_is_retried() {
    let conflict = || response(409, &[("x-amzn-errortype", "Conflict")], "{}").into();
    let script = Script::new([conflict(), conflict(), refused()]);
    let policy = RetryConflicts::default();
    let client: Inner = client(&script)
        .retries(policy.clone())
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client");
    for attempts in [2, 1] {
        let error = client
            .call::<Page, ThingError>(&POST, &thing())
            .await
            .expect_err("an error");
        assert_eq!(error.attempts(), attempts, "{error}");
    }
    let seen = script.seen();
    assert_eq!((seen[1].at - seen[0].at).as_secs(), 7);
    assert_eq!(
        *policy.0.lock().expect("no test panics with it"),
        [
            "PostThing 1: Some(409) Some(\"Conflict\"), Permanent, left Some(60s), repeatable false",
            "PostThing 2: Some(409) Some(\"Conflict\"), Permanent, left Some(53s), repeatable false",
            "PostThing 1: None None, NotProcessed, left Some(60s), repeatable false",
        ]
    );
}

/// Never gives up, and asks for delays of 25 s.
#[derive(Debug)]
struct Stubborn;

impl RetryPolicy for Stubborn {
    fn delay(&self, failed: &FailedAttempt<'_>) -> Option<Duration> {
        assert_eq!(failed.verdict(), RetryVerdict::MaybeProcessed);
        Some(Duration::from_secs(25))
    }
}

#[tokio::test(start_paused = true)]
async fn no_policy_exceeds_the_timeout_of_the_call() {
    let script = Script::new((0..9).map(|_| status(503)));
    let client: Inner = client(&script).build().expect("a client");
    let started = Instant::now();
    let call = client
        .call::<Page, ThingError>(&POST, &thing())
        .retries(Stubborn)
        .timeout(Duration::from_secs(60));
    let error = call.await.expect_err("an error");
    assert_eq!((started.elapsed().as_secs(), script.count()), (50, 3));
    assert_eq!(error.status(), Some(503));
}

/// A service of AWS whose model marks no operation as read-only.
static AWS_SERVICE: Service = Service {
    sdk_id: Some("Things"),
    repeats_any: true,
    ..SERVICE
};

/// How many attempts calls of a service of AWS and of another one make, which respond with these
/// steps and then successfully, and what the error says without further attempts.
async fn attempts_of_aws(operation: &'static Operation, step: impl Fn() -> Step) -> [usize; 2] {
    let mut counts = [0; 2];
    for (count, service) in counts.iter_mut().zip([&AWS_SERVICE, &SERVICE]) {
        let script = Script::new([step(), ok(), step()]);
        let builder = || Builder::<Inner>::new(service).endpoint("https://things.example");
        let builder = || builder().transport(script.clone()).unauthenticated();
        let client = builder().build().expect("a client");
        let repeated = client.call::<Page, ThingError>(operation, &thing()).await;
        *count = script.count();
        assert_eq!(repeated.is_ok(), *count == 2, "{}", service.id);
        if repeated.is_err() {
            continue;
        }
        let client = builder().retries(RetryConfig::none()).build();
        let client = client.expect("a client");
        let error = client.call::<Page, ThingError>(operation, &thing()).await;
        let error = error.expect_err("an error");
        assert!(error.is_retryable(), "{error}");
    }
    counts
}

#[tokio::test(start_paused = true)]
async fn error_codes_of_aws_are_retried_for_its_services_alone() {
    let step = |code| move || response(400, &[("x-amzn-errortype", code)], "{}").into();
    for code in [
        "Throttling",
        "ThrottlingException",
        "com.amazonaws.things#ProvisionedThroughputExceededException",
        "SlowDown",
        "EC2ThrottledException:http://internal.amazon.com/coral/",
        "RequestTimeout",
        "RequestTimeoutException",
    ] {
        for operation in [&GET, &POST] {
            assert_eq!(
                attempts_of_aws(operation, step(code)).await,
                [2, 1],
                "{code}"
            );
        }
    }
    for code in [
        "throttling",
        "Throttling2",
        "ValidationException",
        "Missing",
        "",
    ] {
        assert_eq!(attempts_of_aws(&GET, step(code)).await, [1, 1], "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_aws_are_repeated_as_its_sdks_do() {
    for code in [500, 502, 503, 504] {
        assert_eq!(
            attempts_of_aws(&POST, || status(code)).await,
            [2, 1],
            "{code}"
        );
    }
    assert_eq!(attempts_of_aws(&POST, reset).await, [2, 1]);
    assert_eq!(attempts_of_aws(&POST, || status(501)).await, [1, 1]);
    let delayed = || response(503, &[("x-amz-retry-after", "1500")], "{}").into();
    let started = Instant::now();
    assert_eq!(attempts_of_aws(&POST, delayed).await, [2, 1]);
    assert_eq!(started.elapsed().as_millis(), 1500);
}

#[tokio::test(start_paused = true)]
async fn a_model_of_aws_with_read_only_operations_tells_what_may_be_repeated() {
    static MARKED: Service = Service {
        repeats_any: false,
        ..AWS_SERVICE
    };
    for (operation, code, expected) in [
        (&GET, "RequestTimeout", 2),
        (&POST, "RequestTimeout", 1),
        (&POST, "SlowDown", 2),
    ] {
        let error = response(400, &[("x-amzn-errortype", code)], "{}");
        let script = Script::new([error.into(), ok()]);
        let builder = Builder::<Inner>::new(&MARKED).endpoint("https://things.example");
        let builder = builder.transport(script.clone()).unauthenticated();
        let client = builder.build().expect("a client");
        let called = client.call::<Page, ThingError>(operation, &thing()).await;
        assert_eq!(
            (script.count(), called.is_ok()),
            (expected, expected == 2),
            "{code}"
        );
    }
}
