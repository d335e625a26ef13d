//! Encodes unions in the form of JSON (`alloy#discriminated`, `alloy#untagged`).

use super::MemberNames;
use crate::error::EncodeError;
use crate::schema::{Member, Schema};
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{Encode, EncodeMembers, Encoder, Shape, private::Sealed};
use crate::value::Document;

/// A union as the object that its discriminator is in.
pub(crate) struct Discriminated<'u> {
    pub(crate) union: &'u dyn EncodeMembers,
    pub(crate) key: &'static str,
    pub(crate) names: MemberNames,
}

impl Sealed for Discriminated<'_> {}

impl Shape for Discriminated<'_> {
    fn schema(&self) -> &'static Schema {
        self.union.schema()
    }
}

impl EncodeMembers for Discriminated<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        self.union.encode_members(&mut MemberEncoder {
            encoder,
            key: self.key,
            names: self.names,
        })
    }
}

/// Encodes the members of the structure that is the member of a union.
struct MemberEncoder<'e> {
    encoder: &'e mut dyn Encoder,
    key: &'static str,
    names: MemberNames,
}

impl MemberEncoder<'_> {
    fn name(&mut self, name: &str) -> Result<(), EncodeError> {
        self.encoder.unknown(self.key, &Document::from(name))
    }
}

impl ValueVisitor for MemberEncoder<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let ValueRef::Structure(structure) = value else {
            return Err(EncodeError::new(
                "a member of a discriminated union is not a structure",
            ));
        };
        self.name(self.names.of(member))?;
        structure.encode_members(self.encoder)
    }

    /// The object of an unknown member. A name is missing if the object had none.
    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        let Some(members) = value.as_map() else {
            return Err(EncodeError::new(
                "the value of an unknown member of a discriminated union is not an object",
            ));
        };
        if !name.is_empty() {
            self.name(name)?;
        }
        members
            .iter()
            .filter(|(key, _)| *key != self.key)
            .try_for_each(|(key, value)| self.encoder.unknown(key, value))
    }
}

/// A union as a value.
pub(crate) struct UnionValue<'u>(pub(crate) &'u dyn EncodeMembers);

impl Encode for UnionValue<'_> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        encoder.union(member, self.0)
    }
}
