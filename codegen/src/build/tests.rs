use std::fs;
use std::time::SystemTime;

use super::*;

const WEATHER: &str = r#"{"smithy": "2.0", "shapes": {
    "demo#Weather": {"type": "service", "version": "1", "traits": {"aws.protocols#restJson1": {}}}}}"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("creates");
        fs::write(path, text).expect("writes");
    }

    fn builder(&self) -> Builder {
        configure()
            .model(self.path("model"))
            .out_dir(self.path("out"))
    }

    /// Runs a build script; returns what it prints, without the folder.
    fn run(&self, builder: Builder) -> (String, Result<(), BuildError>) {
        let mut printed = Vec::new();
        let result = builder.run(&mut printed);
        let printed = String::from_utf8(printed).expect("it is text");
        let folder = format!("{}/", self.0.path().display());
        (printed.replace(&folder, ""), result)
    }

    fn modified(&self, path: &str) -> SystemTime {
        let metadata = fs::metadata(self.path(path)).and_then(|metadata| metadata.modified());
        metadata.expect("the file exists")
    }
}

#[test]
fn a_file_is_written_once_and_everything_that_was_read_is_named() {
    let folder = Folder::new();
    folder.write("model/deep/weather.json", WEATHER);
    folder.write(
        "drawplate.toml",
        "[names]\n\"demo#Weather\" = \"forecasts\"\n",
    );
    // Other files in the folder are of no concern.
    folder.write("out/other.rs", "mine");
    let builder = || folder.builder().config_file(folder.path("drawplate.toml"));
    let (printed, result) = folder.run(builder());
    result.expect("the model is valid");
    for path in [
        "model",
        "model/deep",
        "model/deep/weather.json",
        "drawplate.toml",
    ] {
        let line = format!("cargo::rerun-if-changed={path}\n");
        assert!(printed.contains(&line), "{line}{printed}");
    }
    let text = fs::read_to_string(folder.path("out/api.rs")).expect("it is written");
    assert!(text.contains("\npub mod forecasts {"), "{text}");
    assert!(!text.contains("cfg(feature"), "{text}");

    let before = folder.modified("out/api.rs");
    folder.run(builder()).1.expect("the model is valid");
    assert_eq!(folder.modified("out/api.rs"), before);
    assert!(folder.path("out/other.rs").exists());
}

#[test]
fn parts_and_the_name_of_the_file_are_chosen() {
    let folder = Folder::new();
    folder.write("model/weather.json", WEATHER);
    let builder = folder.builder().file_name("weather.rs");
    let (_, result) = folder.run(builder.client(false).mock(false));
    result.expect("the model is valid");
    let text = fs::read_to_string(folder.path("out/weather.rs")).expect("it is written");
    assert!(text.contains("pub mod server {"), "{text}");
    assert!(!text.contains("pub mod client {"), "{text}");
}

#[test]
fn the_name_of_the_file_is_not_a_path() {
    for name in [
        "../shop.rs",
        "",
        "deep/shop.rs",
        "/shop.rs",
        "..",
        ".rs",
        "shop",
    ] {
        let folder = Folder::new();
        folder.write("model/weather.json", WEATHER);
        let (_, result) = folder.run(folder.builder().file_name(name));
        let error = format!("{:?}", result.expect_err("the name is wrong"));
        let message = format!("error[E0701]: `{name}` is not the name of a file of Rust");
        assert!(error.contains(&message), "{error}");
        assert!(error.contains("end in `.rs`"), "{error}");
        assert!(!folder.path("out").exists());
        assert!(!folder.path("shop.rs").exists());
    }
}

/// The command may read the same file.
#[test]
fn the_layout_and_the_package_of_a_configuration_file_have_no_effect() {
    let folder = Folder::new();
    folder.write("model/weather.json", WEATHER);
    for layout in ["\"crate\"", "\"module\"", "{ file = \"other.rs\" }"] {
        let settings = format!("layout = {layout}\npackage.name = \"weather\"\n");
        folder.write("drawplate.toml", &settings);
        let builder = folder.builder().config_file(folder.path("drawplate.toml"));
        folder.run(builder).1.expect("the model is valid");
        let written = fs::read_dir(folder.path("out")).expect("it is written");
        let written = written.map(|entry| entry.expect("an entry").file_name());
        assert_eq!(written.collect::<Vec<_>>(), ["api.rs"], "{layout}");
    }
}

#[test]
#[cfg(feature = "openapi")]
fn the_openapi_document_is_written_beside_the_code() {
    let folder = Folder::new();
    folder.write("model/weather.json", WEATHER);
    let settings = "outputs = [\"rust\", \"openapi\"]\n[openapi]\nversion = \"3.0\"\n";
    folder.write("drawplate.toml", settings);
    let builder = || folder.builder().config_file(folder.path("drawplate.toml"));
    folder.run(builder()).1.expect("the model is valid");
    let document = folder.path("out/Weather.openapi.json");
    let text = fs::read_to_string(&document).expect("it is written");
    assert!(text.contains("\"openapi\": \"3.0.3\""), "{text}");
    assert!(folder.path("out/api.rs").exists());

    // It is replaced when the model changes.
    folder.write("model/weather.json", &WEATHER.replace("\"1\"", "\"2\""));
    folder.run(builder()).1.expect("the model is valid");
    let text = fs::read_to_string(&document).expect("it is written");
    assert!(text.contains("\"version\": \"2\""), "{text}");
}

#[test]
fn warnings_are_one_line_each() {
    let folder = Folder::new();
    let model = WEATHER.replace("\"shapes\"", "\"unknown\\n::\": 1, \"shapes\"");
    folder.write("model/weather.json", &model);
    let (printed, result) = folder.run(folder.builder().client(false).server(false).mock(false));
    result.expect("the model is valid");
    let warnings = printed.lines().filter(|line| line.contains("W0502"));
    let warnings = warnings.collect::<Vec<_>>();
    assert_eq!(warnings.len(), 1, "{printed}");
    let start = "cargo::warning=model/weather.json:1:19: warning[W0502]: ";
    assert!(warnings[0].starts_with(start), "{printed}");
    assert!(
        printed.lines().all(|line| line.starts_with("cargo::")),
        "{printed}"
    );
}

#[test]
fn errors_have_lines_and_carets_in_debug() {
    let folder = Folder::new();
    folder.write(
        "model/weather.json",
        &WEATHER.replace("demo#Weather", "demo Weather"),
    );
    let (printed, result) = folder.run(folder.builder());
    let error = format!("{:?}", result.expect_err("the model is invalid"));
    assert!(
        error.starts_with("drawplate found 1 error\n\nerror[E0014]: "),
        "{error}"
    );
    assert!(error.contains("model/weather.json:2:5\n"), "{error}");
    assert!(error.contains("^^^^"), "{error}");
    // After a change the script runs again.
    assert!(
        printed.contains("cargo::rerun-if-changed=model\n"),
        "{printed}"
    );
    assert!(!folder.path("out").exists());
}

#[test]
fn what_is_missing_is_an_error() {
    let folder = Folder::new();
    let debug = |builder: Builder| {
        let (_, result) = folder.run(builder);
        format!("{:?}", result.expect_err("something is missing"))
    };
    let out = || configure().out_dir(folder.path("out"));
    assert!(debug(out()).contains("E0016"));
    assert!(debug(out().model(folder.path("absent"))).contains("E0001"));
    folder.write("model/weather.json", WEATHER);
    let config = folder.builder().config_file(folder.path("absent.toml"));
    assert!(debug(config).contains("E0001"));
    let builder = configure().model(folder.path("model"));
    assert!(debug(builder).contains("OUT_DIR"));
    folder.write("out", "a file");
    assert!(debug(folder.builder()).starts_with("cannot write files below "));
}
