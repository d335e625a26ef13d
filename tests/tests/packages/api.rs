//! The public API of the crates that other code compiles against. A change of it appears as a
//! difference to a list in `tests/api`, so that nobody breaks it by accident.
//!
//! Generated code also calls items of the runtime that are hidden from its documentation; they are
//! in its list.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use drawplate_model::Sources;
use drawplate_prerequisites as prerequisites;
use drawplate_tests as support;
use serde_json::json;

use crate::output;

/// The crates with a list.
const LISTED: [&str; 2] = ["drawplate-codegen", "drawplate-runtime"];

/// Set it to write the lists instead of comparing them.
const ACCEPT: &str = "DRAWPLATE_ACCEPT_API";

#[test]
#[cfg_attr(
    not(all(feature = "full", api_toolchain)),
    ignore = "slow, and needs `rustup toolchain install 1.95.0`; run by `cargo xtask test`"
)]
fn the_public_api_has_not_changed() {
    for package in LISTED {
        let file = support::root().join(format!("tests/api/{package}.txt"));
        let current = api(package);
        if env::var_os(ACCEPT).is_some() {
            fs::write(&file, &current).expect("the list can be written");
            continue;
        }
        let listed = fs::read_to_string(&file).unwrap_or_default();
        let difference = difference(&listed, &current);
        assert!(
            difference.is_empty(),
            "the public API of {package} has changed:\n{difference}\n\
             What is removed or replaced breaks callers: it needs a new minor version (0.x) and an \
             entry in CHANGELOG.md. To accept the change, run\n    \
             {ACCEPT}=1 cargo test -p drawplate-tests --features full --test packages api\n\
             and commit {}",
            file.display()
        );
    }
}

/// A setting of endpoint rules is a method of a trait, which a method of the builder with the same
/// name would be called instead of.
#[test]
fn settings_of_models_are_not_named_as_methods_of_the_builder() {
    let list = fs::read_to_string(support::root().join("tests/api/drawplate-runtime.txt"));
    let list = list.expect("the list can be read");
    let methods = list.lines().filter_map(|line| {
        let method = line.strip_prefix("pub fn drawplate_runtime::client::Builder<C>::")?;
        let (method, parameters) = method.split_once('(')?;
        let takes_self = parameters.starts_with("self") || parameters.starts_with("&self");
        takes_self.then(|| method.split('<').next().unwrap_or(method))
    });
    let methods = methods.collect::<Vec<_>>();
    assert!(
        methods.contains(&"sigv4") && methods.contains(&"layer"),
        "{methods:?}"
    );

    // A parameter has a name without underscores.
    let parameters = methods.iter().map(|method| {
        let words = method.split('_').map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        });
        words.collect::<String>()
    });
    let parameters = parameters.collect::<Vec<_>>();
    let settings = parameters.iter().map(|name| {
        (
            name.clone(),
            json!({ "type": "string", "documentation": "A setting." }),
        )
    });
    let settings = settings.collect::<serde_json::Map<_, _>>();
    let rules = parameters.iter().map(|name| {
        json!({
            "type": "error",
            "conditions": [{ "fn": "isSet", "argv": [{ "ref": name }] }],
            "error": "it is set",
        })
    });
    let mut rules = rules.collect::<Vec<_>>();
    rules.push(json!({ "type": "error", "conditions": [], "error": "nothing is set" }));
    let model = json!({
        "smithy": "2.0",
        "shapes": {
            "a#Service": {
                "type": "service",
                "version": "1",
                "traits": {
                    "aws.protocols#restJson1": {},
                    "smithy.rules#clientContextParams": settings,
                    "smithy.rules#endpointRuleSet": {
                        "version": "1.0",
                        "parameters": settings,
                        "rules": rules,
                    },
                },
            },
        },
    });
    let sources = Sources::from_texts([("a.json".into(), model.to_string())]);
    let files = support::generate(&sources, &support::separate_models());
    let client = files.iter().find(|(path, _)| path.ends_with("client.rs"));
    let (_, client) = client.expect("a client");
    for method in methods {
        assert!(!client.contains(&format!("fn {method}(")), "{method}");
        assert!(
            client.contains(&format!("fn {method}_(")),
            "{method}_:\n{client}"
        );
    }
}

/// The items of a package with all features, one per line.
fn api(package: &str) -> String {
    let target = support::root().join("target/api");
    // The output as JSON is not stable; a stable compiler writes it with this variable.
    let mut command = Command::new("rustup");
    command
        .args([
            "run",
            prerequisites::API,
            "cargo",
            "rustdoc",
            "--quiet",
            "--lib",
        ])
        .args([
            "--package",
            package,
            "--all-features",
            "--locked",
            "--offline",
        ])
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .args(["--document-hidden-items", "--cap-lints", "allow"])
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC_BOOTSTRAP", "1");
    output(&mut command, &support::root());
    list(&target.join(format!("doc/{}.json", package.replace('-', "_"))))
}

/// The public items in the output of rustdoc.
fn list(json: &Path) -> String {
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .unwrap_or_else(|error| panic!("{}: {error}", json.display()));
    without_methods_of_traits(&api.to_string())
}

/// The list without the items of implementations: the trait says what they are.
fn without_methods_of_traits(list: &str) -> String {
    let mut text = String::new();
    // How names of items of the current implementation start.
    let mut implemented = None;
    for line in list.lines() {
        let is_item = |of: &String| {
            let (_, rest) = line.split_once(of).unwrap_or_default();
            line.starts_with("pub ") && rest.starts_with(['<', ':'])
        };
        if implemented.as_ref().is_some_and(is_item) {
            continue;
        }
        let of = line
            .strip_prefix("impl")
            .and_then(|it| it.split_once(" for "));
        implemented = of.map(|(_, of)| {
            let end = of.find(['<', ' ']).unwrap_or(of.len());
            format!(" {}", &of[..end])
        });
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The lines that were removed and added.
fn difference(listed: &str, current: &str) -> String {
    let lines = |text| str::lines(text).collect::<BTreeSet<_>>();
    let (listed, current) = (lines(listed), lines(current));
    let removed = listed
        .difference(&current)
        .map(|line| format!("- {line}\n"));
    let added = current
        .difference(&listed)
        .map(|line| format!("+ {line}\n"));
    removed.chain(added).collect()
}

#[test]
fn items_of_implementations_are_left_out() {
    let list = "\
pub struct a::B<T>
impl<T> a::B<T>
pub fn a::B<T>::new() -> Self
impl<T> core::clone::Clone for a::B<T> where T: core::clone::Clone
pub fn a::B<T>::clone(&self) -> a::B<T>
pub fn a::f()
";
    let expected = list.replace("pub fn a::B<T>::clone(&self) -> a::B<T>\n", "");
    assert_eq!(without_methods_of_traits(list), expected);
}

#[test]
fn a_difference_shows_what_was_removed_and_added() {
    let listed = "pub fn a::f(x: u8)\npub mod a\n";
    let current = "pub fn a::f(x: u16)\npub mod a\n";
    let shown = "- pub fn a::f(x: u8)\n+ pub fn a::f(x: u16)\n";
    assert_eq!(difference(listed, current), shown);
    assert_eq!(difference(listed, listed), "");
}
