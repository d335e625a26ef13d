//! The lengths of bodies.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::{Body, BodyError, BoxError};

/// The header value for a length. `HeaderValue::from` allocates twice for it.
pub(crate) fn value(length: u64) -> HeaderValue {
    HeaderValue::try_from(length.to_string()).unwrap_or_else(|_| HeaderValue::from(length))
}

/// The length of a body, and of bytes before it.
#[cfg(any(feature = "checksums", feature = "server"))]
pub(crate) fn after(bytes: usize, body: &Body) -> SizeHint {
    let bytes = bytes as u64;
    let body = HttpBody::size_hint(body);
    let mut hint = SizeHint::new();
    hint.set_lower(body.lower().saturating_add(bytes));
    if let Some(upper) = body.upper().and_then(|upper| upper.checked_add(bytes)) {
        hint.set_upper(upper);
    }
    hint
}

/// A body that fails with an error if its length is wrong.
pub(crate) struct Measured {
    body: Body,
    rule: Rule,
    received: u64,
}

#[derive(Clone, Copy)]
enum Rule {
    Exactly(u64),
    AtMost(usize),
}

impl Measured {
    /// A body of exactly `bytes` bytes.
    pub(crate) fn exactly(body: Body, bytes: u64) -> Self {
        Self {
            body,
            rule: Rule::Exactly(bytes),
            received: 0,
        }
    }

    /// A body of at most `limit` bytes.
    pub(crate) fn at_most(body: Body, limit: usize) -> Self {
        Self {
            body,
            rule: Rule::AtMost(limit),
            received: 0,
        }
    }

    fn check(&self, ended: bool) -> Result<(), BodyError> {
        match self.rule {
            Rule::Exactly(expected) if self.received > expected => {
                Err(BodyError::TooLong { expected })
            }
            Rule::Exactly(expected) if ended && self.received < expected => {
                Err(BodyError::TooShort {
                    expected,
                    received: self.received,
                })
            }
            Rule::AtMost(limit) if self.received > limit as u64 => {
                Err(BodyError::TooLarge { limit })
            }
            _ => Ok(()),
        }
    }
}

impl HttpBody for Measured {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let data = match &frame {
            Some(Ok(frame)) => frame.data_ref(),
            _ => None,
        };
        self.received += data.map_or(0, |data| data.len() as u64);
        match self.check(frame.is_none()) {
            Ok(()) => Poll::Ready(frame),
            Err(error) => {
                // An error ends the body.
                self.body = Body::empty();
                self.rule = Rule::AtMost(usize::MAX);
                Poll::Ready(Some(Err(error.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream() && self.check(true).is_ok()
    }

    fn size_hint(&self) -> SizeHint {
        match self.rule {
            Rule::Exactly(expected) => SizeHint::with_exact(expected.saturating_sub(self.received)),
            Rule::AtMost(_) => self.body.size_hint(),
        }
    }
}
