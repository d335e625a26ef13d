//! `drawplate generate` with OpenAPI documents.

use crate::{Folder, WEATHER};

#[test]
fn documents_alone_need_no_crate() {
    for layout in ["crate", "module"] {
        let folder = Folder::new();
        folder.write("weather.json", WEATHER);
        let settings = format!("outputs = [\"openapi\"]\nlayout = \"{layout}\"\n");
        folder.write("drawplate.toml", &settings);
        // Neither the workspace nor the code around the documents is of any concern.
        folder.write("Cargo.toml", "[workspace]\n");
        folder.write("docs/src/lib.rs", "mine");
        let generate = ["generate", "weather.json", "--out", "docs"];
        let text = folder.check(&generate, 0);
        assert!(text.contains("1 added, 0 changed, 0 removed"), "{text}");
        assert!(!text.contains("warning[W07"), "{text}");
        assert!(folder.path("docs/Weather.openapi.json").exists());
        assert_eq!(folder.read("docs/src/lib.rs"), "mine");
        assert!(!folder.path("docs/Cargo.toml").exists());
        folder.check(&[&generate[..], &["--check"]].concat(), 0);
    }
}

#[test]
fn documents_that_are_not_generated_any_more_are_removed() {
    let folder = Folder::new();
    let model = |services: &[&str]| {
        let services = services.iter().map(|service| {
            format!("@aws.protocols#restJson1\nservice {service} {{ version: \"1\" }}\n")
        });
        let start = "$version: \"2\"\nnamespace demo\n".to_owned();
        let text = [start].into_iter().chain(services).collect::<String>();
        folder.write("model.smithy", &text);
    };
    let generate = ["generate", "model.smithy", "--out", "out", "--name", "out"];
    let compare = [&generate[..], &["--check"]].concat();
    let outputs = |outputs: &str| folder.write("drawplate.toml", &format!("outputs = {outputs}\n"));
    let exists = |document: &str| folder.path(&format!("out/{document}")).exists();

    model(&["One", "Two"]);
    outputs("[\"openapi\", \"rust\"]\nopenapi.format = \"yaml\"");
    folder.check(&generate, 0);
    folder.write("out/Own.openapi.json", "{}");
    folder.write("other.json", WEATHER);
    folder.write("only.toml", "outputs = [\"openapi\"]\n");
    folder.check(
        &[
            "generate",
            "other.json",
            "--out",
            "out",
            "--config",
            "only.toml",
        ],
        0,
    );
    assert!(exists("One.openapi.yaml") && exists("Two.openapi.yaml"));

    // A service is gone, with its modules.
    model(&["One"]);
    let text = folder.check(&compare, 1);
    assert!(text.contains("extra: out/Two.openapi.yaml\n"), "{text}");
    folder.check(&generate, 0);
    assert!(exists("One.openapi.yaml") && !exists("Two.openapi.yaml"));
    folder.check(&compare, 0);

    // Another format.
    outputs("[\"openapi\", \"rust\"]");
    let text = folder.check(&generate, 0);
    assert!(text.contains("1 added, 0 changed, 1 removed"), "{text}");

    // Without the output, other commands write documents.
    outputs("[\"rust\"]");
    folder.check(&compare, 0);
    let text = folder.check(&generate, 0);
    assert!(text.contains("0 added, 0 changed, 0 removed"), "{text}");
    assert!(exists("One.openapi.json"));

    // Those of the user and of another model stay.
    assert!(exists("Own.openapi.json") && exists("Weather.openapi.json"));
    assert_eq!(folder.read("out/Own.openapi.json"), "{}");
}

/// The folder belongs to nobody: each of two runs writes the document of one service.
#[test]
fn without_code_nothing_is_removed() {
    let folder = Folder::new();
    folder.write("weather.json", WEATHER);
    folder.write("drawplate.toml", "outputs = [\"openapi\"]\n");
    let generate = ["generate", "weather.json", "--out", "docs"];
    folder.check(&generate, 0);
    folder.write(
        "weather.json",
        &WEATHER.replace("demo#Weather", "demo#Forecast"),
    );
    let text = folder.check(&generate, 0);
    assert!(text.contains("1 added, 0 changed, 0 removed"), "{text}");
    assert!(folder.path("docs/Weather.openapi.json").exists());
}
