//! The section of README.md about a model of one's own: generates the crate with the printed
//! command, and builds and runs the printed programs.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use drawplate_tests as support;

use crate::{Block, PRINTED, Process, languages, output, section, shell, shell_output};

/// The programs, in the order in which README.md shows them.
const PROGRAMS: [&str; 3] = ["client", "server", "mock"];

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds programs; run by `cargo xtask test`"
)]
fn a_crate_is_generated_and_used_as_readme_shows() {
    let blocks = section("README.md", "\n## Your own model\n");
    assert_eq!(
        languages(&blocks),
        [
            "sh", "sh", "sh", "toml", "toml", "sh", "rust", "text", "rust", "rust"
        ]
    );
    // As on a new machine.
    for created in ["hello", "weather"] {
        let _ = fs::remove_dir_all(support::root().join("target").join(created));
    }
    let shells = blocks.iter().filter(|block| block.language == "sh");
    for block in shells.filter(|block| !block.text.starts_with("cargo install")) {
        shell_output(shell(&block.text).envs(support::crates::environment()));
    }

    let address = free_address();
    let root = support::root();
    let package = root.join("target/readme");
    write_package(&package, &blocks, &address);
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--quiet"])
        .envs(support::crates::environment())
        .current_dir(&package);
    let built = cargo.status().expect("cargo can be run");
    assert!(built.success(), "the programs in README.md do not build");

    let run = |program: &str| {
        let programs = support::crates::target().join("debug");
        Command::new(programs.join(format!("readme-{program}")))
    };
    let server = run("server").spawn().expect("the server was built");
    let server = Process(server);
    wait_for(&address);
    let called = run("client").output().expect("the client was built");
    assert!(called.status.success(), "the client fails");
    let shown = blocks.iter().find(|block| block.language == "text");
    assert_eq!(
        String::from_utf8_lossy(&called.stdout),
        shown.expect("there is a block of output").text
    );
    drop(server);
    let mocked = run("mock").status().expect("the mock was built");
    assert!(mocked.success(), "the program with the mock fails");
}

#[test]
#[cfg_attr(
    not(feature = "full"),
    ignore = "slow: builds the command; run by `cargo xtask test`"
)]
fn names_are_chosen_as_readme_shows() {
    let blocks = section("README.md", "\n## Your own model\n");
    let config = blocks.iter().find(|block| block.text.contains("[names]"));
    let folder = support::root().join("target/readme-names");
    fs::create_dir_all(&folder).expect("target can be written");
    let config = &config.expect("README.md chooses names").text;
    fs::write(folder.join("drawplate.toml"), config).expect("target can be written");
    output(
        "drawplate generate docs/weather.json --out target/readme-names/weather --name weather \
         --config target/readme-names/drawplate.toml",
    );
    for (file, name) in [("client.rs", "fn forecast("), ("output.rs", "pub celsius:")] {
        let path = folder.join("weather/src/weather").join(file);
        let text = fs::read_to_string(path).expect("it is generated");
        assert!(text.contains(name), "{name} in {file}");
    }
}

/// Writes a package with the programs in README.md.
fn write_package(package: &Path, blocks: &[Block], address: &str) {
    let write = |path: &str, text: &str| {
        let path = package.join(path);
        fs::create_dir_all(path.parent().expect("it is a file in the package"))
            .and_then(|()| fs::write(&path, text))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    };
    let programs = PROGRAMS.map(|program| {
        format!("[[bin]]\nname = \"readme-{program}\"\npath = \"{program}.rs\"\n\n")
    });
    let programs = programs.concat();
    let dependencies = blocks.iter().find(|block| block.language == "toml");
    let dependencies = &dependencies.expect("README.md names dependencies").text;
    let dependencies = dependencies.replace("\"target/weather\"", "\"../weather\"");
    write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"readme\"\nedition = \"2024\"\n\n\
             [workspace]\n\n\
             {programs}{dependencies}"
        ),
    );
    // The same versions as in this workspace.
    let lock = fs::read_to_string(support::root().join("Cargo.lock"));
    write("Cargo.lock", &lock.expect("the workspace is locked"));
    let texts = blocks.iter().filter(|block| block.language == "rust");
    for (program, block) in PROGRAMS.iter().zip(texts) {
        let text = block.text.replace(PRINTED, address);
        write(&format!("{program}.rs"), &text);
    }
}

/// An address with a free port.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it listens");
    address.to_string()
}

/// Waits until a server listens.
fn wait_for(address: &str) {
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "the server in README.md does not listen"
        );
        sleep(Duration::from_millis(20));
    }
}
