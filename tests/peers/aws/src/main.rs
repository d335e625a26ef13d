//! Nanoseconds per call over an in-memory transport: aws-sdk-amplifybackend, signed and unsigned.

use std::hint::black_box;
use std::time::Instant;

use aws_sdk_amplifybackend::Client;
use aws_sdk_amplifybackend::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;

const RESPONSE: &str = r#"{"appId":"d1abcdefgh","sessionId":"0123456789abcdef","challengeCode":"abcdefabcdef","ttl":"1700000000"}"#;
const ENDPOINT: &str = "https://amplifybackend.eu-west-1.amazonaws.com";

#[derive(Debug)]
struct Canned;

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        black_box(request);
        let status = 200.try_into().expect("is a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(RESPONSE))))
    }
}

fn config() -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(ENDPOINT)
        .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Canned)))
}

fn main() {
    let calls = std::env::args().nth(1).and_then(|calls| calls.parse().ok()).unwrap_or(100_000_u32);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    runtime.block_on(async {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "static");
        let signed = Client::from_conf(config().credentials_provider(credentials).build());
        let unsigned = Client::from_conf(config().allow_no_auth().build());
        println!("signed {:.0}", measure(&signed, calls).await);
        println!("unsigned {:.0}", measure(&unsigned, calls).await);
    });
}

async fn measure(client: &Client, calls: u32) -> f64 {
    let call = || async { client.get_token().app_id("d1abcdefgh").session_id("0123456789abcdef").send().await };
    for _ in 0..calls / 10 {
        black_box(call().await.expect("a response"));
    }
    let start = Instant::now();
    for _ in 0..calls {
        black_box(call().await.expect("a response"));
    }
    start.elapsed().as_nanos() as f64 / f64::from(calls)
}
