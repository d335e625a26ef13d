//! Bodies that are compared with their checksums when they end.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Body, BoxError};

/// A checksum of what has been read so far, and the expected one.
pub(crate) trait Verify: Send + Unpin + 'static {
    /// Adds bytes.
    fn update(&mut self, bytes: &[u8]);

    /// Compares the checksums.
    fn finish(self) -> Result<(), BoxError>;
}

/// Verifies a body: the returned body ends with an error if the checksums differ.
pub(crate) fn verified(body: Body, checksum: impl Verify) -> Body {
    Body::new(Verified {
        body,
        checksum: Some(checksum),
    })
}

struct Verified<V> {
    body: Body,
    /// `None` after the comparison.
    checksum: Option<V>,
}

impl<V: Verify> HttpBody for Verified<V> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let poll = Pin::new(&mut self.body).poll_frame(cx);
        match &poll {
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(data), Some(checksum)) = (frame.data_ref(), &mut self.checksum) {
                    checksum.update(data);
                }
            }
            Poll::Ready(None) => {
                if let Some(Err(error)) = self.checksum.take().map(Verify::finish) {
                    return Poll::Ready(Some(Err(error)));
                }
            }
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        poll
    }

    /// False until the checksum has been compared, since a reader stops at the end of the stream.
    fn is_end_stream(&self) -> bool {
        self.checksum.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
