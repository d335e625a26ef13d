//! Bodies that are compared with their checksums when they end.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::held::{Held, HeldBytes};
use super::{Body, BoxError, length};

/// A checksum of what has been read so far, and the expected one.
pub(crate) trait Verify: Send + Unpin + 'static {
    /// Adds bytes.
    fn update(&mut self, bytes: &[u8]);

    /// Compares the checksums.
    fn finish(self) -> Result<(), BoxError>;
}

/// Verifies a body: the returned body ends with an error if the checksums differ. Its last bytes
/// are not returned before they are compared, since a reader may know the length and stop there.
pub(crate) fn verified(body: Body, checksum: impl Verify, memory: &HeldBytes) -> Body {
    Body::new(Verified {
        body,
        checksum: Some(checksum),
        last: None,
        trailers: None,
        held: memory.part(),
    })
}

struct Verified<V> {
    body: Body,
    /// `None` after the comparison.
    checksum: Option<V>,
    /// The last bytes that were received.
    last: Option<Bytes>,
    /// The frame that follows them.
    trailers: Option<Frame<Bytes>>,
    held: Held,
}

impl<V: Verify> HttpBody for Verified<V> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let error = loop {
            let Some(checksum) = &mut this.checksum else {
                let last = this.last.take().map(Frame::data);
                return Poll::Ready(last.or_else(|| this.trailers.take()).map(Ok));
            };
            this.held.set(this.last.as_ref().map_or(0, Bytes::len));
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    // Otherwise they would be the last ones instead of some that are not empty.
                    Ok(data) if data.is_empty() => continue,
                    Ok(data) => {
                        checksum.update(&data);
                        match this.last.replace(data) {
                            Some(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                            None => continue,
                        }
                    }
                    Err(trailers) => this.trailers = Some(trailers),
                },
                Some(Err(error)) => break error,
                None => {}
            }
            if let Some(Err(error)) = this.checksum.take().map(Verify::finish) {
                break error;
            }
        };
        this.body = Body::empty();
        this.checksum = None;
        this.last = None;
        this.trailers = None;
        Poll::Ready(Some(Err(error)))
    }

    /// False until the checksum has been compared, since a reader stops at the end of the stream.
    fn is_end_stream(&self) -> bool {
        self.checksum.is_none() && self.last.is_none() && self.trailers.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        length::after(self.last.as_ref().map_or(0, Bytes::len), &self.body)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;

    use http::HeaderMap;

    use super::super::frames::of_frames;
    use super::*;

    /// The sum of all bytes.
    struct Sum {
        sum: u32,
        expected: u32,
    }

    impl Verify for Sum {
        fn update(&mut self, bytes: &[u8]) {
            self.sum += bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
        }

        fn finish(self) -> Result<(), BoxError> {
            if self.sum == self.expected {
                Ok(())
            } else {
                Err("another sum".into())
            }
        }
    }

    /// What a reader gets of a body with these frames: bytes, `|` for other frames, and an error.
    /// The length that the body states is always that of the bytes that follow.
    async fn read(frames: &[&'static str], expected: u32) -> String {
        let frames = frames.iter().map(|data| match *data {
            "|" => Frame::trailers(HeaderMap::new()),
            data => Frame::data(Bytes::from_static(data.as_bytes())),
        });
        let body = of_frames(frames);
        let left = HttpBody::size_hint(&body).exact();
        let mut left = left.expect("it is known");
        let mut body = pin!(verified(
            body,
            Sum { sum: 0, expected },
            &HeldBytes::default()
        ));
        let mut read = String::new();
        while !body.is_end_stream() {
            assert_eq!(HttpBody::size_hint(&*body).exact(), Some(left), "{read}");
            match poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => {
                        left -= data.len() as u64;
                        read.push_str(str::from_utf8(&data).expect("text"));
                    }
                    Err(_) => read.push('|'),
                },
                Some(Err(error)) => {
                    read = format!("{read} {error}");
                    left = 0;
                }
                None => break,
            }
        }
        read
    }

    #[tokio::test]
    async fn the_last_bytes_are_read_after_the_comparison() {
        let sum = "abcd".bytes().map(u32::from).sum();
        for frames in [&["ab", "cd"] as &[_], &["", "abc", "", "d", ""], &["abcd"]] {
            assert_eq!(read(frames, sum).await, "abcd", "{frames:?}");
        }
        assert_eq!(read(&["ab", "cd", "|"], sum).await, "abcd|");
        assert_eq!(read(&[], 0).await, "");

        assert_eq!(read(&["ab", "ce", "", ""], sum).await, "ab another sum");
        assert_eq!(read(&["ab", "ce", "|"], sum).await, "ab another sum");
        assert_eq!(read(&["abce"], sum).await, " another sum");
        assert_eq!(read(&[], sum).await, " another sum");
    }
}
