//! Bodies that are compressed or have a checksum, of a service that is written by hand: an
//! operation with `requestCompression` and `httpChecksumRequired`.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_runtime::schema::{STRING, Schema};
use drawplate_runtime::server::{RequestContext, Router};
use drawplate_runtime::service::{
    Customizations, Operation, OperationTraits, Route, Segment, Service,
};
use drawplate_runtime::{Member, UnmodeledError};
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest as _, Md5};

use crate::call::{BufferedResponse, request, send};

static SERVICE: Service = Service {
    id: "tests#Notes",
    version: "1",
    sdk_id: None,
    repeats_any: false,
    protocols: &[&drawplate_runtime::protocol::REST_JSON_1],
    http_versions: &[],
    query_compatible: false,
    auth: &[],
    signing: None,
    endpoint_prefix: None,
    base_path: "",
    cors: None,
    validation_error: None,
    customizations: Customizations::NONE,
    operations: &[&KEEP],
};
static KEEP: Operation = Operation {
    name: "Keep",
    input: &NOTE,
    output: &NOTE,
    errors: &[],
    route: Some(&ROUTE),
    traits: OperationTraits {
        checksum_required: true,
        request_compression: &["gzip"],
        ..OperationTraits::NONE
    },
};
static ROUTE: Route = Route {
    operation: "Keep",
    method: "PUT",
    path: &[Segment::Literal("note")],
    query: &[],
    status: 200,
};
static ROUTES: &[&Route] = &[&ROUTE];
static NOTE: Schema = Schema::structure("tests#Note", &[Member::new("text", &STRING)]);

#[derive(Clone, PartialEq)]
struct Note {
    text: Option<String>,
}
drawplate_runtime::structure!(Note: NOTE { 0: text });

enum KeepError {
    Unmodeled(UnmodeledError),
}
drawplate_runtime::service_error!(KeepError {} else Unmodeled);

/// Keeps the notes that it gets.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<Note>>>);

impl Notes {
    #[expect(
        clippy::unused_async,
        reason = "the methods of a service are asynchronous"
    )]
    async fn keep(&self, note: Note, _: &RequestContext) -> Result<Note, KeepError> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(note);
        Ok(Note { text: None })
    }

    fn take(&self) -> Vec<Note> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn router(&self) -> Router {
        Router::new(
            &SERVICE,
            ROUTES,
            Arc::new(self.clone()),
            drawplate_runtime::server_handlers!(Notes: keep),
        )
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

fn digest(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// What a body with these headers gets: the note that arrives, or status and code.
fn check(headers: &str, body: &[u8], expected: Result<&str, (u16, &str)>) {
    let notes = Notes::default();
    let head = format!("PUT /note\ncontent-type: application/json\n{headers}");
    let response = send(&notes.router(), request(&head, body.to_vec()));
    let found = notes.take();
    match expected {
        Ok(text) => {
            assert_eq!(response.status, 200, "{headers}: {response:?}");
            let text = (!text.is_empty()).then(|| text.to_owned());
            assert_eq!(found, [Note { text }], "{headers}");
        }
        Err((status, code)) => {
            assert_rejected(&response, status, code);
            assert_eq!(found, [], "{headers}");
        }
    }
}

fn assert_rejected(response: &BufferedResponse, status: u16, code: &str) {
    assert_eq!(response.status, status, "{response:?}");
    assert_eq!(response.header("x-amzn-errortype"), code, "{response:?}");
    assert!(!response.message().is_empty());
}

const BODY: &[u8] = br#"{"text":"kept"}"#;

#[test]
fn a_body_is_what_its_checksum_says() {
    let right = digest(BODY);
    check(&format!("content-md5: {right}"), BODY, Ok("kept"));
    let other = digest(br#"{"text":"Kept"}"#);
    let mismatch = Err((400, "BadDigest"));
    check(&format!("content-md5: {other}"), BODY, mismatch);
    check(&format!("content-md5: {right}"), &BODY[..14], mismatch);
    check(&format!("content-md5: {right}"), b"", mismatch);
}

#[test]
fn a_checksum_is_there_and_is_one() {
    let right = digest(BODY);
    let none = Err((400, "InvalidDigest"));
    check("", BODY, none);
    check("content-md5:", BODY, none);
    check("content-md5: kept", BODY, none);
    check("content-md5: AAAA", BODY, none);
    check(&format!("content-md5: {right}="), BODY, none);
    check(
        &format!("content-md5: {right}\ncontent-md5: {right}"),
        BODY,
        none,
    );
    // What newer clients send instead is for the implementation to check.
    check("x-amz-checksum-crc32: AAAAAA==", BODY, Ok("kept"));
    // Nothing needs no checksum, though it may have one.
    check("", b"", Ok(""));
    check(&format!("content-md5: {}", digest(b"")), b"", Ok(""));
}

#[test]
fn compressed_bodies_are_read() {
    let body = gzip(BODY);
    let md5 = digest(&body);
    let gzipped = format!("content-encoding: gzip\ncontent-md5: {md5}");
    check(&gzipped, &body, Ok("kept"));
    check(&gzipped.replace("gzip", "GZIP"), &body, Ok("kept"));
    // Several members are one stream (RFC 1952 section 2.2).
    let (first, second) = BODY.split_at(7);
    let members = [gzip(first), gzip(second)].concat();
    let md5 = digest(&members);
    check(
        &format!("content-encoding: gzip\ncontent-md5: {md5}"),
        &members,
        Ok("kept"),
    );
    // The checksum is of what is sent (RFC 1864).
    let plain = format!("content-encoding: gzip\ncontent-md5: {}", digest(BODY));
    check(&plain, &body, Err((400, "BadDigest")));
}

#[test]
fn a_body_that_is_not_compressed_as_declared_is_rejected() {
    let refused = |encoding: &str, body: &[u8], status, code| {
        let md5 = digest(body);
        let headers = format!("content-encoding: {encoding}\ncontent-md5: {md5}");
        check(&headers, body, Err((status, code)));
    };
    let body = gzip(BODY);
    refused("gzip", BODY, 400, "SerializationException");
    refused(
        "gzip",
        &body[..body.len() - 4],
        400,
        "SerializationException",
    );
    let mut damaged = body.clone();
    damaged[body.len() - 6] ^= 1;
    refused("gzip", &damaged, 400, "SerializationException");
    for encoding in ["br", "gzip, gzip", "deflate", "br, gzip"] {
        refused(encoding, &body, 415, "UnsupportedMediaTypeException");
    }
}

#[test]
fn the_limit_holds_for_what_comes_out() {
    let document = |length: usize| format!(r#"{{"text":"{}"}}"#, "a".repeat(length));
    let fits = document((1 << 20) - 11);
    assert_eq!(fits.len(), 1 << 20);
    for (document, status) in [(&fits, 200), (&document((1 << 20) - 10), 413)] {
        let body = gzip(document.as_bytes());
        assert!(body.len() < 10_000, "it is small on the wire");
        let head = format!(
            "PUT /note\ncontent-type: application/json\ncontent-encoding: gzip\ncontent-md5: {}",
            digest(&body)
        );
        let response = send(&Notes::default().router(), request(&head, body));
        assert_eq!(response.status, status);
    }
    // 32 MiB of spaces, which are not decompressed to the end.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..32 {
        encoder
            .write_all(&vec![b' '; 1 << 20])
            .expect("memory does not fail");
    }
    let bomb = encoder.finish().expect("memory does not fail");
    let md5 = digest(&bomb);
    check(
        &format!("content-encoding: gzip\ncontent-md5: {md5}"),
        &bomb,
        Err((413, "RequestTooLargeException")),
    );
}
