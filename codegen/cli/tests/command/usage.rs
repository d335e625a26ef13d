//! Help, wrong command lines, and the commands that print.

use std::fs;
use std::process::Command;

use crate::{Folder, WEATHER, check, file, kitchen};

#[test]
fn help_and_the_readme_name_the_commands() {
    let text = check(&["--help"], 0);
    let readme = fs::read_to_string(file("codegen/cli/README.md")).expect("it is there");
    for command in [
        "generate",
        "new",
        "check",
        "routes",
        "ast",
        "fmt",
        "explain",
        "conformance",
        "completions",
    ] {
        assert!(text.contains(command), "{command}:\n{text}");
        assert!(
            readme.contains(&format!("drawplate {command}")),
            "{command}"
        );
        let text = check(&[command, "--help"], 0);
        assert!(
            text.contains(&format!("Usage: drawplate {command}")),
            "{text}"
        );
    }
    assert!(check(&["--version"], 0).starts_with("drawplate 0."));
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    check(&[], 2);
    check(&["nonsense"], 2);
    check(&["check"], 2);
    check(&["generate", "--out", "x", "--name", "y"], 2);
    check(&["generate", "m.json", "--name", "y"], 2);
    for name in [
        "",
        "1abc",
        "Upper",
        "a b",
        "test",
        "fn",
        "../x",
        "proc-macro",
        "drawplate_runtime",
    ] {
        assert!(
            check(&["generate", "m.json", "--out", "x", "--name", name], 2).contains("--name"),
            "{name}"
        );
    }
    let text = check(&["check", "m.json", "--format", "xml"], 2);
    assert!(text.contains("human, short, json, github"), "{text}");
}

#[test]
fn cargo_runs_the_command() {
    for words in [
        &["drawplate", "explain", "E0103"][..],
        &["explain", "E0103"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-drawplate"))
            .args(words)
            .output()
            .expect("the command runs");
        assert!(output.status.success());
        assert!(output.stdout.starts_with(b"E0103: "));
    }
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-drawplate"))
        .args(["drawplate", "check", "--help"])
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Usage: cargo drawplate check"), "{text}");
}

#[test]
fn explain_prints_a_code_and_lists_all() {
    let list = check(&["explain"], 0);
    let first = list.lines().next().expect("there are codes");
    let (code, summary) = first.split_once("  ").expect("code and summary");
    let text = check(&["explain", &code.to_lowercase()], 0);
    assert!(text.starts_with(&format!("{code}: {summary}")), "{text}");
    assert!(
        text.len() > first.len() + 40,
        "there is more than the summary: {text}"
    );
    assert!(check(&["explain", "E9999"], 1).contains("E9999"));
}

#[test]
fn routes_prints_a_table() {
    let services = file("model/services");
    let backend = file("model/services/amplifybackend.json");
    let text = check(&["routes", &backend], 0);
    assert_eq!(
        text.lines()
            .filter(|line| line.contains("/prod/backend") || line.contains("/prod/s3Buckets"))
            .count(),
        31
    );
    let one = check(
        &[
            "routes",
            &services,
            "--service",
            "awscognitoidentityproviderservice",
        ],
        0,
    );
    assert!(
        one.contains("AdminRespondToAuthChallenge") && !one.contains("/prod/"),
        "{one}"
    );
    let id = "com.amazonaws.cognitoidentityprovider#AWSCognitoIdentityProviderService";
    assert_eq!(check(&["routes", &services, "--service", id], 0), one);
    let nobody = check(&["routes", &services, "--service", "nobody"], 1);
    assert!(
        nobody.contains("`nobody`") && nobody.contains("AmplifyBackend"),
        "{nobody}"
    );
    assert!(
        check(&["routes", &kitchen()], 0)
            .contains("/v1/bind/{id}/at/{when}/{rest+}?fixed=yes&bare")
    );
}

#[test]
fn routes_has_a_table_for_each_protocol_that_is_served() {
    let print = |protocols: &str, operation: &str| {
        let folder = Folder::new();
        let model = format!(
            "$version: \"2\"\nnamespace demo\n{protocols}\n\
             service Shop {{ version: \"1\", operations: [Buy] }}\n{operation}\noperation Buy {{}}\n"
        );
        folder.write("shop.smithy", &model);
        let [printed, _] = folder.streams(&["routes", "shop.smithy"], 0);
        printed
    };
    let http = "@http(method: \"PUT\", uri: \"/buy\", code: 201)";
    let (rest, json) = ("@aws.protocols#restJson1", "@aws.protocols#awsJson1_0");
    let (xml, cbor) = ("@aws.protocols#restXml", "@smithy.protocols#rpcv2Cbor");
    let query = "@aws.protocols#awsQuery @xmlNamespace(uri: \"https://example.com\")";
    assert_eq!(
        print(&format!("{rest} {xml} {json} {cbor}"), http),
        "\
demo#Shop (smithy.protocols#rpcv2Cbor)
METHOD  URI                          OPERATION  STATUSES
POST    /service/Shop/operation/Buy  Buy        200

demo#Shop (aws.protocols#awsJson1_0)
METHOD  URI           OPERATION  STATUSES
POST    / (Shop.Buy)  Buy        200

demo#Shop (aws.protocols#restJson1, aws.protocols#restXml)
METHOD  URI   OPERATION  STATUSES
PUT     /buy  Buy        201
"
    );
    // A service that serves one protocol needs no name for it.
    let one = "demo#Shop\nMETHOD  URI           OPERATION  STATUSES\n";
    for protocols in [json, &format!("{json} {query}")] {
        let expected = format!("{one}POST    / (Shop.Buy)  Buy        200\n");
        assert_eq!(print(protocols, ""), expected);
    }
    let expected = "demo#Shop\nMETHOD  URI             OPERATION  STATUSES\n\
                    POST    / (Action=Buy)  Buy        200\n";
    assert_eq!(print(query, ""), expected);
    assert!(print(cbor, http).contains("POST    /service/Shop/operation/Buy  Buy        200"));
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = check(&["completions", shell], 0);
        assert!(
            text.contains("drawplate") && text.contains("generate"),
            "{shell}"
        );
    }
    check(&["completions", "cmd"], 2);
}

#[test]
fn a_reader_that_stops_is_not_an_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_drawplate"))
        .arg("explain")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the command runs");
    drop(child.stdout.take());
    assert!(child.wait().expect("it was started").success());
}

/// Colors and progress go to terminals alone, so that this test needs one: that of `script`.
#[cfg(target_os = "linux")]
#[test]
fn colors_are_for_terminals_unless_they_are_not_wanted() {
    let folder = Folder::new();
    folder.write("broken.json", crate::BROKEN);
    let program = env!("CARGO_BIN_EXE_drawplate");
    let on_terminal = |options: &str, no_color: Option<&str>| {
        let mut script = Command::new("script");
        script
            .args(["--quiet", "--return", "--command"])
            .arg(format!("'{program}' check broken.json {options}"))
            .arg("/dev/null")
            .current_dir(folder.path(""))
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .envs(no_color.map(|value| ("NO_COLOR", value)));
        let output = script.output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("E0103"), "{text}");
        Some(text.contains('\u{1b}'))
    };
    let Some(colored) = on_terminal("", None) else {
        return; // This machine has no `script`.
    };
    assert!(colored);
    assert_eq!(on_terminal("", Some("1")), Some(false));
    assert_eq!(on_terminal("--color never", None), Some(false));
    let [_, piped] = folder.streams(&["check", "broken.json"], 1);
    assert!(!piped.contains('\u{1b}'), "{piped}");
    let [_, forced] = folder.streams(&["check", "broken.json", "--color", "always"], 1);
    assert!(forced.contains('\u{1b}'), "{forced}");
}

#[test]
fn conformance_takes_the_runtime_from_the_configuration() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    folder.write(
        "configs/drawplate.toml",
        "[runtime]\npath = \"../library\"\n",
    );
    let check = |options: &[&str], expected: &str| {
        let arguments = [&["conformance", "weather.json"], options].concat();
        let text = folder.check(&arguments, 1);
        assert!(text.contains(expected), "{options:?}: {text}");
    };
    let config = ["--config", "configs/drawplate.toml"];
    check(&config, "library/Cargo.toml is not the manifest");
    folder.write(
        "library/Cargo.toml",
        "[package]\nname = \"drawplate-runtime\"\n",
    );
    check(
        &config,
        "pass the folder of the latter with `--conformance-path DIR`",
    );
    let runner = file("tests/conformance");
    let runner = ["--conformance-path", &runner];
    check(&runner, "pass that folder with `--runtime-path DIR`");
    // Both libraries are known; the model is no suite.
    check(&[config, runner].concat(), "weather.json has no test cases");
    folder.write("drawplate.toml", "runtim = 1\n");
    check(&[], "did you mean `runtime`?");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    for arguments in [
        &["routes", "weather.json"][..],
        &["ast", "weather.json"],
        &["explain", "E0103"],
        &["completions", "bash"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full");
        let output = folder
            .command(arguments)
            .stdout(full.expect("it opens"))
            .output()
            .expect("the command runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            error.starts_with("error: cannot write to stdout: "),
            "{error}"
        );
    }
}
