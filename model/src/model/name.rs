//! Shape ids.

/// An absolute shape id, `namespace#name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeName {
    text: Box<str>,
    hash: usize,
}

impl ShapeName {
    /// Parses an absolute shape id without a member.
    pub fn parse(text: &str) -> Option<Self> {
        let (namespace, name) = text.split_once('#')?;
        let identifier = |part: &str| {
            // (1*"_" (ALPHA / DIGIT)) / ALPHA, then letters, digits and underscores.
            let rest = part.trim_start_matches('_');
            let start =
                |byte: &u8| byte.is_ascii_alphabetic() || (rest != part && byte.is_ascii_digit());
            rest.as_bytes().first().is_some_and(start)
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let valid = namespace.split('.').all(identifier) && identifier(name);
        valid.then(|| Self {
            text: text.into(),
            hash: namespace.len(),
        })
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The part before the `#`.
    pub fn namespace(&self) -> &str {
        &self.text[..self.hash]
    }

    /// The part after the `#`.
    pub fn name(&self) -> &str {
        &self.text[self.hash + 1..]
    }
}

impl std::fmt::Display for ShapeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
