//! `cargo xtask load`: a server under load, and SIGTERM under load. Takes a minute and is not part
//! of the tests.

mod callers;
mod requests;
mod server;

use std::io::BufReader;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use callers::{Callers, End};
use drawplate::say;
use requests::Request;
use server::Server;

/// The example server and the requests that it gets.
const PACKAGE: &str = "amplify-admin";
const EXAMPLE: &str = "backend";
const REQUESTS: &str = "generated/examples/backend/load.http";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The number of connections open at once
    #[arg(long, default_value_t = 256)]
    connections: u16,
    /// The duration of the load in seconds
    #[arg(long, default_value_t = 30)]
    seconds: u16,
    /// The number of times that SIGTERM is sent under load, each time to a new server
    #[arg(long, default_value_t = 5)]
    shutdowns: u16,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let found = Command::new("wrk").arg("-v").stdout(Stdio::null()).status();
    if found.is_err() {
        bail!(
            "wrk is not installed: `apt-get install wrk`, `brew install wrk`, or https://github.com/wg/wrk"
        );
    }
    let program = build()?;
    let requests = requests::read(&crate::root().join(REQUESTS))?;
    load(arguments, &program, &requests)?;
    for _ in 0..arguments.shutdowns {
        shut_down(arguments, &program, &requests)?;
    }
    Ok(())
}

/// The path of the example, built for release.
fn build() -> anyhow::Result<PathBuf> {
    let example = ["--package", PACKAGE, "--example", EXAMPLE];
    let status = Command::new("cargo")
        .args([
            "build",
            "--quiet",
            "--release",
            "--features",
            "console,serve",
        ])
        .args(example)
        .current_dir(crate::root())
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("the example `{EXAMPLE}` does not build");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| crate::root().join("target"));
    Ok(target.join("release/examples").join(EXAMPLE))
}

/// A server that has received the requests that are sent once.
fn start(program: &Path, requests: &[Request]) -> anyhow::Result<Server> {
    let server = Server::start(program)?;
    let mut stream = BufReader::new(TcpStream::connect(&server.address)?);
    for request in requests.iter().filter(|request| request.once) {
        let end = callers::exchange(&mut stream, &request.bytes(&server.address))?;
        if end != End::Answered {
            bail!("{} {} fails: {end:?}", request.method, request.path);
        }
    }
    Ok(server)
}

/// Load from wrk: no call fails, and memory does not grow.
fn load(arguments: &Arguments, program: &Path, requests: &[Request]) -> anyhow::Result<()> {
    let Arguments {
        connections,
        seconds,
        shutdowns: _,
    } = arguments;
    let server = start(program, requests)?;
    let script = tempfile::Builder::new().suffix(".lua").tempfile()?;
    std::fs::write(script.path(), lua(requests))?;
    say(format_args!(
        "== load: {connections} connections for {seconds} s"
    ))?;
    let wrk = Command::new("wrk")
        .args(["--threads", "2", "--latency", "--timeout", "10s"])
        .args(["--connections", &connections.to_string()])
        .args(["--duration", &format!("{seconds}s")])
        .arg("--script")
        .arg(script.path())
        .arg(format!("http://{}/", server.address))
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run wrk")?;
    let (begun, mut samples) = (Instant::now(), Vec::new());
    while begun.elapsed() < Duration::from_secs((*seconds).into()) {
        std::thread::sleep(Duration::from_millis(500));
        samples.extend(server.memory());
    }
    let output = wrk.wait_with_output()?;
    let report = String::from_utf8_lossy(&output.stdout);
    say(report.trim_end())?;
    // wrk prints these lines only if a call failed.
    if !output.status.success() || report.contains("Socket errors") || report.contains("Non-2xx") {
        bail!("calls failed");
    }
    memory(&samples)
}

/// Sends the requests in turn.
fn lua(requests: &[Request]) -> String {
    let requests = requests.iter().filter(|request| !request.once);
    let requests = requests.map(|request| format!("    {},\n", request.lua()));
    let requests = requests.collect::<String>();
    format!(
        "local requests, turn = {{}}, 0\n\
         init = function()\n  requests = {{\n{requests}  }}\nend\n\
         request = function()\n  turn = turn % #requests + 1\n  return requests[turn]\nend\n"
    )
}

/// Compares the memory of the second half with that of the first, after a tenth for warming up.
fn memory(samples: &[u64]) -> anyhow::Result<()> {
    let (first, second) = samples[samples.len() / 10..].split_at(samples.len() * 9 / 20);
    let (Some(first), Some(second), Some(last)) =
        (first.iter().max(), second.iter().max(), samples.last())
    else {
        return say("memory: not measured, /proc is missing");
    };
    say(format_args!(
        "memory: {first} KiB at most in the first half, {second} KiB in the second, {last} KiB at the end"
    ))?;
    if second * 10 > first * 11 {
        bail!("the server's memory grows under a steady load");
    }
    Ok(())
}

/// SIGTERM during calls: every connected caller gets a complete response.
fn shut_down(arguments: &Arguments, program: &Path, requests: &[Request]) -> anyhow::Result<()> {
    let mut server = start(program, requests)?;
    let repeated = requests.iter().filter(|request| !request.once);
    let repeated = repeated.map(|request| request.bytes(&server.address));
    let repeated = repeated.collect::<Vec<_>>();
    let callers = Callers::start(arguments.connections.into(), &server.address, &repeated);
    std::thread::sleep(Duration::from_secs(2));
    server.terminate()?;
    let asked = Instant::now();
    let status = server.wait(Duration::from_secs(40))?;
    let took = asked.elapsed();
    let ends = callers.finish()?;
    say(format_args!(
        "SIGTERM: the server ended after {} ms with {status}; calls: {ends:?}",
        took.as_millis()
    ))?;
    let bad = [End::Lost, End::Failed].map(|end| ends.get(&end).copied().unwrap_or_default());
    if bad != [0, 0] || !status.success() {
        bail!("calls were lost or failed");
    }
    Ok(())
}
