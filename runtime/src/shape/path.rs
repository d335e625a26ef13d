//! A value in a structure, by the members that lead to it.

use crate::error::EncodeError;
use crate::schema::{Member, Schema};
use crate::shape::EncodeMembers;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::value::Document;

/// Passes the value at a path of member indexes to `found`. Does nothing if the path leads through
/// a value that is missing or no structure.
pub(crate) fn value_at(
    structure: &dyn EncodeMembers,
    path: &[usize],
    found: &mut dyn FnMut(&'static Member, ValueRef<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    structure.encode_members(&mut PathVisitor {
        schema: structure.schema(),
        path,
        found,
    })
}

/// Follows a path from the members that it visits.
struct PathVisitor<'p> {
    schema: &'static Schema,
    path: &'p [usize],
    found: &'p mut dyn FnMut(&'static Member, ValueRef<'_>) -> Result<(), EncodeError>,
}

impl ValueVisitor for PathVisitor<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        match (self.path, value) {
            ([index, ..], _) if !self.schema.is_at(*index, member) => Ok(()),
            ([_], value) => (self.found)(member, value),
            ([_, rest @ ..], ValueRef::Structure(inner)) => value_at(inner, rest, self.found),
            _ => Ok(()),
        }
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}
