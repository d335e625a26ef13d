//! What streams are made of, and what is made of them.

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::client::Body;
use drawplate_fixtures::kitchen_sink::input::PipeInput;
use drawplate_fixtures::kitchen_sink::output::FetchOutput;
use drawplate_runtime::http::BodyError;
use drawplate_runtime::{Blob, Json as _};
use futures_util::StreamExt as _;
use http_body_util::Full;

use crate::source::{pieces, torn, wait};

#[test]
fn bytes_and_texts_are_in_memory() {
    for stream in [
        ByteStream::from("abc"),
        ByteStream::from(b"abc"),
        ByteStream::from(&b"abc"[..]),
        ByteStream::from(String::from("abc")),
        ByteStream::from(b"abc".to_vec()),
        ByteStream::from(Bytes::from_static(b"abc")),
        ByteStream::from(Blob::from("abc")),
        ByteStream::from(Body::from("abc")),
    ] {
        assert_eq!(stream.as_bytes().map(|bytes| &**bytes), Some(&b"abc"[..]));
        assert_eq!(stream.length(), Some(3));
        assert_eq!(stream, ByteStream::from("abc"));
        assert_eq!(wait(stream.collect()).expect("bytes"), "abc");
    }
    assert_eq!(ByteStream::default(), ByteStream::empty());
    assert_eq!(wait(ByteStream::empty().collect()).expect("bytes"), "");
}

#[test]
fn bodies_and_streams_are_read_to_the_end() {
    let body = ByteStream::new(Full::new(Bytes::from_static(b"abc")));
    assert_eq!((body.as_bytes(), body.length()), (None, Some(3)));
    assert_eq!(wait(body.collect()).expect("bytes"), "abc");
    assert_eq!(pieces(3, 2).length(), None);
    assert_eq!(wait(pieces(3, 2).collect()).expect("bytes"), "xxxxxx");
    let read = wait(
        pieces(3, 2)
            .map(|piece| piece.expect("no error").len())
            .collect::<Vec<_>>(),
    );
    assert_eq!(read, [2, 2, 2]);
    assert_eq!(
        wait(pieces(3, 2).collect_within(6)).expect("no more than the limit"),
        "xxxxxx"
    );
    let error = wait(pieces(3, 2).collect_within(5)).expect_err("more than the limit");
    assert!(matches!(error, BodyError::TooLarge { limit: 5 }), "{error}");
    let error = wait(torn().collect()).expect_err("it breaks off");
    assert!(matches!(&error, BodyError::Broken(why) if why.to_string() == "the disk is gone"));
}

#[test]
fn clones_of_a_stream_share_it() {
    let stream = pieces(2, 3);
    let mut clone = stream.clone();
    assert_eq!(stream, clone);
    assert_ne!(stream, pieces(2, 3));
    assert_ne!(stream, ByteStream::from("xxxxxx"));
    assert_eq!(
        wait(clone.chunk()).expect("no error").expect("a piece"),
        "xxx"
    );
    assert_eq!(wait(stream.collect()).expect("the rest"), "xxx");
    let error = wait(clone.collect()).expect_err("nothing is left");
    assert!(matches!(error, BodyError::AlreadyConsumed), "{error}");
}

#[test]
fn a_declared_length_is_enforced() {
    let stream = pieces(2, 3).with_length(6);
    assert_eq!(stream.length(), Some(6));
    assert_eq!(wait(stream.collect()).expect("all of it"), "xxxxxx");
    let error = wait(pieces(2, 3).with_length(7).collect()).expect_err("too short");
    assert_eq!(error.to_string(), "the body ended after 6 of 7 bytes");
    let mut long = pieces(2, 3).with_length(5);
    assert_eq!(
        wait(long.chunk()).expect("in time").expect("a piece"),
        "xxx"
    );
    assert_eq!(long.length(), Some(2));
    let error = wait(long.chunk()).expect_err("too long");
    assert_eq!(
        error.to_string(),
        "the body is longer than the expected 5 bytes"
    );
    assert_eq!(
        wait(long.chunk()).expect("nothing comes after an error"),
        None
    );
}

#[test]
fn what_a_stream_brings_is_not_shown() {
    let input = PipeInput::new("secret");
    assert_eq!(
        format!("{input:?}"),
        "PipeInput { body: ByteStream(6 bytes) }"
    );
    let input = PipeInput::new(pieces(1, 1));
    assert_eq!(
        format!("{input:?}"),
        "PipeInput { body: ByteStream(unknown length) }"
    );
    // Looking does not take it.
    assert_eq!(wait(input.body.collect()).expect("it is still there"), "x");
}

#[test]
fn documents_can_only_contain_streams_in_memory() {
    let input = PipeInput::new("abc");
    assert_eq!(input.to_json().expect("a document"), r#"{"body":"YWJj"}"#);
    assert_eq!(
        PipeInput::from_json(r#"{"body":"YWJj"}"#).expect("an input"),
        input
    );
    assert_eq!(
        serde_json::to_string(&input).expect("a document"),
        r#"{"body":"YWJj"}"#
    );
    let input = PipeInput::new(pieces(1, 1));
    let message = "`body` is a stream, which only messages can contain";
    assert_eq!(input.to_json().expect_err("a stream").to_string(), message);
    let error = serde_json::to_string(&input).expect_err("a stream");
    assert_eq!(error.to_string(), message);
    assert_eq!(FetchOutput::new().image, ByteStream::empty());
}
