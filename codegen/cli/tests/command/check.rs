//! `drawplate check`.

use serde_json::{Value, json};

use crate::{BROKEN, Folder, WEATHER, check, kitchen};

#[test]
fn a_model_without_errors_prints_nothing_and_exits_with_0() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    for format in ["human", "short", "json", "github"] {
        let text = folder.check(&["check", "weather.json", "--format", format], 0);
        assert_eq!(text, "", "{format}");
    }
}

#[test]
fn a_model_without_a_service_can_be_checked_but_not_generated() {
    let folder = Folder::new();
    folder.write(
        "shared.smithy",
        "$version: \"2\"\nnamespace example\nstring Name\n",
    );
    let printed = folder.check(&["check", "shared.smithy"], 0);
    assert_eq!(printed, "");
    let arguments = ["generate", "shared.smithy", "--out", "out", "--name", "out"];
    let [_, stderr] = folder.streams(&arguments, 1);
    assert!(stderr.starts_with("error[E0116]"), "{stderr}");
    assert!(!folder.path("out").exists());
}

#[test]
fn warnings_are_printed_and_exit_with_0() {
    let folder = Folder::new();
    folder.write(
        "weather.json",
        &WEATHER.replace("\"shapes\"", "\"more\": {}, \"shapes\""),
    );
    let [out, diagnostics] = folder.streams(&["check", "weather.json"], 0);
    assert_eq!(out, "");
    assert!(diagnostics.contains("warning[W0502]"), "{diagnostics}");
    // Also those of generation.
    let text = check(&["check", &kitchen(), "--format", "short"], 0);
    assert!(text.contains("warning[W04"), "{text}");
}

#[test]
fn errors_are_printed_in_each_format_and_exit_with_1() {
    let folder = Folder::new();
    folder.write("broken.json", BROKEN);
    let print = |format: &str| folder.streams(&["check", "broken.json", "--format", format], 1);

    let [out, diagnostics] = print("human");
    assert_eq!(out, "");
    assert!(diagnostics.contains("--> broken.json:2:"), "{diagnostics}");
    assert!(diagnostics.contains("found 1 error;"), "{diagnostics}");

    let [out, diagnostics] = print("short");
    let lines = out.lines().collect::<Vec<_>>();
    let first = "broken.json:2:83: error[E0103]: ";
    assert!(lines[0].starts_with(first), "{out}");
    assert!(
        lines[1].starts_with("broken.json:1:19: warning[W0502]: "),
        "{out}"
    );
    assert_eq!(lines.len(), 2);
    assert!(diagnostics.contains("found 1 error;"), "{diagnostics}");

    let [out, diagnostics] = print("json");
    assert!(
        diagnostics.starts_with("error: found 1 error;"),
        "{diagnostics}"
    );
    let values = out.lines().map(serde_json::from_str::<Value>);
    let values = values
        .collect::<Result<Vec<_>, _>>()
        .expect("each line is JSON");
    assert_eq!(values.len(), 2);
    let error = &values[0];
    assert_eq!(error["code"], "E0103");
    assert_eq!(error["severity"], "error");
    assert_eq!(error["file"], "broken.json");
    let range = json!({"start": {"line": 2, "column": 83}, "end": {"line": 2, "column": 94}});
    assert_eq!(error["range"], range);
    assert!(
        error["message"]
            .as_str()
            .expect("a text")
            .contains("demo#Gett")
    );
    assert_eq!(error["help"], "did you mean `demo#Get`?");
    assert_eq!(values[1]["severity"], "warning");

    let [out, diagnostics] = print("github");
    assert!(
        diagnostics.starts_with("error: found 1 error;"),
        "{diagnostics}"
    );
    let first = "::error file=broken.json,line=2,endLine=2,col=83,endColumn=94,title=E0103::";
    assert!(out.starts_with(first), "{out}");
    assert!(out.contains("%0Ahelp: did you mean `demo#Get`?\n"), "{out}");
    assert!(
        out.contains("\n::warning file=broken.json,line=1,"),
        "{out}"
    );
}

#[test]
fn annotations_are_escaped() {
    let folder = Folder::new();
    // A message with a percent sign and a line break, a file with a colon and a comma.
    let model = BROKEN.replace("demo#Gett", "demo#50%,\\r\\n::set-env::x");
    folder.write("a:b,100%.json", &model);
    let [out, _] = folder.streams(&["check", "a:b,100%.json", "--format", "github"], 1);
    assert!(
        out.starts_with("::error file=a%3Ab%2C100%25.json,line=2,"),
        "{out}"
    );
    assert!(out.contains("50%25,"), "{out}");
    for line in out.lines() {
        assert!(
            line.starts_with("::error file=") || line.starts_with("::warning file="),
            "{out}"
        );
    }
    // A line break does not start another line in the other formats either.
    let [out, _] = folder.streams(&["check", "a:b,100%.json", "--format", "short"], 1);
    for line in out.lines() {
        assert!(line.starts_with("a:b,100%.json:"), "{out}");
    }
}

#[test]
fn a_folder_is_a_model() {
    let folder = Folder::new();
    folder.write("model/weather.json", WEATHER);
    folder.write(
        "model/deep/er/more.json",
        r#"{"smithy": "2.0", "shapes": {"demo#S": {"type": "sting"}}}"#,
    );
    folder.write("model/package.json", r#"{"name": "not a model"}"#);
    folder.write("model/.hidden.json", "not a model");
    folder.write("model/README.md", "not a model");
    let [out, _] = folder.streams(&["check", "model", "--format", "short"], 1);
    assert!(out.starts_with("model/deep/er/more.json:1:"), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    // What is no JSON might be a model.
    folder.write("model/deep/er/more.json", "{");
    let [out, _] = folder.streams(&["check", "model", "--format", "short"], 1);
    assert!(out.contains("error[E0006]"), "{out}");
}

#[test]
fn what_cannot_be_read_is_reported_in_each_format() {
    let folder = Folder::new();
    folder.write("empty/notes.txt", "no model");
    for (model, code) in [("absent.json", "E0001"), ("empty", "E0016")] {
        for format in ["human", "short", "json", "github"] {
            let text = folder.check(&["check", model, "--format", format], 1);
            assert!(text.contains(code) && text.contains(model), "{text}");
        }
    }
}

/// Links to `/dev/null` stand for pipes and devices, which would not end.
#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    use std::os::unix::fs::symlink;

    for path in ["model/z.smithy", "model/z.json"] {
        let folder = Folder::new();
        folder.write("model/weather.json", WEATHER);
        symlink("/dev/null", folder.path(path)).expect("links");
        let message = format!("error[E0003]: `{path}` cannot be read: it is not a regular file");
        for model in ["model", path] {
            for command in ["check", "routes", "fmt", "ast"] {
                let text = folder.check(&[command, model], 1);
                assert!(text.contains(&message), "{command} {model}: {text}");
            }
        }
    }
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    symlink("/dev/null", folder.path("drawplate.toml")).expect("links");
    let text = folder.check(&["check", "weather.json"], 1);
    assert!(text.contains("`drawplate.toml` cannot be read"), "{text}");
    // This is how a command is told that there is no configuration.
    folder.check(&["check", "weather.json", "--config", "/dev/null"], 0);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_a_link_to_nothing_is_an_error() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    std::os::unix::fs::symlink("absent.toml", folder.path("drawplate.toml")).expect("links");
    for command in ["check", "openapi"] {
        let text = folder.check(&[command, "weather.json"], 1);
        let message = "error[E0001]: `drawplate.toml` is a link to a path that does not exist";
        assert!(text.contains(message), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_model_can_come_through_a_pipe_that_the_shell_passes() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    let program = env!("CARGO_BIN_EXE_drawplate");
    for path in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let output = std::process::Command::new("sh")
            .args([
                "-c",
                &format!("cat weather.json | '{program}' routes {path}"),
            ])
            .current_dir(folder.path(""))
            .output()
            .expect("there is a shell");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("/get"), "{path}: {text}{output:?}");
    }
}

#[test]
fn the_configuration_is_checked() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    folder.write("drawplate.toml", "[names]\n\"demo#Absent\" = \"present\"\n");
    let [out, _] = folder.streams(&["check", "weather.json", "--format", "short"], 1);
    assert!(out.starts_with("drawplate.toml:2:1: error[E0702]"), "{out}");
    folder.write("other.toml", "nonsense = 1\n");
    let arguments = [
        "check",
        "weather.json",
        "--config",
        "other.toml",
        "--format",
        "short",
    ];
    let [out, _] = folder.streams(&arguments, 1);
    assert!(out.starts_with("other.toml:1:1: error[E0701]"), "{out}");
    let arguments = ["check", "weather.json", "--config", "absent.toml"];
    assert!(folder.check(&arguments, 1).contains("absent.toml"));
}
