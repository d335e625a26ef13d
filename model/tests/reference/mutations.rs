//! Proves that the comparison sees: each single change of a model has to be reported.

use std::collections::HashSet;
use std::thread;

use serde_json::{Value, json};

use crate::compare::{Added, Extent, differences};
use crate::facts::Facts;

/// Traits whose loss changes a documented fact.
const FACTS: [&str; 12] = [
    "smithy.api#cors",
    "smithy.api#deprecated",
    "smithy.api#enumValue",
    "smithy.api#error",
    "smithy.api#http",
    "smithy.api#httpError",
    "smithy.api#httpLabel",
    "smithy.api#length",
    "smithy.api#pattern",
    "smithy.api#range",
    "smithy.api#required",
    "drawplate#basePath",
];

/// Makes every mutation there is, one at a time, and fails with those that go unnoticed.
pub(crate) fn all_are_noticed(facts: Facts, model: &Value, added: Added) {
    let facts = distinct(facts);
    let mutations = mutations(model);
    let unnoticed = |mutations: &[Mutation]| -> Vec<String> {
        let missed = |mutation: &&Mutation| {
            differences(&facts, &mutation.of(model), Extent::Whole, added).is_empty()
        };
        mutations
            .iter()
            .filter(missed)
            .map(|mutation| mutation.what.clone())
            .collect()
    };
    let (first, second) = mutations.split_at(mutations.len() / 2);
    let unnoticed = thread::scope(|scope| {
        let first = scope.spawn(|| unnoticed(first));
        let second = unnoticed(second);
        let mut all = first.join().expect("the comparison does not panic");
        all.extend(second);
        all
    });
    println!("{} mutations", mutations.len());
    assert!(mutations.len() > 100, "only {} mutations", mutations.len());
    assert!(unnoticed.is_empty(), "unnoticed: {unnoticed:#?}");
}

/// Most sections and samples are printed once per chapter. They agree, or another test fails; one
/// of each is enough here and saves most of the time.
fn distinct(mut facts: Facts) -> Facts {
    let mut sections = HashSet::new();
    facts
        .shapes
        .retain(|shape| sections.insert(shape.name.clone()));
    let mut samples = HashSet::new();
    for operation in &mut facts.operations {
        operation
            .response_samples
            .retain(|(name, _)| samples.insert(name.clone()));
    }
    facts
}

/// A change at one place of a model.
struct Mutation {
    what: String,
    pointer: String,
    edit: Edit,
}

enum Edit {
    /// An entry of an object goes.
    Drop(String),
    /// An element of a list goes.
    DropAt(usize),
    /// An entry of an object appears.
    Insert(&'static str, Value),
    /// An entry of an object gets another name.
    Rename(String),
    /// The value becomes another of its kind.
    Alter,
    /// The value becomes this one.
    Set(&'static str),
}

impl Mutation {
    fn of(&self, model: &Value) -> Value {
        let mut mutant = model.clone();
        let place = mutant
            .pointer_mut(&self.pointer)
            .unwrap_or_else(|| panic!("{} is in the model", self.pointer));
        match (&self.edit, place) {
            (Edit::Drop(key), Value::Object(entries)) => drop(entries.shift_remove(key)),
            (Edit::DropAt(index), Value::Array(elements)) => drop(elements.remove(*index)),
            (Edit::Insert(key, value), Value::Object(entries)) => {
                drop(entries.insert((*key).to_owned(), value.clone()));
            }
            (Edit::Rename(key), Value::Object(entries)) => {
                let value = entries.shift_remove(key).expect("the entry is there");
                entries.insert(format!("{key}x"), value);
            }
            (Edit::Alter, value) => alter(value),
            (Edit::Set(text), value) => *value = json!(text),
            _ => panic!("{}: the edit does not fit", self.what),
        }
        mutant
    }
}

fn alter(value: &mut Value) {
    *value = match &*value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_u64().map_or(0, |number| number + 1)),
        other => json!([other]),
    };
}

fn mutations(model: &Value) -> Vec<Mutation> {
    let mut found = Vec::new();
    let mut add = |what: String, pointer: &str, edit| {
        found.push(Mutation {
            what,
            pointer: pointer.to_owned(),
            edit,
        });
    };
    for (id, shape) in model["shapes"].as_object().expect("a model has shapes") {
        let at = format!("/shapes/{id}");
        add(format!("{id} dropped"), "/shapes", Edit::Drop(id.clone()));
        for list in ["operations", "errors", "mixins"] {
            for index in 0..shape[list].as_array().map_or(0, Vec::len) {
                add(
                    format!("{id} without {list} {index}"),
                    &format!("{at}/{list}"),
                    Edit::DropAt(index),
                );
            }
        }
        for end in ["input", "output"]
            .into_iter()
            .filter(|end| shape.get(end).is_some())
        {
            add(
                format!("{id} without {end}"),
                &at,
                Edit::Drop(end.to_owned()),
            );
        }
        traits(id, &at, shape, &mut add);
        let members = format!("{at}/members");
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            let (what, place) = (format!("{id}${name}"), format!("{members}/{name}"));
            add(
                format!("{what} dropped"),
                &members,
                Edit::Drop(name.clone()),
            );
            traits(&what, &place, member, &mut add);
            if shape["type"] != "structure" {
                continue;
            }
            add(
                format!("{what} is a blob"),
                &format!("{place}/target"),
                Edit::Set("smithy.api#Blob"),
            );
            add(
                format!("{what} renamed"),
                &members,
                Edit::Rename(name.clone()),
            );
            if member["traits"].is_object() && member["traits"].get("smithy.api#required").is_none()
            {
                let required = Edit::Insert("smithy.api#required", json!({}));
                add(
                    format!("{what} made required"),
                    &format!("{place}/traits"),
                    required,
                );
            }
        }
        if matches!(shape["type"].as_str(), Some("structure" | "enum")) {
            let more =
                json!({ "target": "smithy.api#String", "traits": { "smithy.api#enumValue": "I" } });
            add(
                format!("{id} with one member more"),
                &members,
                Edit::Insert("invented", more),
            );
        }
    }
    found
}

fn traits(what: &str, at: &str, holder: &Value, add: &mut impl FnMut(String, &str, Edit)) {
    let traits = format!("{at}/traits");
    let facts = holder["traits"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| FACTS.contains(&name.as_str()));
    for (name, value) in facts {
        let place = format!("{traits}/{name}");
        add(
            format!("{what} without {name}"),
            &traits,
            Edit::Drop(name.clone()),
        );
        let Value::Object(fields) = value else {
            add(format!("{what} with another {name}"), &place, Edit::Alter);
            continue;
        };
        for field in fields
            .keys()
            .filter(|field| ["min", "max", "method", "uri"].contains(&field.as_str()))
        {
            add(
                format!("{what} without {field} of {name}"),
                &place,
                Edit::Drop(field.clone()),
            );
            add(
                format!("{what} with another {field} of {name}"),
                &format!("{place}/{field}"),
                Edit::Alter,
            );
        }
    }
}
