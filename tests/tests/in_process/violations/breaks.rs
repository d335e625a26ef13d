//! Values that break each constraint.

mod alloy;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{
    Format as FormatTrait, Kind, Member, Number, Simple, TimestampFormat, UnionForm,
};

use super::sites::{Base, Holder, Site, Step};
use crate::json::Json;
use crate::oracle::{
    NO_MEMBER, Violation, as_read, inside, integers, mismatch, missing, says_format, says_length,
    says_pattern, says_range, says_values, shown,
};
use crate::protocols::Format;
use crate::raw::is_in_request_document;
use crate::services::Peer;
use crate::valid::{Fill, Valid, is_needed, lengths};

/// A constraint, and inputs that break it. One of them breaks nothing else, if that is possible.
pub(super) struct Break {
    /// The message, without a length.
    pub(super) violation: Violation,
    pub(super) inputs: Vec<Json>,
}

struct Breaks<'b> {
    peer: &'b Peer,
    site: &'b Site<'b>,
    base: &'b Base,
    member: &'b Member,
    /// The value is in a document.
    in_document: bool,
    found: Vec<Break>,
}

/// Everything that can be wrong with the value at a site.
pub(super) fn breaks(peer: &Peer, site: &Site<'_>, base: &Base) -> Vec<Break> {
    let mut breaks = Breaks {
        peer,
        site,
        base,
        member: site.member(),
        in_document: site.is_in_document(peer),
        found: Vec::new(),
    };
    if site.holder(peer) == Holder::Key {
        breaks.key();
    } else {
        if !breaks.is_nameless() {
            breaks.presence();
        }
        breaks.types();
        breaks.numbers();
        breaks.texts();
        breaks.collections();
        breaks.unions();
        breaks.unknown();
    }
    breaks.in_untagged_unions();
    breaks.found
}

impl<'b> Breaks<'b> {
    fn kind(&self) -> &'b Kind {
        &self.peer.model.shapes[self.member.target].kind
    }

    fn valid(&self) -> Valid<'b> {
        Valid::new(&self.peer.model, self.peer.wire(), 11, Fill::Least)
    }

    fn format(&self) -> Format {
        self.peer.wire().format
    }

    /// The format of a timestamp in a document, if it is not that of the protocol.
    fn timestamp_format(&self) -> Option<TimestampFormat> {
        let format = self.member.timestamp_format;
        format.filter(|_| self.format() != Format::UniformJson)
    }

    /// The input with another value at the site.
    fn with(&self, value: &Json) -> Json {
        let mut input = self.base.input.clone();
        let mut place = &mut input;
        for step in &self.base.steps {
            place = step.of(place);
        }
        *place = value.clone();
        input
    }

    /// The input with a change of the value around the site.
    fn around(&self, change: impl Fn(&mut Vec<(String, Json)>, &str)) -> Json {
        let mut input = self.base.input.clone();
        let mut place = &mut input;
        let (last, before) = self
            .base
            .steps
            .split_last()
            .expect("a site is in something");
        for step in before {
            place = step.of(place);
        }
        if let (Json::Object(entries), Step::Name(name)) = (place, last) {
            change(entries, name);
        }
        input
    }

    fn is_xml(&self) -> bool {
        self.in_document && self.format() == Format::Xml
    }

    /// Whether the value is in an attribute, or its elements are among those of other members: it
    /// cannot be null, and occurring twice means something else.
    fn is_not_an_element(&self) -> bool {
        self.is_xml() && (self.member.xml.attribute || self.member.xml.flattened)
    }

    /// A text as in messages; redacted if it is inside a sensitive value.
    fn shown(&self, text: &str, otherwise: &str) -> String {
        if self.site.is_sensitive(self.peer) && !self.member.sensitive {
            return "another value".to_owned();
        }
        shown(self.member, text, otherwise)
    }

    fn says(&mut self, says: String, values: &[Json]) {
        let violation = Violation::new(&self.base.pointer, says);
        let inputs = values
            .iter()
            .map(|value| self.with(value))
            .collect::<Vec<_>>();
        if !inputs.is_empty() {
            self.found.push(Break { violation, inputs });
        }
    }

    fn add(&mut self, violation: Violation, input: Json) {
        self.found.push(Break {
            violation,
            inputs: vec![input],
        });
    }

    fn presence(&mut self) {
        let pointer = self.base.pointer.clone();
        let document = matches!(self.kind(), Kind::Simple(Simple::Document));
        match self.site.holder(self.peer) {
            // Without elements, a flattened list or map is empty.
            Holder::Structure if self.is_xml() && self.member.xml.flattened => {}
            Holder::Structure if is_needed(self.member) => {
                use drawplate_model::model::Binding;
                let top = self.site.path.len() == 1 && self.peer.wire().binds();
                let bytes = matches!(
                    self.kind(),
                    Kind::Simple(Simple::Blob | Simple::String) | Kind::Enum(_)
                );
                let is_raw = bytes && !self.peer.wire().has_document_payloads();
                // Without the label it is another path, and an empty body is an empty blob.
                let is_payload = self.member.binding == Binding::Payload;
                let always = self.member.binding == Binding::Label || is_payload && is_raw;
                if top && always {
                    return;
                }
                let without = |unknown: bool| {
                    self.around(|entries, name| {
                        entries.retain(|(other, _)| other != name);
                        entries.extend(unknown.then(|| ("unknown".to_owned(), Json::Null)));
                    })
                };
                // An empty object as payload counts as missing.
                let inputs = vec![without(false), without(true)];
                self.found.push(Break {
                    violation: missing(&pointer),
                    inputs,
                });
                let is_value = document || self.member.nullable;
                if self.in_document && !is_value && !self.is_not_an_element() {
                    let input = self.with(&Json::Null);
                    let expected = self.expected().filter(|_| top && is_payload);
                    let null = match expected {
                        Some(expected) => mismatch(&pointer, expected, "null"),
                        None => missing(&pointer),
                    };
                    self.add(null, input);
                }
            }
            Holder::Dense if self.in_document && !document => {
                let input = self.with(&Json::Null);
                self.add(mismatch(&pointer, "a value", "null"), input);
            }
            _ => {}
        }
        let named = matches!(self.base.steps.last(), Some(Step::Name(_)));
        let payload = self.site.path.len() == 1
            && self.peer.wire().binds()
            && !is_in_request_document(&self.member.binding);
        if self.in_document && named && !payload && !self.is_not_an_element() {
            let input = self.around(|entries, name| {
                let entry = entries.iter().find(|(other, _)| other == name).cloned();
                entries.extend(entry);
            });
            self.add(
                Violation::new(&pointer, "Member must not occur twice"),
                input,
            );
        }
    }

    /// The server's name of the expected type in a document.
    fn expected(&self) -> Option<&'static str> {
        if let Some((_, _, expected)) = integers(self.kind()) {
            return Some(expected);
        }
        Some(match self.kind() {
            Kind::Simple(simple) => match simple {
                Simple::Boolean => "a boolean",
                Simple::String => "a string",
                Simple::Blob if self.format() == Format::Cbor => "bytes",
                Simple::Blob => "base64 text",
                Simple::BigDecimal | Simple::BigInteger if self.format() == Format::UniformJson => {
                    "the text of a number"
                }
                Simple::Float | Simple::Double | Simple::BigDecimal => "a number",
                Simple::BigInteger => "an integer",
                Simple::Timestamp if self.format() == Format::Cbor => "a timestamp with tag 1",
                Simple::Timestamp => match self.timestamp_format() {
                    None if self.is_xml() => "a timestamp such as 1985-04-12T23:20:50.52Z",
                    Some(TimestampFormat::DateTime) => {
                        "a timestamp such as 1985-04-12T23:20:50.52Z"
                    }
                    Some(TimestampFormat::HttpDate) => {
                        "a timestamp such as Tue, 29 Apr 2014 18:30:38 GMT"
                    }
                    Some(TimestampFormat::EpochSeconds) | None => {
                        "a timestamp in seconds since 1970"
                    }
                },
                Simple::Document
                | Simple::Byte
                | Simple::Short
                | Simple::Integer
                | Simple::Long => return None,
            },
            Kind::Enum(_) => "a string",
            Kind::IntEnum(_) => return None,
            Kind::List(_) => "a list",
            Kind::Union(union) if union.form == UnionForm::Untagged => NO_MEMBER,
            Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => "an object",
        })
    }

    /// Texts in place of elements, and elements in place of texts or of other elements.
    fn xml_types(&mut self) {
        const TEXT: &str = "hunter2 is no value";
        let number = Json::number(1_234_567);
        let text = Json::text(TEXT);
        let list = Json::Array(vec![number.clone()]);
        let object = Json::Object(vec![("hunter2".to_owned(), number)]);
        let says = |expected: &str, found: &str| mismatch("", expected, found).says;
        let (noun, found) = match self.kind() {
            Kind::List(_) | Kind::Map(_) if self.member.xml.flattened => return,
            Kind::List(list) => {
                let name = list.member.xml.name.as_deref().unwrap_or("member");
                let expected = format!("elements named {name}");
                self.says(says(&expected, "another element"), &[object]);
                ("a list", "a text".to_owned())
            }
            Kind::Map(_) => {
                let others = [list, object];
                self.says(says("elements named entry", "another element"), &others);
                ("a map", "a text".to_owned())
            }
            Kind::Structure(_) | Kind::Union(_) => ("elements", "a text".to_owned()),
            Kind::Simple(Simple::String) | Kind::Enum(_) => {
                return self.xml_elements(&[list, object]);
            }
            kind => {
                self.xml_elements(&[list, object]);
                match (kind, integers(kind)) {
                    (_, Some((.., expected))) => (expected, self.shown(TEXT, "another text")),
                    (Kind::Simple(Simple::Boolean), _) => {
                        ("true or false", self.shown(TEXT, "another text"))
                    }
                    (Kind::Simple(Simple::Float | Simple::Double), _) => {
                        ("a number", self.shown(TEXT, "another text"))
                    }
                    (Kind::Simple(Simple::BigDecimal), _) => {
                        ("a number", self.shown(TEXT, "another value"))
                    }
                    (Kind::Simple(Simple::BigInteger), _) => {
                        ("an integer", self.shown(TEXT, "another value"))
                    }
                    // The others are in `texts`.
                    _ => return,
                }
            }
        };
        self.says(says(noun, &found), &[text]);
    }

    /// Elements in place of a text.
    fn xml_elements(&mut self, values: &[Json]) {
        if !self.member.xml.attribute {
            self.says(mismatch("", "a text", "elements").says, values);
        }
    }

    /// Values of all other types.
    fn types(&mut self) {
        if self.is_xml() {
            return self.xml_types();
        }
        let Some(expected) = self.expected().filter(|_| self.in_document) else {
            return;
        };
        let good = match self.kind() {
            // Only some of the texts are numbers: `NaN` and the infinities.
            Kind::Simple(Simple::Float | Simple::Double) => Json::number(0).noun(),
            _ => self.valid().member(self.member, 1).noun(),
        };
        // These are written as the protocol has them, whatever the format of the value.
        let converted = matches!(self.kind(), Kind::Simple(Simple::Timestamp))
            && matches!(self.format(), Format::UniformJson | Format::Cbor);
        let text_of_number = self.format() == Format::UniformJson
            && matches!(
                self.kind(),
                Kind::Simple(Simple::BigInteger | Simple::BigDecimal)
            );
        for value in [
            Json::Bool(true),
            Json::number(1_234_567),
            Json::text("hunter2 is no value"),
            Json::Array(vec![Json::number(1_234_567)]),
            Json::Object(vec![("hunter2".to_owned(), Json::number(1_234_567))]),
        ] {
            let noun = value.noun();
            let is_good = noun == good
                || self.is_of_untagged_member(noun)
                || converted && matches!(value, Json::Number(_))
                || text_of_number && matches!(value, Json::String(_));
            if !is_good {
                let mismatch = mismatch(&self.base.pointer, expected, noun);
                self.says(mismatch.says, &[value]);
            }
        }
    }

    fn numbers(&mut self) {
        if let Some((least, most, expected)) = integers(self.kind()) {
            let is_text = !self.in_document || self.is_xml();
            let otherwise = if is_text {
                "another text"
            } else {
                "another value"
            };
            for digits in [
                (least - 1).to_string(),
                (most + 1).to_string(),
                "1.5".to_owned(),
            ] {
                let found = match (self.format(), digits.parse::<i128>()) {
                    _ if is_text => self.shown(&digits, otherwise),
                    (Format::Cbor, Err(_)) => "a floating-point number".to_owned(),
                    // Less than the smallest integer of 64 bits.
                    (Format::Cbor, Ok(value)) if value < i64::MIN.into() => "a number".to_owned(),
                    _ => self.shown(&as_read(&digits), otherwise),
                };
                let mismatch = mismatch(&self.base.pointer, expected, &found);
                self.says(mismatch.says, &[Json::Number(digits)]);
            }
        }
        if let Kind::IntEnum(values) = self.kind()
            && !self.peer.model.shapes[self.member.target].is_open_enum()
        {
            let known = |number: &i32| values.iter().any(|value| value.value == *number);
            let other = (0..i32::MAX)
                .find(|number| !known(number))
                .expect("not all integers are known");
            let says = says_values(self.kind());
            self.says(says, &[Json::number(other)]);
        }
        if self.member.constraints.format == Some(FormatTrait::Duration) {
            let says = says_format(FormatTrait::Duration);
            self.says(says, &[Json::number("0.0000000001")]);
        }
        if let Some(range) = &self.member.constraints.range {
            let says = says_range(&self.member.constraints);
            let beyond = |bound: &Number, by: i64| match bound.as_i64() {
                Some(bound) => Json::number(bound.saturating_add(by)),
                None => Json::Number(format!(
                    "{:?}",
                    bound.to_f64() + if by < 0 { -0.25 } else { 0.25 }
                )),
            };
            for value in range
                .min
                .as_ref()
                .map(|min| beyond(min, -1))
                .into_iter()
                .chain(range.max.as_ref().map(|max| beyond(max, 1)))
            {
                self.says(says.clone(), &[value]);
            }
        }
    }

    fn texts(&mut self) {
        let pointer = self.base.pointer.clone();
        match self.kind() {
            Kind::Simple(Simple::Boolean) if !self.in_document => {
                let found = self.shown("maybe", "another text");
                let says = mismatch(&pointer, "true or false", &found).says;
                self.says(says, &[Json::text("maybe")]);
            }
            Kind::Simple(Simple::Timestamp) if !self.in_document => {
                let header = matches!(
                    self.site.path[0].binding,
                    drawplate_model::model::Binding::Header(_)
                );
                let format = self.member.timestamp_format;
                let expected = match format {
                    Some(TimestampFormat::EpochSeconds) => "seconds since the epoch",
                    Some(TimestampFormat::HttpDate) => "an HTTP date",
                    None if header => "an HTTP date",
                    Some(TimestampFormat::DateTime) | None => "an RFC 3339 date and time",
                };
                let found = self.shown("hunter2 yesterday", "another text");
                let says = mismatch(&pointer, expected, &found).says;
                self.says(says, &[Json::text("hunter2 yesterday")]);
            }
            Kind::Simple(Simple::Timestamp) => {
                let default = if self.is_xml() {
                    TimestampFormat::DateTime
                } else {
                    TimestampFormat::EpochSeconds
                };
                let format = self.timestamp_format().unwrap_or(default);
                if format != TimestampFormat::EpochSeconds && self.format() != Format::Cbor {
                    let expected = self.expected().expect("a timestamp is expected");
                    let found = self.shown("hunter2 yesterday", "another value");
                    let says = mismatch(&pointer, expected, &found).says;
                    self.says(says, &[Json::text("hunter2 yesterday")]);
                }
            }
            Kind::Simple(Simple::Blob) if self.in_document => {
                if self.format() != Format::Cbor {
                    for text in ["hunter2!", "hunter", "AB=="] {
                        let says = mismatch(&pointer, "base64 text", "other text").says;
                        self.says(says, &[Json::text(text)]);
                    }
                }
                let lengths = self.other_lengths();
                let blob = |length: usize| Json::text(STANDARD.encode(vec![b'x'; length]));
                let says = says_length(&self.member.constraints);
                for length in lengths {
                    self.says(says.clone(), &[blob(length)]);
                }
            }
            Kind::Simple(Simple::String) | Kind::Enum(_) => {
                let says = text_breaks(&mut self.valid(), self.peer, self.member);
                for (says, texts) in says {
                    let texts = texts.into_iter().map(Json::String).collect::<Vec<_>>();
                    self.says(says, &texts);
                }
            }
            _ => {}
        }
    }

    /// Lengths that are too short or too long by one.
    fn other_lengths(&self) -> Vec<usize> {
        let (min, max) = lengths(self.member.constraints.length);
        let lengths = [min.checked_sub(1), max.map(|max| max + 1)];
        lengths.into_iter().flatten().collect()
    }

    fn collections(&mut self) {
        let mut lengths = self.other_lengths();
        if self.is_not_an_element() && !self.member.required {
            lengths.retain(|length| *length > 0);
        }
        let says = says_length(&self.member.constraints);
        let mut valid = self.valid();
        match self.kind() {
            Kind::List(list) => {
                for length in lengths {
                    let mut elements = Vec::new();
                    for _ in 0..length * 100 {
                        let element = valid.member(&list.member, 1);
                        if elements.len() < length && !elements.contains(&element) {
                            elements.push(element);
                        }
                    }
                    self.says(says.clone(), &[Json::Array(elements)]);
                }
                if self.member.constraints.unique_items {
                    let element = valid.member(&list.member, 1);
                    let says = "Member must have unique values".to_owned();
                    self.says(says, &[Json::Array(vec![element; 2])]);
                }
            }
            Kind::Map(map) => {
                for length in lengths {
                    let mut entries = Vec::new();
                    for _ in 0..length * 100 {
                        if let Json::String(key) = valid.member(&map.key, 1)
                            && entries.len() < length
                            && entries.iter().all(|(other, _)| *other != key)
                        {
                            entries.push((key, valid.member(&map.value, 1)));
                        }
                    }
                    self.says(says.clone(), &[Json::Object(entries)]);
                }
            }
            _ => {}
        }
    }

    fn unions(&mut self) {
        let Kind::Union(union) = self.kind() else {
            return;
        };
        match &union.form {
            UnionForm::Tagged => {}
            UnionForm::Discriminated(key) => return self.discriminated(union, key),
            // The breaks of its members and of its type are those of the union.
            UnionForm::Untagged => return,
        }
        let keeps_unknown = union.members.iter().any(|member| member.json_unknown);
        let pointer = self.base.pointer.clone();
        let mut valid = self.valid();
        let expected = "a union with exactly one member";
        let known = union.members.iter().filter(|member| !member.json_unknown);
        let known = known.map(|member| (member.json_name.to_string(), valid.member(member, 4)));
        let unknown = keeps_unknown.then(|| ("hunter2".to_owned(), Json::Bool(true)));
        let two = known.chain(unknown).take(2).collect::<Vec<_>>();
        let says = mismatch(&pointer, expected, "none").says;
        self.says(says, &[Json::Object(Vec::new())]);
        let null = vec![(two[0].0.clone(), Json::Null)];
        let says = mismatch(&pointer, expected, "none").says;
        self.says(says, &[Json::Object(null)]);
        if two.len() == 2 {
            let says = mismatch(&pointer, expected, "several").says;
            self.says(says, &[Json::Object(two)]);
        }
        if keeps_unknown {
            return;
        }
        let other = if self.is_xml() {
            "hunter2"
        } else {
            "hunter2 is no member"
        };
        let violation = mismatch(&inside(&pointer, other), "a member of the union", "another");
        let input = self.with(&Json::Object(vec![(other.to_owned(), Json::Bool(true))]));
        self.add(violation, input);
    }

    /// Violations of keys are reported at the map.
    fn key(&mut self) {
        let texts = text_breaks(&mut self.valid(), self.peer, self.member);
        for (says, keys) in texts {
            let mut valid = self.valid();
            let map = self.site.path[self.site.path.len() - 2];
            let Kind::Map(map) = &self.peer.model.shapes[map.target].kind else {
                continue;
            };
            let maps = keys
                .into_iter()
                .map(|key| Json::Object(vec![(key, valid.member(&map.value, 1))]));
            let maps = maps.collect::<Vec<_>>();
            self.says(says, &maps);
        }
    }
}

/// Texts that break each constraint of a text; those that probably break nothing else come first.
fn text_breaks(valid: &mut Valid<'_>, peer: &Peer, member: &Member) -> Vec<(String, Vec<String>)> {
    let mut breaks = Vec::new();
    let constraints = &member.constraints;
    let (min, max) = lengths(constraints.length);
    let mut lengths = Vec::new();
    if constraints.length.is_some() {
        lengths.extend(min.checked_sub(1));
        lengths.extend(max.map(|max| max + 1));
    }
    for length in lengths {
        // Of this length, and matching the pattern if possible.
        let mut other = constraints.clone();
        let exact = u64::try_from(length).ok();
        other.length = Some(drawplate_model::model::Length {
            min: exact,
            max: exact,
        });
        let mut texts = ["a", "0", "A", "~"]
            .map(|text| text.repeat(length))
            .to_vec();
        if let Some(text) = valid.find_text(&other) {
            texts.insert(0, text);
        }
        breaks.push((says_length(constraints), texts));
    }
    if constraints.pattern.is_some() {
        let length = min.max(1).min(max.unwrap_or(usize::MAX));
        let texts = ["!", " ", "~", "\n", "A", "é", "0"].map(|text| text.repeat(length));
        breaks.push((says_pattern(constraints), texts.to_vec()));
    }
    if let Some(format) = constraints.format {
        let texts = alloy::texts_without_format(format);
        breaks.push((
            says_format(format),
            texts.iter().map(|text| (*text).to_owned()).collect(),
        ));
    }
    let target = &peer.model.shapes[member.target];
    let kind = &target.kind;
    if let Kind::Enum(_) = kind
        && !target.is_open_enum()
    {
        breaks.push((says_values(kind), vec!["hunter2 is no value".to_owned()]));
    }
    breaks
}
