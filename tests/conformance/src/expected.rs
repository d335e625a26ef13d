//! Cases that are expected to fail: a list in JSON, each with a reason and a reference.

use std::path::Path;

use serde_json::Value;

/// A case of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) suite: String,
    /// `client request`, `malformed`, ..
    pub(crate) kind: String,
    pub(crate) case: String,
    pub(crate) reason: String,
    pub(crate) reference: String,
}

/// The cases of a suite in the list at `path`.
pub(crate) fn read(path: &Path, suite: &str) -> Result<Vec<Listed>, String> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| named(&error))?;
    let listed = parse(&text).map_err(|error| named(&error))?;
    Ok(listed
        .into_iter()
        .filter(|listed| listed.suite == suite)
        .collect())
}

fn parse(text: &str) -> Result<Vec<Listed>, String> {
    let entries = serde_json::from_str::<Vec<Value>>(text).map_err(|error| error.to_string())?;
    let mut listed = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let text = |key: &str| {
            let text = entry.get(key).and_then(Value::as_str);
            let text = text.filter(|text| !text.trim().is_empty());
            text.map(str::to_owned)
                .ok_or_else(|| format!("entry {index} has no text under `{key}`"))
        };
        let entry = Listed {
            suite: text("suite")?,
            kind: text("kind")?,
            case: text("case")?,
            reason: text("reason")?,
            reference: text("reference")?,
        };
        if !crate::suite::Kind::ALL
            .iter()
            .any(|kind| kind.name() == entry.kind)
        {
            return Err(format!("entry {index}: there is no kind `{}`", entry.kind));
        }
        listed.push(entry);
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_names_a_case_and_a_reason() {
        let whole = r#"[{"suite": "s", "kind": "malformed", "case": "c", "reason": "r", "reference": "f"}]"#;
        assert_eq!(parse(whole).map(|listed| listed.len()), Ok(1));
        for (part, expected) in [
            (r#""reason": "r", "#, "entry 0 has no text under `reason`"),
            (
                r#", "reference": "f""#,
                "entry 0 has no text under `reference`",
            ),
        ] {
            assert_eq!(
                parse(&whole.replace(part, "")),
                Err(expected.to_owned()),
                "{part}"
            );
        }
        let other = whole.replace("malformed", "wrong");
        assert_eq!(
            parse(&other),
            Err("entry 0: there is no kind `wrong`".to_owned())
        );
    }
}
