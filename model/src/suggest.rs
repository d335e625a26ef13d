//! "Did you mean ..?"

use std::cell::Cell;

/// Limits the number of suggestions from all shape ids in one run: each compares every id.
pub(crate) struct SuggestionLimit(Cell<u32>);

impl SuggestionLimit {
    pub(crate) fn new() -> Self {
        Self(Cell::new(30))
    }

    /// The same as [`did_you_mean`] until the limit is reached.
    pub(crate) fn did_you_mean<'c>(
        &self,
        written: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<String> {
        self.take()?;
        did_you_mean(written, candidates)
    }

    /// The same for a shape id that a file in the IDL refers to: a shape of the same name in
    /// another namespace has to be imported.
    pub(crate) fn did_you_mean_or_import<'c>(
        &self,
        written: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<String> {
        self.take()?;
        let near = closest(written, candidates)?;
        let name = |id: &str| id.split_once('#').map(|(_, name)| name.to_owned());
        Some(if name(written).is_some() && name(written) == name(near) {
            format!("did you mean `{near}`? import it with `use {near}`")
        } else {
            format!("did you mean `{near}`?")
        })
    }

    /// Counts a suggestion; `None` if there have been enough.
    pub(crate) fn take(&self) -> Option<()> {
        let left = self.0.get().checked_sub(1)?;
        self.0.set(left);
        Some(())
    }
}

/// The candidate that is most similar to `written`, if any is similar.
///
/// A shape id with the same name in another namespace is closer than any misspelling.
pub(crate) fn closest<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let name = |id: &str| id.rsplit_once('#').map(|(_, name)| name.to_owned());
    let (written_lower, written_name) = (written.to_ascii_lowercase(), name(written));
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        if candidate == written {
            continue;
        }
        let lower = candidate.to_ascii_lowercase();
        let score = if lower == written_lower {
            3.0
        } else if written_name.is_some() && written_name == name(candidate) {
            2.0
        } else {
            strsim::jaro_winkler(&written_lower, &lower).min(edits(&written_lower, &lower))
        };
        // The first by name among equal candidates, in any order.
        let better = best.is_none_or(|(highest, chosen)| {
            score > highest || (score >= highest && candidate < chosen)
        });
        if score > 0.6 && better {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The help of a diagnostic: "did you mean `..`?"
pub fn did_you_mean<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    closest(written, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The similarity of two ids, without the namespace that they share, from 0 to 1.
fn edits(a: &str, b: &str) -> f64 {
    let shared = match (a.rsplit_once('#'), b.rsplit_once('#')) {
        (Some((namespace, _)), Some((other, _))) if namespace == other => namespace.len() + 1,
        _ => 0,
    };
    strsim::normalized_levenshtein(&a[shared..], &b[shared..])
}
