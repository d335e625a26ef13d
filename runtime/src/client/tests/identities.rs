//! Identities that a service rejects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::endpoint_auth::Globe;
use super::script::{Script, Step, response};
use super::{GET, Page, SERVICE, ThingError, thing};
use crate::client::{
    BearerToken, BoxError, Builder, Credentials, ProvideCredentials, ProvideIdentity, RetryConfig,
};
use crate::protocol::service::{AuthScheme, Service, Signing};

static TOKENS: Service = Service {
    auth: &[AuthScheme::Bearer],
    ..SERVICE
};

static SIGNED: Service = Service {
    auth: &[AuthScheme::SigV4],
    signing: Some(Signing::new("things")),
    ..SERVICE
};

/// A provider of identities that are numbered.
#[derive(Clone, Default)]
struct Numbers(Arc<AtomicUsize>);

impl Numbers {
    fn next(&self) -> String {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        number.to_string()
    }
}

impl ProvideIdentity<BearerToken> for Numbers {
    async fn provide_identity(&self) -> Result<BearerToken, BoxError> {
        Ok(BearerToken::new(self.next()))
    }
}

impl ProvideCredentials for Numbers {
    async fn provide_credentials(&self) -> Result<Credentials, BoxError> {
        Ok(Credentials::new(self.next(), "SECRET"))
    }
}

fn builder(service: &'static Service, script: &Script) -> Builder<Globe> {
    Builder::new(service)
        .endpoint("https://things.example")
        .transport(script.clone())
}

/// A response with a status and an error code.
fn step(status: u16, code: &str) -> Step {
    response(status, &[("x-amzn-errortype", code)], "{}").into()
}

/// The headers `Authorization` of the attempts of a call, and whether it succeeds.
async fn attempts(builder: Builder<Globe>, script: &Script) -> (Vec<String>, bool) {
    let client = builder.build().expect("a client");
    let result = client.0.call::<Page, ThingError>(&GET, &thing()).await;
    if let Err(error) = &result {
        assert_eq!(error.attempts() as usize, script.count(), "{error}");
    }
    let sent = script.seen().into_iter().map(|seen| {
        let value = seen.headers.get("authorization").expect("an identity");
        value.to_str().expect("text").to_owned()
    });
    (sent.collect(), result.is_ok())
}

#[tokio::test]
async fn the_scheme_decides_which_errors_are_rejections() {
    for (status, code, of_token, of_credentials) in [
        (401, "Unauthorized", true, true),
        (400, "ExpiredToken", false, true),
        (400, "ExpiredTokenException", false, true),
        (403, "InvalidAccessKeyId", false, true),
        (403, "InvalidClientTokenId", false, true),
        (403, "com.amazon#UnrecognizedClientException", false, true),
        (403, "SignatureDoesNotMatch", false, false),
        (403, "AccessDenied", false, false),
        (400, "", false, false),
    ] {
        let script = || Script::new([step(status, code), step(200, "")]);
        let tokens = script();
        let client = builder(&TOKENS, &tokens).bearer_token(Numbers::default());
        let (sent, is_ok) = attempts(client, &tokens).await;
        assert_eq!(is_ok, of_token, "{status} {code}");
        let expected = &["Bearer 1", "Bearer 2"][..if of_token { 2 } else { 1 }];
        assert_eq!(sent, expected, "{status} {code}");

        let credentials = script();
        let client = builder(&SIGNED, &credentials).sigv4(Numbers::default(), "west");
        let (sent, is_ok) = attempts(client, &credentials).await;
        assert_eq!(is_ok, of_credentials, "{status} {code}");
        assert_eq!(
            sent.len(),
            1 + usize::from(of_credentials),
            "{status} {code}"
        );
        for (number, sent) in sent.iter().enumerate() {
            let expected = format!("Credential={}/", number + 1);
            assert!(sent.contains(&expected), "{status} {code}: {sent}");
        }

        let fixed = script();
        let keys = Credentials::new("AKID", "SECRET");
        let client = builder(&SIGNED, &fixed).sigv4(keys, "west");
        let (sent, _) = attempts(client, &fixed).await;
        assert_eq!(sent.len(), 1, "{status} {code}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_with_another_identity_is_not_a_retry() {
    let statuses = |statuses: &[u16]| Script::new(statuses.iter().map(|it| step(*it, "")));
    let none = RetryConfig::none();
    let three = RetryConfig::attempts(3);
    for (retries, script, expected) in [
        (none, &[401, 200][..], true),
        (none, &[401, 503], false),
        (none, &[401, 401], false),
        (three, &[401, 503, 503, 200], true),
        (three, &[503, 401, 503, 200], true),
        (three, &[401, 503, 503, 503], false),
        (three, &[503, 401, 401], false),
    ] {
        let steps = statuses(script);
        let client = builder(&TOKENS, &steps).bearer_token(Numbers::default());
        let (sent, is_ok) = attempts(client.retries(retries), &steps).await;
        assert_eq!((sent.len(), is_ok), (script.len(), expected), "{script:?}");
    }
}
