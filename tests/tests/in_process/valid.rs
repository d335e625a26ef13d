//! Random values that are valid by the model, as JSON that the types of a service read.

mod alloy;
mod carried;

pub(crate) use carried::{HOST_LABEL, NEGATIVE_ZERO, taken_parameters};

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{
    Binding, Constraints, Kind, Length, Member, Model, Number, Operation, Presence, Range, ShapeId,
    Simple, TimestampFormat,
};
use regex::Regex;

use crate::json::Json;
use crate::pattern;
use crate::protocols::{Format, Wire};
use crate::xml::is_allowed;
use drawplate_tests::random::Random;

/// Moments in each of their text forms.
pub(crate) const MOMENTS: [[&str; 3]; 6] = [
    ["0", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"],
    [
        "-1",
        "1969-12-31T23:59:59Z",
        "Wed, 31 Dec 1969 23:59:59 GMT",
    ],
    [
        "1398796238",
        "2014-04-29T18:30:38Z",
        "Tue, 29 Apr 2014 18:30:38 GMT",
    ],
    [
        "482196050.52",
        "1985-04-12T23:20:50.52Z",
        "Fri, 12 Apr 1985 23:20:50 GMT",
    ],
    [
        "1772236800.001",
        "2026-02-28T00:00:00.001Z",
        "Sat, 28 Feb 2026 00:00:00 GMT",
    ],
    [
        "253402300799",
        "9999-12-31T23:59:59Z",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
];

/// Which optional members are present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// None.
    Least,
    /// All, until shapes repeat.
    All,
    /// A random selection.
    Random,
}

/// Structures below this depth have no optional members.
const DEPTH: usize = 5;

/// A generator of values.
pub(crate) struct Valid<'m> {
    pub(crate) model: &'m Model,
    /// The protocol that carries the values.
    pub(crate) wire: &'static Wire,
    pub(crate) random: Random,
    pub(crate) fill: Fill,
    /// The number of values that no message can carry, by reason.
    pub(crate) not_carried: BTreeMap<&'static str, usize>,
    regexes: BTreeMap<String, Regex>,
}

/// The message that a structure is.
#[derive(Clone, Copy)]
pub(crate) enum Message<'m> {
    Request(&'m Operation),
    Response,
}

impl<'m> Valid<'m> {
    pub(crate) fn new(model: &'m Model, wire: &'static Wire, seed: u64, fill: Fill) -> Self {
        Self {
            model,
            wire,
            random: Random::new(seed),
            fill,
            not_carried: BTreeMap::new(),
            regexes: BTreeMap::new(),
        }
    }

    pub(crate) fn input(&mut self, operation: &Operation) -> Json {
        self.message(operation.input, Message::Request(operation))
    }

    /// An input, output or error.
    pub(crate) fn message(&mut self, shape: ShapeId, message: Message<'_>) -> Json {
        let model = self.model;
        let mut entries = Vec::new();
        for (index, member) in model.shapes[shape].kind.members().enumerate() {
            let wanted = member.required || self.wants(0);
            if member.json_unknown {
                entries.extend(self.unknown(wanted, 0));
            } else if let Some(value) = self.part(index, member, message, wanted) {
                entries.push((member.json_name.to_string(), value));
            }
        }
        Json::Object(entries)
    }

    /// The value of a member of a message. Values that a message cannot carry are replaced.
    pub(crate) fn part(
        &mut self,
        index: usize,
        member: &Member,
        message: Message<'_>,
        wanted: bool,
    ) -> Option<Json> {
        const TRIES: usize = 1000;
        for _ in 0..TRIES {
            let value = wanted.then(|| self.bound(member));
            match self.is_carried(index, member, message, value.as_ref()) {
                Ok(()) => return value,
                Err(why) => *self.not_carried.entry(why).or_default() += 1,
            }
            if !wanted {
                return self.part(index, member, message, true);
            }
        }
        assert!(
            !member.required,
            "no value of `{}` can be carried",
            member.name
        );
        None
    }

    /// A value for a binding: few numbers are a status.
    fn bound(&mut self, member: &Member) -> Json {
        if self.wire.binds() && member.binding == Binding::StatusCode {
            return Json::number(
                *self
                    .random
                    .pick(&[200, 201, 202, 203, 204, 206, 226, 299, 404]),
            );
        }
        self.member(member, 1)
    }

    fn wants(&mut self, depth: usize) -> bool {
        match self.fill {
            Fill::Least => false,
            Fill::All => depth < 4,
            Fill::Random => depth < DEPTH && !self.random.once_in(3),
        }
    }

    /// The value of a member.
    pub(crate) fn member(&mut self, member: &Member, depth: usize) -> Json {
        let model = self.model;
        let constraints = &member.constraints;
        if member.nullable && self.fill != Fill::Least && self.random.once_in(3) {
            return Json::Null;
        }
        match &model.shapes[member.target].kind {
            Kind::Simple(simple) => self.simple(*simple, member, depth),
            Kind::Enum(_) if self.is_unknown_value(member) => Json::text("none of the model"),
            Kind::IntEnum(_) if self.is_unknown_value(member) => Json::number(-7),
            Kind::Enum(values) => Json::text(&*self.random.pick(values).value),
            Kind::IntEnum(values) => Json::number(self.random.pick(values).value),
            Kind::List(list) => self.list(&list.member, list.sparse, constraints, depth),
            Kind::Map(map) => {
                let length = self.length(constraints.length, depth);
                let mut entries = BTreeMap::new();
                for _ in 0..100 {
                    if entries.len() < length {
                        let Json::String(key) = self.member(&map.key, depth + 1) else {
                            panic!("keys are texts")
                        };
                        let value = self.element(&map.value, map.sparse, depth);
                        entries.insert(key, value);
                    }
                }
                Json::Object(entries.into_iter().collect())
            }
            Kind::Structure(structure) => {
                let mut entries = Vec::new();
                for member in &structure.members {
                    // A member with a default is always written.
                    let always = member.required || matches!(member.presence, Presence::Default(_));
                    if member.json_unknown {
                        let wanted = self.wants(depth);
                        entries.extend(self.unknown(wanted, depth));
                    } else if always || self.wants(depth) {
                        entries
                            .push((member.json_name.to_string(), self.member(member, depth + 1)));
                    }
                }
                Json::Object(entries)
            }
            Kind::Union(union) => {
                let deep = |member: &&Member| {
                    let kind = &model.shapes[member.target].kind;
                    kind.members().next().is_some()
                };
                let flat = union.members.iter().filter(|member| !deep(member));
                let mut members = flat.collect::<Vec<_>>();
                if depth < DEPTH || members.is_empty() {
                    members = union.members.iter().collect();
                }
                let member = *self.random.pick(&members);
                self.set_member(union, member, depth)
            }
        }
    }

    fn list(
        &mut self,
        member: &Member,
        sparse: bool,
        constraints: &Constraints,
        depth: usize,
    ) -> Json {
        let length = self.length(constraints.length, depth);
        let mut elements = Vec::<Json>::new();
        // There may not be more values of the kind.
        for _ in 0..length + 100 {
            if elements.len() == length {
                break;
            }
            let element = self.element(member, sparse, depth);
            let double = constraints.unique_items && elements.contains(&element);
            if !double {
                elements.push(element);
            }
        }
        Json::Array(elements)
    }

    fn element(&mut self, member: &Member, sparse: bool, depth: usize) -> Json {
        if sparse && self.random.once_in(3) {
            Json::Null
        } else {
            self.member(member, depth + 1)
        }
    }

    /// The number of elements or entries.
    fn length(&mut self, bounds: Option<Length>, depth: usize) -> usize {
        let (least, most) = lengths(bounds);
        let most = most.unwrap_or(usize::MAX).min(least + 4);
        match self.fill {
            Fill::Least => least,
            Fill::All => most.min(least + 1),
            Fill::Random if depth >= DEPTH => least,
            Fill::Random => least + self.random.below(most - least + 1),
        }
    }

    fn simple(&mut self, simple: Simple, member: &Member, depth: usize) -> Json {
        let range = member.constraints.range.as_ref();
        if let Some(value) = self.formatted(&member.constraints) {
            return value;
        }
        match simple {
            Simple::Boolean => Json::Bool(self.random.once_in(2)),
            Simple::Byte => self.integer(range, i8::MIN.into(), i8::MAX.into()),
            Simple::Short => self.integer(range, i16::MIN.into(), i16::MAX.into()),
            Simple::Integer => self.integer(range, i32::MIN.into(), i32::MAX.into()),
            Simple::Long => self.integer(range, i64::MIN, i64::MAX),
            Simple::BigInteger => self.number(
                range,
                &[
                    "0",
                    "-1",
                    "18446744073709551615",
                    "123456789012345678901234567890",
                ],
            ),
            Simple::BigDecimal => self.number(range, &["0.1", "-12.50", "3", "1e400", "-0"]),
            Simple::Float => self.number(
                range,
                &["0.5", "-0.25", "1024.0", "15000000000.0", "3.4028235e38"],
            ),
            Simple::Double => match (range, self.random.below(8)) {
                (None, 0) => Json::text(*self.random.pick(&["NaN", "Infinity", "-Infinity"])),
                _ => self.number(
                    range,
                    &["0.1", "-1e-300", "1.797e308", "5e-324", "123456.789"],
                ),
            },
            Simple::String => Json::text(self.text(&member.constraints)),
            Simple::Blob => self.blob(member.constraints.length),
            Simple::Timestamp => {
                let [epoch, date_time, http_date] = *self.random.pick(&MOMENTS);
                match member.timestamp_format {
                    Some(TimestampFormat::DateTime) => Json::text(date_time),
                    Some(TimestampFormat::HttpDate) => Json::text(http_date),
                    Some(TimestampFormat::EpochSeconds) | None => Json::number(epoch),
                }
            }
            Simple::Document => self.document(depth),
        }
    }

    fn integer(&mut self, range: Option<&Range>, min: i64, max: i64) -> Json {
        let bound = |bound: Option<&Number>, otherwise: i64| match bound {
            Some(bound) => bound.as_i64().expect("a bound of an integer is one"),
            None => otherwise,
        };
        let (min, max) = (
            bound(range.and_then(|range| range.min.as_ref()), min).max(min),
            bound(range.and_then(|range| range.max.as_ref()), max).min(max),
        );
        let near = i64::try_from(self.random.below(200)).expect("a small number fits") - 100;
        Json::number(*self.random.pick(&[min, max, near.clamp(min, max)]))
    }

    /// One of some numbers if it is within the range, or a bound.
    fn number(&mut self, range: Option<&Range>, numbers: &[&str]) -> Json {
        let [min, max] = range.map_or([None, None], |range| {
            [range.min.as_ref(), range.max.as_ref()]
        });
        let bounds = [min, max].into_iter().flatten().map(Number::to_string);
        let within = |digits: &str| {
            let value = Number::parse(digits).expect("a number");
            min.is_none_or(|min| value >= *min) && max.is_none_or(|max| value <= *max)
        };
        let numbers = numbers
            .iter()
            .map(|digits| (*digits).to_owned())
            .chain(bounds);
        let numbers = numbers.filter(|digits| within(digits)).collect::<Vec<_>>();
        Json::Number(self.random.pick(&numbers).clone())
    }

    /// A text that satisfies its length and pattern.
    pub(crate) fn text(&mut self, constraints: &Constraints) -> String {
        let text = self.find_text(constraints);
        text.unwrap_or_else(|| panic!("no text is found for {constraints:?}"))
    }

    pub(crate) fn find_text(&mut self, constraints: &Constraints) -> Option<String> {
        let (least, most) = lengths(constraints.length);
        let fits =
            |text: &str| (least..=most.unwrap_or(usize::MAX)).contains(&text.chars().count());
        let Some(written) = &constraints.pattern else {
            let length = match (self.random.below(8), most) {
                (0, Some(most)) => most,
                (1, _) => least,
                _ => {
                    least
                        + self
                            .random
                            .below(most.unwrap_or(least + 12).min(least + 12) - least + 1)
                }
            };
            return Some(self.any_text(length));
        };
        let tries = (0..10_000).map(|tries| least + 1 + tries % 8);
        let expression = self.model.regex(written).expect("it is a pattern");
        for more in tries {
            let text = pattern::text(&mut self.random, expression, more);
            if fits(&text) && self.matches(written, &text) {
                return Some(text);
            }
        }
        None
    }

    /// Whether a pattern of the model matches anywhere in a text (Smithy 2.0, "pattern trait").
    pub(crate) fn matches(&mut self, written: &str, text: &str) -> bool {
        if !self.regexes.contains_key(written) {
            let expression = self.model.regex(written).expect("it is a pattern");
            let regex = Regex::new(expression).expect("the generator has looked at it");
            self.regexes.insert(written.to_owned(), regex);
        }
        self.regexes[written].is_match(text)
    }

    /// A text with this number of random characters.
    fn any_text(&mut self, length: usize) -> String {
        const CHARACTERS: [char; 36] = [
            'a',
            'b',
            'c',
            'Z',
            '0',
            '9',
            ' ',
            ' ',
            '"',
            '\\',
            '/',
            '%',
            '+',
            '&',
            '=',
            '#',
            '?',
            ';',
            ':',
            '@',
            ',',
            '.',
            '.',
            '~',
            '\'',
            '{',
            '\n',
            '\t',
            '\0',
            '\u{7f}',
            'é',
            '\u{301}',
            '\u{20ac}',
            '\u{feff}',
            '\u{1F600}',
            '\u{10FFFF}',
        ];
        // Half of the texts have only characters that any part of a message can carry.
        let all = self.random.once_in(2);
        let characters = if all {
            &CHARACTERS[..]
        } else {
            &CHARACTERS[..6]
        };
        let text = (0..length).map(|_| *self.random.pick(characters));
        // XML has no control characters.
        let is_xml = self.wire.format == Format::Xml;
        let carried = |c| if is_xml && !is_allowed(c) { '\t' } else { c };
        text.map(carried).collect()
    }

    fn blob(&mut self, length: Option<Length>) -> Json {
        let (least, most) = lengths(length);
        let length = least
            + self
                .random
                .below(most.unwrap_or(least + 5).min(least + 5) - least + 1);
        let bytes = (0..length).map(|_| *self.random.pick(&[0, 1, 0x7f, 0x80, 0xff, b'a', b'"']));
        Json::text(STANDARD.encode(bytes.collect::<Vec<_>>()))
    }

    fn document(&mut self, depth: usize) -> Json {
        match self.random.below(if depth < DEPTH { 8 } else { 5 }) {
            0 => Json::text(self.any_text(4)),
            1 => Json::number(
                *self
                    .random
                    .pick(&["0", "-7", "9007199254740993", "0.5", "1e-7"]),
            ),
            2 => Json::Bool(true),
            3 => Json::Null,
            4 => Json::Object(Vec::new()),
            5 => Json::Array(vec![self.document(depth + 1), self.document(depth + 1)]),
            _ => Json::Object(vec![
                (self.any_text(3), self.document(depth + 1)),
                ("null null".to_owned(), Json::Null),
            ]),
        }
    }
}

/// Whether a structure must have the member.
pub(crate) fn is_needed(member: &Member) -> bool {
    let default = matches!(
        member.presence,
        Presence::Default(_) | Presence::Optional(Some(_))
    );
    member.required && !default
}

pub(crate) fn lengths(bounds: Option<Length>) -> (usize, Option<usize>) {
    let size = |bound: u64| usize::try_from(bound).expect("lengths fit");
    let bounds = bounds.unwrap_or(Length {
        min: None,
        max: None,
    });
    (bounds.min.map_or(0, size), bounds.max.map(size))
}
