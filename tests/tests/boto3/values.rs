//! Inputs and outputs as JSON, generated from schemas, with the names on the wire.

use drawplate_runtime::schema::{Binding, Kind, Member, Number, Schema};
use drawplate_runtime::service::{Operation, Service};
use serde_json::{Map, Value, json};

use drawplate_tests::arbitrary::Arbitrary;

/// Random values per structure.
const RANDOM: u64 = 12;

/// Texts that need care in a path. `.` and `..` are left out, since our client rejects them:
/// servers and proxies would change the path.
const LABELS: [&str; 14] = [
    "a b",
    " ",
    "a/b",
    "/",
    "//",
    "a%2Fb",
    "%",
    "a+b",
    "?a=b&c=d",
    "#",
    "-._~",
    ":@!$&'()*,;=[]",
    "...",
    "grün\u{1F600}\u{7f}\t",
];

/// A call that both sides make.
pub(crate) struct Case {
    pub(crate) operation: &'static Operation,
    /// A description of its input.
    pub(crate) what: String,
    pub(crate) input: Value,
}

/// The calls of a service: per operation all members, the required members, random inputs, and
/// awkward labels if it has labels.
pub(crate) fn calls(service: &Service) -> Vec<Case> {
    let operations = service.operations.iter();
    operations.copied().flat_map(calls_of).collect()
}

/// The calls of an operation with valid inputs: all constraints of the model hold.
pub(crate) fn valid_calls(operation: &'static Operation) -> Vec<Case> {
    let mut cases = calls_of(operation);
    for case in &mut cases {
        correct(operation.input, &mut case.input);
    }
    cases
}

fn calls_of(operation: &'static Operation) -> Vec<Case> {
    let schema = operation.input;
    let mut inputs = any(schema);
    let least = structure(schema, &|member| member.required);
    let labels = schema.members.iter();
    for member in labels.filter(|member| member.binding == Binding::Label) {
        for text in LABELS {
            let mut input = least.clone();
            input[member.json_name] = json!(text);
            inputs.push((format!("{} {text:?}", member.name), input));
        }
    }
    let case = |(what, input)| Case {
        operation,
        what,
        input,
    };
    inputs.into_iter().map(case).collect()
}

/// Values of a structure, each with a description: the required members, all members, and random
/// ones.
pub(crate) fn any(schema: &'static Schema) -> Vec<(String, Value)> {
    let mut values = vec![
        (
            "least".to_owned(),
            structure(schema, &|member| member.required),
        ),
        ("full".to_owned(), structure(schema, &|_| true)),
    ];
    for seed in 0..RANDOM {
        let mut value = Arbitrary::new(seed).shape(schema);
        repair(schema, &mut value);
        values.push((format!("seed {seed}"), value));
    }
    values
}

/// A structure with the `chosen` members, at any depth.
fn structure(schema: &'static Schema, chosen: &dyn Fn(&Member) -> bool) -> Value {
    let members = schema.members.iter().filter(|member| chosen(member));
    let members = members.map(|member| (member.json_name.to_owned(), value(member, chosen)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn value(member: &'static Member, chosen: &dyn Fn(&Member) -> bool) -> Value {
    let schema = member.target;
    match schema.kind {
        Kind::Boolean => json!(true),
        Kind::Integer => json!(bounds(member).0),
        Kind::Double => json!(12.5),
        Kind::String => json!(text(member)),
        Kind::Enum => json!(schema.values[0]),
        Kind::List => Value::Array(vec![value(&schema.members[0], chosen); 2]),
        Kind::Map => json!({ "KEY": value(&schema.members[1], chosen) }),
        Kind::Structure => structure(schema, chosen),
        other => panic!("{}: there is a value of kind {other:?}", schema.id),
    }
}

/// The member's name, repeated until it is long enough.
fn text(member: &Member) -> String {
    let least = member.length.and_then(|(least, _)| least).unwrap_or(0);
    let least = usize::try_from(least).expect("a length fits");
    let name = member.name;
    name.repeat(least.div_ceil(name.len()).max(1))
}

fn bounds(member: &Member) -> (i64, i64) {
    let (least, most) = member.range.unwrap_or_default();
    let integer = |bound: Option<Number>| match bound {
        Some(Number::Integer(bound)) => Some(bound),
        _ => None,
    };
    let least = integer(least).unwrap_or(i32::MIN.into());
    (least, integer(most).unwrap_or(i32::MAX.into()))
}

/// Changes a random value into one that boto3 accepts too: it checks minimum lengths and ranges,
/// sends no empty labels, and writes NaN and the infinities as invalid JSON.
fn repair(schema: &'static Schema, value: &mut Value) {
    each(schema, value, &mut |member, value| {
        let kind = member.target.kind;
        if kind == Kind::Double && value.is_string() {
            *value = json!(0.5);
        }
        if let (Kind::Integer, Some(number)) = (kind, value.as_i64()) {
            let (least, most) = bounds(member);
            *value = json!(number.clamp(least, most));
        }
        if let (Kind::String, Some(given)) = (kind, value.as_str()) {
            let label = member.binding == Binding::Label;
            let least = member.length.and_then(|(least, _)| least).unwrap_or(0);
            if (given.chars().count() as u64) < least || label && given.is_empty() {
                *value = json!(given.to_owned() + &text(member));
            }
        }
    });
}

/// Changes a value that boto3 accepts into a valid one: boto3 does not check enums, maximum lengths
/// and patterns.
fn correct(schema: &'static Schema, value: &mut Value) {
    each(schema, value, &mut |member, value| {
        let schema = member.target;
        let Some(given) = value.as_str() else { return };
        if schema.kind == Kind::Enum && !schema.values.contains(&given) {
            *value = json!(schema.values[0]);
        } else if let Some(pattern) = member.pattern {
            let pattern = regex::Regex::new(pattern).expect("patterns of the model compile");
            if !pattern.is_match(given) {
                let fitting = PATTERNED.iter().find(|text| pattern.is_match(text));
                *value = json!(fitting.unwrap_or_else(|| panic!("add a text for {pattern}")));
            }
        }
        let most = member.length.and_then(|(_, most)| most);
        if let (Some(given), Some(most)) = (value.as_str(), most) {
            let most = usize::try_from(most).expect("a length fits");
            *value = json!(given.chars().take(most).collect::<String>());
        }
    });
}

/// Texts for patterns; the first that matches is used.
const PATTERNED: [&str; 2] = ["text", "text_1"];

/// Breaks a rule of the model that boto3 does not check: sets an enum to an unknown value. Returns
/// its path, or `None` if there is no enum.
pub(crate) fn spoil(schema: &'static Schema, value: &mut Value) -> Option<String> {
    for member in schema.members {
        let Some(value) = value.get_mut(member.json_name) else {
            continue;
        };
        if member.target.kind == Kind::Enum {
            *value = json!("no such value");
            return Some(format!("/{}", member.name));
        }
        if member.target.kind == Kind::Structure
            && let Some(inside) = spoil(member.target, value)
        {
            return Some(format!("/{}{inside}", member.name));
        }
    }
    None
}

/// Calls `change` with each value inside a structure, the innermost last.
fn each(
    schema: &'static Schema,
    value: &mut Value,
    change: &mut dyn FnMut(&'static Member, &mut Value),
) {
    let mut inside = |member: &'static Member, value: &mut Value| {
        change(member, value);
        each(member.target, value, change);
    };
    match value {
        Value::Object(entries) if schema.kind == Kind::Map => {
            for value in entries.values_mut() {
                inside(&schema.members[1], value);
            }
        }
        Value::Object(entries) => {
            for member in schema.members {
                if let Some(value) = entries.get_mut(member.json_name) {
                    inside(member, value);
                }
            }
        }
        Value::Array(elements) => {
            for value in elements {
                inside(&schema.members[0], value);
            }
        }
        _ => {}
    }
}
