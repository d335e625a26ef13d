//! Nanoseconds per call over an in-memory transport: our client, signed and unsigned.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Instant;

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::client::Credentials;
use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};
use bytes::Bytes;
use http_body_util::Full;
use tower::service_fn;

const RESPONSE: &str = r#"{"appId":"d1abcdefgh","sessionId":"0123456789abcdef","challengeCode":"abcdefabcdef","ttl":"1700000000"}"#;
const ENDPOINT: &str = "https://amplifybackend.eu-west-1.amazonaws.com";

fn main() {
    let calls = std::env::args().nth(1).and_then(|calls| calls.parse().ok());
    print_figures(calls.unwrap_or(100_000));
}

/// Prints a line per client. Also called by a test, so that this program keeps building.
pub(crate) fn print_figures(calls: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime starts");
    runtime.block_on(async {
        let unsigned = Client::builder()
            .unauthenticated()
            .endpoint(ENDPOINT)
            .transport(canned())
            .build()
            .expect("is complete");
        let credentials = Credentials::new("AKIDEXAMPLE", "secret");
        let signed = Client::builder()
            .unauthenticated()
            .endpoint(ENDPOINT)
            .transport(canned())
            .sigv4(credentials, "eu-west-1")
            .build()
            .expect("is complete");
        println!("signed {:.0}", ours(&signed, calls).await);
        println!("unsigned {:.0}", ours(&unsigned, calls).await);
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
    service_fn(
        |request: http::Request<amplify_admin::amplifybackend::client::Body>| async move {
            black_box(request);
            Ok::<_, Infallible>(http::Response::new(Full::new(Bytes::from_static(
                RESPONSE.as_bytes(),
            ))))
        },
    )
}

async fn ours(client: &Client, calls: u32) -> f64 {
    let call = || async {
        let input = GetTokenInput::new(GetTokenInputRequired {
            app_id: "d1abcdefgh",
            session_id: "0123456789abcdef",
        });
        client.get_token(input).await
    };
    for _ in 0..calls / 10 {
        black_box(call().await.expect("a response"));
    }
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call().await.expect("a response"));
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}
