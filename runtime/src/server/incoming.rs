//! The bodies of requests.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::Extensions;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::http::held::HeldBytes;
use crate::http::length::Measured;
use crate::http::{Body, BodyError, BoxError};
use crate::stream::ByteStream;
use crate::stream::event::SignedEventError;

use super::auth::SignatureFault;
use super::checksum::Mismatch;
use super::chunked;
use super::rejection::Rejection;

/// Reads a whole body and decompresses it. The limit applies to the bytes on the wire and to the
/// decompressed bytes, so that a small body cannot expand without bound. The server finds in the
/// extensions of the request that its body stays in memory.
#[cfg_attr(
    not(feature = "serve"),
    expect(
        unused_variables,
        reason = "only a server of ours counts bytes in memory"
    )
)]
pub(super) async fn collect(
    extensions: &Extensions,
    body: Body,
    limit: usize,
    compressed: bool,
) -> Result<Bytes, Rejection> {
    #[cfg(feature = "serve")]
    if let Some(uses) = extensions.get::<super::transfer::BodyUse>() {
        uses.collect();
    }
    let body = body.collect(limit).await.map_err(|error| match error {
        BodyError::TooLarge { limit } => Rejection::BodyTooLarge { limit },
        BodyError::Stalled { .. } | BodyError::TooSlow { .. } => Rejection::Stalled,
        BodyError::Broken(error) => broken(&error),
        _ => Rejection::Broken,
    })?;
    if compressed {
        decompress(&body, limit)
    } else {
        Ok(body)
    }
}

/// What the decoders of a body report the bytes to that they keep in memory.
#[cfg_attr(
    not(feature = "serve"),
    expect(
        unused_variables,
        reason = "only a server of ours counts bytes in memory"
    )
)]
pub(super) fn memory(extensions: &Extensions) -> HeldBytes {
    #[cfg(feature = "serve")]
    if let Some(uses) = extensions.get::<super::transfer::BodyUse>() {
        return uses.memory().clone();
    }
    HeldBytes::default()
}

/// A body that is passed on as it arrives, decompressed. The limit, if any, applies to the bytes on
/// the wire and to the decompressed bytes.
pub(super) fn stream(
    body: Body,
    limit: Option<usize>,
    compressed: bool,
) -> Result<ByteStream, Rejection> {
    let body = limited(body, limit)?;
    if !compressed {
        return Ok(body.into());
    }
    limited(decompressed(body)?, limit).map(ByteStream::from)
}

fn limited(body: Body, limit: Option<usize>) -> Result<Body, Rejection> {
    match limit {
        None => Ok(body),
        Some(limit) if HttpBody::size_hint(&body).lower() > limit as u64 => {
            Err(Rejection::BodyTooLarge { limit })
        }
        Some(limit) => Ok(Body::new(Measured::at_most(body, limit))),
    }
}

#[cfg(feature = "gzip")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it can fail")]
fn decompressed(body: Body) -> Result<Body, Rejection> {
    Ok(crate::http::gzip::decompressed(body))
}

#[cfg(not(feature = "gzip"))]
fn decompressed(_: Body) -> Result<Body, Rejection> {
    Err(Rejection::Encoding)
}

/// The rejection for a body that broke off.
pub(super) fn broken(error: &BoxError) -> Rejection {
    if let Some(fault) = error.downcast_ref::<SignatureFault>() {
        Rejection::Signature(*fault)
    } else if let Some(error) = error.downcast_ref::<SignedEventError>() {
        match error {
            SignedEventError::Signature | SignedEventError::Unsigned => {
                let why = "an event has no signature, or another one";
                Rejection::Signature(SignatureFault::Mismatch(why))
            }
            SignedEventError::Incomplete | SignedEventError::AfterEnd => Rejection::Broken,
        }
    } else if error.is::<Mismatch>() {
        Rejection::Mismatch
    } else {
        chunked::rejection(error).unwrap_or(Rejection::Broken)
    }
}

#[cfg(feature = "gzip")]
fn decompress(body: &[u8], limit: usize) -> Result<Bytes, Rejection> {
    use std::io::Read as _;

    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let decoder = flate2::read::MultiGzDecoder::new(body);
    decoder
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|_| Rejection::Broken)?;
    if bytes.len() > limit {
        Err(Rejection::BodyTooLarge { limit })
    } else {
        Ok(bytes.into())
    }
}

#[cfg(not(feature = "gzip"))]
fn decompress(_: &[u8], _: usize) -> Result<Bytes, Rejection> {
    Err(Rejection::Encoding)
}

/// Converts any body; a [`Body`] is returned as it is.
pub(super) fn body<B>(body: B) -> Body
where
    B: HttpBody + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let mut body = Some(body);
    if let Some(body) = (&mut body as &mut dyn Any).downcast_mut::<Option<Body>>() {
        return body.take().unwrap_or_default();
    }
    match body {
        Some(body) if !body.is_end_stream() => Body::new(Copied(Box::pin(body))),
        _ => Body::empty(),
    }
}

/// A body whose chunks become [`Bytes`]. Chunks that are `Bytes` already are not copied.
struct Copied<B>(Pin<Box<B>>);

impl<B: HttpBody> HttpBody for Copied<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let copy = |mut data: B::Data| data.copy_to_bytes(data.remaining());
        let frame = self.0.as_mut().poll_frame(cx);
        frame.map(|frame| frame.map(|frame| frame.map(|frame| frame.map_data(copy))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
