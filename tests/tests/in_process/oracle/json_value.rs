//! Judges values in JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use drawplate_model::model::{Kind, Member, Simple, TimestampFormat};

use super::document::{Found, Node, Reader, is_moment};
use super::{Oracle, Verdict, alloy, integers, mismatch, shown};
use crate::json::Json;
use crate::protocols::Format;

impl Node for Json {
    /// The server's reader rejects numbers beyond the range of a double, unless it needs only the
    /// digits, and the whole document with them.
    fn read(&self, reader: Reader) -> Option<Found<'_, Self>> {
        Some(match self {
            Self::Null => Found::Null,
            Self::Array(elements) => Found::List(elements.iter().collect()),
            Self::Object(entries) => {
                let entries = entries.iter();
                Found::Object(entries.map(|(name, value)| (&**name, value)).collect())
            }
            Self::Number(_)
                if is_huge_number(self) && matches!(reader, Reader::Simple | Reader::Keyed) =>
            {
                return None;
            }
            _ => Found::Simple,
        })
    }

    fn noun(&self) -> &'static str {
        self.noun()
    }

    fn as_text(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    fn depth(&self) -> usize {
        self.depth()
    }

    fn is_plain(&self) -> bool {
        true
    }

    fn judge_simple(
        &self,
        oracle: &Oracle<'_>,
        member: &Member,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &oracle.peer.model.shapes[member.target].kind;
        if let Some((least, most, expected)) = integers(kind) {
            oracle.integer(member, self, (least, most, expected), pointer, verdict);
            return;
        }
        let uniform = verdict.wire.format == Format::UniformJson;
        let mut wrong = |expected: &str| {
            verdict
                .violations
                .push(mismatch(pointer, expected, self.noun()));
        };
        match (kind, self) {
            (Kind::Simple(Simple::Boolean), Self::Bool(_)) => {}
            (Kind::Simple(Simple::Boolean), _) => wrong("a boolean"),
            (Kind::Simple(Simple::String) | Kind::Enum(_), Self::String(text)) => {
                oracle.string(member, text, pointer, verdict);
            }
            (Kind::Simple(Simple::String) | Kind::Enum(_), _) => wrong("a string"),
            (Kind::Simple(Simple::Blob), Self::String(text)) => match STANDARD.decode(text) {
                Ok(bytes) => Oracle::length(&member.constraints, bytes.len(), pointer, verdict),
                Err(_) => verdict
                    .violations
                    .push(mismatch(pointer, "base64 text", "other text")),
            },
            (Kind::Simple(Simple::Blob), _) => wrong("base64 text"),
            (Kind::Simple(Simple::Float | Simple::Double), _) => {
                oracle.double(member, self, pointer, verdict);
            }
            (Kind::Simple(Simple::BigInteger | Simple::BigDecimal), Self::String(text))
                if uniform =>
            {
                oracle.number_in_text(member, text, pointer, verdict);
            }
            (Kind::Simple(Simple::BigInteger | Simple::BigDecimal), _) if uniform => {
                wrong("the text of a number");
            }
            (Kind::Simple(Simple::BigInteger | Simple::BigDecimal), _) => {
                oracle.big(member, self, pointer, verdict);
            }
            (Kind::Simple(Simple::Timestamp), _) => {
                let format = member.timestamp_format.filter(|_| !uniform);
                Oracle::timestamp(member, self, format, pointer, verdict);
            }
            (kind, _) => unreachable!("{kind:?} is not simple"),
        }
    }
}

impl Oracle<'_> {
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
        alloy::duration(&member.constraints, digits, pointer, verdict);
        self.range(
            member,
            digits.parse().expect("a number of JSON"),
            pointer,
            verdict,
        );
    }

    fn timestamp(
        member: &Member,
        json: &Json,
        format: Option<TimestampFormat>,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let format = format.unwrap_or(TimestampFormat::EpochSeconds);
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

    /// A number of any size in a text (Smithy, "RPC v2 JSON protocol", "Numeric type
    /// serialization").
    fn number_in_text(
        &self,
        member: &Member,
        text: &str,
        pointer: &str,
        verdict: &mut Verdict<'_>,
    ) {
        let kind = &self.peer.model.shapes[member.target].kind;
        let integer = matches!(kind, Kind::Simple(Simple::BigInteger));
        let number = Json::parse(text.as_bytes());
        match number {
            Ok(Json::Number(digits))
                if digits == text && !(integer && digits.contains(['.', 'e', 'E'])) =>
            {
                let value = digits.parse().expect("a number of JSON");
                self.range(member, value, pointer, verdict);
            }
            _ => {
                let expected = if integer { "an integer" } else { "a number" };
                let found = shown(member, text, "another value");
                verdict.violations.push(mismatch(pointer, expected, &found));
            }
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

/// Whether a number is beyond the range of a double: only types that keep digits can hold it.
fn is_huge_number(json: &Json) -> bool {
    match json {
        Json::Number(digits) => digits.parse::<f64>().is_ok_and(f64::is_infinite),
        _ => false,
    }
}
