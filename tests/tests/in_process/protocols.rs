//! The protocols in which every service is tested, one row each.

use drawplate_model::model::{Member, Shape};
use drawplate_runtime::protocol::{
    AWS_JSON_1_0, AWS_JSON_1_1, AWS_QUERY, EC2_QUERY, Protocol, REST_JSON_1, REST_XML, RPC_V2_CBOR,
    RPC_V2_JSON, SIMPLE_REST_JSON,
};

/// A protocol, as the tests see it.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) protocol: &'static dyn Protocol,
    pub(crate) routing: Routing,
    pub(crate) format: Format,
    /// The media type of its documents.
    pub(crate) media_type: &'static str,
    pub(crate) error_name: ErrorName,
}

/// How a request names its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Routing {
    /// By method, path and query, with members in all parts of the request.
    Http,
    /// By a parameter in the body, which is a form.
    Form,
    /// By the header `x-amz-target`.
    Target,
    /// By the last segments of the path, and a header with the name of the protocol.
    Path(&'static str),
}

/// The format of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON with the names of `jsonName`.
    JsonNames,
    /// JSON with the names of the model.
    ModelNames,
    /// The same; big numbers are texts, and all timestamps are seconds.
    UniformJson,
    Cbor,
    Xml,
}

/// How the response with an error names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorName {
    /// In this header.
    Header(&'static str),
    /// By the name of its shape, in the document.
    Name,
    /// By the ID of its shape, in the document.
    Id,
    /// By the name of its shape, in the element `Code` of the document.
    Code,
}

/// In the order of preference.
pub(crate) static PROTOCOLS: [Wire; 7] = [
    Wire::rpc_v2(
        &RPC_V2_CBOR,
        "rpc-v2-cbor",
        Format::Cbor,
        "application/cbor",
    ),
    Wire::rpc_v2(
        &RPC_V2_JSON,
        "rpc-v2-json",
        Format::UniformJson,
        "application/json",
    ),
    Wire::aws_json(&AWS_JSON_1_0, "application/x-amz-json-1.0", ErrorName::Id),
    Wire::aws_json(&AWS_JSON_1_1, "application/x-amz-json-1.1", ErrorName::Name),
    Wire::rest(
        &REST_JSON_1,
        Format::JsonNames,
        "application/json",
        ErrorName::Header("x-amzn-errortype"),
    ),
    Wire::rest(&REST_XML, Format::Xml, "application/xml", ErrorName::Code),
    Wire::rest(
        &SIMPLE_REST_JSON,
        Format::JsonNames,
        "application/json",
        ErrorName::Header("x-error-type"),
    ),
];

/// The protocols without a server.
pub(crate) static QUERY_PROTOCOLS: [Wire; 2] = [Wire::query(&AWS_QUERY), Wire::query(&EC2_QUERY)];

impl Routing {
    /// The name of the protocol in the header `smithy-protocol`.
    pub(crate) fn protocol_name(self) -> Option<&'static str> {
        match self {
            Self::Path(name) => Some(name),
            Self::Http | Self::Form | Self::Target => None,
        }
    }
}

impl Wire {
    const fn rpc_v2(
        protocol: &'static dyn Protocol,
        name: &'static str,
        format: Format,
        media_type: &'static str,
    ) -> Self {
        Self {
            protocol,
            routing: Routing::Path(name),
            format,
            media_type,
            error_name: ErrorName::Id,
        }
    }

    const fn aws_json(
        protocol: &'static dyn Protocol,
        media_type: &'static str,
        error_name: ErrorName,
    ) -> Self {
        Self {
            protocol,
            routing: Routing::Target,
            format: Format::ModelNames,
            media_type,
            error_name,
        }
    }

    const fn rest(
        protocol: &'static dyn Protocol,
        format: Format,
        media_type: &'static str,
        error_name: ErrorName,
    ) -> Self {
        Self {
            protocol,
            routing: Routing::Http,
            format,
            media_type,
            error_name,
        }
    }

    /// A query protocol: only its responses are documents.
    const fn query(protocol: &'static dyn Protocol) -> Self {
        Self {
            protocol,
            routing: Routing::Form,
            format: Format::Xml,
            media_type: "text/xml",
            error_name: ErrorName::Code,
        }
    }

    /// The name of a member in documents.
    pub(crate) fn name<'n>(&self, member: &'n Member) -> &'n str {
        match self.format {
            Format::JsonNames => &member.json_name,
            Format::ModelNames | Format::UniformJson | Format::Cbor => &member.name,
            Format::Xml => member.xml.name.as_deref().unwrap_or(&member.name),
        }
    }

    /// Whether members are bound to the parts of a message.
    pub(crate) fn binds(&self) -> bool {
        self.routing == Routing::Http
    }

    /// Whether every payload is a document, whose type a request need not state, as in
    /// simpleRestJson.
    pub(crate) fn has_document_payloads(&self) -> bool {
        self.protocol.id() == SIMPLE_REST_JSON.id()
    }

    /// Whether a request with a body must state its type.
    pub(crate) fn requires_content_type(&self) -> bool {
        !self.has_document_payloads() && self.format != Format::Xml
    }

    /// The name of an error in a response, and whether it is in the document.
    pub(crate) fn name_of(&self, error: &Shape) -> String {
        match self.error_name {
            ErrorName::Header(_) | ErrorName::Name | ErrorName::Code => {
                error.name.name().to_owned()
            }
            ErrorName::Id => error.name.to_string(),
        }
    }
}
