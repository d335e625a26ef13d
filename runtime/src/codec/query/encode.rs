//! Encodes forms.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::utf8_percent_encode;

use crate::codec::percent::RESERVED;
use crate::error::EncodeError;
use crate::schema::{Member, TimestampFormat};
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::shape::{Encode, EncodeList, EncodeMap, EncodeMembers};
use crate::value::{Document, float, timestamp};

/// How the keys of values are formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRules {
    /// Lists and maps have a segment of their own, unless they are flattened.
    AwsQuery,
    /// Names start with a capital letter. Lists have no segment of their own, and maps do not
    /// exist.
    Ec2Query,
}

/// A form that is being written.
#[derive(Debug)]
pub(crate) struct Form {
    rules: KeyRules,
    /// The pairs so far.
    text: String,
    /// The encoded key of the value that is written next, except for its last segment.
    key: String,
    position: ValuePosition,
}

/// The position of the next value, which determines the last segment of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValuePosition {
    /// At the root: no segment.
    Root,
    /// In a structure: the name of the member.
    Member,
    /// In a list: its number, counted from 1. This is the number of the previous element.
    Element(usize),
    /// In a map: the name of values.
    Entry {
        /// The number of the entry, counted from 1.
        number: usize,
        /// The length of the key of the map.
        map: usize,
    },
}

impl Form {
    /// An empty form.
    pub(crate) fn new(rules: KeyRules) -> Self {
        Self {
            rules,
            text: String::with_capacity(128),
            key: String::new(),
            position: ValuePosition::Root,
        }
    }

    /// The form.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Adds a pair.
    #[cfg(feature = "http")]
    pub(crate) fn add(&mut self, name: &str, text: &str) {
        push_encoded(&mut self.key, name);
        self.pair(text);
        self.key.clear();
    }

    /// Adds the members of a structure or union.
    pub(crate) fn members(
        &mut self,
        root: &'static Member,
        value: &dyn Encode,
    ) -> Result<(), EncodeError> {
        value.encode(root, self)
    }

    /// Adds a text whose key is complete.
    fn pair(&mut self, text: &str) {
        self.text.reserve(self.key.len() + text.len() + 2);
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(&self.key);
        self.text.push('=');
        push_encoded(&mut self.text, text);
    }

    /// Completes the key of the next value.
    fn complete_key(&mut self, member: &Member) {
        match &mut self.position {
            ValuePosition::Root => {}
            ValuePosition::Member => self.push_name(member),
            ValuePosition::Element(number) => {
                *number += 1;
                let number = *number;
                self.push_number(number);
            }
            ValuePosition::Entry { .. } => self.push_segment(name(member)),
        }
    }

    /// Appends the name of a member of a structure (Smithy, "Query key resolution").
    fn push_name(&mut self, member: &Member) {
        match (self.rules, member.ec2_query_name) {
            (KeyRules::AwsQuery, _) => self.push_segment(name(member)),
            (KeyRules::Ec2Query, Some(name)) => self.push_segment(name),
            (KeyRules::Ec2Query, None) => {
                let name = name(member);
                self.push_segment("");
                match name.split_at_checked(1) {
                    Some((first, rest)) => {
                        self.key.push_str(&first.to_ascii_uppercase());
                        push_encoded(&mut self.key, rest);
                    }
                    None => push_encoded(&mut self.key, name),
                }
            }
        }
    }

    fn push_segment(&mut self, segment: &str) {
        if !self.key.is_empty() {
            self.key.push('.');
        }
        push_encoded(&mut self.key, segment);
    }

    fn push_number(&mut self, number: usize) {
        if !self.key.is_empty() {
            self.key.push('.');
        }
        write!(self.key, "{number}").expect("writing to a string does not fail");
    }

    /// Writes the values that a value contains, which start at `position`.
    fn nested(
        &mut self,
        position: ValuePosition,
        write: &mut dyn FnMut(&mut Self) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let outer = std::mem::replace(&mut self.position, position);
        write(self)?;
        self.position = outer;
        Ok(())
    }

    fn list(&mut self, member: &'static Member, list: &dyn EncodeList) -> Result<(), EncodeError> {
        let element = member.target.element();
        let is_empty = list.len() == 0;
        match self.rules {
            KeyRules::AwsQuery if is_empty => {
                self.pair("");
                return Ok(());
            }
            KeyRules::AwsQuery if !member.xml.flattened => self.push_segment(name(element)),
            KeyRules::AwsQuery | KeyRules::Ec2Query => {}
        }
        self.nested(ValuePosition::Element(0), &mut |form| {
            list.encode_elements(element, form)
        })
    }

    fn map(&mut self, member: &'static Member, map: &dyn EncodeMap) -> Result<(), EncodeError> {
        if self.rules == KeyRules::Ec2Query {
            return Err(EncodeError::new(format!(
                "`{}` is a map, which ec2Query cannot send",
                member.name
            )));
        }
        if !member.xml.flattened {
            self.push_segment("entry");
        }
        let (key, value) = member.target.entry();
        let position = ValuePosition::Entry {
            number: 0,
            map: self.key.len(),
        };
        self.nested(position, &mut |form| map.encode_entries(key, value, form))
    }

    fn structure(&mut self, structure: &dyn EncodeMembers) -> Result<(), EncodeError> {
        self.nested(ValuePosition::Member, &mut |form| {
            structure.encode_members(form)
        })
    }
}

impl ValueVisitor for Form {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if self.position == ValuePosition::Root && !matches!(value, ValueRef::Structure(_)) {
            return Err(EncodeError::new(
                "a form contains the members of a structure or union, not another value",
            ));
        }
        let outer = self.key.len();
        self.complete_key(member);
        match value {
            // Missing members are not sent. A missing element keeps its number.
            ValueRef::None => {}
            #[cfg(feature = "alloy")]
            ValueRef::Null => {}
            ValueRef::Boolean(value) => self.pair(if value { "true" } else { "false" }),
            ValueRef::Integer(value) => self.pair(&value.to_string()),
            ValueRef::Float(value) => self.pair(&float::text(value.into(), &value)),
            ValueRef::Double(value) => self.pair(&float::text(value, &value)),
            ValueRef::Number(text) | ValueRef::String(text) => self.pair(text),
            ValueRef::Blob(bytes) => self.pair(&STANDARD.encode(bytes)),
            ValueRef::Timestamp(value) => {
                let format = member.timestamp_format.unwrap_or(TimestampFormat::DateTime);
                self.pair(&timestamp::format(value, format)?.to_string());
            }
            ValueRef::List(list) => self.list(member, list)?,
            ValueRef::Map(map) => self.map(member, map)?,
            ValueRef::Structure(structure) => self.structure(structure)?,
            #[cfg(feature = "alloy")]
            ValueRef::Union(union) => self.structure(union)?,
            ValueRef::Stream(stream) => match stream.buffered() {
                Some(bytes) => self.pair(&STANDARD.encode(bytes)),
                None => return Err(member.unexpected_stream()),
            },
            ValueRef::Document(_) => {
                return Err(EncodeError::new(format!(
                    "`{}` is a document, which a form cannot contain",
                    member.name
                )));
            }
        }
        self.key.truncate(outer);
        Ok(())
    }

    fn entry(&mut self, member: &'static Member, key: &str) -> Result<(), EncodeError> {
        if let ValuePosition::Entry { number, map } = &mut self.position {
            *number += 1;
            let (number, map) = (*number, *map);
            self.key.truncate(map);
            self.push_number(number);
            let entry = self.key.len();
            self.push_segment(name(member));
            self.pair(key);
            self.key.truncate(entry);
        }
        Ok(())
    }

    fn unknown_member(&mut self, name: &str, _: &Document) -> Result<(), EncodeError> {
        Err(EncodeError::new(format!(
            "the member `{name}` of a union is not in the model: a form cannot contain it"
        )))
    }
}

/// The name of a member in keys. Those of elements, keys and values are `member`, `key` and `value`
/// in every model.
fn name(member: &Member) -> &'static str {
    member.xml.name.unwrap_or(member.name)
}

fn push_encoded(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}
