//! Decodes bodies in the coding `aws-chunked` (Amazon S3 API reference, "Signature calculations for
//! the Authorization header: transferring payload in multiple chunks" and "Signature calculations
//! for trailing headers"). `checksum.rs` encodes them.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::header::HeaderName;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::checksum::{Checksum, ChecksumAlgorithm, Mismatch, TRAILER_SIGNATURE};
use super::held::{Held, HeldBytes};
use super::{Body, BoxError};

/// The maximum size of a signed chunk in bytes. It stays in memory until its signature is verified.
/// The SDKs of AWS send 64 or 128 KiB.
const MAX_SIGNED_CHUNK: u64 = 1 << 20;

/// The maximum length of the head of a chunk, or of a line of the trailer, in bytes.
const MAX_LINE: usize = 256;

/// Verifies the signatures of the parts of a body. Signatures have 64 hexadecimal digits.
pub(crate) trait VerifyChunks: Send {
    /// Adds bytes to the current chunk.
    fn update(&mut self, data: &[u8]);

    /// Whether the current chunk has this signature. Starts the next chunk.
    fn verify_chunk(&mut self, signature: &str) -> bool;

    /// Whether the trailer, a line `name:value`, has this signature.
    fn verify_trailer(&mut self, line: &str, signature: &str) -> bool;
}

/// What the head of a request states about a body in chunks.
pub(crate) struct Coding {
    /// The length of the decoded body in bytes.
    pub(crate) length: u64,
    /// The algorithm of the checksum that follows the body.
    pub(crate) trailer: Option<ChecksumAlgorithm>,
    /// Verifies the signatures of chunks and trailer. Without it, they are ignored.
    pub(crate) signatures: Option<Box<dyn VerifyChunks>>,
    pub(crate) memory: HeldBytes,
}

/// Decodes a body. The decoded body ends with an error where something is wrong: no byte of a
/// signed chunk is returned before its signature is verified, and the last bytes are not returned
/// before everything is.
pub(crate) fn decoded(body: Body, coding: Coding) -> Body {
    let Coding {
        length,
        trailer,
        signatures,
        memory,
    } = coding;
    Body::new(Decoded {
        body,
        rest: Bytes::new(),
        line: Vec::new(),
        state: State::Head,
        left: length,
        unread: length,
        unverified: BytesMut::new(),
        last: None,
        signatures,
        trailer: trailer.map(Trailer::new),
        held: memory.part(),
    })
}

struct Decoded {
    body: Body,
    /// Received bytes that are not decoded yet.
    rest: Bytes,
    /// The part of a line that was received.
    line: Vec<u8>,
    state: State,
    /// The number of bytes that the following chunks must have.
    left: u64,
    /// The number of decoded bytes that the reader has not received.
    unread: u64,
    /// The received part of a signed chunk.
    unverified: BytesMut,
    /// The last bytes of the body, until everything is verified.
    last: Option<Bytes>,
    signatures: Option<Box<dyn VerifyChunks>>,
    trailer: Option<Trailer>,
    held: Held,
}

/// What comes next.
enum State {
    /// The head of a chunk.
    Head,
    /// Bytes of a chunk, and its signature.
    Data {
        left: u64,
        signature: Option<String>,
    },
    /// The end of the line behind a chunk.
    Separator,
    /// A line of the trailer.
    Trailer,
    /// The end of the encoded body.
    End,
    /// Nothing: the decoded body has ended.
    Ended,
}

/// A checksum that follows the body.
struct Trailer {
    algorithm: ChecksumAlgorithm,
    /// That of the bytes so far.
    checksum: Checksum,
    /// The received one.
    value: Option<String>,
    signature: Option<String>,
}

impl Trailer {
    fn new(algorithm: ChecksumAlgorithm) -> Self {
        Self {
            algorithm,
            checksum: algorithm.start(),
            value: None,
            signature: None,
        }
    }

    /// Takes a line.
    fn receive(&mut self, name: &str, value: &str) -> Result<(), ChunkError> {
        let slot = if self.algorithm.header() == name {
            &mut self.value
        } else if name == TRAILER_SIGNATURE {
            &mut self.signature
        } else {
            return Err(ChunkError::Trailer("it has a name that is not announced"));
        };
        match slot.replace(value.to_owned()) {
            None => Ok(()),
            Some(_) => Err(ChunkError::Trailer("a name occurs twice")),
        }
    }

    fn verify(self, signatures: Option<&mut Box<dyn VerifyChunks>>) -> Result<(), BoxError> {
        let header = self.algorithm.header();
        let Some(value) = self.value else {
            return Err(ChunkError::Trailer("the announced checksum is missing").into());
        };
        if let Some(signatures) = signatures {
            let missing = ChunkError::Trailer("its signature is missing or malformed");
            let signature = self.signature.filter(|it| is_signature(it));
            let signature = signature.ok_or(missing)?;
            if !signatures.verify_trailer(&format!("{header}:{value}"), &signature) {
                return Err(ChunkError::Signature.into());
            }
        }
        if !self.algorithm.has_form(&value) {
            return Err(ChunkError::Checksum(header).into());
        }
        if self.checksum.finish() == value {
            Ok(())
        } else {
            Err(Mismatch(header).into())
        }
    }
}

fn is_signature(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Decoded {
    /// Decodes received bytes, until some can be returned. `None` if more must be received.
    fn decode(&mut self) -> Result<Option<Bytes>, BoxError> {
        loop {
            match &self.state {
                State::Head => match self.line()? {
                    Some(line) => self.head(&line)?,
                    None => return Ok(None),
                },
                State::Data { .. } if self.rest.is_empty() => return Ok(None),
                State::Data { .. } => {
                    let Some(data) = self.data()? else { continue };
                    if self.left > 0 {
                        return Ok(Some(data));
                    }
                    // At most a part of the last chunk is kept.
                    if let Some(data) = self.last.replace(data) {
                        return Ok(Some(data));
                    }
                }
                State::Separator => match self.line()? {
                    Some(line) if line.is_empty() => self.state = State::Head,
                    Some(_) => {
                        let why = "a chunk is longer than its size";
                        return Err(ChunkError::Malformed(why).into());
                    }
                    None => return Ok(None),
                },
                State::Trailer => match self.line()? {
                    Some(line) if line.is_empty() => {
                        if let Some(trailer) = self.trailer.take() {
                            trailer.verify(self.signatures.as_mut())?;
                        }
                        self.state = State::End;
                    }
                    Some(line) => self.trailer(&line)?,
                    None => return Ok(None),
                },
                State::End if !self.rest.is_empty() => {
                    let why = "bytes follow the last chunk";
                    return Err(ChunkError::Malformed(why).into());
                }
                State::End | State::Ended => return Ok(None),
            }
        }
    }

    /// Takes a line without its end; `None` if more must be received.
    fn line(&mut self) -> Result<Option<String>, ChunkError> {
        loop {
            let most = MAX_LINE + 1 - self.line.len();
            let mut bytes = self.rest.iter().take(most);
            let end = bytes.position(|byte| *byte == b'\n');
            let length = end.map_or(self.rest.len().min(most), |end| end + 1);
            self.line.extend_from_slice(&self.rest.split_to(length));
            if self.line.len() > MAX_LINE {
                return Err(ChunkError::Malformed("a line is too long"));
            }
            if end.is_none() {
                return Ok(None);
            }
            if self.line.ends_with(b"\r\n") {
                break;
            }
            // minio-go ends the line of a checksum with LF and CR LF, which S3 accepts.
            if !matches!(self.state, State::Trailer) {
                return Err(ChunkError::Malformed("a line does not end with CR LF"));
            }
        }
        let line = String::from_utf8(std::mem::take(&mut self.line)).ok();
        let mut line = line.ok_or(ChunkError::Malformed("a line is not text"))?;
        line.truncate(line.len() - 2);
        if line.len() > 1 && line.ends_with('\n') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// Reads the head of a chunk: its size, and `chunk-signature` if it is signed.
    fn head(&mut self, line: &str) -> Result<(), ChunkError> {
        let (digits, extensions) = line.split_once(';').unwrap_or((line, ""));
        let size = Some(digits).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let size = size.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let size = size.ok_or(ChunkError::Malformed("a size is not hexadecimal"))?;
        let signature = match &self.signatures {
            None => None,
            Some(_) => {
                let signature = extensions.strip_prefix("chunk-signature=");
                let signature = signature.filter(|it| is_signature(it));
                let missing = ChunkError::Malformed("a chunk lacks its signature");
                Some(signature.ok_or(missing)?.to_owned())
            }
        };
        if size > self.left || (size == 0 && self.left > 0) {
            return Err(ChunkError::Length);
        }
        if size == 0 {
            self.verify_chunk(signature.as_deref())?;
            self.state = State::Trailer;
        } else if signature.is_some() && size > MAX_SIGNED_CHUNK {
            return Err(ChunkError::TooLong);
        } else {
            self.left -= size;
            self.state = State::Data {
                left: size,
                signature,
            };
        }
        Ok(())
    }

    fn verify_chunk(&mut self, signature: Option<&str>) -> Result<(), ChunkError> {
        let Some(signatures) = &mut self.signatures else {
            return Ok(());
        };
        if signature.is_some_and(|signature| signatures.verify_chunk(signature)) {
            Ok(())
        } else {
            Err(ChunkError::Signature)
        }
    }

    /// Takes bytes of a chunk, and returns those that may be returned.
    fn data(&mut self) -> Result<Option<Bytes>, ChunkError> {
        let State::Data { left, signature } = &mut self.state else {
            return Ok(None);
        };
        let most = usize::try_from(*left).unwrap_or(usize::MAX);
        let data = self.rest.split_to(self.rest.len().min(most));
        *left -= data.len() as u64;
        let is_complete = *left == 0;
        if let Some(trailer) = &mut self.trailer {
            trailer.checksum.update(&data);
        }
        let Some(signatures) = &mut self.signatures else {
            if is_complete {
                self.state = State::Separator;
            }
            return Ok(Some(data));
        };
        signatures.update(&data);
        if !is_complete {
            self.unverified.extend_from_slice(&data);
            return Ok(None);
        }
        let signature = signature.take();
        self.state = State::Separator;
        self.verify_chunk(signature.as_deref())?;
        // A chunk in one piece is not copied.
        Ok(Some(if self.unverified.is_empty() {
            data
        } else {
            self.unverified.extend_from_slice(&data);
            std::mem::take(&mut self.unverified).freeze()
        }))
    }

    fn trailer(&mut self, line: &str) -> Result<(), ChunkError> {
        let Some(trailer) = &mut self.trailer else {
            return Err(ChunkError::Trailer("none is announced"));
        };
        let parts = line.split_once(':');
        let (name, value) = parts.ok_or(ChunkError::Trailer("a line has no colon"))?;
        trailer.receive(&name.to_ascii_lowercase(), value.trim_ascii())
    }

    /// Ends the body with an error.
    fn fail(&mut self, error: BoxError) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.state = State::Ended;
        self.body = Body::empty();
        self.rest = Bytes::new();
        self.unverified = BytesMut::new();
        self.last = None;
        Poll::Ready(Some(Err(error)))
    }

    fn read(&mut self, data: Bytes) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.unread = self.unread.saturating_sub(data.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}

impl HttpBody for Decoded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            if matches!(this.state, State::Ended) {
                return Poll::Ready(None);
            }
            match this.decode() {
                Ok(Some(data)) => return this.read(data),
                Ok(None) => {}
                Err(error) => return this.fail(error),
            }
            let last = this.last.as_ref().map_or(0, Bytes::len);
            this.held.set(this.unverified.len() + last);
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => this.rest = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return this.fail(error),
                None if matches!(this.state, State::End) => {
                    this.state = State::Ended;
                    return match this.last.take() {
                        Some(data) => this.read(data),
                        None => Poll::Ready(None),
                    };
                }
                None => return this.fail(ChunkError::Incomplete.into()),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.unread)
    }
}

/// What is wrong with a body in chunks. One that does not match its checksum ends with
/// [`Mismatch`].
#[derive(Debug)]
pub(crate) enum ChunkError {
    /// A chunk is malformed.
    Malformed(&'static str),
    /// The body breaks off.
    Incomplete,
    /// The decoded body does not have the length that the request states.
    Length,
    /// A signed chunk is longer than [`MAX_SIGNED_CHUNK`].
    TooLong,
    /// A chunk or the trailer has another signature.
    Signature,
    /// The trailer is malformed, or not the one that the request announces.
    Trailer(&'static str),
    /// The value of a trailer is not a checksum.
    Checksum(HeaderName),
}

impl fmt::Display for ChunkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "the chunks of the body are malformed: {why}"),
            Self::Incomplete => f.write_str("the body ends before its last chunk"),
            Self::Length => {
                f.write_str("the body does not have the length in x-amz-decoded-content-length")
            }
            Self::TooLong => write!(
                f,
                "a signed chunk is longer than the limit of {MAX_SIGNED_CHUNK} bytes"
            ),
            Self::Signature => f.write_str("the signature of a chunk or trailer does not match it"),
            Self::Trailer(why) => write!(f, "the trailer of the body is malformed: {why}"),
            Self::Checksum(header) => {
                write!(f, "the value of the trailer `{header}` is not a checksum")
            }
        }
    }
}

impl std::error::Error for ChunkError {}

#[cfg(test)]
mod tests;
