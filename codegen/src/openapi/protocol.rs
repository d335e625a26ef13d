//! The protocols that a document can describe.

use drawplate_model::diagnostic::{Code, Diagnostic, Report};
use drawplate_model::model::{Service, TimestampFormat};

/// The properties of a protocol that a document shows, one row each.
#[derive(Debug)]
pub(super) struct Protocol {
    /// The shape id of its trait.
    pub id: &'static str,
    /// The media type of documents.
    pub media_type: &'static str,
    /// How it finds operations.
    pub routes: Routes,
    /// How a response names its error.
    pub errors: ErrorName,
    /// How documents represent values.
    pub values: Values,
    /// Whether every payload is a document, so that texts and blobs are not sent as they are.
    pub documents_only: bool,
}

/// How a protocol finds operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Routes {
    /// By the HTTP binding traits.
    Http,
    /// By the names of the service and the operation. Each message has a header with this name and
    /// value.
    Rpc(&'static str, &'static str),
}

/// How a response names its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorName {
    /// In this header.
    Header(&'static str),
    /// By its absolute id in this member of the body.
    Member(&'static str),
    /// In the element `Code`.
    Xml,
}

/// How documents represent values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// As JSON, with `jsonName` and `timestampFormat`.
    Json,
    /// As JSON. Members have their own names, timestamps are seconds and big numbers are texts.
    PlainJson,
    /// As XML.
    Xml,
}

impl Values {
    /// The format of a timestamp whose member has none.
    pub(super) fn timestamp(self) -> TimestampFormat {
        match self {
            Self::Json | Self::PlainJson => TimestampFormat::EpochSeconds,
            Self::Xml => TimestampFormat::DateTime,
        }
    }
}

/// The first one that a service has is described. Those with HTTP bindings come first: their paths
/// and statuses are those of the model.
const PROTOCOLS: [Protocol; 4] = [
    Protocol {
        id: "aws.protocols#restJson1",
        media_type: "application/json",
        routes: Routes::Http,
        errors: ErrorName::Header("X-Amzn-Errortype"),
        values: Values::Json,
        documents_only: false,
    },
    Protocol {
        id: "alloy#simpleRestJson",
        media_type: "application/json",
        routes: Routes::Http,
        errors: ErrorName::Header("X-Error-Type"),
        values: Values::Json,
        documents_only: true,
    },
    Protocol {
        id: "aws.protocols#restXml",
        media_type: "application/xml",
        routes: Routes::Http,
        errors: ErrorName::Xml,
        values: Values::Xml,
        documents_only: false,
    },
    Protocol {
        id: "smithy.protocols#rpcv2Json",
        media_type: "application/json",
        routes: Routes::Rpc("smithy-protocol", "rpc-v2-json"),
        errors: ErrorName::Member("__type"),
        values: Values::PlainJson,
        documents_only: false,
    },
];

/// The protocol that the document of a service describes.
pub(super) fn find(service: &Service) -> Option<&'static Protocol> {
    let has = |id| service.protocols.iter().any(|protocol| protocol.id() == id);
    PROTOCOLS.iter().find(|protocol| has(protocol.id))
}

/// The protocol that the document of a service describes. A service without one is an error.
pub(super) fn choose(service: &Service, report: &mut Report) -> Option<&'static Protocol> {
    let found = find(service);
    if found.is_none() {
        let id = service.protocol().id();
        let why = if id.ends_with("Cbor") {
            "sends CBOR, and OpenAPI describes bodies in JSON and XML"
        } else {
            "sends all operations to one path, and OpenAPI tells operations apart by it"
        };
        let message = format!("`{}` has no OpenAPI document: {id} {why}", service.name);
        let ids = PROTOCOLS.map(|protocol| protocol.id);
        let help = format!(
            "add one of these protocols to the service: {}",
            ids.join(", ")
        );
        let location = service.location.clone();
        let diagnostic = Diagnostic::new(Code::NoOpenApi, message, location);
        report.push(diagnostic.name().shape(&service.name).help(help));
    }
    found
}
