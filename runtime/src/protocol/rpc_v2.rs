//! `smithy.protocols#rpcv2Json` and `smithy.protocols#rpcv2Cbor` (Smithy, "Smithy RPC v2 JSON
//! protocol" and "Smithy RPC v2 CBOR protocol").

use super::Protocol;
use crate::codec::{Codec, json};
use crate::shape::private::Sealed;

/// `smithy.protocols#rpcv2Json`
pub static RPC_V2_JSON: RpcV2 = RpcV2 {
    id: "smithy.protocols#rpcv2Json",
    name: "rpc-v2-json",
    named: "the header smithy-protocol must be rpc-v2-json",
    codec: &json::RPC_V2,
    absolute_service_names: false,
};

/// `smithy.protocols#rpcv2Cbor`
#[cfg(feature = "cbor")]
pub static RPC_V2_CBOR: RpcV2 = RpcV2 {
    id: "smithy.protocols#rpcv2Cbor",
    name: "rpc-v2-cbor",
    named: "the header smithy-protocol must be rpc-v2-cbor",
    codec: &crate::codec::cbor::CBOR,
    absolute_service_names: true,
};

/// A protocol of the RPC v2 family. It ignores `jsonName`, `timestampFormat` and HTTP bindings.
#[derive(Debug)]
pub struct RpcV2 {
    id: &'static str,
    /// The value of the header `smithy-protocol`.
    name: &'static str,
    /// The reason for the rejection of requests without that header.
    named: &'static str,
    codec: &'static dyn Codec,
    /// Whether the path may also have the absolute ID of the service, with a dot for the `#`.
    absolute_service_names: bool,
}

impl Sealed for RpcV2 {}

impl Protocol for RpcV2 {
    fn id(&self) -> &'static str {
        self.id
    }

    fn codec(&self) -> &'static dyn Codec {
        self.codec
    }

    #[cfg(feature = "http")]
    fn messages(&self) -> &dyn super::Messages {
        self
    }
}

#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

#[cfg(feature = "http")]
mod messages {
    use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
    use http::{HeaderMap, Method, Response, StatusCode};

    use super::RpcV2;
    use crate::codec::members::Tokens;
    use crate::error::{DecodeError, EncodeError};
    use crate::http::Body;
    use crate::protocol::bind::decode::ReceivedParts;
    use crate::protocol::error::{self, ErrorInfo, ErrorNames};
    use crate::protocol::messages::{
        ContentType, Messages, ProtocolHeaders, Recognition, RequestHead, RequestInput,
        RequestRouter, RouteError, ServerProtocol,
    };
    use crate::protocol::request::{self, RequestParts};
    use crate::protocol::routes::{Matched, last_segments};
    use crate::protocol::service::{Operation, Route, Service};
    use crate::protocol::{Protocol as _, response, rpc};
    use crate::schema::Schema;
    use crate::service_error::ModeledError;
    use crate::shape::{DecodeMembers, EncodeMembers};
    use crate::stream::event;

    const PROTOCOL_NAME: &str = "smithy-protocol";
    const PROTOCOL: HeaderName = HeaderName::from_static(PROTOCOL_NAME);
    /// Headers that name an operation in other protocols. A proxy that reads them could be deceived
    /// about the operation.
    const TARGETS: [HeaderName; 2] = [
        HeaderName::from_static("x-amz-target"),
        HeaderName::from_static("x-amzn-target"),
    ];

    /// Whether the headers name a protocol, and no other one.
    fn is_named(protocol: &str, headers: &HeaderMap) -> bool {
        let mut names = headers.get_all(PROTOCOL).into_iter();
        names.next().is_some_and(|name| name == protocol) && names.next().is_none()
    }

    impl RpcV2 {
        /// Whether the headers name this protocol.
        fn is_named_in(&self, headers: &HeaderMap) -> bool {
            is_named(self.name, headers)
        }

        /// Adds the header that names the protocol.
        fn named(&self, mut response: Response<Body>) -> Response<Body> {
            let name = HeaderValue::from_static(self.name);
            response.headers_mut().insert(PROTOCOL, name);
            response
        }
    }

    impl Messages for RpcV2 {
        fn encode_request(
            &self,
            service: &Service,
            operation: &Operation,
            input: &dyn EncodeMembers,
            tokens: Tokens<'_>,
        ) -> Result<RequestParts, EncodeError> {
            let path = format!("/service/{}/operation/{}", service.name(), operation.name);
            let accepted = match operation.output.events() {
                Some(_) => event::MEDIA_TYPE,
                None => self.media_type(),
            };
            let mut headers = HeaderMap::new();
            headers.insert(PROTOCOL, HeaderValue::from_static(self.name));
            headers.insert(ACCEPT, HeaderValue::from_static(accepted));
            rpc::add_query_mode(service, &mut headers);
            if operation.traits.no_input {
                return request::finish(operation, Method::POST, path, &[], headers, None, None);
            }
            rpc::encode_request(self, operation, input, tokens, &path, headers)
        }

        fn decode_response(
            &self,
            parts: &ReceivedParts<'_>,
            output: &mut dyn DecodeMembers,
        ) -> Result<(), DecodeError> {
            if !self.is_named_in(parts.headers) {
                let found = match parts.headers.get(PROTOCOL) {
                    Some(_) => "another one",
                    None => "a response without it",
                };
                let expected = format!("the header smithy-protocol: {}", self.name);
                return Err(DecodeError::mismatch(expected, found));
            }
            rpc::decode_response(self, parts, output)
        }

        /// A response without the header of the protocol is not interpreted.
        fn error_info(&self, headers: &HeaderMap, body: &[u8]) -> ErrorInfo {
            if self.is_named_in(headers) {
                error::error_info(self.codec, ErrorNames::TYPE, headers, body)
            } else {
                ErrorInfo::default()
            }
        }

        fn has_initial_message(&self) -> bool {
            true
        }

        fn server(&self) -> Option<&dyn ServerProtocol> {
            Some(self)
        }
    }

    impl ServerProtocol for RpcV2 {
        fn request_router(
            &self,
            service: &'static Service,
            _: &'static [&'static Route],
        ) -> Box<dyn RequestRouter> {
            Box::new(Paths {
                service,
                protocol: self.name,
                named: self.named,
                absolute: self
                    .absolute_service_names
                    .then(|| service.id.replace('#', ".")),
            })
        }

        /// A request with the name of another protocol is in none that has no such header.
        fn recognizes(&self, head: &RequestHead<'_>) -> Recognition {
            if self.is_named_in(head.headers) || head.announces(PROTOCOL_NAME) {
                Recognition::Certain
            } else if head.headers.contains_key(PROTOCOL) {
                Recognition::Possible
            } else {
                Recognition::No
            }
        }

        fn headers(&self) -> ProtocolHeaders {
            ProtocolHeaders {
                request: &[PROTOCOL_NAME],
                response: &[PROTOCOL_NAME],
            }
        }

        fn binds_header(&self, _: &Schema, _: &str) -> bool {
            false
        }

        fn content_type(&self, schema: &'static Schema, _: bool) -> ContentType {
            rpc::content_type(self, schema)
        }

        fn negotiates(&self) -> bool {
            true
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
            let mut response = rpc::encode_response(self, operation, output, 200)?;
            if operation.traits.no_output {
                response.headers_mut().remove(CONTENT_TYPE);
            }
            Ok(self.named(response))
        }

        fn encode_modeled_error(
            &self,
            error: &dyn ModeledError,
            request_id: &str,
        ) -> Result<Response<Body>, EncodeError> {
            let name = self.error_name(error.schema());
            self.encode_error(response::error_status(error), Some(name), error, request_id)
        }

        fn error_name(&self, schema: &'static Schema) -> &'static str {
            schema.id
        }

        fn encode_error(
            &self,
            status: StatusCode,
            code: Option<&str>,
            members: &dyn EncodeMembers,
            _: &str,
        ) -> Result<Response<Body>, EncodeError> {
            let response = rpc::encode_error(self, status, code, members)?;
            Ok(self.named(response))
        }
    }

    /// Routes requests by the last four segments of the path:
    /// `/service/{service}/operation/{operation}`.
    #[derive(Debug)]
    struct Paths {
        service: &'static Service,
        /// The value of the header `smithy-protocol`.
        protocol: &'static str,
        /// The reason for the rejection of requests without that header.
        named: &'static str,
        /// The other name of the service.
        absolute: Option<String>,
    }

    impl RequestRouter for Paths {
        fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError> {
            let [first, service, third, operation] = last_segments(head)?;
            let absolute = self.absolute.as_deref().unwrap_or(self.service.name());
            let is_service = [self.service.name(), absolute]
                .iter()
                .any(|name| *service == *name.as_bytes());
            if *first != *b"service" || *third != *b"operation" || !is_service {
                return Err(RouteError::NotFound);
            }
            let mut operations = self.service.operations.iter();
            let operation = operations
                .position(|known| *operation == *known.name.as_bytes())
                .ok_or(RouteError::NotFound)?;
            if *head.method != Method::POST {
                return Err(RouteError::Method(vec!["POST"]));
            }
            if !is_named(self.protocol, head.headers) {
                return Err(RouteError::UnknownOperation(self.named));
            }
            if TARGETS.iter().any(|name| head.headers.contains_key(name)) {
                return Err(RouteError::UnknownOperation(
                    "the path names the operation: the header x-amz-target is not allowed",
                ));
            }
            Ok(Matched::operation(operation))
        }
    }
}
