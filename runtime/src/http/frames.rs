//! Bodies for tests.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Body, BoxError};

/// A body of these frames. Its length is known.
pub(super) fn of_frames(frames: impl IntoIterator<Item = Frame<Bytes>>) -> Body {
    Body::new(Frames(frames.into_iter().collect()))
}

/// A body whose bytes are in these frames.
#[cfg(feature = "checksums")]
pub(super) fn of_data(data: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Body {
    let data = data.into_iter().map(|data| Bytes::from(data.into()));
    of_frames(data.map(Frame::data))
}

struct Frames(VecDeque<Frame<Bytes>>);

impl HttpBody for Frames {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }

    fn size_hint(&self) -> SizeHint {
        let data = self.0.iter().filter_map(Frame::data_ref);
        SizeHint::with_exact(data.map(|data| data.len() as u64).sum())
    }
}
