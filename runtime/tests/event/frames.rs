//! Messages in frames: decoding reverses encoding, wherever the stream is split, and rejects
//! anything else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use drawplate_runtime::event::{FrameError, HeaderValue, Limits, Message, MessageDecoder};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

fn value() -> impl Strategy<Value = HeaderValue> {
    prop_oneof![
        any::<bool>().prop_map(HeaderValue::Boolean),
        any::<i8>().prop_map(HeaderValue::Byte),
        any::<i16>().prop_map(HeaderValue::Short),
        any::<i32>().prop_map(HeaderValue::Integer),
        any::<i64>().prop_map(HeaderValue::Long),
        vec(any::<u8>(), 0..300).prop_map(|bytes| HeaderValue::Bytes(bytes.into())),
        ".{0,80}".prop_map(HeaderValue::String),
        any::<i64>().prop_map(HeaderValue::Timestamp),
        any::<[u8; 16]>().prop_map(HeaderValue::Uuid),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let headers = btree_map("[:a-zA-Z0-9\u{e4}-]{1,40}", value(), 0..8);
    (headers, vec(any::<u8>(), 0..600)).prop_map(|(headers, payload)| {
        headers
            .into_iter()
            .fold(Message::new(payload), |message, (name, value)| {
                message.header(&name, value)
            })
    })
}

fn frames(messages: &[Message]) -> Vec<u8> {
    let frames = messages
        .iter()
        .flat_map(|message| message.encode().expect("a frame"));
    frames.collect()
}

/// All messages of a stream that arrives in these chunks.
fn decode<'p>(
    limits: Limits,
    chunks: impl IntoIterator<Item = &'p [u8]>,
) -> Result<Vec<Message>, FrameError> {
    let mut decoder = MessageDecoder::new(limits);
    let mut messages = Vec::new();
    for chunk in chunks {
        decoder.push(chunk);
        while let Some(message) = decoder.next_message()? {
            messages.push(message);
        }
    }
    decoder.finish().map(|()| messages)
}

proptest! {
    #[test]
    fn messages_survive_however_their_frames_are_cut(messages in vec(message(), 0..4), sizes in vec(1..40_usize, 1..30)) {
        let bytes = frames(&messages);
        let mut rest = &bytes[..];
        let mut chunks = Vec::new();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, behind) = rest.split_at((*size).min(rest.len()));
            chunks.push(chunk);
            rest = behind;
        }
        prop_assert_eq!(decode(Limits::SERVICE, chunks), Ok(messages.clone()));
        prop_assert_eq!(decode(Limits::SERVICE, bytes.chunks(1)), Ok(messages));
    }

    #[test]
    fn a_flipped_bit_is_an_error(message in message(), position in any::<prop::sample::Index>()) {
        let mut bytes = frames(&[message]);
        let bit = position.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let outcome = decode(Limits::SERVICE, [&bytes[..]]);
        prop_assert!(outcome.is_err(), "bit {}: {:?}", bit, outcome);
    }

    #[test]
    fn a_stream_that_ends_early_is_an_error(message in message(), position in any::<prop::sample::Index>()) {
        let bytes = frames(&[message]);
        let length = position.index(bytes.len() - 1) + 1;
        let outcome = decode(Limits::SERVICE, [&bytes[..length]]);
        prop_assert_eq!(outcome, if length == bytes.len() { decode(Limits::SERVICE, [&bytes[..]]) } else { Err(FrameError::Cut { received: length }) });
    }

    #[test]
    fn any_bytes_in_valid_checksums_are_a_message_or_an_error(headers in vec(any::<u8>(), 0..60), payload in vec(any::<u8>(), 0..20)) {
        // Errors that checksums alone would detect: the lengths are right, the headers are
        // arbitrary.
        let bytes = with_checksums(&headers, &payload);
        if let Ok(messages) = decode(Limits::SERVICE, [&bytes[..]]) {
            prop_assert_eq!(messages.len(), 1);
            prop_assert_eq!(messages[0].payload(), &payload);
        }
    }

    #[test]
    fn any_bytes_are_safe(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(messages) = decode(Limits::SERVICE, [&bytes[..]]) {
            prop_assert!(bytes.is_empty(), "{:?}", messages);
        }
    }
}

fn with_checksums(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = |length: usize| u32::try_from(length).expect("a length").to_be_bytes();
    let mut bytes = length(headers.len() + payload.len() + 16).to_vec();
    bytes.extend(length(headers.len()));
    bytes.extend(crc32(&bytes).to_be_bytes());
    bytes.extend(headers);
    bytes.extend(payload);
    bytes.extend(crc32(&bytes).to_be_bytes());
    bytes
}

/// CRC-32 bit by bit, as in RFC 1952 section 8: independent of the implementation under test.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[test]
fn frames_are_those_of_the_specification() {
    // From Smithy's protocol tests.
    let bytes = "AAAATwAAAD8J5z3MDTptZXNzYWdlLXR5cGUHAAVldmVudAs6ZXZlbnQtdHlwZQcAB2hlYWRlcnMMc3RyaW5nSGVhZGVyBwADZm9vxT+2MA==";
    let bytes = STANDARD.decode(bytes).expect("base64");
    let message = Message::default()
        .header(":message-type", "event")
        .header(":event-type", "headers")
        .header("stringHeader", "foo");
    assert_eq!(
        decode(Limits::SERVICE, [&bytes[..]]),
        Ok(vec![message.clone()])
    );
    assert_eq!(message.encode().expect("a frame"), bytes);
}

fn check(bytes: &[u8], limits: Limits, expected: &FrameError, text: &str) {
    assert_eq!(decode(limits, [bytes]).as_ref(), Err(expected));
    assert!(expected.to_string().contains(text), "{expected}");
}

#[test]
fn invalid_and_corrupt_messages_have_different_errors() {
    let good = frames(&[Message::new("payload").header("a", "b")]);
    let mut prelude = good.clone();
    prelude[3] += 1;
    let mut body = good.clone();
    body[14] ^= 1;
    let service = Limits::SERVICE;
    check(
        &prelude,
        service,
        &FrameError::PreludeChecksum,
        "lengths is wrong",
    );
    check(&body, service, &FrameError::MessageChecksum, "corrupt");
    check(
        &good[..20],
        service,
        &FrameError::Cut { received: 20 },
        "ends 20 bytes into",
    );

    let header = |bytes: &[u8]| with_checksums(bytes, b"");
    for (headers, what) in [
        (&b"\x00"[..], "no name"),
        (b"\x05abc", "before its name"),
        (b"\x01a\x0a", "unknown header type"),
        (b"\x01a", "before its value"),
        (b"\x01a\x04\x00", "before its value"),
        (b"\x01a\x07\x00\x05abc", "before its value"),
        (b"\x01a\x07\x00\x01\xff", "not UTF-8"),
        (b"\x01\xff\x00", "not UTF-8"),
        (b"\x01a\x09\x00", "before its value"),
        (b"\x01a\x00\x01b\x00\x01a\x01", "occurs twice"),
    ] {
        let error = decode(service, [&header(headers)[..]]).expect_err("no headers");
        assert!(matches!(error, FrameError::Headers(_)), "{error:?}");
        assert!(error.to_string().contains(what), "{error}");
    }
}

#[test]
fn lengths_that_contradict_each_other_are_rejected_before_the_message_has_arrived() {
    for (total, headers) in [(15_u32, 0_u32), (0, 0), (20, 5), (u32::MAX, u32::MAX)] {
        let mut prelude = [total.to_be_bytes(), headers.to_be_bytes()].concat();
        prelude.extend(crc32(&prelude).to_be_bytes());
        check(
            &prelude,
            Limits::SERVICE,
            &FrameError::Lengths { total, headers },
            "cannot have headers",
        );
    }
}

#[test]
fn messages_are_rejected_for_their_size_before_they_are_buffered() {
    let limits = Limits {
        headers: 8,
        payload: 100,
    };
    let fits = Message::new(vec![0; 100]).header("abcde", HeaderValue::Byte(1));
    assert_eq!(
        decode(limits, [&frames(std::slice::from_ref(&fits))[..]]),
        Ok(vec![fits])
    );
    for (message, total, headers) in [
        (Message::new(vec![0; 101]), 117, 0),
        (
            Message::default().header("abcdef", HeaderValue::Byte(1)),
            25,
            9,
        ),
    ] {
        let prelude = &frames(&[message])[..12];
        check(
            prelude,
            limits,
            &FrameError::TooLarge {
                total,
                headers,
                limits,
            },
            "exceeds the limits",
        );
    }
}

#[test]
fn what_a_frame_cannot_hold_is_not_written() {
    let long = "x".repeat(32_768);
    let message = |name: &str, value: HeaderValue| Message::default().header(name, value).encode();
    for (name, value, expected) in [
        ("", HeaderValue::Boolean(true), "1 to 255"),
        (&long[..256], HeaderValue::Boolean(true), "1 to 255"),
        ("a", HeaderValue::String(long.clone()), "32767"),
        ("a", HeaderValue::Bytes(Bytes::from(long.clone())), "32767"),
    ] {
        let error = message(name, value).expect_err("it does not fit");
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert!(message(&long[..255], HeaderValue::String(long[1..].to_owned())).is_ok());
}

#[test]
fn an_error_stays() {
    let mut decoder = MessageDecoder::new(Limits::SERVICE);
    decoder.push(&[0; 12]);
    assert_eq!(decoder.next_message(), Err(FrameError::PreludeChecksum));
    decoder.push(&frames(&[Message::new("later")]));
    assert_eq!(decoder.next_message(), Err(FrameError::PreludeChecksum));
    assert_eq!(decoder.finish(), Err(FrameError::PreludeChecksum));
}

#[test]
fn debug_shows_no_content() {
    let message = Message::new("payload").header("name", "secret");
    assert_eq!(
        format!("{message:?}"),
        r#"{"name": string, "payload": 7 bytes}"#
    );
}
