//! A backend of AWS Amplify, on a socket.
//!
//! ```sh
//! cargo run -p amplify-admin --example backend --features console,serve -- --help
//! ```
//!
//! Its state is in memory, or in a folder that survives the process. It stops on Ctrl-C and on
//! SIGTERM, after it has responded to the requests in progress. `RUST_LOG=debug` logs every call to
//! stderr.

mod service;

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use amplify_admin::amplifybackend::operation::SERVICE;
use amplify_admin::amplifybackend::server::{Unauthenticated, router, serve};
use clap::Parser as _;
use drawplate_runtime::Timestamp;
use service::{Backend, Content, Store};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The buckets of the account, which can be imported.
const BUCKETS: [&str; 2] = ["example-photos", "example-videos"];

/// Together with the service's own limits this bounds what callers can make it remember.
const BODY_LIMIT: usize = 64 << 10;

/// A backend of AWS Amplify, with its OpenAPI document on /openapi.json and a console on /docs
#[derive(clap::Parser)]
struct Arguments {
    /// Where to listen; port 0 is any free port. The environment variable `ADDRESS` replaces the
    /// default
    #[arg(default_value_t = address())]
    address: String,
    /// Keep the state in this folder. Without it, the state is lost with the process
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The initial state, in JSON. A folder that has a state keeps it
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
}

fn address() -> String {
    std::env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().or_else(|_| EnvFilter::try_new("info"))?;
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .init();
    let Arguments {
        address,
        data,
        seed,
    } = arguments;
    let backend = backend(data.as_deref(), seed.as_deref())?;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let service = router(backend.clone(), Unauthenticated)
        .body_limit(BODY_LIMIT)
        .openapi("/openapi.json")
        .console("/docs");
    // Before anyone is told that the server listens, and may stop it.
    let stop = asked_to_stop()?;
    say(format_args!(
        "listening on http://{}{}",
        listener.local_addr()?,
        SERVICE.base_path
    ))?;
    serve(listener, service).shutdown_on(stop).await?;
    for (operation, calls) in backend.calls() {
        say(format_args!("{calls:>9} {operation}"))?;
    }
    Ok(())
}

/// The backend, with the state of the folder `data`, else with that of the file `seed`.
fn backend(data: Option<&Path>, seed: Option<&Path>) -> Result<Backend, Box<dyn Error>> {
    let clock = Arc::new(Timestamp::now);
    let initial = || match seed {
        None => Ok(Content::of_account(&BUCKETS, Timestamp::now())),
        Some(seed) => {
            let shown = seed.display();
            let text = fs::read_to_string(seed);
            let text = text.map_err(|error| format!("cannot read {shown}: {error}"))?;
            Content::from_json(&text).map_err(|error| format!("{shown} is not a state: {error}"))
        }
    };
    let Some(data) = data else {
        return Ok(Backend::new(clock, initial()?));
    };
    let store = Store::open(data)?;
    let content = match store.load()? {
        Some(content) => {
            if seed.is_some() {
                tracing::warn!("{} has a state; the seed is not read", data.display());
            }
            content
        }
        None => {
            let content = initial()?;
            store.initialize(&content)?;
            content
        }
    };
    Ok(Backend::stored(clock, content, store))
}

/// Prints a line. Unlike `println!`, it does not panic if stdout is closed.
fn say(line: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// Done on Ctrl-C or SIGTERM. A signal counts from this call on, even if nothing awaits it yet.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Done on Ctrl-C.
#[cfg(windows)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupted.recv().await;
    })
}
