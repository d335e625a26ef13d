//! Signatures of events. Each covers a message and the previous signature; the first one follows
//! the signature of the request.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use aws_sigv4::event_stream::{sign_empty_message, sign_message};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_types::event_stream as aws;
use bytes::Bytes;
use http::Request;
use http_body::{Body as HttpBody, Frame};

use super::{RequestSignature, Signer, without_tracing};
use crate::http::{Body, BoxError};
use crate::stream::event::{HeaderValue, Limits, Message, MessageDecoder};

/// Returns the current time.
type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// Signs each message in the body of a signed request. An empty message marks the end of the
/// stream.
pub(crate) fn sign_events(
    signer: Arc<Signer>,
    previous: RequestSignature,
    clock: Clock,
    request: &mut Request<Body>,
) {
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = Body::new(SignedEvents {
        body: Some(body),
        signer,
        previous,
        clock,
    });
}

/// A body whose pieces are signed messages.
struct SignedEvents {
    /// `None` once it has ended.
    body: Option<Body>,
    signer: Arc<Signer>,
    /// The signature of the request, then of the latest message.
    previous: RequestSignature,
    clock: Clock,
}

impl SignedEvents {
    /// Wraps a message in a signed one; without a frame, signs the empty message.
    fn sign(&mut self, frame: Option<&Bytes>) -> Result<Bytes, BoxError> {
        let RequestSignature {
            identity,
            signature,
        } = &mut self.previous;
        let params = SigningParams::builder()
            .identity(identity)
            .region(&self.signer.region)
            .name(self.signer.name)
            .time((self.clock)())
            .settings(())
            .build()?;
        let (message, next) = match frame {
            Some(frame) => {
                let message = to_aws(frame)?;
                without_tracing(|| sign_message(&message, signature, &params))?.into_parts()
            }
            None => without_tracing(|| sign_empty_message(signature, &params))?.into_parts(),
        };
        *signature = next;
        Ok(from_aws(&message)?.encode()?)
    }
}

impl HttpBody for SignedEvents {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = match ready!(Pin::new(body).poll_frame(cx)) {
            Some(Err(error)) => {
                self.body = None;
                return Poll::Ready(Some(Err(error)));
            }
            Some(Ok(frame)) => frame.into_data().ok(),
            None => {
                self.body = None;
                None
            }
        };
        Poll::Ready(Some(self.sign(frame.as_ref()).map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none()
    }
}

/// Converts a message into the type of the signer.
fn to_aws(frame: &Bytes) -> Result<aws::Message, BoxError> {
    let mut frames = MessageDecoder::new(Limits::bytes(usize::MAX));
    frames.push(frame);
    let message = frames
        .next_message()?
        .ok_or("the body has an incomplete event message")?;
    let mut signable = aws::Message::new(message.payload().clone());
    for (name, value) in message.headers() {
        let value = match value {
            HeaderValue::Boolean(value) => aws::HeaderValue::Bool(*value),
            HeaderValue::Byte(value) => aws::HeaderValue::Byte(*value),
            HeaderValue::Short(value) => aws::HeaderValue::Int16(*value),
            HeaderValue::Integer(value) => aws::HeaderValue::Int32(*value),
            HeaderValue::Long(value) => aws::HeaderValue::Int64(*value),
            HeaderValue::Bytes(bytes) => aws::HeaderValue::ByteArray(bytes.clone()),
            HeaderValue::String(text) => aws::HeaderValue::String(text.clone().into()),
            HeaderValue::Timestamp(milliseconds) => {
                aws::HeaderValue::Timestamp(aws_smithy_types::DateTime::from_millis(*milliseconds))
            }
            HeaderValue::Uuid(bytes) => aws::HeaderValue::Uuid(u128::from_be_bytes(*bytes)),
        };
        signable = signable.add_header(aws::Header::new(name.to_owned(), value));
    }
    Ok(signable)
}

/// Converts the message of the signer: a signature, a date and the message that was signed.
fn from_aws(signed: &aws::Message) -> Result<Message, BoxError> {
    let mut message = Message::new(signed.payload().clone());
    for header in signed.headers() {
        let value = match header.value() {
            aws::HeaderValue::ByteArray(bytes) => HeaderValue::Bytes(bytes.clone()),
            aws::HeaderValue::Timestamp(time) => HeaderValue::Timestamp(time.to_millis()?),
            _ => return Err("the signature has a header of an unexpected type".into()),
        };
        message = message.header(header.name().as_str(), value);
    }
    Ok(message)
}
