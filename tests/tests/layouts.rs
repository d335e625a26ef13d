//! Generated code in a crate of the user's: as a folder of modules, and as files for `include!`.
//! The crate denies what it can, has another edition, and uses nothing of some modules.

use std::fs;
use std::path::Path;
use std::process::Command;

use drawplate_codegen::config::{TypeKind, TypeRule};
use drawplate_codegen::{Config, Layout, Parts, write};
use drawplate_model::Sources;
use drawplate_tests as support;

/// Types of every kind, and names that collide.
const MODELS: [&str; 4] = [
    "tests/fixtures/names/names.json",
    "tests/fixtures/services/events.json",
    "tests/fixtures/services/kitchen-sink.smithy",
    "docs/weather.json",
];

const MANIFEST: &str = r#"[package]
name = "layouts"
edition = "2021"

[lib]
path = "lib.rs"

[dependencies]
drawplate-runtime = { path = "../../runtime", default-features = false, features = ["auth", "client", "indexmap", "openapi", "server", "waiters"] }
indexmap = "2"

[lints.rust]
warnings = "deny"
future_incompatible = { level = "deny", priority = -1 }
missing_copy_implementations = "deny"
missing_debug_implementations = "deny"
missing_docs = "deny"
nonstandard_style = { level = "deny", priority = -1 }
rust_2018_idioms = { level = "deny", priority = -1 }
rust_2024_compatibility = { level = "deny", priority = -1 }
single_use_lifetimes = "deny"
trivial_casts = "deny"
trivial_numeric_casts = "deny"
unnameable_types = "deny"
unreachable_pub = "deny"
unsafe_code = "forbid"
unused = { level = "deny", priority = -1 }
unused_lifetimes = "deny"
unused_qualifications = "deny"
unused_results = "deny"

[workspace]
"#;

const LIBRARY: &str = r#"//! A crate with generated code in its modules.

mod folder;
/// Two files in one module, and one of them in another as well.
pub mod nested {
    include!("all.rs");
    include!("types.rs");
    /// Nothing of this is used.
    mod private {
        include!("all.rs");
    }
}
/// Types of this crate in place of generated ones.
pub mod custom;
/// Maps in the order of their keys on the wire.
mod ordered {
    include!("ordered.rs");
}
mod parts {
    mod client {
        include!("client.rs");
    }
    mod mock {
        include!("mock.rs");
    }
    mod server {
        include!("server.rs");
    }
}

/// Calls a mock in this process.
pub fn client() -> nested::weather::Client {
    use nested::weather::server::{Mock, router};
    nested::weather::Client::in_process(router(Mock::new()))
}

/// The folder has the re-exports that the root of a crate has.
pub fn client_of_folder() -> (folder::weather::Client, Option<folder::Timestamp>) {
    use folder::weather::server::{Mock, router};
    (folder::weather::Client::in_process(router(Mock::new())), None)
}
"#;

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds crates; run by `cargo xtask test`"
)]
fn every_layout_compiles_in_any_module() {
    let crate_root = support::root().join("target/layouts");
    fs::create_dir_all(&crate_root).expect("target can be written");
    let all = Parts {
        openapi: true,
        ..Parts::default()
    };
    for (name, parts) in [
        ("all", all),
        ("types", Parts::TYPES),
        (
            "client",
            Parts {
                client: true,
                ..Parts::TYPES
            },
        ),
        (
            "mock",
            Parts {
                mock: true,
                ..Parts::TYPES
            },
        ),
        (
            "server",
            Parts {
                server: true,
                ..Parts::TYPES
            },
        ),
    ] {
        // The file of types is beside the file of all in one module.
        let models = if name == "types" {
            &["tests/fixtures/golden/unions.json"][..]
        } else {
            &MODELS
        };
        generate(
            &crate_root,
            Layout::file(format!("{name}.rs")),
            parts,
            models,
        );
    }
    generate(&crate_root.join("folder"), Layout::Module, all, &MODELS);
    custom(&crate_root);
    fs::write(crate_root.join("Cargo.toml"), MANIFEST).expect("target can be written");
    fs::write(crate_root.join("lib.rs"), LIBRARY).expect("target can be written");
    let lock = support::root().join("Cargo.lock");
    fs::copy(lock, crate_root.join("Cargo.lock")).expect("the lock file can be copied");
    // Examples in documentation are tests of the crate.
    for arguments in [&["check", "--quiet"][..], &["test", "--quiet"][..]] {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .envs(support::crates::environment())
            .current_dir(&crate_root)
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Writes the module `custom`, whose generated code uses its types and derives.
fn custom(crate_root: &Path) {
    let fixture = "tests/fixtures/golden/config-types.json";
    let config = Config::default()
        .layout(Layout::file("custom-api.rs"))
        .map_type("::std::collections::HashMap")
        .types(
            TypeRule::new("example#*")
                .derive("Eq")
                .derive("Hash")
                .kind(TypeKind::Union)
                .attribute("#[must_use]"),
        )
        .types(TypeRule::new("example#Kind").derive("Default"))
        .types(TypeRule::new("example#Kind$NEW").attribute("#[default]"))
        .types(
            TypeRule::new("example#*$price*")
                .kind(TypeKind::Structure)
                .attribute("#[doc(alias = \"amount\")]"),
        )
        .replace("example#Email", "crate::custom::Email")
        .replace_with_trait("example#money", "crate::custom::Money");
    write_file(crate_root, &config, &[fixture]);
    let config = Config::default()
        .layout(Layout::file("ordered.rs"))
        .map_type("indexmap::IndexMap");
    write_file(
        crate_root,
        &config,
        &["tests/fixtures/golden/collections.json"],
    );
    let text = include_str!("layouts/custom.rs");
    fs::write(crate_root.join("custom.rs"), text).expect("target can be written");
}

fn write_file(folder: &Path, config: &Config, models: &[&str]) {
    let paths = models.iter().map(|model| support::root().join(model));
    let sources = Sources::read(&paths.collect::<Vec<_>>()).expect("the models can be read");
    for (path, text) in support::generate(&sources, config).iter() {
        fs::write(folder.join(path), text).expect("target can be written");
    }
}

fn generate(folder: &Path, layout: Layout, parts: Parts, models: &[&str]) {
    let config = Config {
        layout,
        parts,
        ..support::separate_models()
    };
    if matches!(config.layout, Layout::File { .. }) {
        // Files of other layouts are in the same folder.
        write_file(folder, &config, models);
        return;
    }
    let paths = models.iter().map(|model| support::root().join(model));
    let sources = Sources::read(&paths.collect::<Vec<_>>()).expect("the models can be read");
    let files = support::generate(&sources, &config);
    let change = write::Change::compare(folder, "", &files).expect("target can be read");
    write::apply(&[change]).expect("target can be written");
}
