//! Members of a JSON object that the model does not have (`alloy#jsonUnknown`).

use crate::error::EncodeError;
use crate::schema::{Schema, UnionForm};
use crate::shape::Encoder;
use crate::value::{Document, DocumentMap};

/// The field of a structure that keeps unknown members.
#[doc(hidden)]
pub trait UnknownMembers: Default {
    /// Adds a member.
    fn keep(&mut self, name: &str, value: Document);

    /// The members.
    fn members(&self) -> Option<&DocumentMap>;

    /// Encodes the members beside those of the model.
    ///
    /// # Errors
    ///
    /// If the model has a member of the same name.
    fn encode(&self, schema: &Schema, encoder: &mut dyn Encoder) -> Result<(), EncodeError> {
        match self.members() {
            Some(members) => encode(members, schema, encoder),
            None => Ok(()),
        }
    }
}

impl UnknownMembers for DocumentMap {
    fn keep(&mut self, name: &str, value: Document) {
        self.insert(name, value);
    }

    fn members(&self) -> Option<&DocumentMap> {
        Some(self)
    }
}

impl UnknownMembers for Option<DocumentMap> {
    fn keep(&mut self, name: &str, value: Document) {
        self.get_or_insert_default().keep(name, value);
    }

    fn members(&self) -> Option<&DocumentMap> {
        self.as_ref()
    }
}

fn encode(
    members: &DocumentMap,
    schema: &Schema,
    encoder: &mut dyn Encoder,
) -> Result<(), EncodeError> {
    for (name, value) in members {
        let mut known = schema.members.iter().filter(|member| !member.unknown);
        if known.any(|member| member.json_name == name) {
            return Err(EncodeError::new(format!(
                "`{name}` is a member of `{}` and cannot be an unknown one",
                schema.name()
            )));
        }
        encoder.unknown(name, value)?;
    }
    Ok(())
}

/// The value of the member of a union that keeps unknown members: the whole object.
#[doc(hidden)]
pub fn object(schema: &Schema, name: &str, value: Document) -> Document {
    let mut object = DocumentMap::new();
    match (schema.form, value) {
        (UnionForm::Discriminated(key), Document::Map(members)) => {
            if !name.is_empty() {
                object.insert(key, name);
            }
            object.extend(members);
        }
        (_, value) => drop(object.insert(name, value)),
    }
    object.into()
}

/// Encodes the member of a union that keeps unknown members.
///
/// # Errors
///
/// If it is not an object, or has a member that the model has.
#[doc(hidden)]
pub fn encode_object(
    value: &Document,
    schema: &Schema,
    encoder: &mut dyn Encoder,
) -> Result<(), EncodeError> {
    let Some(object) = value.as_map() else {
        return Err(EncodeError::new(format!(
            "the unknown member of `{}` is not an object",
            schema.name()
        )));
    };
    match schema.form {
        UnionForm::Discriminated(key) => {
            let name = object.get(key).and_then(Document::as_str);
            let known = |member: &crate::Member| !member.unknown && Some(member.json_name) == name;
            if schema.members.iter().any(known) {
                return Err(EncodeError::new(format!(
                    "`{}` is a member of `{}` and cannot be an unknown one",
                    name.unwrap_or_default(),
                    schema.name()
                )));
            }
            encoder.unknown(name.unwrap_or_default(), value)
        }
        _ => encode(object, schema, encoder),
    }
}
