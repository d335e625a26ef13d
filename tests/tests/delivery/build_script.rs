//! A crate whose build script generates code.

use std::fs;

use drawplate_tests as support;

use crate::{Folder, workspace};

const BUILD: &str = r#"
fn main() -> Result<(), Box<dyn std::error::Error>> {
    drawplate_codegen::configure().model("model").build()?;
    drawplate_codegen::configure()
        .model("echo.smithy")
        .config_file("drawplate.toml")
        .file_name("echo.rs")
        .build()?;
    Ok(())
}
"#;

/// The same file twice, another one at the root, and a feature `client` of the crate's own.
const LIBRARY: &str = r#"//! An application.
#![deny(warnings, missing_docs)]

mod api {
    include!(concat!(env!("OUT_DIR"), "/api.rs"));
    pub mod nested {
        include!(concat!(env!("OUT_DIR"), "/api.rs"));
    }
}

include!(concat!(env!("OUT_DIR"), "/echo.rs"));

#[cfg(test)]
mod tests {
    use super::api::nested::weather::{Client, input, output, server};

    #[tokio::test]
    async fn the_client_calls_the_mock() {
        let mock = server::Mock::new()
            .on_get_forecast(|_| Ok(output::GetForecastOutput::new([21.5])));
        let client = Client::in_process(server::router(mock));
        let forecast = client.get_forecast(input::GetForecastInput::new("Paris")).await;
        assert_eq!(forecast.unwrap().degrees, [21.5]);
        let _ = super::api::weather::Client::builder();
        let _ = super::echoes::Client::builder();
    }
}
"#;

const ECHO: &str = r#"$version: "2"
namespace demo

@aws.protocols#restJson1
service Echo {
    version: "1"
    operations: [Say]
}

@http(method: "POST", uri: "/say")
operation Say {
    input := {
        word: String
    }
}
"#;

/// A folder with a crate.
fn package() -> Folder {
    let folder = Folder::new();
    let (runtime, codegen) = (workspace("runtime"), workspace("codegen"));
    folder.write(
        "Cargo.toml",
        &format!(
            "[package]\n\
             name = \"app\"\n\
             version = \"0.1.0\"\n\
             edition = \"2024\"\n\
             \n\
             [features]\n\
             client = []\n\
             \n\
             [dependencies]\n\
             drawplate-runtime = {{ path = {runtime:?}, features = [\"client\", \"server\"] }}\n\
             \n\
             [build-dependencies]\n\
             drawplate-codegen = {{ path = {codegen:?} }}\n\
             \n\
             [dev-dependencies]\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n"
        ),
    );
    folder.lock("");
    folder.write("build.rs", BUILD);
    folder.write("src/lib.rs", LIBRARY);
    folder.write("model/weather.json", &weather());
    folder.write("echo.smithy", ECHO);
    folder.write("drawplate.toml", "[names]\n\"demo#Echo\" = \"echoes\"\n");
    folder
}

fn weather() -> String {
    let model = support::root().join("docs/weather.json");
    fs::read_to_string(model).expect("the model can be read")
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds crates; run by `cargo xtask test`"
)]
fn a_build_script_generates_what_the_crate_includes() {
    let package = package();
    let printed = package.cargo("", &["test"], true);
    assert!(!printed.contains("warning"), "{printed}");

    // Nothing has changed: the build script does not run.
    let printed = package.cargo("", &["test", "--no-run", "--verbose"], true);
    assert!(printed.contains("Fresh app"), "{printed}");

    // A file that was read has changed, and another one is new. `check` has artifacts of its own.
    package.cargo("", &["check"], true);
    for path in ["drawplate.toml", "model/more.smithy", "echo.smithy"] {
        let text = fs::read_to_string(package.path(path)).unwrap_or_default();
        let comment = if path.ends_with("toml") {
            "#"
        } else {
            "$version: \"2\"\n//"
        };
        let text = if text.is_empty() {
            format!("{comment}\n")
        } else {
            text + "\n"
        };
        package.write(path, &text);
        let printed = package.cargo("", &["check", "--verbose"], true);
        assert!(printed.contains("Dirty app"), "{path}: {printed}");
    }

    // A warning of a model, and one about the manifest.
    package.write("echo.smithy", &ECHO.replace("\"POST\"", "\"GET\""));
    let manifest = package.read("Cargo.toml");
    package.write(
        "Cargo.toml",
        &manifest.replace("[\"client\", \"server\"]", "[\"client\"]"),
    );
    let printed = package.cargo("", &["check"], false);
    let expected = "warning: app@0.1.0: echo.smithy:10:15: warning[W0510]: ";
    assert!(printed.contains(expected), "{printed}");
    let expected = "warning: app@0.1.0: Cargo.toml:10:1: warning[W0721]: generated code needs the \
        feature `server` of `drawplate-runtime`; change it to `drawplate-runtime = { path = ";
    assert!(printed.contains(expected), "{printed}");

    // An error, with its place in the file and a mark.
    package.write("Cargo.toml", &manifest);
    package.write(
        "model/weather.json",
        &weather().replace(
            "\"example.weather#NoSuchCity\" }",
            "\"example.weather#NoCity\" }",
        ),
    );
    let printed = package.cargo("", &["check"], false);
    let lines = printed.lines().map(str::trim).collect::<Vec<_>>();
    assert!(
        lines.contains(&"Error: drawplate found 1 error"),
        "{printed}"
    );
    assert!(
        lines.iter().any(|line| line.starts_with("error[E0103]: ")),
        "{printed}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("--> model/weather.json:")),
        "{printed}"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with('|') && line.contains("^^^^")),
        "{printed}"
    );
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds crates; run by `cargo xtask test`"
)]
fn an_output_that_the_generator_was_built_without_is_an_error() {
    let package = package();
    let manifest = package.read("Cargo.toml");
    let codegen = format!("path = {:?}", workspace("codegen"));
    let without = format!("{codegen}, default-features = false");
    package.write("Cargo.toml", &manifest.replace(&codegen, &without));
    package.write("drawplate.toml", "outputs = [\"rust\", \"openapi\"]\n");
    let printed = package.cargo("", &["check"], false);
    for expected in [
        "error[E0701]: this build of `drawplate-codegen` cannot write OpenAPI documents",
        "--> drawplate.toml:1:1",
        "help: enable its feature `openapi`, or remove the output",
    ] {
        assert!(printed.contains(expected), "{printed}");
    }
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds crates; run by `cargo xtask test`"
)]
fn a_build_script_works_as_readme_shows() {
    let readme = fs::read_to_string(support::root().join("README.md")).expect("it can be read");
    let (_, section) = readme
        .split_once("\n## Build script\n")
        .expect("there is a section");
    let (section, _) = section.split_once("\n## ").expect("it is not the last one");
    // Every second piece is inside a fence.
    let blocks = section.split("```").skip(1).step_by(2);
    let blocks = blocks.map(|block| block.split_once('\n').expect("a fence ends its line"));
    let blocks = blocks.collect::<Vec<_>>();
    let [("toml", dependencies), ("rust", build), ("rust", library)] = blocks[..] else {
        panic!("{blocks:?}");
    };

    let folder = Folder::new();
    let patches = ["runtime", "codegen"].map(|crate_folder| {
        let path = workspace(crate_folder);
        format!("drawplate-{crate_folder} = {{ path = {path:?} }}\n")
    });
    let manifest = format!(
        "[package]\nname = \"app\"\nedition = \"2024\"\n\n{dependencies}\n\
         [patch.crates-io]\n{}",
        patches.concat()
    );
    folder.write("Cargo.toml", &manifest);
    folder.lock("");
    folder.write("build.rs", build);
    let library = format!("{library}\npub use api::weather::Client;\n");
    folder.write("src/lib.rs", &library);
    folder.write("model/weather.json", &weather());
    let printed = folder.cargo("", &["check"], true);
    assert!(!printed.contains("warning"), "{printed}");
}
