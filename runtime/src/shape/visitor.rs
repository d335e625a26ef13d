//! Encoders that treat all values alike need one method, not one per kind.

use crate::error::EncodeError;
use crate::schema::Member;
use crate::shape::{EncodeList, EncodeMap, EncodeStream, Encoder, Structure};
use crate::value::{Document, Timestamp};

/// A value on its way to an encoder.
#[derive(Clone, Copy)]
pub(crate) enum Value<'v> {
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
    Structure(&'v dyn Structure),
    Stream(&'v dyn EncodeStream),
}

/// Takes values, whatever their kind.
pub(crate) trait Sink {
    /// A value of `member`.
    fn value(&mut self, member: &'static Member, value: Value<'_>) -> Result<(), EncodeError>;

    /// The key of the map's next entry.
    fn entry(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        let _ = (member, key);
        Ok(())
    }

    /// The member of a union that the schema does not know.
    fn unknown_member(&mut self, name: &str, value: &Document) -> Result<(), EncodeError>;
}

impl<S: Sink> Encoder for S {
    fn none(&mut self, member: &'static Member) -> Result<(), EncodeError> {
        self.value(member, Value::None)
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), EncodeError> {
        self.value(member, Value::Boolean(value))
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), EncodeError> {
        self.value(member, Value::Integer(value))
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), EncodeError> {
        self.value(member, Value::Float(value))
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), EncodeError> {
        self.value(member, Value::Double(value))
    }

    fn number(&mut self, member: &'static Member, digits: &str) -> Result<(), EncodeError> {
        self.value(member, Value::Number(digits))
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), EncodeError> {
        self.value(member, Value::String(value))
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), EncodeError> {
        self.value(member, Value::Blob(value))
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), EncodeError> {
        self.value(member, Value::Timestamp(value))
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), EncodeError> {
        self.value(member, Value::Document(value))
    }

    fn list(&mut self, member: &'static Member, value: &dyn EncodeList) -> Result<(), EncodeError> {
        self.value(member, Value::List(value))
    }

    fn map(&mut self, member: &'static Member, value: &dyn EncodeMap) -> Result<(), EncodeError> {
        self.value(member, Value::Map(value))
    }

    fn key(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.entry(member, key)
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn Structure,
    ) -> Result<(), EncodeError> {
        self.value(member, Value::Structure(value))
    }

    fn stream(
        &mut self,
        member: &'static Member,
        value: &dyn EncodeStream,
    ) -> Result<(), EncodeError> {
        self.value(member, Value::Stream(value))
    }

    fn unknown(&mut self, name: &str, value: &Document) -> Result<(), EncodeError> {
        self.unknown_member(name, value)
    }
}
