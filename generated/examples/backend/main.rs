//! An in-memory backend of AWS Amplify, on a socket.
//!
//! ```sh
//! cargo run -p amplify-admin --example backend --features console,serve [ADDRESS]
//! ```
//!
//! `ADDRESS`, an argument or an environment variable, is `127.0.0.1:8080` by default; port 0 is any
//! free port. The backend stops on Ctrl-C and on SIGTERM, after it has responded to the requests in
//! progress. `RUST_LOG=debug` logs every call to stderr.

mod service;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use amplify_admin::amplifybackend::operation::SERVICE;
use amplify_admin::amplifybackend::server::{router, serve};
use drawplate_runtime::Timestamp;
use service::Backend;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The buckets of the account, which can be imported.
const BUCKETS: [&str; 2] = ["example-photos", "example-videos"];

/// Together with the service's own limits this bounds what callers can make it remember.
const BODY_LIMIT: usize = 64 << 10;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().or_else(|_| EnvFilter::try_new("info"))?;
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .init();
    let address = std::env::args_os().nth(1);
    let address = address.or_else(|| std::env::var_os("ADDRESS"));
    let address = address.unwrap_or_else(|| "127.0.0.1:8080".into());
    let address = address.to_str().ok_or("the address is not UTF-8")?;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| format!("cannot listen on {address}: {error}"))?;

    let backend = Backend::new(Arc::new(Timestamp::now), &BUCKETS);
    let service = router(backend.clone())
        .body_limit(BODY_LIMIT)
        .openapi("/openapi.json")
        .console("/docs");
    say(format_args!(
        "listening on http://{}{}",
        listener.local_addr()?,
        SERVICE.base_path
    ))?;
    serve(listener, service)
        .shutdown_on(asked_to_stop())
        .await?;
    for (operation, calls) in backend.calls() {
        say(format_args!("{calls:>9} {operation}"))?;
    }
    Ok(())
}

/// Prints a line. Unlike `println!`, it does not panic if stdout is closed.
fn say(line: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

/// Done on Ctrl-C, and on Unix on SIGTERM as well.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
                return;
            }
            Err(error) => tracing::warn!(%error, "SIGTERM is not listened for"),
        }
    }
    if let Err(error) = interrupted.await {
        tracing::warn!(%error, "Ctrl-C is not listened for");
        std::future::pending::<()>().await;
    }
}
