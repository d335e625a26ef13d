//! Encoders that treat all kinds of values alike, with one method instead of one per kind.

use crate::error::EncodeError;
use crate::schema::Member;
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers, EncodeStream, Encoder};
use crate::value::{Document, Timestamp};

/// A value that is passed to an encoder.
#[derive(Clone, Copy)]
pub(crate) enum ValueRef<'v> {
    None,
    Boolean(bool),
    Integer(i64),
    Float(f32),
    Double(f64),
    Number(&'v str),
    String(&'v str),
    Blob(&'v [u8]),
    Timestamp(Timestamp),
    Document(&'v Document),
    List(&'v dyn EncodeList),
    Map(&'v dyn EncodeMap),
    Structure(&'v dyn EncodeMembers),
    /// A null that differs from a missing value.
    #[cfg(feature = "alloy")]
    Null,
    /// A union that has a form of its own in JSON.
    #[cfg(feature = "alloy")]
    Union(&'v dyn EncodeMembers),
    Stream(&'v dyn EncodeStream),
}

impl ValueRef<'_> {
    /// Passes the value to `encoder`.
    pub(crate) fn encode(
        self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        match self {
            Self::None => encoder.none(member),
            Self::Boolean(value) => encoder.boolean(member, value),
            Self::Integer(value) => encoder.integer(member, value),
            Self::Float(value) => encoder.float(member, value),
            Self::Double(value) => encoder.double(member, value),
            Self::Number(digits) => encoder.number(member, digits),
            Self::String(value) => encoder.string(member, value),
            Self::Blob(value) => encoder.blob(member, value),
            Self::Timestamp(value) => encoder.timestamp(member, value),
            Self::Document(value) => encoder.document(member, value),
            Self::List(value) => encoder.list(member, value),
            Self::Map(value) => encoder.map(member, value),
            Self::Structure(value) => encoder.structure(member, value),
            #[cfg(feature = "alloy")]
            Self::Null => encoder.null(member),
            #[cfg(feature = "alloy")]
            Self::Union(value) => encoder.union(member, value),
            Self::Stream(value) => encoder.stream(member, value),
        }
    }
}

impl Encode for ValueRef<'_> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        (*self).encode(member, encoder)
    }
}

/// Receives values of any kind.
pub(crate) trait ValueVisitor {
    /// A value of `member`.
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError>;

    /// The key of the next entry of a map.
    fn entry(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        let _ = (member, key);
        Ok(())
    }

    /// A member that is not in the model.
    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError>;
}

impl<S: ValueVisitor> Encoder for S {
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        self.value(member, ValueRef::None)
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Boolean(value))
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Integer(value))
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Float(value))
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Double(value))
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Number(digits))
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        self.value(member, ValueRef::String(value))
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Blob(value))
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Timestamp(value))
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Document(value))
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        self.value(member, ValueRef::List(value))
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Map(value))
    }

    fn key(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.entry(member, key)
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Structure(value))
    }

    #[cfg(feature = "alloy")]
    fn null(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Null)
    }

    #[cfg(feature = "alloy")]
    fn union(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeMembers,
    ) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Union(value))
    }

    fn stream(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeStream,
    ) -> Result<(), EncodeError> {
        self.value(member, ValueRef::Stream(value))
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.unknown_member(name, value)
    }
}
