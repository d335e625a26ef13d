//! Bodies that are not what their callers sent.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::service::{Objects, PutError, Receipt, Server, WHOLE, Whole};
use super::{ALGORITHMS, Caller, Change, client, input, put};

const DATA: &[u8] = b"the quick brown fox";

fn position(body: &[u8], text: &str) -> usize {
    let mut windows = body.windows(text.len());
    let found = windows.position(|window| window == text.as_bytes());
    found.expect(text)
}

/// Replaces a text in a body.
fn replace(from: &'static str, to: &'static str) -> impl Fn(&mut Vec<u8>) + Clone {
    move |body| {
        let start = position(body, from);
        body.splice(start..start + from.len(), to.bytes());
    }
}

/// Changes the first byte behind a text.
fn change_behind(text: &'static str) -> impl Fn(&mut Vec<u8>) + Clone {
    move |body| {
        let index = position(body, text) + text.len();
        body[index] = if body[index] == b'0' { b'1' } else { b'0' };
    }
}

/// Uploads a body that is changed on its way. Nothing of it reaches an implementation that takes
/// objects as a whole, and one that takes streams gets the error.
async fn check(
    caller: Caller,
    server: Server,
    change: impl Fn(&mut Vec<u8>) + Send + Sync + Clone + 'static,
    (status, code, message): (u16, &str, &str),
) {
    let objects = Arc::new(Objects::default());
    let change: Arc<Change> = Arc::new(move |_, body| change(body));
    for frame in [1, 1000] {
        let router = server.router(&objects);
        let client = client(caller, router, frame, Arc::clone(&change));
        let error = put(&client, &input("CRC32", DATA)).await;
        let error = error.map(drop).expect_err(message);
        let what = format!("{caller:?} {server:?}: {error}");
        if server.streams {
            assert_eq!(
                (error.status(), error.code()),
                (Some(400), Some("StreamFailed")),
                "{what}"
            );
            // Where each chunk is signed, it is the only one with bytes.
            let is_signed = caller == Caller::SignedChunks && server.signed;
            assert!(!is_signed || what.contains("after 0 bytes"), "{what}");
        } else {
            assert_eq!(
                (error.status(), error.code()),
                (Some(status), Some(code)),
                "{what}"
            );
            assert_eq!(objects.calls.load(Ordering::Relaxed), 0, "{what}");
        }
        assert!(what.contains(message), "{what}");
    }
}

#[tokio::test]
async fn a_changed_chunk_or_signature_is_found() {
    const ERROR: (u16, &str, &str) = (
        403,
        "SignatureDoesNotMatch",
        "the signature of a chunk or trailer does not match it",
    );
    for streams in [true, false] {
        let server = Server::new(true, streams);
        let caller = Caller::SignedChunks;
        check(caller, server, replace("quick", "quiet"), ERROR).await;
        check(caller, server, change_behind("13;chunk-signature="), ERROR).await;
        check(
            caller,
            server,
            change_behind("\r\n0;chunk-signature="),
            ERROR,
        )
        .await;
        check(
            caller,
            server,
            change_behind("x-amz-trailer-signature:"),
            ERROR,
        )
        .await;
        check(
            caller,
            server,
            change_behind("x-amz-checksum-crc32:"),
            ERROR,
        )
        .await;
    }
}

/// A reader may know the length of the body and read no more bytes than that.
#[tokio::test]
async fn the_last_bytes_are_read_after_a_hash_or_checksum_in_the_head_is_compared() {
    for (caller, signed) in [
        (Caller::SignedChunks, true),
        (Caller::Signed, true),
        (Caller::Anyone, false),
    ] {
        for frame in [1, 8, 1000] {
            let router = Server::new(signed, true).router(&Arc::default());
            let change: Arc<Change> = Arc::new(|_, body| replace("quick", "quiet")(body));
            let client = client(caller, router, frame, change);
            let input = Whole {
                bucket: "bucket".to_owned(),
                key: "key".to_owned(),
                algorithm: Some("CRC32".to_owned()),
                body: Some(DATA.into()),
                ..Whole::default()
            };
            let error = client.call::<Receipt, PutError>(&WHOLE, &input).await;
            let error = error.map(drop).expect_err("the body is another");
            assert_eq!(error.code(), Some("StreamFailed"), "{error}");
            let everything = format!("after {} bytes", DATA.len());
            assert!(
                !error.to_string().contains(&everything),
                "{caller:?}: {error}"
            );
            let why = "the body does not match";
            assert!(error.to_string().contains(why), "{caller:?}: {error}");
        }
    }
}

#[tokio::test]
async fn a_changed_checksum_is_found() {
    let differs = (
        400,
        "BadDigest",
        "the body does not match `x-amz-checksum-crc32`",
    );
    for (caller, signed) in [
        (Caller::Signed, true),
        (Caller::Signed, false),
        (Caller::Anyone, false),
        (Caller::SignedChunks, false),
    ] {
        for streams in [true, false] {
            let server = Server::new(signed, streams);
            check(caller, server, replace("quick", "quiet"), differs).await;
            check(
                caller,
                server,
                change_behind("x-amz-checksum-crc32:"),
                differs,
            )
            .await;
        }
    }
    for algorithm in ALGORITHMS {
        let router = Server::new(true, false).router(&Arc::default());
        let change: Arc<Change> = Arc::new(|_, body| replace("quick", "quiet")(body));
        let client = client(Caller::Signed, router, 100, change);
        let error = put(&client, &input(algorithm, DATA)).await.map(drop);
        assert_eq!(error.expect_err(algorithm).code(), Some("BadDigest"));
    }
}

#[tokio::test]
async fn malformed_chunks_have_codes_of_s3() {
    let cut = |by: usize| move |body: &mut Vec<u8>| body.truncate(body.len() - by);
    let incomplete = |message| (400, "IncompleteBody", message);
    let trailer = |message| (400, "MalformedTrailerError", message);
    for (caller, signed) in [
        (Caller::Signed, true),
        (Caller::Anyone, false),
        (Caller::SignedChunks, true),
        (Caller::SignedChunks, false),
    ] {
        for streams in [true, false] {
            let server = Server::new(signed, streams);
            let ended = incomplete("the body ends before its last chunk");
            check(caller, server, cut(1), ended).await;
            check(caller, server, cut(2), ended).await;
            check(caller, server, |body: &mut Vec<u8>| body.clear(), ended).await;
            let length = incomplete("the length in x-amz-decoded-content-length");
            check(caller, server, replace("13", "14"), length).await;
            check(caller, server, replace("13", "0"), length).await;
            let size = incomplete("a size is not hexadecimal");
            check(caller, server, replace("13", "1g"), size).await;
            let more = |body: &mut Vec<u8>| body.extend(b"more");
            check(
                caller,
                server,
                more,
                incomplete("bytes follow the last chunk"),
            )
            .await;
            let other = replace("x-amz-checksum-crc32:", "x-amz-checksum-crc32c:");
            check(
                caller,
                server,
                other,
                trailer("it has a name that is not announced"),
            )
            .await;
        }
    }
    for streams in [true, false] {
        let server = Server::new(true, streams);
        let unsigned = replace(";chunk-signature=", ";signature=");
        let error = incomplete("a chunk lacks its signature");
        check(Caller::SignedChunks, server, unsigned, error).await;
        let error = trailer("its signature is missing or malformed");
        let unsigned = replace("x-amz-trailer-signature:", "x-amz-trailer-signature:0");
        check(Caller::SignedChunks, server, unsigned, error).await;
        let checksum = replace("x-amz-checksum-crc32:", "x-amz-checksum-crc32:x");
        let error = (400, "InvalidRequest", "is not a checksum");
        check(Caller::Signed, server, checksum, error).await;
    }
}
