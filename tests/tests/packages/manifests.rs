//! What the manifests say, and that the dependencies allow it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{PUBLISHED, metadata};

/// The newest compiler that a published crate may need. The command needs `File::lock`.
fn newest(package: &str) -> (u32, u32) {
    if package == "drawplate" {
        (1, 89)
    } else {
        (1, 88)
    }
}

/// The major and minor version of a `rust-version`.
fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|part| part.parse().expect("a number"));
    let major = numbers.next().expect("a major version");
    (major, numbers.next().unwrap_or(0))
}

fn packages(metadata: &Value) -> &Vec<Value> {
    metadata["packages"].as_array().expect("a list of packages")
}

fn name(package: &Value) -> &str {
    package["name"].as_str().expect("packages have names")
}

#[test]
fn the_published_crates_are_these() {
    let metadata = metadata(&["--no-deps"]);
    let published = packages(&metadata)
        .iter()
        .filter(|package| package["publish"].is_null())
        .map(name);
    assert_eq!(
        published.collect::<BTreeSet<_>>(),
        PUBLISHED.iter().map(|(name, _)| *name).collect()
    );
}

#[test]
fn published_crates_describe_themselves() {
    let metadata = metadata(&["--no-deps"]);
    for (published, _) in PUBLISHED {
        let package = packages(&metadata)
            .iter()
            .find(|package| name(package) == published);
        let package = package.unwrap_or_else(|| panic!("{published} is in the workspace"));
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let length = |key: &str| package[key].as_array().map_or(0, Vec::len);
        assert!(text("description").ends_with('.'), "{published}");
        assert_eq!(text("license"), "MIT OR Apache-2.0", "{published}");
        assert_eq!(text("readme"), "README.md", "{published}");
        // crates.io accepts up to five of each.
        for list in ["keywords", "categories"] {
            assert!((1..=5).contains(&length(list)), "{published}: {list}");
        }
        let docs = &package["metadata"]["docs"]["rs"];
        assert_eq!(docs["all-features"], true, "{published}");
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Cargo leaves a dependency of the tests out if it has no version.
            assert!(
                dependency["kind"] == "dev"
                    || dependency["path"].is_null()
                    || dependency["req"] != "*",
                "{published}: {} has a version besides its path",
                dependency["name"]
            );
        }
    }
}

/// With all features, and on every platform.
#[test]
fn no_dependency_needs_a_newer_compiler_than_the_crate() {
    let metadata = metadata(&["--all-features"]);
    let by_id = packages(&metadata)
        .iter()
        .map(|package| (package["id"].as_str().expect("an ID"), package))
        .collect::<BTreeMap<_, _>>();
    let nodes = metadata["resolve"]["nodes"].as_array();
    let dependencies = nodes
        .expect("a list of nodes")
        .iter()
        .map(|node| (node["id"].as_str().expect("an ID"), &node["deps"]))
        .collect::<BTreeMap<_, _>>();
    for (published, _) in PUBLISHED {
        let newest = newest(published);
        let (root, _) = by_id
            .iter()
            .find(|(_, package)| name(package) == published)
            .expect("a package of the workspace");
        let (mut open, mut seen) = (vec![*root], BTreeSet::new());
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let package = by_id[id];
            let needs = package["rust_version"].as_str().map(version);
            assert!(
                needs.is_none_or(|needs| needs <= newest),
                "{published} depends on {} {}, which needs Rust {}: \
                 `cargo update -p {0} --precise VERSION` with an older one, or turn off what needs it",
                name(package),
                package["version"],
                package["rust_version"]
            );
            let used = dependencies[id].as_array().into_iter().flatten();
            let used = used.filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array();
                kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"))
            });
            open.extend(used.filter_map(|dependency| dependency["pkg"].as_str()));
        }
        assert!(seen.len() > 10, "{published} has dependencies");
        let own = by_id[root]["rust_version"].as_str().map(version);
        assert_eq!(own, Some(newest), "{published}");
    }
}

/// Of `codegen` as a build-dependency and of generated crates, one kind of package each.
#[test]
fn nothing_is_built_in_two_versions() {
    // `ring` has its own `getrandom`.
    let allowed = ["getrandom"];
    for (package, features) in [
        ("drawplate-codegen", "format"),
        ("amplify-admin", "https,sigv4,tls,gzip"),
    ] {
        let arguments = [
            "tree",
            "--package",
            package,
            "--features",
            features,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--target",
            "x86_64-unknown-linux-gnu",
        ];
        let tree = crate::cargo(&arguments);
        let mut versions = BTreeMap::<_, BTreeSet<_>>::new();
        for line in tree.lines() {
            let mut words = line.split(' ');
            let (name, version) = (words.next(), words.next());
            versions.entry(name).or_default().insert(version);
        }
        versions.retain(|name, versions| {
            versions.len() > 1 && !name.is_some_and(|name| allowed.contains(&name))
        });
        assert_eq!(versions, BTreeMap::new(), "{package}");
    }
}
