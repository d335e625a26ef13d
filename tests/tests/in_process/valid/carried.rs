//! Finds values that a message cannot carry: bindings to paths, queries, headers, payloads and
//! statuses lose some.

use drawplate_model::model::{Binding, HostPart, Kind, Member, Model, Operation, Segment};

use super::{Message, Valid};
use crate::json::Json;
use crate::protocols::Format;

/// A host label is made of letters and digits.
pub(crate) const HOST_LABEL: &str = "a part of a host's name is made of letters and digits";
/// Neither an integer nor a decimal fraction is a negative zero.
pub(crate) const NEGATIVE_ZERO: &str = "CBOR has no negative zero besides floats";

impl Valid<'_> {
    /// Whether this value survives in a message; if not, why.
    pub(super) fn is_carried(
        &self,
        index: usize,
        member: &Member,
        message: Message<'_>,
        value: Option<&Json>,
    ) -> Result<(), &'static str> {
        if let (Message::Request(operation), Some(Json::String(text))) = (message, value) {
            let parts = operation
                .host_prefix
                .iter()
                .flat_map(|prefix| &prefix.parts);
            if parts
                .into_iter()
                .any(|part| *part == HostPart::Label(index))
            {
                is_host_label(text)?;
            }
        }
        if self.wire.format == Format::Cbor && value.is_some_and(has_negative_zero) {
            return Err(NEGATIVE_ZERO);
        }
        if self.wire.format == Format::Xml
            && let Some(value) = value
        {
            self.is_in_xml(member, value)?;
        }
        if !self.wire.binds() {
            return Ok(());
        }
        match (&member.binding, value) {
            (Binding::Label, Some(Json::String(text))) => is_label(index, message, text),
            (Binding::Query(_), Some(Json::Array(elements))) if elements.is_empty() => {
                Err("a query tells nothing from an empty list")
            }
            (Binding::QueryParams, Some(Json::Object(entries))) => {
                let Message::Request(operation) = message else {
                    return Ok(());
                };
                self.are_parameters(operation, entries)
            }
            (Binding::Header(_), Some(value)) if member.media_type.is_none() => is_line(value),
            (Binding::PrefixHeaders(_), Some(Json::Object(entries))) => are_headers(entries),
            (Binding::Payload, value) => self.is_payload(member, message, value),
            (Binding::StatusCode, None) => Err("a response has a status"),
            (Binding::StatusCode, Some(Json::Number(status))) => is_success(status),
            _ => Ok(()),
        }
    }

    /// Whether XML can express a value, in a document or elsewhere.
    fn is_in_xml(&self, member: &Member, value: &Json) -> Result<(), &'static str> {
        match (&self.model.shapes[member.target].kind, value) {
            (Kind::List(_), Json::Array(elements))
                if member.xml.flattened && elements.is_empty() && !member.required =>
            {
                Err("nothing tells a flattened list without elements from none")
            }
            (Kind::Map(_), Json::Object(entries))
                if member.xml.flattened && entries.is_empty() && !member.required =>
            {
                Err("nothing tells a flattened map without entries from none")
            }
            (Kind::List(list), Json::Array(elements)) => {
                let mut elements = elements.iter();
                elements.try_for_each(|value| self.is_in_xml(&list.member, value))
            }
            (Kind::Map(map), Json::Object(entries)) => {
                let mut values = entries.iter().map(|(_, value)| value);
                values.try_for_each(|value| self.is_in_xml(&map.value, value))
            }
            (kind, Json::Object(entries)) => entries.iter().try_for_each(|(name, value)| {
                let mut members = kind.members();
                let member = members.find(|member| *member.json_name == **name);
                member.map_or(Ok(()), |member| self.is_in_xml(member, value))
            }),
            _ => Ok(()),
        }
    }

    fn are_parameters(
        &self,
        operation: &Operation,
        entries: &[(String, Json)],
    ) -> Result<(), &'static str> {
        if entries.is_empty() {
            return Err("a query tells nothing from an empty map");
        }
        if entries
            .iter()
            .any(|(_, value)| *value == Json::Array(Vec::new()))
        {
            return Err("a query tells nothing from an empty list");
        }
        let taken = taken_parameters(self.model, operation);
        if entries
            .iter()
            .any(|(name, _)| taken.contains(&name.as_str()))
        {
            return Err("a parameter of the route or of a member by name comes before a map's");
        }
        Ok(())
    }

    fn is_payload(
        &self,
        member: &Member,
        message: Message<'_>,
        value: Option<&Json>,
    ) -> Result<(), &'static str> {
        let request = matches!(message, Message::Request(_));
        let target = &self.model.shapes[member.target].kind;
        match (target, value) {
            (Kind::Structure(_), Some(Json::Object(members)))
                if request && members.is_empty() && !member.required =>
            {
                Err("an empty structure is a payload that is left out")
            }
            (Kind::Structure(_) | Kind::Union(_) | Kind::List(_) | Kind::Map(_), _) => Ok(()),
            (_, Some(Json::String(text))) if text.is_empty() && !member.required => {
                Err("a body that is empty is none")
            }
            _ => Ok(()),
        }
    }
}

/// The names of the parameters that are in the query of every request, or in the query if a member
/// that is bound by name has a value.
pub(crate) fn taken_parameters<'m>(model: &'m Model, operation: &'m Operation) -> Vec<&'m str> {
    let literals = operation.http.iter().flat_map(|http| &http.uri.query);
    let members = model.shapes[operation.input].kind.members();
    let named = members.filter_map(|member| match &member.binding {
        Binding::Query(name) => Some(&**name),
        _ => None,
    });
    literals.map(|(name, _)| &**name).chain(named).collect()
}

/// Whether a value contains a negative zero that is not a float, in this notation.
fn has_negative_zero(value: &Json) -> bool {
    match value {
        Json::Number(digits) => digits == "-0",
        Json::Array(elements) => elements.iter().any(has_negative_zero),
        Json::Object(entries) => entries.iter().any(|(_, value)| has_negative_zero(value)),
        _ => false,
    }
}

fn is_host_label(text: &str) -> Result<(), &'static str> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let valid = (1..=63).contains(&text.len())
        && text.chars().all(letters)
        && !text.starts_with('-')
        && !text.ends_with('-');
    valid.then_some(()).ok_or(HOST_LABEL)
}

fn is_label(index: usize, message: Message<'_>, text: &str) -> Result<(), &'static str> {
    let Message::Request(Operation {
        http: Some(http), ..
    }) = message
    else {
        return Ok(());
    };
    let segments = &http.uri.segments;
    let greedy =
        |segment: &Segment| matches!(segment, Segment::Greedy(label, _) if *label == index);
    match text {
        "" => Err("a label is not empty"),
        _ if segments.last().is_some_and(greedy) => Ok(()),
        _ if segments.iter().any(greedy) => {
            let is_label = text.contains(|c| c != '/');
            is_label
                .then_some(())
                .ok_or("a greedy label in front of other segments has more than slashes")
        }
        "." | ".." => Err("a path with a segment of dots is another path"),
        _ => Ok(()),
    }
}

/// A header holds a line, and not the spaces around it (RFC 9110 section 5.5).
fn is_line(value: &Json) -> Result<(), &'static str> {
    let text = match value {
        Json::String(text) => text,
        Json::Array(elements) => return elements.iter().try_for_each(is_line),
        _ => return Ok(()),
    };
    if text.contains(|c: char| c.is_ascii_control() && c != '\t') {
        Err("a header has no control characters")
    } else if text.trim_matches([' ', '\t']) != text {
        Err("spaces around a header are not a part of it")
    } else {
        Ok(())
    }
}

fn are_headers(entries: &[(String, Json)]) -> Result<(), &'static str> {
    if entries.is_empty() {
        return Err("headers tell nothing from an empty map");
    }
    let token = |name: &str| {
        let letter =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "!#$%&'*+-.^_`|~".contains(c);
        !name.is_empty() && name.chars().all(letter)
    };
    if !entries.iter().all(|(name, _)| token(name)) {
        return Err("the name of a header is a token without case");
    }
    entries.iter().try_for_each(|(_, value)| is_line(value))
}

fn is_success(status: &str) -> Result<(), &'static str> {
    match status.parse::<i64>() {
        Ok(204 | 205) => Err("a response of this status has no content"),
        Ok(200..=299) => Ok(()),
        _ => Err("another status than one of success is no output"),
    }
}
