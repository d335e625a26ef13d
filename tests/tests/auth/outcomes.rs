//! Which scheme a call uses, and who the method sees.

use drawplate_fixtures::vault::client::{BasicCredentials, Credentials};
use drawplate_fixtures::vault::server::{
    Mock, TrustedIdentity, Unauthenticated, VerifyError, router, shared_router,
};
use drawplate_fixtures::vault::{Client, input, output};

use super::{ACCESS_KEY, Caller, SECRET_KEY, caller, client, shared, vault, verifiers};

fn any() -> input::GetAnyInput {
    input::GetAnyInput::new("x")
}

#[tokio::test]
async fn the_method_gets_the_identity_of_each_scheme() {
    let keys = Credentials::new(ACCESS_KEY, SECRET_KEY);
    for (client, expected) in [
        (client(|it| it.bearer_token("abc")), "token abc"),
        (client(|it| it.api_key("open sesame")), "key"),
        (
            client(|it| it.basic_auth(BasicCredentials::new("ada", "love:lace"))),
            "user ada",
        ),
        (client(|it| it.sigv4(keys, "eu-west-1")), "signed"),
    ] {
        let result = client.get_any(any()).await.map(|output| output.caller);
        assert_eq!(caller(result).as_deref(), Ok(expected));
    }
}

#[tokio::test]
async fn the_first_scheme_with_an_identity_is_used() {
    let both = client(|it| {
        let basic = BasicCredentials::new("ada", "love:lace");
        it.bearer_token("abc")
            .api_key("open sesame")
            .basic_auth(basic)
    });
    // By id, the key is the first of these.
    let result = both.get_any(any()).await.map(|output| output.caller);
    assert_eq!(caller(result).as_deref(), Ok("key"));
    // The operation prefers the token.
    let input = || input::PutEitherInput::new();
    let result = both.put_either(input()).await.map(|output| output.caller);
    assert_eq!(caller(result).as_deref(), Ok("token abc"));
    // Without a token, it takes the password. A key does not help.
    let basic = client(|it| it.basic_auth(BasicCredentials::new("ada", "love:lace")));
    let result = basic.put_either(input()).await.map(|output| output.caller);
    assert_eq!(caller(result).as_deref(), Ok("user ada"));
}

#[tokio::test]
async fn an_operation_without_an_identity_fails_and_says_what_the_builder_lacks() {
    let key = client(|it| it.api_key("open sesame"));
    let result = key.put_either(input::PutEitherInput::new()).await;
    let error = result.expect_err("there is neither a token nor a password");
    assert_eq!(error.status(), None, "nothing is sent");
    let text = caller(Err(error)).expect_err("an error");
    assert!(
        text.contains("call `bearer_token(..)` or `basic_auth(..)` on the builder"),
        "{text}"
    );
    let none = client(|it| it);
    let error = caller(none.get_any(any()).await.map(|it| it.caller)).expect_err("no identity");
    let all = "`sigv4(..)` or `api_key(..)` or `basic_auth(..)` or `bearer_token(..)`";
    assert!(error.contains(all), "{error}");
}

#[tokio::test]
async fn optional_authentication_is_used_if_there_is_an_identity() {
    for (client, expected) in [
        (client(|it| it), "nobody"),
        (client(|it| it.api_key("open sesame")), "nobody"),
        (client(|it| it.bearer_token("abc")), "token abc"),
    ] {
        let result = client.get_greeting().await.map(|output| output.caller);
        assert_eq!(caller(result).as_deref(), Ok(expected));
        let result = client.get_public().await.map(|output| output.caller);
        assert_eq!(caller(result).as_deref(), Ok("anyone"));
    }
    // An invalid identity is not the same as none.
    let wrong = client(|it| it.bearer_token("no-one"));
    let error = wrong.get_greeting().await.expect_err("an unknown token");
    assert_eq!(error.status(), Some(401));
}

#[tokio::test]
async fn the_mock_and_the_client_in_process_need_no_authentication() {
    let mock = Mock::new().on_get_any(|_| Ok(output::GetAnyOutput::new().caller("mock")));
    let open = Client::in_process(router(mock.clone(), Unauthenticated));
    let result = open.get_any(any()).await.map(|output| output.caller);
    assert_eq!(caller(result).as_deref(), Ok("mock"));

    // The same mock behind verifiers.
    let closed = router(mock.clone(), verifiers());
    let error = Client::in_process(closed.clone()).get_any(any()).await;
    assert_eq!(error.expect_err("no credentials").status(), Some(401));
    let builder = Client::builder().endpoint("http://vault.example");
    let builder = builder.transport(closed).bearer_token("abc");
    let client = builder.build().expect("a client");
    client.get_any(any()).await.expect("a token");
    assert_eq!(mock.calls().len(), 2);
}

#[tokio::test]
async fn an_identity_can_come_from_a_proxy() {
    let trusted = TrustedIdentity::new(|cx| match cx.headers().get("x-user") {
        None => Ok(None),
        Some(user) => match user.to_str() {
            Ok("root") => Err(VerifyError::insufficient("not from here")),
            Ok(user) => Ok(Some(Caller(user.to_owned()))),
            Err(_) => Err(VerifyError::invalid("the user is not text")),
        },
    });
    let client = Client::in_process(shared_router(shared(), trusted));
    let result = client.get_any(any()).header("x-user", "eve").await;
    assert_eq!(caller(result.map(|it| it.caller)).as_deref(), Ok("eve"));
    for (user, status) in [(None, 401), (Some("root"), 403)] {
        let call = client.get_any(any());
        let call = match user {
            Some(user) => call.header("x-user", user),
            None => call,
        };
        assert_eq!(call.await.expect_err("a rejection").status(), Some(status));
    }
    let result = client.get_greeting().await.map(|output| output.caller);
    assert_eq!(caller(result).as_deref(), Ok("nobody"));
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let builder = Client::builder()
        .endpoint("http://vault.example")
        .transport(vault())
        .bearer_token("SECRET")
        .api_key("SECRET")
        .basic_auth(BasicCredentials::new("ada", "SECRET"));
    assert!(!format!("{builder:?}").contains("SECRET"));
    let client = builder.build().expect("a client");
    assert!(!format!("{client:?}").contains("SECRET"));
    let error = client.get_any(any()).await.expect_err("a wrong key");
    assert!(!format!("{error:?}").contains("SECRET"));
    assert!(!format!("{:?}", verifiers()).contains("sesame"));
}
