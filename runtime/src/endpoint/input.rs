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
        pick: Pick::Values,
        found: &mut found,
    };
    // Visiting values cannot fail.
    let _ = walk.follow(ValueRef::Structure(input));
    found
}

/// Follows steps from the values that it visits.
struct Walk<'w> {
    steps: &'w [Step],
    pick: Pick,
    found: &'w mut Found,
}

/// What a walk does with the values that it visits.
enum Pick {
    /// Follows each of them.
    Values,
    /// Follows the member of a structure with this index.
    Member(&'static Schema, usize),
    /// Collects the keys of a map instead.
    Keys,
}

impl Walk<'_> {
    fn follow(&mut self, value: ValueRef<'_>) -> Result<(), EncodeError> {
        let [step, steps @ ..] = self.steps else {
            self.end(value);
            return Ok(());
        };
        let mut walk = Walk {
            steps,
            pick: Pick::Values,
            found: &mut *self.found,
        };
        match (step, value) {
            (Step::Member(index), ValueRef::Structure(structure)) => {
                walk.pick = Pick::Member(structure.schema(), *index);
                structure.encode_members(&mut walk)
            }
            #[cfg(feature = "alloy")]
            (Step::Member(index), ValueRef::Union(union)) => {
                walk.pick = Pick::Member(union.schema(), *index);
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
                walk.found.texts.get_or_insert_default();
                walk.pick = Pick::Keys;
                map.encode_entries(&ELEMENT, &ELEMENT, &mut walk)
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
        match self.pick {
            Pick::Member(schema, index) if !schema.is_at(index, member) => Ok(()),
            Pick::Keys => Ok(()),
            Pick::Member(..) | Pick::Values => self.follow(value),
        }
    }

    fn entry(&mut self, _: &'static Member, key: &str) -> Result<(), EncodeError> {
        if let (Pick::Keys, Some(texts)) = (&self.pick, &mut self.found.texts) {
            texts.push(key.to_owned());
        }
        Ok(())
    }

    fn unknown_member(&mut self, _: &str, _: &Document) -> Result<(), EncodeError> {
        Ok(())
    }
}
