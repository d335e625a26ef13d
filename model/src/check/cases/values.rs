//! The parameters of test cases against the shapes that they are for (Smithy 2.0, "Parameter
//! format").

use crate::model::{CaseSubject, Kind, Member, Model, ShapeId, Simple};
use crate::node::{Node, Number, Value};
use crate::traits::entry_location;
use crate::words::with_article;
use crate::{Code, Diagnostic, Location, Report};

/// The parameters of each case are a value of its input, output or error.
pub(in super::super) fn values(model: &Model, report: &mut Report) {
    let requests = model.cases.requests.iter().map(|case| {
        let input = model.operations[case.operation].input;
        (&case.head, input, &case.params)
    });
    let responses = model.cases.responses.iter().map(|case| {
        let shape = match case.subject {
            CaseSubject::Output(operation) => model.operations[operation].output,
            CaseSubject::Error(error) => error,
        };
        (&case.head, shape, &case.params)
    });
    for (head, shape, params) in requests.chain(responses) {
        let mut walk = Walk {
            model,
            id: &head.id,
            report,
        };
        walk.value(shape, params, &part(&head.location, "params", params));
    }
}

struct Walk<'w> {
    model: &'w Model,
    id: &'w str,
    report: &'w mut Report,
}

impl Walk<'_> {
    fn value(&mut self, shape: ShapeId, node: &Node<'_>, location: &Location) {
        let kind = &self.model.shapes[shape].kind;
        match (kind, &node.value) {
            (Kind::List(list), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let location = part(location, &index.to_string(), item);
                    self.element(&list.member, list.sparse, item, &location);
                }
            }
            (Kind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries.iter() {
                    self.element(&map.value, map.sparse, value, &part(location, key, value));
                }
            }
            (Kind::Structure(structure), Value::Object(entries)) => {
                for (name, value) in entries.iter() {
                    let location = part(location, name, value);
                    self.member(&structure.members, name, value, &location, shape);
                }
            }
            // Events are sent as messages of their own.
            (Kind::Union(union), _) if union.streaming => {}
            (Kind::Union(union), Value::Object(object)) if object.entries.len() == 1 => {
                for (name, value) in object.iter() {
                    let location = part(location, name, value);
                    self.member(&union.members, name, value, &location, shape);
                }
            }
            _ if is_simple(kind, node) => {}
            _ => self.wrong(shape, expected(kind), location),
        }
    }

    fn element(&mut self, member: &Member, sparse: bool, node: &Node<'_>, location: &Location) {
        if !(sparse && node.value == Value::Null) {
            self.value(member.target, node, location);
        }
    }

    /// A member of a structure. One that is null is absent.
    fn member(
        &mut self,
        members: &[Member],
        name: &str,
        node: &Node<'_>,
        location: &Location,
        shape: ShapeId,
    ) {
        match members.iter().find(|member| &*member.name == name) {
            Some(_) if node.value == Value::Null => {}
            Some(member) => self.value(member.target, node, location),
            None => self.wrong(shape, "a member of the shape", location),
        }
    }

    fn wrong(&mut self, shape: ShapeId, expected: &str, location: &Location) {
        let shape = &self.model.shapes[shape];
        let message = format!(
            "a value of the test case `{}` is not a value of `{}`, which is {}",
            self.id,
            shape.name,
            with_article(shape.kind.noun())
        );
        self.report.push(
            Diagnostic::new(Code::CaseValue, message, location.clone())
                .label(format!("expected {expected}"))
                .shape(&shape.name),
        );
    }
}

fn part(location: &Location, token: &str, node: &Node<'_>) -> Location {
    entry_location(location, token, node.range.map(|range| (None, range)))
}

fn is_simple(kind: &Kind, node: &Node<'_>) -> bool {
    let whole = |least: i64, most: i64| {
        let number = node
            .as_number()
            .filter(|it| !it.as_str().contains(['.', 'e', 'E']));
        number
            .and_then(Number::as_i64)
            .is_some_and(|value| (least..=most).contains(&value))
    };
    match kind {
        Kind::Simple(simple) => match simple {
            Simple::Blob | Simple::String => node.as_str().is_some(),
            Simple::Boolean => matches!(node.value, Value::Boolean(_)),
            Simple::Byte => whole(i8::MIN.into(), i8::MAX.into()),
            Simple::Short => whole(i16::MIN.into(), i16::MAX.into()),
            Simple::Integer => whole(i32::MIN.into(), i32::MAX.into()),
            Simple::Long => whole(i64::MIN, i64::MAX),
            Simple::Float | Simple::Double => {
                node.as_number().is_some()
                    || matches!(node.as_str(), Some("NaN" | "Infinity" | "-Infinity"))
            }
            Simple::BigInteger | Simple::BigDecimal | Simple::Timestamp => {
                node.as_number().is_some()
            }
            Simple::Document => true,
        },
        Kind::Enum(_) => node.as_str().is_some(),
        Kind::IntEnum(_) => whole(i32::MIN.into(), i32::MAX.into()),
        Kind::List(_) | Kind::Map(_) | Kind::Structure(_) | Kind::Union(_) => false,
    }
}

/// The form of a value in a test case.
fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Simple(simple) => match simple {
            Simple::Boolean => "a boolean",
            Simple::Blob | Simple::String => "a string",
            Simple::Byte | Simple::Short | Simple::Integer | Simple::Long => {
                "a whole number in the range of the shape"
            }
            Simple::Float | Simple::Double => "a number, \"NaN\", \"Infinity\" or \"-Infinity\"",
            Simple::BigInteger | Simple::BigDecimal => "a number",
            Simple::Timestamp => "a number of seconds since 1970",
            Simple::Document => "any value",
        },
        Kind::Enum(_) => "a string",
        Kind::IntEnum(_) => "a 32-bit whole number",
        Kind::List(_) => "an array, with null only if the list is sparse",
        Kind::Map(_) => "an object, with null only if the map is sparse",
        Kind::Structure(_) => "an object",
        Kind::Union(_) => "an object with exactly one member",
    }
}
