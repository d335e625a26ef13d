//! Clients of two operations, written by hand with http, serde and percent-encoding.
//!
//! [`Bare`] makes a request, assumes that the response is right, and does nothing else. [`Careful`]
//! does what ours does by default: limits for time and size, errors with code and message, a trace,
//! another attempt if it is safe. Neither keeps values that are newer than the model, redacts
//! secrets, or has pages, layers, tokens, metadata or options per call.

use std::convert::Infallible;
use std::fmt;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tower::Service;

use super::shapes::{NewAuth, NewAuthResponse, Token};

/// Unreserved characters stay (RFC 3986 section 2.3).
const LABEL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A transport that responds at once.
pub(crate) trait Transport:
    Service<Request<Full<Bytes>>, Response = Response<Full<Bytes>>, Error = Infallible> + Clone
{
}

impl<S> Transport for S where
    S: Service<Request<Full<Bytes>>, Response = Response<Full<Bytes>>, Error = Infallible> + Clone
{
}

pub(crate) struct Bare<T> {
    pub(crate) endpoint: String,
    pub(crate) transport: T,
    pub(crate) signer: Option<Signer>,
}

impl<T: Transport> Bare<T> {
    pub(crate) async fn get_token(&self, app_id: &str, session_id: &str) -> Token {
        let request = get_token(&self.endpoint, app_id, session_id);
        self.send(request, Bytes::new()).await
    }

    pub(crate) async fn create_auth(&self, app_id: &str, auth: &NewAuth) -> NewAuthResponse {
        let (request, body) = create_auth(&self.endpoint, app_id, auth);
        self.send(request, body).await
    }

    async fn send<O: DeserializeOwned>(&self, request: http::request::Builder, body: Bytes) -> O {
        let mut request = request.body(Full::new(body.clone())).expect("is a request");
        if let Some(signer) = &self.signer {
            signer.sign(&mut request, &body);
        }
        let response = self
            .transport
            .clone()
            .call(request)
            .await
            .expect("a response");
        assert!(response.status().is_success());
        let body = response.into_body().collect().await.expect("is whole");
        serde_json::from_slice(&body.to_bytes()).expect("is what it should be")
    }
}

pub(crate) struct Careful<T> {
    pub(crate) endpoint: String,
    pub(crate) transport: T,
    pub(crate) signer: Option<Signer>,
}

/// Why there is no response.
#[derive(Debug)]
#[allow(dead_code, reason = "what a caller would look at")]
pub(crate) enum Failure {
    Timeout,
    Body(Box<dyn std::error::Error + Send + Sync>),
    Response(serde_json::Error),
    Service {
        status: u16,
        code: Option<String>,
        message: Option<String>,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

#[derive(Deserialize)]
struct Said {
    #[serde(alias = "Message")]
    message: Option<String>,
}

const ATTEMPTS: u32 = 3;
const LIMIT: usize = 32 << 20;
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
const TIMEOUT: Duration = Duration::from_secs(90);

impl<T: Transport> Careful<T> {
    pub(crate) async fn get_token(&self, app_id: &str, session_id: &str) -> Result<Token, Failure> {
        let request = get_token(&self.endpoint, app_id, session_id);
        self.call("GetToken", true, request, Bytes::new()).await
    }

    pub(crate) async fn create_auth(
        &self,
        app_id: &str,
        auth: &NewAuth,
    ) -> Result<NewAuthResponse, Failure> {
        let (request, body) = create_auth(&self.endpoint, app_id, auth);
        self.call("CreateBackendAuth", false, request, body).await
    }

    async fn call<O: DeserializeOwned>(
        &self,
        operation: &'static str,
        safe: bool,
        request: http::request::Builder,
        body: Bytes,
    ) -> Result<O, Failure> {
        use tracing::Instrument as _;
        let request = request.body(Full::new(body.clone())).expect("is a request");
        let attempts = async {
            let mut number = 1;
            loop {
                let attempt = self.attempt(request.clone(), &body);
                let outcome = match tokio::time::timeout(ATTEMPT_TIMEOUT, attempt).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(Failure::Timeout),
                };
                let again = safe
                    && number < ATTEMPTS
                    && match &outcome {
                        Err(Failure::Service { status, .. }) => *status >= 500,
                        Err(Failure::Timeout | Failure::Body(_)) => true,
                        _ => false,
                    };
                if !again {
                    return outcome;
                }
                tokio::time::sleep(Duration::from_millis(100 << number)).await;
                number += 1;
            }
        };
        let attempts = attempts.instrument(tracing::debug_span!("call", operation));
        match tokio::time::timeout(TIMEOUT, attempts).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::Timeout),
        }
    }

    async fn attempt<O: DeserializeOwned>(
        &self,
        mut request: Request<Full<Bytes>>,
        body: &Bytes,
    ) -> Result<O, Failure> {
        if let Some(signer) = &self.signer {
            signer.sign(&mut request, body);
        }
        let response = self.transport.clone().call(request).await;
        let Ok(response) = response;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LIMIT).collect().await;
        let body = body.map_err(Failure::Body)?.to_bytes();
        let status = parts.status;
        tracing::debug!(status = status.as_u16(), "response");
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(Failure::Response);
        }
        let code = parts.headers.get("x-amzn-errortype");
        let code = code.and_then(|code| code.to_str().ok()).map(str::to_owned);
        let said = serde_json::from_slice::<Said>(&body).ok();
        Err(Failure::Service {
            status: status.as_u16(),
            code,
            message: said.and_then(|said| said.message),
        })
    }
}

fn get_token(endpoint: &str, app_id: &str, session_id: &str) -> http::request::Builder {
    let app = utf8_percent_encode(app_id, LABEL);
    let session = utf8_percent_encode(session_id, LABEL);
    request(
        Method::GET,
        format!("{endpoint}/prod/backend/{app}/challenge/{session}"),
    )
}

fn create_auth(endpoint: &str, app_id: &str, auth: &NewAuth) -> (http::request::Builder, Bytes) {
    let app = utf8_percent_encode(app_id, LABEL);
    let body = Bytes::from(serde_json::to_vec(auth).expect("is JSON"));
    let request = request(Method::POST, format!("{endpoint}/prod/backend/{app}/auth"));
    let json = HeaderValue::from_static("application/json");
    (
        request
            .header(CONTENT_TYPE, json)
            .header("content-length", body.len()),
        body,
    )
}

fn request(method: Method, uri: String) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(uri)
        .header(USER_AGENT, HeaderValue::from_static("by-hand"))
        .header(ACCEPT, HeaderValue::from_static("application/json"))
}

/// Signs with what never changes.
pub(crate) struct Signer(Identity);

impl Signer {
    pub(crate) fn new(access_key_id: &str, secret_access_key: &str) -> Self {
        let name = "static";
        Self(Credentials::new(access_key_id, secret_access_key, None, None, name).into())
    }

    fn sign(&self, request: &mut Request<Full<Bytes>>, body: &[u8]) {
        let params = v4::SigningParams::builder()
            .identity(&self.0)
            .region("eu-west-1")
            .name("amplifybackend")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .expect("is complete")
            .into();
        let uri = request.uri().to_string();
        let headers = request.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.as_str(), value.to_str().expect("is text")));
        let signable = SignableRequest::new(
            request.method().as_str(),
            uri,
            headers,
            SignableBody::Bytes(body),
        );
        let signed = sign(signable.expect("can be signed"), &params).expect("is signed");
        signed.into_parts().0.apply_to_request_http1x(request);
    }
}
