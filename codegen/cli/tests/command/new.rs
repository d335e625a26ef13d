//! `drawplate new`. Whether the crates compile is tested in `tests/tests/delivery`.

use crate::{Folder, check, file};

#[test]
fn a_crate_is_created_with_everything_to_start_from() {
    let folder = Folder::new();
    let text = folder.check(&["new", "deep/my-weather"], 0);
    assert!(
        text.contains("`my-weather`") && text.contains("cd deep/my-weather"),
        "{text}"
    );
    for path in [
        ".gitignore",
        "README.md",
        "drawplate.toml",
        "examples/server.rs",
        "model/weather.smithy",
        "src/lib.rs",
    ] {
        assert!(
            folder.path("deep/my-weather").join(path).is_file(),
            "{path}"
        );
    }
    let mock = folder.read("deep/my-weather/tests/mock.rs");
    assert!(mock.contains("use my_weather::weather::Client;"), "{mock}");
    let manifest = folder.read("deep/my-weather/Cargo.toml");
    assert!(manifest.contains("name = \"my-weather\""), "{manifest}");
    assert!(
        manifest.contains("drawplate-runtime = { version = \"0."),
        "{manifest}"
    );
    assert!(
        manifest.contains("default = [\"client\", \"server\"]\n"),
        "{manifest}"
    );
    assert!(!folder.path("deep/my-weather/build.rs").exists());

    // The command in its README: the code is what the model says.
    let inside = Folder::new();
    inside.check(&["new", "weather", "--quiet"], 0);
    let arguments = ["generate", "model", "--out", ".", "--check"];
    let output = inside
        .command(&arguments)
        .current_dir(inside.path("weather"))
        .output();
    let output = output.expect("the command runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_crate_can_generate_its_code_in_a_build_script() {
    let folder = Folder::new();
    let (runtime, codegen) = (file("runtime"), file("codegen"));
    let paths = ["--runtime-path", &runtime, "--codegen-path", &codegen];
    folder.check(
        &[&["new", "weather", "--build-script"], &paths[..]].concat(),
        0,
    );
    for path in ["build.rs", "model/weather.smithy", "src/lib.rs"] {
        assert!(folder.path("weather").join(path).is_file(), "{path}");
    }
    let manifest = folder.read("weather/Cargo.toml");
    for path in [&runtime, &codegen] {
        assert!(
            manifest.contains(&format!("{{ path = \"{path}\", version = ")),
            "{manifest}"
        );
    }
    assert!(!folder.path("weather/src/weather").exists());
    folder.check(&["new", "other", "--codegen-path", &codegen], 2);
}

#[test]
fn a_folder_with_files_is_refused() {
    let folder = Folder::new();
    folder.write("weather/notes.txt", "mine");
    let text = folder.check(&["new", "weather"], 1);
    assert!(text.contains("weather is not empty"), "{text}");
    assert_eq!(
        folder
            .path("weather")
            .read_dir()
            .expect("it exists")
            .count(),
        1
    );
    folder.write("file", "mine");
    let text = folder.check(&["new", "file"], 1);
    assert!(
        text.contains("cannot use ") && text.contains("file as a folder"),
        "{text}"
    );
    std::fs::create_dir(folder.path("empty")).expect("creates");
    folder.check(&["new", "empty"], 0);
}

/// As by `cargo init`.
#[test]
fn a_folder_with_nothing_but_version_control_is_empty() {
    let folder = Folder::new();
    folder.write("own/.git/HEAD", "ref: refs/heads/main\n");
    let new = || {
        let mut command = folder.command(&["new", "."]);
        command.current_dir(folder.path("own"));
        command.output().expect("the command runs")
    };
    let output = new();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(folder.read("own/Cargo.toml").contains("name = \"own\""));
    assert!(!new().status.success(), "now it is not empty");
}

#[test]
fn an_invalid_name_is_refused() {
    for name in [
        "1abc",
        "Upper",
        "a b",
        "test",
        "fn",
        "self",
        "tokio",
        "a.b",
        "drawplate-runtime",
        "w\u{e4}tter",
        "/",
    ] {
        let folder = Folder::new();
        let text = folder.check(&["new", name], 1);
        assert!(text.starts_with("error: "), "{name}: {text}");
        assert_eq!(text.lines().count(), 1, "{name}: {text}");
        assert_eq!(
            folder.path("").read_dir().expect("it exists").count(),
            0,
            "{name}"
        );
    }
    check(&["new"], 2);
}

#[test]
fn the_name_of_a_dependency_is_refused_with_a_hyphen_and_with_an_underscore() {
    let folder = Folder::new();
    folder.check(&["new", "code"], 0);
    folder.check(&["new", "script", "--build-script"], 0);
    let manifests = [
        folder.read("code/Cargo.toml"),
        folder.read("script/Cargo.toml"),
    ];
    let mut names = Vec::new();
    for manifest in &manifests {
        let tables = manifest.split("\n[").filter(|table| {
            let title = table.split(']').next().unwrap_or_default();
            title.ends_with("dependencies")
        });
        let lines = tables.flat_map(str::lines);
        names.extend(lines.filter_map(|line| Some(line.split_once(" = ")?.0)));
    }
    for name in ["drawplate-codegen", "drawplate-runtime", "tokio"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for name in names {
        for name in [name.to_owned(), name.replace('-', "_")] {
            let text = folder.check(&["new", &name], 1);
            assert!(text.contains("is not the name of a crate"), "{text}");
            folder.check(&["new", &name, "--build-script"], 1);
            assert!(!folder.path(&name).exists());
        }
    }
}

#[test]
fn a_workspace_around_it_is_told() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "[workspace]\n");
    let text = folder.check(&["new", "weather"], 0);
    assert!(text.contains("`members = [\"weather\"]`"), "{text}");
}
