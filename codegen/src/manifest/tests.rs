use std::fs;
use std::path::PathBuf;

use drawplate_model::diagnostic::Located;

use super::*;
use crate::{Parts, pipeline};

/// A service with an operation that has nothing special, one that streams events, and signatures.
const PLAIN: &str = r#""demo#Echo": {"type": "service", "version": "1", "traits": {"aws.protocols#restJson1": {}}}"#;
const SIGNED: &str = r#""demo#Echo": {"type": "service", "version": "1",
    "traits": {"aws.protocols#restJson1": {}, "aws.auth#sigv4": {"name": "echo"}}}"#;
const EVENTS: &str = r#""demo#Echo": {"type": "service", "version": "1", "traits": {"aws.protocols#restJson1": {}},
        "operations": [{"target": "demo#Listen"}]},
    "demo#Listen": {"type": "operation", "output": {"target": "demo#ListenOutput"},
        "traits": {"smithy.api#http": {"method": "GET", "uri": "/listen", "code": 200}}},
    "demo#ListenOutput": {"type": "structure", "members": {
        "events": {"target": "demo#Events", "traits": {"smithy.api#httpPayload": {}}}}},
    "demo#Events": {"type": "union", "traits": {"smithy.api#streaming": {}}, "members": {
        "word": {"target": "demo#Word"}}},
    "demo#Word": {"type": "structure"}"#;

/// A folder with manifests.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().expect("it exists")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("creates");
        fs::write(path, text).expect("writes");
    }
}

/// The lines of a report with the help, without the folder.
fn lines(report: &Report, sources: &Sources, folder: &Folder) -> Vec<String> {
    let line = |located: &Located<'_>| {
        let help = located.diagnostic.help.as_deref().unwrap_or_default();
        let folder = format!("{}/", folder.path().display());
        format!("{located}; {help}").replace(&folder, "")
    };
    report.locate(sources).iter().map(line).collect()
}

fn crate_config() -> Config {
    Config::default()
}

fn module(parts: Parts) -> Config {
    Config {
        layout: Layout::Module,
        parts,
        ..Config::default()
    }
}

/// Checks the manifest `crate/Cargo.toml` for a model of these shapes.
#[track_caller]
fn found(folder: &Folder, shapes: &str, config: &Config) -> Vec<String> {
    let text = format!(r#"{{"smithy": "2.0", "shapes": {{{shapes}}}}}"#);
    let mut sources = Sources::from_texts([("model.json".into(), text)]);
    let (models, _) = pipeline::models(&sources, config)
        .unwrap_or_else(|report| panic!("{}", report.render(&sources, false)));
    let path = folder.path().join("crate/Cargo.toml");
    let (Ok(report) | Err(report)) = check(&path, &mut sources, &models, config);
    lines(&report, &sources, folder)
}

#[track_caller]
fn check_one(manifest: &str, shapes: &str, config: &Config, expected: &[&str]) {
    let folder = Folder::new();
    folder.write("crate/Cargo.toml", manifest);
    assert_eq!(found(&folder, shapes, config), expected);
}

/// The manifest that is written for a model.
fn written(shapes: &str) -> String {
    let text = format!(r#"{{"smithy": "2.0", "shapes": {{{shapes}}}}}"#);
    let sources = Sources::from_texts([("model.json".into(), text)]);
    let config = Config {
        package: Some(crate::Package {
            name: "demo".to_owned(),
        }),
        ..Config::default()
    };
    let generated = pipeline::run(&sources, &config).expect("the model is valid");
    generated
        .files
        .get("Cargo.toml")
        .expect("it is a package")
        .to_owned()
}

#[test]
fn a_manifest_as_it_is_written_lacks_nothing() {
    for shapes in [PLAIN, SIGNED, EVENTS] {
        check_one(&written(shapes), shapes, &crate_config(), &[]);
    }
}

#[test]
fn a_model_that_streams_events_for_the_first_time_needs_a_feature() {
    let version = env!("CARGO_PKG_VERSION");
    let help = format!(
        "crate/Cargo.toml:10:1: warning[W0721]: generated code needs the feature `http` of \
         `drawplate-runtime`; change it to `drawplate-runtime = {{ version = \"{version}\", \
         default-features = false, features = [\"http\"] }}`"
    );
    check_one(&written(PLAIN), EVENTS, &crate_config(), &[&help]);
}

#[test]
fn a_model_that_signs_for_the_first_time_needs_a_default_feature() {
    let expected = "crate/Cargo.toml:13:1: warning[W0721]: the client is a default feature, but not \
        the signatures that it needs; change it to `default = [\"client\", \"https\", \"sigv4\"]`";
    check_one(&written(PLAIN), SIGNED, &crate_config(), &[expected]);
    // Without default features, the crates that depend on this one choose.
    let chosen = written(PLAIN).replace("[\"client\", \"https\"]\n", "[]\n");
    check_one(&chosen, SIGNED, &crate_config(), &[]);
}

#[test]
fn features_that_the_code_tests_are_needed() {
    let manifest = written(PLAIN);
    let without = manifest.replace("serve = [\"server\", \"drawplate-runtime/serve\"]\n", "");
    assert_ne!(manifest, without);
    let expected = "crate/Cargo.toml:12:2: warning[W0721]: generated code tests the feature `serve`, \
        which the crate lacks; add to `[features]`: `serve = [\"server\", \"drawplate-runtime/serve\"]`";
    let tls = without.replace(
        "\"serve\", \"drawplate-runtime/tls\"",
        "\"drawplate-runtime/tls\"",
    );
    check_one(&tls, PLAIN, &crate_config(), &[expected]);

    let idle = manifest.replace("server = [\"drawplate-runtime/server\"]", "server = []");
    let help = "change it to `server = [\"drawplate-runtime/server\"]`";
    let folder = Folder::new();
    folder.write("crate/Cargo.toml", &idle);
    let lines = found(&folder, PLAIN, &crate_config());
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].ends_with(help), "{lines:?}");

    // Parts that are not generated need no feature.
    let config = Config {
        parts: Parts::TYPES,
        ..Config::default()
    };
    let types = format!(
        "[package]\nname = \"demo\"\n[dependencies]\ndrawplate-runtime = \"{}\"\n",
        env!("CARGO_PKG_VERSION")
    );
    check_one(&types, PLAIN, &config, &[]);
}

#[test]
fn a_manifest_without_the_runtime_gets_its_line() {
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "crate/Cargo.toml:1:2: warning[W0721]: generated code needs the package \
         `drawplate-runtime`; add to `[dependencies]`: `drawplate-runtime = {{ version = \
         \"{version}\", default-features = false, features = [\"client\", \"server\"] }}`"
    );
    let config = module(Parts::default());
    check_one("[package]\nname = \"app\"\n", PLAIN, &config, &[&expected]);
}

#[test]
fn a_module_needs_the_features_of_its_parts() {
    let manifest = |entry: &str, rest: &str| {
        format!("[package]\nname = \"app\"\n[dependencies]\ndrawplate-runtime{entry}\n{rest}")
    };
    let version = env!("CARGO_PKG_VERSION");
    let all = module(Parts::default());
    let client = module(Parts {
        client: true,
        ..Parts::TYPES
    });
    for (entry, rest, config) in [
        // Each includes what is needed.
        (
            " = { version = \"0.1\", features = [\"https\", \"tls\"] }",
            "",
            &all,
        ),
        (
            ".version = \"0.1\"\ndrawplate-runtime.features = [\"sigv4\"]",
            "",
            &client,
        ),
        // A feature of the user's selects the module.
        (
            " = \"0.1\"",
            "[features]\napi = [\"drawplate-runtime?/client\"]\n",
            &client,
        ),
        // Cargo understands it.
        (
            " = { version = \">=0.1, <0.5\", features = [\"client\"] }",
            "",
            &client,
        ),
    ] {
        check_one(&manifest(entry, rest), PLAIN, config, &[]);
    }
    for (entry, line) in [
        (" = \"0.1\"", format!("drawplate-runtime = {{ version = \"{version}\", features = [\"client\", \"server\"] }}")),
        (
            " = { path = \"../runtime\", features = [\"server\", \"time\"] }",
            "drawplate-runtime = { path = \"../runtime\", features = [\"server\", \"time\", \"client\"] }".to_owned(),
        ),
        (
            " = { version = \"0.0.9\", features = [\"client\", \"server\"] }",
            format!("drawplate-runtime = {{ version = \"{version}\", features = [\"client\", \"server\"] }}"),
        ),
        (".workspace = true", "drawplate-runtime = { workspace = true, features = [\"client\", \"server\"] }".to_owned()),
    ] {
        let folder = Folder::new();
        folder.write("crate/Cargo.toml", &manifest(entry, ""));
        let lines = found(&folder, PLAIN, &all);
        assert_eq!(lines.len(), 1, "{entry}: {lines:?}");
        let help = format!("change it to `{line}`");
        assert!(lines[0].ends_with(&help), "{entry}: {lines:?}");
    }
}

#[test]
fn what_is_inherited_from_a_workspace_counts() {
    let folder = Folder::new();
    folder.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crate\"]\n[workspace.dependencies]\n\
         drawplate-runtime = { version = \"0.1\", features = [\"client\"] }\n",
    );
    folder.write(
        "crate/Cargo.toml",
        "[package]\nname = \"app\"\nversion.workspace = true\n[lints]\nworkspace = true\n\
         [dependencies]\ndrawplate-runtime = { workspace = true, features = [\"server\"] }\n",
    );
    assert_eq!(found(&folder, PLAIN, &module(Parts::default())), [""; 0]);
}

#[test]
fn a_manifest_that_cannot_be_used_is_an_error() {
    for (manifest, expected) in [
        (
            "[package\nname = \"app\"\n",
            "crate/Cargo.toml:1:9: error[E0720]: the manifest is not TOML: ",
        ),
        (
            "[workspace]\nmembers = []\n",
            "crate/Cargo.toml: error[E0720]: the manifest has no package",
        ),
    ] {
        let folder = Folder::new();
        folder.write("crate/Cargo.toml", manifest);
        let lines = found(&folder, PLAIN, &crate_config());
        assert!(lines[0].starts_with(expected), "{lines:?}");
    }
}

#[test]
fn requirements_are_compared_as_cargo_does() {
    for (requirement, version, expected) in [
        ("0.1", "0.1.3", true),
        ("^0.1.5", "0.1.3", true),
        ("=0.2.0", "0.1.3", false),
        ("0", "0.1.3", true),
        ("0.1", "0.2.0", false),
        ("1.4", "1.2.0", true),
        ("1", "2.0.0", false),
        ("*", "2.0.0", true),
        (">=0.1, <0.9", "0.2.0", true),
        ("0.2.0-alpha.1", "0.2.0", true),
    ] {
        assert_eq!(
            accepts(requirement, version),
            expected,
            "{requirement} {version}"
        );
    }
}
