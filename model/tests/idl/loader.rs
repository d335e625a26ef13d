//! The fixtures `idl-valid` and `idl-invalid`.

use std::fs;
use std::path::Path;

use drawplate_model::print::Mixins;
use drawplate_model::{Code, Sources, build, load};
use libtest_mimic::Trial;

use crate::{Outcome, files, name, printed, same, trial};

pub(crate) fn trials(smithy: &Path) -> Vec<Trial> {
    let valid = smithy.join("idl-valid");
    let invalid = smithy.join("idl-invalid");
    let mut trials = Vec::new();
    for path in files(&valid, "smithy") {
        let (name, folder) = (format!("valid::{}", name(&path, &valid)), valid.clone());
        trials.push(trial(name, move || is_its_twin(&path, &folder)));
    }
    for path in files(&invalid, "smithy") {
        let name = name(&path, &invalid);
        let title = format!("invalid::{name}");
        trials.push(trial(title, move || is_rejected(&path, &name)));
    }
    trials.push(trial("differences".into(), move || {
        differences_are_used(&invalid)
    }));
    trials
}

/// The files whose errors are in the stated line at another column: the file, our column, and why
/// it is better.
const DIFFERENCES: &[(&str, &str, &str)] = &[(
    "version/unsupported-version.smithy",
    "11",
    "the version is marked, not what follows it",
)];

fn differences_are_used(invalid: &Path) -> Outcome {
    let gone = DIFFERENCES
        .iter()
        .find(|(name, ..)| !invalid.join(name).is_file());
    gone.map_or(Ok(()), |(name, ..)| Err(format!("`{name}` does not exist")))
}

/// The files without a twin. They are only read and printed.
const WITHOUT_TWIN: [&str; 2] = [
    "mixins/mixins-with-member-override-4.smithy",
    "mixins/mixins-with-members.flattened.smithy",
];

/// A file is the model of its JSON twin, or of the file whose mixins it has resolved.
fn is_its_twin(path: &Path, folder: &Path) -> Outcome {
    let shared = folder.join("__shared.json");
    let file = path
        .file_name()
        .expect("a file has a name")
        .to_string_lossy()
        .into_owned();
    let (twin, mixins) = match file.strip_suffix(".flattened.smithy") {
        Some(stem) => (
            path.with_file_name(format!("{stem}.smithy")),
            Mixins::Flatten,
        ),
        None => (path.with_extension("json"), Mixins::Keep),
    };
    let model = printed(&[path.to_owned(), shared.clone()], mixins)?;
    match (twin.is_file(), WITHOUT_TWIN.contains(&&*name(path, folder))) {
        (true, false) => same(&model, &printed(&[twin, shared], mixins)?),
        (false, true) => Ok(()),
        (true, true) => Err("it has a twin: remove it from the list".to_owned()),
        (false, false) => Err(format!("{} is missing", twin.display())),
    }
}

/// A file is rejected, at the place that its first line states.
fn is_rejected(path: &Path, name: &str) -> Outcome {
    let text = fs::read_to_string(path).expect("a file can be read");
    let stated = text.lines().next().unwrap_or_default().to_owned();
    let sources = Sources::from_texts([("m.smithy".into(), text)]);
    let report = match load(&sources).and_then(|_| build(&sources)) {
        Ok((_, report)) | Err(report) => report,
    };
    let rendered = report.render(&sources, false);
    let ours: Vec<&str> = rendered
        .split("\n\n")
        .filter(|it| it.starts_with("error") && !it.contains(Code::NoService.number()))
        .collect();
    let ours = ours.join("\n\n");
    if ours.is_empty() {
        return Err(format!("it is not rejected: {stated}"));
    }
    let number = |after: &str| {
        let rest = stated.split(after).nth(1)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some(digits).filter(|digits| !digits.is_empty())
    };
    let different = DIFFERENCES.iter().find(|(listed, ..)| *listed == name);
    let column = match different {
        Some((_, column, _)) => Some((*column).to_owned()),
        None => number(" column "),
    };
    if let (Some(line), Some(column)) = (number(" line "), column)
        && !ours.contains(&format!("--> m.smithy:{line}:{column}\n"))
    {
        return Err(format!("the place is another: {stated}\n{ours}"));
    }
    Ok(())
}
