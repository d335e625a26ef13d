//! The documents of errors (Smithy, "AWS restXml protocol", "Operation error serialization").

use http::HeaderMap;

use crate::codec::members::{self, MemberFilter, RootStructure};
use crate::codec::xml::{XmlCodec, open_content};
use crate::codec::{Codec, ROOT};
use crate::error::EncodeError;
use crate::protocol::error::ErrorInfo;
use crate::protocol::response::SERVICE_REQUEST_IDS;
use crate::schema::{self, Fault, Member, Schema};
use crate::shape::private::Sealed;
use crate::shape::{EncodeMembers, Encoder, Shape};
use crate::value::Document;

/// The name of the element with the members of an error. It is the root element or in it.
const ERROR: &str = "Error";

/// The name of the root element of an error. The error may be in another element, whose schema has
/// the same name.
#[cfg(feature = "customizations")]
pub(super) fn root(wrapped: bool) -> &'static str {
    if wrapped { "ErrorResponse" } else { ERROR }
}

static REQUEST_ID: Member = Member::new("RequestId", &schema::STRING);

/// An error to be sent.
pub(super) struct ErrorDocument<'e> {
    pub(super) code: &'e str,
    pub(super) fault: Fault,
    pub(super) members: &'e dyn EncodeMembers,
    /// The members in the document.
    pub(super) filter: MemberFilter,
    /// The ID of the request.
    pub(super) request_id: &'e str,
}

impl ErrorDocument<'_> {
    /// Encodes the error by a codec of XML, in another element if `wrapped`.
    pub(super) fn encode(&self, codec: &XmlCodec, wrapped: bool) -> Result<Vec<u8>, EncodeError> {
        if wrapped {
            codec.encode(&ROOT, &RootStructure(&ErrorResponse(self)))
        } else {
            static ROOT_ERROR: Member = Member::new(ERROR, &schema::DOCUMENT).xml_name(ERROR);
            codec.encode(&ROOT_ERROR, &RootStructure(&UnwrappedError(self)))
        }
    }
}

impl Sealed for ErrorDocument<'_> {}

impl Shape for ErrorDocument<'_> {
    fn schema(&self) -> &'static Schema {
        self.members.schema()
    }
}

impl EncodeMembers for ErrorDocument<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        static TYPE: Member = Member::new("Type", &schema::STRING);
        static CODE: Member = Member::new("Code", &schema::STRING);
        let party = match self.fault {
            Fault::Client => "Sender",
            Fault::Server => "Receiver",
        };
        encoder.string(&TYPE, party)?;
        if !self.code.is_empty() {
            encoder.string(&CODE, self.code)?;
        }
        members::encode_selected(self.members, self.filter, encoder)
    }
}

/// The element around an error.
struct ErrorResponse<'e>(&'e ErrorDocument<'e>);

impl Sealed for ErrorResponse<'_> {}

impl Shape for ErrorResponse<'_> {
    fn schema(&self) -> &'static Schema {
        static SCHEMA: Schema = Schema::structure("aws.protocols#ErrorResponse", &[]);
        &SCHEMA
    }
}

impl EncodeMembers for ErrorResponse<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        static MEMBER: Member = Member::new(ERROR, &schema::DOCUMENT);
        encoder.structure(&MEMBER, self.0)?;
        encoder.string(&REQUEST_ID, self.0.request_id)
    }
}

/// The same without an element around it. A member of the error may have the name of the ID.
struct UnwrappedError<'e>(&'e ErrorDocument<'e>);

impl Sealed for UnwrappedError<'_> {}

impl Shape for UnwrappedError<'_> {
    fn schema(&self) -> &'static Schema {
        self.0.schema()
    }
}

impl EncodeMembers for UnwrappedError<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        self.0.encode_members(encoder)?;
        let mut members = self.schema().members.iter();
        if members.any(|member| member.name_in_xml() == REQUEST_ID.name) {
            return Ok(());
        }
        encoder.string(&REQUEST_ID, self.0.request_id)
    }
}

/// The error info of a response. Services send the ID of the request in a header or in the
/// document.
pub(super) fn info(headers: &HeaderMap, body: &[u8]) -> ErrorInfo {
    let has_id = SERVICE_REQUEST_IDS
        .iter()
        .any(|name| headers.contains_key(name));
    let Some(root) = open_content(body) else {
        return ErrorInfo {
            is_identified: has_id && body.is_empty(),
            ..ErrorInfo::default()
        };
    };
    let error = root.get(ERROR).unwrap_or(&root);
    let request_id = text_in(&root, REQUEST_ID.name).or_else(|| text_in(error, REQUEST_ID.name));
    ErrorInfo {
        shape: text_in(error, "Code"),
        query_code: None,
        message: text_in(error, "Message").or_else(|| text_in(error, "message")),
        is_identified: has_id || request_id.is_some(),
        is_document: true,
        request_id,
    }
}

/// The text of an element of an error.
#[cfg(feature = "customizations")]
pub(super) fn text(body: &[u8], name: &str) -> Option<String> {
    let root = open_content(body)?;
    text_in(root.get(ERROR).unwrap_or(&root), name)
}

/// The text of an element, unless it is blank.
fn text_in(document: &Document, name: &str) -> Option<String> {
    let text = document.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
