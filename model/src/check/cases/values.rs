//! Whether `params` are values of the shapes that they are for (Smithy 2.0, "Parameter format").

use serde_json::Value;

use super::super::with_article;
use crate::model::{CaseAnswer, Kind, Member, Model, ShapeId, Simple};
use crate::{At, Code, Diagnostic, Report};

/// The values of each case fit the input, output or error that it is for.
pub(in super::super) fn values(model: &Model, report: &mut Report) {
    let requests = model.cases.requests.iter().map(|case| {
        let input = model.operations[case.operation].input;
        (&case.head, input, &case.params)
    });
    let responses = model.cases.responses.iter().map(|case| {
        let shape = match case.answer {
            CaseAnswer::Output(operation) => model.operations[operation].output,
            CaseAnswer::Error(error) => error,
        };
        (&case.head, shape, &case.params)
    });
    for (head, shape, params) in requests.chain(responses) {
        let mut walk = Walk {
            model,
            id: &head.id,
            report,
        };
        walk.value(shape, params, &head.at.join("params"));
    }
}

struct Walk<'w> {
    model: &'w Model,
    id: &'w str,
    report: &'w mut Report,
}

impl Walk<'_> {
    fn value(&mut self, shape: ShapeId, value: &Value, at: &At) {
        let kind = &self.model.shapes[shape].kind;
        match (kind, value) {
            (Kind::List(list), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.element(
                        &list.member,
                        list.sparse,
                        item,
                        &at.join(&index.to_string()),
                    );
                }
            }
            (Kind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries {
                    self.element(&map.value, map.sparse, value, &at.join(key));
                }
            }
            (Kind::Structure(structure), Value::Object(entries)) => {
                for (name, value) in entries {
                    self.member(&structure.members, name, value, &at.join(name), shape);
                }
            }
            // Events travel by themselves.
            (Kind::Union(union), _) if union.streaming => {}
            (Kind::Union(union), Value::Object(entries)) if entries.len() == 1 => {
                for (name, value) in entries {
                    self.member(&union.members, name, value, &at.join(name), shape);
                }
            }
            _ if is_simple(kind, value) => {}
            _ => self.wrong(shape, expected(kind), at),
        }
    }

    fn element(&mut self, member: &Member, sparse: bool, value: &Value, at: &At) {
        if !(sparse && value.is_null()) {
            self.value(member.target, value, at);
        }
    }

    /// A member of a structure that is null has no value.
    fn member(&mut self, members: &[Member], name: &str, value: &Value, at: &At, shape: ShapeId) {
        match members.iter().find(|member| &*member.name == name) {
            Some(_) if value.is_null() => {}
            Some(member) => self.value(member.target, value, at),
            None => self.wrong(shape, "a member of it", at),
        }
    }

    fn wrong(&mut self, shape: ShapeId, expected: &str, at: &At) {
        let shape = &self.model.shapes[shape];
        let message = format!(
            "a value of the test case `{}` is none of `{}`, which is {}",
            self.id,
            shape.name,
            with_article(shape.kind.noun())
        );
        self.report.push(
            Diagnostic::new(Code::CaseValue, message, at.clone())
                .label(format!("{expected} is expected here"))
                .shape(&shape.name),
        );
    }
}

fn is_simple(kind: &Kind, value: &Value) -> bool {
    let whole = |least: i64, most: i64| {
        value
            .as_i64()
            .is_some_and(|value| (least..=most).contains(&value))
    };
    match kind {
        Kind::Simple(simple) => match simple {
            Simple::Blob | Simple::String => value.is_string(),
            Simple::Boolean => value.is_boolean(),
            Simple::Byte => whole(i8::MIN.into(), i8::MAX.into()),
            Simple::Short => whole(i16::MIN.into(), i16::MAX.into()),
            Simple::Integer => whole(i32::MIN.into(), i32::MAX.into()),
            Simple::Long => whole(i64::MIN, i64::MAX),
            Simple::Float | Simple::Double => {
                value.is_number()
                    || matches!(value.as_str(), Some("NaN" | "Infinity" | "-Infinity"))
            }
            Simple::BigInteger | Simple::BigDecimal | Simple::Timestamp => value.is_number(),
            Simple::Document => true,
        },
        Kind::Enum(_) => value.is_string(),
        Kind::IntEnum(_) => whole(i32::MIN.into(), i32::MAX.into()),
        Kind::List(_) | Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => false,
    }
}

/// How a value of a kind is written in a test case.
fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Simple(simple) => match simple {
            Simple::Blob => "the text of the bytes",
            Simple::Boolean => "a boolean",
            Simple::String => "a string",
            Simple::Byte | Simple::Short | Simple::Integer | Simple::Long => {
                "a whole number within its bounds"
            }
            Simple::Float | Simple::Double => "a number, \"NaN\", \"Infinity\" or \"-Infinity\"",
            Simple::BigInteger | Simple::BigDecimal => "a number",
            Simple::Timestamp => "a number of seconds since 1970",
            Simple::Document => "any value",
        },
        Kind::Enum(_) => "a string",
        Kind::IntEnum(_) => "a whole number of 32 bits",
        Kind::List(_) => "an array, with null only where the list is sparse,",
        Kind::Map(_) => "an object, with null only where the map is sparse,",
        Kind::Structure(_) => "an object",
        Kind::Union(_) => "an object with one member",
    }
}
