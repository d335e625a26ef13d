//! Checksums of bodies, in headers or trailers (AWS, "Checking object integrity").

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut as _, Bytes, BytesMut};
use crc::{CRC_32_ISCSI, CRC_64_NVME, Crc, Digest, Table};
use http::header::{HeaderMap, HeaderName};
use http_body::{Body as HttpBody, Frame};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::held::HeldBytes;
use super::verified::{self, Verify};
use super::{Body, BoxError};

static CRC_32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);
static CRC_64: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// An algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ChecksumAlgorithm {
    Crc64Nvme,
    Crc32c,
    /// The one that AWS's clients use unless the caller chooses.
    #[default]
    Crc32,
    Sha1,
    Sha256,
}

impl ChecksumAlgorithm {
    /// All of them, the fastest first.
    pub(crate) const ALL: [Self; 5] = [
        Self::Crc64Nvme,
        Self::Crc32c,
        Self::Crc32,
        Self::Sha1,
        Self::Sha256,
    ];

    /// The algorithm with a name of a model.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// The algorithm of a header or trailer.
    #[cfg(feature = "server")]
    pub(crate) fn of_header(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.header() == name)
    }

    /// The names in a list, for messages.
    pub(crate) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// The name in models.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "CRC64NVME",
            Self::Crc32c => "CRC32C",
            Self::Crc32 => "CRC32",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header or trailer with the checksum.
    pub(crate) const fn header(self) -> HeaderName {
        HeaderName::from_static(match self {
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        })
    }

    pub(super) fn start(self) -> Checksum {
        match self {
            Self::Crc64Nvme => Checksum::Crc64Nvme(CRC_64.digest()),
            Self::Crc32c => Checksum::Crc32c(CRC_32C.digest()),
            Self::Crc32 => Checksum::Crc32(crc32fast::Hasher::new()),
            Self::Sha1 => Checksum::Sha1(Sha1::new()),
            Self::Sha256 => Checksum::Sha256(Sha256::new()),
        }
    }

    /// Whether a text is a checksum in base64.
    #[cfg(feature = "server")]
    pub(super) fn has_form(self, text: &str) -> bool {
        let length = match self {
            Self::Crc64Nvme => 8,
            Self::Crc32c | Self::Crc32 => 4,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        };
        STANDARD.decode(text).is_ok_and(|sum| sum.len() == length)
    }

    /// The checksum of some bytes, in base64.
    pub(crate) fn of(self, bytes: &[u8]) -> String {
        let mut checksum = self.start();
        checksum.update(bytes);
        checksum.finish()
    }
}

/// Whether a message has a checksum in a header.
pub(crate) fn is_present(headers: &HeaderMap) -> bool {
    let mut all = ChecksumAlgorithm::ALL.into_iter();
    all.any(|algorithm| headers.contains_key(algorithm.header()))
}

/// A checksum of what has been read so far.
pub(super) enum Checksum {
    Crc64Nvme(Digest<'static, u64, Table<16>>),
    Crc32c(Digest<'static, u32, Table<16>>),
    Crc32(crc32fast::Hasher),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Checksum {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc64Nvme(digest) => digest.update(bytes),
            Self::Crc32c(digest) => digest.update(bytes),
            Self::Crc32(hasher) => hasher.update(bytes),
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha256(hasher) => hasher.update(bytes),
        }
    }

    /// The checksum in base64.
    pub(super) fn finish(self) -> String {
        match self {
            Self::Crc64Nvme(digest) => STANDARD.encode(digest.finalize().to_be_bytes()),
            Self::Crc32c(digest) => STANDARD.encode(digest.finalize().to_be_bytes()),
            Self::Crc32(hasher) => STANDARD.encode(hasher.finalize().to_be_bytes()),
            Self::Sha1(hasher) => STANDARD.encode(hasher.finalize()),
            Self::Sha256(hasher) => STANDARD.encode(hasher.finalize()),
        }
    }
}

/// Verifies a body against a checksum in the headers, with one of the algorithms: the returned body
/// ends with [`Mismatch`] if it differs. The checksum of an object that was uploaded in parts is
/// one of the checksums of the parts, and ends in `-` and their number: it is not verified.
pub(crate) fn verified(
    algorithms: &[&str],
    headers: &HeaderMap,
    body: Body,
    memory: &HeldBytes,
) -> Body {
    let mut all = ChecksumAlgorithm::ALL.into_iter();
    let found = all.find_map(|algorithm| {
        let value = headers.get(algorithm.header())?.to_str().ok()?;
        let is_verifiable = algorithms.contains(&algorithm.name()) && !value.contains('-');
        is_verifiable.then(|| (algorithm, value.to_owned()))
    });
    match found {
        None => body,
        Some((algorithm, expected)) => {
            let checksum = Comparison {
                checksum: algorithm.start(),
                expected,
                header: algorithm.header(),
            };
            verified::verified(body, checksum, memory)
        }
    }
}

/// The body does not match its checksum.
#[derive(Debug)]
pub(crate) struct Mismatch(pub(super) HeaderName);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body does not match `{}`", self.0)
    }
}

impl std::error::Error for Mismatch {}

/// A checksum and the value that it must have.
struct Comparison {
    checksum: Checksum,
    expected: String,
    header: HeaderName,
}

impl Verify for Comparison {
    fn update(&mut self, bytes: &[u8]) {
        self.checksum.update(bytes);
    }

    fn finish(self) -> Result<(), BoxError> {
        if self.checksum.finish() == self.expected {
            Ok(())
        } else {
            Err(Mismatch(self.header).into())
        }
    }
}

/// The content coding of a body with a trailer.
pub(crate) const AWS_CHUNKED: &str = "aws-chunked";

/// What `x-amz-content-sha256` states of a body in signed chunks.
#[cfg(feature = "server")]
pub(crate) const SIGNED_CHUNKS: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
/// The same for signed chunks and a signed trailer.
pub(crate) const SIGNED_CHUNKS_WITH_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
/// The same for chunks and a trailer that are not signed.
pub(crate) const UNSIGNED_CHUNKS_WITH_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
/// The header with the checksum that is a trailer.
pub(crate) const TRAILER: HeaderName = HeaderName::from_static("x-amz-trailer");
/// The header with the length of the body without the coding.
pub(crate) const DECODED_LENGTH: HeaderName =
    HeaderName::from_static("x-amz-decoded-content-length");
/// The trailer with the signature of the others.
pub(super) const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// The least size of a chunk that is not the last one; AWS wants at least 8 KiB.
const CHUNK: usize = 64 * 1024;

/// Signs the parts of a body.
pub(crate) trait SignChunks: Send {
    /// The signature of the next chunk. The last one is empty.
    fn chunk(&mut self, data: &[u8]) -> String;
    /// The signature of the trailer, `name:value`.
    fn trailer(&mut self, line: &str) -> String;
}

/// A body in the coding `aws-chunked`, with the checksum as a trailer.
pub(crate) fn with_trailer(
    body: Body,
    algorithm: ChecksumAlgorithm,
    signer: Option<Box<dyn SignChunks>>,
) -> Body {
    Body::new(AwsChunked {
        body,
        signer,
        buffered: BytesMut::new(),
        checksum: Some(algorithm.start()),
        header: algorithm.header(),
    })
}

struct AwsChunked {
    body: Body,
    signer: Option<Box<dyn SignChunks>>,
    buffered: BytesMut,
    /// `None` after the trailer.
    checksum: Option<Checksum>,
    header: HeaderName,
}

impl AwsChunked {
    /// Adds the head of a chunk.
    fn head(&mut self, data: &[u8], encoded: &mut BytesMut) {
        let mut head = format!("{:x}", data.len());
        if let Some(signer) = &mut self.signer {
            head = format!("{head};chunk-signature={}", signer.chunk(data));
        }
        encoded.put_slice(head.as_bytes());
        encoded.put_slice(b"\r\n");
    }

    /// The buffered bytes as a chunk; nothing if there are none.
    fn chunk(&mut self) -> BytesMut {
        let data = self.buffered.split();
        let mut encoded = BytesMut::with_capacity(data.len() + 256);
        if !data.is_empty() {
            self.head(&data, &mut encoded);
            encoded.put_slice(&data);
            encoded.put_slice(b"\r\n");
        }
        encoded
    }

    /// The buffered bytes as a chunk, the last chunk, which is empty, and the trailer.
    fn end(&mut self, checksum: Checksum) -> BytesMut {
        let mut encoded = self.chunk();
        self.head(&[], &mut encoded);
        let trailer = format!("{}:{}", self.header, checksum.finish());
        encoded.put_slice(trailer.as_bytes());
        if let Some(signer) = &mut self.signer {
            let signature = signer.trailer(&trailer);
            encoded.put_slice(format!("\r\n{TRAILER_SIGNATURE}:{signature}").as_bytes());
        }
        encoded.put_slice(b"\r\n\r\n");
        encoded
    }
}

impl HttpBody for AwsChunked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if self.checksum.is_none() {
                return Poll::Ready(None);
            }
            // Frames are collected, so that chunks are not tiny.
            if self.buffered.len() >= CHUNK {
                let chunk = self.chunk().freeze();
                return Poll::Ready(Some(Ok(Frame::data(chunk))));
            }
            match ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()? {
                Some(frame) => {
                    let Ok(data) = frame.into_data() else {
                        continue;
                    };
                    if let Some(checksum) = &mut self.checksum {
                        checksum.update(&data);
                    }
                    self.buffered.put_slice(&data);
                }
                None => {
                    let Some(checksum) = self.checksum.take() else {
                        return Poll::Ready(None);
                    };
                    let end = self.end(checksum);
                    return Poll::Ready(Some(Ok(Frame::data(end.freeze()))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.checksum.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::of_data;
    use super::*;

    const ALL: [(&str, &str, &str); 5] = [
        ("CRC64NVME", "x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("CRC32C", "x-amz-checksum-crc32c", "4waSgw=="),
        ("CRC32", "x-amz-checksum-crc32", "y/Q5Jg=="),
        (
            "SHA1",
            "x-amz-checksum-sha1",
            "98O8HYCOBHMq32eZZczDTKeuNEE=",
        ),
        (
            "SHA256",
            "x-amz-checksum-sha256",
            "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
        ),
    ];

    fn frames(frames: &[&[u8]]) -> Body {
        of_data(frames.iter().copied())
    }

    #[test]
    fn checksums_are_those_of_their_algorithms() {
        for (name, header, expected) in ALL {
            let algorithm = ChecksumAlgorithm::find(name).expect("an algorithm");
            assert_eq!(algorithm.header(), header);
            assert_eq!(algorithm.of(b"123456789"), expected, "{name}");
        }
        assert_eq!(ChecksumAlgorithm::find("MD5"), None);
    }

    #[tokio::test]
    async fn bodies_are_verified() {
        let all = ALL.map(|(name, ..)| name);
        for (name, header, sum) in ALL {
            for (algorithms, value, body, is_valid) in [
                (&all[..], sum.to_owned(), &[&b"1234"[..], b"56789"], true),
                (&[name], sum.to_owned(), &[b"1234", b"5678"], false),
                (&[name], String::new(), &[b"1234", b"56789"], false),
                (&[], sum.to_owned(), &[b"1234", b"5678"], true),
                (&[name], format!("{sum}-2"), &[b"1234", b"5678"], true),
            ] {
                let headers = HeaderMap::from_iter([(
                    HeaderName::from_static(header),
                    value.parse().expect("a value"),
                )]);
                let body = verified(algorithms, &headers, frames(body), &HeldBytes::default());
                let read = body.collect(100).await;
                assert_eq!(read.is_ok(), is_valid, "{name} {algorithms:?} {value}");
            }
        }
    }

    #[tokio::test]
    async fn a_trailer_follows_the_chunks() {
        let chunk = "a".repeat(CHUNK);
        for (body, expected) in [
            (
                frames(&[]),
                "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n".to_owned(),
            ),
            (
                frames(&[b"1234", b"", b"56789"]),
                "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n".to_owned(),
            ),
            (
                frames(&[chunk.as_bytes(), b"bc"]),
                format!(
                    "10000\r\n{}\r\n2\r\nbc\r\n0\r\nx-amz-checksum-crc32:{}\r\n\r\n",
                    chunk,
                    ChecksumAlgorithm::Crc32.of(format!("{chunk}bc").as_bytes())
                ),
            ),
        ] {
            let body = with_trailer(body, ChecksumAlgorithm::Crc32, None);
            let read = body.collect(usize::MAX).await.expect("a body");
            assert_eq!(String::from_utf8_lossy(&read), expected);
        }
    }
}
