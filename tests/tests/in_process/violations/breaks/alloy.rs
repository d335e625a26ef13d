//! Values that break what the traits of alloy require.

use drawplate_model::model::{Format, Kind, Union, UnionForm};

use super::Breaks;
use crate::json::Json;
use crate::oracle::{NO_MEMBER, Violation, can_be, inside, mismatch, missing};

const TWICE: &str = "Member must not occur twice";

impl Breaks<'_> {
    /// Whether the value is that of a union without a name of its own.
    pub(super) fn is_nameless(&self) -> bool {
        let [.., holder, _] = &*self.site.path else {
            return false;
        };
        match &self.peer.model.shapes[holder.target].kind {
            Kind::Union(union) => union.form != UnionForm::Tagged,
            _ => false,
        }
    }

    /// Whether the site is an untagged union of which a member may have a type.
    pub(super) fn is_of_untagged_member(&self, noun: &str) -> bool {
        match self.kind() {
            Kind::Union(union) if union.form == UnionForm::Untagged => {
                self.candidates(union, noun) > 0
            }
            _ => false,
        }
    }

    /// The number of members of a union whose values may have a type.
    fn candidates(&self, union: &Union, noun: &str) -> usize {
        let candidates = union.members.iter().filter(|member| {
            let kind = &self.peer.model.shapes[member.target].kind;
            can_be(kind, member, noun)
        });
        candidates.count()
    }

    /// The discriminator of a union.
    pub(super) fn discriminated(&mut self, union: &Union, key: &str) {
        let pointer = inside(&self.base.pointer, key);
        let with = |value: Option<Json>| {
            let mut object = self.value();
            match value {
                Some(value) => object.set(key, value),
                None => object.remove(key),
            }
            self.with(&object)
        };
        let mut broken = vec![
            (missing(&pointer), with(None)),
            (
                mismatch(&pointer, "a string", "a number"),
                with(Some(Json::number(1_234_567))),
            ),
            (
                mismatch(&pointer, "a string", "null"),
                with(Some(Json::Null)),
            ),
        ];
        if !union.members.iter().any(|member| member.json_unknown) {
            let expected = "the name of a member of the union";
            let name = Json::text("hunter2 is no member");
            broken.push((mismatch(&pointer, expected, "another"), with(Some(name))));
        }
        let mut twice = self.value();
        let discriminator = twice.get(key).cloned().expect("the value has a member");
        if let Json::Object(entries) = &mut twice {
            entries.push((key.to_owned(), discriminator));
        }
        broken.push((Violation::new(&pointer, TWICE), self.with(&twice)));
        for (violation, input) in broken {
            self.add(violation, input);
        }
    }

    /// Members that the model does not have, if they are kept.
    pub(super) fn unknown(&mut self) {
        let Kind::Structure(structure) = self.kind() else {
            return;
        };
        if structure.members.iter().any(|member| member.json_unknown) {
            let mut value = self.value();
            if let Json::Object(entries) = &mut value {
                let unknown = ("hunter2".to_owned(), Json::Null);
                entries.extend([unknown.clone(), unknown]);
            }
            let violation = Violation::new(&inside(&self.base.pointer, "hunter2"), TWICE);
            let input = self.with(&value);
            self.add(violation, input);
        }
    }

    /// An untagged union reports the violations in its value if only one member may have the type
    /// of the value, and otherwise that the value is that of none.
    pub(super) fn in_untagged_unions(&mut self) {
        if self.base.unions.is_empty() {
            return;
        }
        let mut found = std::mem::take(&mut self.found);
        for one in &mut found {
            let violation = self.reported(&one.violation, &one.inputs[0]);
            one.inputs
                .retain(|input| self.reported(&one.violation, input) == violation);
            one.violation = violation;
        }
        self.found = found;
    }

    /// The violation that the untagged unions around the site report.
    fn reported(&self, violation: &Violation, input: &Json) -> Violation {
        let mut reported = violation.clone();
        for around in self.base.unions.iter().rev() {
            let Kind::Union(union) = &self.peer.model.shapes[around.shape].kind else {
                continue;
            };
            let mut input = input.clone();
            let mut value = &mut input;
            for step in &self.base.steps[..around.steps] {
                value = step.of(value);
            }
            if self.candidates(union, value.noun()) != 1 {
                reported = mismatch(&around.pointer, NO_MEMBER, value.noun());
            }
        }
        reported
    }

    /// The valid value at the site.
    fn value(&self) -> Json {
        let mut input = self.base.input.clone();
        let mut value = &mut input;
        for step in &self.base.steps {
            value = step.of(value);
        }
        value.clone()
    }
}

/// Texts that do not have a format.
pub(super) fn texts_without_format(format: Format) -> &'static [&'static str] {
    match format {
        Format::Uuid => &["hunter2-c0c8-454a-871e-329513e54e23"],
        Format::Date => &["2023-02-29"],
        Format::LocalTime => &["24:00:00"],
        Format::LocalDateTime => &["2023-02-29T13:26:51"],
        Format::OffsetTime => &["13:26:51+24:00"],
        Format::ZoneOffset => &["+2"],
        Format::YearMonth => &["2025-13"],
        Format::MonthDay => &["02-30"],
        Format::Duration | Format::OffsetDateTime => &[],
    }
}
