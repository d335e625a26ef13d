//! Proves that the comparison sees: each single change of a model has to be reported.

use serde_json::{Map, Value, json};

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
pub(crate) fn all_are_noticed(facts: Option<Facts>, model: &Value, added: Added) {
    let Some(facts) = facts else { return };
    let mutations = mutations(model);
    let unnoticed: Vec<&String> = mutations
        .iter()
        .filter(|(_, mutant)| differences(&facts, mutant, Extent::Whole, added).is_empty())
        .map(|(what, _)| what)
        .collect();
    println!("{} mutations", mutations.len());
    assert!(mutations.len() > 100, "only {} mutations", mutations.len());
    assert!(unnoticed.is_empty(), "unnoticed: {unnoticed:#?}");
}

/// What was changed, and the changed model.
fn mutations(model: &Value) -> Vec<(String, Value)> {
    let mut mutations = Vec::new();
    let shapes = model["shapes"].as_object().expect("a model has shapes");
    for (id, shape) in shapes {
        let at = format!("/shapes/{}", id.replace('~', "~0").replace('/', "~1"));
        mutations.push((format!("{id} dropped"), without(model, "/shapes", id)));
        for list in ["operations", "errors", "mixins"] {
            for index in 0..shape[list].as_array().map_or(0, Vec::len) {
                let changed = change(model, &format!("{at}/{list}"), |list| {
                    list.as_array_mut().expect("it is a list").remove(index);
                });
                mutations.push((format!("{id} without {list} {index}"), changed));
            }
        }
        for end in ["input", "output"] {
            if shape.get(end).is_some() {
                mutations.push((format!("{id} without {end}"), without(model, &at, end)));
            }
        }
        traits(model, id, &at, shape, &mut mutations);
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            let place = format!("{at}/members/{name}");
            mutations.push((format!("{id}${name} dropped"), without(model, &format!("{at}/members"), name)));
            traits(model, &format!("{id}${name}"), &place, member, &mut mutations);
            if shape["type"] != "structure" {
                continue;
            }
            mutations.push((format!("{id}${name} is a blob"), set(model, &format!("{place}/target"), "smithy.api#Blob")));
            let renamed = change(model, &format!("{at}/members"), |members| {
                let members = members.as_object_mut().expect("members are an object");
                let member = members.remove(name).expect("the member is there");
                members.insert(format!("{name}x"), member);
            });
            mutations.push((format!("{id}${name} renamed"), renamed));
            if member["traits"].get("smithy.api#required").is_none() {
                let required = change(model, &place, |member| {
                    member["traits"]["smithy.api#required"] = json!({});
                });
                mutations.push((format!("{id}${name} made required"), required));
            }
        }
        let grown = matches!(shape["type"].as_str(), Some("structure" | "enum"));
        if grown {
            let grown = change(model, &format!("{at}/members"), |members| {
                members["invented"] = json!({ "target": "smithy.api#String", "traits": { "smithy.api#enumValue": "I" } });
            });
            mutations.push((format!("{id} with one member more"), grown));
        }
    }
    mutations
}

fn traits(model: &Value, what: &str, at: &str, holder: &Value, mutations: &mut Vec<(String, Value)>) {
    for (name, value) in holder["traits"].as_object().unwrap_or(&Map::new()) {
        if !FACTS.contains(&name.as_str()) {
            continue;
        }
        let traits = format!("{at}/traits");
        mutations.push((format!("{what} without {name}"), without(model, &traits, name)));
        let pointer = format!("{traits}/{}", name.replace('/', "~1"));
        match value {
            Value::Object(fields) => {
                for field in fields.keys().filter(|field| ["min", "max", "method", "uri"].contains(&field.as_str())) {
                    let dropped = without(model, &pointer, field);
                    mutations.push((format!("{what} {name} without {field}"), dropped));
                    let altered = change(model, &format!("{pointer}/{field}"), alter);
                    mutations.push((format!("{what} {name} with another {field}"), altered));
                }
            }
            _ => mutations.push((format!("{what} with another {name}"), change(model, &pointer, alter))),
        }
    }
}

fn alter(value: &mut Value) {
    *value = match &*value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_u64().map_or(0, |number| number + 1)),
        other => json!([other]),
    };
}

fn change(model: &Value, pointer: &str, edit: impl FnOnce(&mut Value)) -> Value {
    let mut model = model.clone();
    edit(model.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is in the model")));
    model
}

fn set(model: &Value, pointer: &str, text: &str) -> Value {
    change(model, pointer, |value| *value = json!(text))
}

fn without(model: &Value, pointer: &str, key: &str) -> Value {
    change(model, pointer, |value| {
        value.as_object_mut().expect("it is an object").shift_remove(key);
    })
}
