//! The programs in `tests/interop/programs`: they call ten services of AWS with crates that the
//! command has generated, and a server that nobody here wrote: moto.
//!
//! The programs are built once, below `target/programs`.

#[path = "../../../xtask/src/programs.rs"]
mod programs;

use std::collections::BTreeSet;
use std::env::{self, consts::EXE_SUFFIX};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, Weak};

use drawplate_tests as support;
use drawplate_tests::python::{ACCESS_KEY, Conversation, Python, REGION, SECRET_KEY};
use programs::PROGRAMS;
use serde_json::json;

macro_rules! tests {
    ($($name:ident: $program:literal;)*) => {
        /// The programs that the tests run.
        const RUN: &[&str] = &[$($program),*];

        $(
            #[test]
            #[cfg_attr(
                not(all(shared, python)),
                ignore = "needs ../shared, and moto: `cargo xtask test` installs it"
            )]
            fn $name() {
                Moto::shared().run($program, &[]);
            }
        )*
    };
}

tests! {
    a_stack_is_created_changed_and_deleted: "cloudformation";
    items_are_stored_and_waiters_of_tables_end: "dynamodb";
    waiters_of_services_and_tasks_end: "ecs";
    keys_encrypt_and_sign: "kms";
    a_function_is_created_changed_and_deleted: "lambda";
    zones_have_records_and_health_is_checked: "route53";
    objects_are_stored_and_curl_uses_presigned_requests: "s3";
    topics_have_subscriptions_and_messages: "sns";
    messages_are_sent_received_and_deleted: "sqs";
    a_role_is_assumed: "sts";
}

/// An object of 64 MiB, uploaded as two streams and downloaded as one, takes little more memory
/// than one of 1 MiB.
#[test]
#[cfg_attr(
    not(all(shared, python)),
    ignore = "needs ../shared, and moto: `cargo xtask test` installs it"
)]
fn large_objects_are_uploaded_in_bounded_memory() {
    const EIGHT_MIB: u64 = 8 << 10;
    let moto = Moto::shared();
    let [small, large] = ["1", "64"].map(|size| moto.run("s3", &["upload", size]));
    // Systems other than Linux have no measure.
    if !cfg!(target_os = "linux") {
        return;
    }
    let [small, large] = [small, large].map(|printed| {
        let peak = printed.trim().parse::<u64>();
        peak.unwrap_or_else(|error| panic!("{printed}: {error}"))
    });
    assert!(
        large < small + EIGHT_MIB,
        "{large} KiB for 64 MiB, {small} KiB for 1 MiB"
    );
}

#[test]
fn every_program_runs_and_has_ten_operations_at_most() {
    let known = PROGRAMS.iter().map(|program| program.name);
    let known = known.collect::<BTreeSet<_>>();
    assert_eq!(known, RUN.iter().copied().collect());

    let entries = support::root().join(programs::WORKSPACE).read_dir();
    let entries = entries.expect("the programs are in the workspace");
    let folders = entries.map(|entry| entry.expect("it can be read").path());
    let folders = folders.filter(|path| path.join("src").is_dir());
    let names = folders.map(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.expect("names are in ASCII").to_owned()
    });
    let names = names.collect::<BTreeSet<_>>();
    assert_eq!(known, names.iter().map(String::as_str).collect());

    for program in &PROGRAMS {
        let path = program.config(&support::root());
        let text = fs::read_to_string(&path).expect("a program has a configuration");
        let config = toml::from_str::<toml::Table>(&text).expect("it is TOML");
        let services = config["services"].as_table().expect("it selects a service");
        let [(id, service)] = &*services.iter().collect::<Vec<_>>() else {
            panic!("{}: there is one service", path.display());
        };
        let operations = service["operations"].as_array().expect("and operations");
        assert!((1..=10).contains(&operations.len()), "{id}");
    }
}

/// All services of AWS, with the programs that call them. The server ends with the last of the
/// tests that use it at the same time.
struct Moto {
    _server: Conversation,
    endpoint: String,
    programs: PathBuf,
}

impl Moto {
    fn shared() -> Arc<Self> {
        static RUNNING: Mutex<Weak<Moto>> = Mutex::new(Weak::new());

        let mut running = RUNNING.lock().expect("the programs can be built");
        running.upgrade().unwrap_or_else(|| {
            let moto = Arc::new(Self::start());
            *running = Arc::downgrade(&moto);
            moto
        })
    }

    fn start() -> Self {
        static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(build);

        let programs = PROGRAMS.clone();
        let mut server = Python::installed().converse("aws.py");
        let endpoint = server.ask(&json!({}));
        let endpoint = endpoint.as_str().expect("it prints its endpoint");
        Self {
            endpoint: endpoint.to_owned(),
            _server: server,
            programs,
        }
    }

    /// Runs a program with these arguments, which has to succeed; returns what it prints.
    #[track_caller]
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let path = self.programs.join(format!("interop-{program}{EXE_SUFFIX}"));
        let mut command = Command::new(&path);
        command
            .args(arguments)
            // No proxies, and no other configuration of AWS.
            .env_clear()
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY);
        for name in ["PATH", "SYSTEMROOT"] {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        let output = command.output();
        let output = output.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} fails: {errors}");
        String::from_utf8(output.stdout).expect("it prints text")
    }
}

/// Generates the crates and builds the programs; returns the folder of the programs.
///
/// nextest runs each test in a process of its own: the first one of a run builds, and the others
/// wait.
fn build() -> PathBuf {
    let folder = support::root().join("target/programs");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let lock = File::create(folder.join("lock")).expect("a file can be created");
    lock.lock().expect("it can be locked");
    let last = folder.join("run");
    let run = env::var("NEXTEST_RUN_ID").ok();
    let is_built = run.is_some() && fs::read_to_string(&last).ok() == run;
    let target = folder.join("build");
    if !is_built {
        generate();
        compile(&target);
        if let Some(run) = run {
            fs::write(last, run).expect("a file can be written");
        }
    }
    target.join("debug")
}

fn generate() {
    let root = support::root();
    for program in &PROGRAMS {
        // It is written once; this one has to be as a new one would be.
        let manifest = program.generated(&root).join("Cargo.toml");
        if manifest.exists() {
            fs::remove_file(manifest).expect("a generated file can be removed");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_drawplate-for-tests"))
            .args(program.arguments(&root, &support::shared("")))
            .output()
            .expect("the command runs");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {text}", program.name);
    }
}

fn compile(target: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--quiet"])
        .current_dir(support::root().join(programs::WORKSPACE))
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
}
