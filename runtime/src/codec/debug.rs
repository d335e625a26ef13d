//! `Debug` of structures, unions and sensitive enums: shows the members that have a value, by their
//! names in the model, and redacts sensitive ones. An error begins with its name and message, as
//! its `Display` does: a program that returns it from `main` prints its `Debug` form.

use std::fmt::{self, Debug, DebugList, DebugMap, DebugStruct};

use crate::error::EncodeError;
use crate::schema::{Member, Schema};
use crate::shape::EncodeMembers;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::value::{Blob, Document};

/// The text in place of a sensitive value.
const REDACTED: &str = "*** redacted ***";

/// Formats a structure or union like `derive(Debug)`, without missing members and with sensitive
/// ones redacted.
pub fn structure(value: &dyn EncodeMembers, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let schema = value.schema();
    if schema.sensitive {
        return redacted(schema, f);
    }
    let mut fields = Fields {
        fields: None,
        message: None,
    };
    if schema.error.is_some() && !f.alternate() {
        // An error ends the search: a later member is not the message.
        let _ = value.encode_members(&mut fields);
    }
    let name = match &fields.message {
        Some(Message { text, .. }) => {
            write!(f, "{}: {text}", schema.name())?;
            ""
        }
        None => schema.name(),
    };
    fields.fields = Some(f.debug_struct(name));
    // A member that cannot be encoded is left out. `finish` reports errors of the formatter.
    let complete = value.encode_members(&mut fields).is_ok();
    match fields.fields {
        Some(mut fields) if complete => fields.finish(),
        Some(mut fields) => fields.finish_non_exhaustive(),
        None => Ok(()),
    }
}

/// Formats a value of a sensitive shape.
pub fn redacted(schema: &Schema, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}({REDACTED})", schema.name())
}

/// A value of a member.
struct Shown<'v>(&'static Member, ValueRef<'v>);

impl Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(member, value) = *self;
        if member.sensitive && !matches!(value, ValueRef::None) {
            return f.write_str(REDACTED);
        }
        match value {
            ValueRef::None => f.write_str("None"),
            ValueRef::Boolean(value) => value.fmt(f),
            ValueRef::Integer(value) => value.fmt(f),
            ValueRef::Float(value) => value.fmt(f),
            ValueRef::Double(value) => value.fmt(f),
            ValueRef::Number(digits) => f.write_str(digits),
            ValueRef::String(value) => value.fmt(f),
            ValueRef::Blob(value) => Blob::from(value).fmt(f),
            ValueRef::Timestamp(value) => fmt::Display::fmt(&value, f),
            ValueRef::Document(value) => fmt::Display::fmt(value, f),
            ValueRef::Structure(value) => structure(value, f),
            #[cfg(feature = "alloy")]
            ValueRef::Null => f.write_str("Null"),
            #[cfg(feature = "alloy")]
            ValueRef::Union(value) => structure(value, f),
            ValueRef::Stream(value) => value.fmt(f),
            ValueRef::List(list) => {
                let mut elements = Elements(f.debug_list());
                let complete =
                    member.target.members.first().is_some_and(|element| {
                        list.encode_elements(element, &mut elements).is_ok()
                    });
                if complete {
                    elements.0.finish()
                } else {
                    elements.0.finish_non_exhaustive()
                }
            }
            ValueRef::Map(map) => {
                let mut entries = Entries(f.debug_map());
                let complete = match member.target.members {
                    [key, value, ..] => map.encode_entries(key, value, &mut entries).is_ok(),
                    _ => false,
                };
                if complete {
                    entries.0.finish()
                } else {
                    entries.0.finish_non_exhaustive()
                }
            }
        }
    }
}

/// A redacted name or value.
struct Redacted;

impl Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Visits the members of a structure: those of an error once for its message, and then all of them
/// to show them.
struct Fields<'a, 'f> {
    /// `None` during the search for the message.
    fields: Option<DebugStruct<'a, 'f>>,
    message: Option<Message>,
}

/// The message of an error: its first string member that is called `message`, in any case, unless
/// it is sensitive.
struct Message {
    member: &'static Member,
    text: String,
}

struct Elements<'a, 'f>(DebugList<'a, 'f>);
struct Entries<'a, 'f>(DebugMap<'a, 'f>);

impl ValueVisitor for Fields<'_, '_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let Self { fields, message } = self;
        match (fields, value) {
            (Some(fields), value) => {
                let is_message = |message: &Message| std::ptr::eq(message.member, member);
                if !matches!(value, ValueRef::None) && !message.as_ref().is_some_and(is_message) {
                    fields.field(member.name, &Shown(member, value));
                }
            }
            (None, ValueRef::String(text)) => {
                let is_message = member.name.eq_ignore_ascii_case("message") && !member.sensitive;
                if is_message && message.is_none() {
                    let text = text.to_owned();
                    *message = Some(Message { member, text });
                }
            }
            (None, _) => {}
        }
        Ok(())
    }

    /// An unknown member may be sensitive.
    fn unknown_member(&mut self, name: &str, _: &Document) -> Result<(), EncodeError> {
        if let Some(fields) = &mut self.fields {
            fields.field(name, &Redacted);
        }
        Ok(())
    }
}

impl ValueVisitor for Elements<'_, '_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        self.0.entry(&Shown(member, value));
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

impl ValueVisitor for Entries<'_, '_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        self.0.value(&Shown(member, value));
        Ok(())
    }

    fn entry(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.0.key(&Shown(member, ValueRef::String(key)));
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}
