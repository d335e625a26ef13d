//! The bytes of a connection: they must move on, and those in memory are counted.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep_until};

use crate::http::held::HeldBytes;
use crate::http::{Body, BodyError, BoxError, length};

use super::activity::{Activity, RequestGuard, SendingGuard};

/// A transport whose output must move on.
pub(super) struct Output<Io> {
    io: Io,
    activity: Arc<Activity>,
}

impl<Io> Output<Io> {
    pub(super) fn new(io: Io, activity: Arc<Activity>) -> Self {
        Self { io, activity }
    }

    fn written(&self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let bytes = match &result {
            Poll::Ready(Ok(bytes)) => *bytes,
            _ => 0,
        };
        self.activity.output(result.is_pending(), bytes);
        result
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Output<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Output<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.io).poll_write_vectored(cx, bytes);
        self.written(result)
    }

    /// Otherwise hyper copies the bytes of bodies, and they are no longer counted.
    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.io).poll_flush(cx);
        self.activity.output(result.is_pending(), 0);
        if result.is_ready() {
            self.activity.flushed();
        }
        result
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// What the reader of a request's body does with it, in the extensions of the request.
#[derive(Clone)]
pub(super) struct BodyUse(Arc<Uses>);

struct Uses {
    collected: AtomicBool,
    silent: AtomicBool,
    /// What decoders of the body keep until they receive more.
    memory: HeldBytes,
}

impl BodyUse {
    pub(super) fn new() -> Self {
        Self(Arc::new(Uses {
            collected: AtomicBool::new(false),
            silent: AtomicBool::new(false),
            memory: HeldBytes::counted(),
        }))
    }

    /// The body is collected: its bytes stay in memory until it is complete.
    pub(super) fn collect(&self) {
        self.0.collected.store(true, Ordering::Relaxed);
    }

    /// What decoders of the body report the bytes to that they keep.
    pub(super) fn memory(&self) -> &HeldBytes {
        &self.0.memory
    }

    /// The body is an event stream, which may be silent for any length of time.
    pub(super) fn allow_silence(&self) {
        self.0.silent.store(true, Ordering::Relaxed);
    }
}

/// The body of a request. It fails if it does not arrive in time.
pub(super) struct RequestBody<B> {
    body: Pin<Box<B>>,
    request: Arc<RequestGuard>,
    uses: BodyUse,
    /// Runs while a read waits.
    sleep: Option<Pin<Box<Sleep>>>,
    /// The bytes that are counted as being in memory: of a collected body all of them, and of
    /// another one those that its decoders keep.
    buffered: usize,
}

impl<B> RequestBody<B> {
    pub(super) fn new(body: B, request: Arc<RequestGuard>, uses: BodyUse) -> Self {
        Self {
            body: Box::pin(body),
            request,
            uses,
            sleep: None,
            buffered: 0,
        }
    }

    fn release(&mut self) {
        self.request.release(std::mem::take(&mut self.buffered));
    }

    fn is_collected(&self) -> bool {
        self.uses.0.collected.load(Ordering::Relaxed)
    }

    /// Counts the bytes that decoders keep.
    fn count(&mut self) {
        if self.is_collected() {
            return;
        }
        let bytes = self.uses.memory().bytes();
        let before = std::mem::replace(&mut self.buffered, bytes);
        self.request.buffer(bytes.saturating_sub(before));
        self.request.release(before.saturating_sub(bytes));
    }
}

impl<B> HttpBody for RequestBody<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.body.is_end_stream() {
            this.release();
            return Poll::Ready(None);
        }
        this.count();
        if let Poll::Ready(frame) = this.body.as_mut().poll_frame(cx) {
            this.sleep = None;
            let bytes = match &frame {
                Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                _ => 0,
            };
            this.request.receiving(false, bytes);
            if frame.is_none() {
                this.release();
            } else if this.is_collected() {
                this.buffered += bytes;
                this.request.buffer(bytes);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let wait = this.request.receiving(true, 0);
        if this.uses.0.silent.load(Ordering::Relaxed) {
            return Poll::Pending;
        }
        let timeouts = this.request.timeouts();
        let Some(deadline) = wait.deadline(timeouts.body) else {
            return Poll::Pending;
        };
        let sleep = this
            .sleep
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        ready!(sleep.as_mut().poll(cx));
        let error = if wait.is_first() {
            BodyError::Stalled {
                timeout: timeouts.body,
            }
        } else {
            BodyError::TooSlow {
                minimum: timeouts.rate,
            }
        };
        Poll::Ready(Some(Err(error.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B> Drop for RequestBody<B> {
    fn drop(&mut self) {
        self.request.release(self.buffered);
        self.request.receiving(false, 0);
    }
}

/// The body of a response. Its request is in progress until the last of its bytes is sent, which
/// hyper shows by dropping them.
pub(super) struct ResponseBody {
    body: Body,
    /// Bytes of the body that are not sent yet.
    rest: Bytes,
    sending: Arc<SendingGuard>,
}

impl ResponseBody {
    /// The size of the pieces in which the progress of a reader is measured.
    const PIECE: usize = 8 << 10;

    pub(super) fn new(body: Body, request: Arc<RequestGuard>) -> Self {
        let sending = Arc::new(SendingGuard::new(request));
        let (body, rest) = match body.into_bytes() {
            Ok(bytes) => (Body::empty(), bytes),
            Err(body) => (body, Bytes::new()),
        };
        sending.buffer(rest.len());
        Self {
            body,
            rest,
            sending,
        }
    }

    fn piece(&mut self) -> Frame<Bytes> {
        let bytes = self.rest.split_to(self.rest.len().min(Self::PIECE));
        let sending = Arc::clone(&self.sending);
        Frame::data(Bytes::from_owner(Piece { bytes, sending }))
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            let frame = Pin::new(&mut this.body).poll_frame(cx);
            this.sending.sending(frame.is_ready());
            match ready!(frame) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => {
                        this.sending.buffer(data.len());
                        this.rest = data;
                    }
                    Ok(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
                end => return Poll::Ready(end),
            }
        }
        Poll::Ready(Some(Ok(this.piece())))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && HttpBody::is_end_stream(&self.body)
    }

    fn size_hint(&self) -> SizeHint {
        length::after(self.rest.len(), &self.body)
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        self.sending.release(self.rest.len());
    }
}

/// Bytes of a response that are being sent.
struct Piece {
    bytes: Bytes,
    sending: Arc<SendingGuard>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.sending.release(self.bytes.len());
    }
}
