//! Event streams on the server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Response};
use http_body::{Body as HttpBody, Frame};

use crate::codec::Mode;
use crate::error::DecodeError;
use crate::http::held::HeldBytes;
use crate::http::{Body, BoxError};
use crate::protocol::ServerProtocol;
use crate::protocol::service::Operation;
use crate::service_error::UnmodeledError;
use crate::shape::{DecodeMembers, Decoder};
use crate::stream::ByteStream;
use crate::stream::event::{Guard, Incoming, Limits, Reader, unmodeled};

use super::incoming;
use super::rejection::Rejection;
use crate::validate::decoder::ValidatingDecoder;
use crate::validate::patterns::Patterns;

/// Validates events before an implementation receives them.
impl Guard for Patterns {
    fn decode(
        &self,
        union: &mut dyn DecodeMembers,
        index: usize,
        event: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        let mut checked = ValidatingDecoder {
            inner: event,
            patterns: self,
            fingerprint: None,
        };
        union.decode_member(index, &mut checked)
    }
}

/// Whether the events of a request are in signed messages.
pub(super) fn are_signed(operation: &Operation, headers: &HeaderMap) -> bool {
    operation.input.events().is_some()
        && headers
            .get("x-amz-content-sha256")
            .is_some_and(|stated| stated == "STREAMING-AWS4-HMAC-SHA256-EVENTS")
}

/// The events of a request. Without HTTP bindings, the first message holds the other members.
/// `limit` is the maximum size of an event in bytes.
pub(super) async fn receive(
    protocol: &dyn ServerProtocol,
    operation: &Operation,
    patterns: Arc<Patterns>,
    limit: usize,
    stream: ByteStream,
    memory: HeldBytes,
) -> Result<Incoming, Rejection> {
    let Limits { headers, payload } = Limits::SERVICE;
    let reader = Reader {
        codec: protocol.codec(),
        mode: Mode::Strict,
        limits: Limits {
            headers,
            payload: payload.min(limit),
        },
        guard: Some(patterns),
        memory,
    };
    let mut events = Incoming::new(stream, reader);
    if protocol.messages().has_initial_message() && operation.input.members.len() > 1 {
        let begun = events.begin().await;
        begun.map_err(|error| incoming::broken(&error))?;
    }
    Ok(events)
}

/// Makes an event stream report to the client when it breaks off.
pub(super) fn report_faults(response: &mut Response<Body>) {
    let body = std::mem::take(response.body_mut());
    *response.body_mut() = Body::new(Reported(Some(body)));
}

/// An event stream that tells the client when it breaks off. An event that cannot be written, or a
/// panic in the source of the events, is a fault of the service and affects this call only.
struct Reported(Option<Body>);

impl HttpBody for Reported {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(body) = &mut self.0 else {
            return Poll::Ready(None);
        };
        // The body is not polled again after a panic.
        match catch_unwind(AssertUnwindSafe(|| Pin::new(body).poll_frame(cx))) {
            Ok(Poll::Ready(Some(Err(error)))) => {
                tracing::error!(%error, "an event cannot be written");
            }
            Ok(frame) => return frame,
            Err(_) => tracing::error!("the source of the events panicked"),
        }
        self.0 = None;
        let error = UnmodeledError::new(None)
            .code("InternalFailure")
            .message("the service failed");
        let frame = unmodeled(&error).encode();
        Poll::Ready(Some(frame.map(Frame::data).map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}
