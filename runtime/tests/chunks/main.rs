//! Bodies in chunks, signed or not, with or without a checksum behind them: our client against our
//! server.
#![cfg(all(
    feature = "checksums",
    feature = "server",
    feature = "sigv4",
    feature = "xml"
))]
#![allow(missing_docs, unreachable_pub, reason = "it has no public API")]

mod broken;
mod constructors;
mod example;
mod headers;
#[cfg(feature = "serve")]
mod memory;
mod service;
mod uploads;

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use drawplate_runtime::ByteStream;
use drawplate_runtime::client::{Body, BoxError, Builder, Credentials, Error, Inner, RetryConfig};
use drawplate_runtime::server::Router;
use http::{HeaderMap, Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tower_service::Service;

use service::{ACCESS_KEY, OPEN, PutError, REGION, Receipt, SECRET_KEY, SIGNED, STREAM, Stream};

/// The names of all algorithms.
const ALGORITHMS: [&str; 5] = ["CRC64NVME", "CRC32C", "CRC32", "SHA1", "SHA256"];

/// A body that arrives in frames, with a wait before each. Its length may be known.
struct Frames {
    rest: VecDeque<Bytes>,
    length: Option<u64>,
    waited: bool,
}

impl Frames {
    fn new(bytes: &[u8], size: usize) -> Self {
        let frames = bytes.chunks(size).map(Bytes::copy_from_slice);
        Self {
            rest: frames.collect(),
            length: None,
            waited: false,
        }
    }

    fn with_length(self) -> Self {
        let length = self.rest.iter().map(|frame| frame.len() as u64).sum();
        Self {
            length: Some(length),
            ..self
        }
    }
}

impl HttpBody for Frames {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if !std::mem::replace(&mut self.waited, true) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.waited = false;
        let frame = self.rest.pop_front();
        Poll::Ready(frame.map(|frame| Ok(Frame::data(frame))))
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}

/// A change of a request, whose body is encoded.
type Change = dyn Fn(&mut HeaderMap, &mut Vec<u8>) + Send + Sync;

/// A transport to a router, which changes requests and splits their bodies.
#[derive(Clone)]
struct Wire {
    router: Router,
    change: Arc<Change>,
    frame: usize,
}

impl Service<Request<Body>> for Wire {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self {
            mut router,
            change,
            frame,
        } = self.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let mut body = body.collect(usize::MAX).await?.to_vec();
            change(&mut parts.headers, &mut body);
            let body = Body::new(Frames::new(&body, frame));
            Ok(router.call(Request::from_parts(parts, body)).await?)
        })
    }
}

/// Who calls, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Caller {
    /// Over TLS, with a signature that does not cover the body.
    Signed,
    /// Without TLS, with a signature of each chunk.
    SignedChunks,
    /// Without credentials.
    Anyone,
}

/// A client that sends requests to a router.
fn client(caller: Caller, router: Router, frame: usize, change: Arc<Change>) -> Inner {
    let (service, url) = match caller {
        Caller::Signed => (&SIGNED, "https://objects.example"),
        Caller::SignedChunks => (&SIGNED, "http://objects.example"),
        Caller::Anyone => (&OPEN, "http://objects.example"),
    };
    let wire = Wire {
        router,
        change,
        frame,
    };
    let builder = Builder::<Inner>::new(service)
        .endpoint(url)
        .transport(wire)
        .retries(RetryConfig::none());
    let builder = match caller {
        Caller::Anyone => builder,
        _ => builder.sigv4(Credentials::new(ACCESS_KEY, SECRET_KEY), REGION),
    };
    builder.build().expect("a client")
}

/// An input with a body that is not in memory.
fn input(algorithm: &str, data: &[u8]) -> Stream {
    Stream {
        bucket: "bucket".to_owned(),
        key: "a key/ä".to_owned(),
        algorithm: Some(algorithm.to_owned()),
        body: ByteStream::new(Frames::new(data, 10_000).with_length()),
        ..Stream::default()
    }
}

/// Calls the operation with a streaming body.
async fn put(client: &Inner, input: &Stream) -> Result<Receipt, Error<PutError>> {
    client.call::<Receipt, PutError>(&STREAM, input).await
}

fn unchanged() -> Arc<Change> {
    Arc::new(|_, _| {})
}
