//! Progress of commands that take long.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::console;

/// The time after which a command shows that it is busy.
const DELAY: Duration = Duration::from_secs(1);
const REFRESH: Duration = Duration::from_millis(100);
/// Returns to the start of the line and clears it.
const CLEAR: &str = "\r\x1b[K";

/// Runs something. If it takes more than a second, a line on the terminal shows its name and time.
pub(crate) fn during<T>(name: &'static str, run: impl FnOnce() -> T) -> T {
    let progress = console::shows_progress().then(|| Progress::start(name, DELAY, io::stderr()));
    let value = run();
    drop(progress);
    value
}

/// A thread that prints. It ends, and its line disappears, when this is dropped.
struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    fn start(
        name: &'static str,
        delay: Duration,
        mut terminal: impl Write + Send + 'static,
    ) -> Self {
        let (stop, stopped) = mpsc::channel();
        let start = Instant::now();
        let show = move || {
            let mut wait = delay;
            let mut shown = false;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let seconds = start.elapsed().as_secs_f64();
                let line = write!(terminal, "{CLEAR}{name} ({seconds:.1} s)");
                if line.and_then(|()| terminal.flush()).is_err() {
                    return;
                }
                shown = true;
                wait = REFRESH;
            }
            if shown {
                // A terminal that is gone does not matter.
                let _ = write!(terminal, "{CLEAR}").and_then(|()| terminal.flush());
            }
        };
        let thread = thread::Builder::new().spawn(show);
        Self {
            // Without a thread there is no progress to see.
            running: thread.ok().map(|thread| (stop, thread)),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // The line has to be gone before the next one is printed.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<Vec<u8>>>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is shown if it takes this long.
    fn shown(delay: Duration, time: Duration) -> String {
        let terminal = Terminal::default();
        let progress = Progress::start("Generating", delay, terminal.clone());
        thread::sleep(time);
        drop(progress);
        let bytes = terminal.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("it is text")
    }

    #[test]
    fn what_takes_long_is_shown_and_cleared() {
        let text = shown(Duration::from_millis(1), Duration::from_millis(300));
        assert!(text.starts_with("\r\x1b[KGenerating (0."), "{text:?}");
        assert!(text.matches("Generating").count() > 1, "{text:?}");
        assert!(text.ends_with(CLEAR), "{text:?}");
    }

    #[test]
    fn what_is_quick_is_not_shown() {
        assert_eq!(shown(Duration::from_mins(1), Duration::ZERO), "");
    }
}
