//! The decoder: what it returns, and what it rejects.

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::http::checksum::{SignChunks, with_trailer};
use crate::http::frames::of_data;

const CRC32: ChecksumAlgorithm = ChecksumAlgorithm::Crc32;

/// A body of bytes in frames of a size.
fn split(bytes: &[u8], size: usize) -> Body {
    of_data(bytes.chunks(size))
}

/// Signatures that each cover the previous one, with any hash.
#[derive(Default)]
struct Chain {
    previous: String,
    data: Vec<u8>,
}

impl Chain {
    fn next(&mut self, kind: &str, data: &[u8]) -> String {
        let text = [b"key", self.previous.as_bytes(), kind.as_bytes(), data].concat();
        let digits = Sha256::digest(&text);
        let digits = digits.iter().map(|byte| format!("{byte:02x}"));
        self.previous = digits.collect();
        self.previous.clone()
    }
}

impl SignChunks for Chain {
    fn chunk(&mut self, data: &[u8]) -> String {
        self.next("chunk", data)
    }

    fn trailer(&mut self, line: &str) -> String {
        self.next("trailer", line.as_bytes())
    }
}

impl VerifyChunks for Chain {
    fn update(&mut self, data: &[u8]) {
        self.data.extend_from_slice(data);
    }

    fn verify_chunk(&mut self, signature: &str) -> bool {
        let data = std::mem::take(&mut self.data);
        self.next("chunk", &data) == signature
    }

    fn verify_trailer(&mut self, line: &str, signature: &str) -> bool {
        self.next("trailer", line.as_bytes()) == signature
    }
}

/// Encodes chunks.
fn encoded(chunks: &[&[u8]], signed: bool, trailer: Option<ChecksumAlgorithm>) -> Vec<u8> {
    let mut chain = Chain::default();
    let mut bytes = Vec::new();
    for chunk in chunks.iter().copied().chain([&[][..]]) {
        bytes.extend(format!("{:x}", chunk.len()).bytes());
        if signed {
            let signature = SignChunks::chunk(&mut chain, chunk);
            bytes.extend(format!(";chunk-signature={signature}").bytes());
        }
        bytes.extend(b"\r\n");
        if !chunk.is_empty() {
            bytes.extend([chunk, b"\r\n"].concat());
        }
    }
    if let Some(algorithm) = trailer {
        let line = format!("{}:{}", algorithm.header(), algorithm.of(&chunks.concat()));
        bytes.extend(format!("{line}\r\n").bytes());
        if signed {
            let signature = SignChunks::trailer(&mut chain, &line);
            bytes.extend(format!("x-amz-trailer-signature:{signature}\r\n").bytes());
        }
    }
    bytes.extend(b"\r\n");
    bytes
}

fn coding(length: usize, signed: bool, trailer: Option<ChecksumAlgorithm>) -> Coding {
    let signatures = signed.then(|| -> Box<dyn VerifyChunks> { Box::<Chain>::default() });
    Coding {
        length: length as u64,
        trailer,
        signatures,
        memory: HeldBytes::default(),
    }
}

/// Reads a body to its end: the bytes, and the error that ends it.
async fn read(mut body: Body) -> (Vec<u8>, Option<String>) {
    let mut bytes = Vec::new();
    loop {
        let frame = std::future::poll_fn(|cx| HttpBody::poll_frame(Pin::new(&mut body), cx)).await;
        match frame {
            None => return (bytes, None),
            Some(Ok(frame)) => bytes.extend(frame.into_data().expect("data")),
            Some(Err(error)) => {
                let next = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
                assert!(next.is_none(), "an error ends the body");
                return (bytes, Some(error.to_string()));
            }
        }
    }
}

/// A body that our client encodes.
async fn of_client(data: &[u8], algorithm: ChecksumAlgorithm, signed: bool) -> Bytes {
    let chain = signed.then(|| -> Box<dyn SignChunks> { Box::<Chain>::default() });
    let body = with_trailer(split(data, 1000), algorithm, chain);
    body.collect(usize::MAX).await.expect("a body")
}

#[tokio::test]
async fn bodies_of_the_client_are_decoded() {
    let data = "0123456789".repeat(20_000);
    for algorithm in ChecksumAlgorithm::ALL {
        for (signed, length) in [(true, 0), (true, 9), (false, 9), (true, 200_000)] {
            let data = &data.as_bytes()[..length];
            let encoded = of_client(data, algorithm, signed).await;
            let body = split(&encoded, 777);
            let body = decoded(body, coding(length, signed, Some(algorithm)));
            assert_eq!(body.size_hint().exact(), Some(length as u64));
            assert_eq!(read(body).await, (data.to_vec(), None), "{algorithm:?}");
        }
    }
}

/// Decodes a body of `abcdefghi` in three chunks, with a change. `read` is what the reader receives
/// before the error.
async fn check(
    signed: bool,
    trailer: bool,
    change: impl Fn(String) -> String,
    expected: (&str, &str),
) {
    let trailer = trailer.then_some(CRC32);
    let valid = encoded(&[b"abc", b"def", b"ghi"], signed, trailer);
    let valid = String::from_utf8(valid).expect("a text");
    let changed = change(valid.clone());
    assert_ne!(changed, valid, "{expected:?}");
    for size in [1, 2, 50, 1000] {
        let body = split(changed.as_bytes(), size);
        let (bytes, error) = read(decoded(body, coding(9, signed, trailer))).await;
        let error = error.unwrap_or_default();
        assert_eq!(error, expected.1, "{changed}");
        let bytes = String::from_utf8(bytes).expect("a text");
        // Parts of chunks that are not signed are returned as they arrive, except for the last one.
        if signed {
            assert_eq!(bytes, expected.0, "{changed}");
        } else {
            let is_expected = bytes.starts_with(expected.0) && "abcdefgh".starts_with(&bytes);
            assert!(is_expected, "{bytes}: {changed}");
        }
    }
}

const SIZE: &str = "the chunks of the body are malformed: a size is not hexadecimal";
const LONGER: &str = "the chunks of the body are malformed: a chunk is longer than its size";
const LINE: &str = "the chunks of the body are malformed: a line does not end with CR LF";
const LONG_LINE: &str = "the chunks of the body are malformed: a line is too long";
const UNSIGNED: &str = "the chunks of the body are malformed: a chunk lacks its signature";
const FOLLOW: &str = "the chunks of the body are malformed: bytes follow the last chunk";
const INCOMPLETE: &str = "the body ends before its last chunk";
const LENGTH: &str = "the body does not have the length in x-amz-decoded-content-length";
const SIGNATURE: &str = "the signature of a chunk or trailer does not match it";

fn replace(from: &'static str, to: &'static str) -> impl Fn(String) -> String {
    move |text| text.replacen(from, to, 1)
}

#[tokio::test]
async fn malformed_chunks_end_the_body() {
    for (from, to, read, error) in [
        ("3\r\nabc", "x\r\nabc", "", SIZE),
        ("3\r\nabc", "+3\r\nabc", "", SIZE),
        ("3\r\nabc", "-3\r\nabc", "", SIZE),
        ("3\r\nabc", " 3\r\nabc", "", SIZE),
        ("3\r\nabc", "\r\nabc", "", SIZE),
        ("3\r\nabc", "10000000000000003\r\nabc", "", SIZE),
        ("3\r\nabc", "3\nabc", "", LINE),
        ("abc\r\n", "abc\n", "abc", LINE),
        ("abc\r\n", "abc", "abc", LONGER),
        ("abc\r\n", "abcx\r\n", "abc", LONGER),
        ("3\r\ndef", "2\r\ndef", "abcde", LONGER),
        ("3\r\nabc", "a\r\nabc", "", LENGTH),
        ("3\r\nabc", "ffffffffffffffff\r\nabc", "", LENGTH),
        ("3\r\nghi\r\n", "", "abcdef", LENGTH),
        ("0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "abcdef", LENGTH),
        ("0\r\n\r\n", "0\r\n\r\nx", "abcdef", FOLLOW),
        ("0\r\n\r\n", "0\r\n\r\n\r\n", "abcdef", FOLLOW),
        ("0\r\n\r\n", "0\r\n", "abcdef", INCOMPLETE),
        ("0\r\n\r\n", "0\r\n\r", "abcdef", INCOMPLETE),
        ("0\r\n\r\n", "", "abcdef", INCOMPLETE),
        ("f\r\n3\r\nghi\r\n0\r\n\r\n", "", "abcd", INCOMPLETE),
        (
            "0\r\n\r\n",
            "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
            "abcdef",
            "the trailer of the body is malformed: none is announced",
        ),
    ] {
        check(false, false, replace(from, to), (read, error)).await;
    }
    let long = |text: String| text.replacen("3\r\n", &format!("3;{}\r\n", "x".repeat(253)), 1);
    check(false, false, long, ("", LONG_LINE)).await;
    let endless = |text: String| text.replacen("3\r\n", &"0".repeat(10_000), 1);
    check(false, false, endless, ("", LONG_LINE)).await;
    let mut bytes = encoded(&[b"abc"], false, None);
    bytes[0] = 0xff;
    let (_, error) = read(decoded(of_data([bytes]), coding(3, false, None))).await;
    let not_text = "the chunks of the body are malformed: a line is not text";
    assert_eq!(error.as_deref(), Some(not_text));
}

/// minio-go ends the line of the checksum with LF and CR LF, whether or not a signature follows.
#[tokio::test]
async fn the_line_of_a_checksum_may_end_with_another_line_feed() {
    let algorithm = Some(ChecksumAlgorithm::Crc32);
    for signed in [false, true] {
        let text = String::from_utf8(encoded(&[b"abc"], signed, algorithm)).expect("text");
        let start = text.find("x-amz-checksum").expect("a trailer");
        let end = start + text[start..].find("\r\n").expect("its end");
        let text = format!("{}\n{}", &text[..end], &text[end..]);
        for size in [1, 7, 1000] {
            let body = split(text.as_bytes(), size);
            let (bytes, error) = read(decoded(body, coding(3, signed, algorithm))).await;
            assert_eq!((&*bytes, error), (&b"abc"[..], None), "{text}");
        }
        // No other line does.
        for other in [
            text.replacen('3', "3\n", 1),
            text.replacen("abc", "abc\n", 1),
        ] {
            let body = split(other.as_bytes(), 7);
            let (_, error) = read(decoded(body, coding(3, signed, algorithm))).await;
            assert!(error.is_some(), "{other}");
        }
    }
}

#[tokio::test]
async fn an_extension_that_is_not_signed_is_ignored() {
    let body = of_data(["3;chunk-signature=x;y\r\nabc\r\n0;z\r\n\r\n"]);
    let (bytes, error) = read(decoded(body, coding(3, false, None))).await;
    assert_eq!((&*bytes, error), (&b"abc"[..], None));
}

#[tokio::test]
async fn no_byte_of_a_chunk_with_another_signature_is_read() {
    let end = |text: String| text.rfind("0;chunk").expect("a last chunk");
    for trailer in [false, true] {
        for (from, to, read, error) in [
            ("abc", "abx", "", SIGNATURE),
            ("def", "dex", "abc", SIGNATURE),
            ("ghi", "ghx", "abcdef", SIGNATURE),
            ("3;chunk-signature=", "3;chunk-signature=0", "", UNSIGNED),
            ("3;chunk-signature=", "3;signature=", "", UNSIGNED),
            ("3;chunk-signature=", "3;x;chunk-signature=", "", UNSIGNED),
            ("3;chunk-signature=", "3\r\n", "", UNSIGNED),
            ("\r\nabc\r\n", ";more\r\nabc\r\n", "", UNSIGNED),
        ] {
            check(true, trailer, replace(from, to), (read, error)).await;
        }
        // The first chunk twice, or not at all: each signature covers the previous one.
        let first = |text: &str| text.find("abc\r\n").expect("a chunk") + 5;
        let twice = |text: String| {
            let (chunk, rest) = text.split_at(first(&text));
            format!("{chunk}{chunk}{rest}")
        };
        check(true, trailer, twice, ("abc", SIGNATURE)).await;
        let missing = |text: String| text[first(&text)..].to_owned();
        check(true, trailer, missing, ("", SIGNATURE)).await;
        // The last chunk has a signature too.
        let other = |text: String| {
            let digit = end(text.clone()) + "0;chunk-signature=".len();
            let other = if &text[digit..=digit] == "0" {
                "1"
            } else {
                "0"
            };
            format!("{}{other}{}", &text[..digit], &text[digit + 1..])
        };
        check(true, trailer, other, ("abcdef", SIGNATURE)).await;
    }
    let longest = usize::try_from(MAX_SIGNED_CHUNK).expect("a length");
    for (length, is_valid) in [(longest, true), (longest + 1, false)] {
        let data = vec![b'a'; length];
        let body = split(&encoded(&[&data], true, None), 10_000);
        let (bytes, error) = read(decoded(body, coding(length, true, None))).await;
        let expected = "a signed chunk is longer than the limit of 1048576 bytes";
        assert_eq!(error, (!is_valid).then(|| expected.to_owned()));
        assert_eq!(bytes.len(), if is_valid { length } else { 0 });
    }
}

#[tokio::test]
async fn a_trailer_must_be_the_announced_one() {
    let trailer = |why: &str| format!("the trailer of the body is malformed: {why}");
    let sum = ChecksumAlgorithm::Crc32.of(b"abcdefghi");
    let line = format!("x-amz-checksum-crc32:{sum}\r\n");
    let line: &'static str = line.leak();
    let form = "the value of the trailer `x-amz-checksum-crc32` is not a checksum";
    let differs = "the body does not match `x-amz-checksum-crc32`";
    for (from, to, error) in [
        (line, "", trailer("the announced checksum is missing")),
        ("crc32:", "crc32", trailer("a line has no colon")),
        (
            "crc32:",
            "crc32c:",
            trailer("it has a name that is not announced"),
        ),
        (
            "x-amz-c",
            "x-more:1\r\nx-amz-c",
            trailer("it has a name that is not announced"),
        ),
        (
            line,
            format!("{line}{line}").leak(),
            trailer("a name occurs twice"),
        ),
        (":", ":x", form.to_owned()),
        (line, "x-amz-checksum-crc32:\r\n", form.to_owned()),
        (
            line,
            "x-amz-checksum-crc32:AAAAAA==\r\n",
            differs.to_owned(),
        ),
        ("ghi", "ghx", differs.to_owned()),
    ] {
        check(false, true, replace(from, to), ("abcdef", &error)).await;
    }
    // A name in any case, and space around the value.
    let body = encoded(&[b"abcdefghi"], false, Some(CRC32));
    let body = String::from_utf8(body).expect("a text");
    let body = body.replace("x-amz-checksum-crc32:", "X-Amz-Checksum-CRC32: \t");
    let (bytes, error) = read(decoded(of_data([body]), coding(9, false, Some(CRC32)))).await;
    assert_eq!((&*bytes, error), (&b"abcdefghi"[..], None));

    let missing = trailer("its signature is missing or malformed");
    let cut = |text: String| {
        let start = text.find("x-amz-trailer-signature").expect("a signature");
        format!("{}\r\n", &text[..start])
    };
    check(true, true, cut, ("abcdef", &missing)).await;
    check(
        true,
        true,
        replace("trailer-signature:", "trailer-signature:0"),
        ("abcdef", &missing),
    )
    .await;
    check(
        true,
        true,
        replace(line, "x-amz-checksum-crc32:AAAAAA==\r\n"),
        ("abcdef", SIGNATURE),
    )
    .await;
}

#[tokio::test]
async fn an_error_of_the_transport_is_passed_on() {
    struct Broken;
    impl HttpBody for Broken {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            Poll::Ready(Some(Err("the connection is reset".into())))
        }
    }
    let (_, error) = read(decoded(Body::new(Broken), coding(3, false, None))).await;
    assert_eq!(error.as_deref(), Some("the connection is reset"));
}

/// Nothing is allocated for bytes that a chunk only announces, nor for a line that does not end.
#[test]
fn memory_is_bounded_by_what_is_received() {
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let signature = "0".repeat(64);
    for body in [
        format!("100000;chunk-signature={signature}\r\n{}", "x".repeat(100)),
        "0".repeat(200),
    ] {
        let mut decoded = Decoded {
            body: Body::new(Pending(Some(body.into()))),
            rest: Bytes::new(),
            line: Vec::new(),
            state: State::Head,
            left: 1 << 20,
            unread: 1 << 20,
            unverified: BytesMut::new(),
            last: None,
            signatures: Some(Box::<Chain>::default()),
            trailer: None,
            held: HeldBytes::default().part(),
        };
        assert!(Pin::new(&mut decoded).poll_frame(&mut cx).is_pending());
        let memory = decoded.unverified.capacity() + decoded.line.capacity();
        assert!((100..1000).contains(&memory), "{memory}");
    }
}

/// A body that waits after its first bytes.
struct Pending(Option<Bytes>);

impl HttpBody for Pending {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.0.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Poll::Pending,
        }
    }
}

fn wait<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

/// The parts of `data` that end at these positions.
fn parts<'d>(data: &'d [u8], ends: &[prop::sample::Index]) -> Vec<&'d [u8]> {
    let mut ends = ends.iter().map(|end| end.index(data.len() + 1));
    let mut ends = ends.by_ref().chain([data.len()]).collect::<Vec<_>>();
    ends.sort_unstable();
    let mut start = 0;
    let parts = ends.into_iter().map(|end| {
        let part = &data[start..end];
        start = end;
        part
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// A change of a byte.
#[derive(Clone, Debug)]
enum Change {
    Set(u8),
    Insert(u8),
    Remove,
    Cut,
}

proptest! {
    #[test]
    fn any_chunks_in_any_frames_are_decoded(
        data in prop::collection::vec(any::<u8>(), 0..2000),
        chunks in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        frames in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        signed: bool,
        algorithm in prop::sample::select(&ChecksumAlgorithm::ALL[..]),
        has_trailer: bool,
    ) {
        let trailer = has_trailer.then_some(algorithm);
        let bytes = encoded(&parts(&data, &chunks), signed, trailer);
        let body = of_data(parts(&bytes, &frames));
        let found = wait(read(decoded(body, coding(data.len(), signed, trailer))));
        prop_assert_eq!(found, (data, None));
    }

    /// A changed body is read as the original one, or ends with an error. What is read before the
    /// error are whole chunks of the original one, if they are signed.
    #[test]
    fn a_changed_body_is_never_read_as_another_one(
        data in prop::collection::vec(any::<u8>(), 1..300),
        chunks in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        frames in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
        position: prop::sample::Index,
        change in prop_oneof![
            any::<u8>().prop_map(Change::Set),
            any::<u8>().prop_map(Change::Insert),
            Just(Change::Remove),
            Just(Change::Cut),
        ],
        signed: bool,
        has_trailer: bool,
    ) {
        let trailer = has_trailer.then_some(ChecksumAlgorithm::Sha256);
        let chunks = parts(&data, &chunks);
        let mut bytes = encoded(&chunks, signed, trailer);
        let index = position.index(bytes.len());
        match change {
            Change::Set(byte) => bytes[index] = byte,
            Change::Insert(byte) => bytes.insert(index, byte),
            Change::Remove => drop(bytes.remove(index)),
            Change::Cut => bytes.truncate(index),
        }
        let body = of_data(parts(&bytes, &frames));
        let (found, error) = wait(read(decoded(body, coding(data.len(), signed, trailer))));
        if error.is_none() && (signed || has_trailer) {
            prop_assert_eq!(&found, &data);
        }
        prop_assert!(found.len() <= data.len());
        if error.is_some() {
            prop_assert!(found.len() < data.len());
        }
        if signed {
            let mut ends = vec![0];
            ends.extend(chunks.iter().scan(0, |end, chunk| {
                *end += chunk.len();
                Some(*end)
            }));
            prop_assert!(data.starts_with(&found) && ends.contains(&found.len()));
        }
    }

    #[test]
    fn any_bytes_are_decoded_without_a_panic(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..100),
            "[0-9a-f;\r\n:x=-]{0,100}".prop_map(String::into_bytes),
        ],
        length in 0_usize..20,
        signed: bool,
        has_trailer: bool,
        size in 1_usize..9,
    ) {
        let trailer = has_trailer.then_some(CRC32);
        let body = split(&bytes, size);
        let (found, error) = wait(read(decoded(body, coding(length, signed, trailer))));
        prop_assert_eq!(found.len() == length, error.is_none() || length == 0);
    }
}
