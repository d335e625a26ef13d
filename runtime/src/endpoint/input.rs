//! Values of an input that are parameters of endpoint rules.

use super::{EndpointError, ParameterValue, Rules, Source, Step};
use crate::error::EncodeError;
use crate::schema::{Member, Schema};
use crate::shape::EncodeMembers;
use crate::shape::visitor::{ValueRef, ValueVisitor};
use crate::value::Document;

impl Rules {
    /// Replaces the values that an operation with this input gives to parameters.
    ///
    /// # Errors
    ///
    /// If a value that the endpoint depends on is empty.
    pub(crate) fn bind(
        &self,
        operation: &str,
        input: &dyn EncodeMembers,
        values: &mut [Option<ParameterValue>],
    ) -> Result<(), EndpointError> {
        for (index, source) in self.operation(operation) {
            let value = match source {
                Source::Static(value) => Some(value.into()),
                Source::Input(steps) => found(input, steps).single,
                Source::Required(steps) => {
                    let value = found(input, steps).single;
                    let is_text = |value: &ParameterValue| matches!(value, ParameterValue::String(text) if !text.trim().is_empty());
                    if !value.as_ref().is_some_and(is_text) {
                        let parameter = self.parameters.get(*index);
                        return Err(EndpointError::Missing {
                            parameter: parameter.map_or("", |parameter| parameter.name),
                        });
                    }
                    value
                }
                Source::Inputs(steps) => {
                    let texts = found(input, steps).texts;
                    texts.map(ParameterValue::Strings)
                }
            };
            if let (Some(slot), Some(value)) = (values.get_mut(*index), value) {
                *slot = Some(value);
            }
        }
        Ok(())
    }
}

/// The values at the end of a way.
#[derive(Default)]
struct Found {
    single: Option<ParameterValue>,
    /// The texts, if the way leads to a list.
    texts: Option<Vec<String>>,
}

/// The values that steps lead to from an input.
fn found(input: &dyn EncodeMembers, steps: &[Step]) -> Found {
    let mut found = Found::default();
    let mut walk = Walk {
        steps,
        picked: None,
        found: &mut found,
    };
    // Visiting values cannot fail.
    let _ = walk.follow(ValueRef::Structure(input));
    found
}

/// Follows steps from the values that it visits.
struct Walk<'w> {
    steps: &'w [Step],
    /// The only member to follow.
    picked: Option<(&'static Schema, usize)>,
    found: &'w mut Found,
}

impl Walk<'_> {
    fn follow(&mut self, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let [step, steps @ ..] = self.steps else {
            self.end(value);
            return Ok(());
        };
        let mut walk = Walk {
            steps,
            picked: None,
            found: &mut *self.found,
        };
        match (step, value) {
            (Step::Member(index), ValueRef::Structure(structure)) => {
                walk.picked = Some((structure.schema(), *index));
                structure.encode_members(&mut walk)
            }
            #[cfg(feature = "alloy")]
            (Step::Member(index), ValueRef::Union(union)) => {
                walk.picked = Some((union.schema(), *index));
                union.encode_members(&mut walk)
            }
            (Step::Elements, ValueRef::List(list)) => {
                walk.found.texts.get_or_insert_default();
                list.encode_elements(&ELEMENT, &mut walk)
            }
            (Step::Values, ValueRef::Map(map)) => {
                walk.found.texts.get_or_insert_default();
                map.encode_entries(&ELEMENT, &ELEMENT, &mut walk)
            }
            (Step::Keys, ValueRef::Map(map)) => {
                let texts = walk.found.texts.get_or_insert_default();
                map.encode_entries(&ELEMENT, &ELEMENT, &mut Keys(texts))
            }
            (Step::Select(ways), value) => {
                walk.found.texts.get_or_insert_default();
                for steps in *ways {
                    walk.steps = steps;
                    walk.follow(value)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, value: ValueRef<'_>) {
        match (&mut self.found.texts, value) {
            (Some(texts), ValueRef::String(text)) => texts.push(text.to_owned()),
            (None, ValueRef::String(text)) => self.found.single = Some(text.into()),
            (None, ValueRef::Boolean(value)) => self.found.single = Some(value.into()),
            _ => {}
        }
    }
}

/// The member of elements and entries, whose schemas do not matter here.
static ELEMENT: Member = Member::new("", &crate::schema::STRING);

impl ValueVisitor for Walk<'_> {
    fn value(&mut self, member: &'static Member, value: ValueRef<'_>) -> Result<(), EncodeError> {
        if let Some((schema, index)) = self.picked {
            let wanted = schema.members.get(index);
            if !wanted.is_some_and(|wanted| std::ptr::eq(wanted, member)) {
                return Ok(());
            }
        }
        self.follow(value)
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// Collects the keys of a map.
struct Keys<'k>(&'k mut Vec<String>);

impl ValueVisitor for Keys<'_> {
    fn value(&mut self, _: &'static Member, _: ValueRef<'_>) -> Result<(), EncodeError> {
        Ok(())
    }

    fn entry(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        self.0.push(key.to_owned());
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}
