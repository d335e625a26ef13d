//! The body of a message.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};

/// An error of a transport, of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// The body of a request or an answer: bytes at hand, or a stream of them.
#[derive(Default)]
pub struct Body(Kind);

#[derive(Default)]
enum Kind {
    #[default]
    Empty,
    Full(Bytes),
    Stream(Pin<Box<dyn Stream>>),
}

/// Any body of bytes, its error boxed.
trait Stream: Send {
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>>;
    fn is_end_stream(&self) -> bool;
    fn size_hint(&self) -> SizeHint;
}

impl<B> Stream for B
where
    B: HttpBody<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        HttpBody::poll_frame(self, cx).map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        HttpBody::is_end_stream(self)
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(self)
    }
}

impl Body {
    /// No bytes.
    pub const fn empty() -> Self {
        Self(Kind::Empty)
    }

    /// Any body; one that is a `Body` already stays as it is.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut body = Some(body);
        if let Some(body) = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>() {
            return body.take().unwrap_or_default();
        }
        body.map_or_else(Self::empty, |body| Self(Kind::Stream(Box::pin(body))))
    }

    /// The bytes, if they are at hand; else the body back.
    pub(crate) fn into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Kind::Empty => Ok(Bytes::new()),
            Kind::Full(bytes) => Ok(bytes),
            stream @ Kind::Stream(_) => Err(Self(stream)),
        }
    }

    /// All of the bytes, or why there are none. Bodies longer than `limit` are given up on.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, BodyError> {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        if HttpBody::size_hint(&self).lower() > limit as u64 {
            return Err(BodyError::TooLarge { limit });
        }
        loop {
            let frame =
                std::future::poll_fn(|cx| HttpBody::poll_frame(Pin::new(&mut self), cx)).await;
            let Some(frame) = frame else { break };
            let Ok(data) = frame.map_err(BodyError::from)?.into_data() else {
                continue;
            };
            if data.remaining() > limit - all.len() - first.len() {
                return Err(BodyError::TooLarge { limit });
            }
            // The usual body is one piece, which is not copied.
            if first.is_empty() && all.is_empty() {
                first = data;
            } else {
                all.extend_from_slice(&std::mem::take(&mut first));
                all.extend_from_slice(&data);
            }
        }
        Ok(if all.is_empty() { first } else { all.freeze() })
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        let bytes = bytes.into();
        Self(if bytes.is_empty() {
            Kind::Empty
        } else {
            Kind::Full(bytes)
        })
    }
}

/// Bodies may be sensitive and are not shown.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Empty => f.write_str("Body(empty)"),
            Kind::Full(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Kind::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Kind::Empty => Poll::Ready(None),
            Kind::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                self.0 = Kind::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            // A body whose length is known has ended with its last byte, even where its connection has yet to say so.
            Kind::Stream(stream) if stream.is_end_stream() => {
                self.0 = Kind::Empty;
                Poll::Ready(None)
            }
            Kind::Stream(stream) => {
                let frame = ready!(stream.as_mut().poll_frame(cx));
                if frame.is_none() {
                    self.0 = Kind::Empty;
                }
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Empty => true,
            Kind::Full(_) => false,
            Kind::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Empty => SizeHint::with_exact(0),
            Kind::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(stream) => stream.size_hint(),
        }
    }
}

/// Why the bytes of a body or stream could not be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// There are more than the limit allows.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// There are fewer than there should be.
    TooShort {
        /// How many there should be.
        expected: u64,
        /// How many there were.
        came: u64,
    },
    /// There are more than there should be.
    TooLong {
        /// How many there should be.
        expected: u64,
    },
    /// The next ones did not come in time.
    Stalled {
        /// How long they were waited for.
        timeout: Duration,
    },
    /// They were sent or read through another handle of the stream.
    Taken,
    /// The stream broke off.
    Broken(BoxError),
}

impl From<BoxError> for BodyError {
    fn from(error: BoxError) -> Self {
        match error.downcast() {
            Ok(known) => *known,
            Err(error) => Self::Broken(error),
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => {
                write!(f, "the body is longer than the limit of {limit} bytes")
            }
            Self::TooShort { expected, came } => {
                write!(f, "the body ended after {came} of {expected} bytes")
            }
            Self::TooLong { expected } => {
                write!(
                    f,
                    "the body goes on after the {expected} bytes that it should have"
                )
            }
            Self::Stalled { timeout } => {
                write!(f, "nothing of the body came for {timeout:?}")
            }
            Self::Taken => f.write_str("the stream was sent or read before"),
            Self::Broken(_) => f.write_str("the body broke off"),
        }
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Broken(error) => Some(&**error),
            _ => None,
        }
    }
}
