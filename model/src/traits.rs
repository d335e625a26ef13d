//! The known traits, in one table: id, where a trait applies, how its value is read, and what it
//! does to the wire. The trait libraries (`library.rs`) have the shapes of their values and the
//! traits that exclude each other.
//!
//! Past the front ends a trait is named by its [`TraitId`]; a trait that is not in the table is
//! kept in the [`Traits`] of what it is applied to, for outputs and configuration to read by its
//! id.

mod applied;
mod selector;

pub(crate) use applied::entry_location;
pub use applied::{Applied, Traits};
pub use selector::{Category, Selector};

use Category::{
    Blob, Boolean, Decimal, Document, Integer, List, Map, Operation, Service, String, Structure,
    Timestamp, Union,
};
use Selector::{
    Any, DataOrMember, NamedMember, Shape, ShapeOrStructureMember, ShapeWith, StructureMember,
};

/// The row of a known trait.
#[derive(Debug)]
pub struct TraitSpec {
    /// The absolute shape id.
    pub id: &'static str,
    /// The form of its value.
    pub form: Form,
    /// The shapes that it may be applied to.
    pub selector: Selector,
    /// For a trait that changes what is sent in a way that not every protocol applies: the change.
    /// A protocol that would have to apply it and does not lists it as unsupported.
    pub wire_effect: Option<&'static str>,
}

/// The form of the value of a trait. The readers of `resolve` check that a value has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An empty object: the trait has no value.
    Annotation,
    /// A string.
    String,
    /// A list of strings.
    Strings,
    /// A whole number.
    Integer,
    /// A structure with members of its own.
    Structure,
    /// A list of structures.
    Structures,
    /// A value that depends on what the trait is applied to.
    Any,
}

macro_rules! traits {
    ($(
        $variant:ident $id:literal $form:ident $selector:expr
        $(, wire $effect:literal)?;
    )*) => {
        /// A known trait.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TraitId {
            $(#[doc = concat!("`", $id, "`.")] $variant,)*
        }

        impl TraitId {
            /// Every known trait, sorted by absolute shape id.
            pub const ALL: &[TraitId] = &[$(TraitId::$variant,)*];
        }

        /// In the order of [`TraitId::ALL`].
        static SPECS: &[TraitSpec] = &[$(
            #[allow(unused_mut)]
            {
                let mut spec = TraitSpec {
                    id: $id,
                    form: Form::$form,
                    selector: $selector,
                    wire_effect: None,
                };
                $(spec.wire_effect = Some($effect);)?
                spec
            },
        )*];
    };
}

traits! {
    AlloyDateFormat "alloy#dateFormat" Annotation Any;
    AlloyDefaultValue "alloy#defaultValue" Any Any,
        wire "gives the member a default that may violate its constraints";
    AlloyDiscriminated "alloy#discriminated" String Any,
        wire "adds a discriminator to the members of the union";
    AlloyDurationSecondsFormat "alloy#durationSecondsFormat" Annotation Any;
    AlloyJsonUnknown "alloy#jsonUnknown" Annotation Any,
        wire "sends unknown members beside the known ones";
    AlloyLocalDateTimeFormat "alloy#localDateTimeFormat" Annotation Any;
    AlloyLocalTimeFormat "alloy#localTimeFormat" Annotation Any;
    AlloyMonthDayFormat "alloy#monthDayFormat" Annotation Any;
    AlloyNullable "alloy#nullable" Annotation Any,
        wire "distinguishes null from an absent member";
    AlloyOffsetDateTimeFormat "alloy#offsetDateTimeFormat" Annotation Any;
    AlloyOffsetTimeFormat "alloy#offsetTimeFormat" Annotation Any;
    AlloyOpenEnum "alloy#openEnum" Annotation Any;
    AlloyUntagged "alloy#untagged" Annotation Any,
        wire "sends the members of the union without their names";
    AlloyUuidFormat "alloy#uuidFormat" Annotation Any;
    AlloyYearMonthFormat "alloy#yearMonthFormat" Annotation Any;
    AlloyZoneOffsetFormat "alloy#zoneOffsetFormat" Annotation Any;
    AlloyCommonDateFormat "alloy.common#dateFormat" Annotation Any;
    AwsService "aws.api#service" Structure Any;
    Sigv4 "aws.auth#sigv4" Structure Shape(&[Service]);
    UnsignedPayload "aws.auth#unsignedPayload" Annotation Shape(&[Operation]);
    S3UnwrappedXmlOutput "aws.customizations#s3UnwrappedXmlOutput" Annotation Shape(&[Operation]);
    AwsQueryCompatible "aws.protocols#awsQueryCompatible" Annotation Shape(&[Service]);
    AwsQueryError "aws.protocols#awsQueryError" Structure ShapeWith(Structure, TraitId::Error);
    Ec2QueryName "aws.protocols#ec2QueryName" String StructureMember(Category::DATA);
    HttpChecksum "aws.protocols#httpChecksum" Structure Any,
        wire "adds a checksum of the body to requests";
    RestXml "aws.protocols#restXml" Structure Shape(&[Service]);
    BasePath "drawplate#basePath" String Shape(&[Service]);
    ValidationError "drawplate#validationError" String Shape(&[Service]);
    Auth "smithy.api#auth" Strings Any;
    Box "smithy.api#box" Annotation Any;
    ClientOptional "smithy.api#clientOptional" Annotation Any;
    Cors "smithy.api#cors" Structure Shape(&[Service]);
    Default "smithy.api#default" Any ShapeOrStructureMember(&[
        Blob, Boolean, String, Integer, Decimal, Timestamp, Document, List, Map,
    ]);
    Deprecated "smithy.api#deprecated" Structure Any;
    Documentation "smithy.api#documentation" String Any;
    Endpoint "smithy.api#endpoint" Structure Shape(&[Operation]);
    Enum "smithy.api#enum" Structures Shape(&[String]);
    EnumValue "smithy.api#enumValue" Any Any;
    Error "smithy.api#error" String Shape(&[Structure]);
    EventHeader "smithy.api#eventHeader" Annotation StructureMember(Category::DATA);
    EventPayload "smithy.api#eventPayload" Annotation StructureMember(Category::DATA);
    ExternalDocumentation "smithy.api#externalDocumentation" Structure Any;
    HostLabel "smithy.api#hostLabel" Annotation StructureMember(Category::DATA);
    Http "smithy.api#http" Structure Shape(&[Operation]);
    HttpApiKeyAuth "smithy.api#httpApiKeyAuth" Structure Shape(&[Service]);
    HttpBasicAuth "smithy.api#httpBasicAuth" Annotation Shape(&[Service]);
    HttpBearerAuth "smithy.api#httpBearerAuth" Annotation Shape(&[Service]);
    HttpChecksumRequired "smithy.api#httpChecksumRequired" Annotation Shape(&[Operation]);
    HttpError "smithy.api#httpError" Integer ShapeWith(Structure, TraitId::Error);
    HttpHeader "smithy.api#httpHeader" String StructureMember(Category::DATA);
    HttpLabel "smithy.api#httpLabel" Annotation StructureMember(Category::DATA);
    HttpPayload "smithy.api#httpPayload" Annotation StructureMember(Category::DATA);
    HttpPrefixHeaders "smithy.api#httpPrefixHeaders" String StructureMember(Category::DATA);
    HttpQuery "smithy.api#httpQuery" String StructureMember(Category::DATA);
    HttpQueryParams "smithy.api#httpQueryParams" Annotation StructureMember(Category::DATA);
    HttpResponseCode "smithy.api#httpResponseCode" Annotation StructureMember(Category::DATA);
    IdempotencyToken "smithy.api#idempotencyToken" Annotation StructureMember(&[String]);
    Idempotent "smithy.api#idempotent" Annotation Shape(&[Operation]);
    Input "smithy.api#input" Annotation Shape(&[Structure]);
    Internal "smithy.api#internal" Annotation Any;
    JsonName "smithy.api#jsonName" String NamedMember;
    Length "smithy.api#length" Structure DataOrMember(&[String, Blob, List, Map]);
    MediaType "smithy.api#mediaType" String Shape(&[String, Blob]);
    Mixin "smithy.api#mixin" Structure Any;
    OptionalAuth "smithy.api#optionalAuth" Annotation Shape(&[Operation]);
    Output "smithy.api#output" Annotation Shape(&[Structure]);
    Paginated "smithy.api#paginated" Structure Shape(&[Operation, Service]);
    Pattern "smithy.api#pattern" String DataOrMember(&[String]);
    ProtocolDefinition "smithy.api#protocolDefinition" Structure Any;
    Range "smithy.api#range" Structure DataOrMember(&[Integer, Decimal]);
    Readonly "smithy.api#readonly" Annotation Shape(&[Operation]);
    RequestCompression "smithy.api#requestCompression" Structure Shape(&[Operation]);
    Required "smithy.api#required" Annotation StructureMember(Category::DATA);
    RequiresLength "smithy.api#requiresLength" Annotation ShapeWith(Blob, TraitId::Streaming);
    ResourceIdentifier "smithy.api#resourceIdentifier" String StructureMember(&[String]);
    Retryable "smithy.api#retryable" Structure ShapeWith(Structure, TraitId::Error);
    Sensitive "smithy.api#sensitive" Annotation Any;
    Since "smithy.api#since" String Any;
    Sparse "smithy.api#sparse" Annotation Shape(&[List, Map]);
    Streaming "smithy.api#streaming" Annotation Shape(&[Blob, Union]),
        wire "sends a value that is not in memory, and not in a document";
    TimestampFormat "smithy.api#timestampFormat" String DataOrMember(&[Timestamp]);
    Title "smithy.api#title" String Any;
    Trait "smithy.api#trait" Structure Any;
    UniqueItems "smithy.api#uniqueItems" Annotation Shape(&[List]);
    Unstable "smithy.api#unstable" Annotation Any;
    XmlAttribute "smithy.api#xmlAttribute" Annotation Any;
    XmlFlattened "smithy.api#xmlFlattened" Annotation Any;
    XmlName "smithy.api#xmlName" String Any;
    XmlNamespace "smithy.api#xmlNamespace" Structure Any;
    ClientContextParams "smithy.rules#clientContextParams" Structure Shape(&[Service]);
    ContextParam "smithy.rules#contextParam" Structure StructureMember(Category::DATA);
    EndpointBdd "smithy.rules#endpointBdd" Structure Shape(&[Service]);
    EndpointRuleSet "smithy.rules#endpointRuleSet" Structure Shape(&[Service]);
    EndpointTests "smithy.rules#endpointTests" Structure Shape(&[Service]);
    OperationContextParams "smithy.rules#operationContextParams" Structure Shape(&[Operation]);
    StaticContextParams "smithy.rules#staticContextParams" Structure Shape(&[Operation]);
    EventStreamTests "smithy.test#eventStreamTests" Structures Shape(&[Operation]);
    HttpMalformedRequestTests "smithy.test#httpMalformedRequestTests" Structures
        Shape(&[Operation]);
    HttpRequestTests "smithy.test#httpRequestTests" Structures Shape(&[Operation]);
    HttpResponseTests "smithy.test#httpResponseTests" Structures Shape(&[Operation, Structure]);
    Waitable "smithy.waiters#waitable" Any Any;
    Smithy4sDiscriminated "smithy4s.api#discriminated" String Any,
        wire "adds a discriminator to the members of the union";
    Smithy4sUntagged "smithy4s.api#untagged" Annotation Any,
        wire "sends the members of the union without their names";
}

impl TraitId {
    /// The known trait of an absolute shape id.
    pub fn find(id: &str) -> Option<Self> {
        let index = SPECS.binary_search_by(|spec| spec.id.cmp(id)).ok()?;
        Some(Self::ALL[index])
    }

    /// Its row.
    pub fn spec(self) -> &'static TraitSpec {
        &SPECS[self as usize]
    }

    /// The absolute shape id.
    pub fn id(self) -> &'static str {
        self.spec().id
    }

    /// Whether it only documents what it is applied to.
    pub(crate) fn is_documentation(self) -> bool {
        matches!(
            self,
            Self::Deprecated
                | Self::Documentation
                | Self::ExternalDocumentation
                | Self::Since
                | Self::Unstable
        )
    }

    /// The id without the namespace of the prelude, for messages.
    pub fn short(self) -> &'static str {
        self.id().trim_start_matches("smithy.api#")
    }
}

impl std::fmt::Display for TraitId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_finds_its_own_ids() {
        assert!(SPECS.is_sorted_by(|a, b| a.id < b.id));
        for id in TraitId::ALL {
            assert_eq!(TraitId::find(id.id()), Some(*id));
        }
        assert_eq!(TraitId::find("a#mine"), None);
    }
}
