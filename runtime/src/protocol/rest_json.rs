//! `aws.protocols#restJson1` (Smithy, "AWS restJson1 protocol") and `alloy#simpleRestJson` (alloy's
//! document of that name).

use super::Protocol;
use crate::codec::{Codec, json};
use crate::shape::private::Sealed;

/// `aws.protocols#restJson1`
pub static REST_JSON_1: RestJson = RestJson {
    id: "aws.protocols#restJson1",
    is_simple: false,
};

/// `alloy#simpleRestJson`
pub static SIMPLE_REST_JSON: RestJson = RestJson {
    id: "alloy#simpleRestJson",
    is_simple: true,
};

/// A protocol with HTTP bindings and JSON.
#[derive(Debug)]
pub struct RestJson {
    id: &'static str,
    /// Whether it is simpleRestJson: every body is JSON, and errors are named by another header.
    is_simple: bool,
}

impl Sealed for RestJson {}

impl Protocol for RestJson {
    fn id(&self) -> &'static str {
        self.id
    }

    fn codec(&self) -> &'static dyn Codec {
        &json::JSON_NAMES
    }

    #[cfg(feature = "http")]
    fn messages(&self) -> &dyn super::Messages {
        self
    }
}

#[cfg(feature = "http")]
mod messages {
    use http::header::HeaderValue;
    use http::{HeaderMap, Response, StatusCode};

    use super::RestJson;
    use crate::codec::json;
    use crate::codec::members::{self, MemberFilter, Tokens};
    use crate::error::{DecodeError, EncodeError};
    use crate::http::Body;
    use crate::protocol::bind::decode::ReceivedParts;
    use crate::protocol::error::{self, ERROR_TYPE, ErrorInfo, ErrorNames, SIMPLE_ERROR_TYPE};
    use crate::protocol::messages::{
        ContentType, Messages, Recognition, RequestHead, RequestInput, RequestRouter,
        ServerProtocol,
    };
    use crate::protocol::request::RequestParts;
    use crate::protocol::routes::Routes;
    use crate::protocol::service::{Operation, Route, Service};
    use crate::protocol::{Protocol as _, response, rest};
    use crate::schema::Schema;
    use crate::service_error::ModeledError;
    use crate::shape::{DecodeMembers, EncodeMembers};

    impl RestJson {
        /// The header with the name of an error.
        fn error_header(&self) -> &'static str {
            if self.is_simple {
                SIMPLE_ERROR_TYPE
            } else {
                ERROR_TYPE
            }
        }
    }

    impl Messages for RestJson {
        fn encode_request(
            &self,
            service: &Service,
            operation: &Operation,
            input: &dyn EncodeMembers,
            tokens: Tokens<'_>,
        ) -> Result<RequestParts, EncodeError> {
            rest::encode_request(self, service, operation, input, tokens)
        }

        fn decode_response(
            &self,
            parts: &ReceivedParts<'_>,
            output: &mut dyn DecodeMembers,
        ) -> Result<(), DecodeError> {
            rest::decode_response(self, self.codec(), parts, output)
        }

        fn error_info(&self, headers: &HeaderMap, body: &[u8]) -> ErrorInfo {
            let names = if self.is_simple {
                ErrorNames::SIMPLE
            } else {
                ErrorNames::ANY
            };
            let mut info = error::error_info(&json::JSON_NAMES, names, headers, body);
            // The services of simpleRestJson do not name requests. Their errors are documents.
            info.is_identified |= self.is_simple && (info.is_document || body.is_empty());
            info
        }

        fn has_initial_message(&self) -> bool {
            false
        }

        fn has_document_payloads(&self) -> bool {
            self.is_simple
        }

        fn server(&self) -> Option<&dyn ServerProtocol> {
            Some(self)
        }
    }

    impl ServerProtocol for RestJson {
        fn request_router(
            &self,
            service: &'static Service,
            routes: &'static [&'static Route],
        ) -> Box<dyn RequestRouter> {
            Box::new(Routes::new(service.operations, routes))
        }

        fn recognizes(&self, head: &RequestHead<'_>) -> Recognition {
            rest::recognizes(self.codec(), head)
        }

        fn binds_header(&self, schema: &Schema, name: &str) -> bool {
            rest::binds_header(schema, name)
        }

        fn content_type(&self, schema: &'static Schema, has_document: bool) -> ContentType {
            rest::content_type(self, schema, has_document)
        }

        /// Every body of simpleRestJson is JSON, which its clients should state.
        fn requires_content_type(&self) -> bool {
            !self.is_simple
        }

        fn negotiates(&self) -> bool {
            true
        }

        fn decode_request(
            &self,
            parts: &ReceivedParts<'_>,
            input: &mut dyn RequestInput,
        ) -> Result<(), DecodeError> {
            rest::decode_request(self, parts, input)
        }

        fn encode_response(
            &self,
            operation: &Operation,
            output: &dyn EncodeMembers,
        ) -> Result<Response<Body>, EncodeError> {
            rest::encode_response(self, operation, output)
        }

        fn encode_modeled_error(
            &self,
            error: &dyn ModeledError,
            _: &str,
        ) -> Result<Response<Body>, EncodeError> {
            let codec = &json::JSON_NAMES;
            let document = || members::encode(codec, error, MemberFilter::Response, &String::new);
            let mut response = rest::encode_error(self, error, &document)?;
            let name = HeaderValue::from_static(error.schema().name());
            response.headers_mut().insert(self.error_header(), name);
            Ok(response)
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
                response.headers_mut().insert(self.error_header(), code);
            }
            Ok(response)
        }
    }
}
