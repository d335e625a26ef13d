//! The protocol suites: their sources in the IDL are the models of the JSON AST that is published
//! of them, shape by shape.

use std::path::Path;
use std::sync::LazyLock;

use drawplate_model::print::Mixins;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::{Outcome, files, name, printed, same, trial};

/// The starts of the ids of shapes that are not in the sources.
const LIBRARIES: &[&str] = &["alloy", "aws.", "smithy.framework#", "smithy.test#"];

pub(crate) fn trials(shared: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    for folder in ["protocol-tests", "protocol-suites"] {
        for path in files(&shared.join(folder), "json") {
            let name = format!("protocols::{}", name(&path, shared));
            trials.push(trial(name, move || has_the_shapes_of(&path)));
        }
    }
    trials
}

/// The sources, all of which are one model.
static SOURCES: LazyLock<Result<Value, String>> = LazyLock::new(|| {
    let shared = crate::shared().ok_or("there are no fixtures")?;
    let sources = shared.join("smithy/protocol-tests-idl");
    let printed = printed(&files(&sources, "smithy"), Mixins::Flatten)?;
    Ok(serde_json::from_str(&printed).expect("it is JSON"))
});

fn has_the_shapes_of(json: &Path) -> Outcome {
    let parse = |text: String| -> Value { serde_json::from_str(&text).expect("it is JSON") };
    let idl = SOURCES.as_ref().map_err(Clone::clone)?;
    let json = parse(printed(&[json.to_owned()], Mixins::Flatten)?);
    let shapes = json["shapes"].as_object().expect("a model has shapes");
    for (id, shape) in shapes {
        let print = |shape: &Value| serde_json::to_string_pretty(shape).expect("JSON prints");
        let Some(ours) = idl["shapes"].get(id) else {
            // The published models have the shapes of the libraries too.
            if LIBRARIES.iter().any(|library| id.starts_with(library)) {
                continue;
            }
            return Err(format!("`{id}` is missing"));
        };
        same(&print(ours), &print(shape)).map_err(|wrong| format!("`{id}`: {wrong}"))?;
    }
    Ok(())
}
