//! `aws.protocols#restXml` (Smithy, "AWS restXml protocol").

use super::Protocol;
use crate::codec::Codec;
use crate::codec::xml::XML;
use crate::shape::private::Sealed;

/// `aws.protocols#restXml`
pub static REST_XML: RestXml = RestXml { wraps_errors: true };

/// `aws.protocols#restXml` with `noErrorWrapping`.
pub static REST_XML_UNWRAPPED_ERRORS: RestXml = RestXml {
    wraps_errors: false,
};

/// The protocol `aws.protocols#restXml`.
#[derive(Debug)]
pub struct RestXml {
    /// Whether the root element of an error is `ErrorResponse`, which contains the error.
    #[cfg_attr(
        not(feature = "http"),
        expect(dead_code, reason = "a property of messages")
    )]
    wraps_errors: bool,
}

impl Sealed for RestXml {}

impl Protocol for RestXml {
    fn id(&self) -> &'static str {
        "aws.protocols#restXml"
    }

    fn codec(&self) -> &'static dyn Codec {
        &XML
    }

    #[cfg(feature = "http")]
    fn messages(&self) -> &dyn super::Messages {
        self
    }
}

#[cfg(feature = "http")]
mod errors;
#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

#[cfg(feature = "http")]
mod messages {
    use http::header::{CONTENT_TYPE, HeaderValue};
    use http::{HeaderMap, Response, StatusCode};

    use super::RestXml;
    use super::errors::{self, ErrorDocument};
    use crate::codec::members::{MemberFilter, Tokens};
    use crate::codec::xml;
    use crate::error::{DecodeError, EncodeError};
    use crate::http::Body;
    use crate::protocol::bind::decode::ReceivedParts;
    use crate::protocol::error::{ErrorInfo, fault};
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

    impl Messages for RestXml {
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
            match output.schema().error {
                Some(_) => rest::decode_response(self, &xml::ERRORS, parts, output),
                None => rest::decode_response(self, &xml::XML, parts, output),
            }
        }

        fn error_info(&self, headers: &HeaderMap, body: &[u8]) -> ErrorInfo {
            errors::info(headers, body)
        }

        #[cfg(feature = "customizations")]
        fn is_error_document(&self, body: &[u8]) -> bool {
            xml::root_name(body).is_some_and(|root| root == errors::root(self.wraps_errors))
        }

        #[cfg(feature = "customizations")]
        fn error_text(&self, body: &[u8], name: &str) -> Option<String> {
            errors::text(body, name)
        }

        fn has_initial_message(&self) -> bool {
            false
        }

        fn server(&self) -> Option<&dyn ServerProtocol> {
            Some(self)
        }
    }

    impl ServerProtocol for RestXml {
        fn request_router(
            &self,
            service: &'static Service,
            routes: &'static [&'static Route],
        ) -> Box<dyn RequestRouter> {
            Box::new(Routes::new(service.operations, routes))
        }

        fn has_query_codes(&self) -> bool {
            true
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

        /// botocore sends documents without their type.
        fn requires_content_type(&self) -> bool {
            false
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
            let mut response = rest::encode_response(self, operation, output)?;
            // Smithy's protocol tests, `RestXmlHttpResponseCode`.
            let layout = &output.schema().layout;
            let is_empty = layout.payload.is_none() && !layout.in_response;
            let has_output = !operation.traits.no_output;
            if is_empty && has_output && !response::has_no_content(response.status()) {
                let media_type = HeaderValue::from_static(self.media_type());
                response.headers_mut().insert(CONTENT_TYPE, media_type);
            }
            Ok(response)
        }

        fn encode_modeled_error(
            &self,
            error: &dyn ModeledError,
            request_id: &str,
        ) -> Result<Response<Body>, EncodeError> {
            let document = ErrorDocument {
                code: error.schema().name(),
                fault: error.error_schema().fault,
                members: error,
                filter: MemberFilter::Response,
                request_id,
            };
            rest::encode_error(self, error, &|| {
                document.encode(&xml::XML, self.wraps_errors)
            })
        }

        fn encode_error(
            &self,
            status: StatusCode,
            code: Option<&str>,
            members: &dyn EncodeMembers,
            request_id: &str,
        ) -> Result<Response<Body>, EncodeError> {
            let document = ErrorDocument {
                code: code.unwrap_or_default(),
                fault: fault(status),
                members,
                filter: MemberFilter::All,
                request_id,
            };
            let document = document.encode(&xml::MESSAGES, self.wraps_errors)?;
            Ok(response::with_document(status, self, document))
        }
    }
}
