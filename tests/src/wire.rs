//! A transport of clients that keeps requests in memory.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use drawplate_runtime::client::Body;
use http::{Request, Response};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A transport that keeps requests. It responds with the given responses, and then with empty
/// objects.
#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<Exchanged>>);

#[derive(Default)]
struct Exchanged {
    requests: Vec<Request<Bytes>>,
    responses: VecDeque<Response<Body>>,
}

impl Wire {
    /// Responds to the first requests with these.
    pub fn responding(responses: impl IntoIterator<Item = Response<Body>>) -> Self {
        let wire = Self::default();
        wire.exchanged().responses.extend(responses);
        wire
    }

    /// Takes the requests that were sent.
    pub fn take(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut self.exchanged().requests)
    }

    fn exchanged(&self) -> MutexGuard<'_, Exchanged> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl tower_service::Service<Request<Body>> for Wire {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let wire = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(usize::MAX).await?;
            let mut exchanged = wire.exchanged();
            exchanged.requests.push(Request::from_parts(parts, body));
            let response = exchanged.responses.pop_front();
            Ok(response.unwrap_or_else(|| Response::new(Body::from("{}"))))
        })
    }
}
