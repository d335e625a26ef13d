//! A call over a transport that responds at once, compared with a client written by hand.
//!
//! `bare` does the least that works, `careful` what ours does by default; see `by_hand/client.rs`
//! for what they do not do. Nothing waits, so that no executor is measured.

#![allow(
    clippy::wildcard_imports,
    reason = "a group of benches is a part of its file"
)]

#[path = "by_hand/client.rs"]
mod by_hand;
#[path = "by_hand/ready.rs"]
mod ready;
#[path = "by_hand/shapes.rs"]
mod shapes;
#[path = "by_hand/texts.rs"]
mod texts;

use std::convert::Infallible;
use std::future::{Ready, ready as response};
use std::task::{Context, Poll};

use amplify_admin::Json as _;
use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::client::Credentials;
use amplify_admin::amplifybackend::input::{
    CreateBackendAuthInput, CreateBackendAuthInputRequired, GetTokenInput, GetTokenInputRequired,
};
use amplify_admin::amplifybackend::types::CreateBackendAuthResourceConfig;
use by_hand::{Bare, Careful, Signer, Transport};
use bytes::Bytes;
use divan::{Bencher, black_box};
use http::{Request, Response};
use http_body_util::Full;
use ready::ready;

const ENDPOINT: &str = "https://amplifybackend.eu-west-1.amazonaws.com";
const APP: &str = "d1abcdefgh";
/// An access key.
const KEY: (&str, &str) = ("AKIDEXAMPLE", "secret");
const SESSION: &str = "0123456789abcdef";

/// A list, as JSON has it.
type List<T> = Vec<T>;
/// A list of values that XML has as texts.
type Texts<T> = Vec<T>;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.expect("a runtime starts");
    let _timers = runtime.enter();
    check();
    divan::main();
}

/// All sides get the same response to the same call.
fn check() {
    let token = ready(ours(texts::token(), true).get_token(GetTokenInput::new(
        GetTokenInputRequired {
            app_id: APP,
            session_id: SESSION,
        },
    )));
    let token = token
        .expect("a response")
        .to_json()
        .expect("has a wire form");
    let bare = ready(bare(texts::token(), true).get_token(APP, SESSION));
    let careful = ready(careful(texts::token(), true).get_token(APP, SESSION)).expect("a response");
    for theirs in [bare, careful] {
        assert_eq!(serde_json::to_string(&theirs).expect("is JSON"), token);
    }
}

/// Responds to every request with the same bytes.
#[derive(Clone)]
struct Canned(Bytes);

impl<B> tower::Service<Request<B>> for Canned {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        black_box(request);
        response(Ok(Response::new(Full::new(self.0.clone()))))
    }
}

fn ours(text: String, signed: bool) -> Client {
    let builder = Client::builder()
        .unauthenticated()
        .endpoint(ENDPOINT)
        .transport(Canned(text.into()));
    let builder = if signed {
        builder.sigv4(Credentials::new(KEY.0, KEY.1), "eu-west-1")
    } else {
        builder
    };
    builder.build().expect("is complete")
}

fn signer(signed: bool) -> Option<Signer> {
    signed.then(|| Signer::new(KEY.0, KEY.1))
}

fn bare(text: String, signed: bool) -> Bare<impl Transport> {
    Bare {
        endpoint: ENDPOINT.to_owned(),
        transport: Canned(text.into()),
        signer: signer(signed),
    }
}

fn careful(text: String, signed: bool) -> Careful<impl Transport> {
    Careful {
        endpoint: ENDPOINT.to_owned(),
        transport: Canned(text.into()),
        signer: signer(signed),
    }
}

/// A call without a body.
#[divan::bench_group]
mod get {
    use super::*;

    #[divan::bench(args = [false, true])]
    fn ours(bencher: Bencher<'_, '_>, signed: bool) {
        let client = super::ours(texts::token(), signed);
        bencher.bench_local(|| {
            ready(client.get_token(GetTokenInput::new(GetTokenInputRequired {
                app_id: black_box(APP),
                session_id: black_box(SESSION),
            })))
            .expect("a response")
        });
    }

    #[divan::bench(args = [false, true])]
    fn bare(bencher: Bencher<'_, '_>, signed: bool) {
        let client = super::bare(texts::token(), signed);
        bencher.bench_local(|| ready(client.get_token(black_box(APP), black_box(SESSION))));
    }

    #[divan::bench(args = [false, true])]
    fn careful(bencher: Bencher<'_, '_>, signed: bool) {
        let client = super::careful(texts::token(), signed);
        bencher.bench_local(|| {
            ready(client.get_token(black_box(APP), black_box(SESSION))).expect("a response")
        });
    }
}

/// A call with a body of 2 kB.
#[divan::bench_group]
mod post {
    use super::*;

    #[divan::bench(args = [false, true])]
    fn ours(bencher: Bencher<'_, '_>, signed: bool) {
        let client = super::ours(texts::new_auth_response(), signed);
        let auth = CreateBackendAuthResourceConfig::from_json(texts::auth()).expect("is one");
        let input = CreateBackendAuthInput::new(CreateBackendAuthInputRequired {
            app_id: APP,
            resource_config: auth,
            resource_name: "example-auth",
            backend_environment_name: "staging",
        });
        bencher
            .with_inputs(|| input.clone())
            .bench_local_values(|input| {
                ready(client.create_backend_auth(input)).expect("a response")
            });
    }

    #[divan::bench(args = [false, true])]
    fn bare(bencher: Bencher<'_, '_>, signed: bool) {
        let client = super::bare(texts::new_auth_response(), signed);
        let input = serde_json::from_str::<shapes::NewAuth>(&texts::new_auth()).expect("is one");
        bencher
            .with_inputs(|| input.clone())
            .bench_local_values(|input| ready(client.create_auth(APP, &input)));
    }

    #[divan::bench(args = [false, true])]
    fn careful(bencher: Bencher<'_, '_>, signed: bool) {
        let client = super::careful(texts::new_auth_response(), signed);
        let input = serde_json::from_str::<shapes::NewAuth>(&texts::new_auth()).expect("is one");
        bencher
            .with_inputs(|| input.clone())
            .bench_local_values(|input| {
                ready(client.create_auth(APP, &input)).expect("a response")
            });
    }
}
