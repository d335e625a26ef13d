//! `aws.protocols#awsJson1_0` and `aws.protocols#awsJson1_1` (Smithy, "AWS JSON protocols").

use super::Protocol;
use crate::codec::{Codec, json};
use crate::shape::private::Sealed;

/// `aws.protocols#awsJson1_0`
pub static AWS_JSON_1_0: AwsJson = AwsJson {
    id: "aws.protocols#awsJson1_0",
    media_type: "application/x-amz-json-1.0",
    absolute_error_ids: true,
};

/// `aws.protocols#awsJson1_1`
pub static AWS_JSON_1_1: AwsJson = AwsJson {
    id: "aws.protocols#awsJson1_1",
    media_type: "application/x-amz-json-1.1",
    absolute_error_ids: false,
};

/// A protocol of the awsJson family. It ignores `jsonName` and HTTP bindings.
#[derive(Debug)]
pub struct AwsJson {
    id: &'static str,
    media_type: &'static str,
    /// Whether errors are named by the absolute ID of their shape instead of its name.
    absolute_error_ids: bool,
}

impl Sealed for AwsJson {}

impl Protocol for AwsJson {
    fn id(&self) -> &'static str {
        self.id
    }

    fn codec(&self) -> &'static dyn Codec {
        &json::MODEL_NAMES
    }

    fn media_type(&self) -> &'static str {
        self.media_type
    }

    #[cfg(feature = "http")]
    fn messages(&self) -> &dyn super::Messages {
        self
    }
}

#[cfg(feature = "http")]
mod messages {
    use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
    use http::{HeaderMap, Method, Response, StatusCode};

    use super::AwsJson;
    use crate::codec::json;
    use crate::codec::members::Tokens;
    use crate::error::{DecodeError, EncodeError};
    use crate::http::Body;
    use crate::protocol::bind::decode::ReceivedParts;
    use crate::protocol::error::{self, ErrorInfo, ErrorNames};
    use crate::protocol::messages::{
        ContentType, Messages, ProtocolHeaders, Recognition, RequestHead, RequestInput,
        RequestRouter, RouteError, ServerProtocol,
    };
    use crate::protocol::request::RequestParts;
    use crate::protocol::routes::{Matched, is_base_path};
    use crate::protocol::service::{Operation, Route, Service};
    use crate::protocol::{response, rpc};
    use crate::schema::Schema;
    use crate::service_error::ModeledError;
    use crate::shape::{DecodeMembers, EncodeMembers};

    const TARGET_NAME: &str = "x-amz-target";
    const TARGET: HeaderName = HeaderName::from_static(TARGET_NAME);

    impl Messages for AwsJson {
        fn encode_request(
            &self,
            service: &Service,
            operation: &Operation,
            input: &dyn EncodeMembers,
            tokens: Tokens<'_>,
        ) -> Result<RequestParts, EncodeError> {
            let target = format!("{}.{}", service.name(), operation.name);
            let target = HeaderValue::try_from(target).map_err(|_| {
                EncodeError::new(
                    "the names of the service and the operation are not valid in a header",
                )
            })?;
            let mut headers = HeaderMap::new();
            headers.insert(TARGET, target);
            rpc::add_query_mode(service, &mut headers);
            rpc::encode_request(self, operation, input, tokens, "/", headers)
        }

        fn decode_response(
            &self,
            parts: &ReceivedParts<'_>,
            output: &mut dyn DecodeMembers,
        ) -> Result<(), DecodeError> {
            rpc::decode_response(self, parts, output)
        }

        fn error_info(&self, headers: &HeaderMap, body: &[u8]) -> ErrorInfo {
            error::error_info(&json::MODEL_NAMES, ErrorNames::ANY, headers, body)
        }

        fn has_initial_message(&self) -> bool {
            true
        }

        fn server(&self) -> Option<&dyn ServerProtocol> {
            Some(self)
        }
    }

    impl ServerProtocol for AwsJson {
        fn request_router(
            &self,
            service: &'static Service,
            _: &'static [&'static Route],
        ) -> Box<dyn RequestRouter> {
            Box::new(Targets { service })
        }

        /// The content type tells the versions apart. It does not have to be that of a document:
        /// the body may be a stream of events, and a wrong type is rejected later.
        fn recognizes(&self, head: &RequestHead<'_>) -> Recognition {
            const FAMILY: &[u8] = b"application/x-amz-json-";
            let in_family = |value: &HeaderValue| {
                let start = value.as_bytes().get(..FAMILY.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(FAMILY))
            };
            let other_version = |value: &HeaderValue| {
                in_family(value) && !response::is_media_type(value, self.media_type)
            };
            let content_type = head.headers.get(CONTENT_TYPE);
            if !head.headers.contains_key(TARGET) && !head.announces(TARGET_NAME) {
                Recognition::No
            } else if content_type.is_some_and(other_version) {
                Recognition::Possible
            } else {
                Recognition::Certain
            }
        }

        fn headers(&self) -> ProtocolHeaders {
            ProtocolHeaders {
                request: &[TARGET_NAME],
                response: &[],
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
            let status = operation.route.map_or(200, |route| route.status);
            rpc::encode_response(self, operation, output, status)
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
            if self.absolute_error_ids {
                schema.id
            } else {
                schema.name()
            }
        }

        fn encode_error(
            &self,
            status: StatusCode,
            code: Option<&str>,
            members: &dyn EncodeMembers,
            _: &str,
        ) -> Result<Response<Body>, EncodeError> {
            rpc::encode_error(self, status, code, members)
        }
    }

    /// Routes requests by the header `X-Amz-Target`. There is one resource.
    #[derive(Debug)]
    struct Targets {
        service: &'static Service,
    }

    impl RequestRouter for Targets {
        fn route(&self, head: &RequestHead<'_>) -> Result<Matched, RouteError> {
            is_base_path(head)?;
            if *head.method != Method::POST {
                return Err(RouteError::Method(vec!["POST"]));
            }
            let target = head
                .headers
                .get(TARGET)
                .ok_or(RouteError::UnknownOperation(
                    "the header x-amz-target is missing",
                ))?;
            let named = target
                .to_str()
                .ok()
                .and_then(|target| target.split_once('.'));
            let operation = named
                .filter(|(service, _)| *service == self.service.name())
                .and_then(|(_, name)| {
                    let operations = self.service.operations;
                    operations
                        .iter()
                        .position(|operation| operation.name == name)
                });
            let operation = operation.ok_or(RouteError::UnknownOperation(
                "x-amz-target is not an operation of the service",
            ))?;
            Ok(Matched::operation(operation))
        }
    }
}
