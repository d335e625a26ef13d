//! Judges values by the traits of alloy: unions without tags, and formats of texts and numbers.

use drawplate_model::model::{
    Constraints, Format, Kind, Member, Simple, TimestampFormat, Union, UnionForm,
};

use super::document::{Node, duplicate, is_moment, matches};
use super::{Oracle, Verdict, Violation, inside, mismatch, missing, says_format};

/// The nesting up to which the server compares a value with the members of untagged unions, however
/// they are nested.
const COMPARED: usize = 60;

impl Oracle<'_> {
    /// A union whose member is named among the members of its value (`alloy#discriminated`).
    pub(super) fn discriminated<N: Node>(
        &self,
        union: &Union,
        key: &str,
        entries: &[(&str, &N)],
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let pointer_to_name = inside(pointer, key);
        let mut names = entries.iter().filter(|(name, _)| *name == key);
        let name = match (names.next(), names.next()) {
            (Some((_, value)), None) => match value.as_text() {
                Some(name) => name,
                None => {
                    let mismatch = mismatch(&pointer_to_name, "a string", value.noun());
                    return verdict.violations.push(mismatch);
                }
            },
            (Some(_), Some(_)) => return verdict.violations.push(duplicate(&pointer_to_name)),
            (None, _) => return verdict.violations.push(missing(&pointer_to_name)),
        };
        let mut members = union.members.iter().filter(|member| !member.json_unknown);
        if let Some(member) = members.find(|member| verdict.name(member) == name) {
            let kind = &self.peer.model.shapes[member.target].kind;
            let members = kind.members().collect::<Vec<_>>();
            let others = entries.iter().filter(|(name, _)| *name != key);
            let others = others.copied().collect::<Vec<_>>();
            self.redacted(member, verdict, |verdict| {
                self.entries_of(&members, &[], &others, pointer, verdict);
            });
        } else if !union.members.iter().any(|member| member.json_unknown) {
            let expected = "the name of a member of the union";
            let mismatch = mismatch(&pointer_to_name, expected, "another");
            verdict.violations.push(mismatch);
        }
    }

    /// A union whose value is that of its member (`alloy#untagged`): of the first member that it is
    /// valid for. The violations are those for the only member that may have a value of this type,
    /// if there is one.
    pub(super) fn untagged<N: Node>(
        &self,
        union: &Union,
        value: &N,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        if value.depth() > COMPARED {
            verdict.unsure("a value that is compared with the members of many nested unions");
        }
        let candidates = union
            .members
            .iter()
            .filter(|member| self.can_be(member, value.noun()));
        let mut violations = Vec::new();
        for member in candidates {
            let mut compared = Verdict::new(verdict.wire);
            self.value(member, value, pointer, &mut compared);
            verdict.unsure = verdict.unsure.or(compared.unsure);
            if !compared.statuses.is_empty() {
                return verdict.statuses.extend(compared.statuses);
            }
            if compared.violations.is_empty() {
                return;
            }
            violations.push(compared.violations);
        }
        match <[Vec<Violation>; 1]>::try_from(violations) {
            Ok([violations]) => verdict.violations.extend(violations),
            Err(_) => verdict
                .violations
                .push(mismatch(pointer, NO_MEMBER, value.noun())),
        }
    }

    /// Whether a member of an untagged union may have a value of a type.
    fn can_be(&self, member: &Member, noun: &str) -> bool {
        can_be(&self.peer.model.shapes[member.target].kind, member, noun)
    }
}

/// The expected value of an untagged union.
pub(crate) const NO_MEMBER: &str = "a value of a member of the union";

/// Whether a value of a kind may have a type of JSON.
pub(crate) fn can_be(kind: &Kind, member: &Member, noun: &str) -> bool {
    let timestamp = match member.timestamp_format {
        None | Some(TimestampFormat::EpochSeconds) => "a number",
        Some(TimestampFormat::DateTime | TimestampFormat::HttpDate) => "a string",
    };
    match kind {
        Kind::Simple(Simple::Document) => true,
        Kind::Simple(Simple::Boolean) => noun == "a boolean",
        Kind::Simple(Simple::String | Simple::Blob) | Kind::Enum(_) => noun == "a string",
        Kind::Simple(Simple::Float | Simple::Double) => matches!(noun, "a string" | "a number"),
        Kind::Simple(Simple::Timestamp) => noun == timestamp,
        Kind::Simple(_) | Kind::IntEnum(_) => noun == "a number",
        Kind::List(_) => noun == "a list",
        Kind::Union(union) if union.form == UnionForm::Untagged => true,
        Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => noun == "an object",
    }
}

/// Whether a text has a format.
pub(super) fn is_formatted(format: Format, text: &str) -> bool {
    const DATE: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    const TIME: &str = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?";
    const OFFSET: &str = "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    let has_form = |form: &str| matches(&format!("^{form}$"), text);
    let exists = |text: &str| is_moment(text, TimestampFormat::DateTime) == Some(true);
    match format {
        Format::Uuid => has_form("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
        Format::Date => has_form(DATE) && exists(&format!("{text}T00:00:00Z")),
        Format::LocalTime => has_form(TIME) && exists(&format!("2000-01-01T{text}Z")),
        Format::LocalDateTime => {
            has_form(&format!("{DATE}[Tt]{TIME}")) && exists(&format!("{text}Z"))
        }
        Format::OffsetTime => {
            has_form(&format!("{TIME}{OFFSET}")) && exists(&format!("2000-01-01T{}Z", &text[..8]))
        }
        Format::ZoneOffset => has_form(OFFSET),
        Format::YearMonth => {
            has_form("[0-9]{4}-[0-9]{2}") && exists(&format!("{text}-01T00:00:00Z"))
        }
        Format::MonthDay => {
            has_form("[0-9]{2}-[0-9]{2}") && exists(&format!("2000-{text}T00:00:00Z"))
        }
        Format::Duration | Format::OffsetDateTime => true,
    }
}

/// Adds the violations of a text's format.
pub(super) fn format(
    constraints: &Constraints,
    text: &str,
    pointer: &str,
    verdict: &mut Verdict<'_>,
) {
    if let Some(format) = constraints.format
        && !is_formatted(format, text)
    {
        let violation = Violation::new(pointer, says_format(format));
        verdict.violations.push(violation);
    }
}

/// Adds the violation of a duration in seconds that has more than nine decimals.
pub(super) fn duration(
    constraints: &Constraints,
    digits: &str,
    pointer: &str,
    verdict: &mut Verdict<'_>,
) {
    if constraints.format == Some(Format::Duration) && decimals(digits) > 9 {
        let violation = Violation::new(pointer, says_format(Format::Duration));
        verdict.violations.push(violation);
    }
}

/// The number of decimals that a number needs.
fn decimals(digits: &str) -> i64 {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let significant = format!("{integer}{fraction}");
    let zeros = significant.len() - significant.trim_end_matches('0').len();
    if significant.trim_matches(['0', '-']).is_empty() {
        return 0;
    }
    let count = |length: usize| i64::try_from(length).expect("a document is short");
    count(fraction.len()) - count(zeros) - exponent.parse::<i64>().unwrap_or(0)
}
