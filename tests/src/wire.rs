//! A transport of clients that keeps requests in memory.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use drawplate_runtime::client::Body;
use http::{Request, Response};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A transport that keeps requests and responds to all with an empty object.
#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<Vec<Request<Bytes>>>>);

impl Wire {
    /// Takes the requests that were sent.
    pub fn take(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, request: Request<Bytes>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
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
            wire.push(Request::from_parts(parts, body));
            Ok(Response::new(Body::from("{}")))
        })
    }
}
