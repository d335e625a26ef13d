mod auth;
mod customizations;
mod selection;

use super::*;
use crate::manifest::features;
use crate::{Layout, Package, Parts};

/// A service of one name.
const SHOP: &str = r#"{
    "smithy": "2.0",
    "shapes": {
        "demo#Shop": {
            "type": "service",
            "version": "1",
            "traits": { "aws.protocols#restJson1": {} }
        }
    }
}"#;

fn generate(texts: &[(&str, &str)], config: &Config) -> Result<Generated, Report> {
    let texts = texts
        .iter()
        .map(|(path, text)| (path.into(), (*text).to_owned()));
    run(&Sources::from_texts(texts), config)
}

fn text<'f>(generated: &'f Generated, path: &str) -> &'f str {
    let text = generated.files.get(path);
    text.unwrap_or_else(|| panic!("{path} is not among {:?}", generated.files))
}

#[test]
fn a_module_has_a_name_that_a_file_can_have() {
    for (name, module) in [
        ("Match", "match_"),
        ("Self", "self_"),
        ("Lib", "lib_"),
        ("main", "main_"),
        ("Bin", "bin_"),
        ("Con", "con_"),
        ("NUL", "nul_"),
        ("Com1", "com1_"),
        ("lpt9", "lpt9_"),
        ("Com10", "com10"),
        ("Console", "console"),
    ] {
        let model = SHOP.replace("Shop", name);
        let generated = generate(&[("shop.json", &model)], &Config::default()).expect("a model");
        let root = text(&generated, "lib.rs");
        assert!(root.contains(&format!("pub mod {module};")), "{name}");
        text(&generated, &format!("{module}/mod.rs"));
    }
}

#[test]
fn a_chosen_name_stays_when_the_model_gets_an_item_of_that_name() {
    let model = r#"{"smithy": "2.0", "shapes": {
        "demo#Shop": {"type": "service", "operations": [{"target": "demo#List"}, {"target": "demo#Next"}],
            "traits": {"aws.protocols#awsJson1_1": {}}},
        "demo#List": {"type": "operation", "input": {"target": "demo#Token"}, "output": {"target": "demo#Page"},
            "traits": {"smithy.api#paginated": {"inputToken": "token", "outputToken": "token"}}},
        "demo#Token": {"type": "structure", "members": {"token": {"target": "smithy.api#String"}}},
        "demo#Page": {"type": "structure", "members": {
            "token": {"target": "smithy.api#String"},
            "pair": {"target": "demo#Pair"}, "members": {"target": "demo#Members"}}},
        "demo#Next": {"type": "operation"},
        "demo#Members": {"type": "structure"},
        "demo#Pair": {"type": "structure", "members": {
            "left": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}}},
            "right": {"target": "smithy.api#String", "traits": {"smithy.api#required": {}}}}}
    }}"#;
    let config = Config {
        names: [
            ("demo#List/pages", "next"),
            ("demo#Pair/required", "Members"),
        ]
        .into_iter()
        .collect(),
        ..Config::default()
    };
    let generated = generate(&[("shop.json", model)], &config).expect("a model");
    let client = text(&generated, "shop/client.rs");
    assert!(client.contains("pub fn next(") && client.contains("pub fn next_("));
    let types = text(&generated, "shop/types.rs");
    assert!(types.contains("pub struct Members<") && types.contains("pub struct Members_ {"));
    let found = generated.warnings.diagnostics();
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_service_that_is_called_as_its_module_wins_over_an_sdk_id() {
    let named = SHOP.replace("demo#Shop", "b#shop");
    let traits = r#""aws.api#service": { "sdkId": "Shop" }, "aws.protocols"#;
    let sdk = SHOP.replace("demo#Shop", "a#Other");
    let sdk = sdk.replace("\"aws.protocols", traits);
    let generated = generate(&[("a.json", &sdk), ("b.json", &named)], &Config::default());
    let generated = generated.expect("two services");
    assert!(text(&generated, "shop/mod.rs").contains("//! shop"));
    assert!(text(&generated, "shop_/mod.rs").contains("//! Other"));
}

#[test]
fn the_trait_of_a_server_has_the_name_of_the_service() {
    for (name, rest) in [
        ("Router", "Router as RuntimeRouter"),
        ("Mock", "pub struct MockServer("),
        ("S", "pub fn router<T: S>(implementation: T)"),
        (
            "Send",
            "pub trait Send: ::std::marker::Send + Sync + 'static",
        ),
    ] {
        let model = SHOP.replace("Shop", name);
        let generated = generate(&[("shop.json", &model)], &Config::default()).expect("a model");
        let module = name.to_lowercase();
        let server = text(&generated, &format!("{module}/server.rs"));
        assert!(server.contains(&format!("pub trait {name}: ")), "{server}");
        assert!(server.contains(rest), "{rest}: {server}");
    }
}

#[test]
fn a_package_has_its_modules_in_src() {
    let config = Config {
        package: Some(Package {
            name: "demo".to_owned(),
        }),
        ..Config::default()
    };
    let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
    assert!(text(&generated, "Cargo.toml").contains("name = \"demo\""));
    text(&generated, "src/lib.rs");
}

#[test]
fn parts_that_are_not_wanted_leave_no_trace() {
    for (client, server) in [(true, false), (false, true)] {
        let config = Config {
            parts: Parts {
                client,
                server,
                mock: server,
                openapi: false,
            },
            package: Some(Package {
                name: "demo".to_owned(),
            }),
            ..Config::default()
        };
        let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
        for (part, wanted) in [("client", client), ("server", server)] {
            let file = generated.files.get(&format!("src/shop/{part}.rs"));
            assert_eq!(file.is_some(), wanted);
            let module = text(&generated, "src/shop/mod.rs");
            assert_eq!(module.contains(&format!("pub mod {part};")), wanted);
            let manifest = text(&generated, "Cargo.toml");
            assert_eq!(manifest.contains(&format!("\n{part} = [")), wanted);
        }
    }
}

/// A service in protocols that are specified for clients alone.
const QUEUES: &str = r#"{
    "smithy": "2.0",
    "shapes": {
        "example#Queues": {
            "type": "service",
            "version": "1",
            "operations": [{ "target": "example#Send" }],
            "traits": {
                "PROTOCOL": {},
                "smithy.api#xmlNamespace": { "uri": "https://example.com/" }
            }
        },
        "example#Send": { "type": "operation" }
    }
}"#;

/// The layouts, and a word of each file that only a server has.
#[test]
fn a_service_without_a_server_has_a_client_alone() {
    for protocol in ["aws.protocols#awsQuery", "aws.protocols#ec2Query"] {
        let queues = QUEUES.replace("PROTOCOL", protocol);
        for layout in [Layout::Crate, Layout::Module, Layout::file("api.rs")] {
            let config = Config {
                package: (layout == Layout::Crate).then(|| Package {
                    name: "demo".to_owned(),
                }),
                layout,
                ..Config::default()
            };
            let generated = generate(&[("queues.json", &queues)], &config).expect("a model");
            for (path, text) in generated.files.iter() {
                assert!(!path.ends_with("server.rs"), "{path}");
                for word in ["server", "Mock", "in_process", "serve =", "tls ="] {
                    assert!(!text.contains(word), "{word} in {path}:\n{text}");
                }
            }
            let files = generated.files.iter();
            let client = files.filter(|(_, text)| text.contains("pub struct Client"));
            assert_eq!(client.count(), 1);
        }
    }
}

#[test]
fn a_service_with_another_protocol_has_a_server() {
    let both = r#""aws.protocols#awsQuery": {}, "aws.protocols#awsJson1_0""#;
    let both = QUEUES.replace(r#""PROTOCOL""#, both);
    let generated = generate(&[("queues.json", &both)], &Config::default()).expect("a model");
    assert!(text(&generated, "queues/server.rs").contains("pub trait Queues"));
    assert!(text(&generated, "queues/client.rs").contains("client!(Client: operation::SERVICE);"));
    let operations = text(&generated, "queues/operation.rs");
    let json = operations.find("AWS_JSON_1_0").expect("the preferred one");
    assert!(Some(json) < operations.find("AWS_QUERY"), "{operations}");
}

/// Only the services that can have a server get one.
#[test]
fn services_with_and_without_a_server_share_a_crate() {
    let queues = QUEUES.replace("PROTOCOL", "aws.protocols#awsQuery");
    let config = Config {
        models: Models::Separate,
        package: Some(Package {
            name: "demo".to_owned(),
        }),
        ..Config::default()
    };
    let config = config.parts(Parts::default());
    let sources = [("queues.json", &*queues), ("shop.json", SHOP)];
    let generated = generate(&sources, &config).expect("models");
    assert!(generated.files.get("src/shop/server.rs").is_some());
    assert!(generated.files.get("src/queues/server.rs").is_none());
    assert!(generated.files.get("src/queues/client.rs").is_some());
    let manifest = text(&generated, "Cargo.toml");
    assert!(manifest.contains("\nserver = ["), "{manifest}");
    assert!(manifest.contains(r#"features = ["query"]"#), "{manifest}");
}

#[test]
fn a_server_that_no_service_has_cannot_be_asked_for() {
    let queues = QUEUES.replace("PROTOCOL", "aws.protocols#ec2Query");
    let fails = |parts: Parts| {
        let config = Config::default().parts(parts);
        let report = generate(&[("queues.json", &queues)], &config).err();
        let found = report.unwrap_or_default();
        let found = found.diagnostics().into_iter().map(|it| it.message.clone());
        found.collect::<Vec<_>>()
    };
    let client = Parts {
        client: true,
        ..Parts::TYPES
    };
    assert_eq!(fails(client), [""; 0]);
    let server = Parts {
        server: true,
        ..client
    };
    assert_eq!(
        fails(server),
        [
            "there is no `server` to generate: no service has a protocol with a server, only \
          `aws.protocols#ec2Query`"
        ]
    );
    assert_eq!(fails(Parts::default()).len(), 2);
}

/// What each layout consists of.
#[test]
fn a_layout_decides_the_files() {
    let files = |layout| {
        let config = Config {
            layout,
            ..Config::default()
        };
        let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
        let files = generated.files.iter();
        files.map(|(path, _)| path.to_owned()).collect::<Vec<_>>()
    };
    let modules = |root: &str| {
        let mut modules = [
            "client",
            "error",
            "input",
            "mod",
            "operation",
            "output",
            "route",
            "schema",
            "server",
            "types",
        ]
        .map(|module| format!("shop/{module}.rs"))
        .to_vec();
        modules.push(root.to_owned());
        modules.sort();
        modules
    };
    assert_eq!(files(Layout::Crate), modules("lib.rs"));
    assert_eq!(files(Layout::Module), modules("mod.rs"));
    assert_eq!(files(Layout::file("shop-api.rs")), ["shop-api.rs"]);
}

/// `include!` accepts items alone, in any module of a crate with any features.
#[test]
fn code_for_another_crate_depends_on_nothing_in_it() {
    for layout in [Layout::Module, Layout::file("shop.rs")] {
        let config = Config {
            layout,
            ..Config::default()
        };
        let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
        for (path, text) in generated.files.iter() {
            for word in ["cfg(", "crate::", "module_path!", "```"] {
                assert!(!text.contains(word), "{word} in {path}: {text}");
            }
        }
        if let Some(file) = generated.files.get("shop.rs") {
            let items = syn::parse_file(file).expect("the file is Rust");
            assert!(items.attrs.is_empty());
            let [syn::Item::Mod(module)] = items.items.as_slice() else {
                panic!("one module for the one service: {file}");
            };
            assert_eq!(module.ident, "shop");
        }
    }
}

#[test]
fn the_mock_has_the_trait_but_types_have_neither() {
    for (parts, server, mock) in [
        (Parts::TYPES, false, false),
        (
            Parts {
                mock: true,
                ..Parts::TYPES
            },
            true,
            true,
        ),
        (
            Parts {
                mock: false,
                ..Parts::default()
            },
            true,
            false,
        ),
    ] {
        let config = Config {
            layout: Layout::file("shop.rs"),
            parts,
            ..Config::default()
        };
        let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
        let file = text(&generated, "shop.rs");
        assert_eq!(file.contains("pub trait Shop"), server);
        assert_eq!(file.contains("pub struct Mock"), mock);
        assert_eq!(file.contains("RecordedCall"), mock);
    }
}

#[test]
fn documentation_can_be_left_out() {
    let config = Config {
        docs: false,
        ..Config::default()
    };
    let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
    for (path, text) in generated.files.iter() {
        let mut lines = text.lines().map(str::trim_start);
        let doc =
            |line: &str| ["///", "//!", "#[doc =", "#![doc ="].map(|doc| line.starts_with(doc));
        assert!(
            !lines.any(|line| doc(line).contains(&true)),
            "{path}: {text}"
        );
    }
    let with = generate(&[("shop.json", SHOP)], &Config::default()).expect("a model");
    let without_docs = |text: &str| {
        let text = text.parse().expect("the file is Rust");
        crate::rust::without_docs(text).to_string()
    };
    for (path, text) in with.files.iter() {
        let without = without_docs(generated.files.get(path).expect("the same files"));
        assert_eq!(without_docs(text), without, "only documentation differs");
    }
}

/// Two operations, each with a type that gets a warning, and both with the name `AnyValue`.
const LIBRARY: &str = r#"{
    "smithy": "2.0",
    "shapes": {
        "demo#Library": {
            "type": "service",
            "version": "1",
            "operations": [{ "target": "demo#Get" }, { "target": "demo#Set" }],
            "traits": { "aws.protocols#awsJson1_1": {} }
        },
        "demo#Get": { "type": "operation", "input": { "target": "demo#GetInput" } },
        "demo#GetInput": {
            "type": "structure",
            "members": { "value": { "target": "demo#any_value" }, "code": { "target": "demo#GetCode" } }
        },
        "demo#Set": { "type": "operation", "input": { "target": "demo#SetInput" } },
        "demo#SetInput": {
            "type": "structure",
            "members": { "value": { "target": "demo#AnyValue" }, "code": { "target": "demo#SetCode" } }
        },
        "demo#any_value": { "type": "structure", "members": {} },
        "demo#AnyValue": { "type": "structure", "members": {} },
        "demo#GetCode": {
            "type": "string", "traits": { "smithy.api#pattern": "^(?=a)b$" }
        },
        "demo#SetCode": {
            "type": "string", "traits": { "smithy.api#pattern": "^(?=a)b$" }
        }
    }
}"#;

#[test]
fn separate_models_are_named_by_their_own_files_and_their_errors_reported_together() {
    let config = Config {
        models: Models::Separate,
        root: Some("/work".into()),
        ..Config::default()
    };
    let other = SHOP.replace("demo#Shop", "demo#Other");
    let models = [("/work/a/shop.json", SHOP), ("/elsewhere/o.json", &other)];
    let generated = generate(&models, &config).expect("two models");
    let header = "// @generated by drawplate from ";
    for (path, origin) in [
        ("shop/mod.rs", "a/shop.json"),
        ("other/mod.rs", "o.json"),
        ("lib.rs", "a/shop.json, o.json"),
    ] {
        let expected = format!("{header}{origin}.\n");
        assert!(text(&generated, path).starts_with(&expected), "{path}");
    }
    let report = generate(&[("a.json", "{"), ("b.json", "[")], &config).expect_err("not models");
    assert_eq!(report.diagnostics().len(), 2);
}

#[test]
fn a_crate_compiles_the_codecs_that_its_services_use() {
    let config = Config {
        package: Some(Package {
            name: "shop".to_owned(),
        }),
        ..Config::default()
    };
    for (protocols, features) in [
        (&["smithy.protocols#rpcv2Cbor"][..], &["cbor"][..]),
        (
            &["aws.protocols#restJson1", "smithy.protocols#rpcv2Cbor"],
            &["cbor"],
        ),
        (&["aws.protocols#restXml"], &["xml"]),
        (&["aws.protocols#awsQuery"], &["query"]),
        (&["aws.protocols#ec2Query"], &["query"]),
        (&["aws.protocols#restJson1"], &[]),
        (&["alloy#simpleRestJson"], &[]),
        (&["smithy.protocols#rpcv2Json"], &[]),
        (&["aws.protocols#awsJson1_0"], &[]),
    ] {
        let traits = protocols.iter().map(|id| format!("\"{id}\": {{}}"));
        let traits = traits.collect::<Vec<_>>().join(", ");
        let traits =
            format!("{traits}, \"smithy.api#xmlNamespace\": {{\"uri\": \"https://shop\"}}");
        let model = SHOP.replace("\"aws.protocols#restJson1\": {}", &traits);
        let generated = generate(&[("shop.json", &model)], &config).expect("a model");
        let manifest = text(&generated, "Cargo.toml");
        let root = text(&generated, "src/lib.rs");
        for (feature, export) in [("cbor", "Cbor"), ("xml", "Xml"), ("query", "Query")] {
            let expected = features.contains(&feature);
            let enabled = manifest.contains(&format!("features = [\"{feature}\"]"));
            assert_eq!(enabled, expected, "{protocols:?}: {manifest}");
            let exported = root.contains(&format!("pub use ::drawplate_runtime::{export};"));
            assert_eq!(exported, expected, "{protocols:?}: {root}");
        }
    }
}

#[test]
fn maps_of_indexmap_need_a_feature_of_the_runtime() {
    for (map, expected) in [
        ("indexmap::IndexMap", true),
        ("::indexmap::IndexMap", true),
        ("std::collections::HashMap", false),
        ("crate::indexmap::Map", false),
    ] {
        let config = Config {
            package: Some(Package {
                name: "shop".to_owned(),
            }),
            map_type: Some(map.into()),
            ..Config::default()
        };
        let generated = generate(&[("shop.json", SHOP)], &config).expect("a model");
        let manifest = text(&generated, "Cargo.toml");
        let enabled = manifest.contains("features = [\"indexmap\"]");
        assert_eq!(enabled, expected, "{map}: {manifest}");
    }
}
