//! Published service models generate, and the generated crates compile without warnings.
//!
//! The models are not part of the project; without them these tests are ignored.

use drawplate_tests as support;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use drawplate_codegen::pipeline::{self, Generated};
use drawplate_codegen::{
    CheckedModel, Config, Models, Package, Runtime, customized_services, unused_customizations,
    write,
};
use drawplate_model::diagnostic::Report;
use drawplate_model::source::Sources;
use serde_json::{Map, Value, json};

/// Folders of published models.
const FOLDERS: [&str; 2] = ["aws-models", "published"];

/// Checked by the compiler here: all models and suites of restXml, the query protocols, RPC v2 and
/// simpleRestJson. Of the others, the smallest ones, and one with recursive unions, since all take
/// minutes.
const COMPILED: [&str; 22] = [
    "aws-models/bedrock-runtime",
    "aws-models/sqs",
    "aws-models/glacier",
    "aws-models/dynamodb",
    "aws-models/s3",
    "aws-models/sts",
    "protocol-suites/awsQuery",
    "protocol-suites/ec2Query",
    "protocol-suites/restXml",
    "protocol-suites/restXmlS3",
    "protocol-suites/restXmlWithNamespace",
    "protocol-suites/rpcv2Cbor",
    "protocol-suites/rpcv2CborNonQueryCompatible",
    "protocol-suites/rpcv2CborQueryCompatible",
    "protocol-suites/rpcv2Json",
    "protocol-suites/simpleRestJson",
    "published/cloudformation",
    "published/route-53",
    "published/sns",
    "published/rbin",
    "published/mediastore-data",
    "published/migration-hub",
];

/// Models of customized services that are not among the published ones: the parts that AWS
/// customizes.
const UNPUBLISHED: [(&str, &str); 1] = [(
    "\"Machine Learning\"",
    "tests/fixtures/customized/machine-learning.smithy",
)];

/// An entry of the table of customizations that no model needs is out of date.
#[test]
#[cfg_attr(
    not(shared),
    ignore = "needs ../shared/aws-models and ../shared/published"
)]
fn published_services_need_the_customizations() {
    let ids = customized_services().map(|id| format!("\"sdkId\": \"{id}\""));
    let ids = ids.collect::<Vec<_>>();
    let is_customized = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a model can be read");
        ids.iter().any(|id| text.contains(id))
    };
    let folders = FOLDERS.iter().map(|folder| support::shared(folder));
    let paths = folders.flat_map(|folder| support::model_files(&folder));
    let mut paths = paths.filter(is_customized).collect::<Vec<_>>();
    for (sdk_id, own) in UNPUBLISHED {
        let is_published = |path: &PathBuf| {
            let text = fs::read_to_string(path).expect("a model can be read");
            text.contains(&format!("\"sdkId\": {sdk_id}"))
        };
        let published = paths.iter().find(|path| is_published(path));
        assert_eq!(published, None, "{own} is not needed any more");
        paths.push(support::root().join(own));
    }
    let sources = Sources::read(&paths).expect("the models can be read");
    let mut report = Report::new();
    let asts = pipeline::load(&sources, Models::Separate, &mut report);
    let models = pipeline::resolve(asts, &mut report);
    assert_eq!(models.len(), paths.len());
    assert_eq!(unused_customizations(&models), Vec::<String>::new());
}

#[test]
#[cfg_attr(
    not(all(shared, feature = "full")),
    ignore = "slow, and needs ../shared/aws-models and ../shared/published: run by `cargo xtask test`"
)]
fn published_models_generate() {
    let folders = FOLDERS.iter().map(|folder| support::shared(folder));
    for path in folders.flat_map(|folder| support::model_files(&folder)) {
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("models have names in ASCII");
        let sources = Sources::read(std::slice::from_ref(&path)).expect("a model can be read");
        match pipeline::run(&sources, &Config::default()) {
            Ok(generated) => is_complete(name, &generated),
            Err(report) => panic!("{name}:\n{}", report.render(&sources, false)),
        }
    }
}

/// Each service has all its modules, every file is Rust, and each operation has its static and its
/// methods.
fn is_complete(name: &str, generated: &Generated) {
    let Generated {
        models,
        files,
        warnings,
        times: _,
    } = generated;
    assert!(!warnings.has_errors(), "{name}");
    let [CheckedModel { model, .. }] = models.as_slice() else {
        panic!("{name} is one model");
    };
    let modules = model.services.values();
    let modules = modules.map(|service| {
        let mut operations = service.operations.iter();
        let has_waiters = operations.any(|id| !model.operations[*id].waiters.is_empty());
        let has_rules = service.endpoint_rules.is_some();
        9 + [service.has_server(), has_waiters, has_rules]
            .map(usize::from)
            .iter()
            .sum::<usize>()
    });
    assert_eq!(files.len(), 1 + modules.sum::<usize>(), "{name}");
    for (path, text) in files.iter() {
        if let Err(error) = syn::parse_file(text) {
            panic!("{name}: {path} is not Rust: {error}");
        }
    }
    let count = |file: &str, what: &str| {
        let files = files.iter().filter(|(path, _)| path.ends_with(file));
        files
            .map(|(_, text)| text.matches(what).count())
            .sum::<usize>()
    };
    let operations = model.services.values();
    let operations = operations
        .map(|service| service.operations.len())
        .sum::<usize>();
    assert_eq!(
        count("/operation.rs", ": rt::Operation ="),
        operations,
        "{name}"
    );
    assert_eq!(count("/client.rs", " -> rt::Call<"), operations, "{name}");
}

#[test]
#[cfg_attr(
    not(all(shared, feature = "full")),
    ignore = "slow, and needs ../shared/aws-models and ../shared/published: run by `cargo xtask test`"
)]
fn generated_crates_compile_without_warnings() {
    let shared = COMPILED.map(|model| (model, support::shared(&format!("{model}.json"))));
    let own =
        UNPUBLISHED.map(|(_, own)| (own.trim_end_matches(".smithy"), support::root().join(own)));
    for (model, path) in shared.into_iter().chain(own) {
        let (_, name) = model.rsplit_once('/').expect("a folder and a name");
        let name = name.to_ascii_lowercase();
        let out = support::root().join("target/published").join(&name);
        write(&out, &name, path);
        check(&out);
    }
}

/// The deepest values that E0332 allows compile, in the crate and in the crate of a user.
#[test]
#[cfg_attr(not(feature = "full"), ignore = "slow: run by `cargo xtask test`")]
fn the_deepest_values_compile() {
    let string = "smithy.api#String";
    let chain = |kind: &str, count: usize, shape: &dyn Fn(&str) -> Value| {
        let name = |index: usize| format!("deep#{kind}{index}");
        let target = |index: usize| {
            if index + 1 < count {
                name(index + 1)
            } else {
                string.into()
            }
        };
        let shapes = (0..count).map(|index| (name(index), shape(&target(index))));
        (name(0), shapes.collect::<Vec<_>>())
    };
    let member = |target: &str| json!({"m": {"target": target}});
    let chains = [
        chain(
            "List",
            32,
            &|it| json!({"type": "list", "member": {"target": it}}),
        ),
        chain(
            "Map",
            24,
            &|it| json!({"type": "map", "key": {"target": string}, "value": {"target": it}}),
        ),
        chain(
            "Optional",
            48,
            &|it| json!({"type": "structure", "members": member(it)}),
        ),
        chain(
            "Union",
            97,
            &|it| json!({"type": "union", "members": member(it)}),
        ),
    ];
    let mut shapes = Map::new();
    let mut members = Map::new();
    for (first, chain) in chains {
        let name = format!("member{}", members.len());
        members.insert(name, json!({"target": first}));
        shapes.extend(chain);
    }
    let structure = json!({"type": "structure", "members": members});
    shapes.insert("deep#Input".into(), structure.clone());
    shapes.insert("deep#Output".into(), structure);
    shapes.insert(
        "deep#Go".into(),
        json!({
            "type": "operation",
            "input": {"target": "deep#Input"},
            "output": {"target": "deep#Output"},
            "traits": {"smithy.api#http": {"method": "POST", "uri": "/go"}},
        }),
    );
    shapes.insert(
        "deep#Service".into(),
        json!({
            "type": "service",
            "operations": [{"target": "deep#Go"}],
            "traits": {"aws.protocols#restJson1": {}},
        }),
    );
    let out = support::root().join("target/published/deepest");
    fs::create_dir_all(&out).expect("target can be written");
    let path = out.with_extension("json");
    let model = json!({"smithy": "2.0", "shapes": shapes});
    fs::write(&path, model.to_string()).expect("target can be written");
    write(&out, "deepest", path);
    let user = out.join("examples/user.rs");
    fs::create_dir_all(out.join("examples")).expect("target can be written");
    fs::write(user, DEEP_USER).expect("target can be written");
    check(&out);
}

/// Sends the values between threads, inside of types of its own.
const DEEP_USER: &str = r#"
    #[cfg(feature = "client")]
    fn main() {
        use published_deepest::service::{Client, input::Input};
        let client = Client::builder().endpoint("http://localhost").build().unwrap();
        let call = async move {
            let outputs = vec![Some(client.go(Input::new()).await)];
            std::thread::spawn(move || outputs).join()
        };
        fn is_send<T: Send + 'static>(_: T) {}
        is_send(call);
    }
    #[cfg(not(feature = "client"))]
    fn main() {}
"#;

/// Five of the 57 operations of `DynamoDB` need less than a fifth of the code of all.
#[test]
#[cfg_attr(
    not(all(shared, feature = "full")),
    ignore = "slow, and needs ../shared/aws-models: run by `cargo xtask test`"
)]
fn some_operations_of_a_large_service_are_a_small_crate() {
    let model = support::shared("aws-models").join("dynamodb.json");
    let lines = |config: &Config| {
        let sources = Sources::read(std::slice::from_ref(&model));
        let sources = sources.expect("a model can be read");
        let files = support::generate(&sources, config);
        files
            .iter()
            .map(|(_, text)| text.lines().count())
            .sum::<usize>()
    };
    let config = five_operations();
    let (part, whole) = (lines(&config), lines(&Config::default()));
    assert!(part * 5 < whole, "{part} of {whole} lines");

    let out = support::root().join("target/published/dynamodb-five");
    fs::create_dir_all(&out).expect("target can be written");
    write_with(&out, "dynamodb-five", model, config);
    check(&out);
}

fn five_operations() -> Config {
    let operations = ["DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"];
    Config::default().operations("com.amazonaws.dynamodb#DynamoDB_20120810", operations)
}

/// Writes a crate as `drawplate generate` does, with the versions that the workspace has locked.
fn write(out: &Path, name: &str, path: PathBuf) {
    write_with(out, name, path, Config::default());
}

fn write_with(out: &Path, name: &str, path: PathBuf, config: Config) {
    let runtime = support::root()
        .join("runtime")
        .to_str()
        .expect("the workspace has a UTF-8 path")
        .to_owned();
    let config = Config {
        package: Some(Package {
            name: format!("published-{name}"),
        }),
        runtime: Runtime::Path(runtime),
        ..config
    };
    let sources = Sources::read(&[path]).expect("a model can be read");
    let files = support::generate(&sources, &config);
    // Written once; this one may be of an older generator.
    let _ = fs::remove_file(out.join("Cargo.toml"));
    let change = write::Change::compare(out, "src", &files).expect("target can be read");
    write::apply(&[change]).expect("target can be written");
    fs::copy(support::root().join("Cargo.lock"), out.join("Cargo.lock"))
        .expect("the lock file can be copied");
}

/// Types alone, then everything but the default transport, which is the runtime's and takes a
/// minute to compile.
fn check(out: &Path) {
    let manifest = fs::read_to_string(out.join("Cargo.toml")).expect("it is written");
    let features = if manifest.contains("\nserver = ") {
        "client,server,sigv4"
    } else {
        "client,sigv4"
    };
    for features in [&[][..], &["--features", features][..]] {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--lib", "--examples", "--quiet", "--offline"])
            .arg("--no-default-features")
            .args(features)
            .current_dir(out)
            .env(
                "CARGO_TARGET_DIR",
                support::root().join("target/published/target"),
            )
            .env("RUSTFLAGS", "--deny warnings")
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "{} {features:?}:\n{}",
            out.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
