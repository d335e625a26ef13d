//! Models that are broken at random never make the stages panic: each is refused with diagnostics that say where, or passes.
//!
//! Cases are numbered, and the number is the seed: `MUTATION_CASE=1234 cargo test -p drawplate-tests --test mutation` repeats one and
//! prints what was done; `MUTATION_CASES=100000` runs more.

mod mutation {
    pub mod mutate;
    pub mod random;
}

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use drawplate_model::diagnostic::{Mark, Severity};
use drawplate_model::{At, Model, Report, Sources};
use mutation::mutate::{Mutant, mutate};
use mutation::random::Random;
use serde_json::Value;

/// Cases of each model, unless `MUTATION_CASES` says otherwise.
const CASES: u64 = 2000;

#[test]
fn amplify() {
    check("../model/services/amplifybackend.json");
}

#[test]
fn cognito() {
    check("../model/services/cognito-idp.json");
}

#[test]
fn every_kind_of_shape() {
    check("fixtures/mutation/every-kind.json");
}

/// Breaks the model at `path` again and again.
fn check(path: &str) {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (sources, outcome) = build(&text);
    if let Err(report) = outcome {
        panic!(
            "the model is not valid as it is:\n{}",
            report.render(&sources, false)
        );
    }
    let model: Value = serde_json::from_str(&text).expect("the model is JSON");
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse::<u64>().expect("a number of cases"))
    };
    let cases = match number("MUTATION_CASE") {
        Some(case) => case..case + 1,
        None => 0..number("MUTATION_CASES").unwrap_or(CASES),
    };
    let verbose = number("MUTATION_CASE").is_some();
    let mut refused = 0;
    let total = cases.end - cases.start;
    for case in cases {
        let mutant = mutate(&model, &text, &mut Random::new(case));
        match catch_unwind(AssertUnwindSafe(|| judge(&mutant))) {
            Ok(Ok(Verdict::Refused(printed))) => {
                refused += 1;
                if verbose {
                    eprintln!("{}\n{printed}", mutant.done.join("\n"));
                }
            }
            Ok(Ok(Verdict::Passed)) if verbose => {
                eprintln!("{}\nstill valid", mutant.done.join("\n"))
            }
            Ok(Ok(Verdict::Passed)) => {}
            Ok(Err(wrong)) => panic!(
                "{path}, case {case}: {wrong}\nafter\n{}",
                mutant.done.join("\n")
            ),
            Err(_) => panic!(
                "{path}, case {case}: panicked\nafter\n{}",
                mutant.done.join("\n")
            ),
        }
    }
    // A mutation that breaks next to nothing proves nothing.
    assert!(
        total < 100 || refused * 2 > total,
        "only {refused} of {total} cases were refused"
    );
}

enum Verdict {
    Refused(String),
    Passed,
}

fn build(text: &str) -> (Sources, Result<(Model, Report), Report>) {
    let sources = Sources::from_texts([(PathBuf::from("mutant.json"), text.to_owned())]);
    let outcome = drawplate_model::build(&sources);
    (sources, outcome)
}

/// What is wrong with how the stages took a mutant, if anything.
fn judge(mutant: &Mutant) -> Result<Verdict, String> {
    let (sources, outcome) = build(&mutant.text);
    let (report, verdict) = match &outcome {
        Ok((model, warnings)) => {
            generates(model)?;
            (warnings, false)
        }
        Err(report) => (report, true),
    };
    if report.has_errors() != verdict {
        return Err("the report of a success has errors, or that of a failure has none".into());
    }
    let printed = report.render(&sources, false);
    located(report, &mutant.text, &printed)?;
    Ok(if verdict {
        Verdict::Refused(printed)
    } else {
        Verdict::Passed
    })
}

/// What generation makes of a model that passed: code that parses. Nothing, until the generator stands.
fn generates(_model: &Model) -> Result<(), String> {
    Ok(())
}

/// Every finding stands at a place that there is, and is printed with it.
fn located(report: &Report, text: &str, printed: &str) -> Result<(), String> {
    let json: Option<Value> = serde_json::from_str(text).ok();
    let lines = text.split('\n').count();
    let findings = report.diagnostics();
    for finding in &findings {
        let found = || format!("{}: {}", finding.code, finding.message);
        resolvable(&finding.at, finding.mark, json.as_ref(), text)
            .map_err(|why| format!("{}: {why}", found()))?;
        // What stands in the prelude is in no file, and is not printed.
        for other in finding.others.iter().filter(|other| other.at.source.is_some()) {
            resolvable(&other.at, other.mark, json.as_ref(), text)
                .map_err(|why| format!("{}, other place: {why}", found()))?;
        }
        let head = if finding.severity() == Severity::Error {
            "error"
        } else {
            "warning"
        };
        let head = format!("{head}[{}]", finding.code);
        if !printed.contains(&head) {
            return Err(format!("{} is not printed", found()));
        }
    }
    let places: Vec<_> = printed
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> "))
        .collect();
    if places.len() < findings.len() {
        return Err(format!(
            "{} findings, {} places:\n{printed}",
            findings.len(),
            places.len()
        ));
    }
    for place in places {
        let line = place
            .strip_prefix("mutant.json:")
            .and_then(|rest| rest.split(':').next());
        let line: Option<usize> = line.and_then(|line| line.parse().ok());
        if !line.is_some_and(|line| (1..=lines).contains(&line)) {
            return Err(format!("`{place}` is no place:\n{printed}"));
        }
    }
    Ok(())
}

fn resolvable(at: &At, mark: Mark, json: Option<&Value>, text: &str) -> Result<(), String> {
    if at.source.is_none() {
        return Err("it stands in no file".into());
    }
    match mark {
        Mark::Byte(byte) if byte > text.len() => Err(format!("byte {byte} is behind the end")),
        Mark::Byte(_) | Mark::File => Ok(()),
        Mark::Value | Mark::Key | Mark::RepeatedKey => {
            let Some(json) = json else {
                return Err("it points into what is not JSON".into());
            };
            match json.pointer(&at.pointer) {
                None => Err(format!("nothing stands at `{}`", at.pointer)),
                Some(_) if mark == Mark::Value || at.pointer.is_empty() => Ok(()),
                Some(_) => {
                    let (owner, _) = at
                        .pointer
                        .rsplit_once('/')
                        .expect("a pointer that is not empty has a slash");
                    let keyed = json.pointer(owner).is_some_and(Value::is_object);
                    if keyed {
                        Ok(())
                    } else {
                        Err(format!("`{}` has no key", at.pointer))
                    }
                }
            }
        }
    }
}

#[test]
fn mutants_differ_and_repeat() {
    let text = std::fs::read_to_string(Path::new("fixtures/mutation/every-kind.json"))
        .expect("the fixture is there");
    let model: Value = serde_json::from_str(&text).expect("the fixture is JSON");
    let mutant = |case| mutate(&model, &text, &mut Random::new(case)).text;
    let texts: std::collections::BTreeSet<_> = (0..200).map(mutant).collect();
    assert!(texts.len() > 180, "{} different mutants", texts.len());
    assert_eq!(mutant(7), mutant(7));
}
