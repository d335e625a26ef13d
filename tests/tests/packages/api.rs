//! The public API of the crates that other code compiles against. A change of it appears as a
//! difference to a list in `tests/api`, so that nobody breaks it by accident.
//!
//! Generated code also calls items of the runtime that are hidden from its documentation; they are
//! in its list.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use drawplate_tests as support;

use crate::output;

/// The crates with a list.
const LISTED: [&str; 2] = ["drawplate-codegen", "drawplate-runtime"];

/// The compiler whose rustdoc `public_api` reads: another version writes another format.
const TOOLCHAIN: &str = "1.95.0";

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

/// The items of a package with all features, one per line.
fn api(package: &str) -> String {
    let target = support::root().join("target/api");
    // The output as JSON is not stable; a stable compiler writes it with this variable.
    let mut command = Command::new("rustup");
    command
        .args(["run", TOOLCHAIN, "cargo", "rustdoc", "--quiet", "--lib"])
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
