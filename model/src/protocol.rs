//! The protocols, one row each.

use crate::traits::{Category, TraitId};

/// A protocol that is generated, in the order of preference.
///
/// The order is that of Smithy's guide to wire protocol selection (rpcv2Cbor, rpcv2Json,
/// `awsJson1_0`, `awsJson1_1`, awsQuery, ec2Query, restJson1, restXml), followed by simpleRestJson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// `smithy.protocols#rpcv2Cbor`.
    RpcV2Cbor,
    /// `smithy.protocols#rpcv2Json`.
    RpcV2Json,
    /// `aws.protocols#awsJson1_0`.
    AwsJson1_0,
    /// `aws.protocols#awsJson1_1`.
    AwsJson1_1,
    /// `aws.protocols#awsQuery`.
    AwsQuery,
    /// `aws.protocols#ec2Query`.
    Ec2Query,
    /// `aws.protocols#restJson1`.
    RestJson1,
    /// `aws.protocols#restXml`.
    RestXml,
    /// `alloy#simpleRestJson`.
    SimpleRestJson,
}

/// The properties of a protocol that matter to a model.
#[derive(Debug)]
pub struct ProtocolSpec {
    /// The shape id of its trait.
    pub id: &'static str,
    /// Whether it has a server. The query protocols are specified for clients alone.
    pub has_server: bool,
    /// How it finds operations and carries members.
    pub bindings: Bindings,
    /// How it chooses the names of members in documents.
    pub member_names: MemberNames,
    /// The shapes that may be the payload of a message, if it has HTTP bindings.
    pub payloads: &'static [Category],
    /// The traits that each operation must have.
    pub operation_requires: &'static [TraitId],
    /// The traits that change its wire format and are not generated.
    pub unsupported: &'static [TraitId],
}

/// How a protocol finds operations and carries members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bindings {
    /// By the HTTP binding traits: `http`, `httpLabel`, `httpHeader`, ...
    Http,
    /// By the name of the operation; all members are in the body.
    Rpc,
}

/// How a protocol chooses the names of members in documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberNames {
    /// `jsonName`, otherwise the name of the member.
    JsonName,
    /// The name of the member; `jsonName` is ignored.
    Member,
    /// `xmlName`, otherwise the name of the member or the default of its place.
    XmlName,
}

/// The traits that every protocol would have to apply and none does.
const NOT_IMPLEMENTED: &[TraitId] = &[TraitId::AlloyDefaultValue, TraitId::HttpChecksum];

/// The same for protocols whose documents are not JSON: traits that alloy defines for JSON.
const NOT_IN_JSON: &[TraitId] = &[
    TraitId::AlloyDefaultValue,
    TraitId::AlloyDiscriminated,
    TraitId::AlloyJsonUnknown,
    TraitId::AlloyNullable,
    TraitId::AlloyUntagged,
    TraitId::HttpChecksum,
    TraitId::Smithy4sDiscriminated,
    TraitId::Smithy4sUntagged,
];

/// The same for restXml, which has headers for checksums.
const NOT_IN_REST_XML: &[TraitId] = &[
    TraitId::AlloyDefaultValue,
    TraitId::AlloyDiscriminated,
    TraitId::AlloyJsonUnknown,
    TraitId::AlloyNullable,
    TraitId::AlloyUntagged,
    TraitId::Smithy4sDiscriminated,
    TraitId::Smithy4sUntagged,
];

/// The payloads of AWS protocols. The trait `httpPayload` allows lists and maps too, but these
/// protocols do not.
const AWS_PAYLOADS: &[Category] = &[
    Category::Blob,
    Category::String,
    Category::Structure,
    Category::Union,
    Category::Document,
];

/// In the order of [`Protocol::ALL`].
static SPECS: [ProtocolSpec; 9] = [
    // Smithy 2.0, "Smithy RPC v2 CBOR protocol".
    ProtocolSpec {
        id: "smithy.protocols#rpcv2Cbor",
        has_server: true,
        bindings: Bindings::Rpc,
        member_names: MemberNames::Member,
        payloads: &[],
        operation_requires: &[],
        unsupported: NOT_IN_JSON,
    },
    // Smithy 2.0, "Smithy RPC v2 JSON protocol".
    ProtocolSpec {
        id: "smithy.protocols#rpcv2Json",
        has_server: true,
        bindings: Bindings::Rpc,
        member_names: MemberNames::Member,
        payloads: &[],
        operation_requires: &[],
        unsupported: NOT_IMPLEMENTED,
    },
    // Smithy 2.0, "AWS JSON 1.0 protocol".
    ProtocolSpec {
        id: "aws.protocols#awsJson1_0",
        has_server: true,
        bindings: Bindings::Rpc,
        member_names: MemberNames::Member,
        payloads: &[],
        operation_requires: &[],
        unsupported: NOT_IMPLEMENTED,
    },
    // Smithy 2.0, "AWS JSON 1.1 protocol".
    ProtocolSpec {
        id: "aws.protocols#awsJson1_1",
        has_server: true,
        bindings: Bindings::Rpc,
        member_names: MemberNames::Member,
        payloads: &[],
        operation_requires: &[],
        unsupported: NOT_IMPLEMENTED,
    },
    // Smithy 2.0, "AWS query protocol".
    ProtocolSpec {
        id: "aws.protocols#awsQuery",
        has_server: false,
        bindings: Bindings::Rpc,
        member_names: MemberNames::XmlName,
        payloads: &[],
        operation_requires: &[],
        unsupported: NOT_IN_JSON,
    },
    // Smithy 2.0, "AWS EC2 query protocol".
    ProtocolSpec {
        id: "aws.protocols#ec2Query",
        has_server: false,
        bindings: Bindings::Rpc,
        member_names: MemberNames::XmlName,
        payloads: &[],
        operation_requires: &[],
        unsupported: NOT_IN_JSON,
    },
    // Smithy 2.0, "AWS restJson1 protocol".
    ProtocolSpec {
        id: "aws.protocols#restJson1",
        has_server: true,
        bindings: Bindings::Http,
        member_names: MemberNames::JsonName,
        payloads: AWS_PAYLOADS,
        operation_requires: &[TraitId::Http],
        unsupported: &[TraitId::AlloyDefaultValue],
    },
    // Smithy 2.0, "AWS restXml protocol".
    ProtocolSpec {
        id: "aws.protocols#restXml",
        has_server: true,
        bindings: Bindings::Http,
        member_names: MemberNames::XmlName,
        payloads: AWS_PAYLOADS,
        operation_requires: &[TraitId::Http],
        unsupported: NOT_IN_REST_XML,
    },
    // alloy, "SimpleRestJson". Every payload is a JSON document.
    ProtocolSpec {
        id: "alloy#simpleRestJson",
        has_server: true,
        bindings: Bindings::Http,
        member_names: MemberNames::JsonName,
        payloads: Category::DATA,
        operation_requires: &[TraitId::Http],
        unsupported: &[
            TraitId::AlloyDefaultValue,
            TraitId::HttpChecksum,
            TraitId::Streaming,
        ],
    },
];

/// Protocols that are not generated. Models list them without their definitions.
const NOT_GENERATED: &[&str] = &["alloy.proto#grpc", "smithy.mqtt#mqttJson"];

impl Protocol {
    /// Every protocol that is generated, in the order of preference.
    pub const ALL: &[Protocol] = &[
        Self::RpcV2Cbor,
        Self::RpcV2Json,
        Self::AwsJson1_0,
        Self::AwsJson1_1,
        Self::AwsQuery,
        Self::Ec2Query,
        Self::RestJson1,
        Self::RestXml,
        Self::SimpleRestJson,
    ];

    /// The protocol whose trait has this shape id.
    pub fn find(id: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|protocol| protocol.id() == id);
        found.copied()
    }

    /// Its row.
    pub fn spec(self) -> &'static ProtocolSpec {
        &SPECS[self as usize]
    }

    /// The media type of every body, if there is only one.
    pub fn media_type(self) -> Option<&'static str> {
        match self {
            Self::SimpleRestJson => Some("application/json"),
            _ => None,
        }
    }

    /// The shape id of its trait.
    pub fn id(self) -> &'static str {
        self.spec().id
    }
}

/// Whether this is the trait of a protocol that is known but not generated.
pub(crate) fn is_known_but_not_generated(id: &str) -> bool {
    NOT_GENERATED.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_protocol_finds_its_own_row() {
        assert_eq!(Protocol::ALL.len(), SPECS.len());
        assert!(Protocol::ALL.is_sorted());
        for protocol in Protocol::ALL {
            assert_eq!(Protocol::find(protocol.id()), Some(*protocol));
            assert!(!is_known_but_not_generated(protocol.id()));
        }
    }

    #[test]
    fn only_protocols_with_json_apply_traits_of_json() {
        for protocol in Protocol::ALL {
            let has_json = matches!(
                protocol,
                Protocol::RpcV2Json
                    | Protocol::AwsJson1_0
                    | Protocol::AwsJson1_1
                    | Protocol::RestJson1
                    | Protocol::SimpleRestJson
            );
            for id in [
                TraitId::AlloyDiscriminated,
                TraitId::AlloyJsonUnknown,
                TraitId::AlloyNullable,
                TraitId::AlloyUntagged,
            ] {
                let is_rejected = protocol.spec().unsupported.contains(&id);
                assert_eq!(is_rejected, !has_json, "{id} in {}", protocol.id());
            }
        }
    }

    #[test]
    fn an_unsupported_trait_says_what_it_would_change() {
        for protocol in Protocol::ALL {
            for id in protocol.spec().unsupported {
                assert!(id.spec().wire_effect.is_some(), "{id}");
            }
        }
    }
}
