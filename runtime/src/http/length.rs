//! Bodies whose bytes are counted on their way.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::{Body, BodyError, BoxError};

/// A body that is as long as it should be, or breaks off with an error.
pub(crate) struct Measured {
    body: Body,
    rule: Rule,
    came: u64,
}

#[derive(Clone, Copy)]
enum Rule {
    Exactly(u64),
    AtMost(usize),
}

impl Measured {
    /// Neither more nor less than so many bytes.
    pub(crate) fn exactly(body: Body, bytes: u64) -> Self {
        Self {
            body,
            rule: Rule::Exactly(bytes),
            came: 0,
        }
    }

    /// No more than so many bytes.
    pub(crate) fn at_most(body: Body, limit: usize) -> Self {
        Self {
            body,
            rule: Rule::AtMost(limit),
            came: 0,
        }
    }

    fn check(&self, ended: bool) -> Result<(), BodyError> {
        match self.rule {
            Rule::Exactly(expected) if self.came > expected => Err(BodyError::TooLong { expected }),
            Rule::Exactly(expected) if ended && self.came < expected => Err(BodyError::TooShort {
                expected,
                came: self.came,
            }),
            Rule::AtMost(limit) if self.came > limit as u64 => Err(BodyError::TooLarge { limit }),
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
        self.came += data.map_or(0, |data| data.len() as u64);
        match self.check(frame.is_none()) {
            Ok(()) => Poll::Ready(frame),
            Err(error) => {
                // Nothing comes after an error.
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
            Rule::Exactly(expected) => SizeHint::with_exact(expected.saturating_sub(self.came)),
            Rule::AtMost(_) => self.body.size_hint(),
        }
    }
}
