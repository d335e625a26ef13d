//! What did not run, and why.

use std::sync::{Mutex, PoisonError};

use drawplate::say;

/// The checks that are skipped on this machine. They are printed when they are found, and again at
/// the end.
#[derive(Default)]
pub(crate) struct Skipped(Mutex<Vec<String>>);

impl Skipped {
    pub(crate) fn add(&self, what: impl Into<String>) -> anyhow::Result<()> {
        let what = what.into();
        say(format_args!("skipped: {what}"))?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(what);
        Ok(())
    }

    /// Prints everything that did not run.
    pub(crate) fn report(self) -> anyhow::Result<()> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if all.is_empty() {
            return say("== everything ran");
        }
        // They were found in any order.
        all.sort();
        say("== not run on this machine:")?;
        all.iter()
            .try_for_each(|what| say(format_args!("- {what}")))
    }
}
