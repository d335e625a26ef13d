//! Nanoseconds per call over an in-memory transport: our client, signed and unsigned, and what one
//! would write by hand.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Instant;

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::client::Credentials;
use amplify_admin::amplifybackend::input::GetTokenInput;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use tower::{ServiceExt as _, service_fn};

const ANSWER: &str = r#"{"appId":"d1abcdefgh","sessionId":"0123456789abcdef","challengeCode":"abcdefabcdef","ttl":"1700000000"}"#;
const ENDPOINT: &str = "https://amplifybackend.eu-west-1.amazonaws.com";

fn main() {
    let calls = std::env::args().nth(1).and_then(|calls| calls.parse().ok()).unwrap_or(100_000_u32);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    runtime.block_on(async {
        let unsigned = Client::builder().endpoint(ENDPOINT).transport(canned()).build().expect("is complete");
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
        let signed = Client::builder()
            .endpoint(ENDPOINT)
            .transport(canned())
            .sigv4(credentials, "eu-west-1")
            .build()
            .expect("is complete");
        println!("signed {:.0}", ours(&signed, calls).await);
        println!("unsigned {:.0}", ours(&unsigned, calls).await);
        println!("hand {:.0}", by_hand(calls).await);
    });
}

fn canned() -> impl tower::Service<
    http::Request<amplify_admin::amplifybackend::client::Body>,
    Response = http::Response<Full<Bytes>>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send
+ Sync
+ 'static {
    service_fn(|request: http::Request<amplify_admin::amplifybackend::client::Body>| async move {
        black_box(request);
        Ok::<_, Infallible>(http::Response::new(Full::new(Bytes::from_static(ANSWER.as_bytes()))))
    })
}

async fn ours(client: &Client, calls: u32) -> f64 {
    let call = || async { client.get_token(GetTokenInput::new("d1abcdefgh", "0123456789abcdef")).await };
    for _ in 0..calls / 10 {
        black_box(call().await.expect("answers"));
    }
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call().await.expect("answers"));
    }
    start.elapsed().as_nanos() as f64 / f64::from(calls)
}

/// What a good engineer would write with serde and http for this one operation; without retries,
/// timeouts, limits or errors.
#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "decoding them is what is measured")]
#[serde(rename_all = "camelCase")]
struct Token {
    app_id: String,
    session_id: String,
    challenge_code: String,
    ttl: String,
}

async fn by_hand(calls: u32) -> f64 {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    let service = service_fn(|request: http::Request<Full<Bytes>>| async move {
        black_box(request);
        Ok::<_, Infallible>(http::Response::new(Full::new(Bytes::from_static(ANSWER.as_bytes()))))
    })
    .boxed_clone();
    let call = || async {
        let app = utf8_percent_encode(black_box("d1abcdefgh"), NON_ALPHANUMERIC);
        let session = utf8_percent_encode(black_box("0123456789abcdef"), NON_ALPHANUMERIC);
        let request = http::Request::get(format!("{ENDPOINT}/prod/backend/{app}/challenge/{session}"))
            .header("user-agent", "by-hand")
            .header("accept", "application/json")
            .body(Full::new(Bytes::new()))
            .expect("is a request");
        let response = service.clone().oneshot(request).await.expect("answers");
        assert!(response.status().is_success());
        let body = response.into_body().collect().await.expect("is whole").to_bytes();
        serde_json::from_slice::<Token>(&body).expect("is a token")
    };
    for _ in 0..calls / 10 {
        black_box(call().await);
    }
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call().await);
    }
    start.elapsed().as_nanos() as f64 / f64::from(calls)
}
