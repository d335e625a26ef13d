//! The files in the packages.

use std::fs;
use std::path::Path;

use drawplate_tests as support;

use crate::{PUBLISHED, cargo};

/// The files in a package, besides those that cargo adds.
fn files(package: &str) -> Vec<String> {
    let arguments = ["package", "--list", "--allow-dirty", "--package", package];
    let added = [
        ".cargo_vcs_info.json",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
    ];
    let listed = cargo(&arguments);
    let files = listed.lines().filter(|file| !added.contains(file));
    files.map(str::to_owned).collect()
}

#[test]
fn a_package_has_the_source_the_readme_and_the_licences() {
    for (package, folder) in PUBLISHED {
        let files = files(package);
        let (source, others): (Vec<_>, Vec<_>) = files
            .iter()
            .map(String::as_str)
            .partition(|file| file.starts_with("src/") || file.starts_with("templates/"));
        assert_eq!(
            others,
            ["LICENSE-APACHE", "LICENSE-MIT", "README.md"],
            "{package}"
        );
        assert!(source.contains(&"src/lib.rs"), "{package}");
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let [own, common] = [folder, ""].map(|folder| {
                let file = support::root().join(folder).join(licence);
                fs::read_to_string(file).expect("a text")
            });
            assert_eq!(own, common, "{package}: {licence}");
        }
    }
}

/// Where a package is shown, there are only its own files.
#[test]
fn a_readme_links_to_files_of_its_package() {
    for (package, folder) in PUBLISHED {
        let files = files(package);
        let readme = support::root().join(folder).join("README.md");
        let readme = fs::read_to_string(readme).expect("a text");
        for link in readme.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap_or_default();
            let is_inside = || {
                let is_below = |file: &String| Path::new(file).starts_with(link);
                !link.starts_with('.') && files.iter().any(is_below)
            };
            assert!(
                link.starts_with("https://") || is_inside(),
                "{package}: README.md links to {link}, which is not in the package"
            );
        }
    }
}
