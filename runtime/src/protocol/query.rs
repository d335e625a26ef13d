//! `aws.protocols#awsQuery` and `aws.protocols#ec2Query` (Smithy, "AWS query protocol" and "AWS EC2
//! query protocol"): requests are forms, responses are XML. Both are specified for clients alone.

use super::Protocol;
use crate::codec::query::KeyRules;
use crate::codec::{Codec, xml};
use crate::shape::private::Sealed;

/// `aws.protocols#awsQuery`
pub static AWS_QUERY: Query = Query {
    id: "aws.protocols#awsQuery",
    rules: KeyRules::AwsQuery,
};

/// `aws.protocols#ec2Query`
pub static EC2_QUERY: Query = Query {
    id: "aws.protocols#ec2Query",
    rules: KeyRules::Ec2Query,
};

/// A query protocol. It ignores `jsonName` and HTTP bindings.
#[derive(Debug)]
pub struct Query {
    id: &'static str,
    rules: KeyRules,
}

impl Sealed for Query {}

impl Protocol for Query {
    fn id(&self) -> &'static str {
        self.id
    }

    /// The codec of responses.
    fn codec(&self) -> &'static dyn Codec {
        &xml::XML
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
    use http::header::{CONTENT_TYPE, HeaderValue};
    use http::{HeaderMap, Method};

    use super::Query;
    use crate::codec::members::{self, MemberFilter, Tokens};
    use crate::codec::query::{Form, KeyRules, MEDIA_TYPE};
    use crate::codec::{Mode, ROOT, xml};
    use crate::error::{DecodeError, EncodeError};
    use crate::protocol::bind::decode::ReceivedParts;
    use crate::protocol::bind::encode;
    use crate::protocol::content::Content;
    use crate::protocol::error::ErrorInfo;
    use crate::protocol::messages::{Messages, ServerProtocol};
    use crate::protocol::request::{self, RequestParts};
    use crate::protocol::service::{Operation, Service};
    use crate::shape::{DecodeMembers, EncodeMembers};
    use crate::value::Document;

    /// The paths to the members of an error, from the root of a response. Some services have the
    /// form of the other protocol.
    const ERRORS: [&[&str]; 2] = [&["Error"], &["Errors", "Error"]];

    impl Messages for Query {
        fn encode_request(
            &self,
            service: &Service,
            operation: &Operation,
            input: &dyn EncodeMembers,
            tokens: Tokens<'_>,
        ) -> Result<RequestParts, EncodeError> {
            let mut form = Form::new(self.rules);
            form.add("Action", operation.name);
            form.add("Version", service.version);
            members::select(input, MemberFilter::All, tokens, &mut |members| {
                form.members(&ROOT, members)
            })?;
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
            let labels = encode::host_labels(input)?;
            let body = Content::Bytes(form.finish().into());
            let target = "/".to_owned();
            request::finish(
                operation,
                Method::POST,
                target,
                &labels,
                headers,
                Some(body),
                None,
            )
        }

        /// A response without the element that contains the members is decoded as that of a
        /// structure whose members are all missing.
        fn decode_response(
            &self,
            parts: &ReceivedParts<'_>,
            output: &mut dyn DecodeMembers,
        ) -> Result<(), DecodeError> {
            let paths: &[&[&str]] = match (output.schema().error, self.rules) {
                (Some(_), _) => &ERRORS,
                (None, KeyRules::AwsQuery) => &[&["*Result"]],
                (None, KeyRules::Ec2Query) => &[&[]],
            };
            let body = parts.body.bytes();
            if body.is_empty() || output.schema().members.is_empty() {
                return Ok(());
            }
            let options = Mode::Lenient.within(parts.memory);
            for path in paths {
                let found = xml::decode_at(body, path, options, &mut |decoder| {
                    decoder.structure(&ROOT, output)
                })?;
                if found {
                    break;
                }
            }
            Ok(())
        }

        fn error_info(&self, _: &HeaderMap, body: &[u8]) -> ErrorInfo {
            let Some(response) = xml::open_content(body) else {
                return ErrorInfo::default();
            };
            let error = ERRORS.iter().find_map(|path| {
                let mut names = path.iter();
                names.try_fold(&response, |document, name| child(document, name))
            });
            let Some(error) = error else {
                return ErrorInfo::default();
            };
            let code = text(error, &["Code"]);
            let (shape, query_code) = match self.rules {
                KeyRules::AwsQuery => (None, code),
                KeyRules::Ec2Query => (code, None),
            };
            ErrorInfo {
                shape,
                query_code,
                message: text(error, &["Message", "message"]),
                request_id: text(&response, &["RequestId", "RequestID"]),
                is_identified: false,
                is_document: true,
            }
        }

        fn has_initial_message(&self) -> bool {
            false
        }

        fn server(&self) -> Option<&dyn ServerProtocol> {
            None
        }
    }

    /// The first element with a name.
    fn child<'d>(document: &'d Document, name: &str) -> Option<&'d Document> {
        let child = document.get(name)?;
        match child.as_list() {
            Some(several) => several.first(),
            None => Some(child),
        }
    }

    /// The text of the first element with one of the names.
    fn text(document: &Document, names: &[&str]) -> Option<String> {
        let mut texts = names
            .iter()
            .filter_map(|name| child(document, name)?.as_str());
        let text = texts.next()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}
