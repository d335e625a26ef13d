//! Random mutations of a model.

use std::fmt::Write;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use drawplate_tests::random::Random;

/// A mutated model.
pub(crate) struct Mutant {
    pub(crate) text: String,
    /// The mutations, in words.
    pub(crate) mutations: Vec<String>,
}

/// Mutates one model.
pub(crate) struct Mutator {
    model: Value,
    text: String,
    /// The JSON pointers of all values.
    places: Vec<String>,
    /// Values of other models, which may replace a value.
    grafts: Rc<[Value]>,
}

impl Mutator {
    pub(crate) fn new(text: String) -> Self {
        let model = serde_json::from_str(&text).expect("the model is JSON");
        let mut places = Vec::new();
        walk(&model, &mut String::new(), &mut |pointer| {
            places.push(pointer.to_owned());
        });
        Self {
            model,
            text,
            places,
            grafts: Rc::default(),
        }
    }

    /// Mutators of small models. Each may get parts of the others: members, traits, whole shapes.
    pub(crate) fn of_each(texts: impl IntoIterator<Item = String>) -> Vec<Self> {
        let mut mutators: Vec<Self> = texts.into_iter().map(Self::new).collect();
        let grafts = mutators.iter().flat_map(|mutator| {
            let value = |place: &String| mutator.model.pointer(place).cloned();
            mutator.places.iter().skip(1).filter_map(value)
        });
        let grafts: Rc<[Value]> = grafts.collect();
        for mutator in &mut mutators {
            mutator.grafts = Rc::clone(&grafts);
        }
        mutators
    }

    /// The model with one to three mutations.
    pub(crate) fn mutate(&self, seed: u64) -> Mutant {
        let chance = &mut Chance {
            random: Random::new(seed),
            places: &self.places,
        };
        // Bytes are mutated in the text, everything else in the tree.
        if chance.below(8) == 0 {
            return bytes(&self.text, chance);
        }
        let mut model = self.model.clone();
        let mut mutations = Vec::new();
        for _ in 0..=chance.below(3) {
            if !self.grafts.is_empty() && chance.below(2) == 0 {
                mutations.extend(graft(&mut model, chance, &self.grafts));
                continue;
            }
            let step = *chance.pick(STEPS);
            // A step that finds nothing to mutate is skipped.
            mutations.extend(step(&mut model, chance));
        }
        let mut text = if chance.below(12) == 0 {
            mutations.push("minified".into());
            model.to_string()
        } else {
            serde_json::to_string_pretty(&model).expect("a tree can be written")
        };
        if chance.below(10) == 0 {
            text = duplicate_line(&text, chance, &mut mutations);
        }
        Mutant { text, mutations }
    }
}

/// The random choices of a case.
struct Chance<'a> {
    random: Random,
    places: &'a [String],
}

impl Chance<'_> {
    fn below(&mut self, end: usize) -> usize {
        self.random.below(end)
    }

    fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        self.random.pick(items)
    }

    /// The pointer of a value that `wanted` accepts: the first one from a random place on that
    /// still exists.
    fn place(&mut self, model: &Value, wanted: impl Fn(&str, &Value) -> bool) -> Option<String> {
        let start = self.below(self.places.len());
        let (before, after) = self.places.split_at(start);
        let right = |pointer: &&String| {
            model
                .pointer(pointer)
                .is_some_and(|value| wanted(pointer, value))
        };
        after.iter().chain(before).find(right).cloned()
    }
}

type Step = fn(&mut Value, &mut Chance<'_>) -> Option<String>;

const STEPS: &[Step] = &[
    drop_key,
    drop_key,
    rename_key,
    rename_key_to_another,
    swap_type,
    swap_type,
    insert_null,
    change_number,
    retarget,
    retarget,
    retarget,
    rename_target,
    swap_values,
    copy_value,
    copy_trait,
    copy_trait,
    change_string,
    shorten_string,
    drop_element,
    repeat_element,
    change_kind,
    unknown_trait,
    nest,
];

/// Calls `visit` with the pointer of every value, in order.
fn walk(value: &Value, pointer: &mut String, visit: &mut impl FnMut(&str)) {
    visit(pointer);
    let length = pointer.len();
    let mut below = |token: std::fmt::Arguments, value| {
        pointer
            .write_fmt(token)
            .expect("a string takes all that is written");
        walk(value, pointer, visit);
        pointer.truncate(length);
    };
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                if key.contains(['~', '/']) {
                    below(
                        format_args!("/{}", key.replace('~', "~0").replace('/', "~1")),
                        value,
                    );
                } else {
                    below(format_args!("/{key}"), value);
                }
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                below(format_args!("/{index}"), value);
            }
        }
        _ => {}
    }
}

fn key(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(_, key)| key)
}

fn any(_: &str, _: &Value) -> bool {
    true
}

fn object_at<'a>(
    model: &'a mut Value,
    chance: &mut Chance<'_>,
) -> Option<(String, &'a mut Map<String, Value>)> {
    let pointer = chance.place(model, |_, value| {
        value.as_object().is_some_and(|object| !object.is_empty())
    })?;
    let object = model.pointer_mut(&pointer)?.as_object_mut()?;
    Some((pointer, object))
}

fn a_key(object: &Map<String, Value>, chance: &mut Chance<'_>) -> String {
    let keys: Vec<_> = object.keys().collect();
    (*chance.pick(&keys)).clone()
}

/// Replaces a value by a value of another model.
fn graft(model: &mut Value, chance: &mut Chance<'_>, grafts: &[Value]) -> Option<String> {
    let value = chance.pick(grafts).clone();
    let pointer = chance.place(model, |pointer, _| !pointer.is_empty())?;
    *model.pointer_mut(&pointer)? = value;
    Some(format!("replaced {pointer} by a value of another model"))
}

fn drop_key(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let (pointer, object) = object_at(model, chance)?;
    let key = a_key(object, chance);
    object.shift_remove(&key);
    Some(format!("dropped `{key}` of {pointer}"))
}

fn rename_key(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let (pointer, object) = object_at(model, chance)?;
    let key = a_key(object, chance);
    let value = object.shift_remove(&key)?;
    let new = match chance.below(5) {
        0 => key.to_uppercase(),
        1 => format!("{key}x"),
        2 => String::new(),
        3 => key.replace(['.', '#'], "~"),
        _ => "é/~ \u{1f600}\t".to_owned(),
    };
    object.insert(new.clone(), value);
    Some(format!("renamed `{key}` of {pointer} to `{new}`"))
}

/// Replaces a key by one from elsewhere in the model, where it may have another meaning.
fn rename_key_to_another(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let other = chance.place(model, |pointer, _| key(pointer).parse::<usize>().is_err())?;
    let new = key(&other).replace("~1", "/").replace("~0", "~");
    let (pointer, object) = object_at(model, chance)?;
    let key = a_key(object, chance);
    let value = object.shift_remove(&key)?;
    object.insert(new.clone(), value);
    Some(format!("renamed `{key}` of {pointer} to `{new}`"))
}

fn odd_value(chance: &mut Chance<'_>) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("text"),
        json!("smithy.api#String"),
        json!("a#B$c"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"a": {}}),
        json!({"target": "smithy.api#Nothing"}),
        json!([{"target": "smithy.api#String"}]),
    ];
    chance.pick(&values).clone()
}

fn replace(model: &mut Value, pointer: &str, value: Value) -> Option<String> {
    let what = format!("{pointer} became {value}");
    *model.pointer_mut(pointer)? = value;
    Some(what)
}

fn swap_type(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, any)?;
    let value = odd_value(chance);
    replace(model, &pointer, value)
}

fn insert_null(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, any)?;
    match model.pointer_mut(&pointer)? {
        Value::Object(object) => drop(object.insert("nothing".into(), Value::Null)),
        Value::Array(array) => array.push(Value::Null),
        value => *value = Value::Null,
    }
    Some(format!("put null into {pointer}"))
}

fn change_number(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |_, value| value.is_number())?;
    let values = [
        json!(0),
        json!(-1),
        json!(1),
        json!(0.5),
        json!(99),
        json!(65_535),
        json!(65_536),
        json!(1e18),
        json!(1e40),
        json!(i64::MIN),
        json!(u64::MAX),
    ];
    let value = chance.pick(&values).clone();
    replace(model, &pointer, value)
}

/// Replaces a target by another shape of the model or of the prelude.
fn retarget(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |pointer, value| {
        key(pointer) == "target" && value.is_string()
    })?;
    let shapes: Vec<String> = model.get("shapes")?.as_object()?.keys().cloned().collect();
    let prelude = [
        "Unit",
        "String",
        "Integer",
        "Double",
        "Document",
        "Blob",
        "Timestamp",
        "required",
        "http",
    ];
    let target = match chance.below(4) {
        0 => format!("smithy.api#{}", chance.pick(&prelude)),
        _ if shapes.is_empty() => return None,
        _ => chance.pick(&shapes).clone(),
    };
    replace(model, &pointer, json!(target))
}

fn rename_target(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |pointer, value| {
        key(pointer) == "target" && value.is_string()
    })?;
    let old = model.pointer(&pointer)?.as_str()?.to_owned();
    let new = match chance.below(6) {
        0 => format!("{old}x"),
        1 => old.replace('#', "$"),
        2 => old.to_lowercase(),
        3 => format!("{old}$member"),
        4 => format!("x{old}"),
        _ => String::new(),
    };
    replace(model, &pointer, json!(new))
}

/// Swaps two values.
fn swap_values(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let first = chance.place(model, any)?;
    let second = chance.place(model, any)?;
    let apart = !first.starts_with(&second) && !second.starts_with(&first);
    if !apart {
        return None;
    }
    let taken = model.pointer_mut(&first)?.take();
    let old = std::mem::replace(model.pointer_mut(&second)?, taken);
    *model.pointer_mut(&first)? = old;
    Some(format!("swapped {first} and {second}"))
}

/// Replaces a value by one from elsewhere with the same key.
fn copy_value(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let from = chance.place(model, |pointer, _| !pointer.is_empty())?;
    let to = chance.place(model, |pointer, _| {
        key(pointer) == key(&from) && pointer != from
    })?;
    let value = model.pointer(&from)?.clone();
    replace(model, &to, value)
}

/// Copies a trait to another shape or member.
fn copy_trait(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let trait_at = chance.place(model, |pointer, _| {
        pointer
            .rsplit_once('/')
            .is_some_and(|(owner, _)| key(owner) == "traits")
    })?;
    let value = model.pointer(&trait_at)?.clone();
    let to = chance.place(model, |pointer, value| {
        let owner = pointer.rsplit_once('/').map_or("", |(owner, _)| key(owner));
        value.is_object() && matches!(owner, "shapes" | "members")
    })?;
    let traits = model
        .pointer_mut(&to)?
        .as_object_mut()?
        .entry("traits")
        .or_insert_with(|| json!({}));
    traits
        .as_object_mut()?
        .insert(key(&trait_at).to_owned(), value);
    Some(format!("copied {trait_at} to {to}"))
}

fn change_string(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |_, value| value.is_string())?;
    let values = [
        "",
        " ",
        "/",
        "//",
        "/{",
        "/{a}/{a}",
        "/a?b&b",
        "?",
        "é\u{1f600}",
        "\u{0}",
        "[",
        "(a",
        "(?=a)",
        "2.0",
        "client",
        "server",
        "structure",
        "self",
        "9",
        "a.b",
        "GET",
        "date-time",
    ];
    let value = *chance.pick(&values);
    replace(model, &pointer, json!(value))
}

fn shorten_string(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |_, value| {
        value.as_str().is_some_and(|text| !text.is_empty())
    })?;
    let text = model.pointer(&pointer)?.as_str()?.to_owned();
    let keep = chance.below(text.chars().count());
    let short: String = text.chars().take(keep).collect();
    replace(model, &pointer, json!(short))
}

fn drop_element(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |_, value| {
        value.as_array().is_some_and(|array| !array.is_empty())
    })?;
    let array = model.pointer_mut(&pointer)?.as_array_mut()?;
    let index = chance.below(array.len());
    array.remove(index);
    Some(format!("dropped element {index} of {pointer}"))
}

fn repeat_element(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |_, value| {
        value.as_array().is_some_and(|array| !array.is_empty())
    })?;
    let array = model.pointer_mut(&pointer)?.as_array_mut()?;
    let element = chance.pick(array).clone();
    array.push(element);
    Some(format!("repeated an element of {pointer}"))
}

/// A shape becomes one of another kind.
fn change_kind(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |pointer, value| {
        key(pointer) == "type" && value.is_string()
    })?;
    let kinds = [
        "structure",
        "union",
        "list",
        "set",
        "map",
        "enum",
        "intEnum",
        "string",
        "integer",
        "byte",
        "double",
        "blob",
        "boolean",
        "timestamp",
        "document",
        "bigInteger",
        "bigDecimal",
        "operation",
        "service",
        "resource",
        "apply",
        "member",
        "thing",
    ];
    let kind = *chance.pick(&kinds);
    replace(model, &pointer, json!(kind))
}

fn unknown_trait(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, |pointer, value| {
        key(pointer) == "traits" && value.is_object()
    })?;
    let ids = [
        "smithy.api#mixin",
        "smithy.api#xmlName",
        "smithy.api#sparse",
        "smithy.api#streaming",
        "smithy.api#error",
        "smithy.api#uniqueItems",
        "smithy.api#httpPayload",
        "smithy.api#default",
        "smithy.api#enumValue",
        "a.b#c",
        "nonsense",
    ];
    let id = *chance.pick(&ids);
    let value = odd_value(chance);
    let what = format!("gave {pointer} the trait {id}: {value}");
    model
        .pointer_mut(&pointer)?
        .as_object_mut()?
        .insert(id.to_owned(), value);
    Some(what)
}

/// A value is wrapped in arrays or objects, a few or very many.
fn nest(model: &mut Value, chance: &mut Chance<'_>) -> Option<String> {
    let pointer = chance.place(model, any)?;
    let depth = *chance.pick(&[1, 2, 40, 200]);
    let value = model.pointer_mut(&pointer)?;
    for level in 0..depth {
        let inner = value.take();
        *value = if level % 2 == 0 {
            json!([inner])
        } else {
            json!({ "a": inner })
        };
    }
    Some(format!("wrapped {pointer} {depth} times"))
}

/// Repeats a line with a key and its value.
fn duplicate_line(text: &str, chance: &mut Chance<'_>, mutations: &mut Vec<String>) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let whole =
        |line: &&&str| line.trim_start().starts_with('"') && line.trim_end().ends_with("\",");
    let candidates: Vec<usize> = (0..lines.len())
        .filter(|index| lines.get(*index).is_some_and(|line| whole(&line)))
        .collect();
    if candidates.is_empty() {
        return text.to_owned();
    }
    let index = *chance.pick(&candidates);
    mutations.push(format!(
        "repeated line {}: {}",
        index + 1,
        lines[index].trim()
    ));
    lines.insert(index, lines[index]);
    lines.concat()
}

/// Truncates the text, or replaces, removes or inserts bytes. Invalid UTF-8 is repaired, since the
/// stages start with text.
fn bytes(text: &str, chance: &mut Chance<'_>) -> Mutant {
    let mut bytes = text.as_bytes().to_vec();
    let at = chance.below(bytes.len());
    let what = match chance.below(4) {
        0 => {
            bytes.truncate(at);
            format!("cut off at byte {at}")
        }
        1 => {
            let byte = *chance.pick(b"{}[]\",:\\0a\t\xff \x00");
            bytes[at] = byte;
            format!("byte {at} became {byte:#04x}")
        }
        2 => {
            bytes.remove(at);
            format!("byte {at} was removed")
        }
        _ => {
            let byte = *chance.pick(b"{}[]\",:\\0a\t\xff \x00");
            bytes.insert(at, byte);
            format!("byte {byte:#04x} was inserted at {at}")
        }
    };
    Mutant {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        mutations: vec![what],
    }
}
