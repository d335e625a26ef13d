//! Files and folders that `drawplate generate` cannot write, or that are not its own.

use std::fs;
use std::process::Command;

use crate::{Folder, WEATHER};

/// A limit on the size of files fails as a full disk does: in the middle of a file.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_nothing_is_left() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    let program = env!("CARGO_BIN_EXE_drawplate");
    let command = format!(
        "trap '' XFSZ; ulimit -f 2; exec '{program}' generate weather.json --out out --name weather"
    );
    let mut shell = Command::new("sh");
    let output = shell
        .args(["-c", &command])
        .current_dir(folder.path(""))
        .output()
        .expect("there is a shell");
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with("error: cannot write "), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!folder.path("out").exists());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    fs::create_dir(folder.path("fixed")).expect("creates");
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(folder.path("fixed"), mode(0o555)).expect("it is ours");
    // For the superuser, /sys is such a folder.
    let is_superuser = fs::write(folder.path("fixed/probe"), "").is_ok();
    let out = if is_superuser {
        "/sys/weather"
    } else {
        "fixed/weather"
    };
    let arguments = [
        "generate",
        "weather.json",
        "--out",
        out,
        "--name",
        "weather",
    ];
    let text = folder.check(&arguments, 1);
    assert!(text.starts_with("error: cannot write "), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    fs::set_permissions(folder.path("fixed"), mode(0o755)).expect("it is ours");
}

#[test]
fn files_of_the_user_in_the_output_folder_are_an_error_and_stay() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    folder.write("out/src/lib.rs", "fn mine() {}");
    folder.write("out/src/deep/own.rs", "fn mine() {}");
    let arguments = [
        "generate",
        "weather.json",
        "--out",
        "out",
        "--name",
        "weather",
    ];
    let text = folder.check(&arguments, 1);
    assert!(
        text.contains("out/src/lib.rs") && text.contains("out/src/deep/own.rs"),
        "{text}"
    );
    assert_eq!(folder.read("out/src/lib.rs"), "fn mine() {}");
    assert!(!folder.path("out/Cargo.toml").exists());
}

/// An empty file may be a note to come, or `.gitkeep`.
#[test]
fn empty_files_of_the_user_are_an_error_and_stay() {
    for own in ["out/src/notes.rs", "out/src/.gitkeep", "out/src/lib.rs"] {
        let folder = Folder::new();
        folder.write("weather.json", WEATHER);
        folder.write(own, "");
        let generate = ["generate", "weather.json", "--out", "out", "--name", "out"];
        let text = folder.check(&generate, 1);
        assert!(
            text.contains("refusing to replace or remove files"),
            "{text}"
        );
        assert!(text.contains(own), "{text}");
        assert_eq!(folder.read(own), "");
        assert!(!folder.path("out/Cargo.toml").exists());
    }
    for own in ["src/api/todo.rs", "src/api/mod.rs"] {
        let folder = Folder::new();
        folder.write("weather.json", WEATHER);
        folder.write("Cargo.toml", "[package]\nname = \"app\"\n");
        folder.write(own, "");
        let generate = ["generate", "weather.json", "--out", "src/api", "--module"];
        let text = folder.check(&generate, 1);
        assert!(text.contains(own), "{text}");
        assert_eq!(folder.read(own), "");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told_and_stays() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    std::os::unix::fs::symlink("absent", folder.path("link")).expect("links");
    let generate = ["generate", "weather.json", "--out", "link", "--name", "out"];
    let text = folder.check(&generate, 1);
    assert!(
        text.contains("link is a link to a path that does not exist"),
        "{text}"
    );
    assert!(folder.path("link").is_symlink());
}
