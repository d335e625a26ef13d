//! Errors and recognition of restXml.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, Uri};

use super::errors::ErrorDocument;
use super::{REST_XML, REST_XML_UNWRAPPED_ERRORS};
use crate::codec::Mode;
use crate::codec::members::{self, MemberFilter};
use crate::codec::xml::{MESSAGES, XML};
use crate::error::{DecodeError, EncodeError};
use crate::protocol::error::{self, ErrorInfo};
use crate::protocol::messages::{Recognition, RequestHead, ServerProtocol};
use crate::protocol::{Messages as _, REST_JSON_1};
use crate::schema::{self, ErrorSchema, Fault, Member, Schema};
use crate::shape::private::Sealed;
use crate::shape::{DecodeMembers, Decoder, EncodeMembers, Encoder, Shape};

static MISSING: Schema = Schema::error(
    "a#Missing",
    ErrorSchema {
        fault: Fault::Client,
        status: 404,
        retryable: false,
        throttling: false,
    },
    &[
        Member::new("name", &schema::STRING).xml_name("Name"),
        Member::new("trace", &schema::STRING).header("x-trace"),
        Member::new("part", &schema::INTEGER).xml_attribute(),
    ],
);

struct Missing;

impl Sealed for Missing {}

impl Shape for Missing {
    fn schema(&self) -> &'static Schema {
        &MISSING
    }
}

impl EncodeMembers for Missing {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        encoder.string(&MISSING.members[0], "a&b")?;
        encoder.string(&MISSING.members[1], "t")?;
        encoder.integer(&MISSING.members[2], 7)
    }
}

#[test]
fn errors_have_a_frame_with_or_without_a_wrapper() {
    let document = ErrorDocument {
        code: "Missing",
        fault: Fault::Client,
        members: &Missing,
        filter: MemberFilter::Response,
        request_id: "id-1",
    };
    let encode = |wrapped| {
        let bytes = document.encode(&XML, wrapped).expect("a document");
        String::from_utf8(bytes).expect("UTF-8")
    };
    let error = "<Error part=\"7\"><Type>Sender</Type><Code>Missing</Code><Name>a&amp;b</Name>";
    let id = "<RequestId>id-1</RequestId>";
    assert_eq!(encode(false), format!("{error}{id}</Error>"));
    assert_eq!(
        encode(true),
        format!("<ErrorResponse>{error}</Error>{id}</ErrorResponse>")
    );
}

/// An error with this message.
struct Message(&'static str);

impl Sealed for Message {}

impl Shape for Message {
    fn schema(&self) -> &'static Schema {
        static SCHEMA: Schema =
            Schema::structure("a#Message", &[Member::new("message", &schema::STRING)]);
        &SCHEMA
    }
}

impl EncodeMembers for Message {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        encoder.string(&self.schema().members[0], self.0)
    }
}

#[test]
fn messages_with_characters_that_xml_lacks_are_sent() {
    let document = ErrorDocument {
        code: "Invalid",
        fault: Fault::Client,
        members: &Message("found `1\0<\u{fffe}\n`"),
        filter: MemberFilter::All,
        request_id: "id-1",
    };
    assert!(document.encode(&XML, true).is_err());
    let bytes = document.encode(&MESSAGES, true).expect("a document");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let message = "<message>found `1\u{fffd}&lt;\u{fffd}\n`</message>";
    assert!(text.contains(message), "{text}");
}

fn info(headers: &[(&'static str, &'static str)], body: &str) -> ErrorInfo {
    let headers = headers.iter().map(|(name, value)| {
        (
            http::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    });
    let headers = headers.collect::<HeaderMap>();
    let info = REST_XML.error_info(&headers, body.as_bytes());
    let other = REST_XML_UNWRAPPED_ERRORS.error_info(&headers, body.as_bytes());
    assert_eq!(info, other, "clients accept both forms");
    info
}

#[test]
fn clients_read_both_forms_of_errors() {
    let inner = "<Code> Missing\n</Code><Message>gone</Message>";
    for body in [
        format!("<ErrorResponse><Error>{inner}</Error><RequestId>r1</RequestId></ErrorResponse>"),
        format!(
            "<x:ErrorResponse xmlns:x='u'><x:RequestId>r1</x:RequestId><x:Error>{inner}</x:Error></x:ErrorResponse>"
        ),
        format!("<?xml version='1.0'?>\n<Error>{inner}<RequestId>r1</RequestId></Error>"),
    ] {
        let expected = ErrorInfo {
            shape: Some("Missing".to_owned()),
            query_code: None,
            message: Some("gone".to_owned()),
            request_id: Some("r1".to_owned()),
            is_identified: true,
            is_document: true,
        };
        assert_eq!(info(&[], &body), expected, "{body}");
    }
    let lower = info(&[], "<Error><Code>A</Code><message>m</message></Error>");
    assert_eq!(lower.message.as_deref(), Some("m"));
    assert!(!lower.is_identified);
}

#[test]
fn an_error_without_a_document_is_known_by_its_status() {
    let errors = [&MISSING];
    let id = ("x-amz-request-id", "r1");
    let modeled = |info: &ErrorInfo, status| error::modeled(&errors, info, status);
    assert_eq!(modeled(&info(&[id], ""), 404), Some(0));
    assert_eq!(modeled(&info(&[id], ""), 500), None);
    // Another server.
    assert_eq!(modeled(&info(&[], ""), 404), None);
    assert_eq!(modeled(&info(&[id], "<html>"), 404), None);
    let other = info(&[id], "<Error><Code>Other</Code></Error>");
    assert_eq!(modeled(&other, 404), None);
}

#[test]
fn a_request_is_in_the_format_of_its_content_type_or_of_what_it_accepts() {
    for (content_type, accept, json, xml) in [
        (None, None, true, true),
        (Some("application/xml; charset=utf-8"), None, false, true),
        (
            Some("application/json"),
            Some("application/xml"),
            true,
            false,
        ),
        (None, Some("application/xml"), false, true),
        (None, Some("application/json, */*"), true, false),
        // The payload is not a document.
        (Some("image/png"), Some("application/xml"), true, true),
    ] {
        let mut headers = HeaderMap::new();
        for (name, value) in [(CONTENT_TYPE, content_type), (ACCEPT, accept)] {
            headers.extend(value.map(|value| (name, HeaderValue::from_static(value))));
        }
        let head = RequestHead {
            method: &Method::POST,
            uri: &Uri::from_static("/"),
            headers: &headers,
            base: &[],
        };
        let is_possible =
            |protocol: &dyn ServerProtocol| protocol.recognizes(&head) != Recognition::No;
        assert_eq!(is_possible(&REST_JSON_1), json, "{headers:?}");
        assert_eq!(is_possible(&REST_XML), xml, "{headers:?}");
    }
}

/// The members of a request: each text is in the place of its member.
#[derive(Debug, Default, PartialEq)]
struct Item([String; 6]);

impl Sealed for Item {}

impl Shape for Item {
    /// A member that is bound to another part of the message has the name of one in the document.
    fn schema(&self) -> &'static Schema {
        static SCHEMA: Schema = Schema::structure(
            "a#Item",
            &[
                Member::new("name", &schema::STRING).header("x-name"),
                Member::new("title", &schema::STRING).xml_name("name"),
                Member::new("id", &schema::STRING).label(),
                Member::new("number", &schema::STRING).xml_name("id"),
                Member::new("lang", &schema::STRING)
                    .query("lang")
                    .xml_attribute(),
                Member::new("language", &schema::STRING)
                    .xml_name("lang")
                    .xml_attribute(),
            ],
        );
        &SCHEMA
    }
}

impl DecodeMembers for Item {
    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        self.0[index] = decoder.string(&self.schema().members[index])?;
        Ok(())
    }
}

#[test]
fn elements_are_members_that_are_not_bound_to_another_part_of_the_message() {
    let decode = |document: &str, filter, mode: Mode| {
        let mut item = Item::default();
        members::decode(&XML, document.as_bytes(), &mut item, filter, mode.into()).map(|()| item.0)
    };
    for mode in [Mode::Strict, Mode::Lenient] {
        for body in ["<name>n</name><id>7</id>", "<id>7</id><name>n</name>"] {
            let document = format!("<Item lang='en'>{body}</Item>");
            let request = decode(&document, MemberFilter::Request, mode);
            let expected = ["", "n", "", "7", "", "en"].map(str::to_owned);
            assert_eq!(request.expect("a request"), expected, "{document}");
        }
        // Inside a document, bindings do not apply.
        let document = "<Item lang='en'><name>n</name><id>7</id></Item>";
        let content = decode(document, MemberFilter::All, mode);
        let expected = ["n", "", "7", "", "en", ""].map(str::to_owned);
        assert_eq!(content.expect("a value"), expected);
    }
}
