//! Random values that botocore takes, too.

use drawplate_runtime::schema::{Binding, Kind, Member, Number, Schema};
use drawplate_runtime::service::{Operation, Segment};
use drawplate_tests::arbitrary::Arbitrary;
use regex::Regex;
use serde_json::{Value, json};

/// A random input of an operation, as JSON.
pub fn random(operation: &Operation, seed: u64) -> Value {
    let schema = operation.input;
    let mut value = message(schema, seed);
    let Value::Object(entries) = &mut value else {
        return value;
    };
    // It selects a checksum, which the serializer of botocore does not compute.
    entries.remove("ChecksumAlgorithm");
    // Not a valid part of a host, so that it stays in the path.
    if operation.traits.virtual_host
        && let Some([Segment::Label(index), ..]) = operation.route.map(|route| route.path)
    {
        let name = schema.members[*index].json_name;
        entries.insert(name.to_owned(), json!(format!("Bucket_{seed}")));
    }
    for index in operation.traits.prefixed_ids {
        let id = &schema.members[*index];
        if let Some(value) = entries.get_mut(id.json_name) {
            *value = json!(format!("/prefix/of/Z{seed}"));
        }
    }
    value
}

/// A random input or output, as JSON.
pub fn message(schema: &'static Schema, seed: u64) -> Value {
    let mut value = Arbitrary::new(seed).shape(schema);
    for member in schema.members {
        let Some(value) = value.get_mut(member.json_name) else {
            continue;
        };
        match member.binding {
            _ if member.target.kind == Kind::Timestamp => {}
            Binding::Label => bound(value, |text| text.replace('.', "_")),
            // botocore leaves out a header for an empty list.
            Binding::Header(_) if value.as_array().is_some_and(Vec::is_empty) => {
                *value = json!(["x"]);
            }
            Binding::Header(_) => bound(value, header),
            Binding::PrefixHeaders(_) => *value = headers(std::mem::take(value)),
            _ => {}
        }
    }
    each(schema, &mut value, &mut comparable);
    value
}

/// Changes texts into those that are valid in a part of a message. They are not empty.
fn bound(value: &mut Value, change: impl Fn(&str) -> String + Copy) {
    match value {
        Value::String(text) => *text = change(text) + "x",
        Value::Array(elements) => elements.iter_mut().for_each(|value| bound(value, change)),
        _ => {}
    }
}

/// A map of headers with names that all of them can have.
fn headers(map: Value) -> Value {
    let Value::Object(entries) = map else {
        return map;
    };
    let entries = entries.into_iter().enumerate();
    let entries = entries.map(|(index, (_, mut value))| {
        bound(&mut value, header);
        (format!("k{index}"), value)
    });
    Value::Object(entries.collect())
}

/// The characters of a text that a header can have.
fn header(text: &str) -> String {
    let characters = text.chars();
    let characters = characters.filter(|c| c.is_ascii_graphic() && !matches!(c, ',' | '"'));
    characters.collect()
}

/// Replaces fractions of seconds, which botocore writes with another number of digits, and numbers
/// that JSON does not have.
fn comparable(member: &'static Member, value: &mut Value) {
    match (member.target.kind, value.as_str(), value.as_f64()) {
        (Kind::Timestamp, Some(text), _) => {
            if let Some((seconds, _)) = text.split_once('.') {
                *value = json!(format!("{seconds}Z"));
            }
        }
        (Kind::Timestamp, None, Some(seconds)) if seconds.fract() != 0.0 => {
            *value = json!(1_515_531_081);
        }
        (Kind::Double | Kind::Float, Some(_), _) => *value = json!(0.5),
        _ => {}
    }
}

/// A random input of an operation that satisfies the constraints of the model, as JSON.
pub fn valid(operation: &Operation, seed: u64) -> Value {
    let mut value = random(operation, seed);
    each(operation.input, &mut value, &mut |member, value| {
        correct(member, value, seed);
    });
    value
}

/// Changes a value that violates a constraint.
fn correct(member: &'static Member, value: &mut Value, seed: u64) {
    let (least, most) = member.length.unwrap_or_default();
    let count = |length: u64| usize::try_from(length).expect("a length fits");
    let (least, most) = (least.map_or(0, count), most.map_or(usize::MAX, count));
    match value {
        Value::String(text) if member.target.kind == Kind::Enum => {
            let known = member.target.values.iter().find(|known| *known == text);
            *value = json!(known.unwrap_or(&member.target.values[0]));
        }
        Value::String(text) => {
            let pattern = member
                .pattern
                .map(|pattern| Regex::new(pattern).expect("a pattern"));
            let fits = |text: &String| {
                (least..=most).contains(&text.chars().count())
                    && pattern
                        .as_ref()
                        .is_none_or(|pattern| pattern.is_match(text))
            };
            let repeated = TEXTS
                .iter()
                .map(|text| text.chars().cycle().take(least).collect());
            let whole = TEXTS.iter().map(|text| (*text).to_owned());
            let mut texts = [text.clone()].into_iter().chain(whole).chain(repeated);
            let fitting = texts.find(fits);
            *text = fitting.unwrap_or_else(|| panic!("add a text for {member:?}"));
        }
        Value::Number(number) => {
            let bound = |bound| match bound {
                Some(Number::Integer(bound)) => Some(bound),
                _ => None,
            };
            let (least, most) = member.range.unwrap_or_default();
            let given = number.as_i64().unwrap_or_default();
            let given = given.max(bound(least).unwrap_or(i64::MIN));
            *value = json!(given.min(bound(most).unwrap_or(i64::MAX)));
        }
        Value::Array(elements) => {
            elements.truncate(most);
            let mut random = Arbitrary::new(seed);
            elements.resize_with(elements.len().max(least), || {
                random.value(&member.target.members[0], 0)
            });
        }
        _ => {}
    }
}

/// Texts for patterns and lengths; the first that fits is used.
const TEXTS: [&str; 4] = [
    "rain",
    "192.0.2.1",
    "12.5",
    "01234567-89ab-cdef-0123-456789abcdef",
];

/// Calls `change` with each value inside a structure, the outermost first.
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
        Value::Object(entries) if matches!(schema.kind, Kind::Map | Kind::SparseMap) => {
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
