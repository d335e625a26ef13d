//! Bodies that are checked while they are read.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::http::{Body, BoxError};

use super::incoming;
use super::rejection::Rejection;

/// Checks the bytes of a body.
pub(super) trait CheckBody: Send {
    /// Takes the next bytes.
    fn update(&mut self, data: &[u8]);

    /// Checks what was taken. The error ends the body.
    fn finish(self: Box<Self>) -> Result<(), BoxError>;
}

/// A check of a body, and when it takes place.
pub(super) struct BodyCheck {
    check: Box<dyn CheckBody>,
    /// Nothing may be done with the body before the check.
    buffered: bool,
}

#[cfg_attr(
    not(feature = "sigv4"),
    expect(dead_code, reason = "signatures cover bodies")
)]
impl BodyCheck {
    /// A check while the body is read.
    pub(super) fn streamed(check: impl CheckBody + 'static) -> Self {
        Self {
            check: Box::new(check),
            buffered: false,
        }
    }

    /// A check before anything is done with the body.
    pub(super) fn buffered(check: impl CheckBody + 'static) -> Self {
        Self {
            check: Box::new(check),
            buffered: true,
        }
    }

    /// Applies the check to a body. `limit` is the maximum length of one that is buffered.
    pub(super) async fn apply(self, body: Body, limit: usize) -> Result<Body, Rejection> {
        let Self {
            mut check,
            buffered,
        } = self;
        if !buffered {
            return Ok(Body::new(CheckedBody {
                body,
                check: Some(check),
            }));
        }
        let bytes = incoming::collect(body, limit, false).await?;
        check.update(&bytes);
        check.finish().map_err(|error| incoming::broken(&error))?;
        Ok(bytes.into())
    }
}

/// A body that ends with an error if it does not pass its check.
pub(super) struct CheckedBody {
    pub(super) body: Body,
    /// `None` after the check.
    pub(super) check: Option<Box<dyn CheckBody>>,
}

impl HttpBody for CheckedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let poll = Pin::new(&mut self.body).poll_frame(cx);
        match &poll {
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(data), Some(check)) = (frame.data_ref(), &mut self.check) {
                    check.update(data);
                }
            }
            Poll::Ready(None) => {
                if let Some(check) = self.check.take()
                    && let Err(error) = check.finish()
                {
                    return Poll::Ready(Some(Err(error)));
                }
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        poll
    }

    /// False until the check, since a reader stops at the end of the stream.
    fn is_end_stream(&self) -> bool {
        self.check.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
