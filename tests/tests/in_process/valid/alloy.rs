//! Values of shapes with traits of alloy.

use drawplate_model::model::{Constraints, Format, Kind, Member, Union, UnionForm};

use super::Valid;
use crate::json::Json;

impl Valid<'_> {
    /// The value of a union with a member that is set, in its form.
    pub(crate) fn set_member(&mut self, union: &Union, member: &Member, depth: usize) -> Json {
        let name = member.json_name.to_string();
        match &union.form {
            _ if member.json_unknown => {
                let value = self.document(depth + 1);
                let mut entries = vec![("a newer member".to_owned(), value)];
                if let UnionForm::Discriminated(key) = &union.form {
                    entries.insert(0, (key.to_string(), Json::text("a newer member")));
                } else if entries[0].1 == Json::Null {
                    // A member that is null is not set.
                    entries[0].1 = Json::Bool(false);
                }
                Json::Object(entries)
            }
            UnionForm::Tagged => Json::Object(vec![(name, self.member(member, depth + 1))]),
            UnionForm::Discriminated(key) => {
                let Json::Object(mut entries) = self.member(member, depth + 1) else {
                    panic!("a member of a discriminated union is a structure")
                };
                entries.insert(0, (key.to_string(), Json::text(name)));
                Json::Object(entries)
            }
            UnionForm::Untagged => self.member(member, depth + 1),
        }
    }

    /// Members that the model does not have.
    pub(super) fn unknown(&mut self, wanted: bool, depth: usize) -> Vec<(String, Json)> {
        let count = if wanted { self.random.below(3) } else { 0 };
        let entries = (0..count).map(|index| (format!("newer {index}"), self.document(depth + 1)));
        entries.collect()
    }

    /// Whether the value of an enum is one that the model does not have.
    pub(super) fn is_unknown_value(&mut self, member: &Member) -> bool {
        let target = &self.model.shapes[member.target];
        matches!(target.kind, Kind::Enum(_) | Kind::IntEnum(_))
            && target.is_open_enum()
            && self.random.once_in(4)
    }

    /// A value of a format.
    pub(super) fn formatted(&mut self, constraints: &Constraints) -> Option<Json> {
        let texts: &[&str] = match constraints.format? {
            Format::Uuid => &[
                "51216269-c0c8-454a-871e-329513e54e23",
                "00000000-0000-0000-0000-000000000000",
                "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            ],
            Format::Date => &["2024-02-29", "0001-01-01", "9999-12-31"],
            Format::LocalTime => &["00:00:00", "23:59:59.999999999"],
            Format::LocalDateTime => &["2024-02-29T13:26:51.5"],
            Format::OffsetTime => &["13:26:51+02:00", "00:00:00.1-11:30"],
            Format::ZoneOffset => &["+02:00", "-11:30"],
            Format::YearMonth => &["2025-08"],
            Format::MonthDay => &["02-29"],
            Format::Duration => {
                let digits = ["0", "86400.000000001", "-1.5"];
                return Some(Json::number(*self.random.pick(&digits)));
            }
            Format::OffsetDateTime => return None,
        };
        Some(Json::text(*self.random.pick(texts)))
    }
}
