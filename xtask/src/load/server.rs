//! The server under load: a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// A running server. It is killed on drop.
pub(super) struct Server {
    child: Child,
    /// Host and port.
    pub(super) address: String,
}

impl Server {
    /// Starts a program that takes an address and prints the URL that it listens on.
    pub(super) fn start(program: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        // Later output is discarded.
        std::thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
        let address = line.split_once("http://").map(|(_, url)| url.trim());
        let address = address.and_then(|url| url.split('/').next());
        let Some(address) = address.map(str::to_owned) else {
            let _ = child.kill();
            bail!("the server did not print its URL but `{line}`");
        };
        Ok(Self { child, address })
    }

    /// Its current memory in KiB; `None` if the system has no /proc.
    pub(super) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Sends it SIGTERM.
    pub(super) fn terminate(&self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-TERM", &id]).status();
        let status = status.context("cannot run kill")?;
        if !status.success() {
            bail!("`kill -TERM {id}` failed");
        }
        Ok(())
    }

    /// Waits for it to exit.
    pub(super) fn wait(&mut self, longest: Duration) -> anyhow::Result<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if begun.elapsed() > longest {
                bail!("the server has not exited after {longest:?}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails if the server has exited, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
