//! Models with random mutations never make the stages panic: each is rejected with diagnostics that
//! have locations, or generates code.
//!
//! The number of a case is its seed: `MUTATION_CASE=1234 cargo test -p drawplate-tests --test
//! mutation` repeats a case and prints its mutations; `MUTATION_CASES=100000` runs more cases.

mod mutation {
    pub(super) mod mutate;
}

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use drawplate_codegen::{CheckedModel, Config, Conformance, pipeline};
use drawplate_model::diagnostic::{Code, Severity};
use drawplate_model::source::{Location, Position};
use drawplate_model::{Model, Report, Sources};
use mutation::mutate::{Mutant, Mutator};
use serde_json::Value;

#[test]
fn amplify() {
    check("../model/services/amplifybackend.json", 1000);
}

#[test]
fn cognito() {
    check("../model/services/cognito-idp.json", 2000);
}

#[test]
fn every_kind_of_shape() {
    check("fixtures/mutation/every-kind.json", 2500);
}

/// Small models are quick, so that many cases run: those of all fixtures, mutated and mixed. One in
/// four goes through names and generation.
#[test]
fn small_models() {
    let mut texts: Vec<String> = models(Path::new("fixtures"))
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .filter(|text| text.len() < 8_000 && is_model(text))
        .collect();
    texts.sort();
    let mutators = Mutator::of_each(texts);
    assert!(mutators.len() > 100, "{} models", mutators.len());
    let cases = match number("MUTATION_CASE") {
        Some(case) => case..case + 1,
        None => {
            0..number("MUTATION_CASES").unwrap_or(if cfg!(feature = "full") {
                20_000
            } else {
                2_000
            })
        }
    };
    let mut generated = 0;
    for case in cases {
        let place = usize::try_from(case).expect("a number of cases") % mutators.len();
        let mutant = mutators[place].mutate(case);
        let generate = case % 4 == 0;
        let verdict = catch_unwind(AssertUnwindSafe(|| judge(&mutant, generate)));
        match verdict.unwrap_or_else(|_| Err("panicked".into())) {
            Ok(Verdict::Passed) => generated += u32::from(generate),
            Ok(Verdict::Rejected(_)) => {}
            Err(wrong) => panic!(
                "small model {place}, case {case}: {wrong}\nafter\n{}\n{}",
                mutant.mutations.join("\n"),
                mutant.text
            ),
        }
    }
    println!("generated code for {generated} models");
}

/// The JSON files of a folder and of those in it.
fn models(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let found = paths.flat_map(|path| {
        if path.is_dir() {
            models(&path)
        } else {
            vec![path]
        }
    });
    let is_json = |path: &PathBuf| path.extension().is_some_and(|it| it == "json");
    found.filter(is_json).collect()
}

fn is_model(text: &str) -> bool {
    let json = serde_json::from_str::<Value>(text);
    json.is_ok_and(|json| json["shapes"].is_object())
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number of cases"))
}

/// Mutates the model at `path` this many times, unless `MUTATION_CASES` says otherwise; a tenth of
/// that without the feature `full`.
fn check(path: &str, cases: u64) {
    let cases = if cfg!(feature = "full") {
        cases
    } else {
        cases / 10
    };
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (sources, outcome) = build(&text);
    if let Err(report) = outcome {
        panic!(
            "the model is not valid as it is:\n{}",
            report.render(&sources, false)
        );
    }
    let mutator = Mutator::new(text);
    let cases = match number("MUTATION_CASE") {
        Some(case) => case..case + 1,
        None => 0..number("MUTATION_CASES").unwrap_or(cases),
    };
    let verbose = number("MUTATION_CASE").is_some();
    let mut rejected = 0;
    let total = cases.end - cases.start;
    for case in cases {
        let mutant = mutator.mutate(case);
        let mutations = mutant.mutations.join("\n");
        let verdict = catch_unwind(AssertUnwindSafe(|| judge(&mutant, true)));
        match verdict.unwrap_or_else(|_| Err("panicked".into())) {
            Ok(Verdict::Passed) if verbose => eprintln!("{mutations}\nstill valid"),
            Ok(Verdict::Passed) => {}
            Ok(Verdict::Rejected(printed)) => {
                rejected += 1;
                if verbose {
                    eprintln!("{mutations}\n{printed}");
                }
            }
            Err(wrong) => panic!("{path}, case {case}: {wrong}\nafter\n{mutations}"),
        }
    }
    // Mutations that are rarely invalid would test little.
    assert!(
        total < 100 || rejected * 2 > total,
        "only {rejected} of {total} cases were rejected"
    );
}

enum Verdict {
    Rejected(String),
    Passed,
}

fn build(text: &str) -> (Sources, Result<(Model, Report), Report>) {
    let sources = Sources::from_texts([(PathBuf::from("mutant.json"), text.to_owned())]);
    let outcome = drawplate_model::build(&sources);
    (sources, outcome)
}

/// Runs the stages on a mutant. The error says what is wrong with their behavior.
fn judge(mutant: &Mutant, generate: bool) -> Result<Verdict, String> {
    let (sources, outcome) = build(&mutant.text);
    let outcome = outcome.and_then(|(model, mut warnings)| {
        if !generate {
            return Ok(warnings);
        }
        match generates(model) {
            Ok(()) => Ok(warnings),
            Err(collisions) => {
                warnings.merge(collisions);
                Err(warnings)
            }
        }
    });
    let (Ok(report) | Err(report)) = &outcome;
    if report.has_errors() != outcome.is_err() {
        return Err(
            "the report of a success has errors, or the report of a failure has no errors".into(),
        );
    }
    let printed = report.render(&sources, false);
    located(report, &mutant.text, &printed)?;
    Ok(if outcome.is_err() {
        Verdict::Rejected(printed)
    } else {
        Verdict::Passed
    })
}

/// Generates code from a valid model that has a service. Names may collide; tokens that do not
/// parse panic.
fn generates(model: Model) -> Result<(), Report> {
    if model.services.is_empty() {
        return Ok(());
    }
    let mut config = Config::default();
    if !model.cases.requests.is_empty() {
        config.outputs = vec![Box::new(suite())];
    }
    let origin = "mutant.json".to_owned();
    let (files, _) = pipeline::files(&[CheckedModel { model, origin }], &config)?;
    assert!(files.iter().count() > 1, "a crate has more than one file");
    Ok(())
}

/// The output for a model with test cases: its crate, and the program that runs them.
fn suite() -> Conformance {
    Conformance {
        suite: "mutant".to_owned(),
        library: Some("conformance".to_owned()),
    }
}

/// Checks that every diagnostic has an existing location and is printed with it.
fn located(report: &Report, text: &str, printed: &str) -> Result<(), String> {
    let lines = text.split('\n').count();
    let diagnostics = report.diagnostics();
    let json: Option<Value> = serde_json::from_str(text).ok();
    // serde_json keeps the last value of a repeated key, and the locations may be in another one.
    let repeats = diagnostics.iter().any(|it| it.code == Code::DuplicateKey);
    for diagnostic in &diagnostics {
        let found = || format!("{}: {}", diagnostic.code, diagnostic.message);
        resolvable(&diagnostic.location, json.as_ref(), repeats, text)
            .map_err(|why| format!("{}: {why}", found()))?;
        // The prelude is in no file, and is not printed.
        let related = diagnostic.related.iter().map(|related| &related.location);
        for related in related.filter(|related| related.source.is_some()) {
            resolvable(related, json.as_ref(), repeats, text)
                .map_err(|why| format!("{}, related place: {why}", found()))?;
        }
        let head = if diagnostic.severity() == Severity::Error {
            "error"
        } else {
            "warning"
        };
        let head = format!("{head}[{}]", diagnostic.code);
        if !printed.contains(&head) {
            return Err(format!("{} is not printed", found()));
        }
    }
    // A file without text has no lines; only its path is printed.
    if diagnostics
        .iter()
        .any(|diagnostic| diagnostic.location.position == Position::File)
    {
        return if printed.contains("--> mutant.json") {
            Ok(())
        } else {
            Err("the file is not named".into())
        };
    }
    let places: Vec<_> = printed
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> "))
        .collect();
    if places.len() < diagnostics.len() {
        return Err(format!(
            "{} diagnostics, {} places:\n{printed}",
            diagnostics.len(),
            places.len()
        ));
    }
    for place in places {
        let line = place
            .strip_prefix("mutant.json:")
            .and_then(|rest| rest.split(':').next());
        let line: Option<usize> = line.and_then(|line| line.parse().ok());
        if !line.is_some_and(|line| (1..=lines).contains(&line)) {
            return Err(format!("`{place}` is not a place:\n{printed}"));
        }
    }
    Ok(())
}

fn resolvable(
    location: &Location,
    json: Option<&Value>,
    repeats: bool,
    text: &str,
) -> Result<(), String> {
    if location.source.is_none() {
        return Err("it is in no file".into());
    }
    match &location.position {
        Position::File => Ok(()),
        Position::Span(span) => match text.get(span.value.bytes()) {
            Some(_) => Ok(()),
            None => Err(format!("{:?} is not in the text", span.value)),
        },
        Position::Pointer(pointer) => match json {
            None => Err("it points into text that is not JSON".into()),
            Some(json) if repeats || json.pointer(pointer).is_some() => Ok(()),
            Some(_) => Err(format!("there is nothing at `{pointer}`")),
        },
    }
}

#[test]
fn mutants_differ_and_repeat() {
    let text =
        std::fs::read_to_string("fixtures/mutation/every-kind.json").expect("the fixture is there");
    let mutator = Mutator::new(text);
    let texts: BTreeSet<_> = (0..200).map(|seed| mutator.mutate(seed).text).collect();
    assert!(texts.len() > 180, "{} different mutants", texts.len());
    assert_eq!(mutator.mutate(7).text, mutator.mutate(7).text);
}
