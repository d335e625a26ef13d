//! Messages in signed ones, as a server receives them. Each signed message has a message as its
//! payload, and the last one has none (Amazon Transcribe, "Event stream encoding").

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};

use super::header::HeaderValue;
use super::message::{Limits, Message, MessageDecoder, OVERHEAD};
use super::{DATE, SIGNATURE};
use crate::http::held::{Held, HeldBytes};
use crate::http::{Body, BoxError};

/// Verifies the signatures of messages, in their order.
pub(crate) trait VerifyMessages: Send {
    /// Whether a message, of which these are the bytes, has a signature of a time, in milliseconds
    /// since 1970.
    fn verify(&mut self, date: i64, message: &[u8], signature: &[u8]) -> bool;
}

/// Takes the messages out of signed ones. The returned body ends with an error where something is
/// wrong. Without `signatures`, they are ignored. `limit` is the maximum size of the payload of a
/// message.
pub(crate) fn unwrapped(
    body: Body,
    limit: usize,
    signatures: Option<Box<dyn VerifyMessages>>,
    memory: &HeldBytes,
) -> Body {
    let Limits { headers, payload } = Limits::SERVICE;
    let limits = Limits {
        headers,
        // The payload is a message: its payload, its headers and its frame.
        payload: payload.min(limit).saturating_add(headers + OVERHEAD),
    };
    Body::new(Unwrapped {
        body,
        messages: MessageDecoder::new(limits),
        signatures,
        state: State::Messages,
        held: memory.part(),
    })
}

struct Unwrapped {
    body: Body,
    messages: MessageDecoder,
    signatures: Option<Box<dyn VerifyMessages>>,
    state: State,
    held: Held,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// More messages follow.
    Messages,
    /// The last message was received.
    Last,
    Ended,
}

impl Unwrapped {
    /// The next message; `None` if more must be received.
    fn next(&mut self) -> Result<Option<Bytes>, BoxError> {
        while let Some(message) = self.messages.next_message()? {
            if self.state == State::Last {
                return Err(SignedEventError::AfterEnd.into());
            }
            self.verify(&message)?;
            if !message.payload().is_empty() {
                return Ok(Some(message.payload().clone()));
            }
            self.state = State::Last;
        }
        Ok(None)
    }

    fn verify(&mut self, message: &Message) -> Result<(), SignedEventError> {
        let Some(signatures) = &mut self.signatures else {
            return Ok(());
        };
        match (message.get(DATE), message.get(SIGNATURE)) {
            (Some(HeaderValue::Timestamp(date)), Some(HeaderValue::Bytes(signature)))
                if signatures.verify(*date, message.payload(), signature) =>
            {
                Ok(())
            }
            (Some(HeaderValue::Timestamp(_)), Some(HeaderValue::Bytes(_))) => {
                Err(SignedEventError::Signature)
            }
            _ => Err(SignedEventError::Unsigned),
        }
    }

    fn end(&mut self) -> Result<(), BoxError> {
        self.messages.finish()?;
        if self.state == State::Last {
            Ok(())
        } else {
            Err(SignedEventError::Incomplete.into())
        }
    }
}

impl HttpBody for Unwrapped {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let result = loop {
            if this.state == State::Ended {
                return Poll::Ready(None);
            }
            match this.next() {
                Ok(Some(message)) => return Poll::Ready(Some(Ok(Frame::data(message)))),
                Ok(None) => {}
                Err(error) => break Err(error),
            }
            this.held.set(this.messages.buffered());
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => this.messages.push(&frame.into_data().unwrap_or_default()),
                Some(Err(error)) => break Err(error),
                None => break this.end(),
            }
        };
        this.state = State::Ended;
        this.body = Body::empty();
        Poll::Ready(result.err().map(Err))
    }

    fn is_end_stream(&self) -> bool {
        self.state == State::Ended
    }
}

/// What is wrong with signed messages.
#[derive(Debug)]
pub(crate) enum SignedEventError {
    /// A message has another signature.
    Signature,
    /// A message has no signature, or no time.
    Unsigned,
    /// There is no last message.
    Incomplete,
    /// A message follows the last one.
    AfterEnd,
}

impl fmt::Display for SignedEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signature => "the signature of an event does not match it",
            Self::Unsigned => "an event of a signed stream lacks its signature",
            Self::Incomplete => "the stream ends before its last event, which is empty",
            Self::AfterEnd => "events follow the last one, which is empty",
        })
    }
}

impl std::error::Error for SignedEventError {}
