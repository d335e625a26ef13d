//! What clients of services of AWS do: signatures with the time of the service, and user agents.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::script::{Script, Step, response};
use super::{GET, POST, Page, SERVICE, ThingError, thing};
use crate::client::{Builder, Credentials, Inner, RetryConfig};
use crate::protocol::service::Service;

static OF_AWS: Service = Service {
    sdk_id: Some("Some Things"),
    ..SERVICE
};

/// Sun, 06 Nov 1994 08:49:37 GMT
const NOW: u64 = 784_111_777;

fn builder(script: &Script) -> Builder<Inner> {
    Builder::new(&OF_AWS)
        .endpoint("https://things.example")
        .transport(script.clone())
        .retries(RetryConfig::none())
        .clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
        .sigv4(Credentials::new("AKID", "SECRET"), "west")
}

/// An error with a code, sent at a time.
fn rejected(status: u16, code: &str, date: &str) -> Step {
    let headers = [("x-amzn-errortype", code), ("date", date)];
    response(status, &headers, "{}").into()
}

fn ok() -> Step {
    response(200, &[], "{}").into()
}

/// The times of the signatures of the requests so far.
fn times(script: &Script) -> Vec<String> {
    let seen = script.seen().into_iter();
    let times = seen.map(|seen| {
        let header = |name| seen.headers[name].to_str().expect("text").to_owned();
        let time = header("x-amz-date");
        // The signature is of the same day.
        let scope = format!("Credential=AKID/{}/west/", &time[..8]);
        assert!(header("authorization").contains(&scope), "{time}");
        time
    });
    times.collect()
}

async fn call(client: &Inner) -> bool {
    client
        .call::<Page, ThingError>(&POST, &thing())
        .await
        .is_ok()
}

#[tokio::test]
async fn a_call_that_is_rejected_for_its_time_is_repeated_with_that_of_the_service() {
    for (status, code, date, expected) in [
        (
            403,
            "RequestTimeTooSkewed",
            "Sun, 06 Nov 1994 09:49:37 GMT",
            "19941106T094937Z",
        ),
        (
            400,
            "RequestExpired",
            "Mon, 07 Nov 1994 08:49:37 GMT",
            "19941107T084937Z",
        ),
        (
            403,
            "RequestInTheFuture",
            "Sat, 05 Nov 1994 08:49:37 GMT",
            "19941105T084937Z",
        ),
        (
            403,
            "InvalidSignatureException",
            "Sun, 06 Nov 1994 08:53:37 GMT",
            "19941106T085337Z",
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "Sun, 06 Nov 1994 08:45:37 GMT",
            "19941106T084537Z",
        ),
        (
            401,
            "AuthFailure",
            "Sun, 06 Nov 1994 08:55:00 GMT",
            "19941106T085500Z",
        ),
        // The response to a HEAD request.
        (403, "", "Sun, 06 Nov 1994 08:55:00 GMT", "19941106T085500Z"),
    ] {
        let script = Script::new([rejected(status, code, date), ok(), ok()]);
        let client = builder(&script).build().expect("a client");
        assert!(call(&client).await, "{code}");
        assert_eq!(times(&script), ["19941106T084937Z", expected], "{code}");
        // Clones sign with it too.
        assert!(call(&client.clone()).await, "{code}");
        assert_eq!(times(&script), [expected], "{code}");
    }
}

#[tokio::test]
async fn other_errors_say_nothing_about_the_clock() {
    const LATER: &str = "Sun, 06 Nov 1994 09:49:37 GMT";
    for (status, code, date) in [
        // The clocks agree.
        (403, "RequestTimeTooSkewed", "Sun, 06 Nov 1994 08:49:40 GMT"),
        (
            403,
            "SignatureDoesNotMatch",
            "Sun, 06 Nov 1994 08:53:36 GMT",
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "Sun, 06 Nov 1994 08:45:38 GMT",
        ),
        (403, "SignatureDoesNotMatch", "yesterday"),
        (403, "AccessDenied", LATER),
        (404, "", LATER),
        (500, "", LATER),
    ] {
        let script = Script::new([rejected(status, code, date), ok()]);
        let client = builder(&script).build().expect("a client");
        assert!(!call(&client).await, "{code}");
        assert!(call(&client).await, "{code}");
        let expected = ["19941106T084937Z", "19941106T084937Z"];
        assert_eq!(times(&script), expected, "{code} {date}");
    }
    // Without a signature, the time is not the reason.
    let script = Script::new([rejected(403, "RequestTimeTooSkewed", LATER)]);
    let client = Builder::<Inner>::new(&OF_AWS).unauthenticated();
    let client = client
        .endpoint("https://things.example")
        .transport(script.clone());
    assert!(!call(&client.build().expect("a client")).await);
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn the_time_is_corrected_once_per_call() {
    let skewed = |date| rejected(403, "RequestTimeTooSkewed", date);
    let script = Script::new([
        skewed("Sun, 06 Nov 1994 09:49:37 GMT"),
        skewed("Sun, 06 Nov 1994 07:49:37 GMT"),
        ok(),
    ]);
    let client = builder(&script).build().expect("a client");
    assert!(!call(&client).await);
    assert_eq!(times(&script), ["19941106T084937Z", "19941106T094937Z"]);
    // The next call signs with the latest time of the service.
    assert!(call(&client).await);
    assert_eq!(times(&script), ["19941106T074937Z"]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_rejected_together_are_all_repeated() {
    let late = |seconds| {
        let headers = [
            ("x-amzn-errortype", "RequestTimeTooSkewed"),
            ("date", "Sun, 06 Nov 1994 09:49:37 GMT"),
        ];
        Step::Late(Duration::from_secs(seconds), response(403, &headers, "{}"))
    };
    let script = Script::new([late(1), late(2), ok(), ok()]);
    let client = builder(&script).build().expect("a client");
    let client = Arc::new(client);
    assert_eq!(tokio::join!(call(&client), call(&client)), (true, true));
    assert_eq!(
        times(&script)[2..],
        ["19941106T094937Z", "19941106T094937Z"]
    );
}

/// The user agents of a call.
async fn user_agents(builder: Builder<Inner>, script: &Script) -> [Option<String>; 2] {
    let client = builder.build().expect("a client");
    let call = client.call::<Page, ThingError>(&GET, &thing()).await;
    call.expect("a page");
    let seen = script.seen();
    ["user-agent", "x-amz-user-agent"].map(|name| {
        let value = seen[0].headers.get(name)?;
        Some(value.to_str().expect("text").to_owned())
    })
}

#[tokio::test]
async fn services_of_aws_see_product_service_system_language_and_program() {
    let product = concat!("drawplate/", env!("CARGO_PKG_VERSION"));
    let os = std::env::consts::OS;
    let usual = format!("{product} ua/2.1 api/some-things/2024-01-01 os/{os} lang/rust");
    let with_app = format!("{usual} app/shop-1-");
    let script = || Script::new([ok()]);

    let it = script();
    let sent = user_agents(builder(&it), &it).await;
    assert_eq!(sent, [Some(usual.clone()), Some(usual.clone())]);

    let it = script();
    let sent = user_agents(builder(&it).app_name("shop 1\n"), &it).await;
    assert_eq!(sent, [Some(with_app.clone()), Some(with_app)]);

    let it = script();
    let sent = user_agents(builder(&it).user_agent("mine/1"), &it).await;
    assert_eq!(sent, [Some("mine/1".to_owned()), Some(usual)]);

    let it = script();
    let other = Builder::<Inner>::new(&SERVICE).endpoint("https://things.example");
    let other = other
        .transport(it.clone())
        .unauthenticated()
        .app_name("shop");
    let sent = user_agents(other, &it).await;
    assert_eq!(sent, [Some(format!("{product} Things/2024-01-01")), None]);
}

#[tokio::test]
async fn the_user_agent_for_aws_is_signed() {
    let script = Script::new([ok()]);
    let client = builder(&script).build().expect("a client");
    assert!(call(&client).await);
    let seen = script.seen();
    let authorization = seen[0].headers["authorization"].to_str().expect("text");
    // Services require that of all headers that start with `x-amz-`.
    assert!(
        authorization.contains(";x-amz-user-agent,"),
        "{authorization}"
    );
}
