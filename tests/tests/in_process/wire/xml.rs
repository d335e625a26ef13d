//! Documents in XML (Smithy, "AWS restXml protocol", "XML shape serialization").

use drawplate_model::model::{Kind, Member, Simple, TimestampFormat};

use super::Writer;
use crate::json::Json;
use crate::valid::MOMENTS;
use crate::xml::{Content, Element, is_name};

impl Writer<'_> {
    /// Adds the members of a structure to its element.
    pub(super) fn xml_members(&self, element: &mut Element, members: &[&Member], value: &Json) {
        let Json::Object(entries) = value else {
            return fill_open(element, value);
        };
        for (key, value) in entries {
            let (name, member) = self.entry(members, key);
            let Some(member) = member else {
                push_open(element, name, value);
                continue;
            };
            if member.xml.attribute {
                if let Some(text) = self.xml_text(member, value) {
                    element.attributes.push((name.to_owned(), text));
                }
                continue;
            }
            match (&self.model.shapes[member.target].kind, value) {
                (Kind::List(list), Json::Array(elements)) if member.xml.flattened => {
                    for value in elements {
                        self.push_xml(element, name, &list.member, value);
                    }
                }
                (Kind::Map(_), Json::Object(_)) if member.xml.flattened => {
                    self.push_xml_entries(element, name, member, value);
                }
                _ => self.push_xml(element, name, member, value),
            }
        }
    }

    /// Adds an element with a value.
    fn push_xml(&self, parent: &mut Element, name: &str, member: &Member, value: &Json) {
        let mut element = Element::new(name);
        if *value == Json::Null {
            element.set_nil();
        } else {
            self.fill_xml(&mut element, member, value);
        }
        parent.content.push(Content::Element(element));
    }

    fn fill_xml(&self, element: &mut Element, member: &Member, value: &Json) {
        match (&self.model.shapes[member.target].kind, value) {
            (Kind::List(list), Json::Array(elements)) => {
                let name = list.member.xml.name.as_deref().unwrap_or("member");
                for value in elements {
                    self.push_xml(element, name, &list.member, value);
                }
            }
            (Kind::Map(_), Json::Object(_)) => {
                self.push_xml_entries(element, "entry", member, value);
            }
            (kind @ (Kind::Structure(_) | Kind::Union(_)), value) => {
                self.xml_members(element, &kind.members().collect::<Vec<_>>(), value);
            }
            (_, value) => match self.xml_text(member, value) {
                Some(text) => element.content.push(Content::Text(text)),
                None => fill_open(element, value),
            },
        }
    }

    fn push_xml_entries(&self, parent: &mut Element, name: &str, member: &Member, value: &Json) {
        let kind = &self.model.shapes[member.target].kind;
        let (Kind::Map(map), Json::Object(entries)) = (kind, value) else {
            return;
        };
        for (key, value) in entries {
            let mut entry = Element::new(name);
            let key_name = map.key.xml.name.as_deref().unwrap_or("key");
            let key = Element::with_text(key_name, key);
            entry.content.push(Content::Element(key));
            let value_name = map.value.xml.name.as_deref().unwrap_or("value");
            self.push_xml(&mut entry, value_name, &map.value, value);
            parent.content.push(Content::Element(entry));
        }
    }

    /// The text of a simple value; `None` if it is none.
    fn xml_text(&self, member: &Member, value: &Json) -> Option<String> {
        let kind = &self.model.shapes[member.target].kind;
        let is_date_time = member.timestamp_format != Some(TimestampFormat::EpochSeconds);
        match (kind, value) {
            (Kind::Simple(Simple::Timestamp), Json::Number(digits)) if is_date_time => {
                let moment = MOMENTS.iter().find(|texts| texts[0] == digits);
                Some(moment.map_or(digits.clone(), |texts| texts[1].to_owned()))
            }
            _ => text(value),
        }
    }
}

fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn push_open(parent: &mut Element, name: &str, value: &Json) {
    let mut element = Element::new(if is_name(name) { name } else { "_" });
    fill_open(&mut element, value);
    parent.content.push(Content::Element(element));
}

/// Adds a value whose shape is not known.
fn fill_open(element: &mut Element, value: &Json) {
    match value {
        Json::Null => element.set_nil(),
        Json::Array(elements) => {
            for value in elements {
                push_open(element, "member", value);
            }
        }
        Json::Object(entries) => {
            for (name, value) in entries {
                push_open(element, name, value);
            }
        }
        value => element.content.extend(text(value).map(Content::Text)),
    }
}
