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
    let is_line = schema.error.is_some() && !f.alternate();
    let message = is_line.then(|| Message::of(value)).flatten();
    let name = match &message {
        Some(Message { text, .. }) => {
            write!(f, "{}: {text}", schema.name())?;
            ""
        }
        None => schema.name(),
    };
    let mut fields = Fields {
        fields: f.debug_struct(name),
        shown: message.map(|message| message.member),
    };
    // A member that cannot be encoded is left out. `finish` reports errors of the formatter.
    let complete = value.encode_members(&mut fields).is_ok();
    if complete {
        fields.fields.finish()
    } else {
        fields.fields.finish_non_exhaustive()
    }
}

/// The message of an error: its first string member that is called `message`, in any case, unless
/// it is sensitive.
struct Message {
    member: &'static Member,
    text: String,
}

impl Message {
    fn of(value: &dyn EncodeMembers) -> Option<Self> {
        let mut search = MessageSearch(None);
        // An error ends the search: a later member is not the message.
        let _ = value.encode_members(&mut search);
        search.0
    }
}

struct MessageSearch(Option<Message>);

impl ValueVisitor for MessageSearch {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if let ValueRef::String(text) = value
            && self.0.is_none()
            && !member.sensitive
            && member.name.eq_ignore_ascii_case("message")
        {
            let text = text.to_owned();
            self.0 = Some(Message { member, text });
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
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

struct Fields<'a, 'f> {
    fields: DebugStruct<'a, 'f>,
    /// A member that is shown already.
    shown: Option<&'static Member>,
}

struct Elements<'a, 'f>(DebugList<'a, 'f>);
struct Entries<'a, 'f>(DebugMap<'a, 'f>);

impl ValueVisitor for Fields<'_, '_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let is_shown = self.shown.is_some_and(|shown| std::ptr::eq(shown, member));
        if !matches!(value, ValueRef::None) && !is_shown {
            self.fields.field(member.name, &Shown(member, value));
        }
        Ok(())
    }

    /// An unknown member may be sensitive.
    fn unknown_member(&mut self, name: &str, _: &Document) -> Result<(), EncodeError> {
        self.fields.field(name, &Redacted);
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
