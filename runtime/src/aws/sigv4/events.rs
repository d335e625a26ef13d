//! Signatures of events. Each covers a message and the previous signature; the first one follows
//! the signature of the request.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::Bytes;
use http::Request;
use http_body::{Body as HttpBody, Frame};
#[cfg(feature = "server")]
use zeroize::Zeroizing;

#[cfg(feature = "server")]
use super::key::{self, SigningKey};
use super::key::{Scope, hmac};
use super::time::SigningTime;
use super::{RequestSignature, Signer, hexadecimal, sha256};
use crate::error::EncodeError;
use crate::http::{Body, BoxError};
#[cfg(feature = "server")]
use crate::stream::event::VerifyMessages;
use crate::stream::event::{self, DATE, HeaderValue, Message, SIGNATURE};
#[cfg(feature = "server")]
use crate::value::Timestamp;

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
    /// Wraps an encoded message in a signed one; an empty frame is the end of the stream.
    fn sign(&mut self, frame: Bytes) -> Result<Bytes, BoxError> {
        let time = SigningTime::new((self.clock)())?;
        let (message, signature) = self.signer.sign_event(frame, &self.previous, &time)?;
        self.previous.signature = signature;
        Ok(message.encode()?)
    }
}

impl Signer {
    /// Wraps an encoded message in a signed one, and returns the signature too.
    pub(super) fn sign_event(
        &self,
        frame: Bytes,
        previous: &RequestSignature,
        time: &SigningTime,
    ) -> Result<(Message, String), BoxError> {
        let RequestSignature {
            credentials,
            signature: previous,
        } = previous;
        let date = HeaderValue::Timestamp(time.timestamp.as_millis());
        let scope = self.scope(time);
        let text = text(time, scope, previous, &date, &frame)?;
        let key = self
            .secrets
            .keys
            .key(credentials.secret_access_key(), scope);
        let signature = hmac(&*key, text.as_bytes());
        let bytes = HeaderValue::Bytes(Bytes::copy_from_slice(&signature));
        let message = Message::new(frame).header(SIGNATURE, bytes);
        Ok((message.header(DATE, date), hexadecimal(&signature)))
    }
}

/// The text that the signature of an encoded message covers.
fn text(
    time: &SigningTime,
    scope: Scope<'_>,
    previous: &str,
    date: &HeaderValue,
    frame: &[u8],
) -> Result<String, EncodeError> {
    let mut header = Vec::new();
    event::write_header(DATE, date, &mut header)?;
    Ok(format!(
        "AWS4-HMAC-SHA256-PAYLOAD\n{}\n{scope}\n{previous}\n{}\n{}",
        time.text,
        sha256(&header),
        sha256(frame),
    ))
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
        let frame = loop {
            match ready!(Pin::new(&mut *body).poll_frame(cx)) {
                Some(Err(error)) => {
                    self.body = None;
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(frame) if !frame.is_empty() => break frame,
                    // An empty message would be the end.
                    _ => {}
                },
                None => {
                    self.body = None;
                    break Bytes::new();
                }
            }
        };
        Poll::Ready(Some(self.sign(frame).map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_none()
    }
}

/// Verifies the signatures of messages that a server receives.
#[cfg(feature = "server")]
pub(crate) struct ReceivedEvents {
    secret_access_key: Zeroizing<String>,
    region: String,
    /// The name of the service.
    name: String,
    /// The signature of the request, then of the latest message.
    previous: String,
}

#[cfg(feature = "server")]
impl ReceivedEvents {
    /// The messages after a verified signature of a request.
    pub(super) fn new(
        secret_access_key: Zeroizing<String>,
        region: String,
        name: String,
        signature: &[u8; 32],
    ) -> Self {
        Self {
            secret_access_key,
            region,
            name,
            previous: hexadecimal(signature),
        }
    }

    /// The key and the text of the signature of a message. Each message has its own time.
    fn signed(&self, date: i64, message: &[u8]) -> Option<(SigningKey, String)> {
        let time = SystemTime::try_from(Timestamp::from_millis(date).ok()?).ok()?;
        let time = SigningTime::new(time).ok()?;
        let scope = Scope {
            date: time.date(),
            region: &self.region,
            name: &self.name,
        };
        let date = HeaderValue::Timestamp(date);
        let text = text(&time, scope, &self.previous, &date, message).ok()?;
        Some((key::derive(&self.secret_access_key, scope), text))
    }
}

#[cfg(feature = "server")]
impl VerifyMessages for ReceivedEvents {
    fn verify(&mut self, date: i64, message: &[u8], signature: &[u8]) -> bool {
        let Some((key, text)) = self.signed(date, message) else {
            return false;
        };
        self.previous = hexadecimal(signature);
        key::verify(&*key, text.as_bytes(), signature)
    }
}
