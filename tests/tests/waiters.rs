//! Waiters, against the mock, in virtual time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::client::{Client, Error, FinalResponse, WaitError, Waiter};
use drawplate_fixtures::kitchen_sink::error::{GetThingError, ListThingsError, NotFound};
use drawplate_fixtures::kitchen_sink::input::{GetThingInput, ListThingsInput};
use drawplate_fixtures::kitchen_sink::output::{GetThingOutput, ListThingsOutput};
use drawplate_fixtures::kitchen_sink::server::{Mock, Unauthenticated, router};
use drawplate_fixtures::kitchen_sink::types::{Nested, Page};
use drawplate_runtime::UnmodeledError;
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_mins(1);

/// The times of calls since the first one.
type Times = Arc<Mutex<Vec<Instant>>>;

/// A client of a service that responds with `responses`, of which the last one is repeated.
fn client(responses: Vec<Result<GetThingOutput, GetThingError>>) -> (Client, Times) {
    let times = Times::default();
    let (seen, responses) = (Arc::clone(&times), Mutex::new(VecDeque::from(responses)));
    let mock = Mock::new().on_get_thing(move |_| {
        seen.lock().expect("no panic").push(Instant::now());
        let mut responses = responses.lock().expect("no panic");
        if responses.len() > 1 {
            responses.pop_front().expect("a response")
        } else {
            responses[0].clone()
        }
    });
    (Client::in_process(router(mock, Unauthenticated)), times)
}

/// The same for listings.
fn listing(pages: Vec<Vec<(&'static str, i32)>>) -> Client {
    let pages = Mutex::new(VecDeque::from(pages));
    let mock = Mock::new().on_list_things(move |_| {
        let page = pages.lock().expect("no panic").pop_front();
        let Some(page) = page else {
            return Err(ListThingsError::Unmodeled(UnmodeledError::new(500)));
        };
        let items = page.into_iter().map(|(text, number)| {
            let mut item = Nested::new(number);
            item.text = Some(text.to_owned());
            item
        });
        Ok(ListThingsOutput::new(Page::new(items)))
    });
    Client::in_process(router(mock, Unauthenticated))
}

fn not_found() -> Result<GetThingOutput, GetThingError> {
    Err(GetThingError::NotFound(NotFound::new()))
}

fn unmodeled(status: u16, code: &str) -> Result<GetThingOutput, GetThingError> {
    Err(GetThingError::Unmodeled(
        UnmodeledError::new(status).code(code),
    ))
}

fn thing(text: &str, number: i32, mixed_in: &str) -> GetThingOutput {
    let mut thing = Nested::new(number);
    thing.text = Some(text.to_owned());
    let mut output = GetThingOutput::new();
    output.thing = Some(thing);
    output.mixed_in = Some(mixed_in.to_owned());
    output
}

/// The seconds between calls.
fn delays(times: &Times) -> Vec<f64> {
    let times = times.lock().expect("no panic");
    let pairs = times.iter().zip(times.iter().skip(1));
    pairs
        .map(|(one, other)| (*other - *one).as_secs_f64())
        .collect()
}

fn input() -> GetThingInput {
    GetThingInput::new("7")
}

#[tokio::test(start_paused = true)]
async fn a_waiter_calls_until_the_resource_has_the_state() {
    let responses = vec![not_found(), not_found(), not_found(), Ok(thing("", 1, ""))];
    let (client, times) = client(responses);
    let waiter = client.wait_until_thing_exists(input());
    let response = waiter.max_wait(MINUTE).await.expect("the state");
    assert_eq!(
        response.output().and_then(|it| it.mixed_in.as_deref()),
        Some("")
    );
    let delays = delays(&times);
    assert_eq!(delays.len(), 3);
    for (delay, most) in delays.into_iter().zip([1.0, 2.0, 4.0]) {
        assert!((1.0..=most + 0.01).contains(&delay), "{delay} of {most}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiter_may_wait_for_an_error() {
    let (client, _) = client(vec![Ok(thing("", 1, "")), not_found()]);
    #[expect(deprecated, reason = "it shows that the model deprecates the waiter")]
    let waiter = client.wait_until_thing_not_exists(input());
    let response = waiter.max_wait(MINUTE).await.expect("the state");
    assert!(matches!(
        &response,
        FinalResponse::Error(Error::Service(GetThingError::NotFound(_)))
    ));
    assert!(response.output().is_none() && response.into_result().is_err());
}

#[tokio::test(start_paused = true)]
async fn errors_are_known_by_their_code_if_the_model_does_not_have_them() {
    let (client, _) = client(vec![unmodeled(404, "NotFound"), Ok(thing("", 1, ""))]);
    let waiter = client.wait_until_thing_exists(input());
    waiter.max_wait(MINUTE).await.expect("the state");
}

#[tokio::test(start_paused = true)]
async fn an_error_that_no_acceptor_expects_ends_the_waiter() {
    let (client, times) = client(vec![not_found(), unmodeled(400, "Broken")]);
    let waiter = client.wait_until_thing_exists(input());
    let error = waiter.max_wait(MINUTE).await.expect_err("an error");
    let WaitError::Call(call) = &error else {
        panic!("{error:#?}");
    };
    assert_eq!(call.code(), Some("Broken"));
    assert_eq!(error.to_string(), call.to_string());
    assert_eq!(times.lock().expect("no panic").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_has_the_message_of_the_output() {
    let (client, _) = client(vec![Ok(thing("melted", -1, "everywhere"))]);
    let waiter = client.wait_until_thing_is_mixed_in(input());
    let error = waiter.max_wait(MINUTE).await.expect_err("a failure");
    let WaitError::Failure {
        waiter,
        message,
        response,
        ..
    } = &error
    else {
        panic!("{error:#?}");
    };
    assert_eq!(
        (*waiter, message.as_deref()),
        ("ThingIsMixedIn", Some("melted, everywhere"))
    );
    assert!(response.is_ok());
    let expected = "ThingIsMixedIn: the resource cannot get this state: melted, everywhere";
    assert_eq!(error.to_string(), expected);
    assert_eq!(format!("{error:?}"), expected);
}

#[tokio::test(start_paused = true)]
async fn input_and_output_are_compared() {
    for (last, is_matched) in [("7", true), ("anywhere", true), ("8", false)] {
        let (client, _) = client(vec![Ok(thing("", 1, "6")), Ok(thing("", 1, last))]);
        let waiter = client.wait_until_thing_is_mixed_in(input());
        let result = waiter.max_wait(MINUTE).await;
        assert_eq!(result.is_ok(), is_matched, "{last}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn elements_are_compared() {
    let new = || vec![("new", 1), ("ready", 2)];
    // All of no elements are not enough.
    let ready = || vec![("ready", 1), ("ready", 2)];
    let wait = |pages| async move {
        let client = listing(pages);
        let waiter = client.wait_until_things_ready(ListThingsInput::new());
        waiter
            .max_wait(MINUTE)
            .await
            .map(FinalResponse::into_result)
    };
    let found = wait(vec![new(), Vec::new(), ready()])
        .await
        .expect("the state");
    assert_eq!(found.expect("an output").page.items.len(), 2);
    let error = wait(vec![new(), vec![("broken", 1), ("ready", 1)]]).await;
    assert!(matches!(error, Err(WaitError::Failure { .. })), "{error:?}");
    // Three are neither new nor greater than 1, and the second one has the number 7.
    let three = |number| vec![("a", 1), ("b", number), ("c", 0), ("d", -1), ("new", 3)];
    let found = wait(vec![new(), three(7)]).await.expect("the state");
    assert_eq!(found.expect("an output").page.items.len(), 5);
    let error = wait(vec![three(8)]).await.expect_err("a timeout");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_last_call_is_made_when_the_time_is_over() {
    for seconds in [0, 1, 2, 9, 10, 33, 60] {
        let (client, times) = client(vec![not_found()]);
        let started = Instant::now();
        let max_wait = Duration::from_secs(seconds);
        let waiter = client.wait_until_thing_exists(input());
        let error = waiter.max_wait(max_wait).await.expect_err("a timeout");
        assert!(error.is_timeout(), "{error}");
        let last = *times.lock().expect("no panic").last().expect("a call");
        let late = (last - started).as_secs_f64() - max_wait.as_secs_f64();
        assert!((0.0..0.01).contains(&late), "{late} after {seconds}");
        let text = error.to_string();
        assert!(text.contains("is not in this state after"), "{text}");
        assert!(text.contains(": GetThing: NotFound (status 404"), "{text}");
        let delays = delays(&times);
        let (last, others) = delays.split_last().map_or((&0.0, &[][..]), |it| it);
        assert!(*last <= 8.0 + 1.01, "{delays:?}");
        assert!(
            others.iter().all(|it| (1.0..8.01).contains(it)),
            "{delays:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn delays_are_random_and_can_be_set() {
    let mut all = Vec::new();
    for _ in 0..20 {
        let (client, times) = client(vec![not_found()]);
        let waiter = client.wait_until_thing_exists(input());
        let waiter = waiter.min_delay(MINUTE).max_delay(4 * MINUTE);
        waiter.max_wait(60 * MINUTE).await.expect_err("a timeout");
        let delays = delays(&times);
        assert!((59.9..60.1).contains(&delays[0]), "{delays:?}");
        assert!((59.9..120.1).contains(&delays[1]), "{delays:?}");
        all.extend(delays.into_iter().skip(2).take(6));
    }
    assert!(
        all.iter().all(|delay| (59.9..240.1).contains(delay)),
        "{all:?}"
    );
    // The odds that all of 120 are in one half are negligible.
    assert!(all.iter().any(|delay| *delay < 150.0), "{all:?}");
    assert!(all.iter().any(|delay| *delay > 150.0), "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_end_is_cancelled() {
    let silent = tower::service_fn(|_| {
        std::future::pending::<Result<http::Response<String>, std::io::Error>>()
    });
    let client = Client::in_process(silent);
    let started = Instant::now();
    let waiter: Waiter<_, _> = client.wait_until_thing_exists(input());
    let error = waiter.max_wait(MINUTE).await.expect_err("a timeout");
    assert!(
        matches!(error, WaitError::Timeout { response: None, .. }),
        "{error:?}"
    );
    assert_eq!((Instant::now() - started).as_secs(), 60);
}
