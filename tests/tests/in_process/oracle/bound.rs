//! Judges members that are bound to the path, the query, headers or the body (Smithy 2.0, "HTTP
//! bindings").

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{Binding, Kind, Member, Operation, Segment, Simple, TimestampFormat};

use super::{Oracle, Verdict, document, inside, integers, mismatch, missing, shown, text};
use crate::json::Json;
use crate::protocols::Format;
use crate::raw::{Raw, is_in_request_document};
use crate::valid::is_needed;

/// The part of the request that a text is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Label,
    Query,
    Header,
}

impl Oracle<'_> {
    pub(super) fn bound_members(
        &self,
        raw: &Raw,
        operation: &Operation,
        path: &[Vec<u8>],
        query: &[(String, String)],
        verdict: &mut Verdict<'_>,
    ) {
        let labels = labels(operation, path, raw.path.ends_with('/'));
        let mut has_document = false;
        for (index, member) in self.members(operation).enumerate() {
            let pointer = inside("", &member.name);
            let there = match &member.binding {
                binding if is_in_request_document(binding) => {
                    has_document = true;
                    continue;
                }
                Binding::Label => {
                    let label = labels.iter().find(|(label, _)| *label == index);
                    let bytes = label.map(|(_, bytes)| bytes.as_slice());
                    match bytes.map(std::str::from_utf8) {
                        // A path that is not UTF-8 has no other violations.
                        Some(Err(_)) => {
                            verdict.violations =
                                vec![mismatch(&pointer, "UTF-8 text", "other bytes")];
                            verdict.unsure(
                                "a label that is no text: other violations are not looked for",
                            );
                            return;
                        }
                        Some(Ok(text)) => {
                            self.texts(member, &[text.to_owned()], Place::Label, &pointer, verdict);
                            true
                        }
                        None => false,
                    }
                }
                Binding::Query(name) => {
                    let values = query.iter().filter(|(other, _)| **other == **name);
                    let values = values.map(|(_, value)| value.clone()).collect::<Vec<_>>();
                    self.given(member, &values, Place::Query, &pointer, verdict)
                }
                Binding::QueryParams => {
                    let names = query.iter().map(|(name, _)| name.clone());
                    let entries = group(names.zip(query.iter().map(|(_, value)| value.clone())));
                    self.entries(member, &entries, Place::Query, &pointer, verdict)
                }
                Binding::Header(name) => self.header(raw, member, name, &pointer, verdict),
                Binding::PrefixHeaders(prefix) => {
                    self.prefix_headers(raw, member, prefix, &pointer, verdict)
                }
                Binding::Payload => {
                    self.payload(raw, member, &pointer, verdict);
                    continue;
                }
                Binding::Document | Binding::StatusCode => continue,
            };
            if !there && is_needed(member) {
                verdict.violations.push(missing(&pointer));
            }
        }
        if has_document {
            let in_document = |member: &Member| is_in_request_document(&member.binding);
            self.document(raw, operation, in_document, verdict);
        }
    }

    pub(super) fn members(&self, operation: &Operation) -> impl Iterator<Item = &Member> {
        self.peer.model.shapes[operation.input].kind.members()
    }

    fn given(
        &self,
        member: &Member,
        texts: &[String],
        place: Place,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) -> bool {
        if texts.is_empty() {
            return false;
        }
        self.texts(member, texts, place, pointer, verdict);
        true
    }

    fn entries(
        &self,
        member: &Member,
        entries: &[(String, Vec<String>)],
        place: Place,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) -> bool {
        let Kind::Map(map) = &self.peer.model.shapes[member.target].kind else {
            return false;
        };
        if entries.is_empty() {
            return false;
        }
        for (name, values) in entries {
            self.texts(&map.value, values, place, &inside(pointer, name), verdict);
            self.string(&map.key, name, pointer, verdict);
        }
        Self::length(&member.constraints, entries.len(), pointer, verdict);
        true
    }

    fn header(
        &self,
        raw: &Raw,
        member: &Member,
        name: &str,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) -> bool {
        let mut lines = Vec::new();
        for (other, value) in &raw.headers {
            if other.eq_ignore_ascii_case(name) {
                match std::str::from_utf8(value) {
                    Ok(text) => lines.push(text),
                    Err(_) => {
                        verdict
                            .violations
                            .push(mismatch(pointer, "UTF-8 text", "other bytes"));
                        return true;
                    }
                }
            }
        }
        if lines.is_empty() {
            return false;
        }
        let line = lines.join(", ");
        let Kind::List(list) = &self.peer.model.shapes[member.target].kind else {
            self.texts(member, &[line], Place::Header, pointer, verdict);
            return true;
        };
        if line.trim().is_empty() {
            self.texts(member, &[], Place::Header, pointer, verdict);
            return true;
        }
        match self.elements(&list.member, &line) {
            Some(elements) => self.texts(member, &elements, Place::Header, pointer, verdict),
            None => verdict.unsure("a list of texts in a header"),
        }
        true
    }

    /// The elements of a list in a header; dates contain a comma.
    fn elements(&self, element: &Member, line: &str) -> Option<Vec<String>> {
        let parts = line.split(',').map(|part| part.trim_matches([' ', '\t']));
        match &self.peer.model.shapes[element.target].kind {
            Kind::Simple(Simple::String) | Kind::Enum(_) => None,
            Kind::Simple(Simple::Timestamp)
                if matches!(
                    element.timestamp_format,
                    None | Some(TimestampFormat::HttpDate)
                ) =>
            {
                // The spaces around the comma in a date are significant.
                let mut dates = Vec::new();
                let mut rest = line.split(',');
                while let Some(day) = rest.next() {
                    // An empty element is none.
                    if day.trim_matches([' ', '\t']).is_empty() {
                        continue;
                    }
                    let date = rest
                        .next()
                        .map_or(day.to_owned(), |date| format!("{day},{date}"));
                    let date = date.trim_matches([' ', '\t', ',']);
                    dates.push(date.to_owned());
                }
                Some(dates)
            }
            _ => {
                let parts = parts.filter(|part| !part.is_empty());
                Some(parts.map(str::to_owned).collect())
            }
        }
    }

    fn prefix_headers(
        &self,
        raw: &Raw,
        member: &Member,
        prefix: &str,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) -> bool {
        let prefix = prefix.to_ascii_lowercase();
        let mut entries = Vec::new();
        for (name, value) in &raw.headers {
            let name = name.to_ascii_lowercase();
            let Some(rest) = name.strip_prefix(&prefix) else {
                continue;
            };
            match std::str::from_utf8(value) {
                Ok(text) => entries.push((rest.to_owned(), text.to_owned())),
                Err(_) => {
                    verdict
                        .violations
                        .push(mismatch(pointer, "UTF-8 text", "other bytes"));
                    verdict.unsure("a header that is no text: the other entries are not looked at");
                    return true;
                }
            }
        }
        let entries = group(entries.into_iter());
        let joined = entries
            .into_iter()
            .map(|(name, values)| (name, vec![values.join(", ")]));
        self.entries(
            member,
            &joined.collect::<Vec<_>>(),
            Place::Header,
            pointer,
            verdict,
        )
    }

    fn payload(&self, raw: &Raw, member: &Member, pointer: &str, verdict: &mut Verdict<'_>) {
        let kind = &self.peer.model.shapes[member.target].kind;
        // The payloads of simpleRestJson are documents, whatever their shapes.
        let is_document = verdict.wire.has_document_payloads();
        let bytes = !is_document
            && matches!(
                kind,
                Kind::Simple(Simple::Blob | Simple::String) | Kind::Enum(_)
            );
        if raw.body.is_empty() {
            if is_needed(member) && !bytes {
                verdict.violations.push(missing(pointer));
            }
            return;
        }
        match kind {
            Kind::Simple(Simple::Blob) if bytes => {
                Self::length(&member.constraints, raw.body.len(), pointer, verdict);
            }
            _ if bytes => match std::str::from_utf8(&raw.body) {
                Ok(text) => self.string(member, text, pointer, verdict),
                Err(_) => verdict
                    .violations
                    .push(mismatch(pointer, "UTF-8 text", "other bytes")),
            },
            Kind::Structure(_) | Kind::Union(_) if verdict.wire.format == Format::Xml => {
                if let Some(root) = Self::xml(&raw.body, verdict) {
                    self.xml_payload(member, &root, pointer, verdict);
                }
            }
            _ if is_document
                || matches!(
                    kind,
                    Kind::Simple(Simple::Document) | Kind::Structure(_) | Kind::Union(_)
                ) =>
            {
                let Some(json) = Self::json(&raw.body, verdict) else {
                    return;
                };
                let left_out = match kind {
                    Kind::Structure(structure) => {
                        json == Json::Object(Vec::new())
                            && !member.required
                            && structure.members.iter().any(is_needed)
                    }
                    _ => false,
                };
                if !left_out {
                    self.value(member, &json, pointer, verdict);
                }
            }
            _ => verdict.unsure("a payload of another kind"),
        }
    }

    fn texts(
        &self,
        member: &Member,
        texts: &[String],
        place: Place,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        if let Kind::List(list) = &self.peer.model.shapes[member.target].kind {
            for (index, text) in texts.iter().enumerate() {
                self.text(
                    &list.member,
                    text,
                    place,
                    &inside(pointer, &index.to_string()),
                    verdict,
                );
            }
            Self::length(&member.constraints, texts.len(), pointer, verdict);
            if member.constraints.unique_items {
                verdict.unsure("unique elements outside of a document");
            }
        } else if let Some(text) = texts.first() {
            self.text(member, text, place, pointer, verdict);
        }
    }

    fn text(
        &self,
        member: &Member,
        text: &str,
        place: Place,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let found = shown(member, text, "another text");
        let mut wrong =
            |expected: &str| verdict.violations.push(mismatch(pointer, expected, &found));
        if let Some((least, most, expected)) = integers(kind) {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            match text.parse::<i128>() {
                #[expect(clippy::cast_precision_loss, reason = "ranges are compared as doubles")]
                Ok(value) if digits && (least..=most).contains(&value) => {
                    self.range(member, value as f64, pointer, verdict);
                }
                _ => wrong(expected),
            }
            return;
        }
        match kind {
            Kind::Enum(_) | Kind::Simple(Simple::String) => {
                if place == Place::Header && member.media_type.is_some() {
                    verdict.unsure("a text with a media type in a header");
                } else {
                    self.string(member, text, pointer, verdict);
                }
            }
            Kind::Simple(Simple::Boolean) if !matches!(text, "true" | "false") => {
                wrong("true or false");
            }
            Kind::Simple(Simple::Boolean) => {}
            Kind::Simple(Simple::Blob) => match STANDARD.decode(text) {
                Ok(bytes) => Self::length(&member.constraints, bytes.len(), pointer, verdict),
                Err(_) => wrong("base64 text"),
            },
            Kind::Simple(Simple::Timestamp) => {
                let format = member.timestamp_format.unwrap_or(match place {
                    Place::Header => TimestampFormat::HttpDate,
                    Place::Label | Place::Query => TimestampFormat::DateTime,
                });
                let expected = match format {
                    TimestampFormat::DateTime => "an RFC 3339 date and time",
                    TimestampFormat::HttpDate => "an HTTP date",
                    TimestampFormat::EpochSeconds => "seconds since the epoch",
                };
                match document::is_moment(text, format) {
                    Some(true) => {}
                    Some(false) => wrong(expected),
                    None => verdict.unsure("a moment near the end of time"),
                }
            }
            _ => verdict.unsure("a text of another kind"),
        }
    }
}

/// The labels of a path by the index of their member. A greedy label at the end has the slash that
/// follows the segments.
fn labels(operation: &Operation, path: &[Vec<u8>], slash: bool) -> Vec<(usize, Vec<u8>)> {
    let Some(http) = &operation.http else {
        return Vec::new();
    };
    let pattern = &http.uri.segments;
    let counts = text::split(pattern, path).expect("the route was found by it");
    let mut rest = path;
    let mut labels = Vec::new();
    for (segment, count) in pattern.iter().zip(counts) {
        let (own, after) = rest.split_at(count);
        rest = after;
        if let Segment::Label(index, _) | Segment::Greedy(index, _) = segment {
            let mut label = own.join(&b'/');
            if slash && rest.is_empty() && matches!(segment, Segment::Greedy(..)) {
                label.push(b'/');
            }
            labels.push((*index, label));
        }
    }
    labels
}

/// The values of each name, in their order.
fn group(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, Vec<String>)> {
    let mut groups = Vec::<(String, Vec<String>)>::new();
    for (name, value) in pairs {
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    groups
}
