//! Message bodies.

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

/// The body of a request or a response: buffered bytes, or a stream.
#[derive(Default)]
pub struct Body(Repr);

#[derive(Default)]
enum Repr {
    #[default]
    Empty,
    Full(Bytes),
    Stream(Pin<Box<dyn Stream>>),
}

/// Any body of bytes with a boxed error.
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
    /// An empty body.
    pub const fn empty() -> Self {
        Self(Repr::Empty)
    }

    /// Converts any body; a `Body` is returned as it is.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let mut body = Some(body);
        if let Some(body) = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>() {
            return body.take().unwrap_or_default();
        }
        body.map_or_else(Self::empty, |body| Self(Repr::Stream(Box::pin(body))))
    }

    /// The bytes, if they are buffered; otherwise the body.
    pub(crate) fn into_bytes(self) -> Result<Bytes, Self> {
        match self.0 {
            Repr::Empty => Ok(Bytes::new()),
            Repr::Full(bytes) => Ok(bytes),
            stream @ Repr::Stream(_) => Err(Self(stream)),
        }
    }

    /// Reads all bytes of the body.
    ///
    /// # Errors
    ///
    /// If the body breaks off or is longer than `limit`.
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
            // Most bodies have one chunk, which is not copied.
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
            Repr::Empty
        } else {
            Repr::Full(bytes)
        })
    }
}

/// Does not show the bytes, which may be sensitive.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Empty => f.write_str("Body(empty)"),
            Repr::Full(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Repr::Stream(_) => f.write_str("Body(stream)"),
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
            Repr::Empty => Poll::Ready(None),
            Repr::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                self.0 = Repr::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            // A body of known length has ended after its last byte, even if the connection has not
            // reported the end yet.
            Repr::Stream(stream) if stream.is_end_stream() => {
                self.0 = Repr::Empty;
                Poll::Ready(None)
            }
            Repr::Stream(stream) => {
                let frame = ready!(stream.as_mut().poll_frame(cx));
                if frame.is_none() {
                    self.0 = Repr::Empty;
                }
                Poll::Ready(frame)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Repr::Empty => true,
            Repr::Full(_) => false,
            Repr::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Repr::Empty => SizeHint::with_exact(0),
            Repr::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Repr::Stream(stream) => stream.size_hint(),
        }
    }
}

/// Why the bytes of a body or stream cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyError {
    /// The body is longer than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body is shorter than its length says.
    TooShort {
        /// The stated length in bytes.
        expected: u64,
        /// The number of bytes that were received.
        received: u64,
    },
    /// The body is longer than its length says.
    TooLong {
        /// The stated length in bytes.
        expected: u64,
    },
    /// The next bytes did not arrive in time.
    Stalled {
        /// The idle timeout.
        timeout: Duration,
    },
    /// The bytes arrived too slowly.
    TooSlow {
        /// The minimum rate in bytes per second.
        minimum: u64,
    },
    /// Another handle of the stream has sent or read it.
    AlreadyConsumed,
    /// The body broke off.
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
            Self::TooShort { expected, received } => {
                write!(f, "the body ended after {received} of {expected} bytes")
            }
            Self::TooLong { expected } => {
                write!(f, "the body is longer than the expected {expected} bytes")
            }
            Self::Stalled { timeout } => {
                write!(f, "no bytes of the body arrived for {timeout:?}")
            }
            Self::TooSlow { minimum } => {
                write!(
                    f,
                    "the body arrives at less than {minimum} bytes per second"
                )
            }
            Self::AlreadyConsumed => f.write_str("the stream was already sent or read"),
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
