//! IDs that a service returns with a prefix and expects without it.

use crate::error::EncodeError;
use crate::protocol::service::Operation;
use crate::schema::{Member, Schema};
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{EncodeMembers, Encoder, Shape, private::Sealed};
use crate::value::Document;

/// An input without the prefixes of its IDs.
pub(super) struct WithoutPrefixes<'i> {
    input: &'i dyn EncodeMembers,
    /// The members with IDs, by index.
    ids: &'static [usize],
}

impl<'i> WithoutPrefixes<'i> {
    pub(super) fn new(operation: &Operation, input: &'i dyn EncodeMembers) -> Self {
        Self {
            input,
            ids: operation.traits.prefixed_ids,
        }
    }
}

impl Sealed for WithoutPrefixes<'_> {}

impl Shape for WithoutPrefixes<'_> {
    fn schema(&self) -> &'static Schema {
        self.input.schema()
    }
}

impl EncodeMembers for WithoutPrefixes<'_> {
    fn encode_members(&self, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        if self.ids.is_empty() {
            return self.input.encode_members(encoder);
        }
        self.input.encode_members(&mut PrefixRemover {
            encoder,
            members: self.schema().members,
            ids: self.ids,
        })
    }
}

/// Passes on the members of an input.
struct PrefixRemover<'e> {
    encoder: &'e mut dyn Encoder,
    members: &'static [Member],
    ids: &'static [usize],
}

impl ValueVisitor for PrefixRemover<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let mut ids = self.ids.iter().filter_map(|id| self.members.get(*id));
        let value = match value {
            ValueRef::String(text) if ids.any(|id| std::ptr::eq(id, member)) => {
                ValueRef::String(text.rsplit('/').next().unwrap_or(text))
            }
            value => value,
        };
        value.encode(member, self.encoder)
    }

    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.encoder.unknown(name, value)
    }
}
