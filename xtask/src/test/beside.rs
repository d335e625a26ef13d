//! Commands that run beside others. What one prints is shown when it ends.

use std::fs;
use std::io::{Read as _, Seek as _};
use std::panic;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use anyhow::{Context as _, bail};

use drawplate::say;

/// How often a command is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(100);

/// Runs commands until it is told to stop.
#[derive(Default)]
pub(super) struct Beside {
    stopped: AtomicBool,
    failed: AtomicBool,
}

impl Beside {
    /// Ends the command that runs, and lets no other start.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Lets the others know that a check has failed.
    pub(super) fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    /// Whether a check has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Runs a command, and shows what it printed.
    pub(super) fn step(&self, title: &str, command: &mut Command) -> anyhow::Result<()> {
        let shown = super::shown(command);
        let mut printed = tempfile::tempfile().context("cannot create a temporary file")?;
        let [out, err] = [&printed, &printed].map(fs::File::try_clone);
        command
            .stdin(Stdio::null())
            .stdout(out.context("a temporary file")?)
            .stderr(err.context("a temporary file")?);
        if self.stopped.load(Ordering::Relaxed) {
            bail!("{title}: stopped");
        }
        let mut child = command
            .spawn()
            .with_context(|| format!("{title}: cannot run {shown}"))?;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if self.stopped.load(Ordering::Relaxed) {
                child.kill()?;
                child.wait()?;
                bail!("{title}: stopped");
            }
            thread::sleep(PAUSE);
        };
        let mut bytes = Vec::new();
        printed.rewind()?;
        printed.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let failed = if status.success() { "" } else { " FAILED" };
        say(format_args!(
            "== {title}{failed}: {shown}\n{}",
            text.trim_end()
        ))?;
        if !status.success() {
            bail!("{title}: `{shown}` failed");
        }
        Ok(())
    }
}

/// The result of a thread.
pub(super) fn join(thread: ScopedJoinHandle<'_, anyhow::Result<()>>) -> anyhow::Result<()> {
    thread
        .join()
        .unwrap_or_else(|panic| panic::resume_unwind(panic))
}
