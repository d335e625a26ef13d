//! Payloads of each kind, and streams.

use super::*;

/// A payload of each kind: schema, type and operation.
macro_rules! payloads {
    ($($module:ident: $target:expr, $type:ty;)*) => {
        $(mod $module {
            use super::*;

            static SCHEMA: Schema = Schema::structure("a#Payload", &[
                Member::new("type", &s::STRING).header("Content-Type"),
                Member::new("payload", $target).payload(),
                Member::new("status", &s::INTEGER).status_code(),
            ]);
            #[derive(Clone, PartialEq)]
            pub(super) struct Message {
                pub(super) r#type: Option<String>,
                pub(super) payload: Option<$type>,
                pub(super) status: Option<i32>,
            }
            crate::structure!(Message: SCHEMA { 0: r#type, 1: payload, 2: status });
            static ROUTE: Route = Route { operation: "Put", method: "POST", path: &[], query: &[], status: 200 };
            static OPERATION: Operation = Operation {
                name: "Put",
                input: &SCHEMA,
                output: &SCHEMA,
                errors: &[],
                route: Some(&ROUTE),
                traits: OperationTraits::NONE,
            };

            /// Checks the content type and body of a payload, and that the payload can be decoded
            /// from them.
            pub(super) fn check(payload: Option<$type>, content_type: Option<&str>, body: &str) {
                let input = Message { r#type: None, payload: payload.clone(), status: None };
                let request = prepared(&REST, &OPERATION, &input).expect("a request");
                assert_eq!(request.target, "/");
                assert_eq!(header(&request.headers, "content-type"), content_type);
                assert_eq!(header(&request.headers, "content-length"), Some(&*body.len().to_string()));
                assert_eq!(request.body.bytes(), body);
                let mut output = Message::empty();
                receive(202, &request.body, &mut output);
                if !body.is_empty() && payload.is_some() {
                    assert!(output.payload == payload);
                }
                assert_eq!(output.status, Some(202));
                let input = Message { r#type: Some("a/b".to_owned()), payload, status: None };
                let request = prepared(&REST, &OPERATION, &input).expect("a request");
                assert_eq!(header(&request.headers, "content-type"), Some("a/b"));
            }
        })*
    };
}

static INNER: Schema = Schema::structure("a#Inner", &[Member::new("text", &s::STRING)]);
#[derive(Clone, PartialEq)]
struct Inner {
    text: Option<String>,
}
crate::structure!(Inner: INNER { 0: text });

payloads! {
    blob: &s::BLOB, Blob;
    text: &s::STRING, String;
    document: &s::DOCUMENT, Document;
    inner: &INNER, Inner;
}

#[test]
fn payloads_are_bodies_of_their_own_type() {
    blob::check(
        Some(Blob::from("\u{0}a")),
        Some("application/octet-stream"),
        "\u{0}a",
    );
    blob::check(None, None, "");
    text::check(Some("{raw".to_owned()), Some("text/plain"), "{raw");
    text::check(None, None, "");
    document::check(
        Some(Document::from("hello")),
        Some("application/json"),
        "\"hello\"",
    );
    document::check(None, None, "");
    inner::check(
        Some(Inner {
            text: Some("a".to_owned()),
        }),
        Some("application/json"),
        r#"{"text":"a"}"#,
    );
    inner::check(None, Some("application/json"), "{}");
}

#[test]
fn a_stream_has_no_checksum_before_it_is_sent() {
    static INPUT: Schema = Schema::structure(
        "a#Input",
        &[Member::new("body", &s::BLOB).streaming().payload()],
    );
    static ROUTE: Route = Route {
        operation: "Put",
        method: "PUT",
        path: &[],
        query: &[],
        status: 200,
    };
    static PUT: Operation = Operation {
        name: "Put",
        input: &INPUT,
        output: &INPUT,
        errors: &[],
        route: Some(&ROUTE),
        traits: OperationTraits {
            checksum_required: true,
            ..OperationTraits::NONE
        },
    };
    struct Input {
        body: ByteStream,
    }
    crate::structure!(Input: INPUT { 0: body });
    let put = |body| prepared(&REST, &PUT, &Input { body });
    let sent = put(ByteStream::from("abc")).expect("buffered bytes have a length");
    assert_eq!(
        header(&sent.headers, "content-md5"),
        Some("kAFQmDzST7DWlj99KOF/cg==")
    );
    let error = put(ByteStream::from("abc").with_length(3)).expect_err("a stream has no length");
    assert_eq!(
        error,
        "the operation needs a checksum of the body before it is sent: give bytes instead of a stream"
    );
}
