//! A transport that follows a script and records the requests.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use super::SERVICE;
use crate::client::{Body, BoxError, Builder, Inner};

/// The reaction to a request.
pub(super) enum Step {
    Respond(Response<Body>),
    Fail(BoxError),
    /// Never responds.
    Hang,
    /// Responds after a while.
    Late(Duration, Response<Body>),
}

impl From<Response<Body>> for Step {
    fn from(response: Response<Body>) -> Self {
        Self::Respond(response)
    }
}

/// A request as it arrived.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) target: String,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Bytes,
    pub(super) at: tokio::time::Instant,
}

#[derive(Clone, Default)]
pub(super) struct Script {
    steps: Arc<Mutex<VecDeque<Step>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Script {
    pub(super) fn new<T: Into<Step>>(steps: impl IntoIterator<Item = T>) -> Self {
        let steps = steps.into_iter().map(Into::into).collect();
        Self {
            steps: Arc::new(Mutex::new(steps)),
            seen: Arc::default(),
        }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().expect("no test panics with it"))
    }

    pub(super) fn count(&self) -> usize {
        self.seen.lock().expect("no test panics with it").len()
    }
}

impl Service<Request<Body>> for Script {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self { steps, seen } = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(usize::MAX).await.expect("a body in memory");
            let at = tokio::time::Instant::now();
            let request = Seen {
                target: parts.uri.to_string(),
                headers: parts.headers,
                body,
                at,
            };
            seen.lock().expect("no test panics with it").push(request);
            let step = steps.lock().expect("no test panics with it").pop_front();
            match step.expect("the script has a step for each request") {
                Step::Respond(response) => Ok(response),
                Step::Fail(error) => Err(error),
                Step::Hang => std::future::pending::<Result<_, Infallible>>()
                    .await
                    .map_err(Into::into),
                Step::Late(wait, response) => {
                    tokio::time::sleep(wait).await;
                    Ok(response)
                }
            }
        })
    }
}

/// A response: status, headers, body.
pub(super) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(Body::from(body.to_owned()))
        .expect("a valid response")
}

/// A client over a script.
pub(super) fn client(script: &Script) -> Builder<Inner> {
    Builder::new(&SERVICE)
        .endpoint("https://things.example")
        .transport(script.clone())
        .unauthenticated()
}
