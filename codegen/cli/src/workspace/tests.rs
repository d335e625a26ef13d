use std::fs;

use super::*;

#[test]
fn a_workspace_lists_its_members() {
    let member = |workspace: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().canonicalize().expect("it exists");
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("creates");
            fs::write(path, text).expect("writes");
        };
        write("Cargo.toml", workspace);
        // Members are found through any kind of dependency on a path.
        write(
            "app/Cargo.toml",
            "[package]\nname = \"app\"\n\
             [target.'cfg(unix)'.dependencies]\nother = { path = \"../other\" }\n",
        );
        write(
            "other/Cargo.toml",
            "[package]\nname = \"other\"\n\
             [build-dependencies]\nweather = { path = \"../crates/weather\" }\n",
        );
        let mut sources = Sources::default();
        let report = check_membership(&root.join("crates/weather"), &mut sources);
        let lines = report.locate(&sources).into_iter().map(|located| {
            let help = located.diagnostic.help.as_deref().unwrap_or_default();
            format!("{located}; {help}").replace(&format!("{}/", root.display()), "")
        });
        lines.collect::<Vec<_>>()
    };
    for listed in [
        "[workspace]\nmembers = [\"crates/weather\"]\n",
        "[workspace]\nmembers = [\"./crates/weather/\"]\n",
        "[workspace]\nmembers = [\"crates/*\"]\n",
        "[workspace]\nmembers = [\"crates/w?ather\"]\n",
        "[workspace]\nexclude = [\"crates\"]\n",
        // A member depends on a crate that depends on it.
        "[workspace]\nmembers = [\"a*\"]\n",
        "[package]\nname = \"no-workspace\"\n",
    ] {
        assert_eq!(member(listed), [""; 0], "{listed}");
    }
    assert_eq!(
        member(
            "[workspace]\nmembers = [\"lib*\", \"other/*\"]\nexclude = [\"app\", \"crates/weathers\"]\n"
        ),
        [
            "Cargo.toml:2:1: warning[W0722]: the workspace does not have the member \
          `crates/weather`; change it to `members = [\"lib*\", \"other/*\", \"crates/weather\"]`, or to \
          `exclude = [\"app\", \"crates/weathers\", \"crates/weather\"]` to keep the crate apart"
        ]
    );
    let lines = member("[workspace]\n");
    assert!(
        lines[0].starts_with("Cargo.toml:1:2: warning[W0722]"),
        "{lines:?}"
    );
}
