use std::collections::BTreeSet;

use drawplate_model::Sources;
use serde_json::Value;

use super::{
    KEYS, LAYOUT, LAYOUTS, OPENAPI, OPENAPI_FORMATS, OPENAPI_VERSIONS, OUTPUTS, PACKAGE, PARTS,
    REPLACE, RUNTIME, SERVICE, TYPES,
};
use crate::config::{ReplacedShapes, TypeKind};
use crate::names::KEYWORDS;
use crate::package::RESERVED;
use crate::{Config, Layout, OpenApiFormat, OpenApiVersion, Package, Parts, Runtime};

/// A file with every key.
const EVERY_KEY: &str = r##"
docs = false
layout = "module"
map = "::std::collections::HashMap"
outputs = ["rust", "openapi"]
parts = ["client", "mock", "openapi"]

[names]
"demo#Item" = "Article"

[openapi]
version = "3.0"
format = "yaml"

[package]
name = "demo"

[runtime]
path = "../runtime"

[services."demo#Shop"]
operations = ["Buy", "demo#Sell"]

[services."demo#Bank"]

[[types]]
match = "demo#*"
kinds = ["structure", "intEnum"]
derive = ["Eq"]
attributes = ["#[must_use]"]

[[types]]
match = ["demo#Item", "demo#Order"]
derive = ["Eq"]

[[replace]]
shape = "demo#Money"
with = "crate::Money"

[[replace]]
trait = "demo#uuid"
with = "::uuid::Uuid"
"##;

fn read(text: &str) -> Result<Config, String> {
    let sources = Sources::from_texts([("drawplate.toml".into(), text.to_owned())]);
    let (file, _) = sources.iter().next().expect("there is a file");
    let mut config = Config::default();
    match config.read(&sources, file) {
        Ok(()) => Ok(config),
        Err(report) => Err(report.render(&sources, false)),
    }
}

#[test]
fn every_key_sets_its_field() {
    let config = read(EVERY_KEY).unwrap_or_else(|error| panic!("{error}"));
    assert!(!config.docs);
    assert_eq!(config.layout, Layout::Module);
    assert_eq!(
        config.parts,
        Parts {
            client: true,
            mock: true,
            openapi: true,
            ..Parts::TYPES
        }
    );
    let map = config.map_type.expect("the type of maps is set");
    assert_eq!(map.text, "::std::collections::HashMap");
    assert_eq!(format!("{:?}", config.outputs), "[Rust, OpenApi]");
    assert_eq!(config.openapi.version, OpenApiVersion::V3_0);
    assert_eq!(config.openapi.format, OpenApiFormat::Yaml);
    assert_eq!(config.package.expect("there is a package").name, "demo");
    assert!(matches!(config.runtime, Runtime::Path(path) if path == "../runtime"));
    let services = config.services.iter().map(|rule| {
        let operations = rule.operations.as_ref();
        let operations = operations.map(|all| all.iter().map(|one| &*one.text).collect::<Vec<_>>());
        (&*rule.service.text, operations)
    });
    assert_eq!(
        services.collect::<Vec<_>>(),
        [
            ("demo#Bank", None),
            ("demo#Shop", Some(vec!["Buy", "demo#Sell"]))
        ]
    );
    let [one, other] = config.types.as_slice() else {
        panic!("two rules: {:?}", config.types);
    };
    assert_eq!(one.kinds, [TypeKind::Structure, TypeKind::IntEnum]);
    assert_eq!(one.derives[0].text, "Eq");
    assert_eq!(one.attributes[0].text, "#[must_use]");
    assert_eq!(other.patterns.len(), 2);
    let [one, other] = config.replacements.as_slice() else {
        panic!("two rules: {:?}", config.replacements);
    };
    assert!(matches!(&one.of, ReplacedShapes::Matching(id) if id.text == "demo#Money"));
    assert!(matches!(&other.of, ReplacedShapes::WithTrait(id) if id.text == "demo#uuid"));
    assert_eq!(other.with.text, "::uuid::Uuid");
    let file = read("layout = { file = \"shop.rs\" }").expect("a layout");
    assert_eq!(file.layout, Layout::file("shop.rs"));
}

/// The keys of the objects of a schema, by the path of the object, and the words that are values.
fn keys(schema: &Value, path: &str, found: &mut Vec<(String, BTreeSet<String>)>) {
    let words = |value: &Value| {
        let words = value.as_array().into_iter().flatten();
        let words = words.map(|word| word.as_str().expect("a word").to_owned());
        words.collect::<BTreeSet<_>>()
    };
    if let Some(words) = schema.get("enum").map(words) {
        found.push((format!("{path}="), words));
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        assert_eq!(schema["additionalProperties"], false, "{path}");
        found.push((path.to_owned(), properties.keys().cloned().collect()));
        for (key, property) in properties {
            assert!(property["description"].is_string(), "{path}.{key}");
            keys(property, &format!("{path}.{key}"), found);
        }
    }
    for part in ["oneOf", "anyOf"] {
        for option in schema
            .get(part)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            keys(option, path, found);
        }
    }
    for part in ["items", "additionalProperties"] {
        if let Some(part) = schema.get(part).filter(|part| part.is_object()) {
            keys(part, path, found);
        }
    }
}

#[test]
fn the_schema_has_the_keys_and_words_of_the_reader() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/drawplate.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is in the repository");
    let schema = serde_json::from_str(&text).expect("the schema is JSON");
    let mut found = Vec::new();
    keys(&schema, "", &mut found);
    found.sort();
    let kinds = TypeKind::ALL.map(TypeKind::name);
    let mut expected = [
        ("", &KEYS[..]),
        (".layout", &LAYOUT),
        (".layout=", &LAYOUTS),
        (".openapi", &OPENAPI),
        (".openapi.format=", &OPENAPI_FORMATS),
        (".openapi.version=", &OPENAPI_VERSIONS),
        (".outputs=", &OUTPUTS),
        (".package", &PACKAGE),
        (".parts=", &PARTS),
        (".replace", &REPLACE),
        (".runtime", &RUNTIME),
        (".services", &SERVICE),
        (".types", &TYPES),
        (".types.kinds=", &kinds),
    ]
    .map(|(path, keys)| {
        let keys = keys.iter().map(|key| (*key).to_owned());
        (path.to_owned(), keys.collect::<BTreeSet<_>>())
    });
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn the_schema_rejects_the_names_of_packages_that_the_reader_rejects() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/drawplate.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema is in the repository");
    let schema = serde_json::from_str::<Value>(&text).expect("the schema is JSON");
    let name = &schema["properties"]["package"]["properties"]["name"];
    assert_eq!(name["pattern"], "^[a-z][a-z0-9_-]*$");
    let listed = name["not"]["enum"].as_array().expect("a list").iter();
    let listed = listed.map(|name| name.as_str().expect("a name").to_owned());
    let reserved = RESERVED.iter().chain(&KEYWORDS);
    let reserved = reserved.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
    let expected = reserved.flat_map(|name| [(*name).to_owned(), name.replace('_', "-")]);
    let expected = expected.collect::<BTreeSet<_>>();
    assert_eq!(listed.collect::<BTreeSet<_>>(), expected);
    for name in expected {
        assert!(Package::check_name(&name).is_err(), "{name}");
        assert!(read(&format!("package.name = {name:?}")).is_err(), "{name}");
    }
}

/// The keys in the lists are those that the reader accepts: it reports each other one.
#[test]
fn every_listed_key_is_read() {
    let table = |start: &str, keys: &[&str]| {
        keys.iter()
            .map(|key| (format!("{start}{key} = 0.5"), (*key).to_owned()))
            .collect::<Vec<_>>()
    };
    let tables = [
        table("", &KEYS),
        table("layout.", &LAYOUT),
        table("openapi.", &OPENAPI),
        table("package.", &PACKAGE),
        table("[[replace]]\n", &REPLACE),
        table("runtime.", &RUNTIME),
        table("services.\"demo#Shop\".", &SERVICE),
        table("[[types]]\n", &TYPES),
    ];
    for (text, key) in tables.concat() {
        let report = read(&text).expect_err("no key is a number");
        let known = format!("error[E0701]: `{key}` is not ");
        assert!(report.starts_with(&known), "{text}: {report}");
    }
}

#[test]
fn every_key_is_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
    let text = std::fs::read_to_string(path).expect("the page is in the repository");
    let lists = [
        &KEYS[..],
        &LAYOUT,
        &LAYOUTS,
        &OPENAPI,
        &OPENAPI_FORMATS,
        &OPENAPI_VERSIONS,
        &OUTPUTS,
        &PACKAGE,
        &PARTS,
        &REPLACE,
        &RUNTIME,
        &SERVICE,
        &TYPES,
        &TypeKind::ALL.map(TypeKind::name),
    ];
    for key in lists.concat() {
        let forms = [format!("`{key}`"), format!("`\"{key}\"`")];
        assert!(forms.iter().any(|form| text.contains(form)), "{key}");
    }
}

#[test]
fn a_wrong_value_is_shown_with_what_is_right() {
    for (text, expected) in [
        ("docs = \"no\"", "`docs` is not `true` or `false`"),
        ("layout = \"modul\"", "did you mean `module`?"),
        (
            "layout = { file = \"shop\" }",
            "is not the name of a file of Rust",
        ),
        (
            "layout = { file = \"../shop.rs\" }",
            "is not the name of a file of Rust",
        ),
        ("layout = { fil = \"shop.rs\" }", "did you mean `file`?"),
        ("layout = {}", "`layout` is not `\"crate\"`"),
        ("parts = [\"cleint\"]", "did you mean `client`?"),
        ("parts = \"client\"", "`parts` is not a list of these"),
        (
            "outputs = [\"java\"]",
            "use one of these: `openapi`, `rust`",
        ),
        ("outputs = [\"rust\", \"rust\"]", "`rust` is listed twice"),
        (
            "outputs = []",
            "`outputs` is not a list of at least one output",
        ),
        (
            "parts = [\"mock\", \"client\", \"mock\"]",
            "`mock` is listed twice",
        ),
        (
            "openapi.version = \"latest\"",
            "use one of these: `3.0`, `3.1`",
        ),
        ("openapi.format = \"yml\"", "did you mean `yaml`?"),
        (
            "openapi.format = 1",
            "`format` is not a format, as a string",
        ),
        (
            "package.name = \"my crate\"",
            "`my crate` is not the name of a package",
        ),
        ("package.name = \"Demo\"", "start with a lowercase letter"),
        ("package.name = \"fn\"", "this name is reserved"),
        ("package.name = \"proc-macro\"", "this name is reserved"),
        (
            "package.name = \"drawplate_runtime\"",
            "this name is reserved",
        ),
        (
            "package = \"demo\"",
            "`package` is not a table, `[package]`",
        ),
        ("services = [\"demo#Shop\"]", "`services` is not a table"),
        ("services.\"demo#Shop\" = 1", "this is not a table"),
        (
            "services.\"demo#Shop\".operation = []",
            "did you mean `operations`?",
        ),
        (
            "services.\"demo#Shop\".operations = [1]",
            "`operations` is not a list",
        ),
        (
            "[types]\nmatch = \"*\"",
            "`types` is not a list of tables, `[[types]]`",
        ),
        ("[[types]]\nderive = [\"Eq\"]", "the rule lacks `match`"),
        (
            "[[types]]\nmatch = \"*\"",
            "the rule lacks `derive` or `attributes`",
        ),
        (
            "[[types]]\nmatch = []\nderive = [\"Eq\"]",
            "the rule lacks `match`",
        ),
        (
            "[[types]]\nmatch = \"*\"\nkinds = [\"struct\"]",
            "did you mean `structure`?",
        ),
        (
            "[[replace]]\nwith = \"a::B\"",
            "the replacement lacks `shape` or `trait`",
        ),
        (
            "[[replace]]\nshape = \"a#B\"",
            "the replacement lacks `with`",
        ),
        (
            "[[replace]]\nshape = \"a#B\"\ntrait = \"a#b\"\nwith = \"a::B\"",
            "a replacement has both `shape` and `trait`",
        ),
    ] {
        let report = read(text).expect_err("the value is wrong");
        assert!(report.contains(expected), "{text}: {report}");
        assert!(report.contains("drawplate.toml:"), "{text}: {report}");
    }
}
