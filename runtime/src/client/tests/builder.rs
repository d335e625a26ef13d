//! Setting up clients.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::Request;
use tower_layer::layer_fn;
use tower_service::Service;

use super::{GET, Page, SERVICE, Script, ThingError, client, response, thing};
use crate::client::{Body, Builder, Inner, Transport};

#[test]
fn errors_name_the_setting_and_the_fix() {
    let check = |builder: Builder<Inner>, expected: &str| {
        assert_eq!(
            builder.build().expect_err("no client").to_string(),
            expected
        );
    };
    let builder = || Builder::new(&SERVICE).transport(Script::default());
    check(
        builder(),
        "the client of Things has no endpoint: call `endpoint(\"https://..\")` or `region(..)`",
    );
    check(
        builder().region("a/b"),
        "the region `a/b` is invalid: use letters, digits and hyphens only",
    );
    check(
        builder().endpoint("things.example"),
        "the endpoint `things.example` is invalid: it has no scheme; write `https://..`",
    );
    check(
        builder().region("x").user_agent("a\nb"),
        "the user agent is not a valid header value: use visible ASCII characters and spaces",
    );
    check(
        builder().region("x").protocol("aws.protocols#awsJson1_1"),
        "Things does not speak the protocol `aws.protocols#awsJson1_1`: \
         use aws.protocols#restJson1",
    );
    #[cfg(not(feature = "https"))]
    check(
        Builder::new(&SERVICE).region("x"),
        "the client has no transport: enable the feature `https` or call `transport(..)`",
    );
    #[cfg(feature = "https")]
    check(
        Builder::new(&SERVICE).region("x").root_certificates("none"),
        "cannot set up TLS: `root_certificates` contains no certificate in PEM",
    );
}

#[tokio::test]
async fn requests_go_to_the_endpoint() {
    let check = async |set: &dyn Fn(Builder<Inner>) -> Builder<Inner>, expected: &str| {
        let script = Script::new([response(200, &[], "{}")]);
        let client = set(Builder::new(&SERVICE)
            .unauthenticated()
            .transport(script.clone()))
        .build()
        .expect("a client");
        client
            .call::<Page, ThingError>(&GET, &thing())
            .await
            .expect("an output");
        assert_eq!(script.seen()[0].target, expected);
    };
    check(
        &|builder| builder.region("eu-west-1"),
        "https://things.eu-west-1.amazonaws.com/prod/things/x",
    )
    .await;
    check(
        &|builder| builder.endpoint("http://h:1/a/"),
        "http://h:1/a/prod/things/x",
    )
    .await;
    check(
        &|builder| builder.endpoint("http://h:1/prod"),
        "http://h:1/prod/things/x",
    )
    .await;
    check(
        &|builder| builder.endpoint("http://h:1/a").base_path(""),
        "http://h:1/a/things/x",
    )
    .await;
    check(
        &|builder| builder.endpoint("http://h:1").base_path("b/c"),
        "http://h:1/b/c/things/x",
    )
    .await;
}

/// Records its name for each request.
#[derive(Clone)]
struct Note {
    inner: Transport,
    name: &'static str,
    notes: Arc<Mutex<Vec<&'static str>>>,
}

impl Service<Request<Body>> for Note {
    type Response = http::Response<Body>;
    type Error = crate::client::BoxError;
    type Future = <Transport as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.notes
            .lock()
            .expect("no test panics with it")
            .push(self.name);
        self.inner.call(request)
    }
}

#[tokio::test]
async fn layers_see_requests_in_the_order_they_were_added() {
    let notes = Arc::default();
    let note = |name| {
        let notes = Arc::clone(&notes);
        layer_fn(move |inner| Note {
            inner,
            name,
            notes: Arc::clone(&notes),
        })
    };
    let script = Script::new([response(200, &[], "{}")]);
    let client: Inner = client(&script)
        .layer(note("first"))
        .layer(note("second"))
        .build()
        .expect("a client");
    client
        .call::<Page, ThingError>(&GET, &thing())
        .await
        .expect("an output");
    assert_eq!(
        *notes.lock().expect("no test panics with it"),
        ["first", "second"]
    );
}

#[test]
fn clients_and_calls_go_anywhere() {
    fn check<T: Send + Sync + 'static>() {}
    fn check_future<T: Future + Send + Unpin + 'static>() {}
    check::<Inner>();
    check::<crate::client::Error<ThingError>>();
    check_future::<crate::client::Call<Page, ThingError>>();
}

/// Uses the time of the examples in the AWS documentation. The signature itself is tested in
/// `aws/sigv4/tests`.
#[cfg(feature = "sigv4")]
#[tokio::test]
async fn requests_are_signed_and_credentials_stay_secret() {
    use std::time::{Duration, SystemTime};

    use crate::client::Credentials;

    let credentials = Credentials::new("AKID", "SECRET").session_token("SESSION");
    let script = Script::new([response(200, &[], "{}")]);
    let client: Inner = Builder::new(&SERVICE)
        .transport(script.clone())
        .sigv4(credentials, "eu-west-1")
        .clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160))
        .build()
        .expect("a client");
    client
        .call::<Page, ThingError>(&GET, &thing())
        .await
        .expect("an output");
    let headers = &script.seen()[0].headers;
    let text = |name: &str| headers[name].to_str().expect("visible characters");
    assert_eq!(text("x-amz-date"), "20150830T123600Z");
    assert_eq!(text("x-amz-security-token"), "SESSION");
    let authorization = text("authorization");
    let scope =
        "AWS4-HMAC-SHA256 Credential=AKID/20150830/eu-west-1/things/aws4_request, SignedHeaders=";
    assert!(authorization.starts_with(scope), "{authorization}");
    assert!(
        headers["authorization"].is_sensitive() && headers["x-amz-security-token"].is_sensitive()
    );
    let shown = format!("{client:?}");
    assert!(
        !shown.contains("AKID") && !shown.contains("SECRET") && !shown.contains("SESSION"),
        "{shown}"
    );
}

#[cfg(feature = "sigv4")]
#[tokio::test]
async fn credentials_are_kept_until_they_expire() {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, SystemTime};

    use crate::client::{BoxError, Credentials, ProvideCredentials};

    /// Gives credentials for ten minutes.
    struct Provider {
        now: Arc<AtomicU64>,
        given: Arc<AtomicU64>,
    }

    impl ProvideCredentials for Provider {
        async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
            self.given.fetch_add(1, Ordering::SeqCst);
            let expiry = Duration::from_secs(self.now.load(Ordering::SeqCst) + 600);
            let credentials = Credentials::new("AKID", "SECRET");
            Ok(credentials.expires_at(SystemTime::UNIX_EPOCH + expiry))
        }
    }

    let (now, given) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let script = Script::new((0..4).map(|_| response(200, &[], "{}")));
    let clock = Arc::clone(&now);
    let client: Inner = client(&script)
        .sigv4(
            Provider {
                now: Arc::clone(&now),
                given: Arc::clone(&given),
            },
            "eu-west-1",
        )
        .clock(move || SystemTime::UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst)))
        .build()
        .expect("a client");
    for (time, expected) in [(0, 1), (500, 1), (545, 2), (1_000, 2)] {
        now.store(time, Ordering::SeqCst);
        client
            .call::<Page, ThingError>(&GET, &thing())
            .await
            .expect("an output");
        assert_eq!(given.load(Ordering::SeqCst), expected, "after {time} s");
    }
}
