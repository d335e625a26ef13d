//! Authentication: our client against our server, with each scheme and with combinations of them.

mod console;
mod http;
mod oidc;
mod outcomes;
mod refresh;
mod signatures;

use std::sync::Arc;

use drawplate_fixtures::vault::client::Builder;
use drawplate_fixtures::vault::server::{
    AccessKey, ApiKey, BasicCredentials, BearerToken, RequestContext, Router, SigV4Verifier, Vault,
    Verifier, Verifiers, Verify, VerifyError, router,
};
use drawplate_fixtures::vault::{Client, error, input, output};

/// Who calls.
#[derive(Clone, Debug, PartialEq)]
struct Caller(String);

/// An implementation that responds with who calls.
struct Doorman;

impl Vault<Caller> for Doorman {
    async fn get_any(
        &self,
        _: input::GetAnyInput,
        cx: &RequestContext<Caller>,
    ) -> Result<output::GetAnyOutput, error::GetAnyError> {
        Ok(output::GetAnyOutput::new().caller(&*cx.identity().0))
    }

    async fn get_greeting(
        &self,
        _: input::GetGreetingInput,
        cx: &RequestContext<Option<Caller>>,
    ) -> Result<output::GetGreetingOutput, error::GetGreetingError> {
        let caller = cx.identity().as_ref();
        let name = caller.map_or("nobody", |caller| &caller.0);
        Ok(output::GetGreetingOutput::new().caller(name))
    }

    async fn get_public(
        &self,
        _: input::GetPublicInput,
        cx: &RequestContext,
    ) -> Result<output::GetPublicOutput, error::GetPublicError> {
        let () = cx.identity();
        Ok(output::GetPublicOutput::new().caller("anyone"))
    }

    async fn get_token(
        &self,
        _: input::GetTokenInput,
        cx: &RequestContext<Caller>,
    ) -> Result<output::GetTokenOutput, error::GetTokenError> {
        Ok(output::GetTokenOutput::new().caller(&*cx.identity().0))
    }

    async fn put_either(
        &self,
        _: input::PutEitherInput,
        cx: &RequestContext<Caller>,
    ) -> Result<output::PutEitherOutput, error::PutEitherError> {
        Ok(output::PutEitherOutput::new().caller(&*cx.identity().0))
    }

    async fn put_signed(
        &self,
        input: input::PutSignedInput,
        cx: &RequestContext<Caller>,
    ) -> Result<output::PutSignedOutput, error::PutSignedError> {
        let text = input.text.unwrap_or_default();
        let caller = format!("{} {} {text}", cx.identity().0, input.name);
        Ok(output::PutSignedOutput::new().caller(caller))
    }

    async fn upload(
        &self,
        input: input::UploadInput,
        _: &RequestContext<Caller>,
    ) -> Result<output::UploadOutput, error::UploadError> {
        let data = input.data.collect().await.map_err(|error| {
            let error = drawplate_fixtures::UnmodeledError::new(400).message(error.to_string());
            error::UploadError::from(error)
        })?;
        let length = i32::try_from(data.len()).expect("a short body");
        Ok(output::UploadOutput::new().length(length))
    }
}

/// Knows who has a token, and that guests may not get it.
struct Tokens;

impl Verify<BearerToken, Caller> for Tokens {
    async fn verify(&self, token: BearerToken, cx: &RequestContext) -> Result<Caller, VerifyError> {
        match token.as_str() {
            "broken" => Err(VerifyError::failed("the database at db.internal is down")),
            "guest" if cx.operation_name() == "GetToken" => {
                Err(VerifyError::insufficient("guests get no token"))
            }
            token if token.starts_with("no-") => Err(VerifyError::invalid("the token is unknown")),
            token => Ok(Caller(format!("token {token}"))),
        }
    }
}

const ACCESS_KEY: &str = "AKIDEXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn signatures() -> SigV4Verifier<Caller> {
    SigV4Verifier::from_fn(|id| async move {
        match id.as_str() {
            ACCESS_KEY => Ok(AccessKey::new(SECRET_KEY, Caller("signed".to_owned()))),
            "TEMPORARY" => {
                let caller = Caller("temporary".to_owned());
                Ok(AccessKey::new(SECRET_KEY, caller).session_token("session"))
            }
            _ => Err(VerifyError::invalid("no such key")),
        }
    })
}

fn verifiers() -> Verifiers<Caller> {
    Verifiers {
        sigv4: signatures(),
        api_key: Verifier::from_fn(|key: ApiKey| async move {
            if key.matches("open sesame") {
                Ok(Caller("key".to_owned()))
            } else {
                Err(VerifyError::invalid("the key is unknown"))
            }
        }),
        basic: Verifier::from_fn(|credentials: BasicCredentials| async move {
            if credentials.matches("ada", "love:lace") {
                Ok(Caller(format!("user {}", credentials.username())))
            } else {
                Err(VerifyError::invalid("the password is wrong"))
            }
        }),
        bearer: Verifier::new(Tokens),
    }
}

/// The service with a verifier for each scheme.
fn vault() -> Router {
    router(Doorman, verifiers())
}

/// A client of it.
fn client(set: impl FnOnce(Builder<Client>) -> Builder<Client>) -> Client {
    let builder = Client::builder()
        .endpoint("http://vault.example")
        .transport(vault());
    set(builder).build().expect("a client")
}

/// Who a result says that the caller is, or the text of the error with its causes.
fn caller<E: std::error::Error>(result: Result<Option<String>, E>) -> Result<String, String> {
    match result {
        Ok(caller) => Ok(caller.unwrap_or_default()),
        Err(error) => {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                text = format!("{text}: {error}");
                source = error.source();
            }
            Err(text)
        }
    }
}

/// The service behind an `Arc`, for tests that share it.
fn shared() -> Arc<Doorman> {
    Arc::new(Doorman)
}
