//! The members of a structure that a document contains: all of them, or those that are not bound to
//! another part of a message.

use super::{Codec, DecodeOptions, ROOT, json};
use crate::error::{DecodeError, EncodeError};
use crate::schema::{self, Member, Schema};
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{
    DecodeMembers, Decoder, Encode, EncodeMembers, Encoder, Shape, private::Sealed,
};
use crate::value::Document;

/// Generates idempotency tokens for missing members (Smithy 2.0, "idempotencyToken trait").
pub(crate) type Tokens<'t> = &'t dyn Fn() -> String;

/// The members that a document contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberFilter {
    /// All members.
    All,
    /// Members that are not bound to another part of a request.
    Request,
    /// Members that are not bound to another part of a response.
    Response,
    /// All members except the stream.
    BesideStream,
    /// Members that are not bound to another part of an event.
    Event,
}

impl MemberFilter {
    fn includes(self, member: &Member) -> bool {
        match self {
            Self::All => true,
            Self::Request => member.binding.is_in_request_document(),
            Self::Response => member.binding.is_in_response_document(),
            Self::BesideStream => !member.streaming,
            Self::Event => member.event.is_none(),
        }
    }

    /// Whether the filter includes every member of a schema.
    fn includes_all(self, schema: &Schema) -> bool {
        let layout = &schema.layout;
        match self {
            Self::All => true,
            Self::Request => !layout.outside_request,
            Self::Response => !layout.outside_response,
            Self::BesideStream => layout.stream.is_none(),
            Self::Event => !layout.outside_event_document,
        }
    }
}

/// Encodes the members of a structure that `filter` includes. `tokens` generates a missing
/// idempotency token.
pub(crate) fn encode(
    codec: &dyn Codec,
    structure: &dyn EncodeMembers,
    filter: MemberFilter,
    tokens: Tokens<'_>,
) -> Result<Vec<u8>, EncodeError> {
    let mut document = Vec::new();
    select(structure, filter, tokens, &mut |members| {
        document = codec.encode(&ROOT, members)?;
        Ok(())
    })?;
    Ok(document)
}

/// Passes the members of a structure that `filter` includes to `encode`. `tokens` generates a
/// missing idempotency token.
pub(crate) fn select(
    structure: &dyn EncodeMembers,
    filter: MemberFilter,
    tokens: Tokens<'_>,
    encode: &mut dyn FnMut(&dyn Encode) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let schema = structure.schema();
    if filter.includes_all(schema) && !schema.layout.idempotency_token {
        return encode(&RootStructure(structure));
    }
    encode(&RootStructure(&SelectedMembers {
        structure,
        filter,
        tokens,
    }))
}

/// Passes the members of a structure that `filter` includes to an encoder.
#[cfg(feature = "xml")]
pub(crate) fn encode_selected(
    structure: &dyn EncodeMembers,
    filter: MemberFilter,
    encoder: &mut dyn Encoder,
) -> Result<(), EncodeError> {
    let tokens = &String::new;
    let selected = SelectedMembers {
        structure,
        filter,
        tokens,
    };
    selected.encode_members(encoder)
}

/// Decodes the members of a structure that `filter` includes.
pub(crate) fn decode(
    codec: &dyn Codec,
    document: &[u8],
    structure: &mut dyn DecodeMembers,
    filter: MemberFilter,
    options: DecodeOptions,
) -> Result<(), DecodeError> {
    let all = filter.includes_all(structure.schema());
    codec.decode(document, options, &mut |decoder| {
        if all {
            return decoder.structure(&ROOT, structure);
        }
        let structure = &mut *structure;
        decoder.structure(&ROOT, &mut ExpectedMembers { structure, filter })
    })
}

/// A structure at the root of a document.
pub(crate) struct RootStructure<'s>(pub(crate) &'s dyn EncodeMembers);

impl Encode for RootStructure<'_> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.structure(member, self.0)
    }
}

/// Encodes an error with its name in front of its members.
pub(crate) fn encode_error(
    codec: &dyn Codec,
    name: &str,
    error: &dyn EncodeMembers,
) -> Result<Vec<u8>, EncodeError> {
    codec.encode(&ROOT, &RootStructure(&NamedError { name, error }))
}

/// An error with its name.
struct NamedError<'e> {
    name: &'e str,
    error: &'e dyn EncodeMembers,
}

impl Sealed for NamedError<'_> {}

impl Shape for NamedError<'_> {
    fn schema(&self) -> &'static Schema {
        self.error.schema()
    }
}

impl EncodeMembers for NamedError<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        static NAME: Member = Member::new(json::TYPE, &schema::STRING);
        encoder.string(&NAME, self.name)?;
        self.error.encode_members(encoder)
    }
}

/// A structure with the members that are encoded.
struct SelectedMembers<'s> {
    structure: &'s dyn EncodeMembers,
    filter: MemberFilter,
    tokens: Tokens<'s>,
}

impl Sealed for SelectedMembers<'_> {}

impl Shape for SelectedMembers<'_> {
    fn schema(&self) -> &'static Schema {
        self.structure.schema()
    }
}

impl EncodeMembers for SelectedMembers<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        self.structure.encode_members(&mut MemberSelector {
            encoder,
            filter: self.filter,
            tokens: self.tokens,
        })
    }
}

/// Passes on the members that are encoded.
struct MemberSelector<'s> {
    encoder: &'s mut dyn Encoder,
    filter: MemberFilter,
    tokens: Tokens<'s>,
}

impl ValueVisitor for MemberSelector<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if !self.filter.includes(member) {
            return Ok(());
        }
        match value {
            ValueRef::None if member.idempotency_token => {
                self.encoder.string(member, &(self.tokens)())
            }
            value => value.encode(member, self.encoder),
        }
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.encoder.unknown(name, value)
    }
}

/// A structure with the members that are decoded: a document does not set a member that is bound to
/// another part of the message.
struct ExpectedMembers<'s> {
    structure: &'s mut dyn DecodeMembers,
    filter: MemberFilter,
}

impl Sealed for ExpectedMembers<'_> {}

impl Shape for ExpectedMembers<'_> {
    fn schema(&self) -> &'static Schema {
        self.structure.schema()
    }
}

impl DecodeMembers for ExpectedMembers<'_> {
    fn decode_member(
        &mut self,
        index: usize,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        if self.expects(index) {
            self.structure.decode_member(index, decoder)
        } else {
            // The decoder skips the value.
            Ok(())
        }
    }

    fn decode_unknown(&mut self, name: &str, value: Document) {
        self.structure.decode_unknown(name, value);
    }

    fn expects(&self, index: usize) -> bool {
        let member = self.schema().members.get(index);
        member.is_some_and(|member| self.filter.includes(member))
    }
}
