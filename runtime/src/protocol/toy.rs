//! A protocol in one file, with a codec of its own: documents in the format of `postcard`, and
//! operations that the path names. It needs no change anywhere else.

use std::sync::Arc;

use ::serde::Deserializer;
use ::serde::de::DeserializeSeed;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use tower_service::Service as _;

use super::bind::decode::ReceivedParts;
use super::content::Content;
use super::error::{self, ErrorInfo};
use super::messages::{
    ContentType, Messages, Recognition, RequestHead, RequestInput, RequestRouter, RouteError,
    ServerProtocol,
};
use super::request::RequestParts;
use super::routes::Matched;
use super::service::{Customizations, Operation, OperationTraits, Route, Segment, Service};
use super::{AWS_JSON_1_1, Protocol, REST_JSON_1, RPC_V2_JSON, response, rpc};
use crate::codec::decode::{DecodeContext, Form, Memory, Source};
use crate::codec::members::Tokens;
use crate::codec::{Codec, DecodeOptions, serde};
use crate::error::{DecodeError, EncodeError};
use crate::http::Body;
use crate::schema::{self as s, ErrorSchema, Fault, Member, Schema};
use crate::server::{Handler, RequestContext, Router};
use crate::service_error::{ModeledError, Origin, UnmodeledError};
use crate::shape::private::Sealed;
use crate::shape::{DecodeMembers, Decoder, Encode, EncodeMembers, Structure as _};

const ERROR: HeaderName = HeaderName::from_static("x-toy-error");

#[derive(Debug)]
struct Postcard;

impl Sealed for Postcard {}

impl Codec for Postcard {
    fn media_type(&self) -> &'static str {
        "application/x-postcard"
    }

    fn reads(&self, media_type: &str) -> bool {
        media_type == self.media_type()
    }

    fn encode(&self, member: &'static Member, value: &dyn Encode) -> Result<Vec<u8>, EncodeError> {
        postcard::to_allocvec(&Encoded(member, value))
            .map_err(|error| EncodeError::new(error.to_string()))
    }

    fn decode(
        &self,
        document: &[u8],
        options: DecodeOptions,
        decode: &mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let memory = Memory::new(options.memory, document.len());
        let context = DecodeContext::new(Form::Binary, options.mode, memory);
        let seed = Seed {
            context: &context,
            decode,
        };
        let mut deserializer = postcard::Deserializer::from_bytes(document);
        seed.deserialize(&mut deserializer)
            .unwrap_or_else(|error| Err(DecodeError::mismatch("a document", error.to_string())))
    }

    /// A map without entries.
    fn empty_structure(&self) -> &'static [u8] {
        &[0]
    }

    fn is_empty_structure(&self, document: &[u8]) -> bool {
        document == [0]
    }

    fn resembles_document(&self, _: &[u8]) -> bool {
        false
    }
}

struct Encoded<'v>(&'static Member, &'v dyn Encode);

impl ::serde::Serialize for Encoded<'_> {
    fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde::serialize_as(self.0, self.1, serializer)
    }
}

struct Seed<'d> {
    context: &'d DecodeContext,
    decode: &'d mut dyn FnMut(&mut dyn Decoder) -> Result<(), DecodeError>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Result<(), DecodeError>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut source = Source::new(deserializer, self.context);
        let result = (self.decode)(&mut source);
        source.finish(result)
    }
}

static TOY: Toy = Toy;

#[derive(Debug)]
struct Toy;

impl Sealed for Toy {}

impl Protocol for Toy {
    fn id(&self) -> &'static str {
        "toy#protocol"
    }

    fn codec(&self) -> &'static dyn Codec {
        &Postcard
    }

    fn messages(&self) -> &dyn Messages {
        self
    }
}

impl Messages for Toy {
    fn encode_request(
        &self,
        _: &Service,
        operation: &Operation,
        input: &dyn EncodeMembers,
        tokens: Tokens<'_>,
    ) -> Result<RequestParts, EncodeError> {
        let path = format!("/toy/{}", operation.name);
        rpc::encode_request(self, operation, input, tokens, &path, HeaderMap::new())
    }

    fn decode_response(
        &self,
        parts: &ReceivedParts<'_>,
        output: &mut dyn DecodeMembers,
    ) -> Result<(), DecodeError> {
        rpc::decode_response(self, parts, output)
    }

    fn error_info(&self, headers: &HeaderMap, _: &[u8]) -> ErrorInfo {
        let name = headers.get(ERROR).and_then(|name| name.to_str().ok());
        ErrorInfo {
            shape: name.map(str::to_owned),
            ..ErrorInfo::default()
        }
    }

    fn has_initial_message(&self) -> bool {
        true
    }

    fn server(&self) -> Option<&dyn ServerProtocol> {
        Some(self)
    }
}

impl ServerProtocol for Toy {
    fn request_router(
        &self,
        service: &'static Service,
        _: &'static [&'static Route],
    ) -> Box<dyn RequestRouter> {
        Box::new(Names(service))
    }

    fn recognizes(&self, head: &RequestHead<'_>) -> Recognition {
        if head.uri.path().starts_with("/toy/") {
            Recognition::Certain
        } else {
            Recognition::No
        }
    }

    fn binds_header(&self, _: &Schema, _: &str) -> bool {
        false
    }

    fn content_type(&self, schema: &'static Schema, _: bool) -> ContentType {
        rpc::content_type(self, schema)
    }

    fn negotiates(&self) -> bool {
        false
    }

    fn decode_request(
        &self,
        parts: &ReceivedParts<'_>,
        input: &mut dyn RequestInput,
    ) -> Result<(), DecodeError> {
        rpc::decode_request(self, parts, input)
    }

    fn encode_response(
        &self,
        operation: &Operation,
        output: &dyn EncodeMembers,
    ) -> Result<Response<Body>, EncodeError> {
        rpc::encode_response(self, operation, output, 200)
    }

    fn encode_modeled_error(
        &self,
        error: &dyn ModeledError,
        request_id: &str,
    ) -> Result<Response<Body>, EncodeError> {
        self.encode_error(
            response::error_status(error),
            Some(error.schema().name()),
            error,
            request_id,
        )
    }

    fn encode_error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        members: &dyn EncodeMembers,
        _: &str,
    ) -> Result<Response<Body>, EncodeError> {
        let document = response::document(self, members)?;
        let mut response = response::with_document(status, self, document);
        if let Some(code) = code.and_then(|code| HeaderValue::try_from(code).ok()) {
            response.headers_mut().insert(ERROR, code);
        }
        Ok(response)
    }
}

/// Finds the operation that the path names.
#[derive(Debug)]
struct Names(&'static Service);

impl RequestRouter for Names {
    fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError> {
        let name = head.uri.path().strip_prefix("/toy/");
        let operations = self.0.operations.iter();
        let named = |name: &str| operations.clone().position(|known| known.name == name);
        match name.and_then(named) {
            Some(operation) if *head.method == Method::POST => Ok(Matched::operation(operation)),
            Some(_) => Err(RouteError::Method(vec!["POST"])),
            None => Err(RouteError::NotFound),
        }
    }
}

static PUT_SCHEMA: Schema = Schema::structure(
    "a#Put",
    &[
        Member::new("name", &s::STRING)
            .required()
            .label()
            .json_name("nick")
            .length(Some(1), Some(3)),
        Member::new("count", &s::INTEGER).json_name("n"),
    ],
);

#[derive(Clone, PartialEq)]
pub(super) struct Put {
    name: String,
    count: Option<i32>,
}
crate::structure!(Put: PUT_SCHEMA { 0: name, 1: count });

static STORED_SCHEMA: Schema = Schema::structure(
    "a#Stored",
    &[
        Member::new("name", &s::STRING).required().json_name("nick"),
        Member::new("count", &s::INTEGER).json_name("n"),
    ],
);

#[derive(Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) name: String,
    count: Option<i32>,
}
crate::structure!(Stored: STORED_SCHEMA { 0: name, 1: count });

static TAKEN_SCHEMA: Schema = Schema::error(
    "a#Taken",
    ErrorSchema {
        fault: Fault::Client,
        status: 409,
        retryable: false,
        throttling: false,
    },
    &[Member::new("name", &s::STRING)],
);

#[derive(Clone, PartialEq)]
pub(super) struct Taken {
    pub(super) name: Option<String>,
    origin: Origin,
}
crate::structure!(Taken: TAKEN_SCHEMA { 0: name } with origin);
crate::modeled_error!(Taken, origin: origin);

pub(super) enum PutError {
    Taken(Taken),
    Unmodeled(UnmodeledError),
}
crate::service_error!(PutError { Taken } else Unmodeled);

static ROUTES: &[&Route] = &[&ROUTE];

static ROUTE: Route = Route {
    operation: "Put",
    method: "POST",
    path: &[Segment::Literal("put"), Segment::Label(0)],
    query: &[],
    status: 200,
};

pub(super) static PUT: Operation = Operation {
    name: "Put",
    input: &PUT_SCHEMA,
    output: &STORED_SCHEMA,
    errors: &[&TAKEN_SCHEMA],
    route: Some(&ROUTE),
    traits: OperationTraits::NONE,
};

/// The last one takes every request.
#[cfg(feature = "cbor")]
pub(super) const PROTOCOLS: &[&dyn Protocol] =
    &[&TOY, &super::RPC_V2_CBOR, &RPC_V2_JSON, &REST_JSON_1];
#[cfg(not(feature = "cbor"))]
pub(super) const PROTOCOLS: &[&dyn Protocol] = &[&TOY, &RPC_V2_JSON, &REST_JSON_1];

/// The service speaks all of these protocols.
pub(super) static SERVICE: Service = Service {
    id: "a#Names",
    version: "1",
    sdk_id: None,
    repeats_any: false,
    protocols: PROTOCOLS,
    http_versions: &[],
    query_compatible: false,
    auth: &[],
    signing: None,
    endpoint_prefix: None,
    base_path: "",
    cors: None,
    validation_error: None,
    customizations: Customizations::NONE,
    operations: &[&PUT],
};

struct Store;

impl Store {
    #[expect(clippy::unused_async, reason = "handlers are async")]
    async fn put(&self, input: Put, _: &RequestContext) -> Result<Stored, PutError> {
        if input.name == "old" {
            let mut error = Taken::empty();
            error.name = Some(input.name);
            return Err(PutError::Taken(error));
        }
        let Put { name, count } = input;
        Ok(Stored { name, count })
    }
}

/// The server of a variant of the service.
pub(super) fn router(service: &'static Service) -> Router {
    let handlers: &'static [Handler<Store>] = crate::server_handlers!(Store: put);
    Router::new(service, ROUTES, Arc::new(Store), handlers)
}

/// Sends a request to the service: the response without its body, and the body.
pub(super) async fn send(request: Request<Body>) -> (Response<()>, Content) {
    send_to(&SERVICE, request).await
}

/// The same with a variant of the service.
pub(super) async fn send_to(
    service: &'static Service,
    request: Request<Body>,
) -> (Response<()>, Content) {
    let Ok(response) = router(service).call(request).await;
    let (parts, body) = response.into_parts();
    let bytes = body.collect(usize::MAX).await.expect("a body in memory");
    (Response::from_parts(parts, ()), Content::Bytes(bytes))
}

/// Calls `Put` in one of the protocols of the service.
pub(super) async fn call(protocol: &dyn Protocol, input: &Put) -> (Response<()>, Content) {
    let request = protocol
        .messages()
        .encode_request(&SERVICE, &PUT, input, &String::new)
        .expect("a request");
    let mut sent = Request::new(request.body.into_body());
    *sent.method_mut() = request.method;
    *sent.uri_mut() = request.target.parse().expect("a URI");
    *sent.headers_mut() = request.headers;
    send(sent).await
}

/// Decodes a response in one of the protocols.
pub(super) fn decode(
    protocol: &dyn Protocol,
    (response, body): &(Response<()>, Content),
    output: &mut dyn DecodeMembers,
) {
    let parts = ReceivedParts {
        labels: &[],
        query: &[],
        headers: response.headers(),
        status: Some(response.status().as_u16()),
        body,
        memory: crate::codec::MemoryLimit::DEFAULT,
    };
    protocol
        .messages()
        .decode_response(&parts, output)
        .expect("a response");
}

pub(super) fn input(name: &str) -> Put {
    Put {
        name: name.to_owned(),
        count: Some(-7),
    }
}

#[tokio::test]
async fn inputs_and_outputs_survive_in_every_protocol_of_the_service() {
    for protocol in PROTOCOLS.iter().copied() {
        let sent = input("new");
        let received = call(protocol, &sent).await;
        assert_eq!(received.0.status(), StatusCode::OK, "{}", protocol.id());
        let media_type = &received.0.headers()[CONTENT_TYPE];
        assert_eq!(media_type, protocol.media_type());
        let mut output = Stored::empty();
        decode(protocol, &received, &mut output);
        let received = (output.name, output.count);
        assert_eq!(received, (sent.name, sent.count), "{}", protocol.id());
    }
}

#[tokio::test]
async fn errors_of_the_model_and_of_the_server_are_framed_by_the_protocol() {
    let received = call(&TOY, &input("old")).await;
    let (response, body) = &received;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let info = TOY.error_info(response.headers(), body.bytes());
    assert_eq!(error::by_name(PUT.errors, &info), Some(0));
    let mut error = Taken::empty();
    decode(&TOY, &received, &mut error);
    assert_eq!(error.name.as_deref(), Some("old"));

    let (response, body) = call(&TOY, &input("too long")).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.headers()[ERROR], "ValidationException");
    let text = String::from_utf8_lossy(body.bytes()).into_owned();
    assert!(
        text.contains("'/nick' failed to satisfy constraint"),
        "{text}"
    );

    let unknown = Request::post("/toy/Other").body(Body::empty());
    let (response, _) = send(unknown.expect("a request")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()[ERROR], "UnknownOperationException");
}

#[test]
fn each_codec_chooses_the_names_of_members() {
    let input = input("new");
    let text = |protocol: &dyn Protocol| {
        let document = response::document(protocol, &input).expect("a document");
        String::from_utf8(document).expect("JSON text")
    };
    assert_eq!(text(&REST_JSON_1), r#"{"nick":"new","n":-7}"#);
    assert_eq!(text(&AWS_JSON_1_1), r#"{"name":"new","count":-7}"#);
}
