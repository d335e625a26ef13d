//! "Did you mean ..?"

use std::cell::Cell;

/// How many suggestions from among all shapes are made in one run: each costs a comparison with every id.
pub(crate) struct SuggestionLimit(Cell<u32>);

impl SuggestionLimit {
    pub(crate) fn new() -> Self {
        Self(Cell::new(30))
    }

    /// [`did_you_mean`], as long as the budget lasts.
    pub(crate) fn did_you_mean<'c>(
        &self,
        written: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<String> {
        let left = self.0.get().checked_sub(1)?;
        self.0.set(left);
        did_you_mean(written, candidates)
    }
}

/// The candidate that `written` was probably meant to be.
///
/// A shape id of another namespace that has the same name is nearer than any misspelling.
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
        // Of equals the first one by name, whatever the order of the candidates.
        let better = best.is_none_or(|(highest, chosen)| {
            score > highest || (score >= highest && candidate < chosen)
        });
        if score > 0.6 && better {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `help` of a diagnostic: "did you mean `..`?"
pub(crate) fn did_you_mean<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    closest(written, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// How much of the longer one's name (behind the namespace that both share) need not be typed anew, from 0 to 1.
fn edits(a: &str, b: &str) -> f64 {
    let shared = match (a.rsplit_once('#'), b.rsplit_once('#')) {
        (Some((namespace, _)), Some((other, _))) if namespace == other => namespace.len() + 1,
        _ => 0,
    };
    strsim::normalized_levenshtein(&a[shared..], &b[shared..])
}
