//! Judges values in documents: JSON and the shapes of the model.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{Kind, Member, Operation, Simple, TimestampFormat};
use jiff::civil::Date;

use super::{Oracle, Verdict, Violation, inside, integers, mismatch, missing, shown};
use crate::json::Json;
use crate::raw::Raw;
use crate::valid::is_needed;

impl Oracle<'_> {
    /// Judges a body as a document with the members that `has` selects.
    pub(super) fn document(
        &self,
        raw: &Raw,
        operation: &Operation,
        has: impl Fn(&Member) -> bool,
        verdict: &mut Verdict<'_>,
    ) {
        // A body without members may be empty.
        let body: &[u8] = if raw.body.is_empty() {
            b"{}"
        } else {
            &raw.body
        };
        let Some(json) = Self::json(body, verdict) else {
            return;
        };
        let members = self.members(operation).filter(|member| has(member));
        self.structure(&members.collect::<Vec<_>>(), &json, "", verdict);
    }

    pub(super) fn wire<'n>(&self, member: &'n Member) -> &'n str {
        if self.peer.binds() {
            &member.json_name
        } else {
            &member.name
        }
    }

    fn is_sensitive(&self, member: &Member) -> bool {
        member.sensitive || self.peer.model.shapes[member.target].sensitive
    }

    /// Adds the violations of a value that is not null. Everything in a sensitive value is
    /// redacted.
    pub(super) fn value(
        &self,
        member: &Member,
        json: &Json,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let before = verdict.violations.len();
        self.any_value(member, json, pointer, verdict);
        if self.is_sensitive(member) {
            for violation in &mut verdict.violations[before..] {
                if let Some((says, _)) = violation.says.split_once("found `") {
                    violation.says = format!("{says}found another value");
                }
            }
        }
    }

    fn any_value(&self, member: &Member, json: &Json, pointer: &str, verdict: &mut Verdict<'_>) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let digits = matches!(
            kind,
            Kind::Simple(
                Simple::BigInteger | Simple::BigDecimal | Simple::Timestamp | Simple::Document
            )
        );
        if is_huge_number(json) && !digits {
            // The server's reader rejects the number, and the whole document with it.
            verdict.refuse(400);
            return;
        }
        if let Some((least, most, expected)) = integers(kind) {
            self.integer(member, json, (least, most, expected), pointer, verdict);
            return;
        }
        let mut wrong = |expected: &str| {
            verdict
                .violations
                .push(mismatch(pointer, expected, json.noun()));
        };
        match (kind, json) {
            (Kind::Simple(Simple::Boolean), Json::Bool(_))
            | (Kind::Simple(Simple::Document), _) => {}
            (Kind::Simple(Simple::Boolean), _) => wrong("a boolean"),
            (Kind::Simple(Simple::String) | Kind::Enum(_), Json::String(text)) => {
                self.string(member, text, pointer, verdict);
            }
            (Kind::Simple(Simple::String) | Kind::Enum(_), _) => wrong("a string"),
            (Kind::Simple(Simple::Blob), Json::String(text)) => match STANDARD.decode(text) {
                Ok(bytes) => Self::length(&member.constraints, bytes.len(), pointer, verdict),
                Err(_) => verdict
                    .violations
                    .push(mismatch(pointer, "base64 text", "other text")),
            },
            (Kind::Simple(Simple::Blob), _) => wrong("base64 text"),
            (Kind::Simple(Simple::Float | Simple::Double), _) => {
                self.double(member, json, pointer, verdict);
            }
            (Kind::Simple(Simple::BigInteger | Simple::BigDecimal), _) => {
                self.big(member, json, pointer, verdict);
            }
            (Kind::Simple(Simple::Timestamp), _) => Self::timestamp(member, json, pointer, verdict),
            (Kind::List(_), Json::Array(elements)) => self.list(member, elements, pointer, verdict),
            (Kind::List(_), _) => wrong("a list"),
            (Kind::Map(_), Json::Object(entries)) => self.map(member, entries, pointer, verdict),
            (Kind::Structure(structure), json) => {
                self.structure(
                    &structure.members.iter().collect::<Vec<_>>(),
                    json,
                    pointer,
                    verdict,
                );
            }
            (Kind::Union(_), Json::Object(entries)) => {
                self.union(member, entries, pointer, verdict);
            }
            (Kind::Map(_) | Kind::Union(_), _) => wrong("an object"),
            (Kind::Simple(_) | Kind::IntEnum(_), _) => unreachable!("these are integers"),
        }
    }

    fn integer(
        &self,
        member: &Member,
        json: &Json,
        (least, most, expected): (i128, i128, &str),
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Json::Number(digits) = json else {
            verdict
                .violations
                .push(mismatch(pointer, expected, json.noun()));
            return;
        };
        let double = digits.parse::<f64>().expect("a number of JSON");
        let exact = digits.parse::<i128>().ok();
        let whole = (double.fract() == 0.0 && double.abs() <= 9_007_199_254_740_992.0).then(|| {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            let whole = double as i128;
            whole
        });
        match exact.or(whole) {
            #[expect(clippy::cast_precision_loss, reason = "ranges are compared as doubles")]
            Some(value) if (least..=most).contains(&value) => {
                self.range(member, value as f64, pointer, verdict);
            }
            _ => {
                let found = shown(member, &as_read(digits), "another value");
                verdict.violations.push(mismatch(pointer, expected, &found));
            }
        }
    }

    fn double(&self, member: &Member, json: &Json, pointer: &str, verdict: &mut Verdict<'_>) {
        let single = matches!(
            self.peer.model.shapes[member.target].kind,
            Kind::Simple(Simple::Float)
        );
        let value = match json {
            Json::String(text) if text == "NaN" => f64::NAN,
            Json::String(text) if text == "Infinity" => f64::INFINITY,
            Json::String(text) if text == "-Infinity" => f64::NEG_INFINITY,
            Json::Number(digits) => {
                let value = digits.parse::<f64>().expect("a number of JSON");
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "it is asked how it is held"
                )]
                if single && (value as f32).is_infinite() {
                    let found = shown(member, &as_read(digits), "another value");
                    let expected = "a number of single precision";
                    verdict.violations.push(mismatch(pointer, expected, &found));
                    return;
                }
                value
            }
            other => {
                verdict
                    .violations
                    .push(mismatch(pointer, "a number", other.noun()));
                return;
            }
        };
        self.range(member, value, pointer, verdict);
    }

    /// A number of any size; bounds are compared with it as a double.
    fn big(&self, member: &Member, json: &Json, pointer: &str, verdict: &mut Verdict<'_>) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let integer = matches!(kind, Kind::Simple(Simple::BigInteger));
        let expected = if integer { "an integer" } else { "a number" };
        let Json::Number(digits) = json else {
            verdict
                .violations
                .push(mismatch(pointer, expected, json.noun()));
            return;
        };
        if integer && digits.contains(['.', 'e', 'E']) {
            verdict.unsure("an integer of any size with a fraction or an exponent");
        }
        self.range(
            member,
            digits.parse().expect("a number of JSON"),
            pointer,
            verdict,
        );
    }

    fn timestamp(member: &Member, json: &Json, pointer: &str, verdict: &mut Verdict<'_>) {
        let format = member
            .timestamp_format
            .unwrap_or(TimestampFormat::EpochSeconds);
        let expected = match format {
            TimestampFormat::DateTime => "a timestamp such as 1985-04-12T23:20:50.52Z",
            TimestampFormat::HttpDate => "a timestamp such as Tue, 29 Apr 2014 18:30:38 GMT",
            TimestampFormat::EpochSeconds => "a timestamp in seconds since 1970",
        };
        let text = match (json, format) {
            (Json::Number(digits), TimestampFormat::EpochSeconds) => digits,
            (Json::String(text), TimestampFormat::DateTime | TimestampFormat::HttpDate) => text,
            (other, _) => {
                verdict
                    .violations
                    .push(mismatch(pointer, expected, other.noun()));
                return;
            }
        };
        match is_moment(text, format) {
            Some(true) => {}
            Some(false) => {
                let found = shown(member, text, "another value");
                verdict.violations.push(mismatch(pointer, expected, &found));
            }
            None => verdict.unsure("a moment near the end of time"),
        }
    }

    fn list(&self, member: &Member, elements: &[Json], pointer: &str, verdict: &mut Verdict<'_>) {
        let Kind::List(list) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let mut good = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let pointer = inside(pointer, &index.to_string());
            let before = verdict.violations.len();
            self.slot(&list.member, list.sparse, element, &pointer, verdict);
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
            } else if !plain {
                verdict.unsure("elements that may be equal without looking so");
            }
        }
    }

    /// An element or entry, which may be null only if the list or map is sparse.
    fn slot(
        &self,
        member: &Member,
        sparse: bool,
        json: &Json,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let document = matches!(
            self.peer.model.shapes[member.target].kind,
            Kind::Simple(Simple::Document)
        );
        match json {
            Json::Null if sparse || document => {}
            Json::Null => verdict
                .violations
                .push(mismatch(pointer, "a value", "null")),
            json => self.value(member, json, pointer, verdict),
        }
    }

    fn map(
        &self,
        member: &Member,
        entries: &[(String, Json)],
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
            self.slot(&map.value, map.sparse, value, &pointer_to_entry, verdict);
            if verdict.violations.len() == before {
                if taken.contains(&&**key) {
                    verdict.violations.push(duplicate(&pointer_to_entry));
                }
                taken.push(key);
            }
            self.string(&map.key, key, pointer, verdict);
        }
        Self::length(&member.constraints, entries.len(), pointer, verdict);
    }

    /// A structure, or those of its members that are in the document.
    fn structure(
        &self,
        members: &[&Member],
        json: &Json,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Json::Object(entries) = json else {
            if is_huge_number(json) {
                verdict.refuse(400);
            }
            verdict
                .violations
                .push(mismatch(pointer, "an object", json.noun()));
            return;
        };
        let mut taken = Vec::<&str>::new();
        for (name, value) in entries {
            let Some(member) = members.iter().find(|member| self.wire(member) == name) else {
                continue;
            };
            let document = matches!(
                self.peer.model.shapes[member.target].kind,
                Kind::Simple(Simple::Document)
            );
            if *value == Json::Null && !document {
                continue;
            }
            let pointer = inside(pointer, name);
            if *value != Json::Null {
                self.value(member, value, &pointer, verdict);
            }
            if taken.contains(&&**name) {
                verdict.violations.push(duplicate(&pointer));
            }
            taken.push(name);
        }
        for member in members {
            let name = self.wire(member);
            if is_needed(member) && !taken.contains(&name) {
                verdict.violations.push(missing(&inside(pointer, name)));
            }
        }
    }

    fn union(
        &self,
        member: &Member,
        entries: &[(String, Json)],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let Kind::Union(union) = &self.peer.model.shapes[member.target].kind else {
            return;
        };
        let mut taken = Vec::<&str>::new();
        let mut set = 0;
        for (name, value) in entries {
            let known = union
                .members
                .iter()
                .find(|member| self.wire(member) == name);
            let document = known.is_some_and(|member| {
                let kind = &self.peer.model.shapes[member.target].kind;
                matches!(kind, Kind::Simple(Simple::Document))
            });
            if name == "__type" && known.is_none() || *value == Json::Null && !document {
                continue;
            }
            let pointer = inside(pointer, name);
            let Some(known) = known else {
                set += 1;
                verdict
                    .violations
                    .push(mismatch(&pointer, "a member of the union", "another"));
                continue;
            };
            if *value != Json::Null {
                self.value(known, value, &pointer, verdict);
            }
            if taken.contains(&&**name) {
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

/// The description of a number of another type. One that is not a 64-bit integer is read as a
/// double, which loses digits if it is large.
pub(crate) fn as_read(digits: &str) -> String {
    let exact = digits.parse::<i128>().ok();
    let exact = exact.filter(|value| (i64::MIN.into()..=u64::MAX.into()).contains(value));
    let double = || {
        let double = digits.parse::<f64>().expect("a number of JSON");
        if double.abs() > 9_007_199_254_740_992.0 {
            format!("about {double:e}")
        } else {
            double.to_string()
        }
    };
    exact.map_or_else(double, |value| value.to_string())
}

fn duplicate(pointer: &str) -> Violation {
    Violation::new(pointer, "Member must not occur twice")
}

/// Whether a number is beyond the range of a double: only types that keep digits can hold it.
fn is_huge_number(json: &Json) -> bool {
    match json {
        Json::Number(digits) => digits.parse::<f64>().is_ok_and(f64::is_infinite),
        _ => false,
    }
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

fn matches(pattern: &str, text: &str) -> bool {
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
