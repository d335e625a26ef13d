//! Settings from the configuration of an SDK of AWS, and the account of credentials.

use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::endpoint_config::AccountIdEndpointMode;
use aws_types::region::Region;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use tokio::time::Instant;

use super::script::{Script, Seen, Step, response};
use super::{GET, Page, SERVICE, ThingError, thing};
use crate::client::{BoxError, Builder, Credentials, Inner, RetryConfig};
use crate::endpoint::{
    Condition, Expression as E, Function as F, Literal, Outcome, Parameter, Rules,
};
use crate::protocol::service::Service;

static OF_AWS: Service = Service {
    sdk_id: Some("Some Things"),
    ..SERVICE
};

const fn endpoint(url: E) -> Outcome {
    Outcome::Endpoint {
        url,
        headers: &[],
        properties: &[],
    }
}

/// Parameters: 0 `Region`, 1 `Endpoint`, 2 `UseFIPS`, 3 `UseDualStack`, 4 `AccountId`, 5 `Mode`.
static RULES: Rules = Rules {
    parameters: &[
        Parameter::new("Region").built_in("AWS::Region"),
        Parameter::new("Endpoint").built_in("SDK::Endpoint"),
        Parameter::new("UseFIPS")
            .built_in("AWS::UseFIPS")
            .required()
            .default(Literal::Boolean(false)),
        Parameter::new("UseDualStack")
            .built_in("AWS::UseDualStack")
            .required()
            .default(Literal::Boolean(false)),
        Parameter::new("AccountId").built_in("AWS::Auth::AccountId"),
        Parameter::new("Mode").built_in("AWS::Auth::AccountIdEndpointMode"),
    ],
    variables: 0,
    conditions: &[
        Condition::new(E::Call(F::IsSet, &[E::Slot(1)])),
        Condition::new(E::Slot(2)),
        Condition::new(E::Slot(3)),
        Condition::new(E::Call(F::IsSet, &[E::Slot(4)])),
        Condition::new(E::Call(F::StringEquals, &[E::Slot(5), E::Text("required")])),
    ],
    results: &[
        Outcome::NoMatch,
        endpoint(E::Slot(1)),
        endpoint(E::Template(&[
            E::Text("https://fips."),
            E::Slot(0),
            E::Text(".example"),
        ])),
        endpoint(E::Template(&[
            E::Text("https://dual."),
            E::Slot(0),
            E::Text(".example"),
        ])),
        endpoint(E::Template(&[
            E::Text("https://"),
            E::Slot(4),
            E::Text(".example"),
        ])),
        Outcome::Error(E::Text("an account is required")),
        endpoint(E::Template(&[
            E::Text("https://"),
            E::Slot(0),
            E::Text(".example"),
        ])),
    ],
    nodes: &[[0, !1, 1], [1, !2, 2], [2, !3, 3], [3, !4, 4], [4, !5, !6]],
    root: 0,
    operations: &[],
    first_label: false,
};

fn credentials(account: Option<&str>) -> SharedCredentialsProvider {
    let builder = aws_credential_types::Credentials::builder()
        .access_key_id("AKID")
        .secret_access_key("SECRET")
        .session_token("TOKEN")
        .provider_name("tests");
    let builder = match account {
        Some(account) => builder.account_id(account),
        None => builder,
    };
    SharedCredentialsProvider::new(builder.build())
}

/// A configuration with a region and credentials.
fn config() -> aws_types::sdk_config::Builder {
    SdkConfig::builder()
        .region(Region::new("west"))
        .credentials_provider(credentials(None))
}

fn builder(script: &Script) -> Builder<Inner> {
    Builder::new(&OF_AWS)
        .endpoint_rules(&RULES)
        .base_path("")
        .transport(script.clone())
}

fn ok() -> Step {
    response(200, &[], "{}").into()
}

/// The request of a call by a client, or the error of the call.
async fn sent_by(builder: Builder<Inner>, script: &Script) -> Result<Seen, String> {
    let client = builder.build().map_err(|error| error.to_string())?;
    let call = client.call::<Page, ThingError>(&GET, &thing()).await;
    call.map_err(|error| BoxError::from(error).to_string())?;
    Ok(script.seen().remove(0))
}

async fn sent(config: aws_types::sdk_config::Builder) -> Seen {
    let script = Script::new([ok()]);
    let builder = builder(&script).sdk_config(&config.build());
    sent_by(builder, &script).await.expect("a page")
}

fn header<'s>(seen: &'s Seen, name: &str) -> &'s str {
    let value = seen.headers.get(name).expect("the header");
    value.to_str().expect("text")
}

#[tokio::test]
async fn region_and_credentials_are_in_the_endpoint_and_the_signature() {
    let seen = sent(config()).await;
    assert_eq!(seen.target, "https://west.example/things/x");
    let authorization = header(&seen, "authorization");
    assert!(
        authorization.contains("Credential=AKID/"),
        "{authorization}"
    );
    assert!(
        authorization.contains("/west/things/aws4_request"),
        "{authorization}"
    );
    assert_eq!(header(&seen, "x-amz-security-token"), "TOKEN");
}

#[tokio::test]
async fn later_settings_replace_the_configuration() {
    fn keys() -> Credentials {
        Credentials::new("AKID", "SECRET")
    }

    for (set, endpoint, scope) in [
        (
            (|builder| builder.region("east")) as fn(Builder<Inner>) -> Builder<Inner>,
            "east",
            "east",
        ),
        (|builder| builder.sigv4(keys(), "east"), "east", "east"),
        // A region that was set stays that of the endpoint.
        (
            |builder| builder.region("north").sigv4(keys(), "east"),
            "north",
            "east",
        ),
    ] {
        let script = Script::new([ok()]);
        let builder = set(builder(&script).sdk_config(&config().build()));
        let seen = sent_by(builder, &script).await.expect("a page");
        assert_eq!(seen.target, format!("https://{endpoint}.example/things/x"));
        let scope = format!("/{scope}/things/aws4_request");
        assert!(header(&seen, "authorization").contains(&scope));
    }
}

#[tokio::test]
async fn endpoints_are_selected() {
    for (config, expected) in [
        (
            config().use_fips(false).use_dual_stack(false),
            "https://west.example/things/x",
        ),
        (
            config().use_fips(true),
            "https://fips.west.example/things/x",
        ),
        (
            config().use_dual_stack(true),
            "https://dual.west.example/things/x",
        ),
        (
            config().endpoint_url("http://localhost:8000"),
            "http://localhost:8000/things/x",
        ),
    ] {
        assert_eq!(sent(config).await.target, expected);
    }
}

#[tokio::test]
async fn the_last_choice_of_endpoints_counts() {
    const REGIONAL: &str = "https://west.example/things/x";
    let selecting = config().use_fips(true).use_dual_stack(true).build();
    let other = config().use_fips(false).use_dual_stack(false).build();
    let script = Script::new([ok(), ok()]);
    let seen = sent_by(
        builder(&script).sdk_config(&selecting).sdk_config(&other),
        &script,
    );
    assert_eq!(seen.await.expect("a page").target, REGIONAL);
    // A service without rules has neither.
    let builder = Builder::<Inner>::new(&OF_AWS).transport(script.clone());
    let builder = builder.sdk_config(&selecting).sdk_config(&other);
    assert!(builder.build().is_ok());
}

#[cfg(feature = "customizations")]
#[tokio::test]
async fn methods_of_the_builder_replace_the_dual_stack_of_the_configuration() {
    const DUAL: &str = "https://dual.west.example/things/x";
    const REGIONAL: &str = "https://west.example/things/x";
    for (configured, then, expected) in [(true, false, REGIONAL), (false, true, DUAL)] {
        let config = config().use_dual_stack(configured).build();
        let script = Script::new([ok()]);
        let later = builder(&script).sdk_config(&config).use_dual_stack(then);
        let seen = sent_by(later, &script).await.expect("a page");
        assert_eq!(seen.target, expected);
        let script = Script::new([ok()]);
        let earlier = builder(&script).use_dual_stack(configured);
        let config = self::config().use_dual_stack(then).build();
        let seen = sent_by(earlier.sdk_config(&config), &script).await;
        assert_eq!(seen.expect("a page").target, expected);
    }
}

#[tokio::test]
async fn a_configuration_without_a_region_keeps_that_of_signatures() {
    let script = Script::new([ok()]);
    let config = SdkConfig::builder()
        .credentials_provider(credentials(None))
        .build();
    let builder = builder(&script)
        .sigv4(Credentials::new("AKID2", "SECRET"), "north")
        .sdk_config(&config);
    let seen = sent_by(builder, &script).await.expect("a page");
    let authorization = header(&seen, "authorization");
    assert!(
        authorization.contains("Credential=AKID/"),
        "{authorization}"
    );
    assert!(
        authorization.contains("/north/things/aws4_request"),
        "{authorization}"
    );
}

#[tokio::test]
async fn endpoints_that_a_service_lacks_are_an_error() {
    let script = Script::default();
    let without_rules = || Builder::<Inner>::new(&OF_AWS).transport(script.clone());
    for (config, endpoints) in [
        (config().use_fips(true), "FIPS"),
        (config().use_dual_stack(true), "dual-stack"),
    ] {
        let config = config.build();
        let error = without_rules()
            .sdk_config(&config)
            .build()
            .expect_err("no such endpoint");
        assert_eq!(
            error.to_string(),
            format!(
                "the `SdkConfig` selects {endpoints} endpoints, for which the model of Things has \
                 no rules: call `endpoint(\"https://..\")` or turn them off"
            )
        );
        let chosen = without_rules()
            .sdk_config(&config)
            .endpoint("https://fips.example");
        assert!(chosen.build().is_ok());
    }
}

#[tokio::test]
async fn signing_requires_a_region() {
    let config = SdkConfig::builder()
        .credentials_provider(credentials(None))
        .build();
    let script = Script::default();
    let builder = builder(&script)
        .sdk_config(&config)
        .endpoint("https://things.example");
    assert_eq!(
        builder.build().expect_err("no region").to_string(),
        "the client of Things has no region to sign requests for: call `region(..)`"
    );
}

#[tokio::test]
async fn the_app_name_is_in_the_user_agent() {
    let name = AppName::new("shop").expect("a name");
    let seen = sent(config().app_name(name)).await;
    for header in ["user-agent", "x-amz-user-agent"] {
        assert!(
            self::header(&seen, header).ends_with(" app/shop"),
            "{header}"
        );
    }
}

/// The endpoint of one service.
#[derive(Debug)]
struct OfService;

impl LoadServiceConfig for OfService {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_known = (key.service_id(), key.env(), key.profile())
            == ("Some Things", "AWS_ENDPOINT_URL", "endpoint_url");
        is_known.then(|| "http://of-service".to_owned())
    }
}

#[tokio::test]
async fn the_endpoint_of_a_service_has_precedence_over_that_of_all() {
    use aws_types::origin::Origin;
    let general = |origin| {
        let mut config = config()
            .endpoint_url("http://general")
            .service_config(OfService);
        config.insert_origin("endpoint_url", origin);
        config
    };
    // The environment has set it.
    let seen = sent(general(Origin::shared_environment_variable())).await;
    assert_eq!(seen.target, "http://of-service/things/x");
    let seen = sent(config().service_config(OfService)).await;
    assert_eq!(seen.target, "http://of-service/things/x");
    // The program has set it.
    let seen = sent(general(Origin::shared_config())).await;
    assert_eq!(seen.target, "http://general/things/x");
}

#[tokio::test(start_paused = true)]
async fn retries_are_those_of_the_configuration() {
    use aws_smithy_types::retry::RetryConfig as SdkRetries;
    let slow = SdkRetries::standard()
        .with_max_attempts(5)
        .with_initial_backoff(Duration::from_secs(1000))
        .with_max_backoff(Duration::from_millis(1));
    for (retries, attempts) in [(slow, 5), (SdkRetries::disabled(), 1)] {
        let script = Script::new((0..5).map(|_| response(503, &[], "{}")));
        let builder = builder(&script).sdk_config(&config().retry_config(retries).build());
        let started = Instant::now();
        sent_by(builder, &script).await.expect_err("no service");
        assert_eq!(script.count(), attempts);
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_are_those_of_the_configuration() {
    use aws_smithy_types::timeout::TimeoutConfig;
    let seconds = Duration::from_secs;
    let timeouts = TimeoutConfig::builder;
    for (timeouts, expected) in [
        (timeouts().operation_timeout(seconds(7)), 7),
        (timeouts().operation_attempt_timeout(seconds(5)), 5),
        (timeouts().read_timeout(seconds(4)), 4),
        (
            timeouts()
                .read_timeout(seconds(4))
                .operation_attempt_timeout(seconds(5)),
            5,
        ),
        // Those of clients.
        (timeouts(), 30),
    ] {
        let script = Script::new([Step::Hang]);
        let builder = builder(&script)
            .sdk_config(&config().timeout_config(timeouts.build()).build())
            .retries(RetryConfig::none());
        let started = Instant::now();
        sent_by(builder, &script).await.expect_err("no response");
        assert_eq!(started.elapsed().as_secs(), expected);
    }
}

#[tokio::test]
async fn an_empty_configuration_changes_nothing() {
    let script = Script::new([ok()]);
    let builder = builder(&script)
        .region("west")
        .sigv4(Credentials::new("AKID2", "SECRET"), "north")
        .sdk_config(&SdkConfig::builder().build());
    let seen = sent_by(builder, &script).await.expect("a page");
    assert_eq!(seen.target, "https://west.example/things/x");
    let authorization = header(&seen, "authorization");
    assert!(
        authorization.contains("Credential=AKID2/"),
        "{authorization}"
    );
    assert!(
        authorization.contains("/north/things/aws4_request"),
        "{authorization}"
    );
}

#[tokio::test]
async fn the_account_of_credentials_is_in_the_endpoint() {
    use AccountIdEndpointMode::{Disabled, Preferred, Required};
    const REGIONAL: &str = "https://west.example/things/x";
    const OF_ACCOUNT: &str = "https://123456789012.example/things/x";
    for (account, mode, expected) in [
        (Some("123456789012"), None, Ok(OF_ACCOUNT)),
        (Some("123456789012"), Some(Preferred), Ok(OF_ACCOUNT)),
        (Some("123456789012"), Some(Required), Ok(OF_ACCOUNT)),
        (Some("123456789012"), Some(Disabled), Ok(REGIONAL)),
        (None, None, Ok(REGIONAL)),
        (None, Some(Preferred), Ok(REGIONAL)),
        (None, Some(Required), Err("an account is required")),
    ] {
        let mut config = config().credentials_provider(credentials(account));
        config.set_account_id_endpoint_mode(mode.clone());
        let config = config.build();
        let script = Script::new([ok(), ok()]);
        let client = builder(&script)
            .sdk_config(&config)
            .build()
            .expect("a client");
        for _ in 0..2 {
            let call = client.call::<Page, ThingError>(&GET, &thing()).await;
            let sent = match &call {
                Ok(_) => Ok(script.seen().remove(0).target),
                Err(error) => Err(cause(error)),
            };
            let sent = sent.as_deref().map_err(|error| &**error);
            assert_eq!(sent, expected, "{account:?} {mode:?}");
        }
        let call = client.call::<Page, ThingError>(&GET, &thing());
        let signed = call.presign(Duration::from_secs(60)).await;
        let uri = signed.ok().map(|signed| signed.uri().to_string());
        let start = expected.ok();
        assert!(
            match (&uri, start) {
                (Some(uri), Some(start)) => uri.starts_with(start),
                (uri, start) => uri.is_none() && start.is_none(),
            },
            "{uri:?}"
        );
    }
}

/// The text of the innermost cause of an error.
fn cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[tokio::test(start_paused = true)]
async fn credentials_for_the_endpoint_are_awaited_within_the_timeout() {
    let never = || async {
        std::future::pending::<()>().await;
        Ok(Credentials::new("AKID", "SECRET"))
    };
    let script = Script::default();
    let builder = builder(&script)
        .sigv4(never, "west")
        .timeout(Duration::from_secs(9));
    let started = Instant::now();
    let error = sent_by(builder, &script).await.expect_err("no credentials");
    assert_eq!(
        error,
        "GetThing: no credentials within the call timeout of 9s"
    );
    assert_eq!((started.elapsed().as_secs(), script.count()), (9, 0));
}

#[cfg(feature = "auth")]
#[tokio::test]
async fn calls_with_a_token_have_no_account() {
    use crate::auth::BearerToken;
    use crate::client::auth::HasBearerAuth;
    use crate::protocol::service::AuthScheme;
    struct Client(Inner);
    impl From<Inner> for Client {
        fn from(inner: Inner) -> Self {
            Self(inner)
        }
    }
    impl HasBearerAuth for Client {}
    static WITH_TOKENS: Service = Service {
        auth: &[AuthScheme::Bearer, AuthScheme::SigV4],
        ..OF_AWS
    };
    let script = Script::new([ok()]);
    let client = Builder::<Client>::new(&WITH_TOKENS)
        .endpoint_rules(&RULES)
        .base_path("")
        .transport(script.clone())
        .sdk_config(
            &config()
                .credentials_provider(credentials(Some("123456789012")))
                .build(),
        )
        .bearer_token(BearerToken::new("a-token"))
        .build()
        .expect("a client");
    let call = client.0.call::<Page, ThingError>(&GET, &thing());
    call.await.expect("a page");
    let seen = script.seen().remove(0);
    assert_eq!(seen.target, "https://west.example/things/x");
    assert_eq!(header(&seen, "authorization"), "Bearer a-token");
}
