//! The models of the two services state what the reference documents state, and nothing else.
//!
//! The documents and the JSON are read here without the project's crates. Where a document has a
//! misprint, a row of `model/ERRATA.md` corrects the text before it is read. These tests name a
//! deviation without a row, and a row that no longer applies.
//!
//! The documents are not part of the project. They are in `../shared/reference`, or below the
//! folder that `DRAWPLATE_SHARED` names. Without them, the tests that read them are ignored.

mod compare;
mod documents;
mod errata;
mod facts;
mod guide;
mod model;
mod mutations;
mod page;
mod properties;
mod sample;

use std::fs;
use std::path::PathBuf;

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

use compare::{Added, Extent, differences};
use errata::{Correction, corrections};
use facts::Facts;
use guide::Layout;

const GUIDE: &str = "amplify-admin-ui-api-reference";
const COGNITO: &str = "cognito-admin-respond-to-auth-challenge";
const SHORT_PAGES: [&str; 3] = [
    "amplify-get-backend-auth",
    "amplify-get-token",
    "amplify-import-backend-auth",
];

/// A test, under its name.
macro_rules! test {
    ($name:ident) => {
        (stringify!($name), $name as fn())
    };
}

type Test = (&'static str, fn());

/// The tests that need nothing but the files of this crate.
const OWN: &[Test] = &[
    test!(every_correction_names_a_known_document),
    test!(every_decision_names_a_part_of_a_model),
    test!(a_correction_of_another_line_is_named),
];

/// The tests that read the documents.
const DOCUMENTS: &[Test] = &[
    test!(the_amplify_model_is_what_the_long_document_states),
    test!(the_amplify_model_is_what_the_short_pages_state),
    test!(the_cognito_model_is_what_its_page_states),
    test!(the_long_document_has_thirty_resources_and_thirty_one_operations),
    test!(no_line_of_the_long_document_is_lost_in_reading),
    test!(the_cognito_page_has_twenty_errors_and_ten_challenges),
];

/// The tests that read the documents and take long.
const SLOW: &[Test] = &[
    test!(each_single_mutation_of_the_amplify_model_is_noticed),
    test!(each_single_mutation_of_the_cognito_model_is_noticed),
];

fn main() {
    let is_missing = documents::folder().is_none();
    let is_full = std::env::var_os("DRAWPLATE_FULL").is_some();
    let trial = |(name, run): &Test| {
        let run = *run;
        Trial::test(*name, move || {
            run();
            Ok(())
        })
    };
    let document = |test: &Test| {
        let trial = trial(test);
        if is_missing {
            ignored(trial, "needs ../shared")
        } else {
            trial
        }
    };
    let slow = |test: &Test| {
        if is_missing || is_full {
            document(test)
        } else {
            ignored(trial(test), "slow: run by `cargo xtask test`")
        }
    };
    let trials = OWN.iter().map(trial);
    let trials = trials.chain(DOCUMENTS.iter().map(document));
    let trials = trials.chain(SLOW.iter().map(slow)).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The runner shows the kind of a test, which is the reason here.
fn ignored(trial: Trial, reason: &str) -> Trial {
    trial.with_kind(reason).with_ignored_flag(true)
}

/// Where the Amplify documents print `object`, the published client has these.
const AMPLIFY_ADDED: Added = Added {
    structures: &[
        ("ResourceConfig", &[]),
        ("Settings", &["mfaTypes", "smsMessage"]),
        (
            "SocialProviderSettings",
            &["Facebook", "Google", "LoginWithAmazon", "SignInWithApple"],
        ),
        (
            "BackendAuthSocialProviderConfig",
            &["client_id", "client_secret"],
        ),
        (
            "BackendAuthAppleProviderConfig",
            &["client_id", "key_id", "private_key", "team_id"],
        ),
    ],
    enums: &[("MfaTypesElement", &["SMS", "TOTP"])],
    required: &[],
};

/// The Cognito page shows the context only in its syntax, without flags; the published client marks
/// these.
const COGNITO_ADDED: Added = Added {
    structures: &[],
    enums: &[],
    required: &[
        "ContextDataType.HttpHeaders",
        "ContextDataType.IpAddress",
        "ContextDataType.ServerName",
        "ContextDataType.ServerPath",
    ],
};

fn model_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn errata() -> Vec<Correction> {
    let text =
        fs::read_to_string(model_folder().join("ERRATA.md")).expect("the crate has the file");
    corrections(&text).unwrap_or_else(|problems| panic!("{}", problems.join("\n")))
}

fn model(service: &str) -> Value {
    let path = model_folder()
        .join("services")
        .join(service)
        .with_extension("json");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The document as it is.
fn text(document: &str) -> String {
    let path = documents::folder().expect("there are documents");
    let path = path.join(document).with_extension("txt");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the document states, read without problems.
fn facts(document: &str) -> Facts {
    let text = text(document);
    let (lines, mut problems) = documents::lines(document, &text, &errata());
    let facts = match document {
        GUIDE => guide::read(&lines, Layout::Headings),
        COGNITO => page::read(&lines),
        _ => guide::read(&lines, Layout::Tables),
    };
    problems.extend(facts.problems.iter().cloned());
    assert_none(&problems, document);
    facts
}

fn assert_none(problems: &[String], subject: &str) {
    assert!(
        problems.is_empty(),
        "{subject}: {} problems\n{}",
        problems.len(),
        problems.join("\n")
    );
}

fn counts(facts: &Facts) -> String {
    let members: usize = facts.shapes.iter().map(|shape| shape.members.len()).sum();
    let requests = facts
        .operations
        .iter()
        .filter_map(|operation| operation.request.as_ref());
    let bodies: usize = requests.map(|request| request.members.len()).sum();
    let samples: usize = facts
        .operations
        .iter()
        .map(|operation| operation.response_samples.len())
        .sum();
    format!(
        "{} resources, {} operations, {} sections with {members} members, request bodies with {bodies} members, {samples} samples of answers",
        facts.cors.len(),
        facts.operations.len(),
        facts.shapes.len(),
    )
}

fn check(document: &str, service: &str, extent: Extent, added: Added) {
    let facts = facts(document);
    println!("{document}: {}", counts(&facts));
    assert_none(
        &differences(&facts, &model(service), extent, added),
        document,
    );
}

fn every_correction_names_a_known_document() {
    for correction in errata() {
        let known = SHORT_PAGES
            .iter()
            .chain(&[GUIDE, COGNITO])
            .any(|document| *document == correction.document);
        assert!(known, "{correction}: no such document");
    }
}

fn every_decision_names_a_part_of_a_model() {
    let models = [model("amplifybackend"), model("cognito-idp")];
    let known = |chosen: &str| {
        let (shape, member) = chosen
            .split_once('$')
            .map_or((chosen, None), |(shape, member)| (shape, Some(member)));
        models
            .iter()
            .filter_map(|model| model::Model::new(model).ok())
            .any(|model| {
                let id = model.id(shape);
                let members = model.members(&id, &mut Vec::new());
                (model.shapes.contains_key(&id)
                    && member.is_none_or(|member| members.contains_key(member)))
                    || model.kind(&format!("smithy.api#{shape}")).is_some()
                    || model
                        .shapes
                        .values()
                        .any(|shape| shape["traits"]["smithy.api#http"]["uri"] == chosen)
            })
    };
    for correction in errata()
        .iter()
        .filter(|correction| correction.kind == errata::Kind::Decision)
    {
        assert!(
            correction.chosen.is_empty() || known(&correction.chosen),
            "{correction}: no such part of a model"
        );
    }
}

fn the_amplify_model_is_what_the_long_document_states() {
    check(GUIDE, "amplifybackend", Extent::Whole, AMPLIFY_ADDED);
}

fn the_amplify_model_is_what_the_short_pages_state() {
    for document in SHORT_PAGES {
        check(document, "amplifybackend", Extent::Part, AMPLIFY_ADDED);
    }
}

fn the_cognito_model_is_what_its_page_states() {
    check(COGNITO, "cognito-idp", Extent::Whole, COGNITO_ADDED);
}

fn the_long_document_has_thirty_resources_and_thirty_one_operations() {
    let facts = facts(GUIDE);
    assert_eq!(facts.cors.len(), 30, "resources with OPTIONS");
    assert_eq!(facts.operations.len(), 31, "operations");
    for operation in &facts.operations {
        let statuses: Vec<u16> = operation
            .responses
            .iter()
            .map(|(status, ..)| *status)
            .collect();
        assert_eq!(statuses, [200, 400, 404, 429, 504], "{}", operation.name);
    }
}

fn no_line_of_the_long_document_is_lost_in_reading() {
    let (text, facts) = (text(GUIDE), facts(GUIDE));
    let lines = |mark: &str| text.lines().filter(|line| line.contains(mark)).count();
    let requests = facts
        .operations
        .iter()
        .filter_map(|operation| operation.request.as_ref());
    let members: Vec<_> = facts
        .shapes
        .iter()
        .chain(requests)
        .flat_map(|shape| &shape.members)
        .collect();
    assert_eq!(members.len(), lines("Type:"));
    assert_eq!(members.len(), lines("Required:"));
    assert_eq!(
        members
            .iter()
            .filter(|member| !member.values.is_empty())
            .count(),
        lines("Values:")
    );
    assert_eq!(
        members
            .iter()
            .filter(|member| member.range.0.is_some())
            .count(),
        lines("Minimum:")
    );
    assert_eq!(
        members
            .iter()
            .filter(|member| member.range.1.is_some())
            .count(),
        lines("Maximum:")
    );
    assert_eq!(
        members
            .iter()
            .filter(|member| member.ty == facts::Type::Integer)
            .count(),
        lines("Format:")
    );
    let sections = facts.shapes.iter().filter(|shape| shape.deprecated).count();
    assert_eq!(
        members.iter().filter(|member| member.deprecated).count() + sections,
        lines("(DEPRECATED)")
    );
    assert_eq!(facts.operations.len(), lines("Operation ID:"));
    let responses: usize = facts
        .operations
        .iter()
        .map(|operation| operation.responses.len())
        .sum();
    assert_eq!(responses, lines("<a href="));
    assert_eq!(facts.cors.len(), lines("None\t200 response"));
    let bodies = facts
        .operations
        .iter()
        .filter(|operation| operation.request_sample.is_some())
        .count();
    assert_eq!(bodies, lines("POST schema"));
}

fn the_cognito_page_has_twenty_errors_and_ten_challenges() {
    let facts = facts(COGNITO);
    let operation = &facts.operations[0];
    assert_eq!(
        operation
            .responses
            .iter()
            .filter(|(status, ..)| *status != 200)
            .count(),
        20
    );
    let request = operation
        .request
        .as_ref()
        .expect("the page describes the request");
    let challenge = request
        .members
        .iter()
        .find(|member| member.name == "ChallengeName")
        .expect("it is printed");
    assert_eq!(challenge.values.len(), 10);
}

fn each_single_mutation_of_the_amplify_model_is_noticed() {
    mutations::all_are_noticed(facts(GUIDE), &model("amplifybackend"), AMPLIFY_ADDED);
}

fn each_single_mutation_of_the_cognito_model_is_noticed() {
    mutations::all_are_noticed(facts(COGNITO), &model("cognito-idp"), COGNITO_ADDED);
}

fn a_correction_of_another_line_is_named() {
    let row = "| document | line | printed | read as | why |\n|---|---|---|---|---|\n| page | 2, 3 | `wrong` | `right` | because |\n";
    let corrections = corrections(row).expect("the row is well formed");
    let (lines, problems) = documents::lines("page", "one\na  wrong word\nthree\n", &corrections);
    assert_eq!(lines[1].text, "a right word");
    assert_eq!(
        problems,
        ["ERRATA.md row `page` line 3: `wrong` -> `right` does not apply: the line reads `three`"]
    );
}
