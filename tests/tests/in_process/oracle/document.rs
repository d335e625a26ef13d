//! Judges values in documents of any format by the shapes of the model.

use drawplate_model::model::{Kind, Member, Operation, Simple, TimestampFormat, UnionForm};
use jiff::civil::Date;

use super::{NO_MEMBER, Oracle, Verdict, Violation, inside, mismatch, missing};
use crate::cbor::Cbor;
use crate::protocols::Format;
use crate::raw::Raw;
use crate::valid::is_needed;

/// A value in a document.
pub(super) trait Node: PartialEq + Sized {
    /// The value as the reader of a kind finds it; `None` if the document is rejected for it.
    fn read(&self, reader: Reader) -> Option<Found<'_, Self>>;

    /// The name of its type in messages.
    fn noun(&self) -> &'static str;

    /// The value of a text.
    fn as_text(&self) -> Option<&str>;

    /// The number of lists and objects around its innermost value.
    fn depth(&self) -> usize;

    /// Whether a text, blob or boolean is equal to this one only if it is also written so.
    fn is_plain(&self) -> bool;

    /// Adds the violations of a value of a kind that is neither a list, a map, a structure nor a
    /// union. It is not null.
    fn judge_simple(
        &self,
        oracle: &Oracle<'_>,
        member: &Member,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    );
}

/// What reads a value, as far as readers differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Document,
    Timestamp,
    /// That of a number of any size.
    Digits,
    /// That of any other value that has no keys.
    Simple,
    /// That of a map, a structure or a union.
    Keyed,
}

impl Reader {
    pub(super) fn of(member: &Member, kind: &Kind, format: Format) -> Self {
        let is_uniform = format == Format::UniformJson;
        match kind {
            Kind::Simple(Simple::Document) => Self::Document,
            Kind::Simple(Simple::Timestamp) => match member.timestamp_format {
                Some(TimestampFormat::DateTime | TimestampFormat::HttpDate) if !is_uniform => {
                    Self::Simple
                }
                _ => Self::Timestamp,
            },
            // They are texts in uniform JSON.
            Kind::Simple(Simple::BigInteger | Simple::BigDecimal) if !is_uniform => Self::Digits,
            Kind::Simple(_) | Kind::Enum(_) | Kind::IntEnum(_) | Kind::List(_) => Self::Simple,
            Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => Self::Keyed,
        }
    }
}

/// A value without the facts that depend on its format.
pub(super) enum Found<'n, N> {
    Null,
    List(Vec<&'n N>),
    Object(Vec<(&'n str, &'n N)>),
    Simple,
}

/// The deepest nesting of lists and maps that a server reads in CBOR.
const LEVELS: usize = 127;

impl Oracle<'_> {
    /// Judges a body as a document with the members that `has` selects.
    pub(super) fn document(
        &self,
        raw: &Raw,
        operation: &Operation,
        has: impl Fn(&Member) -> bool,
        verdict: &mut Verdict<'_>,
    ) {
        let members = self.members(operation).filter(|member| has(member));
        let members = members.collect::<Vec<_>>();
        let elsewhere = self.members(operation).filter(|member| !has(member));
        let elsewhere = elsewhere.collect::<Vec<_>>();
        // A body without members may be empty.
        match (verdict.wire.format, &*raw.body) {
            (Format::Xml, body) => {
                if let Some(root) = Self::xml(body, verdict) {
                    self.xml_structure(&members, &root, "", verdict);
                }
            }
            (Format::Cbor, body) => {
                let body = if body.is_empty() { &[0xa0] } else { body };
                match Cbor::parse(body).filter(|item| item.depth() <= LEVELS) {
                    Some(item) => self.structure(&members, &elsewhere, &item, "", verdict),
                    None => verdict.refuse(400),
                }
            }
            (_, body) => {
                let body = if body.is_empty() { b"{}" } else { body };
                if let Some(json) = Self::json(body, verdict) {
                    self.structure(&members, &elsewhere, &json, "", verdict);
                }
            }
        }
    }

    pub(super) fn is_sensitive(&self, member: &Member) -> bool {
        member.sensitive || self.peer.model.shapes[member.target].sensitive
    }

    /// Adds the violations of a value that is not null.
    pub(super) fn value<N: Node>(
        &self,
        member: &Member,
        value: &N,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        self.redacted(member, verdict, |verdict| {
            self.any_value(member, value, pointer, verdict);
        });
    }

    /// Judges a value. Everything in a sensitive value is redacted.
    pub(super) fn redacted<'m>(
        &self,
        member: &Member,
        verdict: &mut Verdict<'m>,
        judge: impl FnOnce(&mut Verdict<'m>),
    ) {
        let before = verdict.violations.len();
        judge(verdict);
        if self.is_sensitive(member) {
            for violation in &mut verdict.violations[before..] {
                if let Some((says, _)) = violation.says.split_once("found `") {
                    violation.says = format!("{says}found another value");
                }
            }
        }
    }

    fn any_value<N: Node>(
        &self,
        member: &Member,
        value: &N,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let Some(found) = value.read(Reader::of(member, kind, verdict.wire.format)) else {
            verdict.refuse(400);
            return;
        };
        match (kind, found) {
            (Kind::Simple(Simple::Document), _) => {}
            (Kind::Simple(_) | Kind::Enum(_) | Kind::IntEnum(_), _) => {
                value.judge_simple(self, member, pointer, verdict);
            }
            (Kind::List(_), Found::List(elements)) => {
                self.list(member, &elements, pointer, verdict);
            }
            (Kind::Map(_), Found::Object(entries)) => self.map(member, &entries, pointer, verdict),
            (Kind::Structure(structure), _) => {
                let members = structure.members.iter().collect::<Vec<_>>();
                self.structure(&members, &[], value, pointer, verdict);
            }
            (Kind::Union(union), Found::Object(_) | Found::List(_) | Found::Simple)
                if union.form == UnionForm::Untagged =>
            {
                self.untagged(union, value, pointer, verdict);
            }
            (Kind::Union(union), Found::Object(entries)) => {
                if let UnionForm::Discriminated(key) = &union.form {
                    return self.discriminated(union, key, &entries, pointer, verdict);
                }
                self.union(member, &entries, pointer, verdict);
            }
            (Kind::List(_), _) => {
                let mismatch = mismatch(pointer, "a list", value.noun());
                verdict.violations.push(mismatch);
            }
            (Kind::Union(union), Found::Null) if union.form == UnionForm::Untagged => {
                let mismatch = mismatch(pointer, NO_MEMBER, value.noun());
                verdict.violations.push(mismatch);
            }
            (Kind::Map(_) | Kind::Union(_), _) => {
                let mismatch = mismatch(pointer, "an object", value.noun());
                verdict.violations.push(mismatch);
            }
        }
    }

    fn list<N: Node>(
        &self,
        member: &Member,
        elements: &[&N],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Kind::List(list) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let mut good = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let pointer = inside(pointer, &index.to_string());
            let before = verdict.violations.len();
            self.slot(&list.member, list.sparse, *element, &pointer, verdict);
            if verdict.violations.len() == before {
                good.push(element);
            }
        }
        Self::length(&member.constraints, elements.len(), pointer, verdict);
        if member.constraints.unique_items {
            let kind = &self.peer.model.shapes[list.member.target].kind;
            let plain = matches!(
                kind,
                Kind::Simple(Simple::String | Simple::Blob | Simple::Boolean) | Kind::Enum(_)
            );
            let equal = good
                .iter()
                .enumerate()
                .any(|(index, element)| good[..index].contains(element));
            if equal {
                let unique = Violation::new(pointer, "Member must have unique values");
                verdict.violations.push(unique);
            } else if !plain || !good.iter().all(|element| element.is_plain()) {
                verdict.unsure("elements that may be equal without looking so");
            }
        }
    }

    /// An element or entry, which may be null only if the list or map is sparse.
    fn slot<N: Node>(
        &self,
        member: &Member,
        sparse: bool,
        value: &N,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &self.peer.model.shapes[member.target].kind;
        match value.read(Reader::of(member, kind, verdict.wire.format)) {
            Some(Found::Null) if sparse || self.is_document(member) => {}
            Some(Found::Null) => verdict
                .violations
                .push(mismatch(pointer, "a value", "null")),
            _ => self.value(member, value, pointer, verdict),
        }
    }

    fn is_document(&self, member: &Member) -> bool {
        let kind = &self.peer.model.shapes[member.target].kind;
        matches!(kind, Kind::Simple(Simple::Document))
    }

    fn map<N: Node>(
        &self,
        member: &Member,
        entries: &[(&str, &N)],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Kind::Map(map) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let mut taken = Vec::<&str>::new();
        for (key, value) in entries {
            let hidden = self.peer.model.shapes[member.target].sensitive || map.key.sensitive;
            let segment = if hidden { "*" } else { key };
            let pointer_to_entry = inside(pointer, segment);
            let before = verdict.violations.len();
            self.slot(&map.value, map.sparse, *value, &pointer_to_entry, verdict);
            if verdict.violations.len() == before {
                if taken.contains(key) {
                    verdict.violations.push(duplicate(&pointer_to_entry));
                }
                taken.push(key);
            }
            self.string(&map.key, key, pointer, verdict);
        }
        Self::length(&member.constraints, entries.len(), pointer, verdict);
    }

    /// A structure, or those of its members that are in the document. The others are bound
    /// `elsewhere`.
    fn structure<N: Node>(
        &self,
        members: &[&Member],
        elsewhere: &[&Member],
        value: &N,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        match value.read(Reader::Keyed) {
            Some(Found::Object(entries)) => {
                self.entries_of(members, elsewhere, &entries, pointer, verdict);
            }
            Some(_) => {
                let mismatch = mismatch(pointer, "an object", value.noun());
                verdict.violations.push(mismatch);
            }
            None => verdict.refuse(400),
        }
    }

    /// The entries of a structure. Those without a member are kept if a member is for them
    /// (`alloy#jsonUnknown`).
    pub(super) fn entries_of<N: Node>(
        &self,
        members: &[&Member],
        elsewhere: &[&Member],
        entries: &[(&str, &N)],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let keeps_unknown = members.iter().any(|member| member.json_unknown);
        let mut taken = Vec::<&str>::new();
        for (name, value) in entries.iter().copied() {
            let is_named = |member: &&&Member| !member.json_unknown && verdict.name(member) == name;
            let Some(member) = members.iter().find(is_named) else {
                if keeps_unknown && !elsewhere.iter().any(|member| is_named(&member)) {
                    if taken.contains(&name) {
                        verdict.violations.push(duplicate(&inside(pointer, name)));
                    }
                    taken.push(name);
                }
                continue;
            };
            let null = self.is_null(member, value, verdict);
            if null && !self.is_document(member) && !member.nullable {
                continue;
            }
            let pointer = inside(pointer, name);
            if !null {
                self.value(member, value, &pointer, verdict);
            }
            if taken.contains(&name) {
                verdict.violations.push(duplicate(&pointer));
            }
            taken.push(name);
        }
        for member in members {
            let name = verdict.name(member);
            if is_needed(member) && !member.json_unknown && !taken.contains(&name) {
                verdict.violations.push(missing(&inside(pointer, name)));
            }
        }
    }

    fn is_null<N: Node>(&self, member: &Member, value: &N, verdict: &Verdict<'_>) -> bool {
        let kind = &self.peer.model.shapes[member.target].kind;
        let reader = Reader::of(member, kind, verdict.wire.format);
        matches!(value.read(reader), Some(Found::Null))
    }

    fn union<N: Node>(
        &self,
        member: &Member,
        entries: &[(&str, &N)],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Kind::Union(union) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let keeps_unknown = union.members.iter().any(|member| member.json_unknown);
        let mut taken = Vec::<&str>::new();
        let mut set = 0;
        for (name, value) in entries {
            let mut members = union.members.iter();
            let known =
                members.find(|member| !member.json_unknown && verdict.name(member) == *name);
            if *name == "__type" && known.is_none() {
                continue;
            }
            let pointer = inside(pointer, name);
            let Some(known) = known else {
                match value.read(Reader::Document) {
                    Some(Found::Null) => {}
                    Some(_) if keeps_unknown => {
                        if taken.contains(name) {
                            verdict.violations.push(duplicate(&pointer));
                        } else {
                            set += 1;
                        }
                        taken.push(name);
                    }
                    Some(_) => {
                        set += 1;
                        let other = mismatch(&pointer, "a member of the union", "another");
                        verdict.violations.push(other);
                    }
                    None => verdict.refuse(400),
                }
                continue;
            };
            let null = self.is_null(known, *value, verdict);
            if null && !self.is_document(known) {
                continue;
            }
            if !null {
                self.value(known, *value, &pointer, verdict);
            }
            if taken.contains(name) {
                verdict.violations.push(duplicate(&pointer));
            } else {
                set += 1;
            }
            taken.push(name);
        }
        if set != 1 {
            let found = if set == 0 { "none" } else { "several" };
            verdict
                .violations
                .push(mismatch(pointer, "a union with exactly one member", found));
        }
    }
}

pub(super) fn duplicate(pointer: &str) -> Violation {
    Violation::new(pointer, "Member must not occur twice")
}

/// Whether a text is a timestamp in a format (Smithy 2.0, "timestampFormat trait"); `None` near the
/// bounds of the range.
pub(super) fn is_moment(text: &str, format: TimestampFormat) -> Option<bool> {
    match format {
        TimestampFormat::DateTime => {
            let shape = matches(
                r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?[Zz]$",
                text,
            );
            if !shape {
                return Some(false);
            }
            is_date(&text[..4], &text[5..7], &text[8..10], &text[11..19])
        }
        TimestampFormat::HttpDate => {
            let shape = matches(
                r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$",
                text,
            );
            if !shape {
                return Some(false);
            }
            let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
            let month = months.find(&text[8..11]).map_or(0, |at| at / 3 + 1);
            is_date(
                &text[12..16],
                &month.to_string(),
                &text[5..7],
                &text[17..25],
            )
        }
        TimestampFormat::EpochSeconds => {
            let seconds = text.parse::<f64>().ok().filter(|_| matches(NUMBER, text));
            let Some(seconds) = seconds else {
                return Some(false);
            };
            // The bounds of the range are within a second of these.
            match seconds {
                -62_135_596_800.0..=253_402_300_799.0 => Some(true),
                -62_135_596_801.0..=253_402_300_800.0 => None,
                _ => Some(false),
            }
        }
    }
}

const NUMBER: &str = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$";

pub(super) fn matches(pattern: &str, text: &str) -> bool {
    regex::Regex::new(pattern)
        .expect("it is one")
        .is_match(text)
}

/// Whether a date exists and a time of day is valid; it may be a leap second.
fn is_date(year: &str, month: &str, day: &str, time: &str) -> Option<bool> {
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let part = |at: usize| time[at..at + 2].parse::<u8>().unwrap_or(99);
    let time = part(0) < 24 && part(3) < 60 && part(6) <= 60;
    Some(date.is_ok() && year != "0000" && time)
}
