//! Bodies that are compressed or decompressed as they are sent or received.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, MultiGzDecoder};
use http_body::{Body as HttpBody, Frame};

use super::body::{Body, BoxError};

/// A body whose bytes pass through a coder.
pub(crate) struct Coded<C> {
    body: Body,
    coder: C,
    /// Received bytes that are not coded yet.
    rest: Bytes,
    /// Whether any bytes were received. An empty body is not coded.
    begun: bool,
    ended: bool,
}

/// A compressor or decompressor.
pub(crate) trait Coder: Unpin + Send {
    /// Adds bytes.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Ends the input.
    fn end(&mut self) -> io::Result<()>;
    /// Takes the output so far.
    fn take(&mut self) -> Vec<u8>;
}

impl Coder for MultiGzDecoder<Vec<u8>> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        self.try_finish()
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.get_mut())
    }
}

impl Coder for GzEncoder<Vec<u8>> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        self.try_finish()
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.get_mut())
    }
}

/// Decompresses `body`.
pub(crate) fn decompressed(body: Body) -> Body {
    Body::new(Coded::new(body, MultiGzDecoder::new(Vec::new())))
}

/// Compresses `body`.
pub(crate) fn compressed(body: Body) -> Body {
    Body::new(Coded::new(
        body,
        GzEncoder::new(Vec::new(), Compression::default()),
    ))
}

/// Compresses bytes, as well as it can be done.
#[cfg(feature = "openapi")]
pub(crate) fn compressed_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to a vector does not fail")
}

impl<C: Coder> Coded<C> {
    fn new(body: Body, coder: C) -> Self {
        Self {
            body,
            coder,
            rest: Bytes::new(),
            begun: false,
            ended: false,
        }
    }

    /// Codes the next bytes. The steps are small, since a thousand times as many may come out.
    fn step(&mut self) -> io::Result<Vec<u8>> {
        const MOST: usize = 4 << 10;
        let bytes = self.rest.split_to(self.rest.len().min(MOST));
        self.begun = true;
        self.coder.write(&bytes)?;
        Ok(self.coder.take())
    }

    fn end(&mut self) -> io::Result<Vec<u8>> {
        self.ended = true;
        if self.begun {
            self.coder.end()?;
        }
        Ok(self.coder.take())
    }
}

impl<C: Coder> HttpBody for Coded<C> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            if this.ended {
                return Poll::Ready(None);
            }
            let coded = if this.rest.is_empty() {
                match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                    Some(Ok(frame)) => {
                        // Trailers describe the bytes on the wire.
                        this.rest = frame.into_data().unwrap_or_default();
                        continue;
                    }
                    Some(Err(error)) => {
                        this.ended = true;
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => this.end(),
                }
            } else {
                this.step()
            };
            match coded {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes.into())))),
                Err(error) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}
